"""Changing an association's action plan: adding, changing, remarking. Each change is one transaction.

Two people may have the same action open. Whoever saves second is told and shown both versions: a change carries the revision it
was made from, and is stored only on that one. The coach's remark has a revision of its own, so it disturbs nobody.
The audit trail and the reminders change with the action, in its transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action, active_members, require
from nassij.common.audit import record
from nassij.common.errors import BadInput, Conflict, Forbidden, Unprocessable
from nassij.common.idempotency import once, retrying
from nassij.common.text import clean_text

from .. import tracking
from ..models import TEXT_LENGTH, TITLE_LENGTH, PlanItem
from ..rounds.rounds import as_uuid, check_revision
from .advice import last_result_of, step_key, words_in_all
from .data import FIELDS, OPEN_STATES, OWN_FIELDS, Changes, ItemState
from .plan import find_item, own_words
from .schedule import schedule

LENGTHS = {"title": TITLE_LENGTH, "what": TEXT_LENGTH, "note": TEXT_LENGTH, "proof": TEXT_LENGTH}
#: Changes of these move or cancel reminders.
_TIMING = {"owner_id", "due_on", "state"}


# --- Adding -------------------------------------------------------------------------------------------------


def take_recommendation(
    *,
    user_id: int | None,
    association_uuid: UUID | str,
    indicator_code: str,
    from_level: int | None,
    operation_id: str | None = None,
) -> UUID:
    """Add what is recommended for an indicator to the plan, in one tap. The action's uuid; twice the same tap is one action.

    `from_level` is the level the page showed (None: find out). With an `operation_id` a tap that arrives again at any later time,
    when the action has long been done, is the same one still. Checks permissions: who edits the plan. Raises `NotFound`,
    `Forbidden`, and `Conflict` when another step is recommended by now.
    """
    access = require(user_id=user_id, action=Action.EDIT_PLAN, association_uuid=as_uuid(association_uuid))

    def act() -> dict[str, Any]:
        return {"uuid": str(_take(access, indicator_code, from_level))}

    payload = [str(access.association_uuid), indicator_code, from_level]
    return UUID(_applied(access, "governance.plan.take", operation_id, payload, act)["uuid"])


def _take(access: Access, indicator_code: str, from_level: int | None) -> UUID:
    last = last_result_of(access.association_id)
    advice = last.step(indicator_code, from_level) if last else None
    if last is None or advice is None:
        raise Conflict(
            _("This step is no longer what is recommended: a newer result has come in."),
            code="recommendation_changed",
            remedy=_("Look at the plan again and choose from what it recommends now."),
        )
    slug, recommendation = last.instrument.slug, advice.recommendation
    item = PlanItem(
        instrument_slug=slug,
        indicator_code=indicator_code,
        from_level=advice.level,
        to_level=recommendation.to_level if recommendation else None,
        unit_code=(recommendation.unit or "") if recommendation else "",
        guide_code=(recommendation.guide or "") if recommendation else "",
        words=words_in_all(advice, last.instrument),
        **_of(access),
    )
    slot = _slot(item)
    try:
        with transaction.atomic():
            item.open_slot = slot
            item.save(force_insert=True)
            _note(access, item, "added", indicator=indicator_code, step=step_key(indicator_code, advice.level))
            tracking.plan_item_added(item)
    except IntegrityError:
        with transaction.atomic():
            # A locking read sees what was committed after an outer transaction took its snapshot.
            taken = PlanItem.objects.select_for_update().filter(open_slot=slot).first()
        if taken is None:  # finished at this very moment
            raise Conflict() from None
        return taken.uuid
    return item.uuid


def add_plan_item(*, user_id: int | None, association_uuid: UUID | str, changes: Changes, operation_id: str) -> UUID:
    """Add an action in the association's own words. The same `operation_id` again is the same action.

    `changes` are values of `plan_data.FIELDS`; a title is needed. Checks permissions: who edits the plan. Raises `NotFound`,
    `Forbidden`, `BadInput`, `Unprocessable` with the problem of each field in `fields`.
    """
    access = require(user_id=user_id, action=Action.EDIT_PLAN, association_uuid=as_uuid(association_uuid))
    values = _read(changes, allowed=FIELDS)
    item = PlanItem(**_of(access), **values)

    def add() -> dict[str, Any]:
        _refuse_wrong(access, item, values)
        _set_slot(item)
        item.pk = None  # the database may have given up on a first attempt
        item.save(force_insert=True)
        schedule(item)
        _note(access, item, "added", fields=sorted(values))
        tracking.plan_item_added(item)
        return {"uuid": str(item.uuid)}

    payload = {"association": str(access.association_uuid), **{name: str(value) for name, value in values.items()}}
    reply = once(
        user_id=access.user_id, operation_id=operation_id, scope="governance.plan.add", payload=payload, apply=add
    )
    return UUID(reply["uuid"])


# --- Changing -----------------------------------------------------------------------------------------------


def change_plan_item(
    *,
    user_id: int | None,
    association_uuid: UUID | str,
    item_uuid: UUID | str,
    changes: Changes,
    revision: int,
    operation_id: str | None = None,
) -> int:
    """Change some fields of an action (`plan_data.FIELDS`); its revision afterwards.

    `revision` is the one the sender saw. What is already stored as it is sent writes nothing, so sending a form again is
    harmless; with an `operation_id` it gets the first reply even when somebody has changed the action since. Checks permissions:
    who edits the plan, and for `OWN_FIELDS` whoever the action was given to. Raises `NotFound`, `Forbidden`, `BadInput`,
    `Unprocessable` with `fields`, and `Conflict` with `yours`, `stored` and the present `revision`.
    """
    check_revision(revision)
    access = require(user_id=user_id, action=Action.FOLLOW_OWN_ACTION, association_uuid=as_uuid(association_uuid))

    def act() -> dict[str, Any]:
        return {"revision": _change(access, item_uuid, changes, revision)}

    payload = [str(item_uuid), revision, {name: str(value) for name, value in changes.items()}]
    try:
        return int(_applied(access, "governance.plan.change", operation_id, payload, act)["revision"])
    except IntegrityError as error:
        raise Conflict(
            _("The plan already has an open action for this step."),
            code="step_taken",
            remedy=_("Finish or drop the other one first. Nothing was changed."),
        ) from error


def _change(access: Access, item_uuid: UUID | str, changes: Changes, revision: int) -> int:
    # A write first: it holds the action against whoever saves at the same moment, and SQLite waits for a write.
    mine = PlanItem.objects.filter(association_id=access.association_id, uuid=as_uuid(item_uuid))
    mine.update(revision=F("revision"))
    item = find_item(access, item_uuid)
    values = _read(changes, allowed=_may_change(access, item))
    values = _without_the_recommended(item, values)
    differing = {name: value for name, value in values.items() if getattr(item, name) != value}
    if not differing:
        return item.revision
    if item.revision != revision:
        raise stale(item, values)
    before = item.state
    for name, value in differing.items():
        setattr(item, name, value)
    _refuse_wrong(access, item, differing)
    _set_slot(item)
    if item.is_open != (before in OPEN_STATES):
        item.closed_at = None if item.is_open else timezone.now()
    item.revision += 1
    item.save()
    if _TIMING & set(differing):
        schedule(item)
    _note(access, item, "changed", fields=sorted(differing), state=item.state)
    if item.state == ItemState.DONE != before:
        tracking.plan_item_done(item)
    return item.revision


def stale(item: PlanItem, yours: Mapping[str, Any]) -> Conflict:
    """The refusal of a change made from an old version, with both versions of each field that differs."""
    stored = {name: getattr(item, name) for name in yours}
    differing = [name for name in yours if yours[name] != stored[name]]
    return Conflict(
        _("Somebody changed this action in the meantime."),
        code="stale_revision",
        remedy=_("Nothing is lost: compare both versions, correct yours and save again."),
        yours={name: yours[name] for name in differing},
        stored={name: stored[name] for name in differing},
        revision=item.revision,
    )


def remark_plan_item(
    *,
    user_id: int | None,
    association_uuid: UUID | str,
    item_uuid: UUID | str,
    text: str,
    revision: int,
    operation_id: str | None = None,
) -> int:
    """Write the coach's remark on an action; the remark's revision afterwards. Sending it again is harmless.

    Checks permissions: the coach. Raises `NotFound`, `Forbidden`, `Unprocessable`, and `Conflict` when another coach wrote
    meanwhile, with both versions.
    """
    check_revision(revision)
    access = require(user_id=user_id, action=Action.REMARK_PLAN, association_uuid=as_uuid(association_uuid))
    wanted = _text(text, TEXT_LENGTH, "remark")

    def act() -> dict[str, Any]:
        return {"revision": _remark(access, item_uuid, wanted, revision)}

    payload = [str(item_uuid), revision, wanted]
    return int(_applied(access, "governance.plan.remark", operation_id, payload, act)["revision"])


def _remark(access: Access, item_uuid: UUID | str, wanted: str, revision: int) -> int:
    mine = PlanItem.objects.filter(association_id=access.association_id, uuid=as_uuid(item_uuid))
    written = mine.filter(remark_revision=revision).exclude(remark=wanted)
    changed = written.update(remark=wanted, remark_revision=F("remark_revision") + 1)
    item = find_item(access, item_uuid)
    if changed:
        _note(access, item, "remarked")
    elif item.remark != wanted:
        raise Conflict(
            _("Another coach wrote a remark in the meantime."),
            code="stale_revision",
            remedy=_("Nothing is lost: compare both versions, correct yours and save again."),
            yours={"remark": wanted},
            stored={"remark": item.remark},
            revision=item.remark_revision,
        )
    return item.remark_revision


# --- What may be written ------------------------------------------------------------------------------------


def _may_change(access: Access, item: PlanItem) -> tuple[str, ...]:
    if access.may(Action.EDIT_PLAN):
        return FIELDS
    if item.owner_id == access.user_id:
        return OWN_FIELDS
    raise Forbidden(
        _("The office holders and the lead write the plan; whoever an action was given to says how far it has come."),
        code="not_your_action",
    )


def _read(changes: Changes, *, allowed: tuple[str, ...]) -> dict[str, Any]:
    """The values as they are stored. Raises `BadInput` for what is no value, `Forbidden` for what is not this person's."""
    if set(changes) - set(FIELDS):
        raise BadInput(code="unknown_field")
    if set(changes) - set(allowed):
        raise Forbidden(
            _("You may say how far your action has come; the rest is changed by the office holders and the lead."),
            code="not_your_field",
        )
    readers = {"owner_id": _person, "due_on": _day, "state": _state}
    problems: dict[str, Any] = {}
    values = {}
    for name, value in changes.items():
        try:
            values[name] = readers[name](value) if name in readers else _text(value, LENGTHS[name], name)
        except ValidationError as error:
            problems[name] = error.message
    if problems:
        raise _wrong(problems)
    return values


def _text(value: Any, length: int, name: str) -> str:
    if not isinstance(value, str):
        raise BadInput(code="bad_text")
    found = clean_text(value.replace("\r\n", "\n")).strip()
    if len(found) > length:
        raise _wrong({name: _("This is longer than %(length)d characters.") % {"length": length}})
    return found


def _person(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise BadInput(code="bad_person")


def _day(value: Any) -> date | None:
    if value is None or type(value) is date:
        if value is not None and not 2000 <= value.year <= 2100:
            raise ValidationError(_("Choose a day of these years."))
        return value
    raise BadInput(code="bad_day")


def _state(value: Any) -> ItemState:
    try:
        return ItemState(value)
    except ValueError as error:
        raise BadInput(code="bad_state") from error


def _without_the_recommended(item: PlanItem, values: dict[str, Any]) -> dict[str, Any]:
    """A form sends the recommendation's words back as it showed them: those are not the association's own."""
    offered = {name: {words.get(name, "") for words in item.words.values()} for name in ("title", "what")}
    return {
        name: "" if name in offered and value in offered[name] and not getattr(item, name) else value
        for name, value in values.items()
    }


def _refuse_wrong(access: Access, item: PlanItem, changed: Mapping[str, Any]) -> None:
    problems: dict[str, Any] = {}
    if not own_words(item, "ar")["title"]:
        problems["title"] = _("Write what is to be done.")
    if "owner_id" in changed and item.owner_id is not None:
        known = active_members(association_ids=[access.association_id])
        if (access.association_id, item.owner_id) not in known:
            problems["owner_id"] = _("Choose a member of the association.")
    if problems:
        raise _wrong(problems)


def _wrong(problems: Mapping[str, Any]) -> Unprocessable:
    return Unprocessable(
        _("Nothing was saved yet: please look at what is marked."),
        code="wrong_fields",
        remedy=_("Correct it and save again."),
        fields=dict(problems),
    )


# --- Once ---------------------------------------------------------------------------------------------------


def _applied(
    access: Access, scope: str, operation_id: str | None, payload: Any, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """`act` in one transaction; with an operation id once for ever, its reply repeated to whoever delivers it again."""
    if operation_id is not None:
        return once(user_id=access.user_id, operation_id=operation_id, scope=scope, payload=payload, apply=act)

    def whole() -> dict[str, Any]:
        with transaction.atomic():
            return act()

    return retrying(whole)


# --- Small things -------------------------------------------------------------------------------------------


def _of(access: Access) -> dict[str, Any]:
    return {"association_id": access.association_id, "association_uuid": access.association_uuid}


def _slot(item: PlanItem) -> str:
    step = step_key(item.indicator_code, item.from_level)
    return f"{item.association_id}:{item.instrument_slug}:{step}"


def _set_slot(item: PlanItem) -> None:
    """Hold the step while the action is open, free it once it is done or dropped; own actions hold none."""
    item.open_slot = _slot(item) if item.is_open and item.indicator_code else None


def _note(access: Access, item: PlanItem, verb: str, **details: Any) -> None:
    record(
        actor_id=access.user_id,
        action=f"plan.{verb}",
        object_type="plan_item",
        object_uuid=item.uuid,
        association_uuid=access.association_uuid,
        details=details,
    )
