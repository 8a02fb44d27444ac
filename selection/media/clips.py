"""A story's clip to whoever may see the story: any range of it, by the proxy where there is one."""

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from core.kernel import storage
from core.people.enums import Capability
from selection.delivery.addresses import clean_token_matches
from selection.delivery.models import Clip
from selection.delivery.ranges import CHUNK, Reply, pieces, reply_to
from selection.delivery.selectors import clip_of, shared_story, told_clip
from selection.delivery.zips import Span
from selection.models import Gallery
from tenants.access import declare

signed = declare("signed")
HEADERS = {  # asked anew each time: a link that was taken back is dead at once
    "Content-Type": "video/mp4",
    "Content-Disposition": "inline",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
}


@signed
@require_safe
def clip(request: HttpRequest, code: str, token: str, number: str) -> HttpResponseBase:
    """For those on the order, while access lasts and the story is published; for staff before that, too."""
    gallery = Gallery.objects.filter(code=code).select_related("order__branch").first()
    if gallery is None or not clean_token_matches(gallery, token):
        raise Http404
    staff = request.staff
    is_desk = bool(staff) and staff.may(Capability.DELIVER, gallery.order.branch_id)
    return _answer(request, clip_of(gallery) if is_desk else told_clip(gallery), number)


@signed
@require_safe
def story_clip(request: HttpRequest, share: str, number: str) -> HttpResponseBase:
    """For whoever holds the story's link, while it stands."""
    story = shared_story(share)
    return _answer(request, told_clip(story.delivery.gallery) if story else None, number)


def _answer(request: HttpRequest, found: Clip | None, number: str) -> HttpResponseBase:
    if found is None or found.number != int(number):
        raise Http404
    if settings.MEDIA_ACCEL:
        return HttpResponse(headers={**HEADERS, "X-Accel-Redirect": storage.accel_path(found.original_key)})
    asked = {key.lower(): value for key, value in request.headers.items()}
    reply = reply_to(request.method or "GET", asked, total=found.size, etag=found.md5, headers=HEADERS)
    if not reply.size:
        return HttpResponse(status=reply.status, headers=reply.headers)
    return StreamingHttpResponse(_bytes(found, reply), status=reply.status, headers=reply.headers)


def _bytes(found: Clip, reply: Reply) -> Iterator[bytes]:
    for piece in pieces([Span(found.original_key, found.size)], reply.first, reply.last):
        if isinstance(piece, bytes):
            continue  # a clip is one object
        window = storage.window(piece.key, piece.first, piece.last)
        try:
            while chunk := window.read(CHUNK):
                yield chunk
        finally:
            window.close()
