"""Answer sheets that were sent back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from .rounds import Round


class AnswerSheet(models.Model):
    """A filled-in sheet: looked at first, then applied, once.

    `answers` are as they were read, code to answer; forgotten once applied. `applied_slot` is unique and not null once applied:
    the same file is one voice in a round (and one settlement of its common answers), whoever sends it.

    .. pii: until applied or discarded, what a member or a workshop answered
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    class Target(models.TextChoices):
        OWN = "own", gettext_lazy("A member's answers")
        COMMON = "common", gettext_lazy("The common answers")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="sheets")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("sent by"),
    )
    file_name = models.CharField(gettext_lazy("file"), max_length=160)
    sha256 = models.CharField(max_length=64)
    answers = models.JSONField(gettext_lazy("answers"), default=dict)
    target = models.CharField(gettext_lazy("applied to"), max_length=8, choices=Target.choices, blank=True)
    applied_slot = models.CharField(max_length=191, unique=True, null=True, editable=False)  # noqa: DJ001 (NULL = not yet)
    written = models.PositiveIntegerField(gettext_lazy("answers written"), default=0)
    created_at = models.DateTimeField(pgettext_lazy("moment", "sent"), auto_now_add=True)
    applied_at = models.DateTimeField(pgettext_lazy("moment", "applied"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("answer sheet")
        verbose_name_plural = gettext_lazy("answer sheets")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.sha256[:12]}"


def applied_slot(round_id: int, target: str, sha256: str) -> str:
    """What one file may hold once in a round."""
    return f"{round_id}:{target}:{sha256}"
