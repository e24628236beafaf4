"""Other plugins that undo what ours does, or do it twice."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata

from tutornassij.doctor.findings import Check, Finding, failed, ok, warned
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop

ASPECTS_LEAST = 6
"""aspects 6 pins another `click` than Tutor 22: pip then takes 2.4 without a word, which is made for older Tutors."""
PACKAGE = "openedx-nassij"


def clashes(site: Site) -> Iterator[Finding]:
    enabled = set(site.plugins.enabled)
    found = list(_themes(enabled)) + list(_celery(enabled)) + list(_aspects(enabled)) + list(_backup(enabled))
    found += list(_twice(site))
    yield from found or [ok("neighbours.none", _("No other plugin stands in the way."))]


def _themes(enabled: set[str]) -> Iterator[Finding]:
    if "indigo" in enabled:
        yield warned(
            "neighbours.indigo",
            _("The plugin indigo has a theme of its own, and its styles come from other hosts (jsDelivr, GitHub)."),
            _("Run: tutor plugins disable indigo, then tutor config save and tutor images build openedx mfe"),
        )


def _celery(enabled: set[str]) -> Iterator[Finding]:
    if "celery" in enabled:
        yield warned(
            "neighbours.celery",
            _("The plugin celery has workers of its own: see that none of them takes our queue as well."),
            _("Leave our queue out of its CELERY_WORKERS_CONFIG; our worker takes it."),
        )


def _aspects(enabled: set[str]) -> Iterator[Finding]:
    try:
        version = metadata.version("tutor-contrib-aspects")
    except metadata.PackageNotFoundError:
        return
    if "aspects" in enabled and int(version.split(".")[0]) < ASPECTS_LEAST:
        yield failed(
            "neighbours.aspects",
            _("aspects %(version)s is made for an older Tutor; pip took it without a word.") % {"version": version},
            _("Run: tutor plugins disable aspects, until there is one for this Tutor."),
            version=version,
        )


def _backup(enabled: set[str]) -> Iterator[Finding]:
    if "backup" in enabled:
        yield warned(
            "neighbours.backup",
            _(
                "The plugin backup saves neither files nor settings, and its archives lie in env/, which Tutor may empty."
            ),
            _("Use: tutor nassij backup"),
        )


def _twice(site: Site) -> Iterator[Finding]:
    for requirement in site.config.get("OPENEDX_EXTRA_PIP_REQUIREMENTS") or ():
        if PACKAGE in str(requirement):
            yield failed(
                "neighbours.twice",
                _("OPENEDX_EXTRA_PIP_REQUIREMENTS installs %(what)s as well: two versions in one image.")
                % {"what": requirement},
                _("Take it out of the list: the plugin brings the package with it."),
            )


CHECKS = (Check("neighbours", gettext_noop("Other plugins"), clashes),)
