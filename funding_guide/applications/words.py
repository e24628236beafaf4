"""What two people wrote at the same moment, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from nassij.associations.api import MemberData, field_name
from nassij.common.errors import NassijError
from nassij.common.numbers import format_date, format_money


def changed_rows(
    conflict: NassijError, yours: Mapping[str, Any], form: forms.Form, people: Iterable[MemberData] = ()
) -> list[tuple[str, str, str]]:
    """(what, stored now, yours) of each field that differs, as people read it."""
    names = {person.user_id: person.name for person in people}
    return [
        (str(form.fields[name].label), _readable(name, stored, names), _readable(name, yours[name], names))
        for name, stored in conflict.extra["stored"].items()
        if name in form.fields
    ]


def _readable(name: str, value: Any, names: Mapping[int, str]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None or value == "":
        return "–"
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, Decimal):
        return format_money(value)
    if name == "owner_id":
        return names.get(value, "–")
    return field_name(value) if name == "field" else str(value)
