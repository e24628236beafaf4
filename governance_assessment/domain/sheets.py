"""An instrument document as the sheets of a workbook: what people translate in.

Pure: plain data and tables of cells. The way back is in :mod:`.sheet_reader`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Cell = str | int | float | bool | None
Table = Sequence[Sequence[Cell]]

#: The sheets with their columns; those of texts have one more for each language.
COLUMNS = {
    "instrument": ("key", "value"),
    "scale": ("indicator", "min", "max", "level", "points"),
    "dimensions": ("code", "in", "weight", "aggregate", "category"),
    "indicators": ("code", "dimension", "weight", "critical", "express", "applies_if", "basis", "laws"),
    "texts": ("code", "text"),
    "profile": ("code",),
    "bands": ("from", "label"),
    "caps": ("code", "label_max", "scope", "at", "count", "indicators"),
    "laws": ("code",),
    "replaces": ("code", "relation", "from"),
}
WITH_TEXTS = {"instrument", "scale", "dimensions", "texts", "profile", "bands", "laws"}
RULES = ("aggregate", "percent", "completeness", "not_applicable_review", "provisional_when_critical_unanswered")


def to_tables(data: Mapping[str, Any]) -> dict[str, list[list[Any]]]:
    """The sheets of a document, each with its header row; ``data`` as :func:`.serialise.instrument_to_data` writes it."""
    languages = list(data["languages"])
    rows = {
        "instrument": _heading_rows(data),
        "scale": [*_scale_rows("", data["scale"])],
        "dimensions": [],
        "indicators": [],
        "texts": [],
        "profile": [((item["code"],), item["text"]) for item in data.get("profile_questions", ())],
        "bands": [((band["from"], band["label"]), band.get("name")) for band in data["scoring"].get("bands", ())],
        "caps": [(_cap_row(cap), None) for cap in data["scoring"].get("caps", ())],
        "laws": [((code,), text) for code, text in data.get("laws", {}).items()],
        "replaces": [
            ((code, item["relation"], _list(item.get("from", ()))), None)
            for code, item in data.get("replaces", {}).get("items", {}).items()
        ],
    }
    _add_sections(rows, data["sections"], "")
    return {
        sheet: [
            [*COLUMNS[sheet], *(languages if sheet in WITH_TEXTS else ())],
            *(
                [*cells, *((text or {}).get(language) for language in languages if sheet in WITH_TEXTS)]
                for cells, text in found
            ),
        ]
        for sheet, found in rows.items()
    }


Row = tuple[tuple[Any, ...], Mapping[str, str] | None]


def _heading_rows(data: Mapping[str, Any]) -> list[Row]:
    values = {
        "slug": data["slug"],
        "version": data["version"],
        "languages": _list(data["languages"]),
        "replaces": data.get("replaces", {}).get("version"),
        "express_only": data.get("express_only"),
        **{key: data["scoring"].get(key) for key in RULES},
    }
    texts = [((key, None), data.get(key)) for key in ("title", "description")]
    return [*texts, *(((key, value), None) for key, value in values.items())]


def _scale_rows(code: str, scale: Mapping[str, Any]) -> Iterator[Row]:
    bounds = (code or None, scale["min"], scale["max"])
    for level in scale.get("levels", ()):
        yield (*bounds, level["level"], level.get("points")), level.get("name")
    if not scale.get("levels"):
        yield (*bounds, None, None), None


def _cap_row(cap: Mapping[str, Any]) -> tuple[Any, ...]:
    when = cap["when"]
    at = when["at"] if "indicators" in when else when["critical_at"]
    return cap["code"], cap["label_max"], cap["scope"], at, when.get("count"), _list(when.get("indicators", ()))


def _add_sections(rows: dict[str, list[Row]], sections: Iterable[Mapping[str, Any]], above: str) -> None:
    for section in sections:
        code = section["code"]
        cells = (code, above or None, section["weight"], section.get("aggregate"), section.get("category"))
        rows["dimensions"].append((cells, section.get("title")))
        _add_sections(rows, section.get("sections", ()), code)
        for item in section.get("indicators", ()):
            rows["indicators"].append((_indicator_row(item, code), None))
            rows["texts"] += [((item["code"], name), text) for name, text in _indicator_texts(item)]
            if "scale" in item:
                rows["scale"] += _scale_rows(item["code"], item["scale"])


def _indicator_row(item: Mapping[str, Any], section: str) -> tuple[Any, ...]:
    flags = (item.get("critical"), item.get("express"), item.get("applies_if"))
    return item["code"], section, item["weight"], *flags, item.get("basis"), _list(item.get("laws", ()))


def _indicator_texts(item: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield "title", item["title"]
    if "why" in item:
        yield "why", item["why"]
    for level, text in item.get("levels", {}).items():
        yield f"level {level}", text
    for number, text in enumerate(item.get("evidence", ()), start=1):
        yield f"evidence {number}", text


def _list(items: Iterable[Any]) -> str | None:
    return ", ".join(map(str, items)) or None
