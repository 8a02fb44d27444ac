"""Memory of the fakes: objects by kind and id, in a file when one is named, so that a demo remembers yesterday."""

from __future__ import annotations

import json
import secrets
import sqlite3
from pathlib import Path
from typing import Any

Thing = dict[str, Any]


class Store:
    """Objects are plain dictionaries with an `id`; `put` writes them through."""

    def __init__(self, path: Path | None = None) -> None:
        self._kinds: dict[str, dict[str, Thing]] = {}
        self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None) if path else None
        if self._file:
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS thing (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id))"
            )
            for kind, key, body in self._file.execute("SELECT kind, id, body FROM thing ORDER BY rowid"):
                self._kinds.setdefault(kind, {})[key] = json.loads(body)

    def put(self, kind: str, thing: Thing) -> Thing:
        self._kinds.setdefault(kind, {})[thing["id"]] = thing
        if self._file:
            body = json.dumps(thing, ensure_ascii=False)
            self._file.execute("INSERT OR REPLACE INTO thing VALUES (?, ?, ?)", (kind, thing["id"], body))
        return thing

    def close(self) -> None:
        if self._file:
            self._file.close()

    def get(self, kind: str, key: str) -> Thing | None:
        return self._kinds.get(kind, {}).get(key)

    def all(self, kind: str) -> list[Thing]:
        return list(self._kinds.get(kind, {}).values())

    def clear(self, kind: str) -> None:
        self._kinds.pop(kind, None)
        if self._file:
            self._file.execute("DELETE FROM thing WHERE kind = ?", (kind,))

    def find(self, kind: str, **fields: Any) -> Thing | None:
        """The newest one with these fields."""
        return next((one for one in reversed(self.all(kind)) if all(one.get(k) == v for k, v in fields.items())), None)


def new_id(prefix: str = "", length: int = 24) -> str:
    return prefix + secrets.token_hex(length)[:length]
