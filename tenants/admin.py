"""Studios as operators see them. Opening and dropping are verbs of their own, not rows to add or delete."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants import directory
from tenants.life import operating
from tenants.life.models import ErasureCertificate, StudioAct, StudioTask, SupportStep, SupportVisit
from tenants.life.words import note_of, word_of
from tenants.models import Domain, SchemaState, Studio
from tenants.services import StudioBusy, resume_studio, suspend_studio


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no parameters at run time
    """Looking is allowed, nothing else."""

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]  # no parameters at run time
    """Rows to look at."""

    template = "admin/tenants/rows.html"
    extra = max_num = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class DomainInline(ReadOnlyInline):
    model = Domain
    fields = ("domain", "is_primary", "is_own", "is_ready", "checked_at", "found")


@admin.register(Studio)
class StudioAdmin(ReadOnlyAdmin):
    """Name, language and colour may be corrected; doors are closed and opened by actions."""

    list_display = ("name", "slug", "status", "currency", "language", "created_at", "life")
    list_select_related = ("schema_state",)
    list_filter = ("status", "language")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "schema_name", "status", "language", "timezone", "currency", "brand_hue", "created_at")
    readonly_fields = ("slug", "schema_name", "status", "currency", "created_at")
    inlines = (DomainInline,)
    actions = ("suspend", "resume")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[Any]:
        return operating.urls(self) + super().get_urls()

    @admin.display(description=gettext_lazy("Life"))
    def life(self, studio: Studio) -> str:
        """The page of its verbs."""
        return format_html('<a href="{}">{}</a>', reverse("admin:studio-life", args=[studio.pk]), _("Export, close, …"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        directory.forget()

    @admin.action(description=gettext_lazy("Close the doors of the chosen studios"))
    def suspend(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset, suspend_studio)

    @admin.action(description=gettext_lazy("Open the doors of the chosen studios again"))
    def resume(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset, resume_studio)

    def _each(self, request: HttpRequest, queryset: Any, verb: Any) -> None:
        done = 0
        for studio in queryset:
            try:
                verb(studio)
            except StudioBusy as busy:
                self.message_user(
                    request,
                    _("%(studio)s is %(status)s: nothing done.") % {"studio": studio, "status": busy},
                    messages.WARNING,
                )
            else:
                self.log_change(request, studio, f"{verb.__name__}")
                done += 1
        self.message_user(request, _("Studios changed: %(count)s") % {"count": done})


@admin.register(Domain)
class DomainAdmin(ReadOnlyAdmin):
    list_display = ("domain", "tenant", "is_primary")
    search_fields = ("domain",)


@admin.register(SchemaState)
class SchemaStateAdmin(ReadOnlyAdmin):
    list_display = ("studio", "error", "at")
    list_select_related = ("studio",)


@admin.register(StudioTask)
class StudioTaskAdmin(ReadOnlyAdmin):
    list_display = ("kind", "slug", "state", "step", "percent", "asked_by", "created_at")
    list_filter = ("kind", "state")
    search_fields = ("slug", "code")
    exclude = ("progress",)


@admin.register(StudioAct)
class StudioActAdmin(ReadOnlyAdmin):
    """The operation log (R194)."""

    list_display = ("at", "place", "what", "actor", "details")
    list_filter = ("verb",)
    search_fields = ("slug", "actor")

    @admin.display(description=gettext_lazy("Address"), ordering="slug")
    def place(self, act: StudioAct) -> str:
        """The studio, or the platform itself."""
        return act.slug or str(_("The platform"))

    @admin.display(description=gettext_lazy("What"), ordering="verb")
    def what(self, act: StudioAct) -> str:
        return word_of(act.verb)

    @admin.display(description=gettext_lazy("Details"))
    def details(self, act: StudioAct) -> str:
        return note_of(act.facts) or "—"


@admin.register(ErasureCertificate)
class ErasureCertificateAdmin(ReadOnlyAdmin):
    list_display = ("at", "slug", "name", "digest")
    search_fields = ("slug", "name")


class SupportStepInline(ReadOnlyInline):
    model = SupportStep
    fields = ("at", "method", "path", "status")


@admin.register(SupportVisit)
class SupportVisitAdmin(ReadOnlyAdmin):
    list_display = ("asked_at", "studio", "operator", "reason", "expires_at", "ended_at", "ended_by")
    list_select_related = ("studio",)
    inlines = (SupportStepInline,)
