"""How each block shows that it works: a small lesson with one question, a first self-assessment with one answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from lxml import etree

from nassij.common.selfcheck import BlockSample, register_sample
from xblocks.lesson import olx
from xblocks.lesson.model import Choice, Lesson, SelfCheck, TextStep

QUESTION = "هل تظهر الدروس وتقبل الأجوبة؟"
LESSON = Lesson(
    title="فحص ذاتي",
    language="ar",
    steps=(
        TextStep("text", "نص", "هذا الدرس لفحص الموقع."),
        SelfCheck(
            "check", question=QUESTION, choices=(Choice("a", "نعم", "صحيح.", correct=True), Choice("b", "لا", "خطأ."))
        ),
    ),
)


def _lesson_olx() -> str:
    node = etree.Element(olx.TAG, url_name="selfcheck", display_name=LESSON.title)
    olx.write(LESSON, node)
    return etree.tostring(node, encoding="unicode")


def _answer_a_lesson(user_id: int) -> Mapping[str, Any]:
    return {"check": "check", "choices": ["a"], "operation_id": uuid.uuid4().hex}


def _answer_for_an_association(user_id: int) -> Mapping[str, Any]:
    """An association of the account's own, its first round, and an answer to the first question."""
    from governance_assessment import api
    from nassij.associations.api import create_association

    own = create_association(name="nassij_selfcheck", province="chichaoua", president_id=user_id)
    opened = api.open_round(user_id=user_id, association_id=own.id)
    asked = api.published_instrument(slug=api.DEFAULT_INSTRUMENT, kind=opened.kind)
    return {
        "round": str(opened.uuid),
        "association": own.id,
        "indicator": next(iter(asked.instrument.all_indicators())).code,
        "answer": {"kind": "level", "level": 2},
        "revision": 0,
        "operation_id": uuid.uuid4().hex,
    }


register_sample(
    BlockSample(
        block_type="nassij_lesson",
        olx=_lesson_olx(),
        shows=QUESTION,
        shows_author=QUESTION,
        shows_form="nassij-lesson-studio",
        handler="answer",
        prepare=_answer_a_lesson,
        accepts=lambda reply: reply.get("solved") is True,
    )
)
register_sample(
    BlockSample(
        block_type="nassij_governance",
        olx='<nassij_governance url_name="selfcheck" display_name="فحص ذاتي"/>',
        shows="data-sheet",
        shows_author="data-sheet",
        shows_form="nassij-governance-studio",
        handler="answer",
        prepare=_answer_for_an_association,
        accepts=lambda reply: reply.get("revision") == 1 and reply.get("replayed") is False,
    )
)
