"""Reading an association's action plan: late actions first, with what is recommended and where the plan would lead.

Each function asks `nassij.associations.api` first. An action of another association is not found, exactly as one that does not
exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from nassij.associations.api import Access, Action, MemberData, members, require
from nassij.common.errors import NotFound
from nassij.common.links import guide_title

from ..data import DEFAULT_INSTRUMENT, RoundKind
from ..domain import Indicator, Instrument
from ..instruments.library import current_version, parsed
from ..models import PlanItem
from ..rounds.rounds import as_uuid
from .advice import last_result_of, lesson, level_name, step_key, suggestion
from .data import OPEN_STATES, ItemPage, ItemState, PlanData, PlanItemData


def plan(*, user_id: int | None, association_uuid: UUID | str, language: str) -> PlanData:
    """An association's action plan in one language. Checks permissions: its members and those who accompany it.

    Four queries whatever its size (five where nothing was submitted yet). Raises `NotFound`, `NotSignedIn`.
    """
    access = require(user_id=user_id, action=Action.VIEW_PLAN, association_uuid=as_uuid(association_uuid))
    rows = list(PlanItem.objects.filter(association_id=access.association_id))
    people = members(association_id=access.association_id)
    last = last_result_of(access.association_id)
    reader = ItemReader(access, people, last.instrument if last else _present_instrument(), language)
    taken = {step_key(row.indicator_code, row.from_level) for row in rows if row.is_open}
    return PlanData(
        association_id=access.association_id,
        association_uuid=access.association_uuid,
        association_name=access.association_name,
        items=tuple(reader.item(row) for row in in_order(rows)),
        suggestions=tuple(suggestion(found, last.instrument, language, taken) for found in last.advice) if last else (),
        members=people,
        projection=last.projection(rows, language) if last else None,
        may_edit=access.may(Action.EDIT_PLAN),
        may_remark=access.may(Action.REMARK_PLAN),
        is_assessed=last is not None,
    )


def plan_item(*, user_id: int | None, association_uuid: UUID | str, item_uuid: UUID | str, language: str) -> ItemPage:
    """One action with what its page needs. Checks permissions as `plan`; four queries. Raises `NotFound`, `NotSignedIn`."""
    access = require(user_id=user_id, action=Action.VIEW_PLAN, association_uuid=as_uuid(association_uuid))
    row = find_item(access, item_uuid)
    people = members(association_id=access.association_id)
    return ItemPage(
        association_uuid=access.association_uuid,
        association_name=access.association_name,
        item=ItemReader(access, people, _present_instrument(), language).item(row),
        members=people,
        may_remark=access.may(Action.REMARK_PLAN),
    )


def find_item(access: Access, item_uuid: UUID | str) -> PlanItem:
    """The action of this association; one query. Raises `NotFound`."""
    found = PlanItem.objects.filter(association_id=access.association_id, uuid=as_uuid(item_uuid)).first()
    if found is None:
        raise NotFound()
    return found


def in_order(rows: Sequence[PlanItem]) -> list[PlanItem]:
    """Late first, then by day, then without a day; after them what is done and dropped, the newest first."""
    open_rows = [row for row in rows if row.is_open]
    closed = [row for row in rows if not row.is_open]
    open_rows.sort(key=lambda row: (row.due_on is None, row.due_on or date.max, row.pk))
    closed.sort(key=lambda row: (row.state == ItemState.DROPPED, -_when_closed(row), -row.pk))
    return open_rows + closed


def _when_closed(row: PlanItem) -> float:
    return row.closed_at.timestamp() if row.closed_at else 0.0


def _present_instrument() -> Instrument | None:
    """The instrument in use, to name indicators and levels; None where none is loaded. One query (its content is cached)."""
    try:
        return parsed(current_version(DEFAULT_INSTRUMENT).content_hash, RoundKind.FULL)
    except NotFound:
        return None


class ItemReader:
    """Makes value objects of an association's actions for one person, without a query of its own."""

    def __init__(
        self, access: Access, people: Sequence[MemberData], instrument: Instrument | None, language: str
    ) -> None:
        self.names: Mapping[int, str] = {person.user_id: person.name for person in people}
        self.instrument, self.language = instrument, language
        self.user_id = access.user_id
        self.edits, self.follows = access.may(Action.EDIT_PLAN), access.may(Action.FOLLOW_OWN_ACTION)
        self.today = timezone.localdate()

    def item(self, row: PlanItem) -> PlanItemData:
        """One action as this person sees it."""
        words = own_words(row, self.language)
        indicator = self._indicator(row)
        return PlanItemData(
            uuid=row.uuid,
            title=words["title"],
            what=words["what"],
            indicator_code=row.indicator_code,
            indicator_title=indicator.title.in_language(self.language) if indicator else "",
            from_name=self._level(indicator, row.from_level),
            to_name=self._level(indicator, row.to_level),
            lesson=lesson(row.unit_code, self.language),
            guide=guide_title(row.guide_code, self.language),
            owner_id=row.owner_id,
            owner_name=self.names.get(row.owner_id or 0, ""),
            owner_gone=row.owner_id is not None and row.owner_id not in self.names,
            due_on=row.due_on,
            state=ItemState(row.state),
            is_late=is_late(row, self.today),
            note=row.note,
            proof=row.proof,
            remark=row.remark,
            revision=row.revision,
            remark_revision=row.remark_revision,
            may_edit=self.edits,
            may_follow=self.edits or (self.follows and row.owner_id == self.user_id),
        )

    def _indicator(self, row: PlanItem) -> Indicator | None:
        if self.instrument is None or row.instrument_slug != self.instrument.slug:
            return None
        return self.instrument.by_code.get(row.indicator_code)

    def _level(self, indicator: Indicator | None, level: int | None) -> str:
        if self.instrument is None or indicator is None:
            return ""
        return level_name(self.instrument, indicator, level, self.language)


def own_words(row: PlanItem, language: str) -> dict[str, str]:
    """Title and text: the association's own, else the recommendation's in this language (or in one it has)."""
    recommended: Mapping[str, str] = row.words.get(language) or next(iter(row.words.values()), {})
    return {"title": row.title or recommended.get("title", ""), "what": row.what or recommended.get("what", "")}


def is_late(row: PlanItem, today: date) -> bool:
    """Whether its day has passed and it is still to be done."""
    return row.state in OPEN_STATES and row.due_on is not None and row.due_on < today
