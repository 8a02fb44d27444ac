"""A published gallery of any size with real pictures, for the bench, for browser tests and for looking at pages."""

import datetime as dt
import itertools
import secrets
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from core.catalog.models import Package
from core.kernel import clock
from core.orders import services as orders
from core.orders.enums import Stage
from core.people import services as people
from core.people.login import SESSION_LIFE
from core.people.models import Customer, CustomerSession
from core.people.selectors import token_hash
from core.studios.models import Branch
from infra.seed.pictures import sample_paths, vary
from infra.seed.shelf import Shelf
from selection.models import Gallery
from selection.services import create_gallery, publish_gallery
from tenants.accounts.models import User

PICTURES = 36  # different ones; a gallery repeats them
MEGAPIXELS = 2.7  # enough for proofs of full size
DAYS = 6
_serial = itertools.count(1)


def seed_gallery(
    photos: int, *, included: int = 40, name: str = "陈晓雨", title: str = "陈晓雨 & 林一舟", pictures: int = PICTURES
) -> Gallery:
    """A gallery that its customer may choose from now. Call it inside a furnished studio (a branch, a package).

    Its photographs share `pictures` pairs of real renditions, made once a process.
    """
    actor, branch = User.objects.order_by("pk").first(), Branch.objects.order_by("pk").first()
    phone = f"138{secrets.randbelow(10**4):04d}{next(_serial):04d}"
    customer = people.add_customer(actor=actor, name=name, phone=phone)
    order = orders.take_order(
        actor=actor, branch=branch, customer=customer, package=Package.objects.order_by("pk").first(), title=title
    )
    type(order).objects.filter(pk=order.pk).update(retouched_included=included, extra_photo_minor=6000)
    for target in list(Stage)[1 : Stage.SELECTION.number + 1]:
        order = orders.move_order(actor=actor, order=order, target=target)
    gallery = create_gallery(actor=actor, order=order)
    _shelf(branch.pk, pictures).fill(gallery, photos)
    deadline = clock.today(branch.timezone) + dt.timedelta(days=DAYS)
    return publish_gallery(actor=actor, gallery=gallery, deadline=deadline)


@cache
def _shelf(branch: int, count: int) -> Any:
    samples = sample_paths()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{i}.jpg" for i in range(count)]
        for i, path in enumerate(paths):
            path.write_bytes(vary(samples[i % len(samples)], i, MEGAPIXELS))
        return Shelf(paths)


def session_of(customer: Customer) -> str:
    """The cookie of a phone on which the customer is logged in."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    CustomerSession.objects.create(
        customer=customer, token_hash=token_hash(token), seen_at=now, expires_at=now + SESSION_LIFE
    )
    return token
