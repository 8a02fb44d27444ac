"""What several benches need: a furnished studio, and the product running on the bench's own database."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.product import Product
from infra.stack import Stack
from tenants.context import in_studio
from tests.core.realtime.people import opened_studio
from tests.factories import make_branch, make_package, make_staff


@contextmanager
def furnished_studio(name: str) -> Iterator[Any]:
    """Inside a studio with a boss, a branch and a package; real commits, dropped afterwards."""
    with opened_studio(name) as studio, in_studio(studio):
        make_staff("owner")
        make_branch()
        make_package()
        yield studio


@contextmanager
def running_product() -> Iterator[Stack]:
    """Proxy, page workers and sockets on the database of this process, with collected static files."""
    with tempfile.TemporaryDirectory(prefix="yl-bench-") as folder:
        home = Path(folder)
        Path(folder).chmod(0o755)
        env = {name: os.environ[name] for name in os.environ if name.startswith("S3_")}
        env |= {name: os.environ[name] for name in ("DATABASE_URL", "VALKEY_URL", "SECRET_KEY")}
        stack = Stack({**env, "DEMO": "1", "DEBUG": "0", "LOG_LEVEL": "ERROR"}, home, home / "static", worker=False)
        Product(stack.product_env(), home / "manage.log").collect_static(stack.static)
        with stack:
            yield stack
