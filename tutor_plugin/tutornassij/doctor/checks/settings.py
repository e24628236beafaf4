"""config.yml: can it be read, by whom, and does it say what its author meant?"""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from tutornassij.doctor.findings import Check, Finding, failed, not_here, ok, warned
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop

PREFIX = "NASSIJ_"


def readable(site: Site) -> Iterator[Finding]:
    """Everything below looks at the settings."""
    if not site.config_path.exists():
        yield not_here("settings.none", _("There is no config.yml yet."))
    elif site.problem:
        yield failed(
            "settings.unreadable",
            _("The settings cannot be read: %(error)s") % {"error": site.problem},
            _("Correct %(file)s; an older copy is in each backup.") % {"file": site.config_path},
        )
    else:
        yield ok("settings.readable", _("The settings can be read."))


def meant(site: Site) -> Iterator[Finding]:
    """A name that is misspelt does nothing, and nobody says so."""
    unknown = sorted(name for name in site.user if name.startswith(PREFIX) and name not in site.known)
    if not site.known:
        yield not_here("settings.unknown_names", _("The names of our settings are known when the plugin is loaded."))
        return
    for name in unknown:
        near = difflib.get_close_matches(name, site.known, n=1)
        yield failed(
            "settings.misspelt",
            _("There is no setting %(name)s: it does nothing.") % {"name": name},
            _("Did you mean %(near)s? Correct %(file)s.") % {"near": near[0], "file": site.config_path}
            if near
            else _("Run: tutor config save --unset %(name)s") % {"name": name},
            name=name,
        )
    if not unknown:
        yield ok("settings.names", _("Every setting of ours that is set has its right name."))


def private(site: Site) -> Iterator[Finding]:
    """Tutor writes config.yml for all to read, with every password in it; backups hold the same and more."""
    if not site.config_path.exists():
        yield not_here("settings.none", _("There is no config.yml yet."))
        return
    places = [site.config_path, *sorted(site.root.glob("config.yml.before-*"))]
    if site.backups.exists():
        places.append(site.backups)
    for path in places:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield failed(
                "settings.open",
                _("%(path)s can be read by others on this server, and it holds passwords.") % {"path": path},
                _("Run: chmod %(mode)s %(path)s (or this command with --fix)")
                % {"mode": f"{_private_mode(path):o}", "path": path},
                fix=_closing(path),
                path=str(path),
                mode=f"{stat.S_IMODE(path.stat().st_mode):04o}",
            )
        elif path.stat().st_uid != os.getuid() and os.getuid() != 0:
            yield warned(
                "settings.owner",
                _("%(path)s belongs to somebody else.") % {"path": path},
                _("Run Tutor always as the same account, not with sudo: chown -R $(id -u) %(root)s")
                % {"root": site.root},
            )
        else:
            yield ok("settings.private", _("Only you can read %(path)s.") % {"path": path})


def _private_mode(path: Path) -> int:
    return 0o700 if path.is_dir() else 0o600


def _closing(path: Path) -> Callable[[], str]:
    def close() -> str:
        path.chmod(_private_mode(path))
        return _("%(path)s is now readable by you alone.") % {"path": path}

    return close


def possible(site: Site) -> Iterator[Finding]:
    """The values that every other command refuses to go on with."""
    if not site.known or not site.config:
        yield not_here("settings.unknown_names", _("The names of our settings are known when the plugin is loaded."))
        return
    from tutornassij import values  # needs a plugin that can be loaded

    known = {name: value for name, value in site.config.items() if not name.startswith(PREFIX) or name in site.known}
    found = list(values.problems(known))
    for problem in found:
        yield failed("settings.impossible", problem, _("Run: tutor config save --set NAME=VALUE, or --unset NAME"))
    if not found:
        yield ok("settings.possible", _("Every setting of ours has a value that works."))


CHECKS = (
    Check("settings", gettext_noop("The settings can be read"), readable),
    Check("names", gettext_noop("Settings are spelt right"), meant),
    Check("values", gettext_noop("Settings have values that work"), possible),
    Check("private", gettext_noop("Passwords are kept private"), private),
)
