"""A discussion in the words of one language, ready for `nassij_governance/discussion.html`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nassij.common.errors import NassijError
from nassij.common.numbers import format_number
from nassij.common.pace import as_planned

from ..data import ConsensusData, Evidence, Origin
from ..domain import Agreement, AnswerKind, Indicator, Instrument
from ..results.quality import quality_sentence
from .discussion import DiscussionData, DiscussionItem

#: An estimate: people who are far apart tell each other what happened; the rest is read and decided.
MINUTES_TO_TALK, MINUTES_TO_DECIDE = 3, 1
#: How many points a summary names.
SHOWN = 5
WITHOUT_LEVEL = {
    AnswerKind.DONT_KNOW: gettext_lazy("I don't know"),
    AnswerKind.NOT_APPLICABLE: gettext_lazy("Does not apply to us"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be given, with who gave it: `dots` is a dot for each member, `said` the same in words."""

    value: str
    name: str
    text: str
    dots: str
    said: str
    is_mine: bool
    is_chosen: bool
    is_suggested: bool


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words, with why it was settled so."""

    name: str
    text: str
    note: str
    has_document: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator on the page. `levels` are the answers with a level, `others` those without.

    `look` and `state` are how its state looks and what it is called. `typed` is what stands in the form; `refused` why it could
    not be stored, with both versions when somebody was faster.
    """

    item: DiscussionItem
    anchor: str
    look: str
    sign: str
    state: str
    is_open: bool
    is_settled: bool
    levels: tuple[Choice, ...]
    others: tuple[Choice, ...]
    may_not_apply: bool
    apart: tuple[tuple[str, str], ...]
    checks: tuple[str, ...]
    papers: tuple[str, ...]
    answer: Said | None
    typed: Typed
    operation_id: str
    refused: NassijError | None = None
    yours: Said | None = None
    stored: Said | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form of an indicator."""

    value: str = ""
    reason: str = ""
    note: str = ""
    has_document: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators that ask for the same, in the questionnaire's order."""

    title: str
    text: str
    cards: tuple[Card, ...]
    is_folded: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address or a refused form says: the indicator looked at, the one just saved, and what was typed."""

    look: str = ""
    saved: str = ""
    refused: NassijError | None = None
    refused_code: str = ""
    typed: Typed = field(default_factory=Typed)


def anchor_of(code: str) -> str:
    """The element of an indicator on the page."""
    return f"q-{code}"


def settled_and_total(found: DiscussionData) -> tuple[int, int]:
    """How many points are settled, of those that members did not agree on by themselves."""
    to_settle = [item for item in found.items if is_to_settle(item)]
    return sum(item.answer is not None for item in to_settle), len(to_settle)


def is_to_settle(item: DiscussionItem) -> bool:
    """Whether this is a point to settle: members differ, nobody answered, or it was settled before."""
    return item.differs or not item.voices or item.answer is None or item.answer.origin == Origin.SETTLED


def next_to_settle(found: DiscussionData, after: str = "") -> str:
    """The next point without a common answer, from `after` on and round again; empty when all are settled."""
    codes = [item.code for item in found.items]
    start = codes.index(after) + 1 if after in codes else 0
    by_code = {item.code: item for item in found.items}
    ahead = [*codes[start:], *codes[:start]]
    return next((code for code in ahead if by_code[code].answer is None and code != after), "")


def discussion_context(found: DiscussionData, asked: Asked) -> dict[str, Any]:
    """What the template shows."""
    with translation.override(found.language):
        # One operation for each form, all from one random part: 48 of them would weigh on a slow line.
        operation = f"settle-{uuid4().hex}"
        cards = [_Words(found, item, asked).card(f"{operation}-{number}") for number, item in enumerate(found.items)]
        done, total = settled_and_total(found)
        following = next_to_settle(found)
        saved = next((card for card in cards if card.item.code == asked.saved and card.answer), None)
        return {
            "found": found,
            "scoring_url": reverse("nassij_governance:scoring"),
            "groups": [group for group in _groups(cards, asked) if group.cards],
            "done": done,
            "total": total,
            "minutes": _minutes(found.items),
            "next_anchor": anchor_of(following) if following else "",
            "saved": saved,
            "saved_beside": next_to_settle(found, asked.saved) if saved else "",
        }


@dataclass(frozen=True, slots=True)
class SummaryPoint:
    """One point still to settle: `said` is who said what, counted."""

    title: str
    anchor: str
    said: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A discussion in a few lines, for a page that leads there: the first points to settle, and how many come after them."""

    done: int
    total: int
    minutes: int
    points: tuple[SummaryPoint, ...]
    more: int


def discussion_summary(found: DiscussionData) -> Summary:
    """Where a discussion stands. Asks no permission: only `discussion` makes such an object, and it has asked."""
    done, total = settled_and_total(found)
    to_settle = [item for item in found.items if item.answer is None]
    with translation.override(found.language):
        points = [
            SummaryPoint(item.title, anchor_of(item.code), _Words(found, item, Asked()).said_by_members())
            for item in to_settle[:SHOWN]
        ]
        return Summary(done, total, _minutes(found.items), tuple(points), len(to_settle) - len(points))


def _minutes(items: Iterable[DiscussionItem]) -> int:
    open_items = [item for item in items if item.answer is None]
    return as_planned(sum(MINUTES_TO_TALK if item.to_discuss else MINUTES_TO_DECIDE for item in open_items))


def _groups(cards: list[Card], asked: Asked) -> Iterator[Group]:
    first = [card for card in cards if card.item.to_discuss]
    differ = [card for card in cards if card.item.differs and not card.item.to_discuss]
    silent = [card for card in cards if not card.item.voices]
    agreed = [card for card in cards if card.item.voices and not card.item.differs]
    yield Group(
        _("Talk about these first"),
        _("Your answers are far apart. Let each say what they have seen; then look for the level whose text is true."),
        tuple(first),
    )
    yield Group(
        _("Where you differ a little"),
        _("Between two levels that stand side by side, take the lower one: every part of its text must be true."),
        tuple(differ),
    )
    yield Group(_("Nobody has answered these"), _("“I don't know” is an answer too."), tuple(silent))
    opened = {asked.look, asked.saved, asked.refused_code} & {card.item.code for card in agreed}
    yield Group(_("What you all agree on"), "", tuple(agreed), is_folded=True, is_open=bool(opened))


class _Words:
    """One indicator of a discussion, in words."""

    def __init__(self, found: DiscussionData, item: DiscussionItem, asked: Asked) -> None:
        self.found, self.item, self.asked = found, item, asked
        self.instrument: Instrument = found.instrument
        self.indicator: Indicator = found.instrument.indicator(item.code)

    def card(self, operation_id: str) -> Card:
        item, asked = self.item, self.asked
        is_refused = asked.refused_code == item.code
        stored = asked.refused.extra.get("stored") if is_refused and asked.refused else None
        typed = asked.typed if is_refused else self.typed()
        look, sign, state = self.state()
        choices = tuple(self.choices(typed))
        return Card(
            item=item,
            anchor=anchor_of(item.code),
            look=look,
            sign=sign,
            state=state,
            is_open=item.answer is None or is_refused or item.code == asked.look,
            is_settled=item.answer is not None,
            levels=tuple(choice for choice in choices if choice.value.isdecimal()),
            others=tuple(choice for choice in choices if not choice.value.isdecimal()),
            may_not_apply=self.indicator.may_not_apply,
            apart=tuple(self.apart(item.agreement)) if item.agreement and item.agreement.count > 1 else (),
            checks=tuple(str(quality_sentence(check)) for check in self.found.checks if check.place == item.code),
            papers=tuple(text.in_language(self.found.language) for text in self.indicator.evidence),
            answer=self.said(item.answer) if item.answer else None,
            typed=typed,
            operation_id=operation_id,
            refused=asked.refused if is_refused else None,
            yours=self.said_of(asked.refused.extra["yours"]) if stored and asked.refused else None,
            stored=self.said_of(stored) if stored else None,
        )

    def state(self) -> tuple[str, str, str]:
        """How the state looks, its sign, and what it is called."""
        if self.item.answer is None:
            return "attention", "!", _("To settle")
        if self.item.answer.origin == Origin.SETTLED:
            return "done", "✓", _("Settled")
        return "done", "✓", _("One answer") if self.item.answer.origin == Origin.SOLE else _("All agree")

    # --- Answers ---

    def choices(self, typed: Typed) -> Iterator[Choice]:
        counts = {value_of(dots.kind, dots.level): dots.count for dots in self.item.dots}
        for number, text in self.levels():
            yield self.choice(str(number), self.level_name(number), text, counts, typed)
        kinds = [AnswerKind.DONT_KNOW]
        if self.indicator.may_not_apply or str(AnswerKind.NOT_APPLICABLE) in counts:
            kinds.append(AnswerKind.NOT_APPLICABLE)
        for kind in kinds:
            yield self.choice(str(kind), str(WITHOUT_LEVEL[kind]), "", counts, typed)

    def choice(self, value: str, name: str, text: str, counts: Mapping[str, int], typed: Typed) -> Choice:
        count, mine = counts.get(value, 0), self.item.mine
        return Choice(
            value=value,
            name=name,
            text=text,
            dots="●" * count,
            said=ngettext("%(n)s member", "%(n)s members", count) % {"n": count} if count else "",
            is_mine=mine is not None and value == value_of(mine.kind, mine.level),
            is_chosen=value == typed.value,
            is_suggested=value == str(self.item.suggested_level),
        )

    def said_by_members(self) -> str:
        """What members said, in one line."""
        said = [f"{choice.name}: {choice.said}" for choice in self.choices(Typed()) if choice.said]
        return " · ".join(said) or _("No answer")

    def levels(self) -> Iterator[tuple[int, str]]:
        texts = {number: text.in_language(self.found.language) for number, text in self.indicator.levels}
        for number in self.instrument.scale_of(self.indicator).choices:
            yield number, texts.get(number, "")

    def level_name(self, level: int) -> str:
        names = (entry.name for entry in self.instrument.scale_of(self.indicator).levels if entry.level == level)
        name = next(names, None)
        return name.in_language(self.found.language) if name else format_number(level, self.found.language)

    def typed(self) -> Typed:
        """What the form begins with: the common answer, or what is suggested."""
        answer, item = self.item.answer, self.item
        if answer is None:
            reason = item.reasons[0] if len(item.reasons) == 1 else ""
            value = str(item.suggested_level) if item.suggested_level is not None else ""
            return Typed(value, reason, "", item.documents > 0, item.revision)
        has_document = answer.evidence != Evidence.NONE
        return Typed(value_of(answer.kind, answer.level), answer.reason, answer.note, has_document, item.revision)

    def said(self, answer: ConsensusData) -> Said:
        texts = dict(self.levels())
        if answer.level is not None:
            name, text = self.level_name(answer.level), texts.get(answer.level, "")
        else:
            name, text = str(WITHOUT_LEVEL.get(answer.kind, "")), answer.reason
        return Said(name, text, answer.note, answer.evidence != Evidence.NONE)

    def said_of(self, stored: Mapping[str, Any]) -> Said:
        return self.said(ConsensusData.from_dict(stored))

    # --- How far apart ---

    def apart(self, found: Agreement) -> Iterator[tuple[str, str]]:
        """The figures of a spread, each with what it is called."""
        language = self.found.language
        yield _("In the middle"), self.between(found.median)
        if found.range:
            ends = {"lowest": self.level_name(found.lowest), "highest": self.level_name(found.highest)}
            said = ngettext("%(n)s level", "%(n)s levels", found.range) % {"n": found.range}
            yield (
                _("From the lowest to the highest"),
                _("%(lowest)s to %(highest)s: %(apart)s") % {**ends, "apart": said},
            )
        else:
            yield _("From the lowest to the highest"), _("All chose the same level")
        deviation = format_number(found.average_deviation, language, decimals=1)
        yield _("On average away from the middle"), _("%(n)s of a level") % {"n": deviation}
        if found.r_wg is not None:
            yield _("Agreement (r_wg): 1 all the same, 0 as by chance"), format_number(found.r_wg, language, decimals=2)

    def between(self, median: Fraction) -> str:
        """The level in the middle, or the two it lies between."""
        if median.denominator == 1:
            return self.level_name(int(median))
        names = {"lower": self.level_name(int(median)), "higher": self.level_name(int(median) + 1)}
        return _("between %(lower)s and %(higher)s") % names


def value_of(kind: AnswerKind, level: int | None) -> str:
    """What a form calls an answer: its level, or its kind."""
    return str(kind) if level is None else str(level)
