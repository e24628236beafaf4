"""Funding calls in the admin: who may do what, drafts from files and as text, published ones for reading only."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from funding_guide.calls import importing, library, loading
from funding_guide.domain import call_to_data
from funding_guide.models import CallVersion
from tests.funding_guide.domain.builders import call, data
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db
PAGES = "admin:nassij_funding_callversion_"


@pytest.fixture(autouse=True)
def _forget() -> None:
    library._kept.clear()


@pytest.fixture
def published() -> CallVersion:
    loading.store(call(), publish=True)
    return CallVersion.objects.get()


@pytest.fixture
def draft() -> CallVersion:
    loading.store(call(version="1.1.0"), publish=False)
    return CallVersion.objects.get(version="1.1.0")


@pytest.fixture
def operator() -> Client:
    return signed_in(factories.make_user(is_superuser=True, is_staff=True))


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def person(*codenames: str) -> Client:
    user = factories.make_user(is_staff=True)
    names = [f"{name}_callversion" for name in codenames]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return signed_in(user)


def url(page: str, *args: Any) -> str:
    return reverse(PAGES + page, args=args)


def rows() -> list[Any]:
    return list(CallVersion._base_manager.order_by("pk").values())


REQUESTS: dict[str, tuple[str, Any, set[str]]] = {
    "list": ("get", lambda p, d: url("changelist"), {"view", "change"}),
    "look": ("get", lambda p, d: url("change", p.pk), {"view", "change"}),
    "preview": ("get", lambda p, d: url("preview", d.pk, "fr"), {"view", "change"}),
    "export": ("get", lambda p, d: url("export", p.pk), {"view", "change"}),
    "load": ("get", lambda p, d: url("add"), {"add"}),
    "table": ("get", lambda p, d: url("template"), {"add"}),
    "write": ("get", lambda p, d: url("source", d.pk), {"change"}),
    "delete": ("get", lambda p, d: url("delete", d.pk), {"delete"}),
    "publish": ("get", lambda p, d: url("publish", d.pk), {"publish"}),
    "withdraw": ("get", lambda p, d: url("withdraw", p.pk), {"publish"}),
}


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("held", ["", "view", "add", "change", "delete", "publish"])
def test_who_may_do_what(name: str, held: str, published: CallVersion, draft: CallVersion) -> None:
    method, address, allowed = REQUESTS[name]
    # Publishing is for those who can also look.
    client = person(*({held, "view"} if held == "publish" else {held}))
    answer = getattr(client, method)(address(published, draft))
    may = held in allowed or (held == "publish" and "view" in allowed)
    assert answer.status_code == (200 if may else 403), (name, held)


def test_a_stranger_signs_in_first(published: CallVersion) -> None:
    assert Client().get(url("change", published.pk)).status_code == 302
    assert signed_in(factories.make_user()).get(url("change", published.pk)).status_code == 302


def test_from_a_file_to_what_associations_see(operator: Client) -> None:
    upload = SimpleUploadedFile("calls.xlsx", importing.template())
    looked_at = operator.post(url("add"), {"file": upload})
    assert looked_at.status_code == 200 and not CallVersion.objects.exists()
    held = re.search(r'name="calls" value="([^"]*)"', looked_at.content.decode())
    assert held
    assert operator.post(url("add"), {"calls": html.unescape(held.group(1))}).status_code == 302
    draft = CallVersion.objects.get()
    assert operator.get(f"/nassij/funding/calls/{draft.slug}/").status_code == 404
    assert "معاينة مسودة" in operator.get(url("preview", draft.pk, "ar")).content.decode()
    assert operator.post(url("publish", draft.pk)).status_code == 302
    assert operator.get(f"/nassij/funding/calls/{draft.slug}/").status_code == 200
    before = rows()
    assert operator.post(url("publish", draft.pk)).status_code == 302  # twice is once
    assert rows() == before
    assert operator.post(url("withdraw", draft.pk)).status_code == 302
    assert operator.get(f"/nassij/funding/calls/{draft.slug}/").status_code == 404
    assert "withdrawn" in operator.get(f"/nassij/funding/calls/{draft.slug}/versions/{draft.version}/").content.decode()


def test_a_wrong_file_is_shown_place_by_place(operator: Client) -> None:
    text = yaml.safe_dump(data(closes_on="2026-01-01", title={"fr": "<script>alert(1)</script>"})).encode()
    answer = operator.post(url("add"), {"file": SimpleUploadedFile("a.yaml", text)})
    page = answer.content.decode()
    assert answer.status_code == 400 and "before it opens" in page and "<script>alert" not in page
    assert 'name="calls"' not in page
    assert operator.post(url("add"), {"file": SimpleUploadedFile("a.yaml", b"- [")}).status_code == 400
    assert operator.post(url("add"), {}).status_code == 400
    assert operator.post(url("add"), {"calls": "[{}]"}).status_code == 400
    assert not rows()


def test_a_draft_is_written_on_and_a_published_text_is_not(
    operator: Client, published: CallVersion, draft: CallVersion
) -> None:
    changed = call_to_data(call(version="1.1.0", title={"fr": "Autre titre"}))
    form = {"content": yaml.safe_dump(changed, allow_unicode=True), "seen_hash": draft.content_hash}
    assert operator.post(url("source", draft.pk), form).status_code == 302
    assert CallVersion.objects.get(pk=draft.pk).content["title"] == {"fr": "Autre titre"}
    stale = operator.post(
        url("source", draft.pk), form | {"content": yaml.safe_dump(call_to_data(call(version="1.1.0")))}
    )
    assert stale.status_code == 409 and "in the meantime" in stale.content.decode()
    other = operator.post(url("source", draft.pk), form | {"content": yaml.safe_dump(call_to_data(call(slug="other")))})
    assert other.status_code == 400 and CallVersion.objects.count() == 2
    wrong = operator.post(url("source", draft.pk), form | {"content": "title: ["})
    assert wrong.status_code == 400 and "title: [" in wrong.content.decode()
    before = rows()
    assert operator.post(url("source", published.pk), form).status_code == 403
    assert operator.post(url("change", published.pk), {}).status_code == 405
    assert operator.post(url("delete", published.pk), {"post": "yes"}).status_code == 403
    assert rows() == before


def test_an_older_number_is_not_published_over_a_newer(operator: Client, draft: CallVersion) -> None:
    operator.post(url("publish", draft.pk))
    loading.store(call(version="1.0.5"), publish=False)
    older = CallVersion.objects.get(version="1.0.5")
    answer = operator.post(url("publish", older.pk))
    assert answer.status_code == 409 and "is newer" in answer.content.decode()
    assert operator.get(url("change", 2**70)).status_code in (302, 404)
