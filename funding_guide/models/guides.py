"""Reference guides: editions that never change once published, their files, and how often these are downloaded."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from nassij.common.immutable import GuardedManager, ImmutableError, changed_fields


class EditionStatus(models.TextChoices):
    """Where an edition stands."""

    DRAFT = "draft", pgettext_lazy("state of an edition", "draft")
    PUBLISHED = "published", pgettext_lazy("state of an edition", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of an edition", "withdrawn")


class FileFormat(models.TextChoices):
    """What a file of an edition is."""

    PDF = "pdf", gettext_lazy("PDF, to print")
    COMPACT = "compact", gettext_lazy("PDF for the phone, to send")
    HTML = "html", gettext_lazy("page to keep on the phone")
    DOCX = "docx", gettext_lazy("Word, to fill in")
    XLSX = "xlsx", gettext_lazy("Excel, to fill in")


class GuideEdition(models.Model):
    """One version of a guide in all its languages.

    A draft may change. Once published its content never does, and the only step left is to withdraw it; `made_with` alone may
    change, when the same content is printed anew. `current_slot` is the code while this is the edition shown, NULL otherwise:
    unique, so that one guide has one present edition.

    .. no_pii:
    """

    code = models.CharField(gettext_lazy("guide"), max_length=64)
    version = models.CharField(gettext_lazy("version"), max_length=24)
    status = models.CharField(
        gettext_lazy("status"), max_length=16, choices=EditionStatus.choices, default=EditionStatus.DRAFT
    )
    position = models.PositiveIntegerField(gettext_lazy("position in the list"), default=0, editable=False)
    content = models.JSONField(gettext_lazy("content"))
    content_hash = models.CharField(gettext_lazy("content hash"), max_length=64, editable=False)
    made_with = models.CharField(gettext_lazy("how its files are made"), max_length=64, default="", editable=False)
    valid_from = models.DateField(gettext_lazy("valid from"), editable=False)
    valid_until = models.DateField(gettext_lazy("valid until"), null=True, editable=False)
    current_slot = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 (NULL = not shown)
    created_at = models.DateTimeField(gettext_lazy("created"), auto_now_add=True)
    published_at = models.DateTimeField(gettext_lazy("published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(gettext_lazy("withdrawn"), null=True, editable=False)

    objects = GuardedManager()

    AFTER_PUBLICATION = frozenset({"status", "withdrawn_at", "current_slot", "made_with"})

    class Meta:
        verbose_name = gettext_lazy("edition of a guide")
        verbose_name_plural = gettext_lazy("editions of guides")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="nassij_fund_guide_edition")]
        ordering = ["position", "code", "-published_at", "-id"]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        stored = GuideEdition._base_manager.filter(pk=self.pk).first() if self.pk else None
        if stored is not None and stored.status != EditionStatus.DRAFT:
            changed = changed_fields(stored, self)
            back = stored.status == EditionStatus.WITHDRAWN or self.status == EditionStatus.DRAFT
            if changed - self.AFTER_PUBLICATION or (changed and back):
                raise ImmutableError(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if GuideEdition._base_manager.get(pk=self.pk).status != EditionStatus.DRAFT:
            raise ImmutableError(type(self))
        return super().delete(*args, **kwargs)


class EditionFile(models.Model):
    """A file of an edition, kept in the default storage under the hash of what is in it.

    `template` is the code of a document to fill in, empty for the guide itself; `pages` is NULL where nobody can tell.

    .. no_pii:
    """

    edition = models.ForeignKey(GuideEdition, on_delete=models.CASCADE, related_name="files")
    language = models.CharField(gettext_lazy("language"), max_length=8)
    format = models.CharField(gettext_lazy("format"), max_length=8, choices=FileFormat.choices)
    template = models.CharField(gettext_lazy("document to fill in"), max_length=64, blank=True, default="")
    path = models.CharField(gettext_lazy("path"), max_length=200, db_index=True)
    size = models.PositiveIntegerField(gettext_lazy("bytes"))
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(gettext_lazy("pages"), null=True)

    class Meta:
        verbose_name = gettext_lazy("file of an edition")
        verbose_name_plural = gettext_lazy("files of editions")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language", "template", "format"], name="nassij_fund_edition_file"
            )
        ]
        ordering = ["template", "id"]

    def __str__(self) -> str:
        return f"{self.edition} {self.language} {self.template} {self.format}"


class DownloadCount(models.Model):
    """How often an edition was downloaded on a day in a language: a number, nothing about who.

    .. no_pii:
    """

    edition = models.ForeignKey(GuideEdition, on_delete=models.CASCADE, related_name="downloads")
    language = models.CharField(gettext_lazy("language"), max_length=8)
    day = models.DateField(gettext_lazy("day"))
    count = models.PositiveIntegerField(gettext_lazy("downloads"), default=0)

    class Meta:
        verbose_name = gettext_lazy("downloads of a day")
        verbose_name_plural = gettext_lazy("downloads by day")
        constraints = [models.UniqueConstraint(fields=["edition", "language", "day"], name="nassij_fund_download_day")]
        ordering = ["-day", "edition_id"]

    def __str__(self) -> str:
        return f"{self.edition} {self.language} {self.day}: {self.count}"
