"""``python -m governance_assessment``: without Django, without tracebacks, in three languages."""

from __future__ import annotations

import json
import os
import re
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from governance_assessment.__main__ import main
from governance_assessment.cli import change_words, messages
from governance_assessment.domain import Problem, ProblemCode
from tests.governance_assessment.domain.builders import INSTRUMENTS, document, indicator, section

GOV_MA = str(INSTRUMENTS / "gov-ma" / "0.1.0.yaml")
ROOT = INSTRUMENTS.parents[1]
SMALL = document(
    section("A", indicator("a1", express=True, critical=True), indicator("a2")),
    bands=[{"from": 0, "label": 1}, {"from": 50, "label": 2, "name": {"en": "high"}}],
)


class Files:
    """A directory of documents, and the command run on them."""

    def __init__(self, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self.capsys = capsys

    def write(self, name: str, content: Any) -> str:
        path = self.directory / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            words = json.dumps(content) if name.endswith(".json") else yaml.safe_dump(content, allow_unicode=True)
            path.write_text(content if isinstance(content, str) else words, "utf-8")
        return str(path)

    def run(self, *arguments: str) -> tuple[int, str, list[str]]:
        status = main(arguments)
        out, err = self.capsys.readouterr()
        return status, out, err.splitlines()


@pytest.fixture
def files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Files:
    return Files(tmp_path, capsys)


def answer_file(**given: Any) -> dict[str, Any]:
    return {"schema_version": 1, "instrument": "small", "version": "1.0.0", "answers": given}


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_score(files: Files, suffix: str) -> None:
    instrument = files.write(f"i.{suffix}", SMALL)
    given = files.write(f"a.{suffix}", answer_file(a1=4, a2=3))
    status, out, err = files.run("score", "--instrument", instrument, "--answers", given, "--lang", "en")
    assert (status, err) == (0, [])
    data = json.loads(out)
    assert data["overall"]["score"] == "250/3"
    assert data["overall"]["score_display"] == "83.3"
    assert (data["overall"]["title"], data["overall"]["label_name"]) == ("Small", "high")
    assert data["overall"]["sections"][0]["title"] == "A"
    assert len(data["instrument"]["content_hash"]) == 64


def test_express(files: Files) -> None:
    instrument = files.write("i.yaml", SMALL)
    given = files.write("a.yaml", answer_file(a1=4, a2=1))
    arguments = ("score", "--instrument", instrument, "--answers", given)
    full, express = (json.loads(files.run(*arguments, *more)[1]) for more in ((), ("--express",)))
    assert express["overall"]["score"] == "100"
    assert express["instrument"]["express"]
    assert express["instrument"]["content_hash"] == full["instrument"]["content_hash"]


@pytest.mark.parametrize("language, words", [("ar", "سليمة"), ("fr", "valide"), ("en", "is valid")])
def test_validate(files: Files, language: str, words: str) -> None:
    status, out, err = files.run("validate", "--instrument", GOV_MA, "--lang", language)
    assert (status, err) == (0, [])
    assert words in out
    assert "48" in out
    assert "18" in out


@pytest.mark.parametrize(("locale", "word"), [("ar_MA.UTF-8", "سليمة"), ("fr_FR.UTF-8", "valide"), ("C", "valide")])
def test_the_language_of_the_environment_unless_given(
    files: Files, locale: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert word in files.run("validate", "--instrument", GOV_MA)[1]


def test_one_line_for_each_problem_in_file_order(files: Files) -> None:
    text = yaml.safe_dump(SMALL | {"slug": "No Slug", "scale": {"min": 4, "max": 1}}, sort_keys=False)
    path = files.write("i.yaml", text)
    status, out, err = files.run("validate", "--instrument", path, "--lang", "fr")
    assert (status, out) == (2, "")
    slug_line, scale_line = (next(n for n, row in enumerate(text.splitlines(), 1) if row.strip().startswith(key))
                             for key in ("slug:", "max:"))  # fmt: skip
    assert err == [
        f"{path}:{slug_line}: « No Slug » n’a pas la forme attendue (/slug)",
        f"{path}:{scale_line}: le haut de l’échelle doit dépasser 4 (/scale/max)",
    ]


@pytest.mark.parametrize(
    "given, words",
    [
        (answer_file(a1=9), "level 9 is not on the scale (1 to 4) (/answers/a1)"),
        (answer_file(zz=1), "no indicator “zz” (/answers/zz)"),
        (answer_file(a1={"not_applicable": "x"}), "a critical point concerns every association"),
        (answer_file(a2={"not_applicable": ""}), "needs a reason"),
        (answer_file() | {"instrument": "other"}, "for “other”, the instrument is “small”"),
        (answer_file() | {"profile": 3}, "expected keys and values"),
        ("a: [", "syntax error, line"),
        (b"\xff\xfe\xff", "syntax error"),
        (b"x" * 2_000_000, "larger than"),
        ("a: &a [*a]", "contains itself"),
        ("", "expected keys and values"),
    ],
)
def test_bad_answers(files: Files, given: Any, words: str) -> None:
    instrument, path = files.write("i.yaml", SMALL), files.write("a.yaml", given)
    status, out, err = files.run("score", "--instrument", instrument, "--answers", path, "--lang", "en")
    assert (status, out, len(err)) == (2, "", 1)
    assert err[0].startswith(path)
    assert words in err[0]


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b"])
def test_unreadable_file(files: Files, name: str) -> None:
    status, _out, err = files.run("validate", "--instrument", str(files.directory / name), "--lang", "en")
    assert (status, len(err)) == (2, 1)
    assert "the file cannot be read" in err[0]


@pytest.mark.parametrize("arguments", [(), ("score",), ("validate", "--lang", "xx"), ("dance",)])
def test_bad_command(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


@pytest.mark.parametrize("more", [{}, {"PYTHONIOENCODING": "ascii"}])
def test_as_a_program_without_django(more: dict[str, str], tmp_path: Path) -> None:
    """No settings, no Django imported, Arabic even where the terminal claims ASCII, quiet when the reader leaves."""
    environment = {key: value for key, value in os.environ.items() if "DJANGO" not in key} | {"LC_ALL": "ar"} | more
    command = [sys.executable, "-X", "importtime", "-m", "governance_assessment", "validate", "--instrument", GOV_MA]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert "سليمة" in done.stdout.decode()
    assert b"django" not in done.stderr.lower()


def test_a_reader_that_leaves(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "governance_assessment", "validate", "--instrument", GOV_MA]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, b"")


class TestMessages:
    def test_every_code_has_a_sentence(self) -> None:
        assert set(messages._PROBLEMS) == {str(code) for code in ProblemCode}

    @pytest.mark.parametrize(
        "table",
        [messages._PROBLEMS, messages._SENTENCES, change_words._CHANGES],
        ids=["problems", "sentences", "changes"],
    )
    def test_the_words_are_those_of_the_pages(self, table: dict[str, tuple[str, str, str]]) -> None:
        """One word for one thing: the pages say domaine, coefficient, format express and point critique."""
        other = re.compile(
            r"\b(dimensions?|poids|forme express|non applicable|« ne sait pas)\b|محور|المحاور|وزن|السريعة|أساسي|لا أعلم",
            re.I,
        )
        assert [said for sentences in table.values() for said in sentences if other.search(said)] == []

    @pytest.mark.parametrize("table", [messages._PROBLEMS, messages._SENTENCES, messages._KINDS])
    def test_three_languages_with_the_same_parameters(self, table: dict[str, tuple[str, str, str]]) -> None:
        for key, row in table.items():
            assert len(row) == len(set(row)) == 3, key
            names = [
                {name for _text, name, _spec, _conversion in string.Formatter().parse(words) if name} for words in row
            ]
            assert names[0] == names[1] == names[2], key
            assert any("\u0600" <= letter <= "\u06ff" for letter in row[0]), key

    def test_words_of_parameters(self) -> None:
        problem = Problem(ProblemCode.WRONG_TYPE, "/a", {"expected": "list"})
        assert [messages.problem_text(problem, language) for language in ("ar", "fr", "en")] == [
            "نوع القيمة غير صحيح؛ المنتظر: قائمة",
            "mauvais type de valeur ; attendu : une liste",
            "wrong kind of value; expected a list",
        ]


class TestCompare:
    NEWER = SMALL | {"version": "1.1.0"}

    def run(self, files: Files, newer: Any, *more: str) -> tuple[int, str, list[str]]:
        old, new = files.write("old.yaml", SMALL), files.write("new.yaml", newer)
        return files.run("compare", "--instrument", new, "--with", old, "--lang", "en", *more)

    def test_a_number_that_suits_the_changes(self, files: Files) -> None:
        status, out, err = self.run(files, self.NEWER | {"title": {"en": "Other"}})
        assert (status, err) == (0, [])
        assert out.splitlines() == [
            "patch: wording or translation changed: the heading",
            "from 1.0.0 to 1.1.0: the number suits the changes (patch)",
        ]

    def test_a_number_that_says_too_little(self, files: Files) -> None:
        status, out, err = self.run(files, self.NEWER | {"sections": [section("A", indicator("a1", critical=True))]})
        assert (status, out) == (2, "")
        assert "major: indicator removed: a2" in err
        assert err[-1].endswith("the number 1.1.0 is not enough after 1.0.0: these changes need a major version")
        assert self.run(files, SMALL)[0] == 2

    def test_a_declaration_that_does_not_hold(self, files: Files) -> None:
        items = {"a1": {"relation": "equal"}, "a2": {"relation": "equal"}}
        newer = self.NEWER | {"replaces": {"version": "1.0.0", "items": items}}
        assert self.run(files, newer)[0] == 0
        items["a2"] = {"relation": "new"}
        status, _out, err = self.run(files, newer)
        assert status == 2
        assert len(err) == 2
        assert all("new.yaml:" in line for line in err)
