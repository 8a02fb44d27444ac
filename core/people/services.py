"""Verbs on staff and customers."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from billing.selectors import entitlements_of
from core.kernel.errors import Refusal
from core.kernel.states import lock
from core.people.enums import Role
from core.people.logins import end_logins
from core.people.models import Customer, Membership
from core.people.phone import pretty, to_e164
from core.people.selectors import CUSTOMER_FIELDS, fingerprint, seats_used
from tenants.context import current_studio


@transaction.atomic
def add_customer(*, actor: Any, name: str, phone: str, **fields: Any) -> Customer:
    """A new customer. Refusal customer.phone_taken(customer=<id>, name) and those of phone.to_e164."""
    e164 = to_e164(phone)
    if unknown := set(fields) - CUSTOMER_FIELDS:
        raise TypeError(f"no such fields: {unknown}")
    try:
        with transaction.atomic():
            return Customer.objects.create(name=name.strip(), phone=e164, **fields)
    except IntegrityError as error:
        raise _phone_taken(e164) from error


def _phone_taken(e164: str) -> Refusal:
    known = Customer.objects.get(phone=e164)
    return Refusal("customer.phone_taken", customer=known.pk, name=known.name)


@transaction.atomic
def change_customer(*, actor: Any, customer: Customer, seen: str = "", **fields: Any) -> Customer:
    """Change a customer's record. Refusals as `add_customer`, and customer.stale when it is not as `seen` any more
    (selectors.fingerprint of what was shown): two colleagues do not overwrite each other (R075).
    """
    if unknown := set(fields) - CUSTOMER_FIELDS:
        raise TypeError(f"no such fields: {unknown}")
    customer = lock(customer)
    if seen and seen != fingerprint(customer):
        raise Refusal("customer.stale", customer=customer.pk, name=customer.name)
    if "phone" in fields:
        kept = fields["phone"] in {customer.phone, pretty(customer.phone)}  # an old number is not questioned again
        fields["phone"] = customer.phone if kept else to_e164(fields["phone"])
    for name, value in fields.items():
        setattr(customer, name, value)
    try:
        with transaction.atomic():
            customer.save(update_fields=list(fields))
    except IntegrityError as error:
        raise _phone_taken(customer.phone) from error
    return customer


@transaction.atomic
def add_staff(
    *,
    actor: Any,
    username: str,
    name: str,
    password: str,
    phone: str = "",
    email: str = "",
    memberships: Iterable[tuple[str, int | None]] = (),
) -> Any:
    """A new staff member with jobs. Refusal staff.username_taken | plan.seats(limit)."""
    _hold_staff()
    _refuse_without_seat()
    try:
        with transaction.atomic():
            told = {"name": name.strip(), "phone": phone.strip(), "email": email.strip()}
            user = get_user_model().objects.create_user(username, password, **told)
    except IntegrityError as error:
        raise Refusal("staff.username_taken", username=username) from error
    _give_jobs(user, memberships)
    return user


@transaction.atomic
def change_staff(
    *, actor: Any, user: Any, name: str, phone: str = "", memberships: Iterable[tuple[str, int | None]] = ()
) -> Any:
    """Change a colleague's name and phone and replace the jobs. Refusal staff.last_owner."""
    _hold_staff()
    user.name, user.phone = name.strip(), phone.strip()
    user.save(update_fields=["name", "phone"])
    with _a_boss_stays():
        _give_jobs(user, memberships)
    return user


@transaction.atomic
def set_password(*, actor: Any, user: Any, password: str, stays: str | None = None) -> None:
    """Give a colleague a new password; every device of theirs has to log in again, but for the session `stays`."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_logins(user, stays)


@transaction.atomic
def set_access(*, actor: Any, user: Any, is_active: bool) -> None:
    """Let a colleague log in or not (R076). History and jobs stay.

    Refusal staff.last_owner | staff.self | plan.seats(limit) when access is given back.
    """
    if not is_active and actor is not None and actor.pk == user.pk:
        raise Refusal("staff.self")
    _hold_staff()
    user.refresh_from_db(fields=["is_active"])
    if is_active and not user.is_active:
        _refuse_without_seat()
    with _a_boss_stays():
        user.is_active = is_active
        user.save(update_fields=["is_active"])
    if not is_active:
        end_logins(user)


def _hold_staff() -> None:
    """One change of staff at a time until the transaction ends: seats and the last boss are counted rows."""
    list(get_user_model().objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _refuse_without_seat() -> None:
    limit = entitlements_of(current_studio()).seats
    if seats_used() >= limit:
        raise Refusal("plan.seats", limit=limit)


@contextmanager
def _a_boss_stays() -> Iterator[None]:
    """A studio that had a boss for all branches keeps one; a studio just being furnished may have none yet."""
    bosses = Membership.objects.filter(role=Role.OWNER, branch=None, user__is_active=True)
    had_boss = bosses.exists()
    yield
    if had_boss and not bosses.exists():
        raise Refusal("staff.last_owner")


def _give_jobs(user: Any, memberships: Iterable[tuple[str, int | None]]) -> None:
    wanted = set(memberships)
    kept = set()
    for job in Membership.objects.filter(user=user):
        if (job.role, job.branch_id) in wanted:
            kept.add((job.role, job.branch_id))
        else:
            job.delete()
    Membership.objects.bulk_create(
        Membership(user=user, role=role, branch_id=branch) for role, branch in sorted(wanted - kept, key=str)
    )
