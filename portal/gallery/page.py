"""What the gallery's scripts are told: addresses, rules, words. No photographs: those come in the manifest."""

from typing import Any

from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, pgettext, to_locale
from django.utils.translation import gettext as _

from core.catalog.pricing import ORIGINALS, RETOUCHED
from core.kernel import events
from core.kernel.money import coin
from core.templatetags.ui import money
from selection import manifest
from selection.bills import bill_of
from selection.models import Chooser, Gallery
from selection.selectors import Summary, next_price
from selection.sitting.selectors import current_sitting

MODULES = {
    "lightbox": "js/portal/lightbox.js",
    "lightboxCss": "css/lightbox.css",
    "notes": "js/portal/notes.js",
    "steps": "js/portal/steps.js",
    "stacks": "js/portal/stacks.js",
    "comparing": "js/portal/comparing.js",
    "recommended": "js/portal/recommended.js",
    "triageCss": "css/triage.css",
    "swaps": "js/portal/swaps.js",
    "live": "js/portal/follow.js",
    "together": "js/portal/together.js",
    "togetherCss": "css/together.css",
    "sitting": "js/portal/sitting.js",
    "sittingCss": "css/sit.css",
    "photoswipe": "vendor/photoswipe/photoswipe.esm.min.js",
    "photoswipeCss": "vendor/photoswipe/photoswipe.css",
}


def boot(gallery: Gallery, chooser: Chooser) -> dict[str, Any]:
    """The page's `gallery-boot` JSON. `modules` are loaded when first needed."""
    epoch, seq = events.position(gallery.event_stream)
    return {
        "key": f"{gallery.code}.{chooser.pk}",
        "manifest": reverse("selection-api:manifest", args=[gallery.code]),
        "picks": reverse("selection-api:picks", args=[gallery.code]),
        "placements": reverse("selection-api:placements", args=[gallery.code]),
        "note": reverse("selection-api:note", args=[gallery.code, 0]),
        "suggestions": reverse("selection-api:suggestions", args=[gallery.code]),
        "swaps": reverse("portal:swaps", args=[gallery.code]),
        "people": reverse("portal:people", args=[gallery.code]),
        "socket": f"{get_script_prefix()}ws/gallery/{gallery.code}/",
        "sitting": reverse("selection-api:sitting", args=[gallery.code]),
        "sittingPhone": reverse("selection-api:sitting-phone", args=[gallery.code]),
        "sat": current_sitting(gallery) is not None,
        "at": {gallery.event_stream: [epoch, seq]},
        "rules": manifest.rules(gallery, chooser),
        "coin": coin(gallery.order.currency, to_locale(get_language() or "zh-hans")),
        "modules": {name: static(path) for name, path in MODULES.items()},
    }


def price_now(gallery: Gallery, chooser: Chooser, told: Summary, said: dict[str, Any]) -> list[str]:
    """What costs extra so far, each with what it is for, and what the next tap costs; a line may break between parts.

    js/portal/bar.js says the same in the same words: nothing moves when it takes over.
    """
    counts, following = told.counts, next_price(gallery, told.counts.yes)
    price = money(following or gallery.extra_photo_minor, told.currency)
    left, is_full = counts.included - counts.yes, told.hard_limit and counts.yes >= counts.included
    if counts.is_itemised:
        then = "" if is_full else said["billLeft" if left > 0 else "billNext"]
        parts = [*_items(gallery, chooser, told, said), then.format(n=left, price=price)]
        return [part for part in parts if part]
    if is_full:
        key = "hardFull"
    elif counts.extra:
        key = "over"
    elif counts.yes >= counts.included:
        key = "next"
    else:
        key = "freeOnly" if told.hard_limit else "free"
    n = {"hardFull": counts.included, "over": counts.extra}.get(key, left)
    total = money(counts.extra_total_minor, told.currency)
    return str(said[key]).format(n=n, price=price, total=total).split(" · ")


def _items(gallery: Gallery, chooser: Chooser, told: Summary, said: dict[str, Any]) -> list[str]:
    """The bill's lines in few words, and their sum when there are several."""
    names = {ORIGINALS: said["billOriginals"]}
    charged, extras = bill_of(gallery, chooser).charged, said["billExtras"]
    items = []
    for line in charged:
        total = money(line.total_minor, told.currency)
        if line.slot == RETOUCHED:
            items.append(extras["one" if line.extra == 1 else "other"].format(n=line.extra, total=total))
        else:
            items.append(f"{names.get(line.slot, line.name)} {total}")
    if len(charged) > 1:
        items.append(said["billTotal"].format(total=money(told.counts.extra_total_minor, told.currency)))
    return items


def review_words() -> dict[str, Any]:
    """The sentences of the review page's script."""
    return {
        "waiting": {"one": _("Offline · {n} change waits"), "other": _("Offline · {n} changes wait")},
        "session": _("Please log in again; your choices are kept on this phone."),
        "refused": {"one": _("{n} change could not be saved"), "other": _("{n} changes could not be saved")},
    }


def words() -> dict[str, Any]:
    """The sentences of the gallery's scripts (js/lib/i18n.js)."""
    return {
        **review_words(),
        "photo": _("Photo {number}"),
        "photoYes": _("Photo {number}, selected"),
        "photoMaybe": _("Photo {number}, undecided"),
        "photoNo": _("Photo {number}, dropped"),
        "hasNote": _(", with a note"),
        "pick": _("Select photo {number}"),
        "pickFor": _("Select photo {number} for {price} more"),
        "chosen": _("Selected {yes} / {included}"),
        "undecided": _("Undecided {n}"),
        "free": _("{n} more included · then {price} each"),
        "freeOnly": _("{n} more to choose"),
        "next": _("One more photo: +{price}"),
        "over": _("{n} extra × {price} = {total} · one more: +{price}"),
        "billExtras": {"one": _("{n} extra photo {total}"), "other": _("{n} extra photos {total}")},
        "billOriginals": _("All originals"),
        "billTotal": _("together {total}"),
        "billNext": _("one more photo: +{price}"),
        "billLeft": _("{n} more included"),
        "hardFull": _("All {n} are chosen. Take one back to choose another."),
        "saved": _("Saved"),
        "saving": _("Saving…"),
        "nowYes": _("Photo {number} is selected."),
        "nowExtra": _("Photo {number} is selected: {price} extra."),
        "nowMaybe": _("Photo {number} is undecided."),
        "nowNo": _("Photo {number} is dropped."),
        "nowNone": _("Photo {number} is free again."),
        "undo": _("Undo"),
        "undoPhoto": _("Undo: photo {number}"),
        "fromTo": "{from} → {to}",
        "locked": _("This selection is submitted. Ask the studio to open it again."),
        "limit": _("Your package has no extra photos. Take one back to choose another."),
        "slotFull": _("There is no room for one more. Take one out first."),
        "gone": _("The studio has taken this photo back."),
        "older": _("You changed this photo on another device later; that counts."),
        "batch": _("This photo is in a part that you have signed. It stays selected."),
        "noteSaved": _("Your wish is noted."),
        "noteGone": _("The note is taken back."),
        "noteFailed": _("The note could not be saved: {why}"),
        "unlocked": _("The studio has opened your selection again."),
        "offlineReview": _("No connection. Your choices are kept; the review opens when you are online again."),
        "unread": _("The connection failed. Please try again."),
        "again": _("Try again"),
        "viewer": _("You can look, not choose. The main chooser can let you choose."),
        **together_words(),
        **lightbox_words(),
        **triage_words(),
        **sitting_words(),
    }


def triage_words() -> dict[str, Any]:
    """The sentences of stacks, comparing, recommendations and pins."""
    return {
        "ourPick": _("Our pick"),
        "isOurPick": _(", recommended by the studio"),
        "inStack": _(", one of {n} similar photos"),
        "stackYes": _(", {n} of them selected"),
        "similar": _("{n} similar photos"),
        "keepOne": _("Keep this one"),
        "keepOneOf": {
            "one": _(": photo {number}, {n} other is dropped"),
            "other": _(": photo {number}, {n} others are dropped"),
        },
        "keptOne": {
            "one": _("Photo {number} is kept, {n} other is dropped."),
            "other": _("Photo {number} is kept, {n} others are dropped."),
        },
        "keptExtra": {
            "one": _("Photo {number} is kept for {price} more, {n} other is dropped."),
            "other": _("Photo {number} is kept for {price} more, {n} others are dropped."),
        },
        "keptStep": {"one": _("kept, {n} other dropped"), "other": _("kept, {n} others dropped")},
        "compare": _("Compare"),
        "compareChosen": _("{n} of {most} to compare"),
        "compareMore": _("Tap two to four photos, then compare them."),
        "compareMost": _("Four photos at most can be compared."),
        "largerAll": _("Larger"),
        "smallerAll": _("Smaller"),
        "wholeAll": _("Whole photos"),
        "goOn": _("Auto next"),
        "muted": _("The studio's recommendations are hidden."),
        "unmuted": _("The studio's recommendations are shown."),
        "pinAt": _("Pin {n}: {x} percent from the left, {y} percent from the top. The arrow keys move it."),
        "pinWish": _("Pin {n}: what should be done"),
        "pinText": _("Pin {n}: in your words"),
        "pinGone": _("Remove pin {n}"),
        "pinAny": _("Other"),
        "pinOld": _("set on an earlier version of this photo"),
        "pinSilent": _("Please say what should be done at pin {n}, or remove it."),
        "pinFull": _("Five pins at most. Remove one to set another."),
    }


def together_words() -> dict[str, str]:
    """The sentences about what the others mark."""
    return {
        "both": pgettext("photos that", "Both like"),
        "onlyMe": pgettext("photos that", "Only me"),
        "onlyYou": pgettext("photos that", "Only {name}"),
        "onlyOthers": pgettext("photos that", "Only the others"),
        "doubt": pgettext("photos that", "Somebody hesitates"),
        "otherYes": _("{name}: selected"),
        "otherMaybe": _("{name}: undecided"),
        "alsoHere": _("{names} is looking too"),
    }


def lightbox_words() -> dict[str, str]:
    """The sentences over a large photograph."""
    return {
        "lightbox": _("Photo, large"),
        "uses": _("What this photo is used for"),
        "useCount": "{name} {used}/{included}",
        "wordYes": pgettext("a photo is", "Selected"),
        "wordMaybe": pgettext("a photo is", "Undecided"),
        "wordNo": pgettext("a photo is", "Dropped"),
        "wordNone": pgettext("a photo is", "Open"),
        "wordDrop": pgettext("do with a photo", "Drop"),
        "wordSelect": pgettext("do with a photo", "Select"),
        "wordNote": pgettext("do with a photo", "Note"),
        "after": _("With this photo: {yes} / {included}"),
        "thisFree": _("Included in your package"),
        "thisPrice": _("This photo costs +{price}"),
        "thisChosen": _("Selected {yes} / {included}"),
        "thisPaid": _("Selected {yes}: {n} extra = {total}"),
        "position": _("{n} / {all}"),
        "close": _("Close"),
        "previous": _("Previous photo"),
        "following": _("Next photo"),
        "failed": _("This photo could not be loaded."),
        "lastPhoto": _("That was the last photo."),
        "lessonUp": _("Swipe up: select and go on"),
        "lessonSide": _("Swipe sideways: look at the next"),
        "lessonDown": _("Swipe down: back to the list"),
        "lessonZoom": _("Two fingers or a double tap: zoom"),
        "understood": _("Understood"),
    }


def sitting_words() -> dict[str, Any]:
    """The sentences of js/portal/sitting.js."""
    return {
        "sitting": _("Choosing together"),
        "sitWith": _("{by} is choosing with you"),
        "sitShows": {"one": _("{by} shows you photo {which}"), "other": _("{by} shows you photos {which}")},
        "sitOpen": _("Open it"),
        "sitOpenOne": _("Open {number}"),
        "sitFollow": _("Follow along"),
        "sitMute": _("Not now"),
        "sitAgain": _("See what {by} shows"),
    }
