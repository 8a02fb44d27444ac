"""What a customer says of a spread, and why it was not taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.codes import random_code
from core.kernel.errors import Refusal
from core.kernel.signature import NAME_SENTENCES, NameField
from selection.album.enums import Word
from selection.album.services.comments import TEXT_LENGTH


class WordForm(forms.Form):
    """`number` is the picture that was looked at, whatever stands in its place now."""

    number = forms.IntegerField(min_value=1, max_value=10**6)
    value = forms.ChoiceField(choices=[("", ""), *Word.choices], required=False)


class CommentForm(forms.Form):
    """A pin is in thousandths of the picture. `key` makes the same words sent twice one comment."""

    number = forms.IntegerField(min_value=1, max_value=10**6, widget=forms.HiddenInput)
    key = forms.RegexField(r"^[A-Za-z0-9_-]{4,32}$", widget=forms.HiddenInput, initial=random_code)
    x = forms.IntegerField(min_value=0, max_value=1000, required=False, widget=forms.HiddenInput)
    y = forms.IntegerField(min_value=0, max_value=1000, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What should be different?"),
        max_length=TEXT_LENGTH,
        error_messages={"required": _("Please say what should be different.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def said(self) -> dict[str, Any]:
        """For the verb."""
        told = dict(self.cleaned_data)
        x, y = told.pop("x"), told.pop("y")
        return {**told, "pin": (x, y) if x is not None and y is not None else None}


class SwapForm(CommentForm):
    """Photograph `out` gives its place to `into`."""

    out = forms.IntegerField(min_value=1, max_value=10**6, error_messages={"required": _("Please choose both photos.")})
    into = forms.IntegerField(
        min_value=1, max_value=10**6, error_messages={"required": _("Please choose both photos.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The photographs say enough."""
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False
        self.fields["text"].label = _("Anything else about it?")

    def said(self) -> dict[str, Any]:
        told = super().said()
        told["swap"] = (told.pop("out"), told.pop("into"))
        return told


class SettleForm(forms.Form):
    """`outcome`: done, or "" to open it again."""

    outcome = forms.ChoiceField(choices=[("", ""), ("done", "")], required=False)


class OfferForm(forms.Form):
    """`price_minor` is the price the customer saw."""

    price_minor = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    agreed_name = NameField(label=_("Your name as signature"))


class ApprovalForm(forms.Form):
    """`digest` is the number of what the customer saw."""

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    signed_name = NameField(label=_("Your name as signature"))


SENTENCES = {
    "comment.empty": _("Please say what should be different."),
    "comment.too_long": _("Please write a little less."),
    "comment.pin_outside": _("The pin lies outside the picture."),
    "comment.too_many": _("There are very many comments already. Please talk to the studio."),
    "comment.unknown": _("This comment is not there any more."),
    "swap.unknown": _("Please choose a photo of the album and one that is not in it yet."),
    "swap.taken": _("Somebody wants this photo in another place already."),
    "verdict.malformed": _("Please choose: approve or change."),
    "spread.unknown": _("This spread has changed meanwhile. Here is how it looks now."),
    "draft.superseded": _("A newer draft has come. Please look at it."),
    "draft.nothing_said": _("Nothing is to be changed. Please approve every spread, then the album."),
    "draft.unapproved": _("Please approve every spread first."),
    "draft.open_comments": _("There are open comments. Give the draft back, or mark them as settled."),
    "album.closed": _("The album is not with you at the moment. Here is how it stands now."),
    **NAME_SENTENCES,
    "round.no_offer": _("This offer is not open any more."),
    "price.changed": _("The price has changed since you saw it. Please look at it again."),
    "chooser.not_main": _("Only the main contact of the order can do this."),
}


def sentence(refusal: Refusal) -> str:
    """The refusal as a person would say it; an unknown one is a fault and is raised again."""
    if refusal.code not in SENTENCES:
        raise refusal
    return str(SENTENCES[refusal.code])
