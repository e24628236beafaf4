"""The file an association prepares for a call: where each document stands. States only, never the documents themselves."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from ..data import ApplicationState

NOTE_LENGTH = 500


class Application(models.Model):
    """One file of an association for one call, under the text of the call that it follows (`call_hash` names that text for ever).

    `open_slot` names the association and the call while the file is being prepared or was sent, NULL once it was dropped: unique,
    so that two members who begin at the same moment begin one file. `revision` counts the changes of the project's figures and of
    the state: whoever saves second is told.

    .. no_pii: figures of a project; names no person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    association_id = models.BigIntegerField(gettext_lazy("association"), db_index=True)
    association_uuid = models.UUIDField(gettext_lazy("association uuid"))
    call_slug = models.CharField(gettext_lazy("call"), max_length=64)
    call_version = models.CharField(gettext_lazy("version"), max_length=24)
    call_hash = models.CharField(gettext_lazy("content hash"), max_length=64, editable=False)
    state = models.CharField(
        gettext_lazy("state"), max_length=16, choices=ApplicationState.choices, default=ApplicationState.PREPARING
    )
    open_slot = models.CharField(max_length=96, unique=True, null=True, editable=False)  # noqa: DJ001 (NULL = dropped)
    title = models.CharField(gettext_lazy("name of the project"), max_length=200, blank=True)
    field = models.CharField(gettext_lazy("field of the project"), max_length=64, blank=True)
    requested = models.DecimalField(gettext_lazy("amount asked for"), max_digits=14, decimal_places=2, null=True)
    total = models.DecimalField(gettext_lazy("whole budget"), max_digits=14, decimal_places=2, null=True)
    own = models.DecimalField(gettext_lazy("own contribution"), max_digits=14, decimal_places=2, null=True)
    months = models.PositiveSmallIntegerField(gettext_lazy("length in months"), null=True)
    revision = models.PositiveIntegerField(gettext_lazy("revision"), default=0)
    created_at = models.DateTimeField(gettext_lazy("created"), auto_now_add=True)
    updated_at = models.DateTimeField(gettext_lazy("last change"), auto_now=True)

    class Meta:
        verbose_name = gettext_lazy("application file")
        verbose_name_plural = gettext_lazy("application files")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.call_slug} {self.association_uuid}"


class ApplicationDocument(models.Model):
    """What the association says of one document of its file; a document without a row is one that nobody has spoken about.

    .. pii: whom an association gave a document to, and what its members wrote about it
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    code = models.CharField(gettext_lazy("document"), max_length=64)
    is_held = models.BooleanField(gettext_lazy("is there"), default=False)
    is_signed = models.BooleanField(gettext_lazy("is signed"), default=False)
    is_set_aside = models.BooleanField(gettext_lazy("is not needed"), default=False)
    issued_on = models.DateField(gettext_lazy("day on the document"), null=True)
    expires_on = models.DateField(gettext_lazy("its last day"), null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    due_on = models.DateField(gettext_lazy("by when"), null=True)
    note = models.CharField(gettext_lazy("note"), max_length=NOTE_LENGTH, blank=True)
    revision = models.PositiveIntegerField(gettext_lazy("revision"), default=0)

    class Meta:
        verbose_name = gettext_lazy("document of an application file")
        verbose_name_plural = gettext_lazy("documents of application files")
        constraints = [models.UniqueConstraint(fields=["application", "code"], name="nassij_fund_application_document")]
        ordering = ["application_id", "id"]

    def __str__(self) -> str:
        return self.code

    def values(self) -> dict[str, Any]:
        """What the association said, by name of the field."""
        return {name: getattr(self, name) for name in DOCUMENT_FIELDS}


DOCUMENT_FIELDS = ("is_held", "is_signed", "is_set_aside", "issued_on", "expires_on", "owner_id", "due_on", "note")
PROJECT_FIELDS = ("title", "field", "requested", "total", "own", "months")
