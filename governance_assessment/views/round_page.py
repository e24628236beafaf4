"""What the page of a round shows beside its result: what moves it on, what is missing, worth a second look, the way here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nassij.common.errors import NassijError

from .. import api
from ..data import Move, RoundState, RoundSummary
from ..domain.quality import Severity
from ..plan.words import Offer
from ..results.outcome import ResultData
from ..rounds.words import LOOKS, NEXT, NO_PLAN_YET, SETTLED, WITH_A_PLAN, history_lines, questions_url, reopened


@dataclass(frozen=True, slots=True)
class Place:
    """Something named on the page, with the link to where it is answered."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SecondLook:
    """One kind of thing worth a second look, and where."""

    sentence: Any
    places: tuple[Place, ...]
    is_warning: bool


@dataclass(frozen=True, slots=True)
class HomeLine:
    """One round in the list: how its state looks, what comes next, and where to press.

    `plan_url` stands with an association's newest result: that is what its plan grows from.
    """

    round: RoundSummary
    look: str
    sign: str
    next: Any
    url: str
    label: Any
    plan_url: str


def round_context(user_id: int, round_uuid: UUID, language: str, refused: NassijError | None) -> dict[str, Any]:
    """What `nassij_governance/round.html` shows to this person. Checks permissions through the API it asks."""
    result = api.result(user_id=user_id, round_uuid=round_uuid, language=language)
    current, moves = result.round, result.moves
    history = api.history(user_id=user_id, round_uuid=round_uuid)
    steps = api.first_steps(result)
    plan = api.plan(user_id=user_id, association_uuid=current.association_uuid, language=language) if steps else None
    shown_steps = _steps(steps, plan) if plan else []
    card_url = _card_url(result)
    look, sign = LOOKS[current.state]
    codes = unfinished_codes(result)
    answer_url = questions_url(current.kind, language)
    return {
        **api.result_context(result, card_url=card_url, element_id="radar"),
        # While they discuss, what differs stands at the top of the members' page already.
        **({"open": ()} if current.state == RoundState.CONSENSUS and result.may_discuss else {}),
        "steps": shown_steps,
        "plan": plan,
        "scoring_url": reverse("nassij_governance:scoring"),
        "hide_next": True,
        "look_of_state": look,
        "sign_of_state": sign,
        "next": _next(
            current.state, unfinished=bool(codes), has_plan=bool(plan and plan.items), has_steps=bool(shown_steps)
        ),
        "answer_url": answer_url,
        "participation": api.participation(user_id=user_id, round_uuid=round_uuid) if current.is_draft else None,
        "unfinished": [_place(result, code, _answer_url(result, answer_url, card_url)) for code in codes],
        "is_sole": result.respondents == 1 and result.basis == "association",
        "may": {str(move) for move in moves},
        "may_submit_now": Move.SUBMIT in moves and not result.still_open,
        "second_looks": _second_looks(result, card_url) if Move.SUBMIT in moves else (),
        "history": history_lines(history),
        "reopening": reopened(current, history),
        "refused": refused,
    }


def _next(state: RoundState, *, unfinished: bool, has_plan: bool, has_steps: bool) -> Any:
    """What comes next; `has_plan`: something stands in the plan; `has_steps`: the page recommends steps."""
    if state == RoundState.CONSENSUS and not unfinished:
        return SETTLED
    if state == RoundState.SUBMITTED and (has_plan or has_steps):
        return WITH_A_PLAN if has_plan else NO_PLAN_YET
    return NEXT[state]


def unfinished_codes(result: ResultData) -> list[str]:
    """What has no answer or differs, and so stands in the way of submitting; while members answer, the reader's own part."""
    open_codes = {*result.open, *_unanswered(result.scores["overall"])}
    return [code for code in result.instrument.by_code if code in open_codes] if not result.is_final else []


def _unanswered(node: Any) -> Iterable[str]:
    yield from (leaf["code"] for leaf in node.get("indicators", ()) if leaf["status"] == "unanswered")
    for section in node.get("sections", ()):
        yield from _unanswered(section)


def _card_url(result: ResultData) -> Callable[[str], str]:
    """Where an indicator is looked at: what members said of it, for members; else its text in the questionnaire."""
    questions = reverse("nassij_governance:instrument", args=[result.instrument.slug])
    if not result.may_discuss or result.round.is_draft:
        return lambda code: f"{questions}#q-{code}"
    discussion = reverse("nassij_governance:discussion", kwargs={"round_uuid": result.round.uuid})
    return lambda code: f"{discussion}?look={code}#q-{code}"


def _answer_url(result: ResultData, unit: str | None, card_url: Callable[[str], str]) -> Callable[[str], str]:
    """Where an indicator is answered: while members answer, the course; then the discussion."""
    return (lambda code: unit) if unit and result.round.is_draft else card_url


def _place(result: ResultData, code: str, url_of: Callable[[str], str]) -> Place:
    return Place(result.instrument.indicator(code).title.in_language(result.language), url_of(code))


def _steps(steps: tuple[Offer, ...], plan: Any) -> list[Offer]:
    """The steps as the plan knows them; none when a newer result has replaced this one."""
    known = {(found.indicator_code, found.from_level): found for found in plan.suggestions}
    keys = [(step.found.indicator_code, step.found.from_level) for step in steps]
    if not known.keys() >= set(keys):
        return []
    return [replace(step, found=known[key]) for step, key in zip(steps, keys, strict=True)]


def _second_looks(result: ResultData, card_url: Callable[[str], str]) -> list[SecondLook]:
    """The quality checks by kind, warnings first: questions to people, nothing that blocks."""
    sections = {section.code: section.title.in_language(result.language) for section in result.instrument.sections}
    found: dict[tuple[Any, Any], list[Place]] = {}
    for check in result.checks:
        places = found.setdefault((check.severity, check.code), [])
        if check.place in result.instrument.by_code:
            places.append(_place(result, check.place, card_url))
        elif check.place:
            places.append(Place(sections.get(check.place, check.place), ""))
    looks = [
        SecondLook(api.quality_sentence(api.QualityCheck(severity, code)), tuple(places), severity is Severity.WARNING)
        for (severity, code), places in found.items()
    ]
    return sorted(looks, key=lambda look: not look.is_warning)


def home_lines(rounds: Iterable[RoundSummary]) -> list[HomeLine]:
    """The list of rounds, newest first, with what to do next in each."""
    lines: list[HomeLine] = []
    with_plan: set[int] = set()
    for found in rounds:
        is_newest_result = found.submitted_at is not None and found.association_id not in with_plan
        lines.append(_home_line(found, has_plan=is_newest_result))
        if is_newest_result:
            with_plan.add(found.association_id)
    return lines


def _home_line(found: RoundSummary, *, has_plan: bool) -> HomeLine:
    page = reverse("nassij_governance:round", kwargs={"round_uuid": found.uuid})
    look, sign = LOOKS[found.state]
    url, label = page, _("See the result")
    if found.state == RoundState.DRAFT:
        label = _("See where it stands")
    elif found.state == RoundState.CONSENSUS:
        url, label = reverse("nassij_governance:discussion", kwargs={"round_uuid": found.uuid}), _("See what differs")
    plan_url = reverse("nassij_governance:plan", kwargs={"uuid": found.association_uuid}) if has_plan else ""
    return HomeLine(found, look, sign, NEXT[found.state], url, label, plan_url)
