"""The whole questionnaire as one form: what a browser without script sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from nassij.common.errors import BadInput

MAX_FORM_BYTES = 1024 * 1024  # 48 comments of 2,000 Arabic letters, percent-encoded


def answers_of(form: Any, instrument: Any) -> dict[str, dict[str, Any]]:
    """The answer to each indicator as the API takes it; one left alone is "later".

    Notes and reasons come as lists in the order of the page, as browsers send fields of one name: forty-eight names of their
    own would weigh on every page. A form whose lists are not as long as the questionnaire raises `BadInput`.
    """
    indicators = list(instrument.all_indicators())
    optional = [indicator.code for indicator in indicators if indicator.may_not_apply]
    notes = _in_order(form, "c", [indicator.code for indicator in indicators])
    reasons = _in_order(form, "r", optional)
    documented, unsure = set(form.getall("e")), set(form.getall("u"))
    answers: dict[str, dict[str, Any]] = {}
    for indicator in indicators:
        code = indicator.code
        answer = _choice(form.get(f"a-{code}", ""))
        if answer["kind"] == "not_applicable":
            answer["reason"] = reasons.get(code, "")
        answer["comment"] = notes[code]
        answer["evidence"] = "declared" if code in documented else "none"
        answer["sure"] = False if code in unsure else None
        answers[code] = answer
    return answers


def _in_order(form: Any, name: str, codes: list[str]) -> dict[str, str]:
    values = form.getall(name)
    if len(values) != len(codes):
        raise BadInput(code="incomplete_form", remedy=_("Nothing was changed. Reload the page and try again."))
    return dict(zip(codes, values, strict=True))


def _choice(value: str) -> dict[str, Any]:
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return {"kind": "level", "level": int(value)}
    return {"kind": value or "skipped"}


def profile_of(form: Any, questions: Iterable[str]) -> dict[str, bool]:
    """The profile questions that were answered."""
    said = {code: form.get(f"p-{code}") for code in questions}
    return {code: value == "yes" for code, value in said.items() if value in ("yes", "no")}


def revisions_of(form: Any, codes: Iterable[str]) -> dict[str, int]:
    """Which revision of each answer the page showed: numbers in the order of the questions, 0 for no answer."""
    numbers = [int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0 for text in _seen(form)]
    return dict(zip(codes, numbers, strict=False))


def _seen(form: Any) -> list[str]:
    return str(form.get("seen", "")).split()


# --- What comes back when something did not fit ---------------------------------------------------------


def with_typed(sheet: Any, answers: Mapping[str, Mapping[str, Any]], problems: Mapping[str, Any]) -> Any:
    """The sheet with the answers that were not stored as they were typed: nobody types a refused answer twice."""
    typed = dict(sheet.answers)
    for code in problems.keys() & answers.keys():
        stored = sheet.answers.get(code)
        blank = {"level": None, "reason": ""}
        revision = stored.revision if stored else 0
        typed[code] = SimpleNamespace(**{**blank, **answers[code]}, indicator_code=code, revision=revision)
    return replace(sheet, answers=typed)


def problem_item(sheet: Any, code: str, problem: Any) -> dict[str, str]:
    """One line of the list of what was not saved."""
    titles = {indicator.code: indicator.title for indicator in sheet.instrument.all_indicators()}
    title = titles[code].in_language(sheet.language) if code in titles else _("About your association")
    return {
        "code": code,
        "title": title,
        "message": str(problem.message),
        "remedy": str(problem.remedy),
        "stored": _stored_words(sheet, problem.extra.get("stored")),
    }


def _stored_words(sheet: Any, stored: Any) -> str:
    """The level that is stored instead, in words; empty when it is none."""
    level = stored.get("level") if isinstance(stored, Mapping) else None
    names = (entry.name for entry in sheet.instrument.scale.levels if entry.level == level)
    name = next(names, None)
    return name.in_language(sheet.language) if name else ""
