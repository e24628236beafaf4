"""The runtime of the preview: one learner, signed in, whose answers live as long as the server does."""

from __future__ import annotations

import re
from typing import Any

from django.templatetags.static import static
from lxml import etree
from opaque_keys.edx.keys import CourseKey, UsageKey
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import ScopeIds
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import DictKeyValueStore, IdReader, KvsFieldData, Runtime

from xblocks.lesson import olx
from xblocks.lesson_block import LessonBlock

from ..model import Course, LessonUnit, Run

LEARNER = 1


class UsageKeys(IdReader):
    """Usage keys are their own definitions: nothing has to be remembered."""

    def get_definition_id(self, usage_id: UsageKey) -> UsageKey:
        return usage_id

    def get_block_type(self, def_id: UsageKey) -> str:
        return str(def_id.block_type)

    def get_usage_id_from_aside(self, aside_id: Any) -> Any:
        raise NotImplementedError("there are no asides here")

    get_definition_id_from_aside = get_aside_type_from_usage = get_aside_type_from_definition = get_usage_id_from_aside


class Learner(UserService):
    """The platform's user service, for somebody who is nobody."""

    def get_current_user(self) -> XBlockUser:
        person = XBlockUser(is_current_user=True)
        person.opt_attrs = {
            "edx-platform.is_authenticated": True,
            "edx-platform.user_id": LEARNER,
            "edx-platform.anonymous_user_id": "preview",
            "edx-platform.user_is_staff": False,
        }
        return person


class StaticNames:
    """The platform's `replace_urls` service: `/static/name` in content becomes the address of the unit's file."""

    def __init__(self, files: str) -> None:
        self.files = files

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        return re.sub(r"""(["'(])/static/([\w.\-]+)""", lambda match: f"{match[1]}{self.files}{match[2]}", text)


class PreviewRuntime(Runtime):
    """`address` is where this unit stands in this language: its page, its files, its handlers."""

    def __init__(self, address: str, store: DictKeyValueStore) -> None:
        super().__init__(
            id_reader=UsageKeys(),
            id_generator=None,  # nothing is made here: blocks come with their keys
            field_data=KvsFieldData(store),
            services={"user": Learner(), "replace_urls": StaticNames(f"{address}files/")},
        )
        self.address = address
        self.user_id = LEARNER

    def applicable_aside_types(self, block: XBlock) -> list[str]:
        return []

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        return f"{self.address}handler/{handler_name}/" + (f"?{query}" if query else "")

    def resource_url(self, resource: str) -> str:
        return static(resource)

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        package = getattr(type(block), "unmixed_class", type(block)).__module__.rsplit(".", 1)[0]
        return static(f"xblock/resources/{package}/{uri}")

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        """Nobody keeps a log here."""

    def _wrap_ele(self, block: XBlock, view: str, frag: Fragment, extra_data: dict | None = None) -> Fragment:
        wrapped = super()._wrap_ele(block, view, frag, extra_data or {})
        if frag.js_init_fn:
            wrapped.add_javascript_url(static("preview/runtime.js"))
        return wrapped


def block_of(course: Course, run: Run, unit: LessonUnit, address: str, store: DictKeyValueStore) -> XBlock:
    """The unit as the block that learners get; what is known of the learner is in `store`."""
    runtime = PreviewRuntime(address, store)
    node = etree.Element(olx.TAG, {"url_name": unit.code, "display_name": unit.title(run.language)})
    olx.write(unit.lessons[run.language], node)
    usage = CourseKey.from_string(course.key(run)).make_usage_key(olx.TAG, unit.code)
    block_class = runtime.mixologist.mix(LessonBlock)
    return block_class.parse_xml(node, runtime, ScopeIds(LEARNER, olx.TAG, usage, usage))
