"""Calls from a file somebody sends: first what would become of each, then all of them or none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nassij.common.documents.workbooks import created
from nassij.common.errors import BadInput, NassijError
from nassij.common.plain_data import MAX_BYTES, Unreadable, lines_of, load_json, load_yaml
from nassij.common.uploads import accept_upload

from ..data import LoadedCall
from ..domain import Call, InvalidCall, call_to_data
from ..models import CallVersion
from .loading import OWN_FILES, checked, planned, read_call, store
from .problems import problem_text, unreadable
from .tables import Row, columns, rows_of

TEXT_FILES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Planned:
    """One call of a file: what would become of it, or why it cannot be taken. `place` is where it stands in the file."""

    place: str
    slug: str
    call: Call | None
    outcome: str = ""
    problems: tuple[Mapping[str, Any], ...] = ()


def plan_file(file: Any) -> list[Planned]:
    """What storing the calls of an uploaded YAML, JSON, CSV or XLSX file would do; writes nothing.

    Raises `BadInput`, `TooLarge` or `Unprocessable` for a file that is none of these, or holds no call.
    """
    name = str(getattr(file, "name", "") or "")
    if name.lower().endswith(TEXT_FILES):
        found = list(_in_text(file.read(MAX_BYTES + 1), name))
    else:
        found = [_of_row(row) for row in rows_of(accept_upload(file, kinds=("csv", "xlsx")), lru_cache(known_data))]
    if not found:
        raise BadInput(
            _("There is no call in this file."), code="no_calls", remedy=_("Choose another file, or fill in its rows.")
        )
    return _each_once(found)


def as_text(plan: Sequence[Planned]) -> str:
    """The calls of a plan as text that `store_text` takes: what was looked at is what is stored."""
    return json.dumps([call_to_data(found.call) for found in plan if found.call is not None], ensure_ascii=False)


def store_text(text: str, *, actor_id: int | None) -> list[LoadedCall]:
    """Keep every call of `as_text` as a draft: all or none. Raises `BadInput`, `Conflict`."""
    try:
        calls = [checked(data) for data in load_json(text)]
    except (Unreadable, InvalidCall, TypeError) as refused:
        raise BadInput(
            _("These calls cannot be stored any more."),
            code="invalid_call",
            remedy=_("Nothing was changed. Choose the file again."),
        ) from refused
    with transaction.atomic():
        return [store(call, publish=False, actor_id=actor_id) for call in calls]


def known_data(slug: str) -> Mapping[str, Any] | None:
    """The data of a call shown here, or of the suite's own model of that name."""
    shown = CallVersion.objects.filter(current_slot=slug).values_list("content", flat=True).first()
    if shown is not None:
        return dict(shown)
    path = OWN_FILES / f"{slug}.yaml"
    is_ours = path.parent == OWN_FILES and path.is_file()
    return call_to_data(read_call(path.read_bytes(), path.name)) if is_ours else None


EXAMPLE = {
    "slug": "commune-example-2027",
    "version": "1.0.0",
    "like": "commune-grant",
    "title_ar": "مثال: دعوة جماعة لدعم مشاريع الجمعيات 2027",
    "title_fr": "Exemple : appel d’une commune aux projets des associations 2027",
    "summary_ar": "مثال للتعبئة: عوضوه بنص الدعوة.",
    "summary_fr": "Exemple à remplacer par le texte de l’appel.",
    "maximum": "30000",
    "own_percent": "10",
    "opens_on": "2027-01-04",
    "closes_on": "2027-02-15",
    "closes_at": "16:30",
    "age_years": "1",
    "checked_on": "2026-11-28",
}


def template() -> bytes:
    """A table with its columns, and one row to be replaced."""
    target = BytesIO()
    with created(target, title=_("Funding calls")) as book:
        sheet = book.add_worksheet("calls")
        bold = book.add_format({"bold": True})
        for number, name in enumerate(columns()):
            sheet.write_string(0, number, name, bold)
            sheet.write_string(1, number, EXAMPLE.get(name, ""))
            sheet.set_column(number, number, max(12, len(name) + 2))
        sheet.freeze_panes(1, 1)
    return target.getvalue()


def _in_text(content: bytes, name: str) -> Iterator[Planned]:
    try:
        data = load_yaml(content)
    except Unreadable as refused:
        raise unreadable(name, refused) from refused
    several = isinstance(data, list)
    for number, one in enumerate(data if several else [data]):
        start = f"/{number}" if several else ""

        def line_of(path: str, start: str = start) -> str:
            line = lines_of(content, [start + path]).get(start + path)
            return _("line %(line)s") % {"line": line} if line else path

        slug = str(one.get("slug", "")) if isinstance(one, dict) else ""
        yield _planned(line_of(""), slug, one, line_of)


def _of_row(row: Row) -> Planned:
    def column_of(path: str) -> str:
        return row.column_of(path) or path

    return _planned(_("row %(row)s") % {"row": row.number}, str(row.data["slug"]), row.data, column_of)


def _planned(place: str, slug: str, data: Any, where: Callable[[str], str]) -> Planned:
    try:
        call = checked(data)
        return Planned(place, slug, call, str(planned(call)))
    except InvalidCall as refused:
        problems = tuple({"where": where(found.path), "text": problem_text(found)} for found in refused.problems)
    except NassijError as refused:
        problems = ({"where": place, "text": f"{refused.message} {refused.remedy}"},)
    return Planned(place, slug, None, problems=problems)


def _each_once(plan: list[Planned]) -> list[Planned]:
    """The plan, a call that stands in the file twice refused the second time."""
    seen: set[tuple[str, str]] = set()
    found = []
    for one in plan:
        name = (one.call.slug, one.call.version) if one.call else None
        if name in seen:
            problem = {"where": one.place, "text": _("This call and version stands in the file twice.")}
            one = Planned(one.place, one.slug, None, problems=(problem,))
        elif name:
            seen.add(name)
        found.append(one)
    return found
