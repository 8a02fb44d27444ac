"""32 threads with connections of their own and real commits: counts and money exact, no error, no deadlock."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Count, Q

from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.orders.models import Order
from selection.models import Chooser, Gallery, Pick, Submission
from selection.services import apply_picks, submit_selection, unlock_selection
from tenants.context import in_studio
from tests.selection.make import main_chooser, make_gallery, tap

THREADS = 32


def at_once(studio, work):
    """`work(i)` in 32 threads that start together; answers in order. An exception in one fails the test."""
    gate = threading.Barrier(THREADS)

    def run(i):
        try:
            with in_studio(studio):
                gate.wait(30)
                return work(i)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def counted(chooser):
    told = Pick.objects.filter(chooser=chooser).aggregate(
        **{value: Count("pk", filter=Q(value=value)) for value in ("yes", "maybe", "no")}
    )
    return told["yes"], told["maybe"], told["no"]


def assert_exact(gallery):
    """Counters, card and event numbers agree with the rows."""
    chooser = Chooser.objects.get(gallery=gallery, is_main=True)
    assert (chooser.yes, chooser.maybe, chooser.no) == counted(chooser)
    seqs = list(Event.objects.filter(stream=f"gallery.{gallery.pk}").order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    return chooser


def test_taps_from_everywhere_leave_exact_counts(throwaway_studio):
    gallery = make_gallery(40, included=10)
    main = main_chooser(gallery)

    def work(i):
        dice = random.Random(i)
        chooser = Chooser.objects.select_related("customer").get(pk=main.pk)
        for op in range(1, 9):
            value = dice.choice(["yes", "yes", "maybe", "no", ""])
            taps = [tap(op * 10 + k, dice.randint(1, 40), value) for k in range(3)]
            apply_picks(chooser=chooser, device=f"device-{i}", ops=taps)
        return True

    assert all(at_once(throwaway_studio, work))
    chooser = assert_exact(gallery)
    assert Order.objects.get(pk=gallery.order_id).progress["picked"] == chooser.yes


@pytest.mark.parametrize("hard", [True, False])
def test_the_limit_holds_under_a_rush(throwaway_studio, hard):
    gallery = make_gallery(THREADS, included=20, extra_photo_minor=6000, hard_limit=hard)
    main = main_chooser(gallery)

    def work(i):
        chooser = Chooser.objects.select_related("customer").get(pk=main.pk)
        return len(apply_picks(chooser=chooser, device=f"d-{i:03}", ops=[tap(1, i + 1, "yes")]).acked)

    taken = sum(at_once(throwaway_studio, work))
    assert taken == (20 if hard else THREADS)
    assert assert_exact(gallery).yes == taken


def test_one_submission_wins_and_its_list_is_what_stands(throwaway_studio):
    gallery = make_gallery(60, included=5, extra_photo_minor=6000)
    main = main_chooser(gallery)
    apply_picks(chooser=main, device="first", ops=[tap(n, n, "yes") for n in range(1, 9)])

    def work(i):
        chooser = Chooser.objects.select_related("customer").get(pk=main.pk)
        if i % 4:
            return len(apply_picks(chooser=chooser, device=f"d-{i:03}", ops=[tap(1, 20 + i, "yes")]).acked)
        total = 3 * 6000
        for _attempt in range(40):  # a tap may change the price between the look and the signature: look again
            try:
                submit_selection(chooser=chooser, extra_total_minor=total, signed_name="陈晓雨")
            except Refusal as refusal:
                if refusal.code == "selection.locked":
                    return "late"
                assert refusal.code == "price.changed"  # noqa: PT017 (either is right)
                total = refusal.facts["extra_total_minor"]
            else:
                return "won"
        return "never"

    answers = at_once(throwaway_studio, work)
    assert answers.count("won") == 1
    assert "never" not in answers
    chooser, submission = assert_exact(gallery), Submission.objects.get()
    assert submission.picked == len(submission.numbers) == chooser.yes
    assert submission.extra_total_minor == (chooser.yes - 5) * 6000
    assert Order.objects.get(pk=gallery.order_id).stage == "production"


def test_submit_unlock_submit_under_fire_never_stands_twice(throwaway_studio):
    gallery = make_gallery(20, included=20)
    main = main_chooser(gallery)
    apply_picks(chooser=main, device="first", ops=[tap(1, 1, "yes")])
    actor = gallery.order.owner

    def work(i):
        chooser = Chooser.objects.select_related("customer").get(pk=main.pk)
        done = 0
        for _ in range(4):
            try:
                if i % 2:
                    unlock_selection(actor=actor, gallery=Gallery(pk=gallery.pk), reason="again")
                else:
                    submit_selection(chooser=chooser, extra_total_minor=0, signed_name="陈晓雨")
                done += 1
            except Refusal as refusal:
                assert refusal.code in {"selection.locked", "state.forbidden"}  # noqa: PT017 (either is right)
        return done

    at_once(throwaway_studio, work)
    assert_exact(gallery)
    gallery.refresh_from_db()
    standing = Submission.objects.filter(reopened_at=None).count()
    assert standing == (1 if gallery.state == "submitted" else 0)
    assert Order.objects.get(pk=gallery.order_id).stage == ("production" if standing else "selection")
