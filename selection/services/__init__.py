"""Verbs of photographs and choosing. Order of locks: gallery row → gallery stream → order row → board stream."""

from selection.services.galleries import (
    create_gallery,
    enter_gallery,
    publish_gallery,
    unlock_selection,
    withdraw_gallery,
)
from selection.services.photos import open_original, remove_photo, restore_photo
from selection.services.picks import Op, Outcome, apply_picks, save_note, tap_photos
from selection.services.submissions import submit_selection
from selection.services.uploads import Announced, Answer, Completed, complete_uploads, sign_uploads, sweep_uploads

__all__ = [
    "Announced",
    "Answer",
    "Completed",
    "Op",
    "Outcome",
    "apply_picks",
    "complete_uploads",
    "create_gallery",
    "enter_gallery",
    "open_original",
    "publish_gallery",
    "remove_photo",
    "restore_photo",
    "save_note",
    "sign_uploads",
    "submit_selection",
    "sweep_uploads",
    "tap_photos",
    "unlock_selection",
    "withdraw_gallery",
]
