"""From plain data to a :class:`Call` and back; everything wrong is found in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from unicodedata import category

from nassij.common.plain_data import pointer

from .amounts import Amounts
from .call import RESERVED, Call, Document, DocumentKind, Funder, Source, Territory
from .contradictions import contradictions
from .problems import InvalidCall, Problem, ProblemCode
from .rules import KINDS, NoConflictOfInterest, Rule
from .shape import shape_problems
from .walk import rules_of

FORMAT = "funding-call-1"
#: What hides, turns round or breaks a text: controls, bidi marks, zero width but for the two joiners, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def parse_call(data: Mapping[str, Any]) -> Call:
    """The call in ``data`` (mappings with text keys, lists, text, numbers, booleans; days as text).

    Raises :class:`InvalidCall` with every problem found: first of the shape, and where that is right of the sense.
    """
    problems = shape_problems(data)
    if not problems:
        problems = [*_text_problems(data), *_day_problems(data)]
    if not problems:
        call = _call(data)
        problems = [*_date_order(call), *_code_problems(call), *_document_problems(call), *contradictions(call)]
    if problems:
        raise InvalidCall(problems)
    return call


def call_to_data(call: Call) -> dict[str, Any]:
    """``call`` as the data it can be read from again: ``parse_call(call_to_data(call)) == call``."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "slug": call.slug,
        "version": call.version,
        "languages": list(call.languages),
        "is_model": call.is_model,
        "title": dict(call.title),
        "summary": dict(call.summary),
        "funder": _without_none(code=call.funder.code, name=dict(call.funder.name), council=call.funder.council),
        "fields": sorted(call.fields),
        "territory": _places(call.territory.regions, call.territory.provinces),
        "amounts": _without_none(
            minimum=_money(call.amounts.minimum),
            maximum=_money(call.amounts.maximum),
            own_percent=_money(call.amounts.own_percent),
        ),
        "opens_on": call.opens_on and call.opens_on.isoformat(),
        "closes_on": call.closes_on and call.closes_on.isoformat(),
        "closes_at": call.closes_at and call.closes_at.strftime("%H:%M"),
        "rules": [_rule_data(rule) for rule in call.rules],
        "documents": [_document_data(document) for document in call.documents],
        "sources": [
            _without_none(title=dict(source.title), url=source.url, fact=source.fact) for source in call.sources
        ],
        "checked_on": call.checked_on.isoformat(),
        "contact": call.contact and dict(call.contact),
        "url": call.url,
    }
    always = ("rules", "documents", "is_model")
    return {key: value for key, value in data.items() if key in always or value not in (None, [], {})}


# --- Reading ------------------------------------------------------------------------------------------------


def _call(data: Mapping[str, Any]) -> Call:
    amounts, territory = data.get("amounts", {}), data.get("territory", {})
    return Call(
        slug=data["slug"],
        version=data["version"],
        languages=tuple(data["languages"]),
        is_model=data.get("is_model", False),
        title=data["title"],
        summary=data["summary"],
        funder=Funder(**data["funder"]),
        fields=frozenset(data.get("fields", ())),
        territory=Territory(frozenset(territory.get("regions", ())), frozenset(territory.get("provinces", ()))),
        amounts=Amounts(**{name: Decimal(value) for name, value in amounts.items()}),
        opens_on=_day(data.get("opens_on")),
        closes_on=_day(data.get("closes_on")),
        closes_at=time.fromisoformat(data["closes_at"]) if "closes_at" in data else None,
        rules=tuple(_rule(entry) for entry in data["rules"]),
        documents=tuple(_document(entry) for entry in data["documents"]),
        sources=tuple(Source(**entry) for entry in data["sources"]),
        checked_on=date.fromisoformat(data["checked_on"]),
        contact=data.get("contact"),
        url=data.get("url"),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _document(entry: Mapping[str, Any]) -> Document:
    named = {"guide": "guide_code", "template": "template_code"}
    values = {named.get(key, key): value for key, value in entry.items()}
    return Document(**{**values, "kind": DocumentKind(entry["kind"])})


def _rule(entry: Mapping[str, Any]) -> Rule:
    kind = KINDS[entry["rule"]]
    values = {key: value for key, value in entry.items() if key != "rule"}
    for field in fields(kind):
        if field.name not in values:
            continue
        if field.name == "rules":
            values["rules"] = tuple(_rule(part) for part in values["rules"])
        elif "frozenset" in str(field.type):
            values[field.name] = frozenset(values[field.name])
        elif "tuple" in str(field.type):
            values[field.name] = tuple(values[field.name])
        elif "Decimal" in str(field.type):
            values[field.name] = Decimal(values[field.name])
    return kind(**values)


# --- Writing ------------------------------------------------------------------------------------------------


def _rule_data(rule: Rule) -> dict[str, Any]:
    data: dict[str, Any] = {"rule": rule.kind}
    for field in fields(rule):
        value = getattr(rule, field.name)
        if value is None or value == frozenset():
            continue
        if field.name == "rules":
            value = [_rule_data(part) for part in value]
        elif isinstance(value, frozenset):
            value = sorted(value)
        elif isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, Decimal):
            value = _money(value)
        elif field.name == "because":
            value = dict(value)
        data[field.name] = value
    return data


def _document_data(document: Document) -> dict[str, Any]:
    return _without_none(
        code=document.code,
        title=dict(document.title),
        kind=document.kind.value,
        required=document.required,
        copies=document.copies,
        valid_months=document.valid_months,
        guide=document.guide_code,
        template=document.template_code,
        shows=document.shows,
        note=document.note and dict(document.note),
    )


def _places(regions: frozenset[str], provinces: frozenset[str]) -> dict[str, list[str]]:
    return {name: sorted(codes) for name, codes in (("regions", regions), ("provinces", provinces)) if codes}


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _without_none(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


# --- The sense ----------------------------------------------------------------------------------------------


def _texts(node: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text of the document (language -> words) with its place."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _texts(item, pointer(path, index))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("title", "summary", "name", "because", "note", "contact"):
                yield pointer(path, key), value
            else:
                yield from _texts(value, pointer(path, key))


def _text_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    languages = data["languages"]
    for path, text in _texts(data):
        for language in languages:
            if language not in text:
                yield Problem(ProblemCode.MISSING_LANGUAGE, path, {"language": language})
        for language, words in text.items():
            if language not in languages:
                yield Problem(ProblemCode.UNKNOWN_LANGUAGE, pointer(path, language), {"language": language})
            if _UNSAFE.search(words):
                yield Problem(ProblemCode.BAD_CHARACTERS, pointer(path, language))
            elif not any(category(character)[0] in "LNPS" for character in words):
                yield Problem(ProblemCode.NOTHING_VISIBLE, pointer(path, language))
    for path, url in _urls(data):
        if _UNSAFE.search(url):
            yield Problem(ProblemCode.BAD_CHARACTERS, path)


def _urls(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "url" in data:
        yield "/url", data["url"]
    for index, source in enumerate(data["sources"]):
        if "url" in source:
            yield pointer(pointer("/sources", index), "url"), source["url"]


def _day_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("opens_on", "closes_on", "checked_on"):
        try:
            _day(data.get(key))
        except ValueError:
            yield Problem(ProblemCode.NO_SUCH_DAY, pointer("", key), {"value": data[key]})


def _date_order(call: Call) -> Iterator[Problem]:
    if call.opens_on and call.closed_from and call.closed_from <= datetime.combine(call.opens_on, time()):
        days = {"opens_on": str(call.opens_on), "closes_on": str(call.closes_on)}
        yield Problem(ProblemCode.CLOSES_BEFORE_OPENING, "/closes_on", days)
    if call.closes_at and not call.closes_on:
        yield Problem(ProblemCode.HOUR_WITHOUT_DAY, "/closes_at")
    if call.is_model and (call.opens_on or call.closes_on):
        yield Problem(ProblemCode.MODEL_WITH_DATES, "/is_model")
    if not call.is_model and not call.closes_on:
        yield Problem(ProblemCode.CALL_WITHOUT_END, "/closes_on")


def _code_problems(call: Call) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, rule in rules_of(call):
        if rule.code in RESERVED:
            yield Problem(ProblemCode.RESERVED_CODE, pointer(path, "code"), {"value": rule.code})
        elif rule.code in seen:
            yield Problem(ProblemCode.DUPLICATE_CODE, pointer(path, "code"), {"value": rule.code})
        seen.add(rule.code)
        if isinstance(rule, NoConflictOfInterest) and call.funder.council is None:
            yield Problem(ProblemCode.CONFLICT_WITHOUT_COUNCIL, path)


def _document_problems(call: Call) -> Iterator[Problem]:
    known = {rule.code for _path, rule in rules_of(call)} | {rule.code for rule in call.implied_rules}
    seen: set[str] = set()
    for index, document in enumerate(call.documents):
        path = pointer("/documents", index)
        if document.code in seen:
            yield Problem(ProblemCode.DUPLICATE_CODE, pointer(path, "code"), {"value": document.code})
        seen.add(document.code)
        if document.shows is not None and document.shows not in known:
            yield Problem(ProblemCode.UNKNOWN_RULE, pointer(path, "shows"), {"value": document.shows})
        if document.template_code is not None and document.guide_code is None:
            yield Problem(ProblemCode.TEMPLATE_WITHOUT_GUIDE, pointer(path, "template"))
