"""Names, addresses and certificates: what people type, and what their browsers say to it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tutornassij.doctor.findings import Check, Finding, failed, not_here, ok, warned
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop, ngettext

NAMES = ("LMS_HOST", "CMS_HOST", "MFE_HOST", "MEILISEARCH_HOST")
"""MEILISEARCH_HOST is asked by the authors' own browsers."""
TRIAL = ("local.openedx.io", "local.edly.io", "localhost")
SOON = timedelta(days=14)


def named(site: Site) -> Iterator[Finding]:
    """The names as settings, before the network is asked."""
    lms = str(site.config.get("LMS_HOST", ""))
    if not lms:
        yield not_here("hosts.no_settings", _("Without settings there is no name to look at."))
        return
    if trial(lms):
        yield warned(
            "hosts.trial",
            _("The site is called %(host)s: it can be reached from this machine only.") % {"host": lms},
            _("Run: tutor config save --set LMS_HOST=… --set CMS_HOST=… with the names that people will type"),
        )
    mfe = str(site.config.get("MFE_HOST", ""))
    if mfe and not mfe.endswith(f".{lms}"):
        yield failed(
            "hosts.mfe",
            _("%(mfe)s is not below %(lms)s: sign-in and the choice of language do not pass between them.")
            % {"mfe": mfe, "lms": lms},
            _("Run: tutor config save --set MFE_HOST=apps.%(lms)s") % {"lms": lms},
        )
    if not site.config.get("ENABLE_HTTPS") and not trial(lms):
        yield failed(
            "hosts.no_https",
            _("HTTPS is off: passwords and associations' answers cross the network in the open."),
            _(
                "Run: tutor config save --set ENABLE_HTTPS=true (behind a proxy of your own: ENABLE_WEB_PROXY=false too)"
            ),
        )
    yield ok("hosts.named", _("The site is called %(host)s.") % {"host": lms}, host=lms)


def reached(site: Site) -> Iterator[Finding]:
    """Each name has an address, and each address shows a certificate that browsers accept."""
    if site.offline or not site.config or trial(str(site.config.get("LMS_HOST", ""))):
        yield not_here("dns.not_asked", _("The network is not asked."))
        return
    known = []
    for name in NAMES:
        host = str(site.config.get(name, ""))
        if not host:
            continue
        if addresses := site.network.addresses(host):
            known.append(host)
            yield ok(
                "dns.address", _("%(host)s has an address.") % {"host": host}, host=host, addresses=list(addresses)
            )
        else:
            yield failed(
                "dns.none",
                _("%(host)s has no address: nobody can reach it.") % {"host": host},
                _("Ask whoever keeps your domain for a record of type A (or CNAME) for this name."),
                host=host,
            )
    if site.config.get("ENABLE_HTTPS"):
        for host in known:
            yield certified(site, host)


def certified(site: Site, host: str) -> Finding:
    try:
        until = site.network.certificate(host)
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or getattr(error, "reason", "") or str(error)
        return failed(
            "https.refused",
            _("Browsers refuse the certificate of %(host)s: %(reason)s") % {"host": host, "reason": reason},
            _(
                "Are ports 80 and 443 open to the Internet? See: tutor local logs caddy. Your own proxy must show one too."
            ),
            host=host,
        )
    except OSError as error:
        return warned(
            "https.silent",
            _("%(host)s does not answer on port 443: %(error)s") % {"host": host, "error": error},
            _(
                "Is the site started, and is port 443 open in the firewall? From inside some networks it cannot be reached."
            ),
            host=host,
        )
    left = until - datetime.now(UTC)
    if left < SOON:
        return warned(
            "https.soon",
            ngettext(
                "The certificate of %(host)s runs out in %(days)d day.",
                "The certificate of %(host)s runs out in %(days)d days.",
                left.days,
            )
            % {"host": host, "days": left.days},
            _("Caddy renews 30 days before: see why it could not (tutor local logs caddy). Your own: renew it now."),
            host=host,
            until=until.isoformat(),
        )
    return ok(
        "https.good", _("%(host)s shows a good certificate.") % {"host": host}, host=host, until=until.isoformat()
    )


def trial(host: str) -> bool:
    return host in TRIAL or host.endswith(tuple(f".{name}" for name in TRIAL))


CHECKS = (
    Check("hosts", gettext_noop("Names of the site"), named),
    Check("reached", gettext_noop("Addresses and certificates"), reached),
)
