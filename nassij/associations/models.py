"""Associations, who is in them, who accompanies them, and what an import did.

A person's link to something (a membership, a coach's or a coordinator's assignment) is a *tenure*: it begins, it ends, it is
kept. At most one tenure of a kind is active per person and thing, on MySQL too, where a conditional unique constraint is silently
absent: `active_slot` is unique, and NULL once the tenure has ended.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.codes import new_join_code
from nassij.associations.data import Role
from nassij.associations.model_fields import CodesField
from nassij.associations.naming import name_key

ROLE_LABELS = {
    Role.PRESIDENT: _("President"),
    Role.SECRETARY: _("Secretary"),
    Role.TREASURER: _("Treasurer"),
    Role.MEMBER: _("Member"),
}
ROLE_CHOICES = [(role.value, label) for role, label in ROLE_LABELS.items()]


class CurrentAssociations(models.Manager["Association"]):
    """The associations that were not archived."""

    def get_queryset(self) -> models.QuerySet["Association"]:
        """Without those archived."""
        return super().get_queryset().filter(archived_at__isnull=True)


class Association(models.Model):
    """An association's profile; what its own bureau keeps up to date.

    Never deleted, because other apps keep its number: archived, it is there for nobody, and its join code opens nothing.

    .. no_pii: describes an organisation; no identity number is kept, of the association or of a person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=191, help_text=_("As the members write it."))
    name_fr = models.CharField(_("name in Latin letters"), max_length=191, blank=True)
    name_key = models.CharField(max_length=191, db_index=True, editable=False)
    province = models.CharField(_("province or prefecture"), max_length=32, db_index=True)
    commune = models.CharField(_("commune"), max_length=120, blank=True)
    fields = CodesField(_("fields of activity"), max_length=500, blank=True, default=())
    women = models.PositiveIntegerField(_("women"), null=True, blank=True)
    men = models.PositiveIntegerField(_("men"), null=True, blank=True)
    youth = models.PositiveIntegerField(_("of whom under 35"), null=True, blank=True)
    founded_year = models.PositiveSmallIntegerField(_("founding year"), null=True, blank=True)
    join_code = models.CharField(_("join code"), max_length=16, unique=True, default=new_join_code)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = models.Manager["Association"]()
    current = CurrentAssociations()

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        ordering = ("name_key", "id")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key that forgives spelling in step with the name."""
        self.name_key = name_key(self.name)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key", "updated_at"}
        super().save(*args, **kwargs)


class ActiveTenures(models.Manager[Any]):
    """The tenures that have not ended."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Without those ended."""
        return super().get_queryset().filter(active_slot__isnull=False)


class Tenure(models.Model):
    """What a membership and an assignment share: a person, and at most one active row per slot."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    active_slot = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 (NULL = ended)

    objects = models.Manager[Any]()
    active = ActiveTenures()

    end_field: ClassVar[str] = "until"

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the slot in step with the end."""
        self.set_slot()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "active_slot"}
        super().save(*args, **kwargs)

    def slot(self) -> str:
        """What only one active row may hold."""
        raise NotImplementedError

    @property
    def is_active(self) -> bool:
        """Whether the tenure has not ended."""
        return self.active_slot is not None

    def close(self, at: Any = None) -> None:
        """End the tenure (now, when not told); the row stays as history. Not saved."""
        setattr(self, self.end_field, at or timezone.now())

    def set_slot(self) -> None:
        """Hold the slot while active, free it once ended; for `bulk_create`, which does not call `save`."""
        ended = getattr(self, self.end_field) is not None
        self.active_slot = None if ended or self.user_id is None else self.slot()


def membership_slot(association_id: int, user_id: int) -> str:
    """The slot of a membership; written once so that queries can look it up by the unique index."""
    return f"{association_id}:{user_id}"


class Membership(Tenure):
    """A person in an association, with a role there. Ended memberships stay as history, without rights.

    .. pii: links a person to an association and the role held there; ended and detached when the person is retired.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    association = models.ForeignKey(Association, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=ROLE_CHOICES, default=Role.MEMBER.value)
    is_lead = models.BooleanField(
        _("leads the self-assessment"), default=False, help_text=_("Settles the common answer and submits the round.")
    )
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    end_field = "left_at"

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("association_id", "joined_at", "id")

    def __str__(self) -> str:
        return f"{self.role} {self.user_id} @ {self.association_id}"

    def slot(self) -> str:
        """One active membership per person and association."""
        return membership_slot(self.association_id, self.user_id or 0)


class Invitation(models.Model):
    """A person named in an import who has no account with that verified address yet.

    It becomes a membership when someone logs in with that address verified, and is then deleted.

    .. pii: the e-mail address of a person who was named as a member of an association.
    .. pii_types: email_address
    .. pii_retirement: local_api
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    association = models.ForeignKey(Association, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=191, db_index=True)
    role = models.CharField(_("role"), max_length=16, choices=ROLE_CHOICES, default=Role.MEMBER.value)
    is_lead = models.BooleanField(_("leads the self-assessment"), default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = (models.UniqueConstraint(fields=("association", "email"), name="nassij_one_invitation"),)

    def __str__(self) -> str:
        return f"{self.role} @ {self.association_id}"


class Cohort(models.Model):
    """The associations that go through the programme together: thirty to begin with.

    .. no_pii: names a group of associations.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=64, unique=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=120, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    region = models.CharField(_("region"), max_length=32, default="marrakech-safi")
    provinces = CodesField(_("provinces"), max_length=300, blank=True, default=(), help_text=_("Empty: all."))
    starts = models.DateField(_("starts"), null=True, blank=True)
    associations = models.ManyToManyField(Association, through="CohortPlace", related_name="cohorts")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class CohortPlace(models.Model):
    """An association's place in a cohort.

    .. no_pii: links an association to a cohort.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="places")
    association = models.ForeignKey(Association, on_delete=models.CASCADE, related_name="places")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("place in a cohort")
        verbose_name_plural = _("places in cohorts")
        constraints = (models.UniqueConstraint(fields=("cohort", "association"), name="nassij_one_place"),)

    def __str__(self) -> str:
        return f"{self.association_id} in {self.cohort_id}"


class CoachAssignment(Tenure):
    """A coach who accompanies an association, from one day to another.

    .. pii: links a person to an association they accompany; ended and detached when the person is retired.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    association = models.ForeignKey(Association, on_delete=models.CASCADE, related_name="coach_assignments")
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("coach assignment")
        verbose_name_plural = _("coach assignments")

    def __str__(self) -> str:
        return f"coach {self.user_id} @ {self.association_id}"

    def slot(self) -> str:
        """One active assignment per coach and association."""
        return f"{self.association_id}:{self.user_id}"


class CoordinatorAssignment(Tenure):
    """A coordinator of one cohort, or of all of them (no cohort).

    .. pii: links a person to a cohort they coordinate; ended and detached when the person is retired.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    cohort = models.ForeignKey(
        Cohort,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="coordinator_assignments",
        help_text=_("Empty: every association."),
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("coordinator assignment")
        verbose_name_plural = _("coordinator assignments")

    def __str__(self) -> str:
        return f"coordinator {self.user_id} @ {self.cohort_id or 'all'}"

    def slot(self) -> str:
        """One active assignment per coordinator and cohort."""
        return f"{self.cohort_id or 'all'}:{self.user_id}"


class AssociationImport(models.Model):
    """An uploaded table of associations and people: shown first, then applied, then perhaps undone.

    .. pii: until applied or discarded, the rows hold e-mail addresses and usernames of members.
    .. pii_types: email_address, username
    .. pii_retirement: local_api
    """

    class State(models.TextChoices):
        """Where an import stands."""

        READY = "ready", _("to be checked")
        APPLIED = "applied", _("applied")
        UNDONE = "undone", _("undone")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    file_name = models.CharField(max_length=191)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State.choices, default=State.READY)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.file_name


class ImportChange(models.Model):
    """What one import did to one association: how it was before (NULL: it did not exist) and after.

    .. pii: the snapshots name members by their account's number only.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    run = models.ForeignKey(AssociationImport, on_delete=models.CASCADE, related_name="changes")
    association_uuid = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=16, blank=True)

    class Meta:
        verbose_name = _("change made by an import")
        verbose_name_plural = _("changes made by imports")
        constraints = (models.UniqueConstraint(fields=("run", "association_uuid"), name="nassij_one_import_change"),)

    def __str__(self) -> str:
        return f"{self.association_uuid}"
