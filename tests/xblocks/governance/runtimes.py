"""The block in the runtimes it must live in: the workbench's own, and a double of the library-v2 one."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

from opaque_keys.edx.keys import UsageKey
from webob import Request, Response
from workbench.runtime import WorkbenchRuntime
from xblock.field_data import DictFieldData
from xblock.fields import ScopeIds
from xblock.runtime import DictKeyValueStore, KvsFieldData, MemoryIdManager, Runtime

from xblocks.governance_block import GovernanceBlock


class FakeUserService:
    """The platform's user service, as far as blocks may use it."""

    def __init__(self, user: Any, is_staff: bool = False) -> None:
        self.user = user
        self.is_staff = is_staff

    def get_current_user(self) -> Any:
        known = self.user is not None
        return Mock(
            opt_attrs={
                "edx-platform.user_id": self.user.pk if known else None,
                "edx-platform.is_authenticated": known,
                "edx-platform.anonymous_user_id": "anon" if known else "",
                "edx-platform.user_is_staff": self.is_staff,
            }
        )


class LibraryRuntime(Runtime):
    """A double of the library-v2 runtime: only the services it has, no asides, no children, relative resource URLs refused."""

    def __init__(self, **services: Any) -> None:
        ids = MemoryIdManager()
        kept = {"user": FakeUserService(None), "field-data": KvsFieldData(DictKeyValueStore())}
        super().__init__(id_reader=ids, id_generator=ids, services={**kept, **services})
        self.published: list[tuple[str, dict[str, Any]]] = []

    def handler_url(self, block, handler_name, suffix="", query="", thirdparty=False) -> str:
        return f"/api/xblock/v2/xblocks/{block.scope_ids.usage_id}/handler/token/{handler_name}/{suffix}"

    def local_resource_url(self, block, uri) -> str:
        assert uri.startswith("js/")
        return f"/xblock/resource/{block.scope_ids.block_type}/{uri}"

    def resource_url(self, resource):
        raise AssertionError("libraries do not serve this")

    def publish(self, block, event_type, event_data) -> None:
        self.published.append((event_type, event_data))

    @property
    def completions(self) -> list[float]:
        """What the platform was told of how much is done, in order."""
        return [data["completion"] for name, data in self.published if name == "completion"]

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """What went to the platform's event log, in order."""
        return [event for event in self.published if event[0] != "completion"]

    def query(self, block):
        raise AssertionError("blocks are leaves")


COURSE_KEY = "block-v1:Nassij+GOV+2027+type@nassij_governance+block@one"
LIBRARY_KEY = "lb:Nassij:GOV:nassij_governance:one"


def make_block(runtime: Runtime, usage: str = COURSE_KEY, **fields: Any) -> GovernanceBlock:
    """The block with these field values."""
    key = UsageKey.from_string(usage)
    return GovernanceBlock(runtime, DictFieldData(fields), ScopeIds("person", "nassij_governance", key, key))


def in_library(user: Any = None, usage: str = COURSE_KEY, is_staff: bool = False, **fields: Any) -> GovernanceBlock:
    """The block in front of `user` (None for a visitor) in the double."""
    return make_block(LibraryRuntime(user=FakeUserService(user, is_staff)), usage, **fields)


def in_workbench(user: Any, **fields: Any) -> GovernanceBlock:
    """The block in the workbench's runtime, which knows people by their id as text."""
    runtime = WorkbenchRuntime(user_id=str(user.pk))
    runtime._services["user"] = FakeUserService(user)
    return make_block(runtime, **fields)


def post_json(block: GovernanceBlock, handler: str, payload: Any) -> Response:
    """Send JSON to a handler."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    request = Request.blank("/", method="POST", body=body, content_type="application/json")
    return block.handle(handler, request)


def post_form(block: GovernanceBlock, handler: str, fields: Any, referer: str = "") -> Response:
    """Send a form to a handler, as a browser without script does."""
    request = Request.blank("/", POST=fields)
    if referer:
        request.referer = referer
    return block.handle(handler, request)


def get(block: GovernanceBlock, handler: str, suffix: str = "") -> Response:
    """Open a handler's address."""
    return block.handle(handler, Request.blank("/"), suffix)
