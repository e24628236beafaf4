"""How the pages say things: roles, profiles, the short notice of law 09-08."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from nassij.associations import reference
from nassij.associations.data import AssociationData, Role
from nassij.associations.models import ROLE_LABELS
from nassij.common.locale import active_language
from nassij.common.numbers import format_number


def role_label(role: str) -> str:
    """A role in the language of the page."""
    return str(ROLE_LABELS[Role(role)])


def notice() -> dict[str, Any]:
    """What `_notice.html` says where data are asked for: the reference of the CNDP receipt, when there is one."""
    return {"reference": settings.NASSIJ_CNDP_REFERENCE, "url": reverse("nassij_common:privacy")}


def profile_lines(association: AssociationData) -> list[dict[str, Any]]:
    """An association's profile as name and value; what was not told is said so. Its names stand above, where there are two."""
    language = active_language()

    def number(value: int | None) -> str:
        return "" if value is None else format_number(value, language)

    lines = [
        *([] if association.name_fr else [(_("Name in Latin letters"), "")]),
        (_("Province or prefecture"), reference.province_name(association.province, language)),
        (_("Commune"), association.commune),
        (
            _("Fields of activity"),
            listed([reference.field_name(code, language) for code in association.fields], language),
        ),
        (_("Women"), number(association.women)),
        (_("Men"), number(association.men)),
        (_("Of whom under 35"), number(association.youth)),
        (_("Founding year"), str(association.founded_year or "")),
    ]
    return [{"label": label, "value": value or None} for label, value in lines]


def listed(items: list[str], language: str) -> str:
    """Several names in a row, with the comma of the language."""
    return ("، " if language == "ar" else ", ").join(items)
