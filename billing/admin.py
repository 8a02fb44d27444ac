"""Plans, and which studio is on which: set by operators until a vendor does it. Pay routes: for looking only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from billing.models import Bill, CatalogCheck, MerchantAccount, Notice, Plan, Subscription
from billing.services import forget_keys
from billing.subscribing import mark_paid
from tenants import directory
from tenants.admin import ReadOnlyAdmin


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no parameters at run time
    """After a change of price or name: `manage.py sync_plans`."""

    list_display = (
        "name", "code", "is_offered", "monthly_minor", "yearly_minor", "currency", "branches", "seats",
        "storage_bytes", "messages",
    )  # fmt: skip


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no parameters at run time
    """Operators lengthen trials and give accounts away; what Stripe says is for looking only."""

    list_display = ("studio", "plan", "state", "collection", "trial_ends_at", "period_ends_at", "reviewed_at")
    list_filter = ("state", "collection", "plan")
    list_select_related = ("studio", "plan")
    search_fields = ("studio__name", "studio__slug", "customer_ref")
    fields = (
        "studio", "plan", "state", "trial_ends_at", "period_ends_at", "interval", "collection", "past_due_since",
        "cancels_at", "ended_at", "customer_ref", "provider_ref", "provider_state", "seen_at", "reviewed_at",
    )  # fmt: skip
    readonly_fields = fields[5:]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        directory.forget()


@admin.register(Bill)
class BillAdmin(ReadOnlyAdmin):
    """Invoices; a year that came by transfer is marked paid here."""

    list_display = (
        "number", "studio", "erased_as", "state", "amount_minor", "currency", "plan", "issued_at", "paid_at",
    )  # fmt: skip
    list_filter = ("state", "is_own")
    list_select_related = ("studio", "plan")
    search_fields = ("number", "external")
    actions = ("paid_by_transfer",)

    @admin.action(description=gettext_lazy("The money came by transfer: begin the year"))
    def paid_by_transfer(self, request: HttpRequest, queryset: Any) -> None:
        for bill in queryset.filter(is_own=True):
            mark_paid(actor=request.user, bill=bill)
            self.log_change(request, bill, "mark_paid")


@admin.register(CatalogCheck)
class CatalogCheckAdmin(ReadOnlyAdmin):
    """What the daily looks at Stripe's catalogue found."""

    list_display = ("at", "fault", "found")
    date_hierarchy = "at"


@admin.register(MerchantAccount)
class MerchantAccountAdmin(ReadOnlyAdmin):
    """Without the keys, and without the secret part of the addresses.

    A number under our service-provider account that the wrong studio entered is released here: it is free again, and
    what was paid by it stays where it went.
    """

    list_display = ("studio", "route", "external", "is_ready", "is_on", "fault", "checked_at")
    list_filter = ("route", "is_ready")
    list_select_related = ("studio",)
    fields = ("studio", "route", "external", "is_ready", "is_on", "fault", "facts", "checked_at", "created_at")
    search_fields = ("external", "studio__name", "studio__slug")
    actions = ("release",)

    @admin.action(description=gettext_lazy("Release the number: take it from this studio"))
    def release(self, request: HttpRequest, queryset: Any) -> None:
        for account in queryset.select_related("studio"):
            if account.is_by_partner:
                forget_keys(actor=request.user, studio=account.studio, route=account.route)
                self.log_change(request, account, "release")


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What providers told; those that are nobody's want a person."""

    list_display = ("received_at", "route", "event", "kind", "reference", "studio", "state", "fault")
    list_filter = ("state", "route", "kind")
    list_select_related = ("studio",)
    search_fields = ("reference", "event_id")
    date_hierarchy = "received_at"
    fields = (
        "route", "event", "event_id", "kind", "reference", "provider_ref", "studio", "state", "fault", "received_at",
        "applied_at", "payload",
    )  # fmt: skip
