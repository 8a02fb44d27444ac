"""Which photograph a file means, by its base name alone: a RAW, a JPEG and a sidecar of one shot share nothing else.

Never a guess: a name that may mean two photographs means none.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# What retouchers and their programs put behind a name. Taken off one after the other: DSC_1_精修_v2 (1) → DSC_1.
SUFFIX = re.compile(
    r"(?:[ _-]*(?:精修|修图|修圖|修|终稿|終稿|定稿|成片|副本|拷贝|拷貝)"
    r"|[ _-]+(?:edit(?:ed)?|retouch(?:ed)?|final|finals|ok|copy|enhanced(?:-nr)?|psd)"
    r"|[ _-]+v\d{1,2}"
    r"|[ _-]*[(（]\d{1,2}[)）])$",
    re.IGNORECASE,
)
# Characters that some system would not take, or would take for a folder: such a name becomes no file of ours.
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]|^\s|[\s.]$|^\.*$')


def base_name(file_name: str) -> str:
    """The name without its last extension; a name that is nothing but an extension stays whole."""
    base, _dot, extension = file_name.rpartition(".")  # ten times faster than pathlib: asked for a thousand names
    return base if base and extension else file_name


def folded(base: str) -> str:
    """What two systems agree is the same name: Windows and macOS ignore case, macOS takes accents apart."""
    return unicodedata.normalize("NFC", base).casefold()


def is_safe(base: str) -> bool:
    """Whether every system can have a file of this name, and in the folder where it is unpacked."""
    return UNSAFE.search(base) is None


def shared(file_names: Iterable[str]) -> set[str]:
    """Folded base names that more than one of these files carries."""
    counted = Counter(folded(base_name(name)) for name in file_names)
    return {base for base, times in counted.items() if times > 1}


def plain(base: str) -> list[str]:
    """The base name and what is left as suffixes come off, folded: the longest first."""
    found = [folded(base)]
    while (shorter := SUFFIX.sub("", base)) != base and shorter:
        base = shorter
        found.append(folded(base))
    return found


@dataclass(frozen=True, slots=True)
class Match:
    """What a file's name says: exactly one number, or several that it may mean, or none at all."""

    numbers: tuple[int, ...] = ()

    @property
    def number(self) -> int | None:
        return self.numbers[0] if len(self.numbers) == 1 else None


class Index:
    """The photographs of a gallery by base name, to find those that a file's name may mean."""

    def __init__(self, names: Mapping[int, str] | Sequence[tuple[int, str]]) -> None:
        self._numbers: dict[str, list[int]] = {}
        for number, name in names.items() if isinstance(names, Mapping) else names:
            self._numbers.setdefault(folded(base_name(name)), []).append(number)

    def match(self, file_name: str) -> Match:
        """Every photograph whose base name is the file's, with or without what retouchers put behind it."""
        found = [number for base in plain(base_name(file_name)) for number in self._numbers.get(base, [])]
        return Match(tuple(dict.fromkeys(found)))
