"""`new`: what it makes is right but for the texts to write, stands in its list, and overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from course_content import new
from course_content.__main__ import main
from course_content.compiler import build, check
from tests.course_content.samples import Sources


def make(sources: Sources, *arguments: str) -> int:
    return main(["new", *arguments, "--sources", str(sources.root), "--lang", "en"])


def codes(sources: Sources) -> set[str]:
    return {problem.code for problem in check(sources.root).problems}


def write_all(root: Path) -> None:
    """What a trainer does next: each mark replaced by a text, another one each time."""
    for number, path in enumerate(sorted((root / "courses").rglob("*.*"))):
        if path.suffix in (".md", ".yaml"):
            text, word = path.read_text("utf-8"), "نص" if path.name == "ar.md" else "Texte"
            for place in range(text.count("⟦")):
                start, end = text.index("⟦"), text.index("⟧") + 1
                text = f"{text[:start]}{word} {number} {place}{text[end:]}"
            path.write_text(text, "utf-8")


def test_a_whole_course_from_nothing(sources: Sources, tmp_path: Path) -> None:
    assert make(sources, "course", "money-basics") == 0
    assert make(sources, "section", "money-basics", "s1-why") == 0
    assert make(sources, "unit", "money-basics", "s1-why", "u1-receipts") == 0
    assert make(sources, "unit", "money-basics", "s1-why", "u2-books") == 0
    assert make(sources, "unit", "money-basics", "s1-why", "u3-quiz", "--quiz") == 0
    assert codes(sources) == {"text_to_write"}

    write_all(sources.root)
    checked = check(sources.root)
    assert [problem.line() for problem in checked.problems] == []
    made = next(course for course in checked.courses if course.code == "money-basics")
    assert [unit.code for unit in made.units] == ["mone2-s1-u1", "mone2-s1-u2", "mone2-s1-u3"]
    assert [run.language for run in made.runs] == ["ar", "fr"] and made.number == 2 and made.org == "Nassij"
    assert len(build(checked, tmp_path / "out")) == 4


def test_every_text_to_write_is_named(sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(sources, "unit", "sample", "s1-first", "u9-end") == 0
    lines = capsys.readouterr().out.splitlines()
    unit = sources.section / "u9-end"
    assert lines[:3] == [str(unit / "ar.md"), str(unit / "fr.md"), str(sources.section / "section.yaml")]
    marks = sum((unit / f"{language}.md").read_text("utf-8").count("⟦") for language in ("ar", "fr"))
    assert len(lines[3:]) == marks == 20
    assert all(": text_to_write: " in line and line.endswith("Write your text in place of ⟦…⟧.") for line in lines[3:])


def test_languages_are_those_of_the_courses_there_are_or_those_asked_for(sources: Sources) -> None:
    assert make(sources, "course", "plain") == 0
    assert make(sources, "course", "three", "--language", "en", "--language", "ar") == 0
    read = {
        name: yaml.safe_load((sources.root / f"courses/{name}/course.yaml").read_text("utf-8"))
        for name in ("plain", "three")
    }
    assert list(read["plain"]["runs"]) == ["ar", "fr"]
    assert list(read["three"]["runs"]) == ["en", "ar"] and (read["plain"]["number"], read["three"]["number"]) == (2, 3)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("course", "sample"), "is there already"),
        (("section", "sample", "s1-first"), "is there already"),
        (("unit", "sample", "s1-first", "u1-one"), "is there already"),
        (("course", "Bad Name"), "cannot be a name"),
        (("unit", "sample", "s1-first", "../../x"), "cannot be a name"),
        (("section", "gone", "s2-more"), "names no runs"),
        (("unit", "sample", "gone", "u2-two"), "cannot be added to units:"),
    ],
)
def test_what_cannot_be_made_is_one_line_and_nothing_changes(
    sources: Sources, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    before = {path: path.read_bytes() for path in sources.root.rglob("*") if path.is_file()}
    assert make(sources, *arguments) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
    assert {path: path.read_bytes() for path in sources.root.rglob("*") if path.is_file()} == before
    assert not list(sources.root.rglob(".new-*"))


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(
    sources: Sources, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_arguments: object, **_named: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert make(sources, "unit", "sample", "s1-first", "u2-two") == 1
    assert capsys.readouterr().err.startswith("The files could not be written")
    monkeypatch.undo()
    assert codes(sources) == set() and sorted(path.name for path in sources.section.iterdir()) == [
        "section.yaml",
        "u1-one",
    ]


def test_a_code_that_is_taken_gives_way(sources: Sources) -> None:
    for name in ("u1-again", "u1-once-more"):
        assert make(sources, "unit", "sample", "s1-first", name) == 0
    read = [
        (sources.section / name / "fr.md").read_text("utf-8").split("\n")[1] for name in ("u1-again", "u1-once-more")
    ]
    assert read == ["code: smp1-s1-u1", "code: smp1-s1-u1-once-more"]


LAYOUTS = {
    "units: []\ntitle: x\n": "units:\n  - new\ntitle: x\n",
    "units: [a, b]  # why\ntitle: x\n": "units: [a, b, new]  # why\ntitle: x\n",
    "units:\n  - a\n  - b  # why\n\n# about\ntitle: x\n": "units:\n  - a\n  - b  # why\n  - new\n\n# about\ntitle: x\n",
    "units:\n- a\n- block: x\n  settings: {k: v}\n": "units:\n- a\n- block: x\n  settings: {k: v}\n- new\n",
    "units:\n  - a": "units:\n  - a\n  - new",
}


@pytest.mark.parametrize("before", LAYOUTS)
def test_a_list_grows_in_its_own_layout(before: str) -> None:
    assert new.with_entry(before, "units", "new") == LAYOUTS[before]


@pytest.mark.parametrize(
    "text", ["units: x\n", "title: x\n", "- a\n", "units: [a,\n  b] # c\n}\n", "a: &x [b]\nunits: *x\n"]
)
def test_a_list_that_cannot_grow_is_refused(text: str) -> None:
    with pytest.raises((ValueError, yaml.YAMLError)):
        new.with_entry(text, "units", "new")


@given(st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), max_size=4), st.booleans(), st.integers(0, 4))
def test_whatever_the_list_the_entry_is_its_last(names: list[str], flow: bool, indent: int) -> None:
    body = (
        f" [{', '.join(names)}]\n"
        if flow or not names
        else "".join(f"\n{' ' * indent}- {name}" for name in names) + "\n"
    )
    longer = new.with_entry(f"a: 1\nunits:{body}z: 2\n", "units", "quiz: new")
    assert yaml.safe_load(longer) == {"a": 1, "units": [*names, {"quiz": "new"}], "z": 2}
