"""The operator's view: instruments change only as drafts, rounds and what was submitted are for reading."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from .instruments.admin import InstrumentVersionAdmin
from .models import (
    AnswerSheet,
    CoachAnswer,
    ConsensusAnswer,
    DueReminder,
    EvidenceFile,
    InstrumentVersion,
    MadeFile,
    PlanItem,
    Round,
    Snapshot,
    Transition,
)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Look, do not touch."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.register(InstrumentVersion, InstrumentVersionAdmin)


@admin.register(Round)
class RoundAdmin(ReadOnlyAdmin):
    """Rounds and how far they are; the individual answers are not shown to anyone here."""

    list_display = ("instrument_slug", "number", "association_uuid", "kind", "state", "created_at", "submitted_at")
    list_filter = ("state", "kind", "instrument_slug")
    search_fields = ("uuid", "association_uuid")


@admin.register(ConsensusAnswer)
class ConsensusAnswerAdmin(ReadOnlyAdmin):
    """The associations' common answers."""

    list_display = ("round", "indicator_code", "kind", "level", "origin")
    list_select_related = ("round",)


@admin.register(CoachAnswer)
class CoachAnswerAdmin(ReadOnlyAdmin):
    """What coaches found."""

    list_display = ("round", "indicator_code", "kind", "level", "evidence", "together", "created_at")
    list_filter = ("kind", "evidence", "together")
    list_select_related = ("round",)


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin):
    """How rounds moved from state to state."""

    list_display = ("round", "number", "from_state", "to_state", "standing", "at")
    list_filter = ("to_state", "standing")
    list_select_related = ("round",)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """What was submitted and what was validated."""

    list_display = ("round", "layer", "number", "kind", "engine_version", "submitted_at", "intact")
    list_filter = ("layer", "kind")
    list_select_related = ("round",)

    @admin.display(boolean=True, description=gettext_lazy("as it was frozen"))
    def intact(self, snapshot: Snapshot) -> bool:
        return snapshot.is_intact


@admin.register(MadeFile)
class MadeFileAdmin(ReadOnlyAdmin):
    """Files that were made: which, how large, when."""

    list_display = ("kind", "language", "round", "edition", "size", "made_at")
    list_filter = ("kind", "language")
    list_select_related = ("round",)


@admin.register(PlanItem)
class PlanItemAdmin(ReadOnlyAdmin):
    """The actions of the associations; what members and coaches wrote about them is not shown here."""

    list_display = ("indicator_code", "association_uuid", "state", "due_on", "revision", "created_at")
    list_filter = ("state", "instrument_slug")
    search_fields = ("uuid", "association_uuid")
    exclude = ("title", "what", "note", "proof", "remark", "words")


@admin.register(DueReminder)
class DueReminderAdmin(ReadOnlyAdmin):
    """Who is reminded when, and what became of it."""

    list_display = ("due_at", "kind", "person_id", "handed_at", "outcome")
    list_filter = ("outcome", "kind")
    search_fields = ("=person_id",)
    raw_id_fields = ("item",)


@admin.register(EvidenceFile)
class EvidenceFileAdmin(ReadOnlyAdmin):
    """Which documents there are; what they are called and what is in them is the association's and its coach's to see."""

    list_display = ("round", "indicator_code", "kind", "size", "created_at", "removed_at")
    list_filter = ("kind",)
    list_select_related = ("round",)
    exclude = ("name", "path")


@admin.register(AnswerSheet)
class AnswerSheetAdmin(ReadOnlyAdmin):
    """Which answer sheets were sent and applied; what they say is not shown here."""

    list_display = ("round", "target", "written", "created_at", "applied_at")
    list_filter = ("target",)
    list_select_related = ("round",)
    exclude = ("answers", "file_name")
