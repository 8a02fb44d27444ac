"""Colleagues join by a link: made by somebody who may give the jobs, good once and for a week."""

import datetime as dt
import secrets
from typing import Any, Protocol

from django.contrib.auth import get_user_model
from django.db import transaction

from billing.selectors import entitlements_of
from core.kernel import clock, crypto, events
from core.kernel.errors import Refusal
from core.people import services
from core.people.enums import InvitationState
from core.people.models import Invitation
from core.people.phone import to_e164
from core.people.roster import may_grant
from core.people.selectors import seats_used
from core.people.staff import Staff, staff_of
from tenants.context import current_studio

LIFE = dt.timedelta(days=7)
SHOWN = dt.timedelta(days=60)  # how long ended invitations stay in the list
Jobs = list[tuple[str, int | None]]


class Deliver(Protocol):
    """How the link reaches the invited: a room above knows (core.messaging.services.queue_invitation)."""

    def __call__(self, *, invitation: Invitation, token: str) -> Any: ...


@transaction.atomic
def invite(
    *, staff: Staff, name: str, memberships: Jobs, deliver: Deliver, phone: str = "", email: str = ""
) -> tuple[Invitation, str]:
    """A new invitation and the token of its link, which is shown now and never again; sent when there is an address.

    Refusal invitation.beyond (a job that `staff` may not give) | plan.seats(limit) | phone.to_e164's.
    Records colleague.invited.
    """
    if not memberships or not may_grant(staff, memberships):
        raise Refusal("invitation.beyond")
    _refuse_without_seat()
    token, number = _new_token(), to_e164(phone) if phone.strip() else ""
    invitation = Invitation.objects.create(
        name=name.strip(), phone=number, email=email.strip(), jobs=[list(job) for job in memberships],
        token_hash=_hash(token), made_by=staff.user, expires_at=clock.now() + LIFE,
    )  # fmt: skip
    deliver(invitation=invitation, token=token)
    events.record(events.Kind.COLLEAGUE_INVITED, invitation, staff.user, name=invitation.name, jobs=invitation.jobs)
    return invitation, token


@transaction.atomic
def renew(*, staff: Staff, invitation: Invitation, deliver: Deliver) -> str:
    """A new link for another week; the former one is worthless. Whoever renews answers for it from now on.

    Refusal invitation.over (accepted or revoked) | invitation.beyond | plan.seats(limit). Records invitation.renewed.
    """
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if found.state not in {InvitationState.OPEN, InvitationState.EXPIRED}:
        raise Refusal("invitation.over")
    if not may_grant(staff, found.memberships):
        raise Refusal("invitation.beyond")
    _refuse_without_seat()
    token = _new_token()
    found.token_hash, found.expires_at, found.made_by = _hash(token), clock.now() + LIFE, staff.user
    found.save(update_fields=["token_hash", "expires_at", "made_by"])
    deliver(invitation=found, token=token)
    events.record(events.Kind.INVITATION_RENEWED, found, staff.user, name=found.name)
    return token


@transaction.atomic
def revoke(*, staff: Staff, invitation: Invitation) -> None:
    """The link is worthless from now on. Refusal invitation.over. Records invitation.revoked."""
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if found.accepted_at or found.revoked_at:
        raise Refusal("invitation.over")
    found.revoked_at = clock.now()
    found.save(update_fields=["revoked_at"])
    events.record(events.Kind.INVITATION_REVOKED, found, staff.user, name=found.name)


@transaction.atomic
def accept(*, token: str, username: str, password: str) -> Any:
    """The invited joins; the new user. Counted under the lock of the staff, like every new seat.

    Refusal invitation.void (unknown, expired, revoked, used, or who made it may not give these jobs any more) |
    plan.seats(limit) | staff.username_taken. Records colleague.joined.
    """
    invitation = Invitation.objects.select_for_update().filter(token_hash=_hash(token)).first()
    if invitation is None or not is_good(invitation):
        raise Refusal("invitation.void")
    user = services.add_staff(
        actor=None, username=username, name=invitation.name, password=password, phone=invitation.phone,
        memberships=invitation.memberships,
    )  # fmt: skip
    if invitation.email:
        user.email = invitation.email
        user.save(update_fields=["email"])
    invitation.accepted_at, invitation.user = clock.now(), user
    invitation.save(update_fields=["accepted_at", "user"])
    facts = {"name": user.name, "username": user.username, "jobs": invitation.jobs}
    events.record(events.Kind.COLLEAGUE_JOINED, invitation, user, **facts)
    return user


def found_by(token: str) -> Invitation | None:
    """The invitation of a link, in whatever state."""
    return Invitation.objects.select_related("made_by").filter(token_hash=_hash(token)).first()


def is_good(invitation: Invitation) -> bool:
    """Whether the link still lets somebody in: open, and made by somebody who may give these jobs today."""
    if invitation.state != InvitationState.OPEN:
        return False
    maker = get_user_model().objects.filter(pk=invitation.made_by_id, is_active=True).first()
    return maker is not None and may_grant(staff_of(maker), invitation.memberships)


def invitations_for(staff: Staff) -> list[Invitation]:
    """Open and recent invitations to jobs that `staff` may give, open ones first."""
    rows = Invitation.objects.filter(made_at__gt=clock.now() - SHOWN).select_related("made_by").order_by("-pk")[:200]
    mine = [row for row in rows if may_grant(staff, row.memberships)]
    return sorted(mine, key=lambda row: row.state != InvitationState.OPEN)


def _refuse_without_seat() -> None:
    limit = entitlements_of(current_studio()).seats
    if seats_used() >= limit:
        raise Refusal("plan.seats", limit=limit)


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    return crypto.keyed_hash("invitation", token[:100])
