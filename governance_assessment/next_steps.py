"""What the self-assessment says about an association on the home page: where it stands, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import NextStep, Relation, register_next_steps
from nassij.common.pages import url_or_none

from .data import DEFAULT_INSTRUMENT, RoundData, RoundKind, RoundState
from .models import Round
from .plan import home as plan_home
from .rounds.rounds import ROUND_FIELDS, as_data
from .rounds.words import questions_url


def register() -> None:
    """Speak on the home page."""
    register_next_steps("governance_assessment", lines)
    register_next_steps("governance_plan", plan_home.lines)


def lines(*, relations: Sequence[Relation], language: str) -> Mapping[int, NextStep]:
    """One line for each association that has a round: its newest one; for a member's own without any, where it begins.

    The page has asked who may see it. To its coach the line of a submitted round says that it waits, and leads to its
    validation. One query.
    """
    ids = [relation.association_id for relation in relations]
    rounds = Round.objects.filter(association_id__in=ids, instrument_slug=DEFAULT_INSTRUMENT)
    newest = {row["association_id"]: as_data(row) for row in rounds.order_by("number").values(*ROUND_FIELDS)}
    said = {}
    for relation in relations:
        found = newest.get(relation.association_id)
        if found is not None:
            waits = relation.as_coach and found.state == RoundState.SUBMITTED
            said[relation.association_id] = _waiting_line(found) if waits else _line(found)
        elif relation.is_member:
            said[relation.association_id] = _first_line(language)
    return said


# What is said of a round in each state: the sentence, what to press, and how it looks.
_SAID = {
    RoundState.DRAFT: (_("Self-assessment: the members are answering."), _("See where it stands"), "todo"),
    RoundState.CONSENSUS: (_("Self-assessment: the members are talking about it."), _("See where it stands"), "todo"),
    RoundState.SUBMITTED: (_("Self-assessment: submitted."), _("See the result"), "done"),
    RoundState.VALIDATED: (_("Self-assessment: validated by the coach."), _("See the result"), "done"),
    RoundState.CLOSED: (_("Self-assessment: closed."), _("See the result"), "done"),
}


def _first_line(language: str) -> NextStep:
    """Where the first round begins: in the course, where that runs in this language."""
    return NextStep(
        text=_("Self-assessment: not begun yet."),
        label=_("Begin the self-assessment"),
        url=questions_url(RoundKind.EXPRESS, language) or "",
    )


def _waiting_line(found: RoundData) -> NextStep:
    return NextStep(
        text=_("Self-assessment: it waits for your validation."),
        label=_("Validate"),
        url=url_or_none("nassij_governance:coach_round", round_uuid=found.uuid) or "",
        state="attention",
    )


def _line(found: RoundData) -> NextStep:
    try:
        url = reverse("nassij_governance:round", kwargs={"round_uuid": found.uuid})
    except NoReverseMatch:  # Studio has the tables, not the pages
        url = ""
    text, label, state = _SAID[found.state]
    return NextStep(text=text, label=label, url=url, state=state)
