"""A lesson on paper: everything to read, blanks where one answers, no answers. A page of its own, without script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.templatetags.static import static

from nassij.common.text import direction, plain
from xblocks.common.block import SHARED_STYLE, template_engine

from . import markdown, rendering
from .model import Lesson

STYLE = "nassij/handout.css"


def handout_html(lesson: Lesson, contact: Mapping[str, str]) -> str:
    """The page, in the language of the lesson (which has to be the active one)."""
    context: dict[str, Any] = {
        "language": lesson.language,
        "direction": direction(lesson.language),
        "style": static(SHARED_STYLE),
        "handout_style": static(STYLE),
        "title": markdown.line_html(lesson.title),
        "plain_title": plain(lesson.title),
        "steps": [rendering.shown_step(step, number, False) for number, step in enumerate(lesson.steps, start=1)],
        "contact": dict(contact),
        "paper": True,  # a picture that waits to be looked at is not printed
        **rendering.around(lesson),
    }
    return str(template_engine().get_template(f"{rendering.TEMPLATES}/handout.html").render(context))
