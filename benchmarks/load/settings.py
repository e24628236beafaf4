"""The small LMS of the tests on MariaDB, served over HTTP; a task goes to the broker instead of running in the request."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.load.site"
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
LOGGING_CONFIG = None
