"""Who the invented people of the demo are: three associations, a trainer, a coach, a coordinator, an operator."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from nassij.associations.naming import shown

PASSWORD = "nassij-demo"  # noqa: S105 - printed for whoever starts the demo, which listens on loopback only


@dataclass(frozen=True, slots=True)
class Person:
    """An account: who it is and in which language that person reads."""

    username: str
    name: str
    role: object
    language: str
    association: str | None = None
    membership: str | None = None


ASSOCIATIONS = {
    "amal": {
        "name": "جمعية الأمل للتنمية",
        "name_fr": "Association Al Amal pour le développement",
        "province": "chichaoua",
        "commune": "سيدي المختار",
        "fields": ["local-development", "women"],
        "founded_year": 2014,
    },
    "tiwizi": {
        "name": "جمعية تيويزي للتضامن",
        "name_fr": "Association Tiwizi de solidarité",
        "province": "al-haouz",
        "commune": "أسني",
        "fields": ["solidarity", "education"],
        "founded_year": 2019,
    },
    "ourika": {
        "name": "جمعية وادي أوريكا للماء والبيئة",
        "name_fr": "Association Vallée de l’Ourika pour l’eau et l’environnement",
        "province": "al-haouz",
        "commune": "أوريكا",
        "fields": ["water", "environment"],
        "founded_year": 2011,
    },
}
PEOPLE = (
    Person("amal.president", "فاطمة الزهراء أيت لحسن", _("president"), "ar", "amal", "president"),
    Person("amal.treasurer", "عبد الرحيم بوزيد", _("treasurer"), "ar", "amal", "treasurer"),
    Person("amal.member", "سعاد المرابط", _("member"), "ar", "amal", "member"),
    Person("tiwizi.president", "Brahim Oubella", _("president"), "fr", "tiwizi", "president"),
    Person("tiwizi.treasurer", "خديجة أمغار", _("treasurer"), "ar", "tiwizi", "treasurer"),
    Person("tiwizi.member", "Youssef Id Ali", _("member"), "fr", "tiwizi", "member"),
    Person("ourika.president", "إبراهيم أيت وحمان", _("president"), "ar", "ourika", "president"),
    Person("ourika.treasurer", "Latifa Id Bella", _("treasurer"), "fr", "ourika", "treasurer"),
    Person("trainer", "حسن بنيس", _("trainer"), "ar"),
    Person("coach", "Nadia Alaoui", _("coach"), "fr"),
    Person("coordinator", "ليلى التازي", _("coordinator"), "ar"),
    Person("operator", "Operator", _("operator"), "en"),
)


def person(username: str) -> Person | None:
    return next((each for each in PEOPLE if each.username == username), None)


def language_of(user_id: int) -> str | None:
    """The language this account reads, for its mails (`NASSIJ_USER_LANGUAGE`)."""
    username = get_user_model().objects.filter(pk=user_id).values_list("username", flat=True).first()
    found = person(username or "")
    return found.language if found else None


def groups() -> list[dict]:
    """The people as the home page lists them, grouped by association, its name in the active language."""
    found: dict[str | None, list[Person]] = {}
    for each in PEOPLE:
        found.setdefault(each.association, []).append(each)
    return [
        {
            "association": shown(ASSOCIATIONS[code]["name"], ASSOCIATIONS[code]["name_fr"]) if code else None,
            "people": members,
        }
        for code, members in found.items()
    ]
