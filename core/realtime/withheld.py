"""Numbers of a stream that one reader is not told of, so that silence is not taken for a lost poke.

A stream's numbers are gap-free for all of its readers: a reader who hears 7 after 5 asks what 6 was. A poke that says
nothing but its number would tell a person the moment at which another, who hides their marks, has tapped; sending it
later or in bundles only blurs that. So nothing is sent at all. The next poke that this reader does hear says after
which number it comes (`after`), and the beats, which tell where a stream stands, leave withheld numbers at its end out.
Only numbers that this socket has itself seen and withheld are bridged: a poke that was lost on its way is still missed
and asked for. That some numbers are missing can be counted afterwards; when they came cannot be heard.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Withheld:
    """The unbroken run of numbers withheld last, `first` to `last`; 0: none."""

    epoch: Any = None
    first: int = 0
    last: int = 0

    def add(self, message: dict[str, Any]) -> None:
        """Remember that the message was not sent."""
        epoch, seq = message.get("epoch"), int(message.get("seq") or 0)
        if not (self.last and epoch == self.epoch and seq == self.last + 1):
            self.epoch, self.first = epoch, seq
        self.last = seq

    def bridge(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message that is sent, with `after` when it follows upon withheld ones."""
        follows = self.last and message.get("epoch") == self.epoch and message.get("seq") == self.last + 1
        told = {**message, "after": self.first - 1} if follows else message
        if message.get("seq"):
            self.first = self.last = 0
        return told

    def standing(self, position: list[Any]) -> list[Any]:
        """Where the stream stands for this reader."""
        return [self.epoch, self.first - 1] if self.last and position == [self.epoch, self.last] else position
