"""The sections of the report that are about lessons: twelve steps, one of every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks import ours_lesson
from benchmarks.comparison import Comparison
from benchmarks.harness import Case, Figures, Subject, data_case, measure, page_case, send_case, view_case
from benchmarks.report import Row, Section
from benchmarks.weight import gzipped, weigh

PAGE_MS, LOOKUPS, SAVE_MS = 2.0, 5, 0.5
WITHOUT_EDITOR = frozenset({"helloworld"})
WITHOUT_DATA = frozenset({"helloworld", "free-text"})
"""Peers that have nothing for the mobile app."""


class LessonFigures:
    """The lesson's subjects, and what was measured of them. `views` and `speed` come from the run all pages share."""

    def __init__(self, others: Sequence[Subject]) -> None:
        self.reader = ours_lesson.reader()
        self.french = ours_lesson.reader("fr").subject
        self.author, self.visitor = ours_lesson.author(), ours_lesson.visitor()
        self.others = others

    @property
    def pages(self) -> list[Case]:
        """Learners' pages, to be measured together with those of the other blocks."""
        return [view_case(self.reader.subject), view_case(self.french)]

    def sections(
        self, views: Mapping[str, Figures], answers: Mapping[str, Figures], samples: int, speed: float
    ) -> list[Section]:
        return [
            self._page(views, speed),
            self._answer(answers, speed),
            self._sends(samples, speed),
            self._other_pages(samples, speed),
            self._editor(samples, speed),
            self._data(samples, speed),
        ]

    def _page(self, views: Mapping[str, Figures], speed: float) -> Section:
        page = Comparison(self.reader.subject.name, views, self.others, speed)
        french = views[self.french.name]
        rows = [
            *page.times(PAGE_MS),
            page.row("  first view, templates unread", lambda found: found.first_ms),
            Row("  in French", french.own_ms, PAGE_MS, scaled=french.own_ms * speed),
            page.row("SQL", lambda found: found.sql),
            page.row("field look-ups", lambda found: found.lookups, LOOKUPS),
            Row("HTML, bytes gzip, Arabic", _html(self.reader.subject)),
            Row("HTML, bytes gzip, French", _html(self.french)),
        ]
        kinds = ", ".join(name for name, _wanted in ours_lesson.EVERY_KIND)
        return Section("Lesson page, 12 steps, one of every kind", rows, f"Kinds: {kinds}.")

    def _answer(self, answers: Mapping[str, Figures], speed: float) -> Section:
        answer = Comparison(self.reader.subject.name, answers, self.others, speed)
        rows = [
            *answer.times(SAVE_MS),
            answer.row("field look-ups", lambda found: found.lookups),
            answer.row("fields written", lambda found: found.written),
        ]
        return Section("Answer one self-check of a lesson (a number)", rows)

    def _sends(self, samples: int, speed: float) -> Section:
        """Everything a learner can send; the peers' answers stand in the section before."""
        subject = self.reader.subject
        sends = [send_case(subject, name, handler, body) for name, handler, body in self.reader.sends]
        measured = measure(sends, samples)
        rows = [_short(name, found, SAVE_MS, speed) for name, found in measured.items()]
        return Section("Everything a learner can send to a lesson, own CPU in ms", rows)

    def _other_pages(self, samples: int, speed: float) -> Section:
        subject, visitor, author = self.reader.subject, self.visitor, self.author
        cases = {
            "public view, for visitors": view_case(visitor, "public_view"),
            "handout to print": page_case(subject, "handout", "handout"),
            "preview for authors, with the key": view_case(author, "author_view"),
        }
        rows: list[Row] = []
        for name, case in cases.items():
            (found,) = measure([case], samples).values()
            rows.append(_short(name, found, PAGE_MS, speed))
        public = weigh([visitor.page("public_view")])
        rows.append(Row("public view, scripts and styles, bytes gzip", public.gzip))
        return Section("A lesson's other pages, own CPU in ms", rows, "No peer has such a view.")

    def _editor(self, samples: int, speed: float) -> Section:
        peers = [peer for peer in self.others if peer.name not in WITHOUT_EDITOR]
        subjects = [self.author, *peers]
        measured = measure([view_case(subject, "studio_view") for subject in subjects], samples)
        editor = Comparison(self.author.name, measured, peers, speed)
        weights = {subject.name: weigh([subject.page("studio_view")]) for subject in subjects}
        html = {subject.name: gzipped(subject.page("studio_view").body_html().encode()) for subject in subjects}

        def beside(figure: str, found: Mapping[str, int | str]) -> Row:
            ours, *_ = found.values()
            return Row(figure, ours, None, {peer.name: found[peer.name] for peer in peers})

        rows = [
            *editor.times(),
            editor.row("field look-ups", lambda found: found.lookups),
            beside("HTML with the lesson in it, bytes gzip", html),
            beside("scripts and styles, bytes gzip", {name: weight.gzip for name, weight in weights.items()}),
            beside("  requests", {name: len(weight.requests) for name, weight in weights.items()}),
            beside("  calls jQuery", {name: "yes" if weight.jquery else "no" for name, weight in weights.items()}),
            Row("  other hosts", len(weights[self.author.name].foreign), 0),
        ]
        note = "Forms of fields, all of them but ours and drag-and-drop's; some use Studio's own scripts, which are not counted."
        return Section("Editor page (studio_view)", rows, note)

    def _data(self, samples: int, speed: float) -> Section:
        peers = [peer for peer in self.others if peer.name not in WITHOUT_DATA]
        subjects = [self.reader.subject, *peers]
        measured = measure([data_case(subject) for subject in subjects], samples)
        data = Comparison(self.reader.subject.name, measured, peers, speed)
        size = {subject.name: gzipped(subject.data(subject.store())) for subject in subjects}
        rows = [
            *data.times(),
            data.row("field look-ups", lambda found: found.lookups),
            Row(
                "JSON, bytes gzip", size[self.reader.subject.name], None, {peer.name: size[peer.name] for peer in peers}
            ),
        ]
        return Section("Data for the mobile app (student_view_data)", rows)


def _short(name: str, found: Figures, goal: float, speed: float) -> Row:
    """One thing in one row."""
    beside = {"95th percentile": found.own_p95_ms, "look-ups": found.lookups, "written": found.written}
    return Row(name, found.own_ms, goal, beside, found.own_ms * speed)


def _html(subject: Subject) -> int:
    return gzipped(subject.page().body_html().encode())
