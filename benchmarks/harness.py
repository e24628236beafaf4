"""How a block is measured: the same runtime, store and clock for ours and for the peers'.

One sample is what a server does for one request that reaches the block: a fresh runtime, `get_block`, then the view with its
head, body and foot HTML, or the handler with its reply. The field store is a dictionary; no aside is looked for; the made-up
attributes of the SDK's workbench are not there. The clock is the CPU time of the thread.
"""

from __future__ import annotations

import copy
import gc
import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from opaque_keys.edx.keys import CourseKey, UsageKey
from web_fragments.fragment import Fragment
from webob import Request
from xblock.core import XBlock
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import DictKeyValueStore, IdGenerator, IdReader, KvsFieldData, Runtime

from benchmarks import ledger

COURSE = CourseKey.from_string("course-v1:Bench+Bench+2026")
RESOURCE_URL = "/xblock-resource/"
Sample = tuple[int, ledger.Ledger]
"""Nanoseconds of CPU, and what was asked of others meanwhile."""


class Keys(IdReader, IdGenerator):
    """Real usage keys, which are their own definitions, as on the platform."""

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def create_definition(self, block_type: str, slug: str | None = None) -> UsageKey:
        return COURSE.make_usage_key(block_type, slug or f"b{next(self._numbers)}")

    def create_usage(self, def_id: UsageKey) -> UsageKey:
        return def_id

    def get_definition_id(self, usage_id: UsageKey) -> UsageKey:
        return usage_id

    def get_block_type(self, def_id: UsageKey) -> str:
        return str(def_id.block_type)

    def _no_asides(self, *_: Any) -> Any:
        raise NotImplementedError("no asides are measured")

    create_aside = get_aside_type_from_usage = get_aside_type_from_definition = _no_asides
    get_usage_id_from_aside = get_definition_id_from_aside = _no_asides


class Store(DictKeyValueStore):
    """Fields in a dictionary. A block that reads a field asks first whether it `has` one: that is a look-up."""

    def has(self, key: Any) -> bool:
        ledger.current.lookups += 1
        return super().has(key)

    def set_many(self, update_dict: Mapping[Any, Any]) -> None:
        ledger.current.written += len(update_dict)
        super().set_many(update_dict)


class Account(UserService):
    """Who looks, with the attributes that the platform's user service has; `user_id` is None for a visitor."""

    def __init__(self, user_id: int | None, *, is_staff: bool) -> None:
        super().__init__()
        self._user = XBlockUser(is_current_user=True, full_name="Learner")
        self._user.opt_attrs = {
            "edx-platform.is_authenticated": user_id is not None,
            "edx-platform.user_id": user_id,
            "edx-platform.username": f"learner{user_id}",
            "edx-platform.anonymous_user_id": f"anonymous-{user_id}",
            "edx-platform.user_is_staff": is_staff,
        }

    def get_current_user(self) -> XBlockUser:
        return self._user


class Addresses:
    """The `replace_urls` service, with nothing to replace."""

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        return text


class Located:
    """`location`, which the platform mixes into every block and problem-builder asks for."""

    @property
    def location(self) -> UsageKey:
        return self.scope_ids.usage_id


class BenchRuntime(Runtime):
    """The least a runtime can be: what it costs is in every figure, ours and the peers' alike."""

    keys = Keys()

    def __init__(self, store: Store, user_id: int | None, *, is_staff: bool = False) -> None:
        account = Account(user_id, is_staff=is_staff)
        services = {"field-data": KvsFieldData(store), "user": account, "replace_urls": Addresses()}
        super().__init__(self.keys, self.keys, mixins=(Located,), services=services)
        self._deprecated_per_instance_user_id = user_id
        self.anonymous_student_id = f"anonymous-{user_id}"
        self.course_id = COURSE

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        return f"/handler/{block.scope_ids.usage_id}/{handler_name}/{suffix}?{query}"

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        return f"{RESOURCE_URL}{block.scope_ids.block_type}/{uri}"

    def resource_url(self, resource: str) -> str:
        return f"/resource/{resource}"

    def publish(self, block: XBlock, event_type: str, event_data: Mapping[str, Any]) -> None:
        """What the platform makes of an event is not the block's time."""

    def applicable_aside_types(self, block: XBlock) -> list[str]:
        return []


class Subject:
    """A block with its content, as one person meets it; with `handler` and `answer`, one answer to it can be measured too."""

    def __init__(
        self,
        name: str,
        olx: str,
        *,
        user_id: int | None = 1,
        is_staff: bool = False,
        language: str = "en",
        handler: str = "",
        answer: Callable[[], Mapping[str, Any]] | None = None,
    ) -> None:
        self.name, self.user_id, self.is_staff, self.language = name, user_id, is_staff, language
        self.handler, self.answer = handler, answer
        store = Store()
        with translation.override(language):
            self.usage = BenchRuntime(store, user_id).parse_xml_string(olx)
        self.fields = store.db_dict

    def store(self) -> Store:
        """A copy of the fields, so that no sample finds what an earlier one wrote."""
        return Store(copy.deepcopy(self.fields))

    def block(self, store: Store) -> XBlock:
        return BenchRuntime(store, self.user_id, is_staff=self.is_staff).get_block(self.usage)

    def view(self, store: Store, name: str = "student_view") -> Fragment:
        """A page as the platform asks for it; building the HTML is part of the cost."""
        block = self.block(store)
        fragment = block.runtime.render(block, name, {})
        fragment.head_html(), fragment.body_html(), fragment.foot_html()
        return fragment

    def page(self, name: str = "student_view") -> Fragment:
        """A page, for looking at rather than for timing."""
        with translation.override(self.language):
            return self.view(self.store(), name)

    def data(self, store: Store) -> bytes:
        """What the mobile app is given of the block. Raises `RuntimeError` when that is nothing."""
        found = json.dumps(self.block(store).student_view_data({})).encode()
        if found in (b"{}", b"null"):
            raise RuntimeError(f"{self.name} has no data for the mobile app")
        return found

    def handle(self, store: Store, handler: str, request: Request) -> bytes:
        """The reply of a handler. Raises `RuntimeError` for a refusal: what is refused costs nothing and proves nothing."""
        block = self.block(store)
        response = block.runtime.handle(block, handler, request)
        if response.status_int >= 400:
            raise RuntimeError(f"{self.name}.{handler}: {response.status} {response.text[:500]}")
        return response.body

    def remember(self, handler: str, body: Mapping[str, Any]) -> None:
        """Keep what this handler changes: the learner has done this before the measuring begins."""
        store = self.store()
        with translation.override(self.language):
            self.handle(store, handler, post(body))
        self.fields = store.db_dict


def post(body: Mapping[str, Any]) -> Request:
    """The request of a JSON handler."""
    return Request.blank("/", method="POST", body=json.dumps(body).encode(), content_type="application/json")


@dataclass(frozen=True)
class Case:
    """Something to time: `prepare` (not timed) makes what `act` (timed) takes."""

    name: str
    act: Callable[[Any], Any]
    prepare: Callable[[], Any] = lambda: None
    language: str = "en"


def view_case(subject: Subject, view: str = "student_view") -> Case:
    return Case(subject.name, lambda store: subject.view(store, view), subject.store, subject.language)


def data_case(subject: Subject) -> Case:
    return Case(subject.name, subject.data, subject.store, subject.language)


def answer_case(subject: Subject) -> Case:
    return send_case(subject, subject.name, subject.handler, subject.answer)


def send_case(subject: Subject, name: str, handler: str, body: Callable[[], Mapping[str, Any]]) -> Case:
    """One `body` sent; the first reply must not be a quiet "no" of the peers' kind (`{"success": false}`)."""

    def prepare() -> tuple[Store, Request]:
        return subject.store(), post(body())

    def act(prepared: tuple[Store, Request]) -> None:
        store, request = prepared
        subject.handle(store, handler, request)

    with translation.override(subject.language):
        store, request = prepare()
        reply = json.loads(subject.handle(store, handler, request))
    if reply.get("success") is False or reply.get("errors"):
        raise RuntimeError(f"{subject.name}.{handler} refused: {reply}")
    return Case(name, act, prepare, subject.language)


def page_case(subject: Subject, name: str, handler: str) -> Case:
    """A whole page that a handler gives out."""
    return Case(name, lambda store: subject.handle(store, handler, Request.blank("/")), subject.store, subject.language)


@dataclass(frozen=True)
class Figures:
    """One case, measured: milliseconds of CPU (medians, but for the 95th percentile), and counts (the highest seen).

    `own` is the CPU time without that spent in the ORM and the database; `with_orm` only leaves out the database driver.
    `first` is the own time of the very first run in the process, when templates and texts are read.
    """

    own_ms: float
    own_p95_ms: float
    first_ms: float
    with_orm_ms: float
    driver_ms: float
    sql: int
    sql_in_transaction: int
    transactions: int
    messages: int
    early_messages: int
    lookups: int
    written: int
    samples: int


@contextmanager
def quiet_collector() -> Iterator[None]:
    """Start without the garbage of what ran before; the collector itself stays on, as in production."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def sample(case: Case) -> Sample:
    """One run; only `act` is timed."""
    prepared = case.prepare()
    account = ledger.open_new()
    start = time.thread_time_ns()
    case.act(prepared)
    return time.thread_time_ns() - start, account


def measure(cases: Sequence[Case], samples: int, rounds: int = 10, warm_up: int = 5) -> dict[str, Figures]:
    """Measure `cases` in turn, round after round, so that a slow minute of the machine falls on all of them alike."""
    first: dict[str, Sample] = {}
    taken: dict[str, list[Sample]] = {case.name: [] for case in cases}
    per_round = -(-samples // rounds)
    for number in range(-1, rounds):
        for case in cases:
            with translation.override(case.language), quiet_collector():
                found = [sample(case) for _ in range(warm_up if number < 0 else per_round)]
            if number < 0:
                first[case.name] = found[0]
            else:
                taken[case.name] += found
    return {name: figures(first[name], found) for name, found in taken.items()}


def figures(first: Sample, taken: Sequence[Sample]) -> Figures:
    def most(count: Callable[[ledger.Ledger], int]) -> int:
        return max(count(account) for _, account in taken)

    own = [cpu - account.storage_ns for cpu, account in taken]
    first_cpu, first_account = first
    return Figures(
        own_ms=statistics.median(own) / 1e6,
        own_p95_ms=statistics.quantiles(own, n=20)[-1] / 1e6,
        first_ms=(first_cpu - first_account.storage_ns) / 1e6,
        with_orm_ms=statistics.median(cpu - account.driver_ns for cpu, account in taken) / 1e6,
        driver_ms=statistics.median(account.driver_ns for _, account in taken) / 1e6,
        sql=most(lambda account: len(account.statements)),
        sql_in_transaction=most(lambda account: account.in_transaction),
        transactions=most(lambda account: account.transactions),
        messages=most(lambda account: account.messages),
        early_messages=most(lambda account: account.early_messages),
        lookups=most(lambda account: account.lookups),
        written=most(lambda account: account.written),
        samples=len(taken),
    )
