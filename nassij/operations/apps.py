"""A Django app in both services: it stands above all others, since it looks at all of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nassij.common.plugin import plugin_app


class OperationsConfig(AppConfig):
    """Nassij: operations."""

    name = "nassij.operations"
    label = "nassij_operations"
    verbose_name = _("Nassij: operations")
    plugin_app = plugin_app()
