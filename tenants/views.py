"""The platform's pages, and the few that every host has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.i18n import set_language as django_set_language

from tenants.access import anyone

set_language = anyone(django_set_language)


@anyone
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "tenants/home.html")


@anyone
def brand_css(request: HttpRequest) -> HttpResponse:
    return HttpResponse("", content_type="text/css")


@anyone
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", status=403)
