"""Threads with connections of their own: one round is sent, one signature stands, one price is agreed."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core.kernel.errors import Refusal
from core.orders.models import Order
from selection.models import Gallery
from selection.retouch.models import FinalVerdict, FinalVersion, RetouchJob, RetouchRound, RoundGrant, SignOff
from selection.retouch.services import (
    accept_rest,
    agree_round,
    decline_round,
    grant_round,
    judge_final,
    place_final,
    return_round,
    send_round,
    sign_off,
    start_retouching,
)
from selection.services import unlock_selection
from tenants.context import in_studio
from tests.factories import make_staff
from tests.selection.make import main_chooser
from tests.selection.retouch.make import add_final, give_back, send, submitted_gallery

THREADS = 12


def at_once(studio, work):
    """`work(i)` in threads that start together: "done", or the refusal's code."""
    gate = threading.Barrier(THREADS)

    def run(i):
        try:
            with in_studio(studio):
                gate.wait(30)
                try:
                    work(i)
                except Refusal as refusal:
                    return refusal.code
                return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


@pytest.fixture
def begun(throwaway_studio):
    gallery = submitted_gallery(3, (1, 2, 3))
    retoucher = make_staff("retoucher", gallery.order.branch)
    start_retouching(actor=retoucher, gallery=gallery, retoucher=retoucher, due_on=None)
    gallery.refresh_from_db()
    return throwaway_studio, gallery, retoucher


def test_starting_and_reopening_at_once_leaves_one_of_both(throwaway_studio):
    gallery = submitted_gallery(3, (1, 2))
    retoucher = make_staff("retoucher", gallery.order.branch)

    def work(i):
        if i % 2:
            start_retouching(actor=retoucher, gallery=gallery, retoucher=retoucher, due_on=None)
        else:
            unlock_selection(actor=retoucher, gallery=gallery, reason="x")

    answers = at_once(throwaway_studio, work)
    assert answers.count("done") == 1
    gallery.refresh_from_db()
    standing = gallery.submissions.filter(reopened_at=None).count()
    assert (gallery.state, RetouchJob.objects.count(), standing) in {("retouching", 1, 1), ("open", 0, 0)}


def test_a_round_is_sent_once(begun):
    studio, gallery, retoucher = begun
    for number in (1, 2, 3):
        add_final(gallery, number)
    answers = at_once(studio, lambda _i: send_round(actor=retoucher, gallery=gallery))
    assert (answers.count("done"), RetouchRound.objects.count()) == (1, 1)


def test_signing_giving_back_and_judging_at_once_end_in_one_true_state(begun):
    studio, gallery, _retoucher = begun
    send(gallery)
    main = main_chooser(gallery)
    accept_rest(chooser=main)

    def work(i):
        chooser = main_chooser(gallery)
        if i % 3 == 0:
            sign_off(chooser=chooser, signed_name="陈晓雨")
        elif i % 3 == 1:
            judge_final(chooser=chooser, number=2, version=1, value="change", note="x")
        else:
            return_round(chooser=chooser)

    at_once(studio, work)
    gallery.refresh_from_db()
    closed = RetouchRound.objects.get()
    changes = FinalVerdict.objects.filter(value="change").count()
    if gallery.state == "signed_off":
        assert (SignOff.objects.count(), changes, closed.accepted) == (1, 0, 3)
    elif gallery.state == "retouching":
        assert (SignOff.objects.count(), changes, closed.changed) == (0, 1, 1)
    else:  # judged last, nobody ended it
        assert (gallery.state, closed.returned_at, SignOff.objects.count()) == ("proofing", None, 0)


def test_one_price_is_agreed_or_none(begun):
    """The manager changes the price while the customer's taps agree and decline: only a price that was seen binds."""
    studio, gallery, _retoucher = begun
    send(gallery)
    give_back(gallery, 1)
    send(gallery, 1)
    give_back(gallery, 1)
    manager = make_staff("manager", gallery.order.branch)
    grant_round(actor=manager, gallery=gallery, price_minor=20000, reason="x")

    def work(i):
        if i % 3 == 0:
            agree_round(chooser=main_chooser(gallery), price_minor=20000, signed_name="陈晓雨")
        elif i % 3 == 1:
            grant_round(actor=manager, gallery=gallery, price_minor=30000, reason="y")
        else:
            decline_round(chooser=main_chooser(gallery))

    at_once(studio, work)
    agreed = list(RoundGrant.objects.exclude(agreed_at=None).values_list("price_minor", flat=True))
    assert agreed in ([], [20000])
    assert Order.objects.get(pk=gallery.order_id).progress.get("retouch_extra_minor", 0) == sum(agreed)
    gallery.refresh_from_db()
    assert gallery.state == ("retouching" if agreed else gallery.state)
    assert not (agreed and RoundGrant.objects.filter(agreed_at=None, declined_at=None).exists())


def test_versions_of_a_photograph_are_numbered_without_doubles(begun):
    studio, gallery, retoucher = begun
    wild = [add_final(gallery, 1, f"{i}.jpg", photo=None, version=None, doubt="unknown").pk for i in range(THREADS)]

    def work(i):
        place_final(actor=retoucher, final=FinalVersion.objects.get(pk=wild[i]), number=2)

    assert set(at_once(studio, work)) == {"done"}
    versions = Gallery.objects.get(pk=gallery.pk).finals.order_by("version").values_list("version", flat=True)
    assert list(versions) == list(range(1, THREADS + 1))
