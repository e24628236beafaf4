"""The Celery app of the tests: eager in the test process; `celery -A tests.worker worker` is the real one of tests/services."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

app = Celery("nassij_tests")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.imports = ["tests.services.kinds"]
if redis := os.environ.get("NASSIJ_TEST_REDIS"):
    app.conf.broker_url = redis
    # A message whose worker was killed comes back after this many seconds instead of an hour.
    app.conf.broker_transport_options = {"visibility_timeout": 3}
