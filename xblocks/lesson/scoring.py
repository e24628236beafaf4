"""A lesson that counts towards the grade of its course: one point for each self-check that was solved."""

from __future__ import annotations

from typing import Any

from xblock.scorable import ScorableXBlockMixin, Score

from .model import Lesson, LessonError
from .progress import Progress


class Scored(ScorableXBlockMixin):
    """The platform's side of a lesson with a grade; a lesson that does not count says so through `has_score`."""

    # The block's own.
    has_learner: bool
    runtime: Any

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
        """The same: a score is never kept beside the answers that it comes from."""
        return self.calculate_score()

    def set_score(self, score: Score) -> None:
        """Tell the platform another score; the answers stay as they are."""
        self._publish_grade(score)

    def rescore(self, only_if_higher: bool | None) -> None:
        """Tell the platform the score again. Raises `TypeError` for a lesson that does not count, `ValueError` without answers.

        Our own: the mixin's asks its runtime for a method of Python 2.
        """
        if not self.allows_rescore():
            raise TypeError("this lesson does not count towards the grade")
        if not self.has_submitted_answer():
            raise ValueError("this lesson has not been answered")
        self._publish_grade(self.calculate_score(), only_if_higher)

    def report_score(self) -> None:
        """Tell the platform the learner's points; silent where nothing counts or nobody learns."""
        if self.has_score and self.has_learner:
            self._publish_grade(self.calculate_score(), only_if_higher=True)
