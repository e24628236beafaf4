"""The API: the associations a person may see, one of them, its members. Reading only: changes are made on the pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from nassij.associations import api, queries, reads
from nassij.associations.data import Action
from nassij.associations.rest_api.v1.permissions import authentication_classes
from nassij.associations.rest_api.v1.schema import described
from nassij.associations.rest_api.v1.serializers import (
    AssociationPageSerializer,
    AssociationSerializer,
    AssociationSummarySerializer,
    MemberSerializer,
    ProblemSerializer,
)
from nassij.common.rest import ProblemJSON

PROBLEMS = {
    status: OpenApiResponse(ProblemSerializer, description=text)
    for status, text in {
        401: "Not logged in.",
        403: "Not logged in, or not allowed.",
        404: "Not there, or not yours.",
    }.items()
}
FILTERS = {
    "province": "Code of a province.",
    "cohort": "Code of a cohort.",
    "field": "Code of a field of activity.",
    "search": "Part of the name, whatever the spelling.",
}
PAGING = {"page": "Number of the page.", "page_size": "Lines on a page, at most 100."}


class Pages(PageNumberPagination):
    """Pages of the list."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class AssociationsView(ProblemJSON, APIView):
    """What every endpoint shares: who calls. `nassij.associations.api` says what they may."""

    schema = AutoSchema()
    authentication_classes = authentication_classes()
    permission_classes = ()

    def caller(self, request: Request) -> int | None:
        """The number of the account that calls, None for nobody."""
        return request.user.pk if request.user.is_authenticated else None


class AssociationList(AssociationsView):
    """`GET /api/nassij/v1/associations/`"""

    @described(
        operation_id="associations_list",
        parameters=[
            *(OpenApiParameter(name, str, description=text) for name, text in FILTERS.items()),
            *(OpenApiParameter(name, int, description=text) for name, text in PAGING.items()),
        ],
        responses={200: AssociationPageSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """The associations the caller is a member of or accompanies, by name; the same number of queries at any size."""
        scope = api.scope(user_id=self.caller(request))
        filters = {name: request.query_params.get(name, "")[:100] for name in FILTERS}
        found = queries.for_list(queries.narrowed(queries.visible_to(scope), **filters), scope.user_id)
        pages = Pages()
        rows = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(AssociationSummarySerializer(reads.summaries(rows), many=True).data)


class AssociationDetail(AssociationsView):
    """`GET /api/nassij/v1/associations/{uuid}/`"""

    @described(operation_id="associations_retrieve", responses={200: AssociationSerializer, **PROBLEMS})
    def get(self, request: Request, uuid: UUID) -> Response:
        """An association's profile, and what the caller may do there."""
        access = api.require(user_id=self.caller(request), action=Action.VIEW_ASSOCIATION, association_uuid=uuid)
        found = api.association(association_id=access.association_id)
        body: dict[str, Any] = dict(AssociationSerializer(_Shown(found, sorted(access.actions))).data)
        return Response(body)


class AssociationMembers(AssociationsView):
    """`GET /api/nassij/v1/associations/{uuid}/members/`"""

    @described(operation_id="associations_members_list", responses={200: MemberSerializer(many=True), **PROBLEMS})
    def get(self, request: Request, uuid: UUID) -> Response:
        """The active members, office holders first."""
        access = api.require(user_id=self.caller(request), action=Action.VIEW_ASSOCIATION, association_uuid=uuid)
        return Response(MemberSerializer(api.members(association_id=access.association_id), many=True).data)


class _Shown:
    """A profile with the caller's actions beside it, as the serializer reads them."""

    def __init__(self, association: api.AssociationData, actions: list[Action]) -> None:
        self._association = association
        self.actions = actions

    def __getattr__(self, name: str) -> Any:
        return getattr(self._association, name)
