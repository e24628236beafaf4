"""Links at the foot of the micro-frontends, when wanted (NASSIJ_MFE_LINKS): associations, funding, my data, the contact centre.

There are two kinds of micro-frontends, each with a slot system of its own, and each has a part of the pages: the patches
`mfe-env-config-*` are for the older, `mfe-site-custom-app-*` for the newer. What is built into their image only knows how to
show links; which ones, and in which words, the LMS says when a page is opened. So a new phone number needs no build.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jinja2
from tutor import hooks
from tutor.types import Config

from tutornassij import wheels

Words = Mapping[str, str]
PAGES: tuple[tuple[str, Words], ...] = (
    ("/nassij/", {"ar": "جمعياتي", "fr": "Mes associations", "en": "My associations"}),
    ("/nassij/funding/", {"ar": "التمويل العمومي", "fr": "Financement public", "en": "Public funding"}),
    (
        "/nassij/privacy/",
        {"ar": "معطياتكم وحقوقكم", "fr": "Vos données et vos droits", "en": "Your data and your rights"},
    ),
)
CONTACT: Words = {
    "ar": "مركز الاتصال والمواكبة",
    "fr": "Centre d’appel et d’accompagnement",
    "en": "Contact centre",
}
_wanted = False


@hooks.Actions.CONFIG_LOADED.add()
def _remember(config: Config) -> None:
    """Tutor asks which images to build without saying for which configuration."""
    global _wanted
    _wanted = config.get("NASSIJ_MFE_LINKS") is True


@hooks.Filters.IMAGES_BUILD_REQUIRED.add()
def _built_by_launch(images: list[str], mode: str) -> list[str]:
    return [*images, "mfe"] if _wanted and "mfe" not in images else images


@hooks.Filters.CONFIG_DEFAULTS.add(priority=hooks.priorities.LOW)
def _own_tag(items: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """A name of our own, only where the image is ours: else the next pull replaces it with upstream's."""
    name, suffix = "MFE_DOCKER_IMAGE", "-".join(filter(None, ("nassij", wheels.version())))
    found = dict(items)
    if name in found:
        items.append((name, f"{found[name]}{{% if NASSIJ_MFE_LINKS %}}-{suffix}{{% endif %}}"))
    return items


def contact_links(contact: Mapping[str, Any]) -> Iterator[tuple[str, Words]]:
    """(address, words) of the first way to the contact centre that is there."""
    ways = {"phone": f"tel:{str(contact.get('phone', '')).replace(' ', '')}", "messaging": contact.get("messaging")}
    ways["mail"] = f"mailto:{contact.get('mail')}"
    for way, address in ways.items():
        if contact.get(way):
            name = contact.get("name")
            yield str(address), {**CONTACT, **name} if isinstance(name, Mapping) else CONTACT
            return


@jinja2.pass_context
def links(context: jinja2.runtime.Context) -> str:
    """Python text for the settings of the LMS: a list of {"url": …, "label": {language: words}}."""
    scheme = "https" if context["ENABLE_HTTPS"] else "http"
    pages = [(f"{scheme}://{context['LMS_HOST']}{path}", words) for path, words in PAGES]
    found = [*pages, *contact_links(context["NASSIJ_CONTACT"])]
    return json.dumps([{"url": url, "label": dict(words)} for url, words in found], ensure_ascii=False)


hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(("nassij_mfe_links", links))
