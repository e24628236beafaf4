"""The default language for people who have not chosen one (NASSIJ_LANGUAGE_POLICY=force).

The LMS and Studio follow the browser before LANGUAGE_CODE, and the micro-frontends know no language of the site at all: they
read a cookie, then the browser. So the web proxy answers for those who have not chosen:

- a micro-frontend gets the cookie with the default language, and a second one that marks it as a default;
- LMS and Studio never see a cookie that is only a default: the platform would store it as the person's own choice when they sign
  in, over the choice they made on another machine. Nor do they see what the browser asks for, so LANGUAGE_CODE holds.

Whoever chooses a language gets the platform's own cookie with another value, and is left alone from then on. Requests with an
`Authorization` header (the mobile app, other programs) say themselves what they want and are left alone too.
"""

from __future__ import annotations

from pathlib import Path

from tutor import hooks

PROXY = (Path(__file__).parent / "patches-shared/caddyfile-language").read_text("utf-8")

for _host in ("lms", "cms"):
    hooks.Filters.ENV_PATCHES.add_item((f"caddyfile-{_host}", PROXY))
