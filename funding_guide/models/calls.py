"""Funding calls: each version is data that never changes once published."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from nassij.common.immutable import GuardedManager, ImmutableError, changed_fields

from ..data import CallStatus


class CallVersion(models.Model):
    """One version of a funding call, or of a model of such calls.

    A draft may change. Once published it never does: the only step left is to withdraw it. The columns beside `content` repeat
    what lists ask for.

    `current_slot` is the slug while the version is the one shown, NULL otherwise: unique, so that one call has one text.

    .. no_pii:
    """

    slug = models.CharField(gettext_lazy("call"), max_length=64)
    version = models.CharField(gettext_lazy("version"), max_length=24)
    status = models.CharField(
        gettext_lazy("status"), max_length=16, choices=CallStatus.choices, default=CallStatus.DRAFT
    )
    content = models.JSONField(gettext_lazy("content"))
    content_hash = models.CharField(gettext_lazy("content hash"), max_length=64, db_index=True, editable=False)
    is_model = models.BooleanField(gettext_lazy("model"), default=False, editable=False)
    closes_on = models.DateField(gettext_lazy("closes"), null=True, editable=False)
    current_slot = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 (NULL = not shown)
    created_at = models.DateTimeField(gettext_lazy("created"), auto_now_add=True)
    published_at = models.DateTimeField(gettext_lazy("published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(gettext_lazy("withdrawn"), null=True, editable=False)

    objects = GuardedManager()

    AFTER_PUBLICATION = frozenset({"status", "withdrawn_at", "current_slot"})

    class Meta:
        verbose_name = gettext_lazy("funding call")
        verbose_name_plural = gettext_lazy("funding calls")
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="nassij_fund_call_version")]
        ordering = ["slug", "-published_at", "-id"]
        permissions = [("publish_callversion", "Can publish and withdraw funding call")]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        stored = CallVersion._base_manager.filter(pk=self.pk).first() if self.pk else None
        if stored is not None and stored.status != CallStatus.DRAFT:
            changed = changed_fields(stored, self)
            back = stored.status == CallStatus.WITHDRAWN or self.status == CallStatus.DRAFT
            if changed - self.AFTER_PUBLICATION or (changed and back):
                raise ImmutableError(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if CallVersion._base_manager.get(pk=self.pk).status != CallStatus.DRAFT:
            raise ImmutableError(type(self))
        return super().delete(*args, **kwargs)
