"""Instrument versions in the admin: who may do what, drafts as forms and files, published ones for reading only."""

import re
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from governance_assessment.instruments import drafts, files
from governance_assessment.models import InstrumentVersion
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db
PAGES = "admin:nassij_governance_instrumentversion_"


@pytest.fixture
def version(instrument):
    return InstrumentVersion.objects.get()


@pytest.fixture
def draft(version):
    return drafts.draft_after(version, "0.1.1", actor_id=None)


def url(page, *args):
    return reverse(PAGES + page, args=args)


def person(*codenames):
    user = factories.make_user(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=[f"{name}_instrumentversion" for name in codenames])
    )
    return user


@pytest.fixture
def operator(client):
    user = factories.make_user(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


def rows():
    return list(InstrumentVersion._base_manager.order_by("pk").values())


# --- Who may ----------------------------------------------------------------------------------------------

REQUESTS = {
    "list": ("get", lambda v, d: url("changelist")),
    "look": ("get", lambda v, d: url("change", d.pk)),
    "preview": ("get", lambda v, d: url("preview", d.pk, "ar")),
    "export": ("get", lambda v, d: url("export", v.pk, "yaml")),
    "load": ("get", lambda v, d: url("add")),
    "continue": ("get", lambda v, d: url("next", v.pk)),
    "edit": ("get", lambda v, d: url("part", d.pk, 0)),
    "source": ("get", lambda v, d: url("source", d.pk)),
    "publish": ("get", lambda v, d: url("publish", d.pk)),
    "retire": ("get", lambda v, d: url("retire", v.pk)),
    "delete": ("get", lambda v, d: url("delete", d.pk)),
    "edit a published one": ("post", lambda v, d: url("part", v.pk, 0)),
    "source of a published one": ("post", lambda v, d: url("source", v.pk)),
    "delete a published one": ("post", lambda v, d: url("delete", v.pk)),
}
SEE = {"list", "look", "preview", "export"}
ALLOWED = {
    (): set(),
    ("view",): SEE,
    ("view", "add"): SEE | {"load", "continue"},
    ("view", "change"): SEE | {"edit", "source"},
    ("view", "publish"): SEE | {"publish", "retire"},
    ("view", "delete"): SEE | {"delete"},
    ("publish",): set(),
}


@pytest.mark.parametrize("held", ALLOWED, ids="+".join)
@pytest.mark.parametrize("name", REQUESTS)
def test_who_may_do_what(held, name, version, draft, client):
    client.force_login(person(*held))
    before = rows()
    method, address = REQUESTS[name]
    reply = getattr(client, method)(address(version, draft))
    assert reply.status_code == (200 if name in ALLOWED[held] else 403)
    assert rows() == before


@pytest.mark.parametrize("name", REQUESTS)
def test_members_and_strangers_come_no_further_than_the_login(name, version, draft, client, president):
    method, address = REQUESTS[name]
    for user in (None, president):
        if user:
            client.force_login(user)
        reply = getattr(client, method)(address(version, draft))
        assert reply.status_code == 302
        assert "login" in reply["Location"]


def test_even_an_operator_does_not_change_what_is_published(version, operator, client):
    before = rows()
    for page, args, body in (
        ("part", (version.pk, 0), {"/title/fr": "Autre", "seen_hash": version.content_hash}),
        ("source", (version.pk,), {"content": "slug: x", "seen_hash": version.content_hash}),
        ("change", (version.pk,), {"content": "{}", "status": "draft"}),
        ("delete", (version.pk,), {"post": "yes"}),
    ):
        assert client.post(url(page, *args), body).status_code in (403, 405)
        assert rows() == before
    assert client.get(url("part", version.pk, 0)).status_code == 403


# --- Drafts -----------------------------------------------------------------------------------------------


def test_the_whole_way(version, operator, client):
    """From a published version: a draft, words changed, published; who did it stands in the list."""
    reply = client.post(url("next", version.pk), {"version": "0.1.1"}, follow=True)
    draft = InstrumentVersion.objects.get(version="0.1.1")
    assert reply.redirect_chain[-1][0] == url("change", draft.pk)
    part = url("part", draft.pk, 0)
    assert 'dir="rtl"' in client.get(part).content.decode()
    client.post(part, {"/title/fr": "Notre gouvernance", "seen_hash": draft.content_hash, "next": "x"})
    draft.refresh_from_db()
    assert draft.content["title"]["fr"] == "Notre gouvernance"
    assert draft.content["title"]["ar"] == version.content["title"]["ar"]

    confirmation = client.get(url("publish", draft.pk), HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert 'name="seen_hash"' in confirmation
    draft.refresh_from_db()
    assert draft.status == "draft"
    client.post(url("publish", draft.pk), {"seen_hash": draft.content_hash})
    draft.refresh_from_db()
    assert draft.status == "published"
    assert operator.username in client.get(url("changelist")).content.decode()
    client.post(url("retire", version.pk))
    version.refresh_from_db()
    assert version.status == "retired"


def indicator_part(draft, client, code="1.1"):
    page = client.get(url("change", draft.pk)).content.decode()
    return re.search(rf'href="([^"]+/part/\d+/)">{re.escape(code)} ', page).group(1)


def test_an_indicator_as_a_form(draft, operator, client):
    page = indicator_part(draft, client)
    base = "/sections/0/indicators/0"
    body = {
        f"{base}/weight": "7",
        f"{base}/express": "on",
        f"{base}/applies_if": "has_employees",
        "seen_hash": draft.content_hash,
    }
    assert client.post(page, body).status_code == 302
    draft.refresh_from_db()
    found = draft.content["sections"][0]["indicators"][0]
    assert (found["weight"], found["applies_if"], found.get("critical"), found["express"]) == (
        7,
        "has_employees",
        None,
        True,
    )
    assert found["levels"]["1"]["ar"]


def test_what_is_wrong_stands_beside_its_field(draft, operator, client):
    before = rows()
    page = indicator_part(draft, client)
    base = "/sections/0/indicators/0"
    body = {f"{base}/weight": "-3", f"{base}/title/fr": "tapé", "seen_hash": draft.content_hash}
    reply = client.post(page, body)
    html = reply.content.decode()
    assert reply.status_code == 400
    assert html.count('aria-invalid="true"') == 1
    assert "tapé" in html
    assert rows() == before


def test_an_emptied_text_is_missing_and_linked(draft, operator, client):
    client.post(indicator_part(draft, client), {
        "/sections/0/indicators/0/title/fr": " ", "seen_hash": draft.content_hash, "/sections/0/indicators/0/critical": "on",
        "/sections/0/indicators/0/express": "on",
    })  # fmt: skip
    draft.refresh_from_db()
    assert "fr" not in draft.content["sections"][0]["indicators"][0]["title"]
    html = client.get(url("change", draft.pk)).content.decode()
    assert "99 %" in html
    assert client.get(url("preview", draft.pk, "fr")).status_code == 200
    assert 'type="submit"' not in client.get(url("publish", draft.pk)).content.decode().split("submit-row")[1]
    client.post(url("publish", draft.pk), {"seen_hash": draft.content_hash})
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_two_editors(draft, operator, client):
    seen = draft.content_hash
    client.post(url("part", draft.pk, 0), {"/title/fr": "Un", "seen_hash": seen})
    reply = client.post(url("part", draft.pk, 0), {"/title/fr": "Deux", "seen_hash": seen})
    assert reply.status_code == 409
    assert "Deux" in reply.content.decode()
    draft.refresh_from_db()
    assert draft.content["title"]["fr"] == "Un"


def test_a_version_does_not_follow_itself(version, draft, operator, client):
    before = rows()
    for taken in (version.version, draft.version):
        reply = client.post(url("next", version.pk), {"version": taken})
        assert reply.status_code == 409
        assert reply.context["error"].code == "version_exists"
    assert rows() == before


def test_a_version_that_cannot_be_read_says_where(draft, operator, client):
    """A draft stored under other rules, say."""
    sections = [{**draft.content["sections"][0], "weight": -1}, *draft.content["sections"][1:]]
    InstrumentVersion._base_manager.filter(pk=draft.pk).update(content={**draft.content, "sections": sections})
    for address in (url("change", draft.pk), url("preview", draft.pk, "ar"), url("publish", draft.pk)):
        reply = client.get(address)
        assert reply.status_code == 400
        assert "/sections/0/weight" in reply.content.decode()


def test_the_source_names_lines(draft, operator, client):
    text = files.as_yaml(draft).decode()
    seen = {"seen_hash": draft.content_hash}
    reply = client.post(url("source", draft.pk), {"content": text.replace("weight: 3", "weight: -3", 1), **seen})
    assert reply.status_code == 400
    line = 1 + text[: text.index("weight: 3")].count("\n")
    assert re.search(rf"\b{line}\b", reply.content.decode())
    for hostile in ("a: &a [*a]", "!!python/object:x {}", "", "[" * 1000):
        assert client.post(url("source", draft.pk), {"content": hostile, **seen}).status_code in (400, 413)
    assert client.post(url("source", draft.pk), {"content": text, **seen}).status_code == 302


def test_the_preview_is_the_page_members_read_in_its_language(draft, operator, client):
    for language, direction in (("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")):
        html = client.get(url("preview", draft.pk, language)).content.decode()
        assert f'lang="{language}" dir="{direction}"' in html
        assert draft.content["title"][language].replace("'", "&#x27;") in html
    assert client.get(url("preview", draft.pk, "es")).status_code == 302


# --- Files ------------------------------------------------------------------------------------------------


def upload(client, content, name="version.xlsx"):
    return client.post(url("add"), {"file": SimpleUploadedFile(name, content)})


def test_a_workbook_is_looked_at_and_then_saved(draft, operator, client):
    book = openpyxl.load_workbook(BytesIO(files.as_workbook(draft)))
    book["instrument"]["D2"] = "Titre du tableur"
    out = BytesIO()
    book.save(out)
    before = rows()
    reply = upload(client, out.getvalue())
    assert reply.status_code == 200
    assert rows() == before
    content = reply.context["yaml"]
    assert client.post(url("add"), {"content": content, "seen_hash": "other"}).status_code == 409
    client.post(url("add"), {"content": content, "seen_hash": draft.content_hash})
    draft.refresh_from_db()
    assert draft.content["title"]["fr"] == "Titre du tableur"
    assert InstrumentVersion.objects.count() == 2


def test_a_file_looked_at_before_the_draft_was_there_does_not_replace_it(version, operator, client):
    content = files.as_yaml(version).decode().replace("slug: gov-ma", "slug: other")
    looked_at = upload(client, content.encode(), "other.yaml").context
    assert looked_at["existing"] is None
    sent = {"content": looked_at["yaml"], "seen_hash": ""}
    by_another = looked_at["yaml"].replace("weight: 3", "weight: 4", 1)
    assert client.post(url("add"), {**sent, "content": by_another}).status_code == 302
    before = rows()
    reply = client.post(url("add"), sent)
    assert reply.status_code == 409
    assert reply.context["error"].code == "draft_changed"
    assert rows() == before
    assert client.post(url("add"), {**sent, "content": by_another}).status_code == 302, "sent twice is sent once"


def test_a_wrong_workbook_names_its_cells(draft, operator, client):
    book = openpyxl.load_workbook(BytesIO(files.as_workbook(draft)))
    book["indicators"]["C3"] = -1
    out = BytesIO()
    book.save(out)
    reply = upload(client, out.getvalue())
    assert reply.status_code == 400
    assert "indicators!C3" in reply.content.decode()
    for content in (b"PK\x03\x04rubbish", b"slug: [", b"\x00\x01"):
        assert upload(client, content).status_code in (400, 413)
    assert client.post(url("add")).status_code == 400


def test_a_formula_or_a_yes_is_no_number(draft, operator, client):
    for cell, value, said in (("C3", "=1+2", "indicators!C3"), ("C3", True, "indicators!C3")):
        book = openpyxl.load_workbook(BytesIO(files.as_workbook(draft)))
        book["indicators"][cell] = value
        out = BytesIO()
        book.save(out)
        reply = upload(client, out.getvalue())
        assert reply.status_code == 400
        assert said in reply.content.decode()


def test_another_instrument_may_be_loaded(version, operator, client):
    content = files.as_yaml(version).decode().replace("slug: gov-ma", "slug: other")
    reply = upload(client, content.encode(), "other.yaml")
    client.post(url("add"), {"content": reply.context["yaml"], "seen_hash": ""})
    assert InstrumentVersion.objects.get(slug="other").status == "draft"


def test_a_draft_is_not_replaced_by_who_may_only_add(draft, client):
    client.force_login(person("view", "add"))
    before = rows()
    text = files.as_yaml(draft).decode().replace("weight: 3", "weight: 4", 1)
    assert client.post(url("add"), {"content": text, "seen_hash": draft.content_hash}).status_code == 403
    assert rows() == before


def test_exports_are_downloads(draft, operator, client):
    for kind, start in (("yaml", b"schema_version: 1"), ("xlsx", b"PK")):
        reply = client.get(url("export", draft.pk, kind))
        assert reply.content.startswith(start)
        assert f"gov-ma-0.1.1.{kind}" in reply["Content-Disposition"]


def test_what_the_list_costs(draft, operator, client, django_assert_max_num_queries):
    client.get(url("changelist"))
    with django_assert_max_num_queries(10):
        client.get(url("changelist"))


@pytest.mark.parametrize("where", ["source", "publish", "retire", "next", "change", "history"])
def test_a_key_no_version_can_have_is_not_found(where, client, operator, instrument):
    answer = client.get(url(where, 10**30))
    assert answer.status_code == (404 if where not in ("change", "history") else 302)


def test_the_pages_say_the_way_on_and_back(version, draft, operator, client):
    assert (
        "This is the only published version"
        in client.get(url("retire", version.pk), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    )
    assert (
        f'href="{url("changelist")}">Back to all' in client.get(url("add"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    )
    wrong = {"content": "slug: [", "seen_hash": draft.content_hash}
    refused = client.post(url("source", draft.pk), wrong, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "save again" in refused
    assert "load it again" not in refused
