"""The XBlocks of the suite; a Django app so that their templates and catalogs are found."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nassij.common.plugin import plugin_app


class BlocksConfig(AppConfig):
    """Nassij: course blocks."""

    name = "xblocks"
    label = "nassij_blocks"
    verbose_name = _("Nassij: course blocks")
    default_auto_field = "django.db.models.BigAutoField"
    plugin_app = plugin_app()
