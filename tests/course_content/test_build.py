"""What the compiler writes: valid OLX with lessons inline, the same bytes every time, ids that stay."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from olxcleaner import validate

from course_content import cover
from course_content.__main__ import main
from course_content.archive import tar_gz, write_file, write_folder
from course_content.compiler import SOURCES, BuiltRun, build, check
from tests.course_content.samples import SVG, Sources, both, with_quiz
from tests.xblocks.lesson.samples import Bench, course_ids
from xblocks.lesson_block import LessonBlock

OURS = ["nassij_lesson", "nassij_governance"]


def built(sources: Path, out: Path) -> dict[str, BuiltRun]:
    return {run.language: run for run in build(check(sources), out)}


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_one_run_per_language_with_lessons_inline(sources: Sources, tmp_path: Path) -> None:
    runs = built(sources.root, tmp_path / "out")
    assert {run.key for run in runs.values()} == {"course-v1:Nassij+SMP1+ar", "course-v1:Nassij+SMP1+fr"}
    vertical = etree.parse(str(runs["fr"].folder / "vertical/smp-s1-u1.xml")).getroot()
    assert vertical.get("display_name") == "Leçon : une"
    lesson = vertical[0]
    assert (lesson.tag, lesson.get("url_name"), lesson.get("language")) == ("nassij_lesson", "smp-s1-u1", "fr")
    block = LessonBlock.parse_xml(lesson, Bench(), course_ids())
    assert [step.id for step in block.lesson.steps] == ["one", "check"]
    assert [(source.fact, source.to_confirm) for source in block.lesson.sources] == [("A1.1", False), ("A1.2", True)]
    assert block.lesson.guide.title == "Guide"


def test_another_block_can_be_a_unit(sources: Sources, tmp_path: Path) -> None:
    runs = built(sources.root, tmp_path / "out")
    block = etree.parse(str(runs["ar"].folder / "vertical/smp-s1-u2.xml")).getroot()[0]
    assert (block.tag, block.get("url_name"), block.get("round_kind")) == ("nassij_governance", "smp-s1-u2", "express")
    assert block.get("display_name") == "تقييم"


def test_the_outline_points_to_files_that_are_there(sources: Sources, tmp_path: Path) -> None:
    folder = built(sources.root, tmp_path / "out")["ar"].folder
    seen = []
    pending = [("course", "ar")]
    while pending:
        kind, name = pending.pop()
        for node in etree.parse(str(folder / kind / f"{name}.xml")).getroot():
            if kind != "vertical":
                pending.append((node.tag, node.get("url_name")))
        seen.append(f"{kind}/{name}.xml")
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*.xml")} - {"course.xml"}
    assert set(seen) == written


def test_pictures_come_along_under_names_of_their_own(sources: Sources, tmp_path: Path) -> None:
    folder = built(sources.root, tmp_path / "out")["ar"].folder
    assert {path.name for path in (folder / "static").iterdir()} == {"course-image.png", "smp-s1-u1_way.ar.svg"}
    assert "](/static/smp-s1-u1_way.ar.svg" in (folder / "vertical/smp-s1-u1.xml").read_text("utf-8")


def test_pictures_of_self_checks_come_along_too(sources: Sources, tmp_path: Path) -> None:
    for language in ("ar", "fr"):
        sources.edit(f"{language}.md", '"LOOK AGAIN"', f'"Look:\\n\\n![x](assets/again.{language}.svg)"')
        sources.edit(f"{language}.md", '"NO"', f'"![no](assets/no.{language}.svg)"')
        for name in ("again", "no"):
            (sources.unit / f"assets/{name}.{language}.svg").write_text(SVG, "utf-8")
    folder = built(sources.root, tmp_path / "out")["fr"].folder
    names = {"smp-s1-u1_again.fr.svg", "smp-s1-u1_no.fr.svg", "smp-s1-u1_way.fr.svg"}
    assert {path.name for path in (folder / "static").iterdir()} == names | {"course-image.png"}
    lesson = (folder / "vertical/smp-s1-u1.xml").read_text("utf-8")
    assert set(re.findall(r"\]\(/static/([^) ]+)", lesson)) == names and "assets/" not in lesson


def test_files_come_along_measured_and_under_names_of_their_own(sources: Sources, tmp_path: Path) -> None:
    block = "```file {#form}\ntitle: Form\nfile: assets/form.pdf\nsize: 1 KB\n```\n\n"
    both("```self-check", f"{block}```self-check")(sources)
    sources.path("assets/form.pdf").write_bytes(b"%PDF-" + b"x" * 95)
    folder = built(sources.root, tmp_path / "out")["ar"].folder
    assert (folder / "static/smp-s1-u1_form.pdf").read_bytes().startswith(b"%PDF-")
    text = (folder / "vertical/smp-s1-u1.xml").read_text("utf-8")
    assert '<file src="/static/smp-s1-u1_form.pdf" size="100"/>' in text


def test_a_course_has_a_picture_of_its_own_weave(sources: Sources, tmp_path: Path) -> None:
    """Without one, dashboard and about page show a broken one: `images_course_image.jpg` is not there."""
    folder = built(sources.root, tmp_path / "out")["ar"].folder
    content = (folder / "static/course-image.png").read_bytes()

    assert etree.parse(str(folder / "course/ar.xml")).getroot().get("course_image") == "course-image.png"
    assert content.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 756, 450))
    pixels = zlib.decompressobj().decompress(content[content.index(b"IDAT") + 4 :])
    assert len(pixels) == 450 * (1 + 756) and set(pixels) == {0, 1, 2, 3}
    assert len(content) < 4096
    assert len({cover.picture(number) for number in range(1, 8)}) >= 5


def test_or_the_one_it_brings(sources: Sources, tmp_path: Path) -> None:
    (sources.course / "door.jpg").write_bytes(b"\xff\xd8\xff picture")
    sources.edit("course.yaml", "org: Nassij", "org: Nassij\nimage: door.jpg")
    folder = built(sources.root, tmp_path / "out")["fr"].folder

    assert (folder / "static/course-image.jpg").read_bytes() == b"\xff\xd8\xff picture"
    assert 'course_image="course-image.jpg"' in (folder / "course/fr.xml").read_text("utf-8")


def test_the_index_tells_where_each_unit_is(sources: Sources, tmp_path: Path) -> None:
    built(sources.root, tmp_path / "out")
    index = json.loads((tmp_path / "out/unit_index.json").read_text("utf-8"))
    assert index["smp-s1-u1"]["fr"] == {
        "course": "sample",
        "run": "course-v1:Nassij+SMP1+fr",
        "url_name": "smp-s1-u1",
        "unit_usage": "block-v1:Nassij+SMP1+fr+type@vertical+block@smp-s1-u1",
        "block_usage": "block-v1:Nassij+SMP1+fr+type@nassij_lesson+block@smp-s1-u1",
        "title": "Leçon : une",
    }
    assert index["smp-s1-u2"]["ar"]["block_usage"].endswith("type@nassij_governance+block@smp-s1-u2")


def test_the_same_sources_give_the_same_bytes(sources: Sources, tmp_path: Path) -> None:
    built(sources.root, tmp_path / "one")
    copy = shutil.copytree(sources.root, tmp_path / "moved/elsewhere")
    built(copy, tmp_path / "two")
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


# What the sample gives on every Python and machine. When the compiler or the sample changes on purpose, so does this.
GOLDEN = {
    "sample-ar.tar.gz": "cebc681a892109538162e8bac9615935ba3a5d6c5e8b065413306e024892c15f",
    "sample-fr.tar.gz": "7c968833157fa1051cc1e0fe0f4ba608e112a301fc97aa448184ffcdb9e95468",
    "unit_index.json": "339db167e2d8c0a58b6d51395d7724c8afbe90e1e8c967e1321016f9849c6b39",
}


def test_both_pythons_give_the_same_bytes(sources: Sources, tmp_path: Path) -> None:
    with_quiz(sources)
    built(sources.root, tmp_path / "out")
    assert {name: found for name, found in digest(tmp_path / "out").items() if "/" not in name} == GOLDEN


def test_building_again_touches_nothing_that_is_as_it_should_be(sources: Sources, tmp_path: Path) -> None:
    out = tmp_path / "out"
    built(sources.root, out)
    (out / "sample-ar/vertical/left-over.xml").write_text("<vertical/>")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    built(sources.root, out)
    after = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    assert set(before) - set(after) == {out / "sample-ar/vertical/left-over.xml"}
    assert all(before[path] == stamp for path, stamp in after.items())


def test_an_edited_sentence_changes_no_id(sources: Sources, tmp_path: Path) -> None:
    built(sources.root, tmp_path / "one")
    sources.edit("ar.md", "TEXT with", "A better TEXT with")
    built(sources.root, tmp_path / "two")
    one, two = digest(tmp_path / "one"), digest(tmp_path / "two")
    assert set(one) == set(two)
    changed = {name for name in one if one[name] != two[name]}
    assert changed == {"sample-ar.tar.gz", "sample-ar/vertical/smp-s1-u1.xml"}


def test_the_archive_is_what_studio_imports(sources: Sources, tmp_path: Path) -> None:
    run = built(sources.root, tmp_path / "out")["ar"]
    with tarfile.open(run.archive) as archive:
        members = archive.getmembers()
        assert "course/course.xml" in archive.getnames()
        assert {(member.mtime, member.uid, member.uname, member.mode) for member in members} == {(0, 0, "", 0o644)}
        inside = {member.name.removeprefix("course/"): archive.extractfile(member).read() for member in members}
    assert inside == {name: (run.folder / name).read_bytes() for name in digest(run.folder)}


def test_archives_take_any_name_and_content() -> None:
    files = {"static/طريق.svg": b"x", "a": b""}
    with tarfile.open(fileobj=io.BytesIO(tar_gz(files))) as archive:
        assert sorted(archive.getnames()) == ["course/a", "course/static/طريق.svg"]


def test_a_folder_holds_exactly_the_files(tmp_path: Path) -> None:
    (tmp_path / "old/deeper").mkdir(parents=True)
    (tmp_path / "old/deeper/file").write_text("x")
    write_folder(tmp_path, {"new/file": b"y"})
    write_folder(tmp_path, {"new/file": b"y"})
    assert digest(tmp_path).keys() == {"new/file"} and not (tmp_path / "old").exists()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_olxcleaner_finds_nothing_in_our_courses(tmp_path: Path, language: str) -> None:
    for run in build(check(SOURCES), tmp_path):
        if run.language == language:
            _, errors, _ = validate(str(run.folder), allowed_xblocks=OURS)
            assert [error.description for error in errors.errors] == []


def test_our_course_ends_in_a_quiz_that_counts(tmp_path: Path) -> None:
    """In every language: as many problems, the same right answers, one graded subsection at the end, a mark to pass."""
    answers = {}
    for run in build(check(SOURCES), tmp_path):
        root = etree.parse(str(run.folder / f"course/{run.language}.xml")).getroot()
        assert root.get("self_paced") == "true" and root.get("end") > root.get("start")
        chapter = etree.parse(str(run.folder / "chapter/s1-bodies-and-roles.xml")).getroot()
        last = etree.parse(str(run.folder / f"sequential/{chapter[-1].get('url_name')}.xml")).getroot()
        assert last.get("graded") == "true"
        policy = json.loads((run.folder / f"policies/{run.language}/grading_policy.json").read_text("utf-8"))
        assert [(kind["type"], kind["min_count"]) for kind in policy["GRADER"]] == [(last.get("format"), 1)]
        assert policy["GRADE_CUTOFFS"] == {"Pass": 0.6}
        answers[run.language] = {
            path.name: [(node.get("name"), node.get("correct")) for node in etree.parse(str(path)).iter("choice")]
            for path in (run.folder / "problem").iterdir()
        }
    assert answers["ar"] == answers["fr"] and len(answers["ar"]) == 10


def test_every_compiled_lesson_is_read_by_the_block(tmp_path: Path) -> None:
    count = 0
    for run in build(check(SOURCES), tmp_path):
        for path in sorted((run.folder / "vertical").glob("*.xml")):
            for node in etree.parse(str(path)).getroot().findall("nassij_lesson"):
                block = LessonBlock.parse_xml(node, Bench(), course_ids(name=node.get("url_name")))
                assert block.lesson.language == run.language and block.student_view().content
                count += 1
    assert count >= 8


def test_sources_with_problems_are_not_compiled(sources: Sources, tmp_path: Path) -> None:
    sources.edit("ar.md", "minutes: 5", "minutes: five")
    with pytest.raises(ValueError, match="correct them first"):
        build(check(sources.root), tmp_path / "out")
    assert main(["build", "--sources", str(sources.root), "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


def test_many_units_compile_quickly(sources: Sources, tmp_path: Path) -> None:
    """200 units in two languages; the goal is 5 s on a free machine."""
    names = [f"u{number}" for number in range(2, 201)]
    for name in names:
        shutil.copytree(sources.unit, sources.section / name)
        for language in ("ar", "fr"):
            path = sources.section / name / f"{language}.md"
            path.write_text(path.read_text("utf-8").replace("smp-s1-u1", f"smp-s2-{name}"), "utf-8")
    sources.edit("section.yaml", "- u1-one", "\n  - ".join(["- u1-one", *names]))
    started = time.process_time()
    runs = built(sources.root, tmp_path / "out")
    assert runs["ar"].units == 201
    assert time.process_time() - started < 10


def test_what_cannot_be_compiled_leaves_the_output_as_it_was(sources: Sources, tmp_path: Path) -> None:
    built(sources.root, tmp_path / "out")
    before = digest(tmp_path / "out")
    (sources.unit / "assets/way.ar.svg").write_text(SVG.replace("h9", "h8"), "utf-8")
    checked = check(sources.root)
    (sources.unit / "assets/way.fr.svg").unlink()
    with pytest.raises(FileNotFoundError):
        build(checked, tmp_path / "out")
    assert digest(tmp_path / "out") == before


def test_a_disk_that_is_full_leaves_every_run_as_it_was(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the files is the one too many."""
    out = tmp_path / "out"
    built(sources.root, out)
    before = digest(out)
    for language in ("ar", "fr"):
        sources.edit(f"{language}.md", "TEXT", "CHANGED TEXT")
    checked = check(sources.root)
    write = Path.write_bytes
    for room in range(5):
        left = iter(range(room))

        def full(path: Path, content: bytes, left=left) -> int:
            if next(left, None) is None:
                raise OSError(28, "No space left on device")
            return write(path, content)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "write_bytes", full)
            if room < 4:  # two verticals and two archives changed
                with pytest.raises(OSError, match="No space"):
                    build(checked, out)
                assert digest(out) == before
            else:
                build(checked, out)
    assert digest(out) != before and not list(out.glob(".new-*"))


def test_a_first_build_that_fails_leaves_no_folder(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    checked = check(sources.root)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        build(checked, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_file(path, b"old")

    def full(_self: Path, content: bytes) -> int:
        with open(_self, "wb") as stream:
            stream.write(content[:1])
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_file(path, b"new and longer")
    assert [file.name for file in tmp_path.iterdir()] == ["file"] and path.read_bytes() == b"old"


def test_nothing_is_written_through_a_link_in_the_output(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/static").symlink_to(tmp_path / "elsewhere")
    write_folder(tmp_path / "out", {"static/a": b"x"})
    assert not any((tmp_path / "elsewhere").iterdir())
    assert (tmp_path / "out/static/a").read_bytes() == b"x"


# The command line


NAMES = ("facts.yaml", "guides.yaml", "course.yaml", "section.yaml", "ar.md", "assets/way.ar.svg")
MANGLED: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _content: b"",
    "the end of a document": lambda _content: b"---\n...\n",
    "null": lambda _content: b"null\n",
    "a number": lambda _content: b"3\n",
    "a list": lambda _content: b"- [a]\n",
    "Latin-1": lambda _content: "é".encode("latin-1"),
    "UTF-16": lambda content: content.decode().encode("utf-16"),
    "half of it": lambda content: content[: len(content) // 2],
    "a huge file": lambda content: content * 8_000,
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", MANGLED)
def test_a_mangled_file_is_told_in_lines_and_nothing_is_written(
    sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    sources.path(name).write_bytes(MANGLED[how](sources.path(name).read_bytes()))
    assert main(["build", "--sources", str(sources.root), "--out", str(tmp_path / "out"), "--lang", "en"]) == 1
    *lines, last = capsys.readouterr().err.splitlines()
    assert lines and all(re.match(r"sources/\S+:\d+:\d+: \w+: .+\.$", line) for line in lines), lines
    assert last == f"{len(lines)} to correct; nothing was written."
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("new", [b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_marks_of_other_systems_change_nothing(
    sources: Sources, tmp_path: Path, new: bytes, mark: bytes
) -> None:
    built(sources.root, tmp_path / "one")
    for name in NAMES[:-1]:
        sources.path(name).write_bytes(mark + sources.path(name).read_bytes().replace(b"\n", new))
    built(sources.root, tmp_path / "two")
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_names_of_files_give_no_orders_to_a_terminal(sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
    (sources.section / "a\n\x1b[2Jb").mkdir()
    assert main(["check", "--sources", str(sources.root), "--lang", "en"]) == 1
    error = capsys.readouterr().err
    assert "\x1b" not in error and len(error.splitlines()) == 2


def test_sources_that_may_not_be_read_are_one_clear_line(
    sources: Sources, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_self: Path) -> None:
        raise PermissionError(13, "Permission denied", "s1-first")

    monkeypatch.setattr(Path, "iterdir", refused)
    assert main(["check", "--sources", str(sources.root), "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("The sources could not be read: [Errno 13] Permission denied")


def test_arabic_on_a_console_of_latin_letters(sources: Sources, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "course_content", "build", "--sources", str(sources.root)]
    command += ["--out", str(tmp_path / "طريق")]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii:strict", "PYTHONPATH": str(SOURCES.parent)}
    told = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("course-v1:Nassij+SMP1") == 2


def test_check_says_that_all_is_well(sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--sources", str(sources.root), "--lang", "en"]) == 0
    assert capsys.readouterr().out == "All is well: 1 courses, 2 units, 0 guides.\n"


def test_check_prints_places_and_remedies(sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
    sources.edit("ar.md", "minutes: 5", "minutes: five")
    assert main(["check", "--sources", str(sources.root), "--lang", "en"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("sources/courses/sample/s1-first/u1-one/ar.md:6:10: not_a_number: “minutes” must be")
    assert lines[0].endswith("Write the number in digits, without quotes.")
    assert lines[-1] == "1 to correct; nothing was written."


def test_messages_come_in_the_language_asked_for(
    sources: Sources, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course_content.__main__.translator", lambda language: lambda text: f"<{language}>{text}")
    sources.edit("ar.md", "minutes: 5", "minutes: five")
    for language in ("ar", "fr", "en"):
        main(["check", "--sources", str(sources.root), "--lang", language])
        assert capsys.readouterr().err.count(f"<{language}>") == 3


def test_build_lists_what_it_wrote(sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["build", "--sources", str(sources.root), "--out", str(tmp_path / "out"), "--course", "sample"]
    assert main(arguments) == 0
    assert capsys.readouterr().out.count("course-v1:Nassij+SMP1") == 2


def test_an_output_that_cannot_be_written_is_one_clear_line(
    sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file")
    assert main(["build", "--sources", str(sources.root), "--out", str(tmp_path / "out"), "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("The output could not be written:")


@pytest.mark.parametrize(
    ("variables", "language"), [({"LANG": "ar_MA.UTF-8"}, "ar"), ({"LANG": "C"}, "fr"), ({"LC_ALL": "en"}, "en")]
)
def test_the_language_of_the_environment_is_spoken(variables, language, monkeypatch: pytest.MonkeyPatch) -> None:
    from nassij.common.terminal import preferred_language

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert preferred_language() == language
