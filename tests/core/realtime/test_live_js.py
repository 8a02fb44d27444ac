"""The browser's half of the protocol, run by node."""

import os
import shutil
import subprocess
from pathlib import Path

from infra import npm
from infra.paths import ROOT


def test_live_js(tmp_path):
    """Copied beside a package.json that says `module`: older nodes ask for it."""
    for name in ("live.js", "dom.js"):
        shutil.copy(ROOT / "core" / "static" / "js" / "lib" / name, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    script = Path(__file__).with_name("live.test.mjs")
    run = subprocess.run(
        [npm.find("node"), "--test", str(script)],
        env={**os.environ, "LIVE_JS": str(tmp_path / "live.js")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
