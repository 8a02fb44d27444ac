"""What browsers get of our own scripts and stylesheets."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from core.kernel.staticfiles import HashedStaticFiles, lean, lean_style
from tests.architecture.tree import files, name

SOURCE = """\
/** What this module is for.
 *  Over two lines. */

import { $ } from "./dom.js";
import { $$ } from "./dom.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";

// why
export function open(dialog) { // goes
  const found = /** @type {HTMLElement} */ ($("//x , /* y */")); /* goes */
  return `/* ${found} */ a = "b"`; // goes
  const nested = `a = ${found ? `b = c` : ""}`; // stays
  const ratio = a / b, regex = /["'] = x/;
}
/* the end */
"""
LEAN = """\
import{$,$$,el}from "./dom.js";
import{t}from "./i18n.js";
export function open(dialog){
const found=($("//x , /* y */"));
return `/* ${found} */ a = "b"`;
const nested = `a = ${found ? `b = c` : ""}`; // stays
const ratio = a / b, regex = /["'] = x/;
}
"""
STYLE = """\
/* a */
@media (min-width: 48em) {
  .a > .b::before, .a:not(.c) { content: "{ ; : }"; font: var(--fw-b) 1rem/1.3 var(--font); --x1: 2px }
  .d { background: url("data:image/svg+xml,%3Csvg viewBox='0 0 24 24' /* x */"); }
}
"""
LEAN_STYLE = (
    "@media (min-width:48em){.a > .b::before,.a:not(.c){"
    'content:"{ ; : }";font:var(--fw-b) 1rem/1.3 var(--font);--x1:2px}'
    ".d{background:url(\"data:image/svg+xml,%3Csvg viewBox='0 0 24 24' /* x */\")}}"
)


@pytest.fixture
def collected(tmp_path: Path) -> dict[str, str]:
    """Hashed file → its text, of a small tree of sources."""
    sources, target = tmp_path / "sources", tmp_path / "static"
    for path, text in {
        "css/phone.css": '/* one request */\n@import url("tokens.css");\n@import url("page.css");\n',
        "css/tokens.css": "/* colours */\n:root { --bg: #fff }\n",
        "css/page.css": '.x { background: url("../img/x.svg") }\n',
        "img/x.svg": "<svg></svg>\n",
        "js/a.js": '/** A. */\nimport { b } from "./b.js";\n  b();\n',
        "js/b.js": "// b\nexport const b = () => 1;\n",
        "admin/js/theirs.js": "// theirs\nconst x = `\n  // text\n`;\n",
    }.items():
        (sources / path).parent.mkdir(parents=True, exist_ok=True)
        (sources / path).write_text(text)
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text)
    storage = HashedStaticFiles(location=str(target), base_url="/static/")
    source = FileSystemStorage(location=str(sources))
    paths: dict[str, Any] = {
        str(p.relative_to(sources)): (source, str(p.relative_to(sources))) for p in sources.rglob("*.*")
    }
    names = {plain: hashed for plain, hashed, _ in storage.post_process(paths)}
    return {plain: (target / hashed).read_text() for plain, hashed in names.items()}


def test_lean_code_lacks_only_what_people_read() -> None:
    assert lean(SOURCE) == LEAN
    assert lean(LEAN) == LEAN


def test_lean_style_means_the_same() -> None:
    assert lean_style(STYLE) == LEAN_STYLE


def test_a_stylesheet_of_imports_becomes_one_file(collected: dict[str, str]) -> None:
    sheet = collected["css/phone.css"]
    assert sheet.startswith(':root{--bg:#fff}.x{background:url("../img/x.')
    assert "@import" not in sheet


def test_modules_are_lean_and_import_hashed_names(collected: dict[str, str]) -> None:
    assert collected["js/a.js"].startswith('import{b} from "./b.')
    assert "/b.js" not in collected["js/a.js"]
    assert collected["js/b.js"] == "export const b=()=>1;\n"


def test_other_peoples_files_are_left_alone(collected: dict[str, str]) -> None:
    assert collected["admin/js/theirs.js"] == "// theirs\nconst x = `\n  // text\n`;\n"


def test_no_template_literal_of_ours_spans_lines() -> None:
    """`lean` works on lines: text that looks like a comment must not begin one."""
    wrong = [
        f"{name(path)}:{number}"
        for path in files(".js")
        for number, line in enumerate(lean(path.read_text()).splitlines(), 1)
        if line.count("`") % 2
    ]
    assert not wrong
