"""How the settings reach LMS and Studio: as YAML, because the platform reads that first; and the two buckets of an S3 store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jinja2
from tutor import hooks

from tutornassij.settings import SETTINGS

SITE_PATCH = """# Nassij
{% for name, value in nassij_site_settings() -%}
{{ name }}: {{ value }}
{% endfor %}"""


@jinja2.pass_context
def site_settings(context: jinja2.runtime.Context) -> Iterator[tuple[str, str]]:
    """(name, JSON) of each setting that LMS and Studio have. JSON is YAML, so any value is safe on one line."""
    for each in SETTINGS:
        if each.site:
            value = context[each.name]
            if each.name == "NASSIJ_PRIVATE_STORAGE" and not value:
                value = private_store(context.get_all())
            yield each.name, json.dumps(value, ensure_ascii=False)


def store(config: Mapping[str, Any], *, private: bool) -> dict[str, Any]:
    """One of the two buckets, as an entry of Django's STORAGES; the private one is read through signed addresses only."""
    bucket = config["NASSIJ_S3_PRIVATE_BUCKET" if private else "NASSIJ_S3_BUCKET"]
    options = {
        "bucket_name": bucket,
        "access_key": config["OPENEDX_AWS_ACCESS_KEY"],
        "secret_key": config["OPENEDX_AWS_SECRET_ACCESS_KEY"],
        "default_acl": "private" if private else None,
        "querystring_auth": private,
        "file_overwrite": False,
        "endpoint_url": config["NASSIJ_S3_ENDPOINT"] or None,
        "region_name": config["NASSIJ_S3_REGION"] or None,
    }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {name: value for name, value in options.items() if value is not None},
    }


def private_store(context: Mapping[str, Any]) -> dict[str, Any]:
    return store(context, private=True) if context["NASSIJ_STORAGE"] == "s3" else {}


@jinja2.pass_context
def s3_store(context: jinja2.runtime.Context, private: bool = False) -> str:
    """The same as Python text, for the settings files."""
    return repr(store(context.get_all(), private=private))


hooks.Filters.ENV_TEMPLATE_VARIABLES.add_items([("nassij_site_settings", site_settings), ("nassij_s3_store", s3_store)])

for _service in ("lms", "cms"):
    hooks.Filters.ENV_PATCHES.add_item((f"{_service}-env", SITE_PATCH))
