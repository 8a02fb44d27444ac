"""What a customer says of retouched photographs, and why it was not taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Refusal
from core.kernel.signature import NAME_SENTENCES, NameField
from selection.retouch.enums import Verdict
from selection.retouch.services.verdicts import NOTE_LENGTH


class VerdictForm(forms.Form):
    """`version` is the one that was looked at."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    value = forms.ChoiceField(choices=[("", ""), *Verdict.choices], required=False)
    note = forms.CharField(
        label=_("What should be changed?"),
        max_length=NOTE_LENGTH,
        error_messages={"required": _("Please say what should be changed.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Only a change needs words."""
        super().__init__(*args, **kwargs)
        self.fields["note"].required = not self.is_bound or self.data.get("value") == Verdict.CHANGE


class SignForm(forms.Form):
    signed_name = NameField(label=_("Your name as signature"))


class OfferForm(forms.Form):
    """`price_minor` is the price the customer saw."""

    price_minor = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    agreed_name = NameField(label=_("Your name as signature"))


SENTENCES = {
    "note.missing": _("Please say what should be changed."),
    "note.too_long": _("Please write a little less."),
    **NAME_SENTENCES,
    "final.newer": _("A newer version of this photo has come. Here it is."),
    "final.unknown": _("This photo is not there any more."),
    "verdict.malformed": _("Please choose: accept or change."),
    "round.closed": _("This round is closed. Here is how it stands now."),
    "round.unjudged": _("Please say something of every photo first."),
    "round.has_changes": _("You want something changed. Give the round back, or accept those photos too."),
    "round.no_changes": _("You accept every photo: please sign below."),
    "round.no_offer": _("This offer is not open any more."),
    "price.changed": _("The price has changed since you saw it. Please look at it again."),
    "chooser.not_main": _("Only the main chooser can do this."),
    "chooser.viewer": _("You can look, not choose. The main chooser can let you choose."),
}


def sentence(refusal: Refusal) -> str:
    """The refusal as a person would say it; an unknown one is a fault and is raised again."""
    if refusal.code not in SENTENCES:
        raise refusal
    return str(SENTENCES[refusal.code])
