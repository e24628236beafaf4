"""Errors: one sentence for a person, one code for a program, never a traceback."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from nassij.common import errors
from nassij.common.rest import ProblemJSON

KINDS = [
    (errors.BadInput, 400),
    (errors.NotSignedIn, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.TooLarge, 413),
    (errors.Unprocessable, 422),
]


@pytest.mark.parametrize(("kind", "code"), KINDS)
def test_every_kind_says_what_happened_and_what_to_do(kind: type[errors.NassijError], code: int) -> None:
    body = errors.problem(kind(), "en")
    assert body["status"] == code == kind().status
    assert body["type"] == f"urn:nassij:error:{body['code']}"
    assert body["title"] and body["detail"] and body["remedy"]
    assert body["title"].endswith(".")


def test_an_error_carries_its_own_words_and_more() -> None:
    error = errors.Conflict(_("No"), code="stale", remedy="Look.", revision=3, both=[{"label": _("Yes")}], status=412)
    body = errors.problem(error, "fr")
    assert (body["detail"], body["code"], body["remedy"], body["status"]) == (
        translation_of("No"),
        "stale",
        "Look.",
        412,
    )
    assert body["revision"] == 3
    assert body["both"] == [{"label": translation_of("Yes")}]
    json.dumps(body)
    assert errors.Conflict.code == "conflict"


def translation_of(text: str) -> str:
    with translation.override("fr"):
        return str(_(text))


def test_messages_are_in_the_language_of_the_reader() -> None:
    error = errors.BadInput(_("Yes"))  # a word Django itself translates
    assert errors.problem(error, "ar")["detail"] != errors.problem(error, "fr")["detail"]
    with translation.override("fr"):
        assert errors.problem(error)["detail"] == errors.problem(error, "fr")["detail"]


def test_extra_members_replace_nothing() -> None:
    error = errors.BadInput(type="x", title="y", detail="z")
    body = errors.problem(error, "en")
    assert body["type"] == "urn:nassij:error:bad_input" and body["title"] != "y" and body["detail"] != "z"


class Slow(BaseThrottle):
    def allow_request(self, request: object, view: object) -> bool:
        return False

    def wait(self) -> float:
        return 7.2


def call(raised: Exception | None, **attributes: object) -> Response:
    class View(ProblemJSON, APIView):
        authentication_classes: list[type] = []

        def get(self, request: object) -> Response:
            if raised:
                raise raised
            return Response({})

    for name, value in attributes.items():
        setattr(View, name, value)
    return View.as_view()(APIRequestFactory().get("/", HTTP_ACCEPT="text/html"))


@pytest.mark.parametrize(
    ("raised", "code", "name"),
    [
        (errors.NotFound(), 404, "not_found"),
        (errors.Conflict(code="stale"), 409, "stale"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
        (exceptions.NotAuthenticated(), 401, "not_signed_in"),
        (exceptions.ParseError(), 400, "bad_input"),
        (exceptions.MethodNotAllowed("GET"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("x/y"), 415, "unsupported_media_type"),
        (exceptions.ValidationError({"name": ["too long"]}), 400, "invalid_fields"),
    ],
)
def test_the_api_answers_with_a_problem(raised: Exception, code: int, name: str) -> None:
    response = call(raised)
    if isinstance(raised, exceptions.NotAuthenticated):
        assert response.status_code in (401, 403)
    else:
        assert response.status_code == code
    body = json.loads(response.content)
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert body["status"] == response.status_code
    assert body["code"] == name or response.status_code == 403


def test_field_errors_are_named() -> None:
    body = json.loads(call(exceptions.ValidationError({"name": ["too long"]})).content)
    assert body["errors"] == {"name": ["too long"]}


def test_a_throttled_caller_learns_when_to_come_back() -> None:
    response = call(None, throttle_classes=[Slow])
    assert response.status_code == status.HTTP_429_TOO_MANY_REQUESTS
    assert response["Retry-After"] == "8"
    assert json.loads(response.content)["status"] == 429


def test_anonymous_callers_of_a_closed_view_get_a_problem() -> None:
    response = call(None, permission_classes=[IsAuthenticated])
    assert response.status_code in (401, 403)
    assert json.loads(response.content)["remedy"]


def test_faults_of_ours_are_not_dressed_up() -> None:
    with pytest.raises(ZeroDivisionError):
        call(ZeroDivisionError())
