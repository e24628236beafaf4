"""Quality checks of a round and their sentences: what is worth a second look before submission, and for the coach."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..data import Evidence
from ..domain import AnswerSet, Instrument, QualityCheck, QualityCode, quality_checks
from ..models import Snapshot
from .frozen import answers_of

SENTENCES = {
    QualityCode.LEVEL_WITHOUT_EVIDENCE: _("A high level, and no document is named that shows it."),
    QualityCode.SAME_LEVEL: _("Every question has the same level. Is that really how it is everywhere?"),
    QualityCode.MANY_NOT_APPLICABLE: _("More than a fifth of this area is said not to concern the association."),
}


def quality_sentence(check: QualityCheck) -> Any:
    """What a check says to people (a lazy translation)."""
    return SENTENCES[check.code]


def checks_on(
    instrument: Instrument, answers: AnswerSet, documented: Collection[str], scores: Mapping[str, Any]
) -> tuple[QualityCheck, ...]:
    """What is worth a second look in these answers with this result (`domain.result_to_data`)."""
    to_review = [section["code"] for section in scores["overall"].get("sections", []) if section["needs_review"]]
    return quality_checks(instrument, answers, documented=documented, to_review=to_review)


def checks_of(instrument: Instrument, snapshot: Snapshot) -> tuple[QualityCheck, ...]:
    """The same of a frozen result."""
    answers = AnswerSet(answers_of(snapshot), snapshot.profile)
    documented = {code for code, beside in snapshot.details.items() if beside.get("evidence") != Evidence.NONE}
    return checks_on(instrument, answers, documented, snapshot.result)
