"""Application files: begun once, document by document, nothing lost, and only for whom they are."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import icalendar
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funding_guide.applications.reading import file, files_of
from funding_guide.applications.writing import (
    change_document,
    change_project,
    follow_call,
    move,
    open_application,
)
from funding_guide.calls import library, loading
from funding_guide.data import ApplicationState
from funding_guide.models import Application, ApplicationDocument
from funding_guide.models.applications import DOCUMENT_FIELDS, PROJECT_FIELDS
from funding_guide.retirement import retire_user
from nassij.associations.api import Role, access
from nassij.common.errors import Conflict, Forbidden, NotFound, NotSignedIn, Unprocessable
from nassij.common.models import AuditEvent
from tests.funding_guide.domain.builders import call, document, rule
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db
SLUG = "commune-2027"
SAID: dict[str, Any] = ApplicationDocument().values()
DOCUMENTS = [
    document("letter", kind="sign", title={"fr": "Lettre de demande"}),
    document("bank", valid_months=3),
    document("plan", required=False),
]


@pytest.fixture(autouse=True)
def _published() -> None:
    library._kept.clear()
    loading.store(published(), publish=True)


def published(version: str = "1.0.0", **more: Any) -> Any:
    return call(
        version=version,
        opens_on="2020-01-01",
        closes_on="2090-01-01",
        **{"rules": [rule("receipt")], "documents": DOCUMENTS, "amounts": {"own_percent": 10}} | more,
    )


@pytest.fixture
def association() -> Any:
    return factories.make_association()


@pytest.fixture
def treasurer(association: Any) -> Any:
    return factories.make_member(association, role=Role.TREASURER)


@pytest.fixture
def begun(association: Any, treasurer: Any) -> UUID:
    return open_application(user_id=treasurer.pk, association_uuid=association.uuid, slug=SLUG)


def say(user: Any, uuid: UUID, code: str, revision: int = 0, **values: Any) -> None:
    change_document(user_id=user.pk, uuid=uuid, code=code, values=SAID | values, revision=revision)


def project(**values: Any) -> dict[str, Any]:
    return dict.fromkeys(PROJECT_FIELDS) | {"title": "", "field": ""} | values


def states(user: Any, uuid: UUID) -> dict[str, str]:
    return {one.code: str(one.standing.state) for one in file(user_id=user.pk, uuid=uuid).documents}


def client_of(user: Any, language: str = "en") -> Client:
    cache.clear()
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def page(name: str, uuid: UUID, **more: Any) -> str:
    return reverse(f"nassij_funding:{name}", kwargs={"application_uuid": uuid, **more})


# --- What it holds ------------------------------------------------------------------------------------------


def test_a_call_has_one_file_of_an_association(association: Any, treasurer: Any, begun: UUID) -> None:
    president = factories.make_member(association, role=Role.PRESIDENT)
    assert open_application(user_id=president.pk, association_uuid=association.uuid, slug=SLUG) == begun
    assert Application.objects.count() == 1
    with pytest.raises(NotFound):
        open_application(user_id=treasurer.pk, association_uuid=association.uuid, slug="no-such-call")


def test_each_document_stands_where_the_association_says(treasurer: Any, begun: UUID) -> None:
    today = timezone.localdate()
    assert states(treasurer, begun) == {"letter": "missing", "bank": "missing", "plan": "missing"}
    say(treasurer, begun, "letter", is_held=True)
    say(treasurer, begun, "bank", is_held=True, issued_on=today)  # three months old long before 2090
    say(treasurer, begun, "plan", is_set_aside=True)
    assert states(treasurer, begun) == {"letter": "to_be_signed", "bank": "expires", "plan": "not_needed"}
    say(treasurer, begun, "letter", revision=1, is_held=True, is_signed=True)
    found = file(user_id=treasurer.pk, uuid=begun).readiness
    assert (found.done, found.needed) == (1, 2) and [one.document.code for one in found.blocking] == ["bank"]


def test_the_figures_of_the_project_answer_the_rules(treasurer: Any, begun: UUID) -> None:
    def reasons() -> set[str]:
        return {str(found.reason) for found in file(user_id=treasurer.pk, uuid=begun).assessment.findings}

    assert "own_contribution_unknown" in reasons()
    values = project(total=Decimal(100_000), own=Decimal(5_000), requested=Decimal(95_000))
    change_project(user_id=treasurer.pk, uuid=begun, values=values, revision=0)
    assert "own_contribution_too_low" in reasons()
    change_project(user_id=treasurer.pk, uuid=begun, values=values | {"own": Decimal(10_000)}, revision=1)
    assert not {"own_contribution_unknown", "own_contribution_too_low"} & reasons()


def test_who_saves_second_is_told_and_the_same_twice_is_once(treasurer: Any, begun: UUID) -> None:
    say(treasurer, begun, "letter", is_held=True, note="chez Fatima")
    say(treasurer, begun, "letter", is_held=True, note="chez Fatima")
    assert ApplicationDocument.objects.get().revision == 1
    with pytest.raises(Conflict) as refused:
        say(treasurer, begun, "letter", note="perdue")
    assert refused.value.extra["stored"] == {"is_held": True, "note": "chez Fatima"}
    assert refused.value.extra["revision"] == 1
    assert AuditEvent.objects.filter(action="funding.application.document_changed").count() == 1


@pytest.mark.parametrize(
    "code, values, field",
    [
        ("letter", {"is_set_aside": True}, "is_set_aside"),
        ("plan", {"is_set_aside": True, "is_held": True}, "is_set_aside"),
        ("letter", {"issued_on": date(2089, 1, 1)}, "issued_on"),
        ("letter", {"due_on": date(1, 1, 1)}, "due_on"),
        ("letter", {"issued_on": date(2026, 1, 2), "expires_on": date(2026, 1, 1)}, "expires_on"),
        ("letter", {"owner_id": 10**9}, "owner_id"),
    ],
)
def test_what_cannot_be_is_refused(treasurer: Any, begun: UUID, code: str, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        say(treasurer, begun, code, **values)
    assert set(refused.value.extra["fields"]) == {field}
    assert not ApplicationDocument.objects.exists()


def test_a_member_of_another_association_cannot_be_given_a_document(treasurer: Any, begun: UUID) -> None:
    stranger = factories.make_member(factories.make_association())
    with pytest.raises(Unprocessable):
        say(treasurer, begun, "letter", owner_id=stranger.pk)


def test_a_new_text_of_the_call_is_followed_when_wanted(treasurer: Any, begun: UUID) -> None:
    say(treasurer, begun, "letter", is_held=True, is_signed=True)
    loading.store(published("1.1.0", documents=[*DOCUMENTS[:1], document("budget")]), publish=True)
    before = file(user_id=treasurer.pk, uuid=begun)
    assert before.newer == "1.1.0" and len(before.documents) == 3
    follow_call(user_id=treasurer.pk, uuid=begun)
    follow_call(user_id=treasurer.pk, uuid=begun)
    assert states(treasurer, begun) == {"letter": "ready", "budget": "missing"}
    loading.withdraw(slug=SLUG, version="1.1.0", actor_id=None)
    assert file(user_id=treasurer.pk, uuid=begun).is_gone


def test_sent_is_closed_until_taken_up_again(association: Any, treasurer: Any, begun: UUID) -> None:
    move(user_id=treasurer.pk, uuid=begun, state=ApplicationState.SENT)
    move(user_id=treasurer.pk, uuid=begun, state=ApplicationState.SENT)
    with pytest.raises(Conflict):
        say(treasurer, begun, "letter", is_held=True)
    move(user_id=treasurer.pk, uuid=begun, state=ApplicationState.DROPPED)
    another = open_application(user_id=treasurer.pk, association_uuid=association.uuid, slug=SLUG)
    assert another != begun
    with pytest.raises(Conflict) as refused:
        move(user_id=treasurer.pk, uuid=begun, state=ApplicationState.PREPARING)
    assert refused.value.code == "another_file"
    lines = files_of(access(user_id=treasurer.pk, association_uuid=association.uuid))
    assert [line.uuid for line in lines] == [another]


def test_whose_account_is_retired_owns_nothing_any_more(treasurer: Any, begun: UUID) -> None:
    say(treasurer, begun, "letter", owner_id=treasurer.pk, due_on=timezone.localdate())
    retire_user(treasurer.pk)
    retire_user(treasurer.pk)
    assert ApplicationDocument.objects.get().owner_id is None


def test_no_column_could_hold_a_number_of_an_identity_card() -> None:
    assert set(DOCUMENT_FIELDS) == set(SAID)
    assert not [field for field in ApplicationDocument._meta.fields if field.get_internal_type() == "FileField"]


# --- Who may ------------------------------------------------------------------------------------------------


def test_who_may_see_and_who_may_write(association: Any, begun: UUID) -> None:
    coach = factories.make_coach(association)
    everyone = {
        "president": (factories.make_member(association, role=Role.PRESIDENT), True, True),
        "secretary": (factories.make_member(association, role=Role.SECRETARY), True, True),
        "lead": (factories.make_member(association, is_lead=True), True, True),
        "member": (factories.make_member(association), True, False),
        "coach": (coach, True, False),
        "former": (factories.make_former_member(association), False, False),
        "stranger": (factories.make_member(factories.make_association(), role=Role.PRESIDENT), False, False),
    }
    for name, (user, may_see, may_write) in everyone.items():
        client = client_of(user)
        assert (client.get(page("application", begun)).status_code == 200) == may_see, name
        writes = (
            lambda user=user: say(user, begun, "letter"),
            lambda user=user: change_project(user_id=user.pk, uuid=begun, values=project(), revision=0),
            lambda user=user: follow_call(user_id=user.pk, uuid=begun),
            lambda user=user: move(user_id=user.pk, uuid=begun, state=ApplicationState.PREPARING),
        )
        for write in writes:
            if may_write:
                write()
            else:
                with pytest.raises((Forbidden, NotFound)):
                    write()
    with pytest.raises((NotSignedIn, NotFound)):
        file(user_id=None, uuid=begun)
    assert Client().get(page("application", begun)).status_code == 302
    assert client_of(coach).get(page("application", uuid4())).status_code == 404


# --- The pages ----------------------------------------------------------------------------------------------


def test_from_the_call_to_a_ready_file(association: Any, treasurer: Any) -> None:
    client = client_of(treasurer)
    shown = client.get(reverse("nassij_funding:call", kwargs={"slug": SLUG})).content.decode()
    assert "Prepare the application file" in shown
    begin = reverse("nassij_funding:begin", kwargs={"slug": SLUG})
    assert client.post(begin, {"for": "nobody"}).status_code == 404
    answer = client.post(begin, {"for": str(association.uuid)}, follow=True)
    uuid = Application.objects.get().uuid
    html = answer.content.decode()
    assert "0 of 2 required documents are ready" in html and "Lettre de demande" in html
    edit = page("application_document", uuid, document_code="letter")
    assert "We do not need it" not in client.get(edit).content.decode()
    saved = client.post(
        edit,
        {"revision": "0", "is_held": "on", "is_signed": "on", "owner_id": str(treasurer.pk), "due_on": "٠١/٠٢/٢٠٢٧"},
        follow=True,
    )
    assert "1 of 2 required documents are ready" in saved.content.decode()
    stale = client.post(edit, {"revision": "0", "note": "<b>x</b>"})
    assert (
        stale.status_code == 409 and "&lt;b&gt;x" in stale.content.decode() and "Stored now" in stale.content.decode()
    )
    wrong = client.post(edit, {"revision": "1", "due_on": "soon"})
    assert wrong.status_code == 422
    figures = {"revision": "0", "title": "مشروع", "total": "30.000", "requested": "25 000", "own": "5000"}
    assert client.post(page("application", uuid), figures).status_code == 302
    assert Application.objects.get().requested == 25_000
    assert client.post(page("application", uuid), figures | {"revision": "1", "own": "90000"}).status_code == 422
    listed = client.get(reverse("nassij_funding:funding")).content.decode()
    assert "Our application files" in listed
    again = client.get(reverse("nassij_funding:call", kwargs={"slug": SLUG})).content.decode()
    assert "To our application file" in again
    assert client.post(page("application_state", uuid), {"state": "nonsense"}).status_code == 400
    assert client.post(page("application_state", uuid), {"state": "sent"}).status_code == 302
    assert client.get(page("application_document", uuid, document_code="no")).status_code == 404


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_pages_are_in_the_readers_language(
    treasurer: Any, begun: UUID, language: str, django_assert_max_num_queries: Any
) -> None:
    client = client_of(treasurer, language)
    client.get(page("application", begun))
    with django_assert_max_num_queries(12):
        html = client.get(page("application", begun)).content.decode()
    assert f'<html lang="{language}"' in html
    if language != "fr":
        assert 'lang="fr" dir="ltr">Lettre de demande' in html
    assert client.get(page("application_document", begun, document_code="plan")).status_code == 200


def test_the_calendar_says_when(treasurer: Any, begun: UUID) -> None:
    day = timezone.localdate() + timedelta(days=5)
    say(treasurer, begun, "letter", owner_id=treasurer.pk, due_on=day)
    say(treasurer, begun, "plan", due_on=day, is_set_aside=True)
    answer = client_of(treasurer, "fr").get(page("application_calendar", begun))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert {(str(event["summary"]), event.decoded("dtstart")) for event in events} == {
        ("Dernier jour : Appel de la commune", date(2090, 1, 1)),
        ("Lettre de demande", day),
    }
    assert len({str(event["uid"]) for event in events}) == 2
