"""`nassij_selfcheck` as an operator and a script use it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from nassij.common import selfcheck
from nassij.common.selfcheck import Asked, Check, Outcome, Service, failed, not_here, ok, warned
from nassij.operations.management.commands import nassij_selfcheck

FINDINGS = {
    "good": ok("all is well", n=1),
    "weak": warned("something is missing", "add it"),
    "bad": failed("it does not work", "mend it"),
    "away": not_here("only in a platform"),
}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`run("good", "bad", "--json", service=Service.LMS)` -> exit code and what was printed; the names are checks there are."""

    def running(*words: str, service: Service = Service.LMS, asked: list[Asked] | None = None) -> tuple[int, str]:
        def finding(name: str) -> Any:
            def look(given: Asked) -> Any:
                if asked is not None:
                    asked.append(given)
                yield FINDINGS[name]

            return look

        found = {
            name: Check(name, f"Title of {name}", finding(name), selfcheck.ANYWHERE)
            for name in words
            if name in FINDINGS
        }
        monkeypatch.setattr(nassij_selfcheck, "checks", lambda: found)
        monkeypatch.setattr(nassij_selfcheck, "FIRST", ())
        monkeypatch.setattr(nassij_selfcheck, "service", lambda: service)
        out, code = StringIO(), 0
        try:
            call_command("nassij_selfcheck", *[word for word in words if word not in FINDINGS], stdout=out)
        except SystemExit as end:
            code = int(str(end.code))
        return code, out.getvalue()

    return running


@pytest.mark.parametrize(
    ("words", "service", "code"),
    [
        (["good"], Service.LMS, 0),
        (["good", "weak"], Service.LMS, 0),
        (["good", "weak", "--strict"], Service.CMS, 1),
        (["good", "bad"], Service.CMS, 1),
        (["good", "away"], Service.LMS, 0),  # the other service's
        (["good", "away"], Service.NONE, 3),  # a script must not take this for a site that works
        (["bad", "away"], Service.NONE, 1),
        (["good"], Service.NONE, 0),
    ],
)
def test_exit_codes(run: Any, words: list[str], service: Service, code: int) -> None:
    assert run(*words, service=service)[0] == code
    assert run(*words, "--json", service=service)[0] == code


def test_people_read_each_finding_with_its_remedy(run: Any) -> None:
    _code, text = run("good", "weak", "bad", "away", "--lang", "en", service=Service.NONE)
    assert text.splitlines() == [
        "Title of good",
        "  ok all is well",
        "Title of weak",
        "  WARNING something is missing",
        "      → add it",
        "Title of bad",
        "  FAILED it does not work",
        "      → mend it",
        "Title of away",
        "  not here only in a platform",
        "1 finding is well; 1 warning; 1 failed; 1 could not be looked at here. "
        "This is not an Open edX platform: what needs one was not looked at.",
    ]


def test_programs_read_json(run: Any) -> None:
    _code, text = run("good", "bad", "--json", "--lang", "fr")
    told = json.loads(text)
    assert told["service"] == "lms" and told["language"] == "fr"
    assert told["totals"] == {"ok": 1, "warned": 0, "failed": 1, "not_here": 0}
    good, bad = told["checks"]
    assert good["findings"] == [{"outcome": "ok", "message": "all is well", "remedy": "", "details": {"n": 1}}]
    assert bad["check"] == "bad" and bad["findings"][0]["remedy"] == "mend it"


def test_only_some(run: Any) -> None:
    _code, text = run("good", "bad", "--only=good", "--json")
    assert [found["check"] for found in json.loads(text)["checks"]] == ["good"]
    with pytest.raises(CommandError, match="gone") as caught:
        run("good", "--only=gone", "--lang", "en")
    assert caught.value.returncode == 2


def test_what_is_given_reaches_the_checks(run: Any) -> None:
    asked: list[Asked] = []
    run("good", "--address", "http://lms:8000", "--seconds", "5", asked=asked)
    assert asked == [Asked(Service.LMS, "http://lms:8000", 5.0)]


def test_a_list_looks_at_nothing(run: Any) -> None:
    asked: list[Asked] = []
    code, text = run("good", "bad", "--list", asked=asked)
    assert (code, asked) == (0, [])
    assert [line.split()[0] for line in text.splitlines()] == ["good", "bad"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", "ليس هنا"), ("fr", "Pas ici"), ("en", "Not here")],
)
def test_here_there_is_no_platform_and_it_says_so(language: str, words: str) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("nassij_selfcheck", "--lang", language, "--json", stdout=out)
    assert end.value.code in (1, 3)
    told = json.loads(out.getvalue())
    assert told["service"] == "none"
    by_name = {found["check"]: found["findings"] for found in told["checks"]}
    for name, check in selfcheck.checks().items():
        if Service.NONE not in check.on:
            assert [one["outcome"] for one in by_name[name]] == [Outcome.NOT_HERE]
            assert words in by_name[name][0]["message"]
    for findings in by_name.values():
        for one in findings:
            assert bool(one["remedy"]) is (one["outcome"] in ("failed", "warned"))
    if language == "ar":
        latin = [
            one["remedy"] for found in by_name.values() for one in found if not re.search("[ء-ي]", one["remedy"] + "ء")
        ]
        assert latin == []


def test_each_check_has_a_title_in_three_languages() -> None:
    from django.utils.translation import override

    for check in selfcheck.checks().values():
        titles = set()
        for language in ("ar", "fr", "en"):
            with override(language):
                titles.add(str(check.title))
        assert len(titles) == 3, check.name


def test_the_tests_for_a_platform_are_not_skipped_in_silence() -> None:
    folder = Path(__file__).parents[2] / "openedx"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    ended = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no Open edX platform here" in ended.stdout + ended.stderr
