"""Why a verb of this floor said no, in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal

SHOWN_NUMBERS = 12
REFUSALS = {
    "gallery.exists": _("This order has a gallery already."),
    "practice.exists": _("Practice data are on already."),
    "practice.none": _("Practice data are off already."),
    "practice.at_work": _("This studio is at work: practice data are for new ones."),
    "practice.no_package": _("Practice needs an open branch and a published package."),
    "practice.busy": _("Somebody else wrote at the same moment. Please try again."),
    "gallery.empty": _("There is no photo to choose from yet. Upload some first."),
    "gallery.locked": _("This gallery is submitted. Unlock it before you change its photos."),
    "deadline.past": _("This day has passed. Please choose a later one."),
    "selection.too_late": _("The order has left production. The selection cannot be opened again."),
    "state.forbidden": _("The gallery has changed meanwhile. Here is how it stands now."),
    "photo.chosen": _("The customer has chosen this photo or is undecided; it stays. Withdraw the gallery first."),
    "photo.settled": _("This photo is not there any more."),
    "photo.duplicate": _("The same photo has been uploaded again meanwhile."),
    "price.raised": _("Prices agreed with the customer can only fall, and what is included can only grow."),
    "price.same": _("Nothing would change."),
    "slot.unknown": _("This use is not part of the order."),
    "suggestion.taken": _("The customer has followed this suggestion; it stays on the bill’s history."),
    "sitting.not_open": _("The gallery is not open to the customer."),
    "sitting.over": _("You are not choosing together any more. Begin again."),
    "sitting.too_many": _("At most four photos at once."),
    "marks.too_many": _("Too many photos at once. Please choose fewer."),
    "look.name_missing": _("Please give the look a name."),
    "look.name_taken": _("Another look of this gallery has this name."),
    "look.too_many": _("A gallery has at most 40 looks. Try a longer pause."),
    "look.nothing_to_part": _("Every photo with a capture time has a look already."),
    "look.gone": _("This look is not there any more."),
    "order.unknown": _("This order is not known."),
    "cover.hidden": _("This photo is hidden from the customer. Show it first."),
    "stack.too_few": _("A stack needs two photos."),
    "stack.not_stacked": _("This photo is in no stack."),
    "selection.in_retouch": _("Retouching has begun, so the selection stands. Talk to the retoucher about changes."),
    "retoucher.unfit": _("This colleague does not retouch in this branch. Please choose another one."),
    "due.past": _("This day has passed. Please choose a later one."),
    "retouch.has_finals": _("Retouched files are there already. Discard them first, if this was a mistake."),
    "round.beyond": _("The contract’s retouch rounds are used up. A manager can waive or price one more."),
    "round.not_agreed": _("The customer has not agreed to the price of this round yet."),
    "round.processing": _("Some files are still being processed. Please wait a moment."),
    "round.nothing_new": _("There is nothing new to show."),
    "round.included": _("This round is in the contract; it needs no permission."),
    "round.granted": _("This round has its permission already."),
    "price.negative": _("This cannot be less than zero."),
    "final.settled": _("This file is not there any more."),
    "final.sent": _("The customer has seen this file; it stays. Upload a new one instead."),
    "final.not_chosen": _("The customer has not chosen this photo."),
    "role.main_stays": _("Somebody has to submit and pay. Make another person the main chooser instead."),
    "role.guest": _("A guest cannot submit or pay. Put them on the order first."),
    "role.staff_only": _("A guest can look or mark, nothing else."),
    "role.unknown": _("There is no such role."),
    "guest.unknown": _("This person is not here any more."),
    "people.too_many": _("There are enough people in this gallery."),
    "name.missing": _("Please type a name."),
    "chooser.viewer": _("A viewer does not mark photos."),
    "album.name_missing": _("Please give the album a name."),
    "album.name_taken": _("Another album of this gallery has this name."),
    "album.too_many": _("A gallery has at most 12 albums."),
    "album.closed": _("The album has changed meanwhile. Here is how it stands now."),
    "album.shown": _("The customer has seen a draft already."),
    "designer.unfit": _("This colleague does not lay out albums in this branch. Please choose another one."),
    "draft.empty": _("There is no spread in the draft yet."),
    "draft.nothing_new": _("There is nothing new to show."),
    "draft.processing": _("Some files are still being processed. Please wait a moment."),
    "spread.unknown": _("The customer has not seen this spread yet."),
    "spread.settled": _("This file is not there any more."),
    "spread.sent": _("The customer has seen this file; it stays."),
    "spread.in_draft": _("This file is in the draft. Take it out first."),
    "spread.not_in_draft": _("This spread is not in the draft any more."),
    "comment.empty": _("Please write something."),
    "comment.too_long": _("Please write a little less."),
    "comment.too_many": _("There are very many comments already."),
    "comment.unknown": _("This comment is not there any more."),
    "comment.answer_missing": _("Please say why it is not possible."),
    "delivery.unchecked": _("Please say who looked at the files."),
    "until.unfit": _("Access can last from today on, for ten years at most. Please choose another day."),
    "grant.unknown": _("Please choose what else the customer may download."),
    "grant.needless": _("The customer may download this already."),
    "story.no_title": _("Please give the story a title."),
    "story.no_photos": _("Please choose at least one photo for the story."),
    "story.too_long": _("This is too much for one story: at most 60 photos."),
    "works.malformed": _("Please choose one to %(most)s pictures of at most 40 MB each."),
    "works.undeclared": _("Please say whose the works are and where their release is kept."),
    "works.unusable": _("%(name)s is not a picture that we can use. Nothing was taken in."),
    "consent.no_purpose": _("Please choose what the photos may be used for."),
    "clip.gone": _("There is no clip any more."),
    "part.gone": _("This part is not signed any more."),
    "selection.locked": _("The whole selection is submitted meanwhile."),
    "reopening.gone": _("This request is not open any more."),
    "reopening.not_begun": _("Nobody retouches yet: open the selection again, free of charge."),
    "reopening.no_change": _("Please say which photos come in or leave."),
    "reopening.unsound": _("Some of these photos cannot come in or leave. Please check the numbers."),
    "sample.malformed": _("Please tick up to %(most)s photos and say what they are."),
    "sample.no_consent": _("No consent covers this any more. Nothing was taken in."),
    "sample.gone": _("This photo has left the library meanwhile."),
    "uploads.too_many": _("Too many files at once. Please try again."),
}


def sentence(refusal: Refusal) -> str:
    """The refusal as a person would say it."""
    if refusal.code == "round.incomplete":
        return _missing(refusal)
    if refusal.code == "practice.held":
        return _held(refusal)
    if refusal.code == "delivery.final_missing":
        return _lost(refusal)
    return str(REFUSALS[refusal.code]) if refusal.code in REFUSALS else refusal_sentence(refusal)


def _held(refusal: Refusal) -> str:
    """What real things use of the practice data."""
    text = _("Nothing was removed: practice customers are used by %(which)s. Change or cancel that first.")
    return text % {"which": ", ".join(refusal.facts["holders"][:SHOWN_NUMBERS])}


def _lost(refusal: Refusal) -> str:
    """Which signed photographs have no file to hand over."""
    shown = ", ".join(str(number) for number in refusal.facts["numbers"][:SHOWN_NUMBERS])
    text = ngettext(
        "The final of %(n)d photo is missing or damaged: %(which)s",
        "The finals of %(n)d photos are missing or damaged: %(which)s",
        refusal.facts["n"],
    )
    return text % {"n": refusal.facts["n"], "which": shown}


def _missing(refusal: Refusal) -> str:
    """Which photographs still need a file: the first few by number."""
    numbers, n = refusal.facts["numbers"], refusal.facts["n"]
    shown = ", ".join(str(number) for number in numbers[:SHOWN_NUMBERS]) + ("…" if n > SHOWN_NUMBERS else "")
    text = ngettext("%(n)d photo still needs a new file: %(which)s", "%(n)d photos still need a new file: %(which)s", n)
    return text % {"n": n, "which": shown}
