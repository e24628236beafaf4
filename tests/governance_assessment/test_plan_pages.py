"""The pages of the action plan, without a script: what people see, press and get back; and the calendar file."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from governance_assessment.models import PlanItem
from nassij.associations.api import Role
from nassij.associations.api import leave as leave_association
from nassij.common import mail_topics
from tests.governance_assessment.plans import add, change, in_days, remark, submit, take
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed(full_round: Any, instrument: Any, president: Any, association: Any) -> Any:
    submit(president, full_round, instrument)
    return association


def client_of(user: Any, language: str = "en") -> Client:
    cache.clear()
    client = Client(headers={"accept-language": language})
    if user is not None:
        client.force_login(user)
    return client


def page(name: str, association: Any, item: PlanItem | None = None) -> str:
    more = {"item_uuid": item.uuid} if item else {}
    return reverse(f"nassij_governance:{name}", kwargs={"uuid": association.uuid, **more})


def text_of(response: Any) -> str:
    return response.content.decode()


def hidden(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found.group(1)


# --- The plan ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_an_empty_plan_says_how_to_begin(language: str, association: Any, president: Any, instrument: Any) -> None:
    answer = client_of(president, language).get(page("plan", association))
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in text_of(answer)
    assert association.name in text_of(answer)
    assert page("plan_add", association) in text_of(answer)


def test_a_member_reads_and_is_offered_nothing_to_press(assessed: Any, president: Any, member: Any) -> None:
    item = take(president, assessed)
    mine = add(president, assessed, title="mine", owner_id=member.pk)
    html = text_of(client_of(member).get(page("plan", assessed)))
    assert page("plan_add", assessed) not in html
    assert page("plan_take", assessed) not in html
    assert page("plan_item_state", assessed, item) not in html
    assert page("plan_item_state", assessed, mine) in html


def test_one_tap_leads_to_who_and_when(assessed: Any, president: Any) -> None:
    client = client_of(president)
    html = text_of(client.get(page("plan", assessed)))
    wanted = {"indicator": hidden(html, "indicator"), "from_level": hidden(html, "from_level")}
    assert wanted == {"indicator": "1.1", "from_level": "1"}
    answer = client.post(page("plan_take", assessed), wanted)
    item = PlanItem.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page("plan_item", assessed, item))
    assert client.post(page("plan_take", assessed), wanted)["Location"] == page("plan_item", assessed, item)
    assert PlanItem.objects.count() == 1


def test_what_is_to_be_found_out_travels_as_an_empty_level(assessed: Any, president: Any) -> None:
    client = client_of(president)
    answer = client.post(page("plan_take", assessed), {"indicator": "2.3", "from_level": ""})
    assert answer.status_code == 302
    assert PlanItem.objects.get().from_level is None


@pytest.mark.parametrize("level", ["9", "x"])
def test_a_tap_on_something_else_is_refused_with_a_page(level: str, assessed: Any, president: Any) -> None:
    answer = client_of(president).post(page("plan_take", assessed), {"indicator": "1.1", "from_level": level})
    assert answer.status_code == (400 if level == "x" else 409)
    assert not PlanItem.objects.exists()


def test_the_form_adds_an_action_once_however_often_it_is_sent(
    association: Any, president: Any, instrument: Any
) -> None:
    client = client_of(president)
    html = text_of(client.get(page("plan", association)))
    form = {
        "operation_id": hidden(html, "operation_id"),
        "title": "نجمع وثائق البنك",
        "owner_id": str(president.pk),
        "due_on": "١٥/٠٣/٢٠٩٠",
        "what": "",
    }
    for _ in range(2):
        answer = client.post(page("plan_add", association), form)
        assert (answer.status_code, answer["Location"]) == (302, page("plan", association))
    item = PlanItem.objects.get()
    assert (item.title, item.owner_id, str(item.due_on)) == ("نجمع وثائق البنك", president.pk, "2090-03-15")


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"due_on": "soon"}, {"due_on": "1999-01-01"}, {"owner_id": "x"}, {"title": "x" * 161}]
)
def test_a_wrong_form_comes_back_open_marked_and_filled(
    wrong: dict[str, str], association: Any, president: Any, instrument: Any
) -> None:
    form = {"operation_id": "plan-0123456789", "title": "عنوان", "what": "كلمات لا تضيع"} | wrong
    answer = client_of(president).post(page("plan_add", association), form)
    html = text_of(answer)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in html
    assert "كلمات لا تضيع" in html
    assert re.search(r"<details class=\"card no-print\" open>", html)
    assert hidden(html, "operation_id") == "plan-0123456789"
    assert not PlanItem.objects.exists()


def test_the_state_moves_in_one_tap(association: Any, president: Any, instrument: Any) -> None:
    client, item = client_of(president), add(president, association)
    answer = client.post(page("plan_item_state", association, item), {"state": "doing", "revision": "1"})
    assert answer["Location"] == f"{page('plan', association)}#action-{item.uuid}"
    html = text_of(client.get(page("plan", association)))
    assert f'id="action-{item.uuid}"' in html
    client.post(page("plan_item_state", association, item), {"state": "done", "revision": hidden(html, "revision")})
    assert PlanItem.objects.get().state == "done"


def test_a_tap_from_an_old_page_changes_nothing_and_says_so(association: Any, president: Any, instrument: Any) -> None:
    client, item = client_of(president), add(president, association)
    change(president, item, state="dropped")
    answer = client.post(page("plan_item_state", association, item), {"state": "doing", "revision": "1"}, follow=True)
    assert "Somebody changed this action" in text_of(answer)
    assert PlanItem.objects.get().state == "dropped"


def test_a_tap_that_arrives_again_later_gets_its_reply_and_changes_nothing(
    association: Any, president: Any, instrument: Any
) -> None:
    item = add(president, association)
    client = client_of(president)
    shown = text_of(client.get(page("plan", association)))
    form = {"revision": hidden(shown, "revision"), "operation_id": hidden(shown, "operation_id"), "state": "doing"}
    client.post(page("plan_item_state", association, item), form)
    change(president, item, state="done")

    again = client.post(page("plan_item_state", association, item), form, follow=True)

    assert "Saved." in text_of(again) and "in the meantime" not in text_of(again)
    assert PlanItem.objects.get().state == "done"
    # Another tap on the same old page is another intent, and is told.
    other = client.post(page("plan_item_state", association, item), {**form, "state": "todo"}, follow=True)
    assert "in the meantime" in text_of(other)


def test_what_was_taken_and_done_is_not_taken_again_by_a_tap_that_arrives_late(assessed: Any, president: Any) -> None:
    client = client_of(president)
    shown = text_of(client.get(page("plan", assessed)))
    form = {"indicator": "1.1", "from_level": "1", "operation_id": hidden(shown, "operation_id")}
    first = client.post(page("plan_take", assessed), form)
    change(president, PlanItem.objects.get(), state="done")

    again = client.post(page("plan_take", assessed), form)

    assert again["Location"] == first["Location"]
    assert PlanItem.objects.count() == 1


def test_the_form_of_an_action_sent_twice_is_one_change(association: Any, president: Any, instrument: Any) -> None:
    item = add(president, association)
    client = client_of(president)
    shown = text_of(client.get(page("plan_item", association, item)))
    form = {name: hidden(shown, name) for name in ("revision", "operation_id")} | {"title": "Un", "state": "todo"}
    assert client.post(page("plan_item", association, item), form).status_code == 302
    change(president, item, title="Deux")

    assert client.post(page("plan_item", association, item), form).status_code == 302
    assert PlanItem.objects.get().title == "Deux"
    # Filled in anew on the page that was left open, it is asked about.
    assert client.post(page("plan_item", association, item), {**form, "title": "Trois"}).status_code == 409


def test_late_actions_stand_first_and_are_called_late_in_words(
    association: Any, president: Any, instrument: Any
) -> None:
    add(president, association, title="later", due_on=in_days(9))
    add(president, association, title="overdue", due_on=in_days(-2))
    html = text_of(client_of(president).get(page("plan", association)))
    assert html.index("overdue") < html.index("later")
    assert len(re.findall(r'class="late"', html)) == 1
    assert "1 late" in re.sub(r"<[^>]+>", "", html)


def test_peoples_words_are_shown_as_words(association: Any, president: Any, instrument: Any) -> None:
    hostile = '<script>alert(1)</script>"&'
    item = add(president, association, title=hostile, what=hostile, note=hostile, proof=hostile)
    remark(factories.make_coach(association), item, hostile)
    client = client_of(president)
    for url in (page("plan", association), page("plan_item", association, item)):
        assert "<script>alert" not in text_of(client.get(url))


# --- One action -------------------------------------------------------------------------------------------------


def form_of(item: PlanItem, **changes: str) -> dict[str, str]:
    return {
        "revision": str(item.revision),
        "state": item.state,
        "title": item.title or "x",
        "owner_id": str(item.owner_id or ""),
        "due_on": str(item.due_on or ""),
        "what": item.what,
        "note": item.note,
        "proof": item.proof,
    } | changes


def test_the_page_of_an_action_saves_what_was_changed(
    association: Any, president: Any, member: Any, instrument: Any
) -> None:
    client, item = client_of(president), add(president, association)
    answer = client.post(
        page("plan_item", association, item),
        form_of(item, owner_id=str(member.pk), due_on="2090-01-31", note="ملاحظة", state="doing"),
    )
    assert answer.status_code == 302
    stored = PlanItem.objects.get()
    assert (stored.owner_id, str(stored.due_on), stored.note, stored.state) == (
        member.pk,
        "2090-01-31",
        "ملاحظة",
        "doing",
    )


def test_on_a_conflict_both_versions_stand_on_the_page_and_nothing_is_lost(
    association: Any, president: Any, member: Any, instrument: Any
) -> None:
    client, item = client_of(president), add(president, association)
    old = form_of(item, note="my long note", owner_id=str(president.pk), due_on="2090-02-01")
    change(president, item, note="their note", owner_id=member.pk, due_on=in_days(3))
    answer = client.post(page("plan_item", association, item), old)
    html = text_of(answer)
    assert answer.status_code == 409
    for words in ("my long note", "their note", "1 February 2090"):
        assert words in html
    assert PlanItem.objects.get().note == "their note"
    assert hidden(html, "revision") == "2"
    assert client.post(page("plan_item", association, item), old | {"revision": "2"}).status_code == 302
    assert PlanItem.objects.get().note == "my long note"


def test_whoever_it_was_given_to_sees_three_fields(
    association: Any, president: Any, member: Any, instrument: Any
) -> None:
    item = add(president, association, title="given", owner_id=member.pk)
    client = client_of(member)
    html = text_of(client.get(page("plan_item", association, item)))
    assert set(re.findall(r'name="(\w+)"', html)) & {
        "state",
        "title",
        "owner_id",
        "due_on",
        "note",
        "proof",
    } == {
        "state",
        "note",
        "proof",
    }
    sent = {"revision": "1", "state": "done", "note": "n", "proof": "p", "title": "smuggled"}
    assert client.post(page("plan_item", association, item), sent).status_code == 302
    assert (PlanItem.objects.get().state, PlanItem.objects.get().title) == ("done", "given")


def test_others_read_it_and_cannot_send_it(association: Any, president: Any, member: Any, instrument: Any) -> None:
    item = add(president, association, note="to read")
    for person in (member, factories.make_coordinator(association)):
        client = client_of(person)
        html = text_of(client.get(page("plan_item", association, item)))
        assert "to read" in html
        assert "<textarea" not in html
        assert client.post(page("plan_item", association, item), form_of(item, note="x")).status_code == 403


def test_an_owner_who_left_can_be_replaced(association: Any, president: Any, member: Any, instrument: Any) -> None:
    item = add(president, association, owner_id=member.pk)
    leave_association(user_id=member.pk, association_id=association.id)
    client = client_of(president)
    assert "Has left the association" in text_of(client.get(page("plan", association)))
    item.refresh_from_db()
    assert client.post(page("plan_item", association, item), form_of(item, owner_id="")).status_code == 302
    assert PlanItem.objects.get().owner_id is None


def test_the_coach_remarks_and_two_coaches_see_each_other(association: Any, president: Any, instrument: Any) -> None:
    item = add(president, association)
    first, second = (client_of(factories.make_coach(association)) for _ in range(2))
    url = page("plan_item_remark", association, item)
    assert first.post(url, {"remark": "من الأول", "revision": "0"}).status_code == 302
    answer = second.post(url, {"remark": "من الثاني", "revision": "0"})
    html = text_of(answer)
    assert answer.status_code == 409
    assert "من الأول" in html
    assert "من الثاني" in html
    assert second.post(url, {"remark": "من الثاني", "revision": hidden(html, "revision")}).status_code == 302
    assert PlanItem.objects.get().remark == "من الثاني"
    assert second.post(url, {"remark": "x" * 2001, "revision": "2"}).status_code == 422
    for revision in ("9" * 25, "-1", "x"):
        assert second.post(url, {"remark": "من الثاني", "revision": revision}).status_code == 400


def test_the_page_says_whether_mails_come(association: Any, president: Any, instrument: Any) -> None:
    client = client_of(president)
    assert "You get a mail a week before" in text_of(client.get(page("plan", association)))
    mail_topics.switch(user_id=president.pk, topic=mail_topics.REMINDERS, on=False)
    html = text_of(client.get(page("plan", association)))
    assert "You get no mails" in html
    assert reverse("nassij_common:mail_topics") in html


@pytest.mark.parametrize("name", ["plan", "plan_calendar"])
def test_visitors_sign_in_first_and_strangers_find_nothing(name: str, association: Any, instrument: Any) -> None:
    assert client_of(None).get(page(name, association)).status_code == 302
    stranger = factories.make_member(factories.make_association(), role=Role.PRESIDENT)
    assert client_of(stranger).get(page(name, association)).status_code == 404
    assert client_of(factories.make_former_member(association)).get(page(name, association)).status_code == 404


# --- The calendar file ------------------------------------------------------------------------------------------


def calendar(user: Any, association: Any, language: str = "ar") -> bytes:
    answer = client_of(user, language).get(page("plan_calendar", association))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="nassij-plan-[0-9a-f]{8}\.ics"', answer["Content-Disposition"])
    return answer.content


LONG = "نعرض مشروع الميزانية على المكتب؛ ثم نصادق عليه، ونرسله: " * 8


def test_the_calendar_is_valid_and_reads_back_as_it_was_written(
    association: Any, president: Any, instrument: Any
) -> None:
    item = add(
        president,
        association,
        title='جمع عام; \\ , "خاص"',
        what=LONG + "\nسطر ثان",
        owner_id=president.pk,
        due_on=in_days(9),
    )
    add(president, association, title="بلا تاريخ")
    body = calendar(president, association)
    found = Calendar.from_ical(body)
    (event,) = found.walk("VEVENT")
    assert str(event["SUMMARY"]) == item.title
    assert LONG.strip() in str(event["DESCRIPTION"]) and "سطر ثان" in str(event["DESCRIPTION"])
    assert event["DTSTART"].dt == in_days(9)
    assert event["DTEND"].dt == in_days(10)
    assert (str(event["STATUS"]), str(event["TRANSP"]), event["SEQUENCE"]) == ("CONFIRMED", "TRANSPARENT", 1)
    assert not event.errors and not found.errors
    assert {"PRODID", "VERSION", "CALSCALE", "METHOD"} <= set(found)
    assert event["DTSTAMP"].dt.tzinfo is not None


def test_lines_are_folded_at_75_octets_between_characters(association: Any, president: Any, instrument: Any) -> None:
    add(president, association, title="ت" * 160, what=LONG, due_on=in_days(1))
    body = calendar(president, association)
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")  # no letter is cut in two


def test_the_entry_of_an_action_keeps_its_name_and_counts_its_changes(
    association: Any, president: Any, instrument: Any
) -> None:
    item = add(president, association, due_on=in_days(1))

    def entry() -> Any:
        (event,) = Calendar.from_ical(calendar(president, association)).walk("VEVENT")
        return event

    before = entry()
    change(president, item, due_on=in_days(8))
    moved = entry()
    assert before["UID"] == moved["UID"] == f"{item.uuid}@plan.nassij"
    assert moved["SEQUENCE"] > before["SEQUENCE"]
    change(president, item, state="dropped")
    assert str(entry()["STATUS"]) == "CANCELLED"
    change(president, item, state="done")
    assert not Calendar.from_ical(calendar(president, association)).walk("VEVENT")


def test_the_calendar_speaks_the_readers_language(assessed: Any, president: Any, settings: Any) -> None:
    settings.NASSIJ_SITE_URL = "https://nassij.example"
    item = take(president, assessed)
    change(president, item, due_on=in_days(4), owner_id=president.pk)
    found = {}
    for language in ("ar", "fr"):
        (event,) = Calendar.from_ical(calendar(president, assessed, language)).walk("VEVENT")
        found[language] = str(event["SUMMARY"])
        assert str(event["URL"]) == f"https://nassij.example{page('plan', assessed)}"
    assert found == {language: item.words[language]["title"] for language in ("ar", "fr")}
