"""Is somebody there who works? A worker on our queue, and the timer that starts what is due."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij import __version__
from nassij.common import jobs, private_files, tasks
from nassij.common.models import Job
from nassij.common.numbers import format_datetime
from nassij.common.selfcheck import PLATFORM, Asked, Finding, Service, check, failed, not_here, ok
from nassij.common.upkeep import upkeep
from nassij.operations.tasks import FOLDER, ROUND_TRIP

BROKER_SECONDS = 5
LOOK_EVERY = 0.2  # seconds


@check("worker", title=gettext_lazy("A worker takes our jobs"))
def worker(asked: Asked) -> Iterator[Finding]:
    """A job goes the way of every job: row, queue, worker, row. It reads a private file that this process has written."""
    if current_app.conf.task_always_eager:
        yield _without_queue(asked)
        return
    queue = str(current_app.amqp.router.route(tasks.queue(), tasks.run_job.name)["queue"].name)
    try:
        with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except Exception as error:  # each broker has errors of its own
        words = {"error": f"{type(error).__name__}: {error}"}
        yield failed(
            _("The broker of the queue cannot be reached: %(error)s") % words,
            _(
                "Start the broker (Redis), or correct CELERY_BROKER_HOSTNAME and what is beside it; then restart the workers."
            ),
            queue=queue,
        )
        return
    yield _sent(asked, queue)


def _without_queue(asked: Asked) -> Finding:
    if asked.service is Service.NONE:
        return not_here(_("Not here: jobs run at once in this process, there is no worker."))
    return failed(
        _("Jobs run inside the page that asks for them: there is no worker."),
        _("Set CELERY_ALWAYS_EAGER to false and start a worker."),
    )


def _sent(asked: Asked, queue: str) -> Finding:
    """What came of a job; its row and its file are gone afterwards."""
    content = uuid.uuid4().hex
    file = private_files.write(f"{FOLDER}/{content}.txt", content.encode())
    begin = time.monotonic()
    with transaction.atomic():
        sent = jobs.start(kind=ROUND_TRIP, subject=content, owner_id=None, params={"path": file.path})
    try:
        while (job := Job.objects.get(pk=sent.pk)).is_open and time.monotonic() - begin < asked.seconds:
            time.sleep(LOOK_EVERY)
        return _judged(job, content, queue, time.monotonic() - begin)
    finally:
        Job.objects.filter(pk=sent.pk).delete()
        private_files.remove(file.path)


def _judged(job: Job, content: str, queue: str, seconds: float) -> Finding:
    details = {"queue": queue, "seconds": round(seconds, 2)}
    start_worker = _(
        "Start a worker on the queue %(queue)s, with the image of this version: celery … worker -Q %(queue)s"
    ) % {"queue": queue}
    if job.state == Job.State.QUEUED:
        words = {"queue": queue, "seconds": round(seconds)}
        message = _("No worker took a job from the queue %(queue)s within %(seconds)s seconds.") % words
        return failed(message, start_worker, **details)
    if job.state == Job.State.RUNNING:
        message = _("A worker took the job but did not end it within %(seconds)s seconds.") % {
            "seconds": round(seconds)
        }
        return failed(message, _("Read the worker's log; it may be short of memory or of the database."), **details)
    if job.error_code == "unknown_job_kind":
        return failed(_("The worker does not know this version of the suite."), start_worker, **details)
    if job.error_code == "file_missing" or (job.result or {}).get("read", content) != content:
        return failed(
            _("The worker does not see the private files that this process writes."),
            _(
                "Give web and worker machines the same folder, or set NASSIJ_PRIVATE_STORAGE to a store they share, such as S3."
            ),
            **details,
        )
    if job.state == Job.State.FAILED:
        message = _("The worker failed: %(code)s.") % {"code": job.error_code}
        return failed(message, _("Read the worker's log, and mend what it names."), **details)
    version = (job.result or {}).get("version")
    if version != __version__:
        words = {"worker": version, "here": __version__}
        message = _("The worker runs version %(worker)s of the suite, this process %(here)s.") % words
        return failed(message, start_worker, **details)
    words = {"queue": queue, "seconds": f"{seconds:.1f}"}
    return ok(_("Sent to the queue %(queue)s and done in %(seconds)s s.") % words, **details)


@check("upkeep", title=gettext_lazy("What is due is done in time"), on=PLATFORM)
def timer(asked: Asked) -> Iterator[Finding]:
    """Each command that a timer must start has run lately."""
    for found in upkeep():
        details = {"command": found.command, "last": found.last.isoformat() if found.last else None}
        if not found.is_late:
            yield ok(_("%(command)s ran lately.") % {"command": found.command}, **details)
            continue
        if found.last is None:
            message = _("%(command)s has never run.") % {"command": found.command}
        else:
            hours = (timezone.now() - found.last).total_seconds() / 3600
            words = {"command": found.command, "hours": f"{hours:.1f}", "when": format_datetime(found.last)}
            message = _("%(command)s ran last %(hours)s hours ago (%(when)s).") % words
        remedy = _("Start beat, or a timer (cron, CronJob) that runs every few minutes: ./manage.py lms %(command)s")
        yield failed(message, remedy % {"command": found.command}, **details)
