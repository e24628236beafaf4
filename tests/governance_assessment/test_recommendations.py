"""The suite's own recommendations: all there, in three languages, pointing at lessons and guides that exist."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import governance_assessment
from course_content.compiler import SOURCES, check
from governance_assessment.domain import doubled_steps, load_yaml, missing_steps, parse_recommendations
from governance_assessment.instruments.library import parsed
from governance_assessment.plan import recommendations as loader
from governance_assessment.plan.advice import lesson
from governance_assessment.plan.recommendations import files_of, recommendations_of
from nassij.common.links import course_names, guide_title, guides, is_written, unit_title, unit_title_in_course, units
from tests.governance_assessment.domain.builders import gov_ma

FILES = files_of("gov-ma")
SCHEMA = Path(governance_assessment.__file__).parent / "schema/recommendations-1.schema.json"
#: Units per section of the seven courses, as their outlines have them.
OUTLINES = {
    "law1": (4, 4, 4, 5, 4),
    "gov2": (4, 4, 4, 3, 4),
    "fin3": (4, 5, 4, 4, 4),
    "pub4": (4, 4, 5, 4, 5),
    "pro5": (4, 4, 4, 4, 4),
    "dem6": (3, 4, 4, 3, 4),
    "dig7": (3, 3, 3, 3, 3),
}
UNITS = {
    f"{course}-s{section}-u{unit}"
    for course, sections in OUTLINES.items()
    for section, units in enumerate(sections, start=1)
    for unit in range(1, units + 1)
}


def everything() -> list:
    return [found for path in FILES for found in parse_recommendations(load_yaml(path.read_bytes()), gov_ma())]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_is_right_and_fits_the_published_schema(path: Path) -> None:
    parse_recommendations(load_yaml(path.read_bytes()), gov_ma())
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(yaml.safe_load(path.read_text("utf-8")))) == []


def test_every_step_of_every_indicator_is_there_once() -> None:
    assert missing_steps(gov_ma(), everything()) == ()
    assert doubled_steps(everything()) == ()
    assert len(everything()) == 144


def test_a_file_holds_its_own_dimension() -> None:
    for path in FILES:
        found = {item.indicator.split(".")[0] for item in parse_recommendations(load_yaml(path.read_bytes()), gov_ma())}
        assert found == {path.stem.removeprefix("d")}


def test_lessons_and_guides_exist() -> None:
    assert {found.unit for found in everything() if found.unit} <= UNITS
    assert {found.guide for found in everything() if found.guide} <= set(guides())


def test_titles_differ_and_each_language_is_its_own() -> None:
    for language in ("ar", "fr", "en"):
        titles = Counter(found.title.in_language(language) for found in everything())
        assert [title for title, times in titles.items() if times > 1] == []
    arabic = re.compile(r"[\u0600-\u06ff]")
    for found in everything():
        for text in (found.title, found.text):
            assert arabic.search(text.in_language("ar"))
            assert not arabic.search(text.in_language("fr") + text.in_language("en"))


def test_the_titles_of_guides_are_those_of_the_courses() -> None:
    assert guides() == yaml.safe_load((SOURCES / "guides.yaml").read_text("utf-8"))
    assert guide_title("G5", "fr") == "Le nécessaire de l’assemblée générale"
    assert guide_title("G99", "fr") == ""


def test_every_lesson_has_a_title_of_its_own_in_three_languages() -> None:
    """No more than the recommendations need, so that a title nobody shows is not kept up for nothing."""
    assert set(units()) == {found.unit for found in everything() if found.unit}
    assert set(course_names()) == set(OUTLINES)
    arabic = re.compile(r"[\u0600-\u06ff]")
    for titles in (units(), course_names()):
        assert all(set(title) == {"ar", "fr", "en"} for title in titles.values())
        assert all(
            arabic.search(title["ar"]) and not arabic.search(title["fr"] + title["en"]) for title in titles.values()
        )
        for language in ("ar", "fr", "en"):
            said = [title[language] for title in titles.values()]
            assert len(set(said)) == len(said)
            assert max(map(len, said)) <= 75
    for title in (*units().values(), *course_names().values()):
        assert not re.search(r" [:;?!]", title["fr"]), "a French title keeps its punctuation with a no-break space"


def test_a_written_lesson_has_the_title_that_recommendations_show() -> None:
    compared, there = set(), set()
    for course in check().courses:
        for unit in course.units:
            for language in (run.language for run in course.runs):
                assert course.titles[language].startswith(course_names()[unit.code.split("-")[0]][language])
                if unit.code in units():
                    there.add(unit.code)
                    assert unit.title(language) == units()[unit.code][language]
                    compared.add((unit.code, language))
    assert {("gov2-s1-u1", "ar"), ("gov2-s1-u4", "fr")} <= compared
    assert {code for code in units() if is_written(code)} == there, "name what is written in nassij/common/units.yaml"


def test_a_unit_without_a_title_is_no_lesson_to_name() -> None:
    assert unit_title("gov2-s9-u9", "fr") == unit_title_in_course("gov2-s9-u9", "fr") == ""
    assert lesson("gov2-s9-u9", "fr") is None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", "النصاب والتصويت والتوكيل (دورة «الحكامة الداخلية»)"),
        ("fr", "Quorum, vote, procuration (cours «\xa0Gouvernance interne\xa0»)"),
        ("en", "Quorum, vote, proxy (course “Internal governance”)"),
    ],
)
def test_where_a_course_does_not_run_its_name_stands_with_the_title(language: str, said: str) -> None:
    found = lesson("gov2-s2-u2", language)
    assert found is not None
    assert (found.in_course, found.url) == (said, None)


def test_a_link_leads_to_a_lesson_that_is_written_where_its_course_runs(settings: Any) -> None:
    def address(code: str, language: str) -> str | None:
        found = lesson(code, language)
        assert found is not None
        return found.url

    settings.NASSIJ_COURSE_RUNS = {"internal-governance": {"fr": "course-v1:Nassij+GOV2+fr"}}
    assert address("gov2-s1-u1", "fr") == "/courses/course-v1:Nassij+GOV2+fr/jump_to_id/gov2-s1-u1"
    assert address("gov2-s1-u1", "ar") is None, "that course does not run in Arabic"
    assert address("gov2-s5-u1", "fr") is None, "that lesson is not written yet"
    assert address("law1-s3-u1", "fr") is None, "that course does not run"


@pytest.mark.django_db
def test_an_entry_that_does_not_fit_costs_only_itself(
    tmp_path: Path, instrument, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from governance_assessment import api

    folder = tmp_path / "gov-ma"
    folder.mkdir()
    data = yaml.safe_load(FILES[0].read_text("utf-8"))
    data["recommendations"] = data["recommendations"][:3]
    data["recommendations"][1]["indicator"] = "9.9"  # retired by a later version
    (folder / "d1.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    (folder / "d2.yaml").write_text("recommendations: [", "utf-8")
    (folder / "d3.yaml").write_text("- a list", "utf-8")
    monkeypatch.setattr(loader, "RECOMMENDATIONS", tmp_path)
    content_hash = api.published_instrument(slug="gov-ma").content_hash
    recommendations_of.cache_clear()

    found = recommendations_of(content_hash)

    recommendations_of.cache_clear()
    assert len(found) == 2
    assert {"d1.yaml", "d2.yaml", "d3.yaml"} <= {word.strip(":") for word in caplog.text.split()}


@pytest.mark.django_db
def test_recommendations_are_read_once(instrument, django_assert_num_queries) -> None:
    from governance_assessment import api

    content_hash = api.published_instrument(slug="gov-ma").content_hash
    recommendations_of.cache_clear()
    parsed.cache_clear()
    with django_assert_num_queries(1):
        assert recommendations_of(content_hash) is recommendations_of(content_hash)
