"""Value objects and enumerations that cross the door of `nassij.associations.api`; no behaviour beyond reading them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from nassij.associations.naming import TwoNames


class Role(StrEnum):
    """What a person is in an association; the office holders are those of its bureau."""

    PRESIDENT = "president"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    MEMBER = "member"


class Capacity(StrEnum):
    """In which capacity a person may act on an association: a role, the lead of its round, or one of the accompaniers."""

    PRESIDENT = "president"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    MEMBER = "member"
    LEAD = "lead"
    COACH = "coach"
    COORDINATOR = "coordinator"
    OPERATOR = "operator"


class Action(StrEnum):
    """What a person may ask to do; who may is the table of `nassij.associations.permissions`."""

    VIEW_ASSOCIATION = "view_association"
    EDIT_ASSOCIATION = "edit_association"
    MANAGE_MEMBERS = "manage_members"
    VIEW_JOIN_CODE = "view_join_code"
    LEAVE = "leave"
    ANSWER_ROUND = "answer_round"
    SUBMIT_ROUND = "submit_round"
    REOPEN_ROUND = "reopen_round"
    VIEW_RESULT = "view_result"
    VALIDATE_ROUND = "validate_round"
    VIEW_EVIDENCE = "view_evidence"
    VIEW_VALIDATION = "view_validation"
    VIEW_PLAN = "view_plan"
    EDIT_PLAN = "edit_plan"
    FOLLOW_OWN_ACTION = "follow_own_action"
    REMARK_PLAN = "remark_plan"
    VIEW_APPLICATIONS = "view_applications"
    EDIT_APPLICATIONS = "edit_applications"
    VIEW_COHORT = "view_cohort"
    ASSIGN_COACH = "assign_coach"
    IMPORT_ASSOCIATIONS = "import_associations"


@dataclass(frozen=True, kw_only=True)
class Access:
    """How one person stands to one association, and what that allows; made by `require` and `access`.

    `role` is None for someone who is not a member (a coach, a coordinator, an operator). The association's name is the one in the
    language of the page where it has one; `association_other_name` is the other one, or empty.
    """

    user_id: int
    association_id: int
    association_uuid: UUID
    association_name: str
    association_other_name: str
    role: Role | None
    is_lead: bool
    as_coach: bool
    as_coordinator: bool
    as_operator: bool
    actions: frozenset[Action]

    def may(self, action: Action) -> bool:
        """Whether this relation allows `action`; no query."""
        return action in self.actions

    @property
    def is_member(self) -> bool:
        """Whether the person is an active member, whatever else they are."""
        return self.role is not None

    @property
    def relation(self) -> "Relation":
        """The same, for whoever adds a line to a page."""
        return Relation(association_id=self.association_id, is_member=self.is_member, as_coach=self.as_coach)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which associations a coach, a coordinator or an operator accompanies, as a whole.

    `everywhere` is true for an operator and for a coordinator of all cohorts; otherwise `cohort_ids` are the cohorts the person
    coordinates. A coach has no cohorts: `as_coach` says that there is at least one association to accompany.
    """

    user_id: int
    as_coach: bool
    as_operator: bool
    everywhere: bool
    cohort_ids: tuple[int, ...]

    @property
    def as_coordinator(self) -> bool:
        """Whether the person coordinates something: a cohort or all of them."""
        return bool(self.cohort_ids) or (self.everywhere and not self.as_operator)

    @property
    def may_import(self) -> bool:
        """Whether the person may import associations at all (the rows are checked against the scope one by one)."""
        return self.everywhere or bool(self.cohort_ids)

    @property
    def is_empty(self) -> bool:
        """Whether the person accompanies nobody."""
        return not (self.as_coach or self.everywhere or self.cohort_ids)


@dataclass(frozen=True, kw_only=True)
class AssociationData(TwoNames):
    """An association's profile. Numbers are None when not told; `youth` counts members under 35 among women and men."""

    id: int
    uuid: UUID
    name: str
    name_fr: str
    province: str
    commune: str
    fields: tuple[str, ...]
    women: int | None
    men: int | None
    youth: int | None
    founded_year: int | None
    created_at: datetime
    updated_at: datetime

    @property
    def size(self) -> int | None:
        """Members in all, or None when neither number was told."""
        if self.women is None and self.men is None:
            return None
        return (self.women or 0) + (self.men or 0)


@dataclass(frozen=True, kw_only=True)
class AssociationSummary(TwoNames):
    """One line of a coach's or coordinator's list."""

    id: int
    uuid: UUID
    name: str
    name_fr: str
    province: str
    commune: str
    fields: tuple[str, ...]
    member_count: int
    cohort_codes: tuple[str, ...]
    relation: "Relation"
    """How the person whose list it is stands to it."""
    cohorts: "tuple[CohortData, ...]" = ()

    @property
    def as_coach(self) -> bool:
        """Whether the person whose list it is coaches it."""
        return self.relation.as_coach


@dataclass(frozen=True, kw_only=True)
class MembershipData:
    """One active membership of a person, with the association it is in; its names are as in `Access`."""

    association_id: int
    association_uuid: UUID
    association_name: str
    association_other_name: str
    role: Role
    is_lead: bool
    joined_at: datetime


@dataclass(frozen=True, kw_only=True)
class MemberData:
    """One active member of an association, as the other members and the accompaniers see them."""

    membership_uuid: UUID
    user_id: int
    username: str
    name: str
    role: Role
    is_lead: bool
    joined_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccompaniedMember:
    """A member of an association that somebody accompanies; its name is as in `Access`."""

    user_id: int
    association_id: int
    association_name: str


@dataclass(frozen=True, kw_only=True)
class CohortData:
    """A cohort of the programme. `provinces` is empty for a whole region; `association_count` counts those in it."""

    id: int
    uuid: UUID
    code: str
    name_ar: str
    name_fr: str
    name_en: str
    region: str
    provinces: tuple[str, ...]
    starts: date | None
    association_count: int

    def name(self, language: str) -> str:
        """The name in `language`, or the first one that was written (Arabic, French, English)."""
        wanted = {"ar": self.name_ar, "fr": self.name_fr, "en": self.name_en}.get(language[:2], "")
        return wanted or self.name_ar or self.name_fr or self.name_en or self.code


@dataclass(frozen=True, kw_only=True)
class Relation:
    """How the person in front of a page stands to an association on it: whoever adds a line to it need not ask again."""

    association_id: int
    is_member: bool = False
    as_coach: bool = False


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """One line on the home page that another app says about an association: where it stands, and what to do next.

    `text` and `label` may be lazy translations; `url` is empty when there is nothing to press.
    """

    text: Any
    label: Any = ""
    url: str = ""
    state: str = "todo"  # todo, attention, done
