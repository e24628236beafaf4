"""What the pages' forms send beside their fields."""

from __future__ import annotations

from django.http import HttpRequest


def seen_revision(request: HttpRequest) -> int:
    """The revision the form was made from; 0, older than any, for what is none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
