"""Starts the demo: `python -m demo [--port 8000]`. One line for each step, one clear line for whatever stops it."""

from __future__ import annotations

import argparse
import io
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from demo import paths

HOST = "127.0.0.1"
CANNOT_START = 2


class CannotStart(Exception):
    """Something on this machine keeps the demo from starting; the text says what to do."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--prepare-only", action="store_true", help="make everything ready, then end")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        check_port(options.port)
        check_database()
        os.environ["NASSIJ_DEMO_PORT"] = str(options.port)  # links in mails lead here, also those the worker sends
        prepare()
        if not options.prepare_only:
            serve(options.port)
    except CannotStart as error:
        print(f"nassij: {error}", file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        pass
    if not options.prepare_only:
        print("\nStopped.")
    return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CannotStart(
                f"port {port} is in use or not allowed; stop the other program or choose another: make demo PORT={port + 1}"
            ) from error


def check_database() -> None:
    """A damaged file is found before Django trips over it."""
    if not paths.DATABASE.exists():
        return
    advice = f"the demo database {paths.DATABASE} is damaged; delete the folder {paths.DATA} and start again"
    try:
        connection = sqlite3.connect(paths.DATABASE)
        try:
            if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise CannotStart(advice)
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise CannotStart(advice) from error


def prepare() -> None:
    """Database, instrument, courses, people: each step does nothing where there is nothing to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo.settings")
    for folder in (paths.COURSES, paths.QUEUE / "control", paths.MEDIA, paths.LOGS):
        folder.mkdir(parents=True, exist_ok=True)
    step("Loading the suite", _setup)
    step("Database", _migrate)
    step("Governance instrument and funding models", _load_data)
    step("Courses", _compile_courses)
    step("Associations and people", _create_people)


def step(name: str, action: Callable[[], None]) -> None:
    print(f"  {name} …", end="", flush=True)
    start = time.monotonic()
    action()
    print(f" {time.monotonic() - start:.1f} s")


def _setup() -> None:
    import django

    # Of the file system library that XBlock needs, and nothing to do with who starts the demo.
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")

    django.setup()


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        # The workbench app of the released package has no migrations in one of the supported versions.
        call_command("migrate", run_syncdb=True, verbosity=0)
    except DatabaseError as error:
        raise CannotStart(
            f"the demo database cannot be brought up to date ({error}); delete the folder {paths.DATA} and start again"
        ) from error


def _load_data() -> None:
    from django.core.management import CommandError, call_command

    try:
        call_command("nassij_load_instruments", verbosity=0, stdout=io.StringIO())
        call_command("nassij_load_calls", verbosity=0, stdout=io.StringIO())
        call_command("nassij_load_guides", verbosity=0, stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError as error:
        reason = " ".join(str(error).split())
        raise CannotStart(
            f"{reason} In the demo you may also delete the folder {paths.DATA} and start again."
        ) from error


def _compile_courses() -> None:
    from demo import authoring

    authoring.refresh()
    if problems := authoring.problems():
        print()
        for problem in problems:
            print(f"    {problem.line()}")


def _create_people() -> None:
    from django.db import transaction

    from demo import accounts

    with transaction.atomic():
        accounts.create()


def serve(port: int) -> None:
    """The site in this process and a Celery worker beside it, until Ctrl-C."""
    import waitress
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    server = waitress.create_server(application, host=HOST, port=port, threads=8)
    with worker():
        announce(port)
        try:
            server.run()  # returns when it is interrupted
        finally:
            server.close()


@contextmanager
def worker() -> Iterator[None]:
    """A Celery worker in a process of its own; it ends with the block, whatever ends it."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "demo.worker",
        "worker",
        "--pool",
        "threads",
        "--concurrency",
        "2",
    ]
    command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    with (paths.LOGS / "worker.log").open("ab") as log:
        # Its own session: Ctrl-C reaches this process only, which then ends the worker in order.
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - our own command
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def announce(port: int) -> None:
    from demo import people

    print(f"\n  Nassij demo: http://{HOST}:{port}/     (Ctrl-C stops everything)\n")
    print(f"  People (password for each: {people.PASSWORD}; or one tap on the first page):")
    for group in people.groups():
        names = ", ".join(person.username for person in group["people"])
        print(f"    {names}")
    print(f"\n  Mail the demo sends: {paths.DATA / 'mail'}   Worker's log: {paths.LOGS / 'worker.log'}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
