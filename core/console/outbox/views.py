"""What was sent to whom, and how it went. In the demo the phone codes are read here."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.console.access import requires
from core.messaging.enums import MessageState
from core.messaging.selectors import newest_messages, words_of
from core.people.enums import Capability

A_PAGE = 50
LOOKS = {
    MessageState.QUEUED: ("neutral", "clock"),
    MessageState.SENDING: ("info", "send"),
    MessageState.SENT: ("ok", "check"),
    MessageState.FAILED: ("bad", "alert-triangle"),
}


@requires(Capability.VIEW_OUTBOX)
@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Newest first; `?state=failed` narrows."""
    state = request.GET.get("state", "")
    found = newest_messages().filter(state=state) if state in MessageState.values else newest_messages()
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [{"message": row, "words": words_of(row), "look": LOOKS[MessageState(row.state)]} for row in shown]
    tabs = [{"label": _("All"), "url": "?", "current": state not in MessageState.values}]
    tabs += [
        {"label": label, "url": f"?state={value}", "current": state == value} for value, label in MessageState.choices
    ]
    zone = request.studio.timezone
    context = {"page_obj": shown, "rows": rows, "tabs": tabs, "zone": zone, "is_demo": settings.DEMO}
    return render(request, "console/outbox/outbox.html", context)
