"""The forms: what an association says of itself, and the figures of a project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import activity_fields
from nassij.common.forms import DayField, MoneyField, PageForm, whole_number

from ..domain import Project
from ..models.facts import COUNCILS, RECEIPTS
from .facts import FIELDS, FactsData, years_asked

YES_NO = (("", _("We do not know yet")), ("yes", _("Yes")), ("no", _("No")))
NONE_OF_THEM = "none"


def _truth(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


def _word(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


class FactsForm(PageForm):
    """What an association says of itself. Every question may stay open."""

    founded_on = DayField(label=_("Day of the founding assembly"), required=False)
    receipt = forms.ChoiceField(
        label=_("Receipt of the declaration"), required=False, choices=[("", _("We do not know yet")), *RECEIPTS]
    )
    receipt_on = DayField(label=_("Day on the receipt"), required=False)
    bank_account = forms.ChoiceField(
        label=_("A bank account in the association's own name"), required=False, choices=YES_NO
    )
    public_utility = forms.ChoiceField(label=_("Recognised as being of public utility"), required=False, choices=YES_NO)
    councils = forms.MultipleChoiceField(
        label=_("Is a leading member an elected councillor?"),
        help_text=_("Mark each council. If none, mark “no council”. We do not ask who."),
        required=False,
        choices=[*COUNCILS, (NONE_OF_THEM, _("no council"))],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for year in years_asked(timezone.localdate()):
            self.fields[f"accounts_{year}"] = forms.ChoiceField(
                label=_("Are the accounts of %(year)d approved by the assembly?") % {"year": year},
                required=False,
                choices=YES_NO,
            )

    @classmethod
    def of(cls, stored: FactsData, data: Any = None) -> FactsForm:
        """The form filled with what is stored."""
        values = stored.values
        councils = values["councils"]
        initial = {
            **{name: values[name] for name in ("founded_on", "receipt", "receipt_on")},
            "bank_account": _word(values["bank_account"]),
            "public_utility": _word(values["public_utility"]),
            "councils": [] if councils is None else (councils or [NONE_OF_THEM]),
            **{f"accounts_{year}": _word(approved) for year, approved in values["accounts"].items()},
        }
        return cls(data, initial=initial)

    def clean_councils(self) -> list[str]:
        """“None” and a council exclude each other."""
        chosen: list[str] = self.cleaned_data["councils"]
        if NONE_OF_THEM in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Mark either the councils or “no council”."))
        return chosen

    def values(self, stored: FactsData) -> dict[str, Any]:
        """The values of a valid form as they are stored; years that the form no longer asks about stay as they were."""
        cleaned = self.cleaned_data
        asked = {str(year): _truth(cleaned[f"accounts_{year}"]) for year in years_asked(timezone.localdate())}
        kept = {year: approved for year, approved in stored.values["accounts"].items() if year not in asked}
        chosen = cleaned["councils"]
        values = {
            "founded_on": cleaned["founded_on"],
            "receipt": cleaned["receipt"],
            "receipt_on": cleaned["receipt_on"],
            "accounts": {**kept, **{year: approved for year, approved in asked.items() if approved is not None}},
            "bank_account": _truth(cleaned["bank_account"]),
            "public_utility": _truth(cleaned["public_utility"]),
            "councils": None if not chosen else sorted(set(chosen) - {NONE_OF_THEM}),
        }
        return {name: values[name] for name in FIELDS}


class ProjectForm(PageForm):
    """The figures of a project, to ask with: nothing is stored."""

    requested = MoneyField(label=_("Amount asked for (MAD)"), required=False)
    total = MoneyField(label=_("Whole budget (MAD)"), required=False)
    own = MoneyField(label=_("From the association and others (MAD)"), required=False)
    months = forms.IntegerField(
        label=_("Length of the project in months"), required=False, min_value=1, max_value=120, widget=whole_number()
    )
    field = forms.ChoiceField(label=_("Field of the project"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(term.code, term.name()) for term in activity_fields().values()]
        self.fields["field"].choices = [("", _("Not decided yet")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is asked for and what is brought make the budget, and are no more than it."""
        read: dict[str, Any] = super().clean() or self.cleaned_data
        requested, own, total = (read.get(name) for name in ("requested", "own", "total"))
        if total is None:
            return read
        if total == 0:
            self.add_error("total", _("Write what the whole project costs, or leave this open."))
        elif (requested or 0) + (own or 0) > total:
            self.add_error(
                "total", _("What you ask for and what you bring are more than this: correct one of the three.")
            )
        return read

    def project(self) -> Project:
        """The project as far as it could be read."""
        if not self.is_bound:
            return Project()
        self.full_clean()
        read = self.cleaned_data
        return Project(
            field=read.get("field") or None,
            requested=read.get("requested"),
            own=read.get("own"),
            total=read.get("total"),
            months=read.get("months"),
        )
