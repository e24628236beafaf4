"""What a process keeps of lessons: never anything of a learner, and never longer than the lesson is the same."""

import copy
from dataclasses import replace
from types import MappingProxyType

import pytest
from django.test import override_settings
from django.utils import translation
from lxml import html as lxml_html

from tests.xblocks.lesson.samples import LESSON, MINUTES, QUORUM, Bench, answer, call, course_ids, make_block, reloaded
from xblocks import lesson_block
from xblocks.lesson import reading, rendering
from xblocks.lesson.grading import grade
from xblocks.lesson.model import Choice, Lesson, SelfCheck, TextStep
from xblocks.lesson.progress import Attempt, CheckRecord
from xblocks.lesson.reading import stored_lesson

ALL_SEEN = {"seen": ["why", "how"], "here": "how"}


@pytest.fixture(autouse=True)
def fresh_process():
    """Each test begins with nothing kept."""
    for kept in (reading._read, rendering._pattern, rendering._feedback, lesson_block._script_words):
        kept.cache_clear()


def learner(user_id: int, lesson: Lesson = LESSON, name: str = "gov2-s1-u1"):
    return make_block(lesson, Bench(user_id=user_id), course_ids(user_id, name))


def page(block, token: str = "T") -> str:
    return block.student_view({"csrf_token": token}).content


def state(html: str) -> tuple[int, int, int, int]:
    """What a page shows of its learner: steps done, choices made, feedback, checks closed."""
    root = lxml_html.fromstring(html)
    return tuple(
        len(root.xpath(found))
        for found in (
            ".//ol[@class='thread']/li[@class='done']",
            ".//input[@checked]",
            ".//*[@data-choice]",
            ".//fieldset[@disabled]",
        )
    )


def test_a_kept_page_shows_nothing_of_another_learner() -> None:
    busy, idle = learner(1), learner(2, name="elsewhere")
    untouched = page(idle, "IDLE")
    answer(busy, "quorum", "b", operation="operation-1")
    answer(busy, "minutes", "a", operation="operation-2")
    answer(busy, "minutes", "c", operation="operation-3")
    call(busy, "visit", ALL_SEEN)
    assert state(page(reloaded(busy), "BUSY")) == (4, 2, 2, 1)
    assert rendering._pattern.cache_info().currsize == 1  # one page for both, so it is the very one

    after = page(reloaded(idle), "IDLE")
    assert state(after) == (0, 0, 0, 0)
    assert "FEEDBACK-" not in after and "BUSY" not in after and busy.uid not in after
    strip = lxml_html.fromstring(after).xpath(".//input[@name='operation_id']/@value")[0].rsplit("-", 1)[0]
    before = lxml_html.fromstring(untouched).xpath(".//input[@name='operation_id']/@value")[0].rsplit("-", 1)[0]
    assert strip != before  # an operation id is made up for each page
    assert after.replace(strip, "") == untouched.replace(before, "")
    assert state(page(reloaded(busy), "BUSY")) == (4, 2, 2, 1)


def test_what_a_page_asks_for_goes_and_comes_with_the_learner() -> None:
    """The button of a closed check, the form of who has not read everything."""
    done, fresh = learner(1), learner(2)
    for number in (1, 2):
        answer(done, "minutes", "c", operation=f"operation-{number}")
    answer(done, "quorum", "a", operation="operation-3")
    call(done, "visit", ALL_SEEN)
    for block, buttons, forms in ((done, 1, 0), (fresh, 2, 1), (done, 1, 0)):
        root = lxml_html.fromstring(page(reloaded(block)))
        assert len(root.xpath(".//button[@data-submit]")) == buttons
        assert len(root.xpath(".//form[@data-read]")) == forms
        assert bool(root.xpath(".//*[@data-missing][@hidden]")) is (forms == 0)
        assert bool(root.xpath(".//*[@data-complete][@hidden]")) is (forms == 1)


def test_a_page_with_the_key_is_never_given_to_a_learner() -> None:
    author = make_block(runtime=Bench(staff=True))
    for _ in range(2):
        assert "FEEDBACK-A" in author.author_view().content
        for shown in (page(learner(2)), learner(3).public_view().content, learner(4).author_view().content):
            assert "FEEDBACK-" not in shown
    assert "<form" not in learner(2).public_view().content


def test_a_changed_lesson_shows_at_once() -> None:
    author, reader = make_block(runtime=Bench(staff=True)), learner(2)
    assert "لماذا" in page(reader)
    changed = replace(LESSON, steps=(replace(LESSON.steps[0], title="بداية أخرى"), *LESSON.steps[1:]))
    for block in (author, reader):
        block.content = changed.to_data()
        block.save()
        again = reloaded(block)
        assert "بداية أخرى" in page(again) and "لماذا" not in page(again)
    reader.display_name = "عنوان آخر"
    reader.save()
    assert "عنوان آخر" in page(reloaded(reader)) and "الجمع العام" not in page(reloaded(reader)).split("</h2>")[0]


def test_a_value_changed_in_place_changes_no_lesson_that_is_kept() -> None:
    stored = LESSON.to_data() | {"extra": {"x_a": "1"}}
    first = stored_lesson(stored, "T")
    before = copy.deepcopy(first)
    stored["steps"][0]["title"] = "غيره"
    stored["extra"]["x_a"] = "2"
    assert first == before
    assert stored_lesson(stored, "T").steps[0].title == "غيره"
    assert stored_lesson(LESSON.to_data() | {"extra": {"x_a": "1"}}, "T") is first


def test_a_lesson_that_is_no_plain_value_is_read_all_the_same() -> None:
    assert stored_lesson(MappingProxyType(LESSON.to_data()), LESSON.title) == LESSON


@pytest.fixture
def spoken(monkeypatch) -> None:
    """Every text of ours begins with the language it was asked for in, whether or not it has been translated."""
    real = translation._trans.gettext
    monkeypatch.setattr(translation._trans, "gettext", lambda text: f"{translation.get_language()}: {real(text)}")


def test_each_language_has_its_own_page_whatever_the_site_speaks(spoken) -> None:
    french = Lesson(title="Leçon", language="fr", steps=(TextStep("s", "Un", "Texte"), QUORUM))
    arabic = replace(french, language="ar")
    for active in ("en", "ar", "fr"):
        for lesson in (arabic, french):
            with translation.override(active):
                shown = learner(1, lesson).student_view()
            root = lxml_html.fromstring(shown.content)
            assert (root.get("lang"), root.get("dir")) == (lesson.language, "rtl" if lesson is arabic else "ltr")
            assert root.xpath(".//button[@data-submit]")[0].text.startswith(f"{lesson.language}: ")
            assert shown.json_init_args["words"]["next"].startswith(f"{lesson.language}: ")


def test_feedback_is_kept_by_all_that_it_says(spoken) -> None:
    """Right or not, what was chosen, whether the book is open, how often one may try again, and the language."""
    verdict = {chosen: grade(MINUTES, chosen) for chosen in (("a",), ("c",), ("a", "b"))}
    told = set()
    for language in ("ar", "fr"):
        with translation.override(language):
            for chosen, judged in verdict.items():
                for tries in (1, 2):
                    record = CheckRecord(tries, judged.correct, (Attempt("operation-1", chosen),))
                    html = str(rendering.feedback_html(MINUTES, judged, record))
                    assert rendering.feedback_html(MINUTES, judged, record) == html
                    told.add(html)
    assert len(told) == 2 * (2 + 2 + 1)  # solved, it does not matter how often
    thrice = replace(MINUTES, tries=3)
    again = {str(rendering.feedback_html(thrice, verdict["a",], CheckRecord(tries))) for tries in (1, 2)}
    assert len(again) == 2  # two more tries, one more
    same_ids = SelfCheck(id="minutes", question="?", kind="multiple", tries=2, choices=(Choice("a", "X", "OTHER"),))
    assert "OTHER" in rendering.feedback_html(same_ids, grade(same_ids, ("a",)), CheckRecord(1))


def test_a_setting_shows_at_once() -> None:
    for phone in ("+212500000001", "+212500000002"):
        with override_settings(NASSIJ_CONTACT={"phone": phone}):
            assert phone in page(learner(1))
    assert "+2125" not in page(learner(1))


def test_the_script_gets_words_of_its_own() -> None:
    """A page that changes its arguments changes no other's."""
    learner(1).student_view().json_init_args["words"]["next"] = "CHANGED"
    assert "CHANGED" not in learner(2).student_view().json_init_args["words"].values()


def test_what_is_kept_is_bounded() -> None:
    for kept in (reading._read, rendering._pattern, rendering._feedback, lesson_block._script_words):
        assert kept.cache_info().maxsize <= 512
    for number in range(reading._read.cache_info().maxsize + 5):
        page(learner(1, replace(LESSON, code=f"c-{number}")))
    assert reading._read.cache_info().currsize <= reading._read.cache_info().maxsize
    assert rendering._pattern.cache_info().currsize <= rendering._pattern.cache_info().maxsize


def test_a_page_of_a_lesson_seen_before_is_not_written_again(monkeypatch) -> None:
    first = learner(1)
    page(first)
    answer(first, "quorum", "b")
    page(reloaded(first))
    monkeypatch.setattr(rendering, "template_engine", lambda: pytest.fail("a template was rendered again"))
    second = learner(2)
    answer(second, "quorum", "b")
    assert state(page(reloaded(second))) == (1, 1, 1, 0)
