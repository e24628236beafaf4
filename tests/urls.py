"""URLs of the small LMS: the suite's own come from its entry points."""

from django.contrib import admin
from django.urls import include, path
from edx_django_utils.plugins import get_plugin_url_patterns

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    *get_plugin_url_patterns("lms.djangoapp"),
]
