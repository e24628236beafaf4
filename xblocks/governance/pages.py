"""What the block shows, as HTML: one function per page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from nassij.common.pace import minutes_for
from nassij.common.text import direction
from xblocks.common.block import SHARED_STYLE, interface_language
from xblocks.common.forms import csrf_token
from xblocks.governance import posted as form_answers
from xblocks.governance import sheet
from xblocks.governance.window import AssociationWindow, page_url

if TYPE_CHECKING:
    from governance_assessment.api import ResultData, RoundData, SheetData

TEMPLATES = "nassij_blocks/governance"


class Pages(AssociationWindow):
    """Mixin of the block: its pages. All of them take what they show from the window."""

    runtime: Any
    render_text: Any
    show: str
    uid: Any

    def questions_page(self, found: SheetData, token: str) -> str:
        """The questionnaire with the learner's own answers; once all are given, folded away behind the result."""
        finished = found.progress.is_complete and self.show == "all"
        before = self.result_part(self.result_of(found)) if finished else ""
        return sheet.fill_in(
            found, self._place(token, found), notice=self._last_time(found), before=before, folded=finished
        )

    def _last_time(self, found: SheetData) -> str:
        """The way to what the learner said in the round before, while some of it may still be confirmed."""
        if not found.carried or found.round is None:
            return ""
        url = page_url("nassij_governance:last_time", round_uuid=found.round.uuid)
        return sheet.last_time_notice(len(found.carried), url) if url else ""

    def problems_page(self, found: SheetData, problems: Mapping[str, Any]) -> str:
        """The questionnaire as it came back: what was not saved on top, or the result when everything was."""
        items = [form_answers.problem_item(found, code, problem) for code, problem in problems.items()]
        notice = self.render_text(f"{TEMPLATES}/problems.html", {"items": items, "uid": self.uid}) if items else ""
        before = self.still_open(found) + self.result_part(self.result_of(found)) if found.round and not items else ""
        return sheet.fill_in(found, self._place(csrf_token(), found), notice=notice, before=before)

    def still_open(self, found: SheetData, page: str = "") -> str:
        """What the learner passed over, said above the result; empty where nothing is left for them to answer.

        It leads to the first of these questions, on `page` where that is not this one.
        """
        missing = found.progress.missing
        if not (missing and found.can_answer and found.round and found.round.is_draft and self.show == "all"):
            return ""
        return sheet.still_open_notice(len(missing), f"{page}#{self.uid}-{missing[0]}")

    def result_part(self, shown: ResultData) -> str:
        """The result as it goes into a page."""
        return self.render_text(f"{TEMPLATES}/finished.html", self._result_context(shown))

    def result_page(self, shown: ResultData, token: str, above: str = "") -> str:
        """The result alone, and the way to the next round. `above` is finished HTML."""
        context = {
            **self._result_context(shown),
            **self._frame(),
            "above": mark_safe(above),  # noqa: S308 (finished HTML of our own)
            "csrf": token,
            "next_url": self.runtime.handler_url(self, "begin") if shown.can_open_next else "",
        }
        return self.render_text(f"{TEMPLATES}/result.html", context)

    def start_page(self, found: SheetData, token: str) -> str:
        """What awaits the learner, before the round is open or before an express one is widened."""
        questions = found.progress.applicable
        description = found.instrument.description
        context = {
            **self._frame(),
            "association": found.association_name,
            "association_id": found.association_id,
            "round": found.round,
            "title": found.instrument.title.in_language(found.language),
            "description": description.in_language(found.language) if description else "",
            "questions": questions,
            "minutes": minutes_for(questions),
            "can_answer": found.can_answer,
            "button": _("Continue with all the questions") if found.round else _("Begin"),
            "start_url": self.runtime.handler_url(self, "begin"),
            "questions_url": page_url("nassij_governance:instrument", slug=self.instrument_slug),
            "privacy_url": page_url("nassij_common:privacy"),
            "csrf": token,
        }
        return self.render_text(f"{TEMPLATES}/start.html", context)

    def discussion_page(self, found: SheetData, opened: RoundData) -> str:
        """Where the round stands while the members talk about what differs, and the way there."""
        place = {"round_uuid": opened.uuid}
        context = {
            **self._frame(),
            "association": found.association_name,
            "number": opened.number,
            "discussion_url": page_url("nassij_governance:discussion", **place),
            "round_url": page_url("nassij_governance:round", **place),
            "summary": self.discussion_of(found),
        }
        return self.render_text(f"{TEMPLATES}/discussion.html", context)

    def way_in_page(self, token: str) -> str:
        """For somebody of whom it is not clear for which association they answer."""
        own = self.memberships()
        if not own:
            return self.said(**self.way_in())
        context = {
            **self._frame(),
            "memberships": own,
            "choose_url": self.runtime.handler_url(self, "choose"),
            "csrf": token,
        }
        return self.render_text(f"{TEMPLATES}/choose.html", context)

    def not_here(self) -> str:
        """Where the apps behind the window are not installed."""
        return self.said(
            _("The self-assessment is not installed on this site."),
            _("In a course of a site that has it, members of an association answer here."),
        )

    def said(self, message: str, remedy: str = "", *, url: str | None = None, label: str = "") -> str:
        """One thing said plainly instead of the questions."""
        context = {**self._frame(), "message": message, "remedy": remedy, "url": url, "label": label}
        return self.render_text(f"{TEMPLATES}/message.html", context)

    def own_page(self, content: str, back: str) -> str:
        """`content` as a whole document, for answers to forms sent without script."""
        context = {
            **self._frame(),
            "style": static(SHARED_STYLE),
            "content": mark_safe(content),  # noqa: S308 (finished HTML of our own templates)
            "back": back,
        }
        return self.render_text(f"{TEMPLATES}/page.html", context)

    def _place(self, token: str, found: SheetData) -> sheet.Place:
        evidence = page_url("nassij_governance:evidence", round_uuid=found.round.uuid) if found.round else None
        return sheet.Place(
            uid=self.uid,
            save_url=self.runtime.handler_url(self, "sheet_form"),
            result_url=self.runtime.handler_url(self, "result") if self.show == "all" else "",
            evidence_url=evidence or "",
            csrf=token,
            operation=secrets.token_urlsafe(9),  # unique for one person; a uuid would be three times as long
        )

    def _result_context(self, shown: ResultData) -> dict[str, Any]:
        api = self.api()
        # Without the questions on the page, a point leads to where its levels can be read.
        questions = page_url("nassij_governance:instrument", slug=shown.instrument.slug)
        cards = f"#{self.uid}-" if shown.can_answer else f"{questions}#q-" if questions else ""
        context = api.result_context(
            shown, card_url=lambda code: f"{cards}{code}" if cards else "", element_id=f"{self.uid}-radar"
        )
        return {
            **context,
            "steps": api.first_steps(shown),
            "scoring_url": page_url("nassij_governance:scoring"),
            "round_url": page_url("nassij_governance:round", round_uuid=shown.round.uuid),
        }

    def _frame(self) -> dict[str, Any]:
        language = interface_language()
        return {
            "uid": self.uid,
            "language": language,
            "direction": direction(language),
            "title": _(self.display_name or "Self-assessment"),
        }
