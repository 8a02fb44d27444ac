"""Verbs on staff and customers."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from billing.selectors import entitlements_of
from core.kernel.errors import Refusal
from core.people.enums import Role
from core.people.models import Customer, Membership
from core.people.phone import to_e164
from core.people.selectors import seats_used
from tenants.context import current_studio

CUSTOMER_FIELDS = {"name", "wechat", "birthday", "city", "source", "tags", "note", "language"}


@transaction.atomic
def add_customer(*, actor: Any, name: str, phone: str, **fields: Any) -> Customer:
    """A new customer. Refusal customer.phone_invalid | customer.phone_taken(customer=<id>)."""
    e164 = to_e164(phone)
    unknown = set(fields) - CUSTOMER_FIELDS
    if unknown:
        raise TypeError(f"no such fields: {unknown}")
    try:
        with transaction.atomic():
            return Customer.objects.create(name=name.strip(), phone=e164, **fields)
    except IntegrityError as error:
        raise Refusal("customer.phone_taken", customer=Customer.objects.get(phone=e164).pk) from error


@transaction.atomic
def change_customer(*, actor: Any, customer: Customer, **fields: Any) -> Customer:
    """Change a customer's own fields or phone. Refusals as `add_customer`."""
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    if "phone" in fields:
        fields["phone"] = to_e164(fields["phone"])
    for name, value in fields.items():
        setattr(customer, name, value)
    try:
        with transaction.atomic():
            customer.save(update_fields=list(fields))
    except IntegrityError as error:
        raise Refusal("customer.phone_taken", customer=Customer.objects.get(phone=fields["phone"]).pk) from error
    return customer


@transaction.atomic
def add_staff(
    *,
    actor: Any,
    username: str,
    name: str,
    password: str,
    phone: str = "",
    memberships: Iterable[tuple[str, int | None]] = (),
) -> Any:
    """A new staff member with jobs. Refusal staff.username_taken | plan.seats(limit)."""
    limit = entitlements_of(current_studio()).seats
    if seats_used() >= limit:
        raise Refusal("plan.seats", limit=limit)
    try:
        with transaction.atomic():
            user = get_user_model().objects.create_user(username, password, name=name.strip(), phone=phone)
    except IntegrityError as error:
        raise Refusal("staff.username_taken", username=username) from error
    set_memberships(user=user, memberships=memberships)
    return user


def set_memberships(*, user: Any, memberships: Iterable[tuple[str, int | None]]) -> None:
    """Replace the user's jobs. The last boss cannot be demoted: Refusal staff.last_owner."""
    wanted = set(memberships)
    bosses = Membership.objects.filter(role=Role.OWNER, branch=None, user__is_active=True)
    with transaction.atomic():
        had_boss = bosses.exists()
        Membership.objects.filter(user=user).delete()
        Membership.objects.bulk_create(Membership(user=user, role=role, branch_id=branch) for role, branch in wanted)
        if had_boss and not bosses.exists():
            raise Refusal("staff.last_owner")


@transaction.atomic
def change_staff(
    *, actor: Any, user: Any, name: str, phone: str = "", memberships: Iterable[tuple[str, int | None]] = ()
) -> Any:
    """Change a colleague's name, phone and jobs. Refusal staff.last_owner."""
    user.name, user.phone = name.strip(), phone
    user.save(update_fields=["name", "phone"])
    set_memberships(user=user, memberships=memberships)
    return user


@transaction.atomic
def set_password(*, actor: Any, user: Any, password: str) -> None:
    """Give a colleague a new password; every device of his has to log in again."""
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def set_access(*, actor: Any, user: Any, is_active: bool) -> None:
    """Let a colleague log in or not (R076). History and jobs stay. Refusal staff.last_owner | staff.self."""
    if not is_active and actor is not None and actor.pk == user.pk:
        raise Refusal("staff.self")
    bosses = Membership.objects.filter(role=Role.OWNER, branch=None, user__is_active=True)
    had_boss = bosses.exists()
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    if had_boss and not bosses.exists():
        raise Refusal("staff.last_owner")
