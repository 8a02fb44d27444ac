"""Reading the product's source for the architecture tests."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ["config", "portal", "selection", "core", "billing", "tenants"]
SURFACES = [
    "core/console",
    "core/api",
    "core/realtime",
    "portal",
    "selection/console",
    "selection/api",
    "selection/media",
]


def python_files(*folders: str) -> Iterator[Path]:
    """Python files of the product (or of `folders`), without migrations."""
    for folder in folders or FLOORS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def files(suffix: str, *folders: str) -> Iterator[Path]:
    for folder in folders or FLOORS:
        yield from sorted((ROOT / folder).rglob(f"*{suffix}"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax of a file, read once for all tests."""
    return ast.parse(path.read_text())


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Everything in it."""
    return tuple(ast.walk(tree))


def functions(source: str) -> Iterator[tuple[str, int]]:
    """(name, number of lines from `def` to the end) of every function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.name, node.end_lineno - node.lineno + 1
