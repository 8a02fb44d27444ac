"""How a verb says no: a stable code and facts. Sentences are made and translated at the surface."""

from typing import Any


class Refusal(Exception):
    """A verb's no. `code` is stable and documented by the verb; `facts` are primitives for the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code
