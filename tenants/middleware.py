"""From a request to its studio: by host name, or by `/s/<slug>/` on the platform's host (WeChat, frontend.md §5.1)."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import set_script_prefix, set_urlconf

from tenants import health
from tenants.context import in_public, in_studio
from tenants.models import Studio, StudioStatus

GetResponse = Callable[[HttpRequest], HttpResponse]
PATH_PREFIX = "/s/"


class HealthMiddleware:
    """`/healthz` (alive) and `/readyz` (database, cache, storage answer) on any host, before a studio is looked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path_info == "/readyz":
            return health.readiness()
        return self.get_response(request)


class StudioMiddleware:
    """Runs the rest of the request inside its studio; sets `request.studio` (None on the platform) and `request.urlconf`.

    Unknown host or address: a friendly 404 page. A studio being built or suspended: its own 503 page, nothing else.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        set_script_prefix("/")
        with in_public():
            try:
                host = request.get_host().rsplit(":", 1)[0].lower()
            except DisallowedHost:
                return self._plain(request, "tenants/unknown_host.html", 404, host="")
            slug = self._slug_in_path(request) if host == settings.PLATFORM_HOST else ""
            if host == settings.PLATFORM_HOST and not slug:
                return self._platform(request)
            studio = self._studio(host, slug)
            if studio is None:
                return self._plain(request, "tenants/unknown_host.html", 404, host=slug or host)
            if studio.status == StudioStatus.BUILDING:
                return self._plain(request, "tenants/building.html", 503, studio=studio)
            if studio.status == StudioStatus.SUSPENDED:
                return self._plain(request, "tenants/suspended.html", 503, studio=studio)
        return self._inside(request, studio, slug)

    def _platform(self, request: HttpRequest) -> HttpResponse:
        request.studio = None  # type: ignore[attr-defined]
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)
        return self.get_response(request)

    def _inside(self, request: HttpRequest, studio: Studio, slug: str) -> HttpResponse:
        request.studio = request.tenant = studio  # type: ignore[attr-defined]
        request.urlconf = "config.urls_customer" if slug else settings.ROOT_URLCONF
        if slug:
            prefix = f"{PATH_PREFIX}{slug}/"
            request.path_info = "/" + request.path_info[len(prefix) :]
            set_script_prefix(prefix)
        set_urlconf(request.urlconf)
        with in_studio(studio):
            response = self.get_response(request)
        set_script_prefix("/")
        return response

    @staticmethod
    def _slug_in_path(request: HttpRequest) -> str:
        if not request.path_info.startswith(PATH_PREFIX):
            return ""
        slug, slash, _rest = request.path_info[len(PATH_PREFIX) :].partition("/")
        return slug if slash else ""

    @staticmethod
    def _studio(host: str, slug: str) -> Studio | None:
        if slug:
            return Studio.objects.filter(slug=slug).first()
        return Studio.objects.filter(domains__domain=host.removeprefix("www.")).first()

    @staticmethod
    def _plain(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
        request.studio = None  # type: ignore[attr-defined]
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        response = render(request, template, {**context, "platform_url": settings.PLATFORM_URL}, status=status)
        if status == 503:
            response["Retry-After"] = "30"
        return response
