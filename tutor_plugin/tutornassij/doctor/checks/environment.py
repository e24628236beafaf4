"""Is what runs what the settings say? Tutor renders only when it is told to, and never says that it was not."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tutornassij.doctor.findings import Check, Finding, failed, not_here, ok
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop, ngettext

SHOWN = 5
"""Files named in a finding; the rest is counted."""


def current(site: Site) -> Iterator[Finding]:
    """Every file of the environment, rendered again in memory and compared: dates would be wrong after a copy or a restore."""
    if not site.config:
        yield not_here("environment.no_settings", _("Without settings there is nothing to compare."))
        return
    if not site.rendered("version"):
        yield failed("environment.none", _("Nothing is rendered yet."), _("Run: tutor config save"))
        return
    try:
        stale = sorted(differences(site))
    except Exception as error:  # a template of any plugin may break in any way
        yield failed(
            "environment.broken",
            _("The environment cannot be rendered: %(error)s") % {"error": error},
            _("Run: tutor config save, and correct what it names."),
        )
        return
    if stale:
        yield failed(
            "environment.stale",
            ngettext(
                "%(number)d rendered file is not what the settings say: %(files)s",
                "%(number)d rendered files are not what the settings say: %(files)s",
                len(stale),
            )
            % {"number": len(stale), "files": ", ".join(stale[:SHOWN])},
            _("Run: tutor config save, then tutor %(mode)s restart (or start, on Kubernetes)") % {"mode": site.mode},
            files=stale,
        )
    else:
        yield ok("environment.current", _("The rendered environment is what the settings say."))


def differences(site: Site) -> Iterator[str]:
    """The rendered files that are missing or other than they would be now."""
    from tutor import env, hooks

    renderer = env.Renderer(site.config)
    for prefix, target in hooks.Filters.ENV_TEMPLATE_TARGETS.iterate():
        for template in renderer.iter_templates_in(prefix.replace(os.sep, "/")):
            wanted = renderer.render_template(template)
            path = site.env / target / template
            try:
                found = path.read_bytes()
            except OSError:
                found = None
            if found != (wanted if isinstance(wanted, bytes) else wanted.encode()):
                yield str(path.relative_to(site.env))


CHECKS = (Check("environment", gettext_noop("What is rendered is what the settings say"), current),)
