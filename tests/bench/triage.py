"""How many taps and keys a decision takes: a customer goes through 600 photographs and keeps 40 of them (goal G16).

A real browser, once by thumb and once by keyboard. Every tap, swipe and key is counted, opening the first photograph
and switching "Auto next" on included; what was decided is read from the database afterwards. The grid's ring and the
large photograph's heart are each counted by themselves as well: one tap picks.
"""

from typing import Any

from playwright.sync_api import Page

from selection.models import Chooser, Gallery, Pick
from tests.bench.gallery import logged_in
from tests.bench.gallery_seed import seed_gallery, session_of
from tests.bench.scene import furnished_studio, running_product

PHOTOS, WANTED = 600, 40
EVERY = PHOTOS // WANTED
PATIENCE = 15_000  # ms
WAITING = "Object.keys(localStorage).filter((key) => key.startsWith('yl:pick:')).length"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# The page's own pauses (the moment in which an answer is seen before the next photograph comes) pass ten times as fast:
# what is counted are fingers and keys, not patience
HASTE = """(() => { const real = window.setTimeout;
  window.setTimeout = (does, ms, ...given) => real(does, (ms || 0) / 10, ...given); })()"""
MIDDLE = """(selector) => { const box = document.querySelector(selector).getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2]; }"""
STANDS = """([words, patience]) => new Promise((there, never) => {
  const says = () => document.querySelector(".lb-title strong")?.textContent === words;
  if (says()) return there();
  const watch = new MutationObserver(() => { if (says()) { watch.disconnect(); there(); } });
  watch.observe(document.querySelector(".lb-title"), { subtree: true, childList: true, characterData: true });
  setTimeout(() => never(new Error(`${words} never came`)), 10 * patience); // in the haste above
})"""


class Customer:
    """Counts what it does."""

    def __init__(self, page: Page) -> None:
        self.page, self.done = page, 0
        self.finger = page.context.new_cdp_session(page)
        self.finger.send("Network.enable")
        self.finger.send("Network.setBlockedURLs", {"urls": ["*/p.webp"]})  # thumbnails suffice to count fingers

    def tap(self, selector: str) -> None:
        """A real touch in the middle of the first of them."""
        x, y = self.page.evaluate(MIDDLE, selector)
        self.finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        self.finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.done += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.done += 1

    def open_first(self) -> None:
        """The first photograph large, and each answer leading to the next."""
        self.tap("#grid .tile > a")
        self.page.locator(".pswp--ui-visible .lightbox-bar").wait_for()
        if self.page.locator(".lb-lesson").count():
            self.page.locator(".lb-lesson button").tap()
            self.done += 1
        self.page.locator(".lb-chip[aria-pressed=false]").tap()
        self.done += 1
        self.reached(1)

    def reached(self, place: int) -> None:
        """The photograph at this place is the one on the screen: nobody answers before they see it."""
        self.page.evaluate(STANDS, [f"{min(place, PHOTOS)} / {PHOTOS}", PATIENCE])


def run() -> dict[str, Any]:
    """`triage_interactions_per_decision`; baseline: the decisions made in the same run."""
    with furnished_studio("挑选") as studio:
        galleries = {how: seed_gallery(PHOTOS, included=WANTED) for how in ("thumb", "keys")}
        tokens = {how: session_of(found.order.customer) for how, found in galleries.items()}
        with running_product() as stack:
            base = f"http://{studio.slug}.localhost:{stack.port}/gallery"
            told = {how: _chosen(f"{base}/{found.code}/", tokens[how], how, found) for how, found in galleries.items()}
    ratios = {how: interactions / decisions for how, (interactions, decisions) in told.items()}
    worst = max(ratios, key=lambda how: ratios[how])
    interactions, decisions = told[worst]
    note = ", ".join(f"{how}: {did} for {made} decisions" for how, (did, made) in told.items())
    return {
        "triage_interactions_per_decision": {
            "value": round(ratios[worst], 3),
            "unit": "per decision",
            "baseline": decisions,
            "ratio": round(interactions / decisions, 3),
            "note": f"{WANTED} of {PHOTOS} chosen; {note}; baseline: decisions made; one tap picks in grid and large",
        }
    }


def _chosen(url: str, token: str, how: str, gallery: Gallery) -> tuple[int, int]:
    """(interactions, decisions) of one way through the gallery. Raises AssertionError when the choice is not exact."""
    with logged_in(url, token, **PHONE) as context:
        page = context.pages[0]
        page.add_init_script(HASTE)
        customer = Customer(page)
        page.goto(url)
        page.locator("#grid.is-windowed").wait_for()
        customer.open_first()
        for place in range(1, PHOTOS + 1):
            wanted = place % EVERY == 0
            if how == "thumb":
                customer.tap(f".lightbox-acts [data-v={'yes' if wanted else 'no'}]")
            else:
                customer.press("3" if wanted else "1")
            customer.reached(place + 1)
        for _ in range(100):
            if not page.evaluate(WAITING):
                break
            page.wait_for_timeout(200)
    return customer.done, _decided(gallery)


def _decided(gallery: Gallery) -> int:
    """How many photographs the database has an answer for."""
    said = Pick.objects.filter(chooser=Chooser.objects.get(gallery=gallery, is_main=True)).exclude(value="")
    assert said.filter(value="yes").count() == WANTED
    return int(said.count())
