"""What the block tells the platform: the events of its learner, and that they have given their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nassij.common.tracking import first_time
from xblocks.governance.window import AssociationWindow

if TYPE_CHECKING:
    from governance_assessment.api import AnswerData, RoundData, SheetData


class Telling(AssociationWindow):
    """Mixin of the block. Of an answer it tells which question it was to and of which kind it is: never a level or a word."""

    has_learner: bool
    show: str
    told_round: str
    track: Any
    report_completion: Any

    def tell_opened(self, found: SheetData) -> None:
        """The learner has the questions in front of them; told once a day, however often the page is loaded."""
        if found.round and self.has_learner and first_time("assessment.opened", self.viewer.user_id, found.round.uuid):
            self.track("nassij.governance.assessment.opened", **_round_fields(found.round))

    def tell_viewed(self, current: RoundData | None) -> None:
        """The learner has the association's result in front of them; told once a day for each state of the round.

        A block that shows nothing but the result is complete with that: there is nothing to answer in it.
        """
        if current is None or not self.has_learner:
            return
        if self.api().is_first_view(self.viewer.user_id, current):
            self.track("nassij.governance.result.viewed", **_round_fields(current), state=str(current.state))
        if self.show == "result":
            self._complete(current)

    def tell_saved(self, round_uuid: object, answers: Iterable[AnswerData]) -> None:
        """These answers of the learner were stored."""
        for answer in answers:
            self.track(
                "nassij.governance.answer.saved",
                round_uuid=str(round_uuid),
                indicator_code=answer.indicator_code,
                kind=str(answer.kind),
            )

    def tell_progress(self, found: SheetData) -> None:
        """When the learner has given all their answers, the block is complete. Told once for a round, whichever way they came:
        one by one, late from the phone's outbox, as a form without script, or in another course."""
        if found.round and self.has_learner and found.progress.is_complete and self.told_round != str(found.round.uuid):
            self.track("nassij.governance.answers.completed", **_round_fields(found.round))
            self._complete(found.round)

    def _complete(self, current: RoundData) -> None:
        """Complete stays complete: a later round is told as an event, not as progress in the course that is undone."""
        if not self.told_round:
            self.report_completion(1.0)
        self.told_round = str(current.uuid)


def newly_saved(before: Mapping[str, AnswerData], after: Mapping[str, AnswerData]) -> list[AnswerData]:
    """The answers that have a further revision."""
    return [answer for code, answer in after.items() if code not in before or before[code].revision < answer.revision]


def _round_fields(current: RoundData) -> dict[str, Any]:
    from governance_assessment.api import round_fields

    return round_fields(current)
