"""The clerk inside: a process with the product's own verbs, told by lines of JSON what should happen behind the scenes.


The browser tests' own process never opens a database connection (playwright's event loop runs in it, where Django
refuses to work), so "a colleague takes an order" is a call over a pipe: `Clerk(env).order(studio="xingye", …)`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from infra.paths import ROOT
from tests.e2e.deeds.after import album, retouch, signed, tell
from tests.e2e.deeds.choosing import accompany, amending, chosen, marks, pins, say, share, submit, unlock
from tests.e2e.deeds.dates import book, bookable, booking, date, shop
from tests.e2e.deeds.galleries import arrange, gallery, shelved, triage
from tests.e2e.deeds.house import PASSWORD, package, staff_and_branches
from tests.e2e.deeds.late import books, gone, twice
from tests.e2e.deeds.leaving import certificate, guest_studio, operator, picture, restore
from tests.e2e.deeds.money import card_shop
from tests.e2e.deeds.orders import facts, move, order, studio
from tests.e2e.deeds.papers import contract
from tests.e2e.deeds.subscription import catalogue, review, subscription


class Clerk:
    """The test's end of the pipe; every verb below is a method. Raises RuntimeError with the clerk's own traceback."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.clerk"],
                cwd=ROOT,
                env={**os.environ, **env, "DJANGO_SETTINGS_MODULE": "config.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        if verb.startswith("_") or verb not in VERBS:
            raise AttributeError(verb)
        return lambda **told: self._ask(verb, told)

    def _ask(self, verb: str, told: dict[str, Any]) -> Any:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        pipe_in.write(json.dumps({"verb": verb, "told": told}) + "\n")
        pipe_in.flush()
        line = pipe_out.readline()
        if not line:
            raise RuntimeError("the clerk is gone; see clerk.log")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["value"]

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(10)


# -- Below: what runs in the clerk's own process ----------------------------------------------------------------------
def furnish(pictures: list[str]) -> dict[str, Any]:
    """Two studios: 星野 with two branches, orders on every stage, a gallery to choose from, one with finals; 青塘."""
    from tenants.context import in_studio
    from tenants.services import open_studio

    first = open_studio(
        name="星野映画", slug="xingye", branch_name="南山店", owner_name="陈思远", owner_username="boss",
        owner_password=PASSWORD,
    )  # fmt: skip
    second = open_studio(
        name="青塘影像", slug="qingtang", branch_name="西湖店", owner_name="沈青禾", owner_username="boss",
        owner_password=PASSWORD,
    )  # fmt: skip
    with in_studio(first):
        staff_and_branches()
        package()
    stages = ["enquiry", "signing", "preparation", "shoot", "production", "delivery", "after_sales"]
    orders = {stage: order(studio="xingye", stage=stage) for stage in stages}
    couple = order(studio="xingye", stage="selection", name="陈晓雨", phone="13900002611")
    shown = gallery(studio="xingye", code=couple["code"], pictures=pictures, publish=True)
    arrange(studio="xingye", gallery=shown)
    foreign = order(studio=second.slug, stage="preparation", name="顾南乔", phone="13900002612")
    finals = shelved(studio="xingye", photos=4, included=4, name="苏晚晴")
    retouch(studio="xingye", gallery=finals["code"], numbers=[1, 2, 3], begin=True)
    spreads = [["01.jpg", pictures[0]], ["02.jpg", pictures[1]]]
    album(studio="xingye", gallery=finals["code"], files=spreads, begin=True)
    kept = shelved(studio="xingye", photos=3, included=3, name="沈听澜")
    signed(studio="xingye", gallery=kept["code"], numbers=[1, 2], pictures=pictures[:2], handed=True)
    kept["share"] = tell(studio="xingye", gallery=kept["code"], numbers=[2, 1])
    amended = shelved(studio="xingye", photos=5, included=4, name="顾知夏")
    amending(studio="xingye", gallery=amended["code"])
    shown_to = {"couple": {**couple, "gallery": shown}, "foreign": foreign, "date": book(studio="xingye")}
    return {"orders": orders, "studio": first.pk, **shown_to, "finals": finals, "kept": kept, "amended": amended}


VERBS = {
    each.__name__: each
    for each in (
        *(furnish, order, move, gallery, shelved, triage, facts, chosen, pins, say, submit, unlock, retouch),
        *(accompany, amending, marks, share, album, signed, studio, book, date, bookable, booking, shop, contract),
        *(books, gone, twice),
        *(card_shop, catalogue, review, subscription, certificate, guest_studio, operator, picture, restore),
    )
}


def main(orders: IO[str], answers: IO[str]) -> None:
    """Obey until the pipe closes."""
    import traceback

    import django

    django.setup()
    for line in orders:
        asked = json.loads(line)
        try:
            answer = {"value": VERBS[asked["verb"]](**asked["told"])}
        except Exception:  # noqa: BLE001 (the test shows it)
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
