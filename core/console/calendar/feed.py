"""A person's or a room's calendar as iCalendar (RFC 5545), for the phone's own calendar: read by a secret address.

It says as little about customers as works: the order's title and no phone. Whatever was cancelled or handed to somebody
else stays in the feed as STATUS:CANCELLED, so that clients take it away. Nothing in it depends on when it is asked for:
DTSTAMP is the row's, so an unchanged calendar keeps its ETag.
"""

import datetime as dt
import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from core.kernel import clock
from core.scheduling.enums import AppointmentState
from core.scheduling.models import Resource, ResourceClaim
from core.scheduling.selectors import feed_of, feed_rows
from tenants.access import declare
from tenants.context import current_studio

PAST, AHEAD = dt.timedelta(days=31), dt.timedelta(days=365)
REFRESH = dt.timedelta(minutes=30)
TIMES = {
    AppointmentState.HELD: "TENTATIVE",
    AppointmentState.CONFIRMED: "CONFIRMED",
    AppointmentState.DONE: "CONFIRMED",
}


@declare("signed")
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; 404 when it was taken back."""
    resource = feed_of(token)
    if resource is None:
        raise Http404
    with translation.override(current_studio().language):
        body = feed_body(resource)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer: HttpResponse
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="calendar.ics"'
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def feed_body(resource: Resource) -> bytes:
    """The calendar of a resource, a month back and a year ahead."""
    today = clock.day_start(clock.today(resource.branch.timezone), resource.branch.timezone)
    zone = clock.zone(resource.branch.timezone)
    calendar = Calendar()
    calendar.add("prodid", "-//Yinglou//Calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{resource.name} · {resource.branch.name}")
    calendar.add("x-wr-timezone", resource.branch.timezone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    for event in _events(feed_rows(resource, today - PAST, today + AHEAD), zone):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _events(claims: list[ResourceClaim], zone: dt.tzinfo) -> list[Event]:
    """One event for each appointment and run of blocks: the standing claim, else the last one that stood there."""
    chosen: dict[str, ResourceClaim] = {}
    for claim in claims:
        key = f"{claim.appointment.code}-{min(claim.positions, default=0)}"
        if key not in chosen or claim.active or not chosen[key].active:
            chosen[key] = claim
    schema = current_studio().schema_name
    return [_event(claim, f"{key}@{schema}.yinglou", zone) for key, claim in chosen.items()]


def _event(claim: ResourceClaim, uid: str, zone: dt.tzinfo) -> Event:
    row, event = claim.appointment, Event()
    standing = claim.active and row.state in TIMES
    start, end = _work(claim)
    event.add("uid", uid)
    event.add("dtstamp", row.changed_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("last-modified", row.changed_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("sequence", row.seq)
    event.add("dtstart", start.astimezone(zone))
    event.add("dtend", end.astimezone(zone))
    event.add("status", TIMES[AppointmentState(row.state)] if standing else "CANCELLED")
    event.add("transp", "OPAQUE" if standing else "TRANSPARENT")
    event.add("summary", f"{row.get_kind_display()} · {row.title}")
    event.add("location", " ".join(part for part in (row.branch.name, row.branch.address) if part))
    if text := _description(claim):
        event.add("description", text)
    return event


def _work(claim: ResourceClaim) -> tuple[dt.datetime, dt.datetime]:
    """The work without its buffers, as far as the blocks are still those of this claim."""
    during: Any = claim.during
    blocks = [
        block
        for block in claim.appointment.blocks.all()
        if block.position in claim.positions and during.lower <= block.starts_at and block.ends_at <= during.upper
    ]
    if not blocks:
        return during.lower, during.upper
    return min(b.starts_at for b in blocks), max(b.ends_at for b in blocks)


def _description(claim: ResourceClaim) -> str:
    names = [block.name for block in claim.appointment.blocks.all() if block.position in claim.positions and block.name]
    parts = [" · ".join(names)]
    if claim.appointment.state == AppointmentState.HELD:
        parts.append(_("On hold, not firm yet"))
    return "\n".join(part for part in parts if part)
