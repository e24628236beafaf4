"""Who has stopped, and where: who sees whom, at what cost, and that nothing of their answers is there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from course_content.following.learners import CourseRun, Standing
from course_content.following.stopped import stopped
from course_content.models import ImportedRun
from nassij.associations.api import Role
from tests.lms.completion.models import BlockCompletion
from tests.lms.courseware.models import StudentModule
from tests.lms.student.models import CourseAccessRole, CourseEnrollment
from tests.nassij.associations import factories as make

pytestmark = pytest.mark.django_db

PAGE = "/nassij/courses/stopped/"
AR, FR = "course-v1:Nassij+SMP1+ar", "course-v1:Nassij+SMP1+fr"
UNITS = {"smp-s1-u1": "الجمع العام", "smp-s1-u2": "المكتب"}
SECRET = "what somebody answered"


def imported(key: str, language: str) -> None:
    blocks = {"course": ["دورة", "x"]}
    for code, title in UNITS.items():
        blocks |= {f"vertical@{code}": [title, "x"], f"nassij_lesson@{code}": [title, "x"]}
    ImportedRun.objects.create(
        course_key=key, digest="x", content={"language": language, "blocks": blocks, "files": {}}
    )


@pytest.fixture(autouse=True)
def runs(client: Client) -> None:
    imported(AR, "ar")
    imported(FR, "fr")


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def learner(
    user: Any, *, run: str = AR, enrolled: float = 60, did: dict[str, float] | None = None, done: int = 0
) -> Any:
    """Enrols somebody who did something in the units `did` so many days ago, and has finished the first `done`."""
    key = CourseKey.from_string(run)
    CourseEnrollment.objects.create(user=user, course_id=key, created=days_ago(enrolled))
    for code, days in (did or {}).items():
        usage = key.make_usage_key("nassij_lesson", code)
        StudentModule.objects.create(
            student=user, course_id=key, module_state_key=usage, module_type="nassij_lesson", state=SECRET,
            modified=days_ago(days),
        )  # fmt: skip
    for code in list(UNITS)[:done]:
        BlockCompletion.objects.create(
            user=user, context_key=key, block_key=key.make_usage_key("nassij_lesson", code),
            block_type="nassij_lesson", completion=1.0,
        )  # fmt: skip
    return user


def named(name: str, **fields: Any) -> Any:
    return make.make_user(first_name=name, **fields)


def trainer(run: str = AR, *, role: str = "staff", org: str = "Nassij") -> Any:
    user = make.make_user()
    CourseAccessRole.objects.create(
        user=user, org=org, course_id=CourseKey.from_string(run) if run else None, role=role
    )
    return user


def read(user: Any, language: str = "en") -> str:
    visitor = Client(headers={"accept-language": language})
    visitor.force_login(user)
    response = visitor.get(PAGE)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def test_it_says_who_where_and_since_when() -> None:
    learner(named("Zineb"), did={"smp-s1-u1": 40, "smp-s1-u2": 20}, done=1)
    learner(named("Hamid"), enrolled=30)
    learner(named("Working"), did={"smp-s1-u1": 3})
    learner(named("Finished"), did={"smp-s1-u2": 50}, done=2)
    text = re.sub(r"<[^>]+>|\s+", " ", read(trainer()))
    assert "Working" not in text
    assert "Finished" not in text
    assert re.search(r"Not begun yet.*Hamid.*30 days", text)
    assert re.search(r"المكتب.*Zineb.*20 days", text)
    assert "2 people have stopped" in text
    assert SECRET not in text


@pytest.mark.parametrize(("days", "is_there"), [(13.9, False), (14.1, True)])
def test_stopped_is_fourteen_days(days: float, is_there: bool) -> None:
    learner(named("Zineb"), did={"smp-s1-u1": days})
    assert ("Zineb" in read(trainer())) is is_there


def quiz(user: Any, days: float) -> None:
    """Somebody does a graded quiz: problems of the platform's own."""
    key = CourseKey.from_string(AR)
    StudentModule.objects.create(
        student=user, course_id=key, module_state_key=key.make_usage_key("problem", "smp-s1-q1"), module_type="problem",
        state=SECRET, modified=days_ago(days),
    )  # fmt: skip


def test_who_does_the_quizzes_has_not_stopped() -> None:
    quiz(learner(named("Zineb"), did={"smp-s1-u1": 40}), 1)
    quiz(learner(named("Hamid"), did={"smp-s1-u1": 40, "smp-s1-u2": 30}), 20)
    quiz(learner(named("Salma"), enrolled=50), 16)
    text = re.sub(r"<[^>]+>|\s+", " ", read(trainer()))
    assert "Zineb" not in text
    assert re.search(r"Not begun yet.*Salma.*16 days.*المكتب.*Hamid.*20 days", text)


def test_what_was_done_in_units_that_are_gone_does_not_hide_who_stopped() -> None:
    user = learner(named("Zineb"), did={"smp-s1-u1": 20}, done=1)
    key = CourseKey.from_string(AR)
    for name in ("nassij_lesson@smp-s1-u9", "nassij_governance@smp-s1-u1"):
        kind, _, code = name.partition("@")
        BlockCompletion.objects.create(
            user=user, context_key=key, block_key=key.make_usage_key(kind, code), block_type=kind, completion=1.0
        )
    assert "Zineb" in read(trainer())


def test_who_left_the_course_is_not_called() -> None:
    learner(named("Zineb"))
    CourseEnrollment.objects.update(is_active=False)
    assert "Zineb" not in read(trainer())


# Who sees whom. `here` is an association of the first kind, its member stopped in the Arabic run.


@pytest.fixture
def here() -> Any:
    association = make.make_association("جمعية هنا")
    learner(make.make_member(association, named("Zineb")))
    return association


@pytest.fixture
def elsewhere() -> Any:
    association = make.make_association("جمعية هناك")
    learner(make.make_member(association, named("Hamid")), run=FR)
    return association


SEES_NOTHING_OF_HERE = {
    "coach of another": lambda here, elsewhere: make.make_coach(elsewhere),
    "coordinator of another": lambda here, elsewhere: make.make_coordinator(elsewhere),
    "trainer of another run": lambda here, elsewhere: trainer(FR),
    "trainer of another organisation": lambda here, elsewhere: trainer("", org="Other"),
}
MAY_NOT_OPEN_IT = {
    "member": lambda here, elsewhere: make.make_member(here),
    "president": lambda here, elsewhere: make.make_member(here, role=Role.PRESIDENT, is_lead=True),
    "president of another": lambda here, elsewhere: make.make_member(elsewhere, role=Role.PRESIDENT),
    "former member": lambda here, elsewhere: make.make_former_member(here),
    "learner": lambda here, elsewhere: learner(make.make_user()),
    "beta tester": lambda here, elsewhere: trainer(role="beta_testers"),
    "trainer of a course that is not ours": lambda here, elsewhere: trainer("course-v1:X+Y+Z"),
    "stranger": lambda here, elsewhere: make.make_user(),
}
SEES_HERE = {
    "coach": (lambda here, elsewhere: make.make_coach(here), True, False),
    "coordinator": (lambda here, elsewhere: make.make_coordinator(here), True, False),
    "coordinator of all": (lambda here, elsewhere: make.make_coordinator(everywhere=True), True, True),
    "trainer": (lambda here, elsewhere: trainer(AR), False, False),
    "instructor": (lambda here, elsewhere: trainer(AR, role="instructor"), False, False),
    "trainer of the organisation": (lambda here, elsewhere: trainer(""), False, True),
    "operator": (lambda here, elsewhere: make.make_user(is_superuser=True), True, True),
}


@pytest.mark.parametrize("kind", SEES_NOTHING_OF_HERE)
def test_others_see_nothing_of_an_association(here: Any, elsewhere: Any, kind: str) -> None:
    person = SEES_NOTHING_OF_HERE[kind](here, elsewhere)
    if kind == "trainer of another organisation":  # has no run of ours: nothing to look at
        visitor = Client()
        visitor.force_login(person)
        assert visitor.get(PAGE).status_code == 403
        return
    text = read(person)
    assert "Zineb" not in text
    assert "جمعية هنا<" not in text
    assert "Hamid" in text


@pytest.mark.parametrize("kind", MAY_NOT_OPEN_IT)
def test_the_page_is_not_for_learners(here: Any, elsewhere: Any, kind: str) -> None:
    visitor = Client()
    visitor.force_login(MAY_NOT_OPEN_IT[kind](here, elsewhere))
    response = visitor.get(PAGE)
    assert response.status_code == 403
    assert "Zineb" not in response.content.decode()
    assert PAGE not in visitor.get("/nassij/").content.decode()


@pytest.mark.parametrize("kind", SEES_HERE)
def test_those_who_can_call_see_them(here: Any, elsewhere: Any, kind: str) -> None:
    make_person, sees_the_association, sees_all = SEES_HERE[kind]
    person = make_person(here, elsewhere)
    text = read(person)
    assert "Zineb" in text
    assert ("جمعية هنا" in text) is sees_the_association  # a trainer gets nothing from being one
    assert ("Association</th>" in text) is sees_the_association
    assert ("Hamid" in text) is sees_all
    visitor = Client()
    visitor.force_login(person)
    assert PAGE in visitor.get("/nassij/").content.decode()


def test_a_visitor_signs_in_first() -> None:
    response = Client().get(PAGE)
    assert response.status_code == 302


def test_a_former_coach_sees_nothing(here: Any, elsewhere: Any) -> None:
    from nassij.associations import api

    coach = make.make_coach(here)
    make.make_coach(elsewhere, coach)
    api.end_coach(association_id=here.id, user_id=coach.pk)
    text = read(coach)
    assert "Zineb" not in text
    assert "Hamid" in text


def test_names_that_people_typed_are_only_text(here: Any) -> None:
    learner(named("<script>alert(1)</script>"))
    assert "<script>alert" not in read(trainer())


def test_the_same_number_of_queries_for_30_and_600_learners() -> None:
    from django.contrib.auth import get_user_model

    association = make.make_association()
    coordinator = make.make_coordinator(association)
    CourseAccessRole.objects.create(user=coordinator, org="Nassij", course_id=CourseKey.from_string(FR), role="staff")
    model, key = get_user_model(), CourseKey.from_string(AR)
    counts = {}
    for number in (30, 600):
        have = model.objects.filter(username__startswith="many").count()
        model.objects.bulk_create(model(username=f"many{n}", first_name=f"N{n}") for n in range(have, number))
        people = model.objects.filter(username__startswith="many")
        for person in people[have:number] if have == 0 else ():
            make.make_member(association, person)
        CourseEnrollment.objects.bulk_create(
            CourseEnrollment(user=person, course_id=k, created=days_ago(40))
            for person in people.order_by("pk")[have:number]
            for k in (key, CourseKey.from_string(FR))
        )
        visitor = Client()
        visitor.force_login(coordinator)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            response = visitor.get(PAGE)
        counts[number] = len([query for query in caught if "SAVEPOINT" not in query["sql"]])
        assert response.content.decode().count("<tr") >= number
    assert counts[30] == counts[600] <= 11, counts  # two are the session and the account


def test_without_an_lms_there_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    known = apps.get_model

    def without_lms(name: str, *rest: Any, **options: Any) -> Any:
        if name.split(".")[0] in ("student", "courseware", "completion"):
            raise LookupError(name)
        return known(name, *rest, **options)

    operator = make.make_user(is_superuser=True)
    learner(named("Zineb"))
    monkeypatch.setattr(apps, "get_model", without_lms)
    assert "Nobody has stopped" in read(operator)


@pytest.mark.parametrize(
    ("language", "title", "begun"),
    [
        ("ar", "من توقف", "لم يبدأ بعد"),
        ("fr", "Qui s’est arrêté", "Pas encore commencé"),
        ("en", "Who has stopped", "Not begun yet"),
    ],
)
def test_it_speaks_three_languages(language: str, title: str, begun: str) -> None:
    learner(named("Zineb"))
    text = read(trainer(), language)
    assert title in text
    assert begun in text


def test_places_come_in_the_order_of_the_units_the_last_to_leave_first() -> None:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    run = CourseRun("k", "t", "ar", UNITS, parts=frozenset({"nassij_lesson@smp-s1-u1", "nassij_lesson@smp-s1-u2"}))
    rows = [
        Standing(1, "k", now - timedelta(days=30), "smp-s1-u2", 1),
        Standing(2, "k", now - timedelta(days=20), "smp-s1-u2", 1),
        Standing(3, "k", now - timedelta(days=14), "smp-s1-u1", 0),
        Standing(4, "k", now - timedelta(days=99), "gone", 0),
        Standing(5, "k", now - timedelta(days=15), None, 0),
        Standing(6, "other", now - timedelta(days=15), None, 0),
    ]
    (found,) = stopped(rows, {"k": run}, now=now, quiet_days=14)
    assert [(place.unit, [one.user_id for one in place.people]) for place in found.places] == [
        (None, [5]), ("smp-s1-u1", [3]), ("smp-s1-u2", [2, 1]), ("gone", [4]),
    ]  # fmt: skip
    assert found.total == 5
