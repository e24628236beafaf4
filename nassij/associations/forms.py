"""The forms of the pages. They speak the three languages, take digits of any script, and work without a script."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nassij.associations import profile, reference
from nassij.associations.data import Role
from nassij.associations.models import ROLE_CHOICES
from nassij.common.forms import PageForm, people_text, whole_number


class ProfileForm(PageForm):
    """An association's profile; the rules are those of `nassij.associations.profile`."""

    name = forms.CharField(
        label=_("Name of the association"), help_text=_("As you write it yourselves."), widget=people_text()
    )
    name_fr = forms.CharField(
        label=_("Name in Latin letters"),
        help_text=_("As in your papers in French, if you have one."),
        required=False,
        widget=people_text(),
    )
    province = forms.ChoiceField(label=_("Province or prefecture"))
    commune = forms.CharField(label=_("Commune"), required=False, widget=people_text())
    fields_of_activity = forms.MultipleChoiceField(
        label=_("Fields of activity"),
        help_text=_("Choose all that fit."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    women = forms.IntegerField(label=_("Members: women"), required=False, widget=whole_number())
    men = forms.IntegerField(label=_("Members: men"), required=False, widget=whole_number())
    youth = forms.IntegerField(
        label=_("Of whom under 35"), help_text=_("Women and men together."), required=False, widget=whole_number()
    )
    founded_year = forms.IntegerField(label=_("Founding year"), required=False, widget=whole_number())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = reference.choices(reference.provinces())  # type: ignore[attr-defined]
        self.fields["fields_of_activity"].choices = reference.choices(reference.fields())  # type: ignore[attr-defined]

    @classmethod
    def of(cls, values: Any, data: Any = None) -> "ProfileForm":
        """The form filled with an association's present values."""
        initial = {name: getattr(values, name) for name in profile.FIELDS if name != "fields"}
        return cls(data, initial={**initial, "fields_of_activity": list(values.fields)})

    def clean(self) -> dict[str, Any]:
        """The rules of a profile, each message at its field."""
        for name, message in profile.problems_of(profile.cleaned(self.values())).items():
            field = "fields_of_activity" if name == "fields" else name
            if field not in self.errors:
                self.add_error(field, message)
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """The values that could be read, under their profile names."""
        read = {name: value for name, value in self.cleaned_data.items() if name != "fields_of_activity"}
        if "fields_of_activity" in self.cleaned_data:
            read["fields"] = tuple(self.cleaned_data["fields_of_activity"])
        return read


class JoinForm(PageForm):
    """The join code, typed as one likes."""

    code = forms.CharField(
        label=_("The ten digits of the join code"),
        help_text=_("The president or the secretary of the association gives it to you."),
        max_length=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}),
    )


class MemberForm(PageForm):
    """A member's role, and whether they lead the self-assessment."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)
    is_lead = forms.BooleanField(
        label=_("Leads the self-assessment"),
        help_text=_("Settles the common answer, submits it, and may manage the members."),
        required=False,
    )

    @property
    def chosen(self) -> tuple[Role, bool]:
        """The role and the lead of a valid form."""
        return Role(self.cleaned_data["role"]), bool(self.cleaned_data["is_lead"])


class CoachForm(PageForm):
    """Who shall accompany the association."""

    person = forms.CharField(
        label=_("Username or e-mail address of the coach"),
        help_text=_("The person needs an account with a confirmed address."),
        max_length=254,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


class FilterForm(PageForm):
    """What narrows the list of associations. Every field is optional; a wrong value counts as none."""

    q = forms.CharField(
        label=_("Name"), required=False, max_length=100, widget=forms.TextInput(attrs={"dir": "auto", "type": "search"})
    )
    province = forms.ChoiceField(label=_("Province or prefecture"), required=False)
    cohort = forms.ChoiceField(label=_("Cohort"), required=False)
    field = forms.ChoiceField(label=_("Field of activity"), required=False)

    def __init__(self, *args: Any, cohorts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = {
            "province": reference.choices(reference.provinces()),
            "cohort": cohorts,
            "field": reference.choices(reference.fields()),
        }
        for name, choices in lists.items():
            self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]

    def filters(self) -> dict[str, str]:
        """The filters to apply, as `queries.narrowed` names them."""
        self.is_valid()
        found = {name: str(value) for name, value in self.cleaned_data.items()}
        found["search"] = found.pop("q", "")
        return found


class UploadForm(PageForm):
    """The file of an import."""

    file = forms.FileField(label=_("The table"), help_text=_("An Excel file (.xlsx) or a CSV file."))
