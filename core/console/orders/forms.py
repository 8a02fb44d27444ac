"""Forms of the order page."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.console.amounts import amount_text
from core.finance.enums import Who
from core.finance.refundtable import RefundQuote
from core.finance.returnable import returnable
from core.kernel import clock
from core.orders.enums import Stage, Wish
from core.orders.models import Order
from core.orders.moves import refund_told
from tenants.accounts.models import User
from tenants.typed import NameField

LONGEST_AGO = dt.timedelta(days=183)  # orders under way are entered late, too, when a studio starts with us
FURTHEST = dt.timedelta(days=3 * 365)


def colleagues(branch_id: int | None) -> Any:
    """Who may answer for something in this branch: active staff of it, and those of every branch."""
    if branch_id is None:
        return User.objects.filter(is_active=True, memberships__isnull=False).distinct().order_by("name", "pk")
    here = User.objects.filter(is_active=True, memberships__branch_id=branch_id)
    everywhere = User.objects.filter(is_active=True, memberships__isnull=False, memberships__branch=None)
    return (here | everywhere).distinct().order_by("name", "pk")


class StaffField(forms.ModelChoiceField):
    """A colleague by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name or obj.username)


def date_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def near_day(day: dt.date | None) -> dt.date | None:
    """The day, unless its year must be a slip: nobody notes a shoot long after it, or promises one years ahead."""
    today = clock.now().date()
    if day and not today - LONGEST_AGO <= day <= today + FURTHEST:
        raise forms.ValidationError(_("Please check the year."))
    return day


def few_lines() -> forms.Textarea:
    """A sentence or two."""
    return forms.Textarea(attrs={"rows": 2})


class MoveForm(forms.Form):
    """To which stage, from which revision; `confirmed` answers the question about missing key information."""

    target = forms.ChoiceField(choices=Stage)
    rev = forms.IntegerField(required=False)
    note = forms.CharField(label=_("Why is it going back?"), max_length=300, required=False, widget=few_lines())
    confirmed = forms.BooleanField(required=False)
    undo = forms.BooleanField(required=False)


class DutyForm(forms.Form):
    """Who answers for a stage, and until when (R003, R004)."""

    owner = StaffField(label=_("Responsible"), queryset=User.objects.none(), required=False)
    due_on = forms.DateField(label=_("Due"), required=False, widget=date_input())

    def __init__(self, *args: Any, branch_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(branch_id)

    def clean_due_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["due_on"]
        return near_day(day) if "due_on" in self.changed_data else day


class IssueForm(forms.Form):
    """A problem or feedback, logged against a stage (R005)."""

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage)
    text = forms.CharField(label=_("What happened?"), max_length=1000, widget=few_lines())


class IssueEndForm(forms.Form):
    resolution = forms.CharField(label=_("What was done?"), max_length=1000, widget=few_lines())


class CancelForm(forms.Form):
    """Why, and on whose side the reason lies: with what was paid each answer shows the refund of the contract.

    The amount is part of the answer, so an answer about another amount than the present one is not taken.
    """

    reason = forms.CharField(label=_("Why is the order cancelled?"), max_length=300, widget=few_lines())
    who = forms.ChoiceField(label=_("Whose reason is it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = order.account
        if account is None or account.paid_minor <= 0:
            del self.fields["who"]
            return
        quotes = [(who, refund_told(order, who)) for who in Who]
        free = returnable(account).free_minor
        self.fields["who"].choices = [
            (f"{who}:{told.amount_minor}", self._label(who, told, account.currency, free)) for who, told in quotes
        ]
        self.fields["who"].error_messages["invalid_choice"] = _("The refund has changed. Please look again.")

    @staticmethod
    def _label(who: Who, told: RefundQuote, currency: str, free_minor: int) -> str:
        amounts = {
            "who": who.label,
            "back": amount_text(told.amount_minor, currency),
            "kept": amount_text(told.kept_minor, currency),
            "later": amount_text(told.amount_minor - free_minor, currency),
        }
        words = gettext("%(who)s · %(back)s goes back, %(kept)s stays") % amounts
        if told.moved:
            words += " · " + gettext("the day of the move decides: the customer moved the date")
        if told.amount_minor > free_minor:
            words += " · " + gettext("%(later)s of it only when a dispute is over") % amounts
        return words

    @property
    def agreed(self) -> dict[str, Any]:
        """`who` and `seen_minor` for the verb; nothing when there is no money to speak of."""
        who, _colon, amount = self.cleaned_data.get("who", "").partition(":")
        return {"who": who, "seen_minor": int(amount)} if who else {}


class OrderForm(forms.Form):
    """What may change after the sale. The package's terms may not: they are frozen."""

    rev = forms.IntegerField(widget=forms.HiddenInput)
    title = NameField(label=_("Title"), max_length=80)
    owner = StaffField(label=_("Responsible for the customer"), queryset=User.objects.none())
    shoot_on = forms.DateField(label=_("Shoot date"), required=False, widget=date_input())
    promised_on = forms.DateField(label=_("Promised delivery"), required=False, widget=date_input())
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=few_lines())
    wish = forms.ChoiceField(
        label=_("Whose wish is the new shoot date?"), choices=Wish, widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(
        label=_("Why does the shoot date change?"), max_length=200, required=False,
        help_text=_("Only if it does. A contract is signed: the customer reads this, and it stands in the annex."),
    )  # fmt: skip

    def __init__(self, *args: Any, order: Order, promised: bool = False, **kwargs: Any) -> None:
        names = ["rev", "title", "shoot_on", "promised_on", "note"]
        initial = {name: getattr(order, name) for name in names} | {"owner": order.owner_id}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.fields["owner"].queryset = colleagues(order.branch_id)
        if not promised:
            del self.fields["wish"], self.fields["reason"]

    def clean_shoot_on(self) -> dt.date | None:
        return self._changed_day("shoot_on")

    def clean_promised_on(self) -> dt.date | None:
        return self._changed_day("promised_on")

    def _changed_day(self, name: str) -> dt.date | None:
        day: dt.date | None = self.cleaned_data[name]
        return near_day(day) if name in self.changed_data else day
