"""Every kind of error: found at its place, with a remedy; and no good course is refused."""

from __future__ import annotations

import datetime
import io
import os
import shutil
import struct
import time
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_content.compiler import SOURCES, check
from course_content.guide_problems import MESSAGES as GUIDE_MESSAGES
from course_content.problems import MESSAGES
from tests.course_content.samples import PNG, SVG, Sources, Spoil, both, edit, lesson_source, with_quiz, write
from tests.xblocks.lesson import test_blocks as blocks
from xblocks.lesson.source import FormValues, read_lesson

TODAY = datetime.date(2026, 11, 27)
AR = "ar.md"
PICTURE = "way.ar.svg"
CHECK = "```self-check {#check}"
QUESTION = 'question: "سؤال؟"'
MANY_STEPS = "".join(f"## Step {{#s{number}}}\n\nTEXT\n\n" for number in range(15))
MUCH_TO_DO = f"minutes: 1\npractice: [{', '.join(['five words are said here'] * 41)}]"
PNG_BOMB = PNG + b"\0\0\0\rIHDR" + struct.pack(">II", 60_000, 60_000) + b"\x08"
# Ten times ten times ten … of what is drawn once: as many as there are atoms in a phone, in three kilobytes.
TEN_USES, TEN_FILLED = (markup * 10 for markup in ('<use href="#a{}"/>', '<path fill="url(#p{})"/>'))
USE_BOMB = (
    "".join(f'<g id="a{n}">{TEN_USES.replace("{}", str(n - 1))}</g>' for n in range(30)) + '<use href="#a29"/><path'
)
PATTERN_BOMB = (
    "".join(f'<pattern id="p{n}">{TEN_FILLED.replace("{}", str(n - 1))}</pattern>' for n in range(30))
    + '<path fill="url(#p29)"/><path'
)
JPEG_BOMB = (
    b"\xff\xd8" + b"\xff\xe0\0\x04ab" + b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", 60_000, 60_000) + b"\1\1\x11\0"
)
WEBP_BOMBS = {
    "lossy": b"RIFF$$$$WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 16_000, 16_000),
    "lossless": b"RIFF$$$$WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 15_999 | 15_999 << 14) + b"\0" * 5,
    "extended": b"RIFF$$$$WEBPVP8X\0\0\0\0\0\0\0\0" + (59_999).to_bytes(3, "little") * 2,
}
RUNS = "runs:\n  ar: {course: SMP1, run: ar}\n  fr: {course: SMP1, run: fr}"


def add_course(sources: Sources, **changes: str) -> None:
    """A second course, the same but for `changes` in its course.yaml."""
    other = sources.root / "courses/second"
    shutil.copytree(sources.course, other)
    text = (other / "course.yaml").read_text("utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    (other / "course.yaml").write_text(text, "utf-8")


def remove(name: str) -> Spoil:
    return lambda sources: sources.path(name).unlink()


def picture(old: str, new: str) -> Spoil:
    """The Arabic picture with something in it that is not allowed."""
    return write("assets/way.ar.svg", SVG.replace(old, new))


def other_answer(sources: Sources) -> None:
    """French marks the other choice as right."""
    sources.edit("fr.md", 'text: "NO"', 'text: "NO"\n    correct: true')
    sources.edit("fr.md", 'text: "YES"\n    correct: true', 'text: "YES"')


ORDER = """
```self-check {#order}
question: "Q"
kind: order
choices:
  - {id: a, text: A, feedback: F}
  - {id: b, text: B, feedback: F}
```
"""
DOWNLOAD = """```file {#form}
title: Form
file: assets/form.pdf
```

"""


def other_order(sources: Sources) -> None:
    """French has the same parts in another order."""
    for language, order in (("ar", ORDER), ("fr", ORDER.replace("id: a", "id: c").replace("id: b", "id: a"))):
        path = sources.path(f"{language}.md")
        path.write_text(path.read_text("utf-8") + order.replace("id: c", "id: b"), "utf-8")


def fetched(content: bytes, name: str = "form.pdf") -> Spoil:
    """A file to download."""

    def spoil(sources: Sources) -> None:
        write(f"assets/{name}", content)(sources)
        both("```self-check", DOWNLOAD.replace("form.pdf", name) + "```self-check")(sources)

    return spoil


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 60_000_000)
    return packed.getvalue()


def heavy_file(sources: Sources) -> None:
    """A file that no learner on a phone should be asked to load; it is measured, whatever is said of it."""
    both("```self-check", DOWNLOAD + "```self-check")(sources)
    with sources.path("assets/form.pdf").open("wb") as file:
        file.truncate(11_000_000)


def cover(content: bytes) -> Spoil:
    """A picture of the course."""

    def spoil(sources: Sources) -> None:
        (sources.course / "cover.png").write_bytes(content)
        sources.edit("course.yaml", "org: Nassij", "org: Nassij\nimage: cover.png")

    return spoil


def folder_instead(name: str) -> Spoil:
    def spoil(sources: Sources) -> None:
        sources.path(name).unlink()
        sources.path(name).mkdir()

    return spoil


def pipe_instead(name: str) -> Spoil:
    """A file that would be read for ever."""

    def spoil(sources: Sources) -> None:
        sources.path(name).unlink()
        os.mkfifo(sources.path(name))

    return spoil


def link(name: str, target: str) -> Spoil:
    def spoil(sources: Sources) -> None:
        sources.path(name).unlink()
        sources.path(name).symlink_to(target)

    return spoil


def setting(name: str) -> Spoil:
    return edit("section.yaml", "{round_kind: express}", f"{{{name}: x}}")


def shown_in_feedback(content: str | bytes, name: str = "extra.svg") -> Spoil:
    """A picture that only feedback shows."""

    def spoil(sources: Sources) -> None:
        write(f"assets/{name}", content)(sources)
        both('"LOOK AGAIN"', f'"![x](assets/{name})"')(sources)

    return spoil


def no_sources(text: str) -> Spoil:
    """A unit that speaks of the law in one language and cites nothing in any."""

    def spoil(sources: Sources) -> None:
        both("facts: [A1.1]\nto_confirm: [A1.2]\n", "")(sources)
        sources.edit("ar.md" if "القانون" in text else "fr.md", "TEXT", text)

    return spoil


def many_pictures(sources: Sources) -> None:
    """Four pictures, each within its limit."""
    lines = ""
    for number in range(4):
        write(f"assets/p{number}.svg", SVG + " " * 90_000)(sources)
        lines += f"![ALT](assets/p{number}.svg)\n\n"
    both("TEXT", f"{lines}TEXT")(sources)


def quiz(old: str, new: str) -> Spoil:
    """A quiz beside the lesson, with something wrong in both languages."""

    def spoil(sources: Sources) -> None:
        with_quiz(sources)
        for language in ("ar", "fr"):
            path = sources.section / f"u3-quiz/{language}.md"
            text = path.read_text("utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), "utf-8")

    return spoil


def quiz_answer(sources: Sources) -> None:
    with_quiz(sources)
    path = sources.section / "u3-quiz/fr.md"
    path.write_text(path.read_text("utf-8").replace('"TWO"\n    correct: true', '"TWO"'), "utf-8")


# (code, how the course is spoilt, the file, line and column it must be found at)
CASES: list[tuple[str, Spoil, str, int, int]] = [
    # Files
    ("not_utf8", write(AR, b"---\ncode: a\n\xff\n---\n"), AR, 3, 1),
    ("too_large", lambda s: s.edit(AR, "TEXT", "x" * 200_001), AR, 1, 1),
    ("missing_file", remove("section.yaml"), "section.yaml", 1, 1),
    ("missing_file", remove("facts.yaml"), "facts.yaml", 1, 1),
    ("missing_file", remove("guides.yaml"), "guides.yaml", 1, 1),
    ("missing_folder", edit("section.yaml", "u1-one", "u9-gone"), "section.yaml", 4, 5),
    ("unlisted_folder", lambda s: (s.section / "u7-forgotten").mkdir(), "section.yaml", 4, 3),
    ("listed_twice", edit("section.yaml", "- u1-one", "- u1-one\n  - u1-one"), "section.yaml", 5, 5),
    ("bad_folder", edit("course.yaml", "[s1-first]", '[s1-first, "../x"]'), "course.yaml", 9, 22),
    ("no_front_matter", edit(AR, "---\ncode", "code"), AR, 1, 1),
    ("front_matter_open", edit(AR, "guide: G1\n---", "guide: G1"), AR, 1, 1),
    ("not_a_file", folder_instead(AR), AR, 1, 1),
    ("not_a_file", folder_instead("facts.yaml"), "facts.yaml", 1, 1),
    ("not_a_file", pipe_instead("section.yaml"), "section.yaml", 1, 1),
    ("unreadable_file", link("guides.yaml", "guides.yaml"), "guides.yaml", 1, 1),
    ("missing_file", link("guides.yaml", "gone.yaml"), "guides.yaml", 1, 1),
    ("leads_out", link("facts.yaml", "/dev/zero"), "facts.yaml", 1, 1),
    ("leads_out", link("assets/way.ar.svg", "../../../../../../secret.svg"), PICTURE, 1, 1),
    ("leads_out", lambda s: (s.section / "u8-away").symlink_to(s.root.parent), "u8-away", 1, 1),
    # YAML
    ("yaml", edit(AR, 'title: "درس: أول"', "title: درس: أول"), AR, 3, 11),
    ("yaml", edit("section.yaml", "units:", "units:\n  - [")  , "section.yaml", 5, 3),
    ("yaml", write("guides.yaml", "a: {b: c}\n---\na: b\n"), "guides.yaml", 2, 1),
    ("yaml", write("guides.yaml", "[a]: b\n"), "guides.yaml", 1, 1),
    ("yaml", write("guides.yaml", "\x01: b\n"), "guides.yaml", 1, 1),
    ("yaml_alias", write("guides.yaml", "a: &x {ar: a}\nb: *x\n"), "guides.yaml", 1, 4),
    ("yaml_tag", write("guides.yaml", "a: !!python/name:os.system {}\n"), "guides.yaml", 1, 4),
    ("yaml_depth", write("guides.yaml", "a: " + "[" * 40 + "]" * 40 + "\n"), "guides.yaml", 1, 16),
    ("yaml_duplicate_key", edit(AR, "minutes: 5", "minutes: 5\nminutes: 6"), AR, 7, 1),
    ("yaml_empty", write("section.yaml", "# nothing\n"), "section.yaml", 1, 1),
    ("not_a_mapping", write("section.yaml", "- a\n"), "section.yaml", 1, 1),
    ("not_a_list", edit(AR, 'objectives:\n  - "OBJECTIVE"', 'objectives: "OBJECTIVE"'), AR, 4, 13),
    ("not_a_text", edit(AR, '"OBJECTIVE"', "{a: b}"), AR, 5, 5),
    ("not_a_text", edit("course.yaml", "org: Nassij", "org: [Nassij]"), "course.yaml", 5, 6),
    ("not_a_text", edit("course.yaml", "[s1-first]", "[s1-first, [x]]"), "course.yaml", 9, 22),
    ("not_a_number", edit(AR, "minutes: 5", "minutes: five"), AR, 6, 10),
    ("not_a_number", edit(AR, "minutes: 5", 'minutes: "5"'), AR, 6, 10),
    ("not_a_number", edit(AR, "tries: 0", "tries: 21"), AR, 30, 8),
    ("not_a_flag", edit(AR, "correct: true", "correct: yes"), AR, 25, 14),
    ("not_a_date", edit(AR, "2026-11-23", "23/11/2026"), AR, 7, 13),
    ("missing_key", edit(AR, "minutes: 5\n", ""), AR, 2, 1),
    ("missing_key", edit(AR, 'question: "سؤال؟"\n', ""), AR, 20, 1),
    ("empty_value", edit(AR, 'title: "درس: أول"', "title:"), AR, 3, 1),
    ("empty_value", edit(AR, '"OBJECTIVE"', '""'), AR, 5, 5),
    ("empty_value", edit("course.yaml", RUNS, "runs: {}"), "course.yaml", 6, 7),
    ("empty_value", edit("section.yaml", "{round_kind: express}", "{round_kind: null}"), "section.yaml", 8, 16),
    ("misspelt_key", edit(AR, "guide: G1", "gide: G1"), AR, 10, 1),
    ("misspelt_key", edit(AR, "tries: 0", "trie: 0"), AR, 30, 1),
    ("unknown_key", edit(AR, "tries: 0", "colour: 0"), AR, 30, 1),
    # Identifiers
    ("bad_code", both("smp-s1-u1", "SMP 1"), AR, 2, 7),
    ("bad_code", both("{#one}", "{#One}"), AR, 13, 1),
    ("bad_code", edit(AR, "guide: G1", 'guide: "G 1"'), AR, 10, 8),
    ("duplicate_step", both("{#check}", "{#one}"), AR, 19, 1),
    ("duplicate_choice", both("id: b", "id: a"), AR, 23, 3),
    ("unknown_language", edit("course.yaml", "  fr: {course", "  de: {course"), "course.yaml", 8, 3),
    ("duplicate_code", edit("section.yaml", "smp-s1-u2", "smp-s1-u1"), "section.yaml", 6, 11),
    ("code_differs", edit("fr.md", "smp-s1-u1", "smp-s1-u9"), "fr.md", 2, 1),
    # Steps
    ("no_steps", write(AR, lesson_source("ar").split("## ")[0]), AR, 12, 1),
    ("text_before_step", edit(AR, "## خطوة {#one}", "أول"), AR, 13, 1),
    ("text_before_step", lambda s: write(AR, lesson_source("ar") + "\nأخيرا\n")(s), AR, 33, 1),
    ("step_without_id", edit(AR, " {#one}", ""), AR, 13, 1),
    ("step_without_id", edit(AR, "self-check {#check}", "self-check"), AR, 19, 1),
    ("step_without_title", edit(AR, "## خطوة {#one}", "## {#one}"), AR, 13, 1),
    ("step_without_text", edit(AR, CHECK, f"## فارغة {{#empty}}\n\n{CHECK}"), AR, 19, 1),
    ("top_heading", edit(AR, "## خطوة", "# عنوان\n\n## خطوة"), AR, 13, 1),
    ("underlined_heading", edit(AR, "TEXT", "TEXT\n----\n\nTEXT"), AR, 15, 1),
    ("raw_html", edit(AR, "TEXT", "TEXT <b>x</b>"), AR, 15, 6),
    ("raw_html", edit(AR, "TEXT", "<div>\nx\n</div>\n\nTEXT"), AR, 15, 1),
    ("raw_html", edit(AR, '"LOOK AGAIN"', '"LOOK <b>AGAIN</b>"'), AR, 29, 15),
    ("raw_html", edit(AR, '"OBJECTIVE"', '"<i>x</i>"'), AR, 5, 5),
    ("text_too_heavy", edit(AR, "TEXT", "word " * 10_001), AR, 13, 1),
    ("text_too_heavy", edit(AR, '"LOOK AGAIN"', f'"{"*a* " * 10_001}"'), AR, 29, 15),
    ("text_too_heavy", edit("course.yaml", '"Cours"', f'"{"x" * 50_001}"'), "course.yaml", 3, 25),
    ("unclosed_fence", lambda s: write(AR, lesson_source("ar").rstrip("\n`"))(s), AR, 19, 1),
    ("unknown_block", edit(AR, CHECK, "```quiz {#check}"), AR, 19, 1),
    ("unknown_block", edit(AR, CHECK, "```"), AR, 19, 1),
    ("steps_differ", edit("fr.md", "{#one}", "{#two}"), "fr.md", 13, 1),
    ("missing_translation", remove("fr.md"), "section.yaml", 4, 5),
    ("missing_language", edit("course.yaml", ', fr: "Cours"', ""), "course.yaml", 3, 8),
    # Pictures and links
    ("picture_without_description", both("![ALT]", "![]"), AR, 17, 5),
    ("picture_inside_text", both("![ALT]", "see ![ALT]"), AR, 17, 12),
    ("picture_place", both("(assets/", "(https://example.org/"), AR, 17, 8),
    ("picture_place", both("(assets/", "(/static/"), AR, 17, 8),
    ("link_scheme", edit(AR, "https://example.org", "ftp://example.org"), AR, 15, 32),
    ("link_scheme", edit(AR, '"LOOK AGAIN"', '"[x](ftp://example.org)"'), AR, 29, 15),
    ("missing_asset", edit(AR, '"LOOK AGAIN"', '"![x](assets/gone.svg)"'), AR, 29, 15),
    ("missing_asset", edit(AR, 'text: "NO"', 'text: "![x](assets/gone.svg)"'), AR, 28, 11),
    ("picture_without_description", edit(AR, '"LOOK AGAIN"', '"![](assets/way.ar.svg)"'), AR, 29, 15),
    ("picture_without_description", edit(AR, 'text: "NO"', 'text: "![](assets/way.ar.svg)"'), AR, 28, 11),
    ("picture_place", edit(AR, '"LOOK AGAIN"', '"![x](https://example.org/x.svg)"'), AR, 29, 15),
    ("picture_inside_text", edit(AR, '"LOOK AGAIN"', '"see ![x](assets/way.ar.svg)"'), AR, 29, 15),
    ("picture_in_line", edit(AR, 'text: "NO"', 'text: "NO ![x](assets/way.ar.svg)"'), AR, 28, 11),
    ("picture_in_line", edit(AR, QUESTION, "question: |\n  A\n\n  ![x](assets/way.ar.svg)"), AR, 20, 11),
    ("picture_in_line", edit(AR, '"OBJECTIVE"', '"![x](assets/way.ar.svg)"'), AR, 5, 5),
    ("asset_kind", shown_in_feedback("GIF89a"), "extra.svg", 1, 1),
    ("asset_size", shown_in_feedback(SVG + " " * 100_000), "extra.svg", 1, 1),
    ("missing_asset", lambda s: (s.unit / "assets/way.ar.svg").unlink(), AR, 17, 8),
    ("unused_asset", write("assets/other.svg", SVG), "other.svg", 1, 1),
    ("asset_kind", write("assets/way.ar.svg", "GIF89a"), "way.ar.svg", 1, 1),
    ("asset_size", write("assets/way.ar.svg", SVG + " " * 100_000), "way.ar.svg", 1, 1),
    ("svg_script", picture("<title>", "<script>alert(1)</script><title>"), PICTURE, 1, 61),
    ("svg_script", picture("<path", '<path onclick="x"'), PICTURE, 1, 77),
    ("svg_remote", picture("<path", '<use href="https://evil.test/#a"/><path'), PICTURE, 1, 77),
    ("svg_remote", picture("<path", '<path fill="url(//evil.test)"'), PICTURE, 1, 77),
    ("svg_remote", picture("<path", "<style>@import 'x'</style><path"), PICTURE, 1, 95),
    ("svg_remote", picture("<path", r"<style>@\69mport 'x'</style><path"), PICTURE, 1, 97),
    ("svg_element", picture("<path", "<style>x<tspan/>@import 'x'</style><path"), PICTURE, 1, 85),
    ("svg_remote", picture("<path", "<path style=\"fill:image-set('x' 1x)\""), PICTURE, 1, 77),
    ("svg_remote", picture("<path", '<path xml:base="https://evil.test/"'), PICTURE, 1, 77),
    ("asset_kind", shown_in_feedback("RIFF$$$$WAVEfmt ", "extra.webp"), "extra.webp", 1, 1),
    ("svg_doctype", write("assets/way.ar.svg", '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG), "way.ar.svg", 1, 15),
    ("svg_root", write("assets/way.ar.svg", "<html></html>"), "way.ar.svg", 1, 1),
    ("svg_broken", write("assets/way.ar.svg", "<svg"), "way.ar.svg", 1, 1),
    # Self-checks
    ("check_layout", both('kind: single\nchoices:\n', ""), AR, 19, 1),
    ("check_kind", both("kind: single", "kind: guess"), AR, 21, 7),
    ("check_few_choices", both('  - id: b\n    text: "NO"\n    feedback: "LOOK AGAIN"\n', ""), AR, 23, 3),
    ("check_no_answer", both("    correct: true\n", ""), AR, 23, 3),
    ("check_many_answers", both('text: "NO"', 'text: "NO"\n    correct: true'), AR, 23, 3),
    ("check_no_feedback", both('    feedback: "LOOK AGAIN"\n', ""), AR, 27, 5),
    ("text_with_lines", edit(AR, 'text: "NO"', 'text: "NO\n\n      NO"'), AR, 28, 11),
    ("choices_differ", edit("fr.md", "id: b", "id: c"), "fr.md", 19, 1),
    ("answers_differ", other_answer, "fr.md", 19, 1),
    ("answers_differ", other_order, "fr.md", 33, 1),
    ("missing_asset", both("```self-check", DOWNLOAD + "```self-check"), AR, 21, 7),
    ("file_content", fetched(b"MZ program"), "form.pdf", 1, 1),
    ("file_content", fetched(b"%PDF-1.7", "form.docx"), "form.docx", 1, 1),
    ("file_content", fetched(b"\x7fELF", "form.csv"), "form.csv", 1, 1),
    ("file_packed", fetched(zip_bomb(), "form.zip"), "form.zip", 1, 1),
    ("file_too_heavy", heavy_file, AR, 19, 1),
    ("kind_differs", edit("fr.md", "tries: 0", "tries: 2"), "fr.md", 19, 1),
    # Facts and guides
    ("unknown_fact", edit(AR, "[A1.1]", "[A9.9]"), AR, 8, 9),
    ("fact_twice", edit(AR, "[A1.1]", "[A1.1, A1.1]"), AR, 8, 15),
    ("fact_to_confirm", edit(AR, "[A1.1]", "[A1.1, A1.2]"), AR, 8, 15),
    ("facts_differ", edit("fr.md", "facts: [A1.1]\n", ""), "fr.md", 2, 1),
    ("fact_mark", edit("facts.yaml", "mark: S1", "mark: S9"), "facts.yaml", 2, 9),
    ("missing_language", edit("facts.yaml", 'en: "Art. 5"', 'de: "Art. 5"'), "facts.yaml", 3, 11),
    ("unknown_guide", edit(AR, "guide: G1", "guide: G9"), AR, 10, 8),
    ("unknown_guide", edit(AR, "guide: G1", "guide: {code: G9}"), AR, 10, 15),
    ("not_checked", both("checked_on: 2026-11-23\n", ""), AR, 2, 1),
    # Courses
    ("missing_file", edit("course.yaml", "org: Nassij", "org: Nassij\nimage: cover.png"), "course.yaml", 6, 8),
    ("missing_file", edit("course.yaml", "org: Nassij", "org: Nassij\nimage: s1-first/../course.yaml"), "course.yaml", 6, 8),
    ("asset_kind", edit("course.yaml", "org: Nassij", "org: Nassij\nimage: course.yaml"), "course.yaml", 6, 8),
    ("asset_kind", cover(b"GIF89a"), "cover.png", 1, 1),
    ("asset_size", cover(PNG + b" " * 100_000), "cover.png", 1, 1),
    ("bad_run", edit("course.yaml", "org: Nassij", 'org: "N ssij"'), "course.yaml", 5, 6),
    ("unknown_unit_block", edit("section.yaml", "nassij_governance", "html"), "section.yaml", 5, 12),
    ("bad_setting", edit("section.yaml", "round_kind: express", "round_kind: [express]"), "section.yaml", 8, 28),
    *[("reserved_setting", setting(name), "section.yaml", 8, 16) for name in ("url_name", "display_name", "parent")],
    *[("bad_setting_name", setting(name), "section.yaml", 8, 16) for name in ("a b", "xmlns", "é", '"x:y"', "1a")],
    ("duplicate_code", lambda s: add_course(s, SMP1="SMP2"), "course.yaml", 1, 1),
    ("duplicate_run", lambda s: add_course(s, **{"code: sample": "code: second"}), "course.yaml", 1, 1),
    ("duplicate_code", lambda s: add_course(s, **{"SMP1": "SMP2", "code: sample": "code: second"}), "section.yaml", 6, 11),
    ("no_courses", lambda s: shutil.rmtree(s.root / "courses"), "courses", 1, 1),
    # Characters nobody sees
    ("bidi_control", edit(AR, "TEXT", "TE\u202eXT"), AR, 15, 3),
    ("bidi_control", edit(AR, "TEXT", "TE\u061cXT"), AR, 15, 3),
    ("many_problems", both("TEXT", "\u202e\n" * 101), AR, 115, 1),
    ("bidi_control", edit("facts.yaml", "Art. 5", "Art. \u20665\u2069"), "facts.yaml", 3, 37),
    ("control_character", edit(AR, "TEXT", "TE\x08XT"), AR, 15, 3),
    ("invisible_character", edit(AR, "TEXT", "TE\u200bXT"), AR, 15, 3),
    ("lost_character", edit("fr.md", "Étape", "\ufffdtape"), "fr.md", 13, 4),
    ("wrong_encoding", edit("fr.md", "Étape", "Étape prÃ©vue"), "fr.md", 13, 12),
    ("presentation_form", edit(AR, "خطوة", "\ufea7\ufec4\ufeee\ufe93"), AR, 13, 4),
    ("eastern_digits", edit("course.yaml", "ملخص", "ملخص \u0661\u0662"), "course.yaml", 4, 21),
    # How it is written
    ("text_to_write", edit("fr.md", "TEXT", "⟦Le texte⟧"), "fr.md", 15, 1),
    ("long_sentence", both("TEXT", "Short. " + "word " * 41), AR, 15, 8),
    ("long_sentence", edit("fr.md", "LOOK AGAIN", "word " * 41), "fr.md", 29, 16),
    ("long_paragraph", both("TEXT", "Five words are said here. " * 25), AR, 15, 1),
    ("long_title", both('title: "', 'title: "' + "word " * 17), AR, 3, 9),
    ("long_unit", both("TEXT", "Five words are said here. \n\n" * 301), AR, 12, 1),
    ("many_steps", both(CHECK, MANY_STEPS + CHECK), AR, 12, 1),
    ("few_minutes", both("minutes: 5", MUCH_TO_DO), AR, 6, 10),
    ("number_not_isolated", edit(AR, "TEXT", "القانون 07-09 هنا"), AR, 15, 9),
    ("number_not_isolated", edit(AR, "LOOK AGAIN", "القانون 1-58-376 هنا"), AR, 29, 24),
    ("wrong_language", edit("fr.md", "Leçon : une", "الجمع العام للجمعية"), "fr.md", 3, 9),
    ("wrong_language", edit(AR, "TEXT with a [page", "This is a text that nobody has translated [page"), AR, 15, 1),
    ("not_translated", both("TEXT", "One two three four five six seven"), "fr.md", 13, 1),
    ("markup_dropped", both("TEXT", "[TEXT]{.red}"), AR, 15, 6),
    ("heading_order", both("TEXT", "#### Deep\n\nTEXT"), AR, 15, 1),
    ("wide_table", both("TEXT", "| a | b | c | d | e |\n|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 |\n\nTEXT"), AR, 15, 1),
    ("uneven_row", both("TEXT", "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n\nTEXT"), AR, 17, 1),
    ("link_insecure", both("https://example", "http://example"), AR, 15, 32),
    ("link_scheme", both("https://example", "//example"), AR, 15, 32),
    ("link_inside", both("https://example.org", "#one"), AR, 15, 32),
    ("link_inside", both("https://example.org", "/somewhere"), AR, 15, 32),
    ("broken_link", both("https://example.org", "/jump_to_id/gone"), AR, 15, 32),
    ("link_without_text", both("[page of examples]", "[]"), AR, 15, 16),
    ("link_text_vague", both("[page of examples]", "[ici]"), AR, 15, 14),
    ("description_is_name", both("![ALT]", "![way.svg]"), AR, 17, 3),
    ("long_description", both("![ALT]", "![" + "long " * 81 + "]"), AR, 17, 3),
    ("same_choice", both('text: "NO"', 'text: "Yes"'), AR, 28, 11),
    ("same_feedback", both("LOOK AGAIN", "WELL DONE"), AR, 29, 15),
    ("all_right", both('text: "NO"', 'text: "NO"\n    correct: true'), AR, 23, 3),
    # Law and dates
    ("law_without_source", no_sources("القانون رقم [75-00]{.ltr}"), AR, 13, 1),
    ("law_without_source", no_sources("La loi n° 75-00"), "fr.md", 13, 4),
    ("checked_in_future", edit(AR, "checked_on: 2026-11-23", "checked_on: 2026-11-28"), AR, 7, 13),
    ("checked_too_old", edit(AR, "checked_on: 2026-11-23", "checked_on: 2025-11-26"), AR, 7, 13),
    ("checked_too_old", edit("facts.yaml", "2026-11-23", "2020-02-29"), "facts.yaml", 5, 15),
    # Languages side by side
    ("objectives_differ", edit("fr.md", '  - "OBJECTIVE"', '  - "OBJECTIVE"\n  - "MORE"'), "fr.md", 4, 1),
    ("practice_differs", edit("fr.md", "guide: G1", 'guide: G1\npractice: ["DO"]'), "fr.md", 11, 1),
    ("guide_differs", edit("fr.md", "guide: G1\n", ""), "fr.md", 2, 1),
    ("pictures_differ", edit("fr.md", "TEXT", "![MORE](assets/way.fr.svg)\n\nTEXT"), "fr.md", 13, 1),
    # Pictures
    ("picture_pixels", shown_in_feedback(PNG_BOMB, "extra.png"), "extra.png", 1, 1),
    ("picture_pixels", shown_in_feedback(JPEG_BOMB, "extra.jpg"), "extra.jpg", 1, 1),
    *[("picture_pixels", shown_in_feedback(bomb, "extra.webp"), "extra.webp", 1, 1) for bomb in WEBP_BOMBS.values()],
    ("pictures_weigh", many_pictures, AR, 1, 1),
    ("svg_element", picture("<path", "<animate/><path"), PICTURE, 1, 77),
    ("svg_element", picture("<title>", '<?xml-stylesheet href="x"?><title>'), PICTURE, 1, 61),
    ("svg_raster", picture("<path", '<image href="#x"/><path'), PICTURE, 1, 77),
    ("svg_raster", picture("<path", '<use href="data:image/png;base64,AA"/><path'), PICTURE, 1, 77),
    ("svg_drawn_text", picture("<path", '<path aria-label="Président"'), PICTURE, 1, 77),
    ("svg_drawn_text", picture("<path", '<defs><g id="glyph-0-1"/></defs><path'), PICTURE, 1, 83),
    ("svg_pieces", picture("<path", USE_BOMB), PICTURE, 1, 1),
    ("svg_pieces", picture("<path", PATTERN_BOMB), PICTURE, 1, 1),
    ("svg_pieces", picture("<path", '<g id="a"><use href="#a"/></g><path'), PICTURE, 1, 1),
    ("svg_pieces", picture("<path", '<style>g{mask:url(#m)}</style><mask id="m"/><path'), PICTURE, 1, 1),
    ("svg_without_view", picture('viewBox="0 0 10 10"', 'width="10"'), PICTURE, 1, 1),
    # Quizzes
    ("check_kind", quiz("kind: multiple", "kind: order"), "ar.md", 24, 7),
    ("quiz_text", quiz("```self-check {#second}", "```reflection {#r}\nprompt: P\n```\n```self-check {#second}"), "ar.md", 22, 1),
    ("quiz_text", quiz("```self-check {#first}", "## Text {#t}\n\nTEXT\n\n```self-check {#first}"), "ar.md", 9, 1),
    ("missing_key", quiz("tries: 2\n", ""), "ar.md", 2, 1),
    ("misspelt_key", quiz("tries: 2", "tries: 2\nfact: [A1.1]"), "ar.md", 5, 1),
    ("unknown_fact", quiz("[A1.1]", "[A9.9]"), "ar.md", 6, 9),
    ("no_front_matter", quiz("---\ncode", "code"), "ar.md", 1, 1),
    ("answers_differ", quiz_answer, "fr.md", 22, 1),
    ("end_before_start", edit("course.yaml", "org: Nassij", "org: Nassij\nend: 2025-12-31"), "course.yaml", 6, 6),
]  # fmt: skip
# Found by tests of their own: they need more than a spoilt file, or cannot come from one.
ELSEWHERE = {"unknown_course", "facts_unavailable", "set_twice", *blocks.CODES}


def test_the_sample_is_right(sources: Sources) -> None:
    checked = check(sources.root)
    assert checked.problems == ()
    assert [unit.code for course in checked.courses for unit in course.units] == ["smp-s1-u1", "smp-s1-u2"]


@pytest.mark.parametrize(
    ("code", "spoil", "file", "line", "column"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)]
)
def test_what_is_wrong_is_found_at_its_place(
    sources: Sources, code: str, spoil: Spoil, file: str, line: int, column: int
) -> None:
    spoil(sources)
    checked = check(sources.root, today=TODAY)
    found = [problem for problem in (*checked.problems, *checked.dated) if problem.code == code]
    assert found, [problem.line() for problem in checked.problems]
    place = found[0].place
    assert (Path(place.file).name, place.line, place.column) == (file, line, column)
    assert found[0].message() and found[0].remedy()


def test_every_code_has_a_case() -> None:
    assert {case[0] for case in CASES} | ELSEWHERE == set(MESSAGES) - set(GUIDE_MESSAGES)


def test_columns_point_at_the_value(sources: Sources) -> None:
    sources.edit("ar.md", "minutes: 5", "minutes: five")
    sources.edit("ar.md", "TEXT with", "TEXT <b>with</b>")
    places = [(problem.code, problem.place.line, problem.place.column) for problem in check(sources.root).problems]
    assert places == [("not_a_number", 6, 10), ("raw_html", 15, 6), ("raw_html", 15, 13)]


def test_a_course_that_is_not_there(sources: Sources) -> None:
    assert [problem.code for problem in check(sources.root, ["gone"]).problems] == ["unknown_course"]


def test_only_one_course_is_asked_about(sources: Sources) -> None:
    add_course(sources, **{"SMP1": "SMP2", "code: sample": "code: second"})
    assert [course.code for course in check(sources.root, ["sample"]).courses] == ["sample"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_picture_with_a_strange_name(sources: Sources, form: str) -> None:
    """Told once, under the name that its author gave it, where it stands."""
    name = unicodedata.normalize(form, "آفاق.svg")
    (sources.unit / "assets/way.ar.svg").rename(sources.unit / "assets" / name)
    sources.edit("ar.md", "assets/way.ar.svg", f"assets/{name}")
    (found,) = (problem for problem in check(sources.root).problems if Path(problem.place.file).name == AR)
    assert (found.code, found.place.line, found.place.column) == ("picture_place", 17, 8)
    assert "assets/آفاق.svg is not among" in found.message()


def test_what_is_drawn_often_but_not_too_often_is_fine(sources: Sources) -> None:
    """A leaf drawn five hundred times, a gradient that a style names, a gradient made of another."""
    parts = '<style>.a{fill:url(#g)}</style><linearGradient id="g" href="#h"/><linearGradient id="h"/>'
    leaves = '<use href="#leaf" fill="url(#g)"/>' * 500
    picture("<path", f'{parts}<g id="leaf"><path/></g>{leaves}<path')(sources)
    assert check(sources.root).problems == ()


def test_a_flood_of_mistakes_takes_neither_time_nor_room(sources: Sources) -> None:
    """Of each kind the first hundred are named, and other kinds beside them."""
    both("TEXT", "\u202e\n" * 5_000 + "\u200b")(sources)
    sources.path("guides.yaml").write_text("G1: {ar: x, fr: x, en: x}\n" * 5_000, "utf-8")
    problems = check(sources.root).problems
    assert len(problems) < 500
    found = Counter((Path(problem.place.file).name, problem.code) for problem in problems)
    assert found[AR, "bidi_control"] == found["guides.yaml", "yaml_duplicate_key"] == 100
    assert found[AR, "many_problems"] == found[AR, "invisible_character"] == 1
    (more,) = (problem for problem in problems if problem.code == "many_problems" and AR in problem.place.file)
    assert (more.place.line, more.params["kind"]) == (115, "bidi_control")


def test_the_name_of_a_folder_turns_no_line_round(sources: Sources) -> None:
    (sources.section / "a\u202e\u2066b\x1b[31m\nc").mkdir()
    (found,) = check(sources.root).problems
    assert found.line().count("a\ufffd\ufffdb\ufffd[31m\ufffdc") == 1
    assert not set(found.line()) & set("\u202e\u2066\x1b\n")
    assert "\u2066Add\u2069" in found.line(lambda words: words.replace("Add", "\u2066Add\u2069"))  # our own words may


def test_many_problems_are_told_at_once(sources: Sources) -> None:
    sources.edit("ar.md", "minutes: 5", "minutes: five")
    sources.edit("fr.md", "correct: true", "correct: maybe")
    codes = [problem.code for problem in check(sources.root).problems]
    assert {"not_a_number", "not_a_flag", "check_no_answer"} <= set(codes)


def test_our_own_courses_are_right() -> None:
    checked = check(SOURCES, today=TODAY)
    assert [problem.line() for problem in (*checked.problems, *checked.dated)] == []
    assert checked.courses


def test_bombs_end_quickly(sources: Sources) -> None:
    alias = "a: &a [x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20)
    )
    deep = "a: " + "[" * 50_000
    wide = "![" * 20_000 + "\n\n" + "> " * 5_000 + "x"
    started = time.process_time()  # of this process: other programs may be at work beside it
    sources.path("guides.yaml").write_text(alias, "utf-8")
    sources.path("facts.yaml").write_text(deep, "utf-8")
    sources.edit("ar.md", "TEXT", wide)
    assert check(sources.root).problems
    assert time.process_time() - started < 2


@pytest.mark.parametrize("text", ["![" * 20_000, "[" * 60_000 + "]{." * 10_000, "> " * 30_000])
def test_texts_that_are_dear_to_read_are_refused_at_once(sources: Sources, text: str) -> None:
    """The clock is generous to a busy machine; without the limits these take ten times as long."""
    started = time.process_time()
    both("TEXT", text)(sources)
    found = [problem for problem in check(sources.root).problems if problem.code == "text_too_heavy"]
    assert found and time.process_time() - started < 4


def test_a_list_of_sixty_thousand_units_is_told_at_once(sources: Sources) -> None:
    sources.edit("section.yaml", "- u1-one", "\n  - ".join(["- u1-one", *(f"v{n}" for n in range(60_000))]))
    started = time.process_time()
    found = Counter(problem.code for problem in check(sources.root).problems)
    assert found == {"missing_folder": 100, "many_problems": 1}
    assert time.process_time() - started < 10


@given(st.text(max_size=300))
def test_no_text_whatsoever_ends_in_a_traceback(text: str) -> None:
    read_lesson(text, file="x", language="ar")
    read_lesson(f"---\n{text}\n---\n## a {{#b}}\n{text}", file="x", language="ar")
    read_lesson(f"## a {{#b}}\n\n```self-check {{#c}}\n{text}\n```", file="x", language="fr", form=FormValues("t", 1))
