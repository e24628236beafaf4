"""Our self-assessment block in front of real rounds: long and short questionnaires, one member and thirty."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth import get_user_model

from benchmarks.harness import Case, Subject
from governance_assessment import api
from governance_assessment.domain import Answer, AnswerKind, AnswerSet, Axis, Instrument, radar_svg, score
from governance_assessment.instruments.library import INSTRUMENTS
from nassij.associations.api import AssociationData, Role, add_member, create_association

SHORT = "bench-short"
SHORT_LENGTH = 5
MANY = 30
_operations = itertools.count(1)


def load_instruments() -> None:
    """Publish the suite's instrument, and one with the first five indicators of one of its dimensions."""
    source = sorted(INSTRUMENTS.glob("gov-ma/*.yaml"))[-1]
    api.load_instrument_file(source, publish=True)
    data = yaml.safe_load(source.read_text("utf-8"))
    section = data["sections"][-1]
    section["indicators"] = section["indicators"][:SHORT_LENGTH]
    scoring = data["scoring"] | {"caps": [], "provisional_when_critical_unanswered": False}
    data |= {"slug": SHORT, "sections": [section], "scoring": scoring, "profile_questions": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "short.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
        api.load_instrument_file(path, publish=True)


def association_of(members: int) -> tuple[AssociationData, list[int]]:
    """An association with so many members, the president first; and their user ids."""
    association = create_association(name=f"جمعية بها {members}", province="chichaoua")
    users = [get_user_model().objects.create(username=f"bench-{association.id}-{n}").pk for n in range(members)]
    for number, user_id in enumerate(users):
        add_member(association_id=association.id, user_id=user_id, role=Role.MEMBER if number else Role.PRESIDENT)
    return association, users


class Sheet:
    """A round in which every member has answered `share` of the indicators, and the block that shows it to the president."""

    def __init__(
        self,
        name: str,
        *,
        members: int = 1,
        slug: str = "gov-ma",
        kind: str = "full",
        share: float = 0.5,
        language: str = "ar",
    ) -> None:
        self.association, self.users = association_of(members)
        self.round = api.open_round(
            user_id=self.users[0], association_id=self.association.id, instrument_slug=slug, kind=kind
        )
        self.instrument: Instrument = api.published_instrument(slug=slug, kind=api.RoundKind(kind)).instrument
        codes = [indicator.code for indicator in self.instrument.all_indicators()]
        profile = {question.code: True for question in self.instrument.profile_questions}
        if profile:
            api.set_profile(
                user_id=self.users[0],
                association_id=self.association.id,
                round_uuid=self.round.uuid,
                answers=profile,
                revision=self.round.profile_revision,
            )
        for user_id in self.users:
            self._answer(user_id, codes[: round(len(codes) * share)])
        self.subject = Subject(
            name,
            f'<nassij_governance instrument_slug="{slug}" round_kind="{kind}"/>',
            user_id=self.users[0],
            language=language,
            handler="answer",
            answer=self._next_answer(codes, round(len(codes) * share)),
        )

    def _answer(self, user_id: int, codes: list[str]) -> None:
        saved = api.save_sheet(
            user_id=user_id,
            association_id=self.association.id,
            round_uuid=self.round.uuid,
            answers={code: {"kind": "level", "level": 3} for code in codes},
            revisions={},
            operation_id=operation(),
        )
        if saved.problems:
            raise RuntimeError(f"the sheet was not stored: {saved.problems}")

    def _next_answer(self, codes: list[str], answered: int) -> Callable[[], Mapping[str, Any]]:
        """One tap after the other, round and round the questionnaire, each on the revision stored before."""
        revisions = Counter(codes[:answered])
        taps = itertools.cycle(enumerate(codes))

        def body() -> Mapping[str, Any]:
            number, code = next(taps)
            revisions[code] += 1
            return {
                "round": str(self.round.uuid),
                "association": self.association.id,
                "indicator": code,
                "answer": {"kind": "level", "level": 1 + revisions[code] % 4, "comment": "", "evidence": "declared"},
                "revision": revisions[code] - 1,
                "operation_id": operation(),
                "here": codes[(number + 1) % len(codes)],
                "complete": False,
            }

        return body


def operation() -> str:
    """A new operation id, as the browser makes one for each tap."""
    return f"bench-operation-{next(_operations)}"


def sheets() -> dict[str, Sheet]:
    """The rounds to be measured; the first is the one that has goals."""
    load_instruments()
    return {
        "48": Sheet("nassij_governance"),
        "18": Sheet("18 indicators", kind="express"),
        "5": Sheet("5 indicators", slug=SHORT),
        "members": Sheet(f"{MANY} members", members=MANY),
        "fr": Sheet("48 in French", language="fr"),
        "complete": Sheet("48 and the result", share=1),
    }


def result_of(sheet: Sheet, language: str) -> api.ResultData:
    return api.result(user_id=sheet.users[0], round_uuid=sheet.round.uuid, language=language)


def chart(sheet: Sheet, language: str) -> str:
    """The radar as the result page shows it."""
    words = api.result_context(result_of(sheet, language), card_url=lambda code: f"#{code}", element_id="radar")
    return str(words["chart"])


def chart_case(sheet: Sheet) -> Case:
    """Drawing the radar from finished scores."""
    result = result_of(sheet, "ar")
    titles = {section.code: section.title.in_language("ar") for section in result.instrument.sections}
    axes = [Axis(titles[node["code"]], Fraction(node["score"])) for node in result.scores["overall"]["sections"]]
    return Case("radar", lambda _: radar_svg(axes, title="الحكامة", description="الأبعاد الثمانية", element_id="radar"))


def score_case(sheet: Sheet) -> Case:
    """Scoring a complete set of answers to the whole instrument."""
    given = {indicator.code: Answer(AnswerKind.LEVEL, 3) for indicator in sheet.instrument.all_indicators()}
    profile = {question.code: True for question in sheet.instrument.profile_questions}
    answers = AnswerSet(given, profile, sheet.instrument.slug, sheet.instrument.version)
    return Case("score", lambda _: score(sheet.instrument, answers))
