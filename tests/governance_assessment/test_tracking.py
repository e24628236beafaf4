"""What rounds, plans and pages tell the event log: once per change, by codes and uuids, nothing of an association or a person."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from governance_assessment import api
from nassij.common.errors import Unprocessable
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, operation, save, set_profile, settle
from tests.nassij.associations import factories
from tests.nassij.common.test_tracking import Log, log  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def another_day() -> None:
    cache.clear()


def told(log: Log, ending: str) -> list[dict[str, Any]]:  # noqa: F811
    return [data for name, data in log.events if name == f"nassij.governance.{ending}"]


def test_a_round_is_told_with_each_of_its_moves(log, instrument, association, president, member, coach):  # noqa: F811
    for who in (president, member):
        opened = api.open_round(user_id=who.pk, association_id=association.id)
    opened = set_profile(president, opened, ALL_FALSE)
    fill(president, opened, instrument.express(), {"*": 3})
    save(member, opened, "1.1", level(1))
    moved = api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)
    settle(president, moved, "1.1", level(2))
    for _ in range(2):  # a repeated delivery moves nothing
        api.submit_round(user_id=president.pk, round_uuid=opened.uuid, step=moved.step)
    api.reopen_round(user_id=coach.pk, round_uuid=opened.uuid, reason="a reason in words")

    ((only),) = told(log, "round.opened")
    assert only == {
        "round_uuid": str(opened.uuid),
        "round_number": 1,
        "round_kind": "express",
        "instrument": "gov-ma",
    }
    moves = [(data["from_state"], data["to_state"]) for data in told(log, "round.moved")]
    assert moves == [("draft", "consensus"), ("consensus", "submitted"), ("submitted", "consensus")]
    for hidden in (association.name, str(association.uuid), president.username, "a reason in words"):
        assert hidden not in str(log.events)


def test_a_refused_move_is_not_told(log, express_round, president):  # noqa: F811
    with pytest.raises(Unprocessable):
        api.submit_round(user_id=president.pk, round_uuid=express_round.uuid)
    assert told(log, "round.moved") == []


def test_actions_are_told_when_they_are_added_and_when_they_are_done(log, submitted, association, president):  # noqa: F811
    own = api.add_plan_item(
        user_id=president.pk,
        association_uuid=association.uuid,
        changes={"title": "words of their own"},
        operation_id=operation(),
    )
    taken = [
        api.take_recommendation(
            user_id=president.pk, association_uuid=association.uuid, indicator_code="1.1", from_level=3
        )
        for _ in range(2)
    ]
    assert taken[0] == taken[1]
    # The third says again what is stored, and the action is begun anew before it is done a second time.
    for state, revision in (("doing", 1), ("done", 2), ("done", 3), ("todo", 3), ("done", 4)):
        api.change_plan_item(
            user_id=president.pk,
            association_uuid=association.uuid,
            item_uuid=own,
            changes={"state": state},
            revision=revision,
        )

    own_fields = {"item_uuid": str(own), "indicator_code": "", "recommended": False}
    taken_fields = {"item_uuid": str(taken[0]), "indicator_code": "1.1", "recommended": True}
    assert told(log, "plan_item.added") == [own_fields, taken_fields]
    assert told(log, "plan_item.done") == [own_fields, own_fields]
    assert "words of their own" not in str(log.events)


def test_the_page_of_a_result_is_told_once_a_day(log, submitted, president):  # noqa: F811
    client = Client()
    client.force_login(president)
    for _ in range(3):
        assert client.get(f"/nassij/governance/rounds/{submitted.uuid}/").status_code == 200
    stranger = Client()
    stranger.force_login(factories.make_user())
    assert stranger.get(f"/nassij/governance/rounds/{submitted.uuid}/").status_code == 404

    (viewed,) = told(log, "result.viewed")
    assert (viewed["round_uuid"], viewed["state"]) == (str(submitted.uuid), "submitted")


def test_a_download_is_told_when_it_begins(log, submitted, president):  # noqa: F811
    client = Client()
    client.force_login(president)
    for ending in ("xlsx", "json"):
        address = f"/nassij/governance/rounds/{submitted.uuid}/data.{ending}"
        assert client.head(address).status_code == 200
        assert client.get(address).status_code == 200
    stranger = Client()
    stranger.force_login(factories.make_user())
    assert stranger.get(address).status_code == 404

    downloaded = told(log, "report.downloaded")
    assert [(data["report"], data["format"]) for data in downloaded] == [("data", "xlsx"), ("data", "json")]
    assert {data["round_uuid"] for data in downloaded} == {str(submitted.uuid)}


def test_a_report_is_told_and_not_again_for_what_the_browser_has(log, submitted, president, settings, tmp_path):  # noqa: F811
    settings.MEDIA_ROOT, settings.NASSIJ_PRIVATE_STORAGE = str(tmp_path / "media"), {}
    api.start_report(user_id=president.pk, round_uuid=submitted.uuid, language="fr")
    client = Client()
    client.force_login(president)
    address = f"/nassij/governance/rounds/{submitted.uuid}/reports/fr.pdf"
    first = client.get(address)
    assert first.status_code == 200
    assert client.get(address, headers={"if-none-match": first.headers["ETag"]}).status_code == 304

    (downloaded,) = told(log, "report.downloaded")
    assert downloaded == {"round_uuid": str(submitted.uuid), "report": "result", "format": "pdf", "language": "fr"}


def test_what_is_confirmed_on_a_page_is_told_as_in_the_block(log, submitted, association, president):  # noqa: F811
    opened = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    opened = set_profile(president, opened, ALL_FALSE)
    sent = operation()
    for _ in range(2):
        api.confirm_last_time(user_id=president.pk, round_uuid=opened.uuid, codes=["1.1", "1.2"], operation_id=sent)

    answers = [(data["indicator_code"], data["kind"]) for data in told(log, "answer.saved")]
    assert answers == [("1.1", "level"), ("1.2", "level")]
