"""What the admin's pages about instrument versions have in common: who sees them, and what they say when the domain refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nassij.common import admin
from nassij.common.admin import Page

from ..domain import InvalidData
from ..models import InstrumentVersion
from .problems import refusal


def told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that shows what the domain refuses to read, place by place: a version stored under other rules, say."""

    @wraps(view)
    def page(self: Any, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        try:
            return view(self, request, *args, **more)
        except InvalidData as refused:
            name = self.opts.verbose_name
            error = refusal(_("%(file)s is not an instrument that can be loaded.") % {"file": name}, refused.problems)
            return self._page(request, "refused", {"title": name, "error": error}, error.status)

    return page


def named(allowed: Callable[[Any, HttpRequest, InstrumentVersion], bool]) -> Callable[[Page], Page]:
    """A page about one version: found, only for who may, and with the refusals of `told`."""
    return lambda view: admin.named(allowed)(told(view))
