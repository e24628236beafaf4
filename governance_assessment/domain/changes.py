"""What changed from a version to the next, and how large a step of the version number that needs.

The numbers are semantic (semver.org): a *patch* changes how things are said, a *minor* version asks more but leaves every answer
and its meaning as they were, anything else is *major*. Below 1.0.0, where everything is still a proposal, the second number
is for what would be minor or major, the third for a patch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from .instrument import Indicator, Instrument, Section
from .lineage import difference_in_meaning, same_text
from .parser import parse_instrument
from .serialise import content_hash, instrument_to_data
from .texts import texts_of


class Size(IntEnum):
    """How large a change is, and the step of a version number that may bring it."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3


class ChangeCode(StrEnum):
    """Every difference that is told apart; the table of sizes and the table of sentences are tested against this list."""

    WORDING = "wording"
    ORDER = "order"
    LAWS = "laws"
    LANGUAGE_ADDED = "language_added"
    LANGUAGE_REMOVED = "language_removed"
    SCALE = "scale"
    RULES = "rules"
    BANDS = "bands"
    CAPS = "caps"
    QUESTION_ADDED = "question_added"
    QUESTION_REMOVED = "question_removed"
    QUESTION_REWORDED = "question_reworded"
    SECTION_ADDED = "section_added"
    SECTION_REMOVED = "section_removed"
    SECTION_RULES = "section_rules"
    INDICATOR_ADDED = "indicator_added"
    INDICATOR_REMOVED = "indicator_removed"
    INDICATOR_RENAMED = "indicator_renamed"
    INDICATOR_MOVED = "indicator_moved"
    WEIGHT = "weight"
    CRITICAL = "critical"
    EXPRESS = "express"
    CONDITION_REMOVED = "condition_removed"
    CONDITION = "condition"
    INDICATOR_SCALE = "indicator_scale"
    LEVELS = "levels"
    MEANING = "meaning"


SIZES = {
    ChangeCode.WORDING: Size.PATCH,
    ChangeCode.ORDER: Size.PATCH,
    ChangeCode.LAWS: Size.PATCH,
    ChangeCode.LANGUAGE_ADDED: Size.PATCH,
    ChangeCode.QUESTION_ADDED: Size.MINOR,
    ChangeCode.SECTION_ADDED: Size.MINOR,
    ChangeCode.INDICATOR_ADDED: Size.MINOR,
    ChangeCode.CONDITION_REMOVED: Size.MINOR,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``code`` names the kind, ``of`` the indicator, section, question or language it is about."""

    code: ChangeCode
    of: str = ""

    @property
    def size(self) -> Size:
        """Whatever is not known to be harmless is major."""
        return SIZES.get(self.code, Size.MAJOR)


def changes(old: Instrument, new: Instrument) -> tuple[Change, ...]:
    """Every difference between two versions, in the order of the document; empty when nothing but the number changed."""
    shared = tuple(language for language in old.languages if language in new.languages)
    languages = [*_of_languages(old, new)]
    if languages and shared:  # a language more is one change, not one for each text
        return (*languages, *changes(_only_in(shared, old), _only_in(shared, new)))
    found = [
        *languages,
        *_of_the_whole(old, new),
        *_of_questions(old, new),
        *_of_sections(old, new),
        *_of_indicators(old, new),
    ]
    if not found and _anonymous(old) != _anonymous(new):
        found = [Change(ChangeCode.ORDER)]
    return tuple(found)


def needed_size(found: tuple[Change, ...]) -> Size:
    """The smallest step that may bring these changes."""
    return max((change.size for change in found), default=Size.PATCH)


def step_between(old_version: str, new_version: str) -> Size | None:
    """How large a step the numbers announce; None when ``new_version`` is not after ``old_version``."""
    old, new = version_key(old_version), version_key(new_version)
    if new <= old:
        return None
    if new[0] != old[0] or not old[3]:  # before a release, nothing is promised
        return Size.MAJOR
    if new[1] != old[1]:
        return Size.MINOR if old[0] else Size.MAJOR
    return Size.PATCH


def version_key(version: str) -> tuple[int, int, int, bool, tuple[tuple[int, int, str], ...]]:
    """Sorts as semver orders versions: ``1.0.0-rc1`` comes before ``1.0.0``."""
    core, _dash, before_release = version.partition("-")
    major, minor, patch = (int(part) for part in core.split("."))
    parts = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in before_release.split("."))
    return major, minor, patch, not before_release, parts


def _anonymous(instrument: Instrument) -> str:
    return content_hash(replace(instrument, version="0.0.0", replaces=None))


def _of_languages(old: Instrument, new: Instrument) -> Iterator[Change]:
    for language in sorted({*old.languages} ^ {*new.languages}):
        added = language in new.languages
        yield Change(ChangeCode.LANGUAGE_ADDED if added else ChangeCode.LANGUAGE_REMOVED, language)


def _only_in(languages: tuple[str, ...], instrument: Instrument) -> Instrument:
    data = instrument_to_data(instrument) | {"languages": list(languages)}
    for _path, text in texts_of(data):
        for language in [language for language in text if language not in languages]:
            del text[language]
    return parse_instrument(data)


# --- The whole ------------------------------------------------------------------------------------------


def _of_the_whole(old: Instrument, new: Instrument) -> Iterator[Change]:
    if _scale_facts(old) != _scale_facts(new):
        yield Change(ChangeCode.SCALE)
    before, after = old.scoring, new.scoring
    if replace(before, bands=(), caps=()) != replace(after, bands=(), caps=()) or old.is_express != new.is_express:
        yield Change(ChangeCode.RULES)
    if [(band.start, band.label) for band in before.bands] != [(band.start, band.label) for band in after.bands]:
        yield Change(ChangeCode.BANDS)
    if _caps(old) != _caps(new):
        yield Change(ChangeCode.CAPS)
    if dict(old.laws) != dict(new.laws):
        yield Change(ChangeCode.LAWS)
    if _names(old) != _names(new):
        yield Change(ChangeCode.WORDING)


def _scale_facts(instrument: Instrument) -> object:
    scale = instrument.scale
    return scale.minimum, scale.maximum, [level.points for level in scale.levels]


def _caps(instrument: Instrument) -> object:
    return sorted((replace(cap, indicators=tuple(sorted(cap.indicators))) for cap in instrument.scoring.caps), key=repr)


def _names(instrument: Instrument) -> object:
    """Texts whose wording changes nothing, whatever it says."""
    return (
        instrument.title,
        instrument.description,
        [level.name for level in instrument.scale.levels],
        [band.name for band in instrument.scoring.bands],
    )


def _of_questions(old: Instrument, new: Instrument) -> Iterator[Change]:
    before = {question.code: question.text for question in old.profile_questions}
    after = {question.code: question.text for question in new.profile_questions}
    for code in [*before, *(code for code in after if code not in before)]:
        if code not in after:
            yield Change(ChangeCode.QUESTION_REMOVED, code)
        elif code not in before:
            yield Change(ChangeCode.QUESTION_ADDED, code)
        elif not same_text(before[code], after[code]):
            yield Change(ChangeCode.QUESTION_REWORDED, code)
        elif before[code] != after[code]:
            yield Change(ChangeCode.WORDING, code)


# --- Sections and indicators ----------------------------------------------------------------------------


def _of_sections(old: Instrument, new: Instrument) -> Iterator[Change]:
    before, after = _sections(old), _sections(new)
    for code in [*before, *(code for code in after if code not in before)]:
        if code not in after:
            yield Change(ChangeCode.SECTION_REMOVED, code)
        elif code not in before:
            yield Change(ChangeCode.SECTION_ADDED, code)
        else:
            (was, was_in), (now, now_in) = before[code], after[code]
            if (was.weight, was.category, _aggregate(was), was_in) != (
                now.weight,
                now.category,
                _aggregate(now),
                now_in,
            ):
                yield Change(ChangeCode.SECTION_RULES, code)
            if was.title != now.title:
                yield Change(ChangeCode.WORDING, code)


def _sections(instrument: Instrument) -> dict[str, tuple[Section, str]]:
    """Each section with the code of the one it lies in."""
    found: dict[str, tuple[Section, str]] = {}
    above = [(section, "") for section in instrument.sections]
    while above:
        section, parent = above.pop(0)
        found[section.code] = section, parent
        above = [(below, section.code) for below in section.sections] + above
    return found


def _aggregate(section: Section) -> str:
    return str(section.aggregate or "weighted_mean")


def _homes(instrument: Instrument) -> dict[str, str]:
    return {indicator.code: section.code for section in instrument.all_sections() for indicator in section.indicators}


def _of_indicators(old: Instrument, new: Instrument) -> Iterator[Change]:
    renamed = new.replaces.equal() if new.replaces and new.replaces.version == old.version else {}
    homes_before, homes = _homes(old), _homes(new)
    kept: dict[str, str] = {}
    for code in old.by_code:
        now = renamed.get(code, code)
        if now not in new.by_code:
            yield Change(ChangeCode.INDICATOR_REMOVED, code)
            continue
        kept[now] = code
        if now != code:
            yield Change(ChangeCode.INDICATOR_RENAMED, code)
        if homes_before[code] != homes[now]:
            yield Change(ChangeCode.INDICATOR_MOVED, now)
        yield from _of_indicator(old, code, new, now)
    for code in new.by_code:
        if code not in kept:
            yield Change(ChangeCode.INDICATOR_ADDED, code)


_MEANING = {
    "equal_other_scale": ChangeCode.INDICATOR_SCALE,
    "equal_other_levels": ChangeCode.LEVELS,
    "equal_other_wording": ChangeCode.MEANING,
}


def _of_indicator(old: Instrument, old_code: str, new: Instrument, code: str) -> Iterator[Change]:
    before, after = old.by_code[old_code], new.by_code[code]
    if before.weight != after.weight:
        yield Change(ChangeCode.WEIGHT, code)
    if before.critical != after.critical:
        yield Change(ChangeCode.CRITICAL, code)
    if before.express != after.express:
        yield Change(ChangeCode.EXPRESS, code)
    if before.applies_if != after.applies_if:
        yield Change(ChangeCode.CONDITION if after.applies_if else ChangeCode.CONDITION_REMOVED, code)
    difference = difference_in_meaning(old, old_code, new, code)
    if difference is not None:
        yield Change(_MEANING[str(difference)], code)
    elif _own_scale(before) != _own_scale(after):
        yield Change(ChangeCode.INDICATOR_SCALE, code)
    elif _words(before) != _words(after):
        yield Change(ChangeCode.WORDING, code)


def _own_scale(indicator: Indicator) -> object:
    """To leave the instrument's scale for one that is the same is rare: it is called a change."""
    scale = indicator.scale
    return scale and (scale.minimum, scale.maximum, [level.points for level in scale.levels])


def _words(indicator: Indicator) -> object:
    scale_names = [level.name for level in indicator.scale.levels] if indicator.scale else []
    return (
        indicator.title, indicator.why, indicator.levels, indicator.evidence, indicator.basis, indicator.laws, scale_names,
    )  # fmt: skip
