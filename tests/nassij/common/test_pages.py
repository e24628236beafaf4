"""The frame of every page: language and direction, the person to turn to, friendly failures, nothing inline."""

import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock, call
from uuid import uuid4

import pytest
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, resolve, reverse
from django.views.generic import TemplateView

from nassij.common import locale, pages
from nassij.common.errors import NotSignedIn

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.nassij.common.urls")]

CONTACT = {
    "name": {"ar": "مركز الاتصال", "fr": "Centre de contact"},
    "phone": "+212 5 24 00 00 00",
    "mail": "aide@example.org",
    "messaging": "https://wa.me/212000",
    "hours": {"fr": "9 h - 17 h"},
}


def html_of(client: Client, address: str, language: str = "ar", status: int = 200) -> str:
    response = client.get(address, HTTP_ACCEPT_LANGUAGE=language)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_language_and_direction_are_on_the_page(client: Client, language: str, direction: str) -> None:
    assert f'<html lang="{language}" dir="{direction}">' in html_of(client, "/nassij/privacy/", language)


def test_a_language_we_do_not_speak_becomes_arabic(client: Client) -> None:
    assert '<html lang="ar" dir="rtl">' in html_of(client, "/nassij/privacy/", "de")


@override_settings(NASSIJ_CONTACT=CONTACT)
@pytest.mark.parametrize("address", ["/nassij/privacy/", "/fail/conflict/"])
def test_the_contact_centre_is_on_every_page(client: Client, address: str) -> None:
    page = client.get(address, HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    for part in (
        'href="tel:+212524000000"',
        "+212 5 24 00 00 00",
        'href="mailto:aide@example.org"',
        "https://wa.me/212000",
        "9 h - 17 h",
    ):
        assert part in page
    assert "Centre de contact" in page and "مركز" not in page
    assert 'href="/nassij/privacy/"' in page


def test_without_a_contact_nothing_is_pretended() -> None:
    assert pages.contact("ar") == {}


def test_switching_the_language_works_without_a_script(client: Client) -> None:
    page = html_of(client, "/plain/?a=1&b=<x>")
    assert 'action="/nassij/language/"' in page and 'name="csrfmiddlewaretoken"' in page
    assert 'name="next" value="/plain/?a=1&amp;b=%3Cx%3E"' in page
    assert page.count('<button name="language"') == 3 and re.search(
        r'value="ar" lang="ar" dir="rtl"[^>]* aria-current="true"', page
    )
    reply = client.post("/nassij/language/", {"language": "fr", "next": "/plain/"})
    assert (reply.status_code, reply["Location"]) == (302, "/plain/")
    assert '<html lang="fr" dir="ltr">' in html_of(client, "/plain/")


def test_the_language_chosen_is_kept_as_the_platforms_preference(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The LMS puts its cookie back to the preference with each reply; without keeping it the switch would do nothing."""
    preferences = Mock()
    monkeypatch.setattr(locale, "_preferences", lambda: preferences)
    client.post("/nassij/language/", {"language": "fr", "next": "/plain/"})
    assert not preferences.mock_calls  # a visitor has a cookie and no preference

    user = get_user_model().objects.create_user("u")
    client.force_login(user)
    client.post("/nassij/language/", {"language": "fr", "next": "/plain/"})
    client.post("/nassij/language/", {"language": "de", "next": "/plain/"})
    assert preferences.mock_calls == [
        call.objects.update_or_create(user_id=user.pk, key="pref-lang", defaults={"value": "fr"})
    ]


def test_visitors_are_offered_to_sign_in_and_people_to_sign_out(client: Client) -> None:
    assert 'href="/accounts/login/?next=/plain/"' in html_of(client, "/plain/")
    client.force_login(get_user_model().objects.create_user("u", first_name="<b>", last_name="فاطمة"))
    page = html_of(client, "/plain/")
    assert "&lt;b&gt; فاطمة" in page and "accounts/login" not in page
    assert re.search(r'<form method="post" action="/accounts/logout/" data-signout>.*csrfmiddlewaretoken', page)


def test_what_signing_out_asks_is_on_every_page_of_a_person_and_on_none_of_a_visitor(client: Client) -> None:
    assert "signout" not in html_of(client, "/plain/")
    user = get_user_model().objects.create_user("u")
    client.force_login(user)
    page = html_of(client, "/plain/", "fr")
    assert f'data-user="{user.pk}"' in page and "nassij/signout.js" in page
    assert "Les supprimer et se déconnecter" in page


def test_the_platform_signs_out_by_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(ROOT_URLCONF=(path("logout", TemplateView.as_view(), name="logout"),)):
        assert pages._logout_by_post() is False


@override_settings(ROOT_URLCONF=(path("account", TemplateView.as_view(), name="account_settings"),))
def test_without_a_language_switch_the_account_settings_are_linked(rf: RequestFactory) -> None:
    request = rf.get("/x")
    request.user = get_user_model()(username="u", pk=1)
    page = pages.render_page(request, "nassij/base.html").content.decode()
    assert 'href="/account"' in page and "/language/" not in page and "<nav" not in page


def test_what_people_see_is_not_kept_by_a_shared_phone(client: Client) -> None:
    assert "no-store" not in client.get("/plain/").get("Cache-Control", "")
    client.force_login(get_user_model().objects.create_user("u"))
    assert client.get("/plain/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("static", "expected"),
    [("/static/", "default-src 'self';"), ("https://cdn.example/s/", "default-src 'self' https://cdn.example;")],
)
def test_pages_forbid_what_they_do_not_need(client: Client, static: str, expected: str) -> None:
    with override_settings(STATIC_URL=static):
        response = client.get("/plain/")
    policy = response["Content-Security-Policy"]
    assert policy.startswith(expected) and "unsafe" not in policy and "base-uri 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    with override_settings(NASSIJ_CONTENT_SECURITY_POLICY="default-src 'none'"):
        assert client.get("/plain/")["Content-Security-Policy"] == "default-src 'none'"


def test_messages_are_shown_and_escaped(rf: RequestFactory) -> None:
    from django.contrib.messages.storage.cookie import CookieStorage

    request = rf.get("/x")
    request._messages = CookieStorage(request)
    messages.success(request, "<script>")
    page = pages.render_page(request, "nassij/base.html").content.decode()
    assert "&lt;script&gt;" in page and 'class="note done"' in page


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("forbidden", 403, "forbidden"),
        ("missing", 404, "not_found"),
        ("conflict", 409, "conflict"),
        ("django404", 404, "not_found"),
        ("django403", 403, "forbidden"),
    ],
)
def test_failures_are_pages_with_their_status_and_code(client: Client, how: str, status: int, code: str) -> None:
    page = html_of(client, f"/fail/{how}/", "en", status)
    assert f"<code>{code} ({status})</code>" in page and "<h1>" in page and "Traceback" not in page


def test_anonymous_people_sign_in_and_come_back(client: Client) -> None:
    response = client.get("/fail/anonymous/?x=1&y=2")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/fail/anonymous/%3Fx%3D1%26y%3D2",
    )


def test_faults_of_ours_stay_faults(rf: RequestFactory) -> None:
    @pages.pages
    def broken(request: Any) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken(rf.get("/"))


def test_who_asks_is_known_or_refused(rf: RequestFactory) -> None:
    request = rf.get("/")
    with pytest.raises(NotSignedIn):
        pages.signed_in_user_id(request)
    request.user = get_user_model()(pk=7)
    assert pages.signed_in_user_id(request) == 7


def test_a_page_cannot_replace_the_frame(client: Client) -> None:
    assert "a page cannot replace this" not in html_of(client, "/plain/")


@override_settings(
    NASSIJ_DATA_CONTROLLER={"ar": "الجهة المسؤولة", "fr": "Le responsable"},
    NASSIJ_CNDP_REFERENCE="D-123/2027",
    NASSIJ_CONTACT=CONTACT,
)
def test_the_notice_says_what_article_5_asks_for(client: Client) -> None:
    page = html_of(client, "/nassij/privacy/", "fr")
    assert "Le responsable" in page and "D-123/2027" in page
    assert page.count("<h2>") == 6
    assert "الجهة المسؤولة" in html_of(client, "/nassij/privacy/", "ar")


def test_the_notice_does_not_invent_a_reference(client: Client) -> None:
    page = html_of(client, "/nassij/privacy/", "en")
    assert "To be confirmed with the contact centre" in page
    assert client.post("/nassij/privacy/").status_code == 405


@pytest.mark.urls("tests.urls")
def test_every_form_belongs_to_a_page_that_can_be_opened() -> None:
    """Where a refusal stands, the language switch leads to that page: a form's own address takes nothing but a POST."""
    forms = [found for found in addresses(get_resolver()) if hasattr(found.callback, "stands_on")]
    assert len(forms) >= 12
    for form in forms:
        page, named = form.callback.stands_on
        assert set(named) <= set(form.pattern.converters), form
        opened = resolve(reverse(page, kwargs=dict.fromkeys(named, uuid4())))
        assert not hasattr(opened.func, "stands_on"), form


def addresses(resolver: URLResolver) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        yield from addresses(found) if isinstance(found, URLResolver) else [found]


def test_navigation_marks_where_we_are(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = {"nassij_associations:home": "/nassij/", "nassij_governance:home": "/nassij/governance/"}
    monkeypatch.setattr(pages, "url_or_none", lambda name, **_: addresses.get(name))

    def marks(address: str) -> list[tuple[bool, bool]]:
        return [(item["here"], item["exact"]) for item in pages._navigation(rf.get(address))]

    assert marks("/nassij/") == [(True, True), (False, False)]
    assert marks("/nassij/governance/x/") == [(False, False), (True, False)]
    assert marks("/nassij/associations/1/") == [(True, False), (False, False)]
    assert marks("/elsewhere/") == [(False, False), (False, False)]
