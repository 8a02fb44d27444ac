"""Who seals contracts and may take signatures: a hook for a certified provider (settings.SIGNATURE_PROVIDER)."""

from functools import lru_cache
from typing import Protocol, cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from core.contracts import seal as sealing
from core.contracts.models import Contract, ContractSigner, SealKey
from core.contracts.seal import Pair, Verdict
from core.kernel import crypto
from tenants.context import current_studio

PURPOSE = "contract-seal"


class SignatureProvider(Protocol):
    """What a provider must offer. Calls run outside transactions and inside the studio; they may take seconds."""

    name: str

    def signing_url(self, contract: Contract, signer: ContractSigner) -> str:
        """Where this person signs; "" for the pages of the house."""
        ...

    def seal(self, pdf: bytes, *, reason: str, place: str) -> bytes:
        """The final file, sealed so that a changed byte shows."""
        ...

    def examine(self, pdf: bytes) -> Verdict:
        """Whether a file was sealed here, and is unchanged. Never raises."""
        ...


class BuiltIn:
    """Signing on the pages of the house, sealed by the studio's own key."""

    name = "built-in"

    def signing_url(self, contract: Contract, signer: ContractSigner) -> str:
        return ""

    def seal(self, pdf: bytes, *, reason: str, place: str) -> bytes:
        return sealing.seal(pdf, studio_pair(), reason=reason, place=place)

    def examine(self, pdf: bytes) -> Verdict:
        return sealing.examine(pdf, [bytes(one) for one in SealKey.objects.values_list("certificate", flat=True)])


@lru_cache(maxsize=1)
def provider() -> SignatureProvider:
    """The configured provider."""
    return cast("SignatureProvider", import_string(settings.SIGNATURE_PROVIDER)())


def studio_pair() -> Pair:
    """The studio's key; made when it is first needed, once, however many ask at the same time."""
    row = SealKey.objects.filter(is_current=True).first() or _made()
    return Pair(crypto.decrypt(PURPOSE, row.private), bytes(row.certificate))


def _made() -> SealKey:
    pair = sealing.make_pair(current_studio().name)
    private = crypto.encrypt(PURPOSE, pair.key)
    with transaction.atomic():
        row = SealKey(certificate=pair.certificate, private=private)
        SealKey.objects.bulk_create([row], ignore_conflicts=True)  # the partial unique index lets one win
    return SealKey.objects.get(is_current=True)
