"""What can go wrong in this app, said for people: what happened, and what to do. The codes are for programs and never change."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from nassij.common.errors import BadInput, Conflict, Forbidden, NassijError, NotFound, NotSignedIn


class TooManyAttempts(NassijError):
    """Someone is guessing, or tired: 429."""

    status = 429


def not_signed_in() -> NotSignedIn:
    """Nobody is logged in."""
    return NotSignedIn(
        code="not_signed_in", message=_("You are not logged in."), remedy=_("Log in, then open this page again.")
    )


def unknown_association() -> NotFound:
    """There is no such association, or none that this person has to do with: the two must look the same."""
    return NotFound(
        code="unknown_association",
        message=_("There is no such association among yours."),
        remedy=_("Open your associations from the home page, or join one with its code."),
    )


def not_allowed(action: str) -> Forbidden:
    """The person belongs there, but this is for someone else."""
    return Forbidden(
        code="not_allowed",
        message=_("Your role in this association does not allow this."),
        remedy=_("Ask its president, or the person who leads its self-assessment."),
        action=action,
    )


def no_import() -> Forbidden:
    """Importing is for coordinators and operators."""
    return Forbidden(
        code="not_allowed",
        message=_("Only a coordinator may import associations."),
        remedy=_("Ask the coordinator of your programme."),
        action="import_associations",
    )


def no_list() -> Forbidden:
    """The list is for those who accompany associations."""
    return Forbidden(
        code="not_allowed",
        message=_("This list is for coaches and coordinators."),
        remedy=_("Your own associations are on the home page."),
        action="view_cohort",
    )


def no_such_account() -> BadInput:
    """Nobody with that username or confirmed address."""
    return BadInput(
        code="no_such_account",
        message=_("No account was found with this name."),
        remedy=_("Check the spelling, or ask the person to create an account and confirm the address."),
    )


def unknown_coach() -> NotFound:
    """No active assignment of that number on this association."""
    return NotFound(
        code="unknown_coach",
        message=_("There is no such coach of this association."),
        remedy=_("Open the list of coaches again: it may have changed."),
    )


def unknown_member() -> NotFound:
    """No active membership of that number in this association."""
    return NotFound(
        code="unknown_member",
        message=_("There is no such active member in this association."),
        remedy=_("Open the list of members again: it may have changed."),
    )


def unknown_import() -> NotFound:
    """No import of that number that this person started."""
    return NotFound(
        code="unknown_import",
        message=_("There is no such import among yours."),
        remedy=_("Open your imports again, or upload the file once more."),
    )


def last_president() -> Conflict:
    """The association would be left without a president."""
    return Conflict(
        code="last_president",
        message=_("This is the only president of the association."),
        remedy=_(
            "First give the role of president to another member. If nobody else has joined yet, ask the contact centre."
        ),
    )


def coach_and_member() -> Conflict:
    """One person cannot answer for an association and validate its answers."""
    return Conflict(
        code="coach_and_member",
        message=_("A coach cannot be a member of the association they accompany."),
        remedy=_("Choose another coach, or end the membership first."),
    )


def wrong_code() -> BadInput:
    """The join code is none that exists."""
    return BadInput(
        code="wrong_join_code",
        message=_("This code does not belong to any association."),
        remedy=_("Check the ten digits with your president or secretary: the code may have been renewed."),
    )


def too_many_attempts(minutes: int) -> TooManyAttempts:
    """Too many wrong join codes."""
    return TooManyAttempts(
        code="too_many_attempts",
        message=_("Too many codes were tried."),
        remedy=ngettext_lazy(
            "Wait %(minutes)d minute, then check the code with your president or secretary before you try again.",
            "Wait %(minutes)d minutes, then check the code with your president or secretary before you try again.",
            "minutes",
        )
        % {"minutes": minutes},
        retry_after_minutes=minutes,
    )


def bad_profile(fields: dict[str, Any]) -> BadInput:
    """Some values of a profile cannot be kept; `fields` says which and why."""
    return BadInput(
        code="bad_profile",
        message=_("Some of what was written cannot be kept. Nothing was changed."),
        remedy=_("Correct what is marked, then save again."),
        fields=fields,
    )
