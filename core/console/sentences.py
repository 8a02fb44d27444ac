"""What happened and what was refused, in words: the one place where the console makes sentences of codes."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy, pgettext, to_locale
from django.utils.translation import gettext as _

from core.console.booking import sentences as booking
from core.console.calendar import sentences as calendar
from core.console.contracts import sentences as contracts
from core.console.money.sentences import MONEY_EVENTS, MONEY_REFUSALS, method_word
from core.console.packages.sentences import EVENTS as CATALOG_EVENTS
from core.console.packages.sentences import REFUSALS as CATALOG_REFUSALS
from core.console.security import sentences as security
from core.kernel.errors import Refusal
from core.kernel.events import Event, Kind
from core.kernel.money import format_minor
from core.orders.enums import Stage
from tenants.context import current_studio

Text = str | Promise

EVENTS: dict[str, Text] = {
    **CATALOG_EVENTS,
    **security.EVENTS,
    Kind.ORDER_TAKEN: gettext_lazy("Order taken"),
    Kind.ORDER_CHANGED: gettext_lazy("Order changed"),
    Kind.ORDER_MOVED: gettext_lazy("Moved from %(source)s to %(target)s"),
    Kind.ORDER_CANCELLED: gettext_lazy("Order cancelled: %(reason)s"),
    Kind.ORDER_FINISHED: gettext_lazy("Order finished"),
    Kind.STAGE_ASSIGNED: gettext_lazy("%(stage)s: %(owner)s is responsible"),
    Kind.STAGE_SCHEDULED: gettext_lazy("%(stage)s: due %(due)s"),
    Kind.STAGE_NOTED: gettext_lazy("%(stage)s: key information saved"),
    Kind.ISSUE_RAISED: gettext_lazy("Problem in %(stage)s: %(text)s"),
    Kind.ISSUE_CLOSED: gettext_lazy("Problem solved: %(text)s → %(resolution)s"),
    Kind.GALLERY_CREATED: gettext_lazy("Gallery created"),
    Kind.GALLERY_PUBLISHED: gettext_lazy("Gallery opened to the customer"),
    Kind.GALLERY_WITHDRAWN: gettext_lazy("Gallery closed to the customer"),
    Kind.PHOTO_READY: gettext_lazy("A photo is ready"),
    Kind.PHOTO_REFUSED: gettext_lazy("A photo could not be used"),
    Kind.PHOTO_REMOVED: gettext_lazy("Photo %(file_name)s removed"),
    Kind.PHOTO_RESTORED: gettext_lazy("Photo %(file_name)s restored"),
    Kind.PHOTO_REPLACED: gettext_lazy("Photo %(photo)s: %(former_name)s replaced by %(file_name)s"),
    Kind.GALLERY_ARRANGED: gettext_lazy("Gallery arranged"),
    Kind.PHOTO_NOTED: gettext_lazy("Note on a photo"),
    Kind.PHOTO_PLACED: gettext_lazy("Use of photos changed"),
    Kind.PHOTO_SUGGESTED: gettext_lazy("Photo %(photo)s suggested by the studio"),
    Kind.ORIGINALS_WANTED: gettext_lazy("All originals: wish changed"),
    Kind.SEAT_CHANGED: gettext_lazy("%(name)s: what they may do, or whether others see their marks, changed"),
    Kind.SEATS_DEFAULT_CHANGED: gettext_lazy("Whether people see each other’s marks changed"),
    Kind.PIN_CHANGED: gettext_lazy("PIN of %(name)s changed"),
    Kind.CLIP_RECEIVED: gettext_lazy("Clip received"),
    Kind.SITTING_STARTED: gettext_lazy("Choosing together with the customer began"),
    Kind.SITTING_ENDED: gettext_lazy("Choosing together ended after %(minutes)s minutes"),
    Kind.PRICE_LOWERED: gettext_lazy("Price lowered: %(reason)s"),
    Kind.SELECTION_UNLOCKED: gettext_lazy("Selection unlocked: %(reason)s"),
    Kind.PART_REOPENED: gettext_lazy("Part %(part)s opened again: %(reason)s"),
    Kind.REOPENING_ASKED: gettext_lazy("Customer asks to change the selection: %(reason)s"),
    Kind.REOPENING_WITHDRAWN: gettext_lazy("Customer took the request to change the selection back"),
    Kind.REOPENING_DECLINED: gettext_lazy("Request to change the selection declined: %(reason)s"),
    Kind.REOPENING_OFFERED: gettext_lazy("Change of the selection offered for %(price)s: %(reason)s"),
    Kind.REOPENING_ARRANGED: gettext_lazy("Customer arranged what the photos of a change are used for"),
    Kind.REOPENING_AGREED: gettext_lazy("Customer agreed to the change for %(price)s, signed by %(name)s"),
    Kind.REOPENING_REFUSED: gettext_lazy("Customer did not agree to the change for %(price)s"),
    Kind.CONSENT_REVOKED: gettext_lazy("Consent to publish taken back by %(name)s; samples gone: %(samples)s"),
    Kind.REVOCATION_NOTED: gettext_lazy("Taken-back consent noted"),
    Kind.RELEASE_ENDED: gettext_lazy("The release of %(whose)s has ended; its samples left the library"),
    Kind.WORKS_ADDED: gettext_lazy("Own works taken into the sample library: %(whose)s"),
    Kind.SAMPLE_REMOVED: gettext_lazy("Photo %(photo)s left the sample library"),
    Kind.RETOUCH_STARTED: gettext_lazy("Retouching started by %(retoucher)s, due %(due)s"),
    Kind.RETOUCH_STOPPED: gettext_lazy("Retouching stopped: %(reason)s"),
    Kind.RETOUCH_ASSIGNED: gettext_lazy("%(retoucher)s retouches, due %(due)s"),
    Kind.FINAL_READY: gettext_lazy("A retouched photo is ready"),
    Kind.FINAL_REFUSED: gettext_lazy("Retouched file %(file_name)s could not be used"),
    Kind.FINAL_PLACED: gettext_lazy("Retouched file %(file_name)s belongs to photo %(photo)s"),
    Kind.FINAL_DISCARDED: gettext_lazy("Retouched file %(file_name)s discarded"),
    Kind.ROUND_SENT: gettext_lazy("Retouch round %(round)s of %(rounds)s sent to the customer"),
    Kind.ROUND_RETURNED: gettext_lazy("Round %(round)s came back: %(accepted)s accepted, %(changed)s to change"),
    Kind.ROUND_GRANTED: gettext_lazy("Round %(round)s beyond the contract, %(price)s: %(reason)s"),
    Kind.ROUND_AGREED: gettext_lazy("Customer agreed to round %(round)s for %(price)s"),
    Kind.ROUND_DECLINED: gettext_lazy("Customer declined round %(round)s for %(price)s"),
    Kind.RETOUCH_SIGNED: gettext_lazy("Retouched photos signed off by %(name)s"),
    Kind.ALBUM_STARTED: gettext_lazy("Album “%(name)s” begun by %(designer)s, due %(due)s"),
    Kind.ALBUM_ASSIGNED: gettext_lazy("%(designer)s lays out the album “%(name)s”, due %(due)s"),
    Kind.ALBUM_STOPPED: gettext_lazy("Album “%(name)s” stopped: %(reason)s"),
    Kind.ALBUM_ARRANGED: gettext_lazy("Spreads arranged"),
    Kind.SPREAD_READY: gettext_lazy("A spread is ready"),
    Kind.SPREAD_REFUSED: gettext_lazy("Spread %(file_name)s could not be used"),
    Kind.ALBUM_SENT: gettext_lazy(
        "Album “%(name)s”, draft %(draft)s sent to the customer: round %(round)s of %(rounds)s"
    ),
    Kind.ALBUM_COMMENTED: gettext_lazy("Comment on a spread"),
    Kind.ALBUM_SETTLED: gettext_lazy("Comment on a spread settled or opened again"),
    Kind.ALBUM_RETURNED: gettext_lazy("Album “%(name)s”, draft %(draft)s came back: %(comments)s comments open"),
    Kind.ALBUM_WAIVED: gettext_lazy("Album “%(name)s”, round %(round)s beyond the contract given away: %(reason)s"),
    Kind.ALBUM_PRICED: gettext_lazy("Album “%(name)s”, round %(round)s beyond the contract, %(price)s: %(reason)s"),
    Kind.ALBUM_AGREED: gettext_lazy("Customer agreed to round %(round)s of the album “%(name)s” for %(price)s"),
    Kind.ALBUM_DECLINED: gettext_lazy("Customer declined round %(round)s of the album “%(name)s” for %(price)s"),
    Kind.ALBUM_REMINDED: gettext_lazy("Customer reminded of draft %(draft)s of the album “%(name)s”"),
    Kind.ALBUM_APPROVED: gettext_lazy("Album “%(name)s”, draft %(draft)s approved by %(signer)s"),
    Kind.GALLERY_DELIVERED: gettext_lazy("Photos delivered, checked by %(checked_by)s, access until %(until)s"),
    Kind.DELIVERY_EXTENDED: gettext_lazy("Access to the photos until %(until)s instead of %(former)s"),
    Kind.FILES_GRANTED: gettext_lazy("Originals handed over beyond the contract: %(reason)s"),
    Kind.DELIVERY_WARNED: gettext_lazy("Customer warned: access ends, %(files)s files not downloaded yet"),
    Kind.GALLERY_ARCHIVED: gettext_lazy("Gallery archived; access had been until %(until)s"),
    Kind.GALLERY_REVIVED: gettext_lazy("Gallery opened again until %(until)s: %(reason)s"),
    Kind.STORY_SAVED: gettext_lazy("Story “%(title)s” saved"),
    Kind.CLIP_READY: gettext_lazy("Clip %(file_name)s is in the story"),
    Kind.CLIP_REFUSED: gettext_lazy("Clip %(file_name)s could not be used"),
    Kind.CLIP_REMOVED: gettext_lazy("Clip %(file_name)s taken out of the story"),
    Kind.CLIP_RESTORED: gettext_lazy("Clip %(file_name)s put back into the story"),
    Kind.STORY_SHARED: gettext_lazy("Customer changed the link to the story"),
    Kind.ORIGINAL_OPENED: gettext_lazy("Original %(file_name)s opened"),
    Kind.CUSTOMER_LOGGED_IN: gettext_lazy("Customer logged in"),
    **calendar.EVENTS,
    **booking.EVENTS,
    **contracts.EVENTS,
    **MONEY_EVENTS,
}

REFUSALS: dict[str, Text] = {
    **MONEY_REFUSALS,
    "login.too_often": gettext_lazy("Too many tries. Please wait %(minutes)s minutes, or ask your manager for help."),
    "limits.unavailable": gettext_lazy("This is not possible for a moment. Please try again in a minute."),
    "state.forbidden": gettext_lazy("An order moves one stage at a time: from %(source)s it cannot go to %(target)s."),
    "order.closed": gettext_lazy("This order is closed. It cannot be changed any more."),
    "order.stale": gettext_lazy(
        "Somebody else has just changed this order. Here is how it stands now; please try again."
    ),
    "order.not_delivered": gettext_lazy("Only an order in after-sales can be finished."),
    "package.not_offered": gettext_lazy("This package is not on offer any more. Please choose another one."),
    "branch.closed": gettext_lazy("This branch is closed. Please choose another one."),
    "reason.missing": gettext_lazy("Please give a reason."),
    "issue.closed": gettext_lazy("A colleague has closed this already."),
    "staff.username_taken": gettext_lazy("Somebody has this user name already."),
    "staff.last_owner": gettext_lazy("A studio needs at least one boss. Make somebody else the boss first."),
    "staff.self": gettext_lazy("Nobody can take their own access."),
    "plan.seats": gettext_lazy("Your plan has %(limit)s seats, and all are in use."),
    "plan.messages": gettext_lazy(
        "The %(limit)s SMS of this month are used up. Codes and promised messages still go out."
    ),
    "plan.read_only": gettext_lazy("The subscription has lapsed: staff can only read until it is paid."),
    "plan.branches": gettext_lazy("Your plan has room for %(limit)s branches, and all are in use."),
    **CATALOG_REFUSALS,
    "package.name_taken": gettext_lazy("Another package has this name."),
    "slot.unsound": gettext_lazy("The numbers of %(slot)s do not fit together."),
    "slots.too_many": gettext_lazy("At most %(most)s uses fit into a package."),
    "tiers.unsound": gettext_lazy("Cheaper prices must start at growing numbers, from the second extra on."),
    "package.included_over_taken": gettext_lazy("More photos are included than are taken (%(taken)s)."),
    "branch.taken": gettext_lazy("Another branch has this name or code."),
    "branch.code_in_use": gettext_lazy("Orders carry this code already; it cannot change any more."),
    "branch.last_open": gettext_lazy("This is the only open branch. Open another one first."),
    "customer.phone_invalid": gettext_lazy(
        "Please check the number: a digit may be missing, or one too many or wrong."
    ),
    "customer.phone_letters": gettext_lazy("A phone number has digits only."),
    "customer.phone_landline": gettext_lazy(
        "This is a landline. Please give a mobile number: the customer logs in with a code sent to it."
    ),
    "customer.stale": gettext_lazy(
        "Somebody else has changed this customer meanwhile. Compare with the record, then save again to use yours."
    ),
    "customer.phone_taken": gettext_lazy("A customer with this phone number exists already."),
    **calendar.REFUSALS,
    **booking.REFUSALS,
    **contracts.REFUSALS,
    **security.REFUSALS,
}


class _Facts(dict[str, Any]):
    """A fact that an old event lacks reads as a dash, never as an error."""

    def __missing__(self, key: str) -> str:
        return "—"


def event_sentence(event: Event) -> str:
    """One event as a person would say it, without who and when."""
    facts = _Facts(_worded(event.facts))
    counted = _changed(event.facts) if event.kind == Kind.ORDER_CHANGED else _counted(event.kind, event.facts)
    text = counted or str(EVENTS.get(event.kind, event.get_kind_display())) % facts
    note = event.facts.get("note")
    return f"{text} · {note}" if note else text


FIELDS: dict[str, Text] = {
    "title": gettext_lazy("Title"),
    "shoot_on": gettext_lazy("Shoot date"),
    "promised_on": gettext_lazy("Promised delivery"),
    "owner": gettext_lazy("Responsible for the customer"),
    "note": gettext_lazy("Note"),
}


def _changed(facts: Mapping[str, Any]) -> str:
    """Which fields of an order changed, from what to what."""
    parts = []
    for name in facts.get("fields") or []:
        former, new = (facts.get("changes") or {}).get(name, ("", ""))
        if name.endswith("_on"):
            former, new = _day(former), _day(new)
        values = f" {former or '—'} → {new or '—'}" if former != new else ""
        parts.append(f"{FIELDS.get(name, name)}{values}")
    return _("Changed: %(what)s") % {"what": " · ".join(parts)} if parts else ""


# How many of what: the fact that is a number or a list of that length, and the sentence
COUNTED: dict[str, tuple[str, Any]] = {
    Kind.PHOTOS_RECEIVED: ("count", ngettext_lazy("%(n)d photo received", "%(n)d photos received", "n")),
    Kind.PHOTOS_CULLED: ("count", ngettext_lazy("%(n)d photo sorted", "%(n)d photos sorted", "n")),
    Kind.PHOTOS_MARKED: ("count", ngettext_lazy("%(n)d photo sorted", "%(n)d photos sorted", "n")),
    Kind.PART_SIGNED: (
        "picked",
        ngettext_lazy("Part of the selection signed: %(n)d photo", "Part of the selection signed: %(n)d photos", "n"),
    ),
    Kind.CONSENT_GIVEN: (
        "photos",
        ngettext_lazy("Consent to publish %(n)d photo", "Consent to publish %(n)d photos", "n"),
    ),
    Kind.SAMPLES_ADDED: (
        "photos",
        ngettext_lazy("%(n)d photo taken into the sample library", "%(n)d photos taken into the sample library", "n"),
    ),
    Kind.FINALS_RECEIVED: (
        "count",
        ngettext_lazy("%(n)d retouched file received", "%(n)d retouched files received", "n"),
    ),
    Kind.FINAL_JUDGED: (
        "verdicts",
        ngettext_lazy("Judged %(n)d retouched photo", "Judged %(n)d retouched photos", "n"),
    ),
    Kind.SPREADS_RECEIVED: ("count", ngettext_lazy("%(n)d spread received", "%(n)d spreads received", "n")),
    Kind.ALBUM_JUDGED: ("verdicts", ngettext_lazy("Judged %(n)d spread", "Judged %(n)d spreads", "n")),
    Kind.SITTING_SHOWN: (
        "photos",
        ngettext_lazy("Held up %(n)d photo to the customer", "Held up %(n)d photos to the customer", "n"),
    ),
    Kind.PHOTO_PICKED: ("picks", ngettext_lazy("Chose on %(n)d photo", "Chose on %(n)d photos", "n")),
    Kind.SELECTION_SUBMITTED: (
        "picked",
        ngettext_lazy("Selection submitted: %(n)d photo", "Selection submitted: %(n)d photos", "n"),
    ),
}


def _counted(kind: str, facts: Mapping[str, Any]) -> str:
    if kind not in COUNTED:
        return ""
    name, sentence = COUNTED[kind]
    given = facts.get(name) or 0
    text = str(sentence % {"n": len(given) if isinstance(given, list) else int(given)})
    extra = int(facts.get("extra") or 0) if kind == Kind.SELECTION_SUBMITTED else 0
    text += " · " + _("%(n)d extra") % {"n": extra} if extra else ""
    return text + _to_pay(facts) if kind == Kind.SELECTION_SUBMITTED else text


def _to_pay(facts: Mapping[str, Any]) -> str:
    """What the customer owes for extras, where there is any."""
    if not facts.get("extra_total_minor"):
        return ""
    locale = to_locale(get_language() or "zh-hans")
    total = format_minor(int(facts["extra_total_minor"]), facts.get("currency") or "CNY", locale)
    return " · " + _("to pay %(total)s") % {"total": total}


def refusal_sentence(refusal: Refusal) -> str:
    """Why a verb said no, and what to do."""
    code = "slot.taken.full" if refusal.code == "slot.taken" and not refusal.facts.get("alternatives") else refusal.code
    text = REFUSALS.get(code, gettext_lazy("This is not possible right now (%(code)s)."))
    minutes = -(-int(refusal.facts.get("wait") or 0) // 60)
    return str(text) % _Facts(_worded(refusal.facts) | {"code": refusal.code, "minutes": minutes})


def moved_sentence(event: Event, title: str) -> str:
    """For colleagues whose board has just changed."""
    target = _worded(event.facts).get("target", "—")
    return _("%(who)s moved “%(title)s” to %(stage)s") % {"who": who(event), "title": title, "stage": target}


def listed(names: Iterable[Any]) -> str:
    """A list as the language writes it: 南山店、福田店."""
    return pgettext("between the items of a list", ", ").join(str(name) for name in names)


def who(event: Event) -> str:
    """The name of whoever did it; the house itself has one too."""
    return event.actor_name or _("System")


def _worded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Codes of stages become their names."""
    labels = {str(stage): str(stage.label) for stage in Stage}
    words = calendar.worded(facts)
    for key in {"source", "target", "stage"} & words.keys():
        words[key] = labels.get(words[key], words[key])
    if "method" in words:
        words["method"] = method_word(words["method"])
    words |= security.worded(facts)
    for key in {"due", "until", "former", "day"} & words.keys():
        words[key] = _day(words[key])
    if "minimum_minor" in words:
        words["minimum"] = _price(words["minimum_minor"], current_studio().currency)
    if "price_minor" in words and "currency" in words:
        words["price"] = _price(words["price_minor"], words["currency"])
    return words


def _price(minor: int, currency: str) -> str:
    return format_minor(minor, currency, to_locale(get_language() or "zh-hans")) if minor else _("free of charge")


def _day(iso: str) -> str:
    """An ISO day as people write it; a dash when the day was taken away."""
    return date_format(dt.date.fromisoformat(iso), "SHORT_DATE_FORMAT") if iso else "—"
