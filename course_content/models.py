"""What was imported into which run: how the importer knows what changed, in the sources and in Studio."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedRun(models.Model):
    """One run of a course, as the last import left it.

    .. no_pii: says what was imported, by which version of the suite; not by whom.
    """

    course_key = models.CharField(_("course key"), max_length=255, unique=True)
    digest = models.CharField(_("digest of the compiled sources"), max_length=64, blank=True)
    version = models.CharField(_("version of the suite"), max_length=32, blank=True)
    # {"language": "ar", "blocks": {"vertical@gov2-s1-u1": [title, digest]}, "files": {name: digest}}, read back after it.
    content = models.JSONField(_("what the platform held after it"), default=dict)
    imported_at = models.DateTimeField(_("imported at"), null=True)
    # Set while an import is going on: still set afterwards, it tells of an import that was cut short.
    started_at = models.DateTimeField(_("being imported since"), null=True)

    class Meta:
        verbose_name = _("imported run")
        verbose_name_plural = _("imported runs")

    def __str__(self) -> str:
        return self.course_key
