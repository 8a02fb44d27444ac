"""Why a selection was not taken, as a sentence beside the field; why a tap was not, as a message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Refusal
from core.kernel.signature import NAME_SENTENCES

SENTENCES = {
    **{code: ("signed_name", text) for code, text in NAME_SENTENCES.items()},
    "price.changed": (None, _("The price has changed since you saw it. Please look at the figures again.")),
    "selection.changed": (None, _("Your selection has changed since you looked. Please check it again.")),
    "selection.empty": (None, _("No photo is selected yet.")),
    "selection.locked": (None, _("This selection is submitted already.")),
    "slot.missing": (None, _("“%(slot)s” still needs photos: %(missing)s. Please fill it before you submit.")),
    "selection.limit": (None, _("More photos are selected than the package allows. Please take some back.")),
    "chooser.not_main": (None, _("Only the main chooser can submit.")),
    "chooser.viewer": (None, _("You can look, not choose. The main chooser can let you choose.")),
}

PEOPLE = {
    "role.staff_only": _("Only the studio can hand over who submits and pays."),
    "role.main_stays": _("Somebody has to submit and pay. The studio can name another person."),
    "role.unknown": _("This is not possible here."),
    "guest.unknown": _("This person is not here any more."),
    "people.too_many": _("There are enough people in this gallery. Please ask the studio."),
    "name.missing": _("Please type a name."),
    "chooser.not_main": _("Only the main chooser can do this."),
}
WHY = {
    "viewer": _("You can look, not choose. The main chooser can let you choose."),
    "chooser.viewer": _("You can look, not choose. The main chooser can let you choose."),
    "batch": _("This photo is in a part that you have signed. It stays selected."),
    "locked": _("This selection is submitted. Ask the studio to open it again."),
    "limit": _("There is no room for one more. Take one out first."),
    "gone": _("The studio has taken this photo back."),
    "older": _("You changed this photo on another device later; that counts."),
    "selection.locked": _("This selection is submitted. Ask the studio to open it again."),
    "originals.not_offered": _("The originals are not offered together."),
    "chooser.not_main": _("Only the main chooser can do this."),
}


def sentence(refusal: Refusal) -> str:
    """Why something about the people was not done; whatever is wrong with a phone number is said as one thing."""
    if refusal.code.startswith("customer.phone"):
        return str(_("Please check the number: 11 digits, or with + and the country."))
    return str(PEOPLE.get(refusal.code, PEOPLE["role.unknown"]))


def put_beside(form: forms.Form, refusal: Refusal) -> None:
    """Add the sentence to its field; an unknown refusal is a fault and is raised again."""
    if refusal.code not in SENTENCES:
        raise refusal
    field, sentence = SENTENCES[refusal.code]
    form.add_error(field, str(sentence) % refusal.facts if "%(" in str(sentence) else sentence)
    if refusal.code == "price.changed":  # the new figure needs a new yes
        form.data = form.data.copy()
        form.data.pop("accept_extra", None)
