"""The PDF of a contract: typst from JSON alone, PDF/A-2b, embedded fonts, the same bytes every time.

No text of anybody ever becomes typst source, the compiler's folder is empty, no font or package is looked for outside.
One warm compiler a process: the first file costs 150 ms, further ones 5 to 60.
"""

import datetime as dt
import json
import re
import tempfile
import threading
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from core.kernel.drawing import Drawing, checked, path
from core.kernel.errors import Refusal

SOURCE = Path(__file__).parent / "pdf" / "contract.typ"
SCRIPTS = {"zh-hans": ("zh", "hans", "cn"), "zh-hant": ("zh", "hant", "tw"), "en": ("en", "latn", "gb")}
MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
UNSEEN = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_one_at_a_time = threading.Lock()


@lru_cache(maxsize=1)
def _compiler() -> Any:
    """The compiler with its fonts, and the template's source."""
    import pylopdf_fonts_zh_cn
    import typst

    nothing = tempfile.mkdtemp(prefix="yinglou-typst-")
    fonts = str(Path(pylopdf_fonts_zh_cn.__file__).parent)
    compiler = typst.Compiler(
        root=nothing, font_paths=[fonts], ignore_system_fonts=True, package_path=nothing, package_cache_path=nothing
    )
    return compiler, SOURCE.read_bytes()


def render(
    *,
    title: str,
    number: str,
    studio: str,
    language: str,
    footer: str,
    blocks: list[dict[str, Any]],
    at: dt.datetime,
    certificate: dict[str, Any] | None = None,
    logo: bytes = b"",
) -> bytes:
    """The file, with the studio's logo (PNG) at its head; equal arguments make equal bytes.

    Refusal contract.unprintable(char) when no font has a character.
    """
    from typst import TypstError

    lang, script, region = SCRIPTS.get(language, SCRIPTS["zh-hans"])
    utc = at.astimezone(dt.UTC)
    data = {
        "title": title,
        "number": number,
        "studio": studio,
        "footer": footer,
        "blocks": blocks,
        "lang": lang,
        "script": script,
        "region": region,
        "date": [utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second],
        "certificate": certificate,
        "logo": list(logo),
    }
    inputs = {"data": UNSEEN.sub("", json.dumps(data, ensure_ascii=False))}
    compiler, source = _compiler()
    told = {"format": "pdf", "pdf_standards": ["a-2b"], "timestamp": int(utc.timestamp())}
    with _one_at_a_time:
        try:
            return bytes(compiler.compile(input=source, sys_inputs=inputs, **told))
        except TypstError as error:
            if found := MISSING.search(str(error)):
                raise Refusal("contract.unprintable", char=found[1]) from error
            raise


def hand(drawing: Drawing | None) -> str:
    """A drawn signature as a picture of numbers; empty when the name was typed."""
    if not drawing:
        return ""
    sound = checked(drawing)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 1016 {sound["h"] + 16}" fill="none" stroke="black" '
        f'stroke-width="7" stroke-linecap="round" stroke-linejoin="round"><path d="{path(sound)}"/></svg>'
    )


def qr(url: str) -> str:
    """The address as a QR picture."""
    import segno

    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", scale=4, border=0, xmldecl=False, nl=False)
    return out.getvalue().decode()
