"""Instrument versions: what is asked and how it is scored, as data that never changes once published."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from nassij.common.immutable import GuardedManager, ImmutableError, changed_fields

from ..data import InstrumentStatus


class InstrumentVersion(models.Model):
    """One version of an instrument: its texts, weights, bands and caps, as data.

    A draft may change. Once published it never does: the only step left is to retire it, so that no new round opens on it.

    .. no_pii:
    """

    slug = models.CharField(gettext_lazy("instrument"), max_length=64)
    version = models.CharField(gettext_lazy("version"), max_length=64)
    status = models.CharField(
        gettext_lazy("status"), max_length=16, choices=InstrumentStatus.choices, default=InstrumentStatus.DRAFT
    )
    content = models.JSONField(gettext_lazy("content"))
    content_hash = models.CharField(gettext_lazy("content hash"), max_length=64, db_index=True, editable=False)
    scoring_hash = models.CharField(gettext_lazy("scoring hash"), max_length=64, editable=False)
    created_at = models.DateTimeField(gettext_lazy("created"), auto_now_add=True)
    published_at = models.DateTimeField(gettext_lazy("published"), null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(gettext_lazy("retired"), null=True, blank=True, editable=False)

    objects = GuardedManager()

    # What may still be written once a version is out.
    AFTER_PUBLICATION = frozenset({"status", "retired_at"})

    class Meta:
        verbose_name = gettext_lazy("instrument version")
        verbose_name_plural = gettext_lazy("instrument versions")
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="nassij_gov_instrument_version")]
        ordering = ["slug", "-published_at", "-id"]
        # Whoever writes the texts need not be who decides that associations are asked by them.
        permissions = [("publish_instrumentversion", "Can publish and retire instrument version")]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_change()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self._stored().status != InstrumentStatus.DRAFT:
            raise ImmutableError(type(self))
        return super().delete(*args, **kwargs)

    def _stored(self) -> InstrumentVersion:
        return InstrumentVersion._base_manager.get(pk=self.pk)

    def _refuse_change(self) -> None:
        # By its key and not by `_state.adding`: a new object that carries the key of a stored row overwrites it.
        stored = InstrumentVersion._base_manager.filter(pk=self.pk).first() if self.pk else None
        if stored is None or stored.status == InstrumentStatus.DRAFT:
            return
        changed = changed_fields(stored, self)
        back = stored.status == InstrumentStatus.RETIRED or self.status == InstrumentStatus.DRAFT
        if changed - self.AFTER_PUBLICATION or (changed and back):
            raise ImmutableError(type(self))
