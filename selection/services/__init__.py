"""Verbs of photographs and choosing. Order of locks: gallery row → gallery stream → order row → board stream."""

from selection.services.galleries import (
    create_gallery,
    enter_gallery,
    publish_gallery,
    unlock_selection,
    withdraw_gallery,
)
from selection.services.notes import save_note
from selection.services.photos import open_original, remove_photo, restore_photo
from selection.services.picks import Op, Outcome, apply_picks, tap_photos
from selection.services.placements import Placed, Put, place_photos
from selection.services.prices import lower_price, want_originals
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
    "apply_picks",
    "complete_uploads",
    "create_gallery",
    "enter_gallery",
    "lower_price",
    "mute_suggestions",
    "open_original",
    "place_photos",
    "publish_gallery",
    "remove_photo",
    "restore_photo",
    "save_note",
    "sign_uploads",
    "submit_selection",
    "suggest_photo",
    "sweep_uploads",
    "tap_photos",
    "unlock_selection",
    "want_originals",
    "withdraw_gallery",
    "withdraw_suggestion",
]
