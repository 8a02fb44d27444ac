"""The order page, its verbs, moving, and taking a new order."""

from core.console.orders.views.moving import move
from core.console.orders.views.page import detail, live, sheet
from core.console.orders.views.taking import known, new, priced
from core.console.orders.views.verbs import cancel, change, close_issue, duty, finish, info, raise_issue

__all__ = [
    "cancel", "change", "close_issue", "detail", "duty", "finish", "info", "known", "live", "move", "new", "priced",
    "raise_issue", "sheet",
]  # fmt: skip
