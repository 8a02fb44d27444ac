"""What staff fill in about contracts."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.catalog.enums import ShootKind
from core.contracts.facts import people_of
from core.contracts.fields import faults_of, fill
from core.contracts.models import Clause, ContractSetting, ContractTemplate
from core.contracts.sample import invented
from core.contracts.selectors import template_for
from core.kernel.amounts import MoneyField
from core.orders.models import Order

ROWS = (1, 2, 3)
FAULTS = {
    "unknown": gettext_lazy("There is no field {{%(field)s}}. The list below the text names all of them."),
    "alone": gettext_lazy("{{%(field)s}} stands for a table: please put it on a line of its own."),
    "loose": gettext_lazy("“%(field)s” is neither a field nor text. A field looks like {{customer_name}}."),
}


class ComposeForm(forms.Form):
    """Which template, who signs."""

    template = forms.ModelChoiceField(
        label=gettext_lazy("Template"), queryset=ContractTemplate.objects.none(), empty_label=None
    )
    signers = forms.MultipleChoiceField(label=gettext_lazy("Who signs"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_of(order)
        fitting = ContractTemplate.objects.filter(is_active=True, kind__in=["", order.kind])
        self.fields["template"].queryset = fitting
        self.initial.setdefault("template", template_for(order))
        self.fields["template"].label_from_instance = lambda one: f"{one.name} · {one.get_language_display()}"
        self.fields["signers"].choices = [(str(one["customer"]), f"{one['name']} · {one['phone']}") for one in people]
        self.initial.setdefault("signers", [str(one["customer"]) for one in people if one["signs"]])

    @property
    def chosen(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["signers"]]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it taken back?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnnexForm(forms.Form):
    """What is agreed besides, and up to three lines of what it costs."""

    title = forms.CharField(label=gettext_lazy("Title of the annex"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("What is agreed"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in ROWS:
            self.fields[f"name_{n}"] = forms.CharField(label=_("Item %(n)s") % {"n": n}, max_length=60, required=False)
            self.fields[f"price_{n}"] = MoneyField(
                label=_("Price of item %(n)s") % {"n": n}, currency=currency, required=False
            )

    @property
    def lines(self) -> list[tuple[str, int]]:
        said = self.cleaned_data
        return [(said[f"name_{n}"], said[f"price_{n}"] or 0) for n in ROWS if said[f"name_{n}"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in ROWS:
            if data.get(f"price_{n}") and not data.get(f"name_{n}"):
                self.add_error(f"name_{n}", _("What costs that much? Please name it, or empty the row."))
        return data


def sound_text(text: str) -> str:
    """The text if every field in it exists and stands where it may. Raises ValidationError naming the first ones."""
    if faults := faults_of(text):
        raise forms.ValidationError([str(FAULTS[fault.code]) % {"field": fault.field} for fault in faults[:5]])
    return text


class ClauseForm(forms.ModelForm):
    class Meta:
        model = Clause
        fields = ["title", "text", "language", "kind", "is_required", "is_active", "position"]
        widgets = {"text": forms.Textarea(attrs={"rows": 10, "data-draft": "clause"})}
        labels = {
            "text": gettext_lazy("Text of the clause"),
            "position": gettext_lazy("Place in the contract"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("Kind of shoot"), required=False, choices=[("", _("every kind")), *ShootKind.choices]
        )

    def clean_title(self) -> str:
        return sound_text(self.cleaned_data["title"])

    def clean_text(self) -> str:
        return sound_text(self.cleaned_data["text"])


class TemplateForm(forms.ModelForm):
    """Required clauses are not asked for: they come along."""

    class Meta:
        model = ContractTemplate
        fields = ["name", "title", "language", "kind", "is_active", "clauses"]
        widgets = {"clauses": forms.CheckboxSelectMultiple}
        labels = {"name": gettext_lazy("Name of the template")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("Kind of shoot"), required=False, choices=[("", _("every kind")), *ShootKind.choices]
        )
        language = self.instance.language
        clauses = Clause.objects.filter(is_active=True)
        self.fields["clauses"].queryset = clauses.filter(language=language) if language else clauses
        self.facts = invented()
        self.fields["clauses"].label_from_instance = self._named
        if language:
            del self.fields["language"]  # its clauses are of this one

    def _named(self, clause: Clause) -> str:
        required = f" · {_('always part of it')}" if clause.is_required else ""
        title = fill(clause.title, self.facts, clause.language)
        return f"{title} · {dict(settings.LANGUAGES).get(clause.language, clause.language)}{required}"

    def validate_unique(self) -> None:
        """The verb decides."""

    def validate_constraints(self) -> None:
        """The verb decides, with a sentence beside the right field."""


class SettingsForm(forms.ModelForm):
    expiry_days = forms.IntegerField(label=gettext_lazy("Days to sign"), min_value=1, max_value=90)

    class Meta:
        model = ContractSetting
        fields = ["party_name", "party_number", "deposit_kind", "deposit_text", "expiry_days", "needs_countersign"]
        widgets = {"deposit_kind": forms.RadioSelect, "deposit_text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "party_name": gettext_lazy("As on the business licence. Empty: the studio’s name."),
            "deposit_kind": gettext_lazy(
                "定金 is forfeited by whoever breaks the contract, or returned twofold; 订金 goes back by the table."
            ),
            "deposit_text": gettext_lazy("Empty: our wording for the kind chosen above. Have counsel check it."),
        }

    def clean_deposit_text(self) -> str:
        text: str = self.cleaned_data["deposit_text"]
        if "{{" in text or "}}" in text:
            raise forms.ValidationError(_("Fields are not filled in here. Please write plain words."))
        return text
