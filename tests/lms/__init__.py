"""Those tables of the LMS that the suite reads, under the platform's app labels and with its columns (read on the Teak line).

Their apps have no migrations, so their tables are made before those of the accounts: no constraint can point there.
"""

from django.apps import AppConfig


class StudentConfig(AppConfig):
    name, label = "tests.lms.student", "student"


class CoursewareConfig(AppConfig):
    name, label = "tests.lms.courseware", "courseware"


class CompletionConfig(AppConfig):
    name, label = "tests.lms.completion", "completion"
