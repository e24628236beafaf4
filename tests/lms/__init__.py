"""Those tables of the LMS that the suite reads, under the platform's app labels and with its columns (read on the Teak line)."""

from django.apps import AppConfig


class StudentConfig(AppConfig):
    name, label = "tests.lms.student", "student"


class CoursewareConfig(AppConfig):
    name, label = "tests.lms.courseware", "courseware"


class CompletionConfig(AppConfig):
    name, label = "tests.lms.completion", "completion"
