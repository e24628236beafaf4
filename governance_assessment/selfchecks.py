"""What this app can say of itself in the site's self-check."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance_assessment.data import DEFAULT_INSTRUMENT
from governance_assessment.instruments.library import instruments
from nassij.common.selfcheck import Asked, Finding, check, failed, ok


@check("instrument", title=gettext_lazy("A questionnaire is published"))
def instrument(asked: Asked) -> Iterator[Finding]:
    """The one that blocks open by themselves, readable as it is stored."""
    published = {found.slug: found.version for found in instruments()}
    if DEFAULT_INSTRUMENT in published:
        named = ", ".join(f"{slug} {version}" for slug, version in published.items())
        yield ok(_("Published: %(names)s.") % {"names": named}, published=published)
    else:
        yield failed(
            _("The questionnaire %(name)s is not published: no association can begin.") % {"name": DEFAULT_INSTRUMENT},
            _("Run: ./manage.py lms nassij_load_instruments"),
            published=published,
        )
