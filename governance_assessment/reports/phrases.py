"""The sentences every report has, whatever the round."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def phrases(*, validated: bool) -> dict[str, Any]:
    """Headings and standing sentences in the active language."""
    return {
        "profile": _("Where your association stands today"),
        "profile_note": _("The areas, from the weakest to the strongest (0 to 100)"),
        "radar": _("Governance profile"),
        "area": _("Area"),
        "said": _("The association"),
        "coach": _("The coach"),
        "critical": _("Critical points to settle first"),
        "none_critical": _("No critical point is at its lowest level."),
        "critical_mark": _("Critical"),
        "strengths": _("Your strengths"),
        "weaknesses": _("To improve"),
        "basis": _("By what the coach validated.") if validated else _("By what the association submitted."),
        "steps": _("The next three steps"),
        "no_steps": _("There is no next step: every question is at its highest level."),
        "in_plan": _("In the plan"),
        "learn": _("To learn how:"),
        "plan": _("Action plan"),
        "plan_as_of": _("As it stood on %(day)s, when this report was made."),
        "plan_empty": _("There is nothing in the plan yet."),
        "what": _("What"),
        "who": _("Who"),
        "when": _("By when"),
        "state": _("State"),
        "late": _("Late"),
        "answers": _("Every answer, area by area"),
        "one_level": _("One level: the association and the coach say the same."),
        "no_document": _("Where nothing is said of a document, none was named."),
        "remark": _("The coach's word on the whole"),
        "overall": _("The overall level"),
        "overall_said": _("As the association submitted it"),
        "overall_coach": _("As the coach validated it"),
        "out_of": _("%(figure)s out of 100"),
        "change": _("What has changed"),
        "before": _("Before"),
        "now": _("Now"),
        "difference": _("Difference"),
        "raised": _("Went up"),
        "lowered": _("Went down"),
        "to": _("to"),
        "how": _("How is this computed?"),
        "how_lines": [
            _(
                "Each answer counts from 0 (lowest level) to 100 (highest level), by the weight of its question. An area is the "
                "mean of its answered questions; the whole is the mean of the areas by their weight."
            ),
            _(
                "What does not apply to your association is left out and neither raises nor lowers the result. “I don't know” is "
                "not zero: it leaves the area incomplete."
            ),
            _("A critical point at the lowest level limits the label, never the number."),
            _("Where the coach found nothing that shows an answer, the lowest level counts."),
        ],
        "weights": _("Weight of each area:"),
        "engine": _("Engine of the scores"),
        "fingerprint": _(
            "The fingerprint names what was frozen: the same answers and scores give the same one, and any change gives another."
        ),
        "readers": _("Who may read this report"),
        "readers_lines": [
            _(
                "This result belongs to your association and those who accompany it. No decision on subsidies rests on it."
            ),
            _(
                "The members of the association, its coach and the coordinators of the programme may read it. It holds what the "
                "association agreed on, never what one member answered."
            ),
            _(
                "It names the persons who do the actions of the plan: under law 09-08 they may see what is kept about them, have "
                "it corrected or erased, and object to its use. Give a copy only to someone who needs it."
            ),
        ],
        "contact": _("Contact centre"),
        "no_contact": _("Its address stands at the foot of every page of the platform."),
    }
