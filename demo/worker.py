"""The Celery app of the demo: `celery -A demo.worker worker`; its messages are files, no server is needed."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo.settings")

app = Celery("nassij_demo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
