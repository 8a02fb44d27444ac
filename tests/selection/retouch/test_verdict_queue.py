"""Verdicts that waited on a phone: they may arrive twice, late, or too late."""

import pytest
from django.urls import reverse

from selection.retouch.models import FinalVerdict
from tests.selection.make import main_chooser
from tests.selection.retouch.make import give_back, judge, send


@pytest.fixture
def phone_of(gallery, job, phone):
    send(gallery, 1, 2, 3)
    return phone(main_chooser(gallery).customer)


def post(browser, gallery, *verdicts, now=100_000):
    rows = [{"photo": n, "version": version, "v": v, "note": note, "at": at} for n, version, v, note, at in verdicts]
    answer = browser.send(
        "POST", reverse("selection-api:verdicts", args=[gallery.code]), {"now": now, "verdicts": rows}
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def said():
    return sorted(FinalVerdict.objects.values_list("final__photo__number", "value", "note"))


def test_a_batch_may_arrive_twice(gallery, phone_of):
    batch = [(1, 1, "accept", "", 99_000), (2, 1, "change", "再瘦一点", 99_500)]
    for _ in range(2):
        assert post(phone_of, gallery, *batch) == {"acked": [1, 2], "refused": []}
    assert said() == [(1, "accept", ""), (2, "change", "再瘦一点")]


def test_an_older_word_never_overwrites_a_newer_one(gallery, phone_of):
    judge(gallery, 1, "accept")  # accepted just now, on another phone
    assert post(phone_of, gallery, (1, 1, "change", "旧的", 10_000)) == {"acked": [1], "refused": []}
    assert said() == [(1, "accept", "")]


def test_what_cannot_count_any_more_says_why_and_holds_up_nothing(gallery, phone_of):
    give_back(gallery, 2)
    assert post(phone_of, gallery, (1, 1, "change", "x", 99_999))["refused"] == [{"photo": 1, "why": "round.closed"}]
    send(gallery, 2)
    answer = post(
        phone_of, gallery, (2, 1, "change", "x", 99_999), (9, 1, "accept", "", 99_999), (3, 1, "", "", 99_999)
    )
    assert answer["acked"] == [3]
    assert answer["refused"] == [{"photo": 2, "why": "final.newer"}, {"photo": 9, "why": "final.unknown"}]
