"""What a coach's words make of a set of answers, and what is worth a second look."""

import pytest

from governance_assessment.domain import (
    Answer,
    AnswerSet,
    QualityCheck,
    QualityCode,
    Severity,
    check_answers,
    concerned,
    quality_checks,
    score,
    validated_answers,
    without_word,
)
from tests.governance_assessment.domain.builders import gov_ma

NONE_APPLIES = dict.fromkeys(
    ["receives_public_funds", "receives_foreign_aid", "public_appeals_or_distribution", "has_employees"], False
) | {"works_with_vulnerable_people": False}


@pytest.fixture(scope="module")
def instrument():
    return gov_ma()


def everywhere(instrument, level, **others):
    answers = {code: Answer.of_level(level) for code in concerned(instrument, NONE_APPLIES)}
    return answers | {code.replace("_", "."): answer for code, answer in others.items()}


def test_no_evidence_is_the_lowest_level_and_not_a_hole(instrument):
    said = everywhere(instrument, 3)
    found = validated_answers(instrument, {**said, "4.2": None}, NONE_APPLIES)

    assert found.answers["4.2"] == Answer.of_level(1)
    assert not check_answers(instrument, found)
    overall = score(instrument, found).overall
    assert (overall.label, overall.is_provisional) == (2, False)
    unknown = score(instrument, AnswerSet({**said, "4.2": Answer.dont_know()}, NONE_APPLIES)).overall
    assert (unknown.label, unknown.is_provisional) == (None, True)


def test_a_word_is_missing_only_where_the_question_concerns_the_association(instrument):
    assert len(without_word(instrument, NONE_APPLIES, ())) == 43
    assert len(without_word(instrument, {}, ())) == 48
    assert without_word(instrument, NONE_APPLIES, everywhere(instrument, 2).keys() - {"3.4", "2.1"}) == ("2.1", "3.4")


def checks(instrument, answers, documented=(), profile=NONE_APPLIES):
    given = AnswerSet(answers, profile)
    review = [section.code for section in score(instrument, given).sections if section.needs_review]
    return quality_checks(instrument, given, documented=documented, to_review=review)


def test_a_high_level_without_a_document_is_asked_about(instrument):
    answers = everywhere(
        instrument, 2, **{"1_1": Answer.of_level(3), "3_1": Answer.of_level(4), "3_2": Answer.of_level(3)}
    )

    found = checks(instrument, answers, documented={"3.2"})

    assert found == (
        QualityCheck(Severity.WARNING, QualityCode.LEVEL_WITHOUT_EVIDENCE, "1.1"),
        QualityCheck(Severity.NOTICE, QualityCode.LEVEL_WITHOUT_EVIDENCE, "3.1"),
    )


def test_what_does_not_concern_the_association_is_not_asked_about(instrument):
    answers = everywhere(instrument, 2, **{"1_1": Answer.of_level(1), "5_3": Answer.of_level(4)})

    assert checks(instrument, answers) == ()
    assert [check.place for check in checks(instrument, answers, profile={})] == ["5.3"]


def test_one_level_everywhere_is_asked_about_from_ten_answers_on(instrument):
    same = everywhere(instrument, 2)
    few = dict(list(same.items())[:9])

    assert [check.code for check in checks(instrument, same)] == [QualityCode.SAME_LEVEL]
    assert checks(instrument, few) == ()
    assert checks(instrument, {**same, "3.4": Answer.of_level(1)}) == ()
    assert [check.code for check in checks(instrument, {**same, "3.4": Answer.dont_know()})] == [QualityCode.SAME_LEVEL]


def test_much_that_does_not_apply_is_asked_about(instrument):
    declined = {code: Answer.not_applicable("why") for code in ("3.3", "3.5")}

    found = checks(instrument, {**everywhere(instrument, 2), "1.1": Answer.of_level(1), **declined})

    assert found == (QualityCheck(Severity.WARNING, QualityCode.MANY_NOT_APPLICABLE, "D3"),)


def test_nothing_is_asked_of_an_empty_set(instrument):
    assert checks(instrument, {}) == ()
