"""The Celery tasks of the suite's ground floor: one that runs jobs, one that sends mails."""

from celery import Task, shared_task

from nassij.common import jobs, outbox
from nassij.common.conf import setting

JOB_SECONDS = int(setting("NASSIJ_JOB_SECONDS"))
RETRY_BUSY_AFTER = 30  # seconds
MAIL_SECONDS = int(outbox.LEASE.total_seconds()) - 120


@shared_task(  # type: ignore[untyped-decorator]
    bind=True,
    name="nassij.common.run_job",
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
