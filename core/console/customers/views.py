"""Find, open, add and change customers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.console.access import requires
from core.console.customers.forms import CustomerForm
from core.console.refusals import apply_refusal
from core.kernel.errors import Refusal
from core.people import services
from core.people.enums import Capability
from core.people.models import Customer
from core.people.selectors import search_customers
from core.reports.customers import record_of, with_orders


@requires(Capability.VIEW_CUSTOMERS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    page = Paginator(search_customers(text), 40).get_page(request.GET.get("page"))
    context = {"page_obj": page, "lines": with_orders(list(page)), "q": text}
    return render(request, "console/customers/list.html", context)


@requires(Capability.VIEW_CUSTOMERS)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    record = record_of(customer, request.staff)
    return render(request, "console/customers/detail.html", {"customer": customer, "record": record})


@requires(Capability.CHANGE_CUSTOMERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = CustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            customer = services.add_customer(actor=request.user, **form.values())
        except Refusal as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("The customer was added."))
            return redirect("console:customers:detail", customer.pk)
    return _form(request, form)


@requires(Capability.CHANGE_CUSTOMERS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    form = CustomerForm(request.POST or None, instance=customer)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_customer(actor=request.user, customer=customer, **form.cleaned_data)
        except Refusal as refusal:
            apply_refusal(form, refusal)
            form.look_again()
        else:
            messages.success(request, _("Saved."))
            return redirect("console:customers:detail", pk)
    return _form(request, form, pk)


def _form(request: HttpRequest, form: CustomerForm, pk: int | None = None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "console/customers/form.html", {"form": form, "pk": pk}, status=status)
