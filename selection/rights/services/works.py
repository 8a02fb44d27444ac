"""Works of the studio's own in the sample library: declared, marked, taken off when the release ends."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from core.kernel import clock, events, storage
from core.kernel.errors import Refusal
from core.studios.models import Branch
from selection.renditions import Renditions, Unusable, render
from selection.rights.enums import Purpose, SampleKind, season_of
from selection.rights.models import OwnWork, Release, Sample
from selection.rights.selectors import today
from selection.rights.tags import normal, normalised
from selection.watermark import Unmarkable, watermark_text
from tenants.context import current_studio

MOST_WORKS, MOST_BYTES = 10, 40 * 1024 * 1024


def add_works(
    *,
    actor: Any,
    branch: Branch,
    files: Sequence[tuple[str, bytes]],
    whose: str,
    evidence: str,
    purposes: Iterable[str],
    until: dt.date | None = None,
    tags: Iterable[str] = (),
    look: str = "",
) -> Release:
    """Take the studio's own works (name, bytes) into the library under one declared release: all or none.

    Only their marked pictures are kept. The caller holds KEEP_LIBRARY in the branch. Records WORKS_ADDED.
    Raises Refusal works.malformed | works.undeclared | works.unusable(name, code) | consent.no_purpose | until.unfit.
    """
    whose, evidence, kept = whose.strip()[:80], evidence.strip()[:300], normalised(tags)
    wanted = [purpose.value for purpose in Purpose if purpose.value in set(purposes)]
    if not 0 < len(files) <= MOST_WORKS or any(len(body) > MOST_BYTES for _name, body in files):
        raise Refusal("works.malformed", most=MOST_WORKS)
    if not whose or not evidence:
        raise Refusal("works.undeclared")
    if not wanted:
        raise Refusal("consent.no_purpose")
    if until is not None and until < today():
        raise Refusal("until.unfit")
    made = [(name[-200:], _rendered(name, body)) for name, body in files]
    told: dict[str, Any] = {"whose": whose, "evidence": evidence, "purposes": wanted, "until": until}
    with transaction.atomic():
        release = Release.objects.create(branch=branch, by=actor, at=clock.now(), **told)
        for name, pictures in made:
            _keep(release, name, pictures, kept, look.strip()[:60])
        facts: dict[str, Any] = {"photos": len(made), "whose": whose, "until": until.isoformat() if until else ""}
        events.record(events.Kind.WORKS_ADDED, release, actor, **facts)
    return release


def _rendered(name: str, body: bytes) -> Renditions:
    try:
        return render(body, watermark_text(current_studio().name, ""))
    except Unusable as error:
        raise Refusal("works.unusable", name=name, why=error.code) from error
    except Unmarkable as error:  # no watermark, no sample
        raise Refusal("works.unusable", name=name, why="broken") from error


def _keep(release: Release, name: str, made: Renditions, tags: list[str], look: str) -> Sample:
    folder = storage.key("w", release.pk, made.digest)
    for size, picture in (("t", made.grid), ("p", made.proof)):
        storage.put(f"{folder}/{size}.webp", picture, content_type="image/webp", cache_control=storage.FOREVER)
    sides = {"width": made.width, "height": made.height}
    work = OwnWork.objects.create(release=release, file_name=name, rendition_key=folder, **sides)
    sample: Sample = Sample.objects.create(
        work=work,
        branch=release.branch,
        kind=SampleKind.STUDIO,
        look=look,
        season=season_of((made.taken_at or clock.now()).month),
        tags=tags,
        words=" · ".join(filter(None, [normal(look), *tags])),
        added_by=release.by,
        added_at=clock.now(),
    )
    return sample


def end_release(*, actor: Any, release: Release) -> int:
    """The release is over: at once its works leave the library and every page. Returns how many left.

    The caller holds KEEP_LIBRARY in its branch. Records RELEASE_ENDED. Raises Refusal sample.gone (ended before).
    """
    now = clock.now()
    with transaction.atomic():
        ended = Release.objects.filter(pk=release.pk, ended_at=None).update(ended_at=now, ended_by=actor)
        if not ended:
            raise Refusal("sample.gone")
        left: int = Sample.objects.filter(work__release=release, removed_at=None).update(
            removed_at=now, removed_by=actor
        )
        events.record(events.Kind.RELEASE_ENDED, release, actor, whose=release.whose, samples=left)
    return left
