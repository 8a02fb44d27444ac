"""Which streams the sockets of this floor follow: branches' boards and calendars, and one order."""

from django.db.models import Q

from core.kernel import crypto, events
from core.orders.models import Order
from core.people.enums import Capability
from core.people.staff import Staff
from core.realtime.codes import FORBIDDEN, LOGIN, UNKNOWN
from core.realtime.streams import Actor, Follow, Refused, follow_stream, follow_thread, register
from core.scheduling.models import calendar_stream
from core.studios.models import Branch

ALL = "all"


def board(actor: Actor, name: str) -> list[Follow]:
    """`<branch id>` or `all`: the boards that the staff member sees. Other branches do not exist for them (4404)."""
    branches = _branches(actor, name, Capability.VIEW_BOARD)
    return [follow_stream(branch.board_stream) for branch in branches]


def calendar(actor: Actor, name: str) -> list[Follow]:
    """`<branch id>` or `all`: the calendars that the staff member sees."""
    branches = _branches(actor, name, Capability.VIEW_CALENDAR)
    return [follow_stream(calendar_stream(branch.pk)) for branch in branches]


def _branches(actor: Actor, name: str, capability: Capability) -> list[Branch]:
    staff = actor.staff
    if staff is None:
        raise Refused(LOGIN)
    if not staff.may(capability):
        raise Refused(FORBIDDEN)
    branches = staff.scope(Branch.objects.order_by("pk"), capability, "pk")
    if name != ALL:
        branches = branches.filter(pk=name) if name.isdecimal() and len(name) < 19 else branches.none()
    found = list(branches)
    if not found:
        raise Refused(UNKNOWN)
    return found


def order(actor: Actor, name: str) -> list[Follow]:
    """An order's code: for the people on it, and for staff who see its board."""
    if actor.staff is None and actor.customer is None:
        raise Refused(LOGIN)
    found = next((o for o in Order.objects.filter(_seen_by(actor), code=name).only("pk")[:1]), None)
    if found is None:
        raise Refused(UNKNOWN)
    thread, pk = found.event_thread, found.pk
    return [follow_thread(thread, "order", lambda: order_mark(pk, thread))]


def order_mark(pk: int, thread: str) -> str:
    """Changes with the order and its history, and tells neither how much happens in the studio."""
    rev = Order.objects.filter(pk=pk).values_list("rev", flat=True).first()
    return crypto.keyed_hash("order-mark", f"{pk}.{rev}.{events.latest(thread)}", 12)


def _seen_by(actor: Actor) -> Q:
    seen = Q(pk__in=[])
    if actor.customer is not None:
        mine = Order.objects.filter(people__customer=actor.customer).values("pk")
        seen |= Q(customer=actor.customer) | Q(pk__in=mine)
    if actor.staff is not None:
        seen |= _board_orders(actor.staff)
    return seen


def _board_orders(staff: Staff) -> Q:
    branches = staff.branches(Capability.VIEW_BOARD)
    return ~Q(pk__in=[]) if branches is None else Q(branch__in=branches)


register("board", board)
register("calendar", calendar)
register("order", order)
