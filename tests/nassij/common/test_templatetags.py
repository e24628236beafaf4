"""`{% load nassij %}`."""

from datetime import UTC, date, datetime

from django.template import engines
from django.utils import translation


def render(source: str, **context: object) -> str:
    with translation.override("fr"):
        return engines["django"].from_string("{% load nassij %}" + source).render(context)


def test_numbers_and_dates_are_in_the_language_of_the_page() -> None:
    assert render("{{ x|number:1 }} {{ x|signed }} {{ y|percent }}", x=57.44, y=0.5) == "57,4 +57 50\u00a0%"
    assert render(
        "{{ x|day }}, {{ y|moment }}", x=date(2027, 3, 15), y=datetime(2027, 3, 15, 8, 5, tzinfo=UTC)
    ).startswith("15 mars 2027, 15 mars 2027")
    assert render("{{ x|money }}", x=50) == "50\u00a0MAD"


def test_a_colon_keeps_its_place_in_french_and_touches_the_title_elsewhere() -> None:
    assert render("Plan{% colon %} x") == "Plan\u00a0: x"
    with translation.override("ar"):
        assert engines["django"].from_string("{% load nassij %}البرنامج{% colon %} x").render({}) == "البرنامج: x"


def test_nothing_is_shown_for_nothing() -> None:
    assert render("[{{ x|number }}{{ x|signed }}{{ x|percent }}{{ x|day }}{{ x|moment }}{{ x|money }}]", x=None) == "[]"


def test_rich_text_is_safe_and_figures_are_isolated() -> None:
    assert render("{{ x|markdown }}", x="**b** <script>") == "<p><strong>b</strong> &lt;script&gt;</p>\n"
    assert render("{{ x|ltr }}", x="1-58-376 <b>") == '<bdi dir="ltr">1-58-376 &lt;b&gt;</bdi>'
