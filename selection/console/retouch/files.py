"""What a retoucher takes along: table, names, sidecars."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from core.console.access import requires
from core.people.enums import Capability
from selection.console.finding import gallery_or_404
from selection.retouch import handover

TEXTS = {
    "table.csv": (handover.table_csv, "text/csv; charset=utf-8"),
    "names.txt": (handover.names_text, "text/plain; charset=utf-8"),
    "numbers.txt": (handover.numbers_text, "text/plain; charset=utf-8"),
}
SIDECARS = "sidecars.zip"


@requires(Capability.VIEW_GALLERIES)
@require_GET
def handed_over(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """One of the files of a submitted selection; 404 while nothing stands submitted."""
    handed = handover.handover_of(gallery_or_404(request, code))
    if handed is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{handed.gallery.order.code}-{name}"'}
    if name == SIDECARS:
        files = handover.sidecars_zip(handed)
        return StreamingHttpResponse(files, content_type="application/zip", headers=headers)
    make, content_type = TEXTS[name]
    return HttpResponse(make(handed), content_type=content_type, headers=headers)
