"""Where things are. Everything generated lives below `var/` or the data folder, both ignored by git."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"


def data_dir() -> Path:
    """The demo's data folder: `YL_DATA` or `var/demo`. It may not exist yet."""
    return Path(os.environ.get("YL_DATA") or VAR / "demo").expanduser().resolve()
