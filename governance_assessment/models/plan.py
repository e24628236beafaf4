"""The action plan of an association, and the reminders of what is due in it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from ..plan.data import OPEN_STATES, ItemState, Outcome, ReminderKind
from .answers import CODE_LENGTH, TEXT_LENGTH

TITLE_LENGTH = 160


class PlanItem(models.Model):
    """One action of an association: what, who, when, how far.

    `words` are those of the recommendation it was made from, in every language: {"ar": {"title": …, "what": …}, …}. They are a
    copy, so that a plan outlives a new version of the recommendations, and each person reads them in their own language until
    somebody writes the association's own (`title`, `what`).

    `open_slot` names the step while the action is open: unique, so that the same recommendation taken twice is one action.

    .. pii: whom an association gave an action to, and what its members and its coach wrote about it
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    association_id = models.BigIntegerField(gettext_lazy("association"), db_index=True)
    association_uuid = models.UUIDField(gettext_lazy("association uuid"))
    instrument_slug = models.CharField(gettext_lazy("instrument"), max_length=64, blank=True)
    indicator_code = models.CharField(gettext_lazy("indicator"), max_length=CODE_LENGTH, blank=True)
    from_level = models.PositiveIntegerField(gettext_lazy("from level"), null=True, blank=True)
    to_level = models.PositiveIntegerField(gettext_lazy("to level"), null=True, blank=True)
    unit_code = models.CharField(gettext_lazy("unit"), max_length=CODE_LENGTH, blank=True)
    guide_code = models.CharField(gettext_lazy("guide"), max_length=CODE_LENGTH, blank=True)
    words = models.JSONField(gettext_lazy("words of the recommendation"), default=dict, blank=True)
    title = models.CharField(gettext_lazy("what"), max_length=TITLE_LENGTH, blank=True)
    what = models.TextField(gettext_lazy("how"), max_length=TEXT_LENGTH, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("who"),
    )
    due_on = models.DateField(gettext_lazy("when"), null=True, blank=True)
    state = models.CharField(gettext_lazy("state"), max_length=16, choices=ItemState.choices, default=ItemState.TODO)
    note = models.TextField(gettext_lazy("note"), max_length=TEXT_LENGTH, blank=True)
    proof = models.TextField(gettext_lazy("proof"), max_length=TEXT_LENGTH, blank=True)
    remark = models.TextField(gettext_lazy("coach's remark"), max_length=TEXT_LENGTH, blank=True)
    revision = models.PositiveIntegerField(gettext_lazy("revision"), default=1)
    remark_revision = models.PositiveIntegerField(gettext_lazy("revision of the remark"), default=0)
    open_slot = models.CharField(max_length=191, unique=True, null=True, editable=False)  # noqa: DJ001 (NULL = closed)
    created_at = models.DateTimeField(gettext_lazy("added"), default=timezone.now)
    closed_at = models.DateTimeField(gettext_lazy("closed"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("action")
        verbose_name_plural = gettext_lazy("actions")
        indexes = [models.Index(fields=["state", "due_on"], name="nassij_gov_plan_due")]
        ordering = ["association_id", "id"]

    def __str__(self) -> str:
        return f"{self.indicator_code or 'own'} {self.state} ({self.association_id})"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in OPEN_STATES


class DueReminder(models.Model):
    """A mail that is due at a moment, as part of that day's mail to a person.

    Made, moved and cancelled in the transaction of the action's change (`plan_schedule`); claimed and handed over to the
    outbox in one transaction by `nassij_send_reminders` (`reminders`). Waiting ones have no `handed_at`.

    .. pii: whom to remind
    .. pii_types: id
    .. pii_retirement: local_api
    """

    item = models.ForeignKey(PlanItem, on_delete=models.CASCADE, related_name="reminders")
    person_id = models.BigIntegerField(gettext_lazy("person"))
    kind = models.CharField(gettext_lazy("kind"), max_length=16, choices=ReminderKind.choices)
    due_at = models.DateTimeField(gettext_lazy("due"))
    # Which run took it: rows are found again by it inside the claiming transaction.
    claim = models.CharField(max_length=32, blank=True, db_index=True)
    handed_at = models.DateTimeField(gettext_lazy("handed over"), null=True, blank=True)
    outcome = models.CharField(gettext_lazy("outcome"), max_length=16, choices=Outcome.choices, blank=True)

    class Meta:
        verbose_name = gettext_lazy("reminder")
        verbose_name_plural = gettext_lazy("reminders")
        constraints = [
            models.UniqueConstraint(fields=["item", "person_id", "kind", "due_at"], name="nassij_gov_reminder_once")
        ]
        indexes = [models.Index(fields=["handed_at", "person_id", "due_at"], name="nassij_gov_reminder_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d} ({self.item_id})"
