"""The URLs of nassij.common alone, with Django's sign-out, and pages that fail."""

from django.contrib.auth.views import LogoutView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from nassij.common import errors
from nassij.common.pages import pages, render_page

FAILURES = {
    "anonymous": errors.NotSignedIn,
    "forbidden": errors.Forbidden,
    "missing": errors.NotFound,
    "conflict": errors.Conflict,
    "django404": Http404,
    "django403": PermissionDenied,
}


@pages
def failing(request: HttpRequest, how: str) -> HttpResponse:
    raise FAILURES[how]()


@pages
def plain(request: HttpRequest) -> HttpResponse:
    return render_page(request, "nassij/base.html", {"contact": "a page cannot replace this"})


urlpatterns = [
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("fail/<str:how>/", failing),
    path("plain/", plain),
    path("", include(("nassij.common.urls", "nassij_common"), namespace="nassij_common")),
]
