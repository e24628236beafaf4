"""What a trainer is shown of mistakes in the sources."""

from __future__ import annotations

import pytest
from django.template import Engine
from django.template.context import Context
from django.utils import translation

from course_content.problems import MESSAGES, Place, Problem
from demo import authoring, paths


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_place_of_a_mistake_keeps_its_direction_and_its_words_take_the_pages(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem("missing_file", Place("courses/<x>/ar/lesson.md", 12, 3), {"name": "intro.md"}, MESSAGES)
    monkeypatch.setattr(authoring, "problems", lambda: (problem,))
    engine = Engine(dirs=[str(paths.ROOT / "demo/templates")], libraries={"i18n": "django.templatetags.i18n"})
    with translation.override(language):
        shown = engine.get_template("demo/_problems.html").render(Context({"problems": authoring.shown_problems()}))
    place, words = shown.split("<li>")[1].split("</bdi>")
    assert place == '<bdi dir="ltr"><code>courses/&lt;x&gt;/ar/lesson.md:12:3</code>'
    assert "intro.md" in words
    assert 'dir="ltr"' not in words
