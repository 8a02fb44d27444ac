"""Questions about consents and the library. What may be shown is decided here: `covering` and `library`.

A photograph is in the library while its consent stands: not taken back, not past its day, and the photograph itself
still one that customers see.
"""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from core.kernel import clock
from core.people.models import Customer
from selection.enums import PhotoState
from selection.models import Chooser, Gallery, Photo
from selection.rights.enums import WORDING, Purpose, Scope, Season
from selection.rights.models import Consent, ConsentPhoto, ConsentRevocation, Sample
from selection.rights.tags import normal
from selection.selectors import standing_submission
from tenants.context import current_studio

SUGGESTED, UNREAD = 24, 20


# -- Consents ---------------------------------------------------------------------------------------------------------
def today() -> dt.date:
    """The studio's day: a term ends with it in every branch at once."""
    return clock.today(current_studio().timezone)


def standing(prefix: str = "") -> Q:
    """The condition on a consent (`prefix` leads to it) that it counts now."""
    in_term = Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": today()})
    return Q(**{f"{prefix}revocation__isnull": True}) & in_term


def consents_of(gallery: Gallery) -> list[Consent]:
    """Everything ever signed for the gallery, newest first, with who signed and who took it back. One query."""
    rows = gallery.consents.select_related("chooser__customer", "revocation__chooser__customer")
    return list(rows.order_by("-at", "-pk"))


def covering(photos: Iterable[int]) -> dict[int, ConsentPhoto]:
    """Photo id → the newest standing consent's row for it; photographs without are not in it. One query."""
    rows = ConsentPhoto.objects.filter(standing("consent__"), photo__in=list(photos), photo__state=PhotoState.READY)
    rows = rows.order_by("photo", "-consent__at", "-pk").distinct("photo").select_related("consent")
    return {row.photo_id: row for row in rows}


def offered(gallery: Gallery) -> dict[str, list[Photo]]:
    """Scope → the photographs that it means now, in number order. Only these can be signed for."""
    ready = gallery.photos.filter(state=PhotoState.READY).order_by("number")
    signed = standing_submission(gallery)
    if signed is not None:
        chosen = list(ready.filter(number__in=[number for number, _name in signed.numbers]))
    else:
        chosen = list(ready.filter(picks__chooser__is_main=True, picks__value="yes"))
    done = set(gallery.finals.filter(state=PhotoState.READY, sent_in__isnull=False).values_list("photo_id", flat=True))
    return {
        Scope.FINALS: [photo for photo in chosen if photo.pk in done],
        Scope.CHOSEN: chosen,
        Scope.SINGLE: chosen,
    }


def offer_mark(found: dict[str, list[Photo]]) -> str:
    """Names what was offered for signing: another list gives another mark."""
    lists = {scope: [photo.number for photo in photos] for scope, photos in found.items()}
    return hashlib.sha256(json.dumps(lists, sort_keys=True).encode()).hexdigest()[:20]


def consent_hash(gallery: Gallery, numbers: list[list[Any]], said: dict[str, Any]) -> str:
    """SHA-256 of what was agreed: gallery, list, purposes, term, children, wording. Anybody can compute it again."""
    agreed = {"gallery": gallery.code, "numbers": numbers, "wording": WORDING, **said}
    text = json.dumps(agreed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def contract_says(gallery: Gallery) -> str:
    """What the frozen terms say about publishing; "" when they are silent, which means: not agreed."""
    return str(gallery.order.terms.get("publishing") or "")


def unread_revocations() -> list[ConsentRevocation]:
    """Revocations that no colleague has noted, oldest first: somebody must take prints and posts down."""
    rows = ConsentRevocation.objects.filter(noted_at=None).order_by("at")
    return list(rows.select_related("chooser__customer", "consent__gallery__order__branch")[:UNREAD])


def unread_of(gallery: Gallery) -> Any:
    """QuerySet of the gallery's revocations that no colleague has noted."""
    return ConsentRevocation.objects.filter(consent__gallery=gallery, noted_at=None)


# -- The library ------------------------------------------------------------------------------------------------------
def library() -> Any:
    """QuerySet of what may be shown now: the only way to a sample."""
    consented = standing("covered__consent__") & Q(covered__isnull=False, photo__state=PhotoState.READY)
    in_term = Q(work__release__until__isnull=True) | Q(work__release__until__gte=today())
    released = Q(work__isnull=False, work__release__ended_at__isnull=True) & in_term
    shown = Sample.objects.filter(consented | released, removed_at=None)
    return shown.select_related("branch", "covered__consent", "photo", "work__release")


def showcase_rows() -> Any:
    """QuerySet of what the whole world may see: of the library, what is allowed for the website."""
    return allowed_for(library(), Purpose.ONLINE)


def allowed_for(rows: Any, purpose: str) -> Any:
    """Samples whose consent or release names the purpose."""
    named = Q(covered__consent__purposes__contains=[purpose]) | Q(work__release__purposes__contains=[purpose])
    return rows.filter(named)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty fields do not narrow."""

    text: str = ""
    tag: str = ""
    kind: str = ""
    season: str = ""
    purpose: str = ""
    look: str = ""
    branch: int | None = None


def search(wanted: Wanted, rows: Any = None) -> Any:
    """`library()` (or `rows` of it) narrowed, newest first. Words are looked for in look, tags and package, all of
    them.
    """
    rows = library() if rows is None else rows
    for word in normal(wanted.text).split():
        rows = rows.filter(words__contains=word)
    if wanted.tag:
        rows = rows.filter(tags__contains=[normal(wanted.tag)])
    if wanted.purpose in Purpose.values:
        rows = allowed_for(rows, wanted.purpose)
    if wanted.season in Season.values:
        rows = rows.filter(season=wanted.season)
    exact = {"kind": wanted.kind, "look": wanted.look, "branch": wanted.branch}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    return rows.order_by("-added_at", "-pk")


def pictured(samples: Iterable[Sample]) -> dict[int, Any]:
    """Sample id → whose rendition is shown: the newest final that the customer has seen, else the photograph itself;
    the studio's own work. One query.
    """
    found = list(samples)
    manager: Any = Photo._meta.get_field("finals").related_model._default_manager
    sent = manager.filter(state=PhotoState.READY, sent_in__isnull=False)
    sent = sent.filter(photo__in=[sample.photo_id for sample in found])
    finals = {final.photo_id: final for final in sent.order_by("photo", "-version").distinct("photo")}
    return {sample.pk: sample.work or finals.get(sample.photo_id, sample.photo) for sample in found}


def popular_tags(limit: int = SUGGESTED) -> list[str]:
    """The tags of the library, the most used first: what is suggested while tagging, and the way in while looking."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tag FROM selection_sample, unnest(tags) AS tag WHERE removed_at IS NULL"
            " GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %s",
            [limit],
        )
        return [tag for (tag,) in cursor.fetchall()]


def looks_of_library(limit: int = SUGGESTED) -> list[str]:
    """Names of looks in the library, the most used first."""
    names = library().exclude(look="").order_by().values_list("look", flat=True)[:2000]
    return [name for name, _n in Counter(names).most_common(limit)]


def samples_of(gallery: Gallery) -> list[Sample]:
    """The gallery's photographs in the library, by number."""
    return list(library().filter(photo__gallery=gallery).order_by("photo__number"))


def history_of(sample: Sample) -> list[Consent]:
    """Every consent that ever covered the sample's photograph, newest first; none for the studio's own."""
    rows = Consent.objects.filter(photos__photo=sample.photo_id)
    return list(rows.select_related("chooser__customer", "revocation__chooser__customer").order_by("-at"))


def tags_of(rows: Any, limit: int = SUGGESTED) -> list[str]:
    """The tags of these samples, the most used first."""
    found = Counter(tag for tags in rows.order_by().values_list("tags", flat=True)[:2000] for tag in tags)
    return [tag for tag, _n in found.most_common(limit)]


def consented_seat(customer: Customer, code: str) -> Chooser | None:
    """The customer's seat in a gallery of their order for which a consent was ever signed, whatever became of it."""
    mine = Q(gallery__order__customer=customer.pk) | Q(gallery__order__people__customer=customer.pk)
    seats = Chooser.objects.filter(mine, gallery__code=code, customer=customer.pk, gallery__consents__isnull=False)
    return seats.select_related("gallery__order__branch", "customer").first()
