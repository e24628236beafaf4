"""Does a browser get the styles and scripts that the blocks name? Asked over the network, as a browser asks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.common.selfcheck import PLATFORM, Asked, Finding, Service, check, failed, ok, samples, warned
from nassij.operations.account import NotOurs, account, undone, untold
from nassij.operations.checks.blocks import course_missing, described, name_taken
from nassij.operations.course import course_key, usage_key
from nassij.operations.http import Got, get
from nassij.operations.lms import Lms
from nassij.operations.studio import SelfCheckStudio

TYPES = {"text/css": {"text/css"}, "application/javascript": {"text/javascript", "application/javascript"}}
OURS = re.compile(r"/nassij/|/xblock/resources/xblocks/|/xblock/resource/nassij_")


@check("static", title=gettext_lazy("Browsers get the styles and scripts of each block"), on=PLATFORM)
def static(asked: Asked) -> Iterator[Finding]:
    """HTTP GET of each address that the blocks' pages name; a script must be that of this version."""
    if settings.DEBUG:
        yield warned(
            _("DEBUG is on: files come from the sources, so this says nothing about the site as people use it."),
            _("Set DEBUG to false, and run collectstatic."),
        )
    site = _site(asked)
    if not urlsplit(site).hostname:
        yield failed(_("The address of this site is not known."), _("Set LMS_ROOT_URL and CMS_BASE."))
        return
    try:
        pages = list(_pages(asked))
    except NotOurs as error:
        yield name_taken(error)
        return
    for block_type, found in pages:
        yield found if isinstance(found, Finding) else _served(block_type, found, site, asked)


def _site(asked: Asked) -> str:
    """The address of this service, `https://…`."""
    if asked.service is Service.LMS:
        return _setting("LMS_ROOT_URL")
    scheme = "https" if _setting("HTTPS") in ("", "on") else "http"
    return _setting("CMS_ROOT_URL") or f"{scheme}://{_setting('CMS_BASE')}"


def _setting(name: str) -> str:
    """A setting of the platform's; empty when it has none."""
    return str(getattr(settings, name, None) or "")


def _pages(asked: Asked) -> Iterator[tuple[str, Any]]:
    """Each block type with the addresses that its pages name and their types, or with why there are none."""
    person, key = account(), course_key()
    show: Any
    if asked.service is Service.CMS:
        studio = SelfCheckStudio()
        studio.make_course(key, samples())
        show = studio.views
    else:
        lms = Lms()
        missing = course_missing(lms)
        if missing:
            yield "", missing
            return
        lms.enrol(person, key)
        show = lambda user, usage: (lms.student_view(user, usage),)  # noqa: E731
    for block_type, sample in samples().items():
        try:
            with untold(), undone():
                sample.prepare(person.pk)
                fragments = show(person, usage_key(key, block_type))
        except Exception as error:  # whatever the platform or the block makes of it
            words = {"block": block_type, "error": described(error)}
            remedy = _("Read what the checks “blocks” and “studio” say, and mend that first.")
            yield block_type, failed(_("%(block)s cannot be shown: %(error)s") % words, remedy)
            continue
        resources = [part for fragment in fragments for part in fragment.resources if part.kind == "url"]
        yield block_type, {part.data: part.mimetype for part in resources if OURS.search(part.data)}


def _served(block_type: str, addresses: dict[str, str], site: str, asked: Asked) -> Finding:
    remedy = _(
        "Run ./manage.py %(service)s collectstatic --noinput, and let the web server serve STATIC_ROOT at STATIC_URL."
    ) % {"service": asked.service.value}
    if not addresses:
        return failed(_("%(block)s names no style and no script.") % {"block": block_type}, remedy)
    answers = {}
    for address, wanted in sorted(addresses.items()):
        got = get(address, site=site, instead=asked.address)
        answers[got] = _wrong(got, wanted)
    wrong = {got.url: reason for got, reason in answers.items() if reason}
    if wrong:
        told = "; ".join(f"{url} ({reason})" for url, reason in wrong.items())
        if not all(got.status for got in answers):
            remedy = _(
                "If this machine cannot reach the site by its own name, say where it is: --address http://lms:8000"
            )
        return failed(
            _("%(block)s: a browser does not get %(what)s") % {"block": block_type, "what": told}, remedy, wrong=wrong
        )
    words = {"block": block_type, "files": len(answers)}
    return ok(_("%(block)s: %(files)s files.") % words, files=sorted(got.url for got in answers))


def _wrong(got: Got, wanted: str) -> str:
    """Why this is not the file that was asked for; empty when it is."""
    if not got.status:
        return got.error
    if got.status != 200:
        return str(got.status)
    if got.content_type not in TYPES.get(wanted, {wanted}):
        return _("it comes as %(type)s") % {"type": got.content_type}
    (version,) = parse_qs(urlsplit(got.url).query).get("v") or [""]
    if version and not hashlib.sha256(got.body).hexdigest().startswith(version):
        return _("that of another version")
    return "" if got.body else _("it is empty")
