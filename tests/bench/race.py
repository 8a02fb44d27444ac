"""A thousand taps at once around every limit of a gallery: picks, placements, prices, signatures. Errors must be 0."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from core.catalog.models import Package
from core.catalog.services import publish_package, save_package
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from selection.bills import bill_of
from selection.models import Chooser, Gallery, Pick, Placement, Submission
from selection.selectors import counts
from selection.services import Op, Put, apply_picks, place_photos, submit_selection, unlock_selection, want_originals
from tenants.accounts.models import User
from tenants.context import in_studio
from tests.bench.gallery_seed import seed_gallery
from tests.bench.scene import furnished_studio

TAPS, THREADS, PHOTOS, INCLUDED, COVER_MOST, FRAME_MOST = 1000, 24, 60, 12, 1, 4
SLOTS = [
    {"kind": "album_page", "name": "入册", "included": 8, "extra_price_minor": 3000,
     "tiers": [{"from": 4, "price_minor": 2000}]},
    {"kind": "cover", "name": "封面", "included": 1, "maximum": COVER_MOST},
    {"kind": "frame", "name": "放大", "included": 1, "maximum": FRAME_MOST, "extra_price_minor": 38000},
]  # fmt: skip
EXPECTED = {"selection.locked", "state.forbidden", "price.changed", "selection.empty", "selection.too_late"}


def run() -> dict[str, Any]:
    """`picks_race_errors`: exceptions, answers that are wrong, counters, sums, limits and prices that disagree."""
    with furnished_studio("抢拍") as studio:
        _slotted_package()
        gallery = seed_gallery(PHOTOS, included=INCLUDED, pictures=3)
        begun = time.perf_counter()
        errors = _rush(studio, gallery)
        seconds = time.perf_counter() - begun
        wrong = [*errors, *_wrong(gallery)]
        signed = Submission.objects.filter(gallery=gallery).count()
    for what in wrong[:10]:
        print(f"  {what}")
    note = f"{TAPS} racing taps in {THREADS} threads, {seconds:.1f} s, signed and opened again {signed} times"
    return {"picks_race_errors": {"value": len(wrong), "unit": "errors", "baseline": 0, "ratio": None, "note": note}}


def _slotted_package() -> None:
    package = Package.objects.order_by("pk").first()
    terms = {"retouched_tiers": [{"from": 6, "price_minor": 4000}], "all_originals_minor": 50000}
    save_package(actor=None, package=package, fields=terms, slots=SLOTS)
    publish_package(actor=None, package=package)


def _rush(studio: Any, gallery: Gallery) -> list[str]:
    """Every thread taps on its own device; what it could not be told rightly comes back as text."""
    main, actor = gallery.choosers.get(is_main=True).pk, User.objects.order_by("pk").first()
    start, found = threading.Barrier(THREADS), list[str]()

    def work(i: int) -> None:
        dice, device = random.Random(i), f"race-{i:03}"
        start.wait(30)
        for op in range(1, TAPS // THREADS + 2):
            try:
                with in_studio(studio):
                    chooser = Chooser.objects.select_related("customer", "gallery").get(pk=main)
                    _act(dice, chooser, actor, device, op, found)
            except Refusal as refusal:
                if refusal.code not in EXPECTED:
                    found.append(f"refusal {refusal}")
            except Exception as error:  # noqa: BLE001 (any fault is a figure of this bench)
                found.append(f"{type(error).__name__}: {error}")
            finally:
                connection.close()  # the pool holds fewer than there are threads

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    return found


def _act(dice: random.Random, chooser: Chooser, actor: Any, device: str, op: int, found: list[str]) -> None:
    """One tap, sometimes a signature or its opening; an answer whose own figures disagree is an error."""
    number, what = dice.randint(1, PHOTOS), dice.random()
    if what < 0.45:
        value = dice.choice(["yes", "yes", "yes", "maybe", "no", ""])
        apply_picks(chooser=chooser, device=device, ops=[Op(op, number, value, clock.now())])
    elif what < 0.93:
        tap = Put(op, number, dice.randint(1, len(SLOTS)), dice.random() < 0.75, clock.now())
        outcome = place_photos(chooser=chooser, device=device, ops=[tap])
        if outcome.counts.extra_total_minor != outcome.bill.total_minor:
            found.append(f"answer: {outcome.counts} is not {outcome.bill.total_minor}")
        used = {line.slot: line.used for line in outcome.bill.lines}
        if used[2] > COVER_MOST or used[3] > FRAME_MOST:
            found.append(f"limit: {used}")
    elif what < 0.95:
        want_originals(chooser=chooser, wanted=dice.random() < 0.5)
    elif what < 0.975:
        total = bill_of(chooser.gallery, chooser).total_minor
        submit_selection(chooser=chooser, extra_total_minor=total, signed_name="陈晓雨")
    else:
        unlock_selection(actor=actor, gallery=chooser.gallery, reason="again")


def _wrong(gallery: Gallery) -> list[str]:
    """What the rows say against every figure kept beside them."""
    gallery.refresh_from_db()
    chooser = Chooser.objects.get(gallery=gallery, is_main=True)
    picks = Pick.objects.filter(chooser=chooser, photo__state="ready")
    told = picks.aggregate(**{value: Count("pk", filter=Q(value=value)) for value in ("yes", "maybe", "no")})
    bill = bill_of(gallery, chooser)
    picked = set(picks.filter(value="yes").values_list("photo_id", flat=True))
    inside = Placement.objects.filter(chooser=chooser, is_in=True)
    used = dict(inside.order_by().values_list("slot__number").annotate(Count("pk")))
    seqs = list(Event.objects.filter(stream=gallery.event_stream).order_by("seq").values_list("seq", flat=True))
    gallery.order.refresh_from_db()
    checks = {
        "counters": (chooser.yes, chooser.maybe, chooser.no) == (told["yes"], told["maybe"], told["no"]),
        "money": counts(gallery, chooser).extra_total_minor == bill.total_minor,
        "card": gallery.order.progress["extra_total_minor"] == bill.total_minor,
        "placed and not picked": set(inside.values_list("photo_id", flat=True)) <= picked,
        "limits": used.get(2, 0) <= COVER_MOST and used.get(3, 0) <= FRAME_MOST,
        "events without a gap": seqs == list(range(1, len(seqs) + 1)),
        "one standing submission": Submission.objects.filter(gallery=gallery, reopened_at=None).count()
        == (gallery.state == "submitted"),
    }
    signed = [
        f"submission {row.pk}"
        for row in Submission.objects.filter(gallery=gallery)
        if row.extra_total_minor != sum(line["total_minor"] for line in row.lines) or row.picked != len(row.numbers)
    ]
    return [name for name, holds in checks.items() if not holds] + signed
