"""Use rights and changes of the demo, told by the verbs: consents, samples with tags, a consent taken back that nobody
has seen to, and customers who ask to change what they submitted.
"""

import datetime as dt
from typing import Any

from core.kernel import clock
from infra.seed.pictures import sample_paths
from selection.models import Chooser, Gallery
from selection.rights.selectors import offered
from selection.rights.services import add_samples, add_works, revoke_consent, sign_consent
from selection.services import arrange_change, ask_reopening, offer_reopening

PHONE = {"address": "2001:db8::26", "agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0", "language": "zh-hans"}
TAGS = [["外景", "逆光", "白纱"], ["棚拍", "特写"], ["森系", "全身", "头纱"], ["夜景", "灯光"]]
SHOWN = 12


def tell_consents(keeper: Any, shown: Gallery, others: list[Gallery], now: dt.datetime) -> None:
    """`shown`: twelve photographs for two purposes, in the library; of `others` one for every purpose, and one that was
    taken back two hours ago; works of the studio's own.
    """
    _own_works(keeper, shown, now - dt.timedelta(days=9))
    _consent(shown, now - dt.timedelta(days=1), ["album", "store"], "1")
    _take_in(keeper, shown, now - dt.timedelta(hours=20), "customer")
    for gallery in others[:1]:
        _consent(gallery, now - dt.timedelta(days=3), ["album", "online", "store"], "0")
        _take_in(keeper, gallery, now - dt.timedelta(days=2), "customer")
    for gallery in others[1:2]:
        _consent(gallery, now - dt.timedelta(days=4), ["online"], "3")
        _take_in(keeper, gallery, now - dt.timedelta(days=3), "customer")
        with clock.at(now - dt.timedelta(hours=2)):
            revoke_consent(chooser=_main(gallery), consent=gallery.consents.get(), evidence=PHONE)


def tell_changes(adviser: Any, shown: Gallery, waiting: list[Gallery], now: dt.datetime) -> None:
    """`shown`: a change at a price waits for the customer's name; the first of `waiting`: a free one for the studio."""
    signed = [number for number, _name in shown.submissions.get(reopened_at=None).numbers]
    spare = shown.photos.filter(state="ready").exclude(number__in=signed).order_by("number")
    add = list(spare.values_list("number", flat=True)[:1])
    with clock.at(now - dt.timedelta(hours=3)):
        ask_reopening(chooser=_main(shown), reason="这张侧脸也想精修，可以加吗？", add=add)
        for slot in shown.slots.all()[: len(add)]:  # what comes in goes into the album too
            arrange_change(chooser=_main(shown), slot=slot.number, number=add[0], is_in=True)
    with clock.at(now - dt.timedelta(hours=1)):
        words = "加修一张，随下一轮一起给您看，不占用合同里的轮次。"
        offer_reopening(actor=adviser, gallery=shown, price_minor=9800, answer=words, add=add, drop=[])
    for gallery in waiting[:1]:
        with clock.at(now - dt.timedelta(minutes=40)):
            ask_reopening(chooser=_main(gallery), reason="妈妈也看了，有两张想换成全家福")


def _own_works(keeper: Any, near: Gallery, at: dt.datetime) -> None:
    """Six of the studio's own, taken with models."""
    paths = sample_paths()[-6:]
    said: dict[str, Any] = {
        "whose": "摄影师 沈墨；模特 夏川、林湾",
        "evidence": "模特授权书 2026-017，前台文件柜 B",
        "purposes": ["online", "store"],
        "look": "春季样片",
        "tags": ["样片", "外景", "轻婚纱"],
    }
    with clock.at(at):
        files = [(f"YP_{i:03d}.jpg", path.read_bytes()) for i, path in enumerate(paths, start=1)]
        add_works(actor=keeper, branch=near.order.branch, files=files, **said)


def _consent(gallery: Gallery, at: dt.datetime, purposes: list[str], term: str) -> None:
    main = _main(gallery)
    numbers = [photo.number for photo in offered(gallery)["single"]][:SHOWN]
    children = "agreed" if gallery.order.terms.get("kind") == "children" else "none"
    said: dict[str, Any] = {
        "scope": "single",
        "numbers": numbers,
        "purposes": purposes,
        "term": term,
        "children": children,
    }
    with clock.at(at):
        sign_consent(chooser=main, signed_name=main.customer.name, evidence=PHONE, **said)


def _take_in(keeper: Any, gallery: Gallery, at: dt.datetime, kind: str) -> None:
    """In fours, each with tags of its own."""
    numbers = [number for number, _name in gallery.consents.get().numbers]
    with clock.at(at):
        for i in range(0, len(numbers), 4):
            tags = TAGS[(i // 4 + gallery.pk) % len(TAGS)]
            add_samples(actor=keeper, gallery=gallery, numbers=numbers[i : i + 4], kind=kind, tags=tags)


def _main(gallery: Gallery) -> Chooser:
    found: Chooser = gallery.choosers.select_related("customer").get(is_main=True)
    return found
