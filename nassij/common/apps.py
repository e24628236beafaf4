"""What every app of the suite shares, written once."""

from datetime import timedelta

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _
from edx_django_utils.plugins.constants import PluginSignals

from nassij.common.plugin import LMS, plugin_app


class CommonConfig(AppConfig):
    """Nassij: common services."""

    name = "nassij.common"
    label = "nassij_common"
    verbose_name = _("Nassij: common services")
    default_auto_field = "django.db.models.BigAutoField"
    plugin_app = {
        **plugin_app(namespace="nassij_common"),
        # The platform connects its signals by name, so nothing of it is imported here.
        PluginSignals.CONFIG: {
            LMS: {
                PluginSignals.RELATIVE_PATH: "retirement",
                PluginSignals.RECEIVERS: [
                    {
                        PluginSignals.RECEIVER_FUNC_NAME: "on_platform_retirement",
                        PluginSignals.SIGNAL_PATH: (
                            "openedx.core.djangoapps.user_api.accounts.signals.USER_RETIRE_LMS_MISC"
                        ),
                    }
                ],
            }
        },
    }

    def ready(self) -> None:
        """Register the system checks, what is forgotten of a person who leaves, what a timer runs, and our xAPI statements."""
        from django.contrib.auth import get_user_model
        from django.db.models.signals import pre_delete

        from nassij.common import checks, heartbeat, retirement, upkeep  # noqa: F401

        upkeep.expect("nassij_tidy", within=timedelta(hours=1))
        heartbeat.connect()

        pre_delete.connect(
            retirement.on_account_deleted, sender=get_user_model(), dispatch_uid="nassij_common.account_deleted"
        )

        if apps.is_installed("event_routing_backends"):
            from nassij.common import xapi  # noqa: F401
