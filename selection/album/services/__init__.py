"""Verbs of album proofs. Order of locks: gallery row → order row → gallery stream → board stream."""

from selection.album.services.comments import add_comment, judge_spread, remark, settle_comment
from selection.album.services.drafts import approve_album, return_draft, send_draft
from selection.album.services.grants import agree_album_round, decline_album_round, grant_album_round
from selection.album.services.reminding import remind_drafts
from selection.album.services.spreads import discard_spread, move_spread, put_back, take_out
from selection.album.services.work import assign_album, start_album, stop_album

__all__ = [
    "add_comment",
    "agree_album_round",
    "approve_album",
    "assign_album",
    "decline_album_round",
    "discard_spread",
    "grant_album_round",
    "judge_spread",
    "move_spread",
    "put_back",
    "remark",
    "remind_drafts",
    "return_draft",
    "send_draft",
    "settle_comment",
    "start_album",
    "stop_album",
    "take_out",
]
