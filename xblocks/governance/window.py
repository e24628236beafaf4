"""What the block sees through its window: the doors to the apps behind it, opened only where they are installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nassij.common.errors import BadInput, NassijError, NotFound
from xblocks.common import installed
from xblocks.common.block import interface_language

if TYPE_CHECKING:
    from governance_assessment.api import InstrumentData, ResultData, SheetData
    from xblocks.common import Viewer

APPS = ("nassij.common", "nassij.associations", "governance_assessment")


class AssociationWindow:
    """Mixin of the block: whose round is shown, and the calls that read it."""

    viewer: Viewer
    require_learner: Callable[[], None]
    instrument_slug: str
    round_kind: str
    display_name: str
    chosen_association: int | None

    @property
    def has_apps(self) -> bool:
        """Whether the apps behind the window are there (not in every library, Studio or workbench)."""
        return all(map(installed, APPS))

    def api(self) -> Any:
        """The door to the self-assessment, for a learner. Raises where there is none, or nobody who may open it."""
        if not self.has_apps:
            raise NotFound(_("The self-assessment is not installed on this site."), code="not_installed")
        self.require_learner()
        from governance_assessment import api

        return api

    def memberships(self) -> tuple[Any, ...]:
        """The learner's associations."""
        from nassij.associations.api import memberships

        return memberships(user_id=self.viewer.user_id)

    def way_in(self) -> dict[str, Any]:
        """What somebody without an association is told: who accompanies some has their list, everybody else joins theirs."""
        from nassij.associations.api import scope

        if not scope(user_id=self.viewer.user_id).is_empty:
            return {
                "message": _("You are not a member of an association: its members answer here."),
                "remedy": _("Where each association you accompany stands, and its result, you see in your list."),
                "url": page_url("nassij_associations:list"),
                "label": _("To the associations I accompany"),
            }
        return {
            "message": _("You are not a member of an association here yet."),
            "remedy": _(
                "The self-assessment is made by the members of an association together. Join yours with its code."
            ),
            "url": page_url("nassij_associations:join"),
            "label": _("Join my association"),
        }

    def association_id(self) -> int | None:
        """The association the learner answers for: the only one, or the one chosen; None when that is not clear."""
        own = [membership.association_id for membership in self.memberships()]
        if len(own) == 1:
            return int(own[0])
        return self.chosen_association if self.chosen_association in own else None

    def sheet_of(self, association_id: int) -> SheetData:
        """The learner's sheet of this questionnaire for one association."""
        sheet: SheetData = self.api().sheet(
            user_id=self.viewer.user_id,
            association_id=association_id,
            kind=self.round_kind,
            language=interface_language(),
            instrument_slug=self.instrument_slug,
        )
        return sheet

    def result_of(self, sheet: SheetData) -> ResultData:
        """The association's result, for the learner whose sheet this is."""
        result: ResultData = self.api().result_beside(sheet)
        return result

    def discussion_of(self, sheet: SheetData) -> Any:
        """What the members still have to settle, in words; None for somebody who is not one of them."""
        if sheet.round is None or not sheet.can_answer:
            return None
        found = self.api().discussion(user_id=self.viewer.user_id, round_uuid=sheet.round.uuid, language=sheet.language)
        return self.api().discussion_summary(found)

    def profile_once(self, whose: dict[str, Any], sent: dict[str, Any], operation_id: object) -> dict[str, Any]:
        """Store the answers to the profile questions once, however often they are delivered: every delivery gets one reply."""
        from nassij.associations.api import Action, require
        from nassij.common.idempotency import once

        api = self.api()
        require(user_id=whose["user_id"], action=Action.ANSWER_ROUND, association_id=whose["association_id"])

        def apply() -> dict[str, Any]:
            stored = api.set_profile(**whose, **sent)
            return {"answers": dict(stored.profile), "revision": stored.profile_revision}

        return once(
            user_id=whose["user_id"],
            operation_id=operation_id,  # type: ignore[arg-type]
            scope="governance.profile",
            payload=[whose["association_id"], whose["round_uuid"], sent],
            apply=apply,
        )

    def blank_sheet(self) -> SheetData:
        """The questionnaire without anybody's answers, for authors."""
        from governance_assessment import api

        return api.blank_sheet(
            slug=self.instrument_slug, kind=self.round_kind, language=interface_language(), name=self.display_name
        )

    def instruments(self) -> tuple[InstrumentData, ...]:
        """The published questionnaires, which an author may choose from."""
        if not self.has_apps:
            return ()
        from governance_assessment import api

        return api.instruments()

    def reading_url(self, slug: str) -> str:
        """Where a questionnaire can be read: a page of the LMS, also for an author in Studio."""
        from nassij.common.mail import site_url

        here = page_url("nassij_governance:instrument", slug=slug)
        return here or site_url() + reverse("instrument", urlconf="governance_assessment.urls", kwargs={"slug": slug})

    def instrument(self) -> Any:
        """The questionnaire as this block asks it, or None where it is not loaded."""
        if not self.has_apps:
            return None
        from governance_assessment import api

        try:
            return api.published_instrument(slug=self.instrument_slug, kind=self.round_kind).instrument
        except NassijError:
            return None


def whole_number(value: object) -> int:
    """A key or revision that came from outside. Raises `BadInput`."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadInput(code="bad_number")
    return int(text)


def page_url(name: str, **kwargs: Any) -> str | None:
    """The address of one of the suite's pages, where this service has them."""
    from nassij.common.pages import url_or_none

    return url_or_none(name, **kwargs)
