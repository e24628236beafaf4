"""Versions that replace versions: the gate of publication, drafts with gaps, and equal questions through several versions."""

from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from governance_assessment import api
from governance_assessment.domain import dump_yaml, load_yaml, parse_instrument
from governance_assessment.instruments import drafts, loading
from governance_assessment.instruments.lineage import equal_indicators
from governance_assessment.instruments.releases import compatibility, trail_uuid
from governance_assessment.management.commands.nassij_load_instruments import own_files
from governance_assessment.models import InstrumentVersion
from nassij.common import audit
from nassij.common.errors import BadInput, Conflict, NassijError, NotFound, Unprocessable
from tests.governance_assessment.helpers import INSTRUMENT_FILE, next_version

pytestmark = pytest.mark.django_db


def first(document):
    return document["sections"][0]["indicators"][0]


def retitle(document):
    first(document)["title"]["en"] = "Another title"


def reweigh(document):
    document["sections"][0]["weight"] = 99


def hash_of(version):
    return InstrumentVersion.objects.get(version=version).content_hash


@pytest.fixture
def publish(instrument, tmp_path):
    def _publish(edit, version, before=None):
        path = next_version(tmp_path, edit, version, before)
        api.load_instrument_file(path, publish=True)
        return path

    return _publish


# --- The gate -------------------------------------------------------------------------------------------


def undeclared(document):
    del document["replaces"]


def declared(**items):
    def edit(document):
        document["replaces"]["items"].update(items)

    return edit


GATE = {
    "a wording as a patch": (retitle, "0.1.1", None, None),
    "a wording as a patch, not declared": (retitle, "0.1.1", undeclared, None),
    "a weight as a patch": (reweigh, "0.1.1", None, "version_step_too_small"),
    "a weight as a new version": (reweigh, "0.2.0", None, None),
    "a weight, not declared": (reweigh, "0.2.0", undeclared, "replacement_missing"),
    "the number in use": (retitle, "0.1.0", None, "published_version_changed"),
    "a lower number": (retitle, "0.0.9", None, "version_not_after"),
    "another predecessor": (retitle, "0.2.0", lambda data: data["replaces"].update(version="0.0.5"),
                            "unknown_predecessor"),
    "equal that is not": (lambda data: first(data)["levels"].update({4: {"ar": "ا", "fr": "b", "en": "c"}}), "0.2.0",
                          declared(**{"1.1": {"relation": "equal"}}), "replacement_invalid"),
}  # fmt: skip


@pytest.mark.parametrize("name", GATE)
def test_what_may_be_published(name, instrument, tmp_path):
    edit, version, afterwards, refused = GATE[name]
    path = next_version(tmp_path, edit, version)
    if version == "0.1.0":
        document = load_yaml(path.read_bytes())
        del document["replaces"]
        path.write_text(dump_yaml(document), "utf-8")
    if afterwards:
        document = load_yaml(path.read_bytes())
        afterwards(document)
        path.write_text(dump_yaml(document), "utf-8")
    before = list(InstrumentVersion.objects.values())

    if refused is None:
        api.load_instrument_file(path, publish=True)
        assert api.published_instrument(slug="gov-ma").version == version
        return
    with pytest.raises(NassijError) as error:
        api.load_instrument_file(path, publish=True)
    assert error.value.code == refused
    assert str(error.value.remedy)
    assert list(InstrumentVersion.objects.values()) == before


def test_the_first_version_of_an_instrument_has_nothing_before_it(instrument):
    document = yaml.safe_load(INSTRUMENT_FILE.read_text("utf-8")) | {"slug": "other"}
    report = compatibility(parse_instrument(document))
    assert (report.before, report.changes, report.refusal(parse_instrument(document))) == (None, (), None)


def test_a_replacement_that_is_wrong_names_each_place(instrument, tmp_path):
    path = next_version(tmp_path, reweigh)
    document = load_yaml(path.read_bytes())
    document["replaces"]["items"]["1.1"] = {"relation": "new"}
    path.write_text(dump_yaml(document), "utf-8")
    with pytest.raises(Unprocessable) as refused:
        api.load_instrument_file(path, publish=True)
    found = {problem["code"]: problem for problem in refused.value.extra["problems"]}
    assert found.keys() == {"code_reused", "not_accounted_for"}
    assert found["code_reused"]["path"] == "/replaces/items/1.1"
    assert "1.1" in found["code_reused"]["text"]


def test_a_retired_version_may_be_replaced(publish):
    faulty = publish(reweigh, "0.2.0")
    api.retire(slug="gov-ma", version="0.2.0")
    publish(retitle, "0.2.1", faulty)
    assert api.published_instrument(slug="gov-ma").version == "0.2.1"


def test_own_files_come_in_the_order_of_their_numbers(monkeypatch, tmp_path):
    for version in ("0.10.0", "0.2.0", "0.2.0-rc1"):
        (tmp_path / "gov-ma").mkdir(exist_ok=True)
        (tmp_path / "gov-ma" / f"{version}.yaml").write_text("")
    monkeypatch.setattr("governance_assessment.management.commands.nassij_load_instruments.INSTRUMENTS", tmp_path)
    assert [path.stem for path in own_files()] == ["0.2.0-rc1", "0.2.0", "0.10.0"]


def test_a_site_with_newer_versions_of_its_own_still_starts(publish, tmp_path, monkeypatch):
    """The suite ships an older number than what the site's operator has published."""
    newer = publish(reweigh, "0.3.0")
    (tmp_path / "gov-ma").mkdir()
    shipped = next_version(tmp_path / "gov-ma", retitle, "0.2.0")
    monkeypatch.setattr("governance_assessment.management.commands.nassij_load_instruments.INSTRUMENTS", tmp_path)
    out = StringIO()
    call_command("nassij_load_instruments", stdout=out)
    assert "0.2.0: skipped" in out.getvalue()
    assert api.published_instrument(slug="gov-ma").version == "0.3.0"
    with pytest.raises(CommandError):
        call_command("nassij_load_instruments", str(shipped), stdout=out)
    assert newer.exists()


# --- Drafts ---------------------------------------------------------------------------------------------


@pytest.fixture
def draft(instrument):
    return drafts.draft_after(InstrumentVersion.objects.get(), "0.1.1", actor_id=7)


def edited(version, edit):
    content = yaml.safe_load(yaml.safe_dump(version.content))
    edit(content)
    return drafts.read_draft(content)


def test_a_draft_starts_from_a_version_with_everything_equal(draft):
    assert draft.status == "draft"
    assert {item["relation"] for item in draft.content["replaces"]["items"].values()} == {"equal"}
    assert len(draft.content["replaces"]["items"]) == 48
    with pytest.raises(Conflict) as refused:
        drafts.draft_after(InstrumentVersion.objects.get(version="0.1.0"), "0.1.1", actor_id=7)
    assert refused.value.code == "version_exists"
    with pytest.raises(Conflict) as refused:
        drafts.draft_after(draft, "0.1.2", actor_id=7)
    assert refused.value.code == "not_published"


def test_a_draft_may_have_gaps_and_is_not_published_with_them(draft):
    changed = edited(draft, lambda data: first(data)["title"].pop("ar"))
    stored = drafts.save_draft(changed, actor_id=7, version_id=draft.pk, seen_hash=draft.content_hash)
    by_language = {part.language: part for part in drafts.completeness(stored.content)}
    assert by_language["ar"].missing == ("/sections/0/indicators/0/title",)
    assert (by_language["ar"].percent, by_language["fr"].percent) == (99, 100)
    with pytest.raises(BadInput) as refused:
        loading.publish(draft.pk, actor_id=7)
    assert refused.value.code == "not_complete"
    assert [found["path"] for found in refused.value.extra["problems"]] == ["/sections/0/indicators/0/title"]

    whole = edited(stored, lambda data: first(data)["title"].update(ar="وصل التصريح"))
    drafts.save_draft(whole, actor_id=7, version_id=draft.pk)
    published = loading.publish(draft.pk, actor_id=8)
    assert published.status == "published"
    assert loading.publish(draft.pk, actor_id=9).published_at == published.published_at
    trail = audit.events_for(object_uuid=trail_uuid("gov-ma", "0.1.1"))
    assert [(event.action, event.actor_id) for event in reversed(trail)] == [
        ("instrument.drafted", 7), ("instrument.drafted", 7), ("instrument.drafted", 7), ("instrument.published", 8),
    ]  # fmt: skip


def test_two_editors_of_a_draft_do_not_overwrite_each_other(draft):
    one, other = edited(draft, retitle), edited(draft, reweigh)
    drafts.save_draft(one, actor_id=7, version_id=draft.pk, seen_hash=draft.content_hash)
    with pytest.raises(Conflict) as refused:
        drafts.save_draft(other, actor_id=8, version_id=draft.pk, seen_hash=draft.content_hash)
    assert refused.value.code == "draft_changed"
    with pytest.raises(Conflict):
        loading.publish(draft.pk, actor_id=8, seen_hash=draft.content_hash)
    with pytest.raises(NotFound):
        drafts.save_draft(other, actor_id=8, version_id=draft.pk + 100)


def test_a_published_version_is_no_draft(instrument):
    version = InstrumentVersion.objects.get()
    with pytest.raises(Conflict) as refused:
        drafts.save_draft(edited(version, retitle), actor_id=7, version_id=version.pk)
    assert refused.value.code == "not_a_draft"
    assert InstrumentVersion.objects.get().content == version.content


def test_retiring(draft):
    with pytest.raises(Conflict):
        api.retire(slug="gov-ma", version="0.1.1")
    loading.retire(slug="gov-ma", version="0.1.0", actor_id=7)
    before = InstrumentVersion.objects.get(version="0.1.0").retired_at
    loading.retire(slug="gov-ma", version="0.1.0", actor_id=7)
    assert InstrumentVersion.objects.get(version="0.1.0").retired_at == before
    with pytest.raises(Conflict):
        loading.publish(InstrumentVersion.objects.get(version="0.1.0").pk, actor_id=7)
    with pytest.raises(NotFound):
        api.retire(slug="gov-ma", version="9.9.9")


# --- Equal through several versions -----------------------------------------------------------------------


def test_equal_questions_are_followed_from_version_to_version(publish, instrument):
    def rename(document):
        document["sections"][0]["indicators"][2]["code"] = "1.9"

    def declare_renamed(path):
        document = load_yaml(path.read_bytes())
        document["replaces"]["items"]["1.9"] = {"relation": "equal", "from": ["1.3"]}
        document["replaces"]["items"].pop("1.3", None)
        path.write_text(dump_yaml(document), "utf-8")

    second = publish(retitle, "0.1.1")
    third = next_version(second.parent, rename, "0.2.0", second)
    declare_renamed(third)
    api.load_instrument_file(third, publish=True)
    publish(lambda data: data["sections"][0]["indicators"].pop(3), "0.3.0", third)

    codes = list(instrument.by_code)
    across = equal_indicators(hash_of("0.1.0"), hash_of("0.3.0"))
    assert across["1.3"] == "1.9"
    assert codes[3] not in across
    assert len(across) == 47
    assert equal_indicators(hash_of("0.1.0"), hash_of("0.1.0")) == {code: code for code in codes}
    # Back to an older version: by code and meaning.
    assert "1.3" not in equal_indicators(hash_of("0.3.0"), hash_of("0.1.0"))
    assert len(equal_indicators(hash_of("0.3.0"), hash_of("0.1.0"))) == 46


def test_what_looking_up_costs(publish, django_assert_num_queries):
    publish(retitle, "0.1.1")
    old, new = hash_of("0.1.0"), hash_of("0.1.1")
    equal_indicators(old, new)
    with django_assert_num_queries(0):
        equal_indicators(old, new)


def test_what_changed_in_meaning_is_not_equal_without_a_declaration(publish):
    publish(retitle, "0.1.1")
    content = InstrumentVersion.objects.get(version="0.1.1").content
    assert "replaces" in content
    assert equal_indicators(hash_of("0.1.0"), hash_of("0.1.1"))["1.1"] == "1.1"
