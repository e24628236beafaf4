"""Instruments, rounds, answers and results."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nassij.common.plugin import plugin_app


class GovernanceAssessmentConfig(AppConfig):
    """Nassij: governance self-assessment."""

    name = "governance_assessment"
    label = "nassij_governance"
    verbose_name = _("Nassij: governance self-assessment")
    default_auto_field = "django.db.models.BigAutoField"
    plugin_app = plugin_app(namespace="nassij_governance")

    def ready(self) -> None:
        """Connect what must happen when an account is retired, speak of associations to other apps, name files and timers."""
        from governance_assessment import handlers, next_steps
        from governance_assessment.evidence import files
        from governance_assessment.reports import made
        from governance_assessment.results.standing import standing
        from nassij.associations.api import register_standing
        from nassij.common import upkeep

        handlers.connect()
        next_steps.register()
        register_standing(standing)
        made.register()
        files.register()
        upkeep.expect("nassij_send_reminders", within=timedelta(hours=2))
