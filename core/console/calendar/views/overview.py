"""The calendar: timeline and agenda of a day, week or month."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.console.access import requires
from core.console.calendar.faces import agenda_of, faces_of, kind_filter
from core.console.calendar.place import EVERY, Place, read_place
from core.console.calendar.timeline import hours_shown, timeline_of
from core.kernel import events
from core.kernel.htmx import page
from core.people.enums import Capability
from core.scheduling.models import Holiday, calendar_stream
from core.scheduling.selectors import loans_asked, standing_between


@requires(Capability.VIEW_CALENDAR)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Who is where when. The agenda is in the page; the timeline is drawn by script where there is room for it."""
    place, staff = read_place(request), request.staff
    at = events.positions([calendar_stream(pk) for pk in place.ids])
    holidays = {row.day: row.name for row in _holidays(place)}
    days = agenda_of(_faces(request, place), place.first, place.until, place.today, holidays)
    context: dict[str, Any] = {
        "place": place,
        "days": days,
        "links": place.links(),
        "socket": f"/ws/calendar/{place.branch.pk if place.branch else EVERY}/",
        "at": at,
        "hours": hours_shown(place),
        "may_book": staff.may(Capability.BOOK_DATES),
        "may_keep": staff.may(Capability.KEEP_CALENDAR),
        "loans": loans_asked(staff.branches(Capability.KEEP_CALENDAR))[:20],
        "words": {"expand": pgettext("rows", "Show"), "collapse": pgettext("rows", "Hide")},
    }
    return page(request, "console/calendar/calendar.html", context, partial="agenda")


@requires(Capability.VIEW_CALENDAR)
@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """Rows and bars of the same place, for the script that draws them."""
    place = read_place(request)
    movable = {branch.pk for branch in place.shown if request.staff.may(Capability.BOOK_DATES, branch.pk)}
    return JsonResponse(timeline_of(place, _faces(request, place), movable))


def _faces(request: HttpRequest, place: Place) -> list[Any]:
    full = request.staff.may(Capability.VIEW_CUSTOMERS)
    return kind_filter(faces_of(standing_between(place.ids, *place.bounds), full_phones=full), place.kind)


def _holidays(place: Place) -> Any:
    return Holiday.objects.filter(branch_id__in=place.ids, day__gte=place.first, day__lt=place.until)
