"""The lesson block in Studio: the editor with its cards and its text, and what it asks the server, which judges everything."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy
from web_fragments.fragment import Fragment

from nassij.common.errors import BadInput, Conflict, TooLarge, Unprocessable
from nassij.common.pages import url_or_none
from nassij.common.text import clean_text, direction, one_line
from xblocks.common import NassijBlock, nassij_handler
from xblocks.common.block import STUDIO_STYLE
from xblocks.common.forms import page_id

from . import pictures, rendering
from .draft import Finding, about_of, differences, keep_unknown, read_about, read_draft, read_step, to_draft
from .editor_words import editor_words
from .files import HEAD, MEGA, MOST, UPLOADS, unusable
from .forms import ABOUT, MAX_TITLE, STEPS, described
from .marks import marks
from .model import LANGUAGES, Lesson, LessonError
from .problems import Place, Problem, Problems
from .source import MAX_CHARACTERS, FormValues, read_lesson
from .source_blocks import MAX_MINUTES
from .source_writer import write_lesson

MAX_BYTES = 4 * MAX_CHARACTERS
MAX_PREVIEWED = 100
SCRIPTS = ("lesson_fields.js", "lesson_pictures.js", "lesson_history.js", "lesson_studio.js")
LIBRARY_FILES = "/api/libraries/v2/blocks/{}/assets/"
CORRECT_PARTS = gettext_lazy("Correct the parts named below and save again. What you wrote is still there.")
_STATIC = re.compile(r'="/static/([A-Za-z0-9][\w.-]*)')
_NOT_IN_NAMES = re.compile("[^A-Za-z0-9._-]+")


class StudioEditor(NassijBlock):
    """The authors' side of the lesson block; every handler asks whether its sender may edit."""

    # Kept by the block itself.
    display_name: Any
    content: Any

    @property
    def lesson(self) -> Lesson:
        """The lesson; raises `LessonError` when what is stored cannot be read."""
        raise NotImplementedError

    # Views

    def studio_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """The editor; who may not edit sees the lesson."""
        if not self.may_edit:
            shown: Fragment = self.public_view(context)
            return shown
        try:
            lesson = self.lesson
        except LessonError as error:
            return self.page("nassij_blocks/lesson/broken.html", {"reason": str(error)})
        uid = page_id("lesson", self.scope_ids.usage_id)
        editor = self.page(
            "nassij_blocks/lesson/studio.html",
            {"uid": uid},
            script=SCRIPTS,
            init="NassijLessonStudio",
            args=self._editor_args(uid, lesson),
        )
        editor.add_css_url(static(STUDIO_STYLE))
        return editor

    def _editor_args(self, uid: str, lesson: Lesson) -> dict[str, Any]:
        return {
            "uid": uid,
            "user": self.viewer.user_id,
            "lesson": to_draft(lesson),
            "version": self._version(),
            "about": [described(field) for field in ABOUT],
            "kinds": {
                name: {
                    "label": str(form.label),
                    "fields": [described(field) for field in form.fields],
                    "starts_with": dict(form.starts_with),
                }
                for name, form in STEPS.items()
            },
            "files": self._files(),
            "heavy": pictures.MAX_BYTES,
            "uploads": {"head": HEAD, "endings": UPLOADS},
            "words": editor_words(),
        }

    # Handlers

    @nassij_handler(max_bytes=MAX_BYTES)
    def studio_preview(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{language, steps: [step], about?}` -> for each what a learner sees of it, what is missing and what is wrong."""
        self.require_editing()
        language, steps = payload.get("language"), payload.get("steps")
        if language not in LANGUAGES or not isinstance(steps, list) or len(steps) > MAX_PREVIEWED:
            raise BadInput(code="bad_preview")
        reply: dict[str, Any] = {"steps": [self._previewed(data, str(language)) for data in steps]}
        if isinstance(payload.get("about"), dict):
            about = read_about(payload["about"])
            reply["about"] = {
                "marks": [list(mark) for mark in marks(ABOUT, about.data, str(language))],
                "problems": _told(about.findings),
            }
        return reply

    @nassij_handler(max_bytes=MAX_BYTES)
    def studio_text(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{lesson}` as the cards hold it -> its source, also while something in it is wrong."""
        self.require_editing()
        return {"source": _source(_drafted(payload))}

    @nassij_handler(max_bytes=MAX_BYTES)
    def studio_cards(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{title, language, minutes, source}` -> the lesson for the cards, or what is wrong, line by line."""
        self.require_editing()
        return {"lesson": to_draft(read_form(payload))}

    @nassij_handler(max_bytes=MAX_BYTES)
    def studio_save(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{version, lesson}` or `{version, title, language, minutes, source}` -> saved.

        Else a problem: what is wrong, by step and field or by line; or, when somebody else saved after the version that was
        edited, both versions, so that nothing is overwritten unseen.
        """
        self.require_editing()
        edited = read_cards(payload) if "lesson" in payload else read_form(payload)
        stored = self._stored()
        if stored is not None:
            edited = keep_unknown(edited, stored)
        if payload.get("version") != self._version() and edited != stored:
            raise self._stale(edited, stored)
        self.display_name = edited.title
        self.content = edited.to_data()
        self.__dict__.pop("lesson", None)
        return {"title": edited.title, "steps": len(edited.steps), "version": self._version()}

    @nassij_handler(max_bytes=MAX_BYTES)
    def studio_picture(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{name, size, content (base64)}`: a picture about to be uploaded -> the name it may have; an SVG comes back cleaned.

        Of other kinds `content` is the beginning only: enough to see what they are.
        """
        self.require_editing()
        stem, suffix, _size, content = _given_file(payload)
        if not pictures.is_kind(suffix, content):
            raise _refused_picture("picture_kind", ", ".join(sorted(pictures.KINDS)))
        stem = stem or "picture"
        if suffix != ".svg":
            return {"name": f"{stem}{suffix}"}
        try:
            cleaned, removed = pictures.cleaned_svg(content)
        except pictures.NoPicture as error:
            raise _refused_picture("picture_kind", ", ".join(sorted(pictures.KINDS))) from error
        return {"name": f"{stem}{suffix}", "svg": cleaned.decode("utf-8"), "removed": list(removed)}

    @nassij_handler(max_bytes=MAX_BYTES)
    def studio_file(self, payload: dict[str, Any]) -> dict[str, Any]:
        """`{use, name, size, content (base64)}`: a file about to be uploaded, with how it begins -> the name it may have.

        Its first `HEAD` bytes are looked at. Else a problem in the author's language: its kind, its content or its weight.
        """
        self.require_editing()
        use = payload.get("use")
        stem, suffix, size, head = _given_file(payload)
        if use not in UPLOADS:
            raise BadInput(code="bad_file")
        name = f"{stem or 'file'}{suffix}"
        if code := unusable(use, name, size, head[:HEAD]):
            raise _refused_file(code, use, name, size)
        return {"name": name}

    # Parts

    def _previewed(self, data: object, language: str) -> dict[str, Any]:
        read = read_step(data, 0, language)
        html = ""
        if read.step is not None:
            # A text that no page takes is named among the problems; the other steps are shown all the same.
            with translation.override(language), suppress(TooLarge):
                shown = rendering.step_html(read.step, page_id("preview", self.scope_ids.usage_id))
                html = self._with_addresses(shown)
        kind = STEPS.get(str(read.data.get("type")))
        found = [list(mark) for mark in marks(kind.fields, read.data, language)] if kind else []
        return {"html": html, "direction": direction(language), "marks": found, "problems": _told(read.findings)}

    def _with_addresses(self, html: str) -> str:
        """`html` with the addresses that its files have in this course.

        Studio gives the service for it to its preview only; there the address is made from the course's key.
        """
        if '="/static/' not in html:
            return html
        urls = self.runtime.service(self, "replace_urls")
        if urls:
            return str(urls.replace_urls(html))
        key = self.context_key if self.in_course and _in_studio() else None
        return _STATIC.sub(lambda found: f'="/{key.make_asset_key("asset", found[1])}', html) if key else html

    def _files(self) -> dict[str, str]:
        """Where Studio lists and takes the files of this course or library; empty where nothing does."""
        if not _in_studio():
            return {}
        key = self.scope_ids.usage_id
        if self.in_course:
            url = url_or_none("assets_handler", course_key_string=str(self.context_key))
            return {"kind": "course", "url": url} if url else {}
        return {"kind": "library", "url": LIBRARY_FILES.format(key)} if str(key).startswith("lb:") else {}

    def _version(self) -> str:
        """What is stored, as a short word that changes whenever it does."""
        spelt = json.dumps([self.display_name, self.content], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(spelt.encode("utf-8", "replace")).hexdigest()[:16]

    def _stored(self) -> Lesson | None:
        try:
            return self.lesson
        except LessonError:
            return None

    def _stale(self, edited: Lesson, stored: Lesson | None) -> Conflict:
        both: dict[str, Any] = (
            {"theirs": to_draft(stored), "differences": differences(edited, stored)} if stored else {}
        )
        return Conflict(
            gettext_lazy("Somebody else saved this lesson while you were writing."),
            code="saved_meanwhile",
            remedy=gettext_lazy("Nothing is lost: compare both below and choose which one stays."),
            version=self._version(),
            **both,
        )


def _in_studio() -> bool:
    return getattr(settings, "SERVICE_VARIANT", "") == "cms"


def read_cards(payload: Mapping[str, Any]) -> Lesson:
    """The lesson in the cards; raises `Unprocessable` with the problems by step and field, in the active language."""
    lesson, findings = read_draft(_drafted(payload))
    if lesson is None:
        raise _refused(CORRECT_PARTS, _told(findings))
    return lesson


def read_form(payload: Mapping[str, Any]) -> Lesson:
    """The lesson in the text; raises `Unprocessable` with the problems by line, in the active language."""
    title = one_line(clean_text(str(payload.get("title") or "")))
    language = payload.get("language")
    minutes = _whole_number(payload.get("minutes"))
    source = payload.get("source")
    problems = Problems("form")
    if not title.strip() or len(title) > MAX_TITLE:
        problems.add("missing_key" if not title.strip() else "too_large", Place("title"), key="title", limit=MAX_TITLE)
    if language not in LANGUAGES:
        problems.add("unknown_language", Place("language"), value=str(language), known=", ".join(LANGUAGES))
    if not 1 <= minutes <= MAX_MINUTES:
        problems.add("not_a_number", Place("minutes"), key="minutes", least=1, most=MAX_MINUTES)
    if not isinstance(source, str) or not source.strip():
        problems.add("no_steps", Place("source"))
    if problems:
        raise _wrong_lines(problems.sorted())
    reading = read_lesson(
        str(source), file="source", language=str(language), form=FormValues(title=title, minutes=minutes)
    )
    if reading.lesson is None:
        raise _wrong_lines(reading.problems)
    return reading.lesson


def _drafted(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    draft = payload.get("lesson")
    if not isinstance(draft, dict):
        raise BadInput(code="bad_lesson")
    return draft


def _source(draft: Mapping[str, Any]) -> str:
    """The source of a draft as it is: what is wrong in it is wrong in its source too, but where a step cannot be made at all."""
    about = read_about(draft)
    given = draft.get("steps")
    read = [
        read_step(data, number, LANGUAGES[0]) for number, data in enumerate(given if isinstance(given, list) else [])
    ]
    lost = [found for part in read if part.step is None for found in part.findings]
    if lost:
        raise _refused(CORRECT_PARTS, _told(lost))
    lesson = replace(about_of(about.data), steps=tuple(part.step for part in read if part.step is not None))
    return write_lesson(lesson, for_form=True)


def _told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [{"step": found.step, "field": found.field, **_words(found.problem)} for found in findings]


def _words(problem: Problem) -> dict[str, str]:
    return {"code": problem.code, "message": problem.message(gettext), "remedy": problem.remedy(gettext)}


def _wrong_lines(problems: Iterable[Problem]) -> Unprocessable:
    return _refused(
        gettext_lazy("Correct the lines named below and save again. The text in the form is still there."),
        [
            {"field": problem.place.file, "line": problem.place.line, "column": problem.place.column, **_words(problem)}
            for problem in problems
        ],
    )


def _refused(remedy: Any, problems: list[dict[str, Any]]) -> Unprocessable:
    return Unprocessable(
        gettext_lazy("The lesson was not saved: something in it needs correcting."),
        code="lesson_invalid",
        remedy=remedy,
        problems=problems,
    )


def _refused_picture(code: str, known: str) -> Unprocessable:
    return Unprocessable(
        gettext_lazy("This file is not a picture we can show."),
        code=code,
        remedy=gettext_lazy("Choose a picture that is one of %(known)s.") % {"known": known},
    )


def _refused_file(code: str, use: str, name: str, size: int) -> Unprocessable:
    known = ", ".join(UPLOADS[use])
    if code == "file_too_heavy":
        params = {"src": name, "size": number_format(size / MEGA, 1), "most": MOST[use] // MEGA}
        detail = gettext("%(src)s has %(size)s MB; a file like this may have %(most)s MB at most.") % params
        remedy = gettext("Make it smaller or split it: learners pay for what they load.")
    elif code == "file_content":
        detail = gettext("What is in %(src)s is not what its name says.") % {"src": name}
        remedy = gettext(
            "Open it in the program it was made with, save it as one of these kinds, and choose it again: %(known)s."
        ) % {"known": known}
    else:
        detail = gettext("The file %(src)s is of a kind that cannot be used here.") % {"src": name}
        remedy = gettext("Save it as one of these kinds: %(known)s.") % {"known": known}
    return Unprocessable(detail, code=code, remedy=remedy)


def _given_file(payload: Mapping[str, Any]) -> tuple[str, str, int, bytes]:
    """(name as in a course, ending in small letters, size in bytes, content) of a file about to be uploaded."""
    size = payload.get("size")
    try:
        content = base64.b64decode(payload.get("content", ""), validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise BadInput(code="bad_file") from error
    if not isinstance(size, int) or isinstance(size, bool):
        raise BadInput(code="bad_file")
    stem, dot, suffix = clean_text(str(payload.get("name"))).rpartition(".")
    ending = f"{dot}{suffix.lower()}".replace(".jpeg", ".jpg")
    return _NOT_IN_NAMES.sub("-", stem).strip("-._")[:60], ending, size, content


def _whole_number(value: object) -> int:
    text = str(value).strip() if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
