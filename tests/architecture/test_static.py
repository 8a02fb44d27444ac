"""Nothing that a browser loads comes from elsewhere, and nothing we install names a registry by address."""

import re

import pytest

from infra.paths import ROOT
from tests.architecture.tree import files, name

ADDRESS = re.compile(r"(?:https?:|wss?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
NAMES_ONLY = {"www.w3.org"}  # XML namespaces: never fetched
COMMENT = re.compile(r"/\*.*?\*/|//\s[^\n]*|{#.*?#}|<!--.*?-->", re.DOTALL)
IMPORT = re.compile(r"""^\s*import\b[^;]*?["']([^"']+)["']""", re.MULTILINE)


def hosts(text: str) -> set[str]:
    """Foreign hosts that a stylesheet, module or template names outside its comments."""
    return {host.lower() for host in ADDRESS.findall(COMMENT.sub("", text))} - NAMES_ONLY


@pytest.mark.parametrize(
    "planted",
    [
        '@import url("https://fonts.googleapis.com/css2");',
        'import x from "https://esm.sh/x";',
        '<script src="//cdn.jsdelivr.net/npm/x"></script>',
        "background: url(//img.example.com/x.png)",
    ],
)
def test_a_planted_foreign_host_is_caught(planted: str) -> None:
    assert hosts(planted)


@pytest.mark.parametrize("suffix", [".css", ".js", ".html", ".svg"])
def test_no_foreign_host_in_what_browsers_get(suffix: str) -> None:
    assert not {name(path): found for path in files(suffix) if (found := hosts(path.read_text()))}


def test_modules_import_by_relative_address_one_per_line() -> None:
    """What the storage can rewrite to hashed names (core.kernel.staticfiles)."""
    wrong = {}
    for path in files(".js"):
        source = path.read_text()
        bad = [target for target in IMPORT.findall(source) if not target.startswith(("./", "../"))]
        bad += [line for line in source.splitlines() if line.startswith("import ") and not line.endswith(";")]
        if bad:
            wrong[name(path)] = bad
    assert not wrong


@pytest.mark.parametrize("lock", ["package-lock.json", "infra/webtest/package-lock.json"])
def test_browser_libraries_are_locked_by_content_not_by_registry(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert '"integrity": "sha512-' in text
    assert '"resolved"' not in text


@pytest.mark.parametrize("lock", ["runtime.txt", "all.txt", "demo.txt", "uv.txt"])
def test_python_packages_are_locked_by_hash_not_by_registry(lock: str) -> None:
    text = (ROOT / "infra" / "locks" / lock).read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"^\s*(--(?:extra-)?index-url|--find-links)|https?://", text, re.MULTILINE)
