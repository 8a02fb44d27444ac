"""The whole gallery in one small answer: parallel columns instead of a thousand objects (frontend.md §1.1).

PostgreSQL writes the columns as JSON text and Python only joins the pieces, so 1,000 photographs cost one query and
well under a millisecond of Python.
"""

import json
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from core.catalog.pricing import as_tiers
from selection.addresses import media_base
from selection.models import Chooser, Gallery

COLUMNS_SQL = """
SELECT string_agg(number::text, ',' ORDER BY position, number),
       string_agg(rendition_rev::text, ',' ORDER BY position, number),
       string_agg(round(100.0 * width / height)::text, ',' ORDER BY position, number),
       string_agg(color, '' ORDER BY position, number),
       string_agg('"' || number || '":"' || left(value, 1) || '"', ',') FILTER (WHERE value <> ''),
       string_agg(number::text, ',') FILTER (WHERE noted),
       string_agg(number::text, ',') FILTER (WHERE is_recommended AND NOT %(muted)s),
       CASE WHEN bool_or(look > 0) THEN string_agg(look::text, ',' ORDER BY position, number) END,
       CASE WHEN bool_or(stack > 0) THEN string_agg(stack::text, ',' ORDER BY position, number) END,
       (SELECT json_agg(json_build_array(number, kind, name, included, minimum, maximum, extra_price_minor, tiers,
                                         ratio) ORDER BY number)
        FROM selection_galleryslot WHERE gallery_id = %(gallery)s)::text,
       (SELECT string_agg('"' || slot || '":[' || inside || ']', ',' ORDER BY slot) FROM (
            SELECT slot.number AS slot, string_agg(photo.number::text, ',' ORDER BY photo.number) AS inside
            FROM selection_placement placement
            JOIN selection_galleryslot slot ON slot.id = placement.slot_id
            JOIN selection_photo photo ON photo.id = placement.photo_id AND photo.state = 'ready'
            WHERE placement.chooser_id = %(chooser)s AND placement.is_in GROUP BY slot.number) AS places),
       (SELECT string_agg('[' || photo.number || ',' || coalesce(slot.number, 0) || ']', ',')
        FROM selection_suggestion suggestion
        JOIN selection_photo photo ON photo.id = suggestion.photo_id AND photo.state = 'ready'
        LEFT JOIN selection_galleryslot slot ON slot.id = suggestion.slot_id
        WHERE photo.gallery_id = %(gallery)s AND NOT %(muted)s)
FROM (
    SELECT photo.position, photo.number, photo.rendition_rev, photo.width, photo.height, photo.color, pick.value,
           note.id IS NOT NULL AND (note.text <> '' OR note.tags <> '{}' OR note.pins <> '[]') AS noted,
           mark.is_recommended, coalesce(look.rank, 0) AS look, coalesce(mark.stack, 0) AS stack
    FROM selection_photo photo
    LEFT JOIN selection_pick pick ON pick.photo_id = photo.id AND pick.chooser_id = %(chooser)s
    LEFT JOIN selection_photonote note ON note.photo_id = photo.id AND note.chooser_id = %(chooser)s
    LEFT JOIN selection_photomark mark ON mark.photo_id = photo.id
    LEFT JOIN (
        SELECT id, row_number() OVER (ORDER BY position, id) AS rank FROM selection_look WHERE gallery_id = %(gallery)s
    ) look ON look.id = mark.look_id
    WHERE photo.gallery_id = %(gallery)s AND photo.state = 'ready'
) AS photos
"""
LOOKS_SQL = """
SELECT coalesce(json_agg(name ORDER BY position, id), '[]')::text FROM selection_look WHERE gallery_id = %s
"""


def manifest_json(gallery: Gallery, chooser: Chooser) -> bytes:
    """The manifest as JSON bytes: one query, a second one when the gallery has looks.

    `{rev, base, id[], v[], r[], c, mine{}, notes[], rules{}}`: `id` neutral numbers in the gallery's order, `v`
    rendition revs (a proof's address is base + "<id>-<v>/<t|p>.webp"), `r` width/height × 100, `c` six hex digits a
    photograph, `mine` number → y | m | n, `notes` numbers that carry a note of this person.

    Only where there is something to say: `rec` numbers that the studio recommends; `looks` names in order and `l` for
    each photograph its look, counted from 1 (0: none); `s` for each photograph the number that names its stack of
    similar shots (0: alone); `slots` [number, kind, name, included, minimum, maximum | null, price of an extra, tiers,
    ratio], `placed` slot → numbers, `suggested` [number, slot] (slot 0: for retouching). Who mutes suggestions is told
    neither `rec` nor `suggested`.
    """
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS_SQL, {"gallery": gallery.pk, "chooser": chooser.pk, "muted": chooser.mutes_suggestions})
        told = [text or "" for text in cursor.fetchone()]
        names = _look_names(cursor, gallery) if told[7] else ""
    numbers, revs, ratios, colors, mine, notes, recommended, looks, stacks, slots, places, tips = told
    head = json.dumps(
        {"rev": gallery.rev, "base": media_base(gallery), "rules": rules(gallery, chooser), "c": colors},
        separators=(",", ":"),
    )
    more = f',"rec":[{recommended}]' if recommended else ""
    more += f',"looks":{names},"l":[{looks}]' if looks else ""
    more += f',"s":[{stacks}]' if stacks else ""
    more += f',"slots":{slots},"placed":{{{places}}}' if slots else ""
    more += f',"suggested":[{tips}]' if tips else ""
    columns = f'"id":[{numbers}],"v":[{revs}],"r":[{ratios}],"mine":{{{mine}}},"notes":[{notes}]'
    return f"{head[:-1]},{columns}{more}}}".encode()


def _look_names(cursor: Any, gallery: Gallery) -> str:
    cursor.execute(LOOKS_SQL, [gallery.pk])
    return str(cursor.fetchone()[0])


def manifest(gallery: Gallery, chooser: Chooser) -> dict[str, Any]:
    """`manifest_json`, parsed."""
    return dict(json.loads(manifest_json(gallery, chooser)))


def rules(gallery: Gallery, chooser: Chooser) -> dict[str, Any]:
    """What the phone must know to count and to show a price before the tap that causes it. No query.

    `also_minor`: what slots and all originals cost already, `originals_minor` null: not offered.
    """
    return {
        "included": gallery.included,
        "extra_minor": gallery.extra_photo_minor,
        "tiers": as_tiers(gallery.retouched_tiers),
        "also_minor": chooser.also_minor,
        "originals_minor": gallery.all_originals_minor,
        "currency": gallery.order.currency,
        "locale": get_language(),
        "deadline": gallery.deadline.isoformat() if gallery.deadline else None,
        "hard": gallery.hard_limit,
        "state": gallery.state,
        "main": chooser.is_main,
        "muted": chooser.mutes_suggestions,
    }


def etag(gallery: Gallery, chooser: Chooser) -> str:
    """Changes with everything the manifest depends on: `rev` grows with every change, the rest is who asks and how."""
    return f'"{gallery.rev}.{gallery.media_epoch}.{chooser.pk}.{get_language()}"'
