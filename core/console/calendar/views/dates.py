"""One date: its sheet, finding a time for it, and what becomes of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.booking.services.proposing import propose_date
from core.booking.services.shifting import promised, shift_date
from core.console.access import requires
from core.console.calendar.faces import faces_of, may_of
from core.console.calendar.forms import NewDateForm, NoteForm, ReasonForm
from core.console.calendar.place import branches_for, pick
from core.console.calendar.planning import MoveForm, Planning
from core.console.orders.pages import history_of
from core.console.refusals import apply_refusal
from core.console.sentences import refusal_sentence
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.htmx import page
from core.orders import dates
from core.orders.enums import Wish
from core.orders.models import Order
from core.orders.selectors import order_for
from core.people.enums import Capability
from core.scheduling import selectors, services
from core.scheduling.chains import USUAL, Chain, chain_of
from core.scheduling.enums import AppointmentKind
from core.scheduling.models import Appointment, Resource

form_page = require_http_methods(["GET", "POST"])


def appointment_or_404(request: HttpRequest, code: str, capability: Capability | None = None) -> Appointment:
    """The appointment if the viewer sees it; 403 when they lack the capability in its branch."""
    row = selectors.appointment_for(request.staff, code)
    if row is None:
        raise Http404
    if capability and not request.staff.may(capability, row.branch_id):
        raise PermissionDenied
    return row


def agreed_by(request: HttpRequest) -> frozenset[int]:
    """Branches whose resources the viewer may lend without asking."""
    return frozenset(branch.pk for branch in branches_or_none(request, Capability.KEEP_CALENDAR))


def branches_or_none(request: HttpRequest, capability: Capability) -> Any:
    return branches_for(request, capability) if request.staff.may(capability) else ()


@requires(Capability.VIEW_CALENDAR)
@require_safe
def appointment(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet: who, when, which resources, which order, and what can be done."""
    row = appointment_or_404(request, code)
    staff: Any = request.staff
    loaded = selectors.with_parts(selectors.visible(staff).filter(pk=row.pk))
    (face,) = faces_of(loaded, full_phones=staff.may(Capability.VIEW_CUSTOMERS, row.branch_id))
    keeps = staff.branches(Capability.KEEP_CALENDAR)
    context = {
        "face": face,
        "may": may_of(staff, row),
        "events": history_of(selectors.history(row)),
        "until": until if (until := selectors.may_change_until(row)) > clock.now() else None,
        "loans": [(c, keeps is None or c.resource.branch_id in keeps) for c in face.lent],
        "order": face.order if face.order and staff.may(Capability.VIEW_BOARD, face.order.branch_id) else None,
    }
    return page(request, "console/calendar/appointment.html", context, partial="sheet")


@requires(Capability.BOOK_DATES)
@form_page
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Another time or crew. A drag on the timeline opens the same form, filled. A date that a signed contract promises
    is asked of the customer, or moved with a reason and an annex that tells them.
    """
    row = appointment_or_404(request, code, Capability.BOOK_DATES)
    planning, order = _planning_of(row, request), promised(row)
    form = MoveForm(request.POST or None, planning=planning, promised=order is not None, initial={"seq": row.seq})
    if form.is_valid() and (done := _moved(request, row, form, order)):
        return redirect(done_url(done))
    context = {
        "form": form,
        "planning": planning,
        "row": row,
        "promised": order,
        "back": reverse("console:calendar:appointment", args=[code]),
    }
    status = 422 if form.is_bound else 200
    return page(request, "console/calendar/move.html", context, partial="form", status=status)


def _moved(request: HttpRequest, row: Appointment, form: MoveForm, order: Order | None) -> Appointment | None:
    """The customer is asked, or the date is moved; None when that was refused."""
    told: dict[str, Any] = {"actor": request.user, "plan": form.plan(), "agreed": agreed_by(request), **form.told()}
    asks = order is not None and request.POST.get("how") == "ask"
    try:
        if asks and order is not None:
            told["wish"] = told["wish"] or Wish.STUDIO
            propose_date(order=order, appointment=row, **told)
            done = row
        else:
            more = {"seq": form.cleaned_data["seq"], "say": form.cleaned_data.get("say", True)}
            done = shift_date(appointment=row, **told, **more)
    except Refusal as refusal:
        apply_refusal(form, refusal)
        return None
    asked = _("The customer is asked. The new time is on hold until they answer.")
    messages.success(request, asked if asks else _("The date is moved."))
    return done


def done_url(row: Appointment) -> str:
    return reverse("console:calendar:appointment", args=[row.code])


def _planning_of(row: Appointment, request: HttpRequest) -> Planning:
    loaded = selectors.with_parts(Appointment.objects.filter(pk=row.pk)).get()
    crew = tuple(dict.fromkeys(claim.resource_id for claim in loaded.claims.all()))
    return Planning(
        branch=row.branch,
        chain=selectors.chain_of_appointment(loaded),
        given=request.GET,
        customer=row.customer,
        crew=crew,
        begins=row.starts_at,
        without=row.pk,
    )


@requires(Capability.BOOK_DATES)
@form_page
def new(request: HttpRequest) -> HttpResponse:
    """A new date, for an order or for itself: on hold, or firm at once."""
    branches = branches_for(request, Capability.BOOK_DATES)
    order = _order_asked(request, branches)
    branch = order.branch if order else pick(branches, request.GET.get("branch", ""))
    kind = request.GET.get("kind", "")
    kind = kind if kind in AppointmentKind.values else str(AppointmentKind.SHOOT)
    keep = {"kind": kind, "branch": str(branch.pk), "order": order.code if order else ""}
    planning = Planning(branch, chain_for(kind, order), request.GET, order.customer if order else None, keep=keep)
    initial = {"title": order.title, "customer": order.customer.phone} if order else {}
    form = NewDateForm(request.POST or None, planning=planning, initial=initial)
    if form.is_valid() and (made := _made(request, form, order, branch, kind)):
        return redirect(done_url(made))
    context = {"form": form, "planning": planning, "order": order, "branch": branch, "kind": kind,
               "kinds": AppointmentKind.choices, "branches": branches}  # fmt: skip
    return render(request, "console/calendar/new.html", context, status=422 if form.is_bound else 200)


def _order_asked(request: HttpRequest, branches: Any) -> Order | None:
    code = request.GET.get("order", "")
    order = order_for(request.staff, code) if code else None
    if code and (order is None or order.branch_id not in {branch.pk for branch in branches}):
        raise Http404
    return order


def chain_for(kind: str, order: Order | None = None) -> Chain:
    """The chain of the order's package for its shoot, else what the trade does usually."""
    told = order.terms.get("blocks") if order and kind == AppointmentKind.SHOOT else None
    try:
        return chain_of(told) if told else USUAL[kind]
    except Refusal:
        return USUAL[kind]


def _made(request: HttpRequest, form: NewDateForm, order: Order | None, branch: Any, kind: str) -> Appointment | None:
    data, firm = form.cleaned_data, request.POST.get("how") == "firm"
    told: dict[str, Any] = {
        "actor": request.user, "kind": kind, "plan": form.plan(), "title": data["title"], "note": data["note"],
        "agreed": agreed_by(request),
    }  # fmt: skip
    try:
        if order:
            made = dates.take_date(order=order, firm=firm, **told)
        else:
            take = services.book if firm else services.hold
            made = take(branch=branch, customer=data["customer"], **told)
    except Refusal as refusal:
        apply_refusal(form, refusal)
        return None
    messages.success(request, _("The date is taken.") if firm else _("The date is on hold."))
    return made


# -- Verbs of one button -----------------------------------------------------------------------------------------------
def settle(request: HttpRequest, row: Appointment, work: Callable[[], Any], done: str) -> HttpResponse:
    """Do the work, say how it went, back to the sheet."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, done)
    return redirect(done_url(row))


@requires(Capability.BOOK_DATES)
@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Make a hold firm; one that has run out too, when its time is still free."""
    row = appointment_or_404(request, code, Capability.BOOK_DATES)
    work = lambda: dates.confirm_date(actor=request.user, appointment=row, revive=True)  # noqa: E731 (read in place)
    return settle(request, row, work, _("The date is firm."))


@requires(Capability.BOOK_DATES)
@require_POST
def release(request: HttpRequest, code: str) -> HttpResponse:
    """Give a hold back."""
    row = appointment_or_404(request, code, Capability.BOOK_DATES)
    return settle(
        request, row, lambda: services.release(actor=request.user, appointment=row), _("The hold is given back.")
    )


@requires(Capability.BOOK_DATES)
@require_POST
def finish(request: HttpRequest, code: str) -> HttpResponse:
    """The visit took place."""
    row = appointment_or_404(request, code, Capability.BOOK_DATES)
    return settle(request, row, lambda: services.finish(actor=request.user, appointment=row), _("Noted as done."))


@requires(Capability.BOOK_DATES)
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """It did not take place after all."""
    row = appointment_or_404(request, code, Capability.BOOK_DATES)
    return settle(request, row, lambda: services.reopen(actor=request.user, appointment=row), _("Opened again."))


# -- Verbs with a form -------------------------------------------------------------------------------------------------
def ask(request: HttpRequest, row: Appointment, form: forms.BaseForm, **words: Any) -> HttpResponse:
    """A form about the date: `title`, `submit`, perhaps `text` and `danger`."""
    context = {"row": row, "form": form, "back": done_url(row), "action": request.get_full_path(), **words}
    return page(request, "console/calendar/form.html", context, partial="form", status=422 if form.is_bound else 200)


@requires(Capability.BOOK_DATES)
@form_page
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Take the date out of the calendar, with a reason."""
    row = appointment_or_404(request, code, Capability.BOOK_DATES)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        text = _("The time is free again and whoever waits is offered it. The customer is told. This cannot be undone.")
        title = _("Cancel the date")
        return ask(request, row, form, title=title, submit=title, text=text, danger=True)
    reason = form.cleaned_data["reason"]
    work = lambda: dates.cancel_date(actor=request.user, appointment=row, reason=reason)  # noqa: E731 (read in place)
    return settle(request, row, work, _("The date is cancelled."))


@requires(Capability.BOOK_DATES)
@form_page
def note(request: HttpRequest, code: str) -> HttpResponse:
    """Title and note."""
    row = appointment_or_404(request, code, Capability.BOOK_DATES)
    form = NoteForm(request.POST or None, initial={"title": row.title, "note": row.note})
    if not form.is_valid():
        return ask(request, row, form, title=_("Title and note"), submit=_("Save"))
    work = lambda: services.change_note(actor=request.user, appointment=row, **form.cleaned_data)  # noqa: E731 (read in place)
    return settle(request, row, work, _("Saved."))


@requires(Capability.KEEP_CALENDAR)
@require_POST
def answer_loan(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Agree to lend a resource to another branch's date, or not."""
    row = appointment_or_404(request, code)
    resource = get_object_or_404(Resource.objects.select_related("branch"), pk=pk)
    if not request.staff.may(Capability.KEEP_CALENDAR, resource.branch_id):
        raise PermissionDenied
    told = {"actor": request.user, "appointment": row, "resource": resource}
    if request.POST.get("answer") == "agree":
        return settle(request, row, lambda: services.agree_lending(**told), _("Lent."))
    reason = request.POST.get("reason", "")
    return settle(
        request, row, lambda: services.refuse_lending(**told, reason=reason), _("Not lent; the time is free.")
    )
