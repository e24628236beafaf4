"""Django admin: looking only. What happened is not edited, and a job is not made by hand."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from nassij.common.models import AuditEvent, Job, OutgoingMail

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """An admin that shows."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        hidden = self.exclude or ()
        return [field.name for field in self.model._meta.fields if field.name not in hidden]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The audit trail, newest first."""

    list_display = ("at", "action", "actor_id", "object_type", "object_uuid", "association_uuid")
    list_filter = ("action",)
    search_fields = ("=actor_id", "=object_uuid", "=association_uuid")
    ordering = ("-at",)
    show_full_result_count = False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Jobs, newest first, with what went wrong."""

    list_display = ("created", "kind", "subject", "state", "progress", "error_code", "attempts", "owner_id")
    list_filter = ("state", "kind")
    search_fields = ("=uuid", "subject", "=owner_id")
    ordering = ("-created",)
    show_full_result_count = False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Mails on their way and sent; what they say is nobody's business."""

    list_display = ("created", "template", "topic", "state", "attempts", "to_user_id", "touched")
    list_filter = ("state", "template")
    search_fields = ("=uuid", "=to_user_id")
    exclude = ("context", "to_address")
    ordering = ("-created",)
    show_full_result_count = False
