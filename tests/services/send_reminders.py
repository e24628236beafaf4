"""`nassij_send_reminders` as a process of its own on the tests' database and queue: `python -m tests.services.send_reminders`."""

import sys

import django
from django.core.management import call_command

from tests.worker import app

if __name__ == "__main__":
    app.set_default()
    app.conf.task_always_eager = False
    django.setup()
    call_command("nassij_send_reminders", *sys.argv[1:])
