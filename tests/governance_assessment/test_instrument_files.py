"""Versions out as files and back in: nothing is lost, a dry run writes nothing, hostile files are refused."""

from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import yaml
from django.core.management import CommandError, call_command

from governance_assessment.domain import changes, content_hash, load_yaml, parse_instrument
from governance_assessment.instruments import drafts, files
from governance_assessment.models import InstrumentVersion
from nassij.common.errors import BadInput, NassijError, TooLarge

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(instrument):
    return InstrumentVersion.objects.get()


@pytest.fixture
def draft(version):
    return drafts.draft_after(version, "0.1.1", actor_id=None)


def typed(content, *edits):
    """The workbook with some cells typed over: (sheet, cell, value)."""
    book = openpyxl.load_workbook(BytesIO(content))
    for sheet, cell, value in edits:
        book[sheet][cell] = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def problems(content):
    with pytest.raises(NassijError) as refused:
        files.dry_run(content, "file.xlsx")
    return {(problem["code"], problem["cell"]) for problem in refused.value.extra["problems"]}


def test_yaml_comes_back_with_the_same_hash(version, instrument):
    written = files.as_yaml(version)
    assert content_hash(parse_instrument(load_yaml(written))) == version.content_hash
    assert files.as_yaml(version) == written
    assert files.dry_run(written, "x.yaml").draft.instrument == instrument


def test_a_workbook_comes_back_with_the_same_hash(draft):
    found = files.dry_run(files.as_workbook(draft), "x.xlsx")
    assert content_hash(found.draft.instrument) == draft.content_hash
    assert found.draft.content == draft.content
    assert found.missing == []
    assert changes(found.compatibility.before, found.draft.instrument) == ()


def test_a_workbook_as_a_spreadsheet_program_saves_it(draft):
    """Typed through another library: numbers, a cleared cell, a translation."""
    sheet = list(openpyxl.load_workbook(BytesIO(files.as_workbook(draft)))["texts"].values)
    row = next(number for number, cells in enumerate(sheet, start=1) if cells[:2] == ("1.1", "title"))
    content = typed(
        files.as_workbook(draft),
        ("texts", f"D{row}", "Récépissé de déclaration"),
        ("texts", f"E{row}", None),
        ("indicators", "C2", 7.0),
    )
    found = files.dry_run(content, "x.xlsx")
    first = found.draft.instrument.indicator("1.1")
    assert (first.title.in_language("fr"), first.weight) == ("Récépissé de déclaration", 7)
    assert [(language, cell) for _path, language, cell in found.missing] == [("en", f"texts!E{row}")]
    assert {str(change.code) for change in found.compatibility.changes} == {"weight", "wording"}


def test_a_dry_run_writes_nothing(draft):
    before = list(InstrumentVersion.objects.values())
    files.dry_run(typed(files.as_workbook(draft), ("indicators", "C2", 7)), "x.xlsx")
    assert list(InstrumentVersion.objects.values()) == before


def test_each_wrong_cell_is_named(draft):
    content = typed(
        files.as_workbook(draft),
        ("indicators", "C3", -1),
        ("bands", "A2", 7),
        ("indicators", "D4", "maybe"),
        ("replaces", "B2", "same"),
    )
    assert problems(content) >= {
        ("weight_not_positive", "indicators!C3"),
        ("bands_not_from_zero", "bands!A2"),
        ("wrong_type", "indicators!D4"),
        ("not_one_of", "replaces!B2"),
    }


def test_text_is_text_and_never_a_formula(draft):
    content = yaml.safe_load(files.as_yaml(draft))
    content["title"]["fr"] = '=HYPERLINK("http://x.example","Cliquez")'
    stored = drafts.save_draft(drafts.read_draft(content), actor_id=None, version_id=draft.pk)
    book = openpyxl.load_workbook(BytesIO(files.as_workbook(stored)))
    cell = next(cell for row in book["instrument"].rows for cell in row if str(cell.value).startswith("=HYPER"))
    assert cell.data_type == "s"
    assert not cell.hyperlink
    back = files.dry_run(files.as_workbook(stored), "x.xlsx").draft
    assert back.instrument.title.in_language("fr") == content["title"]["fr"]


def archive(**parts):
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name.replace("__", "/"), content)
    return out.getvalue()


HOSTILE = {
    "no workbook": b"PK\x03\x04rubbish",
    "a bomb": archive(**{"xl__worksheets__sheet1.xml": b"<c/>" * 30_000_000}),
    "an entity bomb": archive(**{"xl__workbook.xml": b"<!DOCTYPE x [<!ENTITY a 'a'>]><x>&a;</x>"}),
    "macros": archive(**{"xl__vbaProject.bin": b"x"}),
    "an empty archive": archive(),
    "an alias bomb": b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n".encode() for n in range(9)
    ),
    "an object": b"!!python/object/apply:os.system [ls]",
    "no text": bytes(range(256)),
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name, instrument):
    with pytest.raises((BadInput, TooLarge)):
        files.dry_run(HOSTILE[name], "x.xlsx")
    assert InstrumentVersion.objects.count() == 1


# --- The command ------------------------------------------------------------------------------------------


def run(*arguments):
    out = StringIO()
    call_command("nassij_instrument", "--lang", "fr", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_whole_way_by_command(draft, tmp_path):
    book = tmp_path / "version.xlsx"
    run("export", "gov-ma", "0.1.1", book)
    book.write_bytes(typed(book.read_bytes(), ("instrument", "D2", "Autre titre")))
    assert "formulation ou traduction modifiée" in run("check", book)
    assert InstrumentVersion.objects.get(pk=draft.pk).content == draft.content
    run("draft", book)
    assert InstrumentVersion.objects.get(pk=draft.pk).content["title"]["fr"] == "Autre titre"
    run("publish", "gov-ma", "0.1.1")
    run("retire", "gov-ma", "0.1.0")
    assert dict(InstrumentVersion.objects.values_list("version", "status")) == {
        "0.1.0": "retired",
        "0.1.1": "published",
    }
    written = tmp_path / "version.yaml"
    run("export", "gov-ma", "0.1.1", written)
    assert (
        content_hash(parse_instrument(load_yaml(written.read_bytes())))
        == InstrumentVersion.objects.get(version="0.1.1").content_hash
    )


def test_the_command_says_what_is_wrong_one_line_each(draft, tmp_path):
    book = tmp_path / "version.xlsx"
    book.write_bytes(typed(files.as_workbook(draft), ("indicators", "C3", -1), ("bands", "A2", 7)))
    with pytest.raises(CommandError) as refused:
        run("draft", book)
    lines = str(refused.value).splitlines()
    assert any(":indicators!C3: le coefficient doit être supérieur à zéro" in line for line in lines)
    assert len(lines) == 3
    for arguments in (
        ("publish", "gov-ma", "9.9.9"),
        ("check", tmp_path / "none.yaml"),
        ("export", "x", "1.0.0", Path("/x")),
    ):
        with pytest.raises(CommandError):
            run(*arguments)
