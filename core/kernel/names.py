"""What a person may sign with: one rule for everything that is signed by a typed name."""

from core.kernel.errors import Refusal

MOST = 60
# Scripts in which one character is no whole name: ideographs, kana, hangul
_SYLLABIC = (
    (0x3007, 0x3007),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def signing_name(text: str, *, is_drawn: bool = False) -> str:
    """The name as it is kept: spaces tidied, at most MOST characters.

    It has at least one letter, and two characters where it is written in Chinese, Japanese or Korean. Who drew a
    signature by hand may be called as the studio calls them. Raises Refusal name.missing | name.unlikely.
    """
    name = " ".join(text.split())[:MOST].strip()
    if not name:
        raise Refusal("name.missing")
    if not is_drawn and not _is_likely(name):
        raise Refusal("name.unlikely")
    return name


def _is_likely(name: str) -> bool:
    letters = [one for one in name if one.isalpha() or one == "〇"]
    return len(letters) > 1 or (len(letters) == 1 and not _is_syllabic(letters[0]))


def _is_syllabic(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _SYLLABIC)
