"""The addresses of the preview."""

from django.urls import path

from . import views

handler404 = "course_content.preview.views.missing"
UNIT = "<slug:course>/<slug:code>/<slug:language>/"
urlpatterns = [
    path("", views.home),
    path("stamp/", views.stamp),
    path("<slug:course>/<slug:code>/", views.unit),
    path(UNIT, views.page),
    path(f"{UNIT}again/", views.again),
    path(f"{UNIT}files/<str:name>", views.file),
    path(f"{UNIT}handler/<slug:handler>/", views.handler),
]
