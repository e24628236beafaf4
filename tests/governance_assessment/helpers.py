"""What the self-assessment's tests share: the real instrument, rounds in any state, answers in bulk."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Model, QuerySet

from governance_assessment import api
from governance_assessment.domain import Instrument, applies, dump_yaml, parse_instrument, proposed_replacement
from governance_assessment.domain.serialise import replacement_to_data
from governance_assessment.instruments.library import INSTRUMENTS
from governance_assessment.models import InstrumentVersion
from nassij.common.models import AuditEvent

INSTRUMENT_FILE = INSTRUMENTS / "gov-ma" / "0.1.0.yaml"
ALL_TRUE = {
    "receives_public_funds": True,
    "receives_foreign_aid": True,
    "public_appeals_or_distribution": True,
    "has_employees": True,
    "works_with_vulnerable_people": True,
}
ALL_FALSE = dict.fromkeys(ALL_TRUE, False)
_operations = itertools.count(1)
_rows: dict[type[Model], list[dict[str, Any]]] = {}
"""What loading the instrument wrote, by model."""


def next_version(
    folder: Path, edit: Callable[[dict[str, Any]], Any], version: str = "0.2.0", before: Path | None = None
) -> Path:
    """The file of a version after `before` (the suite's own): edited, and declaring what became of every question."""
    data = yaml.safe_load((before or INSTRUMENT_FILE).read_text("utf-8"))
    old = parse_instrument(data)
    edit(data)
    data |= {"version": version}
    data.pop("replaces", None)
    data["replaces"] = replacement_to_data(proposed_replacement(old, parse_instrument(data)))
    path = folder / f"{version}.yaml"
    path.write_text(dump_yaml(data), "utf-8")
    return path


def publish_instrument() -> Instrument:
    """The suite's own instrument, published. The first time by its loader; from then on the rows that it wrote are written again:
    reading the file takes longer than most of the tests that need it.
    """
    if _rows:
        for model, rows in _rows.items():
            model._base_manager.bulk_create([model(**row) for row in rows])
    else:
        seen = set(AuditEvent.objects.values_list("pk", flat=True))
        api.load_instrument_file(INSTRUMENT_FILE, publish=True)
        _rows[InstrumentVersion] = _values(InstrumentVersion.objects.filter(slug="gov-ma"))
        _rows[AuditEvent] = _values(AuditEvent.objects.exclude(pk__in=seen))
    return api.published_instrument(slug="gov-ma").instrument


def _values(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "id"} for row in rows.order_by("pk").values()]


def operation() -> str:
    """A fresh operation id."""
    return f"test-operation-{next(_operations)}"


def level(number: int, **more: Any) -> dict[str, Any]:
    """The answer "level `number`"."""
    return {"kind": "level", "level": number, **more}


def save(
    user: Any, opened: api.RoundData, code: str, answer: Mapping[str, Any], revision: int = 0, **more: Any
) -> api.SavedAnswer:
    """Save one answer of `user`."""
    return api.save_answer(
        user_id=user.pk,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        indicator_code=code,
        answer=answer,
        operation_id=more.pop("operation_id", operation()),
        revision=revision,
        **more,
    )


def set_profile(user: Any, opened: api.RoundData, answers: Mapping[str, bool]) -> api.RoundData:
    """Answer the profile questions of a round nobody has profiled yet."""
    return api.set_profile(
        user_id=user.pk,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        answers=answers,
        revision=opened.profile_revision,
    )


def fill(user: Any, opened: api.RoundData, instrument: Instrument, answers: Mapping[str, Any]) -> api.SavedSheet:
    """Store a whole sheet; `answers` maps a code to a level or to an answer, `"*"` stands for every other indicator."""
    wanted = {}
    for indicator in instrument.all_indicators():
        given = answers.get(indicator.code, answers.get("*") if applies(indicator, opened.profile) else None)
        if given is not None:
            wanted[indicator.code] = level(given) if isinstance(given, int) else given
    return api.save_sheet(
        user_id=user.pk,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        answers=wanted,
        revisions={},
        operation_id=operation(),
    )


def settle(
    user: Any, opened: api.RoundData, code: str, answer: Any, revision: int = 0, **more: Any
) -> api.SettledAnswer:
    """Settle one answer in the association's name."""
    return api.settle(
        user_id=user.pk,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        indicator_code=code,
        answer=answer,
        note=more.pop("note", ""),
        operation_id=more.pop("operation_id", operation()),
        revision=revision,
        **more,
    )


def coach_says(
    user: Any, opened: api.RoundData, code: str, answer: Any, revision: int = 0, **more: Any
) -> api.SavedCoachAnswer:
    """Save one word of a coach."""
    return api.save_coach_answer(
        user_id=user.pk,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        indicator_code=code,
        answer=answer,
        operation_id=more.pop("operation_id", operation()),
        revision=revision,
        **more,
    )
