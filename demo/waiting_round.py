"""A round that waits for the coach: two people of Ourika answered, settled what they saw differently, and submitted."""

from __future__ import annotations

from typing import Any

from governance_assessment import api
from nassij.associations.api import memberships

# Level, and whether they say that a document shows it. What is not named: level 3 without a document.
_ANSWERS: dict[str, tuple[int, str]] = {
    "1.1": (4, "declared"),
    "1.2": (3, "declared"),
    "1.3": (2, "none"),
    "2.1": (3, "declared"),
    "2.2": (3, "declared"),
    "2.3": (2, "none"),
    "3.4": (2, "declared"),
    "4.1": (4, "declared"),
    "4.2": (3, "none"),
    "4.3": (2, "none"),
    "4.4": (3, "declared"),
    "5.2": (2, "none"),
    "6.1": (3, "none"),
    "7.2": (2, "none"),
}
_PROFILE = {
    "receives_public_funds": True,
    "receives_foreign_aid": False,
    "public_appeals_or_distribution": False,
    "has_employees": False,
    "works_with_vulnerable_people": False,
}
_DOES_NOT_KNOW = {"kind": "dont_know"}


def create(president_id: int, treasurer_id: int) -> None:
    """Make the round when the association has none."""
    own = memberships(user_id=president_id)
    if not own or api.rounds_of(user_id=president_id, language="ar"):
        return
    association_id = own[0].association_id
    opened = api.open_round(user_id=president_id, association_id=association_id, kind="express")
    opened = api.set_profile(
        user_id=president_id,
        association_id=association_id,
        round_uuid=opened.uuid,
        answers=_PROFILE,
        revision=opened.profile_revision,
    )
    for user_id, differing in ((president_id, {}), (treasurer_id, {"2.3": _level(3, "none")})):
        api.save_sheet(
            user_id=user_id,
            association_id=association_id,
            round_uuid=opened.uuid,
            answers={**_sheet(opened), **differing},
            revisions={},
            operation_id=f"demo-{opened.uuid}",
        )
    api.start_discussion(user_id=president_id, round_uuid=opened.uuid)
    api.settle(
        user_id=president_id,
        association_id=association_id,
        round_uuid=opened.uuid,
        indicator_code="2.3",
        answer=_level(2, "none"),
        note="اتفقنا على الأدنى: ثلاثة اجتماعات هذه السنة بلا محاضر.",
        operation_id=f"demo-{opened.uuid}-2.3",
        revision=0,
    )
    api.submit_round(user_id=president_id, round_uuid=opened.uuid)


def _sheet(opened: api.RoundData) -> dict[str, dict[str, Any]]:
    """An answer to every question that concerns the association."""
    instrument = api.published_instrument(slug=opened.instrument_slug, kind=opened.kind).instrument
    asked = [item for item in instrument.all_indicators() if not item.applies_if or opened.profile[item.applies_if]]
    answers = {item.code: _level(*_ANSWERS.get(item.code, (3, "none"))) for item in asked}
    return {**answers, "8.2": _DOES_NOT_KNOW}


def _level(number: int, evidence: str) -> dict[str, Any]:
    return {"kind": "level", "level": number, "evidence": evidence}
