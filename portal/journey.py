"""An order as its customer sees it: where it stands, who looks after them, what comes next."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import get_script_prefix
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.catalog.enums import ProductKind
from core.catalog.possible import possible_extras
from core.contracts.models import Contract
from core.contracts.selectors import papers_of, waiting_for
from core.orders.enums import Stage
from core.orders.models import Order
from core.orders.selectors import StageLine, journey_of
from core.people.enums import Role
from core.people.models import Membership
from core.realtime.doors import order_mark
from core.templatetags.ui import day
from portal.book.before import Before, before_of
from portal.nextstep import NextStep, next_step
from selection import selectors as photos
from selection.album.selectors import shown_albums
from selection.changes import ASKABLE, reopening_of
from selection.culling.selectors import covers_of
from selection.delivery.selectors import cold_galleries_of, delivery_of, is_open, story_of
from selection.enums import GalleryState
from selection.models import Gallery
from selection.retouch.selectors import proofing_of


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything that the order page shows and that changes while it is open."""

    order: Order
    step: NextStep
    stages: list[dict[str, Any]]
    galleries: list[dict[str, Any]]
    cold: list[Gallery]  # delivered once, access has ended
    before: Before  # wishes and plan
    papers: list[Contract]  # contracts and annexes that this customer was asked to sign
    position: str  # for live.js: {"order": [1, mark]}

    @property
    def socket(self) -> str:
        return f"{get_script_prefix()}ws/order/{self.order.code}/"


def journey(order: Order, customer: Any) -> Journey:
    """The customer's view of an order they are on."""
    mark = order_mark(order.pk, order.event_thread)  # before the rest: what changes meanwhile is loaded again
    found = list(photos.galleries_of(customer).filter(order=order))
    covers = covers_of(found)
    galleries = [{**_gallery(gallery, customer), "cover": covers.get(gallery.pk)} for gallery in found]
    lines, waiting, before = journey_of(order), waiting_for(customer, order), before_of(order)
    return Journey(
        order=order,
        step=next_step(order, lines, galleries, waiting.contract if waiting else None, before),
        stages=_stages(order, lines, _deadline(galleries), before.crew),
        galleries=galleries,
        cold=list(cold_galleries_of(customer).filter(order=order)),
        before=before,
        papers=papers_of(customer, order),
        position=json.dumps({"order": [1, mark]}),
    )


def _gallery(gallery: Gallery, customer: Any) -> dict[str, Any]:
    chooser = photos.chooser_of(gallery, customer)
    return {
        "gallery": gallery,
        "counts": photos.counts(gallery, chooser) if chooser else None,
        "proofing": proofing_of(gallery, chooser) if chooser else None,
        "albums": shown_albums(gallery) if chooser else [],
        **_delivery(gallery),
        "reopening": reopening_of(gallery) if gallery.state in ASKABLE else None,
    }


def _delivery(gallery: Gallery) -> dict[str, Any]:
    """The open delivery and whether it has a story."""
    delivery = delivery_of(gallery) if gallery.state == GalleryState.DELIVERED else None
    if delivery is None or not is_open(gallery, delivery):
        return {"delivery": None, "story": False}
    story = story_of(gallery)
    return {"delivery": delivery, "story": bool(story and story.published_at)}


def _deadline(galleries: list[dict[str, Any]]) -> dt.date | None:
    open_ones = [found["gallery"].deadline for found in galleries if found["gallery"].state == GalleryState.OPEN]
    return min((deadline for deadline in open_ones if deadline), default=None)


def _stages(order: Order, lines: list[StageLine], deadline: dt.date | None, crew: list[str]) -> list[dict[str, Any]]:
    """For components/stage_list.html: done with its day, the present one with its due day, and who is responsible; the
    shoot with the `crew` of its date, where there is one.
    """
    jobs = _jobs({line.owner_id for line in lines if line.owner_id}, order.branch_id)
    rows = []
    for line in lines:
        due = deadline if line.stage == Stage.SELECTION and line.state == "now" and deadline else line.due_on
        rows.append(
            {
                "label": line.label,
                "state": {"done": "done", "now": "current"}.get(line.state, "todo"),
                "when": _when(order, line, due),
                "chip": _("by %(day)s") % {"day": day(due)} if line.state == "now" and due else "",
                "tone": "brand",
                "note": _planned(crew)
                if line.stage == Stage.SHOOT and crew
                else _responsible(line.owner, jobs.get(line.owner_id or 0, "")),
            }
        )
    return rows


def _when(order: Order, line: StageLine, due: dt.date | None) -> str:
    if line.stage == Stage.SHOOT and order.shoot_on:
        return day(order.shoot_on)
    if line.state == "done" and line.left_at:
        return day(line.left_at, order.branch.timezone)
    return day(due) if due else ""


def _planned(crew: list[str]) -> str:
    comma = pgettext("between the items of a list", ", ")
    return _("Planned for you: %(names)s") % {"names": comma.join(crew)}


def _responsible(name: str, job: str) -> str:
    if not name:
        return ""
    text = _("%(name)s (%(job)s)") % {"name": name, "job": job} if job else name
    return _("Responsible: %(name)s") % {"name": text}


def _jobs(user_ids: set[int], branch_id: int) -> dict[int, str]:
    """Each person's job in the branch, in words; the job in this branch before one that counts everywhere."""
    rows = Membership.objects.filter(user_id__in=user_ids).values_list("user_id", "role", "branch_id")
    ordered = sorted(rows, key=lambda row: row[2] == branch_id)
    return {user: str(Role(role).label) for user, role, branch in ordered if branch in {None, branch_id}}


@dataclass(frozen=True, slots=True)
class Consultant:
    """Who looks after the customer, and the number to call."""

    name: str
    phone: str


def consultant_of(order: Order) -> Consultant:
    """The order's owner; the branch's number when they have none of their own."""
    return Consultant(order.owner.name, order.owner.phone or order.branch.phone)


def terms_of(order: Order) -> dict[str, Any]:
    """The frozen terms with every price that can still come (R099)."""
    return {**described(order.terms), "price_minor": order.price_minor, "currency": order.currency}


def described(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Terms with their products, and everything that can cost extra, in words."""
    labels = dict(ProductKind.choices)
    products = [{**item, "label": labels.get(item.get("kind", ""), "")} for item in terms.get("products", [])]
    return {**terms, "products": products, "possible": possible_extras(terms)}
