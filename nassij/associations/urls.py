"""Pages below nassij/ and API below api/nassij/v1/."""

from django.urls import include, path

from nassij.associations.views import associations, home, imports, members

app_name = "nassij_associations"

pages = [
    path("", home.home, name="home"),
    path("join/", home.join, name="join"),
    path("associations/", associations.associations, name="list"),
    path("associations/<uuid:uuid>/", associations.association, name="association"),
    path("associations/<uuid:uuid>/edit/", associations.edit, name="edit"),
    path("associations/<uuid:uuid>/join-code/", associations.renew_join_code, name="renew_join_code"),
    path("associations/<uuid:uuid>/leave/", associations.leave, name="leave"),
    path("associations/<uuid:uuid>/coaches/", associations.coaches, name="coaches"),
    path("associations/<uuid:uuid>/members/", members.members, name="members"),
    path("associations/<uuid:uuid>/members/<uuid:membership_uuid>/", members.member, name="member"),
    path("associations/<uuid:uuid>/members/<uuid:membership_uuid>/end/", members.end_membership, name="end_membership"),
    path("import/", imports.upload, name="import"),
    path("import/template/", imports.template, name="import_template"),
    path("import/<uuid:uuid>/", imports.preview, name="import_preview"),
    path("import/<uuid:uuid>/apply/", imports.apply, name="import_apply"),
    path("import/<uuid:uuid>/undo/", imports.undo, name="import_undo"),
]

urlpatterns = [
    path("nassij/", include(pages)),
    path("api/nassij/v1/", include("nassij.associations.rest_api.v1.urls")),
]
