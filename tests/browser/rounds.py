"""Rounds in their later states, put into a demo's database: `python -m tests.browser.rounds` with the demo's settings.

Amal: a first round closed, a second one validated with another word of the coach. Tiwizi: one submitted, then reopened. What it
takes to get there through the pages is another test's subject.
"""

from __future__ import annotations

from typing import Any

import django


def main() -> None:
    django.setup()
    from django.contrib.auth import get_user_model

    from governance_assessment import api
    from nassij.associations.api import memberships

    people = {user.get_username(): user for user in get_user_model().objects.all()}
    coach = people["coach"]

    def opened(association: str) -> tuple[Any, api.RoundData]:
        president = people[f"{association}.president"]
        own = memberships(user_id=president.pk)[0]
        return president, api.open_round(user_id=president.pk, association_id=own.association_id, kind="express")

    def submitted(association: str, **levels: int) -> tuple[Any, api.RoundData]:
        president, found = opened(association)
        instrument = api.published_instrument(slug="gov-ma", kind="express").instrument
        given = {code.replace("q", "").replace("_", "."): level for code, level in levels.items()}
        answers = {
            code: {"kind": "level", "level": given.get(code, 3), "evidence": "declared"} for code in instrument.by_code
        }
        api.save_sheet(
            user_id=president.pk,
            association_id=found.association_id,
            round_uuid=found.uuid,
            answers=answers,
            revisions={},
            operation_id=f"seed-{found.uuid}",
        )
        return president, api.submit_round(user_id=president.pk, round_uuid=found.uuid)

    def says(found: api.RoundData, code: str, **answer: Any) -> None:
        api.save_coach_answer(
            user_id=coach.pk,
            association_id=found.association_id,
            round_uuid=found.uuid,
            indicator_code=code,
            answer=answer,
            operation_id=f"seed-{found.uuid}-{code}",
            revision=0,
        )

    def validated(found: api.RoundData, remark: str) -> None:
        api.validate_round(user_id=coach.pk, round_uuid=found.uuid, remark=remark, confirm_rest=True)

    president, first = submitted("amal", q2_1=1, q2_2=2, q4_1=2)
    validated(first, "بداية جيدة.")
    api.close_round(user_id=president.pk, round_uuid=first.uuid)
    _president, second = submitted("amal", q2_1=3, q2_2=2, q4_1=4)
    says(second, "2.1", kind="level", level=2, comment="المحضر غير موقع من طرف الكاتب العام.")
    says(second, "4.1", kind="no_evidence")
    validated(second, "تقدم واضح منذ الجولة الأولى: ركزوا الآن على محاضر الجموع العامة.")
    _president, third = submitted("tiwizi", q2_2=1)
    api.reopen_round(user_id=coach.pk, round_uuid=third.uuid, reason="Regardez ensemble le point sur le bureau.")


if __name__ == "__main__":
    main()
