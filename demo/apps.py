"""The demo as a Django app: its models, templates and static files."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


def use_write_ahead_log(connection: Any, **_: Any) -> None:
    """Let readers go on while the site or the worker writes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=NORMAL")


class DemoConfig(AppConfig):
    """The demo site."""

    name = "demo"
    label = "nassij_demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from demo.worker import app  # the site hands its work to this app's queue

        app.set_default()
        connection_created.connect(use_write_ahead_log, dispatch_uid="demo.use_write_ahead_log")
