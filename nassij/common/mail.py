"""Mails: text and HTML from templates, in the language of the person, sent by the worker after commit.

`send` stores the mail as a row in the caller's transaction; how it then travels is told in `nassij.common.outbox`.

A mail called `nassij_associations/mail/invitation` has three templates: `….subject.txt`, `….txt` (extends `nassij/mail/base.txt`)
and `….html` (extends `nassij/mail/base.html`). Their context is JSON; `contact`, `language`, `direction`, `site_url` and `name`
are added, and `unsubscribe_url` to a mail about a topic that can be switched off.
"""

from collections.abc import Collection, Mapping
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation

from nassij.common import mail_topics, outbox
from nassij.common.canonical import as_json
from nassij.common.conf import setting
from nassij.common.locale import language_of, spoken
from nassij.common.mail_topics import TOPICS
from nassij.common.models import OutgoingMail
from nassij.common.pages import contact, url_or_none
from nassij.common.people import display_name
from nassij.common.text import clean_text, direction


def send(
    *,
    template: str,
    context: Mapping[str, Any],
    to_user_id: int | None = None,
    to_address: str | None = None,
    language: str | None = None,
    topic: str = "",
    key: str | None = None,
) -> bool:
    """Send `template`, if the caller's transaction is committed, to a person of the platform or to an address (one of the two).

    `language` defaults to what the person chose. `topic` (of `nassij.common.mail_topics`) is what the person may switch off.
    `key` names what is sent once: False when it was used before, and nothing more is sent. Raises `ValidationError` for a
    malformed address and `TypeError` for a context that is not JSON, at once; a person without an address, an inactive one and
    one who does not want the topic get nothing.
    """
    mail = prepared(
        template=template,
        context=context,
        to_user_id=to_user_id,
        to_address=to_address,
        language=language,
        topic=topic,
        key=key,
    )
    try:
        with transaction.atomic():
            outbox.queue([mail])
    except IntegrityError:
        if key is None:
            raise
        return False
    return True


def prepared(
    *,
    template: str,
    context: Mapping[str, Any],
    to_user_id: int | None = None,
    to_address: str | None = None,
    language: str | None = None,
    topic: str = "",
    key: str | None = None,
) -> OutgoingMail:
    """The row of a mail, not stored: for those who queue many at once with `outbox.queue`. As `send` otherwise."""
    if (to_user_id is None) == (to_address is None):
        raise ValueError("name a user or an address")
    if to_address is not None:
        validate_email(to_address)
    if topic and topic not in TOPICS:
        raise ValueError(f"unknown mail topic {topic}")
    return OutgoingMail(
        template=template,
        context=as_json(context),
        to_user_id=to_user_id,
        to_address=to_address or "",
        language=language or "",
        topic=topic,
        key=key,
    )


def used(keys: Collection[str]) -> frozenset[str]:
    """Those of these keys under which a mail was queued before (one query)."""
    found = OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True)
    return frozenset(key for key in found if key)


def message_of(mail: OutgoingMail) -> EmailMultiAlternatives | None:
    """The mail as it goes out now; None when there is nobody to send it to, or nobody who wants it."""
    context, address, user_id = dict(mail.context), mail.to_address, mail.to_user_id
    if user_id is not None:
        user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
        if user is None or not user.email or (mail.topic and not mail_topics.wants(user_id=user_id, topic=mail.topic)):
            return None
        address = user.email
        context["name"] = display_name(user)
        context["unsubscribe_url"] = unsubscribe_url(user_id, mail.topic) if mail.topic else ""
    message = compose(mail.template, context, language=spoken(mail.language) or language_of(user_id))
    message.to = [address]
    # The same at every attempt: a mail that goes out twice is recognised by it.
    message.extra_headers["Message-ID"] = f"<{mail.uuid}@{_domain()}>"
    return message


def compose(template: str, context: Mapping[str, Any], *, language: str) -> EmailMultiAlternatives:
    """The mail without its receiver."""
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": language}
    if context.get("unsubscribe_url"):
        headers["List-Unsubscribe"] = f"<{context['unsubscribe_url']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    with translation.override(language):
        full = {
            **context,
            "contact": contact(language),
            "language": language,
            "direction": direction(language),
            "site_url": site_url(),
        }
        subject = " ".join(clean_text(_text(f"{template}.subject.txt", full)).split())
        sender = setting("NASSIJ_MAIL_FROM") or settings.DEFAULT_FROM_EMAIL
        message = EmailMultiAlternatives(subject, _text(f"{template}.txt", full), sender, headers=headers)
        message.attach_alternative(render_to_string(f"{template}.html", full), "text/html")
    return message


def unsubscribe_url(user_id: int, topic: str) -> str:
    """The address that switches `topic` off for this person without signing in; empty when the site's address is not known."""
    path = url_or_none("nassij_common:mail_off", token=mail_topics.token(user_id=user_id, topic=topic))
    return f"{site_url()}{path}" if site_url() and path else ""


def site_url() -> str:
    """The address of the site without a slash at the end; empty when nobody configured one."""
    return str(setting("NASSIJ_SITE_URL") or getattr(settings, "LMS_ROOT_URL", "") or "").rstrip("/")


def _domain() -> str:
    """Whose mails these are: the host of the site, else the domain of the sender."""
    sender = parseaddr(str(setting("NASSIJ_MAIL_FROM") or settings.DEFAULT_FROM_EMAIL))[1]
    return urlsplit(site_url()).hostname or sender.rpartition("@")[2] or "nassij.invalid"


def _text(template: str, context: Mapping[str, Any]) -> str:
    """A text template, where nothing is escaped: `&amp;` has no place in a subject or a text mail."""
    found: Any = get_template(template)
    return str(found.template.render(Context(dict(context), autoescape=False)))
