"""How the API answers when something is wrong: always `application/problem+json`.

Used per view (`class MyView(ProblemJSON, APIView)`): the platform's own DRF settings stay as they are.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase, JsonResponse
from rest_framework import exceptions

from nassij.common.errors import (
    PROBLEM_JSON,
    BadInput,
    Forbidden,
    NassijError,
    NotFound,
    NotSignedIn,
    TooLarge,
    problem,
)

_KINDS: dict[int, type[NassijError]] = {400: BadInput, 401: NotSignedIn, 403: Forbidden, 404: NotFound, 413: TooLarge}


class ProblemJSON:
    """Mix-in for DRF views."""

    def get_exception_handler(self) -> Any:
        return exception_handler


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponseBase | None:
    """DRF exception handler: a problem for what a caller can mend, None (a logged 500) for faults of ours.

    The answer is JSON even when the caller looks through DRF's browsable pages.
    """
    known = as_nassij_error(error)
    return None if known is None else problem_response(known, headers=_headers(error))


def problem_response(error: NassijError, *, headers: dict[str, str] | None = None) -> JsonResponse:
    """`error` as a response in the active language."""
    return JsonResponse(
        problem(error),
        status=error.status,
        content_type=PROBLEM_JSON,
        headers={"Cache-Control": "no-store", **(headers or {})},
        json_dumps_params={"ensure_ascii": False},
    )


def as_nassij_error(error: Exception) -> NassijError | None:
    """The error of ours that says what Django's or DRF's exception says; None when it is not one of theirs."""
    if isinstance(error, NassijError):
        return error
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return Forbidden()
    if isinstance(error, exceptions.ValidationError):
        return BadInput(code="invalid_fields", errors=error.detail)
    if isinstance(error, exceptions.APIException):
        kind = _KINDS.get(error.status_code, NassijError)
        codes = error.get_codes()
        code = kind.code if kind is not NassijError else codes if isinstance(codes, str) else "error"
        message = str(error.detail) if kind in (NassijError, BadInput) else None
        return kind(message, code=code, status=error.status_code)
    return None


def _headers(error: Exception) -> dict[str, str]:
    """What HTTP asks for beside the body: how to authenticate, when to come back."""
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers
