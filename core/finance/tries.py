"""Tries to pay that nobody needs any more: the same instalment was paid by another route, or at the desk."""

from django.utils.module_loading import import_string

from core.finance.enums import AttemptState
from core.finance.models import Account, PayAttempt

CHECK = "core.finance.jobs.check_attempt"  # by name: jobs stand above services


def is_spent(attempt: PayAttempt) -> bool:
    """Whether the try asks for more than is still open of its instalment, or of the account."""
    left = attempt.account.owed_minor
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
