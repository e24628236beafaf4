"""The operator's view of associations. Changes made here are audited like all others, by Django's own admin log as well."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from nassij.associations.journal import note
from nassij.associations.models import (
    Association,
    AssociationImport,
    CoachAssignment,
    Cohort,
    CohortPlace,
    CoordinatorAssignment,
    ImportChange,
    Invitation,
    Membership,
)


class AuditedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Writes an audit line for what is changed here."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and say so."""
        super().save_model(request, obj, form, change)
        self._note(request, "changed_in_admin" if change else "created_in_admin", obj, sorted(form.changed_data))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and say so."""
        self._note(request, "deleted_in_admin", obj, [])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete several one by one, so that each is audited."""
        for obj in queryset:
            self.delete_model(request, obj)

    def _note(self, request: HttpRequest, action: str, obj: Any, fields: list[str]) -> None:
        association = obj if isinstance(obj, Association) else getattr(obj, "association", None)
        note(
            action,
            actor_id=request.user.pk,
            association_uuid=association.uuid if association else None,
            object_type=obj._meta.model_name,
            object_uuid=getattr(obj, "uuid", None),
            fields=fields,
        )


class ReadOnly:
    """Mix-in: to look at only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class PlaceInline(admin.TabularInline):  # type: ignore[type-arg]
    """The cohorts of an association."""

    model = CohortPlace
    extra = 0


@admin.register(Association)
class AssociationAdmin(AuditedAdmin):
    """Associations; archived, never deleted, because other apps keep their number."""

    list_display = ("name", "name_fr", "province", "commune", "created_at", "archived_at")
    list_filter = ("province", "cohorts")
    search_fields = ("name", "name_fr", "name_key", "uuid")
    readonly_fields = ("uuid", "created_at", "updated_at", "archived_at")
    inlines = (PlaceInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    """Memberships, with those that have ended."""

    list_display = ("association", "user", "role", "is_lead", "joined_at", "left_at")
    list_filter = ("role", "is_lead")
    list_select_related = ("association", "user")
    raw_id_fields = ("association", "user")
    search_fields = ("association__name", "user__username")


@admin.register(Invitation)
class InvitationAdmin(AuditedAdmin):
    """Who is expected."""

    list_display = ("association", "email", "role", "created_at")
    list_select_related = ("association",)
    raw_id_fields = ("association", "invited_by")


@admin.register(Cohort)
class CohortAdmin(AuditedAdmin):
    """Cohorts."""

    list_display = ("code", "name_ar", "name_fr", "region", "starts")
    search_fields = ("code", "name_ar", "name_fr", "name_en")


@admin.register(CoachAssignment)
class CoachAssignmentAdmin(AuditedAdmin):
    """Who accompanies which association."""

    list_display = ("association", "user", "since", "until")
    list_select_related = ("association", "user")
    raw_id_fields = ("association", "user")


@admin.register(CoordinatorAssignment)
class CoordinatorAssignmentAdmin(AuditedAdmin):
    """Who coordinates which cohort; no cohort: all."""

    list_display = ("user", "cohort", "since", "until")
    list_select_related = ("cohort", "user")
    raw_id_fields = ("user",)


class ChangeInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """What an import did, association by association."""

    model = ImportChange
    fields = ("association_uuid", "outcome")
    extra = 0


@admin.register(AssociationImport)
class AssociationImportAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Imports; without their rows, which name people."""

    list_display = ("file_name", "owner", "state", "created_at", "applied_at", "undone_at")
    list_filter = ("state",)
    list_select_related = ("owner",)
    exclude = ("rows",)
    inlines = (ChangeInline,)
