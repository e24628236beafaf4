"""Makes a report again and again, and dies one step later each time: `python -m tests.services.make_reports USER ROUND`.

A step is a statement, a commit, or a file written or deleted; before it and after it. Each time something in the report has
changed, a child process starts the job and kills itself at its step; then another child does what the queue would do, and runs
the job again. Prints one line per time: the step, whether the first child died, the state of the job.
"""

from __future__ import annotations

import os
import signal
import sys
import uuid
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

LANGUAGE = "fr"
MOST_STEPS = 200


class Steps:
    """Counts the steps of this process, and ends it at one of them as the kernel would: at once."""

    def __init__(self, last: int) -> None:
        self.last, self.done = last, 0

    def step(self) -> None:
        self.done += 1
        if self.done == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        """A step before each call of `owner.name`, and one after it."""
        really = getattr(owner, name)

        def stepping(*args: Any, **kwargs: Any) -> Any:
            self.step()
            found = really(*args, **kwargs)
            self.step()
            return found

        setattr(owner, name, stepping)


def in_child(work: Callable[[], None]) -> int:
    """Do `work` in a process of its own; the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        from nassij.common import jobs

        jobs._process = f"{jobs.socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        try:
            work()
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def change_and_ask(user_id: int, round_uuid: str, job_file: int) -> None:
    """Something new in the plan, and a job that is to print it; nobody is told but us."""
    from governance_assessment import api
    from governance_assessment.rounds.rounds import find_round
    from nassij.common import jobs

    jobs._send = lambda job: None
    association = find_round(round_uuid).association_uuid
    changes = {"title": f"action {uuid.uuid4()}"}
    api.add_plan_item(user_id=user_id, association_uuid=association, changes=changes, operation_id=str(uuid.uuid4()))
    job = api.start_report(user_id=user_id, round_uuid=round_uuid, language=LANGUAGE)
    os.write(job_file, job.uuid.hex.encode())


def run_and_die(job_uuid: str, last: int) -> None:
    from django.core.files.storage import FileSystemStorage
    from django.db import connection

    from nassij.common import jobs
    from nassij.common.documents import pdf

    steps = Steps(last)
    for owner, name in ((FileSystemStorage, "_save"), (FileSystemStorage, "delete"), (pdf, "render")):
        steps.around(owner, name)
    steps.around(connection, "_commit")

    def each_statement(execute: Callable[..., Any], *args: Any) -> Any:
        steps.step()
        return execute(*args)

    with connection.execute_wrapper(each_statement):
        jobs.run(job_uuid)


def run_again(job_uuid: str) -> None:
    from nassij.common import jobs
    from nassij.common.models import Job

    jobs.run(job_uuid)
    print(Job.objects.get(uuid=job_uuid).state, flush=True)


def main(user_id: int, round_uuid: str) -> None:
    import django

    django.setup()
    for last in range(1, MOST_STEPS):
        reading, writing = os.pipe()
        in_child(lambda: change_and_ask(user_id, round_uuid, writing))  # noqa: B023
        job_uuid = str(uuid.UUID(os.read(reading, 32).decode()))
        os.close(reading)
        os.close(writing)
        died = in_child(lambda: run_and_die(job_uuid, last))  # noqa: B023
        print(last, died, end=" ", flush=True)
        in_child(lambda: run_again(job_uuid))  # noqa: B023
        if not died:
            return
    raise SystemExit("it never ends")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
