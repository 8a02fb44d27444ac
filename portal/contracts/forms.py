"""What somebody signs a contract with, or refuses it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contracts.models import ContractSigner
from core.kernel.errors import Refusal
from core.kernel.signature import NAME_SENTENCES, SignatureField
from portal.forms import CodeForm, refusal_sentence

SENTENCES: dict[str, tuple[str | None, Any]] = {
    **{code: ("signature", text) for code, text in NAME_SENTENCES.items()},
    "reason.missing": ("reason", gettext_lazy("Please say why; the studio would like to put it right.")),
    "contract.changed": (None, gettext_lazy("There is a newer version of this contract. Please read it again.")),
    "contract.expired": (None, gettext_lazy("The time to sign is over. Please ask the studio to send it again.")),
    "contract.closed": (None, gettext_lazy("This contract can no longer be signed.")),
}


class SignForm(CodeForm):
    """`seen`: the SHA-256 of the file that was shown. The code came to the phone of the person who signs."""

    signature = SignatureField(label=gettext_lazy("Your signature"))
    agreed = forms.BooleanField(
        label=gettext_lazy("Declaration"),
        error_messages={"required": gettext_lazy("Please tick that you have read the contract and agree to it.")},
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    field_order = ["signature", "agreed", "code", "seen"]

    def __init__(self, *args: Any, signer: ContractSigner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signature"].signer = signer.name
        self.fields["code"].widget.attrs.pop("autofocus", None)
        self.fields["code"].label = gettext_lazy("Code from the message")

    def put_beside(self, refusal: Refusal) -> None:
        """The refusal's sentence at its field; a used-up code leaves the page."""
        if refusal.code in SENTENCES:
            self.add_error(*SENTENCES[refusal.code])
        elif refusal.code.startswith(("code.", "limits.")):
            self.add_refusal(refusal)
        else:
            raise refusal


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What should be different?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class ProofForm(forms.Form):
    """A file to be examined; it is read and forgotten."""

    MOST = 12 * 1024 * 1024
    file = forms.FileField(
        label=gettext_lazy("Contract as a PDF"), widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"})
    )

    def clean_file(self) -> bytes:
        found = self.cleaned_data["file"]
        if found.size > self.MOST:
            raise forms.ValidationError(_("This file is too large for a contract of ours."))
        return bytes(found.read())

    def put_beside(self, refusal: Refusal) -> None:
        """Too many tries."""
        self.add_error(None, refusal_sentence(refusal))
