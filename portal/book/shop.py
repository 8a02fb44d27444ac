"""The public pages: branches, one branch, a package's free dates. No login; nothing of it is anybody's."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.booking import offers
from core.booking.plannable import lack_at
from core.booking.shop import hours_of, shop_by_code, shops
from core.catalog.models import PackageVersion
from core.catalog.selectors import Offered, offered
from core.kernel import clock
from core.studios.models import Branch
from portal.book.month import WEEKS, monday, month, since
from portal.book.samples import Shown, samples
from portal.journey import described
from tenants.access import anyone

WORKS, NEXT_DAYS = 4, 6


def branch_or_404(code: str) -> Branch:
    found = shop_by_code(code)
    if found is None:
        raise Http404
    return found


def version_or_404(package: int) -> PackageVersion:
    found = offers.offered_version(package)
    if found is None:
        raise Http404
    return found


@anyone
@require_safe
def branches(request: HttpRequest) -> HttpResponse:
    """Where one can book; the only branch opens at once."""
    found = list(shops())
    if len(found) == 1:
        return redirect("portal:shop", found[0].code.lower())
    return render(request, "portal/book/branches.html", {"branches": found})


@dataclass(frozen=True, slots=True)
class Photographer:
    """Somebody who takes photographs here, their styles in words, and works that may be shown."""

    pk: int
    name: str
    styles: list[str]
    works: list[Shown]


def photographers_of(branch: Branch) -> list[Photographer]:
    """Two queries for each photographer with a login; without one there are no works to find."""
    found = []
    for one in offers.photographers(branch):
        works = samples(WORKS, photographer=one.user_id) if one.user_id else []
        tags = [word for work in works for word in work.words.split(" · ") if word]
        styles = list(dict.fromkeys([*one.skills, *tags]))[:4]
        found.append(Photographer(one.pk, one.name, styles, works))
    return found


def _package(one: Offered) -> dict[str, Any]:
    """A package on offer with its terms in words."""
    return {"offer": one, "terms": {**described(one.terms.raw), "currency": one.quote.currency}}


@anyone
@require_safe
def shop(request: HttpRequest, branch: str) -> HttpResponse:
    """One branch: facts, packages with every possible extra, photographers, the next free days."""
    found = branch_or_404(branch)
    packages = [_package(one) for one in offered(found)]
    days: list[offers.Day] = []
    if packages:
        today = clock.today(found.timezone)
        days = [day for day in offers.days(found, packages[0]["offer"].version, today) if day.free][:NEXT_DAYS]
    context = {
        "branch": found,
        "hours": hours_of(found),
        "packages": packages,
        "photographers": photographers_of(found),
        "works": samples(8, branch=found.pk),
        "days": days,
        "others": [one for one in shops() if one.pk != found.pk],
    }
    return render(request, "portal/book/shop.html", context)


@anyone
@require_safe
def dates(request: HttpRequest, branch: str, package: int) -> HttpResponse:
    """A package's free days, and the free hours of one of them with the price of each."""
    found, version = branch_or_404(branch), version_or_404(package)
    people = offers.photographers(found)
    who = next((one for one in people if str(one.pk) == request.GET.get("who")), None)
    begin = since(request, found)
    days = offers.days(found, version, monday(begin), WEEKS * 7, who.pk if who else None)
    context: dict[str, Any] = {
        "branch": found,
        "version": version,
        "people": people,
        "who": who,
        **month(request, found, days, begin),
    }
    context["cannot"] = not context["has_free"] and lack_at(found, version.terms) is not None
    context["starts"] = offers.starts(found, version, context["day"], who=who.pk if who else None)
    return render(request, "portal/book/dates.html", context)
