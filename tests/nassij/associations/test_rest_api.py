"""The API: who sees what, in which shape, at which price."""

import json

import pytest
from django.urls import reverse

from tests.nassij.associations import factories as make
from tests.nassij.associations.test_permissions import EXPECTED, NOBODY, person

pytestmark = pytest.mark.django_db

ENDPOINTS = ["api_detail", "api_members"]


def get(client, name, **kwargs):
    return client.get(reverse(f"nassij_associations:{name}", kwargs=kwargs))


@pytest.mark.parametrize("kind", [*EXPECTED, *NOBODY, "anonymous"])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_matrix(client, kind, endpoint):
    here, elsewhere = make.make_association("جمعية الماء"), make.make_association()
    if kind != "anonymous":
        client.force_login(person(kind, here, elsewhere))
    response = get(client, endpoint, uuid=here.uuid)
    if kind in EXPECTED:
        assert response.status_code == 200
        return
    assert response.status_code == (401 if kind == "anonymous" else 404)
    assert response["Content-Type"].startswith("application/problem+json")
    body = json.loads(response.content)
    assert {"type", "title", "status", "detail", "code", "remedy"} <= set(body)
    assert here.name not in response.content.decode()


@pytest.mark.parametrize("kind", [*EXPECTED, *NOBODY])
def test_the_list_is_the_callers(client, kind):
    here, elsewhere = make.make_association(), make.make_association()
    client.force_login(person(kind, here, elsewhere))
    found = {item["uuid"] for item in get(client, "api_list").json()["results"]}
    assert (str(here.uuid) in found) is (kind in EXPECTED)


def test_the_list_for_nobody(client):
    assert get(client, "api_list").status_code == 401


def test_shapes(client):
    here = make.make_association("جمعية الماء", fields=("water",), women=3)
    user = make.make_member(here, make.make_user("fatima", first_name="فاطمة"))
    client.force_login(user)
    summary = get(client, "api_list").json()["results"][0]
    assert (summary["name"], summary["member_count"], summary["fields_of_activity"]) == ("جمعية الماء", 1, ["water"])
    detail = get(client, "api_detail", uuid=here.uuid).json()
    assert (detail["women"], detail["men"]) == (3, None)
    assert "answer_round" in detail["actions"]
    assert "edit_association" not in detail["actions"]
    assert "join_code" not in detail
    members = get(client, "api_members", uuid=here.uuid).json()
    assert set(members[0]) == {"membership_uuid", "name", "role", "is_lead", "joined_at"}
    assert members[0]["name"] == "فاطمة"


def test_filters_and_pages(client):
    make.make_association("الأمل", fields=("water",), province="safi")
    for _ in range(3):
        make.make_association()
    client.force_login(make.make_coordinator(everywhere=True))
    url = reverse("nassij_associations:api_list")
    assert client.get(url, {"field": "water"}).json()["count"] == 1
    assert client.get(url, {"search": "امل", "province": "safi"}).json()["count"] == 1
    page = client.get(url, {"page_size": 3}).json()
    assert (len(page["results"]), page["count"]) == (3, 4)
    assert client.get(page["next"]).json()["next"] is None
    assert client.get(url, {"page": "x"}).status_code == 404
    assert client.get(url, {"search": "\x00'%\"--"}).status_code == 200


def test_same_number_of_queries_at_any_size(client, django_assert_max_num_queries):
    def measure(number):
        user = make.make_coordinator(*[make.make_association() for _ in range(number)])
        client.force_login(user)
        with django_assert_max_num_queries(8) as counted:
            get(client, "api_list")
        return len(counted)

    assert measure(2) == measure(40)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_reading_only(client, method):
    here = make.make_association()
    client.force_login(make.make_member(here))
    for name, kwargs in (("api_list", {}), ("api_detail", {"uuid": here.uuid}), ("api_members", {"uuid": here.uuid})):
        assert getattr(client, method)(reverse(f"nassij_associations:{name}", kwargs=kwargs)).status_code == 405


def test_the_document_describes_every_endpoint():
    from drf_spectacular.generators import SchemaGenerator

    from nassij.associations.rest_api.v1 import urls

    document = SchemaGenerator(patterns=urls.urlpatterns).get_schema(request=None, public=True)
    assert len(document["paths"]) == 3
    for path in document["paths"].values():
        responses = path["get"]["responses"]
        assert {"200", "401", "403", "404"} <= set(responses)
        assert responses["200"]["content"]["application/json"]["schema"]
