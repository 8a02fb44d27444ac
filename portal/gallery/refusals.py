"""Why a selection was not taken, as a sentence beside the field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Refusal

SENTENCES = {
    "name.missing": ("signed_name", _("Please type your name.")),
    "price.changed": (None, _("The price has changed since you saw it. Please look at the figures again.")),
    "selection.empty": (None, _("No photo is selected yet.")),
    "selection.locked": (None, _("This selection is submitted already.")),
    "selection.limit": (None, _("More photos are selected than the package allows. Please take some back.")),
    "chooser.not_main": (None, _("Only the main contact of the order can submit.")),
}


def put_beside(form: forms.Form, refusal: Refusal) -> None:
    """Add the sentence to its field; an unknown refusal is a fault and is raised again."""
    if refusal.code not in SENTENCES:
        raise refusal
    field, sentence = SENTENCES[refusal.code]
    form.add_error(field, sentence)
    if refusal.code == "price.changed":  # the new figure needs a new yes
        form.data = form.data.copy()
        form.data.pop("accept_extra", None)
