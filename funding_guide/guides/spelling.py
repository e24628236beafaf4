"""Search that forgives spelling: one spelling for what people write in many ways.

«إعانة», «اعانه» and «أعانة» are the same; so are «2026» and «٢٠٢٦», “procès-verbal” and “proces verbal”. Pure.
"""

from __future__ import annotations

import re
import unicodedata

MAX_QUERY = 200
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیئ", "ي"),
        "ؤ": "و",
        "ة": "ه",
        "گ": "ك",
        "ک": "ك",
        "ڤ": "ف",
        "ـ": "",
        "ء": "",
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
    }
)
_WORDS = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"(?:[وفبلك]?ال|لل)(?=\w{2})")
"""What stands before an Arabic noun: «الجمعية», «بالجمعية», «للجمعية»."""


def folded(text: str) -> str:
    """`text` in one spelling: words in small letters without accents, marks, joins and hamza, one space between them."""
    # Composed first, so that a hamza goes with its letter, then taken apart for accents.
    letters = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", letters) if not unicodedata.category(each).startswith("M")
    )
    figures = "".join(str(unicodedata.digit(each)) if each.isdigit() else each for each in bare)
    return " ".join(
        _ARTICLE.sub("", word, count=1) if _ARTICLE.match(word) else word for word in _WORDS.findall(figures)
    )


def matches(key: str, query: str) -> bool:
    """Whether every word of `query` begins a word of `key`; both folded. An empty query matches all."""
    spaced = f" {key}"
    return all(f" {word}" in spaced for word in query.split())
