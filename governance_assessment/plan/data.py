"""Enumerations and value objects of the action plan that cross the door of `governance_assessment.api`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy, pgettext_lazy

from nassij.associations.api import MemberData


class ItemState(TextChoices):
    TODO = "todo", gettext_lazy("To do")
    DOING = "doing", gettext_lazy("Under way")
    DONE = "done", pgettext_lazy("action", "Done")
    DROPPED = "dropped", gettext_lazy("Dropped")


OPEN_STATES = (ItemState.TODO, ItemState.DOING)


class ReminderKind(TextChoices):
    WEEK_BEFORE = "week_before", gettext_lazy("A week before")
    ON_DAY = "on_day", gettext_lazy("On the day")
    WEEK_LATE = "week_late", gettext_lazy("A week late")


class Outcome(TextChoices):
    """What became of a reminder that was due."""

    MAILED = "mailed", gettext_lazy("In a mail")
    NOT_WANTED = "not_wanted", gettext_lazy("Switched off")
    NOT_A_MEMBER = "not_a_member", gettext_lazy("No longer a member")


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """The unit that teaches a step. `url` is None where it cannot be opened: not written yet, or its course does not run here.
    Then, and on paper, `in_course` stands: the title with the name of its course.
    """

    title: str
    in_course: str
    url: str | None


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A recommendation as an association reads it: the next step for one of its indicators.

    `find_out` where it is not known how things stand; then there are no levels. `in_plan` when the plan holds it already.
    """

    indicator_code: str
    indicator_title: str
    from_level: int | None
    to_level: int | None
    from_name: str
    to_name: str
    title: str
    text: str
    effort: int
    effect: int
    lesson: Lesson | None
    guide: str
    urgent: bool
    find_out: bool
    in_plan: bool


@dataclass(frozen=True, kw_only=True)
class PlanItemData:
    """One action. `title` and `what` are in the reader's language unless the association wrote its own words.

    `owner_gone`: whoever it was given to is no longer a member. `revision` counts the association's changes, `remark_revision`
    the coach's. `may_edit`: everything; `may_follow`: state, note and proof.
    """

    uuid: UUID
    title: str
    what: str
    indicator_code: str
    indicator_title: str
    from_name: str
    to_name: str
    lesson: Lesson | None
    guide: str
    owner_id: int | None
    owner_name: str
    owner_gone: bool
    due_on: date | None
    state: ItemState
    is_late: bool
    note: str
    proof: str
    remark: str
    revision: int
    remark_revision: int
    may_edit: bool
    may_follow: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, kw_only=True)
class Projection:
    """Where the association would stand with every step of its plan done, beside where it stands: both by the engine.

    Scores exact, 0 to 100; labels in words, empty while they are withheld.
    """

    now: Fraction
    planned: Fraction
    label_now: str
    label_planned: str
    steps: int


@dataclass(frozen=True, kw_only=True)
class PlanData:
    """An association's action plan as one person sees it, late actions first."""

    association_id: int
    association_uuid: UUID
    association_name: str
    items: tuple[PlanItemData, ...]
    suggestions: tuple[Suggestion, ...]
    members: tuple[MemberData, ...]
    projection: Projection | None
    may_edit: bool
    may_remark: bool
    is_assessed: bool

    @property
    def counts(self) -> Mapping[str, int]:
        """How many actions are late, and in each state; a late one is counted in its state too."""
        found = {"late": sum(item.is_late for item in self.items)}
        return found | {str(state): sum(item.state == state for item in self.items) for state in ItemState}


@dataclass(frozen=True, kw_only=True)
class ItemPage:
    """One action with what its own page needs."""

    association_uuid: UUID
    association_name: str
    item: PlanItemData
    members: tuple[MemberData, ...]
    may_remark: bool


#: What the association may change in an action, in the order of its form.
FIELDS = ("title", "what", "owner_id", "due_on", "state", "note", "proof")
#: What the person it was given to may change.
OWN_FIELDS = ("state", "note", "proof")
Changes = Mapping[str, Any]
