"""What a download is called on the phone of whoever keeps it."""

from __future__ import annotations

from django.utils.translation import gettext as _

#: What no file system of ours takes in a name.
FORBIDDEN = '/\\:*?"<>|'
#: Letters of two bytes: a whole name stays below the 255 bytes a file system takes.
LONGEST = 100


def file_name(title: str, round_number: int, ending: str) -> str:
    """`title` and the round in the active language, without what a file system refuses; long names are cut at the title."""
    number = _("Round %(number)s") % {"number": round_number}
    plain = " ".join("".join(" " if sign in FORBIDDEN else sign for sign in title).split())
    return f"{plain[:LONGEST].strip()} - {number}.{ending}"
