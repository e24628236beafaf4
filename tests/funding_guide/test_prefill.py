"""Documents with the association's data already in them: what is known and no more, for whom it is."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from funding_guide.applications.writing import open_application
from funding_guide.calls import library as calls
from funding_guide.calls import loading
from funding_guide.facts.facts import FIELDS, change_facts
from funding_guide.guides import editions
from funding_guide.models import DownloadCount, GuideEdition
from nassij.associations.api import Role
from tests.funding_guide.domain.builders import call, document
from tests.funding_guide.guides.samples import ours
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    calls._kept.clear()
    editions.load(ours("G6"))
    loading.store(call(documents=[document("minutes", guide="G6", template="minutes")]), publish=True)


@pytest.fixture
def association() -> Any:
    return factories.make_association("جمعية الأمل", commune="مجاط", name_fr="Association Amal")


@pytest.fixture
def treasurer(association: Any) -> Any:
    person = factories.make_user(first_name="خديجة", last_name="أمغار")
    return factories.make_member(association, person, role=Role.TREASURER)


def client_of(user: Any, language: str = "ar") -> Client:
    cache.clear()
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def address(association: Any, template: str = "minutes", language: str = "ar", guide: str = "G6") -> str:
    named = {"uuid": association.uuid, "guide_code": guide, "template": template, "language": language}
    return reverse("nassij_funding:letter", kwargs=named)


def words_of(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return packed.read("word/document.xml").decode()


def test_what_the_association_has_told_stands_in_its_place(association: Any, treasurer: Any) -> None:
    answer = client_of(treasurer).get(address(association))
    assert answer.status_code == 200 and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "filename*=utf-8''G6%20" in answer.headers["Content-Disposition"]
    text = words_of(answer.content)
    assert "جمعية الأمل" in text and "Association Amal" not in text
    assert "[اسم الجمعية]" not in text and "[رقم الاجتماع]" in text  # what nobody has told stays a blank
    in_french = words_of(client_of(treasurer).get(address(association, language="fr")).content)
    assert "Association Amal" in in_french and "جمعية الأمل" not in in_french


def test_who_holds_an_office_and_the_day_of_foundation_are_known(association: Any, treasurer: Any) -> None:
    from datetime import date

    from funding_guide.applications.prefill import known
    from nassij.associations.api import access

    values = dict.fromkeys(FIELDS) | {"receipt": "", "accounts": {}, "founded_on": date(2011, 3, 15)}
    change_facts(user_id=treasurer.pk, association_uuid=association.uuid, values=values, revision=0)
    found = known(access(user_id=treasurer.pk, association_uuid=association.uuid), "ar")
    assert found["treasurer_name"] == "خديجة أمغار" and found["founded_on"] == "15 مارس 2011"
    assert found["association_place"].startswith("مجاط، ") and "president_name" not in found
    elsewhere = factories.make_association("جمعية", province="other")
    person = factories.make_member(elsewhere)
    assert "association_place" not in known(access(user_id=person.pk, association_uuid=elsewhere.uuid), "fr")


def test_a_hostile_name_is_only_a_name(treasurer: Any) -> None:
    association = factories.make_association('</w:t><w:instrText>"&{{association_seat}}')
    member = factories.make_member(association)
    text = words_of(client_of(member).get(address(association)).content)
    assert "&lt;/w:t&gt;" in text and "<w:instrText>" not in text


def test_only_for_who_may_see_the_files(association: Any, treasurer: Any) -> None:
    stranger = factories.make_member(factories.make_association(), role=Role.PRESIDENT)
    for user in (stranger, factories.make_former_member(association)):
        assert client_of(user).get(address(association)).status_code == 404
    assert Client().get(address(association)).status_code == 302
    client = client_of(treasurer)
    for wrong in (
        address(association, template="nothing"),
        address(association, language="en"),
        address(association, guide="G99"),
    ):
        assert client.get(wrong).status_code == 404
    assert client.post(address(association)).status_code == 405


def test_it_counts_as_a_download_of_nobody(association: Any, treasurer: Any) -> None:
    client_of(treasurer).get(address(association))
    count = DownloadCount.objects.get()
    assert (count.edition_id, count.language) == (GuideEdition.objects.get().pk, "ar")
    assert not [field for field in DownloadCount._meta.fields if "user" in field.name]


def test_the_way_there_from_the_call_the_file_and_the_guide(association: Any, treasurer: Any) -> None:
    client = client_of(treasurer, "fr")
    guide = reverse("nassij_funding:guide", kwargs={"code": "G6"})
    assert (
        f'href="{guide}"'
        in client.get(reverse("nassij_funding:call", kwargs={"slug": "commune-2027"})).content.decode()
    )
    uuid = open_application(user_id=treasurer.pk, association_uuid=association.uuid, slug="commune-2027")
    named = {"application_uuid": uuid, "document_code": "minutes"}
    page = client.get(reverse("nassij_funding:application_document", kwargs=named)).content.decode()
    assert address(association, language="fr") in page and address(association, "notice", "fr") not in page
    page = client.get(guide).content.decode()
    assert address(association, language="fr") in page and "Association Amal" in page
    assert "/letters/" not in Client().get(guide).content.decode()
