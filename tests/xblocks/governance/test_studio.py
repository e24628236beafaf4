"""The author's form: what it offers and says; who is given it; OLX that goes round exactly and carries nothing of a learner."""

from __future__ import annotations

import json

import lxml.html
import pytest
from django.test import override_settings
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from governance_assessment import api
from tests.governance_assessment.helpers import INSTRUMENT_FILE
from tests.nassij.associations import factories
from tests.xblocks.governance.runtimes import LIBRARY_KEY, LibraryRuntime, in_library, make_block, post_json
from tests.xblocks.governance.test_handlers import SETTINGS
from xblocks.governance_block import GovernanceBlock


def form(block, language="en"):
    with translation.override(language):
        fragment = block.studio_view()
    assert json.loads(json.dumps(fragment.to_dict()))["js_init_fn"] == "NassijGovernanceStudio"
    return lxml.html.fromstring(fragment.content)


def author(**fields):
    return in_library(factories.make_user(), is_staff=True, **fields)


def publish_next(tmp_path, version="0.2.0"):
    path = tmp_path / f"{version}.yaml"
    path.write_text(INSTRUMENT_FILE.read_text("utf-8").replace("0.1.0", version), "utf-8")
    api.load_instrument_file(path, publish=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "name", "about"),
    [
        ("ar", "(النسخة 0.1.0)", "عدد الأسئلة: 48، منها 18 في الصيغة المختصرة."),
        ("fr", "(version 0.1.0)", "Nombre de questions : 48, dont 18 au format express."),
        ("en", "(version 0.1.0)", "Number of questions: 48, of which 18 in the express round."),
    ],
)
def test_a_questionnaire_is_offered_with_its_version_its_length_and_where_to_read_it(language, name, about, instrument):
    page = form(author(), language)
    (option,) = page.xpath(".//select[@name='instrument_slug']/option")

    assert (option.get("value"), option.get("selected") is not None) == ("gov-ma", True)
    assert name in option.text
    assert about in page.xpath("string(.//*[@data-about][@aria-live])").replace("\u00a0", " ")
    (link,) = page.xpath(".//a[@data-reading]")
    assert (link.get("href"), link.get("target")) == ("/nassij/governance/instruments/gov-ma/", "_blank")
    assert page.get("lang") == language
    assert page.get("dir") == ("rtl" if language == "ar" else "ltr")


@pytest.mark.django_db
def test_the_version_published_last_is_offered(instrument, tmp_path):
    publish_next(tmp_path)

    (option,) = form(author()).xpath(".//select[@name='instrument_slug']/option")
    assert "(version 0.2.0)" in option.text


@pytest.mark.django_db
@override_settings(SERVICE_VARIANT="cms", LMS_ROOT_URL="https://lms.example.org", NASSIJ_SITE_URL="")
def test_in_studio_the_questionnaire_is_read_in_the_lms(instrument, monkeypatch):
    monkeypatch.setattr("xblocks.governance.window.page_url", lambda *args, **kwargs: None)  # Studio has no such page
    (link,) = form(author()).xpath(".//a[@data-reading]")

    assert link.get("href") == "https://lms.example.org/nassij/governance/instruments/gov-ma/"


@pytest.mark.django_db
def test_a_questionnaire_that_is_gone_stays_chosen_until_the_author_chooses_another(instrument):
    block = author(instrument_slug="gone")
    page = form(block)

    assert page.xpath("string(.//option[@selected]/@value)") == "gone"
    assert "not in use on this site" in page.text_content()
    assert page.xpath(".//a[@data-reading]")[0].get("hidden") is not None
    assert post_json(block, "studio_submit", SETTINGS | {"instrument_slug": "gone"}).status_code == 200
    assert post_json(block, "studio_submit", SETTINGS | {"instrument_slug": "another"}).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_each_problem_is_said_at_its_field_in_the_authors_language(language, instrument):
    block = author()
    with translation.override(language):
        response = post_json(block, "studio_submit", {"display_name": "", "instrument_slug": None, "round_kind": "x"})

    assert (response.status_code, response.json["code"]) == (422, "bad_setting")
    assert list(response.json["fields"]) == ["display_name", "instrument_slug", "round_kind", "show"]
    arabic = all(
        "\u0600" <= word[0] <= "\u06ff" for word in (response.json["detail"], *response.json["fields"].values())
    )
    assert arabic == (language == "ar")
    assert block.display_name != ""


@pytest.mark.django_db
def test_a_title_nobody_chose_stays_in_each_readers_language(instrument):
    block = author()
    with translation.override("fr"):
        title = form(block, "fr").xpath("string(.//input[@name='display_name']/@value)")
        assert title == "Auto-évaluation"
        assert post_json(block, "studio_submit", SETTINGS | {"display_name": title}).status_code == 200
    assert block.display_name == "Self-assessment"
    with translation.override("fr"):
        post_json(block, "studio_submit", SETTINGS | {"display_name": "Notre bilan"})
    assert block.display_name == "Notre bilan"


@pytest.mark.django_db
def test_only_who_may_write_is_given_the_form(instrument, member):
    for block in (in_library(member), in_library(None)):
        assert "<select" not in block.studio_view().content
    with override_settings(SERVICE_VARIANT="cms"):
        form_of_author = in_library(member, usage=LIBRARY_KEY).studio_view()
        assert "<select" in form_of_author.content
        assert any("nassij/studio.css" in resource.data for resource in form_of_author.resources)


@pytest.mark.django_db
def test_without_the_apps_the_form_says_so_and_keeps_what_is_set(monkeypatch, member):
    monkeypatch.setattr("xblocks.governance.window.installed", lambda app: False)
    page = form(in_library(member, is_staff=True, usage=LIBRARY_KEY))

    assert "not installed on this site" in page.text_content()
    assert page.xpath("string(.//select[@name='instrument_slug']/option/@value)") == "gov-ma"


# --- OLX ------------------------------------------------------------------------------------------------------------

# What XML can carry: bidirectional marks and line ends included, for whoever writes OLX by hand.
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cn", "Cc"), include_characters="\t\n\r\u200f\u202b\u2067"),
    max_size=40,
)
authored = st.fixed_dictionaries(
    {},
    optional={
        "display_name": texts,
        "instrument_slug": texts,
        "round_kind": st.sampled_from(["express", "full"]),
        "show": st.sampled_from(["all", "questions", "result"]),
    },
)
learners = {"last_seen": "1.1", "chosen_association": 7, "told_round": "0c9b2a1e"}


def written(block: GovernanceBlock) -> etree._Element:
    node = etree.Element("unknown")
    block.add_xml_to_node(node)
    return etree.fromstring(etree.tostring(node))


def read(node: etree._Element) -> GovernanceBlock:
    runtime = LibraryRuntime()
    block = make_block(runtime, LIBRARY_KEY)
    return GovernanceBlock.parse_xml(node, runtime, block.scope_ids)


def values(block: GovernanceBlock) -> dict[str, tuple[object, bool]]:
    names = ("display_name", "instrument_slug", "round_kind", "show")
    return {name: (getattr(block, name), block.fields[name].is_set_on(block)) for name in names}


@settings(max_examples=200, deadline=None)
@given(authored, st.booleans())
def test_olx_goes_round_exactly_and_takes_nothing_of_a_learner(fields, used):
    block = make_block(LibraryRuntime(), LIBRARY_KEY, **fields, **(learners if used else {}))
    node = written(block)
    again = read(node)

    assert values(again) == values(block)
    assert node.tag == "nassij_governance"
    assert set(node.attrib) <= {"xblock-family", "display_name", "instrument_slug", "round_kind", "show"}
    assert etree.tostring(written(again)) == etree.tostring(node)


def test_olx_that_carries_somebodys_state_sets_none():
    node = etree.fromstring(
        '<nassij_governance round_kind="full" last_seen="2.1" told_round="x" chosen_association="7"/>'
    )
    before = etree.tostring(node)
    block = read(node)

    assert (block.round_kind, block.last_seen, block.told_round, block.chosen_association) == ("full", "", "", None)
    assert etree.tostring(node) == before  # what was given is not changed
