"""Browser libraries into `var/vendor/`: an allow-list of files, one icon sprite, the licences.

`python -m infra.assets` (part of `make setup`) does nothing when its inputs are unchanged; `--webtest` also installs
the tools of the browser tests into `var/webtest`. `htmx` comes from the django-htmx wheel and is not copied.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

from infra import npm
from infra.paths import ROOT, VAR
from infra.processes import ServiceError

VENDOR = VAR / "vendor"
MODULES = VAR / "npm" / "node_modules"
WEBTEST = VAR / "webtest"
ICONS = ROOT / "infra" / "icons.txt"

# file in node_modules → file in var/vendor
FILES = {
    "photoswipe/dist/photoswipe.esm.min.js": "photoswipe/photoswipe.esm.min.js",
    "photoswipe/dist/photoswipe-lightbox.esm.min.js": "photoswipe/photoswipe-lightbox.esm.min.js",
    "photoswipe/dist/photoswipe.css": "photoswipe/photoswipe.css",
    "signature_pad/dist/signature_pad.min.js": "signature_pad/signature_pad.min.js",
    "@event-calendar/build/dist/event-calendar.min.js": "event-calendar/event-calendar.min.js",
    "@event-calendar/build/dist/event-calendar.min.css": "event-calendar/event-calendar.min.css",
    "sortablejs/Sortable.min.js": "sortable/sortable.min.js",
    "echarts/dist/echarts.esm.min.mjs": "echarts/echarts.esm.min.js",
}
LICENCES = {
    "PhotoSwipe": "photoswipe/LICENSE",
    "SortableJS": "sortablejs/LICENSE",
    "Signature Pad": "signature_pad/LICENSE",
    "Apache ECharts": "echarts/LICENSE",
    "Apache ECharts (notice)": "echarts/NOTICE",
    "zrender (in ECharts)": "zrender/LICENSE",
    "tslib (in ECharts)": "tslib/LICENSE.txt",
    "Tabler Icons": "@tabler/icons/LICENSE",
}
HTMX = "htmx: Zero-Clause BSD, served from the django-htmx package (MIT).\n"
CALENDAR = "EventCalendar (@event-calendar/build): MIT, by Vladimir Kurko; the package carries no licence file.\n"
BOX = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'  # draws nothing, in every icon
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="{fill}" stroke="{stroke}" stroke-linecap="round" '
    'stroke-linejoin="round">{shapes}</symbol>'
)


def icon_names() -> list[str]:
    """The allow-list, each name once, sorted."""
    lines = (line.split("#")[0].strip() for line in ICONS.read_text().splitlines())
    return sorted({line for line in lines if line})


def sprite(names: list[str], modules: Path) -> str:
    """One SVG with a symbol per icon; raises ServiceError naming every icon Tabler does not have."""
    symbols, unknown = [], []
    for name in names:
        filled = name.endswith("-filled")
        folder = "filled" if filled else "outline"
        path = modules / "@tabler" / "icons" / "icons" / folder / f"{name.removesuffix('-filled')}.svg"
        if not path.exists():
            unknown.append(name)
            continue
        body = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(), re.DOTALL)
        shapes = re.sub(r"\s*\n\s*", "", body[1] if body else "").replace(BOX, "")
        paint = {"fill": "currentColor", "stroke": "none"} if filled else {"fill": "none", "stroke": "currentColor"}
        symbols.append(SYMBOL.format(name=name, shapes=shapes, **paint))
    if unknown:
        raise ServiceError(f"infra/icons.txt names icons that Tabler does not have: {', '.join(unknown)}.")
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def without_source_map(text: str) -> str:
    """A manifest storage would look for the map file and fail."""
    return re.sub(r"\n?(//[#@]\s*sourceMappingURL=.*|/\*[#@]\s*sourceMappingURL=.*?\*/)\s*", "\n", text)


def _fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in (*paths, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _current(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def _install_once(source: Path, target: Path, what: str) -> None:
    """`npm ci` unless the same lock is already installed."""
    stamp, wanted = target / "installed", _fingerprint(source / "package-lock.json")
    if not _current(stamp, wanted):
        print(f"· fetching {what}", flush=True)
        stamp.unlink(missing_ok=True)
        npm.clean_install(source, target)
        stamp.write_text(wanted)


def build() -> bool:
    """Make `var/vendor` when it is not current; True when something was done."""
    stamp = VAR / "npm" / "vendor"
    wanted = _fingerprint(ROOT / "package-lock.json", ICONS, Path(__file__))
    if _current(stamp, wanted) and (VENDOR / "icons.svg").exists():
        return False
    _install_once(ROOT, VAR / "npm", "the browser libraries")
    fresh = VAR / "vendor.new"
    shutil.rmtree(fresh, ignore_errors=True)
    for source, name in FILES.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(without_source_map((MODULES / source).read_text()))
    (fresh / "icons.svg").write_text(sprite(icon_names(), MODULES))
    texts = [f"{'=' * 100}\n{title}\n{'=' * 100}\n{(MODULES / path).read_text()}" for title, path in LICENCES.items()]
    (fresh / "THIRD_PARTY_LICENSES.txt").write_text("\n".join([HTMX, CALENDAR, *texts]))
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    stamp.write_text(wanted)
    return True


def webtest() -> Path:
    """axe-core and Lighthouse for tests and bench; returns the folder with `node_modules`."""
    _install_once(ROOT / "infra" / "webtest", WEBTEST, "the tools of the browser tests")
    return WEBTEST


def main() -> int:
    try:
        build()
        if "--webtest" in sys.argv[1:]:
            webtest()
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
