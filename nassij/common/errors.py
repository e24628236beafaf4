"""What can go wrong for a person, said so that the person can act.

Code below the pages raises these; pages (`nassij.common.pages`), the API (`nassij.common.rest`) and block handlers turn them into
a friendly page or `application/problem+json` (RFC 9457). Messages are lazy: the language is chosen where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrOrPromise

PROBLEM_JSON = "application/problem+json"


class NassijError(Exception):
    """An error meant for a person.

    `message` says what happened, `remedy` what to do now; `code` is for programs; `extra` travels in the problem body (plain
    JSON values). `status` is the HTTP status where it ends a request.
    """

    code: str = "error"
    status: int = 400
    message: _StrOrPromise = _("This did not work.")
    remedy: _StrOrPromise = _("Please try again. If it happens again, ask the contact centre.")

    def __init__(
        self,
        message: _StrOrPromise | None = None,
        *,
        code: str | None = None,
        remedy: _StrOrPromise | None = None,
        status: int | None = None,
        **extra: Any,
    ) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        if remedy is not None:
            self.remedy = remedy
        if status is not None:
            self.status = status
        self.extra: dict[str, Any] = extra
        super().__init__(self.code)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class BadInput(NassijError):
    """What was sent cannot be understood."""

    code, status = "bad_input", 400
    message = _("What you sent could not be understood.")
    remedy = _("Check what you entered and send it again. Nothing was changed.")


class NotSignedIn(NassijError):
    """The visitor is anonymous."""

    code, status = "not_signed_in", 401
    message = _("You are not signed in.")
    remedy = _("Sign in and come back to this page.")


class Forbidden(NassijError):
    """The person may see the object but not do this."""

    code, status = "forbidden", 403
    message = _("You are not allowed to do this.")
    remedy = _("Ask the president of your association or the contact centre.")


class NotFound(NassijError):
    """There is no such thing, or none that this person may know of."""

    code, status = "not_found", 404
    message = _("This page or item does not exist, or it is not yours to see.")
    remedy = _("Go back to your associations and choose again.")


class Conflict(NassijError):
    """Somebody changed it in the meantime, or it is no longer open."""

    code, status = "conflict", 409
    message = _("This was changed in the meantime.")
    remedy = _("Look at the present version, then decide again.")


class NotNow(NassijError):
    """The database is held by others for longer than we wait: nothing was changed, and a phone comes again by itself."""

    code, status = "in_progress", 503
    message = _("This is still being saved.")
    remedy = _("Try again in a moment.")


class TooLarge(NassijError):
    """More than we take."""

    code, status = "too_large", 413
    message = _("This is too large.")
    remedy = _("Send something smaller.")


class Unprocessable(NassijError):
    """Understood, but it cannot be done as it stands."""

    code, status = "unprocessable", 422
    message = _("This cannot be done as it stands.")
    remedy = _("Read the reasons, correct them and send it again.")


def problem(error: NassijError, language: str | None = None) -> dict[str, Any]:
    """The body of a problem in `language` (the active one without it).

    `title` is the sentence of the kind of error, `detail` the sentence of this one; `extra` can add members, never replace these.
    """
    with translation.override(language or translation.get_language()):
        return {
            **{name: _plain(value) for name, value in error.extra.items()},
            "type": f"urn:nassij:error:{error.code}",
            "title": str(type(error).message),
            "status": error.status,
            "detail": str(error.message),
            "code": error.code,
            "remedy": str(error.remedy),
        }


def error_page(request: HttpRequest, error: NassijError) -> HttpResponse:
    """The friendly page of `error`, with its status."""
    from nassij.common.pages import render_page  # pages import errors

    context = {"error": error, "status": error.status}
    return render_page(request, "nassij/error.html", context, status=error.status)


def _plain(value: Any) -> Any:
    """`value` with lazy strings resolved in the active language."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
