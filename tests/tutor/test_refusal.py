"""When a site must not go on: one clear sentence and a non-zero exit, never a stock LMS without a word."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.tutor.projects import ROOT, Project
from tutornassij import checks, values
from tutornassij.settings import SETTINGS, Setting

DIST = "nassij-dist"


def broken_plugin(folder: Path, line: str = "raise RuntimeError('half installed')") -> str:
    """A copy of the plugin whose `images` cannot be imported; for PYTHONPATH."""
    copy = folder / "broken"
    shutil.copytree(
        ROOT / "tutor_plugin/tutornassij",
        copy / "tutornassij",
        ignore=shutil.ignore_patterns("packages", "__pycache__"),
    )
    module = copy / "tutornassij/images.py"
    module.write_text(f"{module.read_text('utf-8')}\n{line}\n", "utf-8")
    return str(copy)


STARTING = (
    ("config", "save"),
    ("local", "launch", "-I"),
    ("local", "start", "-d"),
    ("images", "build", "openedx"),
    ("k8s", "start"),
)


def test_a_plugin_that_cannot_be_imported_stops_everything(project: Project, tmp_path: Path) -> None:
    broken = broken_plugin(tmp_path)
    for command in STARTING:
        said = project.refused(*command, PYTHONPATH=broken)
        assert "RuntimeError: half installed" in said
        assert "tutor plugins disable nassij" in said
    assert project.calls() == []


def test_a_broken_plugin_can_still_be_disabled(project: Project, tmp_path: Path) -> None:
    broken = broken_plugin(tmp_path)
    project.tutor("plugins", "disable", "nassij", PYTHONPATH=broken)
    project.tutor("config", "save", PYTHONPATH=broken)
    assert "nassij" not in project.config["PLUGINS"]


BAD = [
    ("NASSIJ_LANGUAGES", ["ar", "de"], "NASSIJ_LANGUAGES"),
    ("NASSIJ_LANGUAGES", "ar", "must be a list"),
    ("NASSIJ_LANGUAGES", [], "NASSIJ_LANGUAGES"),
    ("NASSIJ_LANGUAGE_POLICY", "perhaps", "force | browser"),
    ("NASSIJ_CONTACT", {"telephone": "05"}, "NASSIJ_CONTACT"),
    ("NASSIJ_COURSE_RUNS", {"internal-governance": {"ar": "GOV2"}}, "NASSIJ_COURSE_RUNS"),
    ("NASSIJ_COURSE_RUNS", {"internal-governance": "GOV2"}, "NASSIJ_COURSE_RUNS"),
    ("NASSIJ_TIDY_MINUTES", 0, "1 … 60"),
    ("NASSIJ_JOB_SECONDS", "soon", "must be a whole number"),
    ("NASSIJ_CELERY_QUEUE", "a queue; rm -rf", "NASSIJ_CELERY_QUEUE"),
    ("NASSIJ_WORKER_REPLICAS", [4, 1], "[min, max]"),
    ("NASSIJ_DEMO_ACCOUNTS", True, "NASSIJ_DEMO_PASSWORD"),
    ("NASSIJ_STORAGE", "s3", "NASSIJ_S3_BUCKET is empty"),
    ("NASSIJ_CONTACT", {"messaging": "javascript:alert(1)"}, "NASSIJ_CONTACT"),
    ("NASSIJ_SITE_URL", "learn.example.org", "https://…"),
    ("NASSIJ_S3_ENDPOINT", "s3.internal:9000", "https://…"),
    ("NASSIJ_MAIL_FROM", "nobody", "name@example.org"),
    ("NASSIJ_COURSE_ORG", "an organisation", "letters, digits"),
    ("NASSIJ_CONTCAT", {}, "There is no setting NASSIJ_CONTCAT"),
]


@pytest.mark.parametrize(("name", "value", "words"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_a_value_that_cannot_work_is_named(name: str, value: object, words: str) -> None:
    assert list(values.problems({})) == []
    (problem,) = [found for found in values.problems({name: value}) if name in found][:1]
    assert words in problem or words in " ".join(values.problems({name: value}))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_value_of_another_kind_is_named(setting: Setting) -> None:
    """Of every setting; what a mapping or a list holds is looked at too, and never breaks the check itself."""
    assert setting.holds(setting.default)
    for value in (None, 3.5, object(), {"a": object()}, [None], "", True, -1):
        if type(value) is not type(setting.default):
            (problem,) = [each for each in values.problems({setting.name: value}) if each.startswith(setting.name)]
            assert "must be" in problem
        else:
            list(values.problems({setting.name: value}))


@pytest.mark.parametrize("value", ["", "https://learn.example.org", "http://127.0.0.1:8000/x"])
def test_good_addresses(value: str) -> None:
    assert list(values.problems({"NASSIJ_SITE_URL": value})) == []
    assert list(values.problems({"NASSIJ_MAIL_FROM": "Nassij <no-reply@example.org>"})) == []


def test_a_bad_value_stops_every_start(project: Project) -> None:
    for words in (
        ("NASSIJ_TIDY_MINUTES", "0", "1 … 60"),
        ("NASSIJ_CONTCAT", "{}", "There is no setting NASSIJ_CONTCAT"),
    ):
        name, value, expected = words
        assert expected in project.refused("config", "save", "--set", f"{name}={value}")
        assert expected in project.refused("local", "start", "-d")
        project.tutor("config", "save", "--unset", name)
    assert project.calls() == []


def test_one_bucket_for_both_is_refused() -> None:
    keys = ("NASSIJ_S3_BUCKET", "NASSIJ_S3_PRIVATE_BUCKET", "OPENEDX_AWS_ACCESS_KEY", "OPENEDX_AWS_SECRET_ACCESS_KEY")
    (problem,) = values.problems({"NASSIJ_STORAGE": "s3", **dict.fromkeys(keys, "x")})
    assert "two buckets" in problem


def test_a_missing_package(project: Project) -> None:
    next((project.wheels / DIST).glob("typst*.whl")).unlink()
    assert "a wheel of typst is missing" in project.refused("config", "save")
    assert "a wheel of typst is missing" in project.refused("local", "launch", "-I")
    assert not any("build" in call["argv"] for call in project.calls())


def test_an_altered_package(project: Project) -> None:
    next((project.wheels / DIST).glob("openedx_nassij*.whl")).write_bytes(b"something else")
    assert "openedx_nassij-9.9.9-py3-none-any.whl is not the file that was released" in project.refused(
        "config", "save"
    )


def test_no_packages_at_all(project: Project) -> None:
    shutil.rmtree(project.wheels / DIST)
    assert "make tutor-wheels" in project.refused("config", "save", "--clean")


def test_kubernetes_needs_a_store_that_pods_share(project: Project) -> None:
    for command in (("k8s", "launch", "-I"), ("k8s", "start"), ("k8s", "do", "init")):
        assert "NASSIJ_STORAGE=s3" in project.refused(*command)
    project.tutor("config", "save")  # without pods the folders of the machine are enough


@pytest.mark.parametrize(
    ("settings", "enough"),
    [
        ({}, False),
        ({"NASSIJ_STORAGE": "s3"}, True),
        ({"PLUGINS": ["minio"]}, False),  # the platform's files, but not evidence and reports
        ({"PLUGINS": ["minio"], "NASSIJ_PRIVATE_STORAGE": {"BACKEND": "x"}}, True),
    ],
)
def test_what_is_a_store_that_pods_share(settings: dict[str, object], enough: bool) -> None:
    config: Any = {"NASSIJ_STORAGE": "files", "NASSIJ_PRIVATE_STORAGE": {}, "PLUGINS": [], **settings}
    assert bool(list(checks.problems_on_kubernetes(config, ("tutor", "k8s", "start")))) != enough
    assert list(checks.problems_on_kubernetes(config, ("tutor", "k8s", "stop"))) == []
    assert list(checks.problems_on_kubernetes(config, ("tutor", "local", "start"))) == []
