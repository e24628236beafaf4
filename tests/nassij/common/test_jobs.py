"""Jobs: the same work once, watched by who asked, safe to deliver twice, failures told as codes."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import Retry, SoftTimeLimitExceeded
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from nassij.common import audit, jobs, tasks
from nassij.common.errors import NotFound, Unprocessable
from nassij.common.models import AuditEvent, Job, JobWatcher

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.nassij.common.urls")]
Deliver = Callable[[Job], Job]


@pytest.fixture
def work() -> Iterator[Callable[..., None]]:
    """Registers a function as the kind `test.work` for one test."""

    def register(function: jobs.Work) -> None:
        jobs._kinds["test.work"] = function

    jobs.kinds()
    register(lambda job: {"ok": True})
    yield register
    jobs._kinds.pop("test.work", None)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The uuids of the jobs handed to the worker; nothing runs until the test delivers."""
    messages: list[str] = []
    monkeypatch.setattr(jobs, "send_on_commit", lambda task, job_uuid: messages.append(job_uuid))
    return messages


def deliver(job: Job) -> Job:
    jobs.run(str(job.uuid))
    return Job.objects.get(pk=job.pk)


def begin(**changes: Any) -> Job:
    return jobs.start(**{"kind": "test.work", "subject": "a", "owner_id": 1, "params": {"x": 1}} | changes)


def test_a_job_runs_and_keeps_its_result(work: Any, sent: list[str]) -> None:
    work(lambda job: {"seen": job.params["x"], "subject": job.subject})
    job = begin()
    assert (job.state, job.progress, sent) == ("queued", 0, [str(job.uuid)])
    job = deliver(job)
    assert (job.state, job.progress, job.result) == ("done", 100, {"seen": 1, "subject": "a"})
    assert job.open_key is None and job.finished and job.started and job.attempts == 1


def test_it_is_sent_after_commit_only(work: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        job = begin()
        assert Job.objects.get(pk=job.pk).state == "queued"
    assert len(callbacks) == 1
    assert Job.objects.get(pk=job.pk).state == "done"


def test_a_broker_that_is_down_does_not_undo_the_request(
    work: Any, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def down(*args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks.run_job, "delay", down)
    with django_capture_on_commit_callbacks(execute=True):
        job = begin()
    assert Job.objects.get(pk=job.pk).state == "queued"
    assert "hand_over" in caplog.text


def test_the_same_work_is_open_once_and_both_may_watch(work: Any, sent: list[str]) -> None:
    first, second = begin(), begin(owner_id=2)
    assert first.pk == second.pk and len(sent) == 1
    assert {jobs.watched_by(user_id=user, job_uuid=first.uuid).pk for user in (1, 2)} == {first.pk}
    assert begin(owner_id=2).pk == first.pk and JobWatcher.objects.count() == 1
    assert begin(params={"x": 2}).pk != first.pk
    assert begin(subject="b").pk != first.pk
    deliver(first)
    assert begin().pk != first.pk


def test_nobody_else_may_watch(work: Any, sent: list[str]) -> None:
    job = begin()
    for stranger in (2, 0):
        with pytest.raises(NotFound):
            jobs.watched_by(user_id=stranger, job_uuid=job.uuid)


def test_a_redelivery_after_the_end_does_nothing(work: Any, sent: list[str]) -> None:
    calls: list[int] = []
    work(lambda job: calls.append(1) or {"n": len(calls)})
    job = deliver(begin())
    again = deliver(job)
    assert (calls, again.result, again.finished, again.attempts) == ([1], {"n": 1}, job.finished, 1)
    jobs.run("00000000-0000-4000-8000-000000000000")


def test_a_redelivery_while_another_worker_runs_waits(
    work: Any, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begin()
    Job.objects.filter(pk=job.pk).update(state="running", started=timezone.now(), holder="elsewhere:1:x", attempts=1)
    with pytest.raises(jobs.Busy):
        deliver(job)
    retries: list[int] = []
    monkeypatch.setattr(tasks.run_job, "retry", lambda *, countdown, exc: retries.append(countdown) or Retry(exc=exc))
    with pytest.raises(Retry):
        tasks.run_job(str(job.uuid))
    assert retries == [tasks.RETRY_BUSY_AFTER]


def test_a_job_of_a_dead_process_starts_over_at_once(work: Any, sent: list[str]) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    job = begin()
    Job.objects.filter(pk=job.pk).update(
        state="running", started=timezone.now(), holder=f"{socket.gethostname()}:{gone.pid}:x", attempts=1
    )
    job = deliver(job)
    assert (job.state, job.attempts) == ("done", 2)


@pytest.mark.parametrize(
    ("holder", "age", "expected"),
    [
        (lambda: jobs._process, 0, False),
        (lambda: f"{socket.gethostname()}:{os.getpid()}:earlier", 0, True),
        (lambda: f"{socket.gethostname()}:{os.getppid()}:x", 0, False),
        (lambda: "elsewhere:1:x", 0, False),
        (lambda: "elsewhere:1:x", 10_000, True),
        (lambda: "", 0, False),
        (lambda: "nonsense", 0, False),
    ],
)
def test_who_may_take_a_running_job_over(holder: Callable[[], str], age: int, expected: bool) -> None:
    started = timezone.now() - timedelta(seconds=age)
    assert jobs._abandoned(Job(state="running", started=started, holder=holder())) is expected


def test_a_job_that_keeps_killing_its_worker_fails_in_the_end(work: Any, sent: list[str]) -> None:
    job = begin()
    Job.objects.filter(pk=job.pk).update(
        state="running", started=timezone.now() - timedelta(days=1), holder="x:1:y", attempts=jobs.MAX_ATTEMPTS
    )
    job = deliver(job)
    assert (job.state, job.error_code, job.open_key) == ("failed", "interrupted", None)


def test_a_failure_is_a_code_and_words_in_the_language_of_the_owner(work: Any, sent: list[str]) -> None:
    def refuse(job: jobs.RunningJob) -> None:
        raise Unprocessable(code="row_errors", rows=[3])

    work(refuse)
    job = deliver(begin())
    assert (job.state, job.error_code, job.open_key, job.progress) == ("failed", "row_errors", None, 0)
    assert job.problem["rows"] == [3] and job.problem["detail"] and job.problem["remedy"]


@pytest.mark.parametrize(
    ("raised", "code"), [(ZeroDivisionError("secret"), "internal_error"), (SoftTimeLimitExceeded(), "took_too_long")]
)
def test_faults_are_logged_not_shown(work: Any, sent: list[str], raised: Exception, code: str, caplog: Any) -> None:
    def fail(job: jobs.RunningJob) -> None:
        raise raised

    work(fail)
    job = deliver(begin())
    assert (job.state, job.error_code) == ("failed", code)
    assert "secret" not in str(job.problem)
    assert ("secret" in caplog.text) is (code == "internal_error")


def test_a_kind_that_is_gone_fails_clearly(work: Any, sent: list[str]) -> None:
    job = begin()
    del jobs._kinds["test.work"]
    assert deliver(job).error_code == "unknown_job_kind"
    with pytest.raises(ValueError, match="unknown job kind"):
        begin(params={"x": 9})


def test_a_kind_is_registered_once() -> None:
    def one(job: jobs.RunningJob) -> None: ...
    def other(job: jobs.RunningJob) -> None: ...

    try:
        assert jobs.job_kind("test.once")(one) is one
        jobs.job_kind("test.once")(one)
        with pytest.raises(ValueError, match="twice"):
            jobs.job_kind("test.once")(other)
    finally:
        jobs._kinds.pop("test.once", None)


def test_progress_is_seen_while_it_runs(work: Any, sent: list[str]) -> None:
    seen: list[tuple[int, str]] = []

    def count(job: jobs.RunningJob) -> dict[str, Any]:
        for number in range(1, 101):
            job._reported = 0
            job.report(number, 100, f"row {number}")
            row = Job.objects.get(uuid=job.uuid)
            seen.append((row.progress, row.message))
        return {}

    work(count)
    assert deliver(begin()).message == ""
    assert seen[0] == (1, "row 1") and seen[49] == (50, "row 50") and seen[-1] == (99, "row 100")


def test_reports_are_not_written_for_every_row(work: Any, sent: list[str], django_assert_max_num_queries: Any) -> None:
    def count(job: jobs.RunningJob) -> None:
        with django_assert_max_num_queries(3):
            for number in range(1000):
                job.report(number, 1000)

    work(count)
    assert deliver(begin()).state == "done"


def test_the_closing_function_and_the_end_happen_together_or_not_at_all(work: Any, sent: list[str]) -> None:
    def close_badly(job: jobs.RunningJob) -> jobs.Outcome:
        def closing() -> dict[str, Any]:
            audit.record(actor_id=1, action="test.closed")
            job.report(1, 2)
            raise Unprocessable()

        return closing

    work(close_badly)
    assert deliver(begin()).state == "failed"
    assert not AuditEvent.objects.exists()

    def close_well(job: jobs.RunningJob) -> jobs.Outcome:
        return lambda: audit.record(actor_id=1, action="test.closed") or {"n": 1}

    work(close_well)
    assert deliver(begin(subject="b")).result == {"n": 1}
    assert AuditEvent.objects.count() == 1


def test_a_worker_that_was_replaced_stops_and_changes_nothing(work: Any, sent: list[str]) -> None:
    def taken_over(job: jobs.RunningJob) -> jobs.Outcome:
        Job.objects.filter(uuid=job.uuid).update(attempts=2, holder="other:1:x")
        if job.params["x"] == 1:
            job._reported = 0
            job.report(1, 2)
        return lambda: audit.record(actor_id=1, action="test.zombie") or {}

    work(taken_over)
    for x in (1, 2):
        job = deliver(begin(params={"x": x}))
        assert (job.state, job.attempts, job.result) == ("running", 2, None)
    assert not AuditEvent.objects.exists()


def test_lost_messages_are_sent_again(work: Any, sent: list[str]) -> None:
    fresh, lost, orphan, busy = (begin(subject=subject) for subject in "abcd")
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk__in=[lost.pk, orphan.pk, busy.pk]).update(sent=long_ago)
    Job.objects.filter(pk=orphan.pk).update(state="running", started=long_ago, attempts=1)
    Job.objects.filter(pk=busy.pk).update(state="running", started=timezone.now(), attempts=1)
    sent.clear()
    call_command("nassij_tidy", verbosity=0)
    assert set(sent) == {str(lost.uuid), str(orphan.uuid)}
    sent.clear()
    assert jobs.send_stale() == 0
    Job.objects.filter(pk=lost.pk).update(sent=long_ago)
    assert begin(subject="b").pk == lost.pk and sent == [str(lost.uuid)]
    assert fresh.pk


def test_old_ended_jobs_are_forgotten(work: Any, sent: list[str]) -> None:
    old, open_one = deliver(begin()), begin(subject="b")
    Job.objects.update(finished=timezone.now() - timedelta(days=31))
    Job.objects.filter(pk=open_one.pk).update(finished=None)
    assert jobs.forget_old_jobs() == 1
    assert list(Job.objects.values_list("pk", flat=True)) == [open_one.pk] and old.pk


# The watch page


@pytest.fixture
def owner(client: Client) -> int:
    user = get_user_model().objects.create_user("owner")
    client.force_login(user)
    return user.pk


def page_of(client: Client, job: Job) -> str:
    response = client.get(f"/nassij/jobs/{job.uuid}/", HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_progress_and_reloads_without_a_script(
    work: Any, sent: list[str], client: Client, owner: int
) -> None:
    job = begin(owner_id=owner)
    Job.objects.filter(pk=job.pk).update(state="running", done=3, total=4, message="Reading")
    page = page_of(client, job)
    assert '<progress max="100" value="75"' in page and "Reading · 3 of 4" in page
    assert '<noscript><meta http-equiv="refresh"' in page and "nassij/job.js" in page
    state = client.get(f"/nassij/jobs/{job.uuid}/state/").json()
    assert (state["state"], state["progress"], state["finished"], state["url"]) == ("running", 75, False, None)


def test_the_page_of_a_finished_job_leads_to_its_result(work: Any, sent: list[str], client: Client, owner: int) -> None:
    work(lambda job: {"url": "/nassij/x/"})
    page = page_of(client, deliver(begin(owner_id=owner)))
    assert 'href="/nassij/x/"' in page and "refresh" not in page and "<progress" not in page


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_result_leads_nowhere_else(work: Any, sent: list[str], client: Client, owner: int, url: str) -> None:
    work(lambda job: {"url": url})
    assert url not in page_of(client, deliver(begin(owner_id=owner)))


def test_the_page_of_a_failed_job_says_why(work: Any, sent: list[str], client: Client, owner: int) -> None:
    def refuse(job: jobs.RunningJob) -> None:
        raise Unprocessable("Row 3 <b>", code="row_errors")

    work(refuse)
    page = page_of(client, deliver(begin(owner_id=owner)))
    assert "Row 3 &lt;b&gt;" in page and "row_errors" in page


def test_strangers_get_nothing(work: Any, sent: list[str], client: Client) -> None:
    job = begin(owner_id=10_000)
    address = f"/nassij/jobs/{job.uuid}/"
    assert client.get(address).status_code == 302
    assert client.get(f"{address}state/").status_code == 401
    client.force_login(get_user_model().objects.create_user("stranger"))
    assert client.get(address).status_code == 404
    state = client.get(f"{address}state/")
    assert (state.status_code, state["Content-Type"]) == (404, "application/problem+json")
    assert client.post(address).status_code == 405


@override_settings(NASSIJ_JOB_SECONDS=900)
def test_the_task_gives_its_message_back_when_a_worker_dies() -> None:
    assert tasks.run_job.acks_late and tasks.run_job.reject_on_worker_lost
    assert tasks.run_job.soft_time_limit < tasks.run_job.time_limit < 3600
