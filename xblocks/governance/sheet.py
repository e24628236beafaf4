"""The questionnaire as HTML, written once per instrument and language and then only filled in.

Forty-eight indicators through a template engine cost tens of milliseconds, and all but a few hundred characters are the same for
everyone: see `xblocks.common.pattern`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nassij.common.pace import SECONDS_PER_QUESTION, minutes_for
from nassij.common.text import direction
from xblocks.common.block import template_engine
from xblocks.common.pattern import Pattern, Slots

TEMPLATE = "nassij_blocks/governance/sheet.html"
_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")


@lru_cache(maxsize=24)
def pattern(instrument: Any, language: str) -> Pattern:
    """The questionnaire of an instrument (in its full or express form) in one language."""
    with translation.override(language):
        context = _context(instrument, language)
        html = str(template_engine().get_template(TEMPLATE).render(context))
    return Pattern.of(_BETWEEN_TAGS.sub("><", html).strip())


def _context(instrument: Any, language: str) -> dict[str, Any]:
    slot = Slots()

    def text(value: Any) -> str:
        return value.in_language(language) if value else ""

    names = {level.level: text(level.name) for level in instrument.scale.levels}
    return {
        "slot": slot,
        "language": language,
        "direction": direction(language),
        "title": text(instrument.title),
        "words": script_words(len(list(instrument.all_indicators()))),
        "questions": [
            {"code": question.code, "text": text(question.text), "slot": slot.of(question.code)}
            for question in instrument.profile_questions
        ],
        "sections": [
            {
                "code": section.code,
                "title": text(section.title),
                "slot": slot.of(section.code),
                "indicators": [
                    {
                        "code": indicator.code,
                        "title": text(indicator.title),
                        "why": text(indicator.why),
                        "condition": indicator.applies_if or "",
                        "may_not_apply": indicator.may_not_apply,
                        "dont_know": slot.of(indicator.code)["=dont_know"],
                        "not_applicable": slot.of(indicator.code)["=not_applicable"],
                        "levels": _levels(indicator, names, slot.of(indicator.code), text),
                        "evidence": [text(item) for item in indicator.evidence],
                        "slot": slot.of(indicator.code),
                    }
                    for indicator in section.all_indicators()
                ],
            }
            for section in instrument.sections
        ],
    }


def _levels(indicator: Any, names: Mapping[int, str], slot: Slots, text: Callable[[Any], str]) -> list[dict[str, Any]]:
    return [
        {"number": number, "name": names.get(number) or str(number), "text": text(words), "checked": slot[f"={number}"]}
        for number, words in indicator.levels
    ]


# --- What belongs to one person -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet stands: its element, its addresses and its token."""

    uid: str
    save_url: str = ""
    result_url: str = ""
    evidence_url: str = ""
    csrf: str = ""
    operation: str = ""


def fill_in(
    sheet: Any, place: Place, *, notice: str = "", before: str = "", folded: bool = False, preview: bool = False
) -> str:
    """The page of one person: `sheet` is the API's `SheetData`. `notice` and `before` are finished HTML.

    `folded` puts the questions behind a summary (the result comes first then), `preview` shows them with nothing to send.
    """
    values = {
        "uid": place.uid,
        "save": escape(place.save_url),
        "csrf": escape(place.csrf),
        "operation": escape(place.operation),
        "association": escape(sheet.association_name),
        "notice": notice,
        "before": before,
        "count": count_words(sheet.progress.answered, sheet.progress.applicable),
        "left": left_words(len(sheet.progress.missing)),
        **_round_values(sheet),
        **_section_values(sheet),
    }
    if place.result_url:
        label = escape(_("See the result so far"))
        values["see"] = f'<p><a data-see href="{escape(place.result_url)}">{label}</a></p>'
    if place.evidence_url:
        # One link for all questions: one in each would cost a slow line more than the rest of the page.
        label = escape(_("Add documents"))
        values["documents"] = f'<p><a href="{escape(place.evidence_url)}">{label}</a></p>'
    if preview:
        values["inert"] = " inert"
    if folded:
        label = escape(_("See or change my answers"))
        values["fold"] = f"<details><summary>{label}</summary>"
        values["unfold"] = "</details>"
    for answer in sheet.answers.values():
        values.update(_answer_values(answer))
    for code, answer in sheet.carried.items():
        values[f"last {code}"] = _last_time(sheet.instrument, answer, sheet.language)
    return pattern(sheet.instrument, sheet.language).fill(values)


def _round_values(sheet: Any) -> dict[str, str]:
    if sheet.round is None:
        return {}
    profile = sheet.round.profile
    shown = (sheet.answers.get(indicator.code) for indicator in sheet.instrument.all_indicators())
    seen = " ".join(str(answer.revision) if answer else "0" for answer in shown)
    values = {
        "round": str(sheet.round.uuid),
        "association_id": str(sheet.association_id),
        "profile_revision": str(sheet.round.profile_revision),
        "seen": escape(seen),
        "number": str(sheet.round.number),
    }
    for code, said in profile.items():
        values[f"{'yes' if said else 'no'} {code}"] = " checked"
    for indicator in sheet.instrument.all_indicators():
        if indicator.applies_if and not profile.get(indicator.applies_if, True):
            values[f"hidden {indicator.code}"] = " hidden"
    return values


def _section_values(sheet: Any) -> dict[str, str]:
    """The thread: a dimension is done when none of its questions is missing."""
    missing = set(sheet.progress.missing)
    values = {}
    for section in sheet.instrument.sections:
        codes = {indicator.code for indicator in section.all_indicators()}
        if not codes & missing:
            values[f"thread {section.code}"] = ' class="done"'
    return values


def _answer_values(answer: Any) -> dict[str, str]:
    code = answer.indicator_code
    chosen = str(answer.level) if answer.level is not None else str(answer.kind)
    values = {f"={chosen} {code}": " checked"}
    if answer.reason:
        values[f"reason {code}"] = escape(answer.reason)
    if answer.comment:
        values[f"comment {code}"] = escape(answer.comment)
    if answer.evidence != "none":
        values[f"evidence {code}"] = " checked"
    if answer.sure is False:
        values[f"unsure {code}"] = " checked"
    if answer.reason or answer.comment or answer.evidence != "none" or answer.sure is False:
        values[f"open {code}"] = " open"
    return values


def _last_time(instrument: Any, answer: Any, language: str) -> str:
    """A draft to confirm: nothing is chosen by it, and choosing that level again is the confirmation."""
    names = {level.level: level.name for level in instrument.scale_of(instrument.by_code[answer.indicator_code]).levels}
    name = names.get(answer.level)
    bare = _("Does not apply to us") if answer.level is None else str(answer.level)
    said = name.in_language(language) if name else bare
    label = escape(_("As last time:"))
    return f"<p class=quiet>{label} {escape(said)}</p>"


def last_time_notice(count: int, url: str) -> str:
    """The way to the page where last time's answers are confirmed together."""
    text = ngettext(
        "Last time you answered %(n)s of these questions. It does not count until you confirm it.",
        "Last time you answered %(n)s of these questions. They do not count until you confirm them.",
        count,
    ) % {"n": count}
    label = escape(_("Look and confirm"))
    return f'<p class="note">{escape(text)} <a href="{escape(url)}">{label}</a></p>'


def still_open_notice(count: int, url: str) -> str:
    """How many questions the learner has not answered yet, as the link to the first of them."""
    text = ngettext(
        "%(n)s question has no answer yet: answer it",
        "%(n)s questions have no answer yet: answer them",
        count,
    ) % {"n": count}
    return f'<p class="note"><a class="tall" href="{escape(url)}">{escape(text)}</a></p>'


def count_words(done: int | str, total: int | str) -> str:
    """ "12 of 48": for the page, and with placeholders for the script."""
    return _("%(done)s of %(total)s") % {"done": done, "total": total}


def left_words(questions: int) -> str:
    """How long the questions left take, in words."""
    minutes = minutes_for(questions)
    if not minutes:
        return _("All answered")
    return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {"n": minutes}


def script_words(questions: int) -> dict[str, str]:
    """The texts the script needs, by the name of the `data-` attribute that holds them.

    `minutes` is what `left_words` says for 0, 1, 2 … minutes: plural forms are chosen here, where the language is known. One that
    says the same as the next is left empty: the script takes the next text there is.
    """
    left = [left_words(minute * 60 // SECONDS_PER_QUESTION) for minute in range(minutes_for(questions) + 1)]
    return {
        "of": count_words("{done}", "{total}"),
        "pace": str(SECONDS_PER_QUESTION / 60),
        "minutes": "|".join("" if said == after else said for said, after in zip_longest(left, left[1:])),
        "next": _("Save and continue"),
        "skip": _("Later"),
        "finish": _("Save and see the result"),
        "reason": _("Say in a few words why this does not apply to your association."),
        "before": _("Saved before:"),
        "mine": _("Keep this answer"),
        "stored": _("Keep the answer saved before"),
        "change": _("See or change my answers"),
        "wait": _("The result cannot be shown yet. Your answers are kept; try again in a moment."),
    }
