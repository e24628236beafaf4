"""Answers at a pace nobody slows down: each is due at a moment, and its time runs from that moment, waiting included."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.with_services import free_port

ROOT = Path(__file__).parents[2]
CSRF = "c" * 32


@dataclass(frozen=True)
class Paced:
    """What a run took: milliseconds from the moment an answer was due to its reply; what was not a 200."""

    milliseconds: list[float]
    faults: list[str]
    replies: list[dict[str, Any]]
    seconds: float


@contextmanager
def sites(number: int, database: str) -> Iterator[list[int]]:
    """So many worker processes, each on a port of its own."""
    environment = {**os.environ, "NASSIJ_TEST_DB_NAME": database, "DJANGO_SETTINGS_MODULE": "benchmarks.load.settings"}
    ports = [free_port() for _ in range(number)]
    call = [sys.executable, "-m", "benchmarks.load.site"]
    processes = [subprocess.Popen([*call, str(port)], cwd=ROOT, env=environment) for port in ports]
    try:
        for port in ports:
            _wait_for(port)
        yield ports
    finally:
        for process in processes:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("a worker process did not start")


def play(deliveries: Sequence[dict[str, Any]], cookies: dict[int, str], ports: list[int], rate: float) -> Paced:
    """Send one answer each 1/`rate` seconds, in turn to the workers, whatever became of those before."""
    hands, taken, lock = 48, iter(enumerate(deliveries)), threading.Lock()
    took: list[float] = []
    faults: list[str] = []
    replies: list[dict[str, Any]] = []
    begin = time.monotonic() + 0.5

    def hand() -> None:
        lines = {port: http.client.HTTPConnection("127.0.0.1", port, timeout=30) for port in ports}
        while True:
            with lock:
                following = next(taken, None)
            if following is None:
                return
            number, delivery = following
            due = begin + number / rate
            time.sleep(max(0, due - time.monotonic()))
            status, body = _post(lines[ports[number % len(ports)]], delivery, cookies[delivery["user"]])
            took.append((time.monotonic() - due) * 1000)
            if status != 200:
                faults.append(f"{status} {body[:200]!r}")
                continue
            operation = delivery["body"]["operation_id"]
            replies.append({"operation": operation, "said": json.loads(body), "status": status, "failures": []})

    threads = [threading.Thread(target=hand) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Paced(took, faults, replies, time.monotonic() - begin)


def _post(line: http.client.HTTPConnection, delivery: dict[str, Any], session: str) -> tuple[int, bytes]:
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"sessionid={session}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Accept-Language": "ar",
    }
    try:
        line.request("POST", "/answer/", json.dumps(delivery["body"]), headers)
        reply = line.getresponse()
        return reply.status, reply.read()
    except (OSError, http.client.HTTPException) as error:
        line.close()
        return 0, repr(error).encode()


def signed_in(user_ids: set[int]) -> dict[int, str]:
    """A session for each of these people: user id to cookie."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    cookies = {}
    for user in get_user_model().objects.filter(pk__in=user_ids):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookies[user.pk] = session.session_key
    return cookies
