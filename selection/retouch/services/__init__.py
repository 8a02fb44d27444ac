"""Verbs of retouching. Order of locks: gallery row → order row → gallery stream → board stream."""

from selection.retouch.services.finals import discard_final, place_final
from selection.retouch.services.grants import agree_round, decline_round, grant_round
from selection.retouch.services.rounds import return_round, send_round, sign_off
from selection.retouch.services.verdicts import accept_rest, judge_final
from selection.retouch.services.work import assign_job, start_retouching, stop_retouching

__all__ = [
    "accept_rest",
    "agree_round",
    "assign_job",
    "decline_round",
    "discard_final",
    "grant_round",
    "judge_final",
    "place_final",
    "return_round",
    "send_round",
    "sign_off",
    "start_retouching",
    "stop_retouching",
]
