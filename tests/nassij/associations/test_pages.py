"""The pages: who may open and do what, and what they show."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from nassij.associations import api
from nassij.associations.api import Role
from nassij.associations.models import Association, AssociationImport, CoachAssignment
from tests.nassij.associations import factories as make
from tests.nassij.associations.test_permissions import EXPECTED, NOBODY, person

pytestmark = pytest.mark.django_db

ANYONE = set(EXPECTED)
MEMBERS = {"president", "secretary", "treasurer", "member", "lead", "secretary and lead"}
BUREAU = {"president", "secretary", "secretary and lead"}
MANAGERS = {"president", "lead", "secretary and lead"}
STEERING = {"coordinator", "coordinator of all", "operator"}

# Page or form, method, data, who may. `member` is an ordinary member who stays in the association.
PAGES = [
    ("association", "get", {}, ANYONE),
    ("edit", "get", {}, BUREAU),
    ("edit", "post", {"name": "جمعية", "province": "safi"}, BUREAU),
    ("renew_join_code", "post", {}, BUREAU),
    ("leave", "get", {}, MEMBERS),
    ("leave", "post", {}, MEMBERS),
    ("coaches", "get", {}, STEERING),
    ("coaches", "post", {"assign": "1", "person": "newcoach"}, STEERING),
    ("members", "get", {}, MANAGERS),
    ("member", "get", {}, MANAGERS),
    ("member", "post", {"role": "treasurer"}, MANAGERS),
    ("end_membership", "get", {}, MANAGERS),
    ("end_membership", "post", {}, MANAGERS),
]


@pytest.fixture
def here():
    association = make.make_association("جمعية الماء والحياة")
    make.make_member(association, make.make_user("headofall"), role=Role.PRESIDENT)
    make.make_user("newcoach")
    return association


@pytest.fixture
def member(here):
    return make.membership_of(make.make_member(here, make.make_user("ordinary")), here)


def address(name, here, member):
    kwargs = {"uuid": here.uuid}
    if name in ("member", "end_membership"):
        kwargs["membership_uuid"] = member.uuid
    return reverse(f"nassij_associations:{name}", kwargs=kwargs)


def state(here):
    """Everything a refused request must leave as it is."""
    return (
        Association.objects.filter(pk=here.id).values_list("name", "province", "join_code").get(),
        [(found.user_id, found.role, found.is_lead) for found in api.members(association_id=here.id)],
        CoachAssignment.active.filter(association_id=here.id).count(),
    )


@pytest.mark.parametrize("kind", [*EXPECTED, *NOBODY, "anonymous"])
@pytest.mark.parametrize(("page", "method", "data", "who"), PAGES, ids=[f"{page[0]}-{page[1]}" for page in PAGES])
def test_matrix(client, here, member, kind, page, method, data, who):
    elsewhere = make.make_association()
    if kind != "anonymous":
        client.force_login(person(kind, here, elsewhere))
    before = state(here)
    response = getattr(client, method)(address(page, here, member), data)
    if kind == "anonymous":
        assert response.status_code == 302
        assert "login" in response["Location"]
    elif kind in who:
        assert response.status_code == (200 if method == "get" else 302)
        assert (state(here) != before) is (method == "post")
        return
    else:
        assert response.status_code == (404 if kind in NOBODY else 403)
        assert here.name not in response.content.decode()
    assert state(here) == before


@pytest.mark.parametrize("page", ["home", "join", "list", "import", "import_template"])
def test_anonymous_signs_in_first(client, page):
    response = client.get(reverse(f"nassij_associations:{page}"))
    assert response.status_code == 302
    assert "login" in response["Location"]


@pytest.mark.parametrize("kind", [*EXPECTED, *NOBODY])
def test_home_shows_only_what_is_mine(client, here, kind):
    elsewhere = make.make_association("جمعية أخرى تماما")
    client.force_login(person(kind, here, elsewhere))
    response = client.get(reverse("nassij_associations:home"))
    assert response.status_code == 200
    assert (here.name in response.content.decode()) is (kind in EXPECTED)


@pytest.mark.parametrize("kind", ["coach", "coordinator", "coordinator of all", "operator"])
def test_list_in_scope(client, here, kind):
    elsewhere = make.make_association("جمعية أخرى تماما")
    client.force_login(person(kind, here, elsewhere))
    shown = client.get(reverse("nassij_associations:list")).content.decode()
    assert here.name in shown
    assert (elsewhere.name in shown) is (kind in ("coordinator of all", "operator"))


@pytest.mark.parametrize("kind", ["president", "member", "former", "stranger", "former coach", "former coordinator"])
def test_list_is_for_those_who_accompany(client, here, kind):
    client.force_login(person(kind, here, here))
    response = client.get(reverse("nassij_associations:list"))
    assert response.status_code == 403
    assert here.name not in response.content.decode()


@pytest.mark.parametrize("kind", ["president", "member", "coach", "former", "stranger", "former coordinator"])
@pytest.mark.parametrize("page", ["import", "import_template"])
def test_import_is_for_coordinators(client, here, kind, page):
    client.force_login(person(kind, here, here))
    assert client.get(reverse(f"nassij_associations:{page}")).status_code == 403


@pytest.mark.parametrize("kind", ["president", "coach", "stranger", "coordinator of all", "operator"])
@pytest.mark.parametrize("action", ["preview", "discard", "apply", "undo"])
def test_nobody_touches_the_import_of_another(client, here, kind, action):
    owner = make.make_coordinator(everywhere=True)
    run = AssociationImport.objects.create(
        owner=owner, file_name="x.csv", rows=[{"row": 2, "name": "ن", "province": "safi"}]
    )
    client.force_login(person(kind, here, here))
    name = "import_preview" if action in ("preview", "discard") else f"import_{action}"
    url = reverse(f"nassij_associations:{name}", kwargs={"uuid": run.uuid})
    response = client.get(url) if action == "preview" else client.post(url)
    assert response.status_code == (404 if kind in ("coordinator of all", "operator") else 403)
    assert AssociationImport.objects.get().state == AssociationImport.State.READY


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_pages_in_three_languages(client, here, language, settings):
    client.force_login(make.make_member(here, role=Role.PRESIDENT))
    client.cookies["django_language"] = language
    for name in ("home", "join", "association", "edit"):
        kwargs = {"uuid": here.uuid} if name in ("association", "edit") else {}
        shown = client.get(reverse(f"nassij_associations:{name}", kwargs=kwargs)).content.decode()
        assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in shown
        assert "<script>" not in shown
        assert "style=" not in shown


@pytest.mark.parametrize(
    ("language", "shown", "other"),
    [
        ("ar", "جمعية الأمل", "Association Al Amal"),
        ("fr", "Association Al Amal", "جمعية الأمل"),
        ("en", "Association Al Amal", "جمعية الأمل"),
    ],
)
def test_an_association_is_called_as_its_reader_reads(client, language, shown, other):
    here = make.make_association("جمعية الأمل", name_fr="Association Al Amal")
    alone = make.make_association("جمعية النور")
    user = make.make_member(here, role=Role.PRESIDENT)
    make.make_member(alone, user, role=Role.PRESIDENT)
    make.make_coordinator(here, user=user)
    client.force_login(user)
    client.cookies["django_language"] = language
    for name in ("association", "edit", "members", "leave", "home", "list"):
        kwargs = {} if name in ("home", "list") else {"uuid": here.uuid}
        page = client.get(reverse(f"nassij_associations:{name}", kwargs=kwargs)).content.decode()
        assert f"<bdi>{shown}</bdi></" in page, name
        quietly = f'<p class="quiet"><bdi>{other}</bdi></p>' in page or f'<bdi class="quiet">{other}</bdi>' in page
        assert quietly is (name not in ("edit", "leave")), name
    page = client.get(reverse("nassij_associations:association", kwargs={"uuid": alone.uuid})).content.decode()
    assert "<h1><bdi>جمعية النور</bdi></h1>" in page
    assert 'class="quiet"><bdi>' not in page, "there is no other name"
    with override(language):
        assert api.access(user_id=user.pk, association_id=here.id).association_name == shown
        found = {own.association_id: own for own in api.memberships(user_id=user.pk)}
    assert (found[here.id].association_name, found[here.id].association_other_name) == (shown, other)
    assert (found[alone.id].association_name, found[alone.id].association_other_name) == ("جمعية النور", "")


def test_newcomer_is_shown_how_to_join(client):
    client.force_login(make.make_user())
    shown = client.get(reverse("nassij_associations:home")).content.decode()
    assert 'name="code"' in shown
    assert reverse("nassij_common:privacy") in shown


def test_join_code_is_shown_only_to_those_who_hand_it_out(client, here):
    code = Association.objects.get(pk=here.id).join_code
    for kind, sees in (
        ("president", True),
        ("secretary", True),
        ("member", False),
        ("coach", False),
        ("operator", False),
    ):
        client.force_login(person(kind, here, here))
        shown = client.get(reverse("nassij_associations:association", kwargs={"uuid": here.uuid})).content.decode()
        assert (code[:4] in shown) is sees


def test_profile_is_saved_and_errors_stay_at_their_field(client, here):
    client.force_login(make.make_member(here, role=Role.SECRETARY))
    url = reverse("nassij_associations:edit", kwargs={"uuid": here.uuid})
    good = {
        "name": "  جمعية\u202e الوفاق ",
        "province": "al-haouz",
        "commune": "أسني",
        "fields_of_activity": ["water", "women"],
        "women": "١٢",
        "men": "8",
        "youth": "5",
        "founded_year": "2011",
    }
    assert client.post(url, good).status_code == 302
    saved = api.association(association_id=here.id)
    assert (saved.name, saved.province, saved.fields) == ("جمعية الوفاق", "al-haouz", ("water", "women"))
    assert (saved.women, saved.men, saved.youth, saved.size, saved.founded_year) == (12, 8, 5, 20, 2011)
    for bad in (
        {"name": " "},
        {"province": "paris"},
        {"fields_of_activity": ["spying"]},
        {"women": "-1"},
        {"youth": "21"},
        {"founded_year": "1800"},
        {"founded_year": "3000"},
        {"name": "ن" * 192},
        {"women": "many"},
    ):
        response = client.post(url, good | bad)
        assert response.status_code == 422
        assert 'class="errors"' in response.content.decode()
        assert api.association(association_id=here.id) == saved


def test_hostile_text_is_text(client, here):
    client.force_login(make.make_member(here, role=Role.PRESIDENT))
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    url = reverse("nassij_associations:edit", kwargs={"uuid": here.uuid})
    assert client.post(url, {"name": evil, "province": "safi", "commune": evil}).status_code == 302
    for name in ("association", "edit", "members", "leave"):
        shown = client.get(reverse(f"nassij_associations:{name}", kwargs={"uuid": here.uuid})).content.decode()
        assert "<script>alert" not in shown
        assert "<img" not in shown


def test_the_last_president_stays(client, here):
    head = make.get_user_model().objects.get(username="headofall")
    client.force_login(head)
    membership = make.membership_of(head, here)
    keys = {"uuid": here.uuid, "membership_uuid": membership.uuid}
    role = client.post(reverse("nassij_associations:member", kwargs=keys), {"role": "member"})
    assert role.status_code == 409
    assert client.post(reverse("nassij_associations:end_membership", kwargs=keys)).status_code == 409
    assert client.post(reverse("nassij_associations:leave", kwargs={"uuid": here.uuid})).status_code == 409
    successor = make.make_member(here)
    other = {"uuid": here.uuid, "membership_uuid": make.membership_of(successor, here).uuid}
    assert client.post(reverse("nassij_associations:member", kwargs=other), {"role": "president"}).status_code == 302
    response = client.post(reverse("nassij_associations:member", kwargs=keys), {"role": "member"})
    assert response["Location"] == reverse("nassij_associations:association", kwargs={"uuid": here.uuid})
    assert api.access(user_id=head.pk, association_id=here.id).role is Role.MEMBER


def test_a_member_of_another_association_is_not_found_under_this_one(client, here):
    elsewhere = make.make_association()
    stranger = make.membership_of(make.make_member(elsewhere), elsewhere)
    client.force_login(make.make_member(here, role=Role.PRESIDENT))
    for name in ("member", "end_membership"):
        keys = {"uuid": here.uuid, "membership_uuid": stranger.uuid}
        assert (
            client.post(reverse(f"nassij_associations:{name}", kwargs=keys), {"role": "president"}).status_code == 404
        )
    stranger.refresh_from_db()
    assert stranger.is_active
    assert stranger.role == "member"


def test_coaches_are_named_and_dismissed(client, here):
    client.force_login(make.make_coordinator(here))
    url = reverse("nassij_associations:coaches", kwargs={"uuid": here.uuid})
    assert client.post(url, {"assign": "1", "person": "nobody"}).status_code == 400
    assert client.post(url, {"assign": "1", "person": "ordinary@example.org"}).status_code == 400
    assert client.post(url, {"assign": "1", "person": "headofall"}).status_code == 409
    assert client.post(url, {"assign": "1", "person": "newcoach@example.org"}).status_code == 302
    assert api.coaches(association_id=here.id) == ("newcoach",)
    assert client.post(url, {"end": "not-a-uuid"}).status_code == 404
    assert client.post(url, {"end": str(CoachAssignment.active.get().uuid)}).status_code == 302
    assert api.coaches(association_id=here.id) == ()


def test_next_steps_of_other_apps_are_shown(client, here):
    asked = []

    def provider(*, relations, language):
        asked.extend(relations)
        step = api.NextStep(text=f"خطوة {language}", label="هيا", url="/x/")
        return {relation.association_id: step for relation in relations}

    forget = api.register_next_steps("test", provider)
    try:
        client.force_login(make.make_member(here))
        for name, kwargs in (("home", {}), ("association", {"uuid": here.uuid})):
            shown = client.get(reverse(f"nassij_associations:{name}", kwargs=kwargs)).content.decode()
            assert "خطوة ar" in shown
            assert 'href="/x/"' in shown
    finally:
        forget()
    assert asked == [api.Relation(association_id=here.id, is_member=True)] * 2
    assert "test" not in __import__("nassij.associations.next_steps", fromlist=["_providers"])._providers


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"الأمل", "Afoulki", "النور"}),
        ({"province": "safi"}, {"النور"}),
        ({"field": "water"}, {"الأمل"}),
        ({"field": "wat"}, {"الأمل", "Afoulki", "النور"}),
        ({"cohort": "c1"}, {"Afoulki"}),
        ({"q": "الامل"}, {"الأمل"}),
        ({"q": "AFOUL"}, {"Afoulki"}),
        ({"q": "!!!"}, set()),
        ({"q": "%"}, set()),
        ({"province": "safi", "field": "water"}, set()),
        ({"page": "99"}, {"الأمل", "Afoulki", "النور"}),
    ],
)
def test_filters(client, filters, expected):
    make.make_association("الأمل", fields=("water", "women"))
    afoulki = make.make_association("Afoulki", province="essaouira", fields=("culture",))
    make.make_association("النور", province="safi")
    make.make_cohort(afoulki, code="c1")
    client.force_login(make.make_coordinator(everywhere=True))
    shown = client.get(reverse("nassij_associations:list"), filters).content.decode()
    assert {name for name in ("الأمل", "Afoulki", "النور") if f"<bdi>{name}</bdi>" in shown} == expected


QUERIES = {("home", "coach"): 7, ("home", "coordinator"): 8, ("list", "coach"): 6, ("list", "coordinator"): 7}


@pytest.mark.parametrize(("page", "kind"), QUERIES)
def test_same_number_of_queries_at_any_size(client, django_assert_max_num_queries, kind, page):
    def measure(number):
        associations = [make.make_association() for _ in range(number)]
        for association in associations[:20]:
            make.make_member(association)
        user = make.make_coordinator(*associations) if kind == "coordinator" else make.make_user()
        if kind == "coach":
            for association in associations:
                make.make_coach(association, user)
        client.force_login(user)
        with django_assert_max_num_queries(20) as counted:
            assert client.get(reverse(f"nassij_associations:{page}")).status_code == 200
        return len(counted)

    few, many = measure(2), measure(60)
    assert few == many
    # Two of them are the session and the account.
    assert many - 2 == QUERIES[page, kind]


def test_pages_of_the_list(client):
    make.make_cohort(*[make.make_association(f"ج {number:03}") for number in range(30)], code="c")
    client.force_login(make.make_coordinator(everywhere=True))
    first = client.get(reverse("nassij_associations:list"), {"cohort": "c"}).content.decode()
    assert "ج 024" in first
    assert "ج 025" not in first
    assert "?cohort=c&amp;page=2" in first
    assert "ج 025" in client.get(reverse("nassij_associations:list"), {"cohort": "c", "page": 2}).content.decode()


def test_the_last_president_is_told_before_leaving(client, here):
    head = make.get_user_model().objects.get(username="headofall")
    client.force_login(head)
    url = reverse("nassij_associations:leave", kwargs={"uuid": here.uuid})
    told = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert "You are the only president of this association." in told
    assert 'class="ghost critical"' not in told
    assert reverse("nassij_associations:members", kwargs={"uuid": here.uuid}) in told
    make.make_member(here, role=Role.PRESIDENT)
    assert 'class="ghost critical"' in client.get(url, headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_list_of_a_coordinator_names_cohorts_and_folds_the_filters(client, here, language):
    person = make.make_coordinator(here)
    (cohort,) = api.cohorts_in_scope(scope=api.scope(user_id=person.pk))
    client.force_login(person)
    html = client.get(reverse("nassij_associations:list"), headers={"accept-language": language}).content.decode()
    assert {"ar": "جمعيات أفواجي", "fr": "Les associations de mes cohortes"}[language] in html
    assert '<details class="card"><summary>' in html
    assert f"<bdi>{cohort.name(language)}</bdi>" in html
    narrowed = client.get(reverse("nassij_associations:list"), {"q": "x"}).content.decode()
    assert '<details class="card" open>' in narrowed
