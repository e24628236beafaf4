"""What an association says together: what its members agree on, and what the lead has settled.

A stored common answer stands until a member answers its indicator again. So what was agreed outlives answers that go with an
account, and going back to the answers opens exactly what somebody then changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..data import ConsensusData, Evidence, Origin, RoundData
from ..domain import Answer, AnswerKind, AnswerSet, Instrument, OpenBecause, concerned, sole_consensus
from ..evidence.files import has_file
from ..models import ConsensusAnswer, RespondentAnswer


@dataclass(frozen=True, slots=True)
class Voice:
    """What one respondent says of one indicator at present; `has_file`: a document is attached there, whoever did."""

    id: int
    respondent_id: int
    indicator_code: str
    answer: Answer
    comment: str
    sure: bool | None
    evidence: Evidence
    has_file: bool


@dataclass(frozen=True, slots=True)
class CommonAnswer:
    """The association's answer to one indicator. `revision` is that of the stored row, 0 while there is none.

    `stored` tells whether that row says this, or whether it follows from what members say now.
    """

    answer: Answer
    origin: Origin
    evidence: Evidence
    note: str
    revision: int
    stored: bool

    def as_data(self, code: str) -> ConsensusData:
        """As it crosses the door."""
        return ConsensusData(
            indicator_code=code,
            kind=self.answer.kind,
            level=self.answer.level,
            reason=self.answer.reason,
            evidence=self.evidence,
            origin=self.origin,
            note=self.note,
            revision=self.revision,
        )


@dataclass(frozen=True, slots=True)
class Common:
    """A round's common answers as they stand. `revisions` knows every stored row, also one that no longer stands."""

    agreed: Mapping[str, CommonAnswer]
    differing: tuple[str, ...]
    missing: tuple[str, ...]
    revisions: Mapping[str, int]
    heard: Mapping[str, int]
    respondents: int

    @property
    def documented(self) -> frozenset[str]:
        """The indicators for which the association says it has a document."""
        return frozenset(code for code, found in self.agreed.items() if found.evidence != Evidence.NONE)

    def answer_set(self, current: RoundData, instrument: Instrument) -> AnswerSet:
        """What counts: the answers that are agreed."""
        answers = {code: found.answer for code, found in self.agreed.items()}
        return AnswerSet(answers, dict(current.profile), instrument.slug, instrument.version)


def voices_of(round_id: int) -> list[Voice]:
    """Every respondent's present answers; one query."""
    rows = RespondentAnswer.objects.filter(round_id=round_id).annotate(has_file=has_file()).order_by("revision")
    fields = ("id", "respondent_id", "indicator_code", "kind", "level", "reason", "comment", "sure")
    latest = {(row[1], row[2]): row for row in rows.values_list(*fields, "evidence", "has_file")}
    return [
        Voice(key, who, code, Answer(AnswerKind(kind), level, reason), comment, sure, Evidence(evidence), shown)
        for key, who, code, kind, level, reason, comment, sure, evidence, shown in latest.values()
    ]


def common_answers(current: RoundData, instrument: Instrument, voices: Sequence[Voice]) -> Common:
    """What stands for the association now: one query, none while the round has never been discussed."""
    rows: dict[str, Any] = {}
    if current.discussed_at is not None:
        stored = ConsensusAnswer.objects.filter(round_id=current.id).annotate(has_file=has_file())
        rows = {row.indicator_code: row for row in stored}
    heard: dict[str, int] = defaultdict(int)
    documented: set[str] = set()
    by_respondent: dict[int, dict[str, Answer]] = defaultdict(dict)
    for voice in voices:
        heard[voice.indicator_code] = max(heard[voice.indicator_code], voice.id)
        by_respondent[voice.respondent_id][voice.indicator_code] = voice.answer
        if voice.evidence != Evidence.NONE or voice.has_file:
            documented.add(voice.indicator_code)
    consensus = sole_consensus([AnswerSet(answers).restricted_to(instrument) for answers in by_respondent.values()])
    agreed: dict[str, CommonAnswer] = {}
    for code in instrument.by_code:
        row, said = rows.get(code), consensus.get(code)
        if row is not None and row.heard_up_to >= heard.get(code, 0):
            agreed[code] = standing_answer(row, has_file=row.has_file)
        elif said is not None and said.answer is not None:
            agreed[code] = CommonAnswer(
                answer=said.answer,
                origin=Origin.SOLE if said.respondents == 1 else Origin.UNANIMOUS,
                # Comments stay with those who wrote them; a document one of them has, the association has.
                evidence=Evidence.DECLARED if code in documented else Evidence.NONE,
                note="",
                revision=row.revision if row else 0,
                stored=False,
            )
    open_codes = [code for code in concerned(instrument, current.profile) if code not in agreed]
    differing = tuple(
        code for code in open_codes if code in consensus and consensus[code].reason is OpenBecause.DIFFERS
    )
    return Common(
        agreed=agreed,
        differing=differing,
        missing=tuple(code for code in open_codes if code not in differing),
        revisions={code: row.revision for code, row in rows.items()},
        heard=dict(heard),
        respondents=len(by_respondent),
    )


def shown_by(evidence: str, *, has_file: bool) -> Evidence:
    """How far the proof has come: a document that is attached is declared, whatever was said before."""
    return Evidence.DECLARED if has_file and evidence == Evidence.NONE else Evidence(evidence)


def standing_answer(row: ConsensusAnswer, *, has_file: bool = False) -> CommonAnswer:
    """What a stored row says; `has_file`: a document is attached."""
    return CommonAnswer(
        answer=Answer(AnswerKind(row.kind), row.level, row.reason),
        origin=Origin(row.origin),
        evidence=shown_by(row.evidence, has_file=has_file),
        note=row.note,
        revision=row.revision,
        stored=True,
    )


def store_what_follows(current: RoundData, common: Common) -> None:
    """Write down every common answer that so far only follows from what members say; two queries.

    A row that no longer stands is replaced through the base manager: at this moment the round is on its way to be submitted, and
    its guard already refuses changes.
    """
    fresh = [code for code, found in common.agreed.items() if not found.stored]
    gone = [code for code in common.revisions if code in fresh or code not in common.agreed]
    if gone:
        ConsensusAnswer._base_manager.filter(round_id=current.id, indicator_code__in=gone).delete()
    ConsensusAnswer.objects.bulk_create(
        ConsensusAnswer(
            round_id=current.id,
            indicator_code=code,
            kind=str(found.answer.kind),
            level=found.answer.level,
            reason=found.answer.reason,
            evidence=found.evidence,
            origin=found.origin,
            revision=found.revision + 1,
            heard_up_to=common.heard.get(code, 0),
        )
        for code, found in common.agreed.items()
        if not found.stored
    )
