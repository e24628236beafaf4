"""What is wrong with a call, said in the reader's language and at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from nassij.common.errors import BadInput, NassijError
from nassij.common.plain_data import Unreadable

from ..domain import Problem, ProblemCode


def refusal(name: str, problems: Iterable[Problem], *, lines: Mapping[str, int] | None = None) -> NassijError:
    """The error that carries `problems`: each with its code, its place (a JSON pointer), the line of the file and a sentence."""
    return BadInput(
        _("%(file)s is not a funding call that can be loaded.") % {"file": name},
        code="invalid_call",
        remedy=_("Nothing was changed. Correct the places named and load it again."),
        problems=[
            {
                "code": str(found.code),
                "path": found.path,
                "line": (lines or {}).get(found.path),
                "params": dict(found.params),
                "text": problem_text(found),
            }
            for found in problems
        ],
    )


def unreadable(name: str, refused: Unreadable) -> NassijError:
    """The error of a text that is neither YAML nor JSON as we read it."""
    line = refused.params.get("line")
    return BadInput(
        _("%(file)s cannot be read: it is not valid YAML or JSON, or larger or deeper than a funding call needs to be.")
        % {"file": name},
        code="unreadable_call",
        remedy=_("Nothing was changed. Look at the line named, correct it and load it again."),
        problems=[
            {
                "code": refused.code,
                "path": refused.path,
                "line": line,
                "params": dict(refused.params),
                "text": _("Line %(line)s: %(detail)s")
                % {"line": line or "?", "detail": refused.params.get("detail", refused.code)},
            }
        ],
    )


def problem_text(problem: Problem) -> str:
    """What is wrong and what to do about it, in the active language."""
    params: dict[str, Any] = {"path": problem.path, **problem.params}
    return _sentences()[problem.code] % params


def _sentences() -> Mapping[ProblemCode, str]:
    code = ProblemCode
    return {
        code.TOO_DEEP: _("Rules lie inside rules more than %(maximum)s deep: write fewer levels."),
        code.WRONG_TYPE: _("This must be of another kind: %(expected)s."),
        code.MISSING_KEY: _("“%(name)s” is missing here: add it."),
        code.UNKNOWN_KEY: _("“%(name)s” has no meaning here: correct its spelling or take it away."),
        code.BAD_FORMAT: _("“%(value)s” is not written as it must be here: see the format's description."),
        code.NOT_ONE_OF: _("“%(value)s” is not one of: %(allowed)s."),
        code.OUT_OF_RANGE: _("This number is too small or too large; the bound is %(bound)s."),
        code.TOO_LONG: _("This text is longer than %(bound)s characters: shorten it."),
        code.TOO_FEW: _("This must hold at least %(bound)s."),
        code.TOO_MANY: _("This may hold at most %(bound)s."),
        code.DUPLICATE_ENTRY: _("The same stands here twice: take one away."),
        code.NEEDS_ONE_OF: _("One of these is needed here: %(names)s."),
        code.BAD_CHARACTERS: _(
            "There are invisible characters in this text that hide it or turn it round: type it again."
        ),
        code.NOTHING_VISIBLE: _("There is nothing to see in this text: write what it says."),
        code.NO_SUCH_DAY: _("%(value)s is no day of the calendar."),
        code.MISSING_LANGUAGE: _("This text is missing in the language “%(language)s”."),
        code.UNKNOWN_LANGUAGE: _(
            "The language “%(language)s” is not among those of the call: add it there or take this away."
        ),
        code.DUPLICATE_CODE: _("The code “%(value)s” is used before: each needs its own."),
        code.RESERVED_CODE: _("The code “%(value)s” is ours: choose another one."),
        code.CLOSES_BEFORE_OPENING: _(
            "The call closes (%(closes_on)s) before it opens (%(opens_on)s): correct one of the days."
        ),
        code.HOUR_WITHOUT_DAY: _("There is an hour of closing without a day: add “closes_on”."),
        code.MODEL_WITH_DATES: _("A model has no dates: take them away, or say that it is a call."),
        code.CALL_WITHOUT_END: _("A call needs its last day: add “closes_on”, or say that it is a model."),
        code.MINIMUM_ABOVE_MAXIMUM: _("The least amount is above the most: correct one of them."),
        code.CONTRADICTION: _("Nobody can meet this and %(other)s at once: correct one of the two."),
        code.SAID_TWICE: _("%(other)s asks the same with another answer: keep one of the two."),
        code.UNKNOWN_RULE: _("There is no rule “%(value)s” in this call."),
        code.TEMPLATE_WITHOUT_GUIDE: _("A template is part of a guide: add which one (“guide”)."),
        code.CONFLICT_WITHOUT_COUNCIL: _(
            "This rule looks for elected councillors: say in “funder” which council gives the money."
        ),
        code.OTHER_NAMES_NOTHING: _("“other” names nothing: list what the call means, or leave the list away."),
        code.UNKNOWN_REGION: _("There is no region “%(value)s” in the reference data of this site."),
        code.UNKNOWN_PROVINCE: _("There is no province “%(value)s” in the reference data of this site."),
        code.UNKNOWN_FIELD: _("There is no field of activity “%(value)s” in the reference data of this site."),
    }
