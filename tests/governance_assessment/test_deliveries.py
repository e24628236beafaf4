"""Bad lines and crashes: whatever is delivered twice, late or half-way, a round and its plan end as if each thing was said once.

A clean run of a generated story fixes what each sender says (with the operation id, revision and step they saw) and where it
ends. The messy run says the same, in order, but breaks any delivery at any SQL statement until it gets through, and repeats what
went well at any later time, three times each and in any order at the end. Both must end alike, and a repeated delivery must get
the reply it got.

A crash takes with it what stands in an open transaction of the code under test and nothing else: what that code had committed
before, stays. So an operation that needed two transactions would be found out.
"""

from contextlib import contextmanager
from datetime import date
from itertools import count

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance_assessment import api
from governance_assessment.answers.whole_sheet import part_of
from governance_assessment.models import (
    CoachAnswer,
    ConsensusAnswer,
    DueReminder,
    PlanItem,
    RespondentAnswer,
    Round,
    Snapshot,
    Transition,
)
from nassij.common.audit import AuditEvent
from nassij.common.canonical import digest
from nassij.common.errors import NassijError
from nassij.common.models import IdempotentReply
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, operation, set_profile
from tests.xblocks.governance.runtimes import in_library

pytestmark = pytest.mark.django_db
CODES = ("1.1", "2.5")
ANSWERS = st.one_of(st.integers(1, 4).map(level), st.just({"kind": "dont_know"}))
WORDS = st.one_of(st.integers(1, 4).map(level), st.just({"kind": "no_evidence"}))
MEMBERS = st.sampled_from(["president", "member"])
MOVES = ("start_discussion", "back_to_answers", "submit_round", "validate_round", "reopen_round", "close_round")
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["نعد السجل", "Tenir le registre"]),
        "due_on": st.sampled_from([date(2099, 3, 1), date(2099, 9, 1), None]),
        "state": st.sampled_from(["todo", "doing", "done", "dropped"]),
    },
).filter(bool)
PART = st.one_of(
    st.tuples(st.just("save_answer"), st.sampled_from(CODES), ANSWERS, MEMBERS),
    st.tuples(st.just("save_sheet"), st.dictionaries(st.sampled_from(CODES), ANSWERS, min_size=1), MEMBERS),
    st.tuples(st.just("profile"), st.booleans(), MEMBERS),
    st.tuples(st.just("settle"), st.sampled_from(CODES), ANSWERS, st.just("president")),
    st.tuples(st.just("save_coach_answer"), st.sampled_from(CODES), WORDS, st.just("coach")),
    st.tuples(st.just("take_recommendation"), st.sampled_from(CODES)),
    st.tuples(st.just("add_plan_item"), CHANGES.map(lambda changes: {"title": "نجتمع", **changes})),
    st.tuples(st.just("change_plan_item"), st.sampled_from(["own", "taken"]), CHANGES),
    st.tuples(st.just("remark_plan_item"), st.sampled_from(["own", "taken"]), st.sampled_from(["أحسنتم", "Bien", ""])),
    *[st.just((move,)) for move in MOVES],
)
# What usually follows, so that stories get beyond the first refusal.
USUAL = [
    ("save_answer", "1.1", level(1), "member"),
    ("start_discussion",),
    ("settle", "1.1", level(2), "president"),
    ("submit_round",),
    ("take_recommendation", "1.1"),
    ("change_plan_item", "taken", {"state": "done"}),
    ("save_coach_answer", "1.1", level(1), "coach"),
    ("validate_round",),
    ("reopen_round",),
]
# Nearly everything is done in fifteen statements.
CRASHES = st.sets(st.one_of(st.integers(1, 15), st.integers(16, 30)), max_size=3)
STORY = st.lists(PART, max_size=8).flatmap(
    lambda parts: st.lists(st.integers(0, len(USUAL)), min_size=len(parts), max_size=len(parts)).map(
        lambda places: _woven(parts, places)
    )
)


def _woven(parts, places):
    story = list(USUAL)
    for place, part in zip(places, parts, strict=True):
        story.insert(place, part)
    return story


class Crash(Exception):
    """The process dies here."""


@contextmanager
def crash_at(statement):
    """Die at this SQL statement (counted from 1); a delivery that has fewer gets through. 0: never."""
    seen = count(1)

    def execute(run, sql, *arguments):
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")) and next(seen) == statement:
            raise Crash
        return run(sql, *arguments)

    with connection.execute_wrapper(execute):
        yield


class Site:
    """The people of one association, its round and its plan; `deliver` is what arrives from outside."""

    def __init__(self, opened, **people):
        self.opened = opened
        self.people = people

    def deliver(self, name, arguments, crash=0):
        """The reply as a comparable value: a dictionary, the code of a refusal, or None when the process died."""
        try:
            with crash_at(crash):
                reply = self.profile(**arguments) if name == "profile" else getattr(api, name)(**self.meant(arguments))
        except Crash:
            return None
        except NassijError as refused:
            return refused.code
        return self.told(name, reply, arguments)

    def profile(self, user, whose, sent, operation_id):
        """As the block does: its page sends an operation id with the profile."""
        return in_library(user, round_kind="full").profile_once({**whose, "user_id": user.pk}, sent, operation_id)

    def meant(self, arguments):
        """A sender knows an action by its address; between the runs it differs."""
        if "item" not in arguments:
            return arguments
        rest = {name: value for name, value in arguments.items() if name != "item"}
        return {**rest, "item_uuid": self.item(arguments["item"]).uuid}

    def item(self, which):
        items = PlanItem.objects.order_by("pk")
        return items.first() if which == "own" else items.exclude(indicator_code="").first()

    def told(self, name, reply, arguments):
        if name == "save_sheet":
            # The page that comes back shows what is stored by then; of what this delivery brought nothing is refused.
            mine = {part_of(arguments["operation_id"], code): code for code in arguments["answers"]}
            rows = RespondentAnswer.objects.filter(operation_id__in=mine).values_list("operation_id", flat=True)
            stored = sorted(mine[part] for part in rows)
            return {"stored": stored, "refused": sorted(set(stored) & reply.problems.keys())}
        if name in ("take_recommendation", "add_plan_item"):
            order = list(PlanItem.objects.order_by("pk").values_list("uuid", flat=True))
            return {"item": order.index(reply)}
        if name in MOVES:
            return {"moved": True}
        return {"reply": getattr(reply, "answer", reply)}

    def arguments(self, part, number):
        """What the sender says, with what they see at this moment; None when they could not say it."""
        name, *rest = part
        current = Round.objects.get(pk=self.opened.id)
        president, operation_id = self.people["president"], f"operation-{number}"
        whose = {"round_uuid": self.opened.uuid}
        theirs = {**whose, "association_id": current.association_id}
        plan = {"association_uuid": current.association_uuid, "operation_id": operation_id}
        if name in MOVES:
            user = self.people["coach" if name in ("validate_round", "reopen_round") else "president"]
            more = {"validate_round": {"confirm_rest": True}, "reopen_round": {"reason": "x"}}.get(name, {})
            return {**whose, "user_id": user.pk, "step": current.step, **more}
        if name == "profile":
            sent = {"answers": dict.fromkeys(ALL_FALSE, rest[0]), "revision": current.profile_revision}
            return {"user": self.people[rest[1]], "whose": theirs, "sent": sent, "operation_id": operation_id}
        if name == "save_sheet":
            user = self.people[rest[1]]
            revisions = {
                code: self.revision(RespondentAnswer.objects.filter(respondent=user), code) for code in rest[0]
            }
            more = {"answers": rest[0], "revisions": revisions, "operation_id": operation_id}
            return {**theirs, "user_id": user.pk, **more}
        if name == "take_recommendation":
            shown = Snapshot.objects.filter(layer="self").order_by("-id").values_list("answers", flat=True).first()
            from_level = (shown or {}).get(rest[0])
            from_level = from_level if isinstance(from_level, int) else None
            return {**plan, "user_id": president.pk, "indicator_code": rest[0], "from_level": from_level}
        if name == "add_plan_item":
            return {**plan, "user_id": president.pk, "changes": rest[0]}
        if name in ("change_plan_item", "remark_plan_item"):
            item = self.item(rest[0])
            if item is None:
                return None
            if name == "change_plan_item":
                return {**plan, "user_id": president.pk, "item": rest[0], "changes": rest[1], "revision": item.revision}
            user, text = self.people["coach"], rest[1]
            return {**plan, "user_id": user.pk, "item": rest[0], "text": text, "revision": item.remark_revision}
        code, answer, who = rest
        user = self.people[who]
        rows = {
            "save_answer": RespondentAnswer.objects.filter(respondent=user),
            "settle": ConsensusAnswer.objects.all(),
            "save_coach_answer": CoachAnswer.objects.all(),
        }[name]
        return {
            **theirs,
            "user_id": user.pk,
            "indicator_code": code,
            "answer": answer,
            "operation_id": operation_id,
            "revision": self.revision(rows, code),
            **({"note": ""} if name == "settle" else {}),
        }

    def revision(self, rows, code):
        newest = rows.filter(round_id=self.opened.id, indicator_code=code).order_by("-revision")
        return newest.values_list("revision", flat=True).first() or 0

    def state(self):
        """Everything that was stored, without keys and times; what is long as a hash, so that a difference can be read."""
        answers = RespondentAnswer.objects.filter(indicator_code__in=CODES)
        value = ("indicator_code", "revision", "kind", "level")
        action = ("indicator_code", "from_level", "title", "state", "due_on", "revision", "remark", "remark_revision")
        order = {item: place for place, item in enumerate(PlanItem.objects.order_by("pk").values_list("pk", flat=True))}
        return {
            "round": list(Round.objects.values_list("state", "step", "open_slot", "profile_revision", "profile")),
            "answers": sorted(answers.values_list("respondent_id", *value), key=str),
            "all answers": RespondentAnswer.objects.count(),
            "consensus": digest(sorted(ConsensusAnswer.objects.values_list(*value, "origin"), key=str)),
            "coach": digest(sorted(CoachAnswer.objects.values_list(*value, "together"), key=str)),
            "moves": list(Transition.objects.values_list("number", "from_state", "to_state", "actor_id")),
            "snapshots": [
                (found.layer, found.number, found.is_intact, digest(found.answers, found.details, found.result))
                for found in Snapshot.objects.order_by("id")
            ],
            "plan": list(PlanItem.objects.order_by("pk").values_list(*action, "open_slot")),
            "reminders": sorted(
                (order[item], person, kind, str(due))
                for item, person, kind, due in DueReminder.objects.values_list("item_id", "person_id", "kind", "due_at")
            ),
            "operations": sorted(IdempotentReply.objects.exclude(reply=None).values_list("user_id", "operation_id")),
            "audit": [
                (action, actor, digest(details))
                for action, actor, details in AuditEvent.objects.order_by("id").values_list(
                    "action", "actor_id", "details"
                )
            ],
        }


@pytest.fixture
def site(full_round, instrument, president, member, coach):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    api.add_plan_item(
        user_id=president.pk,
        association_uuid=opened.association_uuid,
        changes={"title": "سجل المنخرطين", "owner_id": member.pk, "due_on": date(2099, 1, 15)},
        operation_id=operation(),
    )
    return Site(opened, president=president, member=member, coach=coach)


@contextmanager
def undone():
    """What happens inside did not happen afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=STORY, data=st.data())
def test_everything_ends_as_if_each_thing_had_been_said_once(site, story, data):
    said, replies = [], []
    with undone():
        for number, part in enumerate(story):
            arguments = site.arguments(part, number)
            if arguments is not None:
                said.append((part[0], arguments))
                replies.append(site.deliver(*said[-1]))
        clean = site.state()

    def again(index):
        assert site.deliver(*said[index]) == replies[index], said[index]

    with undone():
        went_well = []
        for number, (name, arguments) in enumerate(said):
            for crash in sorted(data.draw(CRASHES)):
                assert site.deliver(name, arguments, crash) in (None, replies[number])
            again(number)
            if isinstance(replies[number], dict):
                went_well.append(number)
            for index in data.draw(st.lists(st.sampled_from(went_well), max_size=2)) if went_well else []:
                again(index)
        for index in data.draw(st.permutations(went_well * 2)):
            again(index)
        messy = site.state()

    assert messy == clean
