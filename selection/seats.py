"""Who sits in a gallery, who may come in, and whose marks the others may see. Reads only.

Two rules stand here and nowhere else. Who comes in: whoever is on the order, and guests (`ADMITTED`, `admitted`).
Whose marks are shown: theirs who have not forbidden it (`sharing`), asked anew at every request.
"""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from core.orders.models import OrderPerson
from selection.enums import ChooserRole
from selection.models import Chooser, Gallery

# For SQL of our own: `seat` is the chooser's row, `sale` the order's.
ADMITTED = """(seat.is_guest OR sale.customer_id = seat.customer_id OR EXISTS (
    SELECT 1 FROM core_orderperson person
    WHERE person.order_id = sale.id AND person.customer_id = seat.customer_id))
"""


def admitted() -> Any:
    """QuerySet of the seats whose people may come in."""
    on_it = OrderPerson.objects.filter(order=OuterRef("gallery__order"), customer=OuterRef("customer"))
    return Chooser.objects.filter(Q(is_guest=True) | Q(customer=F("gallery__order__customer")) | Exists(on_it))


def sharing() -> Q:
    """Seats of people who let the others see what they mark, and that they are here."""
    return Q(shares=True) | Q(shares=None, gallery__shares_marks=True)


def people_of(gallery: Gallery) -> list[Chooser]:
    """Everybody who may come in, the main chooser first; `.customer` loaded."""
    return list(admitted().filter(gallery=gallery).select_related("customer").order_by("-is_main", "pk"))


def partners_of(chooser: Chooser) -> Any:
    """QuerySet of the others in the gallery who let themselves be seen and have been here."""
    others = admitted().filter(sharing(), gallery=chooser.gallery_id, opened_at__isnull=False)
    return others.exclude(pk=chooser.pk)


def marking_partners(chooser: Chooser) -> Any:
    """QuerySet of those partners whose marks count."""
    return partners_of(chooser).exclude(role=ChooserRole.VIEWER)


def shown_ids(gallery_id: int) -> set[int]:
    """Seats whose people let themselves be seen, now."""
    return set(admitted().filter(sharing(), gallery=gallery_id).values_list("pk", flat=True))


def sees_signed(chooser: Chooser) -> bool:
    """Whether a submitted list, which is the main chooser's marks, may be shown to this person."""
    if chooser.is_main:
        return True
    return admitted().filter(sharing(), gallery=chooser.gallery_id, is_main=True).exists()
