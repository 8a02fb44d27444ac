"""In which order customers see the photographs: `Photo.position`, then the number.

A position is a key of the photograph alone (0, its second, or its look and second), not its rank: a late photograph is
placed without touching the others, and nothing is written while a gallery is shown by number.
"""

from django.db import connection

NEVER = 2**33  # after every capture time
LAST_LOOK = 10**6
SQL = f"""
UPDATE selection_photo AS photo SET position = placed.key FROM (
    SELECT one.id, CASE coalesce(arrangement.order, 'number')
        WHEN 'number' THEN 0
        WHEN 'time' THEN coalesce(extract(epoch FROM one.taken_at)::bigint, {NEVER})
        ELSE coalesce(look.position, {LAST_LOOK})::bigint * {2 * NEVER}
             + coalesce(extract(epoch FROM one.taken_at)::bigint, {NEVER})
    END AS key
    FROM selection_photo one
    LEFT JOIN selection_arrangement arrangement ON arrangement.gallery_id = one.gallery_id
    LEFT JOIN selection_photomark mark ON mark.photo_id = one.id
    LEFT JOIN selection_look look ON look.id = mark.look_id
    WHERE one.gallery_id = %s AND (%s::bigint IS NULL OR one.id = %s)
) AS placed
WHERE placed.id = photo.id AND photo.position <> placed.key
"""  # noqa: S608 (constants of this file)


def place(gallery_id: int, photo_id: int | None = None) -> int:
    """Set the positions of a gallery's photographs (or of one) anew; how many moved. The gallery is locked."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [gallery_id, photo_id, photo_id])
        return int(cursor.rowcount)
