"""What the block's handlers take and refuse; nothing of an association reaches anyone else."""

import re

import lxml.html
import pytest
from django.test import override_settings
from django.utils import translation
from webob import Request
from webob.multidict import MultiDict

from governance_assessment import api
from governance_assessment.models import RespondentAnswer, Round
from tests.governance_assessment.helpers import ALL_FALSE, ALL_TRUE, fill, level, operation, save, set_profile
from tests.nassij.associations import factories
from tests.xblocks.governance.runtimes import (
    COURSE_KEY,
    LIBRARY_KEY,
    get,
    in_library,
    in_workbench,
    post_form,
    post_json,
)
from xblocks.common.forms import page_of_form

pytestmark = pytest.mark.django_db


def payload(opened, code="1.1", answer=None, **more):
    return {
        "round": str(opened.uuid),
        "association": opened.association_id,
        "indicator": code,
        "answer": answer or level(3),
        "revision": 0,
        "operation_id": operation(),
        **more,
    }


def form_of(block, **typed):
    """The form on the block's page as a browser would send it, with `typed` fields changed."""
    (form,) = lxml.html.fromstring(block.student_view().content).forms
    for area in form.iter("textarea"):  # the newline after the tag is markup; libxml2 takes it for content
        area.value = (area.value or "").removeprefix("\n")
    fields = MultiDict(form.form_values())
    for name, value in typed.items():
        fields[name] = value
    return fields


@pytest.mark.parametrize("runtime", [in_library, in_workbench])
def test_an_answer_arrives(runtime, express_round, member):
    block = runtime(member)
    response = post_json(block, "answer", payload(express_round, here="1.2"))

    assert response.status_code == 200
    assert response.json["revision"] == 1
    assert RespondentAnswer.objects.get().level == 3
    assert (block.last_seen, block.last_seen_round) == ("1.2", str(express_round.uuid))


def first_card(block):
    return block.student_view().json_init_args["here"]


def test_the_place_left_belongs_to_its_round(express_round, instrument, member, president):
    block = in_library(member)
    post_json(block, "answer", payload(express_round, here="8.2"))
    assert first_card(block) == "8.2"
    opened = set_profile(president, express_round, ALL_TRUE)
    fill(president, opened, instrument.express(), {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    api.open_round(user_id=president.pk, association_id=opened.association_id, instrument_slug="gov-ma", kind="express")

    assert first_card(block) == "profile"


def test_a_place_kept_before_rounds_were_told_apart_is_still_read(express_round, member):
    block = in_library(member)
    block.last_seen = "8.2"
    assert first_card(block) == "profile"  # the place of a round before: there is no answer in this one

    save(member, express_round, "1.1", level(3))
    assert first_card(block) == "8.2"


def test_a_repeated_delivery_gets_the_same_reply(express_round, member):
    body = payload(express_round)
    replies = [post_json(in_library(member), "answer", body).json for _ in range(3)]

    assert [reply.pop("replayed") for reply in replies] == [False, True, True]
    assert replies[0] == replies[1] == replies[2]
    assert RespondentAnswer.objects.count() == 1


@pytest.mark.parametrize(("variant", "staff", "status"), [("cms", False, 403), ("cms", True, 200), ("lms", False, 200)])
def test_studio_answers_learners_handlers_to_its_authors_only(variant, staff, status, express_round, member):
    """It runs handlers for everyone who is signed in; the LMS has asked who may read."""
    block = in_library(member, is_staff=staff)
    page, sent = form_of(block), {"association": str(express_round.association_id)}
    profile = {"round": str(express_round.uuid), "answers": ALL_TRUE, "revision": 0, "operation_id": operation()}
    with override_settings(SERVICE_VARIANT=variant):
        assert post_json(block, "profile", sent | profile).status_code == status
        assert post_json(block, "answer", payload(express_round)).status_code == status
        assert get(block, "result").status_code == status
        for handler, fields in (("sheet_form", page), ("choose", sent), ("begin", sent)):
            assert post_form(block, handler, fields).status_code == status


REFUSED = [
    ({"indicator": "9.9"}, 422, "unknown_indicator"),
    ({"indicator": 3}, 400, "unknown_indicator"),
    ({"indicator": "\ud800"}, 400, "unknown_indicator"),
    ({"indicator": "1.1\x00"}, 400, "unknown_indicator"),
    ({"answer": level(9)}, 422, "level_out_of_scale"),
    ({"answer": "3"}, 400, "bad_answer"),
    ({"answer": {"kind": "not_applicable", "reason": "x"}}, 422, "critical_not_applicable"),
    ({"indicator": "2.3", "answer": {"kind": "not_applicable"}}, 422, "reason_required"),
    ({"revision": 7}, 409, "stale_revision"),
    ({"revision": None}, 400, "bad_revision"),
    ({"operation_id": 7}, 400, "bad_operation_id"),
    ({"round": "nothing"}, 404, "not_found"),
    ({"association": "1; drop"}, 400, "bad_number"),
    ({"association": 10**12}, 404, "unknown_association"),
]


@pytest.mark.parametrize(("change", "status", "code"), REFUSED)
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_what_does_not_fit_is_refused_as_a_problem(change, status, code, language, express_round, member):
    with translation.override(language):
        response = post_json(in_library(member), "answer", payload(express_round) | change)

    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.json["code"] == code
    assert response.json["detail"]
    assert response.json["remedy"]
    assert not RespondentAnswer.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b"\xff", 400), (b"[" * 100_000, 413), (b"x" * 5_000_000, 413), (b"[" * 60_000, 400)],
)
@pytest.mark.parametrize("handler", ["answer", "profile", "studio_submit"])
def test_rubbish_is_refused(handler, body, status, express_round, member):
    assert post_json(in_library(member, is_staff=True), handler, body).status_code == status
    assert not RespondentAnswer.objects.exists()


@pytest.mark.parametrize("here", ["</script><script>alert(1)</script>", "\ud800", "a" * 65, 5])
def test_a_place_that_is_none_is_not_kept(here, express_round, member):
    """It comes back in the JSON arguments of the page, inside a script element."""
    block = in_library(member)
    assert post_json(block, "answer", payload(express_round, here=here)).status_code == 200
    assert block.last_seen == ""


A_FILE = b'--a\r\nContent-Disposition: form-data; name="association"; filename="x"\r\n\r\nabc\r\n--a--\r\n'


@pytest.mark.parametrize("handler", ["begin", "choose", "sheet_form"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data"),
        (A_FILE, "multipart/form-data; boundary=a"),
        (b"a=b", "application/x-www-form-urlencoded; charset=nope"),
        (b"association=%ff", "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_that_is_none_is_refused(handler, body, content_type, express_round, member):
    block = in_library(member)
    request = Request.blank("/", method="POST", body=body, headers={"Content-Type": content_type})
    assert block.runtime.handle(block, handler, request).status_code == 400


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://lms.test/unit?a=1", "/unit?a=1"),
        ("http://lms.test//evil.example/", "/evil.example/"),
        ("http://lms.test/\\evil.example/", "/evil.example/"),
        ("http://evil.example/", ""),
        ("http://lms.test@evil.example/", ""),
        ("http://[", ""),
    ],
)
def test_where_a_form_came_from_is_on_this_site(referer, back):
    assert page_of_form(Request.blank("/", base_url="http://lms.test", headers={"Referer": referer})) == back


def test_a_form_of_five_megabytes_is_refused(express_round, member):
    response = post_form(in_library(member), "sheet_form", {"c": "x" * 5_000_000})

    assert response.status_code == 413
    assert not RespondentAnswer.objects.exists()


def strangers(association):
    yield factories.make_member(factories.make_association())
    yield factories.make_member(factories.make_association(), is_lead=True)
    yield factories.make_former_member(association)
    yield None


def test_nobody_else_gets_anything_from_any_handler(express_round, instrument, association, president):
    opened = set_profile(president, express_round, ALL_FALSE)
    save(president, opened, "1.1", level(3))
    form = form_of(in_library(president))
    before = list(RespondentAnswer.objects.values()), list(Round.objects.values())

    for person in strangers(association):
        block = in_library(person, chosen_association=association.id)
        replies = [
            post_json(block, "answer", payload(opened, revision=1)),
            post_json(block, "profile", {**payload(opened), "answers": ALL_TRUE, "revision": 1}),
            post_form(block, "sheet_form", form),
            post_form(block, "begin", {"association": str(association.id)}),
            post_form(block, "choose", {"association": str(association.id)}),
            get(block, "result"),
            get(block, "result", "part"),
        ]
        assert {reply.status_code for reply in replies} <= {401, 403, 404}
        assert all(association.name not in reply.text for reply in replies)
        assert block.chosen_association == association.id  # as it was given here; it opened nothing
    assert (list(RespondentAnswer.objects.values()), list(Round.objects.values())) == before


def test_a_coach_sees_the_result_page_and_does_not_answer(express_round, association):
    coach = factories.make_coach(association)

    response = post_json(in_library(coach), "answer", payload(express_round))

    assert (response.status_code, response.json["code"]) == (403, "not_allowed")


def test_the_profile_is_saved_and_a_stale_one_shows_both(express_round, member):
    block = in_library(member)

    stored = post_json(block, "profile", payload(express_round, answers=ALL_TRUE)).json
    refused = post_json(block, "profile", payload(express_round, answers=ALL_FALSE))

    assert stored == {"answers": ALL_TRUE, "revision": 1}

    assert refused.status_code == 409
    assert (refused.json["stored"], refused.json["yours"]) == (
        {code: str(said) if isinstance(refused.json["stored"][code], str) else said for code, said in ALL_TRUE.items()},
        ALL_FALSE,
    )


def test_a_profile_delivered_late_changes_nothing_and_gets_its_own_reply(express_round, member):
    first, second = payload(express_round, answers=ALL_TRUE), payload(express_round, answers=ALL_FALSE, revision=1)
    replies = [post_json(in_library(member), "profile", body).json for body in (first, second, first)]

    assert replies[0] == replies[2] == {"answers": ALL_TRUE, "revision": 1}
    assert Round.objects.get().profile == ALL_FALSE


def test_what_one_person_answered_is_never_stored_as_anothers(express_round, president, member):
    """Their page is still open, or their phone kept it, and somebody else has signed in since."""
    for handler, body in (("answer", {}), ("profile", {"answers": ALL_TRUE})):
        body = payload(express_round, sender=member.pk, **body)
        for somebody in (president, None):
            refused = post_json(in_library(somebody), handler, body)
            assert (refused.status_code, refused.json["code"]) == (401, "another_person")
    assert not RespondentAnswer.objects.exists()
    assert Round.objects.get().profile == {}

    assert post_json(in_library(member), "answer", payload(express_round, sender=member.pk)).status_code == 200


# --- Without script -------------------------------------------------------------------------------------


def test_the_whole_form_is_saved_and_leads_back(express_round, member):
    block = in_library(member)
    form = form_of(block, **{"p-has_employees": "no", "a-1.1": "3", "a-2.3": "dont_know"})
    response = post_form(block, "sheet_form", form, referer="http://localhost:80/courses/unit?x=1")

    assert (response.status_code, response.location) == (303, f"/courses/unit?x=1#{block.uid}")
    assert dict(RespondentAnswer.objects.values_list("indicator_code", "kind")) == {"1.1": "level", "2.3": "dont_know"}
    assert Round.objects.get().profile == {"has_employees": False}


def test_the_same_form_sent_twice_is_saved_once(express_round, member):
    block = in_library(member)
    form = form_of(block, **{"a-1.1": "3"})
    for _ in range(2):
        assert post_form(block, "sheet_form", form).status_code == 200

    assert RespondentAnswer.objects.count() == 1


def test_without_the_way_back_the_answer_is_a_page_with_the_result(express_round, member):
    block = in_library(member)
    with translation.override("en"):
        response = post_form(block, "sheet_form", form_of(block, **{"a-1.1": "3"}))

    assert response.text.startswith("<!doctype html>")
    assert "Where your association stands today" in response.text


def test_what_could_not_be_saved_is_named_and_still_in_the_form(express_round, member):
    block = in_library(member)
    with translation.override("en"):
        form = form_of(block, **{"a-1.1": "4", "a-2.3": "not_applicable"})
        response = post_form(block, "sheet_form", form, referer="http://localhost:80/unit")

    assert response.status_code == 200
    assert "1 answer could not be saved. All the others are." in response.text
    assert f'href="#{block.uid}-2.3"' in response.text
    assert re.search(r"name=a-2\.3 value=not_applicable checked", response.text)
    assert list(RespondentAnswer.objects.values_list("indicator_code", flat=True)) == ["1.1"]


def test_a_form_from_an_old_page_does_not_overwrite(express_round, member):
    block = in_library(member)
    form = form_of(block, **{"a-1.1": "2"})
    save(member, express_round, "1.1", level(4))

    with translation.override("en"):
        response = post_form(block, "sheet_form", form)

    assert "Saved before: Exemplary." in response.text
    assert RespondentAnswer.objects.get().level == 4


def test_answers_are_saved_even_when_the_profile_changed_meanwhile(express_round, president, member):
    block = in_library(member)
    form = form_of(block, **{"a-1.1": "2", "p-has_employees": "yes"})
    set_profile(president, express_round, ALL_FALSE)

    with translation.override("en"):
        response = post_form(block, "sheet_form", form)

    assert "Another member answered these questions" in response.text
    assert RespondentAnswer.objects.get().level == 2
    assert Round.objects.get().profile == ALL_FALSE


@pytest.mark.parametrize("change", [{"round": "x"}, {"association": ""}, {"operation_id": ""}, {"drop": "c"}])
def test_a_damaged_form_changes_nothing(change, express_round, member):
    block = in_library(member)
    form = form_of(block, **{"a-1.1": "2"})
    if "drop" in change:
        del form[change["drop"]]
    else:
        form.update(change)

    assert post_form(block, "sheet_form", form).status_code in (400, 404)
    assert not RespondentAnswer.objects.exists()


def test_a_submitted_round_takes_no_form(express_round, instrument, president):
    opened = set_profile(president, express_round, ALL_FALSE)
    block = in_library(president, show="questions")
    form = form_of(block, **{"a-1.1": "2"})
    fill(president, opened, instrument.express(), {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    assert post_form(block, "sheet_form", form).status_code == 409
    assert not RespondentAnswer.objects.filter(level=2).exists()


def test_a_round_is_begun_from_the_block(instrument, association, member):
    block = in_library(member)
    response = post_form(block, "begin", {"association": str(association.id)}, referer="http://localhost:80/unit")

    assert response.status_code == 303
    assert Round.objects.get().kind == "express"


def next_form(president):
    """The hidden fields of the page that offers the next round."""
    with translation.override("en"):
        html = in_library(president).student_view().content
    assert "Open the next round" in html or ">Begin</button>" in html
    return dict(re.findall(r'name="(association|round|step)" value="([^"]*)"', html))


def test_a_press_delivered_again_opens_nothing_more(instrument, association, president):
    coach = factories.make_coach(association)
    block = in_library(president)
    begun = next_form(president)
    assert begun == {"association": str(association.id), "round": "", "step": ""}

    def finish_newest():
        newest = api.result(
            user_id=president.pk, round_uuid=Round.objects.order_by("number").last().uuid, language="ar"
        )
        opened = set_profile(president, newest.round, ALL_FALSE)
        fill(president, opened, api.published_instrument(slug="gov-ma", kind="express").instrument, {"*": 3})
        api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
        api.validate_round(user_id=coach.pk, round_uuid=opened.uuid, confirm_rest=True)

    def states():
        return list(Round.objects.order_by("number").values_list("state", flat=True))

    post_form(block, "begin", begun)
    early = begun
    finish_newest()
    pressed = next_form(president)
    old = {**pressed, "step": "1"}
    assert post_form(block, "begin", old).status_code == 409
    assert states() == ["validated"]
    post_form(block, "begin", early)
    assert states() == ["validated"]
    post_form(block, "begin", pressed)
    assert states() == ["closed", "draft"]
    finish_newest()

    assert post_form(block, "begin", pressed).status_code == 200
    assert states() == ["closed", "validated"]
    assert post_form(block, "begin", early).status_code == 409
    assert states() == ["closed", "validated"]
    post_form(block, "begin", next_form(president))
    assert states() == ["closed", "closed", "draft"]


def test_a_page_elsewhere_does_not_become_the_way_back(express_round, member):
    block = in_library(member)
    response = post_form(block, "sheet_form", form_of(block), referer="https://evil.example/unit")

    assert response.status_code == 200
    assert "evil.example" not in response.text


def test_one_of_several_associations_is_chosen(full_round, association, member):
    factories.make_member(factories.make_association(), member)
    block = in_library(member, round_kind="full")

    assert post_form(block, "choose", {"association": str(association.id)}).status_code == 200
    assert block.chosen_association == association.id


# --- Result, completion, settings -----------------------------------------------------------------------


def test_the_result_is_a_part_or_a_page(express_round, member):
    save(member, express_round, "1.1", level(3))

    part, page = get(in_library(member), "result", "part"), get(in_library(member), "result")

    assert "<html" not in part.text
    assert "nassij-radar" in part.text
    assert page.text.startswith("<!doctype html>")
    assert get(in_library(member, round_kind="full"), "result", "part").status_code == 200


def test_the_result_of_a_learner_who_has_not_answered_is_closed(express_round, association, member):
    save(factories.make_member(association), express_round, "1.1", level(4))

    for suffix in ("part", ""):
        with translation.override("en"):
            text = get(in_library(member), "result", suffix).text
        assert "The answers are still closed" in text
        assert "nassij-radar" not in text


def test_a_result_before_any_round_is_not_found(instrument, association, member):
    assert get(in_library(member), "result").status_code == 404


def answer_all(block, opened, instrument):
    codes = [i.code for i in instrument.express().all_indicators() if not i.applies_if]
    for number, code in enumerate(codes, start=1):
        post_json(block, "answer", payload(opened, code, complete=number == len(codes)))


def test_the_platform_hears_when_all_is_answered(express_round, instrument, member):
    opened = set_profile(member, express_round, ALL_FALSE)
    block = in_library(member, usage=COURSE_KEY)
    post_json(block, "answer", payload(opened, "2.3", level(1), complete=True))
    assert block.runtime.completions == []

    answer_all(block, opened, instrument)

    assert block.runtime.completions == [1.0]


def test_a_library_hears_nothing(express_round, instrument, member):
    opened = set_profile(member, express_round, ALL_FALSE)
    block = in_library(member, usage=LIBRARY_KEY)
    answer_all(block, opened, instrument)

    assert block.runtime.published == []


SETTINGS = {"display_name": " تقييم\u202e ", "instrument_slug": "gov-ma", "round_kind": "full", "show": "result"}


def test_an_author_sets_the_block(instrument):
    block = in_library(factories.make_user(), is_staff=True)

    assert post_json(block, "studio_submit", SETTINGS).json == {"saved": True}
    assert (block.display_name, block.round_kind, block.show) == ("تقييم", "full", "result")
    with override_settings(SERVICE_VARIANT="lms"):  # where content is read-only
        assert post_json(block, "studio_submit", SETTINGS).status_code == 403


def test_titles_keep_the_no_break_spaces_of_french(instrument):
    block = in_library(factories.make_user(), is_staff=True)
    title = " Où en sommes-nous\u202f?\n  «\u00a0Ici\u00a0» "

    assert post_json(block, "studio_submit", SETTINGS | {"display_name": title}).json == {"saved": True}
    assert block.display_name == "Où en sommes-nous\u202f? «\u00a0Ici\u00a0»"


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": " "},
        {"display_name": "\u00a0"},
        {"display_name": 3},
        {"display_name": "x" * 201},
        {"instrument_slug": "gone"},
        {"round_kind": "x"},
        {"show": None},
    ],
)
def test_settings_that_will_not_do_are_refused(change, instrument):
    block = in_library(factories.make_user(), is_staff=True)
    response = post_json(block, "studio_submit", SETTINGS | change)

    assert response.status_code == 422
    assert list(response.json["fields"]) == list(change)
    assert block.round_kind == "express"


def test_a_learner_does_not_set_the_block(instrument, member):
    block = in_library(member)

    assert post_json(block, "studio_submit", SETTINGS).status_code == 403
    assert block.round_kind == "express"


def passed_over(html):
    """The link that says what is still without an answer, as its address and its words."""
    found = lxml.html.fromstring(f"<div>{html}</div>").xpath("//p[@class='note']/a")
    return [(link.get("href"), link.text_content()) for link in found]


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("ar", "بقي سؤال واحد بلا جواب. أجيبوا عنه", "بقي سؤالان بلا جواب. أجيبوا عنهما"),
        ("fr", "Il reste une question sans réponse : y répondre", "Il reste 2 questions sans réponse : y répondre"),
    ],
)
def test_a_question_passed_over_is_said_above_the_result(language, one, two, express_round, instrument, member):
    opened = set_profile(member, express_round, ALL_TRUE)
    fill(member, opened, instrument.express(), {"*": 3})
    block = in_library(member)
    save(member, opened, "4.1", {"kind": "skipped"}, revision=1)
    with translation.override(language):
        part, page = get(block, "result", "part").text, get(block, "result").text
        assert passed_over(part) == [(f"#{block.uid}-4.1", one)]
        assert passed_over(page) == [(f"#{block.uid}-4.1", one)]
        save(member, opened, "2.1", {"kind": "skipped"}, revision=1)
        assert passed_over(get(block, "result", "part").text) == [(f"#{block.uid}-2.1", two)]


def test_nothing_is_said_to_be_open_where_nothing_is_or_nobody_answers(express_round, instrument, member):
    opened = set_profile(member, express_round, ALL_TRUE)
    fill(member, opened, instrument.express(), {"*": 3})
    assert passed_over(get(in_library(member), "result", "part").text) == []

    save(member, opened, "4.1", {"kind": "skipped"}, revision=1)
    assert passed_over(get(in_library(member, show="result"), "result", "part").text) == []
