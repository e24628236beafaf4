"""Calls as they are loaded, published, withdrawn; every reason and problem in words of three languages."""

from __future__ import annotations

import json
import string
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.utils.translation import override

from funding_guide.calls import library, loading
from funding_guide.calls.problems import problem_text
from funding_guide.calls.words import reason_text, remedy_text
from funding_guide.data import CallStatus, LoadOutcome
from funding_guide.domain import Finding, InvalidCall, Problem, ProblemCode, Reason, Verdict, call_to_data
from funding_guide.models import CallVersion
from nassij.common.errors import BadInput, Conflict, NotFound
from nassij.common.immutable import ImmutableError
from nassij.common.models import AuditEvent
from tests.funding_guide.domain.builders import call, data, rule

TODAY = date(2027, 1, 10)


@pytest.fixture(autouse=True)
def _forget() -> None:
    library._kept.clear()


def file_of(tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "call.yaml"
    path.write_text(yaml.safe_dump(data(**changes), allow_unicode=True), "utf-8")
    return path


@pytest.mark.django_db
def test_a_file_is_loaded_once(tmp_path: Path) -> None:
    path = file_of(tmp_path)
    assert loading.load_call_file(path, publish=True).outcome == LoadOutcome.CREATED
    written = CallVersion.objects.values().get()
    assert loading.load_call_file(path, publish=True).outcome == LoadOutcome.UNCHANGED
    assert CallVersion.objects.values().get() == written
    assert AuditEvent.objects.filter(action="funding.call.published").count() == 1


@pytest.mark.django_db
def test_a_draft_is_seen_by_nobody_and_may_change(tmp_path: Path) -> None:
    loading.load_call_file(file_of(tmp_path), publish=False)
    assert library.calls(on=TODAY)[0] == ()
    assert (
        loading.load_call_file(file_of(tmp_path, title={"fr": "Autre"}), publish=False).outcome == LoadOutcome.UPDATED
    )
    with pytest.raises(NotFound):
        library.call_version("commune-2027", "1.0.0")
    assert (
        loading.load_call_file(file_of(tmp_path, title={"fr": "Autre"}), publish=True).outcome == LoadOutcome.PUBLISHED
    )
    assert library.current_call("commune-2027").call.title == {"fr": "Autre"}


@pytest.mark.django_db
def test_a_published_text_never_changes(tmp_path: Path) -> None:
    loading.load_call_file(file_of(tmp_path), publish=True)
    with pytest.raises(Conflict) as refused:
        loading.load_call_file(file_of(tmp_path, title={"fr": "Autre"}), publish=True)
    assert refused.value.code == "published_version_changed"
    stored = CallVersion.objects.get()
    stored.content = {}
    with pytest.raises(ImmutableError):
        stored.save()
    with pytest.raises(ImmutableError):
        CallVersion.objects.update(content={})
    with pytest.raises(ImmutableError):
        stored.delete()


@pytest.mark.django_db
def test_a_newer_version_takes_the_place_and_the_old_link_still_leads_somewhere(tmp_path: Path) -> None:
    loading.load_call_file(file_of(tmp_path), publish=True)
    loading.load_call_file(file_of(tmp_path, version="1.10.0"), publish=True)
    assert library.current_call("commune-2027").call.version == "1.10.0"
    assert [found.call.version for found in library.calls(on=TODAY)[0]] == ["1.10.0"]
    assert library.call_version("commune-2027", "1.0.0")[1] == CallStatus.PUBLISHED
    with pytest.raises(Conflict) as refused:
        loading.load_call_file(file_of(tmp_path, version="1.9.0"), publish=True)
    assert refused.value.code == "version_not_after"
    assert not CallVersion.objects.filter(version="1.9.0").exists()


@pytest.mark.django_db
def test_a_withdrawn_text_is_out_of_the_lists(tmp_path: Path) -> None:
    loading.load_call_file(file_of(tmp_path), publish=True)
    loading.withdraw(slug="commune-2027", version="1.0.0", actor_id=None)
    assert library.calls(on=TODAY)[0] == ()
    assert library.call_version("commune-2027", "1.0.0")[1] == CallStatus.WITHDRAWN
    with pytest.raises(Conflict):
        loading.publish(slug="commune-2027", version="1.0.0", actor_id=None)


@pytest.mark.django_db
def test_lists_are_in_order_and_cost_no_more_with_more_calls(tmp_path: Path, django_assert_num_queries: Any) -> None:
    for number, closes in ((1, "2027-03-01"), (2, "2027-01-09"), (3, "2027-01-10"), (4, "2027-02-01")):
        loading.store(call(slug=f"call-{number}", closes_on=closes), publish=True)
    loading.store(call(slug="model", is_model=True, opens_on=..., closes_on=...), publish=True)
    with django_assert_num_queries(2):
        found = library.calls(on=TODAY)[0]
    assert [one.call.slug for one in found] == ["call-3", "call-4", "call-1", "model"]
    with django_assert_num_queries(1):
        library.calls(on=TODAY)
    assert [one.call.slug for one in library.calls(on=TODAY)[1]] == ["call-2"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content, code",
    [
        (b"\xff\xfe\x00", "unreadable_call"),
        (b"a: &a [*a]", "unreadable_call"),
        (b"a: !!python/object:os.system x", "unreadable_call"),
        (b"[" * 100_000, "unreadable_call"),
        (b"x" * 2_000_000, "unreadable_call"),
        (b"[]", "invalid_call"),
        (b"slug: ../../etc", "invalid_call"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(content: bytes, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        loading.read_call(content, "call.yaml")
    assert refused.value.code == code and refused.value.extra["problems"]
    assert not CallVersion.objects.exists()


@pytest.mark.django_db
def test_a_stored_call_that_is_no_longer_read_does_not_take_the_list_down() -> None:
    loading.store(call(), publish=True)
    good = CallVersion.objects.get()
    CallVersion(
        slug="old",
        version="1.0.0",
        content={"format": "funding-call-0"},
        content_hash="0" * 64,
        status="published",
        closes_on=good.closes_on,
        current_slot="old",
    ).save()
    assert [found.call.slug for found in library.calls(on=TODAY)[0]] == ["commune-2027"]
    with pytest.raises(NotFound):
        library.current_call("old")


@pytest.mark.django_db
def test_a_code_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        fields=["sports"],
        territory={"regions": ["souss"], "provinces": ["safi"]},
        rules=[rule("any_of", "x", rules=[rule("seat_among", "a", provinces=["agadir"]), rule("bank_account", "b")])],
    )
    with pytest.raises(BadInput) as refused:
        loading.load_call_file(path, publish=True)
    problems = {(found["code"], found["path"]) for found in refused.value.extra["problems"]}
    assert problems == {
        ("unknown_field", "/fields"),
        ("unknown_region", "/territory/regions"),
        ("unknown_province", "/rules/0/rules/0/provinces"),
    }
    assert all(found["line"] for found in refused.value.extra["problems"])


@pytest.mark.parametrize(
    "changes, code, path",
    [
        ({"fields": ["other"]}, "other_names_nothing", "/fields"),
        ({"territory": {"provinces": ["other"]}}, "other_names_nothing", "/territory/provinces"),
        (  # Safi lies in the region, but three lists leave it out two by two
            {
                "rules": [
                    rule("seat_among", "a", provinces=["safi", "essaouira"]),
                    rule("seat_among", "b", provinces=["essaouira", "chichaoua"]),
                    rule("seat_among", "c", provinces=["chichaoua", "safi"]),
                ]
            },
            "contradiction",
            "/rules/2",
        ),
    ],
)
def test_what_no_place_can_meet_is_refused(changes: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(InvalidCall) as refused:
        loading.checked(data(**changes))
    assert [(found.code, found.path) for found in refused.value.problems] == [(code, path)]


def test_a_province_of_the_region_meets_both() -> None:
    assert loading.checked(
        data(territory={"regions": ["marrakech-safi"]}, rules=[rule("seat_among", provinces=["safi"])])
    )


@pytest.mark.django_db
def test_the_command_loads_the_models_once() -> None:
    first, second = StringIO(), StringIO()
    call_command("nassij_load_calls", stdout=first)
    call_command("nassij_load_calls", stdout=second)
    assert first.getvalue().count("created") == 7 and second.getvalue().count("unchanged") == 7
    models = library.calls(on=TODAY)[0]
    assert len(models) == 7 and all(found.call.is_model for found in models)


@pytest.mark.django_db
def test_the_command_names_a_mistake_and_writes_nothing(tmp_path: Path) -> None:
    path = file_of(tmp_path, closes_on="2026-01-01")
    with pytest.raises(CommandError) as refused:
        call_command("nassij_load_calls", str(path))
    assert "line" in str(refused.value) and "/closes_on" in str(refused.value)
    call_command("nassij_load_calls", str(file_of(tmp_path)), "--dry-run", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("nassij_load_calls", str(tmp_path / "missing.yaml"))
    assert not CallVersion.objects.exists()


def test_the_models_say_only_what_the_schema_says() -> None:
    from jsonschema import Draft202012Validator

    from funding_guide.domain.shape import SCHEMA

    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    files = sorted(loading.OWN_FILES.glob("*.yaml"))
    assert len(files) == 7
    for path in files:
        read = loading.read_call(path.read_bytes(), path.name)
        assert read.is_model and set(read.languages) == {"ar", "fr", "en"}
        Draft202012Validator(schema).validate(call_to_data(read))


LANGUAGES = ("ar", "fr", "en")
FIGURES: dict[str, Any] = {
    "years": 2,
    "months": 12,
    "planned": 14,
    "percent": 10,
    "level": 2,
    "indicators": ("1.1", "2.3"),
    "fields": ("sport",),
    "regions": ("marrakech-safi",),
    "provinces": ("safi",),
    "council": "commune",
    **dict.fromkeys(("due_on", "opens_on", "closed_on", "from_day"), TODAY),
    **dict.fromkeys(("requested", "minimum", "maximum", "needed", "missing", "own"), 30000),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence_and_a_remedy(reason: Reason, language: str) -> None:
    finding = Finding("r", Verdict.NOT_YET, reason, FIGURES)
    with override(language):
        said, remedy = reason_text(finding), remedy_text(finding)
    assert said and "%(" not in said
    assert bool(remedy) == (reason is not Reason.HOLDS) and "%(" not in remedy
    with override("en"):
        assert language == "en" or said != reason_text(finding)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(ProblemCode))
def test_every_problem_has_a_sentence(code: ProblemCode, language: str) -> None:
    names = (
        "maximum",
        "expected",
        "name",
        "value",
        "allowed",
        "bound",
        "names",
        "language",
        "closes_on",
        "opens_on",
        "other",
    )
    with override(language):
        said = problem_text(Problem(code, "/x", dict(zip(names, string.ascii_uppercase, strict=False))))
    assert said and "%(" not in said
