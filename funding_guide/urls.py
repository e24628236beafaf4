"""Pages below nassij/funding/ and nassij/guides/."""

from django.urls import path

from .views import applications, calls, guides

urlpatterns = [
    path("nassij/funding/", calls.funding, name="funding"),
    path("nassij/funding/calls/<slug:slug>/", calls.call, name="call"),
    path("nassij/funding/calls/<slug:slug>/versions/<str:version>/", calls.version, name="call_version"),
    path("nassij/funding/calls/<slug:slug>/prepare/", applications.begin, name="begin"),
    path("nassij/funding/applications/<uuid:application_uuid>/", applications.application, name="application"),
    path("nassij/funding/applications/<uuid:application_uuid>/state/", applications.state, name="application_state"),
    path("nassij/funding/applications/<uuid:application_uuid>/follow/", applications.follow, name="application_follow"),
    path(
        "nassij/funding/applications/<uuid:application_uuid>/calendar.ics",
        applications.calendar,
        name="application_calendar",
    ),
    path(
        "nassij/funding/applications/<uuid:application_uuid>/documents/<str:document_code>/",
        applications.document,
        name="application_document",
    ),
    path("nassij/funding/associations/<uuid:uuid>/", calls.association_facts, name="facts"),
    path(
        "nassij/funding/associations/<uuid:uuid>/letters/<slug:guide_code>/<slug:template>/<slug:language>/",
        applications.letter,
        name="letter",
    ),
    path("nassij/guides/", guides.guides, name="guides"),
    path("nassij/guides/selection.zip", guides.selection, name="guide_selection"),
    path("nassij/guides/<slug:code>/", guides.guide, name="guide"),
    path("nassij/guides/<slug:code>/editions/<str:version>/", guides.edition, name="guide_edition"),
    path("nassij/guides/<slug:code>/editions/<str:version>/<str:name>", guides.file, name="guide_file"),
]
