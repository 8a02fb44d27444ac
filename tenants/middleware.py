"""From a request to its studio: by host name, or by `/s/<slug>/` on the platform's host (WeChat, frontend.md §5.1)."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import set_script_prefix, set_urlconf
from django.utils import timezone, translation

from tenants import health
from tenants.context import in_public, in_studio
from tenants.directory import studio_at
from tenants.life.domains import may_have_certificate
from tenants.models import Studio, StudioStatus

GetResponse = Callable[[HttpRequest], HttpResponse]
PATH_PREFIX = "/s/"
SHARED_COOKIES = {
    settings.CSRF_COOKIE_NAME,
    settings.LANGUAGE_COOKIE_NAME,
    "yl_theme",
}  # alike for every studio of a host
CLOSED_PAGES = {
    StudioStatus.BUILDING: "tenants/building.html",
    StudioStatus.SUSPENDED: "tenants/suspended.html",
    StudioStatus.RESTORING: "tenants/restoring.html",
}


class HealthMiddleware:
    """`/healthz` (alive) and `/readyz` (database, cache, storage answer) on any host, before a studio is looked for.

    `/tls-ask?domain=…`: the proxy asks whether it may order a certificate (Caddy: `on_demand_tls { ask … }`).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path_info == "/readyz":
            return health.readiness()
        if request.path_info == "/tls-ask":
            return HttpResponse(status=200 if may_have_certificate(request.GET.get("domain", "")) else 404)
        return self.get_response(request)


class StudioMiddleware:
    """Runs the rest of the request inside its studio; sets `request.studio` (None on the platform) and the URL map.

    Unknown host or address: a friendly 404 page. A studio being built, restored or suspended: its own 503 page, and
    nothing else but, where the suspension says so, what customers paid for.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        set_script_prefix("/")
        host, slug = _host(request), ""
        with in_public():
            if host == settings.PLATFORM_HOST:
                slug, slash = _slug_in_path(request)
                if slug and not slash:
                    return HttpResponseRedirect(f"{PATH_PREFIX}{slug}/")
                if not slug:
                    return self._platform(request)
            if host == f"www.{settings.PLATFORM_HOST}":
                return HttpResponseRedirect(settings.PLATFORM_URL + request.get_full_path())
            studio = studio_at(host, slug)
            if studio is None:
                return _notice(request, "tenants/unknown_host.html", 404, host=slug or host)
            if studio.status != StudioStatus.ACTIVE and not _leads_to_customers(studio, request, slug):
                return _notice(request, CLOSED_PAGES[StudioStatus(studio.status)], 503, closed_studio=studio)
        return self._by_path(request, studio, slug) if slug else self._by_host(request, studio)

    def _platform(self, request: HttpRequest) -> HttpResponse:
        request.studio = None  # type: ignore[attr-defined]  # Django's stubs do not know it
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)
        return self.get_response(request)

    def _by_host(self, request: HttpRequest, studio: Studio) -> HttpResponse:
        return self._inside(request, studio, settings.ROOT_URLCONF if studio.is_active else settings.CUSTOMER_URLCONF)

    def _by_path(self, request: HttpRequest, studio: Studio, slug: str) -> HttpResponse:
        """Customers only: no staff session is looked for, and cookies stay below the studio's path."""
        prefix = f"{PATH_PREFIX}{slug}/"
        request.path_info = "/" + request.path_info[len(prefix) :]
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        set_script_prefix(prefix)
        response = self._inside(request, studio, settings.CUSTOMER_URLCONF)
        set_script_prefix("/")
        for name, morsel in response.cookies.items():
            if name not in SHARED_COOKIES and morsel["path"] == "/":
                morsel["path"] = prefix
        return response

    def _inside(self, request: HttpRequest, studio: Studio, urlconf: str) -> HttpResponse:
        request.studio = request.tenant = studio  # type: ignore[attr-defined]  # Django's stubs do not know it
        request.urlconf = urlconf
        set_urlconf(urlconf)
        with in_studio(studio), timezone.override(studio.timezone):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _stream_inside(studio, response.streaming_content)
        return response


def _leads_to_customers(studio: Studio, request: HttpRequest, slug: str) -> bool:
    """Whether a suspended studio answers here: orders, photographs, contracts, but neither staff nor new bookings."""
    path = request.path_info[len(f"{PATH_PREFIX}{slug}") :] if slug else request.path_info
    return studio.is_open_to_customers and not path.startswith(settings.SHUT_WHEN_SUSPENDED)


def _stream_inside(studio: Studio, chunks: Iterable[Any]) -> Iterator[Any]:
    """Make each chunk inside the studio: the server asks for them after the middleware has left it (leak D)."""
    iterator = iter(chunks)
    while True:
        with in_studio(studio):
            try:
                chunk = next(iterator)
            except StopIteration:
                return
        yield chunk


def _host(request: HttpRequest) -> str:
    """The host name in lower case without port and final dot; "" when it is nonsense."""
    try:
        return split_domain_port(request.get_host())[0]
    except DisallowedHost:
        return ""


def _slug_in_path(request: HttpRequest) -> tuple[str, str]:
    """(slug, slash after it) of `/s/<slug>/…`; empty strings elsewhere."""
    if not request.path_info.startswith(PATH_PREFIX):
        return "", ""
    slug, slash, _rest = request.path_info[len(PATH_PREFIX) :].partition("/")
    return slug, slash


def _notice(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """A page outside every studio, in the visitor's language. It offers no forms: nobody would answer them."""
    request.studio = None  # type: ignore[attr-defined]  # Django's stubs do not know it
    request.urlconf = "tenants.urls_notice"
    set_urlconf(request.urlconf)
    asked = request.GET.get("lang", "")  # links, not forms: see above
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
    shared = {"platform_url": settings.PLATFORM_URL, "contact": settings.PLATFORM_CONTACT, "language": language}
    with translation.override(language):
        response = render(request, template, {**context, **shared, "languages": settings.LANGUAGES}, status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "30"
    return response
