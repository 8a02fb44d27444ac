"""The studio's logo as a file, for everybody: a digest names it, so it may be kept for a year."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.studios.brand import logo_of
from tenants.access import anyone


@anyone
@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """404 for what is no logo of this studio."""
    picture = logo_of(digest)
    if not picture:
        raise Http404
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
