"""The clip of a story on the staff's side: how it stands, out of the story, back into it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.console.access import requires
from core.people.enums import Capability
from selection.console.finding import gallery_or_404
from selection.console.pages import words
from selection.console.verbs import settle
from selection.delivery import services
from selection.delivery.addresses import clean_token
from selection.delivery.clips import CLIPS
from selection.delivery.models import Clip
from selection.delivery.selectors import binned_clip, clip_of
from selection.enums import PhotoState, Refused
from selection.models import Gallery


def clip_context(gallery: Gallery) -> dict[str, Any]:
    """What the card shows: the clip that stands, one on its way, one that can be put back."""
    clip = clip_of(gallery)
    coming = Clip.objects.filter(gallery=gallery, state=PhotoState.RECEIVED).exists()
    return {
        "clip": clip,
        "clip_src": reverse("media:clip", args=[gallery.code, clean_token(gallery), clip.number]) if clip else "",
        "clip_coming": coming,
        "clip_binned": binned_clip(gallery),
    }


def upload_context(gallery: Gallery) -> dict[str, Any]:
    """For the uploader."""
    return {
        "types": ",".join(CLIPS.types),
        "max_bytes": CLIPS.max_bytes,
        "upload": {
            "sign": reverse("selection-api:clips-sign", args=[gallery.code]),
            "complete": reverse("selection-api:clips-complete", args=[gallery.code]),
            "title": _("Drop a video here"),
            "formats": _(
                "MP4 with H.264 and AAC, up to 300 MB: what every phone plays. A new one takes the old one’s place."
            ),
            "accept": "video/mp4,.mp4,.m4v",
            "choose": _("Choose a video"),
        },
        "words": {
            **words(),
            "up_finished": {"one": _("The video is in the story"), "other": _("The video is in the story")},
            "up_nothing": _("No video in there."),
            "refused_not_an_image": str(Refused.NOT_A_CLIP.label),
            "refused_too_large": str(Refused.CLIP_TOO_LARGE.label),
        },
    }


@requires(Capability.DELIVER)
@require_GET
def card(request: HttpRequest, code: str) -> HttpResponse:
    """After a poke: how the clip stands now."""
    gallery = _delivered(request, code)
    return render(request, "selection/delivery/clip.html", {"gallery": gallery, **clip_context(gallery)})


@requires(Capability.DELIVER)
@require_POST
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Out of the story, for a week into the bin."""
    gallery = _delivered(request, code)
    done = _("The clip is out of the story. It can be put back for seven days.")
    work: dict[str, Any] = {"actor": request.user, "gallery": gallery}
    return settle(request, gallery, lambda: services.remove_clip(**work), done, back="selection:story")


@requires(Capability.DELIVER)
@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """The former one back."""
    gallery = _delivered(request, code)
    work: dict[str, Any] = {"actor": request.user, "gallery": gallery}
    done = _("The clip is in the story again.")
    return settle(request, gallery, lambda: services.restore_clip(**work), done, back="selection:story")


def _delivered(request: HttpRequest, code: str) -> Gallery:
    gallery = gallery_or_404(request, code, Capability.DELIVER)
    if gallery.state != "delivered":
        raise Http404
    return gallery
