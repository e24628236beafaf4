"""Files the platform made of what is in the database: reports of rounds, blank questionnaires."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from .rounds import Round
from .snapshots import Snapshot


class MadeFile(models.Model):
    """One file, named by what is in it: `key` is a hash of everything that was printed and of how it was printed.

    So nothing is printed twice, and nothing has to be told that something changed: what is asked for then has another key. The
    bytes are a private file at `path`. A row can be deleted at any time: the file is made again when somebody asks.

    .. pii: reports hold the names of those who do the actions of a plan
    .. pii_types: name
    .. pii_retirement: local_api
    """

    class Kind(models.TextChoices):
        REPORT = "report", gettext_lazy("Report of a round")
        QUESTIONNAIRE = "questionnaire", gettext_lazy("Blank questionnaire")

    key = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(gettext_lazy("kind"), max_length=16, choices=Kind.choices)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    submitted = models.ForeignKey(Snapshot, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    validated = models.ForeignKey(Snapshot, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    instrument_hash = models.CharField(gettext_lazy("content hash"), max_length=64)
    language = models.CharField(gettext_lazy("language"), max_length=8)
    edition = models.CharField(gettext_lazy("edition of the template"), max_length=16)
    path = models.CharField(gettext_lazy("file"), max_length=191, unique=True)
    size = models.PositiveIntegerField(gettext_lazy("bytes"))
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(gettext_lazy("made"), default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("made file")
        verbose_name_plural = gettext_lazy("made files")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.key[:12]}"
