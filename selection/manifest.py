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
from selection.enums import ChooserRole
from selection.models import Chooser, Gallery
from selection.seats import ADMITTED

COLUMNS_SQL = """
SELECT string_agg(number::text, ',' ORDER BY position, number),
       string_agg(rendition_rev::text, ',' ORDER BY position, number),
       string_agg(round(100.0 * width / height)::text, ',' ORDER BY position, number),
       string_agg(color, '' ORDER BY position, number),
       string_agg('"' || number || '":"' || left(value, 1) || '"', ',') FILTER (WHERE value <> ''),
       string_agg(number::text, ',') FILTER (WHERE noted),
       string_agg(number::text, ',') FILTER (WHERE is_signed),
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
        WHERE photo.gallery_id = %(gallery)s AND NOT %(muted)s),
       (SELECT json_agg(json_build_object('id', seat.id, 'name', coalesce(nullif(seat.called, ''), who.name),
                                          'role', seat.role, 'y', said.yes, 'm', said.maybe) ORDER BY seat.id)
        FROM selection_chooser seat
        JOIN core_customer who ON who.id = seat.customer_id
        JOIN selection_gallery house ON house.id = seat.gallery_id
        JOIN core_order sale ON sale.id = house.order_id
        LEFT JOIN LATERAL (
            SELECT coalesce(json_agg(photo.number ORDER BY photo.number) FILTER (WHERE value = 'yes'), '[]') AS yes,
                   coalesce(json_agg(photo.number ORDER BY photo.number) FILTER (WHERE value = 'maybe'), '[]') AS maybe
            FROM selection_pick pick JOIN selection_photo photo ON photo.id = pick.photo_id AND photo.state = 'ready'
            WHERE pick.chooser_id = seat.id AND seat.role <> 'viewer') AS said ON true
        WHERE seat.gallery_id = %(gallery)s AND seat.id <> %(chooser)s AND seat.opened_at IS NOT NULL
          AND coalesce(seat.shares, house.shares_marks) AND @admitted)::text
FROM (
    SELECT photo.position, photo.number, photo.rendition_rev, photo.width, photo.height, photo.color, pick.value,
           pick.is_signed, note.id IS NOT NULL AND (note.text <> '' OR note.tags <> '{}' OR note.pins <> '[]') AS noted,
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
""".replace("@admitted", ADMITTED)
LOOKS_SQL = """
SELECT coalesce(json_agg(name ORDER BY position, id), '[]')::text FROM selection_look WHERE gallery_id = %s
"""


def manifest_json(gallery: Gallery, chooser: Chooser) -> bytes:
    """The manifest as JSON bytes: one query, a second one when the gallery has looks.

    `{rev, base, id[], v[], r[], c, mine{}, notes[], rules{}}`: `id` neutral numbers in the gallery's order, `v`
    rendition revs (a proof's address is base + "<id>-<v>/<t|p>.webp"), `r` width/height × 100, `c` six hex digits a
    photograph, `mine` number → y | m | n, `notes` numbers that carry a note of this person.

    Only where there is something to say: `signed` numbers in a signed part, which stay selected; `rec` numbers that the
    studio recommends; `looks` names in order and `l` for each photograph its look, counted from 1 (0: none); `s` for
    each photograph the number that names its stack of similar shots (0: alone); `slots` [number, kind, name, included,
    minimum, maximum | null, price of an extra, tiers, ratio], `placed` slot → numbers, `suggested` [number, slot] (slot
    0: for retouching), `others` the people who let others see what they mark: {id, name, role, y[], m[]}, selected and
    undecided numbers. Who mutes suggestions is told neither `rec` nor `suggested`.
    """
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS_SQL, {"gallery": gallery.pk, "chooser": chooser.pk, "muted": chooser.mutes_suggestions})
        told = [text or "" for text in cursor.fetchone()]
        names = _look_names(cursor, gallery) if told[8] else ""
    numbers, revs, ratios, colors, mine, notes, signed, recommended, looks, stacks, slots, places, tips, others = told
    head = json.dumps(
        {"rev": gallery.rev, "base": media_base(gallery), "rules": rules(gallery, chooser), "c": colors},
        separators=(",", ":"),
    )
    more = f',"rec":[{recommended}]' if recommended else ""
    more += f',"looks":{names},"l":[{looks}]' if looks else ""
    more += f',"s":[{stacks}]' if stacks else ""
    more += f',"signed":[{signed}]' if signed else ""
    if chooser.role != ChooserRole.VIEWER:  # who only looks on is told no price, the slots' neither
        more += f',"slots":{slots},"placed":{{{places}}}' if slots else ""
    more += f',"suggested":[{tips}]' if tips else ""
    more += f',"others":{others}' if others else ""
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

    `also_minor`: what slots and all originals cost already, `originals_minor` null: not offered. Who only looks on is
    told no price.
    """
    looks_on = chooser.role == ChooserRole.VIEWER
    return {
        "included": gallery.included,
        "extra_minor": 0 if looks_on else gallery.extra_photo_minor,
        "tiers": () if looks_on else as_tiers(gallery.retouched_tiers),
        "also_minor": chooser.also_minor,
        "originals_minor": None if looks_on else gallery.all_originals_minor,
        "currency": gallery.order.currency,
        "locale": get_language(),
        "deadline": gallery.deadline.isoformat() if gallery.deadline else None,
        "hard": gallery.hard_limit,
        "state": gallery.state,
        "main": chooser.is_main,
        "muted": chooser.mutes_suggestions,
        "role": chooser.role,
    }


def etag(gallery: Gallery, chooser: Chooser) -> str:
    """Changes with everything the manifest depends on: `rev` grows with every change, the rest is who asks and how."""
    return f'"{gallery.rev}.{gallery.media_epoch}.{chooser.pk}.{get_language()}"'
