"""Forms sent without script: what they hold, the page they came from, and the token they need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _
from webob import Request
from xblock.core import XBlock

from nassij.common.errors import BadInput, TooLarge
from nassij.common.pages import url_or_none

MAX_FORM_BYTES = 64 * 1024
ALONE = "/xblock/"  # where the platform shows one unit without the course round it


def posted(request: Request, max_bytes: int = MAX_FORM_BYTES) -> Any:
    """The fields of a posted form (webob's multi-dict). Raises `BadInput` or `TooLarge` before it is read."""
    if request.method != "POST":
        raise BadInput(_("This address only takes answers that are sent to it."), code="post_only", status=405)
    if request.content_length is None or request.content_length > max_bytes:
        raise TooLarge(code="body_too_large")
    try:
        fields = request.POST
    except (
        ValueError,
        LookupError,
        DeprecationWarning,
    ) as error:  # webob's own: a boundary or an encoding that is none
        raise BadInput(code="malformed_form") from error
    if not all(isinstance(value, str) for value in fields.values()):  # none of our forms sends a file
        raise BadInput(code="malformed_form")
    return fields


def page_of_form(request: Request) -> str:
    """The page the form was sent from, as a path on this site; empty when it came from elsewhere or the browser does not say."""
    try:
        parts = urlsplit(request.referer or "")
    except ValueError:
        return ""
    here = {request.host, urlsplit(request.host_url).netloc}  # with and without the port that goes without saying
    if parts.netloc not in here or parts.scheme not in ("http", "https"):
        return ""
    path = "/" + parts.path.lstrip("/\\")  # browsers read `/\\host` as `//host`
    return f"{path}?{parts.query}" if parts.query else path


def way_back(block: XBlock, request: Request, place: str = "") -> str:
    """Where a form of `block` leads back to: `place` on the page it was sent from; empty when that is unknown.

    A unit that the platform showed alone was in the frame of its learning app, where every form and link is aimed at the whole
    window (`<base target="_parent">`): there the way back is the unit within its course, which the app opens round it again.
    """
    came_from = page_of_form(request)
    if came_from.startswith(ALONE) and block.in_course:
        unit = url_or_none("jump_to", course_id=str(block.context_key), location=str(block.scope_ids.usage_id))
        if unit:
            return unit
    return f"{came_from}#{place}" if came_from and place else came_from


def csrf_token(context: Mapping[str, Any] | None = None) -> str:
    """The token a form needs without script: from the view's context, else from the request being answered."""
    given = (context or {}).get("csrf_token")
    if given:
        return str(given)
    from crum import get_current_request  # the platform's middleware keeps it there

    request = get_current_request()
    return get_token(request) if request is not None else ""


def page_id(prefix: str, usage: object) -> str:
    """An id for the root element that no other block on the page has."""
    return f"{prefix}-{hashlib.sha256(str(usage).encode()).hexdigest()[:10]}"
