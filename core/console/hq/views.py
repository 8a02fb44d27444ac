"""Branches side by side, and the same as CSV."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.console.access import requires
from core.console.hq.charts import revenue_options, stage_bars
from core.console.hq.forms import PERIODS, PeriodForm
from core.console.hq.tables import COLUMNS, cells, sorted_lines
from core.kernel import clock
from core.kernel.money import to_money
from core.people.enums import Capability
from core.reports import branches

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@requires(Capability.VIEW_HEADQUARTERS)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET)
    comparison = branches.compare(staff=request.staff, period=form.span(clock.today(request.studio.timezone)))
    sort = request.GET.get("sort", "")
    rows = [(line, cells(line)) for line in sorted_lines(comparison, sort)]
    context = {
        "form": form,
        "comparison": comparison,
        "before": comparison.period.earlier(),
        "periods": PERIODS,
        "chosen": "" if form.data.get("first") else form.data.get("period", "month"),
        "columns": COLUMNS,
        "rows": rows,
        "total": cells(comparison.total),
        "sort": sort,
        "chart": revenue_options(comparison, request.studio.currency),
        "bars": stage_bars(comparison),
    }
    return render(request, "console/hq/compare.html", context)


@requires(Capability.VIEW_HEADQUARTERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The figures of the page: UTF-8 with BOM for Excel, plain numbers in major units, formulas neutralised."""
    period = PeriodForm(request.GET).span(clock.today(request.studio.timezone))
    comparison = branches.compare(staff=request.staff, period=period)
    name = f"branches-{period.start}-{period.last}.csv"
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    heads = [str(column.label) for column in COLUMNS]
    writer.writerow([_("Branch"), *heads, *[f"{head} ({_('previous period')})" for head in heads]])
    for line in [*comparison.lines, comparison.total]:
        title = neutral(line.branch.name if line.branch else _("All branches"))
        row, kinds = cells(line), [column.kind for column in COLUMNS]
        values = [*zip(kinds, [c.value for c in row], strict=True), *zip(kinds, [c.before for c in row], strict=True)]
        writer.writerow([title, *[_plain(kind, value, request.studio.currency) for kind, value in values]])
    return response


def neutral(text: str) -> str:
    """A cell that a spreadsheet will not run."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(kind: str, value: object, currency: str) -> str:
    if value is None:
        return ""
    if kind == "money":
        return str(to_money(int(str(value)), currency).amount)
    return f"{float(str(value)):.4f}" if kind == "share" else str(value)
