"""A mail server for the worker tests: it takes a moment, and writes down what it took, one line per mail."""

import os
import time
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend


class Ledger(BaseEmailBackend):
    """Appends receiver and Message-ID to the file named by `NASSIJ_TEST_LEDGER`; what stands there was accepted."""

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            time.sleep(0.01)
            line = f"{message.to[0]} {message.extra_headers['Message-ID']}\n".encode()
            ledger = os.open(os.environ["NASSIJ_TEST_LEDGER"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(ledger, line)
            os.close(ledger)
            time.sleep(0.005)
        return len(messages)
