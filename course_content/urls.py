"""Pages below nassij/."""

from django.urls import path

from course_content import views

app_name = "nassij_courses"
urlpatterns = [path("nassij/courses/stopped/", views.stopped_page, name="stopped")]
