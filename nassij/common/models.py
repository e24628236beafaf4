"""Tables every app of the suite uses: replies already given, background jobs, mails, the audit trail, what a timer ran.

People are bare ids without a foreign key: rows outlive accounts, and both services migrate the same database with different apps.
"""

import uuid
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IdempotentReply(models.Model):
    """The reply to an operation that was applied, so that a repeated delivery gets the same reply and changes nothing.

    Written in the transaction of the operation itself; kept at least seven days (phones that were offline), see `nassij_tidy`.

    .. pii: The id of the person who sent the operation, and the reply they got.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    user_id = models.BigIntegerField()
    operation_id = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    reply = models.JSONField(null=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("stored reply")
        verbose_name_plural = _("stored replies")
        constraints = [models.UniqueConstraint(fields=["user_id", "operation_id"], name="nassij_reply_once")]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.operation_id}"


class Job(models.Model):
    """Work done by a worker while somebody waits: its state, how far it is, what came of it.

    `open_key` is the hash of (kind, subject, parameters) while the job is open and NULL afterwards: being unique it makes the
    same work run once at a time on every database.

    .. pii: Who started the job; parameters, result and failure may name people of an association.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=191, blank=True)
    params = models.JSONField(default=dict)
    owner_id = models.BigIntegerField(null=True, db_index=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    open_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 (NULL = closed)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    result = models.JSONField(null=True)
    error_code = models.CharField(max_length=64, blank=True)
    problem = models.JSONField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=191, blank=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)
    sent = models.DateTimeField(default=timezone.now)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["kind", "subject"], name="nassij_job_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def progress(self) -> int:
        """Per cent, 0 to 100; 100 only when done."""
        if self.state == self.State.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)


class JobWatcher(models.Model):
    """A person who asked for work that was already under way, and may watch it like its owner.

    .. pii: The id of the person who asked.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="watchers")
    user_id = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("watcher of a job")
        verbose_name_plural = _("watchers of jobs")
        constraints = [models.UniqueConstraint(fields=["job", "user_id"], name="nassij_job_watched_once")]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.job_id}"


class OutgoingMail(models.Model):
    """A mail to send: written in the transaction that decides on it, so it leaves if and only if that is committed.

    `key` is what must be sent once ("reminders:42:2027-03-15"); it stays after the mail has left, the words and the address do
    not. How it travels, and what a kill -9 does to it, is told in `nassij.common.outbox`.

    .. pii: Until it has left: the address and what the mail says. Afterwards the id of the person it went to.
    .. pii_types: id, email_address, other
    .. pii_retirement: local_api
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("not wanted")
        FAILED = "failed", _("failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=191, null=True, unique=True, editable=False)  # noqa: DJ001 (NULL = may repeat)
    topic = models.CharField(max_length=32, blank=True)
    template = models.CharField(max_length=100)
    context = models.JSONField(default=dict)
    to_user_id = models.BigIntegerField(null=True, db_index=True)
    to_address = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    # When it was queued, claimed or ended last, or when to try again; what has stood too long is queued again.
    touched = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [models.Index(fields=["state", "touched"], name="nassij_mail_state")]

    def __str__(self) -> str:
        return f"{self.template} {self.uuid}"


class MailOptOut(models.Model):
    """A person who wants no mails about a topic. The row is the switch: it is there, or it is not.

    .. pii: The id of the person.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    user_id = models.BigIntegerField()
    topic = models.CharField(max_length=32)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mails not wanted")
        verbose_name_plural = _("mails not wanted")
        constraints = [models.UniqueConstraint(fields=["user_id", "topic"], name="nassij_mail_opt_out")]

    def __str__(self) -> str:
        return f"{self.user_id} without {self.topic}"


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    """Rows that are added and read, never changed."""

    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly("audit events are not changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("audit events are not deleted")

    def detach_actor(self, user_id: int) -> int:
        """Forget who acted, keep what was done: the one change the law asks for. Returns the number of rows."""
        return super().filter(actor_id=user_id)._forget()

    def _forget(self) -> int:
        return super().update(actor_id=None)


class AppendOnly(TypeError):
    """Somebody tried to rewrite the audit trail."""


class AuditEvent(models.Model):
    """Who did what to which object, when.

    `details` holds codes, counts and ids, never names, addresses or answers in words.

    .. pii: The id of the person who acted.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor_id = models.BigIntegerField(null=True, db_index=True)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64, blank=True)
    object_uuid = models.UUIDField(null=True)
    association_uuid = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["association_uuid", "at"], name="nassij_audit_association"),
            models.Index(fields=["object_uuid", "at"], name="nassij_audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("audit events are not changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("audit events are not deleted")


class UpkeepRun(models.Model):
    """When a command that a timer starts last did its work (see `nassij.common.upkeep`).

    .. no_pii: names of commands and times.
    """

    command = models.CharField(_("command"), max_length=64, unique=True)
    at = models.DateTimeField(_("last run"))

    class Meta:
        verbose_name = _("run of a command")
        verbose_name_plural = _("runs of commands")

    def __str__(self) -> str:
        return f"{self.command} {self.at:%Y-%m-%d %H:%M}"
