"""Tries to pay that nobody needs any more: the same instalment was paid by another route, or at the desk."""

from django.utils.module_loading import import_string

from core.finance.enums import AttemptState, TopUpState
from core.finance.models import Account, PayAttempt, TopUp

CHECK = "core.finance.jobs.check_attempt"  # by name: jobs stand above services


def top_up_of(account: Account) -> TopUp | None:
    """The top-up whose books these are; None for a sale."""
    return getattr(account, "top_up", None)


def payable_minor(account: Account) -> int:
    """What a try may ask for: what is owed, or the top-up that was asked for (it is owed by nobody)."""
    top_up = top_up_of(account)
    if top_up is None:
        return account.owed_minor
    return top_up.principal_minor if top_up.state == TopUpState.ASKED else 0


def is_spent(attempt: PayAttempt) -> bool:
    """Whether the try asks for more than is still open of its instalment, or of the account."""
    left = payable_minor(attempt.account)
    if attempt.instalment is not None:
        left = min(left, attempt.instalment.open_minor)
    return attempt.amount_minor > left


def withdraw_spent(account: Account, paid: PayAttempt | None) -> None:
    """Have the provider asked, after the commit, to take no money for tries that this payment has overtaken."""
    for attempt in account.attempts.filter(state=AttemptState.OPEN).select_related("account", "instalment"):
        if attempt != paid and is_spent(attempt):
            ask_about(attempt)


def ask_about(attempt: PayAttempt) -> None:
    """Have the worker ask how the try stands. One question at a time waits."""
    import_string(CHECK).defer(attempt=attempt.pk, key=f"attempt.{attempt.pk}")
