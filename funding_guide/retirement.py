"""When a person's account is retired: their name leaves the files their associations prepared."""

from __future__ import annotations

from typing import Any

from .models import ApplicationDocument


def retire_user(user_id: int) -> None:
    """Detach a person everywhere in this app. Idempotent. Checks no permission: the platform's retirement calls it."""
    ApplicationDocument.objects.filter(owner_id=user_id).update(owner_id=None)


def on_retirement(sender: Any, user_id: int, **kwargs: Any) -> None:
    """Receiver of `nassij.common.retirement.retiring`, which the platform's own retirement sends."""
    retire_user(user_id)
