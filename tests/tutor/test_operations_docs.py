"""What the operator's pages tell to type exists: commands, options, settings, checks; and each page is one that can be found."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from tests.tutor.projects import ROOT
from tutornassij.cli import COMMANDS
from tutornassij.doctor.checks import CHECKS
from tutornassij.settings import SETTINGS

PAGES = sorted((ROOT / "docs/operations").glob("*.rst"))
OURS = {command.name: command for command in COMMANDS}
CALL = re.compile(r"tutor (?:--root \S+ )?(nassij|local|k8s|config|plugins|images)((?: [^\n`|&;#]+)?)")


def calls() -> Iterator[tuple[str, list[str]]]:
    """(group, words) of every call of Tutor on these pages; lines that go on are one."""
    for page in PAGES:
        text = re.sub(r"\\\n\s*", "", page.read_text("utf-8"))
        for group, rest in CALL.findall(text):
            yield group, shlex.split(rest.replace("…", "x"), posix=False)


def test_every_command_of_ours_has_these_options() -> None:
    seen = set()
    for group, words in calls():
        if group == "nassij" and words:
            name = words[0].strip(".,)“”")
            assert name in OURS, name
            options = {opt for parameter in OURS[name].params for opt in parameter.opts}
            told = {word.split("=")[0] for word in re.findall(r"--[a-z-]+", " ".join(words))}
            assert told <= options, (name, told - options)
            seen.add(name)
    assert seen == set(OURS), "a command that no page tells of"


@pytest.fixture(scope="module")
def jobs() -> set[str]:
    from tutor import hooks
    from tutor.commands import jobs as tutor_jobs  # noqa: F401 - registers Tutor's own

    from tutornassij import jobs as ours  # noqa: F401

    return {
        str(command.name) for command in hooks.Filters.CLI_DO_COMMANDS.iterate() if isinstance(command, click.Command)
    }


def test_every_job_exists(jobs: set[str]) -> None:
    told = {words[1] for group, words in calls() if group in ("local", "k8s") and words[:1] == ["do"]}
    assert "nassij-selfcheck" in told and "createuser" in told
    assert told <= jobs, told - jobs


def test_every_setting_exists() -> None:
    from tutor import config

    told = {name for page in PAGES for name in re.findall(r"--set ([A-Z0-9_]+)=", page.read_text("utf-8"))}
    known = {*config.load_defaults(), *config.get_base(), *(each.name for each in SETTINGS)}
    assert len(told) > 20 and told <= {*known, "NAME"}, told - known


def test_the_doctor_s_page_names_every_check() -> None:
    text = (ROOT / "docs/operations/doctor.rst").read_text("utf-8")
    assert re.findall(r"^``([a-z]+)`` {2,}", text, re.MULTILINE) == [check.name for check in CHECKS]


def test_every_page_that_is_named_exists() -> None:
    for page in PAGES:
        for target in re.findall(r":doc:`(?:[^`<]*<)?([^`>]+)>?`", page.read_text("utf-8")):
            folder = ROOT / "docs" if target.startswith("/") else page.parent
            assert (folder / f"{target.lstrip('/')}.rst").exists(), f"{page.name}: {target}"
