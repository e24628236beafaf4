"""Who published which version, from the audit trail."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model

from nassij.common.models import AuditEvent

from ..models import InstrumentVersion
from .releases import trail_uuid


def publishers(versions: Iterable[InstrumentVersion]) -> dict[int, str]:
    """The user name of whoever published each version, by its key; nobody for the operator's command. Two queries."""
    wanted = {trail_uuid(version.slug, version.version): version.pk for version in versions}
    events = AuditEvent.objects.filter(object_uuid__in=wanted, action="instrument.published", actor_id__isnull=False)
    actors = {uuid: actor for uuid, actor in events.values_list("object_uuid", "actor_id") if uuid and actor}
    names = {user.pk: user.get_username() for user in get_user_model().objects.filter(pk__in=actors.values())}
    return {wanted[uuid]: names[actor] for uuid, actor in actors.items() if actor in names}
