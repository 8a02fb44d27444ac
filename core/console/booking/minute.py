"""Booking while the customer is on the phone: number, package, one of the first free times, a hold, the link."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext_lazy, to_locale
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.booking import offers
from core.booking.enums import Origin
from core.booking.models import Booking
from core.booking.plannable import lack_at
from core.booking.services.holding import Choice, begin_booking, hold_booking
from core.catalog.models import Package
from core.catalog.quotes import quote
from core.catalog.selectors import coupon_for
from core.console.access import requires
from core.console.orders.forms import date_input
from core.console.orders.taking import PhoneField, is_other_name, known_customer
from core.console.packages.planning import reasons_of
from core.console.sentences import refusal_sentence
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.money import format_minor
from core.people import services as people
from core.people.enums import Capability, Channel
from core.people.phone import mask
from core.scheduling.enums import DayPart
from core.scheduling.models import Resource
from core.studios.models import Branch
from tenants.context import current_studio
from tenants.typed import PrintedNameField

HOURS = (2, 6, 24, 48)


def _money(minor: int) -> str:
    return format_minor(minor, current_studio().currency, to_locale(get_language() or "zh-hans"))


class MinuteForm(forms.Form):
    """What is asked on the phone, in the order in which one asks."""

    phone = PhoneField(label=_("Phone"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    name = PrintedNameField(label=_("Name"), max_length=60, required=False)
    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none(), empty_label=None)
    package = forms.ModelChoiceField(label=_("Package"), queryset=Package.objects.none(), empty_label=None)
    first = forms.DateField(label=_("Times from"), widget=date_input())
    part = forms.ChoiceField(label=_("Time of day"), choices=DayPart, required=False)
    off = forms.BooleanField(label=_("Weekends and holidays"), required=False)
    who = forms.ModelChoiceField(
        label=_("Photographer"), queryset=Resource.objects.none(), required=False, empty_label=_("Anybody")
    )
    addons = forms.MultipleChoiceField(label=_("Add-ons"), required=False, widget=forms.CheckboxSelectMultiple)
    coupon = forms.CharField(label=_("Coupon code"), max_length=24, required=False)
    at = forms.CharField(required=False, max_length=40)
    hours = forms.TypedChoiceField(
        label=_("Hold for"),
        coerce=int,
        initial=24,
        choices=[(n, ngettext_lazy("%(n)d hour", "%(n)d hours", n) % {"n": n}) for n in HOURS],
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        branches = staff.scope(Branch.objects.filter(is_active=True), Capability.BOOK_DATES, "pk")
        fields["branch"].queryset = branches
        fields["package"].queryset = Package.objects.filter(is_offered=True, versions__isnull=False).distinct()
        self.initial.setdefault("branch", branches.first())
        self.initial.setdefault("package", fields["package"].queryset.first())
        self.chosen_branch: Any = self._chosen("branch")
        self.chosen_package: Any = self._chosen("package")
        self.version = offers.offered_version(self.chosen_package.pk) if self.chosen_package else None
        offered = self.version.terms.get("addons", []) if self.version else []
        fields["addons"].choices = [(one["code"], f"{one['name']} · {_money(one['price_minor'])}") for one in offered]
        if self.chosen_branch:
            self.initial.setdefault("first", clock.today(self.chosen_branch.timezone) + dt.timedelta(days=1))
            people_here = [one.pk for one in offers.photographers(self.chosen_branch)]
            fields["who"].queryset = Resource.objects.filter(pk__in=people_here)

    def _chosen(self, name: str) -> Any:
        """What the field holds, typed or given, if it is sound."""
        field: Any = self.fields[name]
        value = self[name].value()
        try:
            return field.clean(getattr(value, "pk", value))
        except forms.ValidationError:
            return None

    def starts(self) -> list[offers.Start]:
        """The first free times for what is filled in so far."""
        version = self.version
        if version is None or self.chosen_branch is None:
            return []
        first, who = self._chosen("first") or clock.now().date(), self._chosen("who")
        part = self._chosen("part") or ""
        told: dict[str, Any] = {"who": who.pk if who else None, "part": part, "only_off": bool(self._chosen("off"))}
        told["addons"] = self.ticked
        try:
            return offers.first_starts(self.chosen_branch, version, first, coupon=self.coupon_typed()[0], **told)
        except Refusal:  # too little is bought for the coupon: holding says so
            return offers.first_starts(self.chosen_branch, version, first, **told)

    @property
    def ticked(self) -> list[tuple[str, int]]:
        """Add-ons of the chosen package, each once."""
        known = {code for code, _label in self.fields["addons"].choices}
        return [(code, 1) for code in dict.fromkeys(self["addons"].value() or []) if code in known]

    def coupon_typed(self) -> tuple[Any, str]:
        """The coupon that was typed, and why it does not count; (None, "") without one."""
        code = str(self["coupon"].value() or "").strip()
        if not code or self.chosen_branch is None or self.chosen_package is None:
            return None, ""
        phone = self._chosen("phone")
        customer = known_customer(phone) if phone else None
        told = {"branch": self.chosen_branch, "package_id": self.chosen_package.pk, "customer": customer}
        try:
            return coupon_for(code, **told), ""
        except Refusal as refusal:
            return None, refusal_sentence(refusal)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        known = known_customer(data["phone"]) if data.get("phone") else None
        if data.get("phone") and not known and not data.get("name"):
            self.add_error("name", _("This number is new: please give the name."))
        elif known and data.get("name") and is_other_name(data["name"], known):
            text = gettext("This number belongs to %(known)s. Empty the name to book for them, or check the number.")
            self.add_error("name", text % {"known": known.name})
        try:
            data["at"] = dt.datetime.fromisoformat(data.get("at") or "")
        except ValueError:
            self.add_error(None, _("Please choose a time."))
        return data


@requires(Capability.BOOK_DATES)
@require_http_methods(["GET", "POST"])
def minute(request: HttpRequest) -> HttpResponse:
    """One page. `?…` fills it in and finds times; sent, the date is held and the customer has the link."""
    staff: Any = request.staff
    initial = {**request.GET.dict(), "addons": request.GET.getlist("addons")}
    form = MinuteForm(request.POST or None, staff=staff, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            booking = _held(request, form)
        except Refusal as refusal:
            form.add_error(None, refusal_sentence(refusal))
        else:
            return _done(request, booking)
    zone = form.chosen_branch.timezone if form.chosen_branch else ""
    context = {"form": form, "starts": form.starts(), "zone": zone, "lookup_url": reverse("console:orders:known")}
    if not context["starts"] and form.version and form.chosen_branch:
        lack = lack_at(form.chosen_branch, form.version.terms)
        context["lacks"] = reasons_of(lack) if lack else []
        context["may_keep"] = staff.may(Capability.KEEP_CALENDAR)
    context["coupon_refused"] = form.coupon_typed()[1]
    template = "console/booking/times.html" if request.headers.get("HX-Request") else "console/booking/minute.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


def _done(request: HttpRequest, booking: Booking) -> HttpResponse:
    order, customer = booking.order, booking.customer
    assert order is not None, "a held booking has an order"
    assert customer is not None, "a held booking is somebody's"
    facts = {"code": order.code, "phone": mask(customer.phone)}
    messages.success(request, gettext("On hold as %(code)s. The link to sign and pay went to %(phone)s.") % facts)
    return redirect("console:orders:detail", order.code)


def _held(request: HttpRequest, form: MinuteForm) -> Booking:
    """Known people are found, new ones added; then the date is held for them."""
    data = form.cleaned_data
    customer = known_customer(data["phone"])
    if customer is None:
        told = {"name": data["name"], "phone": data["phone"], "source": Channel.OTHER}
        customer = people.add_customer(actor=request.user, **told)
    version = offers.offered_version(data["package"].pk)
    if version is None:
        raise Refusal("package.not_offered")
    addons, code = form.ticked, data["coupon"].strip()
    price = quote(version, data["branch"], data["at"], addons, code, customer).total_minor
    choice = Choice(data["branch"], data["package"], data["at"], price, data["who"], addons, code)
    told = {"customer": customer, "note": data["note"], "origin": Origin.DESK, "taken_by": request.user}
    draft = begin_booking(choice=choice, **told)
    expires = dt.timedelta(hours=data["hours"])
    return hold_booking(actor=request.user, booking=draft, customer=customer, expires=expires)
