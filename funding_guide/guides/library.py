"""Published guides as pages show them; no permission needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from nassij.common.errors import NassijError, NotFound

from ..models import EditionFile, EditionStatus, FileFormat, GuideEdition
from .blocks import blocks_of, words_of
from .making.contents import words
from .making.files import SUFFIXES
from .source import LANGUAGES, Guide, guide_from_data, topics
from .spelling import MAX_QUERY, folded, matches

_KEPT = 1_000
_kept: dict[str, tuple[Guide, str]] = {}
"""Content hash -> the guide and the words it is found by. A hash names one text for ever, so what is kept stays true."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An edition with what was read from it."""

    edition: GuideEdition
    guide: Guide
    key: str


def guides(*, topic: str = "", query: str = "") -> list[Shown]:
    """The present editions in their order; of a topic, and of what is looked for. Two queries once warm."""
    found = _read(GuideEdition.objects.filter(current_slot__isnull=False).defer("content"))
    asked = folded(query[:MAX_QUERY])
    return [each for each in found if (not topic or topic in each.guide.topics) and matches(each.key, asked)]


def current(code: str) -> Shown:
    """The present edition. Raises `NotFound`."""
    return _one(GuideEdition.objects.filter(current_slot=code).first())


def edition(code: str, version: str) -> Shown:
    """An edition that is or was shown. Raises `NotFound`."""
    found = GuideEdition.objects.filter(code=code, version=version).exclude(status=EditionStatus.DRAFT).first()
    return _one(found)


def current_version(code: str) -> str:
    """The version that is shown now; empty when none is."""
    return GuideEdition.objects.filter(current_slot=code).values_list("version", flat=True).first() or ""


def published() -> dict[str, Guide]:
    """The guides shown now by code: what other pages link to. One query once warm."""
    return {each.guide.code: each.guide for each in guides()}


def files_by_edition(shown: Iterable[Shown]) -> dict[int, list[EditionFile]]:
    """The files of some editions; one query."""
    found: dict[int, list[EditionFile]] = {each.edition.pk: [] for each in shown}
    for row in EditionFile.objects.filter(edition_id__in=found):
        found[row.edition_id].append(row)
    return found


def file(code: str, version: str, name: str) -> tuple[Shown, EditionFile]:
    """A file by the last part of its address, «ar-minutes.docx». Raises `NotFound`."""
    found = edition(code, version)
    for row in found.edition.files.all():
        if address_name(row) == name:
            return found, row
    raise unknown()


def selected(ids: Iterable[int]) -> list[tuple[Shown, EditionFile]]:
    """The files with these ids, of editions that are or were shown."""
    rows = EditionFile.objects.filter(pk__in=list(ids)).exclude(edition__status=EditionStatus.DRAFT)
    rows = rows.select_related("edition").order_by("edition__position", "language", "template", "id")
    return [(_one(row.edition), row) for row in rows]


def address_name(row: EditionFile) -> str:
    """The last part of the address of a file: plain letters, «ar-guide-compact.pdf»."""
    compact = "-compact" if row.format == FileFormat.COMPACT else ""
    return f"{row.language}-{row.template or 'guide'}{compact}.{suffix(row)}"


def file_name(shown: Shown, row: EditionFile) -> str:
    """What the file is called on a computer: in its own language, «G6 محضر اجتماع (1.0.0).docx»."""
    title = title_of(shown.guide, row)
    compact = {"ar": " للهاتف", "fr": " téléphone"}.get(row.language, "") if row.format == FileFormat.COMPACT else ""
    plain = "".join(" " if each in '\\/:*?"<>|' else each for each in title)
    return f"{shown.guide.code} {' '.join(plain.split())}{compact} ({shown.guide.version}).{suffix(row)}"


def title_of(guide: Guide, row: EditionFile) -> str:
    """What the file is about, in its own language."""
    titles = {letter.code: letter.title for letter in guide.letters}
    titles |= {workbook.code: workbook.title for workbook in guide.workbooks}
    return words(titles.get(row.template, guide.title), row.language)


def suffix(row: EditionFile) -> str:
    return SUFFIXES.get(FileFormat(row.format), row.format)


def unknown() -> NassijError:
    """The refusal of a guide that is not here."""
    return NotFound(_("This guide is not here."), code="unknown_guide", remedy=_("Look for it in the list of guides."))


def _one(found: GuideEdition | None) -> Shown:
    if found is None:
        raise unknown()
    return _read([found])[0]


def _read(editions: Iterable[GuideEdition]) -> list[Shown]:
    rows = list(editions)
    missing = [row.pk for row in rows if row.content_hash not in _kept]
    if missing:
        if len(_kept) + len(missing) > _KEPT:
            _kept.clear()
            missing = [row.pk for row in rows]
        stored = GuideEdition.objects.filter(pk__in=missing).values_list("content_hash", "content")
        for content_hash, content in stored:
            guide = guide_from_data(content)
            _kept[content_hash] = (guide, search_key(guide))
    return [Shown(row, *_kept[row.content_hash]) for row in rows]


def search_key(guide: Guide) -> str:
    """All that a guide is found by: its code, titles, topics, texts, checklist and documents, in every language."""
    parts = [guide.code, *guide.title.values(), *guide.summary.values()]
    parts += [name for topic in guide.topics for name in topics().get(topic, {}).values()]
    parts += [words_of(blocks_of(guide.text[language], language)) for language in LANGUAGES]
    for item in guide.checklist:
        parts += item.text.values()
    for letter in guide.letters:
        parts += [*letter.title.values(), *letter.description.values()]
    for workbook in guide.workbooks:
        parts += [*workbook.title.values(), *workbook.description.values()]
    return folded(" ".join(parts))


def is_expired(shown: Shown, on: date) -> bool:
    """Whether an edition says something that may no longer hold."""
    return shown.edition.valid_until is not None and shown.edition.valid_until < on
