"""Settings of the measurements: the small LMS of the tests, the peers, and a database that keeps account of its time."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as SUITE_APPS
from tests.settings import TEMPLATES as SUITE_TEMPLATES

INSTALLED_APPS = [*SUITE_APPS, "submissions", "problem_builder"]
DATABASES = {"default": {"ENGINE": "benchmarks.timed_sqlite", "NAME": ":memory:"}}
# As in production: templates are parsed once, and a task goes to the broker instead of running in the request.
TEMPLATES = SUITE_TEMPLATES
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING_CONFIG = None
