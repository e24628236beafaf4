"""The forms of the action plan. What they send is checked again where it is stored; `changes` are the values as stored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nassij.common.errors import Unprocessable
from nassij.common.forms import DayField, PageForm, people_text, people_words

from ..models import TEXT_LENGTH, TITLE_LENGTH
from .data import OWN_FIELDS, ItemState, PlanItemData
from .data import PlanData as Plan

NOBODY = ""


class ActionForm(PageForm):
    """A new action: what, who, when, how."""

    title = forms.CharField(
        label=_("What is to be done"),
        help_text=_("One thing, beginning with a verb."),
        max_length=TITLE_LENGTH,
        widget=people_text(),
    )
    owner_id = forms.TypedChoiceField(label=_("Who"), required=False, coerce=int, empty_value=None)
    due_on = DayField(label=_("By when"), required=False)
    what = forms.CharField(label=_("How"), required=False, max_length=TEXT_LENGTH, widget=people_words())

    def __init__(self, *args: Any, members: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "owner_id" in self.fields:
            people = [(str(person.user_id), person.name) for person in members]
            self.fields["owner_id"].choices = [(NOBODY, _("Nobody yet")), *people]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """The values of a valid form under their stored names."""
        return dict(self.cleaned_data)

    def mark(self, refused: Unprocessable) -> None:
        """Show at their fields the problems found where the action is stored."""
        for name, message in refused.extra["fields"].items():
            self.add_error(name if name in self.fields else None, message)


class ActionPageForm(ActionForm):
    """An action as its page shows it to who may write the plan."""

    field_order = ("state", "title", "owner_id", "due_on", "what", "note", "proof")

    state = forms.ChoiceField(label=_("State"), choices=ItemState.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=TEXT_LENGTH, widget=people_words())
    proof = forms.CharField(
        label=_("Proof"),
        help_text=_("What shows that it is done, and where it is kept: minutes, a receipt, a register…"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=people_words(),
    )

    @classmethod
    def of(cls, item: PlanItemData, members: Any, data: Any = None) -> ActionPageForm:
        """The form filled with an action; only state, note and proof for whoever it was given to."""
        initial = {name: getattr(item, name) for name in cls.base_fields}
        form = cls(data, initial=initial, members=members)
        if item.owner_gone and "owner_id" in form.fields:
            form.initial["owner_id"] = None
        if not item.may_edit:
            for name in set(form.fields) - set(OWN_FIELDS):
                del form.fields[name]
        return form


class RemarkForm(PageForm):
    """The coach's remark on an action."""

    remark = forms.CharField(
        label=_("Remark of the coach"), required=False, max_length=TEXT_LENGTH, widget=people_words()
    )


def new_action(plan: Plan, data: Any = None) -> ActionForm:
    """The form of a new action in this plan."""
    return ActionForm(data, members=plan.members, auto_id="new_%s")
