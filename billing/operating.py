"""Operators' pages about the whole platform: how it does (and what failed is run again), every studio in one table.

Mounted by settings.OPERATOR_PAGES below `/operator/`.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import catalog, watching
from billing.enums import NoticeState
from billing.exchange import PayRefused, PayUnreachable
from billing.fleet import lines_of
from billing.models import Notice
from billing.selectors import late_reviews
from tenants import queue
from tenants.life.models import OPEN_STATES, StudioTask, TaskState
from tenants.models import SchemaState, Studio

PAGE = 50
SHOWN = 20


def urls(site: Any) -> list[Any]:
    """The addresses, for `OperatorSite.get_urls`."""
    guard = site.admin_view
    return [
        path("platform/", guard(require_safe(state)), name="platform"),
        path("platform/studios/", guard(require_safe(fleet)), name="fleet"),
        path("platform/catalogue/<slug:verb>/", guard(require_POST(catalogue)), name="catalogue-act"),
        path("platform/jobs/<int:pk>/again/", guard(require_POST(job_again)), name="job-again"),
    ]


def state(request: HttpRequest) -> HttpResponse:
    """Everything that waits for a person, on one page."""
    tasks = StudioTask.objects.filter(state__in=[TaskState.FAILED, *OPEN_STATES]).order_by("-pk")
    notices = Notice.objects.filter(state__in=[NoticeState.FAILED, NoticeState.UNKNOWN]).defer("payload")
    return _page(
        request,
        "state",
        _("How the platform does"),
        troubles=_words(watching.troubles()),
        beat=queue.last_beat(),
        late_reviews=late_reviews(),
        counts=queue.counts().items(),
        works=queue.troubled(),
        check=watching.last_check(),
        tasks=list(tasks.select_related("studio")[:SHOWN]),
        notices=list(notices.select_related("studio").order_by("-pk")[:SHOWN]),
        schemas=list(SchemaState.objects.exclude(error="").select_related("studio")[:SHOWN]),
    )


def fleet(request: HttpRequest) -> HttpResponse:
    """Every studio: how it stands, what it uses, whether its schema is where the code is. Newest first."""
    asked = request.GET.get("q", "").strip()
    studios = Studio.objects.select_related("subscription__plan").order_by("-pk")
    if asked:
        studios = studios.filter(name__icontains=asked) | studios.filter(slug__icontains=asked)
    found = Paginator(studios, PAGE).get_page(request.GET.get("page"))
    return _page(request, "fleet", _("All studios"), lines=lines_of(list(found)), pages=found, asked=asked)


def catalogue(request: HttpRequest, verb: str) -> HttpResponse:
    """`check`: look at Stripe's catalogue now. `sync`: make it ours."""
    try:
        if verb == "sync":
            catalog.sync()
        else:
            catalog.check()
    except (PayRefused, PayUnreachable) as trouble:
        messages.error(request, _("Not done: %(code)s") % {"code": trouble})
    else:
        messages.success(request, _("Done."))
    return redirect("admin:platform")


def job_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Run a failed or stuck job once more."""
    if queue.run_again(pk, actor=request.user.get_username()):
        messages.success(request, _("Done."))
    else:
        messages.error(request, _("Not done: this job neither failed nor hangs, or another like it waits already."))
    return redirect("admin:platform")


def _words(troubles: list[str]) -> list[str]:
    words = {
        "no-worker": _("No job worker gives a sign of life."),
        "jobs-late": _("Jobs wait longer than an hour for their turn."),
        "reviews-late": _("Daily reviews of subscriptions are missing."),
        "catalogue-drift": _("Stripe's catalogue is not ours."),
        "catalogue-unchecked": _("Nobody could look at Stripe's catalogue for two days."),
    }
    return [words[name] for name in troubles]


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    return render(
        request, f"admin/billing/{name}.html", {**admin.site.each_context(request), "title": title, **context}
    )
