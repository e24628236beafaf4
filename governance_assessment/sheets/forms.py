"""The form that sends a filled-in sheet back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from nassij.common.documents.xlsx import CONTENT_TYPE
from nassij.common.errors import NassijError
from nassij.common.forms import PageForm


class SheetForm(PageForm):
    """One workbook."""

    file = forms.FileField(
        label=gettext_lazy("The filled-in sheet (.xlsx)"),
        widget=forms.FileInput(attrs={"accept": f".xlsx,{CONTENT_TYPE}"}),
        allow_empty_file=True,  # `accept_upload` says it better
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )

    def mark(self, refused: NassijError) -> None:
        """Say at the field why the file was not taken."""
        self.add_error("file", f"{refused.message} {refused.remedy}")
