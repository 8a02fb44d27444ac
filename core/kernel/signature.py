"""Signing in a form: by typing one's name or by drawing it. Template: components/signature.html."""

from dataclasses import dataclass
from typing import Any, NoReturn

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.drawing import LEAST_INK, Drawing, ink, parsed
from core.kernel.errors import Refusal
from core.kernel.names import MOST as NAME_LENGTH
from core.kernel.names import signing_name

NAME_SENTENCES = {
    "name.missing": _("Please type your name."),
    "name.unlikely": _("Please type your full name, as you would sign it."),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """`name` is always there; `drawing` only when it was drawn."""

    name: str
    drawing: Drawing | None = None


def signed_by(signature: Signature) -> dict[str, Any]:
    """As verbs take it."""
    return {"signed_name": signature.name, "drawing": signature.drawing}


@dataclass(frozen=True, slots=True)
class Given:
    """What the browser sent, as it stands: shown again after an error."""

    name: str = ""
    way: str = "type"
    strokes: str = ""


class SignatureInput(forms.Widget):
    """Three inputs of one field: `<name>`, `<name>_way` (type · draw), `<name>_strokes`."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Given:
        way = "draw" if data.get(f"{name}_way") == "draw" else "type"
        return Given(str(data.get(name) or ""), way, str(data.get(f"{name}_strokes") or ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


def likely(text: str, *, is_drawn: bool = False) -> str:
    """The name by the one rule (`core.kernel.names`). Raises ValidationError with its sentence."""
    try:
        return signing_name(text, is_drawn=is_drawn)
    except Refusal as refusal:
        raise forms.ValidationError(NAME_SENTENCES[refusal.code], code=refusal.code) from refusal


class NameField(forms.CharField):
    """A name typed as a signature, where nothing is drawn."""

    default_error_messages = {"required": NAME_SENTENCES["name.missing"]}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": NAME_LENGTH, **kwargs})

    def clean(self, value: Any) -> str:
        return likely(str(super().clean(value) or ""))


class SignatureField(forms.Field):
    """Cleans to a `Signature`. Who draws is called what the form says (`signer`), unless a name was typed as well.

    Typing is always possible (keyboards, screen readers, no JavaScript); which way counts is the person's choice.
    """

    widget = SignatureInput
    default_error_messages = {
        "empty": _("Please sign in the box, or type your name."),
        "faint": _("This is too short for a signature. Please sign once more."),
        "unsound": _("The drawing could not be read. Please sign once more, or type your name."),
        "long": _("This name is too long."),
    }

    def __init__(self, *, signer: str = "", **kwargs: Any) -> None:
        self.signer = signer
        super().__init__(**kwargs)

    def clean(self, value: Given | None) -> Signature:
        """Raises ValidationError beside the field; what was typed and drawn stays in the page."""
        given = value or Given()
        name = " ".join(given.name.split())
        if len(name) > NAME_LENGTH:
            self._refuse("long")
        if given.way == "type":
            return Signature(likely(name))
        drawn = self._drawn(given.strokes)
        return Signature(likely(name) if name else likely(self.signer, is_drawn=True), drawn)

    def _drawn(self, strokes: str) -> Drawing:
        try:
            drawn = parsed(strokes)
        except ValueError:
            self._refuse("unsound")
        if drawn is None:
            self._refuse("empty")
        if ink(drawn) < LEAST_INK:
            self._refuse("faint")
        return drawn

    def _refuse(self, code: str) -> NoReturn:
        raise forms.ValidationError(self.error_messages[code], code=code)
