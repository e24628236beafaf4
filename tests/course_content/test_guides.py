"""Sources of guides: ours are right, and every way to spoil one is found at its place."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from course_content.__main__ import main
from course_content.compiler import SOURCES, check
from course_content.guide_problems import MESSAGES
from funding_guide.guides.source import Kind, field_words, guide_from_data, guide_to_data, topics
from tests.course_content.samples import Sources

TODAY = datetime.date(2026, 11, 27)

GUIDE = """code: G1
version: 1.0.0
order: 10
topics: [meetings]
valid_from: 2026-11-01
checked_on: 2026-11-23
facts: [A1.1]
title: {ar: "دليل أول", fr: "Premier guide"}
summary: {ar: "ملخص", fr: "Résumé"}
change_note: {ar: "أولى", fr: "Première"}
"""
TEXT = {
    "ar": "## عنوان {#one}\n\nنص الدليل مع [1-58-376]{.ltr}.\n",
    "fr": "## Titre {#one}\n\nLe texte du guide, loi n° 1-58-376.\n",
}
CHECKLIST = """items:
  - code: first
    text: {ar: "أول", fr: "Un"}
  - code: second
    text: {ar: "ثان", fr: "Deux"}
    optional: true
"""
LETTER = {
    "ar": '---\ntitle: "رسالة"\ndescription: "نموذج"\n---\n\nمن {{association_name}} في {{date_today}}.\n',
    "fr": '---\ntitle: "Lettre"\ndescription: "Modèle"\n---\n\nDe {{association_name}} le {{date_today|jour}}.\n',
}
WORKBOOK = """title: {ar: "ملف", fr: "Classeur"}
description: {ar: "وصف", fr: "Description"}
sheets:
  - code: one
    title: {ar: "ورقة", fr: "Feuille"}
    intro: {ar: "املؤوا", fr: "Remplissez"}
    figures:
      - {code: cap, title: {ar: "سقف", fr: "Plafond"}, kind: money, value: 100}
    columns:
      - {code: item, title: {ar: "سطر", fr: "Ligne"}, kind: text}
      - code: unit
        title: {ar: "وحدة", fr: "Unité"}
        kind: choice
        choices: [{ar: "يوم", fr: "jour"}]
      - {code: price, title: {ar: "ثمن", fr: "Prix"}, kind: money}
      - {code: total, title: {ar: "مجموع", fr: "Total"}, kind: money, formula: "{price} * 2", sum: true}
    blocks:
      - {code: staff, title: {ar: "أشخاص", fr: "Personnes"}, rows: 3}
    row_checks:
      - {code: named, when: "AND({total} > 0, EMPTY({item}))", message: {ar: "سموا", fr: "Nommez"}}
    checks:
      - {code: over, when: "{staff.total} > {cap}", message: {ar: "كثير", fr: "Trop"}}
"""


@pytest.fixture
def guide(sources: Sources) -> Path:
    """The folder of a guide that is right, beside the sample course."""
    folder = sources.root / "guides/G1"
    (folder / "templates").mkdir(parents=True)
    (folder / "guide.yaml").write_text(GUIDE, "utf-8")
    (folder / "checklist.yaml").write_text(CHECKLIST, "utf-8")
    (folder / "templates/budget.yaml").write_text(WORKBOOK, "utf-8")
    for language in ("ar", "fr"):
        (folder / f"{language}.md").write_text(TEXT[language], "utf-8")
        (folder / f"templates/letter.{language}.md").write_text(LETTER[language], "utf-8")
    return folder


Spoil = Callable[[Path], None]


def edit(name: str, old: str, new: str) -> Spoil:
    def spoil(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return spoil


def write(name: str, content: str | bytes) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return spoil


def remove(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def other_name(folder: Path) -> None:
    folder.rename(folder.with_name("G7"))


def leading_out(folder: Path) -> None:
    (folder / "fr.md").unlink()
    (folder / "fr.md").symlink_to("/etc/passwd")


BOOK = "templates/budget.yaml"
FR = "templates/letter.fr.md"
SPOILT: list[tuple[str, Spoil, str, int]] = [
    # code, what is done, file, line
    ("guide_code", edit("guide.yaml", "code: G1", "code: ../G1"), "guide.yaml", 1),
    ("guide_folder", other_name, "guide.yaml", 1),
    ("guide_version", edit("guide.yaml", "1.0.0", "1.0"), "guide.yaml", 2),
    ("guide_topic", edit("guide.yaml", "[meetings]", "[meeting]"), "guide.yaml", 4),
    ("guide_ends_early", edit("guide.yaml", "checked_on", "valid_until: 2026-10-01\nchecked_on"), "guide.yaml", 6),
    ("unknown_fact", edit("guide.yaml", "A1.1", "A9.9"), "guide.yaml", 7),
    ("fact_twice", edit("guide.yaml", "[A1.1]", "[A1.1, A1.1]"), "guide.yaml", 7),
    ("missing_language", edit("guide.yaml", ', fr: "Premier guide"', ""), "guide.yaml", 8),
    ("unknown_key", edit("guide.yaml", "order: 10", "order: 10\npassword: x"), "guide.yaml", 4),
    ("not_a_date", edit("guide.yaml", "2026-11-01", "tomorrow"), "guide.yaml", 5),
    ("unregistered_guide", lambda folder: write("../../guides.yaml", "G2: {ar: د, fr: g, en: g}\n")(folder), "guide.yaml", 1),
    ("missing_file", remove("fr.md"), "fr.md", 1),
    ("missing_file", remove("guide.yaml"), "guide.yaml", 1),
    ("guide_without_text", write("fr.md", "\n"), "fr.md", 1),
    ("not_utf8", write("fr.md", b"caf\xe9"), "fr.md", 1),
    ("too_large", write("fr.md", b"a" * 2_000_001), "fr.md", 1),
    ("leads_out", leading_out, "fr.md", 1),
    ("raw_html", edit("fr.md", "Le texte", "Le <script>alert(1)</script> texte"), "fr.md", 3),
    ("raw_html", edit("fr.md", "Le texte", "<iframe src=x>\n\nLe texte"), "fr.md", 3),
    ("link_scheme", edit("fr.md", "Le texte", "Le [texte voulu](ftp://example.org/x)"), "fr.md", 3),
    ("link_scheme", edit("fr.md", "Le texte", "Le [texte voulu](../../etc/passwd)"), "fr.md", 3),
    ("guide_picture", edit("fr.md", "Le texte", "![un plan](assets/x.svg)\n\nLe texte"), "fr.md", 3),
    ("guide_code_block", edit("fr.md", "Le texte", "```\ncode\n```\n\nLe texte"), "fr.md", 3),
    ("number_not_isolated", edit("ar.md", "[1-58-376]{.ltr}", "1-58-376"), "ar.md", 3),
    ("law_without_source", edit("guide.yaml", "facts: [A1.1]\n", ""), "fr.md", 3),
    ("bidi_control", edit("ar.md", "نص", "نص\u202e"), "ar.md", 3),
    ("duplicate_entry", edit("checklist.yaml", "second", "first"), "checklist.yaml", 4),
    ("misspelt_key", edit("checklist.yaml", "optional", "optionnal"), "checklist.yaml", 6),
    ("guide_file", write("templates/macro.docm", b"x"), "templates/macro.docm", 1),
    ("guide_file", write("templates/Letter.fr.md", "x"), "templates/Letter.fr.md", 1),
    ("guide_translation", remove("templates/letter.ar.md"), "templates/letter.ar.md", 1),
    ("guide_front_matter", write(FR, "De {{association_name}} le {{date_today}}.\n"), FR, 1),
    ("guide_blank", edit(FR, "{{association_name}}", "{{cin_number}}"), FR, 6),
    ("guide_braces", edit(FR, "De {{", "De {{ {{"), FR, 6),
    ("guide_braces", edit(FR, "jour}}", "jour"), FR, 6),
    ("guide_blanks_differ", edit(FR, "{{date_today|jour}}", "{{meeting_date}}"), FR, 1),
    ("raw_html", edit(FR, "De {{", "<b>De</b> {{"), FR, 6),
    ("guide_formula", edit(BOOK, "{price} * 2", "{price} * HYPERLINK(2)"), BOOK, 16),
    ("guide_formula", edit(BOOK, "{staff.total} > {cap}", "=1+1"), BOOK, 22),
    ("guide_unknown_name", edit(BOOK, "{price} * 2", "{prise} * 2"), BOOK, 16),
    ("guide_unknown_name", edit(BOOK, "{staff.total} > {cap}", "{staff.price} > {cap}"), BOOK, 22),
    ("guide_unknown_name", edit(BOOK, "{price} * 2", "{total} * 2"), BOOK, 16),
    ("guide_circle", edit(BOOK, "kind: money}", 'kind: money, formula: "{total}"}'), BOOK, 15),
    ("guide_formula_text", edit(BOOK, "Plafond", "=Plafond"), BOOK, 8),
    ("guide_formula_text", edit(BOOK, "Trop", " @SUM(A1)"), BOOK, 22),
    ("guide_choice", edit(BOOK, "jour", "=1"), BOOK, 14),
    ("guide_choice", edit(BOOK, "jour", "jour,nuit"), BOOK, 14),
    ("guide_choices", edit(BOOK, "kind: choice", "kind: text"), BOOK, 14),
    ("guide_kind", edit(BOOK, "kind: choice", "kind: macro"), BOOK, 13),
    ("guide_figure_kind", edit(BOOK, "kind: money, value: 100", "kind: date"), BOOK, 8),
    ("guide_column_kind", edit(BOOK, "kind: money, formula", "kind: text, formula"), BOOK, 16),
    ("guide_value", edit(BOOK, "value: 100", "value: 1e400"), BOOK, 8),
    ("guide_name", edit(BOOK, "code: price", "code: Price"), BOOK, 15),
    ("duplicate_entry", edit(BOOK, "code: item", "code: cap"), BOOK, 10),
    ("guide_many", edit(BOOK, "    blocks:", "    blocks:\n" + "".join(
        f"      - {{code: b{n}, title: {{ar: ا, fr: b}}, rows: 1}}\n" for n in range(16))), BOOK, 18),
    ("not_a_number", edit(BOOK, "rows: 3", "rows: 100000"), BOOK, 18),
    ("guide_long_text", edit(BOOK, "Trop", "t" * 201), BOOK, 22),
    ("yaml_alias", write(BOOK, "a: &a [x]\nb: *a\n"), BOOK, 1),
]  # fmt: skip


def test_a_guide_that_is_right_is_read_whole(guide: Path, sources: Sources) -> None:
    checked = check(sources.root, today=TODAY)
    assert checked.problems == () and checked.dated == ()
    (found,) = checked.guides
    assert found.code == "G1" and found.text["fr"].startswith("## Titre")
    assert [item.required for item in found.checklist] == [True, False]
    assert found.cited[0].source["fr"] == "Art. 5" and not found.cited[0].to_confirm
    assert found.letters[0].body["ar"].startswith("من {{association_name}}")
    sheet = found.workbooks[0].sheets[0]
    assert sheet.figures[0].value == 100 and sheet.columns[3].is_summed and sheet.columns[1].kind is Kind.CHOICE
    assert guide_from_data(guide_to_data(found)) == found


@pytest.mark.parametrize(("code", "spoil", "file", "line"), SPOILT)
def test_what_is_wrong_is_named_with_its_place_and_what_to_do(
    code: str, spoil: Spoil, file: str, line: int, guide: Path, sources: Sources
) -> None:
    spoil(guide)
    checked = check(sources.root, today=TODAY)
    named = [problem for problem in checked.problems if problem.code == code]
    assert named, [problem.line() for problem in checked.problems]
    assert (named[0].place.file.endswith(f"/{file}"), named[0].place.line) == (True, line)
    assert "%(" not in named[0].line()


def test_every_kind_of_mistake_is_among_them() -> None:
    assert {code for code, *_ in SPOILT} >= set(MESSAGES)


def test_a_mistake_in_a_guide_keeps_everything_from_being_built(
    guide: Path, sources: Sources, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("fr.md", "Le texte", "<script>x</script>")(guide)
    assert main(["build", "--sources", str(sources.root), "--out", str(tmp_path / "out"), "--lang", "fr"]) == 1
    assert "guides/G1/fr.md:3:1: raw_html" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_our_own_guides_are_right_and_whole() -> None:
    checked = check(SOURCES, today=TODAY)
    assert [problem.line() for problem in (*checked.problems, *checked.dated)] == []
    assert [guide.code for guide in checked.guides] == ["G2", "G6"]
    for guide in checked.guides:
        assert set(guide.text) == {"ar", "fr"} and guide.checklist and guide.cited
        assert set(guide.title) == {"ar", "fr", "en"}
        assert guide.letters or guide.workbooks


def test_words_for_blanks_and_topics_are_in_every_language() -> None:
    assert all(set(words) == {"ar", "fr"} for words in field_words().values())
    assert all(set(words) == {"ar", "fr", "en"} for words in topics().values())
