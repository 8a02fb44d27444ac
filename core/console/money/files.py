"""Files of money: a photograph that comes, a photograph or a table that goes."""

import csv
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from core.finance import proofs
from core.kernel import storage


def kept(upload: Any) -> str:
    """The key of an uploaded photograph, "" without one. Refusal as core.finance.proofs.keep."""
    return proofs.keep(upload.read(proofs.MOST + 1)) if upload else ""


def shown(key: str) -> HttpResponse:
    """A photograph, for this browser only; 404 when there is none."""
    if not key:
        raise Http404
    try:
        body, kind = proofs.picture(key)
    except storage.Missing:
        raise Http404 from None
    headers = {"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type=kind, headers=headers)


def table(name: str, rows: Iterable[list[Any]]) -> HttpResponse:
    """Rows as CSV: UTF-8 with BOM for Excel; what begins like a formula is disarmed."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    writer = csv.writer(response)
    for row in rows:
        writer.writerow([f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+@\t" else cell for cell in row])
    return response
