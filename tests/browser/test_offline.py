"""Never lose an answer, in a real browser: the line goes, the page is killed, two phones say different things."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, demo_site
from tests.browser.test_member_journey import CARDS, answer_card, send_card

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SHEET = {"ar": "/courses/course-v1:Nassij+GOV2+ar/units/gov2-s1-u6/"}
SHEET["fr"] = SHEET["ar"].replace("+ar", "+fr")
KEPT = "() => Object.keys(localStorage).filter(key => key.startsWith('nassij ')).length"
LEVELS = "1234"
PROFILES = (
    "SELECT profile FROM nassij_governance_round WHERE association_id IN "
    "(SELECT id FROM nassij_associations_association WHERE name LIKE ?)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("offline")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """A site of these tests alone: they read what it stored."""
    with demo_site(folder) as address:
        yield address


def stored(folder: Path, sql: str, *params: Any) -> list[Any]:
    with sqlite3.connect(folder / "db.sqlite3") as database:
        return database.execute(sql, params).fetchall()


def answers_of(folder: Path, username: str) -> list[tuple[str, int, int]]:
    """Indicator, level and revision of everything this person has said, in the order in which it was stored."""
    return stored(
        folder,
        "SELECT indicator_code, level, revision FROM nassij_governance_respondentanswer answer "
        "JOIN auth_user ON auth_user.id = answer.respondent_id WHERE username = ? ORDER BY answer.id",
        username,
    )


def open_sheet(member: Visitor, language: str = "ar") -> Page:
    page = member.go(SHEET[language])
    start = page.locator(".nassij-governance .act .go")
    if start.count() and not page.locator("form.sheet").count():
        start.click()
    page.wait_for_selector(f"{CARDS}:visible")
    return page


def open_question(member: Visitor, language: str = "ar") -> Page:
    """The sheet at a question to answer: past the one about the association, which comes first to whoever begins."""
    page = open_sheet(member, language)
    if page.locator(f"{CARDS}:visible").get_attribute("id").endswith("profile"):
        answer_card(page, lambda _code: "1")
    saved(page)
    return page


def kill(member: Visitor) -> None:
    """The renderer dies at once, as when the phone needs its memory: nothing of the page runs any more. Then a new page."""
    dead, browser = member.page, member.context.browser
    assert browser is not None
    target = member.context.new_cdp_session(dead).send("Target.getTargetInfo")["targetInfo"]["targetId"]
    outside = browser.new_browser_cdp_session()  # asked of the page itself, it would never answer
    line = outside.send("Target.attachToTarget", {"targetId": target, "flatten": False})["sessionId"]
    with dead.expect_event("crash"):
        crash = json.dumps({"id": 1, "method": "Page.crash"})
        outside.send("Target.sendMessageToTarget", {"sessionId": line, "message": crash})
    dead.close()
    member.page = member.context.new_page()


def saved(page: Page) -> None:
    """Everything said on this phone has reached the server, and the page claims nothing else."""
    page.wait_for_function(
        """() => !Object.keys(localStorage).some(key => key.startsWith('nassij '))
                 && ['saved', undefined].includes(document.querySelector('.state').dataset.state)""",
        timeout=60_000,
    )


def says_saved(page: Page) -> None:
    saved(page)
    expect(page.locator(".state").first).to_have_attribute("data-state", "saved")


def test_answers_of_a_killed_page_arrive_once_and_in_order(visitor: Callable[..., Visitor], folder: Path) -> None:
    member = visitor("tiwizi.treasurer")
    page, said = open_sheet(member), []

    def answer(times: int) -> None:
        for _ in range(times):
            level = LEVELS[len(said) % 4]
            code = answer_card(member.page, lambda _code: level)  # noqa: B023
            if code != "profile":
                said.append((code, int(level), 1))

    answer(4)
    for lost in (5, 1, 7):
        saved(page)
        member.context.set_offline(True)
        answer(lost)
        expect(page.locator(".state").first).to_have_attribute("data-state", "waiting")
        assert page.evaluate(KEPT) == lost
        if lost == 7:
            member.picture("offline-kept")
        kill(member)
        member.context.set_offline(False)
        page = member.go(SHEET["ar"])
        says_saved(page)
        # The page goes on at the card after the last one answered, and shows what was answered off line.
        expect(page.locator(f"{CARDS}:visible")).to_have_count(1)
        assert page.locator(f"{CARDS}:visible").get_attribute("id").rsplit("-", 1)[1] not in [row[0] for row in said]
        for code, level, _revision in said:
            expect(page.locator(f'input[name="a-{code}"][value="{level}"]')).to_be_checked()
        assert answers_of(folder, "tiwizi.treasurer") == said
    answer(2)
    saved(page)
    page = member.go(SHEET["ar"])
    member.faults.clear()  # the refused requests are the point
    member.check("after three kills")
    member.picture("offline-after")
    assert answers_of(folder, "tiwizi.treasurer") == said
    assert len(said) >= 18


def test_a_page_killed_before_anything_is_drawn_again_loses_nothing(
    visitor: Callable[..., Visitor], folder: Path
) -> None:
    """The kill follows the press at once: the answer was stored before anything else was done."""
    member = visitor("amal.treasurer")
    page = open_question(member)
    member.context.set_offline(True)
    code = page.locator(f"{CARDS}:visible").get_attribute("id").rsplit("-", 1)[1]
    page.locator(f'{CARDS}:visible input[value="4"]').check()
    page.locator("form.sheet .act .go").click(no_wait_after=True)
    kill(member)
    member.context.set_offline(False)
    saved(member.go(SHEET["ar"]))
    assert answers_of(folder, "amal.treasurer") == [(code, 4, 1)]


def lesson_state(folder: Path, username: str) -> dict[str, Any]:
    """What the lesson has stored for this person: check id to record."""
    rows = stored(
        folder,
        "SELECT state FROM workbench_xblockstate WHERE user_id = (SELECT CAST(id AS TEXT) FROM auth_user WHERE username = ?)",
        username,
    )
    found = [json.loads(row[0]) for row in rows]
    return next((state["progress"] for state in found if "progress" in state), {})


def test_self_checks_of_a_killed_lesson_arrive_once(visitor: Callable[..., Visitor], folder: Path) -> None:
    member = visitor("amal.member")
    page = member.go("/courses/course-v1:Nassij+GOV2+ar/units/gov2-s1-u1/")
    go = page.locator(".nassij-lesson .act .go:visible, .nassij-lesson .act .ghost[data-go]:visible").first
    chosen: dict[str, str] = {}
    member.context.set_offline(True)
    for _ in range(40):
        check = page.locator("[data-step][data-check]:visible")
        if check.count() and check.get_attribute("data-step") not in chosen:
            name, options = check.get_attribute("data-step"), check.locator("label")
            chosen[name] = options.first.locator("input").get_attribute("value") if options.count() else ""
            if options.count():  # what is to be put in order is answered as it stands
                options.first.click()
            go.click()
            expect(check.locator("[data-feedback] .note")).to_be_visible()  # kept on this phone
            expect(go).to_be_enabled()
        if page.locator("[data-end]:visible").count():
            break
        go.click()
    assert chosen, "this lesson asks nothing"
    assert page.evaluate(KEPT) >= len(chosen)
    member.picture("offline-lesson")
    assert lesson_state(folder, "amal.member").get("answers", {}) == {}
    kill(member)
    member.context.set_offline(False)

    page = member.go("/courses/course-v1:Nassij+GOV2+ar/units/gov2-s1-u1/")
    says_saved(page)
    answers = lesson_state(folder, "amal.member")["answers"]
    assert answers.keys() == chosen.keys()
    assert all(answers[check]["attempts"][0][1] == [choice] for check, choice in chosen.items() if choice)
    assert {record["tries"] for record in answers.values()} == {1}
    member.faults.clear()
    member.check("the lesson after the kill")
    # Nothing is sent a second time by a further page.
    saved_before = lesson_state(folder, "amal.member")
    page.reload()
    expect(page.locator("[data-step]:visible, [data-end]:visible").first).to_be_visible()
    assert lesson_state(folder, "amal.member")["answers"] == saved_before["answers"]


def test_two_phones_of_one_member_never_overwrite_each_other(visitor: Callable[..., Visitor], folder: Path) -> None:
    first, second = visitor("tiwizi.member", language="fr"), visitor("tiwizi.member", language="fr")
    pages = [open_question(each, "fr") for each in (first, second)]
    cards = [each.locator(f"{CARDS}:visible") for each in pages]
    code = cards[0].get_attribute("id").rsplit("-", 1)[1]
    assert cards[1].get_attribute("id").rsplit("-", 1)[1] == code

    answer_card(pages[0], lambda _code: "2")
    saved(pages[0])
    # The other phone was off line meanwhile, and says something else.
    second.context.set_offline(True)
    answer_card(pages[1], lambda _code: "4")
    expect(pages[1].locator(".state").first).to_have_attribute("data-state", "waiting")
    second.context.set_offline(False)
    note = pages[1].locator("form.sheet .note.critical:visible")
    expect(note).to_be_visible(timeout=60_000)
    # Both versions: the card still shows one's own, the note names the one stored; nothing was overwritten.
    expect(pages[1].locator(f'input[name="a-{code}"][value="4"]')).to_be_checked()
    level_two = pages[1].locator(f'label:has(input[name="a-{code}"][value="2"]) b').text_content()
    expect(note).to_contain_text(level_two)
    expect(note.locator("button")).to_have_count(2)
    assert answers_of(folder, "tiwizi.member") == [(code, 2, 1)]
    second.faults.clear()
    second.check("two versions")
    second.picture("offline-two-versions")

    note.locator("button").first.click()  # mine
    saved(pages[1])
    assert answers_of(folder, "tiwizi.member") == [(code, 2, 1), (code, 4, 2)]

    # And the other way round: the first phone, which knows nothing of it, takes what is stored.
    while pages[0].locator(f"{CARDS}:visible").get_attribute("id").rsplit("-", 1)[1] != code:
        pages[0].locator("form.sheet [data-back]").click()
    # Not `answer_card`: the refusal may bring the card back before anybody sees the next one.
    send_card(pages[0], lambda _code: "1")
    note = pages[0].locator("form.sheet .note.critical:visible")
    expect(note).to_be_visible(timeout=60_000)
    note.locator("button").nth(1).click()  # the one stored
    expect(pages[0].locator(f'input[name="a-{code}"][value="4"]')).to_be_checked()
    expect(note).to_have_count(0)
    assert pages[0].evaluate(KEPT) == 0
    assert answers_of(folder, "tiwizi.member") == [(code, 2, 1), (code, 4, 2)]


def test_two_members_at_once_are_told_of_each_others_profile(visitor: Callable[..., Visitor], folder: Path) -> None:
    """The one thing of a sheet that belongs to all: what the association is. Answers are each member's own."""
    first, second = visitor("amal.president", language="fr"), visitor("amal.member", language="fr")
    pages = [open_sheet(each, "fr") for each in (first, second)]
    for page in pages:
        while not page.locator(f"{CARDS}:visible").get_attribute("id").endswith("profile"):
            page.locator("form.sheet [data-back]").click()

    def say(page: Page, first_choice: int, choice: int) -> None:
        for number, question in enumerate(page.locator(f"{CARDS}:visible fieldset").all()):
            question.locator("label").nth(choice if number else first_choice).click()
        page.locator("form.sheet .act .go").click()

    say(pages[0], 1, 1)
    saved(pages[0])
    say(pages[1], 1, 0)
    note = pages[1].locator("form.sheet .note.critical:visible")
    expect(note).to_be_visible(timeout=60_000)
    expect(pages[1].locator(f"{CARDS}:visible input[value=yes]:checked")).not_to_have_count(0)
    expect(note).to_contain_text("Non")
    second.faults.clear()
    second.check("two versions of a profile")
    second.picture("offline-two-profiles")

    def profile() -> set[bool]:
        return {value for row in stored(folder, PROFILES, "%الأمل%") for value in json.loads(row[0]).values()}

    assert profile() == {False}
    note.locator("button").first.click()  # mine
    saved(pages[1])
    assert profile() == {False, True}

    # Each member's answers to one question stand beside each other.
    pages[1].locator("form.sheet .act .go").click()  # on from the card that was settled
    expect(pages[1].locator(f"{CARDS}:visible")).not_to_have_attribute("id", re.compile("profile$"))
    codes = [answer_card(pages[0], lambda _code: "1"), answer_card(pages[1], lambda _code: "3")]
    for page in pages:
        saved(page)
    assert (codes[0], 1, 1) in answers_of(folder, "amal.president")
    assert (codes[1], 3, 1) in answers_of(folder, "amal.member")


CYCLES, EACH = int(os.environ.get("NASSIJ_OFFLINE_CYCLES", "8")), 20
# What pressing does, without the pressing: the queue of the block, in the page of the block.
PRESS = """([codes, first, each]) => {
  const root = document.querySelector(".nassij-governance"), form = root.querySelector("form.sheet");
  const url = (handler) => form.action.replace("sheet_form", handler);
  const user = Number(document.querySelector("dialog.signout").dataset.user);
  const outbox = Nassij.outbox(root, url, { user, unsaved: "", drop: "" });
  const association = Number(form.elements.association.value), round = form.elements.round.value;
  for (let number = first; number < first + each; number += 1) {
    const indicator = codes[number % codes.length], revision = Math.floor(number / codes.length);
    const answer = { kind: "level", level: 1 + (number % 4), comment: "", evidence: "none", sure: null };
    const body = { round, association, indicator, answer, revision, here: indicator, complete: false };
    outbox.deliver(outbox.keep("answer", body, indicator)).catch(() => {});
  }
}"""


def test_many_answers_through_many_kills_arrive_once(visitor: Callable[..., Visitor], folder: Path) -> None:
    """In turn: killed off line, killed in the middle of sending, not killed. All fifty: NASSIJ_OFFLINE_CYCLES=50."""
    member, chance = visitor("tiwizi.president"), random.Random(5)
    page = open_question(member)
    sections = page.locator("form.sheet section:not([data-if])").all()
    codes = [(section.get_attribute("id") or "").rsplit("-", 1)[1] for section in sections]
    codes = [code for code in codes if code != "profile"]
    for cycle in range(CYCLES):
        member.context.set_offline(cycle % 3 == 0)
        member.page.evaluate(PRESS, [codes, cycle * EACH, EACH])
        if cycle % 3 == 2:
            saved(member.page)
            continue
        member.page.wait_for_timeout(chance.uniform(0, 400))  # where in its sending the page dies is left to chance
        kill(member)
        member.context.set_offline(False)
        open_sheet(member)
        saved(member.page)
    found = answers_of(folder, "tiwizi.president")
    number = CYCLES * EACH
    assert found == [(codes[n % len(codes)], 1 + n % 4, 1 + n // len(codes)) for n in range(number)]
