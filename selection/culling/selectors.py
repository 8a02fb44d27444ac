"""Questions about the staff's cull. What customers see of it is in `selection.manifest`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from selection.addresses import media_base
from selection.culling import likeness
from selection.culling.enums import Flag
from selection.culling.likeness import Shot
from selection.enums import SHOWN_STATES, GalleryState, PhotoState, PickValue
from selection.models import Arrangement, Gallery, Look, Photo, PhotoMark, Pick
from selection.selectors import Tile, tiles_of

CHOSEN = [PickValue.YES, PickValue.MAYBE]
FIELDS = (
    *("number", "state", "rendition_rev", "width", "height", "color", "file_name", "taken_at"),
    *("mark__flag", "mark__stars", "mark__is_recommended", "mark__look_id", "mark__stack", "mark__is_stacked_by_hand"),
    *("facts__likeness", "facts__sharpness", "facts__blown", "facts__blocked"),
)
SHORT: dict[str, str] = {Flag.KEEP: "k", Flag.REJECT: "x"}


def arrangement_of(gallery: Gallery) -> Arrangement:
    """How the gallery is arranged; an unsaved default when nobody arranged it."""
    return Arrangement.objects.filter(gallery=gallery).first() or Arrangement(gallery=gallery)


def looks_of(gallery: Gallery) -> list[Look]:
    """The gallery's looks in order, `photos` photographs each (hidden ones too)."""
    shown = Count("marks", filter=Q(marks__photo__state__in=SHOWN_STATES))
    return list(gallery.looks.annotate(photos=shown).order_by("position", "pk"))  # grouping forgets Meta.ordering


@dataclass(frozen=True, slots=True)
class Scene:
    """A look as customers filter by it: `key` counts from 1 in the looks' order, as the manifest's column `l`."""

    key: int
    name: str
    photos: int


def scenes_of(gallery: Gallery) -> list[Scene]:
    """The looks of which customers see a photograph."""
    ready = Count("marks", filter=Q(marks__photo__state=PhotoState.READY))
    looks = gallery.looks.annotate(photos=ready).order_by("position", "pk")
    return [Scene(key, look.name, look.photos) for key, look in enumerate(looks, start=1) if look.photos]


def chosen_numbers(gallery: Gallery, numbers: list[int] | None = None) -> set[int]:
    """Numbers that somebody selected or is undecided about (of `numbers`, if given)."""
    picks = Pick.objects.filter(photo__gallery=gallery, value__in=CHOSEN)
    if numbers is not None:
        picks = picks.filter(photo__number__in=numbers)
    return set(picks.values_list("photo__number", flat=True))


def held_numbers(gallery: Gallery, numbers: list[int]) -> set[int]:
    """Those of `numbers` that may not vanish: chosen ones while customers choose, always what is in a signed part."""
    if gallery.state == GalleryState.OPEN:
        return chosen_numbers(gallery, numbers)
    signed = Pick.objects.filter(photo__gallery=gallery, photo__number__in=numbers, is_signed=True)
    return set(signed.values_list("photo__number", flat=True))


def cover_of(gallery: Gallery) -> Tile | None:
    """The cover that staff chose, if customers may see it; else the first photograph that they see."""
    return covers_of([gallery]).get(gallery.pk)


def covers_of(galleries: Iterable[Gallery]) -> dict[int, Tile]:
    """Gallery key → its cover, for pages that list galleries: two queries whatever their number."""
    by_key = {gallery.pk: gallery for gallery in galleries}
    ready = Photo.objects.filter(gallery__in=by_key, state=PhotoState.READY)
    chosen = ready.filter(pk__in=Arrangement.objects.filter(gallery__in=by_key).values("cover"))
    covers = {photo.gallery_id: photo for photo in chosen}
    others = ready.filter(gallery__in=by_key.keys() - covers.keys())
    first = others.order_by("gallery_id", "position", "number").distinct("gallery_id")
    covers |= {photo.gallery_id: photo for photo in first}
    return {pk: tiles_of(by_key[pk], [photo], None)[0] for pk, photo in covers.items()}


def recommended_count(gallery: Gallery) -> int:
    """How many photographs staff recommend, hidden ones included."""
    return int(gallery.photos.filter(state__in=SHOWN_STATES, mark__is_recommended=True).count())


def marked_shown(gallery: Gallery) -> dict[str, int]:
    """How many photographs customers see that are `recommended`, and that are `stacked`: one query."""
    shown = PhotoMark.objects.filter(photo__gallery=gallery, photo__state=PhotoState.READY)
    told: dict[str, int] = shown.aggregate(
        recommended=Count("pk", filter=Q(is_recommended=True)), stacked=Count("pk", filter=Q(stack__isnull=False))
    )
    return told


# -- The cull page ----------------------------------------------------------------------------------------------------
def shots_of(gallery: Gallery) -> list[Shot]:
    """Every photograph that staff see, as stacks see it."""
    return [_shot(row) for row in _rows(gallery)]


def _rows(gallery: Gallery) -> list[dict[str, Any]]:
    photos = gallery.photos.filter(state__in=SHOWN_STATES).order_by("position", "number")
    return list(photos.values(*FIELDS))


def _shot(row: dict[str, Any]) -> Shot:
    return Shot(
        number=row["number"],
        at=int(row["taken_at"].timestamp()) if row["taken_at"] else None,
        likeness=row["facts__likeness"],
        sharpness=row["facts__sharpness"],
        blown=row["facts__blown"],
        blocked=row["facts__blocked"],
        by_hand=bool(row["mark__is_stacked_by_hand"]),
        hidden=row["state"] == PhotoState.HIDDEN,
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """What building stacks with these thresholds would give, the staff's own ones included."""

    stacks: int
    photos: int
    largest: int


def preview_stacks(gallery: Gallery, gap: int, distance: int) -> Preview:
    """Count without changing anything."""
    rows = _rows(gallery)
    found = likeness.stacks([_shot(row) for row in rows], gap, distance)
    kept = {row["number"]: row["mark__stack"] for row in rows if row["mark__is_stacked_by_hand"] and row["mark__stack"]}
    sizes = Counter((found | kept).values())
    return Preview(len(sizes), sum(sizes.values()), max(sizes.values(), default=0))


def stacks_now(gallery: Gallery) -> dict[str, Any]:
    """`stack` number → name of its stack, `best` the suggested shot of each."""
    rows = _rows(gallery)
    stack_of = {row["number"]: row["mark__stack"] for row in rows if row["mark__stack"]}
    return {"stack": stack_of, "best": likeness.best_of([_shot(row) for row in rows], stack_of)}


def cull_sheet(gallery: Gallery) -> dict[str, Any]:
    """Everything the cull page works on, in columns: the same queries whatever the size.

    `id` numbers in the gallery's order, `v` revs, `r` width/height × 100, `c` colours, `name` file names, `t` seconds
    (0: unknown), `flag` k | x | -, `stars` a digit each, `look` keys (0: none), `stack` names (0: alone); `rec`,
    `best`, `chosen` numbers; `hints` number → [soft | bright | dark].
    """
    rows = _rows(gallery)
    shots = [_shot(row) for row in rows]
    stack_of = {row["number"]: row["mark__stack"] for row in rows if row["mark__stack"]}
    cover = Arrangement.objects.filter(gallery=gallery).values_list("cover__number", flat=True).first()
    return {
        "rev": gallery.rev,
        "base": media_base(gallery),
        "open": gallery.state == GalleryState.OPEN,
        "id": [row["number"] for row in rows],
        "v": [row["rendition_rev"] for row in rows],
        "r": [round(100 * row["width"] / (row["height"] or 1)) for row in rows],
        "c": "".join(row["color"] for row in rows),
        "name": [row["file_name"] for row in rows],
        "t": [shot.at or 0 for shot in shots],
        "flag": "".join(_flag(row) for row in rows),
        "stars": "".join(str(row["mark__stars"] or 0) for row in rows),
        "look": [row["mark__look_id"] or 0 for row in rows],
        "looks": [[look.pk, look.name] for look in gallery.looks.all()],
        "stack": [row["mark__stack"] or 0 for row in rows],
        "rec": [row["number"] for row in rows if row["mark__is_recommended"]],
        "best": likeness.best_of(shots, stack_of),
        "chosen": sorted(chosen_numbers(gallery)),
        "hints": likeness.hints(shots),
        "cover": cover or 0,
    }


def _flag(row: dict[str, Any]) -> str:
    return "x" if row["state"] == PhotoState.HIDDEN else SHORT.get(row["mark__flag"] or "", "-")
