"""The settings of worker processes: a mail server that can be counted, private files where the test looks for them."""

import os

from tests.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.services.mails.Ledger"

if os.environ.get("NASSIJ_TEST_PRIVATE"):
    NASSIJ_PRIVATE_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ["NASSIJ_TEST_PRIVATE"]},
    }
