"""Verbs on staff and customers."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from core.kernel.errors import Refusal
from core.people.enums import Role
from core.people.models import Customer, Membership
from core.people.phone import to_e164

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
    """A new staff member with jobs. Refusal staff.username_taken."""
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
