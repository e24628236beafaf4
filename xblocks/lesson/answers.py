"""What a page sends, read for what it can be: an answer to a self-check, or a text of the learner's own. Hostile until then."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from nassij.common.errors import BadInput
from nassij.common.text import clean_text

from .grading import pairs
from .model import SelfCheck
from .numeric import readings
from .progress import MAX_KEPT_TEXT
from .shuffling import halves, mixed

MAX_NOTE = MAX_KEPT_TEXT
"""Characters of one text that a learner sends: as long as what is kept, so that two versions put together can be edited."""

_OPERATION_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def operation_id(value: object) -> str:
    """The id of an operation; raises `BadInput` for anything else."""
    if not isinstance(value, str) or not _OPERATION_ID.fullmatch(value):
        raise BadInput(code="bad_operation_id")
    return value


def gone() -> BadInput:
    """The part that was answered is not in the lesson."""
    return BadInput(
        _("This part of the lesson is not there any more."),
        code="unknown_part",
        remedy=_("Reload the page: the lesson was improved. Nothing of what you did is lost."),
    )


def read_answer(check: SelfCheck, given: object) -> tuple[str, ...]:
    """The answer in `given` as `grading` takes it; raises `BadInput` that says what is missing."""
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise BadInput(code="bad_choices")
    filled = [text for text in given if text.strip()]
    if not filled or (check.kind == "single" and len(filled) > 1):
        raise BadInput(
            _("Choose an answer first."),
            code="nothing_chosen" if not filled else "too_many_chosen",
            remedy=_("Choose one answer, or several where the question asks for them, then check again."),
        )
    if check.kind == "number":
        return _number(filled)
    if check.kind == "order":
        return _order(check, filled)
    if check.kind == "match":
        return _match(check, filled)
    if any(check.choice(choice) is None for choice in filled):
        raise gone()
    return tuple(dict.fromkeys(filled))


def read_note(given: object) -> str:
    """The text a learner wrote; raises `BadInput` when it is too long."""
    if not isinstance(given, str):
        raise BadInput(code="bad_text")
    text = clean_text(given).strip()
    if len(text) > MAX_NOTE:
        raise BadInput(
            _("This text is too long."),
            code="text_too_long",
            remedy=_("Shorten it: a few sentences are enough. What was saved before is still there."),
        )
    return text


def _number(filled: list[str]) -> tuple[str, ...]:
    if len(filled) > 1 or not readings(filled[0]):
        raise BadInput(
            _("This is not a number."), code="not_a_number", remedy=_("Write it in digits, for example 12 or 12,5.")
        )
    return (filled[0].strip(),)


def _order(check: SelfCheck, filled: list[str]) -> tuple[str, ...]:
    """All the ids in their order, sent as keys; a form without script sends `key:place` for each."""
    numbered = pairs(filled)
    if numbered:
        are_places = all(place.isascii() and place.isdigit() and len(place) < 4 for place in numbered.values())
        if not are_places or len(set(map(int, numbered.values()))) < len(check.choices):
            raise _incomplete()
        filled = sorted(numbered, key=lambda name: int(numbered[name]))
    ids = {name: choice.id for name, choice in mixed(check)}
    if not ids.keys() >= set(filled):
        raise gone()
    if len(filled) != len(ids) or len(set(filled)) != len(ids):
        raise _incomplete()
    return tuple(ids[name] for name in filled)


def _match(check: SelfCheck, filled: list[str]) -> tuple[str, ...]:
    given = pairs(filled)
    ids = {choice.id for choice in check.choices}
    if len(given) != len(filled) or not ids.issuperset(given) or not halves(check).keys() >= set(given.values()):
        raise gone()
    if len(given) < len(ids):
        raise _incomplete()
    return tuple(f"{choice.id}:{given[choice.id]}" for choice in check.choices)


def _incomplete() -> BadInput:
    return BadInput(
        _("One line has no answer yet, or two have the same place."),
        code="incomplete",
        remedy=_("Give each line its own answer, then check again."),
    )
