"""Answer sheets for workshops: out, filled in, and back in through a dry run that names each wrong cell."""

import io
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from governance_assessment import api
from governance_assessment.data import AnswerMethod
from governance_assessment.models import AnswerSheet, ConsensusAnswer, RespondentAnswer
from governance_assessment.retirement import retire_user
from governance_assessment.sheets.layout import HEADER_ROW, MARK_ROW, Place
from nassij.associations.api import Role
from nassij.common import audit
from nassij.common.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, TooLarge, Unprocessable
from tests.governance_assessment.helpers import ALL_FALSE, ALL_TRUE, fill, level, save, set_profile, settle
from tests.nassij.associations import factories
from tests.nassij.common.bombs import bombs, moved

pytestmark = pytest.mark.django_db
BOMBS = bombs()


def written(user, opened, language="ar"):
    return api.answer_sheet(user_id=user.pk, round_uuid=opened.uuid, language=language)


class Filled:
    """An answer sheet in a spreadsheet program: cells by the code of the question and the column."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[0]
        column = self.sheet.iter_rows(min_row=HEADER_ROW + 2, max_col=1)
        self.rows = {cell.value: cell.row for (cell,) in column if cell.value}

    def put(self, code, answer=None, reason=None, comment=None, evidence=None):
        for place, value in zip(
            (Place.ANSWER, Place.REASON, Place.COMMENT, Place.EVIDENCE),
            (answer, reason, comment, evidence),
            strict=True,
        ):
            if value is not None:
                self.cell(code, place).value = value
        return self

    def cell(self, code, place):
        return self.sheet.cell(self.rows[code], place + 1)

    def at(self, code, place=Place.ANSWER):
        return f"{'ABCDEFGHIJ'[place]}{self.rows[code]}"

    @property
    def content(self) -> bytes:
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()


def sheet_of(user, opened, language="ar"):
    return Filled(written(user, opened, language).content)


def check(user, opened, content):
    content = content.content if isinstance(content, Filled) else content
    return api.check_sheet(
        user_id=user.pk if user else None,
        round_uuid=opened.uuid,
        file=SimpleUploadedFile("ورقة.xlsx", content),
    )


def plan_of(user, checked, language="en"):
    assert checked.wrong == (), [(cell.address, str(cell.message)) for cell in checked.wrong]
    return api.sheet_plan(user_id=user.pk, sheet_uuid=checked.uuid, language=language)


def send(user, opened, content):
    """Check and apply."""
    checked = check(user, opened, content)
    plan = plan_of(user, checked)
    return SimpleNamespace(
        uuid=checked.uuid, plan=plan, written=api.apply_sheet(user_id=user.pk, sheet_uuid=checked.uuid, seen=plan.seen)
    )


def mine(user, opened):
    return api.sheet(user_id=user.pk, association_id=opened.association_id, kind="full", language="ar").answers


# --- The empty sheet ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_sheet_asks_what_concerns_the_association(language, full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    if language not in instrument.languages:
        with pytest.raises(BadInput):
            written(president, opened, language)
        return
    filled = sheet_of(president, opened, language)

    assert 40 < len(filled.rows) < 48
    assert bool(filled.sheet.sheet_view.rightToLeft) is (language == "ar")
    assert filled.sheet.protection.sheet and not filled.sheet.merged_cells.ranges
    assert filled.cell("2.1", Place.QUESTION).value == instrument.indicator("2.1").title.in_language(language)
    levels = filled.cell("2.1", Place.LEVELS).value
    assert all(text.in_language(language) in levels for _number, text in instrument.indicator("2.1").levels)
    assert filled.cell("2.1", Place.ANSWER).protection.locked is False
    assert filled.cell("2.1", Place.LEVELS).protection.locked is True
    mark = [filled.sheet.cell(MARK_ROW + 1, place).value for place in (2, 4)]
    assert mark == [str(opened.uuid), opened.instrument_hash]
    offered = {
        str(found.sqref): found.formula1
        for found in filled.sheet.data_validations.dataValidation
        if found.type == "list"
    }
    assert offered[filled.at("2.1")].startswith('"1,2,3,4,')
    critical = next(code for code in filled.rows if not instrument.indicator(code).may_not_apply)
    assert offered[filled.at(critical)].count(",") == 4, "does not apply is not offered"


def test_no_text_of_a_person_becomes_a_formula(full_round, association, instrument):
    association_named = factories.make_association('=HYPERLINK("http://x")')
    president = factories.make_member(association_named, role=Role.PRESIDENT)
    opened = api.open_round(user_id=president.pk, association_id=association_named.id, kind="express")
    filled = sheet_of(president, opened)
    cells = [cell for row in filled.sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert filled.sheet["A2"].value.startswith("=HYPERLINK")


# --- Own answers, while members answer ------------------------------------------------------------------


def test_it_becomes_the_answers_of_who_sends_it(full_round, member):
    filled = sheet_of(member, full_round, "fr")
    filled.put("1.1", 3, comment="=1+1 لكن لا", evidence="oui").put("1.2", "٤").put("2.1", "?").put(
        "4.2", "2", evidence="non"
    )
    filled.put("5.2", "S.O.", reason="Pas de salariés")
    filled.cell("1.1", Place.COMMENT).data_type = "s"
    sent = send(member, full_round, filled)

    assert sent.written == 5 and sent.plan.counts == {"new": 5, "changed": 0, "same": 0} and not sent.plan.is_common
    answers = mine(member, full_round)
    assert (answers["1.1"].level, answers["1.1"].comment, answers["1.1"].evidence) == (3, "=1+1 لكن لا", "declared")
    assert (answers["1.2"].level, answers["2.1"].kind, answers["4.2"].evidence) == (4, "dont_know", "none")
    assert (answers["5.2"].kind, answers["5.2"].reason) == ("not_applicable", "Pas de salariés")
    assert set(RespondentAnswer.objects.values_list("method", flat=True)) == {AnswerMethod.IMPORT}
    assert "round.sheet_applied" in [event.action for event in audit.events_for(object_uuid=full_round.uuid)]
    assert AnswerSheet.objects.get().answers == {}, "what was said is with the answers now"


def test_the_dry_run_writes_nothing_and_tells_new_changed_and_same(full_round, member):
    save(member, full_round, "1.1", level(3, comment="قديم", sure=False))
    save(member, full_round, "1.2", level(2))
    filled = sheet_of(member, full_round).put("1.1", 3).put("1.2", 4, comment="أعلى").put("1.3", 1)
    plan = plan_of(member, check(member, full_round, filled))

    assert {line.code: line.status for line in plan.lines} == {"1.1": "same", "1.2": "changed", "1.3": "new"}
    assert RespondentAnswer.objects.count() == 2
    assert next(line for line in plan.lines if line.code == "1.2").before != ""
    assert api.apply_sheet(user_id=member.pk, sheet_uuid=plan.uuid, seen=plan.seen) == 2
    answers = mine(member, full_round)
    assert (answers["1.1"].comment, answers["1.1"].sure, answers["1.1"].revision) == ("قديم", False, 1)
    assert (answers["1.2"].level, answers["1.2"].revision) == (4, 2)


def test_it_is_applied_once_whoever_sends_the_file(full_round, member, president):
    content = sheet_of(member, full_round).put("1.1", 3).content
    sent = send(member, full_round, content)
    assert api.apply_sheet(user_id=member.pk, sheet_uuid=sent.uuid, seen="") == 1, "asked twice is asked once"

    for person in (member, president):
        again = plan_of(person, check(person, full_round, content))
        with pytest.raises(Conflict) as caught:
            api.apply_sheet(user_id=person.pk, sheet_uuid=again.uuid, seen=again.seen)
        assert caught.value.code == "already_applied"
    assert RespondentAnswer.objects.count() == 1


def test_what_changed_since_the_dry_run_is_shown_again(full_round, member):
    plan = plan_of(member, check(member, full_round, sheet_of(member, full_round).put("1.1", 3).put("1.2", 2)))
    save(member, full_round, "1.1", level(1))
    with pytest.raises(Conflict) as caught:
        api.apply_sheet(user_id=member.pk, sheet_uuid=plan.uuid, seen=plan.seen)
    assert caught.value.code == "answers_changed"
    assert (mine(member, full_round)["1.1"].level, "1.2" in mine(member, full_round)) == (1, False)

    again = api.sheet_plan(user_id=member.pk, sheet_uuid=plan.uuid, language="en")
    assert api.apply_sheet(user_id=member.pk, sheet_uuid=plan.uuid, seen=again.seen) == 2


def test_all_or_nothing(full_round, member, monkeypatch):
    from governance_assessment.sheets import sheets

    plan = plan_of(member, check(member, full_round, sheet_of(member, full_round).put("1.1", 3).put("1.2", 2)))

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(sheets, "write_trail", fail)
    with pytest.raises(RuntimeError):
        api.apply_sheet(user_id=member.pk, sheet_uuid=plan.uuid, seen=plan.seen)
    assert not RespondentAnswer.objects.exists() and AnswerSheet.objects.get().applied_at is None


# --- Common answers, while they discuss -----------------------------------------------------------------


@pytest.fixture
def discussed(full_round, instrument, president, member):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    fill(member, opened, instrument, {"*": 3, "2.1": 1, "2.2": 2})
    return api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)


def test_the_lead_settles_with_it(discussed, president):
    settle(president, discussed, "2.2", level(2), note="قيل")
    filled = sheet_of(president, discussed)
    filled.put("1.1", 3).put("2.1", 2, comment="اتفقنا").put("2.2", 3, evidence="نعم").put("4.2", 4)
    sent = send(president, discussed, filled)

    assert sent.plan.is_common and sent.plan.counts == {"new": 1, "changed": 2, "same": 1} and sent.written == 3
    rows = {row.indicator_code: row for row in ConsensusAnswer.objects.all()}
    assert set(rows) == {"2.1", "2.2", "4.2"}
    assert (rows["2.1"].level, rows["2.1"].note, rows["2.1"].origin) == (2, "اتفقنا", "settled")
    assert (rows["2.2"].level, rows["2.2"].note, rows["2.2"].evidence) == (3, "قيل", "declared")
    assert rows["4.2"].note, "a note tells where it comes from"
    assert rows["2.1"].settled_by_id == president.pk


def test_a_member_sends_none_while_they_discuss(discussed, member):
    filled = sheet_of(member, discussed).put("2.1", 2)
    with pytest.raises(Forbidden):
        check(member, discussed, filled)
    page = Client(HTTP_ACCEPT_LANGUAGE="en")
    page.force_login(member)
    shown = page.get(f"/nassij/governance/rounds/{discussed.uuid}/sheet/").content.decode()
    assert "The answers are closed" in shown and 'type="file"' not in shown


def test_one_checked_before_the_discussion_is_not_slipped_in(full_round, instrument, president, member):
    plan = plan_of(member, check(member, full_round, sheet_of(member, full_round).put("1.1", 3)))
    fill(president, full_round, instrument, {"*": 3})
    api.start_discussion(user_id=president.pk, round_uuid=full_round.uuid)
    with pytest.raises(Forbidden):
        api.apply_sheet(user_id=member.pk, sheet_uuid=plan.uuid, seen=plan.seen)


def test_own_answers_do_not_become_common_ones_nor_the_reverse(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    before = plan_of(president, check(president, opened, sheet_of(president, opened).put("4.2", 4)))
    fill(president, opened, instrument, {"*": 3, "4.2": None})

    def apply(plan):
        with pytest.raises(Conflict) as caught:
            api.apply_sheet(user_id=president.pk, sheet_uuid=plan.uuid, seen=plan.seen)
        assert caught.value.code == "answers_changed"

    discussed = api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)
    apply(before)
    common = api.sheet_plan(user_id=president.pk, sheet_uuid=before.uuid, language="en")
    assert common.is_common and not before.is_common
    api.back_to_answers(user_id=president.pk, round_uuid=discussed.uuid)
    apply(common)
    apply(before)  # own again, but two moves later
    assert not ConsensusAnswer.objects.exists() and "4.2" not in mine(president, opened)


# --- Wrong cells ----------------------------------------------------------------------------------------

WRONG = {
    "a level there is not": (lambda f: f.put("1.1", 5), ["D", "1.1"], "one of the answers"),
    "words": (lambda f: f.put("1.1", "جيد"), ["D", "1.1"], "one of the answers"),
    "true": (lambda f: f.put("1.1", True), ["D", "1.1"], "one of the answers"),
    "false as a comment": (lambda f: f.put("1.1", 3, comment=False), ["F", "1.1"], "one of the answers"),
    "a half": (lambda f: f.put("1.1", 2.5), ["D", "1.1"], "one of the answers"),
    "a date": (lambda f: f.put("1.1", "2026-01-02"), ["D", "1.1"], "one of the answers"),
    "a formula": (lambda f: f.put("1.1", "=1+2"), ["D", "1.1"], "formula"),
    "a formula in a comment": (lambda f: f.put("1.1", 3, comment='=HYPERLINK("x")'), ["F", "1.1"], "formula"),
    "a comment without an answer": (lambda f: f.put("1.1", comment="x"), ["D", "1.1"], "no answer"),
    "a reason for a level": (lambda f: f.put("4.3", 3, reason="x"), ["E", "4.3"], "only with"),
    "no reason": (lambda f: f.put("5.2", "لا ينطبق"), ["E", "5.2"], "why this does not apply"),
    "critical and not applicable": (lambda f: f.put("1.1", "n/a", reason="x"), ["D", "1.1"], "concerns every"),
    "maybe a document": (lambda f: f.put("1.1", 3, evidence="ربما"), ["G", "1.1"], "yes or no"),
    "a long comment": (lambda f: f.put("1.1", 3, comment="x" * 2001), ["F", "1.1"], "there is room for"),
    "outside": (
        lambda f: setattr(f.sheet.cell(f.rows["1.1"], 9), "value", "x") or f.put("1.1", 3),
        ["I", "1.1"],
        "outside",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_named(name, full_round, member):
    spoil, (column, code), said = WRONG[name]
    filled = sheet_of(member, full_round)
    spoil(filled)
    filled.put("2.2", 3)
    with override("en"):
        checked = check(member, full_round, filled)

        assert checked.uuid is None and not AnswerSheet.objects.exists()
        assert [cell.address for cell in checked.wrong] == [f"{column}{filled.rows[code]}"]
        assert said in str(checked.wrong[0].message) and str(checked.wrong[0].remedy)
        assert checked.wrong[0].sheet == filled.sheet.title


def test_rows_that_should_not_be_there(full_round, member):
    filled = sheet_of(member, full_round).put("1.1", 3)
    last = max(filled.rows.values())
    for row, code in ((last + 1, "9.9"), (last + 2, "1.1"), (last + 3, None)):
        filled.sheet.cell(row, 1).value = code
        filled.sheet.cell(row, 4).value = 2
    assert [cell.address for cell in check(member, full_round, filled).wrong] == [
        f"A{last + 1}",
        f"A{last + 2}",
        f"A{last + 3}",
    ]


def test_merged_cells_are_named(full_round, member):
    filled = sheet_of(member, full_round).put("1.1", 3)
    filled.sheet.merge_cells(f"D{filled.rows['1.1']}:E{filled.rows['1.2']}")
    assert [cell.address for cell in check(member, full_round, filled).wrong] == [
        f"D{filled.rows['1.1']}:E{filled.rows['1.2']}"
    ]


def test_merged_cells_are_named_whatever_the_part_is_called(full_round, member):
    filled = sheet_of(member, full_round).put("1.1", 3)
    merged = f"D{filled.rows['1.1']}:E{filled.rows['1.2']}"
    filled.sheet.merge_cells(merged)
    content = moved(filled.content, "xl/worksheets/sheet1.xml", "xl/page.part")
    assert [cell.address for cell in check(member, full_round, content).wrong] == [merged]


def test_a_question_that_no_longer_concerns_the_association(full_round, president):
    filled = sheet_of(president, set_profile(president, full_round, ALL_TRUE))
    conditional = next(
        found.code for found in api.published_instrument(slug="gov-ma").instrument.all_indicators() if found.applies_if
    )
    filled.put(conditional, 3)
    opened = api.sheet(user_id=president.pk, association_id=full_round.association_id, kind="full", language="ar").round
    opened = set_profile(president, opened, ALL_FALSE)
    assert [cell.address for cell in check(president, opened, filled).wrong] == [filled.at(conditional)]


def test_a_sheet_of_another_round_or_version_or_none(full_round, member, association, instrument):
    elsewhere = factories.make_association()
    other = factories.make_member(elsewhere, role=Role.PRESIDENT)
    theirs = api.open_round(user_id=other.pk, association_id=elsewhere.id, kind="full")
    filled = sheet_of(member, full_round).put("1.1", 3)
    version = sheet_of(member, full_round).put("1.1", 3)
    version.sheet.cell(MARK_ROW + 1, 4).value = "0" * 64
    table = openpyxl.Workbook()
    buffer = io.BytesIO()
    table.save(buffer)

    for who, opened, content, code in (
        (other, theirs, filled, "sheet_of_other_round"),
        (member, full_round, version, "sheet_of_other_version"),
        (member, full_round, buffer.getvalue(), "not_an_answer_sheet"),
        (member, full_round, sheet_of(member, full_round), "empty_sheet"),
        (member, full_round, b"a;b\n", "wrong_kind"),
    ):
        with pytest.raises((BadInput, Unprocessable)) as caught:
            check(who, opened, content)
        assert caught.value.code == code


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_a_bomb_is_refused(name, full_round, member):
    with pytest.raises((BadInput, TooLarge, Unprocessable)):
        check(member, full_round, BOMBS[name])


def test_a_sheet_that_is_too_long(full_round, member, settings):
    filled = sheet_of(member, full_round).put("1.1", 3)
    filled.sheet.cell(500, 1).value = "x"
    with pytest.raises(TooLarge):
        check(member, full_round, filled)
    settings.NASSIJ_SHEET_MAX_BYTES = 1000
    with pytest.raises(TooLarge):
        check(member, full_round, sheet_of(member, full_round).put("1.1", 3))


# --- Who ------------------------------------------------------------------------------------------------

PEOPLE = {
    "president": lambda association: factories.make_member(association, role=Role.PRESIDENT),
    "member": factories.make_member,
    "lead": lambda association: factories.make_member(association, is_lead=True),
    "coach": factories.make_coach,
    "coordinator": lambda association: factories.make_coordinator(association),
    "operator": lambda association: factories.make_user(is_superuser=True),
    "former": factories.make_former_member,
    "stranger": lambda association: factories.make_member(factories.make_association(), role=Role.PRESIDENT),
    "coach elsewhere": lambda association: factories.make_coach(factories.make_association()),
    "nobody": lambda association: None,
}
MEMBERS = {"president", "member", "lead"}
KNOW = MEMBERS | {"coach", "coordinator", "operator"}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("state", ["draft", "consensus", "submitted"])
@pytest.mark.parametrize("operation", ["page", "download", "send"])
def test_who_may_what(operation, state, who, full_round, instrument, president, association):
    opened = set_profile(president, full_round, ALL_FALSE)
    content = sheet_of(president, opened).put("1.1", 3).content
    fill(president, opened, instrument, {"*": 3})
    if state == "consensus":
        api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)
    if state == "submitted":
        api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    person = PEOPLE[who](association)
    acts = {
        "page": lambda: api.sheet_round(user_id=person.pk if person else None, round_uuid=opened.uuid),
        "download": lambda: api.answer_sheet(
            user_id=person.pk if person else None, round_uuid=opened.uuid, language="ar"
        ),
        "send": lambda: check(person, opened, content),
    }
    may = MEMBERS - ({"member"} if (operation, state) == ("send", "consensus") else set())
    if who in may and state != "submitted":
        acts[operation]()
        return
    refusal = NotSignedIn if person is None else NotFound if who not in KNOW else Conflict if who in may else Forbidden
    with pytest.raises(refusal):
        acts[operation]()


def test_a_sheet_is_seen_and_applied_by_who_sent_it_only(full_round, member, president, coach):
    plan = plan_of(member, check(member, full_round, sheet_of(member, full_round).put("1.1", 3)))
    for person in (president, coach, factories.make_user()):
        for act in (
            lambda: api.sheet_plan(user_id=person.pk, sheet_uuid=plan.uuid, language="ar"),  # noqa: B023
            lambda: api.apply_sheet(user_id=person.pk, sheet_uuid=plan.uuid, seen=plan.seen),  # noqa: B023
            lambda: api.discard_sheet(user_id=person.pk, sheet_uuid=plan.uuid),  # noqa: B023
        ):
            with pytest.raises(NotFound):
                act()
    with pytest.raises(NotSignedIn):
        api.sheet_plan(user_id=None, sheet_uuid=plan.uuid, language="ar")
    assert not RespondentAnswer.objects.exists()


def test_an_account_that_goes_takes_what_is_not_applied(full_round, member):
    send(member, full_round, sheet_of(member, full_round).put("1.1", 3))
    check(member, full_round, sheet_of(member, full_round).put("1.2", 3))
    retire_user(member.pk)
    assert [(row.owner_id, row.answers) for row in AnswerSheet.objects.all()] == [(None, {})]


# --- The pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_way_through_without_script(language, full_round, member):
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(member)
    url = f"/nassij/governance/rounds/{full_round.uuid}/sheet/"
    page = client.get(url).content.decode()
    assert f'href="{url}ar.xlsx"' in page and f'href="{url}fr.xlsx"' in page
    assert url in client.get(f"/nassij/governance/rounds/{full_round.uuid}/").content.decode()
    answer = client.get(f"{url}ar.xlsx")
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    filled = Filled(answer.content)

    wrong = client.post(url, {"file": SimpleUploadedFile("a.xlsx", filled.put("1.1", "جيد جدا").content)})
    assert wrong.status_code == 422
    assert f'<bdi dir="ltr">{filled.at("1.1")}</bdi>' in wrong.content.decode() and "جيد جدا" in wrong.content.decode()

    sent = client.post(url, {"file": SimpleUploadedFile("a.xlsx", filled.put("1.1", 3).content)})
    assert sent.status_code == 302
    shown = client.get(sent["Location"])
    assert 'name="seen"' in shown.content.decode() and not RespondentAnswer.objects.exists()
    seen = shown.content.decode().split('name="seen" value="')[1].split('"')[0]
    save(member, full_round, "1.1", level(1))
    late = client.post(f"{sent['Location']}apply/", {"seen": seen})
    assert late.status_code == 409 and seen not in late.content.decode()
    seen = late.content.decode().split('name="seen" value="')[1].split('"')[0]
    assert client.post(f"{sent['Location']}apply/", {"seen": seen}).status_code == 302
    assert mine(member, full_round)["1.1"].level == 3
    assert 'name="seen"' not in client.get(sent["Location"]).content.decode()

    other = client.post(url, {"file": SimpleUploadedFile("a.xlsx", filled.put("1.2", 3).content)})
    assert client.post(f"{other['Location']}discard/").status_code == 302
    assert client.get(other["Location"]).status_code == 404
    assert client.get(f"{url}de.xlsx").status_code == 400


def test_a_submitted_round_takes_no_sheet(submitted, president):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(president)
    assert client.get(f"/nassij/governance/rounds/{submitted.uuid}/sheet/").status_code == 409
    assert "/sheet/" not in client.get(f"/nassij/governance/rounds/{submitted.uuid}/").content.decode()
