"""The gallery or photograph a page is about: 404 unseen, 403 unallowed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from core.people.enums import Capability
from selection.models import Gallery, Photo
from selection.selectors import gallery_for_staff


def staff_of(request: HttpRequest) -> Any:
    """The staff member at work."""
    return request.staff


def gallery_or_404(request: HttpRequest, code: str, capability: Capability | None = None) -> Gallery:
    """The gallery if it is seen here; 403 when `capability` is not held in its branch."""
    gallery = gallery_for_staff(staff_of(request), code)
    if gallery is None:
        raise Http404
    if capability is not None and not staff_of(request).may(capability, gallery.order.branch_id):
        raise PermissionDenied
    return gallery


def photo_or_404(request: HttpRequest, code: str, number: int, capability: Capability | None = None) -> Photo:
    """The photograph of a gallery that is seen here; `photo.gallery` is loaded."""
    gallery = gallery_or_404(request, code, capability)
    photo: Photo = get_object_or_404(gallery.photos, number=number)
    photo.gallery = gallery
    return photo
