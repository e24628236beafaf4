"""Documents that show an answer: judged by content, kept once, frozen with the round, seen by the association and its coach."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from governance_assessment import api
from governance_assessment.evidence import evidence as module
from governance_assessment.models import EvidenceFile, Snapshot
from governance_assessment.retirement import retire_user
from nassij.associations.api import Role
from nassij.common import audit, private_files
from nassij.common.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, TooLarge, Unprocessable
from nassij.common.immutable import ImmutableError
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, save, set_profile, settle
from tests.nassij.associations import factories
from tests.nassij.common.bombs import bombs, jpeg, png, workbook
from tests.nassij.common.test_uploads import DOCX, PDF

pytestmark = pytest.mark.django_db
ARABIC_NAME = "محضر الجمع العام 2026.pdf"
BOMBS = bombs()


@pytest.fixture(autouse=True)
def place(tmp_path: Path):
    """Private files below a folder of the test's own."""
    with override_settings(MEDIA_ROOT=str(tmp_path / "media"), NASSIJ_PRIVATE_STORAGE={}):
        yield tmp_path / "media-private/nassij"


def pdf(text: str = "") -> bytes:
    return PDF.replace(b"trailer", f"%{text}\ntrailer".encode())


def attach(user, opened, content=PDF, code="1.1", name=ARABIC_NAME):
    return api.add_evidence(
        user_id=user.pk if user else None,
        round_uuid=opened.uuid,
        indicator_code=code,
        file=SimpleUploadedFile(name, content),
    )


def of(user, opened, code="1.1"):
    found = api.evidence_of(user_id=user.pk, round_uuid=opened.uuid, language="ar")
    return found.item(code).files


def stored(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def url(opened, code="1.1"):
    return f"/nassij/governance/rounds/{opened.uuid}/evidence/{code}/"


def file_url(added, tail=""):
    return f"/nassij/governance/evidence/{added.file.uuid}/{tail}"


def client_of(user, language="en"):
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    if user is not None:
        client.force_login(user)
    return client


# --- Adding ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "content"),
    [("pdf", PDF), ("png", png(9, 9)), ("jpg", jpeg(9, 9)), ("docx", DOCX), ("xlsx", workbook())],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_document_is_kept_with_its_name_kind_size_and_hash(kind, content, full_round, member, place):
    added = attach(member, full_round, content, name="../../محضر\u202e.exe")

    row = EvidenceFile.objects.get()
    assert (added.replayed, added.file.name, row.kind, row.size) == (False, f"محضر.{kind}", kind, len(content))
    assert row.uploaded_by_id == member.pk and len(row.sha256) == 64
    assert [path.read_bytes() for path in stored(place)] == [content]
    assert "محضر" not in row.path and str(full_round.uuid) in row.path
    assert [found.uuid for found in of(member, full_round)] == [added.file.uuid]
    assert of(member, full_round)[0].added_by in (member.get_full_name(), member.username)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a;", b"a;b\n1;2\n", b"MZ\x90\x00", b"%PDF-1.7 no end"],
    ids=["empty", "svg", "gif", "csv", "program", "half a pdf"],
)
def test_anything_else_is_refused_and_nothing_is_left(content, full_round, member, place):
    with pytest.raises(BadInput):
        attach(member, full_round, content, name="scan.pdf")
    assert not EvidenceFile.objects.exists() and not stored(place)


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_a_bomb_is_refused(name, full_round, member, place):
    with pytest.raises((BadInput, TooLarge)):
        attach(member, full_round, BOMBS[name], name="x.xlsx")
    assert not EvidenceFile.objects.exists() and not stored(place)


def test_a_file_over_the_limit_is_refused(full_round, member, settings):
    settings.NASSIJ_UPLOAD_MAX_BYTES = 1000
    with pytest.raises(TooLarge) as caught:
        attach(member, full_round, pdf("x" * 1000))
    assert caught.value.code == "file_too_large"


def test_the_same_content_for_one_indicator_is_one_file(full_round, member, president, place):
    first = attach(member, full_round)
    again = attach(president, full_round, name="autre.pdf")
    elsewhere = attach(president, full_round, code="1.2")

    assert again.replayed and again.file.uuid == first.file.uuid
    assert elsewhere.file.uuid != first.file.uuid
    assert EvidenceFile.objects.count() == len(stored(place)) == 2


def test_five_for_an_indicator_and_sixty_megabytes_for_a_round(full_round, member, settings, place):
    for number in range(5):
        attach(member, full_round, pdf(str(number)))
    with pytest.raises(Unprocessable) as caught:
        attach(member, full_round, pdf("one more"))
    assert (caught.value.code, caught.value.extra["limit"]) == ("too_many_files", 5)

    settings.NASSIJ_EVIDENCE_ROUND_BYTES = sum(row.size for row in EvidenceFile.objects.all()) + 10
    with pytest.raises(TooLarge) as too_large:
        attach(member, full_round, pdf("x"), code="1.2")
    assert too_large.value.code == "round_full"
    assert len(stored(place)) == 5


@pytest.mark.parametrize("code", ["9.99", "x", "nope"])
def test_an_indicator_the_round_does_not_ask(code, full_round, member, place):
    with pytest.raises(Unprocessable):
        attach(member, full_round, code=code)
    with pytest.raises(BadInput):
        attach(member, full_round, code="../1")
    assert not stored(place)


# --- The order: the file, then its row ------------------------------------------------------------------


class Killed(BaseException):
    """What no handler catches."""


def test_killed_before_the_row_leaves_a_file_that_is_swept(full_round, member, place, monkeypatch):
    def die(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(module, "write_trail", die)
    with pytest.raises(Killed):
        attach(member, full_round)
    assert len(stored(place)) == 1 and not EvidenceFile.objects.exists()

    monkeypatch.undo()
    kept = attach(member, full_round, pdf("kept"))
    for path in stored(place):
        os.utime(path, times=(0, 0))
    assert private_files.sweep() == 1
    assert private_files.read(EvidenceFile.objects.get(uuid=kept.file.uuid).path) == pdf("kept")


def test_killed_while_removing_leaves_a_file_that_is_swept(
    full_round, member, place, monkeypatch, django_capture_on_commit_callbacks
):
    added = attach(member, full_round)
    with django_capture_on_commit_callbacks(execute=False):
        api.remove_evidence(user_id=member.pk, file_uuid=added.file.uuid)

    assert len(stored(place)) == 1
    assert private_files.sweep(older_than=timedelta(0)) == 1


def test_removing_deletes_the_bytes_once_it_is_committed(full_round, member, place, django_capture_on_commit_callbacks):
    added = attach(member, full_round)
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            api.remove_evidence(user_id=member.pk, file_uuid=added.file.uuid)

    assert not stored(place) and of(member, full_round) == ()
    row = EvidenceFile.objects.get()
    assert row.removed_at and row.sha256, "that there was one stays, with its hash"
    with pytest.raises(NotFound):
        api.open_evidence(user_id=member.pk, file_uuid=added.file.uuid)
    assert not attach(member, full_round).replayed, "it may come back, as a new one"
    actions = [event.action for event in audit.events_for(object_uuid=full_round.uuid)]
    assert actions.count("evidence.removed") == 1 and actions.count("evidence.added") == 2


def test_a_file_changed_on_the_server_is_handed_to_nobody(full_round, member, place):
    added = attach(member, full_round)
    stored(place)[0].write_bytes(pdf("forged"))
    assert client_of(member).get(file_url(added)).status_code == 409
    stored(place)[0].unlink()
    assert client_of(member).get(file_url(added)).status_code == 404


# --- Who ------------------------------------------------------------------------------------------------

PEOPLE = {
    "president": lambda association: factories.make_member(association, role=Role.PRESIDENT),
    "treasurer": lambda association: factories.make_member(association, role=Role.TREASURER),
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
SEE = {"president", "treasurer", "member", "lead", "coach"}
ADD = SEE - {"coach"}
REMOVE = {"president", "lead"}
KNOW = SEE | {"coordinator", "operator"}


def refusal(who):
    return NotSignedIn if who == "nobody" else Forbidden if who in KNOW else NotFound


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("operation", ["see", "open", "add", "remove"])
def test_who_may_what(operation, who, full_round, association):
    added = attach(factories.make_member(association), full_round)
    person = PEOPLE[who](association)
    user_id = person.pk if person else None

    def act():
        match operation:
            case "see":
                api.evidence_of(user_id=user_id, round_uuid=full_round.uuid, language="ar")
            case "open":
                api.open_evidence(user_id=user_id, file_uuid=added.file.uuid)
            case "add":
                attach(person, full_round, pdf("more"))
            case "remove":
                api.remove_evidence(user_id=user_id, file_uuid=added.file.uuid)

    if who in {"see": SEE, "open": SEE, "add": ADD, "remove": REMOVE}[operation]:
        act()
    else:
        with pytest.raises(refusal(who)):
            act()


def test_a_member_removes_their_own_and_not_anothers(full_round, member, association):
    mine = attach(member, full_round)
    theirs = attach(factories.make_member(association), full_round, pdf("theirs"))

    assert [found.may_remove for found in of(member, full_round)] == [True, False]
    api.remove_evidence(user_id=member.pk, file_uuid=mine.file.uuid)
    with pytest.raises(Forbidden) as caught:
        api.remove_evidence(user_id=member.pk, file_uuid=theirs.file.uuid)
    assert caught.value.code == "not_yours"


@pytest.mark.parametrize("who", PEOPLE)
def test_the_pages_and_the_file_as_each_one_sees_them(who, full_round, association):
    added = attach(factories.make_member(association), full_round)
    client = client_of(PEOPLE[who](association))
    overview = f"/nassij/governance/rounds/{full_round.uuid}/evidence/"
    answers = [client.get(path) for path in (overview, url(full_round), file_url(added))]

    expected = 200 if who in SEE else 302 if who == "nobody" else 403 if who in KNOW else 404
    assert [answer.status_code for answer in answers] == [expected] * 3
    if expected != 200:
        assert "محضر" not in "".join(answer.content.decode() for answer in answers)


def test_a_document_that_does_not_exist(member, full_round):
    for path in ("/nassij/governance/evidence/00000000-0000-4000-8000-000000000000/", url(full_round, "9.99")):
        assert client_of(member).get(path).status_code == 404
    with pytest.raises(NotSignedIn):
        api.open_evidence(user_id=None, file_uuid="00000000-0000-4000-8000-000000000000")


def test_that_the_coach_opened_it_is_written_down(full_round, member, coach):
    added = attach(member, full_round)
    client_of(member).get(file_url(added))
    client_of(coach).get(file_url(added))

    opened = [event for event in audit.events_for(object_uuid=full_round.uuid) if event.action == "evidence.opened"]
    assert [event.actor_id for event in opened] == [coach.pk]
    assert opened[0].details["file"] == str(added.file.uuid)


# --- What it does to the round --------------------------------------------------------------------------


def evidence_in_discussion(user, opened, code):
    found = api.discussion(user_id=user.pk, round_uuid=opened.uuid, language="ar")
    return next(item.answer for item in found.items if item.code == code).evidence


@pytest.fixture
def ready(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    return opened


def test_an_attached_document_is_declared_in_the_common_answer_and_frozen(ready, president, member):
    added = attach(member, ready)
    api.start_discussion(user_id=president.pk, round_uuid=ready.uuid)
    assert evidence_in_discussion(president, ready, "1.1") == "declared"
    assert evidence_in_discussion(president, ready, "1.2") == "none"

    settled = settle(president, ready, "2.1", level(2))
    assert settled.answer.evidence == "none"
    attach(member, ready, code="2.1")
    assert evidence_in_discussion(president, ready, "2.1") == "declared"
    again = settle(president, ready, "2.1", level(1, evidence="none"), settled.answer.revision)
    assert again.answer.evidence == "declared", "what is attached cannot be denied"

    api.submit_round(user_id=president.pk, round_uuid=ready.uuid)
    details = Snapshot.objects.get().details
    sha256 = EvidenceFile.objects.get(uuid=added.file.uuid).sha256
    assert (details["1.1"]["evidence"], details["1.1"]["files"]) == ("declared", [sha256])
    assert details["2.1"]["files"] == [sha256]
    assert "files" not in details["1.2"]
    assert Snapshot.objects.get().is_intact


def test_who_says_there_is_a_document_is_counted_apart(ready, president, member):
    """The dots of a discussion count members, not files."""
    attach(member, ready)
    api.start_discussion(user_id=president.pk, round_uuid=ready.uuid)
    found = api.discussion(user_id=president.pk, round_uuid=ready.uuid, language="ar")
    item = next(item for item in found.items if item.code == "1.1")
    assert (item.documents, item.answer.evidence) == (0, "declared")
    page = client_of(president).get(f"/nassij/governance/rounds/{ready.uuid}/discussion/?look=1.1").content.decode()
    assert url(ready) in page
    assert (
        f"/rounds/{ready.uuid}/evidence/"
        in client_of(member).get(f"/nassij/governance/rounds/{ready.uuid}/").content.decode()
    )


def test_once_submitted_nothing_changes(ready, president, member, coach):
    added = attach(member, ready)
    api.submit_round(user_id=president.pk, round_uuid=ready.uuid)

    for act in (
        lambda: attach(member, ready, pdf("late")),
        lambda: api.remove_evidence(user_id=member.pk, file_uuid=added.file.uuid),
        lambda: api.remove_evidence(user_id=president.pk, file_uuid=added.file.uuid),
    ):
        with pytest.raises(Conflict) as caught:
            act()
        assert caught.value.code == "round_not_open"
    row = EvidenceFile.objects.get()
    for change in (row.save, row.delete, EvidenceFile.objects.all().delete):
        with pytest.raises(ImmutableError):
            change()
    assert not of(president, ready)[0].may_remove
    page = client_of(member).get(url(ready)).content.decode()
    assert "its documents are kept as they were" in page and '<form class="card next"' not in page
    assert client_of(coach).get(file_url(added)).content == PDF

    api.reopen_round(user_id=coach.pk, round_uuid=ready.uuid, reason="الوثيقة ناقصة")
    attach(member, ready, pdf("the whole one"))
    assert len(of(member, ready)) == 2


def test_one_that_is_submitted_meanwhile(ready, president, member, place, monkeypatch):
    """The round was open when we looked, and is submitted when we write."""
    write = private_files.write

    def slow(path, content):
        api.submit_round(user_id=president.pk, round_uuid=ready.uuid)
        return write(path, content)

    monkeypatch.setattr(private_files, "write", slow)
    with pytest.raises(Conflict):
        attach(member, ready)
    assert not EvidenceFile.objects.exists() and not stored(place)


def test_it_costs_the_same_queries_for_few_and_many(full_round, member, association, django_assert_num_queries):
    api.evidence_of(user_id=member.pk, round_uuid=full_round.uuid, language="ar")
    for number in range(12):
        attach(factories.make_member(association), full_round, pdf(str(number)), code=f"{1 + number // 4}.1")
    with django_assert_num_queries(4):
        api.evidence_of(user_id=member.pk, round_uuid=full_round.uuid, language="ar")


def test_an_account_that_goes_leaves_the_document_without_a_name(full_round, member, president):
    attach(member, full_round)
    retire_user(member.pk)
    retire_user(member.pk)

    assert EvidenceFile.objects.get().uploaded_by_id is None
    assert of(president, full_round)[0].added_by == ""


def test_an_own_answer_is_not_touched(full_round, member):
    """Another tab of the member still holds its revision."""
    save(member, full_round, "1.1", level(3))
    attach(member, full_round)
    sheet = api.sheet(user_id=member.pk, association_id=full_round.association_id, kind="full", language="ar")
    assert (sheet.answers["1.1"].revision, sheet.answers["1.1"].evidence) == (1, "none")


# --- The pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_adding_and_removing_without_script(language, full_round, member):
    client = client_of(member, language)
    page = client.get(url(full_round)).content.decode()
    assert 'enctype="multipart/form-data"' in page and 'accept="image/jpeg,' in page and "09-08" in page
    assert {"ar": "10 ميغابايت", "fr": "10 Mo", "en": "10 MB"}[language] in page, "the limit is said before"

    answer = client.post(url(full_round), {"file": SimpleUploadedFile(ARABIC_NAME, PDF)})
    assert (answer.status_code, answer["Location"]) == (302, url(full_round))
    row = EvidenceFile.objects.get()
    html = client.get(url(full_round)).content.decode()
    assert '<bdi>محضر الجمع العام 2026</bdi></a> <span class="chip"><bdi dir="ltr">pdf</bdi></span>' in html
    assert f'/evidence/{row.uuid}/remove/"' in client.get(url(full_round)).content.decode()
    assert client.get(f"/nassij/governance/evidence/{row.uuid}/remove/").status_code == 405
    assert client.post(f"/nassij/governance/evidence/{row.uuid}/remove/").status_code == 302
    assert EvidenceFile.objects.get().removed_at


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_what_is_wrong_is_said_at_the_field_in_ones_language(language, full_round, member):
    client = client_of(member, language)
    for sent, status, said in (
        ({"file": SimpleUploadedFile("a.pdf", b"GIF89a")}, 400, {"ar": "هذا النوع", "fr": "type de fichier"}),
        ({}, 422, {"ar": "اختاروا الوثيقة", "fr": "Choisissez d’abord"}),
    ):
        answer = client.post(url(full_round), sent)
        page = answer.content.decode()
        assert answer.status_code == status
        assert said[language] in page and 'aria-invalid="true"' in page


def test_the_overview_names_every_question_and_its_documents(ready, member):
    attach(member, ready)
    page = client_of(member).get(f"/nassij/governance/rounds/{ready.uuid}/evidence/").content.decode()
    assert page.count(f'href="/nassij/governance/rounds/{ready.uuid}/evidence/') == sum(
        item.concerns
        for section in api.evidence_of(user_id=member.pk, round_uuid=ready.uuid, language="en").sections
        for item in section.items
    )
    assert page.count("1 document<") == 1


def test_a_download_keeps_its_name_and_opens_as_nothing(full_round, member):
    added = attach(member, full_round)
    answer = client_of(member).get(file_url(added))

    assert answer.content == PDF and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D9%85%D8%AD")
    assert client_of(member).get(file_url(added), headers={"if-none-match": answer["ETag"]}).status_code == 304
