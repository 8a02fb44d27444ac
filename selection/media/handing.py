"""`/d/<gallery code>/<pass>/<what>/<name>`: what the door of `selection.media.stream` serves behind the proxy."""

from collections.abc import Iterator
from contextlib import closing

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kernel import storage
from core.kernel.address import client_address
from selection.delivery.models import Download
from selection.delivery.parcels import Parcel, Shut, parcel_for
from selection.delivery.ranges import CHUNK, Piece, Reply, disposition, pieces, reply_to
from selection.delivery.services import begin_download, end_download
from selection.models import Gallery
from tenants.access import declare
from tenants.context import call_in_studio

signed = declare("signed")
# Conditional requests may be answered from what a browser keeps, but only after we were asked; nothing is re-encoded.
CACHING = "private, no-cache, no-transform"


def headers_of(parcel: Parcel, *, inline: bool) -> dict[str, str]:
    """What every answer about the parcel carries."""
    inline = inline and parcel.content_type.startswith("image/")
    return {
        "Content-Type": parcel.content_type,
        "Content-Disposition": disposition(parcel.name, inline=inline),
        "Cache-Control": CACHING,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Referrer-Policy": "no-referrer",
    }


@signed
@require_safe
def root(request: HttpRequest, code: str, given: str) -> HttpResponse:
    """Nothing is listed; the address exists so that every download's can be built from it."""
    raise Http404


@signed
@require_safe
def take(request: HttpRequest, code: str, given: str, what: str, name: str) -> HttpResponseBase:
    """A file or ZIP part, any range of it. Behind the proxy the socket server answers instead and asks us for refusals
    only; without it this worker streams.
    """
    try:
        parcel = parcel_for(code, given, what)
    except Shut as closed:
        if closed.status == 404:
            raise Http404 from closed
        page = "selection/delivery/ended_link.html" if closed.has_ended else "selection/delivery/old_link.html"
        gallery = Gallery.objects.select_related("order__branch").get(code=code)
        answer = render(request, page, {"code": code, "branch": gallery.order.branch}, status=closed.status)
        answer["Cache-Control"] = "no-store"
        return answer
    asked = {key.lower(): value for key, value in request.headers.items()}
    told = headers_of(parcel, inline="show" in request.GET)
    reply = reply_to(request.method or "GET", asked, total=parcel.total, etag=parcel.etag, headers=told)
    if not reply.size:
        return HttpResponse(status=reply.status, headers=reply.headers)
    agent = request.headers.get("User-Agent", "")
    log = begin_download(parcel=parcel, reply=reply, address=client_address(request) or None, agent=agent)
    body = _body(request.studio, parcel, reply, log)
    return StreamingHttpResponse(body, status=reply.status, headers=reply.headers)


def _body(studio: object, parcel: Parcel, reply: Reply, log: Download) -> Iterator[bytes]:
    sent = 0
    try:
        for piece in pieces(parcel.segments, reply.first, reply.last):
            for chunk in _chunks(piece):
                yield chunk
                sent += len(chunk)
    finally:
        call_in_studio(studio, end_download, download_id=log.pk, sent=sent)


def _chunks(piece: bytes | Piece) -> Iterator[bytes]:
    if isinstance(piece, bytes):
        yield piece
        return
    with closing(storage.window(piece.key, piece.first, piece.last)) as window:
        while chunk := window.read(CHUNK):
            yield chunk
