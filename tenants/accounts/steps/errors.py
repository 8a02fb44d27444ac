"""How the second step says no."""

from typing import Any


class StepRefused(Exception):
    """A stable code and facts; surfaces make the sentence.

    step.wrong · step.used (this code was taken already) · step.passkey (the browser's answer does not fit) ·
    step.over (waited too long) · step.none · step.needed (a rule of the studio demands one) · step.many
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
