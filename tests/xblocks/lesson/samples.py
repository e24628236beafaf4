"""Lessons, texts and runtimes for the tests of the lesson block."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

from django.test import override_settings
from hypothesis import strategies as st
from opaque_keys.edx.locator import CourseLocator, LibraryLocatorV2, LibraryUsageLocatorV2
from web_fragments.fragment import Fragment
from webob import Request, Response
from workbench.runtime import WorkbenchRuntime
from xblock.exceptions import InvalidScopeError, NoSuchServiceError
from xblock.fields import Scope, ScopeIds, UserScope
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import DictKeyValueStore, KeyValueStore, KvsFieldData, Runtime
from xblock.scorable import Score

from nassij.common.text import clean_text, source_allowed
from xblocks.lesson.model import (
    Choice,
    FieldPractice,
    File,
    FileStep,
    Guide,
    Lesson,
    MediaStep,
    Reflection,
    SelfCheck,
    Source,
    TextStep,
)
from xblocks.lesson_block import LessonBlock

COURSE = CourseLocator("Nassij", "GOV2", "ar")

QUORUM = SelfCheck(
    id="quorum",
    title="تحققوا",
    question="من يقرر النصاب؟",
    choices=(
        Choice("a", "النظام الأساسي", "FEEDBACK-A: نعم، القواعد في نظامكم.", correct=True),
        Choice("b", "السلطة المحلية", "FEEDBACK-B: انظروا إلى نظامكم الأساسي."),
        Choice("c", "الرئيس", "FEEDBACK-C: الرئيس يطبق القواعد."),
    ),
)
MINUTES = SelfCheck(
    id="minutes",
    question="ماذا يكتب في المحضر؟",
    kind="multiple",
    tries=2,
    choices=(
        Choice("a", "عدد الحاضرين", "FEEDBACK-D: صحيح.", correct=True),
        Choice("b", "نتيجة التصويت", "FEEDBACK-E: صحيح.", correct=True),
        Choice("c", "لون القاعة", "FEEDBACK-F: لا يفيد أحدا."),
    ),
)
LESSON = Lesson(
    title="الجمع العام",
    language="ar",
    code="gov2-s1-u1",
    minutes=6,
    checked_on="2026-11-23",
    objectives=("تميزون بين الجمعين.",),
    steps=(
        TextStep("why", "لماذا", "الظهير رقم [1-58-376]{.ltr}.\n\n| أ | ب |\n| --- | --- |\n| 1 | 2 |"),
        QUORUM,
        TextStep("how", "كيف", '![ست محطات](/static/gov2-s1-u1_path.svg "من الاستدعاء إلى التصريح")\n\nثم **وقعوا**.'),
        MINUTES,
    ),
    practice=("اقرؤوا نظامكم الأساسي معا.",),
    sources=(
        Source("الفصل 5", "يصرح بكل تغيير داخل الشهر.", "A1.13", "2026-11-23"),
        Source("ذاكرة", fact="A1.13b", to_confirm=True),
    ),
    guide=Guide("G5", "عدة الجمع العام"),
)
ANSWER_SECRETS = ("FEEDBACK-", "correct", "true")


# Texts as people, phones and attackers send them: Arabic, marks, controls, markup, line ends.
hostile_text = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("\u200e\u200f\u202a\u202e\u2066\u2069\u0000\u0008\r\n\t\x85\u2028\ufeff\ufffe<>&\"'#{}[]|`\\"),
        st.sampled_from("الجمعية محضر نصاب"),
    ),
    max_size=60,
).map(clean_text)
codes = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
attribute_names = st.from_regex(r"x_[a-z]{1,10}", fullmatch=True)
unknown_attributes = st.dictionaries(attribute_names, hostile_text, max_size=2)
decimals = st.decimals(-(10**6), 10**6, places=2, allow_nan=False).map(str)
values = st.one_of(decimals, st.integers(-(10**9), 10**9).map(str))


def checks(kind: str) -> st.SearchStrategy[SelfCheck]:
    """Self-checks of one kind, sensible or not."""
    number = kind == "number"
    one = st.builds(
        Choice,
        id=codes,
        text=values if number else hostile_text,
        feedback=hostile_text,
        correct=st.booleans(),
        match=hostile_text if kind == "match" else st.just(""),
        extra=unknown_attributes,
    )
    return st.builds(
        SelfCheck,
        id=codes,
        question=hostile_text,
        choices=st.lists(one, max_size=4, unique_by=lambda choice: choice.id).map(tuple),
        kind=st.just(kind),
        title=hostile_text,
        tries=st.integers(0, 20),
        tolerance=st.one_of(st.just(""), st.integers(0, 100).map(str)) if number else st.just(""),
        unit=hostile_text if number else st.just(""),
        otherwise=hostile_text if number else st.just(""),
        extra=unknown_attributes,
    )


def some_file(*endings: str) -> st.SearchStrategy[File]:
    names = st.builds("{}/{}{}".format, st.sampled_from(["/static", "assets"]), codes, st.sampled_from(endings))
    return st.builds(File, st.one_of(names, hostile_text.filter(source_allowed)), st.integers(0, 10**8))


steps = st.one_of(
    st.builds(TextStep, codes, hostile_text, hostile_text, extra=unknown_attributes),
    st.builds(
        MediaStep,
        id=codes,
        title=hostile_text,
        kind=st.sampled_from(["video", "audio"]),
        minutes=st.integers(0, 600),
        file=some_file(".mp4", ".mp3"),
        light=st.one_of(st.none(), some_file(".mp4", ".mp3")),
        captions=st.one_of(st.none(), some_file(".vtt")),
        transcript=hostile_text,
        extra=unknown_attributes,
    ),
    st.builds(FileStep, codes, hostile_text, some_file(".pdf", ".xlsx"), hostile_text, extra=unknown_attributes),
    *(checks(kind) for kind in ("single", "multiple", "order", "match", "number")),
    st.builds(Reflection, codes, hostile_text, hostile_text, extra=unknown_attributes),
    st.builds(FieldPractice, codes, hostile_text, hostile_text, extra=unknown_attributes),
)
sources = st.builds(Source, hostile_text, hostile_text, hostile_text, hostile_text, st.booleans())
lessons = st.builds(
    Lesson,
    title=hostile_text.filter(bool),
    language=st.sampled_from(["ar", "fr", "en"]),
    code=st.one_of(st.just(""), codes),
    minutes=st.integers(0, 600),
    checked_on=st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat())),
    objectives=st.lists(hostile_text, max_size=3).map(tuple),
    steps=st.lists(steps, max_size=5, unique_by=lambda step: step.id).map(tuple),
    practice=st.lists(hostile_text, max_size=2).map(tuple),
    sources=st.lists(sources, max_size=3).map(tuple),
    guide=st.one_of(st.none(), st.builds(Guide, codes, hostile_text)),
    scored=st.booleans(),
    extra=unknown_attributes,
)


class Person(UserService):
    """The platform's user service."""

    def __init__(self, user_id: int | None, *, staff: bool = False) -> None:
        super().__init__()
        self.user = XBlockUser(is_current_user=True)
        self.user.opt_attrs = {
            "edx-platform.user_id": user_id,
            "edx-platform.is_authenticated": user_id is not None,
            "edx-platform.user_is_staff": staff,
        }

    def get_current_user(self) -> XBlockUser:
        return self.user


class ReplaceUrls:
    """The platform's service, as far as a block sees it."""

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        return text.replace('"/static/', '"/asset-v1:Nassij+GOV2+ar/')


class Bench(WorkbenchRuntime):
    """The workbench with real keys, a store in memory and a record of what was published and looked up."""

    def __init__(
        self,
        user_id: int | None = 7,
        *,
        staff: bool = False,
        store: DictKeyValueStore | None = None,
        writes: bool | None = None,
    ) -> None:
        """`writes`: what Studio's own service says of the person and the course; None where there is no such service."""
        with override_settings(WORKBENCH={"services": {}}):
            super().__init__(user_id=user_id)
        self.store = Counting() if store is None else store
        self._services |= {"field-data": KvsFieldData(self.store), "user": Person(user_id, staff=staff)}
        if writes is not None:
            self._services["studio_user_permissions"] = Mock(
                can_write=lambda course_key: writes and course_key.is_course
            )
        self.published: list[tuple[str, Any]] = []
        self.graded: dict[str, float] = {}

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        self.published.append((event_type, event_data))
        if event_type == "grade":
            self._grade(block, **event_data)

    def _grade(self, block: Any, value: float, max_value: float, only_if_higher: bool | None) -> None:
        """As the platform's grades do (seen on Teak): compared where that is asked, stored, and told back to the block."""
        usage = str(block.scope_ids.usage_id)
        if only_if_higher and value < float(self.graded.get(usage)):  # type: ignore[arg-type]  # TypeError without a grade, as there
            return
        self.graded[usage] = value
        block.set_score(Score(value, max_value))

    @property
    def completions(self) -> list[float]:
        """What the platform was told of how much is done, in order."""
        return [data["completion"] for name, data in self.published if name == "completion"]

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """What went to the platform's event log, in order."""
        return [event for event in self.published if event[0] != "completion"]

    def handler_url(
        self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        assert getattr(getattr(block, handler_name), "_is_xblock_handler", False)
        return f"/handler/{handler_name}"

    def local_resource_url(self, block: Any, uri: str) -> str:
        return f"/resources/{uri}"

    def applicable_aside_types(self, block: Any) -> list[str]:
        return []

    def _patch_xblock(self, block: Any) -> None:
        """Real keys need no made-up location."""


class Counting(DictKeyValueStore):
    """A store that counts look-ups."""

    def __init__(self) -> None:
        super().__init__()
        self.lookups = 0

    def get(self, key: KeyValueStore.Key) -> Any:
        self.lookups += 1
        return super().get(key)

    def has(self, key: KeyValueStore.Key) -> bool:
        self.lookups += 1
        return super().has(key)


class LibraryFieldData(KvsFieldData):
    """Field data of the library runtime: content and settings are authored, the learner's scopes are kept apart, no others."""

    def _check(self, block: Any, name: str) -> None:
        scope = block.fields[name].scope
        if scope not in (Scope.content, Scope.settings, Scope.parent) and scope.user != UserScope.ONE:
            raise InvalidScopeError(scope)

    def get(self, block: Any, name: str) -> Any:
        self._check(block, name)
        return super().get(block, name)

    def set(self, block: Any, name: str, value: Any) -> None:
        self._check(block, name)
        super().set(block, name, value)


class LibraryRuntime(Runtime):
    """A double of the runtime of content libraries v2: its services only, block storage is OLX, no asides, no children."""

    SERVICES = (
        *(
            "field-data",
            "completion",
            "user",
            "mako",
            "i18n",
            "sandbox",
            "cache",
            "replace_urls",
            "rebind_user",
            "publish",
        ),
        *("enrollments", "error_tracker", "video_config", "discussion_config_service"),
    )

    def __init__(self, user_id: int | None = 7) -> None:
        services: dict[str, Any] = dict.fromkeys(self.SERVICES, object())
        services |= {
            "field-data": LibraryFieldData(DictKeyValueStore()),
            "user": Person(user_id),
            "replace_urls": ReplaceUrls(),
        }
        super().__init__(None, None, services=services)
        self.asked: set[str] = set()
        self.published: list[Any] = []

    def service(self, block: Any, service_name: str) -> Any:
        self.asked.add(service_name)
        declaration = block.service_declaration(service_name)
        if declaration is None:
            raise NoSuchServiceError(service_name)
        if declaration == "need" and service_name not in self.SERVICES:
            raise NoSuchServiceError(service_name)
        return self._services.get(service_name)

    def add_node_as_child(self, block: Any, node: Any) -> None:
        raise NotImplementedError("blocks of a library are leaves")

    def parse_xml_file(self, fileobj: Any) -> None:
        raise NotImplementedError("the library runtime parses nodes")

    def handler_url(
        self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        return f"/api/xblock/v2/{handler_name}/{suffix}/"

    def local_resource_url(self, block: Any, uri: str) -> str:
        return f"/resources/{uri}"

    def resource_url(self, resource: str) -> str:
        return f"/static/{resource}"

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        self.published.append((event_type, event_data))

    def render(self, block: Any, view_name: str, context: Any = None) -> Fragment:
        return getattr(block, view_name)(context)


def course_ids(user_id: object = 7, name: str = "gov2-s1-u1") -> ScopeIds:
    usage = COURSE.make_usage_key("nassij_lesson", name)
    return ScopeIds(user_id, "nassij_lesson", usage, usage)


def library_ids(user_id: object = 7) -> ScopeIds:
    usage = LibraryUsageLocatorV2(LibraryLocatorV2("Nassij", "LIB"), "nassij_lesson", "abc")
    return ScopeIds(user_id, "nassij_lesson", usage, usage)


def make_block(lesson: Lesson = LESSON, runtime: Any = None, ids: ScopeIds | None = None) -> LessonBlock:
    """A block that holds `lesson`, saved."""
    runtime = runtime or Bench()
    block: LessonBlock = runtime.construct_xblock_from_class(LessonBlock, ids or course_ids())
    block.display_name = lesson.title
    block.content = lesson.to_data()
    block.save()
    if isinstance(getattr(runtime, "store", None), Counting):
        runtime.store.lookups = 0
    return block


def reloaded(block: LessonBlock) -> LessonBlock:
    """The same usage as the next request sees it."""
    return block.runtime.construct_xblock_from_class(LessonBlock, block.scope_ids)


def call(block: LessonBlock, handler: str, body: Any, *, method: str = "POST", **headers: str) -> Response:
    """POST JSON (or raw bytes) to a handler, as the platform does."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request.blank("/", method=method, body=raw if method == "POST" else b"", headers=headers)
    return block.runtime.handle(block, handler, request)


def post_form(block: LessonBlock, handler: str, fields: Any, **headers: str) -> Response:
    """Send a form without script."""
    request = Request.blank("/handler", POST=fields, headers=headers, base_url="http://lms.test")
    return block.runtime.handle(block, handler, request)


def answer(block: LessonBlock, check: str, *chosen: str, operation: str = "operation-1") -> Response:
    return call(block, "answer", {"check": check, "choices": list(chosen), "operation_id": operation})
