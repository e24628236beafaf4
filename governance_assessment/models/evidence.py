"""The documents an association attaches to its answers."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from nassij.common.immutable import GuardedManager, ImmutableError

from .answers import CODE_LENGTH
from .rounds import Round


class EvidenceFile(models.Model):
    """A document that shows an answer; its bytes are a private file at `path` (`nassij.common.private_files`).

    Removing it deletes the bytes; the row stays, with its hash, since an earlier submission may name it. `present_slot` is unique
    and not null while the file is there: the same content twice for one indicator is one file. Like the answers it belongs to, it
    changes only while the round is open.

    .. pii: who attached the document and what they called it; the document itself may name other people
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="evidence_files")
    indicator_code = models.CharField(gettext_lazy("indicator"), max_length=CODE_LENGTH)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("added by"),
    )
    name = models.CharField(gettext_lazy("name"), max_length=160)
    kind = models.CharField(gettext_lazy("kind"), max_length=8)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(gettext_lazy("size in bytes"))
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=191, unique=True)
    present_slot = models.CharField(max_length=191, unique=True, null=True, editable=False)  # noqa: DJ001 (NULL = removed)
    created_at = models.DateTimeField(gettext_lazy("added"), auto_now_add=True)
    removed_at = models.DateTimeField(gettext_lazy("removed"), null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        verbose_name = gettext_lazy("document")
        verbose_name_plural = gettext_lazy("documents")
        indexes = [models.Index(fields=["round", "indicator_code"], name="nassij_gov_evidence")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.kind} ({self.round_id})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_when_submitted()
        self.present_slot = None if self.removed_at else present_slot(self.round_id, self.indicator_code, self.sha256)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_when_submitted()
        return super().delete(*args, **kwargs)

    def _refuse_when_submitted(self) -> None:
        stored = EvidenceFile._base_manager.filter(pk=self.pk) if self.pk else EvidenceFile._base_manager.none()
        rounds = {self.round_id, *stored.values_list("round_id", flat=True)}
        if not all(found.is_open for found in Round.objects.filter(pk__in=rounds)):
            raise ImmutableError(type(self))


PRESENT = Q(removed_at__isnull=True)
"""The files that are there now."""


def present_slot(round_id: int, indicator_code: str, sha256: str) -> str:
    """What only one present file may hold."""
    return f"{round_id}:{indicator_code}:{sha256}"
