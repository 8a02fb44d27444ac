"""Questions about customers and staff."""

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, FilteredRelation, Q, Value
from django.db.models.functions import Replace

from core.kernel import clock, crypto, rows
from core.people.enums import SUPPORT, Capability
from core.people.models import Customer, CustomerSession, Membership
from core.people.permissions import ROLE_CAPABILITIES

CUSTOMER_FIELDS = {"name", "phone", "wechat", "birthday", "city", "source", "tags", "note", "language"}


def token_hash(token: str) -> str:
    """What is kept of a session cookie's token."""
    return crypto.keyed_hash("customer-session", token)


def session_of_token(token: str) -> CustomerSession | None:
    """The live session of a cookie, with its customer; None when it is unknown, expired or revoked."""
    if not token or len(token) > 100:
        return None
    row = rows.run(
        f"SELECT {rows.columns(CustomerSession, 's')}, {rows.columns(Customer, 'c')} "  # noqa: S608 (our own names)
        "FROM core_customersession s JOIN core_customer c ON c.id = s.customer_id "
        "WHERE s.token_hash = %s AND s.revoked_at IS NULL AND s.expires_at > %s",
        [token_hash(token), clock.now()],
    ).fetchone()
    if row is None:
        return None
    session = rows.loaded(CustomerSession, row[: rows.width(CustomerSession)])
    session.customer = rows.loaded(Customer, row[rows.width(CustomerSession) :])
    return session


def least_busy(roles: Iterable[str], branch_id: int, prefer: int | None = None) -> dict[str, int]:
    """For each role the id of an active user who has it in the branch: `prefer` if they do, else who answers for the
    fewest open stages. Roles that nobody has are left out. One query.
    """
    rows = (
        Membership.objects.filter(Q(branch_id=branch_id) | Q(branch=None), role__in=roles, user__is_active=True)
        .annotate(waiting=FilteredRelation("user__stages", condition=Q(user__stages__left_at=None)))
        .annotate(load=Count("waiting", filter=Q(waiting__order__state="open")))
        .order_by("load", "user_id")
        .values_list("role", "user_id")
    )
    found: dict[str, int] = {}
    for role, user_id in rows:
        if user_id == prefer:
            found[role] = user_id
        else:
            found.setdefault(role, user_id)
    return found


def colleagues(branch_id: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of active staff with a job in the branch (every branch when None), by name."""
    rows = Membership.objects.filter(user__is_active=True)
    if branch_id is not None:
        rows = rows.filter(Q(branch_id=branch_id) | Q(branch=None))
    return sorted({(pk, name) for pk, name in rows.values_list("user_id", "user__name")}, key=lambda row: row[1])


def colleagues_who(capability: Capability, branch_id: int) -> list[tuple[int, str]]:
    """(id, name) of active staff who hold the capability in the branch, by name."""
    roles = [role for role, held in ROLE_CAPABILITIES.items() if capability in held]
    rows = Membership.objects.filter(Q(branch_id=branch_id) | Q(branch=None), role__in=roles, user__is_active=True)
    return sorted(set(rows.values_list("user_id", "user__name")), key=lambda row: row[1])


def search_customers(text: str) -> Any:
    """Customers whose name contains the text or whose phone contains its digits; newest first. A QuerySet.

    China's country code is no digit of a phone: nobody means it. Beside other words, one or two digits are not a phone.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    found = Customer.objects.order_by("-created_at", "-pk")
    digits = "".join(ch for ch in text if ch.isdecimal())
    only_digits = bool(digits) and not any(ch.isalpha() for ch in text)
    wanted = Q(name__icontains=text)
    if text.startswith("+") and digits:
        wanted |= Q(phone__startswith=f"+{digits}")
    elif only_digits or len(digits) >= 3:
        found = found.annotate(number=Replace("phone", Value("+86"), Value("")))
        wanted |= Q(number__contains=digits)
    return found.filter(wanted)


def fingerprint(customer: Customer) -> str:
    """Changes whenever somebody changes the customer's record: a form carries it from its opening to its saving."""
    values = [str(getattr(customer, name)) for name in sorted(CUSTOMER_FIELDS)]
    return hashlib.sha256("\0".join(values).encode()).hexdigest()[:16]


def seats_used() -> int:
    """How many colleagues may log in; a support visit takes nobody's seat."""
    return get_user_model().objects.filter(is_active=True).exclude(username=SUPPORT).count()


def without_step(roles: Iterable[str]) -> list[str]:
    """Names of active colleagues with one of these jobs and no second step, by name."""
    found = get_user_model().objects.filter(
        memberships__role__in=list(roles), is_active=True, passkeys=None, totp__confirmed_at=None
    )
    return sorted(set(found.exclude(username=SUPPORT).values_list("name", flat=True)))
