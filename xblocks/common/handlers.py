"""Handlers that answer people: JSON in, JSON out, and a clear problem instead of a traceback."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from webob import Request, Response
from xblock.core import XBlock

from nassij.common.errors import BadInput, NassijError, NotSignedIn, TooLarge, problem

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
_JSON = json.JSONEncoder(ensure_ascii=False)
JsonHandler = Callable[[Any, dict[str, Any]], dict[str, Any]]


def nassij_handler(function: JsonHandler | None = None, *, max_bytes: int = MAX_BODY_BYTES) -> Any:
    """An XBlock handler that takes a JSON object (POST, at most `max_bytes`) and returns one.

    `sender`, when the page says who answered, has to be the person who is signed in; the handler does not see it.
    A `NassijError` becomes `application/problem+json` with its own status, in the active language. Anything else is a fault of
    ours and is left to the platform, which logs it.
    """
    if function is None:
        return functools.partial(nassij_handler, max_bytes=max_bytes)

    @XBlock.handler
    @functools.wraps(function)
    def wrapper(self: Any, request: Request, suffix: str = "") -> Response:
        try:
            payload = read_json(request, max_bytes)
            _refuse_another_sender(self.viewer.user_id, payload.pop("sender", None))
            reply = function(self, payload)
        except NassijError as error:
            return problem_response(error)
        return Response(_JSON.encode(reply), content_type="application/json", charset="utf-8")

    return wrapper


def _refuse_another_sender(user_id: int | None, sender: object) -> None:
    """On a shared phone a page may still be open, or send what it kept, when somebody else has signed in since."""
    if sender is not None and sender != user_id:
        raise NotSignedIn(
            _("Somebody else is signed in on this phone now."),
            code="another_person",
            remedy=_("Sign in again: your answers are kept on this phone."),
        )


def read_json(request: Request, max_bytes: int = MAX_BODY_BYTES) -> dict[str, Any]:
    """The JSON object in the body.

    Raises `BadInput` (not POST, not JSON, not an object) or `TooLarge`, before more than `max_bytes` are read.
    """
    if request.method != "POST":
        raise BadInput(_("This address only takes answers that are sent to it."), code="post_only", status=405)
    if (request.content_length or 0) > max_bytes:
        raise TooLarge(
            _("This is too much text for one answer."),
            code="body_too_large",
            remedy=_("Shorten it and send it again; what was saved before is still there."),
        )
    try:
        payload = json.loads(request.body_file.read(max_bytes + 1).decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadInput(
            _("The answer did not arrive in one piece."),
            code="malformed_json",
            remedy=_("Nothing was changed. Reload the page and try again."),
        ) from error
    if not isinstance(payload, dict):
        raise BadInput(
            _("The answer did not arrive in one piece."),
            code="not_an_object",
            remedy=_("Nothing was changed. Reload the page and try again."),
        )
    return payload


def problem_response(error: NassijError) -> Response:
    """`error` as `application/problem+json` (RFC 9457)."""
    return Response(
        _JSON.encode(problem(error)),
        status=error.status,
        content_type="application/problem+json",
        charset="utf-8",
    )
