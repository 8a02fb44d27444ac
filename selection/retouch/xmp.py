"""XMP sidecars that Lightroom, Capture One and their like read beside a file of the same base name.

Written by hand, not by an XML library: the shape never changes, so a sidecar is one string; everything that people
typed goes through `clean`. Forms are the ones of the XMP specification (ISO 16684-1): properties as attributes,
keywords as an `rdf:Bag`, the description as an `rdf:Alt` with the default language.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

CHUNK = 64 * 1024
# What XML 1.0 forbids or discourages: controls but tab and line ends, lone surrogates, non-characters.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Yinglou">\n'
    ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
    '  <rdf:Description rdf:about=""\n'
    '    xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
    '    xmlns:dc="http://purl.org/dc/elements/1.1/"\n'
    '    xmp:Rating="{rating}"\n'
    '    xmp:Label="{label}">\n'
    "{properties}"
    "  </rdf:Description>\n"
    " </rdf:RDF>\n"
    "</x:xmpmeta>\n"
    '<?xpacket end="w"?>\n'
)
SUBJECT = "   <dc:subject>\n    <rdf:Bag>\n{items}    </rdf:Bag>\n   </dc:subject>\n"
ITEM = "     <rdf:li>{}</rdf:li>\n"
DESCRIPTION = (
    '   <dc:description>\n    <rdf:Alt>\n     <rdf:li xml:lang="x-default">{}</rdf:li>\n    </rdf:Alt>\n'
    "   </dc:description>\n"
)


def clean(text: str) -> str:
    """Text as XML content or attribute: what XML cannot hold is left out, what it would read is escaped."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return escape(ILLEGAL.sub("", lines), {'"': "&quot;"})


def sidecar(*, rating: int, label: str, keywords: Sequence[str] = (), description: str = "") -> bytes:
    """One XMP packet in UTF-8. `rating` 0–5; `label` is the English colour word that both programs map."""
    properties = ""
    if keywords:
        properties += SUBJECT.format(items="".join(ITEM.format(clean(word)) for word in keywords))
    if description:
        properties += DESCRIPTION.format(clean(description))
    return PACKET.format(rating=rating, label=clean(label), properties=properties).encode()


class _Pipe(io.RawIOBase):
    """What the ZIP writer wrote since the last look. It cannot seek, so the writer never needs the whole file."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # narrower on purpose
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def take(self) -> bytes:
        taken, self.parts, self.size = b"".join(self.parts), [], 0
        return taken


def zip_stream(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """A ZIP of (name, bytes) in chunks as it grows. Small texts: stored, not packed. Names outside ASCII are UTF-8."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for name, body in files:
            archive.writestr(zipfile.ZipInfo(name), body)
            if pipe.size >= CHUNK:
                yield pipe.take()
    yield pipe.take()
