"""Budgets of the house (README: architecture)."""

import statistics

import pytest

from tests.architecture.tree import ROOT, files, functions, name, python_files


def test_python_files_stay_below_500_lines_and_70_in_the_median():
    lengths = {name(path): len(path.read_text().splitlines()) for path in python_files()}
    assert not {path: lines for path, lines in lengths.items() if lines > 500}
    assert statistics.median(lengths.values()) <= 70


def test_functions_stay_below_60_lines():
    long = {
        f"{name(path)}:{function}": lines
        for path in [*python_files(), *python_files("infra")]
        for function, lines in functions(path.read_text())
        if lines > 60
    }
    assert not long


def test_views_stay_below_25_lines():
    long = {
        f"{name(path)}:{function}": lines
        for path in python_files()
        if path.name == "views.py" or path.parent.name == "views"
        for function, lines in functions(path.read_text())
        if lines > 25
    }
    assert not long


@pytest.mark.parametrize(("suffix", "limit"), [(".html", 250), (".js", 250)])
def test_templates_and_modules_stay_below_250_lines(suffix, limit):
    long = {name(path): n for path in files(suffix) if (n := len(path.read_text().splitlines())) > limit}
    assert not long


def test_own_browser_code_stays_below_7500_lines():
    """The stack has no bundler because there is little to bundle; past this, decide again (frontend.md §2.5).

    Decided again at 5,000, when two phones, comparing, pins, album proofs and the selection desk came: the gallery's
    first screen stays under its own budget of bytes (tests/bench/goals.py), the rest of a page is loaded when it is
    used, and each module stays under 250 lines. What grows is the number of pages, not what one of them weighs.
    """
    assert sum(len(path.read_text().splitlines()) for path in files(".js")) <= 7500


def test_no_file_has_a_name_that_says_nothing():
    empty_names = {"utils", "helpers", "misc", "common"}
    assert not [name(path) for path in python_files() if path.stem in empty_names or path.parent.name in empty_names]


def test_every_package_says_in_one_sentence_what_it_knows():
    silent = [
        name(path)
        for path in python_files()
        if path.name == "__init__.py"
        and not path.read_text().strip()
        and path.parent.name not in {"commands", "management"}
    ]
    assert not [path for path in silent if (ROOT / path).parent.name != "templatetags"]
