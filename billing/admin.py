"""Plans, and which studio is on which: set by operators until a vendor does it."""

from django.contrib import admin

from billing.models import Plan, Subscription


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no parameters at run time
    list_display = ("name", "code", "branches", "seats", "storage_bytes")


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no parameters at run time
    list_display = ("studio", "plan")
    list_select_related = ("studio", "plan")
