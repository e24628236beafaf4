"""Models, reference data, migrations, admin: the ground of the app."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from nassij.associations import api, reference
from nassij.associations.model_fields import CodesField, one, stored
from nassij.associations.models import Association, AssociationImport, ImportChange, Membership
from nassij.associations.naming import name_key
from nassij.common.errors import BadInput
from tests.nassij.associations import factories as make


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("جمعية الأمل", "جمعيه الامل"),
        ("جَمْعِيَّة", "جمعية"),
        ("الحـــوز", "الحوز"),
        ("مستشفى", "مستشفي"),
        ("Éducation  &  Santé", "education - sante"),
        ("AFOULKI", "afoulki"),
        ("ⵜⴰⵎⵙⵎⵓⵏⵜ", " ⵜⴰⵎⵙⵎⵓⵏⵜ "),
    ],
)
def test_spellings_of_one_name(left, right):
    assert name_key(left) == name_key(right) != ""


def test_different_names_stay_different():
    assert len({name_key(name) for name in ("الأمل", "العمل", "الأمال", "Amal")}) == 4


def test_codes_field_round_trip():
    field = CodesField(max_length=500)
    assert field.to_python(stored(["water", "women", "water"])) == ("water", "women")
    assert field.to_python("") == field.to_python(None) == ()
    assert field.get_prep_value(("a", "b")) == "|a|b|"
    assert field.get_prep_value(one("a")) == "|a|"
    assert len(stored(reference.fields())) <= 500


def test_reference_lists_are_complete():
    assert {term.code for term in reference.provinces().values() if term.region == "marrakech-safi"} == {
        "marrakech",
        "al-haouz",
        "chichaoua",
        "el-kelaa",
        "essaouira",
        "rehamna",
        "safi",
        "youssoufia",
    }
    for terms in (reference.regions(), reference.provinces(), reference.fields()):
        assert "other" in terms
        for code, term in terms.items():
            assert code == term.code
            assert all(term.name(language) for language in reference.LANGUAGES)
    assert {term.region for term in reference.provinces().values()} <= set(reference.regions())
    assert reference.province_name("safi", "fr") == "Province de Safi"
    assert reference.province_name("safi", "fr-ma") == "Province de Safi"
    assert reference.province_name("safi", "de") == "إقليم آسفي"
    assert reference.province_name("gone") == reference.field_name("gone") == "gone"


@pytest.mark.django_db
def test_profile_rules():
    with pytest.raises(BadInput) as caught:
        api.create_association(name="", province="x", fields=("y",), women=-1, men=True, founded_year=12)
    assert set(caught.value.extra["fields"]) == {"name", "province", "fields", "women", "men", "founded_year"}
    with pytest.raises(TypeError):
        api.create_association(name="ج", province="safi", identity_number="EE1")
    made = api.create_association(name="ج", province="safi", fields=["water", "water"], women=2)
    assert (made.fields, made.size) == (("water",), 2)
    assert Association.objects.get().fields == ("water",)


@pytest.mark.django_db
def test_every_model_says_what_it_holds_of_people():
    from django.apps import apps

    for model in apps.get_app_config("nassij_associations").get_models():
        assert ".. no_pii:" in model.__doc__ or (
            ".. pii:" in model.__doc__ and ".. pii_types:" in model.__doc__ and ".. pii_retirement:" in model.__doc__
        ), model


@pytest.mark.django_db
def test_nothing_is_left_to_migrate():
    call_command("makemigrations", "nassij_associations", check=True, dry_run=True, stdout=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_migrations_go_back_and_forth():
    try:
        call_command("migrate", "nassij_associations", "zero", verbosity=0)
    finally:
        call_command("migrate", "nassij_associations", verbosity=0)
    assert make.make_association().id


@pytest.mark.django_db
def test_admin_pages_open_and_changes_are_audited(client):
    from nassij.common import audit

    here = make.make_association()
    make.make_coach(here)
    make.make_coordinator(here)
    member = make.membership_of(make.make_member(here), here)
    run = AssociationImport.objects.create(file_name="x", rows=[{"row": 2, "person_email": "secret@example.org"}])
    ImportChange.objects.create(run=run, association_uuid=here.uuid, after={})
    client.force_login(make.make_user(is_superuser=True))
    names = (
        "association",
        "membership",
        "invitation",
        "cohort",
        "coachassignment",
        "coordinatorassignment",
        "associationimport",
    )
    for name in names:
        assert client.get(reverse(f"admin:nassij_associations_{name}_changelist")).status_code == 200
    for name in names[:-1]:
        assert client.get(reverse(f"admin:nassij_associations_{name}_add")).status_code == 200
    shown = client.get(reverse("admin:nassij_associations_associationimport_change", args=[run.pk]))
    assert "secret@example.org" not in shown.content.decode()
    data = {
        "association": here.id,
        "user": member.user_id,
        "role": "treasurer",
        "joined_at_0": "2026-01-01",
        "joined_at_1": "10:00:00",
        "left_at_0": "2026-02-01",
        "left_at_1": "10:00:00",
    }
    response = client.post(reverse("admin:nassij_associations_membership_change", args=[member.pk]), data)
    assert response.status_code == 302
    assert Membership.objects.get(pk=member.pk).active_slot is None
    assert audit.events_for(association_uuid=here.uuid, limit=1)[0].action == "associations.changed_in_admin"
    edited = {"name": "اسم", "province": "safi", "fields": "|water|women|", "join_code": "1234567890"}
    inline = {"places-TOTAL_FORMS": 0, "places-INITIAL_FORMS": 0}
    response = client.post(reverse("admin:nassij_associations_association_change", args=[here.id]), edited | inline)
    assert response.status_code == 302
    assert Association.objects.get(pk=here.id).fields == ("water", "women")


@pytest.mark.django_db
def test_people_without_the_platforms_profile_have_a_name():
    here = make.make_association()
    make.make_member(here, make.make_user("plain"))
    make.make_member(here, make.make_user("full", first_name="فاطمة", last_name="العلوي"))
    assert {member.name for member in api.members(association_id=here.id)} == {"plain", "فاطمة العلوي"}
