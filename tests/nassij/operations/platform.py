"""An LMS and a Studio for the self-check, in memory: the blocks are real, the runtimes the workbench's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lxml import etree
from opaque_keys.edx.keys import CourseKey, UsageKey
from webob import Request
from xblock.core import XBlock
from xblock.fields import ScopeIds

from nassij.common.selfcheck import samples
from nassij.operations.course import DIGEST, digest
from tests.xblocks.lesson.samples import Bench


class InMemory:
    """Stands for `nassij.operations.lms.Lms`."""

    def __init__(self) -> None:
        self.settings: dict[str, Any] | None = {DIGEST: digest(samples())}
        self.enrolled: list[tuple[Any, CourseKey]] = []
        self.left_behind = [0, 0]
        self.benches: dict[int, Bench] = {}

    def made_of(self, key: CourseKey) -> Mapping[str, Any] | None:
        return self.settings

    def enrol(self, user: Any, key: CourseKey) -> None:
        self.enrolled.append((user, key))

    def forget(self, user: Any, key: CourseKey) -> int:
        return self.left_behind.pop(0)

    def block(self, user: Any, usage: UsageKey, *, staff: bool = False) -> XBlock:
        bench = self.benches.setdefault(user.pk, Bench(user.pk, staff=staff))
        node = etree.fromstring(samples()[usage.block_type].olx)
        keys = ScopeIds(user.pk, usage.block_type, usage, usage)
        return XBlock.load_class(usage.block_type).parse_xml(node, bench, keys)

    def student_view(self, user: Any, usage: UsageKey) -> Any:
        return self.block(user, usage).student_view({})

    def handle(
        self, user: Any, usage: UsageKey, handler: str, payload: Mapping[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        request = Request.blank("/", method="POST", body=json.dumps(payload).encode(), content_type="application/json")
        response = self.block(user, usage).handle(handler, request)
        return response.status_code, json.loads(response.body)


class InMemoryStudio(InMemory):
    """Stands for `nassij.operations.studio.SelfCheckStudio`."""

    written = True

    def make_course(self, key: CourseKey, wanted: Any) -> bool:
        return self.written

    def views(self, user: Any, usage: UsageKey) -> tuple[Any, Any]:
        block = self.block(user, usage, staff=True)
        return block.author_view({}), block.studio_view({})
