"""People are called by their name, which Open edX keeps in the profile: `first_name` and `last_name` are empty there."""

from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model

from nassij.common import mail, people
from nassij.common.models import OutgoingMail
from tests.nassij.common.test_mail import CONTEXT, templates  # noqa: F401 (its templates are ours too)

pytestmark = pytest.mark.django_db
NAME = "أمينة الإدريسي"


@pytest.fixture
def amina(monkeypatch):
    """An account as on the platform."""
    monkeypatch.setattr(people, "_has_profile", lambda: True)
    monkeypatch.setattr(get_user_model(), "profile", SimpleNamespace(name=NAME), raising=False)
    return get_user_model().objects.create_user("amina_92", "amina@example.org", "x")


def test_the_name_is_the_profiles_and_else_the_accounts(amina, monkeypatch):
    assert people.display_name(amina) == NAME

    monkeypatch.setattr(get_user_model(), "profile", SimpleNamespace(name=" "))
    assert people.display_name(amina) == "amina_92"
    amina.first_name, amina.last_name = "Amina", "Idrissi"
    assert people.display_name(amina) == "Amina Idrissi"
    assert people.display_name(None) == ""


def test_the_page_greets_by_name(amina, client):
    client.force_login(amina)
    page = client.get("/nassij/privacy/").content.decode()

    assert NAME in page
    assert "amina_92" not in page


def test_a_mail_greets_by_name(amina):
    message = mail.message_of(OutgoingMail(template="test/hello", context=CONTEXT, to_user_id=amina.pk))

    assert message is not None
    assert message.body.splitlines()[0].count(NAME) == 1
    assert "amina_92" not in message.body
