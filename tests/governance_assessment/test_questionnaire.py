"""The blank questionnaire on paper: every question with boxes, its version and hash on every page, printed once."""

from __future__ import annotations

import io

import page
import pypdf
import pytest

from governance_assessment import api
from governance_assessment.models import MadeFile
from nassij.common import private_files
from nassij.common.documents import pdf
from nassij.common.errors import BadInput, NotFound
from tests.governance_assessment.test_reports import place, renderings, text_of  # noqa: F401 - a fixture among them

pytestmark = pytest.mark.django_db


def printed(kind: str, language: str) -> bytes:
    return private_files.read(api.questionnaire_file(slug="gov-ma", kind=kind, language=language).file.path)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("kind", ["express", "full"])
def test_it_has_every_question_and_says_which_version_it_is(kind, language, instrument) -> None:
    content = printed(kind, language)
    report = page.validate_pdf_bytes(content, profile="ua1")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    found = text_of(content)
    asked = instrument.express() if kind == "express" else instrument
    missing = [each.code for each in asked.all_indicators() if each.title.in_language(language) not in found]
    assert missing == []
    others = set(instrument.by_code) - set(asked.by_code)
    assert [code for code in others if f" {code} " in found] == []
    data = api.published_instrument(slug="gov-ma")
    sheets = pypdf.PdfReader(io.BytesIO(content)).pages
    assert found.count(data.content_hash[:16]) >= len(sheets)
    assert found.count(f"gov-ma {data.version}") >= len(sheets)


def test_it_is_printed_once(instrument, client, monkeypatch) -> None:
    seen = renderings(monkeypatch)
    address = "/nassij/governance/instruments/gov-ma/questionnaire/express/ar.pdf"
    first = client.get(address)
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"] == 'attachment; filename="gov-ma-0.1.0-express-ar.pdf"'
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(address).content == first.content
    assert len(seen) == 1


def test_one_that_is_gone_is_printed_again(instrument, client, place) -> None:  # noqa: F811 - the fixture
    address = "/nassij/governance/instruments/gov-ma/questionnaire/express/ar.pdf"
    first = client.get(address)
    next(place.iterdir()).unlink()
    assert client.get(address).content == first.content


def test_express_and_full_do_not_replace_one_another(
    instrument, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        before = {kind: printed(kind, "fr") for kind in ("express", "full")}
    assert MadeFile.objects.count() == 2
    monkeypatch.setattr(pdf, "edition", lambda name: "another")
    with django_capture_on_commit_callbacks(execute=True):
        assert printed("express", "fr") == before["express"]
    assert MadeFile.objects.filter(edition="another").count() == 1


def test_the_page_of_the_questionnaire_leads_to_it(instrument, client) -> None:
    shown = client.get("/nassij/governance/instruments/gov-ma/").content.decode()
    for kind in ("express", "full"):
        assert f"/nassij/governance/instruments/gov-ma/questionnaire/{kind}/ar.pdf" in shown


def test_what_there_is_not_is_not_found(instrument) -> None:
    for slug, kind, language, refusal in (
        ("none", "full", "ar", NotFound),
        ("gov-ma", "half", "ar", BadInput),
        ("gov-ma", "full", "de", NotFound),
    ):
        with pytest.raises(refusal):
            api.questionnaire_file(slug=slug, kind=kind, language=language)
    assert not MadeFile.objects.exists()
