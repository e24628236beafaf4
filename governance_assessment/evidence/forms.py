"""The form that sends a document, and how its size is said."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.common.conf import setting
from nassij.common.errors import NassijError
from nassij.common.forms import PageForm
from nassij.common.numbers import format_number

# On a phone the pictures among these bring up the camera.
ACCEPT = "image/jpeg,image/png,application/pdf,.pdf,.jpg,.jpeg,.png,.docx,.xlsx"
_KB, _MB = 1024, 1024 * 1024


class EvidenceForm(PageForm):
    """One document; what it is, its content says."""

    file = forms.FileField(
        label=gettext_lazy("Document or photograph"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        allow_empty_file=True,  # `accept_upload` says it better
        error_messages={"required": gettext_lazy("Choose the document first.")},
    )

    def __init__(self, data: object = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]
        limit = size_words(int(setting("NASSIJ_UPLOAD_MAX_BYTES")))
        self.fields["file"].help_text = _(
            "PDF, photograph (JPG, PNG), Word (DOCX) or Excel (XLSX), %(limit)s at most."
        ) % {"limit": limit}

    def mark(self, refused: NassijError) -> None:
        """Say at the field why the document was not taken."""
        self.add_error("file", f"{refused.message} {refused.remedy}")


def size_words(size: int) -> str:
    """«340 KB», «2.4 MB»: rounded, never zero."""
    if size < _MB:
        return _("%(size)s KB") % {"size": format_number(max(1, round(size / _KB)))}
    return _("%(size)s MB") % {"size": format_number(size / _MB, decimals=1)}
