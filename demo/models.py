"""What the platform would remember about a learner: completion per block and the last unit."""

from django.conf import settings
from django.db import models


class BlockCompletion(models.Model):
    """How much of one block a person has done, as the platform's `completion` app keeps it.

    .. no_pii: the demo holds invented people only.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course_key = models.CharField(max_length=100)
    block_key = models.CharField(max_length=191)
    completion = models.FloatField()
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "block_key"], name="nassij_demo_completion_once")]
        indexes = [models.Index(fields=["user", "course_key"], name="nassij_demo_completion_course")]

    def __str__(self) -> str:
        return f"{self.block_key}: {self.completion:.0%}"


class LastVisit(models.Model):
    """The unit a person saw last in a course: where "continue" leads.

    .. no_pii: the demo holds invented people only.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course_key = models.CharField(max_length=100)
    unit = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course_key"], name="nassij_demo_visit_once")]

    def __str__(self) -> str:
        return f"{self.course_key}: {self.unit}"
