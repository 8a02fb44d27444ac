"""Verbs of the calendar. Each owns its transaction and records one event; see the modules for what they refuse."""

from core.scheduling.services.booking import book, hold
from core.scheduling.services.changes import (
    cancel,
    change_note,
    confirm,
    expire_holds,
    finish,
    release,
    reopen,
    reschedule,
)
from core.scheduling.services.keeping import (
    add_leave,
    change_resource,
    copy_week,
    end_leave,
    make_feed,
    revoke_feed,
    save_holiday,
    save_hours,
    save_resource,
    save_rules,
    save_week,
    strike_holiday,
)
from core.scheduling.services.lending import agree_lending, refuse_lending
from core.scheduling.services.waiting import add_waiting, close_waiting, offer_waiting

__all__ = [
    "add_leave",
    "add_waiting",
    "agree_lending",
    "book",
    "cancel",
    "change_note",
    "change_resource",
    "close_waiting",
    "confirm",
    "copy_week",
    "end_leave",
    "expire_holds",
    "finish",
    "hold",
    "make_feed",
    "offer_waiting",
    "refuse_lending",
    "release",
    "reopen",
    "reschedule",
    "revoke_feed",
    "save_holiday",
    "save_hours",
    "save_resource",
    "save_rules",
    "save_week",
    "strike_holiday",
]
