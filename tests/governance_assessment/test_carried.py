"""What a member said last time, offered again on equal questions only, and an answer only once they confirm it."""

import pytest
from django.urls import reverse

from governance_assessment import api
from governance_assessment.models import RespondentAnswer
from nassij.common.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn
from tests.governance_assessment.helpers import (
    ALL_FALSE,
    ALL_TRUE,
    fill,
    level,
    next_version,
    operation,
    save,
    set_profile,
)
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db
SPOKEN = {
    "*": 3,
    "1.1": level(2, comment="وصل مؤقت", evidence="declared", sure=False),
    "1.2": {"kind": "dont_know"},
    "8.5": {"kind": "not_applicable", "reason": "لا نشتغل بذلك"},
}


@pytest.fixture
def first_round(full_round, instrument, president):
    """The president says what `SPOKEN` says and settles what nobody knows; submitted."""
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, SPOKEN)
    api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)
    for code in ("1.2", *_open(president, opened)):
        api.settle(
            user_id=president.pk,
            association_id=opened.association_id,
            round_uuid=opened.uuid,
            indicator_code=code,
            answer=level(2),
            note="",
            operation_id=operation(),
            revision=0,
        )
    return api.submit_round(user_id=president.pk, round_uuid=opened.uuid)


def _open(president, opened):
    found = api.result(user_id=president.pk, round_uuid=opened.uuid, language="ar")
    return [code for code in found.open if code != "1.2"]


def follow(president, association, profile=ALL_FALSE):
    opened = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    return set_profile(president, opened, profile)


def offered(user, opened):
    return api.last_time(user_id=user.pk, round_uuid=opened.uuid).answers


def confirm(user, opened, *codes, **more):
    return api.confirm_last_time(
        user_id=user.pk, round_uuid=opened.uuid, codes=codes, operation_id=more.pop("operation_id", operation())
    )


def test_a_first_round_has_nothing_to_confirm(full_round, president):
    assert offered(president, full_round) == {}


def test_ones_own_answers_are_offered_and_count_for_nothing(first_round, association, president, member):
    opened = follow(president, association)
    found = offered(president, opened)

    assert (found["1.1"].level, found["1.1"].comment, found["1.1"].evidence) == (2, "وصل مؤقت", "declared")
    assert found["8.5"].reason == "لا نشتغل بذلك"
    assert "1.2" not in found  # "I don't know" is asked again
    assert offered(member, opened) == {}  # who said nothing is offered nothing, least of all the others' words
    sheet = api.sheet(user_id=president.pk, association_id=association.id, kind="full", language="ar")
    assert sheet.carried == found
    assert (sheet.answers, sheet.progress.answered) == ({}, 0)
    assert api.comparison(user_id=president.pk, round_uuid=opened.uuid) is None
    assert not RespondentAnswer.objects.filter(round_id=opened.id).exists()


def test_what_is_confirmed_is_an_answer_like_any_other(first_round, association, president):
    opened = follow(president, association)
    save(president, opened, "1.3", level(4))
    sent = operation()
    for _ in range(3):
        confirm(president, opened, "1.1", "1.3", "1.2", "9.9", operation_id=sent)

    rows = RespondentAnswer.objects.filter(round_id=opened.id).order_by("indicator_code")
    assert [(row.indicator_code, row.level, row.method) for row in rows] == [
        ("1.1", 2, "carried"), ("1.3", 4, "web"),
    ]  # fmt: skip
    assert (rows[0].comment, rows[0].evidence, rows[0].sure) == ("وصل مؤقت", "declared", False)
    assert not {"1.1", "1.3"} & offered(president, opened).keys()
    save(president, opened, "1.1", level(3), revision=1)  # and may be changed like any other


def test_later_is_no_answer_and_keeps_the_offer(first_round, association, president):
    opened = follow(president, association)
    save(president, opened, "1.1", {"kind": "skipped", "comment": "أراجعه"})
    assert "1.1" in offered(president, opened)
    confirm(president, opened, "1.1")
    assert RespondentAnswer.objects.get(round_id=opened.id, indicator_code="1.1", revision=2).level == 2


def test_only_equal_questions_carry_over(first_round, association, president, tmp_path):
    def edit(document):
        items = document["sections"][0]["indicators"]
        items[0]["weight"], items[0]["title"]["fr"] = 9, "Autrement dit"
        items[2]["levels"][4]["fr"], items[2]["code"] = "Autre chose", "1.9"
        items[4]["critical"] = True

    api.load_instrument_file(next_version(tmp_path, edit), publish=True)
    found = offered(president, follow(president, association))

    assert "1.1" in found
    assert not {"1.3", "1.9"} & found.keys()
    assert len(found) == 41


def test_what_does_not_fit_any_more_is_not_offered(first_round, association, president, tmp_path):
    """A condition that does not hold, and "does not apply" where a question has become critical."""

    def edit(document):
        for section in document["sections"]:
            for item in section["indicators"]:
                if item["code"] == "8.5":
                    item["critical"] = True

    api.load_instrument_file(next_version(tmp_path, edit), publish=True)
    opened = follow(president, association, ALL_TRUE)
    found = offered(president, opened)
    assert "8.5" not in found
    assert confirm(president, opened, "8.5").saved == {}


def test_a_closed_or_foreign_round_offers_nothing(first_round, association, president, coach):
    with pytest.raises(Conflict):
        offered(president, first_round)
    opened = follow(president, association)
    stranger = factories.make_member(factories.make_association())
    for user, refusal in ((stranger, NotFound), (coach, Forbidden)):
        with pytest.raises(refusal):
            offered(user, opened)
        with pytest.raises(refusal):
            confirm(user, opened, "1.1")
    with pytest.raises(NotSignedIn):
        api.last_time(user_id=None, round_uuid=opened.uuid)
    with pytest.raises(BadInput):
        api.confirm_last_time(user_id=president.pk, round_uuid=opened.uuid, codes=[["1.1"]], operation_id=operation())
    assert not RespondentAnswer.objects.filter(round_id=opened.id).exists()


def test_what_it_costs(first_round, association, president, django_assert_num_queries):
    opened = follow(president, association)
    offered(president, opened)
    with django_assert_num_queries(4):
        api.sheet(user_id=president.pk, association_id=association.id, kind="full", language="ar")
    with django_assert_num_queries(4):
        offered(president, opened)


# --- The page ---------------------------------------------------------------------------------------------


def test_the_page(first_round, association, president, client):
    opened = follow(president, association)
    address = reverse("nassij_governance:last_time", kwargs={"round_uuid": opened.uuid})
    client.force_login(president)
    shown = client.get(address, HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert shown.count('name="code"') == 42
    assert "checked" not in shown
    assert "وصل مؤقت" in shown

    reply = client.post(address, {"code": ["1.1", "8.5"], "operation_id": operation()}, follow=True)
    assert reply.content.decode().count('name="code"') == 40
    assert RespondentAnswer.objects.filter(round_id=opened.id).count() == 2
    assert client.post(address, {"code": ["1.3"], "operation_id": "x"}).status_code == 400
    client.post(address, {"operation_id": operation()})
    assert RespondentAnswer.objects.filter(round_id=opened.id).count() == 2
    confirm(president, opened, *offered(president, opened))
    assert 'name="code"' not in client.get(address).content.decode()
