"""Forgetting a person who leaves the platform: one signal, every app of the suite answers for its own tables."""

from typing import Any

from django.db import transaction
from django.dispatch import Signal, receiver

from nassij.common.models import AuditEvent, IdempotentReply, Job, JobWatcher, MailOptOut
from nassij.common.outbox import forget_person

retiring = Signal()
"""Sent with `user_id`, inside a transaction. A receiver deletes or detaches; one that raises stops the retirement, loudly."""


def retire(*, user_id: int) -> None:
    """Remove or detach the person everywhere in the suite, or nowhere. Checks no permission."""
    with transaction.atomic():
        retiring.send(sender=None, user_id=user_id)


def on_platform_retirement(sender: Any, user: Any, **_: Any) -> None:
    """Receiver of the LMS's `USER_RETIRE_LMS_MISC`, connected through the plugin configuration."""
    retire(user_id=user.pk)


def on_account_deleted(sender: Any, instance: Any, **_: Any) -> None:
    """Receiver of `pre_delete` of an account (the admin, a shell): whoever deletes one goes the same way, within the deletion."""
    retire(user_id=instance.pk)


@receiver(retiring)
def forget(sender: Any, user_id: int, **_: Any) -> None:
    """Our own tables: replies, watching and mails go, closed jobs go, the audit trail keeps what was done without who."""
    IdempotentReply.objects.filter(user_id=user_id).delete()
    JobWatcher.objects.filter(user_id=user_id).delete()
    MailOptOut.objects.filter(user_id=user_id).delete()
    forget_person(user_id)
    mine = Job.objects.filter(owner_id=user_id)
    mine.filter(open_key=None).delete()
    mine.update(owner_id=None)
    AuditEvent.objects.detach_actor(user_id)
