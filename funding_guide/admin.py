"""The operator's view of public funding."""

from __future__ import annotations

from django.contrib import admin

from .calls.admin import CallVersionAdmin
from .models import CallVersion

admin.site.register(CallVersion, CallVersionAdmin)
