"""What a browser would get: one GET, over the network, from the site's own address or the one given instead."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit, urlunsplit

SECONDS = 10
MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Got:
    """`status` is 0 when nobody answered, and `error` then says why."""

    url: str
    status: int = 0
    content_type: str = ""
    body: bytes = b""
    error: str = ""


def get(url: str, *, site: str, instead: str = "") -> Got:
    """The answer to `url` (relative to `site`). `instead` is asked in the place of `site`, under the name of `site`."""
    full = urljoin(f"{site.rstrip('/')}/", url)
    parts, headers = urlsplit(full), {"User-Agent": "nassij-selfcheck"}
    if instead and parts.netloc == urlsplit(site).netloc:
        there = urlsplit(instead)
        headers |= {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}
        parts = parts._replace(scheme=there.scheme, netloc=there.netloc)
    if parts.scheme not in ("http", "https"):
        return Got(full, error=f"not a web address: {full}")
    request = urllib.request.Request(urlunsplit(parts), headers=headers)  # noqa: S310 (http or https)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            return Got(full, response.status, response.headers.get_content_type(), response.read(MAX_BYTES))
    except urllib.error.HTTPError as error:
        return Got(full, error.code)
    except (OSError, HTTPException, ssl.SSLError, ValueError) as error:
        return Got(full, error=str(getattr(error, "reason", error)))
