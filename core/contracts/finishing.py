"""The final file: the contract's words again, a certificate page, the seal. What was signed stays beside it."""

import hashlib
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from core.contracts import files, paper, tables, trail
from core.contracts.enums import SEALED, ContractState, SignerState, TraceKind
from core.contracts.models import Contract, ContractSigner, ContractTrace
from core.contracts.provider import provider
from core.contracts.telling import proving_link, tell
from core.kernel import clock, events, states, storage
from core.messaging.enums import Template
from core.studios.brand import logo_of
from tenants.jobs import studio_job

BY_AGREEMENT = "agreed"  # how an annex is signed that the contract lets people agree to by a tap
INFORMED = SignerState.INFORMED
SHORT = 16  # characters of a hash in the certificate's table; the whole ones stand above


@studio_job(name="contracts.finish")
def finish_contract(*, contract: int) -> None:
    """Make, seal and store the final file of a contract that everybody signed; once. Event CONTRACT_SEALED."""
    row = Contract.objects.select_related("order__branch").get(pk=contract)
    if row.sealed_sha256 or not _is_final(row):
        return
    sealed = provider().seal(final_document(row), reason=f"{row.number}", place=row.order.branch.name)
    digest = hashlib.sha256(sealed).hexdigest()
    storage.put(files.key(row, digest), sealed, content_type=files.PDF)
    _note_seal(row, digest)


def _is_final(row: Contract) -> bool:
    if row.state == ContractState.NOTIFIED:
        return True
    return row.state == (ContractState.COUNTERSIGNED if row.needs_countersign else ContractState.SIGNED)


@transaction.atomic
def _note_seal(contract: Contract, digest: str) -> None:
    row = states.lock(contract)
    if row.sealed_sha256 or row.state not in SEALED:
        return
    row.sealed_sha256, row.sealed_at = digest, clock.now()
    row.save(update_fields=["sealed_sha256", "sealed_at"])
    trail.link(row, TraceKind.SEALED, provider().name, file=digest)
    for signer in row.signers.select_related("customer").exclude(contract__state=ContractState.NOTIFIED):
        signer.contract = row
        tell(signer, Template.CONTRACT_DONE, "done")
    events.record(events.Kind.CONTRACT_SEALED, row, number=row.number)


def final_document(contract: Contract) -> bytes:
    """Contract and certificate as one PDF, not sealed yet."""
    made = files.composition(contract)
    with translation.override(contract.language):
        certificate = certificate_of(contract)
    return paper.render(
        title=made.title,
        number=contract.number,
        studio=made.data["studio"]["name"],
        logo=logo_of(made.data["studio"].get("logo", "")),
        language=made.language,
        footer=f"SHA-256 {contract.content_sha256}",
        blocks=made.blocks,
        at=contract.signed_at or contract.composed_at,
        certificate=certificate,
    )


def certificate_of(contract: Contract) -> dict[str, Any]:
    """The certificate page in the active language: who signed, how they were known, and the whole chain."""
    links = list(contract.trail.order_by("number"))
    url = proving_link(contract)
    facts = [
        [gettext("Contract number"), contract.number],
        [gettext("Signed file (SHA-256)"), contract.document_sha256],
        [gettext("Content (SHA-256)"), contract.content_sha256],
        [gettext("Last link of the evidence"), links[-1].hash if links else "—"],
        [gettext("Proof"), url],
    ]
    return {
        "title": gettext("Certificate of signatures"),
        "intro": _intro(links),
        "facts": facts,
        "url": url,
        "qr": paper.qr(url),
        "signers": [_signer(contract, signer, links) for signer in contract.signers.exclude(state=INFORMED)],
        "trail_title": gettext("What happened"),
        "trail": tables.table(
            [gettext("No."), gettext("When (UTC)"), gettext("What it was"), gettext("Who"), gettext("Hash")],
            [_row(link) for link in links],
            (1, 4, 4, 3, 4),
            (),
        ),
    }


def _intro(links: list[ContractTrace]) -> str:
    """How those who signed were known: by a code to the phone, or by agreeing on their own page."""
    if any(one.kind == TraceKind.NOTIFIED for one in links):
        return gettext(
            "The studio has told what this file says; nobody was asked to sign it. Any change to this file breaks its "
            "seal; whether it is the file that was told can be asked at the address below."
        )
    if any(one.facts.get("method") == BY_AGREEMENT for one in links):
        return gettext(
            "The person below agreed to the file named here on their own page, which a code to their phone had opened, "
            "as the contract it belongs to provides. Any change to this file breaks its seal; whether it is the file "
            "that was agreed to can be asked at the address below."
        )
    return gettext(
        "Everybody below has signed the file named here, each by a code sent to their own phone. Any change to "
        "this file breaks its seal; whether it is the file that was signed can be asked at the address below."
    )


def _signer(contract: Contract, signer: ContractSigner, links: list[ContractTrace]) -> dict[str, Any]:
    done = next((one for one in links if one.kind == TraceKind.SIGNED and one.facts.get("signer") == signer.pk), None)
    told = done.facts if done else {}
    phone = told.get("phone") or {}
    name = signer.signed_name or signer.name
    both = gettext("%(name)s, also for %(names)s") % {"name": name, "names": signer.signs_for}
    facts = [
        [gettext("Signed as"), both if signer.signs_for else name],
        [gettext("When (UTC)"), signer.acted_at.strftime("%Y-%m-%d %H:%M:%S") if signer.acted_at else "—"],
        [gettext("Phone"), phone.get("number", "—")],
        [gettext("Code sent and typed (UTC)"), f"{_clock(phone.get('sent_at'))} → {_clock(phone.get('typed_at'))}"],
        [gettext("IP address"), told.get("address") or "—"],
        [gettext("Device"), told.get("agent") or "—"],
        [gettext("Declaration"), told.get("consent") or "—"],
    ]
    if told.get("drawing_sha256"):
        facts.append([gettext("Checksum of the signature"), told["drawing_sha256"]])
    return {"title": signer.name, "drawing": paper.hand(signer.drawing), "facts": facts}


def _clock(iso: str | None) -> str:
    return iso[11:19] if iso else "—"


def _row(link: ContractTrace) -> list[str]:
    when = link.at.strftime("%Y-%m-%d %H:%M:%S")
    return [str(link.number), when, str(TraceKind(link.kind).label), link.who or "—", link.hash[:SHORT]]
