"""Verbs of album proofs. Order of locks: gallery row → order row → gallery stream → board stream."""

from selection.album.services.comments import add_comment, judge_spread, remark, settle_comment
from selection.album.services.drafts import approve_album, return_draft, send_draft
from selection.album.services.spreads import discard_spread, move_spread, put_back, take_out
from selection.album.services.work import assign_album, start_album, stop_album, waive_round

__all__ = [
    "add_comment",
    "approve_album",
    "assign_album",
    "discard_spread",
    "judge_spread",
    "move_spread",
    "put_back",
    "remark",
    "return_draft",
    "send_draft",
    "settle_comment",
    "start_album",
    "stop_album",
    "take_out",
    "waive_round",
]
