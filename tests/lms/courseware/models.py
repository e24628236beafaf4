"""As `lms/djangoapps/courseware/models`."""

from django.conf import settings
from django.db import models
from opaque_keys.edx.django.models import LearningContextKeyField, UsageKeyField


class StudentModule(models.Model):
    module_type = models.CharField(max_length=32)
    module_state_key = UsageKeyField(max_length=255, db_column="module_id")
    student = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_constraint=False, on_delete=models.CASCADE, related_name="+"
    )
    course_id = LearningContextKeyField(max_length=255)
    state = models.TextField(default="{}")
    modified = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.module_state_key)
