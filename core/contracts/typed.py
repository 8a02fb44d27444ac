"""What somebody has typed and drawn beside a contract and not yet signed with: kept, encrypted, for as long as an SMS
may take and a phone may forget the page. It proves nothing and is no part of the evidence.
"""

import json
from dataclasses import asdict, dataclass

from django.core.cache import cache

from core.contracts.models import ContractSigner
from core.kernel.crypto import decrypt, encrypt
from core.kernel.drawing import MOST_TEXT
from core.kernel.names import MOST as NAME_LENGTH

KEPT_SECONDS = 3600
PURPOSE = "contracts.typed"


@dataclass(frozen=True, slots=True)
class Typed:
    """As it stands in the form. `asked`: what became of the last wish for a code ("" · sent · early), and when (epoch
    seconds).
    """

    name: str = ""
    way: str = "type"
    strokes: str = ""
    agreed: bool = False
    asked: str = ""
    asked_at: float = 0


def keep_typed(signer: ContractSigner, typed: Typed) -> None:
    """Keep it for an hour, for this person and this very text: a new version of the contract begins anew."""
    strokes = typed.strokes if len(typed.strokes) <= MOST_TEXT else ""
    told = {**asdict(typed), "name": typed.name[: NAME_LENGTH * 2], "strokes": strokes}
    cache.set(_key(signer), encrypt(PURPOSE, json.dumps(told).encode()), KEPT_SECONDS)


def typed_of(signer: ContractSigner) -> Typed | None:
    """What was kept, if anything."""
    found = cache.get(_key(signer))
    if not found:
        return None
    try:
        return Typed(**json.loads(decrypt(PURPOSE, found)))
    except (ValueError, TypeError):  # of former days, or of another installation's secret
        return None


def forget_typed(signer: ContractSigner) -> None:
    """Signed or declined: nothing is left to keep."""
    cache.delete(_key(signer))


def _key(signer: ContractSigner) -> str:
    return f"contracts.typed.{signer.pk}.{signer.contract.document_sha256[:32]}"
