"""The lesson block: a remote-training lesson, read step by step, with self-checks. A thin window on `xblocks.lesson`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _
from lxml import etree
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XML_NAMESPACES, XBlock
from xblock.fields import Float, Scope, String

from nassij.common.errors import BadInput, Conflict, NassijError, NotSignedIn, Unprocessable
from nassij.common.text import direction, plain
from xblocks.common import installed, nassij_handler, problem_response
from xblocks.common.block import SHARED_STYLE
from xblocks.common.fields import Kept
from xblocks.common.forms import csrf_token, page_id, posted, way_back
from xblocks.lesson import olx, rendering, report, telling
from xblocks.lesson.answers import gone, operation_id, read_answer, read_note
from xblocks.lesson.handout import handout_html
from xblocks.lesson.lesson_data import search_words, view_data
from xblocks.lesson.model import Lesson, LessonError, SelfCheck
from xblocks.lesson.progress import NoRoomLeft, NoTriesLeft, OperationReused, Progress, is_open_book, tries_left
from xblocks.lesson.reading import readable, stored_lesson
from xblocks.lesson.scoring import Scored
from xblocks.lesson.shuffling import as_sent
from xblocks.lesson.studio import StudioEditor

# Attributes of our OLX that are never fields of the block, whatever the platform mixes in.
NOT_SETTINGS = ("content", *olx.LEARNERS, *olx.ATTRIBUTES)


@lru_cache(maxsize=16)
def _script_words(language: str | None) -> Mapping[str, str]:
    """What the script says, in the active language."""
    return {
        "position": _("Step {step} of {total}"),
        "next": _("Next"),
        "check": _("Check my answer"),
        "finish": _("Finish"),
        "again": _("Back to the lesson"),
        "choose": _("Choose an answer first."),
        "save": _("Keep and go on"),
        "merged": _("You also wrote here on another page: both texts are kept, one below the other."),
        "up": _("Move up"),
        "down": _("Move down"),
        "unplayed": _("This could not be played. Read it instead, or try again later."),
        "draft": _("You had begun to write here. Keep it when you are done: until then it is on this phone only."),
        "waiting": _("Your answer is kept on this phone. You will see what it is worth when the line is back."),
    }


class LessonBlock(Scored, StudioEditor):
    """A lesson in one language: to read, play, answer and tell about; kept as one value, written as inline OLX."""

    display_name = String(
        display_name=gettext_noop("Title"),
        scope=Scope.settings,
        default=gettext_noop("Lesson"),
        help=gettext_noop("Title"),
    )
    content: Any = Kept(
        help=gettext_noop("The lesson but for its title, as `Lesson.to_data` writes it"), scope=Scope.content
    )
    progress: Any = Kept(
        help=gettext_noop("What the learner has done, as `Progress.to_data` writes it"), scope=Scope.user_state
    )
    overridden_score = Float(scope=Scope.user_state, default=None)

    icon_class = "other"

    # The lesson and the learner

    @cached_property
    def lesson(self) -> Lesson:
        """The lesson; raises `LessonError` when what is stored cannot be read."""
        return stored_lesson(self.content or {}, self.display_name or "")

    @property
    def learner_progress(self) -> Progress:
        return Progress.from_data(self.progress)

    @property
    def uid(self) -> str:
        return page_id("lesson", self.scope_ids.usage_id)

    # Views

    @XBlock.supports("multi_device")
    @readable
    def student_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """The lesson with the learner's progress; complete without script, step by step with it."""
        if not self.viewer.signed_in:
            return self.fragment(self._html(Progress(), rendering.Showing(self.uid)))
        progress = self.learner_progress
        html = self._html(progress, self._answerable(context))
        return self.fragment(
            html,
            script="lesson.js",
            init="NassijLesson",
            args={
                **self.outbox_args(),
                "here": progress.resume_at(self.lesson),
                "words": dict(_script_words(get_language())),
            },
        )

    @XBlock.supports("multi_device")
    @readable
    def public_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """The lesson for visitors: readable, nothing to send, nothing kept."""
        return self.fragment(self._html(Progress(), rendering.Showing(self.uid)))

    @readable
    def author_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """Studio's preview: the whole lesson on one page, with the key to its self-checks (authors only)."""
        return self.fragment(self._html(Progress(), rendering.Showing(self.uid, with_key=self.may_edit)))

    def student_view_data(self, context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The lesson as data, for the mobile app; no answers in it."""
        try:
            return view_data(self.lesson)
        except LessonError:
            return {}

    def index_dictionary(self) -> dict[str, Any]:
        """The words of the lesson, for search; no answers in them."""
        try:
            words = search_words(self.lesson)
        except LessonError:
            words = ""
        content = {"display_name": plain(self.display_name or ""), "lesson": words}
        return {"content": content, "content_type": "Lesson"}

    def generate_report_data(
        self, user_state_iterator: Iterable[Any], limit_responses: int | None = None
    ) -> Iterator[tuple[str, dict[str, str]]]:
        """(user name, row) of the platform's report of responses: `report.rows` of each learner."""
        told = (
            (state.username, row)
            for state in user_state_iterator
            for row in report.rows(self.lesson, Progress.from_data((state.state or {}).get("progress")))
        )
        return itertools.islice(told, limit_responses)

    # Handlers

    @nassij_handler
    def answer(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{check, choices: [id], operation_id}` -> the verdict, the feedback as HTML, and the progress."""
        return self._answer(payload.get("check"), payload.get("choices"), payload.get("operation_id"))

    @nassij_handler
    def visit(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{seen: [step id], here: step id}` -> the progress. Repeating it changes nothing."""
        seen, here = payload.get("seen", []), payload.get("here", "")
        if not (isinstance(seen, list) and all(isinstance(step, str) for step in seen) and isinstance(here, str)):
            raise BadInput(code="bad_visit")
        lesson = self._lesson_for_learner()
        return self._keep(self.learner_progress.visit(lesson, frozenset(seen), here))

    @nassij_handler
    def write(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{step, text, base, operation_id}` -> the text as it is kept, its version, and the progress.

        `base` names the version written over, or several in their order, between spaces: `Progress.write`.
        """
        return self._write(*(payload.get(name) for name in ("step", "text", "base", "operation_id")))

    @XBlock.handler
    def student_view_user_state(self, request: Request, suffix: str = "") -> Response:
        """What the learner has done, for the mobile app."""
        try:
            lesson = self._lesson_for_learner()
        except NassijError as error:
            return problem_response(error)
        progress = self.learner_progress
        checks = {
            check.id: {"tries": record.tries, "solved": record.solved, "chosen": as_sent(check, record.last.chosen)}
            for check in lesson.checks
            if (record := progress.record(check)).last
        }
        body = {
            "here": progress.resume_at(lesson),
            "checks": checks,
            "notes": {step.id: progress.note(step).text for step in lesson.steps if step.written},
            **self._summary(lesson, progress),
        }
        return Response(json_body=body, content_type="application/json", charset="utf-8")

    @XBlock.handler
    def answer_form(self, request: Request, suffix: str = "") -> Response:
        """A self-check answered without script: back to the page, which shows the feedback."""
        return self._posted(
            request, lambda form: self._answer(form.get("check"), form.getall("choices"), form.get("operation_id"))
        )

    @XBlock.handler
    def write_form(self, request: Request, suffix: str = "") -> Response:
        """A text of one's own, sent without script: back to the page, where it stands."""
        return self._posted(
            request, lambda form: self._write(*(form.get(name) for name in ("step", "text", "base", "operation_id")))
        )

    @XBlock.handler
    def handout(self, request: Request, suffix: str = "") -> Response:
        """The lesson to print, for whoever may read it."""
        try:
            self.require_reading()
            lesson = self._readable_lesson()
        except NassijError as error:
            return problem_response(error)
        with translation.override(lesson.language):
            page = self._with_addresses(handout_html(lesson, self._contact()))
        return Response(page, content_type="text/html", charset="utf-8")

    @XBlock.handler
    def read_form(self, request: Request, suffix: str = "") -> Response:
        """ "I have read the whole lesson", said without script."""

        def read(form: Any) -> dict[str, Any]:
            lesson = self._lesson_for_learner()
            seen = frozenset(step.id for step in lesson.steps if not step.answerable)
            return self._keep(self.learner_progress.visit(lesson, seen, ""))

        return self._posted(request, read)

    # OLX

    @classmethod
    def parse_xml(cls, node: Any, runtime: Any, keys: Any) -> LessonBlock:
        """The block in `node`; raises `LessonError` naming what cannot be read."""
        block: LessonBlock = runtime.construct_xblock_from_class(cls, keys)
        own = tuple(name for name in node.attrib if name in block.fields and name not in NOT_SETTINGS)
        for name in own:
            cls._set_field_if_present(block, name, node.get(name), {})
        for child in node:
            if isinstance(child.tag, str) and etree.QName(child).namespace == XML_NAMESPACES["option"]:
                cls._set_field_if_present(block, etree.QName(child).localname, child.text, child.attrib)
        block.content = olx.read(node, title=block.display_name or "", block_attributes=own).to_data()
        return block

    def add_xml_to_node(self, node: Any) -> None:
        """Write the block on `node`: its settings as attributes, the lesson inside."""
        super().add_xml_to_node(node)
        olx.write(self.lesson, node)

    def xml_text_content(self) -> None:
        """No text: `content` is written as child elements."""

    # Parts

    def _html(self, progress: Progress, showing: rendering.Showing) -> str:
        """The lesson in its language (already active), with the addresses of its pictures."""
        return self._with_addresses(rendering.lesson_html(self.lesson, progress, showing, self._contact()))

    def _answerable(self, context: Mapping[str, Any] | None) -> rendering.Showing:
        return rendering.Showing(
            self.uid,
            answer_url=self.runtime.handler_url(self, "answer_form"),
            read_url=self.runtime.handler_url(self, "read_form"),
            write_url=self.runtime.handler_url(self, "write_form"),
            handout_url=self.runtime.handler_url(self, "handout"),
            csrf_token=csrf_token(context),
        )

    def _contact(self) -> Mapping[str, str]:
        """The contact centre, where the app that knows it is installed."""
        if not installed("nassij.common"):
            return {}
        from nassij.common.pages import contact

        return contact(self.lesson.language)

    def _lesson_for_learner(self) -> Lesson:
        """The lesson, when the viewer can have progress in it."""
        self.require_learner()
        return self._readable_lesson()

    def _readable_lesson(self) -> Lesson:
        try:
            return self.lesson
        except LessonError as error:
            raise Unprocessable(gettext_lazy("This lesson cannot be shown."), code="lesson_unreadable") from error

    def _answer(self, check_id: object, choices: object, operation: object) -> dict[str, Any]:
        lesson = self._lesson_for_learner()
        check = lesson.step(check_id) if isinstance(check_id, str) else None
        if not isinstance(check, SelfCheck):
            raise gone()
        chosen = read_answer(check, choices)
        try:
            progress, verdict = self.learner_progress.answer(check, chosen, operation_id(operation))
        except NoTriesLeft as error:
            raise Conflict(
                gettext_lazy("This question has been answered as often as it allows."),
                code="no_tries_left",
                remedy=gettext_lazy("Read the feedback and go on."),
            ) from error
        except OperationReused as error:
            raise Unprocessable(code="operation_reused") from error
        record = progress.record(check)
        summary = self._keep(progress)
        self.report_score()
        with translation.override(lesson.language):
            html = self._with_addresses(rendering.feedback_html(check, verdict, record))
        return {
            "check": check.id,
            "outcome": verdict.outcome,
            "tries_left": tries_left(check, record),
            "closed": tries_left(check, record) == 0,
            "solved": record.solved,
            "open": is_open_book(check, record),
            "html": html,
            **summary,
        }

    def _write(self, step_id: object, text: object, base: object, operation: object) -> dict[str, Any]:
        lesson = self._lesson_for_learner()
        step = lesson.step(step_id) if isinstance(step_id, str) else None
        if step is None or not step.written:
            raise gone()
        written, bases = read_note(text), base.split() if isinstance(base, str) else ()
        try:
            progress = self.learner_progress.write(step, written, operation_id(operation), bases)
        except NoRoomLeft as error:
            raise Conflict(
                gettext_lazy("You also wrote here on another page, and both texts are too long to keep together."),
                code="no_room_left",
                remedy=gettext_lazy("Reload the page to see what is kept, and shorten it."),
            ) from error
        note = progress.note(step)
        merged = note.text != written
        return {"step": step.id, "text": note.text, "version": note.version, "merged": merged, **self._keep(progress)}

    def _keep(self, progress: Progress) -> dict[str, Any]:
        """Store the progress, tell the platform, and sum it up."""
        happened = telling.events(self.lesson, self.learner_progress, progress)
        self.progress = progress.to_data()
        summary = self._summary(self.lesson, progress)
        self.report_completion(summary["fraction"])
        for name, data in happened:
            self.track(name, **data)
        return summary

    @staticmethod
    def _summary(lesson: Lesson, progress: Progress) -> dict[str, Any]:
        missing = [step.id for step in progress.missing(lesson)]
        done, total = len(lesson.steps) - len(missing), len(lesson.steps)
        return {"fraction": done / total if total else 0.0, "missing": missing, "done": done}

    def _posted(self, request: Request, act: Callable[[Any], dict[str, Any]]) -> Response:
        """A form sent without script: act, then back to where it came from; a page of our own where that is unknown."""
        error: NassijError | None = None
        form: Any = {}
        try:
            form = posted(request)
            act(form)
        except NotSignedIn as reason:
            return problem_response(reason)
        except NassijError as reason:
            error = reason
        if error is None:
            answered = form.get("check") or form.get("step")
            place = answered if answered in {step.id for step in self.lesson.steps} else "end"
            if back := way_back(self, request, f"{self.uid}-{place}"):
                return Response(status=303, location=back)
        return self._own_page(error, form)

    def _own_page(self, error: NassijError | None, form: Any) -> Response:
        """The lesson as a page of its own, with what went wrong on top and the text that was refused still in its place."""
        try:
            lesson = self.lesson
        except LessonError:
            return problem_response(error or Unprocessable(code="lesson_unreadable"))
        progress = self.learner_progress.with_typed(lesson, form) if error else self.learner_progress
        with translation.override(lesson.language):
            html = self._html(progress, self._answerable(None))
            page = self.render_text(
                "nassij_blocks/lesson/page.html",
                {
                    "language": lesson.language,
                    "direction": direction(lesson.language),
                    "plain_title": plain(lesson.title),
                    "style": static(SHARED_STYLE),
                    "error": error,
                    "lesson": SafeString(html),
                },
            )
        return Response(page, status=error.status if error else 200, content_type="text/html", charset="utf-8")
