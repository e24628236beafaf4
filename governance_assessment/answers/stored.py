"""Answers as they are stored: the present ones of one person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..data import AnswerData, Evidence
from ..domain import AnswerKind
from ..models import RespondentAnswer

ANSWER_FIELDS = ("indicator_code", "kind", "level", "reason", "comment", "sure", "evidence", "revision")


def latest_answers(round_id: int, user_id: int) -> dict[str, AnswerData]:
    """One person's present answers by indicator; no permission check, one query."""
    rows = RespondentAnswer.objects.filter(round_id=round_id, respondent_id=user_id)
    ordered = rows.order_by("revision").values_list(*ANSWER_FIELDS)
    return {row[0]: answer_data(row) for row in ordered}


def answer_data(row: Iterable[Any]) -> AnswerData:
    """A row of `ANSWER_FIELDS` as it crosses the door."""
    fields = dict(zip(ANSWER_FIELDS, row, strict=True))
    return AnswerData(**{**fields, "kind": AnswerKind(fields["kind"]), "evidence": Evidence(fields["evidence"])})
