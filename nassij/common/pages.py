"""Pages of the suite outside courses: one frame, one way to fail.

`render_page` gives every template what the base page shows (the platform runs no context processor of ours); `@pages` turns
errors into a friendly page and sends visitors to sign in.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from nassij.common.conf import setting
from nassij.common.errors import Forbidden, NassijError, NotFound, NotSignedIn, error_page
from nassij.common.locale import active_language, default_language
from nassij.common.people import display_name
from nassij.common.text import direction

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

LANGUAGE_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}
SHORT_NAMES = {"ar": "ع", "fr": "FR", "en": "EN"}
# Names of URLs that other apps of the suite offer; one that is not installed is left out.
NAVIGATION = (
    (_("Courses"), "dashboard"),
    (_("My associations"), "nassij_associations:home"),
    (_("Self-assessment"), "nassij_governance:home"),
    (_("Public funding"), "nassij_funding:funding"),
    (_("Guides"), "nassij_funding:guides"),
)


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """`template` (extends `nassij/base.html`) as a response.

    Adds `contact`, `language`, `direction`, `languages`, `current_user`, `messages`, `navigation`,
    `urls`; a page must not use these names.
    What a signed-in person sees is not kept by the browser: phones are shared.
    """
    response = render(request, template, {**(context or {}), **frame(request)}, status=status)
    response.headers.setdefault("Content-Security-Policy", content_security_policy())
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if _signed_in(request):
        patch_cache_control(response, private=True, no_store=True)
    return response


def pages(view: View) -> View:
    """Decorator of a page: anonymous people sign in first, other errors of ours become a page with their status.

    The platform would put every request in one transaction; ours bring their own, so that one the database gives up on can be
    tried again (`nassij.common.idempotency`), and no lock is held while a page is drawn.
    """

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotSignedIn:
            return redirect_to_login(address_to_open(request))
        except NassijError as error:
            return error_page(request, error)
        except Http404:
            return error_page(request, NotFound())
        except PermissionDenied:
            return error_page(request, Forbidden())

    return transaction.non_atomic_requests(wrapper)  # type: ignore[return-value]


def form_of(page: str, *named: str) -> Callable[[View], View]:
    """Decorator of what a form on the page called `page` posts to: as `@pages`, and it takes nothing but a POST.

    `named` are the parameters of its address that the page has too. After a refusal the page stands at the address of the form,
    where nobody can go back to: switching the language there, or signing in, leads to the page instead.
    """

    def decorate(view: View) -> View:
        target: Any = require_POST(pages(view))
        target.stands_on = page, named
        return target  # type: ignore[no-any-return]

    return decorate


def address_to_open(request: HttpRequest) -> str:
    """Where what is on the screen can be opened again."""
    match = getattr(request, "resolver_match", None)
    page, named = getattr(match.func, "stands_on", (None, ())) if match else (None, ())
    found = url_or_none(page, **{name: match.kwargs[name] for name in named}) if page and match else None
    return found or request.get_full_path()


def signed_in_user_id(request: HttpRequest) -> int:
    """The id of the person who asks; raises `NotSignedIn` for a visitor."""
    user: Any = getattr(request, "user", None)
    if not _signed_in(request):
        raise NotSignedIn()
    return int(user.pk)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the base page shows round the content."""
    language = active_language()
    return {
        "contact": contact(language),
        "language": language,
        "direction": direction(language),
        "languages": [
            {
                "code": code,
                "name": LANGUAGE_NAMES.get(code, code),
                "short": SHORT_NAMES.get(code, code.upper()),
                "direction": direction(code),
                "active": code == language,
            }
            for code in setting("NASSIJ_LANGUAGES")
        ],
        "current_user": _current_user(request),
        "messages": get_messages(request),
        "navigation": _navigation(request),
        "urls": {
            "here": address_to_open(request),
            "home": url_or_none("nassij_associations:home"),
            "privacy": url_or_none("nassij_common:privacy"),
            "set_language": url_or_none("nassij_common:set_language"),
            "account": url_or_none("account_settings"),
            "login": _login_url(request),
            "logout": url_or_none("logout"),
            "logout_by_post": _logout_by_post(),
        },
    }


def contact(language: str) -> dict[str, str]:
    """The contact centre as the pages show it: the filled ones of name, phone, phone_link, mail, messaging, hours."""
    given = setting("NASSIJ_CONTACT") or {}
    phone = str(given.get("phone") or "")
    shown = {
        "name": in_language(given.get("name"), language),
        "phone": phone,
        "phone_link": "".join(character for character in phone if character.isdigit() or character == "+"),
        "mail": str(given.get("mail") or ""),
        "messaging": str(given.get("messaging") or ""),
        "hours": in_language(given.get("hours"), language),
    }
    return {name: value for name, value in shown.items() if value}


def in_language(value: str | Mapping[str, str] | None, language: str) -> str:
    """The text of a setting that is one string or one per language."""
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get(default_language()) or next(iter(value.values()), ""))
    return str(value or "")


def url_or_none(name: str, **kwargs: Any) -> str | None:
    """The URL called `name`; None where no app offers it."""
    try:
        return reverse(name, kwargs=kwargs or None)
    except NoReverseMatch:
        return None


def content_security_policy() -> str:
    """Only what this site serves, static files from where `STATIC_URL` says; no inline script or style."""
    if setting("NASSIJ_CONTENT_SECURITY_POLICY"):
        return str(setting("NASSIJ_CONTENT_SECURITY_POLICY"))
    static = urlsplit(settings.STATIC_URL or "")
    sources = f"'self' {static.scheme or 'https'}://{static.netloc}" if static.netloc else "'self'"
    return f"default-src {sources}; object-src 'none'; base-uri 'none'; frame-ancestors 'self'"


def _signed_in(request: HttpRequest) -> bool:
    return bool(getattr(request, "user", None) and request.user.is_authenticated)


def _current_user(request: HttpRequest) -> dict[str, Any]:
    if not _signed_in(request):
        return {"signed_in": False, "id": None, "name": ""}
    user: Any = request.user
    return {"signed_in": True, "id": user.pk, "name": display_name(user)}


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The main parts that are installed; the one that holds this page is marked (the longest matching address wins)."""
    entries = [(title, url) for title, name in NAVIGATION if (url := url_or_none(name))]
    here = max((url for _title, url in entries if request.path.startswith(url)), key=len, default=None)
    return [{"title": title, "url": url, "here": url == here, "exact": url == request.path} for title, url in entries]


def _logout_by_post() -> bool:
    """Django's own view wants a POST; the platform's signs out on a GET and answers a POST with 405."""
    url = url_or_none("logout")
    view = getattr(resolve(url).func, "view_class", None) if url else None
    return view is not None and hasattr(view, "post")


def _login_url(request: HttpRequest) -> str:
    return redirect_to_login(address_to_open(request)).url
