"""Consent to publish: signed by the main chooser, taken back by anybody of the order, read by a colleague."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.drawing import Drawing, checked, hand
from core.kernel.errors import Refusal
from core.kernel.links import portal_link
from core.kernel.names import signing_name
from core.messaging.enums import Template
from core.messaging.services import tell_customer
from core.orders.models import Order
from core.orders.services import report_progress
from selection.models import Chooser, Gallery, Photo, locked
from selection.rights.enums import WORDING, Children, Purpose, Scope, Term
from selection.rights.models import Consent, ConsentPhoto, ConsentRevocation, Sample
from selection.rights.selectors import consent_hash, offer_mark, offered, today, unread_of


def sign_consent(
    *,
    chooser: Chooser,
    scope: str,
    purposes: Iterable[str],
    term: str,
    children: str,
    signed_name: str,
    numbers: Sequence[int] = (),
    seen: str = "",
    drawing: Drawing | None = None,
    evidence: dict[str, Any] | None = None,
) -> Consent:
    """The main chooser allows the studio to publish photographs of their gallery for `purposes`, for `term`.

    The list is read from the rows under the gallery's lock; `numbers` counts for Scope.SINGLE only and must be of the
    chosen photographs; `seen` names what was offered (`selectors.offer_mark`). Nothing former is changed: each consent
    stands by itself. Records CONSENT_GIVEN; queues CONSENT_GIVEN. Raises Refusal chooser.not_main | consent.malformed
    | consent.no_purpose | consent.children (a children's package has children on its photographs) | consent.empty
    | consent.changed (other photographs than those offered) | name.missing | name.unlikely.
    """
    drawing = checked(drawing) if drawing else None
    wanted = [purpose.value for purpose in Purpose if purpose.value in set(purposes)]
    if scope not in Scope or term not in Term or children not in Children:
        raise Refusal("consent.malformed")
    if not wanted:
        raise Refusal("consent.no_purpose")
    signed_name = signing_name(signed_name, is_drawn=bool(drawing))
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        order = Order.objects.get(pk=gallery.order_id)
        photos = _photos(gallery, chooser, scope, numbers, seen)
        if children == Children.NONE and order.terms.get("kind") == "children":
            raise Refusal("consent.children")
        until = last_day(today(), term)
        listed = [[photo.number, photo.file_name] for photo in photos]
        said = {"purposes": wanted, "until": until.isoformat() if until else "", "children": children}
        consent = Consent.objects.create(
            gallery=gallery,
            chooser=chooser,
            scope=scope,
            numbers=listed,
            purposes=wanted,
            children=children,
            until=until,
            wording=WORDING,
            signed_name=signed_name,
            drawing=drawing,
            evidence={**(evidence or {}), **hand(drawing), "sha256": consent_hash(gallery, listed, said)},
            at=clock.now(),
        )
        ConsentPhoto.objects.bulk_create(ConsentPhoto(consent=consent, photo=photo) for photo in photos)
        _thank(chooser, gallery, Template.CONSENT_GIVEN, f"consent-given.{consent.pk}", photos=len(photos))
        told = {"purposes": wanted, "until": said["until"], "name": signed_name}
        _tell(events.Kind.CONSENT_GIVEN, gallery, order, chooser.customer, photos=len(photos), **told)
    return consent


def revoke_consent(*, chooser: Chooser, consent: Consent, evidence: dict[str, Any] | None = None) -> ConsentRevocation:
    """Take a consent back: at once its photographs leave the library and their addresses there are dead.

    Anybody with a seat in the gallery may. A second one changes nothing (the first is returned). The order's card says
    so until a colleague has noted it. Records CONSENT_REVOKED; queues CONSENT_REVOKED to the main chooser.
    Raises Refusal consent.unknown (of another gallery).
    """
    with transaction.atomic():
        gallery = locked(chooser.gallery_id)
        found = Consent.objects.filter(pk=consent.pk, gallery=gallery).select_related("revocation").first()
        if found is None:
            raise Refusal("consent.unknown")
        if found.is_revoked:
            return found.revocation
        now = clock.now()
        left = Sample.objects.filter(covered__consent=found, removed_at=None).update(removed_at=now)
        revocation = ConsentRevocation.objects.create(
            consent=found, chooser=chooser, samples=left, evidence=evidence or {}, at=now
        )
        order = Order.objects.get(pk=gallery.order_id)
        main = gallery.choosers.select_related("customer").get(is_main=True)
        _thank(main, gallery, Template.CONSENT_REVOKED, f"consent-revoked.{consent.pk}")
        report_progress(order_id=gallery.order_id, rights="revoked")
        facts = {"photos": len(found.numbers), "samples": left, "name": chooser.customer.name}
        _tell(events.Kind.CONSENT_REVOKED, gallery, order, chooser.customer, **facts)
    return revocation


def note_revocation(*, actor: Any, gallery: Gallery) -> int:
    """A colleague has read the gallery's revocations and sees to prints and posts; returns how many there were.

    Records REVOCATION_NOTED when there was one.
    """
    with transaction.atomic():
        gallery = locked(gallery.pk)
        n: int = unread_of(gallery).update(noted_at=clock.now(), noted_by=actor)
        if n:
            report_progress(order_id=gallery.order_id, rights="")
            _tell(events.Kind.REVOCATION_NOTED, gallery, Order.objects.get(pk=gallery.order_id), actor)
    return n


def last_day(first: dt.date, term: str) -> dt.date | None:
    """The last day of a term that begins on `first`; None: no end."""
    if term == Term.OPEN:
        return None
    year = first.year + int(term)
    same = dt.date(year, 3, 1) if (first.month, first.day) == (2, 29) else first.replace(year=year)
    return same - dt.timedelta(days=1)


def _photos(gallery: Gallery, chooser: Chooser, scope: str, numbers: Sequence[int], seen: str) -> list[Photo]:
    chooser.refresh_from_db(fields=["is_main"])
    if not chooser.is_main:
        raise Refusal("chooser.not_main")
    found = offered(gallery)
    photos = found[scope]
    if scope == Scope.SINGLE:
        wanted = set(numbers)
        photos = [photo for photo in photos if photo.number in wanted]
        if len(photos) != len(wanted):
            raise Refusal("consent.changed")
    if seen and seen != offer_mark(found):
        raise Refusal("consent.changed")
    if not photos:
        raise Refusal("consent.empty")
    return photos


def _tell(kind: events.Kind, gallery: Gallery, order: Order, actor: Any, **facts: Any) -> None:
    """The event on the order's board; the gallery's page is loaded anew by whoever reads it."""
    events.record(kind, gallery, actor, stream=order.event_stream, **facts)


def _thank(chooser: Chooser, gallery: Gallery, template: str, key: str, **facts: Any) -> None:
    tell_customer(
        customer=chooser.customer,
        template=template,
        title=gallery.title,
        link=portal_link("portal:rights", gallery.code),
        **facts,
        dedupe_key=key,
    )
