"""Documents to fill in, with what the association has told about itself already in its place."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from nassij.associations.api import Access, Action, Role, association, members, province_name, require
from nassij.common.errors import NotFound
from nassij.common.numbers import format_date

from ..guides import library
from ..guides.making.contents import words
from ..guides.making.letters import letter_docx
from ..guides.source import LANGUAGES
from ..models import FundingFacts

OFFICES = {Role.PRESIDENT: "president_name", Role.SECRETARY: "secretary_name", Role.TREASURER: "treasurer_name"}


@dataclass(frozen=True, slots=True)
class FilledLetter:
    """A document of a guide, filled in; `name` is what it is called on a computer, in its own language."""

    edition_id: int
    name: str
    content: bytes


def filled_letter(
    *, user_id: int | None, association_uuid: UUID, guide_code: str, template: str, language: str
) -> FilledLetter:
    """The document of the present edition with the association's data. Checks permissions: who may see its files.

    Nothing is stored, and nothing is filled in that the association has not told. Raises `NotSignedIn`, `NotFound`, `Forbidden`.
    """
    access = require(user_id=user_id, action=Action.VIEW_APPLICATIONS, association_uuid=association_uuid)
    shown = library.current(guide_code)
    letter = next((one for one in shown.guide.letters if one.code == template), None)
    if letter is None or language not in LANGUAGES:
        raise NotFound()
    content = letter_docx(shown.guide, template, language, known(access, language))
    plain = "".join(" " if sign in '\\/:*?"<>|' else sign for sign in words(letter.title, language))
    return FilledLetter(shown.edition.pk, f"{guide_code} {' '.join(plain.split())}.docx", content)


def known(access: Access, language: str) -> dict[str, str]:
    """Code of a blank to what is known of it, in `language`; three queries. What is not known has no entry."""
    told = association(association_id=access.association_id)
    stored = FundingFacts.objects.filter(association_id=access.association_id).first()
    province = province_name(told.province, language) if told.province and told.province != "other" else ""
    comma = "، " if language == "ar" else ", "
    found = {
        "association_name": told.name if language == "ar" else told.name_fr or told.name,
        "association_place": comma.join(filter(None, (told.commune, province))),
        "place": told.commune,
        "founded_on": format_date(stored.founded_on, language) if stored and stored.founded_on else "",
        "date_today": format_date(timezone.localdate(), language),
    }
    for person in members(association_id=access.association_id):
        if person.role in OFFICES:
            found.setdefault(OFFICES[person.role], person.name)
    return {code: text for code, text in found.items() if text}
