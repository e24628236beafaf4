"""Characters that nobody sees, that came out wrong when a file was saved, or that stand for a text still to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .problems import Place, Problems

# Character classes by the problem they are. LRM and RLM stay: now and then Arabic needs them.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bidi_control", re.compile("[\u202a-\u202e\u2066-\u2069\u061c]")),
    ("control_character", re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")),
    ("invisible_character", re.compile("[\u00ad\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]")),
    ("lost_character", re.compile("\ufffd")),
    ("wrong_encoding", re.compile("Ã[\u0080-\u00bf©¨ª§´®¢]|â€[™œ\u009d“”¦]|Ø[§¹±´µ¯]|Ù[„…†‡ˆŠ]")),
    ("presentation_form", re.compile("[\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")),
    ("eastern_digits", re.compile("[\u0660-\u0669\u06f0-\u06f9]+")),
)  # fmt: skip


_UNWRITTEN = re.compile(r"⟦([^⟦⟧\n]*)⟧?")
"""What `new` leaves to be written."""


def examine(text: str, problems: Problems) -> None:
    """Add the first character of each kind on each line of a source; `text` as it stands in the file."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), start=1):
        if not line.isascii() or not line.isprintable():
            for code, match in _in_line(line):
                shown = " ".join(f"U+{ord(character):04X}" for character in match.group()[:3])
                if code in ("eastern_digits", "wrong_encoding"):
                    shown = match.group()
                problems.add(code, Place(problems.file, number, match.start() + 1), shown=shown)
            for match in _UNWRITTEN.finditer(line):
                problems.add("text_to_write", Place(problems.file, number, match.start() + 1), text=match[1])


def _in_line(line: str) -> Iterator[tuple[str, re.Match[str]]]:
    for code, pattern in _KINDS:
        match = pattern.search(line)
        if match:
            yield code, match
