"""Tags as they are kept: one way to write each, so that a search finds all of them."""

import re
import unicodedata
from collections.abc import Iterable

LENGTH, MOST = 20, 12
_SPLIT = re.compile(r"[,，、;；#＃\n]+")


def normal(tag: str) -> str:
    """Full-width becomes plain, spaces become one, capitals small: "＃Ｏutdoor  光" → "outdoor 光"."""
    plain = unicodedata.normalize("NFKC", tag).lstrip("#").strip()
    return " ".join(plain.casefold().split())[:LENGTH].strip()


def parsed(text: str) -> list[str]:
    """What a person typed, as tags: split at commas of both scripts, each once, at most MOST."""
    return normalised(_SPLIT.split(text))


def normalised(tags: Iterable[str]) -> list[str]:
    """Each in its one form, once, in the order given; at most MOST."""
    return [tag for tag in dict.fromkeys(map(normal, tags)) if tag][:MOST]
