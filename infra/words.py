"""Words of the product: `python -m infra.words extract|check|compile`.

Django's makemessages needs GNU gettext, which a Python-only machine lacks; Babel does the same with Django's own
`templatize` in front for templates. `.mo` files are built at set-up and never committed.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["config", "portal", "selection", "core", "billing", "tenants"]
LANGUAGES = ["zh_Hans", "zh_Hant"]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def messages_of(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """(line, message id or (singular, plural), context) of every translatable string in a .py or .html file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        from django.utils.translation.template import templatize

        # what is left of the markup would read as wrongly indented Python
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    for line, name, found, _comments in extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {}):
        function = str(name)
        parts = [*found] if isinstance(found, tuple | list) else [found]
        context = parts.pop(0) if function.startswith(("pgettext", "npgettext")) else None
        plural = function.startswith(("ngettext", "npgettext"))
        texts = parts[: 2 if plural else 1]
        if texts and all(isinstance(text, str) and text for text in texts):
            yield line, tuple(texts) if plural else texts[0], context


def extract() -> Catalog:
    """Every translatable string of the product, with the places it stands in."""
    catalog = Catalog(project="Yinglou", charset="utf-8")
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*")):
            if path.suffix not in {".py", ".html"} or "migrations" in path.parts:
                continue
            for _line, message, context in messages_of(path):
                catalog.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    return catalog


def po_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def load(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, project="Yinglou", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Merge the extracted strings into each language's file; translations stay, strings no longer used go."""
    template = extract()
    for language in LANGUAGES:
        catalog = load(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, sort_output=True, omit_header=False, include_lineno=False, width=120)


def missing(language: str) -> list[str]:
    """Strings of the product without a translation, and translations whose placeholders differ from the source's."""
    catalog, problems = load(language), []
    for message in extract():
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        found = catalog.get(key, message.context)
        texts = [] if found is None else [found.string] if isinstance(found.string, str) else list(found.string or ())
        if not texts or not all(texts) or (found is not None and found.fuzzy):
            problems.append(f"{language}: no translation: {key!r} ({message.locations[0][0]})")
        elif found is not None:
            problems += [f"{language}: {key!r}: {error}" for error in found.check(catalog)]
    return problems


def compile_all() -> None:
    """Write the .mo file of each language that has none or an older one."""
    for language in LANGUAGES:
        path = po_path(language)
        target = path.with_suffix(".mo")
        if path.exists() and (not target.exists() or target.stat().st_mtime < path.stat().st_mtime):
            with target.open("wb") as file:
                write_mo(file, load(language))


def main(command: str) -> int:
    if command == "extract":
        update()
    elif command == "compile":
        compile_all()
    else:
        problems = [problem for language in LANGUAGES for problem in missing(language)]
        print("\n".join(problems) or "words: complete")
        return 1 if problems else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
