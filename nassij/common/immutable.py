"""Rows that history rests on: written once, read for ever.

A guard in `save()` alone is not one: a queryset's `update()` and `delete()` walk past it. So the manager's queryset refuses too.
What the law asks for (a person's own answers on their request) has its own door, `forget_respondent` in `answering`, and goes
through the base manager there, in one place that can be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


class ImmutableError(ValidationError):
    """Somebody tried to change or delete what is kept as it was."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(
            _("%(name)s is kept as it was written; add a new one instead."),
            code="immutable",
            params={"name": model._meta.verbose_name},
        )


def changed_fields(stored: models.Model, new: models.Model) -> set[str]:
    """Names (`attname`) of the columns in which `new` differs from the stored row.

    Guards compare with what is stored now, not with what the object once read: another process may have been faster.
    """
    return {
        field.attname
        for field in new._meta.concrete_fields
        if getattr(stored, field.attname) != getattr(new, field.attname)
    }


class GuardedQuerySet(models.QuerySet[Any]):
    """A queryset that reads and adds, and neither changes nor deletes."""

    def update(self, **kwargs: Any) -> int:
        raise ImmutableError(self.model)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        raise ImmutableError(self.model)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise ImmutableError(self.model)

    def bulk_create(self, objs: Iterable[Any], *args: Any, update_conflicts: bool = False, **kwargs: Any) -> list[Any]:
        if update_conflicts or len(args) > 2:  # beyond batch_size and ignore_conflicts, also by position
            raise ImmutableError(self.model)
        return super().bulk_create(objs, *args, **kwargs)


class GuardedManager(models.Manager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    """The manager of guarded models."""


class WrittenOnce(models.Model):
    """Base of append-only rows: the first `save()` is the last one."""

    objects = GuardedManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding or kwargs.get("force_update") or kwargs.get("update_fields"):
            raise ImmutableError(type(self))
        # A new object that carries the key of a stored row would otherwise overwrite it.
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ImmutableError(type(self))
