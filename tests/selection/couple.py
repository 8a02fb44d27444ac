"""Two people at one gallery."""

from typing import Any

from core.orders.models import OrderPerson
from selection.models import Chooser, Gallery
from selection.services import enter_gallery
from tests.factories import make_customer
from tests.selection.make import make_gallery


def couple(photos: int = 8, **fields: Any) -> tuple[Gallery, Chooser, Chooser]:
    """A gallery, its main chooser and a co-chooser; both have been in."""
    gallery = make_gallery(photos, **fields)
    partner = make_customer("林一舟")
    OrderPerson.objects.create(order=gallery.order, customer=partner, part="groom")
    seats = [seat(gallery, customer) for customer in (gallery.order.customer, partner)]
    return gallery, seats[0], seats[1]


def seat(gallery: Gallery, customer: Any) -> Chooser:
    """The customer's seat, entered."""
    enter_gallery(customer=customer, gallery=gallery)
    return Chooser.objects.select_related("customer", "gallery").get(gallery=gallery, customer=customer)
