"""From a version to the one that replaces it: what became of each indicator, and whose answers carry over.

An answer carries over only where the indicator is *equal*: declared so by whoever wrote the version, and found so here. Weight,
condition, "critical" and "express" may change: they say what an answer counts for and whom it concerns, not what it means.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .instrument import Descent, Indicator, Instrument, LocalizedText, Relation, Replacement, Scale
from .problems import ParamValue, Problem, ProblemCode, pointer
from .wording import same_but_for_typos

ITEMS = "/replaces/items"
#: How many indicators of the old version each relation comes from, at least and at most.
_SOURCES = {
    Relation.EQUAL: (1, 1),
    Relation.SPLIT: (1, 1),
    Relation.MERGED: (2, 1_000),
    Relation.NEW: (0, 0),
    Relation.RETIRED: (0, 0),
}


def declaration_problems(instrument: Instrument) -> Iterator[Problem]:
    """What is wrong with the declaration as it stands, before the old version is looked at."""
    replaces = instrument.replaces
    if replaces is None:
        return
    if replaces.version == instrument.version:
        yield _problem(ProblemCode.REPLACES_ITSELF, "/replaces/version", value=replaces.version)
    declared = {item.code: item for item in replaces.items}
    for code in instrument.by_code:
        if code not in declared:
            yield _problem(ProblemCode.NOT_DECLARED, ITEMS, value=code)
    for item in replaces.items:
        is_here = item.code in instrument.by_code
        if is_here and item.relation is Relation.RETIRED:
            yield _problem(ProblemCode.STILL_THERE, _place(item, "relation"), value=item.code)
        elif not is_here and item.relation is not Relation.RETIRED:
            yield _problem(ProblemCode.UNKNOWN_INDICATOR, _place(item), value=item.code)
        fewest, most = _SOURCES[item.relation]
        if not fewest <= len(item.sources) <= most:
            yield _problem(ProblemCode.WRONG_SOURCES, _place(item), value=item.relation, minimum=fewest)


def replacement_problems(old: Instrument, new: Instrument) -> tuple[Problem, ...]:
    """What is wrong with the declaration of ``new`` now that the version it replaces is known; empty when it holds."""
    replaces = new.replaces
    if replaces is None:
        return ()
    if (old.slug, old.version) != (new.slug, replaces.version):
        return (_problem(ProblemCode.NOT_THE_REPLACED, "/replaces/version", value=f"{old.slug} {old.version}"),)
    return (
        *(problem for item in replaces.items for problem in _item_problems(old, new, item)),
        *_accounting_problems(old, replaces),
    )


def _item_problems(old: Instrument, new: Instrument, item: Descent) -> Iterator[Problem]:
    if item.relation is Relation.RETIRED and item.code not in old.by_code:
        yield _problem(ProblemCode.UNKNOWN_SOURCE, _place(item), value=item.code)
    elif item.relation is not Relation.RETIRED and item.code in old.by_code and item.sources != (item.code,):
        # Plans, recommendations and trends know an indicator by its code: it means one thing for ever.
        yield _problem(ProblemCode.CODE_REUSED, _place(item), value=item.code)
    for index, source in enumerate(item.sources):
        if source not in old.by_code:
            yield _problem(ProblemCode.UNKNOWN_SOURCE, pointer(_place(item, "from"), index), value=source)
    if item.relation is Relation.EQUAL and item.sources[0] in old.by_code and item.code in new.by_code:
        difference = difference_in_meaning(old, item.sources[0], new, item.code)
        if difference is not None:
            yield _problem(difference, _place(item, "relation"), value=item.code)


def _accounting_problems(old: Instrument, replaces: Replacement) -> Iterator[Problem]:
    """Every old indicator has become something, and one thing only."""
    fates: dict[str, list[Relation]] = {code: [] for code in old.by_code}
    for item in replaces.items:
        for source in (item.code,) if item.relation is Relation.RETIRED else item.sources:
            fates.get(source, []).append(item.relation)
    for code, relations in fates.items():
        if not relations:
            yield _problem(ProblemCode.NOT_ACCOUNTED_FOR, ITEMS, value=code)
        elif relations == [Relation.SPLIT]:
            yield _problem(ProblemCode.SPLIT_IN_ONE, ITEMS, value=code)
        elif len(relations) > 1 and set(relations) != {Relation.SPLIT}:
            yield _problem(ProblemCode.ACCOUNTED_TWICE, ITEMS, value=code)


def difference_in_meaning(old: Instrument, old_code: str, new: Instrument, new_code: str) -> ProblemCode | None:
    """Why an answer to the old indicator would say something else of the new one; None when it would not.

    The scale must be the same with the same points, the same levels must be described, and their texts may differ by typing
    mistakes only (:func:`.wording.same_but_for_typos`), in every language that both versions have. The title may be reworded,
    unless no level is described: then it alone says what is asked.
    """
    before, after = old.by_code[old_code], new.by_code[new_code]
    if _steps(old.scale_of(before)) != _steps(new.scale_of(after)):
        return ProblemCode.EQUAL_OTHER_SCALE
    if [level for level, _text in before.levels] != [level for level, _text in after.levels]:
        return ProblemCode.EQUAL_OTHER_LEVELS
    if not all(same_text(was, now) for was, now in _what_is_asked(before, after)):
        return ProblemCode.EQUAL_OTHER_WORDING
    return None


def same_text(before: LocalizedText, after: LocalizedText) -> bool:
    """Whether two texts say the same in each language they share, and share one."""
    was, now = dict(before.translations), dict(after.translations)
    shared = was.keys() & now.keys()
    return bool(shared) and all(same_but_for_typos(was[language], now[language]) for language in shared)


def proposed_replacement(old: Instrument, new: Instrument) -> Replacement:
    """A declaration to start from: equal where code and meaning are the same, the rest new or retired."""
    items = [Descent(code, Relation.RETIRED) for code in old.by_code if code not in new.by_code]
    for code in new.by_code:
        is_equal = code in old.by_code and difference_in_meaning(old, code, new, code) is None
        items.append(Descent(code, Relation.EQUAL, (code,)) if is_equal else Descent(code, Relation.NEW))
    return Replacement(old.version, tuple(sorted(items, key=lambda item: item.code)))


def undeclared_equals(old: Instrument, new: Instrument) -> dict[str, str]:
    """Between versions without a declaration: the indicators with the same code and the same meaning."""
    return {
        code: code
        for code in old.by_code
        if code in new.by_code and difference_in_meaning(old, code, new, code) is None
    }


def _what_is_asked(before: Indicator, after: Indicator) -> list[tuple[LocalizedText, LocalizedText]]:
    if not before.levels:
        return [(before.title, after.title)]
    return [(was, now) for (_level, was), (_same, now) in zip(before.levels, after.levels, strict=True)]


def _steps(scale: Scale) -> list[tuple[int, Fraction]]:
    return [(level, scale.points(level)) for level in (scale.minimum, scale.maximum)] + [
        (level.level, level.points) for level in scale.levels if level.points != level.level
    ]


def _place(item: Descent, *below: str) -> str:
    path = pointer(ITEMS, item.code)
    for key in below:
        path = pointer(path, key)
    return path


def _problem(code: ProblemCode, path: str, **params: ParamValue) -> Problem:
    return Problem(
        code, path, {name: str(value) if isinstance(value, Relation) else value for name, value in params.items()}
    )
