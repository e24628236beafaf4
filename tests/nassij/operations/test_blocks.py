"""Each block shows that it works, leaves nothing behind, and is caught when it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import mail
from web_fragments.fragment import Fragment

from governance_assessment import api
from governance_assessment.instruments.loading import load_instrument_file
from governance_assessment.management.commands.nassij_load_instruments import own_files
from nassij.common import selfcheck
from nassij.common.selfcheck import Outcome, Service
from nassij.operations import account as accounts
from nassij.operations.account import USERNAME, account
from nassij.operations.checks import blocks
from nassij.operations.course import DIGEST, course_key
from tests.nassij.associations import factories as make

from .conftest import Ask
from .platform import InMemory, InMemoryStudio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lms(monkeypatch: pytest.MonkeyPatch) -> InMemory:
    for path in own_files():
        load_instrument_file(path, publish=True)
    there = InMemory()
    monkeypatch.setattr(blocks, "Lms", lambda: there)
    return there


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch, settings: Any) -> InMemoryStudio:
    settings.SERVICE_VARIANT = "cms"
    there = InMemoryStudio()
    monkeypatch.setattr(blocks, "SelfCheckStudio", lambda: there)
    return there


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`sample("nassij_lesson", shows=…)`: one sample that wants something else."""

    def change(block_type: str, **values: Any) -> None:
        wanted = {**selfcheck.samples(), block_type: replace(selfcheck.samples()[block_type], **values)}
        monkeypatch.setattr(blocks, "samples", lambda: wanted)
        monkeypatch.setattr(blocks, "digest", lambda given: given and "same")
        blocks.Lms().settings = {DIGEST: "same"}

    return change


def everything() -> dict[str, int]:
    """Rows of all tables."""
    return {model._meta.db_table: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


def test_each_block_is_shown_answered_and_forgotten(ask: Ask, lms: InMemory) -> None:
    assert ask("blocks").is_well
    (learner, key), *_more = lms.enrolled
    assert key == course_key()
    assert not learner.has_usable_password()
    before = everything()
    lms.left_behind = [0, 0]
    assert ask("blocks").is_well
    assert everything() == before
    assert before["nassij_associations_association"] == before["nassij_governance_round"] == 0
    assert mail.outbox == []


def test_the_handlers_were_really_asked(ask: Ask, lms: InMemory) -> None:
    assert ask("blocks").is_well
    (bench,) = lms.benches.values()
    assert {name for name, _data in bench.published} >= {
        "nassij.lesson.self_check.answered",
        "nassij.governance.answer.saved",
    }


@pytest.mark.parametrize("block_type", ["nassij_lesson", "nassij_governance"])
def test_a_block_that_does_not_show_what_it_should(ask: Ask, sample: Any, block_type: str) -> None:
    sample(block_type, shows="what no page says")
    assert ask("blocks").failure.message.startswith(block_type)


@pytest.mark.parametrize("block_type", ["nassij_lesson", "nassij_governance"])
@pytest.mark.parametrize("handler", ["gone", "answer_wrong"])
def test_a_block_that_takes_no_answer(ask: Ask, sample: Any, block_type: str, handler: str) -> None:
    if handler == "gone":
        sample(block_type, handler="gone")
    else:
        sample(block_type, prepare=lambda user_id: {"operation_id": "x"})
    failure = ask("blocks").failure
    assert failure.message.startswith(block_type)
    assert failure.remedy


def test_an_answer_that_is_judged_wrongly(ask: Ask, sample: Any) -> None:
    sample("nassij_lesson", accepts=lambda reply: False)
    failure = ask("blocks").failure
    assert failure.details["status"] == 200 and failure.details["reply"]["solved"] is True


def test_a_block_that_breaks(
    ask: Ask, lms: InMemory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(user: Any, usage: Any) -> Any:
        raise RuntimeError("no such table")

    monkeypatch.setattr(lms, "student_view", breaks)
    found = ask("blocks").of(Outcome.FAILED)
    assert len(found) == 2 and all("RuntimeError: no such table" in failure.message for failure in found)
    assert "Traceback" in caplog.text  # where the remedy sends the operator


def test_without_an_instrument_the_self_assessment_cannot_be_shown(ask: Ask) -> None:
    for found in api.instruments():
        api.retire(slug=found.slug, version=found.version)
    failure = ask("blocks").failure
    assert "nassij_governance cannot be shown" in failure.message
    assert "operator has to load its questionnaire" in failure.remedy  # the error knows better than we do


def test_without_the_course(ask: Ask, lms: InMemory) -> None:
    lms.settings = None
    assert "cms nassij_selfcheck" in ask("blocks").failure.remedy
    lms.settings = {DIGEST: "that of an older version"}
    assert "another version" in ask("blocks").failure.message


def test_rows_that_were_left_behind(ask: Ask, lms: InMemory) -> None:
    lms.left_behind = [0, 3]
    assert "3" in ask("blocks").failure.message
    lms.left_behind = [3, 0]  # of a run that was killed
    assert ask("blocks").is_well


@pytest.mark.parametrize("check", ["blocks", "studio"])
def test_somebody_has_the_name_of_the_account(ask: Ask, studio: Any, settings: Any, check: str) -> None:
    settings.SERVICE_VARIANT = "lms"
    get_user_model().objects.create_user(USERNAME, "a@b.ma", "secret")
    found = ask(check, Service.LMS if check == "blocks" else Service.CMS)
    assert USERNAME in found.failure.message
    assert get_user_model().objects.get(username=USERNAME).check_password("secret")


def test_the_account_cannot_sign_in_and_no_mail_reaches_it(client: Any) -> None:
    person = account()
    assert account() == person
    assert not person.has_usable_password() and not person.is_staff and not person.is_superuser
    assert person.email.endswith(".invalid")


def test_the_account_is_never_called_by_who_has_stopped(client: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from course_content.models import ImportedRun
    from tests.lms.student.models import CourseEnrollment

    ImportedRun.objects.create(
        course_key="course-v1:Nassij+SMP1+ar",
        digest="x",
        content={"language": "ar", "blocks": {"course": ["دورة", "x"], "nassij_lesson@u": ["درس", "x"]}, "files": {}},
    )
    long_ago = timezone.now() - timedelta(days=100)
    CourseEnrollment.objects.create(user=account(), course_id=course_key(), created=long_ago)
    client.force_login(make.make_user(is_superuser=True))
    page = client.get("/nassij/courses/stopped/", headers={"accept-language": "en"}).content.decode()
    assert "Nobody has stopped" in page and USERNAME not in page


def test_what_is_undone_was_never_there() -> None:
    model = get_user_model()
    with accounts.undone():
        model.objects.create_user("somebody")
        assert model.objects.filter(username="somebody").exists()
    assert not model.objects.filter(username="somebody").exists()
    with pytest.raises(ValueError, match="on the way"), accounts.undone():
        model.objects.create_user("somebody")
        raise ValueError("on the way")
    assert not model.objects.filter(username="somebody").exists()


def test_an_author_meets_each_block(ask: Ask, studio: InMemoryStudio) -> None:
    before = everything()
    assert ask("studio", Service.CMS).is_well
    after = everything()
    assert {table for table in after if after[table] != before[table]} == {"auth_user"}


def test_a_form_or_preview_that_is_an_error(ask: Ask, studio: InMemoryStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    views, error = studio.views, Fragment("<div class='wrapper-alert-error'>Error</div>")
    monkeypatch.setattr(studio, "views", lambda user, usage: (error, views(user, usage)[1]))
    assert all("not as it should be" in found.message for found in ask("studio", Service.CMS))
    monkeypatch.setattr(studio, "views", lambda user, usage: (views(user, usage)[0], error))
    assert all("no form" in found.message for found in ask("studio", Service.CMS).of(Outcome.FAILED))
    monkeypatch.setattr(studio, "views", lambda user, usage: 1 / 0)
    assert len(ask("studio", Service.CMS).of(Outcome.FAILED)) == 2


def test_the_course_is_told(ask: Ask, studio: InMemoryStudio) -> None:
    assert "Written" in ask("course", Service.CMS)[0].message
    studio.written = False
    assert "nothing written" in ask("course", Service.CMS)[0].message
