"""A customer asks, agrees or signs while colleagues begin, approve or change: one order of events, exact lists."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from core.kernel import clock
from core.kernel.errors import Refusal
from selection.amendments import Reopening, SubmissionPart
from selection.changes import change_mark
from selection.models import Chooser, Gallery, Pick, Submission
from selection.retouch.models import RetouchJob
from selection.retouch.services import start_retouching
from selection.selectors import standing_submission
from selection.services import (
    agree_reopening,
    apply_picks,
    approve_reopening,
    ask_reopening,
    offer_reopening,
    sign_part,
)
from tenants.context import in_studio
from tests.factories import make_staff
from tests.selection.make import main_chooser, make_gallery, pick, tap
from tests.selection.retouch.make import submitted_gallery


def at_once(studio, *works):
    """Every work in a thread of its own; what each said ("ok" or why not)."""
    gate = threading.Barrier(len(works))

    def run(work):
        try:
            with in_studio(studio):
                gate.wait(30)
                work()
                return "ok"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def seat(pk):
    return Chooser.objects.select_related("customer").get(pk=pk)


def test_asked_approved_and_begun_at_the_same_time(throwaway_studio):
    boss = make_staff("owner")
    for _ in range(4):
        gallery = submitted_gallery(4, (1, 2, 3))
        chooser = main_chooser(gallery)
        due = clock.today(gallery.order.branch.timezone)

        def begin(gallery=gallery, due=due):
            start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=due)

        said = at_once(
            throwaway_studio,
            lambda pk=chooser.pk: ask_reopening(chooser=seat(pk), reason="想换", add=[4]),
            begin,
            lambda g=gallery: approve_reopening(actor=boss, gallery=g),
        )
        gallery.refresh_from_db()
        asked, job = Reopening.objects.filter(gallery=gallery), RetouchJob.objects.filter(gallery=gallery)
        assert said[0] == "ok"
        if gallery.state == "open":  # approved first: nobody can begin
            assert (said[1:], asked.get().state, job.exists()) == (["state.forbidden", "ok"], "approved", False)
        else:  # begun first: approving is over, the request waits for its price
            assert said[2] in {"selection.in_retouch", "reopening.gone"}
            assert (gallery.state, asked.get().state, job.count()) == ("retouching", "asked", 1)


def test_one_agreement_counts_and_never_at_another_price(throwaway_studio):
    boss = make_staff("owner")
    gallery = submitted_gallery(6, (1, 2, 3))
    chooser = main_chooser(gallery)
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=clock.today(gallery.order.branch.timezone))
    ask_reopening(chooser=chooser, reason="想加", add=[4])
    found = offer_reopening(actor=boss, gallery=gallery, price_minor=9000, answer="加修", add=[4], drop=[])
    given = {"price_minor": 9000, "seen": change_mark(found), "signed_name": "陈晓雨"}
    agree = [lambda: agree_reopening(chooser=seat(chooser.pk), **given)] * 4
    more = {"actor": boss, "price_minor": 12000, "answer": "两张", "add": [4, 5], "drop": []}
    at_once(throwaway_studio, *agree, lambda: offer_reopening(gallery=Gallery.objects.get(pk=gallery.pk), **more))
    state = Reopening.objects.get().state
    standing = standing_submission(gallery)
    assert Submission.objects.count() == (2 if state == "agreed" else 1)
    assert standing.extra_total_minor == (9000 if state == "agreed" else 0)


def test_taken_back_while_a_part_is_signed(throwaway_studio):
    gallery = make_gallery(12, included=12)
    chooser = main_chooser(gallery)
    pick(chooser, *[(n, n, "yes") for n in range(1, 9)])
    sign = [lambda: sign_part(chooser=seat(chooser.pk), numbers=[1, 2, 3, 4], beyond_minor=0, signed_name="陈晓雨")] * 3
    taps = [lambda n=n: apply_picks(chooser=seat(chooser.pk), device=f"d-{n}", ops=[tap(1, n, "")]) for n in (1, 2, 5)]
    at_once(throwaway_studio, *sign, *taps)
    signed = set(Pick.objects.filter(is_signed=True).values_list("photo__number", flat=True))
    parts = [number for part in SubmissionPart.objects.all() for number, _name in part.numbers]
    assert len(parts) == len(set(parts))
    assert signed == set(parts)
    assert not Pick.objects.filter(is_signed=True).exclude(value="yes").exists()
    chooser.refresh_from_db()
    assert chooser.yes == Pick.objects.filter(chooser=chooser, value="yes").count()
