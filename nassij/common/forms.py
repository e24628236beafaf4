"""The base of the pages' forms, shown by `nassij/form.html`: three languages, digits of any script, no script needed."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from unicodedata import decimal

from django import forms
from django.forms.boundfield import BoundField


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


def people_words(rows: int = 3) -> forms.Textarea:
    """Several lines in any language."""
    return forms.Textarea(attrs={"dir": "auto", "rows": rows})
