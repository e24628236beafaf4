"""What was submitted and what was validated, each complete in itself."""

from __future__ import annotations

import uuid
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from nassij.common.canonical import digest
from nassij.common.immutable import WrittenOnce

from ..data import Layer, RoundKind
from .rounds import Round


class Snapshot(WrittenOnce):
    """A round as it was submitted, or as a coach validated it: complete in itself, nothing computed later replaces it.

    `result` is the engine's own document: exact fractions as text ("673/7"), labels, caps with their reasons. A recomputation
    is a check of it, never a replacement. `details` holds what stands beside each answer: how it came to be, evidence, the note
    or the coach's comment. A round that is reopened and submitted again gets a further snapshot.

    `fingerprint` is a hash of all of that; who submitted is not part of it, since an account may be retired. The database itself
    refuses changes where it may have triggers (`governance_assessment.guards`); the fingerprint shows one everywhere.

    .. pii: who submitted or validated the round; notes of the association and comments of the coach
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="snapshots")
    layer = models.CharField(gettext_lazy("layer"), max_length=16, choices=Layer.choices, default=Layer.SELF)
    number = models.PositiveIntegerField(gettext_lazy("submission"))
    kind = models.CharField(gettext_lazy("kind"), max_length=16, choices=RoundKind.choices)
    instrument_hash = models.CharField(gettext_lazy("content hash"), max_length=64)
    scoring_hash = models.CharField(gettext_lazy("scoring hash"), max_length=64)
    engine_version = models.CharField(gettext_lazy("engine"), max_length=32)
    profile = models.JSONField(gettext_lazy("profile answers"))
    answers = models.JSONField(gettext_lazy("answers"))
    details = models.JSONField(gettext_lazy("beside the answers"), default=dict)
    result = models.JSONField(gettext_lazy("result"))
    respondents = models.PositiveIntegerField(gettext_lazy("respondents"))
    remark = models.TextField(gettext_lazy("remark"), blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(gettext_lazy("submitted"))
    fingerprint = models.CharField(gettext_lazy("fingerprint"), max_length=64, default="", editable=False)

    _CONTENT = (
        "layer", "kind", "instrument_hash", "scoring_hash", "engine_version", "profile", "answers", "details",
        "result", "respondents", "remark",
    )  # fmt: skip

    class Meta:
        verbose_name = gettext_lazy("snapshot")
        verbose_name_plural = gettext_lazy("snapshots")
        constraints = [models.UniqueConstraint(fields=["round", "layer", "number"], name="nassij_gov_snapshot_layer")]
        ordering = ["round_id", "-id"]

    def __str__(self) -> str:
        return f"{self.round_id}.{self.layer}.{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fingerprint = self.fingerprint_of_content()
        super().save(*args, **kwargs)

    def fingerprint_of_content(self) -> str:
        """SHA-256 (hex) over everything that was frozen."""
        content = [[name, getattr(self, name)] for name in self._CONTENT]
        at = self.submitted_at.astimezone(UTC).isoformat(timespec="microseconds")
        return digest("nassij.snapshot", str(self.uuid), self.round_id, at, content)

    @property
    def is_intact(self) -> bool:
        """Whether what is stored is what was frozen."""
        return self.fingerprint == self.fingerprint_of_content()
