"""A lesson that counts towards the grade of its course: one point for each self-check that was solved."""

from __future__ import annotations

from typing import Any

from xblock.scorable import ScorableXBlockMixin, Score

from .model import Lesson, LessonError
from .progress import Progress


class Scored(ScorableXBlockMixin):
    """The platform's side of a lesson with a grade; a lesson that does not count says so through `has_score`."""

    # The block's own. `overridden_score` are the points somebody gave in place of those of the answers, None where nobody did.
    has_learner: bool
    overridden_score: float | None
    runtime: Any

    # The platform's task for overriding a score asks for it: a point of ours is a point.
    weight = None
    _is_telling = False

    @property
    def lesson(self) -> Lesson:
        raise NotImplementedError

    @property
    def learner_progress(self) -> Progress:
        raise NotImplementedError

    @property
    def has_score(self) -> bool:
        """Whether the platform is to count this block: asked of the lesson, since authors choose."""
        try:
            return self.lesson.scored and bool(self.lesson.checks)
        except LessonError:
            return False

    def max_score(self) -> float | None:
        """The points to be had; None for a lesson that does not count."""
        return float(len(self.lesson.checks)) if self.has_score else None

    def allows_rescore(self) -> bool:
        return self.has_score

    def has_submitted_answer(self) -> bool:
        return any(self.learner_progress.record(check).tries for check in self.lesson.checks)

    def calculate_score(self) -> Score:
        """The points of the learner, from the answers as they were judged."""
        progress = self.learner_progress
        solved = sum(progress.record(check).solved for check in self.lesson.checks)
        return Score(raw_earned=float(solved), raw_possible=float(len(self.lesson.checks)))

    def get_score(self) -> Score:
        """The points that count: those somebody gave, else those of the answers, beside which no score is kept."""
        earned = self.calculate_score()
        if self.overridden_score is None:
            return earned
        return earned._replace(raw_earned=min(float(self.overridden_score), earned.raw_possible))

    def set_score(self, score: Score) -> None:
        """Keep the points that course staff gives; the answers stay as they are, and later ones change nothing of it.

        The platform also tells each grade back through this once it has stored it: what we told it ourselves nobody has given.
        """
        if not self._is_telling:
            self.overridden_score = float(score.raw_earned)

    def publish_grade(self) -> None:
        """Tell the platform the points that count, higher or lower than before."""
        self._tell(self.get_score())

    def rescore(self, only_if_higher: bool | None) -> None:
        """Tell the platform the points of the answers again, which then count in place of those somebody gave.

        Our own: the mixin's asks its runtime for a method of Python 2. With `only_if_higher`, given points that are as many stay.
        Raises `TypeError` for a lesson that does not count, `ValueError` without answers.
        """
        if not self.allows_rescore():
            raise TypeError("this lesson does not count towards the grade")
        if not self.has_submitted_answer():
            raise ValueError("this lesson has not been answered")
        earned = self.calculate_score()
        if not only_if_higher or earned.raw_earned > self.get_score().raw_earned:
            self.overridden_score = None
        self._tell(self.get_score(), only_if_higher)

    def report_score(self) -> None:
        """Tell the platform the learner's points; silent where nothing counts or nobody learns.

        Without `only_if_higher`: a check that was solved stays solved, and the platform cannot compare with a grade that is not
        there yet, although the learner's state is.
        """
        if self.has_score and self.has_learner:
            self.publish_grade()

    def _tell(self, score: Score, only_if_higher: bool | None = None) -> None:
        self._is_telling = True
        try:
            self._publish_grade(score, only_if_higher)
        finally:
            self._is_telling = False
