"""What this app does when something happens elsewhere: an account is retired, the database is migrated."""

from django.apps import apps
from django.db.models.signals import post_migrate, pre_migrate


def connect() -> None:
    """Connect the receivers, and register the system check of the guards."""
    from governance_assessment import guards, retirement
    from nassij.common.retirement import retiring

    app = apps.get_app_config("nassij_governance")
    retiring.connect(retirement.on_retirement, dispatch_uid="nassij_governance.retiring")
    pre_migrate.connect(guards.before_migrating, sender=app, dispatch_uid="nassij_governance.guards_off")
    post_migrate.connect(guards.after_migrating, sender=app, dispatch_uid="nassij_governance.guards_on")
