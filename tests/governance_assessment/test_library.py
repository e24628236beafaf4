"""Instrument versions: loading is idempotent, what is published never changes, and neither does what rests on it."""

from io import StringIO

import pytest
import yaml
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from governance_assessment import api
from governance_assessment.models import ConsensusAnswer, InstrumentVersion, RespondentAnswer, Round, Snapshot
from nassij.common.errors import BadInput, Conflict
from nassij.common.immutable import ImmutableError
from tests.governance_assessment.helpers import ALL_FALSE, INSTRUMENT_FILE, fill, level, save, set_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return yaml.safe_load(INSTRUMENT_FILE.read_text("utf-8"))


@pytest.fixture
def write(tmp_path):
    def _write(document, name="instrument.yaml"):
        path = tmp_path / name
        path.write_text(
            document if isinstance(document, str) else yaml.safe_dump(document, allow_unicode=True), "utf-8"
        )
        return path

    return _write


def load(*files, **options):
    out = StringIO()
    call_command("nassij_load_instruments", *map(str, files), stdout=out, **options)
    return out.getvalue().split()[-1]


def test_loading_twice_writes_once(django_assert_num_queries):
    assert load() == "created"
    before = list(InstrumentVersion.objects.values())
    assert load() == "unchanged"

    assert list(InstrumentVersion.objects.values()) == before
    assert before[0]["status"] == "published"


def test_a_changed_file_under_a_published_version_is_refused(document, write):
    load()
    document["sections"][0]["weight"] = 99

    with pytest.raises(CommandError) as refused:
        load(write(document))

    assert "0.1.0" in str(refused.value)
    stored = InstrumentVersion.objects.get()
    assert stored.content["sections"][0]["weight"] == 15


def test_a_draft_may_change_and_is_then_published(document, write):
    assert load(write(document), draft=True) == "created"
    document["title"]["fr"] = "Autre titre"
    assert load(write(document), draft=True) == "updated"
    assert load(write(document)) == "published"

    assert InstrumentVersion.objects.get().content["title"]["fr"] == "Autre titre"


def test_a_new_version_is_used_by_new_rounds_only(full_round, instrument, document, write, association, president):
    document["version"] = "0.2.0"
    document["sections"][0]["indicators"][0]["title"]["en"] = "Another wording"
    load(write(document))

    old = api.sheet(user_id=president.pk, association_id=association.id, kind="full", language="en").instrument
    assert old.indicator("1.1").title.in_language("en") == "Declaration receipt"
    assert api.published_instrument(slug="gov-ma").version == "0.2.0"
    api.retire(slug="gov-ma", version="0.2.0")
    assert api.published_instrument(slug="gov-ma").version == "0.1.0"


BROKEN = {
    "a missing language": lambda data: data["title"].pop("ar"),
    "a duplicate code": lambda data: data["sections"][0]["indicators"].append(data["sections"][0]["indicators"][0]),
    "an unknown law": lambda data: data["sections"][0]["indicators"][0]["laws"].append("L99"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_lines(name, document, write):
    BROKEN[name](document)

    with pytest.raises(BadInput) as refused:
        api.load_instrument_file(write(document), publish=True)

    assert refused.value.code == "invalid_instrument"
    assert all(isinstance(found["line"], int) for found in refused.value.extra["problems"])
    assert not InstrumentVersion.objects.exists()


@pytest.mark.parametrize("text", ["a: &a [*a]", "slug: [", "x" * 2_000_000, "- " * 500])
def test_a_cycle_a_bomb_and_rubbish_are_refused(text, write):
    with pytest.raises(CommandError):
        load(write(text))
    assert not InstrumentVersion.objects.exists()


def test_a_missing_file_is_said_plainly(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        load(tmp_path / "nothing.yaml")


# --- Guards ---------------------------------------------------------------------------------------------


def test_a_published_version_does_not_change(instrument):
    version = InstrumentVersion.objects.get()
    for change in ({"content": {}}, {"version": "9"}, {"status": "draft"}, {"content_hash": "0"}):
        for name, value in change.items():
            setattr(version, name, value)
        with pytest.raises(ImmutableError):
            version.save()
        version.refresh_from_db()
    for attempt in (
        version.delete,
        InstrumentVersion.objects.all().delete,
        lambda: InstrumentVersion.objects.update(slug="x"),
        lambda: InstrumentVersion.objects.bulk_update([version], ["slug"]),
    ):
        with pytest.raises(ImmutableError):
            attempt()
    assert InstrumentVersion.objects.count() == 1


def test_a_retired_version_does_not_come_back(instrument):
    api.retire(slug="gov-ma", version="0.1.0")
    version = InstrumentVersion.objects.get()
    version.status = "published"

    with pytest.raises(ImmutableError):
        version.save()


def test_a_draft_may_be_deleted(write, document):
    load(write(document), draft=True)
    InstrumentVersion.objects.get().delete()

    assert not InstrumentVersion.objects.exists()


def test_an_answer_is_written_once(full_round, member):
    save(member, full_round, "1.1", level(2))
    row = RespondentAnswer.objects.get()

    for attempt in (
        row.save,
        row.delete,
        RespondentAnswer.objects.all().delete,
        lambda: RespondentAnswer.objects.update(level=4),
        lambda: RespondentAnswer.objects.bulk_update([row], ["level"]),
        lambda: RespondentAnswer.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["id"], update_fields=["level"]
        ),
        lambda: RespondentAnswer.objects.bulk_create([row], None, False, True, ["level"], ["id"]),
    ):
        with pytest.raises(ImmutableError):
            attempt()
    assert RespondentAnswer.objects.get().level == 2


def test_a_level_goes_with_a_level_answer_only(full_round, member):
    for kind, number in (("dont_know", 2), ("level", None)):
        row = RespondentAnswer(
            round_id=full_round.id, respondent=member, indicator_code="1.1", revision=1, kind=kind, level=number
        )
        with pytest.raises(ValidationError):
            row.save()


@pytest.fixture
def submitted(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    return api.submit_round(user_id=president.pk, round_uuid=opened.uuid)


def test_what_was_submitted_does_not_change(submitted):
    snapshot, answer = Snapshot.objects.get(), ConsensusAnswer.objects.first()
    row = Round.objects.get()
    row.profile = {}

    for attempt in (
        snapshot.save,
        snapshot.delete,
        Snapshot.objects.all().delete,
        lambda: Snapshot.objects.update(result={}),
        answer.save,
        answer.delete,
        ConsensusAnswer.objects.all().delete,
        lambda: ConsensusAnswer.objects.update(level=4),
        row.save,
        row.delete,
    ):
        with pytest.raises(ImmutableError):
            attempt()


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (InstrumentVersion, {"scoring_hash": "x"}),
        (Round, {"profile": {}}),
        (RespondentAnswer, {"comment": "x"}),
        (ConsensusAnswer, {"note": "x"}),
        (Snapshot, {"result": {}}),
    ],
)
def test_a_new_object_with_the_key_of_a_stored_row_does_not_overwrite_it(model, change, submitted):
    before = model._base_manager.values().first()
    with pytest.raises((ImmutableError, IntegrityError)), transaction.atomic():
        model(**{**before, **change}).save()
    assert model._base_manager.filter(pk=before["id"]).values().get() == before


def test_a_common_answer_does_not_leave_a_submitted_round(submitted, president):
    opened = api.open_round(user_id=president.pk, association_id=submitted.association_id, kind="full")
    answer = ConsensusAnswer.objects.first()
    answer.round_id = opened.id
    with pytest.raises(ImmutableError):
        answer.save()


def test_a_submitted_round_still_moves_on(submitted):
    row = Round.objects.get()
    row.state = "validated"
    row.save()

    assert Round.objects.get().state == "validated"


def test_retirement_takes_the_name_and_leaves_the_result(submitted, president):
    from governance_assessment.retirement import retire_user

    before = Snapshot.objects.get().result
    for _ in range(2):
        retire_user(president.pk)

    assert not RespondentAnswer.objects.exists()
    assert Snapshot.objects.get().submitted_by is None
    assert Snapshot.objects.get().result == before


def test_the_admin_reads_and_does_not_write(submitted, rf):
    from tests.nassij.associations import factories

    request = rf.get("/admin/")
    request.user = factories.make_user(is_superuser=True)
    for model in (InstrumentVersion, Round, ConsensusAnswer, Snapshot):
        shown = admin.site._registry[model]
        row = model.objects.first()
        assert shown.has_view_permission(request, row)
        assert shown.has_add_permission(request) == (model is InstrumentVersion)  # a draft, from a file
        assert not shown.has_change_permission(request, row)
        assert not shown.has_delete_permission(request, row)
    assert RespondentAnswer not in admin.site._registry


def test_a_conflicting_load_says_what_to_do(document, write):
    load()
    document["title"]["en"] = "Changed"
    with pytest.raises(Conflict) as refused:
        api.load_instrument_file(write(document), publish=True)
    assert refused.value.code == "published_version_changed"
