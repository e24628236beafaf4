"""A sheet held against what is stored: what it would write, and in words what changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nassij.common.canonical import digest

from ..answers.answering import latest_answers
from ..answers.common_answers import common_answers, voices_of
from ..data import AnswerData, ConsensusData, Evidence, RoundData
from ..discussion.words import WITHOUT_LEVEL
from ..domain import AnswerKind, Instrument
from ..evidence.files import hashes_of
from ..plan.advice import level_name
from .data import Answers, SheetLine, SheetStatus

Stored = AnswerData | ConsensusData


@dataclass(frozen=True, slots=True)
class Difference:
    """What a sheet would write: only what differs, with the revisions it replaces. `note` is by code, for common answers.

    `seen` stands for what it was compared with: whose answers, at which step of the round, in which revisions.
    """

    lines: tuple[SheetLine, ...]
    changes: Answers
    notes: Mapping[str, str]
    revisions: Mapping[str, int]
    seen: str


def compare(
    answers: Answers, current: RoundData, instrument: Instrument, user_id: int, language: str, *, is_common: bool
) -> Difference:
    """The sheet beside the person's own answers (one query), or beside the common ones (three).

    An empty cell changes nothing: the comment and the document that are stored stay.
    """
    if is_common:
        found = common_answers(current, instrument, voices_of(current.id))
        stored: dict[str, Stored] = {code: answer.as_data(code) for code, answer in found.agreed.items()}
        revisions, documented = dict(found.revisions), set(hashes_of(current.id))
    else:
        stored = dict(latest_answers(current.id, user_id))
        revisions, documented = {code: answer.revision for code, answer in stored.items()}, set()
    lines, changes, notes = [], {}, {}
    for code, given in answers.items():
        before = _said(stored.get(code))
        wanted = _merged(given, before)
        if code in documented:  # what is attached cannot be denied
            wanted["evidence"] = Evidence.DECLARED.value
        line = _line(code, wanted, before, instrument, language)
        lines.append(line)
        if line.status is not SheetStatus.SAME:
            changes[code], notes[code] = wanted, wanted["comment"]
    target = [
        "common" if is_common else "own",
        current.step,
    ]  # what was looked at as the one is not applied as the other
    seen = digest("governance.sheet", [target, *([code, revisions.get(code, 0)] for code in sorted(answers))])
    return Difference(tuple(lines), changes, notes, revisions, seen)


def _said(stored: Stored | None) -> dict[str, Any] | None:
    """What is stored in the words of a sheet; None for nothing, and for "later"."""
    if stored is None or stored.kind == AnswerKind.SKIPPED:
        return None
    return {
        "kind": str(stored.kind),
        "level": stored.level,
        "reason": stored.reason,
        "comment": stored.comment if isinstance(stored, AnswerData) else stored.note,
        "evidence": str(stored.evidence),
        "sure": stored.sure if isinstance(stored, AnswerData) else None,
    }


def _merged(given: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    kept = before or {"comment": "", "evidence": Evidence.NONE.value, "sure": None}
    wanted = {
        "kind": given["kind"],
        "level": given.get("level"),
        "reason": given.get("reason", ""),
        "comment": given["comment"] or kept["comment"],
        "evidence": given["evidence"] or kept["evidence"],
        "sure": None,
    }
    if before and (wanted["kind"], wanted["level"]) == (before["kind"], before["level"]):
        wanted["sure"] = before["sure"]  # the doubt was about this very answer
    return wanted


def _line(
    code: str, wanted: Mapping[str, Any], before: Mapping[str, Any] | None, instrument: Instrument, language: str
) -> SheetLine:
    status = SheetStatus.NEW if before is None else SheetStatus.SAME if wanted == before else SheetStatus.CHANGED
    return SheetLine(
        code=code,
        title=instrument.indicator(code).title.in_language(language),
        status=status,
        before=_words(code, before, instrument, language) if before else "",
        after=_words(code, wanted, instrument, language),
        comment=wanted["comment"],
    )


def _words(code: str, answer: Mapping[str, Any], instrument: Instrument, language: str) -> str:
    indicator, kind = instrument.indicator(code), AnswerKind(answer["kind"])
    if kind is AnswerKind.LEVEL:
        said = level_name(instrument, indicator, answer["level"], language) or str(answer["level"])
    else:
        said = str(WITHOUT_LEVEL[kind])
    more = [answer["reason"]] if answer["reason"] else []
    if answer["evidence"] != Evidence.NONE:
        more.append(_("a document exists"))
    return " · ".join([said, *more])
