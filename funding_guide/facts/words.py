"""What two people wrote at the same moment, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from nassij.common.errors import NassijError
from nassij.common.numbers import format_date

from ..models import FundingFacts
from ..models.facts import COUNCILS, RECEIPTS


def changed_rows(conflict: NassijError, yours: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, stored now, yours) of each field that differs, as people read it."""
    return [
        (_label(name), _readable(name, stored), _readable(name, yours[name]))
        for name, stored in conflict.extra["stored"].items()
    ]


def _label(name: str) -> str:
    labels = {field.name: field.verbose_name for field in FundingFacts._meta.concrete_fields}
    return str(labels[name])


def _readable(name: str, value: Any) -> str:
    if value is None or value in ("", {}):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return format_date(value)
    if name == "receipt":
        return str(dict(RECEIPTS)[value])
    if name == "councils":
        return _(", ").join(str(dict(COUNCILS)[code]) for code in value) or _("no council")
    if name == "accounts":
        words = {True: _("Yes"), False: _("No")}
        return _(", ").join(f"{year}: {words[approved]}" for year, approved in sorted(value.items()))
    return str(value)
