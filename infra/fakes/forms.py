"""`a[b][0]=c` as Stripe's clients send it, read back into dictionaries and lists."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

PART = re.compile(r"[^\[\]]+")


def read_form(body: str) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        parts = PART.findall(name)
        if name.endswith("[]"):
            parts.append(str(len(_at(tree, parts) or {})))
        place = tree
        for part in parts[:-1]:
            place = place.setdefault(part, {})
        place[parts[-1]] = value
    found = _lists(tree)
    assert isinstance(found, dict)
    return found


def _at(tree: dict[str, Any], parts: list[str]) -> Any:
    for part in parts:
        tree = tree.get(part, {})
    return tree


def _lists(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if tree and all(key.isdigit() for key in tree):
        return [_lists(tree[key]) for key in sorted(tree, key=int)]
    return {key: _lists(value) for key, value in tree.items()}
