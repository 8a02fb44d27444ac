"""Top-ups that go back: the card first, then the money, by the way it came."""

from typing import Any

from django.db import transaction

from core.finance.enums import ChargeKind, Purse, TopUpState
from core.finance.ledger import held
from core.finance.models import Account, Refund, TopUp
from core.finance.returnable import returnable
from core.finance.services.charging import staff_or_none
from core.finance.services.refunding import credit, give_back
from core.finance.services.topups_in import hold_card
from core.finance.tries import top_up_of
from core.finance.values import own_minor, take_own
from core.kernel import events
from core.kernel.errors import Refusal


def top_up_left(account: Account) -> int:
    """What of a top-up's money can go back now: what it holds, as far as principal of its branch is still on the card,
    and what was never put on it.
    """
    own = own_minor(account.customer, account.branch, Purse.PRINCIPAL)
    return min(returnable(account).free_minor, own + account.surplus_minor)


@transaction.atomic
def refund_top_up(
    *, actor: Any, account: Account, amount_minor: int, reason: str, by_hand: bool = False, once: str = ""
) -> list[Refund]:
    """Give unused principal of a top-up back, by its route or `by_hand`. The card gives it, and its gift in the same
    share, in the same transaction. What was paid and never put on the card goes first. `once`: the form's key.

    Records VALUE_TAKEN_BACK and REFUND_STARTED. Refusal top_up.unknown | reason.missing | amount.missing
    | value.too_little(price_minor: what can go back).
    """
    account = held(account)
    top_up = hold_card(account)
    if top_up is None:
        raise Refusal("top_up.unknown")
    if once and account.charges.filter(source=f"refund.{once}").exists():
        return []
    if amount_minor > top_up_left(account):
        raise Refusal("value.too_little", price_minor=top_up_left(account))
    beyond = amount_minor - account.surplus_minor
    if beyond > 0 and reason.strip():
        _off_the_card(account, top_up, beyond, reason.strip(), actor)
    made = give_back(actor=actor, account=account, amount_minor=amount_minor, reason=reason, by_hand=by_hand, once=once)
    if top_up.state == TopUpState.DONE and account.charged_minor == 0:
        top_up.state = TopUpState.BACK
        top_up.save(update_fields=["state"])
    return made


def follow_loss(account: Account, amount_minor: int, source: str) -> None:
    """A payer's bank has taken a top-up's money, and the card is held: it gives as much as is left of it; only what was
    used meanwhile stays owed. The caller settles.
    """
    top_up = top_up_of(account)
    if top_up is None:
        return
    part = min(amount_minor, own_minor(account.customer, account.branch, Purse.PRINCIPAL), account.charged_minor)
    if part > 0:
        _off_the_card(account, top_up, part, source, None)
        credit(account, source, ChargeKind.CANCELLATION, source, part, None)


def _off_the_card(account: Account, top_up: TopUp, principal: int, reason: str, actor: Any) -> None:
    gift = min(
        top_up.gift_minor * principal // top_up.principal_minor,
        own_minor(account.customer, account.branch, Purse.GIFT),
    )
    source = f"topup.{top_up.pk}.{account.charges.count() + 1}"
    told = {"customer": account.customer, "branch": account.branch, "source": source, "by": staff_or_none(actor)}
    for purse, amount in ((Purse.PRINCIPAL, principal), (Purse.GIFT, gift)):
        if amount:
            take_own(purse=purse, amount=amount, note=reason, **told)
    money: dict[str, Any] = {"price_minor": principal, "gift_minor": gift, "currency": account.currency}
    events.record(events.Kind.VALUE_TAKEN_BACK, account, actor, reason=reason, **money)
