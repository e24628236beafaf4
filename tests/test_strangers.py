"""Strangers get nothing: every page and endpoint (taken from the URL patterns) and every handler of every block.

Strangers are two members of another association, a former member and an anonymous visitor. Whatever they ask for, read or
write, nothing of the association comes back and nothing in the database changes. A new address or handler is covered as soon as
it exists; one with a parameter this file does not know fails until it is told what to put there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils.crypto import get_random_string
from webob import Request
from xblock.core import XBlock

from funding_guide.applications.writing import change_project, open_application
from funding_guide.calls import loading
from funding_guide.models.applications import PROJECT_FIELDS
from governance_assessment import api as governance
from governance_assessment.models import AnswerSheet
from nassij.associations import api as associations
from nassij.associations.models import AssociationImport, Membership
from nassij.common.models import Job
from tests.funding_guide.domain.builders import call, document
from tests.governance_assessment.helpers import level, operation, publish_instrument, save
from tests.nassij.associations import factories
from tests.xblocks.governance import runtimes

pytestmark = pytest.mark.django_db
NAMESPACES = ("nassij_common", "nassij_associations", "nassij_governance", "nassij_funding", "nassij_courses")
STRANGERS = ("president elsewhere", "member elsewhere", "former member", "anonymous")
SECRET = "سر-" + get_random_string(12)


@dataclass(frozen=True)
class Target:
    """An association with everything a stranger must not see, and the strangers."""

    association: Any
    round: Any
    run: AssociationImport
    parameters: dict[str, str]
    secrets: tuple[str, ...]
    people: dict[str, Any]


@pytest.fixture
def target(tmp_path: Path, settings: Any) -> Target:
    settings.NASSIJ_PRIVATE_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path)},
    }
    publish_instrument()
    association = factories.make_association(f"جمعية {SECRET}", commune=f"جماعة {SECRET}")
    president = factories.make_user(first_name=f"فاطمة {SECRET}", is_active=True)
    factories.make_member(association, president, role=associations.Role.PRESIDENT)
    opened = governance.open_round(user_id=president.pk, association_id=association.id, kind="full")
    save(president, opened, "1.1", level(2, comment=f"تعليق {SECRET}"))
    elsewhere = factories.make_association("جمعية أخرى")
    people = {
        "president elsewhere": factories.make_member(elsewhere, role=associations.Role.PRESIDENT),
        "member elsewhere": factories.make_member(elsewhere),
        "former member": factories.make_former_member(association),
        "anonymous": None,
    }
    item_uuid = governance.add_plan_item(
        user_id=president.pk,
        association_uuid=association.uuid,
        changes={"title": f"إجراء {SECRET}", "owner_id": president.pk, "note": SECRET},
        operation_id=operation(),
    )
    proof = SimpleUploadedFile(f"{SECRET}.pdf", b"%PDF-1.7\n" + SECRET.encode() + b"\n%%EOF\n")
    evidence = governance.add_evidence(user_id=president.pk, round_uuid=opened.uuid, indicator_code="1.1", file=proof)
    # A public file is printed for who asks first, and named by a row then: that is not what a stranger changes.
    governance.questionnaire_file(slug="gov-ma", kind="full", language="ar")
    sheet = AnswerSheet.objects.create(
        round_id=opened.id,
        owner=president,
        file_name=SECRET,
        sha256="0" * 64,
        answers={"1.1": level(3, comment=SECRET)},
    )
    loading.store(call(slug="gov-ma", documents=[document("letter")]), publish=True)
    file_uuid = open_application(user_id=president.pk, association_uuid=association.uuid, slug="gov-ma")
    figures = dict.fromkeys(PROJECT_FIELDS) | {"title": f"مشروع {SECRET}", "field": ""}
    change_project(user_id=president.pk, uuid=file_uuid, values=figures, revision=0)
    run = AssociationImport.objects.create(owner=president, file_name=SECRET, sha256="0" * 64)
    job = Job.objects.create(kind="tests.none", owner_id=president.pk, message=SECRET)
    membership = Membership.active.get(user=president)
    code = associations.join_code(actor_id=president.pk, association_id=association.id)
    return Target(
        association=association,
        round=opened,
        run=run,
        parameters={
            "uuid": str(association.uuid),
            "membership_uuid": str(membership.uuid),
            "round_uuid": str(opened.uuid),
            "job_uuid": str(job.uuid),
            "slug": "gov-ma",
            "version": "1.0.0",
            "language": "ar",
            "kind": "full",
            "token": "not-a-signed-one",
            "item_uuid": str(item_uuid),
            "indicator_code": "1.1",
            "file_uuid": str(evidence.file.uuid),
            "code": "1.1",
            "name": "ar-guide.pdf",
            "sheet_uuid": str(sheet.uuid),
            "application_uuid": str(file_uuid),
            "document_code": "letter",
            "guide_code": "G6",
            "template": "minutes",
        },
        secrets=(SECRET, code, str(association.uuid), str(opened.uuid), str(evidence.file.uuid), str(file_uuid)),
        people=people,
    )


@dataclass(frozen=True)
class Address:
    name: str
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def addresses() -> Iterator[Address]:
    """Every address of ours, by name, with its parameters."""

    def walk(patterns: list, taken: tuple[str, ...], namespace: str) -> Iterator[Address]:
        for pattern in patterns:
            parameters = (*taken, *pattern.pattern.converters)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, parameters, pattern.namespace or namespace)
            elif isinstance(pattern, URLPattern) and namespace in NAMESPACES:
                yield Address(f"{namespace}:{pattern.name}", parameters)

    yield from walk(get_resolver().url_patterns, (), "")


ADDRESSES = sorted(set(addresses()), key=str)


def rows() -> str:
    """Every row of every table of ours: what "nothing changed" is judged by."""
    tables = [model for model in apps.get_models() if model._meta.app_label.startswith("nassij_")]
    found = {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in tables}
    return json.dumps(found, default=str, sort_keys=True)


def url_of(address: Address, target: Target) -> str:
    values = dict(target.parameters)
    if address.name.startswith("nassij_funding:guide"):
        values["code"] = "G6"
    if address.name.startswith("nassij_associations:import_"):
        values["uuid"] = str(target.run.uuid)
    unknown = set(address.parameters) - set(values)
    assert not unknown, f"{address}: tell this test what to put for {unknown}"
    return reverse(address.name, kwargs={name: values[name] for name in address.parameters})


def client_of(user: Any) -> Client:
    client = Client(raise_request_exception=True)
    if user is not None:
        client.force_login(user)
    return client


def test_the_addresses_are_found() -> None:
    assert len(ADDRESSES) >= 20
    assert {"nassij_associations:association", "nassij_governance:round", "nassij_common:job"} <= {
        a.name for a in ADDRESSES
    }


def asked_for(url: str) -> list[str]:
    """The address itself and, where it is a form's, that of the page the form stands on: made of nothing but what was sent."""
    match = resolve(url)
    page, named = getattr(match.func, "stands_on", (None, ()))
    return [url, *([reverse(page, kwargs={name: match.kwargs[name] for name in named})] if page else [])]


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_no_page_or_endpoint_gives_a_stranger_anything(target: Target, address: Address, stranger: str) -> None:
    client = client_of(target.people[stranger])
    url = url_of(address, target)
    before = rows()
    answers = [client.get(url), client.get(url, headers={"accept": "application/json"})]
    answers += [client.post(url, {"confirm": "yes", "association": target.association.id, "role": "president"})]
    answers += [
        getattr(client, method)(url, data="{}", content_type="application/json")
        for method in ("put", "patch", "delete")
    ]
    for answer in answers:
        body = b"".join(answer) if answer.streaming else answer.content
        text = body.decode("utf-8", "replace")
        # A page may repeat the address that was asked for (to come back to after signing in), and nothing more.
        shown = text + str(answer.headers)
        for asked in asked_for(url):
            shown = shown.replace(asked, "")
        assert not [secret for secret in target.secrets if secret in shown], (address, answer.status_code)
        if {"uuid", "item_uuid", "round_uuid", "job_uuid", "membership_uuid", "file_uuid", "sheet_uuid"} & set(
            address.parameters
        ):
            refused = (302, 401, 403, 404, 405) if stranger == "anonymous" else (403, 404, 405)
            assert answer.status_code in refused, (address, answer.status_code)
    assert rows() == before


def handlers() -> Iterator[tuple[str, str]]:
    for block_type in ("nassij_lesson", "nassij_governance"):
        block_class = XBlock.load_class(block_type)
        for name in dir(block_class):
            if getattr(getattr(block_class, name, None), "_is_xblock_handler", False):
                yield block_type, name


GOVERNANCE_HANDLERS = [name for block_type, name in handlers() if block_type == "nassij_governance"]


def bodies(target: Target) -> list[tuple[bytes, str]]:
    """What a stranger might send: JSON and forms that name the other association, its round and its people."""
    aimed = {
        "association": target.association.id,
        "round": str(target.round.uuid),
        "indicator": "1.1",
        "answer": level(4),
        "answers": {"has_employees": True},
        "revision": 0,
        "profile_revision": 0,
        "operation_id": operation(),
        "seen": "",
        "a-1.1": "4",
    }
    form = "&".join(f"{name}={value}" for name, value in aimed.items() if not isinstance(value, dict))
    return [(json.dumps(aimed).encode(), "application/json"), (form.encode(), "application/x-www-form-urlencoded")]


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("handler", GOVERNANCE_HANDLERS)
def test_no_handler_gives_a_stranger_anything(target: Target, handler: str, stranger: str) -> None:
    before = rows()
    for kind in ("full", "express"):
        for body, content_type in bodies(target):
            for query in ("", "?part=1", f"?association={target.association.id}"):
                block = runtimes.in_library(target.people[stranger], round_kind=kind)
                request = Request.blank(f"/{query}", method="POST", body=body, content_type=content_type)
                answer = block.runtime.handle(block, handler, request)
                text = answer.body.decode("utf-8", "replace") + str(dict(answer.headers))
                assert not [secret for secret in target.secrets if secret in text]
    after = rows()
    assert after == before


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("view", ["student_view", "public_view", "author_view"])
def test_no_view_gives_a_stranger_anything(target: Target, view: str, stranger: str) -> None:
    block = runtimes.in_library(target.people[stranger])
    fragment = getattr(block, view)({})
    text = fragment.content + json.dumps(fragment.json_init_args)
    assert not [secret for secret in target.secrets if secret in text]


def test_the_judge_sees_what_a_member_sees(target: Target) -> None:
    """The positive control: the same requests by a member do show the secrets."""
    member = Membership.active.filter(association_id=target.association.id).first().user
    page = client_of(member).get(reverse("nassij_associations:association", kwargs={"uuid": target.association.uuid}))
    assert SECRET in page.content.decode()
    assert SECRET in runtimes.in_library(member).student_view({}).content
