"""Reference guides, funding calls and application files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nassij.common.plugin import plugin_app


class FundingGuideConfig(AppConfig):
    """Nassij: guides and public funding."""

    name = "funding_guide"
    label = "nassij_funding"
    verbose_name = _("Nassij: guides and public funding")
    default_auto_field = "django.db.models.BigAutoField"
    plugin_app = plugin_app(namespace="nassij_funding")
