"""Is the plugin there, loaded, and made for this Tutor?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import metadata

from tutornassij.doctor.findings import Check, Finding, failed, ok, warned
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop

TUTOR_MAJOR = 22
PYTHON = (3, 11)


def loaded(site: Site) -> Iterator[Finding]:
    """The trap: a plugin that cannot be imported is skipped, and `tutor local launch` deploys a stock LMS with exit code 0."""
    plugins = site.plugins
    if "nassij" in plugins.loaded:
        yield ok("plugin.loaded", _("The plugin is loaded."))
    elif not site.config_path.exists():
        yield failed(
            "plugin.no_project",
            _("There is no project in %(folder)s.") % {"folder": site.root},
            _("Run: tutor plugins enable nassij (and set TUTOR_ROOT or --root when the project is elsewhere)"),
        )
    elif "nassij" not in plugins.enabled:
        yield failed(
            "plugin.not_enabled",
            _("The plugin is not enabled: this would be a stock Open edX."),
            _("Run: tutor plugins enable nassij"),
        )
    elif "nassij" not in plugins.installed:
        yield failed(
            "plugin.not_installed",
            _("The plugin is enabled, but this Tutor does not have it."),
            _("Install tutor-contrib-nassij in the same environment as Tutor (%(python)s).") % {"python": sys.prefix},
        )
    elif plugins.error:
        yield failed(
            "plugin.import_error",
            _("The plugin is enabled, but cannot be imported, so Tutor goes on without it: %(error)s")
            % {"error": plugins.error},
            _(
                "Install it anew: pip install --force-reinstall tutor-contrib-nassij. Do not launch before this is well."
            ),
        )
    else:
        yield failed(
            "plugin.not_loaded",
            _("The plugin is enabled, but Tutor did not load it."),
            _(
                "Look for a file nassij.py in the folder that “tutor plugins printroot” names: it would hide the plugin."
            ),
        )


def versions(site: Site) -> Iterator[Finding]:
    """Majors that belong together; a mix installs without a word and fails later."""
    if sys.version_info < PYTHON:
        yield failed(
            "versions.python",
            _("Python %(found)s is too old.") % {"found": sys.version.split()[0]},
            _("Install Tutor and the plugin with Python %(least)s or newer.") % {"least": ".".join(map(str, PYTHON))},
        )
    tutor = version_of("tutor")
    if major(tutor) != TUTOR_MAJOR:
        yield failed(
            "versions.tutor",
            _("Tutor %(found)s: the plugin is made for Tutor %(wanted)s.") % {"found": tutor, "wanted": TUTOR_MAJOR},
            _("Run: pip install 'tutor>=%(wanted)s,<%(next)s'") % {"wanted": TUTOR_MAJOR, "next": TUTOR_MAJOR + 1},
            found=tutor,
        )
    else:
        yield ok("versions.tutor", _("Tutor %(found)s.") % {"found": tutor}, found=tutor)
    ours = version_of("tutor-contrib-nassij")
    if ours and major(ours) != major(tutor):
        yield failed(
            "versions.plugin",
            _("tutor-contrib-nassij %(found)s is for another Tutor than %(tutor)s.") % {"found": ours, "tutor": tutor},
            _("Run: pip install 'tutor-contrib-nassij>=%(wanted)s,<%(next)s'")
            % {"wanted": major(tutor), "next": major(tutor) + 1},
            found=ours,
        )
    yield from others(site)


def others(site: Site) -> Iterator[Finding]:
    """Whether each enabled plugin accepts the Tutor that runs it; pip says so at most once, when it installs."""
    from packaging.requirements import Requirement

    present = {name.lower(): version_of(name) for name in ("tutor", "tutor-mfe")}
    for point in metadata.entry_points(group="tutor.plugin.v1"):
        if point.name not in site.plugins.enabled or point.dist is None:
            continue
        for text in point.dist.requires or ():
            requirement = Requirement(text)
            found = present.get(requirement.name.lower())
            if found and not requirement.specifier.contains(found, prereleases=True):
                yield failed(
                    "versions.other",
                    _("The plugin %(plugin)s %(version)s needs %(requirement)s, but %(found)s is installed.")
                    % {
                        "plugin": point.name,
                        "version": point.dist.version,
                        "requirement": requirement,
                        "found": found,
                    },
                    _("Install the version of %(package)s for this Tutor, or disable the plugin.")
                    % {"package": point.dist.name},
                    plugin=point.name,
                )
    if "mfe" not in site.plugins.enabled:
        yield warned(
            "versions.mfe",
            _("The plugin mfe is not enabled: people can neither sign in nor follow a course."),
            _("Run: tutor plugins enable mfe"),
        )


def version_of(distribution: str) -> str:
    """The version that is installed, or nothing."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def major(version: str) -> int:
    first = version.split(".")[0]
    return int(first) if first.isdigit() else -1


CHECKS = (
    Check("plugin", gettext_noop("The plugin is really loaded"), loaded),
    Check("versions", gettext_noop("Versions belong together"), versions),
)
