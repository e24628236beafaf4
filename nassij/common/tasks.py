"""The Celery tasks of the suite's ground floor: one that runs jobs, one that sends mails, one that runs what a timer starts.

Each goes to `NASSIJ_CELERY_QUEUE` by itself, in the LMS and in Studio: the platform sets its own routes (`EXPLICIT_QUEUES`) after
it has read the settings of its plugins, and some releases have none.
"""

from typing import Any

from celery import Task, shared_task
from django.core.management import call_command

from nassij.common import jobs, outbox, upkeep
from nassij.common.conf import setting

JOB_SECONDS = int(setting("NASSIJ_JOB_SECONDS"))
RETRY_BUSY_AFTER = 30  # seconds
MAIL_SECONDS = int(outbox.LEASE.total_seconds()) - 120


def queue() -> dict[str, str]:
    """The option of a message that goes to the operator's queue; none where the platform's own route holds."""
    named = setting("NASSIJ_CELERY_QUEUE")
    return {"queue": named} if named else {}


class OnOurQueue(Task):  # type: ignore[misc]
    """A task whose messages go to the operator's queue, whoever sends them; what the sender says goes before."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        return super().apply_async(*args, **{**queue(), **options})


@shared_task(  # type: ignore[untyped-decorator]
    bind=True,
    name="nassij.common.run_job",
    base=OnOurQueue,
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    max_retries=None,
    time_limit=JOB_SECONDS,
    soft_time_limit=max(1, JOB_SECONDS - 15),
)
def run_job(self: Task, job_uuid: str) -> None:
    """Run one job. A worker that dies gives the message back; while somebody else may hold the job it is asked again later."""
    try:
        jobs.run(job_uuid)
    except jobs.Busy as busy:
        raise self.retry(countdown=RETRY_BUSY_AFTER, exc=busy) from busy


@shared_task(  # type: ignore[untyped-decorator]
    bind=True,
    name="nassij.common.send_mail",
    base=OnOurQueue,
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    max_retries=outbox.MAX_ATTEMPTS,
    time_limit=MAIL_SECONDS,
    soft_time_limit=MAIL_SECONDS - 15,
)
def send_mail(self: Task, uuids: list[str]) -> None:
    """Send some mails over one connection; a mail server that is away is asked again for about an hour and a half."""
    again = outbox.deliver(uuids)
    if again:
        raise self.retry(args=[again], countdown=outbox.pause(self.request.retries + 1).total_seconds() + 1)


@shared_task(name="nassij.common.run_upkeep", base=OnOurQueue, ignore_result=True)  # type: ignore[untyped-decorator]
def run_upkeep(command: str) -> None:
    """Run one of the commands that apps named with `upkeep.expect`, and no other: a message of the queue chooses it."""
    if command not in upkeep.expected():
        raise ValueError(f"{command} is not a command of the suite's upkeep")
    call_command(command)
