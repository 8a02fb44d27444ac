"""The studio's works for everybody who is curious: renditions only, marked, gone at once when consent goes."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selection.rights.enums import SampleKind
from selection.rights.models import Sample
from selection.rights.selectors import Wanted, pictured, search, showcase_rows, tags_of
from tenants.access import anyone

PAGE, TAGS = 24, 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A sample as everybody sees it."""

    sample: Sample
    picture: Any

    @property
    def src(self) -> str:
        return reverse("media:showcase", args=[self.sample.code, "t"])

    @property
    def large(self) -> str:
        return reverse("media:showcase", args=[self.sample.code, "p"])

    @property
    def said(self) -> str:
        """For those who do not see it: what kind of work, its look, its tags."""
        return " · ".join(
            [str(SampleKind(self.sample.kind).label), *filter(None, [self.sample.look, *self.sample.tags])]
        )


@anyone
@never_cache
@require_safe
def showcase(request: HttpRequest) -> HttpResponse:
    """By kind and tag, newest first. Five queries, however many works."""
    kind, tag = request.GET.get("kind", "")[:8], request.GET.get("tag", "")[:20]
    kind = kind if kind in SampleKind.values else ""
    rows = showcase_rows()
    found = Paginator(search(Wanted(kind=kind, tag=tag), rows), PAGE).get_page(request.GET.get("page"))
    pictures = pictured(found.object_list)
    context = {
        "page_obj": found,
        "shown": [Shown(sample, pictures[sample.pk]) for sample in found.object_list],
        "kinds": [("", _("All works")), *SampleKind.choices],
        "kind": kind,
        "tag": tag,
        "tags": list(dict.fromkeys([*([tag] if tag else []), *tags_of(rows, TAGS)])),
    }
    return render(request, "portal/showcase/showcase.html", context)


@anyone
@never_cache
@require_safe
def work(request: HttpRequest, sample: str) -> HttpResponse:
    """One of them large; 404 once it may not be shown."""
    found = get_object_or_404(showcase_rows(), code=sample)
    shown = Shown(found, pictured([found])[found.pk])
    return render(request, "portal/showcase/work.html", {"one": shown})
