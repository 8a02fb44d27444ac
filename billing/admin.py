"""Plans, and which studio is on which: set by operators until a vendor does it. Pay routes: for looking only."""

from django.contrib import admin

from billing.models import MerchantAccount, Notice, Plan, Subscription
from tenants.admin import ReadOnlyAdmin


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no parameters at run time
    list_display = ("name", "code", "branches", "seats", "storage_bytes")


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no parameters at run time
    list_display = ("studio", "plan")
    list_select_related = ("studio", "plan")


@admin.register(MerchantAccount)
class MerchantAccountAdmin(ReadOnlyAdmin):
    """Without the keys, and without the secret part of the addresses."""

    list_display = ("studio", "route", "external", "is_ready", "is_on", "fault", "checked_at")
    list_filter = ("route", "is_ready")
    list_select_related = ("studio",)
    fields = ("studio", "route", "external", "is_ready", "is_on", "fault", "facts", "checked_at", "created_at")


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
