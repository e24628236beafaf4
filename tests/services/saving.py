"""Many phones at once: what they say, the processes that deliver it to the block's handler, and the count afterwards.

    phones → queues, one for each worker process → `python -m tests.services.saving` → what was replied → `count`

A phone says its answers in order, as `send.js` does. Some deliveries are repeated with the same operation id, as after a lost
reply: by the same worker later, or by another one before, at the same moment or after.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TRIES = 5  # of a phone, where the server fails
Delivery = dict[str, Any]  # `user` and the `body` of the handler "answer"


@dataclass(frozen=True)
class Phone:
    """A member with a round to answer."""

    user_id: int
    association_id: int
    round_uuid: str


def make_phones(associations: int, members: int) -> tuple[list[Phone], list[str]]:
    """So many associations with an open round and so many members each; and the codes of the questions."""
    from governance_assessment import api
    from tests.governance_assessment.helpers import INSTRUMENT_FILE
    from tests.nassij.associations import factories

    api.load_instrument_file(INSTRUMENT_FILE, publish=True)
    instrument = api.published_instrument(slug="gov-ma").instrument
    phones = []
    for _ in range(associations):
        association = factories.make_association()
        people = [factories.make_member(association) for _ in range(members)]
        opened = api.open_round(user_id=people[0].pk, association_id=association.id, kind="full")
        phones += [Phone(person.pk, association.id, str(opened.uuid)) for person in people]
    return phones, [indicator.code for indicator in instrument.all_indicators()]


def said(phones: Sequence[Phone], codes: Sequence[str], each: int, chance: random.Random) -> list[list[Delivery]]:
    """`each` answers of every phone, in order: mostly to a new question, each fifth changes an answer given before."""
    return [_said_on(phone, codes, each, chance) for phone in phones]


def _said_on(phone: Phone, codes: Sequence[str], each: int, chance: random.Random) -> list[Delivery]:
    fresh, revisions, story = chance.sample(codes, len(codes)), Counter[str](), []
    for number in range(each):
        changes = revisions and (number % 5 == 4 or not fresh)
        code = chance.choice(sorted(revisions)) if changes else fresh.pop()
        body = {
            "round": phone.round_uuid,
            "association": phone.association_id,
            "indicator": code,
            "answer": {"kind": "level", "level": chance.randint(1, 4), "comment": f"{number}", "evidence": "none"},
            "revision": revisions[code],
            "operation_id": f"{phone.user_id}-{number}-{chance.getrandbits(64):x}",
            "here": code,
            "complete": False,
        }
        revisions[code] += 1
        story.append({"user": phone.user_id, "body": body})
    return story


def dealt(
    stories: Sequence[list[Delivery]], workers: int, repeated: float, chance: random.Random
) -> list[list[Delivery]]:
    """One queue for each worker, with every phone's answers in order among the others'; this share is delivered again."""
    queues: list[list[Delivery]] = [[] for _ in range(workers)]
    hands: list[list[list[Delivery]]] = [[] for _ in range(workers)]
    for number, story in enumerate(stories):
        hands[number % workers].append(list(reversed(story)))
    for queue, waiting in zip(queues, hands, strict=True):
        while waiting := [story for story in waiting if story]:
            queue.append(chance.choice(waiting).pop())
    for worker, queue in enumerate([list(queue) for queue in queues]):
        for place, delivery in enumerate(queue):
            if chance.random() >= repeated:
                continue
            if delivery["body"]["revision"]:  # its forerunner has to have arrived: the same phone, later
                again, first = queues[worker], queues[worker].index(delivery) + 1
            else:
                again, first = chance.choice(queues), 0
            # Near its own place, so that two workers often have it in hand at the same moment.
            again.insert(max(first, min(len(again), place + chance.randint(-3, 12))), delivery)
    return queues


def deliver_all(queues: Sequence[list[Delivery]], folder: Path, database: str) -> tuple[list[dict[str, Any]], float]:
    """A process for each queue, all beginning together; every reply, and the seconds from the beginning to the last."""
    environment = {**os.environ, "NASSIJ_TEST_DB_NAME": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    processes = []
    for number, queue in enumerate(queues):
        (folder / f"queue{number}").write_text(json.dumps(queue), "utf-8")
        call = [sys.executable, "-m", "tests.services.saving", str(folder / f"queue{number}")]
        processes.append(
            subprocess.Popen(call, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
    try:
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        begin = time.monotonic()
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        ended = [process.wait() for process in processes]
        seconds = time.monotonic() - begin
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert not any(ended), f"a worker ended with {ended}"
    replies = [json.loads((folder / f"queue{number}.replies").read_text("utf-8")) for number in range(len(queues))]
    return [reply for each in replies for reply in each], seconds


@dataclass
class Count:
    """What was sent against what is stored; everything but the first three has to be empty."""

    sent: int
    deliveries: int
    stored: int
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    other_reply: list[str] = field(default_factory=list)
    failures: Counter = field(default_factory=Counter)
    """What the server failed with before it took the answer: the phone came again."""

    @property
    def is_clean(self) -> bool:
        return self.stored == self.sent and not any(
            [self.lost, self.doubled, self.altered, self.refused, self.other_reply, self.failures]
        )


def count(stories: Iterable[list[Delivery]], replies: Sequence[dict[str, Any]]) -> Count:
    """Every answer that was sent, against the rows and the replies."""
    from governance_assessment.models import RespondentAnswer

    wanted = {delivery["body"]["operation_id"]: delivery for story in stories for delivery in story}
    columns = ("operation_id", "respondent_id", "indicator_code", "revision", "level", "comment")
    rows = list(RespondentAnswer.objects.values_list(*columns))
    found = Counter(row[0] for row in rows)
    result = Count(len(wanted), len(replies), len(rows))
    result.lost = [operation for operation in wanted if not found[operation]]
    result.doubled = [operation for operation, times in found.items() if times > 1 or operation not in wanted]
    for operation, *row in rows:
        delivery = wanted.get(operation)
        if delivery and row != _row(delivery):
            result.altered.append(operation)
    for reply in replies:
        result.failures.update(reply["failures"])
        if reply["status"] != 200:
            result.refused.append(reply)
            continue
        delivery, told = wanted[reply["operation"]], reply["said"]
        if [delivery["user"], delivery["body"]["indicator"], *map(told.get, ("revision", "level", "comment"))] != _row(
            delivery
        ):
            result.other_reply.append(reply["operation"])
    return result


def _row(delivery: Delivery) -> list[Any]:
    body = delivery["body"]
    answer = body["answer"]
    return [delivery["user"], body["indicator"], body["revision"] + 1, answer["level"], answer["comment"]]


# --- A worker process -----------------------------------------------------------------------------------


def work(path: Path) -> None:
    """Deliver a queue, one after the other, and write down the replies."""
    from types import SimpleNamespace

    from django.db import connection

    from tests.xblocks.governance.runtimes import in_library

    queue, replies = json.loads(path.read_text("utf-8")), []
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    for delivery in queue:
        block = in_library(SimpleNamespace(pk=delivery["user"]), round_kind="full")
        replies.append(deliver(block, delivery))
    path.with_suffix(".replies").write_text(json.dumps(replies), "utf-8")


def deliver(block: Any, delivery: Delivery) -> dict[str, Any]:
    """What the handler replies in the end; where the server fails the phone comes again, as `send.js` does."""
    from tests.xblocks.governance.runtimes import post_json

    failures = []
    for _ in range(TRIES):
        try:
            reply = post_json(block, "answer", delivery["body"])
            status, body = reply.status_int, reply.json
        except Exception as error:  # what the platform would answer with a 500
            status, body = 500, {"detail": repr(error)}
        if status < 500:
            break
        failures.append(body["detail"])
        time.sleep(0.05)
    return {"operation": delivery["body"]["operation_id"], "said": body, "status": status, "failures": failures}


if __name__ == "__main__":
    import django

    django.setup()
    work(Path(sys.argv[1]))
