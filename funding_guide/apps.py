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

    def ready(self) -> None:
        """Connect what must happen when an account is retired."""
        from funding_guide import retirement
        from nassij.common.retirement import retiring

        retiring.connect(retirement.on_retirement, dispatch_uid="nassij_funding.retiring")
