"""A guide as one light HTML file that needs nothing else: to keep on a phone and to read without a line."""

from __future__ import annotations

from pathlib import Path

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nassij.common.text import direction, render_markdown

from ..blocks import without_ids
from ..source import Guide
from .contents import contents

CONTENT_TYPE = "text/html; charset=utf-8"
_STYLE = Path(__file__).parent / "light.css"


def guide_html(guide: Guide, language: str) -> bytes:
    """The whole file. Its style is ours and stands inside, because nothing else travels with the file."""
    shown = {
        **contents(guide, language),
        "language": language,
        "direction": direction(language),
        "style": format_html("<style>{}</style>", SafeString(_STYLE.read_text("utf-8"))),
        "text": SafeString(render_markdown(without_ids(guide.text[language]))),
    }
    return str(render_to_string("nassij_funding/guide_file.html", shown)).encode()
