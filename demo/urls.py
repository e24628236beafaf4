"""URLs of the demo; those of the suite come from its entry points, as on the platform."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from edx_django_utils.plugins import get_plugin_url_patterns

from demo import views
from demo.settings import SERVICE

handler404 = "demo.views.not_found"
urlpatterns = [
    # Named as the platform names the page that lists a person's courses: the suite's navigation finds it in both.
    path("", views.home, name="dashboard"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("login-as/", views.login_as, name="demo-login-as"),
    path("courses/<str:course_key>/", views.course, name="demo-course"),
    path("courses/<str:course_key>/units/<slug:unit_code>/", views.unit, name="demo-unit"),
    # The platform's own short way to a block; our links use it.
    path("courses/<str:course_key>/jump_to_id/<slug:block_name>", views.jump, name="demo-jump"),
    path("courses/<str:course_key>/static/<str:name>", views.asset, name="demo-asset"),
    path("handler/<str:usage_key>/<str:handler>/", views.handler, name="demo-handler"),
    path("handler/<str:usage_key>/<str:handler>/<str:suffix>/", views.handler, name="demo-handler-suffix"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    *get_plugin_url_patterns(SERVICE),
]
