"""The story of a delivery (R157): written by the studio, shared by the customer."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.people.models import Customer
from selection.delivery.enums import FileKind
from selection.delivery.models import Story
from selection.delivery.selectors import files_of
from selection.delivery.services.handing import bump, delivered
from selection.models import Gallery
from selection.retouch.selectors import job_of
from selection.retouch.services.telling import tell

MOST_PHOTOS, MOST_TEXT = 60, 8000


def save_story(
    *, actor: Any, gallery: Gallery, title: str, text: str, numbers: Sequence[int], published: bool
) -> Story:
    """Write or rewrite the story; only finals of the gallery are in it, each once. Records STORY_SAVED.

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
