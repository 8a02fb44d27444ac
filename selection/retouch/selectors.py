"""Questions about retouching: the job, its finals, what a customer sees of them, the work list and its figures."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from core.kernel import clock
from core.orders.enums import OrderState, Stage
from core.people.enums import Capability
from core.people.staff import Staff
from selection.addresses import PROOF, media_base
from selection.enums import AFTER_SUBMISSION, GalleryState, PhotoState
from selection.models import Chooser, Gallery
from selection.retouch.addresses import final_url
from selection.retouch.enums import SHOWN_STATES, Verdict
from selection.retouch.models import FinalVerdict, FinalVersion, RetouchJob, RetouchRound, RoundGrant, SignOff
from selection.selectors import Tile, tiles_of

FIGURE_DAYS = 90


# -- Jobs and files ---------------------------------------------------------------------------------------------------
def job_of(gallery: Gallery) -> RetouchJob | None:
    """The gallery's job that is not stopped, with retoucher and submission."""
    return gallery.retouch_jobs.filter(stopped_at=None).select_related("retoucher", "submission").first()


def newest_finals(gallery: Gallery) -> list[FinalVersion]:
    """The highest ready version of each photograph that has one, sent or not; `photo` is loaded."""
    return _highest(gallery.finals.filter(state=PhotoState.READY, version__isnull=False, is_dropped=False))


def shown_finals(gallery: Gallery) -> list[FinalVersion]:
    """What is before the customer: of each photograph the highest version that was sent; `photo` is loaded."""
    return _highest(gallery.finals.filter(state=PhotoState.READY, sent_in__isnull=False, is_dropped=False))


def _highest(finals: Any) -> list[FinalVersion]:
    return list(finals.select_related("photo").order_by("photo__number", "-version").distinct("photo__number"))


def verdicts_of(finals: Iterable[FinalVersion], chooser: Chooser) -> dict[int, str]:
    """Final's id → what this person says of it."""
    ids = [final.pk for final in finals]
    return dict(FinalVerdict.objects.filter(chooser=chooser, final__in=ids).values_list("final_id", "value"))


def agreed_total(job: RetouchJob) -> int:
    """What the customer has agreed to pay for rounds beyond the contract."""
    return int(job.grants.filter(agreed_at__isnull=False).aggregate(total=Sum("price_minor"))["total"] or 0)


def standing_grant(job: RetouchJob) -> RoundGrant | None:
    """The permission (or the open offer) for the round at work."""
    return job.grants.filter(number=job.round, declined_at=None).select_related("granted_by").first()


# -- The customer's view ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Proof:
    """A photograph before and after, and what was said of the version shown. `others`: other people's verdicts."""

    tile: Tile
    final: FinalVersion
    src: str
    proof: str
    verdict: FinalVerdict | None
    others: list[FinalVerdict]
    is_new: bool
    earlier: FinalVerdict | None  # what this person wanted of the version before

    @property
    def number(self) -> int:
        return self.tile.number

    @property
    def value(self) -> str:
        return self.verdict.value if self.verdict else ""


@dataclass(frozen=True, slots=True)
class Proofing:
    """The round before a customer: what they see, how far they are, what can come next."""

    gallery: Gallery
    job: RetouchJob
    chooser: Chooser
    proofs: list[Proof]
    offer: RoundGrant | None
    signed: SignOff | None

    @property
    def is_open(self) -> bool:
        return self.gallery.state == GalleryState.PROOFING

    @property
    def round(self) -> int:
        return self.job.round if self.is_open or self.signed else max(1, self.job.round - 1)

    @property
    def rounds(self) -> int:
        return max(self.round, self.job.rounds_included)

    @property
    def is_last(self) -> bool:
        """Whether a further round is more than the contract includes."""
        return self.round >= self.job.rounds_included

    @property
    def accepted(self) -> int:
        return sum(proof.value == Verdict.ACCEPT for proof in self.proofs)

    @property
    def changed(self) -> int:
        return sum(proof.value == Verdict.CHANGE for proof in self.proofs)

    @property
    def left(self) -> int:
        return len(self.proofs) - self.accepted - self.changed

    @property
    def is_judged(self) -> bool:
        return bool(self.proofs) and self.left == 0

    @property
    def first_left(self) -> int | None:
        """The first photograph that waits for a verdict."""
        return next((proof.number for proof in self.proofs if not proof.value), None)

    def next_after(self, number: int) -> int | None:
        """The next photograph without a verdict, round the end to the first."""
        waiting = [proof.number for proof in self.proofs if not proof.value and proof.number != number]
        return next((other for other in waiting if other > number), waiting[0] if waiting else None)

    def around(self, number: int) -> tuple[int | None, int | None]:
        """The numbers before and after one."""
        numbers = [proof.number for proof in self.proofs]
        at = numbers.index(number)
        return (numbers[at - 1] if at else None, numbers[at + 1] if at + 1 < len(numbers) else None)


def proofing_of(gallery: Gallery, chooser: Chooser) -> Proofing | None:
    """What the customer sees of the retouching; None before it began. Nothing unsent is in it. Seven queries."""
    if gallery.state not in SHOWN_STATES or (job := job_of(gallery)) is None:
        return None
    grant = standing_grant(job) if gallery.state == GalleryState.RETOUCHING else None
    return Proofing(
        gallery=gallery,
        job=job,
        chooser=chooser,
        proofs=_proofs(gallery, job, chooser),
        offer=grant if grant and grant.is_open else None,
        signed=SignOff.objects.filter(job=job).first(),
    )


def _proofs(gallery: Gallery, job: RetouchJob, chooser: Chooser) -> list[Proof]:
    finals = shown_finals(gallery)
    said, base = _said(gallery), media_base(gallery)
    open_round = RetouchRound.objects.filter(job=job).order_by("-number").values_list("pk", flat=True).first()
    tiles = tiles_of(gallery, [final.photo for final in finals], None)
    proofs = []
    for tile, final in zip(tiles, finals, strict=True):
        photo: int = final.photo.pk
        here, before = said.get((photo, final.version), []), said.get((photo, final.version - 1), [])
        proofs.append(
            Proof(
                tile=tile,
                final=final,
                src=final_url(base, final),
                proof=final_url(base, final, PROOF),
                verdict=next((one for one in here if one.chooser_id == chooser.pk), None),
                # the main chooser decides and hears those who let others see; nobody else is shown somebody's verdicts
                others=[one for one in here if chooser.is_main and _is_heard(one.chooser, chooser, gallery)],
                is_new=final.sent_in_id == open_round and final.version > 1,
                earlier=next((one for one in before if one.chooser_id == chooser.pk), None),
            )
        )
    return proofs


def _is_heard(other: Chooser, chooser: Chooser, gallery: Gallery) -> bool:
    return other.pk != chooser.pk and other.shows_marks(gallery)


def _said(gallery: Gallery) -> dict[tuple[int, int], list[FinalVerdict]]:
    """(photo id, version) → verdicts, of everybody."""
    verdicts = FinalVerdict.objects.filter(final__gallery=gallery).select_related("chooser__customer", "final")
    found: dict[tuple[int, int], list[FinalVerdict]] = {}
    for verdict in verdicts.order_by("-chooser__is_main", "pk"):
        found.setdefault((verdict.final.photo_id, verdict.final.version), []).append(verdict)
    return found


# -- The work list and its figures ------------------------------------------------------------------------------------
def _jobs(staff: Staff) -> Any:
    """The jobs a staff member may look at: their own; all of a branch with GRANT_ROUNDS there."""
    jobs = RetouchJob.objects.filter(stopped_at=None)
    mine = staff.scope(jobs.filter(retoucher=staff.user), Capability.RETOUCH, "gallery__order__branch_id")
    if not staff.may(Capability.GRANT_ROUNDS):
        return mine
    everybody = staff.scope(jobs, Capability.GRANT_ROUNDS, "gallery__order__branch_id")
    return jobs.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=everybody.values("pk")))


def jobs_for(staff: Staff, *, done: bool = False) -> Any:
    """QuerySet of the jobs under way (or `done`: signed), most urgent first."""
    states = [GalleryState.SIGNED_OFF, GalleryState.DELIVERED] if done else [
        GalleryState.RETOUCHING, GalleryState.PROOFING,
    ]  # fmt: skip
    jobs = _jobs(staff).filter(gallery__state__in=states)
    related = ("retoucher", "gallery__order__branch", "gallery__order__customer", "submission")
    order = ["-pk"] if done else [F("due_on").asc(nulls_last=True), "pk"]
    return jobs.select_related(*related).order_by(*order)


def judged(gallery_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Gallery → verdict → how many of the finals shown have it from the main chooser. One query."""
    shown = FinalVersion.objects.filter(gallery__in=list(gallery_ids), state=PhotoState.READY, sent_in__isnull=False)
    shown = shown.filter(is_dropped=False)
    newest = shown.order_by("photo", "-version").distinct("photo").values("pk")
    said = FinalVerdict.objects.filter(final__in=newest, chooser__is_main=True)
    found: dict[int, dict[str, int]] = {}
    for gallery, value, n in said.values_list("final__gallery", "value").annotate(n=Count("pk")).order_by():
        found.setdefault(gallery, {})[value] = n
    return found


def waiting_galleries(staff: Staff) -> Any:
    """QuerySet of the submitted galleries that nobody has begun to retouch, oldest first."""
    galleries = Gallery.objects.filter(
        state=GalleryState.SUBMITTED, order__state=OrderState.OPEN, order__stage__in=[Stage.SELECTION, Stage.PRODUCTION]
    ).select_related("order__branch", "order__customer")
    return staff.scope(galleries, Capability.RETOUCH, "order__branch_id").order_by("submitted_at")


@dataclass(frozen=True, slots=True)
class Figure:
    """How one retoucher's work is received. `first_accepted` of `first_judged` photographs needed no second pass."""

    name: str
    open_jobs: int
    late_jobs: int
    first_judged: int
    first_accepted: int
    changes: int
    rounds: int

    @property
    def share(self) -> float | None:
        return self.first_accepted / self.first_judged if self.first_judged else None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(100 * self.share)


def figures(staff: Staff, today: dt.date, days: int = FIGURE_DAYS) -> list[Figure]:
    """Per retoucher whom the staff member may see: work now, and rounds that came back in `days`. Two queries."""
    since = clock.now() - dt.timedelta(days=days)
    jobs = _jobs(staff)
    at_work = Q(gallery__state__in=[GalleryState.RETOUCHING, GalleryState.PROOFING])
    now = {
        pk: (name, opened, late)
        for pk, name, opened, late in jobs.values_list("retoucher", "retoucher__name")
        .annotate(opened=Count("pk", filter=at_work), late=Count("pk", filter=at_work & Q(due_on__lt=today)))
        .order_by("retoucher__name")
    }
    first = Q(number=1)
    judged = {
        row["job__retoucher"]: row
        for row in RetouchRound.objects.filter(job__in=jobs.values("pk"), returned_at__gte=since)
        .values("job__retoucher")
        .annotate(
            first_accepted=Coalesce(Sum("accepted", filter=first), 0),
            first_changed=Coalesce(Sum("changed", filter=first), 0),
            changes=Coalesce(Sum("changed"), 0),
            rounds=Count("pk"),
        )
        .order_by()
    }
    return [_figure(*row, judged.get(pk, {})) for pk, row in now.items()]


def _figure(name: str, opened: int, late: int, row: dict[str, Any]) -> Figure:
    accepted, changed = row.get("first_accepted", 0), row.get("first_changed", 0)
    return Figure(name, opened, late, accepted + changed, accepted, row.get("changes", 0), row.get("rounds", 0))


# -- The staff's desk -------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Shelf:
    """One chosen photograph's finals, newest first, and what was said of the one shown."""

    finals: list[FinalVersion] = field(default_factory=list)
    verdicts: list[FinalVerdict] = field(default_factory=list)

    @property
    def newest(self) -> FinalVersion | None:
        return next((final for final in self.finals if final.version), None)

    @property
    def main_verdict(self) -> FinalVerdict | None:
        """The main chooser's word on the newest version; None when a newer one has reset it."""
        newest = self.newest
        return next(
            (one for one in self.verdicts if newest and one.final_id == newest.pk and one.chooser.is_main), None
        )

    @property
    def state(self) -> str:
        """Missing · waiting (ready, not sent) · shown (no verdict yet) · accept · change."""
        newest = self.newest
        if newest is None:
            return "missing"
        if newest.sent_in_id is None:
            return "waiting"
        verdict = self.main_verdict
        return verdict.value if verdict else "shown"


@dataclass(frozen=True, slots=True)
class Files:
    """All files of a retouch job: by photograph id, and those that need a person."""

    by_photo: dict[int, Shelf]
    doubtful: list[FinalVersion]
    refused: list[FinalVersion]
    rendering: int


def files_of(gallery: Gallery) -> Files:
    """Every final of the gallery with its verdicts. Two queries."""
    base = media_base(gallery)
    found = Files({}, [], [], gallery.finals.filter(state=PhotoState.RECEIVED).count())
    keep = [PhotoState.RECEIVED, PhotoState.READY, PhotoState.REFUSED]
    for final in gallery.finals.filter(state__in=keep).select_related("sent_in").order_by("-version", "-pk"):
        final.src, final.proof = final_url(base, final), final_url(base, final, PROOF)
        if final.state == PhotoState.REFUSED:
            found.refused.append(final)
        elif final.photo_id is None:
            found.doubtful.append(final)
        else:
            found.by_photo.setdefault(final.photo_id, Shelf()).finals.append(final)
    verdicts = FinalVerdict.objects.filter(final__gallery=gallery).select_related("chooser__customer", "final")
    for verdict in verdicts.order_by("-chooser__is_main", "-final__version"):
        if verdict.final.photo_id in found.by_photo:
            found.by_photo[verdict.final.photo_id].verdicts.append(verdict)
    return found


def is_settled(gallery: Gallery) -> bool:
    """Whether choosing is over for good."""
    return gallery.state in AFTER_SUBMISSION
