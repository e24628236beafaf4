"""Whether two wordings of a text differ by typing mistakes only, so that an answer given to the one is an answer to the other.

Deliberately strict, because it decides without a person: what it does not take for a typo may still be one, and costs a new
version number; what it wrongly took for one would put words into an association's mouth.
"""

from __future__ import annotations

import re
import unicodedata

#: A word shorter than this is never misspelt: "ne", "ou", "لا", "all" and "one" change a sentence.
LONG_ENOUGH = 5
#: More words than this are not mistyped in one text, but rewritten.
MAX_TYPOS = 3

_TATWEEL = "\u0640"
_WORD = re.compile(r"\w+|[%/<>=+±≤≥]")


def same_but_for_typos(before: str, after: str) -> bool:
    """Same words in the same order, apart from case, accents, Arabic vowel signs and hamza, punctuation and spaces; and at most
    three words of five letters or more with one letter added, lost, changed or swapped, the first letter excepted. Numbers stay.
    """
    old, new = _words(before), _words(after)
    if len(old) != len(new):
        return False
    differing = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
    return len(differing) <= MAX_TYPOS and all(_mistyped(was, now) for was, now in differing)


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text.casefold()).replace(_TATWEEL, "")
    plain = "".join(
        str(unicodedata.digit(character, character)) for character in decomposed if not unicodedata.combining(character)
    )
    return _WORD.findall(plain)


def _mistyped(was: str, now: str) -> bool:
    if min(len(was), len(now)) < LONG_ENOUGH or was[0] != now[0] or not (was.isalpha() and now.isalpha()):
        return False
    start = next(
        (at for at, pair in enumerate(zip(was, now, strict=False)) if pair[0] != pair[1]), min(len(was), len(now))
    )
    left, right = was[start:], now[start:]
    if len(left) == len(right):
        swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
        return swapped or left[1:] == right[1:]
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter
