"""The one thing that is next, in words: the dark card at the top of the customer's page."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.booking.enums import BookingState, PlanState
from core.booking.models import Booking, Proposal, ShootingPlan
from core.finance.selectors import due_minor
from core.kernel import clock
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.selectors import StageLine
from core.templatetags.ui import clock_time, day, money
from portal.book.before import Before
from selection.album.enums import AlbumState
from selection.enums import GalleryState, ReopeningState


@dataclass(frozen=True, slots=True)
class NextStep:
    """`actions`: (label, address); the first is the main one."""

    eyebrow: str
    title: str
    text: str = ""
    chip: str = ""
    actions: list[tuple[str, str]] = field(default_factory=list)


def next_step(
    order: Order,
    lines: list[StageLine],
    galleries: list[dict[str, Any]],
    contract: Any = None,
    before: Before | None = None,
) -> NextStep:
    """From the order's state, its booking, the contract to sign, its galleries and its stage, the first that says
    something; what waits for the customer comes before what waits for the studio.
    """
    if order.state == OrderState.CANCELLED:
        return NextStep(_("Your order"), _("This order was cancelled"), _("Please call us if that is not right."))
    booking = _to_book(before.booking) if before else None
    if booking is not None:
        return booking
    if before is not None and before.proposal is not None:
        return _to_answer(before.proposal)
    if contract is not None:
        return _sign(order, contract)
    for voice in (_to_choose, _to_agree, _to_keep, _at_work):
        for found in galleries:
            if step := voice(order, found):
                return step
    return (_to_confirm(order, before.plan) if before else None) or _by_stage(order, lines)


def _to_book(booking: Booking | None) -> NextStep | None:
    """The date is not firm yet: the booking's own page knows what is missing."""
    if booking is None or booking.state in {BookingState.FIRM, BookingState.CANCELLED}:
        return None
    zone = booking.branch.timezone
    title = f"{day(booking.starts_at, zone)} {clock_time(booking.starts_at, zone)}"
    url = reverse("portal:booking", args=[booking.code])
    text = str(booking.get_state_display())
    return NextStep(_("Next step · make your date firm"), title, text, actions=[(_("Go on"), url)])


def _to_answer(asked: Proposal) -> NextStep:
    """The studio asks for another date."""
    zone = asked.hold.branch.timezone
    at = f"{day(asked.hold.starts_at, zone)} {clock_time(asked.hold.starts_at, zone)}"
    until = asked.hold.hold_expires_at
    return NextStep(
        eyebrow=_("Next step · another date?"),
        title=_("%(at)s instead?") % {"at": at},
        text=_("The studio asks you for another date. Without your yes nothing changes."),
        chip=_("until %(day)s") % {"day": f"{day(until, zone)} {clock_time(until, zone)}"} if until else "",
        actions=[(_("Answer"), reverse("portal:proposal", args=[asked.pk]))],
    )


def _to_confirm(order: Order, plan: ShootingPlan | None) -> NextStep | None:
    """The written plan waits for a yes."""
    if plan is None or plan.state != PlanState.SENT:
        return None
    looks = len(plan.looks)
    text = ngettext(
        "%(n)d look for your shoot: please read it.", "%(n)d looks for your shoot: please read them.", looks
    )
    url = reverse("portal:plan", args=[order.code])
    eyebrow, title = _("Next step · confirm your shooting plan"), _("Your shooting plan is ready")
    return NextStep(eyebrow, title, text % {"n": looks}, actions=[(_("Read the plan"), url)])


def _sign(order: Order, contract: Any) -> NextStep:
    """A contract waits for this person's signature."""
    url = reverse("portal:contract", args=[contract.code])
    return NextStep(
        eyebrow=_("Next step · your contract"),
        title=_("Please read and sign"),
        text=_("%(title)s: price, everything that can cost extra, refunds.") % {"title": contract.title},
        chip=_("until %(day)s") % {"day": day(contract.expires_at, order.branch.timezone)},
        actions=[(_("Read and sign"), url)],
    )


def _to_choose(order: Order, found: dict[str, Any]) -> NextStep | None:
    gallery = found["gallery"]
    return _choose(order, found) if gallery.state == GalleryState.OPEN and gallery.photo_count else None


def _to_agree(order: Order, found: dict[str, Any]) -> NextStep | None:
    asked = found["reopening"]
    return _change(order, found) if asked is not None and asked.state == ReopeningState.OFFERED else None


def _to_keep(order: Order, found: dict[str, Any]) -> NextStep | None:
    return _delivered(found) if found["delivery"] is not None else None


def _at_work(order: Order, found: dict[str, Any]) -> NextStep | None:
    """Chosen, in retouch, or an album on the table."""
    if order.stage not in {Stage.SELECTION, Stage.PRODUCTION}:
        return None
    album, proofing = _album_at_work(found["albums"]), found["proofing"]
    if album is not None and not (proofing is not None and (proofing.is_open or proofing.offer)):
        return _album(found["gallery"], album)
    if found["gallery"].state == GalleryState.SUBMITTED:
        return _chosen(order, found)
    return _retouch(order, found) if proofing is not None else None


def _choose(order: Order, found: dict[str, Any]) -> NextStep:
    gallery, counts = found["gallery"], found["counts"]
    n = gallery.photo_count
    has_begun = counts is not None and counts.yes + counts.maybe + counts.no > 0
    price = money(gallery.extra_photo_minor, order.currency)
    text = _("%(included)s retouched photos are included.") % {"included": gallery.included}
    if gallery.hard_limit:
        extra = ""
    elif gallery.extra_photo_minor:
        extra = _("Each further one costs %(price)s; you see that before you choose it.") % {"price": price}
    else:
        extra = _("Further ones are free.")
    if has_begun:
        text = _("%(yes)s of %(included)s chosen.") % {"yes": counts.yes, "included": counts.included}
    if has_begun and counts.extra and gallery.extra_photo_minor:
        extra = _("%(extra)s extra × %(price)s = %(total)s.") % {
            "extra": counts.extra, "price": price, "total": money(counts.extra_total_minor, order.currency),
        }  # fmt: skip
    return NextStep(
        eyebrow=_("Next step · choose your photos"),
        title=ngettext("%(n)d photo is ready", "%(n)d photos are ready", n) % {"n": n},
        text=f"{text} {extra}".strip(),
        chip=_days_left(gallery.deadline, clock.today(order.branch.timezone)),
        actions=[(_("Go on choosing") if has_begun else _("Start choosing"), _gallery_url(gallery))],
    )


def _change(order: Order, found: dict[str, Any]) -> NextStep:
    """The studio has named the price of a change that the customer asked for."""
    price = money(found["reopening"].price_minor, order.currency)
    text = _("The change that you asked for costs %(price)s. Nothing changes before you agree.") % {"price": price}
    url = reverse("portal:change", args=[found["gallery"].code])
    return NextStep(_("Next step · change your selection?"), _("Please decide"), text, actions=[(_("Decide"), url)])


def _chosen(order: Order, found: dict[str, Any]) -> NextStep:
    gallery = found["gallery"]
    chosen = order.progress.get("picked") or (found["counts"].yes if found["counts"] else 0)
    promised = _("We expect to be ready by %(day)s.") % {"day": day(order.promised_on)} if order.promised_on else ""
    asked = found["reopening"] is not None
    now = _("You have asked to change it; the studio answers soon.") if asked else _("Now we retouch and design.")
    see, due = (_("See your choice"), _gallery_url(gallery)), due_minor(order.account) if order.account else 0
    pay = (_("Pay %(amount)s") % {"amount": money(due, order.currency)}, reverse("portal:bill", args=[order.code]))
    return NextStep(
        eyebrow=_("Selection received"),
        title=ngettext("%(n)d photo chosen", "%(n)d photos chosen", chosen) % {"n": chosen},
        text=f"{now} {promised}".strip(),
        actions=[pay, see] if due else [see],
    )


def _retouch(order: Order, found: dict[str, Any]) -> NextStep:
    """The rounds of retouched photographs: the customer's turn, the retoucher's, or over."""
    proofing, url = found["proofing"], reverse("portal:retouch", args=[found["gallery"].code])
    turn = _("Round %(n)s of %(all)s") % {"n": proofing.round, "all": proofing.rounds}
    look = [(_("Look at the photos"), url)]
    if proofing.signed:
        text = _("Signed by %(name)s.") % {"name": proofing.signed.signed_name}
        return NextStep(_("Retouched photos"), _("You have accepted your photos"), text, actions=look)
    if proofing.offer:
        price = money(proofing.offer.price_minor, order.currency)
        text = _("One more round costs %(price)s. It begins only when you agree.") % {"price": price}
        return NextStep(_("Next step · one more round?"), _("Please decide"), text, actions=[(_("Decide"), url)])
    n = len(proofing.proofs)
    if proofing.is_open:
        title = ngettext("%(n)d retouched photo is ready", "%(n)d retouched photos are ready", n) % {"n": n}
        text = _("%(n)d to look at.") % {"n": proofing.left}
        return NextStep(_("Next step · look at your photos"), title, text, chip=turn, actions=look)
    text = _("We tell you as soon as you can look at them.")
    return NextStep(_("Retouched photos"), _("Your photos are being retouched"), text, actions=look if n else [])


def _album_at_work(albums: list[Any]) -> Any:
    """The album that waits for the customer, else for the designer, else the last one approved."""
    order = [AlbumState.PROOFING, AlbumState.DESIGNING, AlbumState.APPROVED]
    return min(albums, key=lambda album: (order.index(album.state), -album.number), default=None)


def _album(gallery: Any, album: Any) -> NextStep:
    """The layout of the album: the customer's turn, the designer's, or over."""
    url = reverse("portal:album", args=[gallery.code, album.number])
    look = [(_("Look at the album"), url)]
    if album.state == AlbumState.APPROVED:
        return NextStep(_("Your album"), _("You have approved your album"), _("It goes to production."), actions=look)
    if album.state == AlbumState.DESIGNING:
        text = _("We tell you as soon as the next draft is there.")
        return NextStep(_("Your album"), _("The designer works on your album"), text, actions=look)
    turn = _("Round %(n)s of %(all)s") % {"n": album.round, "all": album.rounds}
    title = _("“%(name)s” is ready to look at") % {"name": album.name}
    text = _("Page through it, set pins, approve it spread by spread.")
    return NextStep(_("Next step · look at your album"), title, text, chip=turn, actions=look)


def _delivered(found: dict[str, Any]) -> NextStep:
    """The photographs are theirs to fetch, until the last day."""
    gallery, delivery = found["gallery"], found["delivery"]
    actions = [(_("To my photos"), reverse("portal:delivery", args=[gallery.code]))]
    if found["story"]:
        actions.append((_("See your story"), reverse("portal:story", args=[gallery.code])))
    text = _("Save them in full size, one by one or all together.")
    chip = _("until %(day)s") % {"day": day(delivery.until)}
    return NextStep(_("Next step · keep your photos"), _("Your photos are ready"), text, chip=chip, actions=actions)


def _by_stage(order: Order, lines: list[StageLine]) -> NextStep:
    due = next((line.due_on for line in lines if line.state == "now"), None)
    until = _("Planned until %(day)s.") % {"day": day(due)} if due else ""
    place = order.branch.address or order.branch.name
    words: dict[str, tuple[str, str]] = {
        Stage.ENQUIRY: (_("We are putting your offer together"), _("Your consultant will contact you.")),
        Stage.SIGNING: (_("Your order is being signed"), _("Your consultant will tell you what is missing.")),
        Stage.PREPARATION: (_("We prepare your shoot"), _("Outfits, make-up and places: your consultant knows more.")),
        Stage.SHOOT: (_("Your shoot"), place),
        Stage.SELECTION: (_("Your photos are being prepared"), _("We send you a message when you can choose.")),
        Stage.PRODUCTION: (_("We retouch and produce"), until),
        Stage.DELIVERY: (_("Your products are ready"), _("Pick them up here: %(place)s") % {"place": place}),
        Stage.AFTER_SALES: (_("All is done"), _("Thank you! Please tell us if anything is not as it should be.")),
    }
    title, text = words[order.stage]
    if order.shoot_on and order.stage in {Stage.PREPARATION, Stage.SHOOT}:
        return _shoot(order, place)
    return NextStep(_("Where your order stands"), title, text)


def _shoot(order: Order, place: str) -> NextStep:
    today = clock.today(order.branch.timezone)
    days = (order.shoot_on - today).days if order.shoot_on else 0
    chip = ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days} if days > 0 else ""
    return NextStep(
        eyebrow=_("Next step · your shoot"),
        title=_("Today") if days == 0 else day(order.shoot_on),
        text=f"{order.branch.name} · {place}" if place != order.branch.name else place,
        chip=chip,
    )


def _days_left(deadline: dt.date | None, today: dt.date) -> str:
    if deadline is None:
        return ""
    days = (deadline - today).days
    if days < 0:
        return _("since %(day)s") % {"day": day(deadline)}
    if days == 0:
        return _("last day")
    return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}


def _gallery_url(gallery: Any) -> str:
    return reverse("portal:gallery", args=[gallery.code])
