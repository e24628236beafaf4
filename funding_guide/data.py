"""Value objects and enumerations that cross the door of `funding_guide.api`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import pgettext_lazy

from .domain import Call


class CallStatus(models.TextChoices):
    """Where a version of a call stands."""

    DRAFT = "draft", pgettext_lazy("state of a funding call", "draft")
    PUBLISHED = "published", pgettext_lazy("state of a funding call", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a funding call", "withdrawn")


class ApplicationState(models.TextChoices):
    """Where a file stands."""

    PREPARING = "preparing", pgettext_lazy("state of an application file", "being prepared")
    SENT = "sent", pgettext_lazy("state of an application file", "sent")
    DROPPED = "dropped", pgettext_lazy("state of an application file", "dropped")


class LoadOutcome(StrEnum):
    """What loading a call did."""

    CREATED = "created"
    UPDATED = "updated"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class LoadedCall:
    """One call of a file, and what became of it."""

    slug: str
    version: str
    outcome: LoadOutcome


@dataclass(frozen=True, slots=True)
class PublishedCall:
    """A call as it is shown: the version in use and the hash that names its content for ever."""

    content_hash: str
    call: Call
