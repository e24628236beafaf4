"""What this app does when something happens to an account."""

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in

log = logging.getLogger(__name__)


def connect() -> None:
    """Connect the receivers."""
    from nassij.associations import retirement
    from nassij.common.retirement import retiring

    user_logged_in.connect(on_login, dispatch_uid="nassij_associations.login")
    retiring.connect(retirement.on_retirement, dispatch_uid="nassij_associations.retiring")


def on_login(sender: Any, user: Any, **kwargs: Any) -> None:
    """Someone logged in: the invitations to their verified address become memberships.

    A fault of ours must not keep anyone from logging in; the home page tries again.
    """
    from nassij.associations import writes

    try:
        writes.claim_invitations(user_id=user.pk)
    except Exception:
        log.exception("invitations of account %s could not be claimed at login", user.pk)
