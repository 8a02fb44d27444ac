"""Surfaces decide nothing and write nothing; templates hold no script or style."""

import ast
import re

import pytest

from tests.architecture.tree import SURFACES, files, name, python_files

WRITES = {"save", "create", "update", "delete", "get_or_create", "update_or_create"}
QUERYSET_HINTS = {"objects", "filter", "exclude", "all"}


def writes_in(source: str) -> list[int]:
    """Lines that write to the database: `.save()`, `.bulk_*()`, or a write at the end of a queryset chain."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        attribute = node.func.attr
        chain = ast.unparse(node.func.value)
        on_rows = any(hint in chain.split(".") or f".{hint}(" in chain for hint in QUERYSET_HINTS)
        if attribute == "save" or attribute.startswith("bulk_") or (attribute in WRITES and on_rows):
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize(
    "planted",
    [
        "order.save()",
        "Order.objects.create(x=1)",
        "Order.objects.filter(pk=1).update(a=1)",
        "Order.objects.bulk_create([])",
    ],
)
def test_a_planted_write_is_caught(planted):
    assert writes_in(planted) == [1]


def test_surfaces_never_write():
    assert not {name(path): lines for path in python_files(*SURFACES) if (lines := writes_in(path.read_text()))}


FORBIDDEN = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\shx-on"),
    "javascript url": re.compile(r"javascript:", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE),
    "inline stylesheet": re.compile(r"<style\b", re.IGNORECASE),
    "foreign host": re.compile(r"""(?:src|href|action)\s*=\s*["']https?://""", re.IGNORECASE),
}


def offences(template: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(template)]


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ('<p style="color:red">', "inline style"),
        ('<a onclick="x()">', "inline handler"),
        ("<script>alert(1)</script>", "inline script"),
        ('<script src="https://cdn.example/x.js"></script>', "foreign host"),
    ],
)
def test_a_planted_offence_is_caught(planted, what):
    assert what in offences(planted)


def test_templates_hold_no_script_or_style():
    assert not {name(path): found for path in files(".html") if (found := offences(path.read_text()))}
