"""What money's pages show."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.finance.charges import Shown, shown
from core.finance.discounts import percent_of
from core.finance.models import Account
from core.finance.selectors import Statement, due_minor, statement_of
from core.finance.values import usable_minor
from core.people.enums import Capability as C


@dataclass(frozen=True, slots=True)
class May:
    """What the viewer may do with this account's money."""

    take: bool
    audit: bool
    discount: bool
    refund: bool
    invoice: bool


def may_of(staff: Any, account: Account) -> May:
    wanted = (C.TAKE_PAYMENT, C.AUDIT_PAYMENT, C.DISCOUNT, C.REFUND, C.ISSUE_INVOICE)
    return May(*(staff.may(capability, account.branch_id) for capability in wanted))


def panel_of(request: HttpRequest, account: Account) -> dict[str, Any]:
    """The order's money: figures, charges, schedule, payments, and what may be done."""
    statement: Statement = statement_of(account)
    charges: list[Shown] = [shown(charge) for charge in statement.charges]
    return {
        "account": account,
        "statement": statement,
        "charges": charges,
        "may": may_of(request.staff, account),
        "me": request.user.pk,
        "usable": usable_minor(account.customer),
        "zone": account.branch.timezone,
        "is_open": getattr(account, "order", None) is None or account.order.state != "cancelled",
    }


def usual_amount(account: Account) -> int | None:
    """What a payment is most likely for: what is due, else the next instalment, else all that is owed."""
    due = due_minor(account)
    if due:
        return due
    one = statement_of(account).next_one
    return one.open_minor if one else account.owed_minor or None


def discount_text(request: HttpRequest, account: Account) -> str:
    """How far the viewer may go."""
    percent = percent_of(request.user, account.branch_id)
    if percent is None:
        return _("Your job has no limit.")
    return _("Your job may take off up to %(share)s of the order, all discounts together.") % {"share": f"{percent}%"}


def tabs(current: str, staff: Any = None) -> list[dict[str, Any]]:
    """The pages of money; for somebody without VIEW_MONEY none but their own commissions, which need no tab."""
    if staff is not None and not staff.may(C.VIEW_MONEY):
        return []
    pages = [
        ("checking", _("To check")),
        ("arrears", _("Arrears")),
        ("day", _("Day close")),
        ("days", _("All branches' days")),
        ("forecast", _("Forecast")),
        ("values", _("Stored value")),
        ("commissions", _("Commissions")),
        *([("settlements", _("Between branches"))] if staff is None or staff.may(C.SETTLE_BRANCHES) else []),
    ]
    links = [(reverse(f"console:money:{name}"), label, name == current) for name, label in pages]
    return [{"url": url, "label": label, "current": is_here} for url, label, is_here in links]
