"""What the timeline draws: rows of resources by kind, their claims, and when they are away. Times are the branch's
wall clock without a zone.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.console.calendar.faces import Face, local_iso
from core.console.calendar.place import Place
from core.scheduling.enums import ResourceKind
from core.scheduling.hours import instant_of
from core.scheduling.models import OpeningHours, Resource, ResourceClaim
from core.scheduling.scene import Scene, load_scene
from core.scheduling.selectors import resources_of

EARLIEST, LATEST = 8 * 60, 21 * 60


def rows_of(place: Place, resources: list[Resource]) -> list[dict[str, Any]]:
    """Resources under their kinds, and a row for dates that need none."""
    rows: list[dict[str, Any]] = []
    several = len(place.shown) > 1
    for kind in ResourceKind:
        found = [one for one in resources if one.kind == kind]
        if found:
            children = [
                {"id": str(one.pk), "title": f"{one.name} · {one.branch.name}" if several else one.name}
                for one in found
            ]
            rows.append({"id": f"kind-{kind}", "title": str(kind.label), "children": children})
    if not place.kind:
        rows.append({"id": "none", "title": _("Nobody needed")})
    return rows


def events_of(faces: list[Face], movable: set[int]) -> list[dict[str, Any]]:
    """One bar for each claim, one on the last row for a date without any. `movable`: branches whose dates may move."""
    events: list[dict[str, Any]] = []
    for face in faces:
        claims = list(face.row.claims.all())
        events += [_bar(face, claim, movable) for claim in claims]
        events += [shadow for claim in claims for shadow in _buffers(face, claim)]
        if not claims:
            events.append(_event(face, f"a{face.row.pk}", "none", face.row.starts_at, face.row.ends_at, movable))
    return events


def _bar(face: Face, claim: ResourceClaim, movable: set[int]) -> dict[str, Any]:
    blocks = [block for block in face.row.blocks.all() if block.position in claim.positions]
    start, end = min(b.starts_at for b in blocks), max(b.ends_at for b in blocks)
    event = _event(face, f"c{claim.pk}", str(claim.resource_id), start, end, movable)
    event["extendedProps"]["steps"] = " · ".join(block.name for block in blocks)
    if claim.lending == "asked":
        event["classNames"].append("cal-asked")
    return event


def _event(
    face: Face, key: str, resource: str, start: dt.datetime, end: dt.datetime, movable: set[int]
) -> dict[str, Any]:
    row = face.row
    return {
        "id": key,
        "resourceIds": [resource],
        "start": local_iso(start, face.zone),
        "end": local_iso(end, face.zone),
        "title": row.title,
        "editable": row.branch_id in movable and row.state in {"held", "confirmed"},
        "classNames": [f"cal-{row.state}"],
        "extendedProps": {
            "url": face.url,
            "begins": local_iso(row.starts_at, face.zone),
            "steps": "",
            "state": face.state,
            "kind": face.kind,
        },
    }


def _buffers(face: Face, claim: ResourceClaim) -> list[dict[str, Any]]:
    """The time before and after a bar that is kept free."""
    blocks = [block for block in face.row.blocks.all() if block.position in claim.positions]
    start, end = min(b.starts_at for b in blocks), max(b.ends_at for b in blocks)
    parts = [("b", claim.during.lower, start), ("e", end, claim.during.upper)]
    return [
        {
            "id": f"{part}{claim.pk}",
            "resourceIds": [str(claim.resource_id)],
            "start": local_iso(lo, face.zone),
            "end": local_iso(hi, face.zone),
            "display": "background",
            "classNames": ["cal-buffer"],
        }
        for part, lo, hi in parts
        if lo < hi
    ]


def away_of(place: Place, resources: list[Resource]) -> list[dict[str, Any]]:
    """Background for the hours in which a resource does not work: closed, off, on leave. Few queries a branch."""
    shown, events = {one.pk for one in resources}, []
    for branch in place.shown:
        scene = load_scene(branch, place.first, place.until)
        for one in scene.candidates:
            if one.pk in shown:
                events += _gaps(scene, one.pk, one.works, branch.timezone)
    return events


def _gaps(scene: Scene, pk: int, works: int, zone: str) -> list[dict[str, Any]]:
    found = []
    for day in scene.days:
        lo, hi = scene.wall.minute(day, 0), scene.wall.minute(day, 1440)
        first, last = scene.axis.bit(lo), scene.axis.bit(hi)
        bit = first
        while bit < last:
            if works >> bit & 1:
                bit += 1
                continue
            end = bit
            while end < last and not works >> end & 1:
                end += 1
            found.append(_gap(scene, pk, bit, end, zone))
            bit = end
    return found


def _gap(scene: Scene, pk: int, bit: int, end: int, zone: str) -> dict[str, Any]:
    return {
        "id": f"g{pk}-{bit}",
        "resourceIds": [str(pk)],
        "start": local_iso(instant_of(scene.axis.minute(bit)), zone),
        "end": local_iso(instant_of(scene.axis.minute(end)), zone),
        "display": "background",
        "classNames": ["cal-away"],
    }


def timeline_of(place: Place, faces: list[Face], movable: set[int]) -> dict[str, Any]:
    """Rows and bars for the place. Hours away are drawn where hours can be told apart: not in a month."""
    resources = list(resources_of(place.ids, kind=place.kind))
    known = {one.pk for one in resources}
    bars = [
        event
        for event in events_of(faces, movable)
        if event["resourceIds"][0] == "none" or int(event["resourceIds"][0]) in known
    ]
    away = away_of(place, resources) if place.view != "month" else []
    return {"resources": rows_of(place, resources), "events": away + bars}


def hours_shown(place: Place) -> dict[str, str]:
    """From when until when a day is drawn: an hour around the opening hours."""
    windows = list(OpeningHours.objects.filter(branch_id__in=place.ids).values_list("opens", "closes"))
    first = min([opens for opens, _closes in windows] or [EARLIEST + 60]) - 60
    last = max([closes for _opens, closes in windows] or [LATEST - 60]) + 60
    return {"from": f"{max(0, first) // 60:02}:00:00", "until": f"{min(1440, last + 59) // 60:02}:00:00"}
