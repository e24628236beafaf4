"""Associations, their members and roles, cohorts and coaches."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nassij.common.plugin import plugin_app


class AssociationsConfig(AppConfig):
    """Nassij: associations."""

    name = "nassij.associations"
    label = "nassij_associations"
    verbose_name = _("Nassij: associations")
    default_auto_field = "django.db.models.BigAutoField"
    plugin_app = plugin_app(namespace="nassij_associations")

    def ready(self) -> None:
        """Connect what must happen when an account logs in or is retired."""
        from nassij.associations import handlers

        handlers.connect()
