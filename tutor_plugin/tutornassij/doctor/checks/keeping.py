"""Will what people give still be there tomorrow? Where files go, and when it was last saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tutornassij.backup.shelf import Shelf
from tutornassij.doctor.findings import Check, Finding, failed, not_here, ok, warned
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop, ngettext

OBJECTS = re.compile(r"^[^#\n]*storages\.backends\.(?:s3|s3boto3|gcloud|azure_storage)\b", re.MULTILINE)
"""What the rendered settings say, whichever plugin wrote it."""
PRIVATE = re.compile(r"^NASSIJ_PRIVATE_STORAGE:\s*(?!\{\})\S", re.MULTILINE)
SETTINGS = "apps/openedx/settings/{service}/production.py"
OFTEN = timedelta(days=7)


def files(site: Site) -> Iterator[Finding]:
    """On Kubernetes Tutor gives the LMS no volume: a file lives as long as its pod."""
    rendered = {service: site.rendered(SETTINGS.format(service=service)) for service in ("lms", "cms")}
    if not all(rendered.values()):
        yield not_here("storage.not_rendered", _("Nothing is rendered yet, so nothing says where files go."))
        return
    objects = [service for service, text in rendered.items() if OBJECTS.search(text)]
    if len(objects) == 1:
        yield failed(
            "storage.differs",
            _("Only %(service)s keeps its files in a bucket: what one service writes the other does not find.")
            % {"service": objects[0].upper()},
            _("Set the storage for both services (openedx-common-settings)."),
        )
    elif objects and site.mode == "k8s" and not PRIVATE.search(site.rendered("apps/openedx/config/lms.env.yml")):
        yield failed(
            "storage.private_lost",
            _("On Kubernetes, evidence and reports would be lost whenever a pod is replaced: they have no bucket."),
            _("Set NASSIJ_S3_PRIVATE_BUCKET (or NASSIJ_PRIVATE_STORAGE), then: tutor config save"),
        )
    elif objects:
        yield ok("storage.objects", _("Files are kept in a bucket."))
    elif site.mode == "k8s":
        yield failed(
            "storage.lost",
            _("On Kubernetes, files would be lost whenever a pod is replaced: no bucket is set."),
            _(
                "Set NASSIJ_STORAGE=s3 and the NASSIJ_S3_… settings (docs/operations/tutor-settings.rst): tutor config save"
            ),
        )
    else:
        yield ok("storage.files", _("Files are kept in the data folder of this server."))


def saved(site: Site) -> Iterator[Finding]:
    """A restore that stopped halfway comes first; then how old the last whole backup is."""
    if not site.config:
        yield not_here("backup.no_settings", _("Without settings there is nothing to save."))
        return
    shelf = Shelf(site.backups)
    if name := shelf.unfinished_restore():
        yield failed(
            "backup.half_restored",
            _("A restore of %(name)s was interrupted: the services are stopped.") % {"name": name},
            _("Run again: tutor nassij restore %(name)s") % {"name": name},
            name=name,
        )
    whole = shelf.whole()
    if not whole:
        yield failed(
            "backup.none", _("Nothing has ever been saved."), _("Run every night: tutor nassij backup --keep 14")
        )
        return
    age = datetime.now(UTC) - whole[-1].created
    words = {"days": age.days, "name": whole[-1].name}
    if age > OFTEN:
        yield warned(
            "backup.old",
            ngettext(
                "The last backup, %(name)s, is %(days)d day old.",
                "The last backup, %(name)s, is %(days)d days old.",
                age.days,
            )
            % words,
            _("Run every night: tutor nassij backup --keep 14"),
            name=whole[-1].name,
        )
    else:
        yield ok("backup.recent", _("The last backup is %(name)s.") % words, name=whole[-1].name)


CHECKS = (
    Check("storage", gettext_noop("Where files are kept"), files),
    Check("backups", gettext_noop("Backups"), saved),
)
