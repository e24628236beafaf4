"""Pages below nassij/: the notice about data, the language switch, which mails I want, and watching a job."""

from django.urls import path

from nassij.common import views

app_name = "nassij_common"
urlpatterns = [
    path("nassij/privacy/", views.privacy, name="privacy"),
    path("nassij/language/", views.set_language, name="set_language"),
    path("nassij/mail/", views.mail_topics, name="mail_topics"),
    path("nassij/mail/off/<str:token>/", views.mail_off, name="mail_off"),
    path("nassij/jobs/<uuid:job_uuid>/", views.watch_job, name="job"),
    path("nassij/jobs/<uuid:job_uuid>/state/", views.job_state, name="job_state"),
]
