"""What an answer sheet looks like: its rows and columns, and the words in its cells. The writer and the reader both follow it.

Row 4 says which round and which version of the questionnaire the sheet belongs to; row 5 has the headers, then a row per
question. People write in the last four columns only.
"""

from __future__ import annotations

import re
from enum import IntEnum
from unicodedata import decimal, normalize

from django.utils.translation import gettext as _

MARK = "nassij-answers-1"
MARK_ROW, HEADER_ROW = 3, 4
MAX_ROWS, MAX_COLUMNS = 400, 12
MAX_OFFERED = 12
"""Levels a drop-down lists; a finer scale is typed."""
_SPACES = re.compile(r"[\s.\u00b7/]+")


class Place(IntEnum):
    """The columns, from 0."""

    CODE = 0
    QUESTION = 1
    LEVELS = 2
    ANSWER = 3
    REASON = 4
    COMMENT = 5
    EVIDENCE = 6


# What is understood beside the digits of the levels, however the program or the person wrote it.
DONT_KNOW = frozenset({"?", "؟", "لا أعرف", "لا اعرف", "je ne sais pas", "nsp", "i don't know", "don't know"})
NOT_APPLICABLE = frozenset(
    {"na", "n a", "so", "s o", "غير معني", "لا ينطبق", "لا ينطبق علينا", "غ م", "non applicable", "sans objet"}
    | {"does not apply", "not applicable"}
)
YES = frozenset({"نعم", "oui", "yes", "1", "x"})
NO = frozenset({"لا", "non", "no", "0"})


def key(text: object) -> str:
    """A word of a cell as it is compared: digits of any script, small letters, no dots or double spaces."""
    plain = "".join(str(decimal(character, character)) for character in normalize("NFKC", str(text)))  # type: ignore[arg-type]
    return _SPACES.sub(" ", plain.replace("’", "'")).strip().casefold()


def dont_know_word() -> str:
    """What the drop-down offers for "I don't know"; an Arabic question mark in Arabic."""
    # Translators: one character, the question mark of the language.
    return _("?")


def not_applicable_word() -> str:
    """What the drop-down offers for "does not apply"."""
    # Translators: short, for a cell: "does not apply".
    return _("n.a.")


def yes_no() -> tuple[str, str]:
    """What the drop-down offers for a document."""
    return _("yes"), _("no")


def headers() -> tuple[str, ...]:
    """The names of the columns, in their order."""
    return (
        _("Code"),
        _("Question"),
        _("Levels"),
        _("Answer"),
        _("If it does not apply: why?"),
        _("Comment"),
        _("Is there a document?"),
    )
