"""Pages below nassij/funding/."""

from django.urls import path

from .views import calls

urlpatterns = [
    path("nassij/funding/", calls.funding, name="funding"),
    path("nassij/funding/calls/<slug:slug>/", calls.call, name="call"),
    path("nassij/funding/calls/<slug:slug>/versions/<str:version>/", calls.version, name="call_version"),
    path("nassij/funding/associations/<uuid:uuid>/", calls.association_facts, name="facts"),
]
