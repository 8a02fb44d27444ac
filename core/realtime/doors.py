"""Which streams the sockets of this floor follow: a branch's board (or all visible ones), and one order."""

from django.db.models import Q

from core.kernel import crypto, events
from core.orders.models import Order
from core.people.enums import Capability
from core.people.staff import Staff
from core.realtime.codes import FORBIDDEN, LOGIN, UNKNOWN
from core.realtime.streams import Actor, Follow, Refused, follow_stream, follow_thread, register
from core.studios.models import Branch

ALL = "all"


def board(actor: Actor, name: str) -> list[Follow]:
    """`<branch id>` or `all`: the boards that the staff member sees. Other branches do not exist for them (4404)."""
    staff = actor.staff
    if staff is None:
        raise Refused(LOGIN)
    if not staff.may(Capability.VIEW_BOARD):
        raise Refused(FORBIDDEN)
    branches = staff.scope(Branch.objects.order_by("pk"), Capability.VIEW_BOARD, "pk")
    if name != ALL:
        branches = branches.filter(pk=name) if name.isdecimal() and len(name) < 19 else branches.none()
    follows = [follow_stream(branch.board_stream) for branch in branches]
    if not follows:
        raise Refused(UNKNOWN)
    return follows


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
register("order", order)
