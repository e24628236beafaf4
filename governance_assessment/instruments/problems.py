"""Problems of an instrument document, said in the reader's language and at their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.common.errors import BadInput, NassijError
from nassij.common.locale import active_language

from ..cli.messages import LANGUAGES, problem_text
from ..domain import Problem

REMEDY = _("Nothing was changed. Correct the places named and load it again.")


def refusal(
    message: Any,
    problems: Iterable[Problem],
    *,
    lines: Mapping[str, int] | None = None,
    cells: Mapping[str, str] | None = None,
    code: str = "invalid_instrument",
    kind: type[NassijError] = BadInput,
) -> NassijError:
    """The error that carries `problems`: each with its code, its place in the document (a JSON pointer), the line of the file or
    the cell of the workbook, and a sentence."""
    language = active_language() if active_language() in LANGUAGES else LANGUAGES[-1]
    return kind(
        message,
        code=code,
        remedy=REMEDY,
        problems=[
            {
                "code": str(found.code),
                "path": found.path,
                "line": (lines or {}).get(found.path, found.params.get("line")),
                "cell": (cells or {}).get(found.path, ""),
                "params": dict(found.params),
                "text": problem_text(found, language),
            }
            for found in problems
        ],
    )
