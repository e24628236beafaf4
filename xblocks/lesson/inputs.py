"""The fields of a self-check: what they offer, and what of it a learner's last answer fills."""

from __future__ import annotations

from typing import Any

from django.utils.html import escape

from nassij.common.text import plain
from xblocks.common.pattern import Slots

from . import markdown
from .grading import pairs
from .model import SelfCheck
from .shuffling import halves, key, mixed


def shown(check: SelfCheck, number: int) -> list[dict[str, Any]]:
    """The rows of the check that is step `number` of its lesson, as `steps/self-check.html` writes them."""
    if check.kind == "number":
        return []
    if check.kind == "order":
        rows = [(name, choice) for name, choice in mixed(check)]
        offers = [(str(place), str(place)) for place in range(1, len(rows) + 1)]
    else:
        rows = [(choice.id, choice) for choice in check.choices]
        offers = [(name, plain(half)) for name, half in halves(check).items()]
    return [
        {
            "id": name,
            "text": markdown.line_html(choice.text),
            "label": plain(choice.text),
            "slot": Slots().of(f"{number}-{name}"),
            "offers": [
                {"value": f"{name}:{offer}", "text": text, "slot": Slots().of(f"{number}-{name}:{offer}")}
                for offer, text in offers
            ],
        }
        for name, choice in rows
    ]


def filled(check: SelfCheck, answer: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """(slot, field) -> HTML: what `answer` fills in, as the fields are named by `shown`."""
    if check.kind == "number":
        return {("typed", ""): escape(answer[0])} if answer else {}
    if check.kind == "order":
        return {
            ("checked", f"{key(check, choice)}:{place}"): " selected" for place, choice in enumerate(answer, start=1)
        }
    if check.kind == "match":
        return {("checked", f"{choice}:{half}"): " selected" for choice, half in pairs(answer).items()}
    return {("checked", choice): " checked" for choice in answer}
