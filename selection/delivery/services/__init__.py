"""Verbs of delivery. Order of locks: gallery row → order row → gallery stream → board stream."""

from selection.delivery.services.ending import archive_gallery, revive_gallery, tend_deliveries
from selection.delivery.services.fetching import begin_download, end_download
from selection.delivery.services.handing import deliver_gallery, extend_access, grant_files
from selection.delivery.services.preparing import prepare_files
from selection.delivery.services.stories import remove_clip, restore_clip, save_story, share_story

__all__ = [
    "archive_gallery",
    "begin_download",
    "deliver_gallery",
    "end_download",
    "extend_access",
    "grant_files",
    "prepare_files",
    "remove_clip",
    "restore_clip",
    "revive_gallery",
    "save_story",
    "share_story",
    "tend_deliveries",
]
