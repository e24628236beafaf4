"""What a site owes to the people on it: somebody to turn to, who has their data, mails that arrive."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.common.conf import setting
from nassij.common.mail import site_url
from nassij.common.selfcheck import Asked, Finding, Service, check, failed, ok, warned

REACHED_BY = ("phone", "mail", "messaging")
# What Django's and the platform's own settings say where nobody has said anything.
UNSET = ("localhost", "example.com", "example.org", "edx.org")
UNSENT = ("console", "locmem", "dummy", "filebased")
MAIL_SECONDS = 10


@check("contact", title=gettext_lazy("People know whom to turn to, and who keeps their data"))
def contact(asked: Asked) -> Iterator[Finding]:
    """The contact centre, who is responsible for the data, the CNDP reference."""
    where = _("Set %(name)s in the configuration of LMS and Studio.")
    reached = [name for name in REACHED_BY if setting("NASSIJ_CONTACT").get(name)]
    if reached:
        yield ok(_("The contact centre stands on every page."), by=reached)
    else:
        yield failed(
            _("No contact centre: people find no telephone, address or messaging to ask."),
            where % {"name": "NASSIJ_CONTACT"},
        )
    if setting("NASSIJ_DATA_CONTROLLER"):
        yield ok(_("The notice says who is responsible for the data."))
    else:
        yield failed(
            _("The notice does not say who is responsible for the data (law 09-08, article 5)."),
            where % {"name": "NASSIJ_DATA_CONTROLLER"},
        )
    if setting("NASSIJ_CNDP_REFERENCE"):
        yield ok(_("The notice gives the reference of the CNDP receipt."))
    else:
        yield warned(
            _("Without a reference of the CNDP the notice says that the declaration is being filed."),
            _("Once you have the receipt, set NASSIJ_CNDP_REFERENCE."),
        )


@check("mail", title=gettext_lazy("Mails can leave"))
def mail(asked: Asked) -> Iterator[Finding]:
    """The mail server lets us in, the sender is one, and links in mails lead here. Sends nothing."""
    sender = str(setting("NASSIJ_MAIL_FROM") or settings.DEFAULT_FROM_EMAIL)
    if _is_address(sender):
        yield ok(_("Mails come from %(sender)s.") % {"sender": sender})
    else:
        yield failed(
            _("Mails would come from %(sender)s, which nobody can answer.") % {"sender": sender},
            _("Set NASSIJ_MAIL_FROM (or DEFAULT_FROM_EMAIL) to an address of your domain."),
        )
    site = site_url()
    if site.startswith("https://"):
        yield ok(_("Links in mails lead to %(site)s.") % {"site": site})
    elif urlsplit(site).hostname:
        yield warned(
            _("Links in mails lead to %(site)s, without encryption.") % {"site": site},
            _("Serve the site over HTTPS; mail programs also want it to let people unsubscribe."),
        )
    else:
        yield failed(
            _("Links in mails lead nowhere."), _("Set NASSIJ_SITE_URL or LMS_ROOT_URL to the address of the LMS.")
        )
    yield _mail_server(asked)


def _is_address(sender: str) -> bool:
    address = parseaddr(sender)[1]
    try:
        validate_email(address)
    except ValidationError:
        return False
    domain = address.rpartition("@")[2].lower()
    return not any(domain == known or domain.endswith(f".{known}") for known in UNSET)


def _mail_server(asked: Asked) -> Finding:
    backend = str(settings.EMAIL_BACKEND)
    if any(f".{name}." in backend for name in UNSENT):
        message = _("Mails do not leave: %(backend)s keeps them here.") % {"backend": backend}
        remedy = _(
            "Set EMAIL_BACKEND to django.core.mail.backends.smtp.EmailBackend, and EMAIL_HOST to your mail server."
        )
        # In a demo that is as it should be.
        return warned(message, remedy) if asked.service is Service.NONE else failed(message, remedy)
    connection = get_connection()
    if hasattr(connection, "timeout"):
        connection.timeout = connection.timeout or MAIL_SECONDS
    try:
        connection.open()
        connection.close()
    except (OSError, SMTPException) as error:
        server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        return failed(
            _("The mail server %(server)s does not let us in: %(error)s") % {"server": server, "error": error},
            _("Correct EMAIL_HOST and the settings beside it (port, user, password, TLS), or start the mail server."),
        )
    return ok(_("The mail server lets us in."))
