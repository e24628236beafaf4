"""Rounds: one self-assessment of one association.

Why an association is a plain number here: `nassij.associations` is another app with one door, its `api`. A foreign key would
tie our migrations to its tables and invite joins across the door. So a round keeps the association's key (for the permission
question, which takes it) and its uuid (for addresses), both indexed; associations are archived there, never deleted.

Why an instrument's hash is repeated on the round: a parsed instrument is cached per content hash, so answering needs no join and
no instrument row, and a snapshot can say which text was in front of the respondents.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from nassij.common.immutable import ImmutableError, WrittenOnce, changed_fields

from ..data import RoundKind, RoundState, Standing
from .instruments import InstrumentVersion


class Round(models.Model):
    """One self-assessment of one association: who answers, with which instrument, how far it has come.

    It belongs to the association, not to a learner. `profile` holds the answers to the profile questions that switch the
    conditional indicators; they change the denominator, so they are stored here and frozen with the snapshot.

    .. no_pii:
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    association_id = models.BigIntegerField(gettext_lazy("association"), db_index=True)
    association_uuid = models.UUIDField(gettext_lazy("association uuid"), db_index=True)
    instrument = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="rounds", verbose_name=gettext_lazy("instrument")
    )
    instrument_slug = models.CharField(gettext_lazy("instrument slug"), max_length=64)
    instrument_hash = models.CharField(gettext_lazy("content hash"), max_length=64)
    number = models.PositiveIntegerField(gettext_lazy("number"))
    kind = models.CharField(gettext_lazy("kind"), max_length=16, choices=RoundKind.choices)
    state = models.CharField(
        gettext_lazy("state"), max_length=16, choices=RoundState.choices, default=RoundState.DRAFT, db_index=True
    )
    # Not null while the round is open. Unique, and MySQL has no partial index: nulls may repeat, so closed rounds do not clash.
    open_slot = models.CharField(max_length=96, unique=True, null=True, editable=False)  # noqa: DJ001
    profile = models.JSONField(gettext_lazy("profile answers"), default=dict, blank=True)
    profile_revision = models.PositiveIntegerField(default=0)
    # How many moves from state to state there were: the number of the last `Transition`.
    step = models.PositiveIntegerField(gettext_lazy("moves"), default=0, editable=False)
    created_at = models.DateTimeField(gettext_lazy("opened"), auto_now_add=True)
    answered_at = models.DateTimeField(gettext_lazy("last answer"), null=True, blank=True)
    # Set when the round first leaves the answering: until then it has no common answers to look up.
    discussed_at = models.DateTimeField(gettext_lazy("first discussed"), null=True, blank=True)
    submitted_at = models.DateTimeField(gettext_lazy("submitted"), null=True, blank=True)
    validated_at = models.DateTimeField(gettext_lazy("validated"), null=True, blank=True)
    closed_at = models.DateTimeField(gettext_lazy("closed"), null=True, blank=True)

    # A submitted round moves on (validated, closed, reopened); what was asked and answered does not.
    _AFTER_SUBMISSION = frozenset({"state", "open_slot", "step", "submitted_at", "validated_at", "closed_at"})

    class Meta:
        verbose_name = gettext_lazy("round")
        verbose_name_plural = gettext_lazy("rounds")
        constraints = [
            models.UniqueConstraint(
                fields=["association_id", "instrument_slug", "number"], name="nassij_gov_round_number"
            )
        ]
        ordering = ["association_id", "instrument_slug", "-number"]

    def __str__(self) -> str:
        return f"{self.instrument_slug} #{self.number} ({self.association_id})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        stored = Round.objects.filter(pk=self.pk).first() if self.pk else None
        if stored is not None and not stored.is_open and changed_fields(stored, self) - self._AFTER_SUBMISSION:
            raise ImmutableError(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if not self.is_open:
            raise ImmutableError(type(self))
        return super().delete(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        """Whether answers may still change."""
        return self.state in (RoundState.DRAFT, RoundState.CONSENSUS)


class Transition(WrittenOnce):
    """One move of a round from a state to another: who, when, and why where a reason is asked.

    `standing` says in which capacity it was done; it stays when the person is gone.

    .. pii: who moved the round on, and the reason they wrote
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="transitions")
    number = models.PositiveIntegerField(gettext_lazy("number"))
    from_state = models.CharField(gettext_lazy("from"), max_length=16, choices=RoundState.choices)
    to_state = models.CharField(gettext_lazy("to"), max_length=16, choices=RoundState.choices)
    standing = models.CharField(gettext_lazy("acting as"), max_length=16, choices=Standing.choices, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=gettext_lazy("by"),
    )
    reason = models.TextField(gettext_lazy("reason"), blank=True)
    at = models.DateTimeField(gettext_lazy("at"))

    class Meta:
        verbose_name = gettext_lazy("move of a round")
        verbose_name_plural = gettext_lazy("moves of rounds")
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="nassij_gov_transition")]
        ordering = ["round_id", "number"]

    def __str__(self) -> str:
        return f"{self.round_id}.{self.number} {self.from_state} → {self.to_state}"
