"""The report in the words of one language, as the data of its typst template (`nassij_governance/report.typ`).

Figures and labels are those of the frozen results, in the pages' own words (`results.presentation`): nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nassij.associations.api import province_name
from nassij.common.canonical import digest
from nassij.common.numbers import format_date, format_number
from nassij.common.pages import contact

from ..data import RoundKind
from ..domain import LevelChange
from ..models import Snapshot
from ..results.comparison import Comparison
from ..results.presentation import Point, Row, result_context
from .dimensions import dimensions
from .phrases import phrases
from .plan_pages import next_steps, plan_rows
from .subject import Subject

Document = dict[str, Any]
NAME_IN_FOOT = 70
REMEMBERED = 1_000
"""Names of frozen parts a process knows: a quarter of a megabyte."""
_FROZEN: dict[tuple[str, ...], str] = {}


def report_content(subject: Subject, language: str) -> Document:
    """Everything the template prints; JSON. The same subject gives the same content, on whatever day."""
    return Report(subject, language).content()


class Report:
    """The report of a subject in one language: what follows from frozen results alone, and what may change any day.

    Nothing is put into words before it is asked for, and then once.
    """

    def __init__(self, subject: Subject, language: str) -> None:
        self.subject, self.language = subject, language
        self.instrument = subject.instrument

    def content(self) -> Document:
        """Everything the template prints; JSON."""
        return {**self.frozen, **self.living}

    @cached_property
    def digest(self) -> str:
        """A name for the content (64 hex digits): another content has another one.

        That of the frozen part is remembered by the fingerprints it follows from, while this process lives: within it neither our
        code nor the catalogs change. The rest is put into words each time.
        """
        snapshots = filter(None, [self.subject.submitted, self.subject.validated])
        known = (self.language, self.subject.round.instrument_hash, *(snapshot.fingerprint for snapshot in snapshots))
        frozen = _FROZEN.get(known)
        if frozen is None:
            if len(_FROZEN) >= REMEMBERED:
                _FROZEN.clear()
            frozen = _FROZEN[known] = digest(self.frozen)
        return digest(frozen, self.living)

    @cached_property
    def frozen(self) -> Document:
        """What follows from the questionnaire, the submission and the validation, and from nothing else."""
        with translation.override(self.language):
            return {
                "words": phrases(validated=self.coach is not None),
                "fingerprints": list(self.fingerprints()),
                "profile": self.profile(),
                "critical": [self.point(point) for point in self.counts["critical"]],
                "strengths": [self.point(point) for point in self.counts["strengths"]],
                "weaknesses": [self.point(point) for point in self.counts["weaknesses"]],
                "dimensions": dimensions(self.subject, self.counts["rows"], self.language),
                "remark": self.subject.validated.remark if self.subject.validated else "",
                "overall": self.overall(self.said),
                "overall_coach": self.overall(self.coach) if self.coach else None,
                "weights": [[row.title, row.weight] for row in self.in_order(self.said["rows"])],
                "engine": self.subject.submitted.engine_version,
            }

    @cached_property
    def living(self) -> Document:
        """What may change while the results stand: names, the plan and its days, the round before, whom to ask."""
        with translation.override(self.language):
            name = self.subject.association.shown_name
            return {
                "title": _("Governance report: %(association)s") % {"association": name},
                "footer": f"{shortened(name)} · {self.round_name()}",
                "other_name": self.subject.association.other_name,
                "facts": list(self.facts()),
                "steps": next_steps(self.subject, self.language),
                "plan": plan_rows(self.subject, self.language),
                "has_plan": self.subject.last is not None,
                "change": self.change(self.subject.previous) if self.subject.previous else None,
                "contact": self.contact(),
            }

    @cached_property
    def said(self) -> Mapping[str, Any]:
        """The association's own result in words."""
        return self._words_of(self.subject.submitted)

    @cached_property
    def coach(self) -> Mapping[str, Any] | None:
        """The validated one, None without."""
        return self._words_of(self.subject.validated) if self.subject.validated else None

    @property
    def counts(self) -> Mapping[str, Any]:
        """The one that counts."""
        return self.coach or self.said

    def _words_of(self, snapshot: Snapshot) -> Mapping[str, Any]:
        result = self.subject.result(snapshot, self.language)
        return result_context(result, card_url=lambda code: code, element_id="radar")

    # --- Cover ---

    def round_name(self) -> str:
        kind = RoundKind(self.subject.submitted.kind).label
        number = _("Round %(number)s") % {"number": self.subject.round.number}
        return f"{number} ({kind})"

    def facts(self) -> Iterator[list[Any]]:
        """Label, value, and whether the value is a code that is read from left to right."""
        submitted, validated = self.subject.submitted, self.subject.validated
        yield [_("Self-assessment"), self.round_name(), False]
        yield [_("Questionnaire"), f"{self.instrument.slug} {self.instrument.version}", True]
        yield [_("Submitted on"), format_date(submitted.submitted_at), False]
        yield [_("Members who answered"), str(submitted.respondents), True]
        yield [_("Validated on"), format_date(validated.submitted_at) if validated else _("Not validated yet"), False]
        yield [_("Place"), self.place(), False]

    def place(self) -> str:
        home = self.subject.association
        return " · ".join(filter(None, [home.commune, province_name(home.province, self.language)]))

    def fingerprints(self) -> Iterator[list[str]]:
        submitted, validated = self.subject.submitted, self.subject.validated
        yield [_("Fingerprint of the answers"), submitted.fingerprint]
        if validated:
            yield [_("Fingerprint of the validation"), validated.fingerprint]

    # --- Profile ---

    def profile(self) -> Document:
        rows = {row.title: row for row in self.counts["rows"]}
        said, coach = self._by_title(self.said), self._by_title(self.coach)
        axes = [
            {"label": title, "said": _bar(said.get(title)), "coach": _bar(coach.get(title))}
            for title in self.titles()
            if title in rows
        ]
        bars = [
            {
                "title": row.title,
                "said": _figure(said.get(row.title)),
                "coach": _figure(coach.get(row.title)),
            }
            for row in self.counts["rows"]
        ]
        return {"axes": axes if len(axes) > 2 else [], "bars": bars, "alternative": self.alternative()}

    def alternative(self) -> str:
        """What a screen reader says instead of the drawing."""
        return " · ".join(f"{row.title}: {row.figure or row.word}" for row in self.in_order(self.counts["rows"]))

    def titles(self) -> list[str]:
        return [section.title.in_language(self.language) for section in self.instrument.sections]

    def in_order(self, rows: list[Row]) -> list[Row]:
        """The rows of the dimensions in the questionnaire's order."""
        by_title = {row.title: row for row in rows}
        return [by_title[title] for title in self.titles() if title in by_title]

    @staticmethod
    def _by_title(words: Mapping[str, Any] | None) -> dict[str, Row]:
        return {row.title: row for row in words["rows"]} if words else {}

    @staticmethod
    def point(point: Point) -> Document:
        return {"title": point.title, "code": point.url, "level": point.level, "text": point.text}

    # --- The whole ---

    def overall(self, words: Mapping[str, Any]) -> Document:
        reasons = [*words["lacking"], *(words["caps"] if words["is_capped"] else [])]
        note = words["no_level"]
        if words["is_capped"]:
            note = _("The number alone would give “%(band)s”.") % {"band": words["band"]}
        return {
            "label": words["label"] or _("Provisional"),
            "look": words["look"] if words["label"] else "attention",
            "figure": words["figure"],
            "note": note,
            "reasons": [
                {"sentence": reason.sentence, "points": [self.point(point) for point in reason.points]}
                for reason in reasons
            ],
        }

    def change(self, found: Comparison) -> Document:
        titles = {section.code: section.title.in_language(self.language) for section in self.instrument.sections}
        when = format_date(found.previous_at)
        since = _("Since round %(number)s (%(day)s)") % {"number": found.previous_number, "day": when}
        equal = ngettext(
            "Computed on the %(count)d question that is equal and has a level both times.",
            "Computed on the %(count)d questions that are equal and have a level both times.",
            found.compared,
        ) % {"count": found.compared}
        sections = [(titles[change.code], change) for change in found.sections]
        return {
            "since": since,
            "equal": equal,
            "rows": [
                [title, *self._change_figures(change)]
                for title, change in [*sections, (_("As a whole, on these questions"), found.overall)]
            ],
            "raised": self.level_changes(found.raised),
            "lowered": self.level_changes(found.lowered),
        }

    def _change_figures(self, change: Any) -> list[str]:
        figures = [format_number(value, decimals=1) for value in (change.before, change.now)]
        return [*figures, format_number(change.difference, decimals=1, signed=True)]

    def level_changes(self, changes: Iterable[LevelChange]) -> list[Document]:
        """The questions that changed, together by the two levels in words."""
        groups: dict[tuple[str, str], list[str]] = {}
        for change in changes:
            indicator = self.instrument.by_code[change.code]
            names = {entry.level: entry.name for entry in self.instrument.scale_of(indicator).levels}
            before, now = (self._level_word(names.get(level), level) for level in (change.before, change.now))
            groups.setdefault((before, now), []).append(indicator.title.in_language(self.language))
        return [{"before": before, "now": now, "titles": titles} for (before, now), titles in groups.items()]

    def _level_word(self, name: Any, level: int) -> str:
        return name.in_language(self.language) if name else str(level)

    # --- Whom to ask ---

    def contact(self) -> list[list[Any]]:
        found = contact(self.language)
        ltr = {"phone", "mail", "messaging"}
        shown = ("name", "phone", "messaging", "mail", "hours")
        return [[found[name], name in ltr] for name in shown if found.get(name)]


def shortened(name: str) -> str:
    """A name as the foot of a page has room for it."""
    return name if len(name) <= NAME_IN_FOOT else f"{name[: NAME_IN_FOOT - 1].rstrip()}…"


def _bar(row: Row | None) -> int | None:
    return row.bar if row is not None and row.figure else None


def _figure(row: Row | None) -> Document | None:
    if row is None:
        return None
    return {"figure": row.figure or "–", "word": row.word, "look": row.look, "bar": row.bar if row.figure else None}
