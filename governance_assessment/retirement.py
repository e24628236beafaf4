"""When a person's account is retired: their answers go, and their name leaves what their associations submitted."""

from typing import Any

from django.db import transaction

from .answers.answering import forget_respondent
from .models import AnswerSheet, CoachAnswer, ConsensusAnswer, DueReminder, EvidenceFile, PlanItem, Snapshot, Transition
from .reports.round_reports import forget_reports_naming

# What is kept without a name: the model, and the column that names somebody.
DETACHED = (
    (AnswerSheet, "owner"),
    (ConsensusAnswer, "settled_by"),
    (CoachAnswer, "coach"),
    (EvidenceFile, "uploaded_by"),
    (PlanItem, "owner"),
    (Snapshot, "submitted_by"),
    (Transition, "actor"),
)


def retire_user(user_id: int) -> None:
    """Detach a person everywhere in this app. Idempotent. Checks no permission: the platform's retirement calls it.

    Through the base managers, past the guards: the frozen results themselves do not change, only whose name stands under them.
    """
    with transaction.atomic():
        forget_reports_naming(user_id)
        forget_respondent(user_id)
        AnswerSheet.objects.filter(owner_id=user_id, applied_at=None).delete()
        DueReminder.objects.filter(person_id=user_id).delete()
        for model, column in DETACHED:
            model._base_manager.filter(**{column: user_id}).update(**{column: None})


def on_retirement(sender: Any, user_id: int, **kwargs: Any) -> None:
    """Receiver of `nassij.common.retirement.retiring`, which the platform's own retirement sends."""
    retire_user(user_id)
