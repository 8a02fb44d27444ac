"""Static files with hashed names, also inside ES modules (one relative import per line).

What browsers get of our own modules and stylesheets is leaner than the source, line by line and without a bundler:
comments that only people read and blanks that mean nothing are left out, and a stylesheet's
`@import url("neighbour.css");` lines become that neighbour, so that a page may name one sheet and need one request. The
plain copies stay as they were written. An architecture test keeps the sources simple enough for this (no template
literal over several lines).
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any, override

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile

OWN = re.compile(r"(js|css)/.+\.(js|css)$")  # Django's, DRF's and the vendors' files are below names of their own
FOR_PEOPLE = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*|)\n", re.MULTILINE | re.DOTALL)
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
TEXT = r'"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'"
NOTES = re.compile(rf"({TEXT})|/\*(?:(?!\*/).)*\*/\s*", re.DOTALL)
STYLE_ROOM = re.compile(rf"({TEXT})|;?\s*(}})\s*|\s*([{{;,])\s*|(?<=[\w-])(:)[ \t]+")
LITERAL = rf"{TEXT}|`[^`]*`"
REMARK = re.compile(rf"({LITERAL})|[ \t]*/\*(?:(?!\*/).)*\*/|[ \t]+//[ \t][^\n]*$", re.MULTILINE)
ROOM = re.compile(rf"({LITERAL})|[ \t]*(=>|[=(){{}}\[\];,:<>?&|!])[ \t]*")
SAME_MODULE = re.compile(r"""^import \{ (\S+) \} (from "[^"]+";\n)((?:import \{ \S+ \} \2)*)""", re.MULTILINE)
NEIGHBOUR = re.compile(r"""^@import url\("([\w-]+\.css)"\);\n""", re.MULTILINE)


def lean(source: str) -> str:
    """The same code without comments, empty lines, indentation and the blanks around punctuation; what is imported from
    one module comes in one line.

    Lines with a bare slash (which may begin a regular expression) keep what they have but the remarks at their end, and
    those with a template literal inside another one keep everything.
    """
    lines = SAME_MODULE.sub(_imports, INDENT.sub("", FOR_PEOPLE.sub("", source))).splitlines(keepends=True)
    return "".join(_line(line) for line in lines)


def _imports(found: re.Match[str]) -> str:
    names = [found[1], *re.findall(r"^import \{ (\S+) \}", found[3], re.MULTILINE)]
    return f"import{{{','.join(names)}}}{found[2]}"


def lean_style(source: str) -> str:
    """The same rules without comments, empty lines, indentation and the blanks that mean nothing."""
    return STYLE_ROOM.sub(_kept, NOTES.sub(_kept, source))


def _line(line: str) -> str:
    if any(one.count("{") != one.count("}") for one in re.findall("`[^`]*`", line)):
        return line
    line = REMARK.sub(_kept, line)
    if line.startswith(("import", "export {")) or "/" in re.sub(LITERAL, "", line):
        return line
    return ROOM.sub(_kept, line)


def _kept(found: re.Match[str]) -> str:
    """Of a match what must stay: its first group that is there."""
    return next(filter(None, found.groups()), "")


class _Text:
    """One text in the shape of a storage: what `post_process` reads a file from."""

    def __init__(self, text: str) -> None:
        self.text = text

    def open(self, _path: str) -> "ContentFile[bytes]":
        return ContentFile(self.text.encode())


class HashedStaticFiles(ManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    manifest_strict = False  # unit tests render pages before `collectstatic` ran; a test checks every emitted URL

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)  # type: ignore[no-any-return]  # the stubs say Any
        except ValueError:  # not collected yet
            return name

    @override
    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        served = {name: (_Text(_served(name, paths)), name) if OWN.match(name) else paths[name] for name in paths}
        yield from super().post_process(served, dry_run, **options)


def _served(name: str, paths: dict[str, Any]) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        text = file.read().decode()
    if name.endswith(".js"):
        return lean(text)
    return lean_style(
        NEIGHBOUR.sub(lambda found: _served(posixpath.join(posixpath.dirname(name), found[1]), paths), text)
    )
