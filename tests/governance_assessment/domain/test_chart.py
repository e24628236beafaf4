"""The radar chart: small, safe, honest about gaps."""

from __future__ import annotations

import gzip
import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.domain import Axis, radar_svg
from governance_assessment.domain.chart import RADIUS
from tests.governance_assessment.domain.builders import few

SVG = "{http://www.w3.org/2000/svg}"
ARABIC = [
    "الوجود القانوني",
    "الديمقراطية الداخلية",
    "التخطيط",
    "المالية",
    "الموارد البشرية",
    "الشفافية",
    "الأخلاقيات",
    "المشاريع والشراكات",
]


def chart(values: list[int | None], previous: list[int | None] | None = None, labels: list[str] = ARABIC) -> str:
    def number(value: int | None) -> Fraction | None:
        return None if value is None else Fraction(value)

    before = previous or [None] * len(values)
    axes = [Axis(*row) for row in zip(labels, map(number, values), map(number, before), strict=False)]
    return radar_svg(axes, title="نتيجة الجمعية حسب المحاور", description="ثمانية محاور من 0 إلى 100", element_id="r1")


def paths(svg: str, name: str) -> list[str]:
    found = ElementTree.fromstring(svg).iter(f"{SVG}path")
    return [path.get("d", "") for path in found if name in path.get("class", "").split()]


def test_weight() -> None:
    """Eight axes, Arabic labels, two rounds: at most 1 KB compressed."""
    svg = chart([73, 38, 50, 66, 100, 0, 81, 24], [60, 30, 40, 50, 70, 10, 80, 20])
    assert len(gzip.compress(svg.encode(), 9, mtime=0)) <= 1024


def test_accessible_and_strict() -> None:
    svg = chart([10] * 8)
    root = ElementTree.fromstring(svg)
    assert (root.get("role"), root.get("direction")) == ("img", "ltr")
    assert root.get("aria-labelledby") == "r1-t r1-d"
    assert root.findtext(f"{SVG}title") == "نتيجة الجمعية حسب المحاور"
    assert root.findtext(f"{SVG}desc") == "ثمانية محاور من 0 إلى 100"
    assert "style" not in svg
    assert not re.search(r"#[0-9a-f]{3}|rgb", svg), "colours come from the page"


def test_shape() -> None:
    svg = chart([100, 100, 100, 0], labels=list("abcd"))
    (now,) = paths(svg, "nassij-radar-now")
    assert now == f"M0 {-RADIUS}L{RADIUS} 0L0 {RADIUS}L0 0Z"
    assert paths(svg, "nassij-radar-before") == []


def test_previous_round() -> None:
    assert len(paths(chart([50] * 8, [25] * 8), "nassij-radar-before")) == 1


def test_a_gap_is_no_zero() -> None:
    (now,) = paths(chart([100, None, 100, 100], labels=list("abcd")), "nassij-radar-now")
    assert now == f"M0 {RADIUS}L{-RADIUS} 0M{-RADIUS} 0L0 {-RADIUS}"
    assert "Z" not in now
    assert "is-open" in chart([100, None, 100, 100])


def test_a_lone_value_is_a_dot() -> None:
    svg = chart([None, 50, None, None], labels=list("abcd"))
    assert paths(svg, "nassij-radar-now") == []
    assert paths(svg, "nassij-radar-dots") == [f"M{RADIUS // 2} 0h0"]
    assert paths(chart([None] * 8), "nassij-radar-dots") == []


def test_values_beyond_the_scale_stay_inside() -> None:
    (now,) = paths(chart([250, -5, 0], labels=list("abc")), "nassij-radar-now")
    assert now == f"M0 {-RADIUS}L0 0L0 0Z"


def test_fewer_than_three_axes() -> None:
    with pytest.raises(ValueError, match="three"):
        chart([1, 2])


def test_lines_of_a_label() -> None:
    svg = chart([1, 2, 3], labels=["Transparence et communication", "b", "c"])
    lines = [span.text for span in ElementTree.fromstring(svg).iter(f"{SVG}tspan")]
    assert lines == ["et", "communication"]


@few
@given(st.lists(st.tuples(st.text(max_size=80), st.none() | st.integers(-10, 110)), min_size=3, max_size=12), st.text())
def test_any_text_gives_well_formed_xml_with_everything_in_view(rows: list[tuple[str, int | None]], name: str) -> None:
    axes = [Axis(label, None if value is None else Fraction(value)) for label, value in rows]
    svg = radar_svg(axes, title=name, description=name, element_id="x")
    root = ElementTree.fromstring(svg)
    left, top, width, height = map(int, root.get("viewBox", "").split())
    for label in root.iter(f"{SVG}text"):
        x, y = int(label.get("x", "")), int(label.get("y", ""))
        assert left <= x <= left + width
        assert top <= y <= top + height


@pytest.mark.parametrize("attack", ["</title><script>alert(1)</script>", '"><b>', "&lt;", "a\x00b\ud800\u202ec"])
def test_text_is_escaped(attack: str) -> None:
    svg = radar_svg([Axis(attack, Fraction(1))] * 3, title=attack, description=attack, element_id='a"b')
    root = ElementTree.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "title", "desc", "path", "g", "text"}
    assert root.get("aria-labelledby") == 'a"b-t a"b-d'
