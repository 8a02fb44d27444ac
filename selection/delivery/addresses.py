"""Addresses of downloads: short-lived, bound to person, gallery and epoch. They carry no login, so they ask everything
again when they are used (`selection.delivery.parcels`).
"""

import time
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from core.kernel import crypto
from core.kernel.links import portal_link
from selection.models import Gallery

LIFE = 4 * 3600  # long enough to resume a large part on a slow line, short enough to be worth little when passed on
PURPOSE, LENGTH = "delivery-pass", 20
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Pass:
    """Who holds the address, and until when (Unix time)."""

    customer_id: int
    expires: int

    @property
    def is_over(self) -> bool:
        return self.expires < time.time()


def download_base(gallery: Gallery, customer_id: int) -> str:
    """What every download address of this person begins with: `/d/<code>/<pass>/`."""
    expires = int(time.time()) + LIFE
    return reverse("delivery:root", args=[gallery.code, _pass(gallery, customer_id, expires)])


def download_url(base: str, what: str, name: str) -> str:
    """`base` from `download_base`; the name is for people and download managers, nobody believes it."""
    return f"{base}{what}/{quote(name, safe='')}"


def read_pass(gallery: Gallery, given: str, *, epochs_ago: int = 0) -> Pass | None:
    """Who and until when, if the pass is one of ours for this gallery and its present epoch (or an earlier one)."""
    who, _dot, rest = given.partition(".")
    until, _dot, _sign = rest.partition(".")
    if not (_is_number(who) and _is_number(until)):
        return None
    found = Pass(int(who, 36), int(until, 36))
    text = _text(gallery, found.customer_id, found.expires, epochs_ago)
    is_ours = crypto.matches(PURPOSE, text, _sign, LENGTH)
    return found if is_ours else None


def _pass(gallery: Gallery, customer_id: int, expires: int) -> str:
    sign = crypto.keyed_hash(PURPOSE, _text(gallery, customer_id, expires), LENGTH)
    return f"{_base36(customer_id)}.{_base36(expires)}.{sign}"


def _text(gallery: Gallery, customer_id: int, expires: int, epochs_ago: int = 0) -> str:
    return f"{gallery.pk}.{gallery.media_epoch - epochs_ago}.{customer_id}.{expires}"


def _is_number(text: str) -> bool:
    return 0 < len(text) < 12 and all(c in DIGITS for c in text)


def _base36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = DIGITS[rest] + text
    return text or "0"


# -- Pages ------------------------------------------------------------------------------------------------------------
def clean_token(gallery: Gallery) -> str:
    """The bearer token of a gallery's unmarked previews; another one than the proofs'."""
    return crypto.keyed_hash("delivery-clean", f"{gallery.pk}.{gallery.media_epoch}", 16)


def clean_token_matches(gallery: Gallery, given: str) -> bool:
    return crypto.matches("delivery-clean", f"{gallery.pk}.{gallery.media_epoch}", given, 16)


def delivery_link(gallery: Gallery) -> str:
    """The customer's absolute link to their photographs, under the platform's host."""
    return portal_link("portal:delivery", gallery.code)


def share_link(share_code: str) -> str:
    """The absolute link to a shared story."""
    return portal_link("portal:shared-story", share_code)
