"""Public pages: plain HTML in three languages, the same without JavaScript. Nothing is asked of the database."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tenants.access import anyone
from tenants.life import closing
from tenants.site import tasting

VERSION, SINCE = "1.0", dt.date(2026, 11, 22)  # of the privacy notice and the terms: change both with their text
PUBLIC_PAGES = ["home", "try", "faq", "privacy", "terms", "signup", "login"]
CLOSED_PATHS = ["/operator/", "/s/", "/hooks/", "/signup/owner/", "/signup/code/", "/signup/address/"]


@anyone
@require_safe
def try_choosing(request: HttpRequest) -> HttpResponse:
    """Twelve photographs to choose from, with the price before it is due; `?p=1&p=4` is a choice."""
    chosen = tasting.chosen_of(request.GET.getlist("p"))
    context = {
        "pictures": [
            {"number": i, "file": f"img/try/{i:02d}.webp", "is_chosen": i in chosen}
            for i in range(1, tasting.PICTURES + 1)
        ],
        "bill": tasting.bill_of(chosen),
        "each": tasting.EXTRA_MINOR,
        "currency": tasting.CURRENCY,
        "showcase": settings.SHOWCASE_URL,
    }
    return render(request, "tenants/site/try.html", context)


@anyone
@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    return render(request, "tenants/site/faq.html", _legal())


@anyone
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "tenants/site/privacy.html", _legal())


@anyone
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "tenants/site/terms.html", _legal())


@anyone
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may look at: the public pages, no studio's."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_PATHS), "Allow: /"]
    lines.append(f"Sitemap: {settings.PLATFORM_URL}{reverse('platform:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@anyone
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The public pages; languages are chosen by the visitor, not by address."""
    urls = "".join(
        f"<url><loc>{settings.PLATFORM_URL}{reverse(f'platform:{name}')}</loc></url>" for name in PUBLIC_PAGES
    )
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}'
    return HttpResponse(f"{body}</urlset>\n", content_type="application/xml; charset=utf-8")


def _legal() -> dict[str, Any]:
    """Who runs this platform, where its data lies and who helps: settings, because they differ by installation."""
    return {
        "version": VERSION,
        "since": SINCE,
        "operator": settings.PLATFORM_OPERATOR,
        "contact": settings.PLATFORM_CONTACT,
        "place": settings.PLATFORM_DATA_PLACE,
        "helpers": settings.PLATFORM_SUBPROCESSORS,
        "backups": settings.PLATFORM_BACKUP_DAYS,
        "trial": settings.TRIAL_DAYS,
        "grace": closing.GRACE_DAYS,
        "kept": closing.KEPT_DAYS,
    }
