"""The courses and their importer; a Django app in both services, since they share one database."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nassij.common.plugin import plugin_app


class CourseContentConfig(AppConfig):
    """Nassij: course sources and their import into Studio."""

    name = "course_content"
    label = "nassij_courses"
    verbose_name = _("Nassij: courses")
    default_auto_field = "django.db.models.BigAutoField"
    plugin_app = plugin_app(namespace="nassij_courses")

    def ready(self) -> None:
        """Offer the page of who has stopped on the home page."""
        from course_content.following import shortcut

        shortcut.register()
