"""Background work with a row: started once, watched by who asked, safe to deliver twice.

    @job_kind("associations.import")
    def import_rows(job: RunningJob) -> Outcome:
        rows = parse(job.params["path"], on_row=lambda n, total: job.report(n, total))
        return lambda: write(rows)          # changes the database together with the job's end, or not at all

Kinds are registered in an app's `tasks.py`. The functions get a `RunningJob`, and return the result (a JSON object; its member
`url`, a path of this site, is where the watch page leads) or a function that makes it inside the closing transaction.
"""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from nassij.common.background import send_on_commit
from nassij.common.canonical import as_json, digest
from nassij.common.conf import setting
from nassij.common.errors import Conflict, NassijError, NotFound, problem
from nassij.common.idempotency import retrying
from nassij.common.locale import language_of
from nassij.common.models import Job, JobWatcher

log = logging.getLogger(__name__)

Outcome = Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None
Work = Callable[["RunningJob"], Outcome]

MAX_ATTEMPTS = 3
RESEND_AFTER = timedelta(seconds=60)
REPORT_EVERY = 0.5  # seconds
_kinds: dict[str, Work] = {}
_process = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Busy(Exception):
    """Another worker holds the job, or seems to: ask again later."""


class Lost(Exception):
    """The job was given to another worker while this one still ran."""


def job_kind(name: str) -> Callable[[Work], Work]:
    """Register the function that does jobs of kind `name` (`app.verb`, at most 64 characters)."""

    def register(work: Work) -> Work:
        if _kinds.setdefault(name, work) is not work:
            raise ValueError(f"job kind {name} is registered twice")
        return work

    return register


def start(*, kind: str, subject: str = "", owner_id: int | None, params: Mapping[str, Any] | None = None) -> Job:
    """Ask for the work; the job row, queued after commit. Checks no permission: ask first.

    While a job of the same (kind, subject, params) is open that job is returned, and `owner_id` may watch it too. One whose
    message seems lost is sent again: a second delivery does no harm. `params` is JSON (ids and codes; files by storage name).
    """
    if kind not in kinds():
        raise ValueError(f"unknown job kind {kind}")
    clean: dict[str, Any] = as_json(params or {})
    key = digest(kind, subject, clean)
    for _attempt in range(MAX_ATTEMPTS):  # an open job may end between our two statements
        try:
            with transaction.atomic():
                job = Job.objects.create(kind=kind, subject=subject, owner_id=owner_id, params=clean, open_key=key)
                _send(job)
                return job
        except IntegrityError:
            if existing := _join(key, owner_id):
                return existing
    raise Conflict()


def watched_by(*, user_id: int, job_uuid: uuid.UUID | str) -> Job:
    """The job, for its owner and those who asked for the same; `NotFound` for everybody else."""
    mine = Job.objects.filter(Q(owner_id=user_id) | Q(watchers__user_id=user_id), uuid=job_uuid).distinct()
    job = mine.first()
    if job is None:
        raise NotFound()
    return job


def watched(*, user_id: int, kind: str, subject: str) -> list[Job]:
    """The last jobs of a kind about a subject that this person asked for, the newest first; one query."""
    mine = Job.objects.filter(Q(owner_id=user_id) | Q(watchers__user_id=user_id), kind=kind, subject=subject).distinct()
    return list(mine.order_by("-pk")[:20])


def send_stale() -> int:
    """Queue again the jobs whose message or worker was lost; returns how many."""
    stale = list(_stale())
    Job.objects.filter(pk__in=[job.pk for job in stale]).update(sent=timezone.now())
    for job in stale:
        _send(job)
    return len(stale)


def forget_old_jobs(older_than: timedelta = timedelta(days=30)) -> int:
    """Delete the jobs that ended that long ago; returns how many."""
    old = Job.objects.filter(open_key=None, finished__lt=timezone.now() - older_than)
    count = old.count()
    old.delete()
    return count


@dataclass
class RunningJob:
    """What the function of a kind sees of its job."""

    uuid: uuid.UUID
    kind: str
    subject: str
    owner_id: int | None
    params: Mapping[str, Any]
    language: str
    attempt: int
    closing: bool = False
    _reported: float = field(default=0.0, repr=False)

    def report(self, done: int, total: int, message: str = "") -> None:
        """Say how far the work is; written at most twice a second, so call it per row.

        Raises `Lost` when another worker has taken the job over: let it through, to stop. Silent inside the closing
        transaction, where nobody could see it.
        """
        now = time.monotonic()
        if self.closing or (now - self._reported < REPORT_EVERY and done < total):
            return
        self._reported = now
        values: dict[str, Any] = {"done": done, "total": total} | ({"message": str(message)[:500]} if message else {})
        if not self._mine().update(**values):
            raise Lost(str(self.uuid))

    def _mine(self) -> Any:
        return Job.objects.filter(uuid=self.uuid, state=Job.State.RUNNING, attempts=self.attempt)


def run(job_uuid: str) -> None:
    """Do the job (the worker's part). Raises `Busy` when another worker may be doing it.

    Delivered again after its end it does nothing; delivered again after a worker died it starts over, three times at most.
    """
    job = _claim(job_uuid)
    if job is None:
        return
    running = RunningJob(
        job.uuid, job.kind, job.subject, job.owner_id, job.params, language_of(job.owner_id), job.attempts
    )
    with translation.override(running.language):
        try:
            if job.attempts > MAX_ATTEMPTS:
                raise NassijError(_("The work was interrupted several times."), code="interrupted")
            work = kinds().get(job.kind)
            if work is None:
                raise NassijError(_("This kind of work is not installed here."), code="unknown_job_kind")
            outcome = work(running)
            running.closing = True
            retrying(lambda: _finish(running, outcome))
        except Lost:
            log.warning("job %s was taken over by another worker", job.uuid)
        except NassijError as error:
            _fail(running, error)
        except SoftTimeLimitExceeded:
            _fail(running, NassijError(_("This took too long and was stopped."), code="took_too_long"))
        except Exception:
            log.exception("job %s of kind %s failed", job.uuid, job.kind)
            _fail(running, NassijError(_("Something went wrong on our side."), code="internal_error"))


def kinds() -> Mapping[str, Work]:
    """The registered kinds, after every installed app's `tasks` module was imported once."""
    if not getattr(kinds, "discovered", False):
        kinds.discovered = True  # type: ignore[attr-defined]
        autodiscover_modules("tasks")
    return _kinds


def _claim(job_uuid: str) -> Job | None:
    """Take the job for this process; None when it has ended (or was deleted). Compare-and-swap on `attempts`."""
    job = Job.objects.filter(uuid=job_uuid).first()
    if job is None or not job.is_open:
        return None
    if job.state == Job.State.RUNNING and not _abandoned(job):
        raise Busy(job_uuid)
    now = timezone.now()
    values: dict[str, Any] = {
        "state": Job.State.RUNNING,
        "started": now,
        "holder": _process,
        "attempts": job.attempts + 1,
    }
    if not Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts).update(**values, done=0, total=0):
        raise Busy(job_uuid)
    for name, value in values.items():
        setattr(job, name, value)
    return job


def _abandoned(job: Job) -> bool:
    """Whether nobody can be working on a running job: its time is over, or its process on this machine is gone."""
    if job.started is None or timezone.now() > job.started + _longest_run():
        return True
    host, pid, _token = [*job.holder.split(":"), "", ""][:3]
    if job.holder == _process or host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True  # an earlier process had the same number
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _longest_run() -> timedelta:
    """The worker kills a job after its time limit; the margin is for the clock and the kill itself."""
    return timedelta(seconds=int(setting("NASSIJ_JOB_SECONDS")) + 60)


def _stale() -> Any:
    now = timezone.now()
    unsent = Q(state=Job.State.QUEUED, sent__lt=now - RESEND_AFTER)
    orphaned = Q(state=Job.State.RUNNING, started__lt=now - _longest_run(), sent__lt=now - RESEND_AFTER)
    return Job.objects.filter(unsent | orphaned)


def _join(key: str, owner_id: int | None) -> Job | None:
    """Let `owner_id` watch the open job `key`; None when it has just ended."""
    with transaction.atomic():
        # A locking read sees what was committed after an outer transaction took its snapshot.
        job = Job.objects.select_for_update().filter(open_key=key).first()
        if job is None:
            return None
        if owner_id is not None and owner_id != job.owner_id:
            JobWatcher.objects.get_or_create(job=job, user_id=owner_id)
        if _stale().filter(pk=job.pk).exists():
            Job.objects.filter(pk=job.pk).update(sent=timezone.now())
            _send(job)
        return job


def _send(job: Job) -> None:
    from nassij.common.tasks import run_job  # tasks import this module

    send_on_commit(run_job, str(job.uuid))


def _finish(running: RunningJob, outcome: Outcome) -> None:
    """Close the job and apply what the work wants to change, both or neither."""
    with transaction.atomic():
        closing = {"state": Job.State.DONE, "open_key": None, "finished": timezone.now(), "message": ""}
        if not running._mine().update(**closing):
            raise Lost(str(running.uuid))
        result = outcome() if callable(outcome) else outcome
        Job.objects.filter(uuid=running.uuid).update(result=as_json(result or {}))


def _fail(running: RunningJob, error: NassijError) -> None:
    running._mine().update(
        state=Job.State.FAILED,
        open_key=None,
        finished=timezone.now(),
        message="",
        error_code=error.code,
        problem=problem(error, running.language),
    )
