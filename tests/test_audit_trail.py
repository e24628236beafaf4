"""Every change that an `api` makes is in the audit trail: once, with who, what, of which object, of which association.

A function that is added to an `api` has to be put into one of the two tables here: `CHANGES` or `READS`.
"""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance_assessment import api as governance
from governance_assessment.models import RespondentAnswer
from nassij.associations import api as associations
from nassij.associations.api import Role
from nassij.associations.models import Invitation
from nassij.common.models import AuditEvent
from tests.governance_assessment.helpers import (
    ALL_FALSE,
    ALL_TRUE,
    INSTRUMENT_FILE,
    coach_says,
    fill,
    level,
    operation,
    save,
    set_profile,
    settle,
)
from tests.governance_assessment.test_sheets import check, plan_of, sheet_of
from tests.nassij.associations import factories
from tests.nassij.common.test_uploads import PDF

pytestmark = pytest.mark.django_db


class World:
    """An association with its people, and rounds of it as far as a change needs them."""

    def __init__(self) -> None:
        governance.load_instrument_file(INSTRUMENT_FILE, publish=True)
        self.here = factories.make_association()
        self.president = factories.make_member(self.here, role=Role.PRESIDENT)
        self.member = factories.make_member(self.here)
        self.coach = factories.make_coach(self.here)
        self.coordinator = factories.make_coordinator(self.here)
        self.operator = factories.make_user(is_superuser=True)
        self.somebody = factories.make_user()
        self.cohort = factories.make_cohort()

    def begun(self) -> Any:
        return governance.open_round(user_id=self.president.pk, association_id=self.here.id)

    def answered(self) -> Any:
        opened = set_profile(self.president, self.begun(), ALL_FALSE)
        fill(self.president, opened, governance.published_instrument(slug="gov-ma").instrument.express(), {"*": 3})
        return opened

    def discussed(self) -> Any:
        return governance.start_discussion(user_id=self.president.pk, round_uuid=self.answered().uuid)

    def submitted(self) -> Any:
        return governance.submit_round(user_id=self.president.pk, round_uuid=self.answered().uuid)

    def coached(self) -> Any:
        done = self.submitted()
        for indicator in governance.published_instrument(slug="gov-ma").instrument.express().all_indicators():
            if not indicator.applies_if:
                coach_says(self.coach, done, indicator.code, level(2))
        return done

    def validated(self) -> Any:
        return governance.validate_round(user_id=self.coach.pk, round_uuid=self.coached().uuid)

    def planned(self) -> Any:
        return governance.add_plan_item(
            user_id=self.president.pk, association_uuid=self.here.uuid, changes={"title": "x"}, operation_id=operation()
        )

    def documented(self, opened: Any) -> Any:
        return governance.add_evidence(
            user_id=self.member.pk,
            round_uuid=opened.uuid,
            indicator_code="1.1",
            file=SimpleUploadedFile("proof.pdf", PDF),
        )

    def sent_sheet(self) -> Any:
        opened = self.begun()
        sheet = sheet_of(self.member, opened)
        sheet.put("1.1", "3")
        return plan_of(self.member, check(self.member, opened, sheet))

    def membership(self) -> Any:
        return factories.membership_of(self.member, self.here)


@dataclass(frozen=True)
class Change:
    """How to prepare a change, how to make it, and the lines it leaves. `actor` names a person of `World`; "" is nobody."""

    actor: str
    lines: tuple[tuple[str, str], ...]
    make: Callable[[World, Any], Any]
    before: Callable[[World], Any] = lambda world: None
    of_association: bool = True


def one(actor: str, action: str, kind: str, make: Any, **more: Any) -> Change:
    return Change(actor, ((action, kind),), make, **more)


def move(actor: str, verb: str, make: Any, before: Any) -> Change:
    return one(actor, f"round.{verb}", "round", make, before=before)


ASSOCIATIONS: dict[str, Change] = {
    "create_association": one(
        "operator",
        "associations.association_created",
        "association",
        lambda w, _: associations.create_association(name="x", province="safi", actor_id=w.operator.pk),
    ),
    "update_association": one(
        "president",
        "associations.association_changed",
        "association",
        lambda w, _: associations.update_association(
            actor_id=w.president.pk, association_uuid=w.here.uuid, changes={"women": 5}
        ),
    ),
    "rotate_join_code": one(
        "president",
        "associations.join_code_renewed",
        "association",
        lambda w, _: associations.rotate_join_code(actor_id=w.president.pk, association_id=w.here.id),
    ),
    "join": one(
        "somebody",
        "associations.member_joined",
        "membership",
        lambda w, code: associations.join(user_id=w.somebody.pk, code=code),
        before=lambda w: associations.join_code(actor_id=w.president.pk, association_id=w.here.id),
    ),
    "add_member": one(
        "operator",
        "associations.member_joined",
        "membership",
        lambda w, _: associations.add_member(association_id=w.here.id, user_id=w.somebody.pk, actor_id=w.operator.pk),
    ),
    "claim_invitations": one(
        "president",
        "associations.member_joined",
        "membership",
        lambda w, _: associations.claim_invitations(user_id=w.somebody.pk),
        before=lambda w: Invitation.objects.create(
            association_id=w.here.id, email=w.somebody.email, invited_by=w.president
        ),
    ),
    "set_member": one(
        "president",
        "associations.member_changed",
        "membership",
        lambda w, row: associations.set_member(
            actor_id=w.president.pk,
            association_id=w.here.id,
            membership_uuid=row.uuid,
            role=Role.TREASURER,
            is_lead=True,
        ),
        before=World.membership,
    ),
    "end_membership": one(
        "president",
        "associations.member_removed",
        "membership",
        lambda w, row: associations.end_membership(
            actor_id=w.president.pk, association_id=w.here.id, membership_uuid=row.uuid
        ),
        before=World.membership,
    ),
    "leave": one(
        "member",
        "associations.member_left",
        "membership",
        lambda w, _: associations.leave(user_id=w.member.pk, association_id=w.here.id),
    ),
    "create_cohort": one(
        "operator",
        "associations.cohort_created",
        "cohort",
        lambda w, _: associations.create_cohort(code="new", actor_id=w.operator.pk),
        of_association=False,
    ),
    "add_to_cohort": one(
        "operator",
        "associations.cohort_entered",
        "cohort",
        lambda w, _: associations.add_to_cohort(
            association_id=w.here.id, cohort_id=w.cohort.id, actor_id=w.operator.pk
        ),
    ),
    "remove_from_cohort": one(
        "operator",
        "associations.cohort_left",
        "cohort",
        lambda w, _: associations.remove_from_cohort(
            association_id=w.here.id, cohort_id=w.cohort.id, actor_id=w.operator.pk
        ),
        before=lambda w: associations.add_to_cohort(association_id=w.here.id, cohort_id=w.cohort.id),
    ),
    "assign_coach": one(
        "operator",
        "associations.coach_assigned",
        "coach_assignment",
        lambda w, _: associations.assign_coach(association_id=w.here.id, user_id=w.somebody.pk, actor_id=w.operator.pk),
    ),
    "appoint_coach": one(
        "coordinator",
        "associations.coach_assigned",
        "coach_assignment",
        lambda w, _: associations.appoint_coach(
            association_id=w.here.id, user_id=w.somebody.pk, actor_id=w.coordinator.pk
        ),
    ),
    "end_coach": one(
        "operator",
        "associations.coach_ended",
        "coach_assignment",
        lambda w, _: associations.end_coach(association_id=w.here.id, user_id=w.coach.pk, actor_id=w.operator.pk),
    ),
    "assign_coordinator": one(
        "operator",
        "associations.coordinator_assigned",
        "coordinator_assignment",
        lambda w, _: associations.assign_coordinator(
            user_id=w.somebody.pk, cohort_id=w.cohort.id, actor_id=w.operator.pk
        ),
        of_association=False,
    ),
    "end_coordinator": one(
        "operator",
        "associations.coordinator_ended",
        "coordinator_assignment",
        lambda w, _: associations.end_coordinator(user_id=w.somebody.pk, cohort_id=w.cohort.id, actor_id=w.operator.pk),
        before=lambda w: associations.assign_coordinator(user_id=w.somebody.pk, cohort_id=w.cohort.id),
        of_association=False,
    ),
    "retire_user": one(
        "",
        "associations.account_retired",
        "membership",
        lambda w, _: associations.retire_user(w.member.pk),
    ),
}

GOVERNANCE: dict[str, Change] = {
    "load_instrument_file": one(
        "",
        "instrument.published",
        "instrument",
        lambda w, path: governance.load_instrument_file(path, publish=True),
        before=lambda w: w.another_version,
        of_association=False,
    ),
    "retire": one(
        "",
        "instrument.retired",
        "instrument",
        lambda w, _: governance.retire(slug="gov-ma", version="0.1.0"),
        of_association=False,
    ),
    "open_round": one("president", "round.opened", "round", lambda w, _: w.begun()),
    "widen_round": move(
        "member",
        "widened",
        lambda w, r: governance.widen_round(user_id=w.member.pk, association_id=w.here.id, round_uuid=r.uuid),
        World.begun,
    ),
    "set_profile": move("member", "profile_answered", lambda w, r: set_profile(w.member, r, ALL_TRUE), World.begun),
    "start_discussion": move(
        "president",
        "discussion_started",
        lambda w, r: governance.start_discussion(user_id=w.president.pk, round_uuid=r.uuid),
        World.answered,
    ),
    "back_to_answers": move(
        "president",
        "back_to_answers",
        lambda w, r: governance.back_to_answers(user_id=w.president.pk, round_uuid=r.uuid),
        World.discussed,
    ),
    "settle": move(
        "president", "settled", lambda w, r: settle(w.president, r, "1.1", level(2), revision=0), World.discussed
    ),
    "submit_round": move(
        "president",
        "submitted",
        lambda w, r: governance.submit_round(user_id=w.president.pk, round_uuid=r.uuid),
        World.answered,
    ),
    "save_coach_answer": move(
        "coach", "coach_answered", lambda w, r: coach_says(w.coach, r, "1.1", level(2)), World.submitted
    ),
    "validate_round": move(
        "coach",
        "validated",
        lambda w, r: governance.validate_round(user_id=w.coach.pk, round_uuid=r.uuid),
        World.coached,
    ),
    "reopen_round": move(
        "coach",
        "reopened",
        lambda w, r: governance.reopen_round(user_id=w.coach.pk, round_uuid=r.uuid, reason="x"),
        World.submitted,
    ),
    "close_round": move(
        "president",
        "closed",
        lambda w, r: governance.close_round(user_id=w.president.pk, round_uuid=r.uuid),
        World.validated,
    ),
    "forget_respondent": move(
        "", "answers_forgotten", lambda w, _: governance.forget_respondent(w.president.pk), World.answered
    ),
    "apply_sheet": move(
        "member",
        "sheet_applied",
        lambda w, plan: governance.apply_sheet(user_id=w.member.pk, sheet_uuid=plan.uuid, seen=plan.seen),
        World.sent_sheet,
    ),
    "add_evidence": one("member", "evidence.added", "round", lambda w, r: w.documented(r), before=World.begun),
    "remove_evidence": one(
        "member",
        "evidence.removed",
        "round",
        lambda w, added: governance.remove_evidence(user_id=w.member.pk, file_uuid=added.file.uuid),
        before=lambda w: w.documented(w.begun()),
    ),
    # A reading that is noted: an association sees when its coach opened one of its documents.
    "open_evidence": one(
        "coach",
        "evidence.opened",
        "round",
        lambda w, added: governance.open_evidence(user_id=w.coach.pk, file_uuid=added.file.uuid),
        before=lambda w: w.documented(w.begun()),
    ),
    "add_plan_item": one("president", "plan.added", "plan_item", lambda w, _: w.planned()),
    "take_recommendation": one(
        "president",
        "plan.added",
        "plan_item",
        lambda w, _: governance.take_recommendation(
            user_id=w.president.pk, association_uuid=w.here.uuid, indicator_code="1.1", from_level=3
        ),
        before=World.submitted,
    ),
    "change_plan_item": one(
        "president",
        "plan.changed",
        "plan_item",
        lambda w, item: governance.change_plan_item(
            user_id=w.president.pk,
            association_uuid=w.here.uuid,
            item_uuid=item,
            changes={"due_on": datetime.date(2027, 3, 1), "owner_id": w.member.pk},
            revision=1,
        ),
        before=World.planned,
    ),
    "remark_plan_item": one(
        "coach",
        "plan.remarked",
        "plan_item",
        lambda w, item: governance.remark_plan_item(
            user_id=w.coach.pk, association_uuid=w.here.uuid, item_uuid=item, text="x", revision=0
        ),
        before=World.planned,
    ),
}
# Members' answers have a history of their own: append-only rows with who, when, to which round. The trail does not repeat them:
# there they would stay after their person has left.
OWN_HISTORY = {"confirm_last_time", "save_answer", "save_sheet"}

# What somebody keeps before it changes anything, or has made (again) of what is there: a sheet looked at, a printed report.
PREPARES = {"check_sheet", "discard_sheet", "forget_damaged", "start_report"}

READS = {
    associations: """
        access active_members association associations_in_scope coach_ids coaches cohorts_in_scope
        activity_fields field_name join_code may members members_in_scope memberships names_of next_steps person_names
        province_name provinces region_name regions
        register_next_steps register_shortcut register_standing require require_import scope shortcuts standing_of
    """,
    governance: """
        answer_sheet blank_sheet comparison desk discussion discussion_summary evidence_of first_steps history
        instruments is_first_view last_time own_data participation plan plan_item published_instrument
        quality_sentence questionnaire_file report_downloaded report_file reports result result_beside
        result_context round_fields rounds_of sheet sheet_plan sheet_round trail validation waiting_rounds
    """,
}
CHANGES = {associations: set(ASSOCIATIONS), governance: set(GOVERNANCE) | OWN_HISTORY | PREPARES}


@pytest.mark.parametrize("api", [associations, governance], ids=lambda api: api.__name__)
def test_every_function_of_an_api_is_known_to_change_something_or_not(api: Any) -> None:
    functions = {name for name in api.__all__ if inspect.isfunction(getattr(api, name))}

    assert functions == CHANGES[api] | set(READS[api].split())


@pytest.fixture
def world(tmp_path: Any, settings: Any) -> World:
    settings.MEDIA_ROOT, settings.NASSIJ_PRIVATE_STORAGE = str(tmp_path / "media"), {}
    made = World()
    made.another_version = tmp_path / "0.2.0.yaml"  # type: ignore[attr-defined]
    text = INSTRUMENT_FILE.read_text("utf-8")
    made.another_version.write_text(text.replace("0.1.0", "0.2.0"), "utf-8")  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("name", [*ASSOCIATIONS, *GOVERNANCE])
def test_a_change_leaves_its_line(name: str, world: World) -> None:
    change = (ASSOCIATIONS | GOVERNANCE)[name]
    prepared = change.before(world)
    last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    made = change.make(world, prepared)

    lines = list(AuditEvent.objects.filter(pk__gt=last).order_by("pk"))
    assert [(line.action, line.object_type) for line in lines] == list(change.lines)
    actor = getattr(world, change.actor).pk if change.actor else None
    for line in lines:
        assert line.actor_id == actor
        assert line.object_uuid is not None
        if name != "create_association":
            assert line.association_uuid == (world.here.uuid if change.of_association else None)
        else:
            assert line.association_uuid == made.uuid
        for words in (world.here.name, world.president.username, world.somebody.email):
            assert words not in str(line.details)


def test_the_history_of_answers_says_who_when_and_what(world: World) -> None:
    opened = world.begun()
    before = AuditEvent.objects.count()

    save(world.member, opened, "1.1", level(3))
    save(world.member, opened, "1.1", level(2), revision=1)
    fill(world.member, opened, governance.published_instrument(slug="gov-ma").instrument.express(), {"2.3": 1})

    rows = RespondentAnswer.objects.order_by("pk").values_list(
        "respondent_id", "round__uuid", "indicator_code", "level"
    )
    assert list(rows) == [
        (world.member.pk, opened.uuid, code, value) for code, value in (("1.1", 3), ("1.1", 2), ("2.3", 1))
    ]
    assert all(row.created_at for row in RespondentAnswer.objects.all())
    assert AuditEvent.objects.count() == before
