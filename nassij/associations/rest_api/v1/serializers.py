"""What the API says about associations: the value objects of `nassij.associations.data`, and nothing else."""

from typing import Any

from rest_framework import serializers

from nassij.associations.data import Role
from nassij.associations.reference import province_name


class ProvinceName(serializers.CharField):
    """A province's name in the language of the request."""

    def to_representation(self, value: str) -> str:
        """From the code."""
        return province_name(value)


class AssociationSummarySerializer(serializers.Serializer[Any]):
    """One line of the list."""

    uuid = serializers.UUIDField()
    name = serializers.CharField()
    name_fr = serializers.CharField(allow_blank=True)
    province = serializers.CharField(help_text="Code of the reference list.")
    province_name = ProvinceName(source="province")
    commune = serializers.CharField(allow_blank=True)
    fields_of_activity = serializers.ListField(child=serializers.CharField(), source="fields", help_text="Codes.")
    member_count = serializers.IntegerField()
    cohort_codes = serializers.ListField(child=serializers.CharField())
    as_coach = serializers.BooleanField(help_text="Whether the caller is its coach.")


class AssociationPageSerializer(serializers.Serializer[Any]):
    """One page of the list."""

    count = serializers.IntegerField(help_text="How many there are in all.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AssociationSummarySerializer(many=True)


class AssociationSerializer(serializers.Serializer[Any]):
    """An association's profile; numbers are null when not told."""

    uuid = serializers.UUIDField()
    name = serializers.CharField()
    name_fr = serializers.CharField(allow_blank=True)
    province = serializers.CharField()
    province_name = ProvinceName(source="province")
    commune = serializers.CharField(allow_blank=True)
    fields_of_activity = serializers.ListField(child=serializers.CharField(), source="fields")
    women = serializers.IntegerField(allow_null=True)
    men = serializers.IntegerField(allow_null=True)
    youth = serializers.IntegerField(allow_null=True)
    founded_year = serializers.IntegerField(allow_null=True)
    actions = serializers.ListField(child=serializers.CharField(), help_text="What the caller may do.", read_only=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class MemberSerializer(serializers.Serializer[Any]):
    """One active member; no address, no username."""

    membership_uuid = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=[role.value for role in Role])
    is_lead = serializers.BooleanField()
    joined_at = serializers.DateTimeField()


class ProblemSerializer(serializers.Serializer[Any]):
    """An `application/problem+json` body."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    remedy = serializers.CharField()
