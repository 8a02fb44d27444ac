"""Why a selection was not taken, as a sentence beside the field; why a tap was not, as a message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Refusal

SENTENCES = {
    "name.missing": ("signed_name", _("Please type your name.")),
    "price.changed": (None, _("The price has changed since you saw it. Please look at the figures again.")),
    "selection.changed": (None, _("Your selection has changed since you looked. Please check it again.")),
    "selection.empty": (None, _("No photo is selected yet.")),
    "selection.locked": (None, _("This selection is submitted already.")),
    "slot.missing": (None, _("“%(slot)s” still needs photos: %(missing)s. Please fill it before you submit.")),
    "selection.limit": (None, _("More photos are selected than the package allows. Please take some back.")),
    "chooser.not_main": (None, _("Only the main contact of the order can submit.")),
}

WHY = {
    "batch": _("This photo is in a part that you have signed. It stays selected."),
    "locked": _("This selection is submitted. Ask the studio to open it again."),
    "limit": _("There is no room for one more. Take one out first."),
    "gone": _("The studio has taken this photo back."),
    "older": _("You changed this photo on another device later; that counts."),
    "selection.locked": _("This selection is submitted. Ask the studio to open it again."),
    "originals.not_offered": _("The originals are not offered together."),
    "chooser.not_main": _("Only the main contact of the order can do this."),
}


def put_beside(form: forms.Form, refusal: Refusal) -> None:
    """Add the sentence to its field; an unknown refusal is a fault and is raised again."""
    if refusal.code not in SENTENCES:
        raise refusal
    field, sentence = SENTENCES[refusal.code]
    form.add_error(field, str(sentence) % refusal.facts if "%(" in str(sentence) else sentence)
    if refusal.code == "price.changed":  # the new figure needs a new yes
        form.data = form.data.copy()
        form.data.pop("accept_extra", None)
