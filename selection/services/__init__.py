"""Verbs of photographs and choosing. Order of locks: gallery row → gallery stream → order row → board stream."""

from selection.services.amending import arrange_change
from selection.services.galleries import (
    create_gallery,
    enter_gallery,
    publish_gallery,
    unlock_selection,
    withdraw_gallery,
)
from selection.services.notes import save_note
from selection.services.parts import reopen_part, sign_part
from selection.services.people import dismiss_guest, invite_guest, set_role, set_sharing, set_sharing_default
from selection.services.photos import open_original, remove_photo, restore_photo
from selection.services.picks import Op, Outcome, apply_picks, tap_photos
from selection.services.pin_entry import close_pin, enter_by_pin, make_pin
from selection.services.placements import Placed, Put, place_photos
from selection.services.prices import lower_price, want_originals
from selection.services.reopening import (
    agree_reopening,
    approve_reopening,
    ask_reopening,
    decline_reopening,
    offer_reopening,
    refuse_offer,
    withdraw_reopening,
)
from selection.services.submissions import submit_selection
from selection.services.suggestions import mute_suggestions, suggest_photo, withdraw_suggestion
from selection.services.uploads import Announced, Answer, Completed, complete_uploads, sign_uploads, sweep_uploads

__all__ = [
    "Announced",
    "Answer",
    "Completed",
    "Op",
    "Outcome",
    "Placed",
    "Put",
    "agree_reopening",
    "apply_picks",
    "approve_reopening",
    "arrange_change",
    "ask_reopening",
    "close_pin",
    "complete_uploads",
    "create_gallery",
    "decline_reopening",
    "dismiss_guest",
    "enter_by_pin",
    "enter_gallery",
    "invite_guest",
    "lower_price",
    "make_pin",
    "mute_suggestions",
    "offer_reopening",
    "open_original",
    "place_photos",
    "publish_gallery",
    "refuse_offer",
    "remove_photo",
    "reopen_part",
    "restore_photo",
    "save_note",
    "set_role",
    "set_sharing",
    "set_sharing_default",
    "sign_part",
    "sign_uploads",
    "submit_selection",
    "suggest_photo",
    "sweep_uploads",
    "tap_photos",
    "unlock_selection",
    "want_originals",
    "withdraw_gallery",
    "withdraw_reopening",
    "withdraw_suggestion",
]
