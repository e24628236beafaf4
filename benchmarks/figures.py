"""Everything that is measured, with its goal: the sections of the report. The goals are those of the project's quality bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from benchmarks import ours_governance, peers
from benchmarks.comparison import Comparison, machine_speed
from benchmarks.harness import Figures, Subject, answer_case, measure, view_case
from benchmarks.lesson_figures import LessonFigures
from benchmarks.ours_governance import Sheet
from benchmarks.report import Row, Section, Value
from benchmarks.weight import Weight, gzipped, weigh

KB = 1024
PAGE_MS, PAGE_SQL, PAGE_HTML = 2.0, 4, 14 * KB
SAVE_MS, SAVE_SQL = 0.5, 6
BLOCK_WEIGHT, ALL_WEIGHT, BLOCK_REQUESTS = 8 * KB, 20 * KB, 1
CHART = 1 * KB


def sections(samples: int) -> tuple[list[Section], float]:
    """Measure everything (takes a few minutes): the sections, and the speed of this machine meanwhile."""
    sheets = ours_governance.sheets()
    others = peers.peers()
    lesson = LessonFigures(others)
    governance, reader = sheets["48"].subject, lesson.reader.subject
    sizes = [sheet.subject for sheet in sheets.values()]
    pages = [view_case(subject) for subject in (*sizes, *others)]
    views = measure([*pages, *lesson.pages], samples)
    speed = machine_speed(views)
    size_section = _sizes(sheets, views, speed)  # looks at the pages: before the answers below change what is on them
    answers = measure(
        [answer_case(subject) for subject in (governance, reader, *others) if subject.answer is not None], samples
    )
    found = [
        _page(Comparison(governance.name, views, others, speed)),
        size_section,
        _save(Comparison(governance.name, answers, others, speed)),
        *lesson.sections(views, answers, samples, speed),
        _weight([governance, reader], others),
        _chart_and_engine(sheets["complete"], samples),
    ]
    return found, speed


def _page(page: Comparison) -> Section:
    rows = [
        *page.times(PAGE_MS),
        page.row("  first view, templates unread", lambda found: found.first_ms),
        page.row("SQL", lambda found: found.sql, PAGE_SQL),
        page.row("field look-ups", lambda found: found.lookups),
    ]
    return Section("Self-assessment page, 48 indicators, half of them answered", rows)


def _sizes(sheets: Mapping[str, Sheet], views: Mapping[str, Figures], speed: float) -> Section:
    found = {key: views[sheet.subject.name] for key, sheet in sheets.items()}
    html = {key: gzipped(sheet.subject.page().body_html().encode()) for key, sheet in sheets.items()}

    def row(figure: str, read: Callable[[str], Value], goal: float | None = None) -> Row:
        columns = {sheet.subject.name: read(key) for key, sheet in sheets.items() if key != "48"}
        return Row(figure, read("48"), goal, columns)

    same = [found[key] for key in ("48", "18", "5", "members", "fr")]
    slowest = max(figures.own_ms for figures in same)
    rows = [
        row("own CPU, ms", lambda key: found[key].own_ms),
        Row("  the slowest of them", slowest, PAGE_MS, scaled=slowest * speed),
        row("SQL", lambda key: found[key].sql),
        Row("  difference", max(figures.sql for figures in same) - min(figures.sql for figures in same), 0),
        row("HTML, bytes gzip, Arabic", lambda key: html[key] if key != "fr" else None, PAGE_HTML),
        Row("HTML, bytes gzip, French", html["fr"], PAGE_HTML),
    ]
    note = "“48 and the result”: a learner who has answered everything also sees the result; it is in no goal."
    return Section("The same page in other sizes", rows, note)


def _save(save: Comparison) -> Section:
    rows = [
        *save.times(SAVE_MS),
        save.row("SQL", lambda found: found.sql, SAVE_SQL),
        save.row("  of it in a transaction", lambda found: found.sql_in_transaction),
        save.row("transactions", lambda found: found.transactions, 1),
        save.row("broker calls before commit", lambda found: found.early_messages, 0),
        save.row("field look-ups", lambda found: found.lookups),
        save.row("fields written", lambda found: found.written),
    ]
    note = "problem-builder can only send all its answers at once: its figures are for 3 and for 30."
    return Section("Save one answer of the self-assessment", rows, note)


def _weight(ours: Sequence[Subject], others: Sequence[Subject]) -> Section:
    own = {subject.name: weigh([subject.page()]) for subject in ours}
    theirs = {subject.name: weigh([subject.page()]) for subject in others}
    shared = frozenset.intersection(*(weight.requests for weight in own.values()))
    rows = []
    for number, (name, weight) in enumerate(own.items()):
        beside = {} if number else theirs
        rows += [
            _weight_row(f"{name}, bytes raw", lambda found: found.raw, weight, beside),
            _weight_row("  bytes gzip", lambda found: found.gzip, weight, beside, BLOCK_WEIGHT),
            _weight_row("  requests", lambda found: len(found.requests), weight, beside),
            Row("  requests of its own", len(weight.requests - shared), BLOCK_REQUESTS),
            _weight_row("  calls jQuery", lambda found: _yes(found.jquery), weight, beside, "no"),
            _weight_row("  other hosts", lambda found: len(found.foreign), weight, beside, 0),
        ]
    rows.append(Row("both on one page, bytes gzip", weigh([subject.page() for subject in ours]).gzip, ALL_WEIGHT))
    note = f"{len(shared)} of the requests are for files that all our blocks share; the browser keeps them."
    return Section("What each block adds: scripts and styles", rows, note)


def _weight_row(
    figure: str,
    read: Callable[[Weight], Value],
    weight: Weight,
    beside: Mapping[str, Weight],
    goal: float | str | None = None,
) -> Row:
    return Row(figure, read(weight), goal, {name: read(found) for name, found in beside.items()})


def _chart_and_engine(complete: Sheet, samples: int) -> Section:
    drawn = {language: ours_governance.chart(complete, language) for language in ("ar", "fr")}
    measured = measure([ours_governance.chart_case(complete), ours_governance.score_case(complete)], samples)
    described = all("<title" in svg and "<desc" in svg and "<script" not in svg for svg in drawn.values())
    rows = [
        *(Row(f"radar, bytes gzip, {name}", gzipped(svg.encode()), CHART) for name, svg in drawn.items()),
        Row("  title and description, no script", _yes(described), "yes"),
        Row("  own CPU, ms", measured["radar"].own_ms),
        Row("score of 48 answers, own CPU, ms", measured["score"].own_ms),
    ]
    return Section("Chart and scoring engine", rows)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
