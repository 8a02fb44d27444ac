"""Files that pages ask for: each exists, carries a hash, may be kept for ever; none comes from elsewhere."""

import http.client
import re
from collections.abc import Callable
from contextlib import closing
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.e2e.conftest import House
from tests.e2e.pages import PAGES

HASHED = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")
IMPORTS = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{0,2}/[^"'\s]+)["']""")
COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)  # types in JSDoc look like imports
URLS = re.compile(r"""url\(\s*["']?([^"')]+)""")


class Wanted(HTMLParser):
    """Everything below /static/ that the page's markup names, data attributes included."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base, self.found = base, set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for _name, value in attrs:
            if value and (path := value.partition("#")[0]).startswith("/static/"):
                self.found.add(urljoin(self.base, path))


@pytest.fixture
def asked_for(house: House, as_who: Callable[[str], Any]) -> set[str]:
    """Every static address in the markup of every page."""
    found: set[str] = set()
    contexts = {who: as_who(who).context for who in {page.who for page in PAGES}}
    for page in PAGES:
        address = page.address(house)
        reader = Wanted(address)
        cookies = "; ".join(f"{each['name']}={each['value']}" for each in contexts[page.who].cookies(address))
        reader.feed(fetch(address, Cookie=cookies)[1])
        found |= reader.found
    return found


def fetch(address: str, **headers: str) -> tuple[Any, str]:
    """The answer and its text, from this machine whatever its name service thinks of `*.localhost`."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    with closing(connection):
        connection.request("GET", parts.path, headers={"Host": parts.netloc, **headers})
        answer = connection.getresponse()
        return answer, answer.read().decode("utf-8", "replace")


def test_every_file_of_every_page_exists_and_is_hashed(asked_for: set[str]) -> None:
    """Also what they import in turn. Hosts differ, files do not: each path is looked at once."""
    waiting, seen, wrong = sorted(asked_for), set[str](), []
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if path in seen:
            continue
        seen.add(path)
        if not HASHED.search(path):
            wrong.append(f"no hash: {path}")
        answer, text = fetch(address)
        if answer.status != 200:
            wrong.append(f"{answer.status}: {path}")
            continue
        if "immutable" not in (answer.headers["Cache-Control"] or ""):
            wrong.append(f"not cached for ever: {path}")
        pattern = IMPORTS if path.endswith(".js") else URLS if path.endswith(".css") else None
        if pattern and "/vendor/" not in path:
            waiting += [
                urljoin(address, name)
                for name in pattern.findall(COMMENTS.sub("", text))
                if not name.startswith(("data:", "#"))
            ]
    assert len(seen) > 30
    assert not wrong, "\n".join(wrong)
