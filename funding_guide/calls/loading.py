"""From a file of a funding call to a stored version, and from a stored version to a published one.

Nothing here asks who may: loading and publishing are an operator's command; nothing calls `withdraw` yet.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import activity_fields, provinces, regions
from nassij.common.audit import record
from nassij.common.canonical import digest
from nassij.common.errors import Conflict, NassijError, NotFound
from nassij.common.idempotency import retrying
from nassij.common.plain_data import Unreadable, lines_of, load_yaml

from ..data import CallStatus, LoadedCall, LoadOutcome
from ..domain import Call, InvalidCall, call_to_data, parse_call, reference_problems
from ..models import CallVersion
from .problems import refusal, unreadable

OWN_FILES = Path(__file__).parent / "windows"
"""The models of the funding windows that come with the suite."""


def load_call_file(path: Path, *, publish: bool) -> LoadedCall:
    """Store the call in a YAML or JSON file, and publish it when told. Does not check permissions.

    Idempotent: a file that is stored already as it is writes nothing. Raises `BadInput` with every problem of the file, and
    `Conflict` when it says something else under a version number that has been published.
    """
    call = read_call(path.read_bytes(), path.name)
    return store(call, publish=publish)


def read_call(text: bytes, name: str) -> Call:
    """The call in a YAML or JSON text. Raises `BadInput` with every problem, its place and its line."""
    try:
        data = load_yaml(text)
    except Unreadable as refused:
        raise unreadable(name, refused) from refused
    try:
        return checked(data)
    except InvalidCall as refused:
        lines = lines_of(text, [found.path for found in refused.problems])
        raise refusal(name, refused.problems, lines=lines) from refused


def checked(data: Any) -> Call:
    """The call in plain data, the codes it names among those of this site. Raises :class:`InvalidCall`."""
    call = parse_call(data)
    region_of = {code: term.region for code, term in provinces().items()}
    problems = reference_problems(call, regions=regions(), provinces=region_of, fields=activity_fields())
    if problems:
        raise InvalidCall(problems)
    return call


def store(call: Call, *, publish: bool, actor_id: int | None = None) -> LoadedCall:
    """Keep `call` as a draft, and publish it when told. Raises `Conflict` when its number was published with another text."""

    def once() -> LoadOutcome:
        with transaction.atomic():
            versions = CallVersion.objects.select_for_update()
            stored = versions.filter(slug=call.slug, version=call.version).first()
            return _store(call, stored, publish=publish, actor_id=actor_id)

    try:
        outcome = retrying(once)
    except IntegrityError:  # another process stored the same call between our look and our writing: look again
        outcome = retrying(once)
    return LoadedCall(slug=call.slug, version=call.version, outcome=outcome)


def planned(call: Call) -> LoadOutcome:
    """What storing `call` would do; writes nothing. Raises `Conflict` as `store` does."""
    stored = CallVersion.objects.filter(slug=call.slug, version=call.version).first()
    if stored is None:
        return LoadOutcome.CREATED
    if stored.content_hash == digest(call_to_data(call)):
        return LoadOutcome.UNCHANGED
    if stored.status != CallStatus.DRAFT:
        raise _number_taken(call)
    return LoadOutcome.UPDATED


def _store(call: Call, stored: CallVersion | None, *, publish: bool, actor_id: int | None) -> LoadOutcome:
    outcome = planned(call)
    if outcome == LoadOutcome.UNCHANGED:
        if not publish or stored is None or stored.status != CallStatus.DRAFT:
            return outcome
        _publish(stored, actor_id)
        return LoadOutcome.PUBLISHED
    version = stored or CallVersion(slug=call.slug, version=call.version)
    version.content = call_to_data(call)
    version.content_hash = digest(version.content)
    version.is_model, version.closes_on = call.is_model, call.closes_on
    version.save()
    _note("funding.call.drafted", version, actor_id)
    if publish:
        _publish(version, actor_id)
    return outcome


def publish(*, slug: str, version: str, actor_id: int | None) -> None:
    """Show a draft as the text of its call; the version shown before stays readable. Doing it twice is the same as once.

    Raises `NotFound`, and `Conflict` for a withdrawn version or one older than what is shown.
    """
    with transaction.atomic():
        stored = CallVersion.objects.select_for_update().filter(slug=slug, version=version).first()
        if stored is None:
            raise unknown()
        if stored.status == CallStatus.WITHDRAWN:
            raise Conflict(
                _("This version was withdrawn."),
                code="withdrawn",
                remedy=_("Give the text a new version number and publish that."),
            )
        if stored.status == CallStatus.DRAFT:
            _publish(stored, actor_id)


def _publish(version: CallVersion, actor_id: int | None) -> None:
    shown = CallVersion.objects.select_for_update().filter(current_slot=version.slug).first()
    if shown is not None:
        if version_key(shown.version) > version_key(version.version):
            raise Conflict(
                _("Version %(shown)s of %(slug)s is shown already and is newer.")
                % {"shown": shown.version, "slug": version.slug},
                code="version_not_after",
                remedy=_("Nothing was changed. Give the text a higher version number."),
            )
        shown.current_slot = None
        shown.save()
    version.status, version.published_at, version.current_slot = CallStatus.PUBLISHED, timezone.now(), version.slug
    version.save()
    _note("funding.call.published", version, actor_id)


def withdraw(*, slug: str, version: str, actor_id: int | None) -> None:
    """Take a version out of sight: its page says so. Raises `NotFound`, `Conflict` for a draft, which is deleted instead."""
    with transaction.atomic():
        stored = CallVersion.objects.select_for_update().filter(slug=slug, version=version).first()
        if stored is None:
            raise unknown()
        if stored.status == CallStatus.DRAFT:
            raise Conflict(_("A draft is not shown."), code="not_published", remedy=_("Delete it instead."))
        if stored.status == CallStatus.PUBLISHED:
            stored.status, stored.withdrawn_at, stored.current_slot = CallStatus.WITHDRAWN, timezone.now(), None
            stored.save()
            _note("funding.call.withdrawn", stored, actor_id)


def version_key(version: str) -> tuple[int, ...]:
    """A version as numbers, to put versions in order.

    >>> version_key("1.10.0") > version_key("1.9.3")
    True
    """
    return tuple(int(part) for part in version.split("."))


def unknown() -> NassijError:
    """The refusal of a call that is not here."""
    return NotFound(_("This funding call is not here."), code="unknown_call")


def call_uuid(slug: str) -> UUID:
    """The name of a call in the audit trail."""
    return uuid5(NAMESPACE_URL, f"urn:nassij:funding-call:{slug}")


def _number_taken(call: Call) -> Conflict:
    return Conflict(
        _("%(slug)s %(version)s has been published with another text.") % {"slug": call.slug, "version": call.version},
        code="published_version_changed",
        remedy=_("Nothing was changed. Give the new text a new version number."),
    )


def _note(action: str, version: CallVersion, actor_id: int | None) -> None:
    record(
        actor_id=actor_id,
        action=action,
        object_type="funding_call",
        object_uuid=call_uuid(version.slug),
        details={"slug": version.slug, "version": version.version},
    )
