"""What the gallery's scripts are told: addresses, rules, words. No photographs: those come in the manifest."""

from typing import Any

from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.utils.translation import get_language

from core.kernel import events
from selection import manifest
from selection.models import Chooser, Gallery

TAGS = ["slim", "skin", "teeth", "eyes", "background", "hair"]


def note_tags() -> list[tuple[str, str]]:
    """Chips for the retoucher: (what is stored, what is shown)."""
    shown = [_("Slimmer"), _("Skin"), _("Teeth"), _("Closed eyes"), _("Clean background"), _("Hair")]
    return list(zip(TAGS, shown, strict=True))


def boot(gallery: Gallery, chooser: Chooser) -> dict[str, Any]:
    """The page's `gallery-boot` JSON."""
    epoch, seq = events.position(gallery.event_stream)
    return {
        "key": f"{gallery.code}.{chooser.pk}",
        "manifest": reverse("selection-api:manifest", args=[gallery.code]),
        "picks": reverse("selection-api:picks", args=[gallery.code]),
        "note": reverse("selection-api:note", args=[gallery.code, 0]),
        "socket": f"{get_script_prefix()}ws/gallery/{gallery.code}/",
        "at": {gallery.event_stream: [epoch, seq]},
        "rules": manifest.rules(gallery, chooser),
        "language": get_language(),
        "modules": {
            "lightbox": static("js/portal/lightbox.js"),
            "notes": static("js/portal/notes.js"),
            "live": static("js/portal/follow.js"),
            "photoswipe": static("vendor/photoswipe/photoswipe.esm.min.js"),
            "photoswipeCss": static("vendor/photoswipe/photoswipe.css"),
        },
    }


def words() -> dict[str, Any]:
    """The sentences of the gallery's scripts (js/lib/i18n.js)."""
    return {
        "photo": _("Photo {number}"),
        "photoYes": _("Photo {number}, selected"),
        "photoMaybe": _("Photo {number}, undecided"),
        "photoNo": _("Photo {number}, dropped"),
        "pick": _("Select photo {number}"),
        "pickFor": _("Select photo {number} for {price} more"),
        "chosen": _("Selected {yes} / {included}"),
        "rest": _("Undecided {maybe} · Not seen {left}"),
        "free": _("{n} more included · then {price} each"),
        "next": _("One more photo: +{price}"),
        "over": _("{n} extra × {price} = {total} · one more: +{price}"),
        "hardFull": _("All {n} are chosen. Take one back to choose another."),
        "saved": _("Saved"),
        "saving": _("Saving…"),
        "waiting": {"one": _("Offline · {n} change waits"), "other": _("Offline · {n} changes wait")},
        "nowYes": _("Photo {number} is selected."),
        "nowExtra": _("Photo {number} is selected: {price} extra."),
        "nowMaybe": _("Photo {number} is undecided."),
        "nowNo": _("Photo {number} is dropped."),
        "nowNone": _("Photo {number} is free again."),
        "undo": _("Undo"),
        "locked": _("This selection is submitted. Ask the studio to open it again."),
        "limit": _("Your package has no extra photos. Take one back to choose another."),
        "gone": _("The studio has taken this photo back."),
        "older": _("You changed this photo on another device later; that counts."),
        "noteSaved": _("Your wish is noted."),
        "noteFailed": _("The note could not be saved: {why}"),
        "unlocked": _("The studio has opened your selection again."),
        "changed": _("The gallery has changed; this is the latest."),
        "none": _("No photos here yet."),
        "thisFree": _("Included in your package"),
        "thisPrice": _("This photo costs +{price}"),
        "thisChosen": _("Selected {yes} / {included}"),
        "thisPaid": _("Selected {yes}: {n} extra = {total}"),
        "position": _("{n} / {all}"),
        "close": _("Close"),
        "previous": _("Previous photo"),
        "following": _("Next photo"),
        "zoom": _("Zoom"),
        "failed": _("This photo could not be loaded."),
        "history": _("Your last steps"),
        "session": _("Please log in again; your choices are kept on this phone."),
    }
