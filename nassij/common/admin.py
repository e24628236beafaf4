"""Django admin: looking only. What happened is not edited, and a job is not made by hand. And what pages about one row share."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from nassij.common.models import AuditEvent, Job, OutgoingMail

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


Page = Callable[..., HttpResponse]


def named(allowed: Callable[[Any, HttpRequest, Any], bool]) -> Callable[[Page], Page]:
    """Decorator of an admin's page about one row: found, and only for who may."""

    def decorate(view: Page) -> Page:
        @wraps(view)
        def page(self: Any, request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
            row = self.get_object(request, str(pk))
            if row is None:
                raise Http404
            if not allowed(self, request, row):
                raise PermissionDenied
            return view(self, request, row, **more)

        return page

    return decorate


class VersionsAdmin(ModelAdmin):
    """An admin of versions, with pages of its own."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row with this key; a key larger than the database can hold names none."""
        try:
            return super().get_object(request, object_id, from_field)
        except OverflowError:
            return None


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
