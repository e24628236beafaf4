"""Reports of a round: what they say, how they are made once, who gets them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import page
import pypdf
import pytest
from django.utils import timezone

from governance_assessment import api
from governance_assessment.models import MadeFile, PlanItem
from governance_assessment.reports import content
from governance_assessment.reports.content import Report, report_content
from governance_assessment.reports.round_reports import TEMPLATE, wanted_report
from governance_assessment.reports.subject import subject_of
from nassij.associations.models import Association
from nassij.common import private_files
from nassij.common.documents import pdf
from nassij.common.errors import Conflict, NotFound
from nassij.common.numbers import format_date
from tests.governance_assessment.helpers import ALL_FALSE, coach_says, fill, set_profile
from tests.governance_assessment.plans import ANSWERS, add, change, submit, take
from tests.governance_assessment.test_permissions import ALLOWED, PEOPLE
from tests.pdf_text import text_of

LANGUAGES = ("ar", "fr", "en")


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    """Private files of these tests."""
    settings.NASSIJ_PRIVATE_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path)},
    }
    return tmp_path / "nassij/made"


def printed(opened: api.RoundData, language: str) -> bytes:
    content = report_content(subject_of(opened.uuid), language)
    return pdf.render(TEMPLATE, {**content, "made_on": format_date(timezone.now(), language)}, language)


@pytest.fixture
def validated(full_round, instrument, president, coach, association):
    """A round with everything in it: notes, proof, a plan, a coach who sees some things otherwise."""
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {**ANSWERS, "5.1": {"kind": "level", "level": 4, "evidence": "declared"}})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    take(president, association)
    add(
        president,
        association,
        title="Préparer l’ordre du jour",
        owner_id=president.pk,
        what="نكتب جدول الأعمال\nثم نرسله",
    )
    for code in ("2.1", "2.3"):
        coach_says(
            coach, opened, code, {"kind": "level", "level": 2, "comment": "رأيت المحضر رقم 12-2026", "evidence": "seen"}
        )
    coach_says(coach, opened, "5.1", {"kind": "no_evidence", "comment": "Rien dans le classeur."})
    return api.validate_round(
        user_id=coach.pk, round_uuid=opened.uuid, confirm_rest=True, remark="عمل جيد.\nContinuez !"
    )


@pytest.fixture
def all_critical(express_round, instrument, president):
    """The short form with everything at the lowest level and nobody's word beside it."""
    opened = set_profile(president, express_round, ALL_FALSE)
    fill(president, opened, instrument.express(), {"*": 1})
    return api.submit_round(user_id=president.pk, round_uuid=opened.uuid)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["submitted", "validated", "all_critical"])
def test_every_report_is_readable_by_screen_readers(which: str, language: str, request: pytest.FixtureRequest) -> None:
    content = printed(request.getfixturevalue(which), language)
    report = page.validate_pdf_bytes(content, profile="ua1")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    assert report.rules.passed == report.rules.total == 104
    assert len(content) <= 120 * 1024


@pytest.mark.django_db
def test_arabic_comes_out_in_logical_order_and_joined(validated, association, instrument) -> None:
    found = text_of(printed(validated, "ar"))
    in_it = [
        "جمعية الأمل",
        "أين وصلت جمعيتكم اليوم",
        *(section.title.in_language("ar") for section in instrument.sections),
        "رأيت المحضر رقم 12-2026",
        "نكتب جدول الأعمال",
        "Préparer l’ordre du jour",
        "Rien dans le classeur.",
        "gov-ma 0.1.0",
    ]
    missing = [text for text in in_it if text not in found]
    assert missing == [], found
    assert not [digit for digit in found if "\u0660" <= digit <= "\u0669"], "digits are Western ones"
    assert not [letter for letter in found if "\ufb50" <= letter <= "\ufdff" or "\ufe70" <= letter <= "\ufefc"]


# --- Made once ----------------------------------------------------------------------------------------------


@pytest.fixture
def run_jobs(django_capture_on_commit_callbacks):
    """Ask for a report, and let the worker do it at once."""

    def make(user: Any, opened: api.RoundData, language: str = "ar") -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            job = api.start_report(user_id=user.pk, round_uuid=opened.uuid, language=language)
        job.refresh_from_db()
        return job

    return make


def download(user: Any, opened: api.RoundData, language: str = "ar") -> api.Download:
    return api.report_file(user_id=user.pk, round_uuid=opened.uuid, language=language)


def renderings(monkeypatch) -> list[str]:
    """The templates printed from here on."""
    seen, really = [], pdf.render
    monkeypatch.setattr(pdf, "render", lambda name, *rest: (seen.append(name), really(name, *rest))[1])
    return seen


@pytest.mark.django_db
def test_a_report_is_made_once_and_kept(submitted, president, member, run_jobs, monkeypatch) -> None:
    seen = renderings(monkeypatch)
    job = run_jobs(president, submitted)
    assert job.state == "done", job.problem
    assert job.result == {"url": f"/nassij/governance/rounds/{submitted.uuid}/reports/"}
    found = download(president, submitted)
    assert private_files.read(found.file.path).startswith(b"%PDF-")
    assert found.name.endswith(".pdf") and "جمعية الأمل" in found.name
    assert run_jobs(member, submitted).state == "done"
    assert download(member, submitted) == found
    assert seen == [TEMPLATE]
    assert MadeFile.objects.count() == 1


@pytest.mark.django_db
def test_each_language_has_a_file_of_its_own(submitted, president, run_jobs) -> None:
    for language in LANGUAGES:
        run_jobs(president, submitted, language)
    assert len({download(president, submitted, language).file.sha256 for language in LANGUAGES}) == 3


@pytest.mark.django_db
def test_the_day_it_was_made_makes_no_new_report(submitted, president, run_jobs, monkeypatch) -> None:
    run_jobs(president, submitted)
    before = download(president, submitted)
    later = timezone.now() + timedelta(days=40)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert download(president, submitted) == before


@pytest.mark.django_db
def test_a_validation_makes_a_new_report_and_the_old_one_goes(
    submitted, president, coach, run_jobs, django_capture_on_commit_callbacks
) -> None:
    run_jobs(president, submitted)
    old = download(president, submitted).file
    api.validate_round(user_id=coach.pk, round_uuid=submitted.uuid, confirm_rest=True)
    with pytest.raises(NotFound) as refused:
        download(president, submitted)
    assert refused.value.code == "no_report_yet"
    run_jobs(president, submitted)
    new = download(president, submitted).file
    assert new.sha256 != old.sha256
    assert [row.validated.layer for row in MadeFile.objects.all()] == ["validated"]
    with pytest.raises(NotFound):
        private_files.read(old.path)


@pytest.mark.django_db
def test_whatever_the_report_shows_makes_a_new_one(submitted, president, association, coach, settings) -> None:
    def key() -> str:
        return wanted_report(subject_of(submitted.uuid), "fr").key

    keys = [key()]
    assert keys == [key()], "equal content has one name"
    item = add(president, association, owner_id=president.pk)
    keys.append(key())
    change(president, item, due_on=timezone.localdate() + timedelta(days=30))
    keys.append(key())
    PlanItem.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    keys.append(key())
    PlanItem.objects.update(remark="Demandez au trésorier.")
    keys.append(key())
    change(president, item, state="done")
    keys.append(key())
    settings.NASSIJ_CONTACT = {"name": "Centre", "phone": "0524 00 00 00"}
    keys.append(key())
    Association.objects.update(name_fr="Amal", name="أمل")
    keys.append(key())
    api.validate_round(user_id=coach.pk, round_uuid=submitted.uuid, confirm_rest=True, remark="Continuez !")
    keys.append(key())
    assert len(set(keys)) == len(keys) == 9


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_remembered_of_a_report_follows_from_its_fingerprints_alone(validated, association, language) -> None:
    subject = subject_of(validated.uuid)
    another = replace(
        subject,
        round=replace(subject.round, number=9),
        association=replace(subject.association, name_fr="Une autre", name="أخرى"),
        previous=None,
        last=None,
        plan=(),
        names={},
    )
    one, other = Report(subject, language), Report(another, language)
    assert one.living != other.living
    assert one.frozen == other.frozen


@pytest.mark.django_db
def test_a_frozen_result_is_put_into_words_once(submitted, president, monkeypatch) -> None:
    before = api.reports(user_id=president.pk, round_uuid=submitted.uuid)
    monkeypatch.setattr(content, "dimensions", lambda *_: pytest.fail("put into words again"))
    assert api.reports(user_id=president.pk, round_uuid=submitted.uuid) == before


@pytest.mark.django_db
def test_another_template_makes_a_new_report(submitted, president, run_jobs, monkeypatch) -> None:
    run_jobs(president, submitted)
    monkeypatch.setattr(pdf, "edition", lambda name: "another")
    with pytest.raises(NotFound):
        download(president, submitted)


def test_the_edition_follows_the_template_and_the_house_style(monkeypatch) -> None:
    now, files = pdf.edition(TEMPLATE), pdf._templates()
    editions = set()
    for name in (TEMPLATE, "nassij/base.typ", "nassij_governance/parts.typ"):
        monkeypatch.setattr(pdf, "_templates", lambda name=name: {**files, name: files[name] + b" "})
        editions.add(pdf.edition(TEMPLATE))
    assert len(editions | {now}) == 4


@pytest.mark.django_db
def test_an_older_round_keeps_its_report_whatever_the_plan_does(
    submitted, president, association, instrument, run_jobs
) -> None:
    second = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    submit(president, second, instrument)
    run_jobs(president, submitted)
    before = download(president, submitted)
    add(president, association)
    assert download(president, submitted) == before
    content = report_content(subject_of(second.uuid), "fr")
    assert content["change"]["rows"] and content["change"]["lowered"]


@pytest.mark.django_db
def test_there_is_no_report_of_a_round_that_may_still_change(full_round, president) -> None:
    with pytest.raises(Conflict) as refused:
        api.start_report(user_id=president.pk, round_uuid=full_round.uuid, language="ar")
    assert refused.value.code == "not_submitted"
    with pytest.raises(Conflict):
        download(president, full_round)
    assert api.reports(user_id=president.pk, round_uuid=full_round.uuid).reports == ()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "", "../ar"])
def test_a_language_we_do_not_speak_is_not_found(language, submitted, president) -> None:
    with pytest.raises(NotFound):
        api.start_report(user_id=president.pk, round_uuid=submitted.uuid, language=language)


@pytest.mark.django_db
def test_a_questionnaire_that_lacks_a_language_has_no_report_in_it(submitted, president, settings) -> None:
    settings.NASSIJ_LANGUAGES = ("ar", "fr", "en", "es")
    found = api.reports(user_id=president.pk, round_uuid=submitted.uuid)
    assert [each.language for each in found.reports] == ["ar", "fr", "en"]
    with pytest.raises(NotFound):
        api.start_report(user_id=president.pk, round_uuid=submitted.uuid, language="es")


@pytest.mark.django_db
def test_a_person_who_retires_is_in_no_report_any_more(
    submitted, president, member, association, run_jobs, django_capture_on_commit_callbacks
) -> None:
    from governance_assessment.retirement import retire_user

    add(president, association, owner_id=member.pk)
    run_jobs(president, submitted)
    path = download(president, submitted).file.path
    with django_capture_on_commit_callbacks(execute=True):
        retire_user(member.pk)
    assert not MadeFile.objects.exists()
    with pytest.raises(NotFound):
        private_files.read(path)


@pytest.mark.django_db
def test_the_sweep_leaves_what_has_a_row_and_takes_the_rest(submitted, president, run_jobs) -> None:
    run_jobs(president, submitted)
    private_files.write("made/lost.pdf", b"%PDF-")
    assert private_files.sweep(older_than=timedelta(0)) == 1
    assert private_files.read(download(president, submitted).file.path)


# --- What it says -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_both_words_stand_side_by_side(validated) -> None:
    content = report_content(subject_of(validated.uuid), "fr")
    found = {item["code"]: item for dimension in content["dimensions"] for item in dimension["indicators"]}
    assert found["2.1"]["said"]["word"] == "Je ne sais pas"
    assert found["2.1"]["coach"]["word"] == "En construction"
    assert found["2.1"]["coach"]["note"] == "رأيت المحضر رقم 12-2026"
    assert found["5.1"]["said"]["evidence"] and not found["5.1"]["coach"]["evidence"]
    assert found["5.1"]["coach"]["word"] == "Rien ne le montre"
    assert content["overall"]["label"] and content["overall_coach"]["label"]
    assert content["overall"]["figure"] != content["overall_coach"]["figure"]


@pytest.mark.django_db
def test_steps_come_from_what_counts_and_mark_what_is_planned(validated) -> None:
    steps = report_content(subject_of(validated.uuid), "ar")["steps"]
    assert len(steps) == 3
    assert steps[0]["code"] == "1.1" and steps[0]["in_plan"]


@pytest.mark.django_db
def test_no_answer_of_a_single_member_is_in_it(full_round, instrument, president, member, association) -> None:
    opened = set_profile(president, full_round, ALL_FALSE)
    for person in (president, member):
        secret = {"kind": "level", "level": 3, "comment": f"تعليق سري {person.pk}"}
        fill(person, opened, instrument, {"*": 3, "1.1": secret})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    assert "سري" not in str(report_content(subject_of(opened.uuid), "ar"))


@pytest.mark.django_db
def test_long_names_break_nothing(submitted, association, president) -> None:
    from nassij.associations.models import Association

    long = "جمعية التنمية المستدامة والتضامن الاجتماعي والثقافي والبيئي لساكنة دواوير الجماعة الترابية " * 2
    Association.objects.filter(pk=association.id).update(name=long[:180], name_fr="Association " + "x" * 170)
    add(president, association, title="ا" * 160, what="كلمة " * 300)
    for language in LANGUAGES:
        assert page.is_pdf_compliant_bytes(printed(submitted, language), profile="ua1")


@pytest.mark.django_db
def test_what_people_write_is_printed_never_evaluated(submitted, association, president) -> None:
    add(president, association, title='#read("/etc/passwd") $x^2$ *gras*', what="\\ #panic() <label> @ref\n= Titre")
    found = text_of(printed(submitted, "fr"))
    assert '#read("/etc/passwd") $x^2$ *gras*' in found
    assert "root:" not in found


# --- Pages --------------------------------------------------------------------------------------------------


def url(opened: Any, rest: str = "") -> str:
    return f"/nassij/governance/rounds/{opened.uuid}/reports/{rest}"


@pytest.mark.django_db
def test_asked_for_watched_and_downloaded(submitted, president, client, django_capture_on_commit_callbacks) -> None:
    client.force_login(president)
    assert f'action="{url(submitted, "ar/make/")}"' in client.get(url(submitted)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url(submitted, "ar/make/"))
    assert (response.status_code, response.url) == (302, url(submitted))
    shown = client.get(url(submitted)).content.decode()
    assert url(submitted, "ar.pdf") in shown
    assert "KB" in shown and f"{timezone.localdate():%d/%m/%Y}" in shown
    response = client.get(url(submitted, "ar.pdf"))
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment") and "filename*=utf-8''" in disposition
    assert pypdf.PdfReader(io.BytesIO(response.content)).trailer["/Root"]["/Lang"] == "ar"
    etag = response.headers["ETag"]
    assert client.get(url(submitted, "ar.pdf"), headers={"If-None-Match": etag}).status_code == 304
    assert "private" in response.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
def test_who_gets_a_report(who, submitted, association, president, run_jobs, client) -> None:
    """The page, the file, and asking for another: those who may see the result, and nobody else."""
    run_jobs(president, submitted)
    person = PEOPLE[who](association)
    if person is not None:
        client.force_login(person)
    answers = [
        client.get(url(submitted)),
        client.get(url(submitted, "ar.pdf")),
        client.post(url(submitted, "fr/make/")),
    ]
    if person is None:
        assert [(answer.status_code, "/login" in answer.url) for answer in answers] == [(302, True)] * 3
        return
    allowed = who in ALLOWED
    assert [answer.status_code for answer in answers] == ([200, 200, 302] if allowed else [404] * 3)
    assert allowed or not any("جمعية الأمل" in answer.content.decode() for answer in answers)


@pytest.mark.django_db
def test_a_report_being_made_shows_how_far_it_is(submitted, president, client) -> None:
    api.start_report(user_id=president.pk, round_uuid=submitted.uuid, language="ar")
    client.force_login(president)
    shown = client.get(url(submitted)).content.decode()
    assert "data-job-open='1'" in shown or 'data-job-open="1"' in shown
    assert "<progress" in shown and "nassij/job.js" in shown
    assert url(submitted, "ar/make/") not in shown and url(submitted, "fr/make/") in shown


@pytest.mark.django_db
def test_a_failure_says_what_to_do(submitted, president, client, run_jobs, monkeypatch) -> None:
    def broken(*args: Any) -> bytes:
        raise OSError("no space left")

    monkeypatch.setattr(pdf, "render", broken)
    assert run_jobs(president, submitted).state == "failed"
    client.force_login(president)
    shown = client.get(url(submitted)).content.decode()
    assert "internal_error" in shown and url(submitted, "ar/make/") in shown
    assert not MadeFile.objects.exists()


@pytest.mark.django_db
def test_a_report_not_made_yet_is_a_page_that_says_so(submitted, president, client) -> None:
    client.force_login(president)
    assert client.get(url(submitted, "ar.pdf")).status_code == 404
    assert client.get(url(submitted, "de.pdf")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("damage", [None, b"%PDF-1.7 something else"])
def test_a_file_that_is_gone_or_changed_is_made_again(damage, submitted, president, client, run_jobs, place) -> None:
    run_jobs(president, submitted)
    file = next(place.iterdir())
    file.unlink() if damage is None else file.write_bytes(damage)
    client.force_login(president)
    response = client.get(url(submitted, "ar.pdf"))
    assert (response.status_code, response.url) == (302, url(submitted))
    assert url(submitted, "ar/make/") in client.get(url(submitted)).content.decode()
    run_jobs(president, submitted)
    assert client.get(url(submitted, "ar.pdf")).status_code == 200


@pytest.mark.django_db
def test_a_download_goes_on_where_it_broke_off(submitted, president, client, run_jobs) -> None:
    run_jobs(president, submitted)
    client.force_login(president)
    whole = client.get(url(submitted, "ar.pdf"))
    rest = client.get(url(submitted, "ar.pdf"), headers={"Range": "bytes=1000-", "If-Range": whole.headers["ETag"]})
    assert (rest.status_code, rest.content) == (206, whole.content[1000:])


@pytest.mark.django_db
def test_the_round_leads_to_its_reports(submitted, president, coach, client) -> None:
    for person, page_of in ((president, ""), (coach, "validation/")):
        client.force_login(person)
        assert url(submitted) in client.get(f"/nassij/governance/rounds/{submitted.uuid}/{page_of}").content.decode()


@pytest.mark.django_db
def test_an_operator_sees_which_files_there_are(submitted, president, run_jobs, admin_client) -> None:
    run_jobs(president, submitted)
    assert admin_client.get("/admin/nassij_governance/madefile/").status_code == 200


@pytest.mark.django_db
def test_the_page_of_reports_asks_the_same_few_queries(
    submitted, president, run_jobs, django_assert_num_queries
) -> None:
    with django_assert_num_queries(10):
        api.reports(user_id=president.pk, round_uuid=submitted.uuid)
