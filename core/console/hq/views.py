"""Branches side by side, and the same as CSV."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.console.access import requires
from core.console.hq import tables
from core.console.hq.charts import revenue_options
from core.console.hq.forms import PERIODS, PeriodForm
from core.kernel import clock
from core.people.enums import Capability
from core.reports import branches


@requires(Capability.VIEW_HEADQUARTERS)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET)
    comparison = branches.compare(staff=request.staff, period=form.span(clock.today(request.studio.timezone)))
    sort = request.GET.get("sort", "")
    context = {
        "form": form,
        "comparison": comparison,
        "segments": _segments(request, comparison.period.unit if form.is_valid() else ""),
        "heads": tables.heads(sort),
        "rows": [(line, tables.cells(line)) for line in tables.sorted_lines(comparison, sort)],
        "total": tables.cells(comparison.total),
        "chart": revenue_options(comparison, request.studio.currency),
        "stages": tables.stage_rows(comparison),
    }
    return render(request, "console/hq/compare.html", context)


def _segments(request: HttpRequest, chosen: str) -> list[dict[str, Any]]:
    """Links to the running periods; what else was chosen (the sorting) stays."""
    query = request.GET.copy()
    for name in ("first", "last", "period"):
        query.pop(name, None)
    links = []
    for unit, label in PERIODS:
        query["period"] = unit
        links.append({"url": f"?{query.urlencode()}", "label": label, "current": unit == chosen})
    return links


@requires(Capability.VIEW_HEADQUARTERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The figures of the page: UTF-8 with BOM for Excel."""
    period = PeriodForm(request.GET).span(clock.today(request.studio.timezone))
    comparison = branches.compare(staff=request.staff, period=period)
    name = f"{_('branches')}-{period.start}-{period.last}.csv"
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    csv.writer(response).writerows(tables.csv_rows(comparison, request.studio.currency))
    return response
