"""The pages of guides and their files: found, downloaded whole and in part, counted without persons."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from funding_guide.guides import counting, editions, library
from funding_guide.models import DownloadCount, EditionFile
from tests.funding_guide.guides.samples import ours, small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "media"
    library._kept.clear()
    editions.load(small(letters=ours("G6").letters, title={"ar": "دليل / صغير", "fr": "Petit « guide »"}))
    yield


def client(language: str = "ar") -> Client:
    return Client(headers={"accept-language": language})


def page(path: str, language: str = "ar", **given: Any) -> str:
    response = client(language).get(path, given)
    assert response.status_code == 200
    return str(response.content.decode())


def address(name: str, version: str = "1.0.0") -> str:
    return f"/nassij/guides/G9/editions/{version}/{name}"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_visitor_reads_the_list_and_a_guide_in_each_language(language: str) -> None:
    shown = page("/nassij/guides/", language)
    assert f'lang="{language}"' in shown
    assert ("دليل / صغير" if language == "ar" else "Petit « guide »") in shown
    files = re.findall(r'href="(/nassij/guides/G9/editions/1.0.0/[^"]+)"', shown)
    assert len(set(files)) == 7 and all(client(language).get(each).status_code == 200 for each in files)
    detail = page("/nassij/guides/G9/", language)
    assert all(row.sha256 in detail for row in EditionFile.objects.filter(language="fr" if language == "fr" else "ar"))
    assert "{#" not in detail


def test_the_language_of_the_files_can_be_another_than_that_of_the_page() -> None:
    shown = page("/nassij/guides/G9/", "fr", lang="ar")
    assert (
        'lang="ar" dir="rtl"' in shown
        and address("ar-minutes.docx") in shown
        and address("fr-minutes.docx") not in shown
    )
    assert address("ar-minutes.docx") in page("/nassij/guides/G9/", "en"), "no file is in English"


def test_what_is_looked_for_and_chosen_narrows_the_list() -> None:
    editions.load(small(code="G8", topics=("reports",), title={"ar": "التقرير المالي", "fr": "Le rapport financier"}))
    assert "G8" in page("/nassij/guides/", q="التقرير المالى")
    assert "/nassij/guides/G9/" not in page("/nassij/guides/", q="التقرير المالى")
    assert "/nassij/guides/G8/" not in page("/nassij/guides/", topic="meetings")
    assert "/nassij/guides/G8/" in page("/nassij/guides/", topic="../../x"), "an unknown topic is no topic"
    nothing = page("/nassij/guides/", "fr", q='zzz"><script>alert(1)</script>')
    assert "<script>alert" not in nothing and "selection.zip" not in nothing


def test_the_list_takes_as_many_queries_for_one_guide_as_for_thirty(django_assert_num_queries: Any) -> None:
    page("/nassij/guides/")
    with django_assert_num_queries(2):
        page("/nassij/guides/")
    for number in range(10, 15):
        editions.load(small(code=f"G{number}"))
    page("/nassij/guides/")
    with django_assert_num_queries(2):
        page("/nassij/guides/")


# Editions


def test_an_old_link_says_that_it_is_old_and_leads_to_what_is_true_now() -> None:
    editions.load(small(version="1.1.0"))
    old = page("/nassij/guides/G9/editions/1.0.0/", "fr")
    assert "Il existe une édition plus récente" in old and 'href="/nassij/guides/G9/">' in old and "1.1.0" in old
    assert client().get(address("ar-minutes.docx")).status_code == 200
    assert 'role="alert"' not in page("/nassij/guides/G9/")


def test_an_expired_edition_says_so() -> None:
    editions.load(small(version="1.2.0", valid_until="2026-11-02"))
    for path in ("/nassij/guides/G9/", "/nassij/guides/G9/editions/1.2.0/"):
        assert "Cette édition a expiré" in page(path, "fr")
    assert "chip critical" in page("/nassij/guides/", "fr")
    editions.load(small(version="1.3.0"))
    assert "1.3.0" in page("/nassij/guides/G9/editions/1.2.0/", "fr")


def test_a_withdrawn_edition_is_in_no_list_and_its_link_says_so() -> None:
    editions.withdraw(code="G9", version="1.0.0", actor_id=None)
    assert "/nassij/guides/G9/" not in page("/nassij/guides/")
    assert "Cette édition a été retirée" in page("/nassij/guides/G9/editions/1.0.0/", "fr")
    assert client().get("/nassij/guides/G9/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/nassij/guides/G7/",
        "/nassij/guides/G9/editions/9.9.9/",
        "/nassij/guides/G9/editions/1.0.0/ar-other.docx",
        "/nassij/guides/G9/editions/1.0.0/..%2f..%2fsettings.py",
        "/nassij/guides/G9/editions/..%2f..%2fx/",
    ],
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert client().get(path).status_code == 404


def test_a_draft_is_seen_by_nobody() -> None:
    editions._drafted(small(code="G7"))
    assert client().get("/nassij/guides/G7/editions/1.0.0/").status_code == 404
    assert "/nassij/guides/G7/" not in page("/nassij/guides/")


# Files


def test_a_file_has_its_name_in_its_language_its_type_and_its_fingerprint() -> None:
    response = client().get(address("ar-guide.pdf"))
    row = EditionFile.objects.get(language="ar", format="pdf", template="")
    content = body(response)
    assert hashlib.sha256(content).hexdigest() == row.sha256 and response.headers["ETag"] == f'"{row.sha256}"'
    assert response.headers["Content-Length"] == str(len(content))
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    disposition = response.headers["Content-Disposition"]
    assert disposition.isascii() and disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition.split("''")[1]) == "G9 دليل صغير (1.0.0).pdf"


def test_a_file_is_not_sent_twice_and_goes_on_where_it_broke_off() -> None:
    whole = body(client().get(address("fr-minutes.docx")))
    etag = client().head(address("fr-minutes.docx")).headers["ETag"]
    for given in (etag, f'W/{etag}, "x"', "*"):
        same = client().get(address("fr-minutes.docx"), headers={"if-none-match": given})
        assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    rest = client().get(address("fr-minutes.docx"), headers={"range": "bytes=1000-", "if-range": etag})
    assert (rest.status_code, body(rest)) == (206, whole[1000:])
    assert rest.headers["Content-Range"] == f"bytes 1000-{len(whole) - 1}/{len(whole)}"
    assert rest.headers["Content-Length"] == str(len(whole) - 1000)
    last = client().get(address("fr-minutes.docx"), headers={"range": "bytes=-10"})
    assert body(last) == whole[-10:]
    beyond = client().get(address("fr-minutes.docx"), headers={"range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, body(beyond), beyond.headers["Content-Range"]) == (416, b"", f"bytes */{len(whole)}")
    changed = client().get(address("fr-minutes.docx"), headers={"range": "bytes=1000-", "if-range": '"other"'})
    assert (changed.status_code, body(changed)) == (200, whole)


def test_a_file_that_the_storage_lost_is_said_to_be_missing() -> None:
    default_storage.delete(EditionFile.objects.get(language="fr", template="minutes", format="docx").path)
    response = client("fr").get(address("fr-minutes.docx"))
    assert response.status_code == 404 and "centre d’appel" in response.content.decode()
    assert not DownloadCount.objects.exists()


def test_a_selection_is_one_zip_with_names_that_can_be_read() -> None:
    rows = list(EditionFile.objects.filter(template="minutes"))
    response = client().get("/nassij/guides/selection.zip", {"file": [row.pk for row in rows]})
    assert response.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(body(response))) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            "G9 Procès-verbal de réunion (1.0.0).docx",
            "G9 Procès-verbal de réunion (1.0.0).pdf",
            "G9 محضر اجتماع (1.0.0).docx",
            "G9 محضر اجتماع (1.0.0).pdf",
        ]
        assert {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()} == {
            row.sha256 for row in rows
        }
    assert dict(DownloadCount.objects.values_list("language", "count")) == {"ar": 1, "fr": 1}


@pytest.mark.parametrize("given", [[], ["x"], ["-1"], ["99999999"], ["9" * 40], ["١"]])
def test_a_selection_of_nothing_is_refused_in_words(given: list[str]) -> None:
    response = client("fr").get("/nassij/guides/selection.zip", {"file": given})
    assert response.status_code == 422 and "Aucun fichier" in response.content.decode()


def test_a_selection_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funding_guide.guides.serving.MAX_FILES", 3)
    ids = list(EditionFile.objects.values_list("pk", flat=True))
    assert client().get("/nassij/guides/selection.zip", {"file": ids}).status_code == 413


# Counting


def test_downloads_are_counted_by_edition_language_and_day_and_looks_are_not() -> None:
    for name in ("ar-guide.pdf", "ar-minutes.docx", "fr-guide.pdf"):
        body(client().get(address(name)))
    etag = client().head(address("ar-guide.pdf")).headers["ETag"]
    client().get(address("ar-guide.pdf"), headers={"if-none-match": etag})
    client().get(address("ar-guide.pdf"), headers={"range": "bytes=10-"})
    client().get(address("ar-guide.pdf"), headers={"range": "bytes=99999999-"})
    client().get("/nassij/guides/G9/")
    assert dict(DownloadCount.objects.values_list("language", "count")) == {"ar": 2, "fr": 1}
    body(client().get(address("ar-guide.pdf"), headers={"range": "bytes=0-"}))
    assert DownloadCount.objects.get(language="ar").count == 3
    assert {field.name for field in DownloadCount._meta.get_fields()} == {"id", "edition", "language", "day", "count"}


def test_two_first_downloads_of_a_day_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    edition_id = EditionFile.objects.all()[0].edition_id
    counting.count(edition_id, "ar", on=date(2026, 12, 1))
    real, calls = counting._added, []

    def late(day: dict[str, object], times: int) -> int:
        calls.append(day)
        return real(day, times) if len(calls) > 1 else 0  # the row of the other is not there yet

    monkeypatch.setattr(counting, "_added", late)
    counting.count(edition_id, "ar", on=date(2026, 12, 1))
    assert DownloadCount.objects.get(day=date(2026, 12, 1)).count == 2
