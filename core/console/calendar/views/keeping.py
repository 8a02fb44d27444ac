"""Keeping the calendar: resources, rosters, leave, opening hours and rules."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import requires
from core.console.calendar.forms import (
    HolidayForm,
    HoursForm,
    LeaveForm,
    ResourceForm,
    RulesForm,
    WeekForm,
    shift_words,
    window_words,
)
from core.console.calendar.place import branch_links, branches_for, day_of, pick
from core.console.refusals import apply_refusal
from core.kernel import clock
from core.kernel.errors import Refusal
from core.people.enums import Capability
from core.scheduling import selectors, services
from core.scheduling.hours import USUAL_HOURS
from core.scheduling.models import Holiday, Leave, OpeningHours, Resource, Shift
from core.studios.models import Branch

form_page = require_http_methods(["GET", "POST"])
WEEK = dt.timedelta(days=7)


def _here(request: HttpRequest) -> tuple[tuple[Branch, ...], Branch]:
    """(branches that the viewer keeps, the one asked for)."""
    branches = branches_for(request, Capability.KEEP_CALENDAR)
    return branches, pick(branches, request.GET.get("branch", ""))


def _links(branches: tuple[Branch, ...], branch: Branch, **more: Any) -> dict[str, Any]:
    def query(**changes: Any) -> str:
        return "&".join(f"{name}={value}" for name, value in (more | changes).items())

    return {"branch": branch, "links": branch_links(branches, branch, query, every=False)}


def _back(name: str, branch_id: int, **more: Any) -> HttpResponse:
    query = "&".join(f"{key}={value}" for key, value in {"branch": branch_id, **more}.items())
    return redirect(f"{reverse(f'console:calendar:{name}')}?{query}")


# -- Resources ---------------------------------------------------------------------------------------------------------
@requires(Capability.KEEP_CALENDAR)
@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """Everybody and everything whose time is booked in a branch."""
    branches, branch = _here(request)
    rows = selectors.resources_of([branch.pk], everything=True).order_by("-is_active", "kind", "position", "pk")
    return render(request, "console/calendar/resources.html", {"rows": rows, **_links(branches, branch)})


@requires(Capability.KEEP_CALENDAR)
@form_page
def edit_resource(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new resource, or an existing one with its calendar's address."""
    resource = _resource(request, pk) if pk else None
    branch = resource.branch if resource else _here(request)[1]
    form = ResourceForm(request.POST or None, branch=branch, resource=resource)
    if form.is_valid():
        try:
            services.save_resource(actor=request.user, branch=branch, resource=resource, **form.cleaned_data)
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return _back("resources", branch.pk)
    token = resource.feed_token if resource else None
    feed = request.build_absolute_uri(reverse("calendar-feed", args=[token])) if token else ""
    context = {"form": form, "resource": resource, "branch": branch, "feed": feed}
    return render(request, "console/calendar/resource.html", context, status=422 if form.is_bound else 200)


def _resource(request: HttpRequest, pk: int) -> Resource:
    rows = request.staff.scope(Resource.objects.select_related("branch", "user"), Capability.KEEP_CALENDAR)
    return get_object_or_404(rows, pk=pk)


@requires(Capability.KEEP_CALENDAR)
@require_POST
def feed_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the secret address of a calendar, make another, or take it back."""
    resource = _resource(request, pk)
    if request.POST.get("what") == "revoke":
        services.revoke_feed(actor=request.user, resource=resource)
        messages.success(request, _("The address works no more."))
    else:
        services.make_feed(actor=request.user, resource=resource)
        messages.success(request, _("Here is the new address; an older one works no more."))
    return redirect(reverse("console:calendar:resource", args=[pk]) + "#feed")


# -- Rosters -----------------------------------------------------------------------------------------------------------
@requires(Capability.KEEP_CALENDAR)
@form_page
def shifts(request: HttpRequest) -> HttpResponse:
    """The week's roster of a branch as a grid that is typed into."""
    branches, branch = _here(request)
    monday = _monday(request, branch)
    people = [one for one in selectors.resources_of([branch.pk]) if one.is_person]
    days = [monday + dt.timedelta(days=i) for i in range(7)]
    planned = Shift.objects.filter(resource__in=people, day__gte=monday, day__lt=monday + WEEK)
    by_key: dict[str, list[str]] = {}
    for row in planned:
        by_key.setdefault(f"p{row.resource_id}d{row.day.weekday()}", []).append(shift_words(row.starts, row.ends))
    initial = {key: texts[0] for key, texts in by_key.items()}
    form = WeekForm(request.POST or None, people=people, days=days, initial=initial)
    if form.is_valid():
        for person, week in form.weeks():
            services.save_week(actor=request.user, resource=person, monday=monday, shifts=week)
        messages.success(request, _("The roster is saved."))
        return _back("shifts", branch.pk, week=monday)
    context = {"form": form, "days": days, "monday": monday, "before": monday - WEEK, "after": monday + WEEK}
    context |= _links(branches, branch, week=monday)
    return render(request, "console/calendar/shifts.html", context, status=422 if form.is_bound else 200)


def _monday(request: HttpRequest, branch: Branch) -> dt.date:
    day = day_of(request.GET.get("week", "")) or clock.today(branch.timezone)
    return day - dt.timedelta(days=day.weekday())


@requires(Capability.KEEP_CALENDAR)
@require_POST
def copy_shifts(request: HttpRequest) -> HttpResponse:
    """Last week's roster for those who have none this week."""
    _branches, branch = _here(request)
    monday = _monday(request, branch)
    count = services.copy_week(actor=request.user, branch=branch, monday=monday)
    said = ngettext("Copied for %(n)d colleague.", "Copied for %(n)d colleagues.", count) % {"n": count}
    messages.success(request, said)
    return _back("shifts", branch.pk, week=monday)


# -- Leave -------------------------------------------------------------------------------------------------------------
@requires(Capability.KEEP_CALENDAR)
@form_page
def leave(request: HttpRequest) -> HttpResponse:
    """Who is away, and which bookings that touches: they stay until somebody moves them."""
    branches, branch = _here(request)
    form = LeaveForm(request.POST or None, branch=branch)
    if form.is_valid():
        starts_at, ends_at = form.bounds()
        data = form.cleaned_data
        made = services.add_leave(
            actor=request.user, resource=data["resource"], starts_at=starts_at, ends_at=ends_at, kind=data["kind"],
            note=data["note"],
        )  # fmt: skip
        hit = selectors.affected_by(made).count()
        said = ngettext("Saved. %(n)d booking needs somebody else.", "Saved. %(n)d bookings need somebody else.", hit)
        messages.add_message(request, messages.WARNING if hit else messages.SUCCESS, said % {"n": hit})
        return _back("leave", branch.pk)
    rows = Leave.objects.filter(resource__branch=branch, ends_at__gt=clock.now() - WEEK, resource__is_active=True)
    lines = [(row, list(selectors.affected_by(row))) for row in rows.select_related("resource__branch")[:40]]
    context = {"form": form, "lines": lines, "zone": branch.timezone, **_links(branches, branch)}
    return render(request, "console/calendar/leave.html", context, status=422 if form.is_bound else 200)


@requires(Capability.KEEP_CALENDAR)
@require_POST
def end_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike a leave."""
    rows = request.staff.scope(
        Leave.objects.select_related("resource"), Capability.KEEP_CALENDAR, "resource__branch_id"
    )
    row = get_object_or_404(rows, pk=pk)
    services.end_leave(actor=request.user, leave=row)
    messages.success(request, _("Struck."))
    return _back("leave", row.resource.branch_id)


# -- Hours, rules, holidays --------------------------------------------------------------------------------------------
@requires(Capability.KEEP_CALENDAR)
@form_page
def hours(request: HttpRequest) -> HttpResponse:
    """A branch's week, its rules of booking, its days out of the ordinary."""
    branches, branch = _here(request)
    form = HoursForm(request.POST or None, initial=_hours_initial(branch))
    if form.is_valid():
        try:
            services.save_hours(actor=request.user, branch=branch, hours=form.hours())
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return _back("hours", branch.pk)
    return _hours_page(request, branches, branch, form=form)


def _hours_page(request: HttpRequest, branches: Any, branch: Branch, **forms_: Any) -> HttpResponse:
    context = {
        "form": HoursForm(initial=_hours_initial(branch)),
        "rules": RulesForm(instance=selectors.rules_of(branch)),
        "holiday": HolidayForm(),
        "holidays": Holiday.objects.filter(branch=branch, day__gte=clock.today(branch.timezone)),
        **_links(branches, branch),
        **forms_,
    }
    bound = any(form.is_bound for form in forms_.values())
    return render(request, "console/calendar/hours.html", context, status=422 if bound else 200)


def _hours_initial(branch: Branch) -> dict[str, str]:
    days: dict[str, list[str]] = {}
    for row in OpeningHours.objects.filter(branch=branch):
        days.setdefault(f"day{row.weekday}", []).append(window_words((row.opens, row.closes)))
    usual = {f"day{day}": [window_words(USUAL_HOURS)] for day in range(7)}  # what counts until somebody says otherwise
    return {day: ", ".join(texts) for day, texts in (days or usual).items()}


@requires(Capability.KEEP_CALENDAR)
@require_POST
def rules(request: HttpRequest) -> HttpResponse:
    """A branch's rules of booking."""
    branches, branch = _here(request)
    form = RulesForm(request.POST, instance=selectors.rules_of(branch))
    if not form.is_valid():
        return _hours_page(request, branches, branch, rules=form)
    services.save_rules(actor=request.user, branch=branch, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return _back("hours", branch.pk)


@requires(Capability.KEEP_CALENDAR)
@require_POST
def add_holiday(request: HttpRequest) -> HttpResponse:
    """A day on which the branch is closed, or open at other hours."""
    branches, branch = _here(request)
    form = HolidayForm(request.POST)
    if not form.is_valid():
        return _hours_page(request, branches, branch, holiday=form)
    opens, closes = form.cleaned_data["hours"] or (None, None)
    told = {"day": form.cleaned_data["day"], "name": form.cleaned_data["name"], "opens": opens, "closes": closes}
    services.save_holiday(actor=request.user, branch=branch, **told)
    messages.success(request, _("Saved."))
    return _back("hours", branch.pk)


@requires(Capability.KEEP_CALENDAR)
@require_POST
def strike_holiday(request: HttpRequest, pk: int) -> HttpResponse:
    """The day is one like others again."""
    row = get_object_or_404(request.staff.scope(Holiday.objects.all(), Capability.KEEP_CALENDAR), pk=pk)
    services.strike_holiday(actor=request.user, holiday=row)
    messages.success(request, _("Struck."))
    return _back("hours", row.branch_id)
