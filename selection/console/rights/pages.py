"""What the pages show: filters of the library, a gallery's consents and what of it may be taken in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.people.enums import Capability
from core.studios.models import Branch
from selection.console.finding import staff_of
from selection.console.rights.forms import SampleForm, SamplesForm
from selection.models import Gallery
from selection.rights.enums import Purpose, SampleKind, Season
from selection.rights.models import Sample
from selection.rights.selectors import (
    Wanted,
    consents_of,
    contract_says,
    covering,
    history_of,
    library,
    looks_of_library,
    offered,
    pictured,
    popular_tags,
    samples_of,
    today,
    unread_of,
    unread_revocations,
)
from selection.selectors import tiles_of

FILTERS = ("q", "tag", "kind", "season", "purpose", "look", "branch")


@dataclass(frozen=True, slots=True)
class Shown:
    """A sample and its addresses in the library: they work only while its consent stands."""

    sample: Sample
    picture: Any

    @property
    def src(self) -> str:
        return reverse("media:sample", args=[self.sample.code, "t"])

    @property
    def proof(self) -> str:
        return reverse("media:sample", args=[self.sample.code, "p"])


def shown(samples: Iterable[Sample]) -> list[Shown]:
    """Samples as pages show them. One query."""
    found = list(samples)
    pictures = pictured(found)
    return [Shown(sample, pictures[sample.pk]) for sample in found]


def wanted_of(request: HttpRequest) -> Wanted:
    """What the address asks for; nonsense does not narrow."""
    asked = {name: request.GET.get(name, "")[:60].strip() for name in FILTERS}
    branch = asked.pop("branch")
    branch_id = int(branch) if branch.isdecimal() and len(branch) < 10 else None
    return Wanted(text=asked.pop("q"), branch=branch_id, **asked)


def filters_of(request: HttpRequest, wanted: Wanted) -> dict[str, Any]:
    """The rows of choices above the wall, each keeping the others. Three queries."""
    branches = [(str(pk), name) for pk, name in Branch.objects.order_by("pk").values_list("pk", "name")]
    rows = [
        (_("Kind"), "kind", wanted.kind, SampleKind.choices),
        (_("Allowed for"), "purpose", wanted.purpose, Purpose.choices),
        (_("Season"), "season", wanted.season, Season.choices),
        (_("Branch"), "branch", str(wanted.branch or ""), branches if len(branches) > 1 else []),
        (_("Look"), "look", wanted.look, [(name, name) for name in looks_of_library()]),
    ]
    tags = list(dict.fromkeys([*([wanted.tag] if wanted.tag else []), *popular_tags()]))
    kept = [(name, request.GET[name]) for name in FILTERS if name != "q" and request.GET.get(name)]
    return {
        "selects": [
            {"label": label, "name": name, "value": value, "choices": choices}
            for label, name, value, choices in rows
            if choices
        ],
        "tags": [{"name": tag, "url": _with(request, tag), "current": tag == wanted.tag} for tag in tags],
        "q": wanted.text,
        "kept": kept,
        "is_narrowed": bool(kept or wanted.text),
    }


def _with(request: HttpRequest, tag: str) -> str:
    """The page with this tag, or without it when it is the one shown."""
    query = QueryDict(mutable=True)
    for name in FILTERS:
        if request.GET.get(name):
            query[name] = request.GET[name]
    if query.get("tag") == tag:
        del query["tag"]
    else:
        query["tag"] = tag
    return f"?{query.urlencode()}"


def unread(request: HttpRequest) -> list[Any]:
    """Revocations that nobody has noted, in the branches where this colleague keeps the library."""
    staff = staff_of(request)
    return [
        row for row in unread_revocations() if staff.may(Capability.KEEP_LIBRARY, row.consent.gallery.order.branch_id)
    ]


def sample_context(request: HttpRequest, sample: Sample) -> dict[str, Any]:
    """One photograph of the library, its consent now and before."""
    staff = staff_of(request)
    may_see = staff.may(Capability.VIEW_GALLERIES, sample.branch_id)
    return {
        "shown": shown([sample])[0],
        "sample": sample,
        "consent": sample.covered.consent if sample.covered else None,
        "release": sample.work.release if sample.work else None,
        "history": history_of(sample),
        "today": today(),
        "form": SampleForm(initial={"kind": sample.kind, "tags": "，".join(sample.tags)}),
        "suggested": [tag for tag in popular_tags() if tag not in sample.tags],
        "may_keep": staff.may(Capability.KEEP_LIBRARY, sample.branch_id),
        "gallery": sample.photo.gallery if sample.photo and may_see else None,
        "zone": sample.branch.timezone,
    }


def gallery_context(request: HttpRequest, gallery: Gallery, form: SamplesForm | None = None) -> dict[str, Any]:
    """A gallery's consents with their evidence, and its photographs that may be taken in."""
    branch, day = gallery.order.branch_id, today()
    inside = {sample.photo_id: sample for sample in samples_of(gallery)}
    photos = list(gallery.photos.filter(pk__in=covered_ids(gallery)).order_by("number"))
    rows = covering(photo.pk for photo in photos)
    tiles = tiles_of(gallery, photos, None)
    return {
        "gallery": gallery,
        "order": gallery.order,
        "zone": gallery.order.branch.timezone,
        "contract": contract_says(gallery),
        "consents": [(consent, consent.stands(day)) for consent in consents_of(gallery)],
        "rows": [
            {"tile": tile, "consent": rows[photo.pk].consent, "sample": inside.get(photo.pk)}
            for photo, tile in zip(photos, tiles, strict=True)
        ],
        "chosen": len(offered(gallery)["chosen"]),
        "unread": unread_of(gallery).count(),
        "suggested": popular_tags(),
        "form": form or SamplesForm(numbers=[tile.number for tile in tiles]),
        "may_keep": staff_of(request).may(Capability.KEEP_LIBRARY, branch),
    }


def covered_ids(gallery: Gallery) -> list[int]:
    """Photographs of the gallery that a standing consent covers."""
    return list(covering(gallery.photos.values_list("pk", flat=True)))


def sample_found(code: str) -> Any:
    """QuerySet of the one sample, while it may be shown."""
    return (
        library()
        .filter(code=code)
        .select_related(
            "branch",
            "covered__consent__chooser__customer",
            "photo__gallery__order__branch",
            "added_by",
            "work__release__by",
        )
    )


def all_label() -> str:
    return pgettext("samples", "All")
