"""Calls from a table, a row each, for whoever has many of them in a spreadsheet.

A row says what is its own (names, days, amounts, the usual conditions). What calls of its kind ask anyway, documents above all,
it takes from the call named in ``like``. What a table cannot say is written in YAML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from nassij.common.documents import read_table
from nassij.common.documents.cells import Cell, Rows
from nassij.common.errors import Unprocessable
from nassij.common.forms import DayField, read_amount
from nassij.common.uploads import Upload

from ..domain.parser import FORMAT

LANGUAGES = ("ar", "fr", "en")
TEXTS = ("title", "summary", "funder_name", "contact", "source")
MAX_CALLS = 100
"""Of one table: what is looked at once fits into one form."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the data of a call; `cells` says which column stands behind a place (a JSON pointer)."""

    number: int
    data: dict[str, Any]
    cells: Mapping[str, str]

    def column_of(self, path: str) -> str:
        """The column behind a place, or behind what it lies in; empty where it came with `like`."""
        while path:
            if path in self.cells:
                return self.cells[path]
            path = path.rpartition("/")[0]
        return ""


def rows_of(upload: Upload, known: Callable[[str], Mapping[str, Any] | None]) -> list[Row]:
    """The rows of a table under the names of `columns`; `known` gives the data of the call that a row is like.

    Raises `BadInput`, `TooLarge`, or `Unprocessable` when the table does not name its columns.
    """
    cells = read_table(upload, max_rows=MAX_CALLS + 1, max_columns=len(columns()))
    names = _header(cells)
    rows = []
    for number, row in enumerate(cells[1:], start=2):
        filled = {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        if filled:
            rows.append(_row(number, filled, known))
    return rows


def columns() -> tuple[str, ...]:
    """Every column a table may have."""
    texts = [f"{name}_{language}" for name in TEXTS for language in LANGUAGES]
    return ("slug", "version", "like", *texts, *_PLACES, *_RULES)


def _header(cells: Rows) -> list[str]:
    names = [str(cell or "").strip().lower() for cell in (cells[0] if cells else ())]
    strange = sorted({name for name in names if name not in columns() or names.count(name) > 1})
    if strange or not {"slug", "version"} <= set(names):
        raise Unprocessable(
            _("The first row must name the columns, each once; these are unknown or there twice: %(names)s.")
            % {"names": ", ".join(strange) or "–"},
            code="no_header",
            remedy=_("Start from the template on this page, and keep its first row."),
        )
    return names


# --- What a column means ---------------------------------------------------------------------------------------


def _day(cell: Cell) -> Any:
    try:
        day = DayField().clean(str(cell))
    except ValidationError:
        return str(cell)
    return day.isoformat() if day else str(cell)


def _amount(cell: Cell) -> Any:
    try:
        amount = Decimal(str(cell)) if isinstance(cell, int | float) else read_amount(str(cell).removesuffix("%"))
    except (ValueError, ArithmeticError):
        return str(cell)
    return f"{amount.normalize():f}"


def _codes(cell: Cell) -> Any:
    return [code.strip() for code in str(cell).replace("،", ",").replace(";", ",").split(",") if code.strip()]


def _text(cell: Cell) -> Any:
    return str(cell)


def _number(cell: Cell) -> Any:
    return int(cell) if isinstance(cell, str) and cell.isdecimal() and len(cell) < 10 else cell


def _is_yes(cell: Cell) -> bool:
    return cell is True or str(cell).strip().lower() in {"yes", "x", "1", "true", "oui", "vrai", "نعم"}


_PLACES: Mapping[str, tuple[str, Callable[[Cell], Any]]] = {
    "funder_code": ("/funder/code", _text),
    "council": ("/funder/council", _text),
    "fields": ("/fields", _codes),
    "regions": ("/territory/regions", _codes),
    "provinces": ("/territory/provinces", _codes),
    "minimum": ("/amounts/minimum", _amount),
    "maximum": ("/amounts/maximum", _amount),
    "own_percent": ("/amounts/own_percent", _amount),
    "opens_on": ("/opens_on", _day),
    "closes_on": ("/closes_on", _day),
    "closes_at": ("/closes_at", _text),
    "url": ("/url", _text),
    "source_url": ("/sources/0/url", _text),
    "checked_on": ("/checked_on", _day),
}
"""Column to its place in a call and how a cell is read; what cannot be read goes on as it is, to be refused with its place."""

_RULES: Mapping[str, tuple[str, str, Callable[[Cell], Any]]] = {
    "age_years": ("age_at_least", "years", _number),
    "final_receipt": ("receipt", "provisional_accepted", lambda cell: not _is_yes(cell)),
    "accounts_years": ("accounts_of_past_years", "years", _number),
    "bank_account": ("bank_account", "", _is_yes),
    "no_conflict": ("no_conflict_of_interest", "", _is_yes),
    "public_utility": ("public_utility", "", _is_yes),
    "months": ("lasts_at_most", "months", _number),
}
"""Column to the rule it asks for, the figure of it that the cell gives, and how. Without a figure the cell says yes or no."""


def _row(number: int, filled: Mapping[str, Cell], known: Callable[[str], Mapping[str, Any] | None]) -> Row:
    languages = [language for language in LANGUAGES if f"title_{language}" in filled]
    cells = {"/slug": "slug", "/version": "version", "/languages": "title_ar"}
    data = _like(known(str(filled["like"])) if "like" in filled else None, languages)
    data |= {"format": FORMAT, "slug": str(filled.get("slug", "")), "version": str(filled.get("version", ""))}
    if "like" in filled and not data.get("documents"):
        data["like"], cells["/like"] = str(filled["like"]), "like"  # an unknown key: refused where it stands
    for name, text in _texts(filled):
        path = {"funder_name": "/funder/name", "source": "/sources/0/title"}.get(name, f"/{name}")
        _put(data, path, text)
        cells |= {path: f"{name}_{LANGUAGES[0]}"} | {f"{path}/{language}": f"{name}_{language}" for language in text}
    for column, (path, read) in _PLACES.items():
        if column in filled:
            _put(data, path, read(filled[column]))
            cells[path] = column
    data["rules"] = _rules(data.get("rules", []), filled)
    data["documents"] = _proving(data["documents"], data["rules"])
    column_of = {kind: column for column, (kind, _figure, _read) in _RULES.items() if column in filled}
    cells |= {f"/rules/{index}": column_of.get(rule["rule"], "like") for index, rule in enumerate(data["rules"])}
    return Row(number, data, cells)


def _like(base: Mapping[str, Any] | None, languages: list[str]) -> dict[str, Any]:
    """What a row takes over, in its own languages: everything that is not a day and not a name."""
    found = _in_languages(dict(base or {}), languages)
    own = ("is_model", "opens_on", "closes_on", "closes_at", "title", "summary", "checked_on")
    return {**{key: value for key, value in found.items() if key not in own}, "languages": languages} | (
        {} if base else {"documents": [], "rules": [], "sources": []}
    )


def _in_languages(node: Any, languages: list[str]) -> Any:
    if isinstance(node, dict):
        is_text = bool(node) and all(key in LANGUAGES for key in node)
        return {key: _in_languages(value, languages) for key, value in node.items() if not is_text or key in languages}
    return [_in_languages(item, languages) for item in node] if isinstance(node, list) else node


def _texts(filled: Mapping[str, Cell]) -> Iterator[tuple[str, dict[str, str]]]:
    for name in TEXTS:
        text = {language: str(filled[f"{name}_{language}"]) for language in LANGUAGES if f"{name}_{language}" in filled}
        if text:
            yield name, text


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    """Set what lies at a place of `_PLACES`, making what it lies in."""
    *steps, last = path[1:].split("/")
    node: Any = data
    for step in steps:
        if step == "sources":
            node[step] = [dict(source) for source in node.get(step) or [{}]]
            node = node[step]
        elif step == "0":
            node = node[0]
        else:
            node[step] = dict(node.get(step) or {})
            node = node[step]
    node[last] = value


def _rules(taken_over: list[dict[str, Any]], filled: Mapping[str, Cell]) -> list[dict[str, Any]]:
    """The rules of the call it is like; those the row speaks of replaced under their code, or taken away where it says no."""
    spoken = {kind for column, (kind, _figure, _read) in _RULES.items() if column in filled}
    codes = {rule["rule"]: rule["code"] for rule in taken_over}
    rules = [rule for rule in taken_over if rule["rule"] not in spoken]
    for column, (kind, figure, read) in _RULES.items():
        if column in filled:
            value = read(filled[column])
            rule = {"rule": kind, "code": codes.get(kind, column)}
            if figure:
                rules.append({**rule, figure: value})
            elif value:
                rules.append(rule)
    return rules


def _proving(documents: list[dict[str, Any]], rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The documents without the proof of a rule that was taken away."""
    codes = {rule["code"] for rule in rules}
    return [{key: value for key, value in found.items() if key != "shows" or value in codes} for found in documents]
