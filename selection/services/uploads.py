"""Photographs come in: announced by the staff's browser, sent straight to storage, confirmed, never lost half-way.

A row exists before the first byte (`pending`), so whatever happens to the browser the sweeper finds the bytes: it
adopts what arrived and refuses what did not. Nothing the browser says about bytes is believed; storage is asked.
Originals are the usual kind of file (`ORIGINALS`); other rooms bring in theirs by an Intake of their own.
"""

import base64
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from billing.selectors import entitlements_of
from core.kernel import clock, events, storage
from core.kernel.errors import Refusal
from selection.enums import HELD_STATES, SHOWN_STATES, PhotoState, Refused
from selection.intake import Intake
from selection.models import Gallery, locked
from selection.processing import ORIGINALS, STUCK, refuse
from selection.selectors import stored_bytes
from tenants.context import current_studio

MAX_FILES = 500
LINK_SECONDS = 6 * 3600
PATIENCE = dt.timedelta(hours=24)  # how long an announced file may take
MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Announced:
    """What the browser says about a file. `md5` is hex."""

    name: str
    size: int
    md5: str

    @property
    def identity(self) -> tuple[str, int]:
        return (self.md5, self.size)

    def content_type(self, intake: Intake) -> str:
        """By the name's ending; "" when such files are not taken."""
        return intake.types.get(PurePath(self.name).suffix.lower().lstrip("."), "")

    def refusal(self, intake: Intake) -> str:
        if not self.content_type(intake):
            return intake.wrong
        if self.size > intake.max_bytes:
            return intake.too_large
        return "" if self.size > 0 and MD5.fullmatch(self.md5) else Refused.TRUNCATED


@dataclass(frozen=True, slots=True)
class Answer:
    """What to do with a file: `send` it to `url` with `headers`, leave it (`there`), or show `code` (`refused`)."""

    name: str
    status: str
    photo: int = 0
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    code: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def sign_uploads(
    *,
    actor: Any,
    gallery: Gallery,
    files: Sequence[Announced],
    replaces: int | None = None,
    intake: Intake = ORIGINALS,
) -> list[Answer]:
    """Answer for each file, in order. Rows are made for what may be sent; the same bytes are sent once per gallery.

    Storage is promised before it is used: a file that would exceed the studio's plan is refused (`quota`). With
    `replaces` (a number) the one file is a new revision of that photograph (`selection.revisions`).
    Raises Refusal uploads.too_many | gallery.locked | photo.settled (nothing to replace).
    """
    if len(files) > (MAX_FILES if replaces is None else 1):
        raise Refusal("uploads.too_many", most=MAX_FILES)
    with transaction.atomic():
        free = _free_bytes()
        gallery = locked(gallery.pk)
        if gallery.state not in intake.open_states:
            raise Refusal("gallery.locked", state=gallery.state)
        target = _target(gallery, replaces)
        held = _held(intake, gallery, files)
        answers: list[Any] = []  # an Answer, or a row
        new: list[Any] = []
        taken: set[tuple[str, int]] = set()
        for file in files:
            photo = held.get(file.identity)
            if code := file.refusal(intake):
                answers.append(Answer(file.name, "refused", code=code))
            elif file.identity in taken or (
                target and photo is not None and photo.replaces_id != target["replaces_id"]
            ):
                answers.append(Answer(file.name, "refused", code=Refused.DUPLICATE))
            elif photo is not None:
                answers.append(photo)
            elif file.size > free:
                answers.append(Answer(file.name, "refused", code=Refused.QUOTA))
            else:
                free -= file.size
                new.append(_announce(intake, gallery, file, actor, gallery.next_number + len(new), target))
                answers.append(new[-1])
            taken.add(file.identity)
        _save(intake, gallery, new, [row for row in answers if not isinstance(row, Answer)])
    return [_answer(item, file) for item, file in zip(answers, files, strict=True)]


def _free_bytes() -> int:
    """What the plan leaves. Signing is one at a time in a studio, so two galleries cannot both take the last byte."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [storage.key("quota")])
    return entitlements_of(current_studio()).storage_bytes - stored_bytes()


def _held(intake: Intake, gallery: Gallery, files: Sequence[Announced]) -> dict[tuple[str, int], Any]:
    found = intake.of(gallery).filter(md5__in=[file.md5 for file in files], state__in=HELD_STATES)
    return {(photo.md5, photo.size): photo for photo in found}


def _target(gallery: Gallery, number: int | None) -> dict[str, int]:
    """The column that names the photograph which is to be replaced; nothing when none is."""
    if number is None:
        return {}
    found = gallery.photos.filter(number=number, state__in=SHOWN_STATES).values_list("pk", flat=True).first()
    if found is None:
        raise Refusal("photo.settled", photo=number)
    return {"replaces_id": found}


def _announce(
    intake: Intake, gallery: Gallery, file: Announced, actor: Any, number: int, target: dict[str, int]
) -> Any:
    suffix = PurePath(file.name).suffix.lower()
    return intake.model(
        gallery=gallery,
        number=number,
        **target,
        file_name=PurePath(file.name).name[-200:],
        size=file.size,
        md5=file.md5,
        content_type=file.content_type(intake),
        original_key=storage.key(intake.originals, gallery.pk, f"{uuid4().hex}{suffix}"),
        uploaded_by=actor,
    )


def _save(intake: Intake, gallery: Gallery, new: list[Any], answered: list[Any]) -> None:
    expires = clock.now() + PATIENCE
    for photo in answered:
        if photo.state == PhotoState.PENDING:
            photo.expires_at = expires
    known = [photo.pk for photo in answered if photo.pk]
    intake.model.objects.filter(pk__in=known, state=PhotoState.PENDING).update(expires_at=expires)
    again = [photo.md5 for photo in new]
    replaced = intake.of(gallery).filter(state=PhotoState.REFUSED, purge_at=None, md5__in=again)
    replaced.delete()  # by this attempt
    intake.prepare(gallery, new)
    intake.model.objects.bulk_create(new)
    gallery.next_number += len(new)
    gallery.stored_bytes += sum(photo.size for photo in new)
    gallery.rev += 1
    gallery.save(update_fields=["next_number", "stored_bytes", "rev"])


def _answer(item: Any, file: Announced) -> Answer:
    if isinstance(item, Answer):
        return item
    if item.state != PhotoState.PENDING:
        return Answer(file.name, "there", photo=item.number)
    headers = {
        "Content-Type": item.content_type,
        "Content-MD5": base64.b64encode(bytes.fromhex(item.md5)).decode(),
    }
    bound = {**headers, "Content-Length": str(item.size)}
    url = storage.put_url(item.original_key, seconds=LINK_SECONDS, headers=bound)
    return Answer(file.name, "send", photo=item.number, url=url, headers=headers)


@dataclass(frozen=True, slots=True)
class Completed:
    """What became of an announced photograph: received (being processed) · there (ready) · missing (no bytes yet) ·
    refused (with its code). Asking again for the same photograph is harmless: the uploader follows its files so.
    """

    photo: int
    status: str
    code: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def complete_uploads(
    *, actor: Any, gallery: Gallery, numbers: Sequence[int], intake: Intake = ORIGINALS
) -> list[Completed]:
    """Believe storage, not the browser: size and MD5 as announced → received, queued for its renditions.

    Records the intake's `received` with the count. Raises Refusal uploads.too_many.
    """
    if len(numbers) > MAX_FILES:
        raise Refusal("uploads.too_many", most=MAX_FILES)
    photos = {photo.number: photo for photo in intake.of(gallery).filter(number__in=numbers)}
    verdicts = {n: _verdict(photo) for n, photo in photos.items() if photo.state == PhotoState.PENDING}
    answers, received = [], 0
    with transaction.atomic():
        locked(gallery.pk)
        for number in dict.fromkeys(numbers):
            if number not in photos:
                answers.append(Completed(number, "missing"))
            elif number not in verdicts:
                answers.append(_settled(photos[number]))
            else:
                answers.append(_settle(intake, photos[number], verdicts[number]))
                received += answers[-1].status == "received"
        if received:
            events.record(intake.received, next(iter(photos.values())), actor, count=received)
    return answers


def _verdict(photo: Any) -> str:
    """Received · missing · changed, by asking storage."""
    try:
        stored = storage.head(photo.original_key)
    except storage.Missing:
        return "missing"
    same = stored.size == photo.size and (not stored.md5 or stored.md5 == photo.md5)
    return "received" if same else Refused.CHANGED


def _settled(photo: Any) -> Completed:
    if getattr(photo, "replaces_id", None) is not None and photo.rendition_rev > 0:
        return Completed(photo.number, "there")  # its file stands where it was sent for
    told = {PhotoState.RECEIVED: "received", PhotoState.READY: "there", PhotoState.HIDDEN: "there"}
    return Completed(photo.number, told.get(PhotoState(photo.state), "refused"), photo.refusal)


def _settle(intake: Intake, photo: Any, verdict: str) -> Completed:
    """Act on a verdict under the gallery's lock; whoever is second changes nothing."""
    if verdict == "missing":
        return Completed(photo.number, "missing")
    if verdict == "received":
        waiting = intake.model.objects.filter(pk=photo.pk, state=PhotoState.PENDING)
        if waiting.update(state=PhotoState.RECEIVED, expires_at=clock.now() + STUCK):
            intake.process(photo)
        return Completed(photo.number, "received")
    refuse(intake, photo, verdict)
    return Completed(photo.number, "refused", verdict)


def sweep_uploads(intake: Intake = ORIGINALS) -> dict[str, int]:
    """Settle what browsers and workers left behind; harmless at any time. Returns what was done, by kind.

    Announced and overdue: adopted when the bytes are there, else refused (`expired`). Received and overdue: queued
    again. Refused or removed and due: bytes deleted (rows of removed photographs too).
    """
    done = {"adopted": 0, "refused": 0, "queued": 0, "purged": 0}
    rows = intake.model.objects
    overdue = rows.filter(expires_at__lt=clock.now(), state__in=[PhotoState.PENDING, PhotoState.RECEIVED])
    for photo in list(overdue.order_by("expires_at")[:1000]):
        done[_sweep(intake, photo)] += 1
    for photo in list(rows.filter(purge_at__lt=clock.now()).order_by("purge_at")[:1000]):
        done["purged"] += _purge(intake, photo)
    return done


def _sweep(intake: Intake, photo: Any) -> str:
    verdict = _verdict(photo) if photo.state == PhotoState.PENDING else ""
    with transaction.atomic():
        locked(photo.gallery_id)
        if photo.state == PhotoState.RECEIVED:
            received = intake.model.objects.filter(pk=photo.pk, state=PhotoState.RECEIVED)
            received.update(expires_at=clock.now() + STUCK)
            intake.process(photo)
            return "queued"
        if verdict == "missing":
            refuse(intake, photo, Refused.EXPIRED)
            return "refused"
        return "adopted" if _settle(intake, photo, verdict).status == "received" else "refused"


def _purge(intake: Intake, photo: Any) -> int:
    """Bytes first, row last: a crash between them repeats a harmless delete. Old files of it go with it."""
    going = [photo]
    if photo.state == PhotoState.REMOVED and hasattr(photo, "revisions"):
        going += photo.revisions.all()
    names = [each.original_key for each in going]
    for each in going:
        names += [f"{each.rendition_key}/{size}.webp" for size in ("t", "p") if each.rendition_key]
    storage.delete(*names)
    with transaction.atomic():
        gallery = locked(photo.gallery_id)
        due = intake.model.objects.filter(pk=photo.pk, purge_at=photo.purge_at)
        if photo.state == PhotoState.REFUSED:
            return int(due.update(purge_at=None))
        deleted, _each = due.filter(state=PhotoState.REMOVED).delete()
        if deleted:
            freed = [each for each in going if each.state != PhotoState.REFUSED or each is photo]
            gallery.stored_bytes -= sum(each.size + each.rendition_bytes for each in freed)
            gallery.save(update_fields=["stored_bytes"])
        return int(bool(deleted))
