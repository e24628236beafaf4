"""The operator's view of public funding."""

from __future__ import annotations

from django.contrib import admin

from nassij.common.admin import ReadOnlyAdmin

from .calls.admin import CallVersionAdmin
from .models import Application, CallVersion

admin.site.register(CallVersion, CallVersionAdmin)


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """Which files are being prepared; what the associations say of their documents is not shown here."""

    list_display = ("call_slug", "call_version", "association_uuid", "state", "created_at", "updated_at")
    list_filter = ("state",)
    search_fields = ("call_slug", "association_uuid")
    exclude = ("title", "field", "requested", "total", "own", "months")
