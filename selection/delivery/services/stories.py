"""The story of a delivery (R157): written by the studio, shared by the customer."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.people.models import Customer
from selection.delivery.clips import put_aside
from selection.delivery.enums import FileKind
from selection.delivery.models import Clip, Story
from selection.delivery.selectors import binned_clip, clip_of, files_of
from selection.delivery.services.handing import delivered
from selection.enums import PhotoState
from selection.models import Gallery
from selection.retouch.selectors import job_of
from selection.retouch.services.telling import tell
from selection.screens import bump

MOST_PHOTOS, MOST_TEXT = 60, 8000


def save_story(
    *, actor: Any, gallery: Gallery, title: str, text: str, numbers: Sequence[int], published: bool, poster: int = 0
) -> Story:
    """Write or rewrite the story; only finals of the gallery are in it, each once. `poster`: the final that stands for
    the clip until it plays; 0, or one that is not there: the cover. Records STORY_SAVED.

    Taking it back (`published` false) kills the shared link. Raises Refusal story.no_title | story.no_photos
    | story.too_long | state.forbidden.
    """
    title, text = title.strip()[:80], text.strip()
    if not title:
        raise Refusal("story.no_title")
    if len(text) > MOST_TEXT or len(numbers) > MOST_PHOTOS:
        raise Refusal("story.too_long", most=MOST_PHOTOS)
    with transaction.atomic():
        gallery, delivery = delivered(gallery)
        there = {file.number for file in files_of(gallery) if file.kind == FileKind.FINAL}
        kept = [number for number in dict.fromkeys(numbers) if number in there]
        if published and not kept:
            raise Refusal("story.no_photos")
        story = Story.objects.filter(delivery=delivery).first() or Story(delivery=delivery)
        story.title, story.text, story.numbers = title, text, kept
        story.poster = poster if poster in there else 0
        story.published_at = (story.published_at or clock.now()) if published else None
        if not published:
            story.share_code = story.shared_at = None
        story.save()
        bump(gallery)
        tell(
            events.Kind.STORY_SAVED, gallery, actor, job_of(gallery), title=title, photos=len(kept), published=published
        )
    return story


def share_story(*, customer: Customer, gallery: Gallery, shared: bool) -> Story:
    """Make a link to the story that needs no login, or take it back at once. The same wish twice changes nothing.

    Records STORY_SHARED. Raises Refusal story.unknown | state.forbidden.
    """
    with transaction.atomic():
        gallery, delivery = delivered(gallery)
        story = Story.objects.filter(delivery=delivery, published_at__isnull=False).first()
        if story is None:
            raise Refusal("story.unknown")
        if bool(story.share_code) != shared:
            story.share_code = secrets.token_urlsafe(18) if shared else None
            story.shared_at = clock.now() if shared else None
            story.save(update_fields=["share_code", "shared_at"])
            tell(events.Kind.STORY_SHARED, gallery, customer, job_of(gallery), shared=shared)
    return story


def remove_clip(*, actor: Any, gallery: Gallery) -> Clip:
    """Take the clip out of the story: its addresses are dead at once, its bytes stay in the bin for a week.

    Records CLIP_REMOVED. Raises Refusal clip.gone | state.forbidden.
    """
    with transaction.atomic():
        gallery, _delivery = delivered(gallery)
        clip = clip_of(gallery)
        if clip is None:
            raise Refusal("clip.gone")
        put_aside(gallery)
        bump(gallery)
        events.record(events.Kind.CLIP_REMOVED, clip, actor, clip=clip.number, file_name=clip.file_name)
    return clip


def restore_clip(*, actor: Any, gallery: Gallery) -> Clip:
    """Put the clip that was removed or replaced last back into the story; the one that stands goes into the bin.

    Records CLIP_RESTORED. Raises Refusal clip.gone | state.forbidden.
    """
    with transaction.atomic():
        gallery, _delivery = delivered(gallery)
        clip = binned_clip(gallery)
        if clip is None:
            raise Refusal("clip.gone")
        put_aside(gallery)
        Clip.objects.filter(pk=clip.pk).update(state=PhotoState.READY, purge_at=None)
        bump(gallery)
        events.record(events.Kind.CLIP_RESTORED, clip, actor, clip=clip.number, file_name=clip.file_name)
    return clip
