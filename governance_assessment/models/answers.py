"""The layers of answers of a round; none overwrites another."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.common.immutable import GuardedManager, ImmutableError, WrittenOnce

from ..data import ANSWER_KINDS, AnswerMethod, CoachKind, Evidence, Origin
from ..domain.answers import AnswerKind
from .rounds import Round
from .snapshots import Snapshot

CODE_LENGTH = 64
TEXT_LENGTH = 2000


class AnswerValue(models.Model):
    """What an answer says, whoever gives it. Null is not zero: only `kind == level` has a level."""

    indicator_code = models.CharField(gettext_lazy("indicator"), max_length=CODE_LENGTH)
    kind = models.CharField(gettext_lazy("kind"), max_length=16, choices=ANSWER_KINDS)
    level = models.PositiveIntegerField(gettext_lazy("level"), null=True, blank=True)
    reason = models.TextField(gettext_lazy("reason"), blank=True)
    comment = models.TextField(gettext_lazy("comment"), blank=True)
    evidence = models.CharField(
        gettext_lazy("evidence"), max_length=16, choices=Evidence.choices, default=Evidence.NONE
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if (self.kind == AnswerKind.LEVEL) != (self.level is not None):
            raise ValidationError(_("A level goes with an answer that chooses one, and only with it."), code="level")
        super().save(*args, **kwargs)


class RespondentAnswer(AnswerValue, WrittenOnce):
    """One member's answer to one indicator; a change of mind is a further row with the next revision.

    .. pii: what a member of an association thinks of it, with an optional free comment
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="answers")
    respondent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=gettext_lazy("respondent")
    )
    revision = models.PositiveIntegerField(gettext_lazy("revision"))
    sure = models.BooleanField(gettext_lazy("sure"), null=True)
    operation_id = models.CharField(max_length=64)
    # Of the value as it was sent: the same operation with another body is a mistake of the sender, not a repetition.
    body_hash = models.CharField(max_length=64)
    method = models.CharField(
        gettext_lazy("method"), max_length=16, choices=AnswerMethod.choices, default=AnswerMethod.WEB
    )
    created_at = models.DateTimeField(gettext_lazy("answered"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("respondent answer")
        verbose_name_plural = gettext_lazy("respondent answers")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "respondent", "indicator_code", "revision"], name="nassij_gov_answer_revision"
            ),
            models.UniqueConstraint(fields=["respondent", "operation_id"], name="nassij_gov_answer_operation"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.indicator_code} r{self.revision}"


class ConsensusAnswer(AnswerValue):
    """The association's one answer to an indicator: of its sole respondent, of all alike, or settled by the lead.

    `heard_up_to` is the key of the newest respondent answer to the indicator when it was written. It stands until a member
    answers again: what people say later is heard, and what was agreed outlives an answer that is deleted with its account.

    .. pii: who settled the answer in the association's name
    .. pii_types: id
    .. pii_retirement: local_api
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="consensus")
    origin = models.CharField(gettext_lazy("origin"), max_length=16, choices=Origin.choices)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(gettext_lazy("note"), blank=True)
    revision = models.PositiveIntegerField(gettext_lazy("revision"), default=1)
    heard_up_to = models.BigIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(gettext_lazy("updated"), auto_now=True)

    objects = GuardedManager()

    class Meta:
        verbose_name = gettext_lazy("consensus answer")
        verbose_name_plural = gettext_lazy("consensus answers")
        constraints = [models.UniqueConstraint(fields=["round", "indicator_code"], name="nassij_gov_consensus")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.indicator_code} ({self.origin})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_when_submitted()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_when_submitted()
        return super().delete(*args, **kwargs)

    def _refuse_when_submitted(self) -> None:
        stored = ConsensusAnswer._base_manager.filter(pk=self.pk) if self.pk else ConsensusAnswer._base_manager.none()
        # Where it goes, and where it is taken from.
        rounds = {self.round_id, *stored.values_list("round_id", flat=True)}
        if not all(found.is_open for found in Round.objects.filter(pk__in=rounds)):
            raise ImmutableError(type(self))


class CoachAnswer(AnswerValue, WrittenOnce):
    """A coach's word on one indicator of a submission, beside the association's and never over it.

    A change of mind is a further row with the next revision. `together` marks those confirmed at once with "the others are as
    the association said". The person is detached when their account goes: the word stays with the round it was given to.

    .. pii: what a coach found, with an optional free comment
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="coach_answers")
    submission = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="coach_answers")
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=gettext_lazy("coach"),
    )
    kind = models.CharField(gettext_lazy("kind"), max_length=16, choices=CoachKind.choices)
    revision = models.PositiveIntegerField(gettext_lazy("revision"))
    together = models.BooleanField(gettext_lazy("confirmed with the rest"), default=False)
    created_at = models.DateTimeField(gettext_lazy("given"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("coach's answer")
        verbose_name_plural = gettext_lazy("coach's answers")
        constraints = [
            models.UniqueConstraint(fields=["round", "indicator_code", "revision"], name="nassij_gov_coach_revision")
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.indicator_code} r{self.revision}"
