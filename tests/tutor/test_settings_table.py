"""One table of settings: in the plugin, in the documentation, and of what the suite reads."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import yaml

from tests.tutor.projects import ROOT
from tutornassij.settings import NOT_HERE, SETTINGS

DOCUMENTED = ROOT / "docs/operations/tutor-settings.rst"


def suite_settings() -> dict[str, Any]:
    """The `DEFAULTS` of every `settings/common.py` of the suite, read as text: the suite is not installed here."""
    found: dict[str, Any] = {}
    for path in [*ROOT.glob("nassij/*/settings/common.py"), *ROOT.glob("*/settings/common.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.AnnAssign)
                and ast.unparse(node.target) == "DEFAULTS"
                and isinstance(node.value, ast.Dict)
            ):
                for key, value in zip(node.value.keys, node.value.values, strict=True):
                    assert isinstance(key, ast.Constant)
                    found[key.value] = eval(ast.unparse(value), {})
    return found


def test_every_setting_of_the_suite_is_here_or_has_a_reason_not_to_be() -> None:
    ours = {each.name for each in SETTINGS if each.site}
    suite = suite_settings()
    assert len(suite) > 20
    assert ours | set(NOT_HERE) == set(suite)
    assert not ours & set(NOT_HERE)


DIFFERENT = {
    "NASSIJ_CELERY_QUEUE": "a queue of our own, because there is a worker for it",
    "NASSIJ_COURSE_RUNS": "the courses are imported here, under these keys",
}


def test_the_defaults_are_those_of_the_suite() -> None:
    suite = {name: list(value) if isinstance(value, tuple) else value for name, value in suite_settings().items()}
    ours = {each.name: each.default for each in SETTINGS if each.site and each.name not in DIFFERENT}
    assert ours == {name: suite[name] for name in ours}


def test_the_runs_are_those_of_the_course_sources() -> None:
    default = next(each.default for each in SETTINGS if each.name == "NASSIJ_COURSE_RUNS")
    found = {}
    for path in sorted((ROOT / "course_content/courses").glob("*/course.yaml")):
        course = yaml.safe_load(path.read_text("utf-8"))
        runs = course["runs"].items()
        found[course["code"]] = {
            language: f"course-v1:{course['org']}+{run['course']}+{run['run']}" for language, run in runs
        }
    assert default == found


def documented(path: Path = DOCUMENTED) -> dict[str, str]:
    """name: default, from the rows of the tables."""
    rows = re.findall(
        r"^   \* - ``(NASSIJ_[A-Z0-9_]+)``\n     - ``(.*)``$", path.read_text("utf-8"), flags=re.MULTILINE
    )
    return dict(rows)


def test_the_documentation_has_exactly_these() -> None:
    assert documented() == {each.name: json.dumps(each.default, ensure_ascii=False) for each in SETTINGS}


def test_every_meaning_is_documented() -> None:
    text = " ".join(DOCUMENTED.read_text("utf-8").split())
    for each in SETTINGS:
        assert " ".join(each.meaning.split()) in text, each.name
