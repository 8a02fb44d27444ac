"""What differs between the kinds of files that come in by the same door: announced, sent, confirmed, rendered.

The door itself is `services.uploads` (bytes) and `processing` (renditions). A kind has a model with Photo's file
columns and says what else happens to its rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.kernel.events import Kind
from selection.enums import Refused
from selection.models import Gallery

Rows = list[Any]
MAX_BYTES = 100 * 1024 * 1024
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "heif": "image/heif",
    "tif": "image/tiff",
    "tiff": "image/tiff",
}
ACCEPT = ",".join([*(f".{ending}" for ending in TYPES), *dict.fromkeys(TYPES.values())])  # for file inputs


@dataclass(frozen=True, slots=True)
class Intake:
    """`prepare` completes new rows before they are saved; `arrived` runs with a row's renditions when it
    is ready, the gallery locked.

    `open_states`: of the gallery, in which files are taken. `process` enqueues the rendering of a row. `types`: content
    type by the name's ending; browsers do not know every camera's type, and the job looks at the bytes anyway.
    """

    model: Any
    originals: str
    renditions: str
    open_states: frozenset[str]
    received: Kind
    ready: Kind
    refused: Kind
    process: Callable[[Any], object]
    arrived: Callable[[Gallery, Any, Any], None]
    prepare: Callable[[Gallery, Rows], None] = lambda _gallery, _rows: None
    types: Mapping[str, str] = field(default_factory=lambda: TYPES)
    max_bytes: int = MAX_BYTES
    wrong: str = Refused.NOT_AN_IMAGE
    too_large: str = Refused.TOO_LARGE

    def of(self, gallery: Gallery) -> Any:
        """QuerySet of the gallery's files of this kind."""
        return self.model.objects.filter(gallery=gallery)
