"""The base of the pages' forms, shown by `nassij/form.html`: three languages, digits of any script, no script needed."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import category, decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _


class PageForm(forms.Form):
    """A form whose rows carry what a screen reader needs, the same on every Django."""

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each visible field with its widget: help and errors are tied to it, errors mark it."""
        for field in self.visible_fields():
            yield {
                "field": field,
                "widget": field.as_widget(attrs=self._attributes(field)),
                "group": self._grouped(field),
                "check": isinstance(field.field.widget, forms.CheckboxInput),
            }

    def _attributes(self, field: BoundField) -> dict[str, str | bool]:
        described = [f"{field.id_for_label}_helptext"] if field.help_text else []
        if field.errors:
            described.append(f"{field.id_for_label}_error")
        attributes: dict[str, str | bool] = (
            {"aria-describedby": " ".join(described)} if described and not self._grouped(field) else {}
        )
        return attributes | ({"aria-invalid": "true"} if field.errors else {})

    @staticmethod
    def _grouped(field: BoundField) -> bool:
        return isinstance(field.field.widget, (forms.CheckboxSelectMultiple, forms.RadioSelect))


_AMOUNT = re.compile(r"(\d{1,3}(?:(?P<group>[.,])\d{3})(?:(?P=group)\d{3})*|\d+)(?:(?P<mark>[.,])(\d{1,2}))?")
_UNITS = re.compile(r"\b(?:mad|dhs?|dirhams?)\b|دراهم|درهما|درهم|د\.\s?م\.?", re.IGNORECASE)


def read_amount(text: str) -> Decimal:
    """The amount as people write one: «50.000», «50 000,50», “50,000.50”, «٣٠٬٠٠٠», with or without the currency.

    Three figures after a mark are thousands, one or two are centimes. Raises `ValueError` for what is no amount, or two.

    >>> read_amount("50.000 درهم"), read_amount("30,5"), read_amount("1 234 567,89 MAD")
    (Decimal('50000'), Decimal('30.5'), Decimal('1234567.89'))
    """
    figures = "".join(str(decimal(character, character)) for character in text.replace("٬", "").replace("٫", "."))
    found = _AMOUNT.fullmatch("".join(character for character in _UNITS.sub("", figures) if not _is_space(character)))
    if not found or (found["mark"] and found["mark"] == found["group"]):
        raise ValueError(text)
    return Decimal(re.sub("[.,]", "", found[1]) + (f".{found[4]}" if found["mark"] else ""))


def _is_space(character: str) -> bool:
    """Spaces of every width, and the marks that keep a figure from being turned round."""
    return character.isspace() or category(character) == "Cf"


class MoneyField(forms.DecimalField):
    """An amount in dirhams, written as people do; shown again as it was typed."""

    default_error_messages = {"invalid": _("Write an amount in figures, for example 30000 or 30000,50.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=Decimal(0), max_digits=14, decimal_places=2, widget=whole_number(), **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            try:
                value = read_amount(value)
            except ValueError as error:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        return super().to_python(value)


class DayField(forms.DateField):
    """A day: as the browser's picker sends it, or typed with the day first, in digits of any script."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "dir": "ltr"}),
            **options,
        )

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = "".join(str(decimal(character, character)) for character in value if character.isprintable())
        return super().to_python(value)


def people_text(**attributes: Any) -> forms.TextInput:
    """A line in any language: its direction follows what is typed."""
    return forms.TextInput(attrs={"dir": "auto", **attributes})


def whole_number() -> forms.TextInput:
    """Not `type=number`: browsers refuse Arabic digits there."""
    return forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"})


class Words(forms.Textarea):
    """Several lines. No `maxlength`: a browser would cut what is pasted without a word; the form says what is too long."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("maxlength", None)
        return context


def people_words(rows: int = 3) -> Words:
    """Several lines in any language."""
    return Words(attrs={"dir": "auto", "rows": rows})
