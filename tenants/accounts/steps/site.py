"""The host of a request as passkeys know it: a studio's, or the platform's."""

from django.http import HttpRequest
from django.http.request import split_domain_port

from tenants.accounts.steps.passkeys import Site


def site_of(request: HttpRequest) -> Site:
    """The very host of the request: a passkey made at the subdomain is none at the studio's own address."""
    host = request.get_host()
    studio = request.studio  # type: ignore[attr-defined]  # set by StudioMiddleware
    return Site(f"{request.scheme}://{host}", split_domain_port(host)[0], studio.name if studio else "Yinglou")
