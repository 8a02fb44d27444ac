"""Proofs by signed address. No login is asked (a page shows hundreds); nothing but derived files is ever served."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from core.kernel import storage
from core.people.enums import Capability
from selection.addresses import token_matches
from selection.album.enums import ALBUM_STATES
from selection.album.models import Spread
from selection.delivery.addresses import clean_token_matches
from selection.delivery.selectors import preview_of, shared_story
from selection.enums import SHOWN_STATES, PhotoState
from selection.models import Gallery, Photo
from selection.retouch.enums import SHOWN_STATES as FINALS_SHOWN
from selection.retouch.models import FinalVersion
from selection.rights.selectors import library, pictured, showcase_rows
from selection.selectors import VISIBLE_TO_CUSTOMERS
from tenants.access import declare

signed = declare("signed")


@signed
@require_safe
def root(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Nothing is listed; the address exists so that every proof's can be built from it."""
    raise Http404


@signed
@require_safe
def rendition(request: HttpRequest, code: str, token: str, number: str, rev: str, size: str) -> HttpResponseBase:
    """The rendition's bytes, cacheable for a year by this browser alone.

    404 whatever is wrong, so nothing is learnt. A hidden photograph, and a gallery that customers may not open, show
    to staff only.
    """
    names = ("rendition_key", "gallery_id", "gallery__media_epoch", "gallery__state", "gallery__order__branch_id")
    photos = Photo.objects.filter(gallery__code=code, number=number, rendition_rev=rev, state__in=SHOWN_STATES)
    found = photos.values_list(*names, "state").first()
    if found is None or not token_matches(found[1], found[2], token):
        raise Http404
    folder, _gallery, _epoch, state, branch, shown = found
    if (state not in VISIBLE_TO_CUSTOMERS or shown == PhotoState.HIDDEN) and not _is_staff(request, branch):
        raise Http404
    return _cached(_bytes(f"{folder}/{size}.webp"), hidden=shown != PhotoState.READY)


@signed
@require_safe
def final(request: HttpRequest, code: str, token: str, number: str, rev: str, size: str) -> HttpResponseBase:
    """A final's marked rendition. What was not sent in a round is for staff only, whoever holds the token."""
    names = ("rendition_key", "gallery_id", "gallery__media_epoch", "gallery__state", "gallery__order__branch_id")
    finals = FinalVersion.objects.filter(gallery__code=code, number=number, rendition_rev=rev, state=PhotoState.READY)
    found = finals.values_list(*names, "sent_in").first()
    if found is None or not token_matches(found[1], found[2], token):
        raise Http404
    folder, _gallery, _epoch, state, branch, sent = found
    if (sent is None or state not in FINALS_SHOWN) and not _is_staff(request, branch):
        raise Http404
    return _cached(_bytes(f"{folder}/{size}.webp"))


@signed
@require_safe
def spread(request: HttpRequest, code: str, token: str, number: str, rev: str, size: str) -> HttpResponseBase:
    """A spread's marked rendition. What was in no draft that was sent is for staff only, whoever holds the token."""
    names = ("rendition_key", "gallery_id", "gallery__media_epoch", "gallery__state", "gallery__order__branch_id")
    spreads = Spread.objects.filter(gallery__code=code, number=number, rendition_rev=rev, state=PhotoState.READY)
    found = spreads.values_list(*names, "sent_in").first()
    if found is None or not token_matches(found[1], found[2], token):
        raise Http404
    folder, _gallery, _epoch, state, branch, sent = found
    if (sent is None or state not in ALBUM_STATES) and not _is_staff(request, branch):
        raise Http404
    return _cached(_bytes(f"{folder}/{size}.webp"))


@signed
@require_safe
def clean(request: HttpRequest, code: str, token: str, number: str, size: str) -> HttpResponseBase:
    """An unmarked picture of a delivered final, while access lasts."""
    gallery = Gallery.objects.filter(code=code).select_related("order__branch").first()
    if gallery is None or not clean_token_matches(gallery, token):
        raise Http404
    return _preview(gallery, int(number), size)


@signed
@require_safe
def story(request: HttpRequest, share: str, number: str, size: str) -> HttpResponseBase:
    """One picture of a shared story, while the link stands and access lasts."""
    told = shared_story(share)
    if told is None or int(number) not in told.shown_numbers:
        raise Http404
    return _preview(told.delivery.gallery, int(number), size)


def _preview(gallery: Gallery, number: int, size: str) -> HttpResponseBase:
    folder = preview_of(gallery, number)
    if not folder:
        raise Http404
    response = _bytes(f"{folder}/{size}.webp")
    response["Cache-Control"] = "private, max-age=3600"  # access ends; a year in a cache would outlive it
    response["X-Content-Type-Options"] = "nosniff"
    return response


@declare("staff", Capability.VIEW_LIBRARY)
@require_safe
def sample(request: HttpRequest, sample: str, size: str) -> HttpResponseBase:
    """A photograph of the sample library, for staff. Asked anew each time and never kept by a browser: at the moment a
    consent is taken back or ends, this address is 404.
    """
    found = library().filter(code=sample).first()
    if found is None:
        raise Http404
    picture = pictured([found])[found.pk]
    return _cached(_bytes(f"{picture.rendition_key}/{size}.webp"), hidden=True)


@declare("anyone")
@require_safe
def showcase(request: HttpRequest, sample: str, size: str) -> HttpResponseBase:
    """A marked picture of the public page. A browser keeps it, but asks each time before it shows it: where consent has
    gone the answer is 404.
    """
    found = showcase_rows().filter(code=sample).first()
    if found is None:
        raise Http404
    folder = pictured([found])[found.pk].rendition_key
    tag = f'"{size}-{folder.rpartition("/")[2]}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = _bytes(f"{folder}/{size}.webp")
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _cached(response: HttpResponseBase, *, hidden: bool = False) -> HttpResponseBase:
    """For a year by this browser alone; what customers may not see now, not at all."""
    response["Cache-Control"] = "private, no-store" if hidden else storage.FOREVER
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _is_staff(request: HttpRequest, branch_id: int) -> bool:
    staff = request.staff
    return bool(staff) and staff.may(Capability.VIEW_GALLERIES, branch_id)


def _bytes(name: str) -> HttpResponseBase:
    """Sent by the proxy straight from storage where there is one, else streamed by this worker."""
    if settings.MEDIA_ACCEL:
        return HttpResponse(content_type="image/webp", headers={"X-Accel-Redirect": storage.accel_path(name)})
    try:
        return StreamingHttpResponse(storage.stream(name), content_type="image/webp")
    except storage.Missing as error:
        raise Http404 from error
