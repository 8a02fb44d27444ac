"""Jobs as operators see them: for looking; what failed is run again from the page about the platform."""

import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from tenants.admin import ReadOnlyAdmin, ReadOnlyInline

LONGEST = 2000


class EventInline(ReadOnlyInline):
    model = ProcrastinateEvent
    fields = ("type", "at")


class JobAdmin(ReadOnlyAdmin):
    list_display = ("pk", "task_name", "studio", "status", "queue_name", "scheduled_at", "attempts")
    list_filter = ("status", "queue_name")
    list_display_links = ("pk", "task_name")
    search_fields = ("task_name",)
    ordering = ("-pk",)
    show_full_result_count = False
    fields = (
        "id", "task_name", "told", "status", "queue_name", "lock", "queueing_lock", "priority", "scheduled_at",
        "attempts",
    )  # fmt: skip
    readonly_fields = ("told",)
    inlines = (EventInline,)

    @admin.display(description=gettext_lazy("Studio"))
    def studio(self, job: ProcrastinateJob) -> str:
        """The schema in which it runs."""
        return str(job.args.get("_schema", "—"))

    @admin.display(description=gettext_lazy("Details"))
    def told(self, job: ProcrastinateJob) -> str:
        """What it was told, cut when it is long."""
        return format_html("<pre>{}</pre>", json.dumps(job.args, indent=2, ensure_ascii=False)[:LONGEST])
