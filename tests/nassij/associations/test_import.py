"""Importing: what the dry run says of every kind of row, what applying does, what undoing puts back."""

import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from nassij.associations import api, queries
from nassij.associations.api import Role
from nassij.associations.imports import applying, columns, runs, table
from nassij.associations.imports.plan import Status, build
from nassij.associations.models import Association, AssociationImport, Invitation, Membership
from nassij.common import audit, jobs
from nassij.common.documents import delimited, read_table, xlsx
from nassij.common.errors import BadInput, Conflict, Forbidden, NassijError, NotFound, TooLarge, Unprocessable
from nassij.common.uploads import accept_upload
from tests.nassij.associations import factories as make

pytestmark = pytest.mark.django_db

HEAD = ["name", "province", "person_email", "person_role"]


def csv(*rows, head=HEAD):
    return SimpleUploadedFile("table.csv", delimited.write_csv(rows, columns=head))


def raw_csv(text):
    return SimpleUploadedFile("table.csv", text.encode())


def dry(*rows, head=HEAD, user=None):
    scope = queries.whole_scope() if user is None else queries.scope_of(user.pk)
    return build(table.read(csv(*rows, head=head)).rows, scope)


def applied(*rows, head=HEAD, user=None):
    """An import of these rows, applied as the worker does."""
    user = user or make.make_coordinator(everywhere=True)
    run, _ignored = runs.upload(user_id=user.pk, file=csv(*rows, head=head))
    applying.close_import(run, applying.apply_import(run, actor_id=user.pk))
    return run


def statuses(plan):
    return [row.status.value for row in plan.rows]


def issues(plan):
    return [(row.row, issue.column) for row in plan.rows for issue in row.issues]


def test_new_associations_with_people_and_invitations():
    known = make.make_user("fatima")
    make.make_user("unconfirmed", email="later@example.org", is_active=False)
    run = applied(
        ["جمعية الأمل", "إقليم الحوز", "FATIMA@example.org", "الرئيسة"],
        [None, None, "new@example.org", "trésorière"],
        [None, None, "later@example.org", None],
        ["Association Afoulki", "Essaouira", None, None],
    )
    assert run.counts == {"associations": 2, "created": 2, "updated": 0, "members": 1, "invited": 2, "refused": 0}
    assert run.rows == []
    amal = Association.objects.get(name="جمعية الأمل")
    assert amal.province == "al-haouz"
    assert [(m.user_id, m.role) for m in api.members(association_id=amal.pk)] == [(known.pk, Role.PRESIDENT)]
    assert set(Invitation.objects.values_list("email", "role")) == {
        ("new@example.org", "treasurer"),
        ("later@example.org", "member"),
    }
    assert Association.objects.get(name="Association Afoulki").province == "essaouira"
    assert audit.events_for(association_uuid=amal.uuid)


def test_the_same_table_again_changes_nothing():
    make.make_user("fatima")
    rows = (["جمعية الأمل", "safi", "fatima@example.org", "president"], [None, None, "new@example.org", None])
    applied(*rows)
    plan = dry(*rows)
    assert statuses(plan) == ["same", "same"]
    assert not any(group.has_work for group in plan.groups)
    applied(*rows)
    assert Association.objects.count() == 1
    assert Membership.objects.count() == 1
    assert Invitation.objects.count() == 1


def test_changes_are_named_one_by_one():
    here = make.make_association("جمعية الأمل", province="safi", women=3, fields=("water",))
    user = make.make_member(here, make.make_user("fatima"))
    head = [*HEAD, "women", "fields", "person_lead", "commune"]
    plan = dry(
        [
            "جمعيه الامل",
            "آسفي",
            "fatima@example.org",
            "كاتبة",
            5,
            "الماء والتطهير، Femmes et égalité",
            "نعم",
            "الصويرية",
        ],
        head=head,
    )
    assert statuses(plan) == ["changed"]
    changes = {change.column: (change.before, change.after) for change in plan.rows[0].changes}
    assert changes == {
        "women": (3, 5),
        "fields": (("water",), ("water", "women")),
        "commune": ("", "الصويرية"),
        "person_role": (Role.MEMBER, Role.SECRETARY),
        "person_lead": (False, True),
    }
    applied(["جمعية الأمل", "safi", "fatima@example.org", "secretary", 5, "water;women", "yes", "الصويرية"], head=head)
    found = api.association(association_id=here.id)
    assert (found.women, found.fields, found.commune, found.name) == (5, ("water", "women"), "الصويرية", "جمعية الأمل")
    access = api.access(user_id=user.pk, association_id=here.id)
    assert (access.role, access.is_lead) == (Role.SECRETARY, True)


@pytest.mark.parametrize(
    ("rows", "head", "expected"),
    [
        ([["", "safi", "a@example.org", None]], HEAD, [(2, "name")]),
        ([["ج", "Paris", None, None]], HEAD, [(2, "province")]),
        ([["ج", None, None, None]], HEAD, [(2, "province")]),
        ([["ج", "safi", "not an address", None]], HEAD, [(2, "person_email")]),
        ([["ج", "safi", "a@example.org", "emperor"]], HEAD, [(2, "person_role")]),
        ([["ج", "safi", None, "president"]], HEAD, [(2, "person_email")]),
        ([["ج", "safi", "a@example.org", None], [None, None, "A@example.org", "member"]], HEAD, [(3, "person_email")]),
        ([["ج", "safi", "many"]], ["name", "province", "women"], [(2, "women")]),
        ([["ج", "safi", 2.5]], ["name", "province", "women"], [(2, "women")]),
        ([["ج", "safi", -2]], ["name", "province", "women"], [(2, "women")]),
        ([["ج", "safi", 99999999]], ["name", "province", "women"], [(2, "women")]),
        ([["ج", "safi", 1700]], ["name", "province", "founded_year"], [(2, "founded_year")]),
        ([["ج", "safi", 1, 1, 3]], ["name", "province", "women", "men", "youth"], [(2, "youth")]),
        ([["ج", "safi", "spying"]], ["name", "province", "fields"], [(2, "fields")]),
        ([["ج", "safi", "perhaps"]], ["name", "province", "person_lead"], [(2, "person_lead")]),
        ([["ج", "safi", "nobody"]], ["name", "province", "person_username"], [(2, "person_username")]),
        ([["ج", "safi", "no-such-cohort"]], ["name", "province", "cohort"], [(2, "cohort")]),
        ([["ج", "safi", "x"]], ["name", "province", "association_uuid"], [(2, "association_uuid")]),
        (
            [["ج", "safi", "8a5e3f0e-6c0f-4a51-9f0e-000000000000"]],
            ["name", "province", "association_uuid"],
            [(2, "association_uuid")],
        ),
        (
            [["ج", "safi", "أ"], ["ج", "safi", "ب"], ["ج", "safi", None]],
            ["name", "province", "commune"],
            [(4, "commune")],
        ),
        ([["ج", "safi", 3], ["ج", "safi", 4]], ["name", "province", "women"], [(3, "women")]),
        ([["ن" * 192, "safi", None, None]], HEAD, [(2, "name")]),
    ],
)
def test_bad_rows(rows, head, expected):
    plan = dry(*rows, head=head)
    assert issues(plan) == expected
    assert all(issue.message and issue.remedy for row in plan.rows for issue in row.issues)
    for row, column in expected:
        assert column in columns.by_code()
        assert next(plan_row for plan_row in plan.rows if plan_row.row == row).status is Status.ERROR


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", " =HYPERLINK(1)", "＝cmd", "\u202e=x", "'=x", "|calc"]
)
def test_formulas_are_refused(name):
    plan = build([{"row": 2, "name": name, "province": "safi"}], queries.whole_scope())
    assert (2, "name") in issues(plan)


def test_hostile_cells_are_text_without_tricks(client):
    evil = "<script>alert(1)</script>"
    user = make.make_coordinator(everywhere=True)
    run, _ignored = runs.upload(
        user_id=user.pk, file=csv([evil, "safi", None, None], ["a\u202eb", evil, "<x>@y", evil])
    )
    client.force_login(user)
    shown = client.get(reverse("nassij_associations:import_preview", kwargs={"uuid": run.uuid})).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
    applying.apply_import(run, actor_id=user.pk)
    assert not Association.objects.filter(name__contains="\u202e").exists()
    shown = client.get(reverse("nassij_associations:list")).content.decode()
    assert "<script>alert" not in shown


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", BadInput),
        (b"PK\x03\x04 not a zip", BadInput),
        (b"<html></html>", BadInput),
        (b"\x00\x01\x02", BadInput),
        (b"just;words\n1;2\n", Unprocessable),
        (b"name;name;province\na;b;safi\n", Unprocessable),
        (b"\n\n", NassijError),
        (b"name\n" + b"x\n" * 5001, TooLarge),
        (b"name\n" + b"x" * (5 * 1024 * 1024), TooLarge),
    ],
)
def test_files_that_are_no_such_table(content, error):
    with pytest.raises(error):
        table.read(SimpleUploadedFile("table.csv", content))


def test_a_bad_row_holds_back_its_association_and_no_other():
    rows = (
        ["الأولى", "safi", "a@example.org", None],
        [None, None, "b@example.org", "emperor"],
        ["الثانية", "safi", "c@example.org", None],
    )
    plan = dry(*rows)
    assert statuses(plan) == ["error", "error", "new"]
    assert plan.rows[0].held_by == 3
    assert plan.rows[0].issues == []
    run = applied(*rows)
    assert (run.counts["created"], run.counts["invited"], run.counts["refused"]) == (1, 1, 2)
    assert [row.name for row in Association.objects.all()] == ["الثانية"]


def test_an_association_is_imported_as_a_whole_or_not_at_all(monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(applying, "_invite", fails)
    with pytest.raises(RuntimeError):
        applied(["الأولى", "safi", "a@example.org", None])
    assert not Association.objects.exists()
    assert (
        not audit.AuditEvent.objects.filter(action__contains="association")
        .exclude(action__contains="coordinator")
        .exists()
    )


def test_interrupted_and_delivered_again(monkeypatch):
    user = make.make_coordinator(everywhere=True)
    rows = (["الأولى", "safi", "a@example.org", None], ["الثانية", "safi", "b@example.org", None])
    run, _ignored = runs.upload(user_id=user.pk, file=csv(*rows))

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        applying.apply_import(run, actor_id=user.pk, report=stop)
    assert Association.objects.count() == 1
    counts = applying.apply_import(run, actor_id=user.pk)
    assert counts == {"associations": 2, "created": 2, "updated": 0, "members": 0, "invited": 2, "refused": 0}
    assert Association.objects.count() == 2
    assert Invitation.objects.count() == 2


def test_who_may_no_longer_import_imports_nothing():
    user = make.make_coordinator(everywhere=True)
    run, _ignored = runs.upload(user_id=user.pk, file=csv(["الأولى", "safi", None, None]))
    api.end_coordinator(user_id=user.pk)
    assert applying.apply_import(run, actor_id=user.pk)["associations"] == 0
    assert not Association.objects.exists()


def test_the_scope_of_a_coordinator():
    inside, outside = make.make_association("الداخل"), make.make_association("الخارج")
    user = make.make_coordinator(inside)
    head = ["name", "province", "women", "cohort"]
    mine = queries.scope_of(user.pk).cohort_ids
    plan = dry(
        ["الداخل", "chichaoua", 4, None],
        ["الخارج", "chichaoua", 4, None],
        ["جديدة", "safi", 4, None],
        head=head,
        user=user,
    )
    assert statuses(plan) == ["changed", "error", "new"]
    applied(
        ["الداخل", "chichaoua", 4, None],
        ["الخارج", "chichaoua", 4, None],
        ["جديدة", "safi", 4, None],
        head=head,
        user=user,
    )
    assert api.association(association_id=outside.id).women is None
    assert list(Association.objects.get(name="جديدة").cohorts.values_list("pk", flat=True)) == list(mine)
    other = make.make_cohort(code="other")
    assert issues(dry(["ثالثة", "safi", 1, other.code], head=head, user=user)) == [(2, "cohort")]
    api.assign_coordinator(user_id=user.pk, cohort_id=other.id)
    assert issues(dry(["ثالثة", "safi", 1, None], head=head, user=user)) == [(2, "cohort")]


def test_a_cohort_of_other_provinces():
    api.create_cohort(code="haouz", provinces=("al-haouz",))
    head = ["name", "province", "cohort"]
    assert issues(dry(["ج", "safi", "haouz"], head=head)) == [(2, "cohort")]
    assert statuses(dry(["ج", "al-haouz", "HAOUZ"], head=head)) == ["new"]


def test_communes_tell_two_associations_apart():
    head = ["name", "province", "commune"]
    applied(["الأمل", "safi", "أ"], ["الأمل", "safi", "ب"], head=head)
    assert Association.objects.count() == 2
    assert statuses(dry(["الأمل", "safi", "أ"], ["الأمل", "safi", "ب"], head=head)) == ["same", "same"]
    assert issues(dry(["الأمل", "safi"], head=["name", "province"])) == [(2, "commune")]


def test_the_identifier_corrects_a_name():
    here = make.make_association("الاسم القديم", province="safi")
    applied([str(here.uuid), "الاسم الجديد", "al-haouz"], head=["association_uuid", "name", "province"])
    found = api.association(association_id=here.id)
    assert (found.name, found.province) == ("الاسم الجديد", "al-haouz")


def test_people_rules():
    here = make.make_association("الأمل", province="safi")
    make.make_member(here, make.make_user("head"), role=Role.PRESIDENT)
    make.make_coach(here, make.make_user("coach"))
    assert issues(dry(["الأمل", "safi", "head@example.org", "member"])) == [(2, "person_role")]
    assert issues(dry(["الأمل", "safi", "coach@example.org", None])) == [(2, "person_email")]
    rows = (["الأمل", "safi", "head@example.org", "member"], ["الأمل", "safi", "next@example.org", "president"])
    assert issues(dry(*rows)) == [(2, "person_role")]  # one who is only invited is no president yet
    make.make_user("next")
    applied(*rows)
    assert {member.username: member.role.value for member in api.members(association_id=here.id)} == {
        "head": "member",
        "next": "president",
    }
    make.make_user("twin1", email="same@example.org")
    make.make_user("twin2", email="same@example.org")
    assert issues(dry(["الأمل", "safi", "same@example.org", None])) == [(2, "person_email")]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_template_is_read_back(client, language):
    client.force_login(make.make_coordinator(everywhere=True))
    client.cookies["django_language"] = language
    response = client.get(reverse("nassij_associations:import_template"))
    upload = accept_upload(io.BytesIO(response.content), kinds=("xlsx",))
    header = read_table(upload)[0]
    assert [columns.by_header()[columns.name_key(str(cell))] for cell in header] == [
        column.code for column in columns.columns()
    ]


def test_headers_and_words_are_unambiguous():
    headers = [
        (columns.name_key(header), column.code)
        for column in columns.columns()
        for header in (column.code, column.ar, column.fr, column.en, *column.also)
    ]
    assert len(dict(headers)) == len(set(headers))
    assert set(columns.roles().values()) == {role.value for role in Role}
    assert columns.provinces()["الحوز"] == columns.provinces()["al haouz"] == "al-haouz"


def test_unknown_columns_are_left_out_and_said():
    read = table.read(raw_csv("الجمعية;رقم البطاقة الوطنية;الإقليم\nالأمل;EE123;آسفي\n"))
    assert read.ignored == ["رقم البطاقة الوطنية"]
    assert read.rows == [{"row": 2, "name": "الأمل", "province": "آسفي"}]


def test_600_rows_under_ten_seconds(django_assert_max_num_queries):
    users = [make.make_user(f"u{number}") for number in range(150)]
    rows = [
        [
            f"جمعية {number // 4}",
            "safi",
            users[number // 4].email if number % 4 == 0 else f"p{number}@example.org",
            None,
            "water",
            5,
        ]
        for number in range(600)
    ]
    content = xlsx.write_table(rows, columns=[*HEAD, "fields", "women"], title="t", language="ar")
    started = time.monotonic()
    read = table.read(SimpleUploadedFile("t.xlsx", content))
    with django_assert_max_num_queries(20):
        plan = build(read.rows, queries.whole_scope())
    dry_seconds = time.monotonic() - started
    assert plan.counts == {"new": 600, "changed": 0, "same": 0, "error": 0, "associations": 150}
    assert dry_seconds < 10
    run = AssociationImport.objects.create(file_name="t.xlsx", rows=read.rows)
    started = time.monotonic()
    counts = applying.apply_import(run, actor_id=None)
    assert (counts["created"], counts["members"], counts["invited"], counts["refused"]) == (150, 150, 450, 0)
    assert Invitation.objects.count() == 450
    assert time.monotonic() - started < 30


def test_undo_puts_back_and_leaves_what_was_touched():
    old = make.make_association("القديمة", province="safi", women=1)
    touched = make.make_association("الملموسة", province="safi", women=1)
    head_of = make.make_member(touched, role=Role.PRESIDENT)
    secretary = make.make_member(old, make.make_user("sara"), role=Role.SECRETARY)
    joiner = make.make_user("joiner")
    cohort = make.make_cohort(code="c1")
    user = make.make_coordinator(everywhere=True)
    head = [*HEAD, "women", "cohort"]
    run = applied(
        ["القديمة", "safi", "sara@example.org", "treasurer", 9, "c1"],
        [None, None, "joiner@example.org", None, None, None],
        [None, None, "invited@example.org", None, None, None],
        ["الملموسة", "safi", None, None, 9, None],
        ["الجديدة", "safi", "joiner@example.org", "president", None, None],
        head=head,
        user=user,
    )
    api.update_association(actor_id=head_of.pk, association_uuid=touched.uuid, changes={"men": 4})
    counts = applying.undo_import(run, actor_id=user.pk)
    applying.close_undo(run, counts)
    assert counts == {"restored": 2, "kept": 1}
    assert api.association(association_id=old.id).women == 1
    assert api.association(association_id=touched.id).women == 9
    assert [(m.user_id, m.role) for m in api.members(association_id=old.id)] == [(secretary.pk, Role.SECRETARY)]
    assert not Invitation.objects.exists()
    assert not Association.objects.get(pk=old.id).cohorts.filter(pk=cohort.id).exists()
    assert api.memberships(user_id=joiner.pk) == ()
    assert not Association.current.filter(name="الجديدة").exists()
    assert applying.undo_import(run, actor_id=user.pk) == counts
    assert statuses(dry(["الجديدة", "safi", "joiner@example.org", "president"])) == ["new"]


def test_undo_leaves_an_association_another_app_has_worked_on():
    run = applied(["الجديدة", "safi", None, None])
    made = Association.objects.get()
    audit.record(actor_id=None, action="governance.round_opened", association_uuid=made.uuid)
    assert applying.undo_import(run, actor_id=None) == {"restored": 0, "kept": 1}
    assert Association.current.filter(pk=made.pk).exists()


def test_undo_is_refused_when_too_old_or_not_applied(settings):
    user = make.make_coordinator(everywhere=True)
    run, _ignored = runs.upload(user_id=user.pk, file=csv(["الجديدة", "safi", None, None]))
    with pytest.raises(Conflict):
        runs.start_undo(user_id=user.pk, uuid=run.uuid)
    applying.close_import(run, applying.apply_import(run, actor_id=user.pk))
    with pytest.raises(Conflict):
        runs.start_apply(user_id=user.pk, uuid=run.uuid)
    settings.NASSIJ_IMPORT_UNDO_DAYS = 0
    with pytest.raises(Conflict):
        runs.start_undo(user_id=user.pk, uuid=run.uuid)


def test_imports_are_their_owners_own():
    owner, other = make.make_coordinator(everywhere=True), make.make_coordinator(everywhere=True)
    run, _ignored = runs.upload(user_id=owner.pk, file=csv(["الجديدة", "safi", None, None]))
    for function in (runs.get, runs.discard, runs.start_apply, runs.start_undo):
        with pytest.raises(NotFound):
            function(user_id=other.pk, uuid=run.uuid)
        with pytest.raises(Forbidden):
            function(user_id=make.make_user().pk, uuid=run.uuid)
    assert runs.mine(user_id=other.pk) == []
    runs.discard(user_id=owner.pk, uuid=run.uuid)
    assert not AssociationImport.objects.exists()


def test_from_upload_to_undo_through_the_pages(client, django_capture_on_commit_callbacks):
    user = make.make_coordinator(everywhere=True)
    client.force_login(user)
    page = reverse("nassij_associations:import")
    assert client.post(page, {"file": SimpleUploadedFile("x.csv", b"<html>")}).status_code == 400
    assert client.post(page, {}).status_code == 422
    response = client.post(
        page,
        {"file": csv(["الأولى", "safi", None, None, "x"], ["ب", "Paris", None, None, ""], head=[*HEAD, "CIN"])},
        follow=True,
    )
    shown = response.content.decode()
    assert "CIN" in shown
    assert "الأولى" in shown
    run = AssociationImport.objects.get()
    url = reverse("nassij_associations:import_preview", kwargs={"uuid": run.uuid})
    only_errors = client.get(url, {"show": "error"}).content.decode()
    assert "الأولى" not in only_errors
    assert not Association.objects.exists()
    for name, state in (("import_apply", "applied"), ("import_undo", "undone")):
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(reverse(f"nassij_associations:{name}", kwargs={"uuid": run.uuid}))
        assert response["Location"] == url
        run.refresh_from_db()
        assert run.state == state
        assert client.get(url).status_code == 200
    assert Association.objects.count() == 1
    assert Association.current.count() == 0


def test_an_error_stands_right_below_its_value(client):
    user = make.make_coordinator(everywhere=True)
    head = [*HEAD, "founded_year"]
    run, _ignored = runs.upload(user_id=user.pk, file=csv(["الأولى", "atlantis", "a-at-b", None, 1811], head=head))
    client.force_login(user)
    client.cookies["django_language"] = "en"
    shown = client.get(reverse("nassij_associations:import_preview", kwargs={"uuid": run.uuid})).content.decode()
    cells = shown.split("<tbody")[1].split("<td")
    for cell, column, typed in (
        (cells[3], "E-mail address", "a-at-b"),
        (cells[4], "Province or prefecture", "atlantis"),
        (cells[4], "Founding year", "1811"),
    ):
        _before, value = cell.split(f"<b>{column}</b>: ")
        assert value.startswith(f'<bdi>{typed}</bdi></p>\n<p class="wrong">')
    assert "<bdi>الأولى</bdi>" in cells[2]
    run, _ignored = runs.upload(user_id=user.pk, file=csv([None, "safi", "a@example.org", None]))
    shown = client.get(reverse("nassij_associations:import_preview", kwargs={"uuid": run.uuid})).content.decode()
    assert "(empty)" in shown.split("<tbody")[1].split("<td")[2]


def test_what_an_import_did_is_said_and_what_comes_next(client):
    make.make_association("جمعية الأمل", province="safi")
    make.make_user("fatima")
    user = make.make_coordinator(everywhere=True)
    run = applied(
        ["جمعية الأمل", "safi", "fatima@example.org", "president"],
        ["الجديدة", "safi", "new@example.org", None],
        [None, None, "new2@example.org", None],
        ["الخطأ", "atlantis", None, None],
        user=user,
    )
    client.force_login(user)
    client.cookies["django_language"] = "en"
    url = reverse("nassij_associations:import_preview", kwargs={"uuid": run.uuid})
    shown = client.get(url).content.decode()
    for words in (
        "1 association was created.",
        "1 association was updated.",
        "1 person with an account was added.",
        "2 people without an account were noted as invited.",
        "1 row was not imported.",
        "Nobody was written to",
    ):
        assert words in shown
    assert f'href="{reverse("nassij_associations:list")}"' in shown
    assert f'action="{reverse("nassij_associations:import_undo", kwargs={"uuid": run.uuid})}"' in shown
    applying.close_undo(run, applying.undo_import(run, actor_id=user.pk))
    shown = client.get(url).content.decode()
    assert "2 associations are as they were before." in shown
    assert "was created" not in shown


def test_an_import_that_writes_nothing_says_so(client):
    user = make.make_coordinator(everywhere=True)
    run = applied(["الخطأ", "atlantis", None, None], user=user)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    shown = client.get(reverse("nassij_associations:import_preview", kwargs={"uuid": run.uuid})).content.decode()
    assert "Nothing was imported" in shown
    assert "What happens next" not in shown


def test_an_import_at_work_or_stopped_is_watched_on_its_own_page(client, monkeypatch):
    user = make.make_coordinator(everywhere=True)
    run, _ignored = runs.upload(user_id=user.pk, file=csv(["الأولى", "safi", None, None]))
    client.force_login(user)
    url = reverse("nassij_associations:import_preview", kwargs={"uuid": run.uuid})
    apply = f'action="{reverse("nassij_associations:import_apply", kwargs={"uuid": run.uuid})}"'
    job = runs.start_apply(user_id=user.pk, uuid=run.uuid)
    shown = client.get(url).content.decode()
    assert "<progress" in shown
    assert apply not in shown

    def fails(*args, **kwargs):
        raise Conflict("توقف العمل هنا", code="stopped")

    monkeypatch.setattr(applying, "build", fails)
    jobs.run(str(job.uuid))
    shown = client.get(url).content.decode()
    assert "توقف العمل هنا" in shown
    assert "<progress" not in shown
    assert apply in shown, "one may try again"


def test_commands(tmp_path, capsys):
    path = tmp_path / "t.csv"
    path.write_bytes(delimited.write_csv([["الأولى", "safi"]], columns=["name", "province"]))
    call_command("nassij_import_associations", str(path))
    assert "row 2: new: الأولى" in capsys.readouterr().out
    assert not Association.objects.exists()
    call_command("nassij_import_associations", str(path), "--apply")
    assert Association.objects.get().name == "الأولى"
    path.write_bytes(delimited.write_csv([["ب", "Paris"]], columns=["name", "province"]))
    with pytest.raises(CommandError):
        call_command("nassij_import_associations", str(path), "--apply")
    with pytest.raises(CommandError):
        call_command("nassij_import_associations", str(tmp_path / "missing.csv"))
    make.make_user("fatima")
    capsys.readouterr()
    call_command(
        "nassij_create_association", "الثالثة", "--province", "safi", "--field", "water", "--president", "fatima"
    )
    assert str(Association.objects.get(name="الثالثة").uuid) in capsys.readouterr().out
    assert Membership.active.get().role == "president"
    with pytest.raises(CommandError):
        call_command("nassij_create_association", "ر", "--province", "safi", "--president", "nobody")
    with pytest.raises(CommandError):
        call_command("nassij_create_association", " ", "--province", "safi")


def test_abandoned_uploads_are_forgotten():
    from datetime import timedelta

    from django.utils import timezone

    user = make.make_coordinator(everywhere=True)
    run, _ignored = runs.upload(user_id=user.pk, file=csv(["الأولى", "safi", None, None]))
    AssociationImport.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(days=8))
    runs.upload(user_id=user.pk, file=csv(["الأولى", "safi", None, None]))
    assert not AssociationImport.objects.filter(pk=run.pk).exists()
