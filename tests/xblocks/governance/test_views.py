"""What the block shows, to whom, in which runtime."""

import gzip
import math
import re
from html.parser import HTMLParser

import pytest
from django.utils import translation
from lxml import etree
from xblock.core import XBlock

from governance_assessment import api
from governance_assessment.models import Round
from nassij.associations.api import leave
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, save, set_profile
from tests.nassij.associations import factories
from tests.xblocks.governance.runtimes import LIBRARY_KEY, LibraryRuntime, in_library, in_workbench, make_block
from xblocks.governance import sheet
from xblocks.governance_block import GovernanceBlock

pytestmark = pytest.mark.django_db

NEVER_SHOWN = "SECRET-COMMENT"


class Page(HTMLParser):
    """Tags with their attributes, and the order they are closed in."""

    VOID = {"input", "br", "meta", "link", "rect"}

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.errors = [], [], []
        self.feed(html)
        assert not self.open
        assert not self.errors

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.errors.append(tag)

    def all(self, kind, /, **wanted):
        return [found for tag, found in self.tags if tag == kind and wanted.items() <= found.items()]


def shown(block, language="ar"):
    with translation.override(language):
        return block.student_view().content


@pytest.fixture(params=[in_library, in_workbench])
def runtime(request, settings):
    if request.param is in_workbench:
        settings.ROOT_URLCONF = "workbench.urls"  # its runtime looks up the addresses of its handlers there
    return request.param


def test_the_questions_are_one_form_that_needs_no_script(runtime, full_round, member):
    page = Page(shown(runtime(member, round_kind="full")))

    assert len(page.all("form", method="post")) == 1
    assert len(page.all("fieldset")) == 48 + 5
    assert len(page.all("input", type="radio", value="dont_know")) == 48
    assert len(page.all("input", type="radio", value="not_applicable")) == 48 - 7
    assert len(page.all("textarea", name="c")) == 48
    ids = [found["id"] for _tag, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))


def test_an_express_block_asks_eighteen(express_round, member):
    page = Page(shown(in_library(member)))

    assert len(page.all("textarea", name="c")) == 18


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_each_language_stands_on_the_root(language, direction, express_round, instrument, member):
    html = shown(in_library(member), language)

    root = Page(html).tags[0][1]
    assert (root["lang"], root["dir"]) == (language, direction)
    assert instrument.title.in_language(language) in html


def test_given_answers_come_back_where_they_were_given(full_round, member):
    save(member, full_round, "2.1", level(3, comment="<b>نعم</b>", evidence="declared", sure=False))
    save(member, full_round, "2.5", {"kind": "not_applicable", "reason": '"سبب"'})
    save(member, full_round, "2.6", {"kind": "dont_know"})
    set_profile(member, full_round, {"has_employees": False})

    html = shown(in_library(member, round_kind="full"))
    page = Page(html)

    checked = {(found["name"], found["value"]) for found in page.all("input") if "checked" in found}
    assert checked == {
        ("a-2.1", "3"),
        ("a-2.5", "not_applicable"),
        ("a-2.6", "dont_know"),
        ("e", "2.1"),
        ("u", "2.1"),
        ("p-has_employees", "no"),
    }
    assert "&lt;b&gt;نعم&lt;/b&gt;" in html
    assert [found["value"] for found in page.all("input", name="r") if found["value"]] == ['"سبب"']
    assert page.all("section", id=f"{in_library(member).uid}-5.3")[0].get("hidden", "no") is None
    assert page.all("input", name="seen")[0]["value"].split().count("1") == 3


def test_another_members_answers_are_not_on_the_page(full_round, president, member):
    save(president, full_round, "2.1", level(4, comment=NEVER_SHOWN))

    html = shown(in_library(member, round_kind="full"))

    assert NEVER_SHOWN not in html
    assert "checked" not in html


def test_nothing_inline_and_nothing_from_elsewhere(full_round, instrument, member):
    opened = set_profile(member, full_round, ALL_FALSE)
    fill(member, opened, instrument, {"*": 2, "2.1": 1})
    fragment = in_library(member, round_kind="full").student_view()

    assert not re.search(r"style=|<script|<style| on\w+=|https?://(?!www\.w3\.org)", fragment.content)
    urls = [resource.data for resource in fragment.resources if resource.kind == "url"]
    assert all(url.startswith("/") for url in urls)
    assert len(urls) == 3  # the shared style and script, and the block's own script


def test_the_page_is_light(full_round, instrument, member):
    opened = set_profile(member, full_round, ALL_FALSE)
    fill(member, opened, instrument, {"*": 2})
    for language in ("ar", "fr", "en"):
        block = in_library(member, round_kind="full", show="questions")
        assert len(gzip.compress(shown(block, language).encode())) <= 14 * 1024


def test_the_page_costs_four_queries(full_round, instrument, member, django_assert_num_queries):
    fill(member, full_round, instrument, {"*": 3})
    block = in_library(member, round_kind="full", show="questions")
    shown(block)
    with django_assert_num_queries(4):
        shown(block)


def test_when_all_is_answered_the_result_comes_first(full_round, instrument, member, django_assert_num_queries):
    opened = set_profile(member, full_round, ALL_FALSE)
    fill(member, opened, instrument, {"*": 3, "2.1": 1})
    block = in_library(member, round_kind="full")
    shown(block)

    with django_assert_num_queries(5):
        html = shown(block)

    page = Page(html)
    assert html.index("nassij-radar") < html.index("<form")
    assert page.all("a", href=f"#{block.uid}-2.1")
    assert len(page.all("tr")) == 9
    for word in ("64,1", "انطلاق"):
        assert word in html


def test_before_they_talk_the_result_is_made_of_the_learners_own_answers(full_round, instrument, president, member):
    opened = set_profile(member, full_round, ALL_FALSE)
    fill(member, opened, instrument, {"*": 3, "2.1": 1})
    save(president, opened, "2.1", level(1))
    block = in_library(member, round_kind="full", show="result")
    before = shown(block, "en")
    save(president, opened, "2.1", level(4), revision=1)
    save(president, opened, "2.2", level(4))

    assert shown(block, "en") == before
    assert "This is what your own answers give." in before
    assert "64.1" in before


def test_the_link_to_the_round_says_what_its_reader_does_there(full_round, instrument, president, member):
    opened = set_profile(member, full_round, ALL_FALSE)
    fill(member, opened, instrument, {"*": 3, "2.1": 1})
    plain = "Open the page of this round"
    said = {"discussion": f"{plain}, where the discussion begins", "submit": f"{plain}, where it is submitted"}

    def link(who):
        html = shown(in_library(who, round_kind="full"), "en")
        return re.search(rf'<a href="/nassij/governance/rounds/{opened.uuid}/">({plain}[^<]*)</a>', html).group(1)

    assert link(member) == plain
    fill(president, opened, instrument, {"*": 3})
    assert link(president) == said["discussion"]  # the two differ
    save(member, opened, "2.1", level(3), revision=1)
    assert link(president) == said["submit"]
    assert link(member) == plain


def test_who_has_not_answered_is_shown_no_result_made_of_others(full_round, instrument, president, member):
    fill(president, full_round, instrument, {"*": 4})

    html = shown(in_library(member, round_kind="full", show="result"), "en")

    assert "The answers are still closed" in html
    assert "nassij-radar" not in html
    assert "Exemplary" not in html


def test_a_visitor_is_told_to_sign_in(full_round):
    html = shown(in_library(None), "en")

    assert "Sign in to answer for your association." in html
    assert "<form" not in html
    assert in_library(None).public_view().content.count("<form") == 0


def test_someone_without_association_gets_the_way_to_join(instrument):
    html = shown(in_library(factories.make_user()), "en")

    assert "You are not a member of an association here yet." in html
    assert 'href="/nassij/join/"' in html


@pytest.mark.parametrize("accompany", [factories.make_coach, factories.make_coordinator])
def test_who_accompanies_is_shown_their_list_and_not_told_to_join(accompany, instrument, association):
    html = shown(in_library(accompany(association)), "en")

    assert 'href="/nassij/associations/"' in html
    assert "Join my association" not in html


def test_a_former_member_sees_nothing_of_the_association(full_round, association, member):
    save(member, full_round, "2.1", level(4))
    leave(user_id=member.pk, association_id=association.id)

    html = shown(in_library(member, round_kind="full"), "en")

    assert association.name not in html
    assert "<form" not in html


def test_someone_in_two_associations_is_asked_which(full_round, association, member):
    other = factories.make_association("جمعية أخرى")
    factories.make_member(other, member)

    html = shown(in_library(member, round_kind="full"))

    assert {found["value"] for found in Page(html).all("button", name="association")} == {
        str(association.id),
        str(other.id),
    }
    chosen = in_library(member, round_kind="full", chosen_association=association.id)
    assert Page(shown(chosen)).all("input", name="association", value=str(association.id))


def test_an_association_chosen_once_and_left_since_is_asked_again(full_round, member):
    for _ in range(2):
        factories.make_member(factories.make_association(), member)
    block = in_library(member, round_kind="full", chosen_association=10**6)

    assert len(Page(shown(block)).all("button", name="association")) == 3


def test_before_the_round_is_open_the_block_says_what_comes(instrument, association, member):
    html = shown(in_library(member, round_kind="full"), "en")

    assert "48 questions" in html
    assert "about 25 minutes" in html
    assert ">Begin</button>" in html


def test_a_full_block_on_an_express_round_offers_to_go_on(express_round, member):
    assert ">Continue with all the questions</button>" in shown(in_library(member, round_kind="full"), "en")


def test_a_submitted_round_shows_its_result_and_no_form_for_answers(full_round, instrument, president, member):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    seen_by_member, seen_by_president = (shown(in_library(who, round_kind="full"), "en") for who in (member, president))

    assert "nassij-radar" in seen_by_member
    assert "<form" not in seen_by_member
    assert "Open the next round" in seen_by_president


def test_while_the_round_is_discussed_the_block_says_so_and_leads_there(full_round, instrument, president, member):
    fill(president, full_round, instrument, {"*": 3})
    Round.objects.update(state="consensus")
    page = Page(html := shown(in_library(member, round_kind="full"), "en"))

    assert "The members have answered. Now you talk about what differs." in html
    assert not page.all("form")
    assert page.all("a", href=f"/nassij/governance/rounds/{full_round.uuid}/")
    assert page.all("a", href=f"/nassij/governance/rounds/{full_round.uuid}/discussion/")


def test_while_the_round_is_discussed_members_see_what_is_still_to_settle(full_round, instrument, president, member):
    fill(president, full_round, instrument, {"*": 3})
    fill(member, full_round, instrument, {"*": 3, "2.1": 1})
    api.start_discussion(user_id=president.pk, round_uuid=full_round.uuid)

    html = shown(in_library(member, round_kind="full"), "en")

    assert "0 of 1 point settled" in html
    assert "Starting: 1 member · Established: 1 member" in html
    assert f'href="/nassij/governance/rounds/{full_round.uuid}/discussion/#q-2.1"' in html


def test_a_validated_result_stands_in_the_block_with_the_coachs_word_and_the_next_steps(
    full_round, instrument, association, president, member
):
    coach = factories.make_coach(association)
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    api.validate_round(user_id=coach.pk, round_uuid=opened.uuid, remark="عمل جيد", confirm_rest=True)

    html = shown(in_library(member, round_kind="full"), "en")

    assert "عمل جيد" in html
    assert html.index("nassij-radar") < html.index("Three next steps") < html.index("The overall level")
    assert "/nassij/governance/scoring/" in html
    assert "<form" not in html


def test_every_page_of_a_learner_sends_what_the_phone_kept(full_round, instrument, president, member):
    """Also the ones without questions: the round may have moved on while the phone was off."""

    def script(block):
        fragment = block.student_view()
        return fragment.js_init_fn, (fragment.json_init_args or {}).get("user")

    assert script(in_library(member, round_kind="full")) == ("NassijGovernance", member.pk)
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    assert script(in_library(member, round_kind="full")) == ("NassijGovernance", member.pk)
    stranger = factories.make_user()
    assert script(in_library(stranger)) == ("NassijGovernance", stranger.pk)
    assert script(in_library(None)) == (None, None)


def test_without_the_instrument_the_block_says_what_is_missing(association, member):
    html = shown(in_library(member), "en")

    assert "not ready on this site yet" in html


def test_without_the_apps_the_block_still_stands(member, monkeypatch):
    monkeypatch.setattr("xblocks.governance.window.installed", lambda app: app != "governance_assessment")
    block = in_library(member, usage=LIBRARY_KEY)

    for view in (block.student_view, block.author_view):
        with translation.override("en"):
            assert "not installed on this site" in view().content
    assert block.index_dictionary()["content"] == {"display_name": "Self-assessment"}
    assert block.student_view_data()["kind"] == "express"
    assert block.studio_view().content


def test_a_runtime_without_any_service_is_enough(instrument):
    runtime = LibraryRuntime()
    runtime._services.clear()

    assert make_block(runtime, LIBRARY_KEY).student_view().content


def test_the_author_sees_the_questions_with_nothing_to_send(instrument):
    page = Page(in_library(None, usage=LIBRARY_KEY, round_kind="full").author_view().content)

    form = page.all("form")[0]
    assert "inert" in form
    assert len(page.all("textarea", name="c")) == 48


def test_the_author_of_a_block_with_an_unknown_questionnaire_is_told(instrument):
    with translation.override("en"):
        assert "not ready" in in_library(None, instrument_slug="gone").author_view().content


def test_mobile_and_search_get_titles_and_no_answers(full_round, instrument, member):
    save(member, full_round, "2.1", level(4, comment=NEVER_SHOWN))
    block = in_library(member, round_kind="full")

    data, index = block.student_view_data(), block.index_dictionary()

    assert (data["version"], len(data["indicators"])) == ("0.1.0", 48)
    assert "انتخاب المكتب" in index["content"]["questionnaire"]
    assert NEVER_SHOWN not in str(data) + str(index)


def test_olx_goes_round(instrument):
    block = in_library(None, usage=LIBRARY_KEY, display_name="تقييم & <ذاتي>", round_kind="full", show="result")
    node = etree.Element("nassij_governance")
    block.add_xml_to_node(node)
    runtime = LibraryRuntime()
    again = GovernanceBlock.parse_xml(etree.fromstring(etree.tostring(node)), runtime, block.scope_ids)

    assert (again.display_name, again.round_kind, again.show) == (block.display_name, "full", "result")
    assert "last_seen" not in node.attrib


def test_the_entry_point_and_what_the_platform_asks_of_it(instrument):
    assert XBlock.load_class("nassij_governance") is GovernanceBlock
    block = in_library(None)
    assert not block.has_children
    assert block.has_support(block.student_view, "multi_device")
    assert GovernanceBlock.completion_mode == "completable"


def test_the_time_left_is_counted_in_minutes():
    with translation.override("en"):
        assert sheet.left_words(36) == "about 20 minutes left"  # above ten, the next five
        assert sheet.left_words(9) == "about 5 minutes left"
        assert sheet.left_words(1) == "about 1 minute left"
        assert sheet.left_words(0) == "All answered"
        words = sheet.script_words(48)
    minutes = words["minutes"].split("|")
    assert (minutes[0], minutes[9]) == ("All answered", "about 9 minutes left")
    assert words["of"] == "{done} of {total}"
    for missing in range(49):  # what the script takes is what the page says
        at = math.ceil(missing * float(words["pace"]))
        with translation.override("en"):
            assert next(filter(None, minutes[at:])) == sheet.left_words(missing)
