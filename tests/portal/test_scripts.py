"""The phone gallery's modules by themselves, under node's own test runner: no browser, no server.

Browsers get the modules as `lean` leaves them (core.kernel.staticfiles), so that is what is tested here.
"""

import subprocess
from pathlib import Path

import pytest

from core.kernel.staticfiles import lean
from infra import npm
from infra.paths import ROOT

TESTS = sorted((ROOT / "tests" / "portal" / "js").glob("*.test.js"))
PARSE = """
const { readFileSync } = require("fs"), { SourceTextModule } = require("vm");
for (const path of process.argv.slice(1)) new SourceTextModule(readFileSync(path, "utf8"), { identifier: path });
"""
SERVED = {"lib": "core/static/js/lib", "portal": "portal/static/js/portal"}


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules where browsers find them, the tests beside them."""
    folder = tmp_path_factory.mktemp("js")
    (folder / "package.json").write_text('{"type": "module"}')
    for name, source in {**SERVED, "test": "tests/portal/js"}.items():
        (folder / name).mkdir()
        for path in (ROOT / source).glob("*.js"):
            (folder / name / path.name).write_text(lean(path.read_text()))
    return folder


@pytest.mark.parametrize("name", [path.name for path in TESTS])
def test_module(modules: Path, name: str) -> None:
    command = [npm.find("node"), "--test", "--test-reporter=spec", f"test/{name}"]
    done = subprocess.run(command, cwd=modules, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_is_valid_when_lean(modules: Path) -> None:
    paths = [str(path) for name in SERVED for path in sorted((modules / name).glob("*.js"))]
    command = [npm.find("node"), "--experimental-vm-modules", "--no-warnings", "-e", PARSE, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
