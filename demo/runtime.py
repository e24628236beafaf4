"""The workbench runtime, with what a platform adds and without what the workbench makes up.

A subclass of `WorkbenchRuntime`: real course and usage keys, the signed-in Django account, content from the compiled course,
state in the workbench's own table (one row read and one written per block), completion kept, and no look for asides.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser, User
from django.templatetags.static import static
from django.urls import reverse
from web_fragments.fragment import Fragment
from workbench.models import XBlockState
from workbench.runtime import WorkbenchRuntime
from xblock.core import XBlock
from xblock.fields import Scope, UserScope
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import DictKeyValueStore, KeyValueStore, KvsFieldData, Runtime

from course_content.preview.runtime import UsageKeys
from demo.models import BlockCompletion
from demo.problem import PROBLEM, ProblemBlock

if TYPE_CHECKING:
    from demo.courses import Course

TRAINERS = "trainers"


class Store(KeyValueStore):
    """Authored fields from the compiled course (read-only), a learner's fields from the workbench's table."""

    def __init__(self, authored: DictKeyValueStore) -> None:
        self.authored = authored
        self._rows: dict[tuple, tuple[XBlockState | None, dict]] = {}

    @staticmethod
    def is_authored(key: KeyValueStore.Key) -> bool:
        return key.scope in (Scope.parent, Scope.children) or key.scope.user == UserScope.NONE

    @staticmethod
    def _authored_key(key: KeyValueStore.Key) -> KeyValueStore.Key:
        return key._replace(user_id=None)

    def _row(self, key: KeyValueStore.Key) -> tuple[XBlockState | None, dict]:
        where = self._where(key)
        cached = self._rows.get(tuple(where.values()))
        if cached is None:
            row = XBlockState.objects.filter(**where).first()
            cached = (row, json.loads(row.state) if row else {})
            self._rows[tuple(where.values())] = cached
        return cached

    @staticmethod
    def _where(key: KeyValueStore.Key) -> dict[str, str]:
        return {
            "scope": key.scope.block.attr_name.split("_", 1)[1],
            "scope_id": str(key.block_scope_id),
            "user_id": key.user_id,
        }

    def has(self, key: KeyValueStore.Key) -> bool:
        return (
            self.authored.has(self._authored_key(key)) if self.is_authored(key) else key.field_name in self._row(key)[1]
        )

    def get(self, key: KeyValueStore.Key) -> Any:
        return (
            self.authored.get(self._authored_key(key)) if self.is_authored(key) else self._row(key)[1][key.field_name]
        )

    def set(self, key: KeyValueStore.Key, value: Any) -> None:
        self.set_many({key: value})

    def set_many(self, update_dict: dict[KeyValueStore.Key, Any]) -> None:
        changed = {}
        for key, value in update_dict.items():
            if self.is_authored(key):
                raise PermissionError(f"{key.field_name} is authored: a learner cannot change it")
            row, state = self._row(key)
            state[key.field_name] = value
            changed[tuple(self._where(key).values())] = (self._where(key), row, state)
        for name, (where, row, state) in changed.items():
            row = row or XBlockState(**where, scenario="demo", tag=where["scope_id"][:50])
            row.state = json.dumps(state, ensure_ascii=False)
            row.save()
            self._rows[name] = (row, state)

    def delete(self, key: KeyValueStore.Key) -> None:
        row, state = self._row(key)
        if row:
            state.pop(key.field_name, None)
            row.state = json.dumps(state, ensure_ascii=False)
            row.save()


class Account(UserService):
    """The signed-in Django account, with the attributes the platform's user service has."""

    def __init__(self, user: User | AnonymousUser | None) -> None:
        super().__init__()
        known = user if user and user.is_authenticated else None
        self._person = XBlockUser(is_current_user=True, full_name=known.get_full_name() if known else "")
        self._person.opt_attrs = {
            "edx-platform.is_authenticated": known is not None,
            "edx-platform.user_id": known.pk if known else None,
            "edx-platform.username": known.get_username() if known else None,
            "edx-platform.anonymous_user_id": f"demo-{known.pk}" if known else None,
            "edx-platform.user_is_staff": is_trainer(user),
        }

    def get_current_user(self) -> XBlockUser:
        return self._person


def is_trainer(user: User | AnonymousUser | None) -> bool:
    """Course staff: the operator, and who is in the group of trainers."""
    if not user or not user.is_authenticated:
        return False
    return bool(user.is_superuser or user.groups.filter(name=TRAINERS).exists())


class StaticNames:
    """The platform's `replace_urls` service: `/static/name` in content becomes the address of the course's file."""

    def __init__(self, course: Course | None) -> None:
        self._course = course

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        if self._course is None:
            return text
        address = reverse("demo-asset", args=[str(self._course.key), "NAME"])
        return re.sub(r"""(["'(])/static/([\w.\-]+)""", lambda m: m[1] + address.replace("NAME", m[2]), text)


class DemoRuntime(WorkbenchRuntime):
    """One learner's view of one course."""

    def __init__(
        self, user: User | AnonymousUser | None, course: Course | None, field_data: KvsFieldData | None = None
    ) -> None:
        super().__init__(user_id=str(user.pk) if user and user.pk else "anonymous")
        self.user, self.course = user, course
        self.id_reader = UsageKeys()
        authored = course.fields if course else DictKeyValueStore()
        self._services["field-data"] = field_data or KvsFieldData(Store(authored))
        self._services["user"] = Account(user)
        self._services["replace_urls"] = StaticNames(course)

    def load_block_type(self, block_type: str) -> type[XBlock]:
        """The installed blocks, and a stand-in for the platform's own problems."""
        return ProblemBlock if block_type == PROBLEM else super().load_block_type(block_type)

    def _patch_xblock(self, block: XBlock) -> None:
        """No made-up location or due date: real keys need no patching."""

    def applicable_aside_types(self, block: XBlock) -> list[str]:
        return []

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        url = reverse("demo-handler", args=[str(block.scope_ids.usage_id), handler_name])
        return url + (f"{suffix}/" if suffix else "") + (f"?{query}" if query else "")

    def resource_url(self, resource: str) -> str:
        return static(f"demo/{resource}")

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        """As on the platform: a file below the `resources_dir` of the block's class."""
        package = type(block).unmixed_class.__module__.rsplit(".", 1)[0]
        return static(f"xblock/resources/{package}/{uri}")

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        """Keep completion, as the platform does; other events are the platform's log."""
        if event_type == "completion" and self.user and self.user.is_authenticated and self.course:
            BlockCompletion.objects.update_or_create(
                user=self.user,
                block_key=str(block.scope_ids.usage_id),
                defaults={"course_key": str(self.course.key), "completion": event_data["completion"]},
            )

    def _wrap_ele(self, block: XBlock, view: str, frag: Fragment, extra_data: dict | None = None) -> Fragment:
        """The plain wrapper, and our own few lines of runtime script instead of jQuery."""
        wrapped = Runtime._wrap_ele(self, block, view, frag, extra_data or {})
        if frag.js_init_fn:
            wrapped.add_javascript_url(static("preview/runtime.js"))
        return wrapped
