"""The calendar's pages and verbs."""

from core.console.calendar.views.dates import (
    answer_loan,
    appointment,
    cancel,
    confirm,
    finish,
    move,
    new,
    note,
    release,
    reopen,
)
from core.console.calendar.views.keeping import (
    add_holiday,
    copy_shifts,
    edit_resource,
    end_leave,
    feed_address,
    hours,
    leave,
    resources,
    rules,
    shifts,
    strike_holiday,
)
from core.console.calendar.views.lists import close_waiting, new_waiting, undated, waiting
from core.console.calendar.views.overview import calendar, timeline

__all__ = [
    "add_holiday", "answer_loan", "appointment", "calendar", "cancel", "close_waiting", "confirm", "copy_shifts",
    "edit_resource", "end_leave", "feed_address", "finish", "hours", "leave", "move", "new", "new_waiting", "note",
    "release", "reopen", "resources", "rules", "shifts", "strike_holiday", "timeline", "undated", "waiting",
]  # fmt: skip
