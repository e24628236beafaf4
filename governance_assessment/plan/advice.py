"""What an association's last submission recommends, and where its plan would take it. Checks no permission."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext as _

from nassij.common.links import guide_title, is_written, unit_title, unit_title_in_course, unit_url

from ..data import DEFAULT_INSTRUMENT, RoundKind
from ..domain import Advice, Answer, AnswerKind, AnswerSet, Indicator, Instrument, recommend, score
from ..domain.results import NodeResult
from ..instruments.library import parsed
from ..models import PlanItem, Snapshot
from ..results.frozen import answers_of, intact
from .data import ItemState, Lesson, Projection, Suggestion
from .recommendations import recommendations_of

Words = dict[str, dict[str, str]]


class LastResult:
    """Where an association stood when it last submitted (as its coach validated it, once that is done)."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.instrument: Instrument = parsed(snapshot.instrument_hash, RoundKind(snapshot.kind))
        self.answers: Mapping[str, Answer] = answers_of(snapshot)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """The next step of each indicator, the most pressing first."""
        return recommend(self.instrument, self.levels, recommendations_of(self.snapshot.instrument_hash))

    @cached_property
    def levels(self) -> dict[str, int | None]:
        """The level per indicator, None for "don't know"; what does not apply is absent."""
        kinds = (AnswerKind.LEVEL, AnswerKind.DONT_KNOW)
        return {code: answer.level for code, answer in self.answers.items() if answer.kind in kinds}

    def step(self, indicator_code: str, from_level: int | None) -> Advice | None:
        """The advice about this indicator at this level, if it is what stands there now."""
        return next(
            (found for found in self.advice if found.indicator.code == indicator_code and found.level == from_level),
            None,
        )

    def projection(self, items: Iterable[PlanItem], language: str) -> Projection | None:
        """The score with every planned step done, by the engine; None when no step is planned or a score is withheld."""
        raised, steps = dict(self.answers), 0
        for item in items:
            known = raised.get(item.indicator_code)
            if not self.counts(item) or known is None or known.level is None or item.to_level is None:
                continue
            if item.to_level > known.level and item.to_level in self.instrument.scale_of(self.indicator(item)):
                raised[item.indicator_code] = Answer.of_level(item.to_level)
                steps += 1
        if not steps:
            return None
        now, planned = self._overall(self.answers), self._overall(raised)
        if now.score is None or planned.score is None or not (now.published and planned.published):
            return None
        return Projection(
            now=now.score,
            planned=planned.score,
            label_now=self._label(now, language),
            label_planned=self._label(planned, language),
            steps=steps,
        )

    def counts(self, item: PlanItem) -> bool:
        """Whether this action would raise a level: dropped ones and those of another instrument do not."""
        same = item.instrument_slug == self.instrument.slug and item.indicator_code in self.instrument.by_code
        return same and item.state != ItemState.DROPPED

    def indicator(self, item: PlanItem) -> Indicator:
        """The indicator an action is about."""
        return self.instrument.by_code[item.indicator_code]

    def _overall(self, answers: Mapping[str, Answer]) -> NodeResult:
        answer_set = AnswerSet(dict(answers), self.snapshot.profile, self.instrument.slug, self.instrument.version)
        return score(self.instrument, answer_set).overall

    def _label(self, node: NodeResult, language: str) -> str:
        return "" if node.label is None else self.instrument.label_name(node.label, language)


def last_result_of(association_id: int, slug: str = DEFAULT_INSTRUMENT) -> LastResult | None:
    """The association's newest frozen result; None while it has submitted nothing. One query."""
    of_association = Snapshot.objects.filter(round__association_id=association_id, round__instrument_slug=slug)
    found = of_association.order_by("-submitted_at", "-id").first()
    return LastResult(intact(found)) if found is not None else None


# --- In words -----------------------------------------------------------------------------------------------


def suggestion(advice: Advice, instrument: Instrument, language: str, taken: Collection[str] = ()) -> Suggestion:
    """One piece of advice in one language; `taken` are the steps (`step_key`) that the plan holds."""
    recommendation, indicator = advice.recommendation, advice.indicator
    words = words_of(advice, language)
    return Suggestion(
        indicator_code=indicator.code,
        indicator_title=indicator.title.in_language(language),
        from_level=advice.level,
        to_level=recommendation.to_level if recommendation else None,
        from_name=level_name(instrument, indicator, advice.level, language),
        to_name=level_name(instrument, indicator, recommendation.to_level if recommendation else None, language),
        title=words["title"],
        text=words["what"],
        effort=recommendation.effort if recommendation else 1,
        effect=recommendation.effect if recommendation else 1,
        lesson=lesson(recommendation.unit or "", language) if recommendation else None,
        guide=guide_title(recommendation.guide or "", language) if recommendation else "",
        urgent=advice.urgent,
        find_out=advice.is_find_out,
        in_plan=step_key(indicator.code, advice.level) in taken,
    )


def step_key(indicator_code: str, from_level: int | None) -> str:
    """What names a step within an association's plan."""
    return f"{indicator_code}:{'?' if from_level is None else from_level}"


def words_of(advice: Advice, language: str) -> dict[str, str]:
    """Title and text of the step. Where nobody knows how things stand: where to look, whom to ask."""
    if advice.recommendation is not None:
        return {
            "title": advice.recommendation.title.in_language(language),
            "what": advice.recommendation.text.in_language(language),
        }
    papers = [text.in_language(language) for text in advice.indicator.evidence]
    with translation.override(language):
        title = _("Find out: %(indicator)s") % {"indicator": advice.indicator.title.in_language(language)}
        how = _("Ask the president, the secretary and the treasurer together, this week, and look at the papers.")
        looked_for = _("What would show it: %(papers)s.") % {"papers": " · ".join(papers)} if papers else ""
        then = _("Then answer this question in the next self-assessment.")
    return {"title": title, "what": " ".join(filter(None, [how, looked_for, then]))}


def words_in_all(advice: Advice, instrument: Instrument) -> Words:
    """The words of a step in every language of its instrument."""
    return {language: words_of(advice, language) for language in instrument.languages}


def level_name(instrument: Instrument, indicator: Indicator, level: int | None, language: str) -> str:
    """What a level is called; empty for none."""
    names = (entry.name for entry in instrument.scale_of(indicator).levels if entry.level == level)
    name = next(names, None)
    return name.in_language(language) if name else ""


def lesson(unit_code: str, language: str) -> Lesson | None:
    """The unit as a page shows it: with a link where it is written and its course runs. None for a code without a title."""
    title = unit_title(unit_code, language)
    if not title:
        return None
    url = unit_url(unit_code, language) if is_written(unit_code) else None
    return Lesson(title=title, in_course=unit_title_in_course(unit_code, language), url=url)
