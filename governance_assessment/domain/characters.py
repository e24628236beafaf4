"""Characters that have no place in a text to show."""

from __future__ import annotations

import re

#: Control characters (but tab and newline), lone surrogates, invisible direction overrides and isolates.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def one_line(text: str, maximum: int) -> str:
    """``text`` on one line of at most ``maximum`` characters, with what is unsafe made visible as U+FFFD."""
    return UNSAFE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))[:maximum]
