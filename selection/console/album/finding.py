"""The album a page is about: 404 unseen, 403 unallowed."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from core.people.enums import Capability
from selection.album.models import AlbumProof, Spread
from selection.console.finding import gallery_or_404


def album_or_404(request: HttpRequest, code: str, album: int, capability: Capability | None = None) -> AlbumProof:
    """The album of a gallery that is seen here; `album.gallery` is loaded. 403 when `capability` is not held there."""
    gallery = gallery_or_404(request, code, capability)
    found: AlbumProof = get_object_or_404(AlbumProof.objects.select_related("designer"), gallery=gallery, number=album)
    found.gallery = gallery
    return found


def spread_or_404(album: AlbumProof, number: int) -> Spread:
    """A file of the album by its number."""
    found: Spread = get_object_or_404(Spread, album=album, number=number)
    return found
