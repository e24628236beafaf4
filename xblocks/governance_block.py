"""The self-assessment block: a window on the round of the learner's association. A thin one, on `governance_assessment.api`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock
from xblock.fields import Integer, Scope, String

from nassij.common.errors import Conflict, NassijError, NotFound
from xblocks.common import NassijBlock, interface_language, nassij_handler, problem_response
from xblocks.common.block import STUDIO_STYLE
from xblocks.common.forms import csrf_token, page_id, posted, way_back
from xblocks.governance import outline, settings_form, sheet, studio
from xblocks.governance import posted as form_answers
from xblocks.governance.pages import TEMPLATES, Pages
from xblocks.governance.telling import Telling, newly_saved
from xblocks.governance.window import whole_number

if TYPE_CHECKING:
    from governance_assessment.api import SheetData

CARD = re.compile(r"[A-Za-z0-9._-]{1,64}")  # the code of a question, or "profile"


class GovernanceBlock(Pages, Telling, NassijBlock):
    """Answering and result of an association's self-assessment.

    Nothing of the answers is kept here: the round belongs to the association. The block knows which questionnaire it shows, and
    for the learner only the place they left, for which of several associations they answer, and which round it has told the
    platform to be answered. It has no score: a self-assessment is not graded.
    """

    display_name = String(display_name=gettext_noop("Title"), scope=Scope.settings, default=settings_form.DEFAULT_TITLE)
    instrument_slug = String(display_name=gettext_noop("Questionnaire"), scope=Scope.settings, default="gov-ma")
    round_kind = String(display_name=gettext_noop("Length"), scope=Scope.settings, default="express")
    show = String(display_name=gettext_noop("What learners see here"), scope=Scope.settings, default="all")

    last_seen = String(scope=Scope.user_state, default="")
    last_seen_round = String(
        scope=Scope.user_state, default=""
    )  # empty beside a place kept before rounds were told apart
    chosen_association = Integer(scope=Scope.user_state, default=None)
    told_round = String(scope=Scope.user_state, default="")

    icon_class = "problem"

    @property
    def uid(self) -> str:
        return page_id("governance", self.scope_ids.usage_id)

    # --- Views ---

    @XBlock.supports("multi_device")
    def student_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """The questions of the learner's association with their own answers, and its result when they have given all of them."""
        try:
            html, args = self._learner_page(csrf_token(context))
        except NassijError as error:
            html, args = self.said(str(error.message), str(error.remedy)), {}
        if not self.viewer.signed_in:
            return self.fragment(html)
        # Whatever it shows, the page sends what this phone still keeps.
        return self.fragment(html, script="governance.js", init="NassijGovernance", args={**self.outbox_args(), **args})

    def _learner_page(self, token: str) -> tuple[str, dict[str, Any]]:
        """The page of whoever looks, and what its script needs to know."""
        if not self.has_apps:
            return self.not_here(), {}
        if not self.viewer.signed_in:
            return self.said(_("Sign in to answer for your association.")), {}
        association_id = self.association_id()
        if association_id is None:
            return self.way_in_page(token), {}
        found = self.sheet_of(association_id)
        if found.round is None or (
            found.round.is_draft and found.round.kind == "express" and self.round_kind == "full"
        ):
            return self.start_page(found, token), {}
        if found.round.state == "consensus" and self.show != "result":
            return self.discussion_page(found, found.round), {}
        if not found.round.is_draft or self.show == "result" or not found.can_answer:
            html = self.result_page(self.result_of(found), token)
            self.tell_viewed(found.round)
            return html, {}
        html = self.questions_page(found, token)
        self.tell_opened(found)
        self.tell_progress(found)
        return html, self._script_args(found)

    def _script_args(self, found: SheetData) -> dict[str, Any]:
        return {
            "association": found.association_id,
            "here": self._place_left(found)
            or ("profile" if not found.answers else next(iter(found.progress.missing), "")),
            "showResult": self.show == "all",
        }

    def _place_left(self, found: SheetData) -> str:
        """The card the learner left in this round; a place left in the round before is none in this one.

        A place comes with an answer, so one that was kept without its round holds where there are answers.
        """
        opened = str(found.round.uuid) if found.round else ""
        is_here = self.last_seen_round == opened if self.last_seen_round else bool(found.answers)
        return str(self.last_seen) if is_here else ""

    @XBlock.supports("multi_device")
    def public_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """What a visitor sees: what this is, and that one has to sign in."""
        return self.fragment(self.said(_("Sign in to answer for your association.")))

    def author_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """Studio's preview: all the questions as members will meet them, with nothing to send."""
        if not self.has_apps:
            return self.fragment(self.not_here())
        try:
            found = self.blank_sheet()
        except NassijError as error:
            return self.fragment(self.said(str(error.message), str(error.remedy)))
        return self.fragment(sheet.fill_in(found, sheet.Place(self.uid), preview=True))

    def studio_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """The author's form: which questionnaire, how long, what is shown. Nobody else is given it."""
        if not self.may_edit:
            return self.public_view(context)
        form = self.page(
            f"{TEMPLATES}/studio.html",
            {
                "uid": self.uid,
                **studio.form_context(self, self.instruments(), interface_language(), self.reading_url),
                "is_installed": self.has_apps,
            },
            script="governance_studio.js",
            init="NassijGovernanceStudio",
            args={"words": {"saving": _("Saving"), "failed": _("This was not saved.")}},
        )
        form.add_css_url(static(STUDIO_STYLE))
        return form

    def student_view_data(self, context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the block asks, for the mobile app; no answers in it."""
        data: dict[str, Any] = {"instrument": self.instrument_slug, "kind": self.round_kind, "show": self.show}
        instrument = self.instrument()
        return data | outline.view_data(instrument) if instrument else data

    def index_dictionary(self) -> dict[str, Any]:
        """The titles of the questionnaire in its languages, for search; no answers in them."""
        content = {"display_name": self.display_name or ""}
        instrument = self.instrument()
        if instrument is not None:
            content["questionnaire"] = outline.search_words(instrument)
        return {"content": content, "content_type": "Self-assessment"}

    # --- Handlers ---

    @nassij_handler
    def answer(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{round, association, indicator, answer, revision, operation_id, here, complete}` -> the stored answer.

        `here` is the card the learner goes to next; `complete` says that the page has no question left: then it is looked up.
        """
        api = self.api()
        saved = api.save_answer(
            user_id=self.viewer.user_id,
            association_id=whole_number(payload.get("association")),
            round_uuid=str(payload.get("round")),
            indicator_code=payload.get("indicator"),
            answer=payload.get("answer"),
            operation_id=payload.get("operation_id"),
            revision=payload.get("revision"),
        )
        here = payload.get("here")
        if isinstance(here, str) and CARD.fullmatch(here):
            # Nearly always another card: not looked up first.
            self.last_seen, self.last_seen_round = here, str(payload["round"])
        if not saved.replayed:
            self.tell_saved(payload["round"], [saved.answer])
        if payload.get("complete") and self.has_learner:
            self.tell_progress(self.sheet_of(whole_number(payload.get("association"))))
        return {**saved.answer.as_dict(), "replayed": saved.replayed}

    @nassij_handler
    def profile(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{round, association, answers: {question: bool}, revision, operation_id}` -> the stored profile and its revision."""
        association_id = whole_number(payload.get("association"))
        whose = {
            "user_id": self.viewer.user_id,
            "association_id": association_id,
            "round_uuid": str(payload.get("round")),
        }
        sent = {"answers": payload.get("answers"), "revision": payload.get("revision")}
        stored = self.profile_once(whose, sent, payload.get("operation_id"))
        if self.has_learner:  # fewer questions may concern the association now
            self.tell_progress(self.sheet_of(association_id))
        return stored

    @XBlock.handler
    def result(self, request: Request, suffix: str = "") -> Response:
        """The association's result as HTML: with the suffix `part` what goes into the page, otherwise a page of its own."""
        try:
            self.api()
            association_id = self.association_id()
            if association_id is None:
                raise NotFound()
            found = self.sheet_of(association_id)
            if found.round is None:
                raise NotFound()
            shown = self.result_of(found)
        except NassijError as error:
            return problem_response(error)
        self.tell_viewed(found.round)
        if suffix == "part":
            part = self.still_open(found) + self.result_part(shown)
            return Response(part, content_type="text/html", charset="utf-8")
        back = way_back(self, request)
        return self._own_page(self.result_page(shown, csrf_token(), self.still_open(found, back)), back)

    @XBlock.handler
    def begin(self, request: Request, suffix: str = "") -> Response:
        """Open the association's round (or widen it), then back to the page."""

        def act(form: Any) -> None:
            self.api().open_round(
                user_id=self.viewer.user_id,
                association_id=whole_number(form.get("association")),
                instrument_slug=self.instrument_slug,
                kind=self.round_kind,
                seen=form.get("round"),
                step=whole_number(form["step"]) if form.get("step") else None,
            )

        return self._posted(request, act)

    @XBlock.handler
    def choose(self, request: Request, suffix: str = "") -> Response:
        """For which of their associations the learner answers here."""

        def act(form: Any) -> None:
            self.api()
            wanted = whole_number(form.get("association"))
            if wanted not in {own.association_id for own in self.memberships()}:
                raise NotFound()
            self.chosen_association = wanted

        return self._posted(request, act)

    @XBlock.handler
    def sheet_form(self, request: Request, suffix: str = "") -> Response:
        """The whole questionnaire as one form: what fits is saved, what does not is named on the page that comes back."""
        try:
            form = posted(request, form_answers.MAX_FORM_BYTES)
            found, problems = self._save_sheet(form)
        except NassijError as error:
            return self._refused(request, error)
        self.tell_progress(found)
        back = way_back(self, request, self.uid)
        if back and not problems:
            return Response(status=303, location=back)
        return self._own_page(self.problems_page(found, problems), back)

    @nassij_handler
    def studio_submit(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{display_name, instrument_slug, round_kind, show}` -> saved."""
        self.require_editing()
        known = {self.instrument_slug, *(found.slug for found in self.instruments())}
        for name, value in settings_form.read_settings(payload, known).items():
            setattr(self, name, value)
        return {"saved": True}

    # --- OLX: what an author sets, and nothing of a learner ---

    @classmethod
    def parse_xml(cls, node: Any, runtime: Any, keys: Any) -> GovernanceBlock:
        """The block in `node`."""
        authored = deepcopy(node)
        cls._drop_learners(authored)
        block: GovernanceBlock = super().parse_xml(authored, runtime, keys)
        return block

    def add_xml_to_node(self, node: Any) -> None:
        """Write what an author sets as attributes of `node`."""
        super().add_xml_to_node(node)
        self._drop_learners(node)

    @classmethod
    def _drop_learners(cls, node: Any) -> None:
        for name, field in cls.fields.items():
            if field.scope not in (Scope.content, Scope.settings):
                node.attrib.pop(name, None)

    # --- Forms without script ---

    def _save_sheet(self, form: Any) -> tuple[SheetData, dict[str, Any]]:
        """Store what the form says and give the sheet as it is now, with the problem of each answer that was not stored.

        The profile comes first, since it decides what concerns the association; when another member changed it meanwhile, the
        answers are saved all the same.
        """
        api = self.api()
        association_id, round_uuid = whole_number(form.get("association")), str(form.get("round"))
        whose = {"user_id": self.viewer.user_id, "association_id": association_id, "round_uuid": round_uuid}
        found = self.sheet_of(association_id)
        problems: dict[str, Any] = {}
        try:
            questions = [question.code for question in found.instrument.profile_questions]
            profile, seen = form_answers.profile_of(form, questions), whole_number(form.get("profile_revision"))
            api.set_profile(**whose, answers=profile, revision=seen)
        except Conflict as conflict:
            problems["profile"] = conflict
        answers = form_answers.answers_of(form, found.instrument)
        revisions = form_answers.revisions_of(form, answers)
        saved = api.save_sheet(**whose, answers=answers, revisions=revisions, operation_id=form.get("operation_id"))
        problems |= saved.problems
        self.tell_saved(round_uuid, newly_saved(found.answers, saved.saved))
        return form_answers.with_typed(self.sheet_of(association_id), answers, saved.problems), problems

    def _posted(self, request: Request, act: Any) -> Response:
        """A small form: act, then back to where it came from; a page of its own where that is unknown."""
        try:
            act(posted(request))
        except NassijError as error:
            return self._refused(request, error)
        back = way_back(self, request, self.uid)
        if back:
            return Response(status=303, location=back)
        return self._own_page(self._learner_page(csrf_token())[0], "")

    def _refused(self, request: Request, error: NassijError) -> Response:
        content = self.said(str(error.message), str(error.remedy))
        return self._own_page(content, way_back(self, request), status=error.status)

    def _own_page(self, content: str, back: str, status: int = 200) -> Response:
        return Response(self.own_page(content, back), status=status, content_type="text/html", charset="utf-8")
