"""The whole gallery in one small answer: parallel columns instead of a thousand objects (frontend.md §1.1).

PostgreSQL writes the columns as JSON text and Python only joins the pieces, so 1,000 photographs cost one query and
well under a millisecond of Python.
"""

import json
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from selection.addresses import media_base
from selection.models import Chooser, Gallery

COLUMNS_SQL = """
SELECT string_agg(number::text, ',' ORDER BY number),
       string_agg(rendition_rev::text, ',' ORDER BY number),
       string_agg(round(100.0 * width / height)::text, ',' ORDER BY number),
       string_agg(color, '' ORDER BY number),
       string_agg('"' || number || '":"' || left(value, 1) || '"', ',' ORDER BY number) FILTER (WHERE value <> ''),
       string_agg(number::text, ',' ORDER BY number) FILTER (WHERE noted)
FROM (
    SELECT photo.number, photo.rendition_rev, photo.width, photo.height, photo.color, pick.value,
           note.id IS NOT NULL AND (note.text <> '' OR note.tags <> '{}') AS noted
    FROM selection_photo photo
    LEFT JOIN selection_pick pick ON pick.photo_id = photo.id AND pick.chooser_id = %(chooser)s
    LEFT JOIN selection_photonote note ON note.photo_id = photo.id AND note.chooser_id = %(chooser)s
    WHERE photo.gallery_id = %(gallery)s AND photo.state = 'ready'
) AS photos
"""


def manifest_json(gallery: Gallery, chooser: Chooser) -> bytes:
    """The manifest as JSON bytes: one query.

    `{rev, base, id[], v[], r[], c, mine{}, notes[], rules{}}`: `id` neutral numbers, `v` rendition revs (a proof's
    address is base + "<id>-<v>/<t|p>.webp"), `r` width/height × 100, `c` six hex digits a photograph, `mine` number →
    y | m | n, `notes` numbers that carry a note of this person.
    """
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS_SQL, {"gallery": gallery.pk, "chooser": chooser.pk})
        numbers, revs, ratios, colors, mine, notes = (text or "" for text in cursor.fetchone())
    head = json.dumps(
        {"rev": gallery.rev, "base": media_base(gallery), "rules": rules(gallery, chooser), "c": colors},
        separators=(",", ":"),
    )
    return f'{head[:-1]},"id":[{numbers}],"v":[{revs}],"r":[{ratios}],"mine":{{{mine}}},"notes":[{notes}]}}'.encode()


def manifest(gallery: Gallery, chooser: Chooser) -> dict[str, Any]:
    """`manifest_json`, parsed."""
    return dict(json.loads(manifest_json(gallery, chooser)))


def rules(gallery: Gallery, chooser: Chooser) -> dict[str, Any]:
    """What the phone must know to count and to show a price before the tap that causes it. No query."""
    return {
        "included": gallery.included,
        "extra_minor": gallery.extra_photo_minor,
        "currency": gallery.order.currency,
        "locale": get_language(),
        "deadline": gallery.deadline.isoformat() if gallery.deadline else None,
        "hard": gallery.hard_limit,
        "state": gallery.state,
        "main": chooser.is_main,
    }


def etag(gallery: Gallery, chooser: Chooser) -> str:
    """Changes with everything the manifest depends on: `rev` grows with every change, the rest is who asks and how."""
    return f'"{gallery.rev}.{gallery.media_epoch}.{chooser.pk}.{get_language()}"'
