"""From plain data to an :class:`Instrument`, or to the list of everything wrong with it.

The format is written down in ``docs/reference/scoring.rst`` and, for editors and other programs, as JSON Schema
in ``governance_assessment/schema/instrument-1.schema.json``. The schema knows shapes; what needs two places of the
document to be compared is in :mod:`.checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .characters import one_line
from .checks import sense_problems, without_echoes
from .documents import plain_tree
from .instrument import (
    Aggregate,
    Band,
    Basis,
    Cap,
    CapScope,
    Descent,
    Indicator,
    Instrument,
    LocalizedText,
    ProfileQuestion,
    Relation,
    Replacement,
    Scale,
    ScaleLevel,
    ScoringRules,
    Section,
)
from .numbers import parse_integer
from .problems import InstrumentProblem, InvalidData, InvalidInstrument, Problem, ProblemCode
from .reader import CODE, LANGUAGE, MAX_COUNT, MAX_QUOTE, SLUG, VERSION, Reader

SCHEMA_VERSION = 1
#: A scale has at most this many steps, so that every level can have its place in a table.
MAX_STEPS = 100

_TOP = {"schema_version", "slug", "version", "languages", "title", "scale", "scoring", "sections"}
_TOP_OPTIONAL = {"description", "profile_questions", "laws", "replaces", "express_only"}
_INDICATOR_OPTIONAL = {
    "critical", "express", "applies_if", "why", "levels", "evidence", "basis", "laws", "scale",
}  # fmt: skip


def parse_instrument(data: Mapping[str, Any]) -> Instrument:
    """The instrument that ``data`` describes (as loaded from YAML or JSON, aliases and all).

    Raises :class:`InvalidInstrument` with every problem found; a document that cannot be walked at
    all (a cycle, far too many nodes) gives that one problem.
    """
    try:
        tree = plain_tree(data)
    except InvalidData as refused:
        raise _invalid(refused.problems) from refused
    if not isinstance(tree, dict):
        raise _invalid([Problem(ProblemCode.WRONG_TYPE, "", {"expected": "mapping"})])
    problems: list[Problem] = []
    instrument = _instrument(Reader(tree, "", problems))
    problems += without_echoes(sense_problems(instrument), problems)
    if problems:
        raise _invalid(problems)
    return instrument


def _invalid(problems: Any) -> InvalidInstrument:
    return InvalidInstrument(InstrumentProblem(found.code, found.path, found.params) for found in problems)


def _instrument(reader: Reader) -> Instrument:
    reader.expect(required=_TOP, optional=_TOP_OPTIONAL)
    if "schema_version" in reader.data and parse_integer(reader.data["schema_version"]) != SCHEMA_VERSION:
        reader.note(ProblemCode.SCHEMA_VERSION, "schema_version", expected=SCHEMA_VERSION)
    languages = reader.words("languages", LANGUAGE, or_empty=False)
    reader.languages = tuple(filter(None, languages))
    laws = reader.child("laws")
    return Instrument(
        slug=reader.matching("slug", SLUG),
        version=reader.matching("version", VERSION),
        languages=languages,
        title=reader.text("title"),
        description=reader.optional_text("description"),
        scale=_scale(reader.child("scale")) or Scale(0, 1),
        profile_questions=tuple(map(_profile_question, reader.children("profile_questions"))),
        scoring=_scoring(reader.child("scoring")),
        laws=_laws(laws) if laws else (),
        replaces=_replacement(reader.child("replaces")),
        sections=tuple(map(_section, reader.children("sections", or_empty=False))),
        is_express=reader.flag("express_only", False),
    )


def _laws(reader: Reader) -> tuple[tuple[str, LocalizedText], ...]:
    return tuple((code, entry.localized()) for code, entry in reader.entries())


def _profile_question(reader: Reader) -> ProfileQuestion:
    reader.expect(required={"code", "text"})
    return ProfileQuestion(code=reader.matching("code", CODE), text=reader.text("text"))


def _replacement(reader: Reader | None) -> Replacement | None:
    if reader is None:
        return None
    reader.expect(required={"version", "items"})
    items = reader.child("items")
    descents = [_descent(code, entry) for code, entry in items.entries()] if items else []
    return Replacement(
        version=reader.matching("version", VERSION),
        items=tuple(sorted(descents, key=lambda descent: descent.code)),
    )


def _descent(code: str, reader: Reader) -> Descent:
    """An equal indicator that names no source has kept its code."""
    reader.expect(required={"relation"}, optional={"from"})
    if not CODE.fullmatch(code):
        reader.note(ProblemCode.BAD_FORMAT, value=one_line(code, MAX_QUOTE))
    relation = reader.choice("relation", Relation, Relation.NEW)
    sources = reader.words("from", CODE, or_empty=False)
    return Descent(code, relation, sources or ((code,) if relation is Relation.EQUAL else ()))


# --- Scale ----------------------------------------------------------------------------------------------


def _scale(reader: Reader | None) -> Scale | None:
    """A scale whose levels, when listed, are exactly those from min to max, in order."""
    if reader is None:
        return None
    reader.expect(required={"min", "max"}, optional={"levels"})
    levels = tuple(_scale_level(level) for level in reader.children("levels", or_empty=False))
    before = len(reader.problems)
    minimum = reader.integer("min", 0, minimum=0)
    maximum = reader.integer("max", minimum + 1, minimum=0)
    if len(reader.problems) > before:
        return None
    if minimum >= maximum:
        reader.note(ProblemCode.SCALE_EMPTY, "max", minimum=minimum)
        return None
    if maximum - minimum > MAX_STEPS:
        reader.note(ProblemCode.SCALE_TOO_LONG, "max", maximum=minimum + MAX_STEPS)
        return None
    scale = Scale(minimum, maximum, tuple(sorted(levels, key=lambda level: level.level)))
    return _complete_scale(reader, scale, [level.level for level in levels]) if levels else scale


def _scale_level(reader: Reader) -> ScaleLevel:
    reader.expect(required={"level"}, optional={"name", "points"})
    level = reader.integer("level", 0, minimum=0)
    return ScaleLevel(level=level, points=reader.number("points", Fraction(level)), name=reader.optional_text("name"))


def _complete_scale(reader: Reader, scale: Scale, given: list[int]) -> Scale | None:
    """The scale if its list of levels is complete and its points never fall; else None, noted."""
    before = len(reader.problems)
    for index, level in enumerate(given):
        if level not in scale:
            reader.note(
                ProblemCode.LEVEL_OUT_OF_SCALE, "levels", level=level, minimum=scale.minimum, maximum=scale.maximum
            )
        elif level in given[:index]:
            reader.note(ProblemCode.DUPLICATE_ENTRY, "levels", value=level)
    # A scale of a hundred levels with three listed is one mistake, not 97.
    missing = next((level for level in scale.choices if level not in given), None)
    if missing is not None:
        reader.note(ProblemCode.MISSING_LEVEL, "levels", level=missing)
    if len(reader.problems) > before:
        return None
    points = [level.points for level in scale.levels]
    if points != sorted(points) or points[0] == points[-1]:
        reader.note(ProblemCode.POINTS_NOT_INCREASING, "levels")
    return scale


# --- Scoring rules --------------------------------------------------------------------------------------


def _scoring(reader: Reader | None) -> ScoringRules:
    rules = ScoringRules()
    if reader is None:
        return rules
    reader.expect(
        required={"aggregate"},
        optional={
            "completeness", "percent", "bands", "caps", "provisional_when_critical_unanswered", "not_applicable_review",
        },
    )  # fmt: skip
    return ScoringRules(
        aggregate=reader.choice("aggregate", Aggregate, rules.aggregate),
        percent=reader.flag("percent", rules.percent),
        completeness=reader.number("completeness", rules.completeness, maximum=1),
        not_applicable_review=reader.number("not_applicable_review", rules.not_applicable_review, maximum=1),
        provisional_when_critical_unanswered=reader.flag("provisional_when_critical_unanswered", True),
        bands=tuple(map(_band, reader.children("bands"))),
        caps=tuple(map(_cap, reader.children("caps"))),
    )


def _band(reader: Reader) -> Band:
    reader.expect(required={"from", "label"}, optional={"name"})
    return Band(
        start=reader.number("from", Fraction(0)),
        label=reader.integer("label", 0, minimum=0),
        name=reader.optional_text("name"),
    )


def _cap(reader: Reader) -> Cap:
    reader.expect(required={"code", "when", "label_max", "scope"})
    when = reader.child("when") or Reader({"critical_at": 0}, "", [])
    watches_all = "critical_at" in when.data
    if when.data.keys() - {"count"} not in ({"critical_at"}, {"indicators", "at"}):
        when.note(ProblemCode.CAP_CONDITION)
    when.expect(required=(), optional={"critical_at", "count", "indicators", "at"})
    return Cap(
        code=reader.matching("code", CODE),
        label_max=reader.integer("label_max", 0, minimum=0),
        scope=reader.choice("scope", CapScope, CapScope.OVERALL),
        at=when.integer("critical_at" if watches_all else "at", 0, minimum=0),
        count=when.integer("count", 1, minimum=1),
        indicators=when.words("indicators", CODE, or_empty=False),
    )


# --- Sections and indicators ----------------------------------------------------------------------------


def _section(reader: Reader) -> Section:
    reader.expect(required={"code", "weight", "title"}, optional={"sections", "indicators", "aggregate", "category"})
    if "sections" in reader.data and "indicators" in reader.data:
        reader.note(ProblemCode.SECTIONS_AND_INDICATORS)
    if "sections" not in reader.data and "indicators" not in reader.data:
        reader.note(ProblemCode.NO_CONTENT)
    has_own_aggregate = "aggregate" in reader.data
    return Section(
        code=reader.matching("code", CODE),
        weight=reader.weight(),
        title=reader.text("title"),
        aggregate=reader.choice("aggregate", Aggregate, Aggregate.WEIGHTED_MEAN) if has_own_aggregate else None,
        category=reader.flag("category", False),
        sections=tuple(map(_section, reader.children("sections", or_empty=False))),
        indicators=tuple(map(_indicator, reader.children("indicators", or_empty=False))),
    )


def _indicator(reader: Reader) -> Indicator:
    reader.expect(required={"code", "weight", "title"}, optional=_INDICATOR_OPTIONAL)
    applies_if = reader.data.get("applies_if")
    basis = reader.choice("basis", Basis, Basis.GOOD_PRACTICE)
    laws = reader.words("laws", CODE)
    if basis is Basis.LAW and reader.data.get("laws", []) == []:
        reader.note(ProblemCode.LAW_BASIS_WITHOUT_LAW)
    return Indicator(
        code=reader.matching("code", CODE),
        weight=reader.weight(),
        title=reader.text("title"),
        critical=reader.flag("critical", False),
        express=reader.flag("express", False),
        applies_if=None if applies_if is None else reader.matching("applies_if", CODE),
        why=reader.optional_text("why"),
        levels=_level_texts(reader.child("levels")),
        evidence=tuple(entry.localized() for entry in reader.children("evidence")),
        basis=basis,
        laws=laws,
        scale=_scale(reader.child("scale")),
    )


def _level_texts(reader: Reader | None) -> tuple[tuple[int, LocalizedText], ...]:
    """What each level means for one indicator, lowest first."""
    if reader is None:
        return ()
    if not reader.data:
        reader.note(ProblemCode.EMPTY)
    texts = []
    for key, entry in reader.entries():
        if key.isascii() and key.isdecimal() and str(int(key[:9])) == key and int(key) <= MAX_COUNT:
            texts.append((int(key), entry.localized()))
        else:
            reader.note(ProblemCode.BAD_FORMAT, key, value=one_line(key, MAX_QUOTE))
    return tuple(sorted(texts, key=lambda pair: pair[0]))
