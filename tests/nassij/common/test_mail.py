"""Mails: in the person's language, text and HTML, after commit, once."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.test import override_settings

from nassij.common import mail

pytestmark = pytest.mark.django_db

TEMPLATES = {
    "test/hello.subject.txt": "{{ association }}\n  & {{ count }}\n",
    "test/hello.txt": '{% extends "nassij/mail/base.txt" %}{% block content %}{{ association }} {{ count }}{% endblock %}',
    "test/hello.html": '{% extends "nassij/mail/base.html" %}{% block content %}<p>{{ association }}</p>{% endblock %}',
}
CONTEXT = {"association": "جمعية <الأمل> & Co", "count": 3}


@pytest.fixture(autouse=True)
def templates() -> Iterator[None]:
    engine = django_settings.TEMPLATES[0]
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES), "django.template.loaders.app_directories.Loader"]
    with override_settings(
        TEMPLATES=[{**engine, "APP_DIRS": False, "OPTIONS": {**engine["OPTIONS"], "loaders": loaders}}],
        NASSIJ_MAIL_FROM="Nassij <nassij@example.org>",
        NASSIJ_CONTACT={"phone": "+212 5", "mail": "aide@example.org"},
        NASSIJ_SITE_URL="https://nassij.example/",
    ):
        yield


def user(**changes: Any) -> Any:
    return get_user_model().objects.create_user(
        **{"username": "fatima", "email": "f@example.org", "first_name": "فاطمة"} | changes
    )


def send(capture: Any, **changes: Any) -> list[Any]:
    with capture(execute=True):
        mail.send(**{"template": "test/hello", "context": CONTEXT} | changes)
    return outbox.outbox


def test_a_mail_has_text_and_html_in_the_language_asked_for(django_capture_on_commit_callbacks: Any) -> None:
    (sent,) = send(django_capture_on_commit_callbacks, to_user_id=user().pk, language="fr")
    assert sent.to == ["f@example.org"] and sent.from_email == "Nassij <nassij@example.org>"
    assert sent.subject == "جمعية <الأمل> & Co & 3"
    assert "جمعية <الأمل> & Co 3" in sent.body and "&lt;" not in sent.body and "+212 5" in sent.body
    ((html, kind),) = sent.alternatives
    assert kind == "text/html" and '<html lang="fr" dir="ltr">' in html and "جمعية &lt;الأمل&gt; &amp; Co" in html
    assert "https://nassij.example" in html and "فاطمة" in html
    assert re.fullmatch(r"<[0-9a-f-]{36}@nassij\.example>", sent.extra_headers.pop("Message-ID"))
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated", "Content-Language": "fr"}


def test_the_language_of_the_person_is_the_default(django_capture_on_commit_callbacks: Any) -> None:
    with override_settings(NASSIJ_USER_LANGUAGE="tests.nassij.common.test_mail.english"):
        (sent,) = send(django_capture_on_commit_callbacks, to_user_id=user().pk)
    assert '<html lang="en"' in sent.alternatives[0][0]


def english(user_id: int) -> str:
    return "en"


def test_an_address_without_an_account_gets_arabic(django_capture_on_commit_callbacks: Any) -> None:
    (sent,) = send(django_capture_on_commit_callbacks, to_address="x@example.org")
    assert sent.to == ["x@example.org"] and 'dir="rtl"' in sent.alternatives[0][0]


def test_nothing_is_sent_before_commit_or_after_a_rollback(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        mail.send(template="test/hello", context=CONTEXT, to_address="x@example.org")
    assert len(callbacks) == 1 and outbox.outbox == []


@pytest.mark.parametrize("changes", [{"email": ""}, {"is_active": False}])
def test_nobody_to_send_to_is_no_error(django_capture_on_commit_callbacks: Any, changes: dict[str, Any]) -> None:
    assert send(django_capture_on_commit_callbacks, to_user_id=user(**changes).pk) == []
    assert send(django_capture_on_commit_callbacks, to_user_id=987_654) == []


@pytest.mark.parametrize("address", ["x", "a@b.ma\nBcc: c@d.ma", "a@b.ma,c@d.ma"])
def test_a_malformed_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValidationError):
        mail.send(template="test/hello", context=CONTEXT, to_address=address)


def test_misuse_is_refused_at_once() -> None:
    for receiver in ({}, {"to_user_id": 1, "to_address": "a@b.ma"}):
        with pytest.raises(ValueError, match="name a user or an address"):
            mail.send(template="test/hello", context=CONTEXT, **receiver)
    with pytest.raises(TypeError):
        mail.send(template="test/hello", context={"x": object()}, to_address="a@b.ma")


def test_a_name_cannot_add_headers(django_capture_on_commit_callbacks: Any) -> None:
    (sent,) = send(
        django_capture_on_commit_callbacks, to_address="a@b.ma", context={"association": "x\r\nBcc: y@z.ma", "count": 1}
    )
    assert "\n" not in sent.subject and "Bcc" in sent.subject and list(sent.message()["To"].split()) == ["a@b.ma"]


def test_the_sender_and_site_fall_back_to_the_platform() -> None:
    with override_settings(
        NASSIJ_MAIL_FROM="", NASSIJ_SITE_URL="", DEFAULT_FROM_EMAIL="p@example.org", LMS_ROOT_URL="https://lms.example"
    ):
        message = mail.compose("test/hello", CONTEXT, language="ar")
        assert message.from_email == "p@example.org" and mail.site_url() == "https://lms.example"
