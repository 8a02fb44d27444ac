"""Signed galleries with real bytes in storage, and their deliveries."""

import hashlib
import os
from typing import Any

from core.kernel import storage
from core.people.enums import Capability
from core.people.staff import staff_of
from selection.delivery.models import Delivery
from selection.delivery.services import deliver_gallery
from selection.delivery.services.preparing import prepare_files
from selection.models import Gallery
from selection.retouch.services import accept_rest, send_round, sign_off, start_retouching
from tests.factories import make_staff
from tests.selection.make import main_chooser
from tests.selection.retouch.make import add_final, submitted_gallery


def put_final(gallery: Gallery, number: int, name: str, body: bytes) -> Any:
    """A final of photograph `number` whose bytes are there."""
    final = add_final(gallery, number, name, size=len(body), md5=hashlib.md5(body).hexdigest())
    storage.put(final.original_key, body, content_type="image/jpeg")
    return final


def put_original(gallery: Gallery, number: int, body: bytes) -> None:
    """Photograph `number` gets bytes."""
    photo = gallery.photos.get(number=number)
    gallery.photos.filter(pk=photo.pk).update(size=len(body), md5=hashlib.md5(body).hexdigest())
    storage.put(photo.original_key, body, content_type="image/jpeg")


def signed_gallery(bodies: dict[int, bytes] | None = None, photos: int = 4, **fields: Any) -> Gallery:
    """Photographs, some chosen, retouched and signed; `bodies` are the finals' bytes by number."""
    bodies = bodies or {n: os.urandom(1000 + n) for n in (1, 2, 3)}
    gallery = submitted_gallery(photos, tuple(bodies), **fields)
    start_retouching(actor=gallery.order.owner, gallery=gallery, retoucher=boss(gallery), due_on=None)
    for number, body in bodies.items():
        put_final(gallery, number, f"新娘_{number}.jpg", body)
    send_round(actor=None, gallery=gallery)
    chooser = main_chooser(gallery)
    accept_rest(chooser=chooser)
    sign_off(chooser=chooser, signed_name="陈晓雨")
    gallery.refresh_from_db()
    return gallery


def boss(gallery: Gallery) -> Any:
    owner = gallery.order.owner
    may = staff_of(owner).may(Capability.RETOUCH, gallery.order.branch_id)
    return owner if may else make_staff("owner", gallery.order.branch)


def deliver(gallery: Gallery, *, prepared: bool = True, **told: Any) -> Delivery:
    """Handed over, and the job done."""
    owner = gallery.order.owner
    delivery = deliver_gallery(actor=owner, gallery=gallery, checked_by=owner, **told)
    gallery.refresh_from_db()
    if prepared:
        prepare_files(gallery)
    return delivery
