"""Jobs that exist for tests only (also in the real worker process of the crash test)."""

import os
import time
from pathlib import Path

from tenants.context import current_schema
from tenants.jobs import studio_job

SEEN: list[tuple[str, object]] = []


@studio_job(name="test.note")
def note(value: object = None) -> None:
    SEEN.append((current_schema(), value))


@studio_job(name="test.user")
def make_user(username: str) -> None:
    from tenants.accounts.models import User

    User.objects.create(username=username, name=username)


@studio_job(name="test.fail_until", retry=3)
def fail_until(attempt: int) -> None:
    SEEN.append((current_schema(), "try"))
    if len(SEEN) < attempt:
        message = "not yet"
        raise ValueError(message)


@studio_job(name="test.chain")
def chain(left: int) -> None:
    SEEN.append((current_schema(), left))
    if left:
        chain.defer(left=left - 1)


@studio_job(name="test.slow", queue="media")
def slow(marker: str, username: str) -> None:
    """Leave a mark when started; the first run then hangs until its process is killed."""
    path = Path(marker)
    runs = len(path.read_text().split()) if path.exists() else 0
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if runs == 0:
        time.sleep(120)
    make_user(username=username)
