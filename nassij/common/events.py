"""The tracking events of the suite: a plain table, for settings to read too. `nassij.common.tracking` is how they are told."""

from collections.abc import Mapping

_ROUND = ("round_uuid", "round_number", "round_kind", "instrument")
_ITEM = ("item_uuid", "indicator_code", "recommended")
#: Every event with what it carries. Those of a block carry its `usage_key` besides.
EVENTS: Mapping[str, tuple[str, ...]] = {
    "nassij.governance.assessment.opened": _ROUND,
    "nassij.governance.answer.saved": ("round_uuid", "indicator_code", "kind"),
    "nassij.governance.answers.completed": _ROUND,
    "nassij.governance.result.viewed": (*_ROUND, "state"),
    "nassij.governance.round.opened": _ROUND,
    "nassij.governance.round.moved": (*_ROUND, "from_state", "to_state"),
    "nassij.governance.plan_item.added": _ITEM,
    "nassij.governance.plan_item.done": _ITEM,
    "nassij.governance.report.downloaded": ("round_uuid", "report", "format", "language"),
    "nassij.lesson.started": (),
    "nassij.lesson.step.reached": ("step",),
    "nassij.lesson.self_check.answered": ("step", "success", "tries"),
    "nassij.lesson.completed": (),
}
BLOCK_FIELD = "usage_key"
