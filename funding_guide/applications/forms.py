"""The forms of an application file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import MemberData
from nassij.common.errors import Unprocessable
from nassij.common.forms import DayField, PageForm, people_text

from ..domain import Document, DocumentKind
from ..facts.forms import ProjectForm
from ..models.applications import NOTE_LENGTH, PROJECT_FIELDS
from .data import DocumentData, FileData

NOBODY = ""


class ApplicationForm(ProjectForm):
    """The project a file is prepared for."""

    field_order = PROJECT_FIELDS
    title = forms.CharField(label=_("Name of the project"), required=False, max_length=200, widget=people_text())

    @classmethod
    def of(cls, found: FileData, data: Any = None) -> ApplicationForm:
        """The form filled with what is stored."""
        return cls(data, initial=dict(found.values))

    def values(self) -> dict[str, Any]:
        """The values of a valid form under their stored names."""
        return {name: self.cleaned_data.get(name) for name in PROJECT_FIELDS}


class DocumentForm(PageForm):
    """Where one document stands."""

    is_held = forms.BooleanField(label=_("We have it"), required=False)
    is_signed = forms.BooleanField(label=_("It is signed"), required=False)
    is_set_aside = forms.BooleanField(label=_("We do not need it"), required=False)
    issued_on = DayField(label=_("Day written on it"), required=False)
    expires_on = DayField(label=_("Valid until"), help_text=_("Only if a last day is written on it."), required=False)
    owner_id = forms.TypedChoiceField(label=_("Who sees to it"), required=False, coerce=int, empty_value=None)
    due_on = DayField(label=_("By when"), required=False)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Where it is kept, whom to ask. No number of an identity card or a bank account."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=people_text(),
    )

    def __init__(self, *args: Any, document: Document, people: Iterable[MemberData], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(person.user_id), person.name) for person in people]
        self.fields["owner_id"].choices = [(NOBODY, _("Nobody yet")), *choices]  # type: ignore[attr-defined]
        if document.kind is not DocumentKind.SIGN:
            del self.fields["is_signed"]
        if document.required:
            del self.fields["is_set_aside"]

    @classmethod
    def of(cls, found: DocumentData, people: Iterable[MemberData], data: Any = None) -> DocumentForm:
        """The form filled with what is stored."""
        document = found.standing.document
        return cls(data, initial=dict(found.values), document=document, people=list(people))

    def values(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a valid form under their stored names; what it does not ask stays as it was."""
        return {**stored, **{name: self.cleaned_data[name] for name in self.fields}}

    def mark(self, refused: Unprocessable) -> None:
        """Show at their fields the problems found where the document is stored."""
        for name, message in refused.extra["fields"].items():
            self.add_error(name if name in self.fields else None, message)
