"""What the pages of a contract show."""

import json
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from core.booking.enums import BookingState
from core.contracts.enums import FIRM, SEALED, STANDING, TONES, ContractState, SignerState
from core.contracts.models import Contract, ContractSigner
from core.contracts.provider import provider
from core.contracts.selectors import contract_of, papers_of, signer_of
from core.contracts.services.signing import consent_text
from core.contracts.typed import Typed, keep_typed, typed_of
from core.kernel import clock
from core.kernel.signature import Given, SignatureInput
from core.orders.moves import objecting_until
from core.people.login import CODE_MINUTES, resend_in
from core.people.phone import mask
from core.realtime.doors import order_mark
from portal.book.before import booking_url
from portal.contracts.forms import DeclineForm, SignForm
from portal.forms import waiting_time
from portal.money.pages import PaidDate, date_of


def signer_or_404(request: HttpRequest, code: str) -> ContractSigner:
    """The customer's own line on the contract; somebody else's contract, or a draft, does not exist."""
    found = signer_of(request.customer, code)
    if found is None:
        raise Http404
    return found


def may_sign(signer: ContractSigner) -> bool:
    """Whether this person can still sign: sent, in time, not acted on, and the date is still on hold."""
    contract = signer.contract
    if not is_in_time(contract) or signer.state != SignerState.WAITING:
        return False
    hold = hold_of(contract)
    return hold is None or hold.state != BookingState.LAPSED


def is_in_time(contract: Contract) -> bool:
    """Whether it waits for signatures, by its own clock."""
    in_time = contract.expires_at is not None and contract.expires_at > clock.now()
    return contract.state == ContractState.SENT and in_time


def hold_of(contract: Contract) -> PaidDate | None:
    """The online booking's date that a first contract is about; annexes run by their own clock."""
    return date_of(contract.order) if contract.parent_id is None else None


def keep_post(request: HttpRequest, signer: ContractSigner, asked: str = "") -> None:
    """What stands in the form, not judged: the page's own address shows it again, whatever becomes of the tab. Without
    `asked` the last wish for a code stands.
    """
    before = None if asked else typed_of(signer)
    wish = (before.asked, before.asked_at) if before else (asked, clock.now().timestamp())
    given = SignatureInput().value_from_datadict(request.POST, None, "signature")
    agreed = request.POST.get("agreed") == "on" and request.POST.get("seen") == signer.contract.document_sha256
    keep_typed(signer, Typed(given.name, given.way, given.strokes, agreed, *wish))


def kept_form(signer: ContractSigner, kept: Typed | None) -> SignForm:
    """The form with what was typed and drawn before a code was sent."""
    initial: dict[str, Any] = {"seen": signer.contract.document_sha256}
    if kept:
        initial |= {"signature": Given(kept.name, kept.way, kept.strokes), "agreed": kept.agreed}
    return SignForm(signer=signer, initial=initial)


def code_note(kept: Typed | None, wait: int) -> str:
    """What became of the wish for a code: as long as that code is good, or no other one may be sent."""
    if kept is None or not kept.asked:
        return ""
    if kept.asked == "sent":
        return _("The code is on its way.") if clock.now().timestamp() - kept.asked_at < CODE_MINUTES * 60 else ""
    if not wait:
        return ""
    return _("A code was sent a moment ago. Another one can be sent in %(wait)s.") % {"wait": waiting_time(wait)}


def context(
    signer: ContractSigner, form: SignForm | None = None, decline_form: DeclineForm | None = None, **more: Any
) -> dict[str, Any]:
    """For the page of a contract: words, price at a glance, who has signed, the form."""
    contract = signer.contract
    order, data = contract.order, contract.data
    signers = list(contract.signers.all())
    signs = may_sign(signer)
    kept = typed_of(signer) if signs else None
    wait = resend_in(signer.customer.phone) if signs else 0
    return {
        "contract": contract,
        "signer": signer,
        "signers": signers,
        "left": sum(one.state == SignerState.WAITING for one in signers),
        "order": order,
        "zone": order.branch.timezone,
        "currency": data["order"]["currency"],
        "price_minor": data["order"]["price_minor"],
        "first": next(iter(data["instalments"]), None) if contract.parent_id is None else None,
        "tone": TONES[contract.state],
        "is_firm": contract.state in FIRM,
        "objecting": objecting_until(order) if contract.state == ContractState.NOTIFIED else None,
        "may_sign": signs,
        "hold": hold_of(contract) if is_in_time(contract) else None,
        "elsewhere": provider().signing_url(contract, signer) if signs else "",
        "consent": consent_text(contract),
        "phone": mask(signer.customer.phone),
        "form": form or kept_form(signer, kept),
        "decline_form": decline_form or DeclineForm(),
        "annexes": [one for one in papers_of(signer.customer, order) if one.parent_id == contract.pk],
        "socket": f"{get_script_prefix()}ws/order/{order.code}/",
        "position": position(contract),
        "instead": _instead(signer),
        "resend_in": wait,
        "code_sent": bool(kept and kept.asked),
        "code_note": code_note(kept, wait),
        **more,
    }


def position(contract: Contract) -> str:
    """For live.js: where the order's history stands."""
    return json.dumps({"order": [1, order_mark(contract.order_id, contract.event_thread)]})


def _instead(signer: ContractSigner) -> dict[str, str]:
    """Where somebody goes on whose contract binds nobody any more: the one that took its place, the booking, a call."""
    contract, order = signer.contract, signer.contract.order
    if contract.state in SEALED or may_sign(signer) or signer.state == SignerState.SIGNED:
        return {}
    now = contract_of(order)
    newer = signer_of(signer.customer, now.code) if now and now.pk != contract.pk and now.state in STANDING else None
    return {
        "contract": reverse("portal:contract", args=[newer.contract.code]) if newer else "",
        "booking": booking_url(order),
        "phone": order.branch.phone,
    }
