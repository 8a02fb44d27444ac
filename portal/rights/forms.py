"""A consent to publish, as it is filled in: nothing is chosen beforehand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Refusal
from core.kernel.signature import NAME_SENTENCES, SignatureField
from selection.rights.enums import Children, Purpose, Scope, Term


class ConsentForm(forms.Form):
    """`seen` names the lists that were offered; `photo`: the ticked ones, for Scope.SINGLE."""

    scope = forms.ChoiceField(label=_("Which photos?"), widget=forms.RadioSelect)
    photo = forms.TypedMultipleChoiceField(label=_("Photos"), coerce=int, required=False)
    purposes = forms.MultipleChoiceField(
        label=_("What for?"), choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    term = forms.ChoiceField(label=_("For how long?"), choices=Term.choices, widget=forms.RadioSelect)
    children = forms.ChoiceField(label=_("Children"), choices=Children.choices, widget=forms.RadioSelect)
    signed_name = SignatureField(label=_("Your signature"))
    seen = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, found: dict[str, list[Any]], signer: str = "", **kwargs: Any) -> None:
        """`found`: what is offered (rights.selectors.offered); an empty scope is not shown."""
        super().__init__(*args, **kwargs)
        self.fields["signed_name"].signer = signer
        scopes = [scope for scope in Scope if found[scope]]
        self.fields["scope"].choices = [(scope.value, self._label(scope, len(found[scope]))) for scope in scopes]
        self.fields["photo"].choices = [(photo.number, photo.number) for photo in found[Scope.SINGLE]]

    @staticmethod
    def _label(scope: Scope, n: int) -> Any:
        return scope.label if scope == Scope.SINGLE else f"{scope.label} ({n})"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scope") == Scope.SINGLE and not data.get("photo"):
            self.add_error("scope", _("Please tick the photos that you mean."))
        return data

    @property
    def ticked(self) -> set[str]:
        """The photographs ticked in what was sent."""
        return set(self.data.getlist("photo")) if self.is_bound else set()


SENTENCES: dict[str, tuple[str | None, Any]] = {
    "chooser.not_main": (None, _("Only the main contact of the order can do this.")),
    "consent.malformed": (None, _("Please answer every question.")),
    "consent.no_purpose": ("purposes", _("Please say what your photos may be used for.")),
    "consent.children": (
        "children",
        _("This was a children’s shoot: please say as parent or guardian that you agree for the children."),
    ),
    "consent.empty": ("scope", _("There is no such photo yet.")),
    "consent.changed": (None, _("Your photos have changed since you looked. Please check the list again.")),
    **{code: ("signed_name", text) for code, text in NAME_SENTENCES.items()},
}


def put_beside(form: forms.Form, refusal: Refusal) -> None:
    """Add the sentence to its field; an unknown refusal is a fault and is raised again."""
    if refusal.code not in SENTENCES:
        raise refusal
    field, sentence = SENTENCES[refusal.code]
    form.add_error(field, sentence)
