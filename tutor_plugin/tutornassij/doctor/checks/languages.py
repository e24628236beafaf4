"""Arabic first: does the site speak it before anybody chooses?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutornassij.doctor.findings import Check, Finding, failed, not_here, ok, warned
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop

OURS = ("ar", "fr", "en")
PROXIES = {
    "apps/caddy/Caddyfile": "request_header @nassij_undecided -Accept-Language",
    "plugins/mfe/apps/mfe/Caddyfile": '+Set-Cookie "openedx-language-preference=',
}
"""The proxies' files, and what ours is known by in each."""
RENDERED = re.compile(r"^LANGUAGE_CODE:\s*[\"']?([\w-]+)", re.MULTILINE)


def language(site: Site) -> Iterator[Finding]:
    code = str(site.config.get("LANGUAGE_CODE", ""))
    if not code:
        yield not_here("language.no_settings", _("Without settings there is no language to look at."))
        return
    if code not in OURS:
        yield failed(
            "language.unknown",
            _("The site's language is %(code)s, which none of our texts is in.") % {"code": code},
            _("Run: tutor config save --set LANGUAGE_CODE=ar (or fr, or en)"),
            code=code,
        )
        return
    if code == "en":
        yield warned(
            "language.english",
            _("The site's language is English: whoever has chosen none meets English."),
            _("Run: tutor config save --unset LANGUAGE_CODE, for Arabic"),
            code=code,
        )
    for service in ("lms", "cms"):
        rendered = RENDERED.findall(site.rendered(f"apps/openedx/config/{service}.env.yml"))
        if rendered != [code]:
            yield failed(
                "language.not_rendered",
                _("The settings say %(code)s, but %(service)s is rendered with %(rendered)s.")
                % {"code": code, "service": service.upper(), "rendered": ", ".join(rendered) or "–"},
                _("Run: tutor config save"),
                service=service,
            )
            return
    if code != "en":
        yield ok("language.set", _("The site's language is %(code)s.") % {"code": code}, code=code)


def policy(site: Site) -> Iterator[Finding]:
    """Who has not chosen a language follows the site, not the browser: the web proxy sees to it, in two places."""
    if not site.config:
        yield not_here("language.no_settings", _("Without settings there is no language to look at."))
        return
    if site.config.get("NASSIJ_LANGUAGE_POLICY") != "force":
        yield ok("language.browser", _("Whoever has not chosen a language gets that of the browser."))
        return
    missing = [path for path, mark in PROXIES.items() if mark not in site.rendered(path)]
    for path in missing:
        yield failed(
            "language.not_kept",
            _("%(path)s does not keep the site's language: most phones would show French or English.")
            % {"path": f"env/{path}"},
            _("Is the plugin loaded? Then run: tutor config save"),
            path=path,
        )
    if not missing:
        yield ok("language.kept", _("Whoever has not chosen a language gets that of the site."))


CHECKS = (
    Check("language", gettext_noop("The site's language"), language),
    Check("policy", gettext_noop("The language of those who have not chosen"), policy),
)
