"""Values that cannot work: one sentence for each, so that nothing is rendered from them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tutor import hooks

from tutornassij.i18n import _, gettext_noop
from tutornassij.settings import SETTINGS, Setting

SHORTEST_PASSWORD = 8
KINDS = {
    bool: gettext_noop("must be true or false"),
    int: gettext_noop("must be a whole number"),
    str: gettext_noop("must be a text"),
    list: gettext_noop("must be a list"),
    dict: gettext_noop("must be a mapping"),
}
S3_NEEDS = ("NASSIJ_S3_BUCKET", "NASSIJ_S3_PRIVATE_BUCKET", "OPENEDX_AWS_ACCESS_KEY", "OPENEDX_AWS_SECRET_ACCESS_KEY")


def problems(config: Mapping[str, Any]) -> Iterator[str]:
    """None when all is well."""
    yield from _single(config)
    yield from _together(config)
    known = {name for name, _value in hooks.Filters.CONFIG_DEFAULTS.iterate()}
    for unknown in sorted(name for name in config if name.startswith("NASSIJ_") and name not in known):
        yield _("There is no setting %(name)s. Take it out with: tutor config save --unset %(name)s") % {
            "name": unknown
        }


def _single(config: Mapping[str, Any]) -> Iterator[str]:
    for each in SETTINGS:
        value = config.get(each.name, each.default)
        shown = {"name": each.name, "value": json.dumps(value, ensure_ascii=False, default=str)}
        if type(value) is not type(each.default):
            yield _("%(name)s is %(value)s, but %(must)s.") % {**shown, "must": _(KINDS[type(each.default)])}
        elif not _holds(each, value):
            yield _("%(name)s is %(value)s, but must be: %(wanted)s.") % {**shown, "wanted": _(each.wanted)}


def _together(config: Mapping[str, Any]) -> Iterator[str]:
    """Values that need each other."""
    if config.get("NASSIJ_DEMO_ACCOUNTS") is True and len(str(config.get("NASSIJ_DEMO_PASSWORD"))) < SHORTEST_PASSWORD:
        yield _("NASSIJ_DEMO_ACCOUNTS needs a NASSIJ_DEMO_PASSWORD of %(least)d characters or more.") % {
            "least": SHORTEST_PASSWORD
        }
    if config.get("NASSIJ_STORAGE") == "s3":
        for needed in S3_NEEDS:
            if not config.get(needed):
                yield _("NASSIJ_STORAGE is s3, but %(name)s is empty.") % {"name": needed}
        if config.get("NASSIJ_S3_BUCKET") and config.get("NASSIJ_S3_BUCKET") == config.get("NASSIJ_S3_PRIVATE_BUCKET"):
            yield _("NASSIJ_S3_BUCKET and NASSIJ_S3_PRIVATE_BUCKET must be two buckets: one of them is public.")


def _holds(each: Setting, value: Any) -> bool:
    try:
        return each.holds(value)
    except Exception:  # a value of a shape nobody thought of
        return False
