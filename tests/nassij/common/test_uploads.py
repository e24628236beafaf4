"""Uploads: judged by content, bombs refused at once, names that prove nothing."""

import hashlib
import io
import re
import time
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from nassij.common import archives, uploads
from nassij.common.archives import check_zip
from nassij.common.documents import xlsx
from nassij.common.errors import BadInput, NassijError, TooLarge
from tests.nassij.common.bombs import OFFICE, PARTS, TYPES, bombs, jpeg, moved, packed, png, related, workbook

ALL = frozenset(uploads.KINDS)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DOCX = packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"})
GOOD = {
    "pdf": PDF,
    "png": png(10, 10),
    "jpg": jpeg(10, 10),
    "xlsx": workbook(),
    "docx": DOCX,
    "csv": "الاسم;العدد\nأ;1\n".encode(),
}


def accept(content: bytes, *, name: str = "x.csv", kinds: frozenset[str] = ALL) -> uploads.Upload:
    return uploads.accept_upload(SimpleUploadedFile(name, content), kinds=kinds)


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_the_content_tells_the_kind_whatever_the_name(kind: str) -> None:
    upload = accept(GOOD[kind], name="report.exe")
    assert (upload.kind, upload.name, upload.content) == (kind, f"report.{kind}", GOOD[kind])
    assert upload.sha256 == hashlib.sha256(GOOD[kind]).hexdigest()
    assert upload.content_type == uploads.KINDS[kind].content_type


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_a_kind_that_was_not_asked_for_is_refused(kind: str) -> None:
    others = ALL - {kind}
    with pytest.raises(BadInput) as caught:
        accept(GOOD[kind], name="data.csv", kinds=others)
    assert caught.value.code == "wrong_kind" and caught.value.extra["accepted"] == sorted(others)


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?php system($_GET[1]); ?>",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>",
        b"#!/bin/sh\nrm -rf /\n",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"{\\rtf1 x}",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
        b"Rar!\x1a\x07\x00",
        b"PK\x05\x06" + b"\x00" * 18,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100,
        b"x;y\x00z\n",
        b"\x01\x02\x03;\x04\n",
        b"junk before %PDF-1.7\n%%EOF".replace(b"junk before ", b"\x00\x00"),
        b"%PDF-1.7 without an end",
        png(10, 10, behind=workbook()),
        png(10, 10)[:30],
        b"\xff\xd8\xff\xe0 not a picture",
        packed({"x.txt": "x"}),
        "﻿".encode(),
        b"   \n  ",
    ],
)
def test_what_is_none_of_the_kinds_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        accept(content)
    assert caught.value.remedy


@pytest.mark.parametrize("name", sorted(bombs()))
def test_bombs_are_refused_in_a_second_and_little_memory(name: str) -> None:
    content = bombs()[name]
    assert len(content) < 10_000_000
    started = time.process_time()
    with pytest.raises(NassijError) as caught:
        accept(content, kinds=frozenset({"xlsx"}))
    elapsed = time.process_time() - started
    assert caught.value.status in (400, 413) and caught.value.code in {
        "archive_bomb",
        "damaged_file",
        "macros",
        "wrong_kind",
        "foreign_content",
    }
    assert elapsed < 1
    tracemalloc.start()
    try:
        with pytest.raises(NassijError):
            check_zip(content)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", sorted(bombs()))
def test_the_reader_refuses_them_too(name: str) -> None:
    with pytest.raises(NassijError):
        xlsx.read_table(bombs()[name])


MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
MACRO_TYPE = '<Override PartName="/xl/project.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
FOREIGN = {
    "a macro under another name": (
        related(f"{MICROSOFT}/vbaProject", "project.bin", **{"project.bin": b"x"}),
        "macros",
    ),
    "a macro by its type": (workbook(types=PARTS[TYPES].replace("</Types>", f"{MACRO_TYPE}</Types>")), "macros"),
    "an embedded object": (related(f"{OFFICE}/oleObject", "o.dat", **{"o.dat": b"x"}), "foreign_content"),
    "an embedded package": (related(f"{OFFICE}/package", "o.dat", **{"o.dat": b"x"}), "foreign_content"),
    "a program": (workbook(**{"media/a.bin": b"MZ\x90\x00"}), "foreign_content"),
    "an OLE container": (workbook(**{"media/a.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}), "foreign_content"),
    "a template": (related(f"{OFFICE}/attachedTemplate", "http://x.test/a.dotm", outside=True), "foreign_content"),
    "a picture elsewhere": (related(f"{OFFICE}/image", "http://x.test/a.png", outside=True), "foreign_content"),
    "another workbook": (
        related(f"{OFFICE}/externalLink", "links/a.xml", **{"links/a.xml": "<a/>"}),
        "foreign_content",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_macros_and_foreign_content_are_refused_whatever_they_are_called(name: str) -> None:
    content, code = FOREIGN[name]
    with pytest.raises(BadInput) as caught:
        accept(content, kinds=frozenset({"xlsx"}))
    assert caught.value.code == code
    assert caught.value.remedy


def test_links_pictures_and_printer_settings_are_none_of_that() -> None:
    inside = {"media/a.png": png(9, 9), "printerSettings/p.bin": b"H\x00P\x00"}
    content = related(f"{OFFICE}/hyperlink", "https://nassij.test/", outside=True, **inside)
    assert accept(content, kinds=frozenset({"xlsx"})).kind == "xlsx"
    assert accept(moved(workbook(), "xl/sharedStrings.xml", "xl/ss.foo")).kind == "xlsx"


def test_a_bomb_under_another_name_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    spend = archives._Budget.spend
    monkeypatch.setattr(
        archives._Budget, "spend", lambda budget, size, tags: (read.append(size), spend(budget, size, tags))[1]
    )
    for name in ("strings under another name", "strings called a picture", "strings among the sheets"):
        read.clear()
        with pytest.raises(TooLarge):
            check_zip(bombs()[name])
        assert sum(read) < 5_000_000


def test_behind_a_jpeg_only_zeros_and_what_a_camera_writes() -> None:
    for more in (b"", b"\0" * 16, b"\0\0SEFH....SEFT"):
        assert accept(jpeg(9, 9) + more).kind == "jpg"
    for more in (workbook(), workbook() + b"\xff\xd9", b"<script>", workbook() + b"SEFT"):
        with pytest.raises(BadInput):
            accept(jpeg(9, 9) + more)


def test_a_workbook_of_thousands_of_rows_is_no_bomb() -> None:
    content = xlsx.write_table(
        ([f"جمعية رقم {n}", n, n / 7, "x" * 20] * 5 for n in range(7200)), columns=["c"] * 20, title="t"
    )
    assert accept(content, kinds=frozenset({"xlsx"})).kind == "xlsx"


@pytest.mark.parametrize("picture", [png(100_000, 100_000), jpeg(60_000, 60_000)])
def test_pictures_of_too_many_points_are_refused(picture: bytes) -> None:
    with pytest.raises(TooLarge) as caught:
        accept(picture)
    assert caught.value.code == "picture_too_large"


def test_size_is_bounded_before_reading_and_while_reading() -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 < size <= 101
            Endless.asked += size
            return b"x" * size

    with pytest.raises(TooLarge) as caught:
        uploads.accept_upload(Endless(), kinds={"csv"}, max_bytes=100)
    assert caught.value.extra == {"max_bytes": 100} and Endless.asked == 101

    class Huge:
        size = 10**12

        def read(self, size: int) -> bytes:
            raise AssertionError("not to be read")

    with pytest.raises(TooLarge):
        uploads.accept_upload(Huge(), kinds={"csv"})
    with override_settings(NASSIJ_UPLOAD_MAX_BYTES=3), pytest.raises(TooLarge):
        accept(b"abcd")


def test_an_empty_file_says_so() -> None:
    with pytest.raises(BadInput) as caught:
        accept(b"")
    assert caught.value.code == "empty_file"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("أعضاء.csv", "أعضاء.csv"),
        ("../../etc/passwd", "passwd.csv"),
        ("C:\\Users\\x\\liste.xls", "liste.csv"),
        ("\u202evsc.exe\x00.csv", "vsc.exe.csv"),
        (".htaccess", "htaccess.csv"),
        ("a\nb\tc .csv", "a b c.csv"),
        ("", "file.csv"),
        ("x" * 500 + ".csv", "x" * 120 + ".csv"),
    ],
)
def test_the_shown_name_is_clean_and_ends_in_the_kind(given: str, shown: str) -> None:
    file = io.BytesIO(GOOD["csv"])
    file.name = given
    assert uploads.accept_upload(file, kinds={"csv"}).name == shown


def test_it_gets_a_random_path_and_not_the_one_it_came_with() -> None:
    upload = accept(GOOD["csv"], name="../x.php")
    first, second = upload.new_path("evidence/"), upload.new_path("evidence/")
    assert first != second and re.fullmatch(r"evidence/[0-9a-f]{32}\.csv", first)


def test_downloads_are_attachments_that_run_nowhere() -> None:
    response = uploads.attachment(b"<script>", name='تقرير "1".html', content_type="text/html")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")
    assert "sandbox" in response["Content-Security-Policy"]
