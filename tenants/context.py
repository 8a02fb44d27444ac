"""THE guard: the only ways into a studio's schema. Each closes a leak that was reproduced (tenancy.md §1.1).

Product code never says `schema_context`, `set_schema`, `set_tenant`, `with studio:`; lint rules refuse them.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection, transaction
from django.db.models import QuerySet

from tenants.state import PUBLIC, Place, place


class LazyLeak(TypeError):
    """A queryset left a studio's context: it would read whichever studio is current when evaluated (leak D)."""


def current_schema() -> str:
    """Schema of the running context; `public` outside every studio. Also right inside coroutines."""
    return place.get().schema_name


def current_studio() -> Any:
    """The `Studio` of the running context. Raises RuntimeError outside a studio: a studio is never guessed."""
    here = place.get()
    if here.schema_name == PUBLIC:
        raise RuntimeError("no studio is current")
    if here.tenant is None:
        from tenants.models import Studio

        studio = Studio.objects.get(schema_name=here.schema_name)
        place.set(Place(here.schema_name, here.include_public, studio))
        return studio
    return here.tenant


@contextmanager
def in_studio(studio: Any) -> Iterator[None]:
    """Run the block inside the studio (a `Studio` or its schema name); the former place returns, whatever happens."""
    here = Place(studio) if isinstance(studio, str) else Place(studio.schema_name, tenant=studio)
    token = place.set(here)
    try:
        yield
    finally:
        place.reset(token)


@contextmanager
def in_public() -> Iterator[None]:
    """Run the block outside every studio, on the shared tables."""
    with in_studio(PUBLIC):
        yield


def call_in_studio[**P, T](studio: Any, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`fn(*args)` inside the studio. Raises LazyLeak when the answer is a queryset."""
    with in_studio(studio):
        answer = fn(*args, **kwargs)
        if isinstance(answer, QuerySet):
            raise LazyLeak(f"{fn.__qualname__} returned a queryset out of {current_schema()}")
        return answer


def each_studio[T](fn: Callable[[Any], T]) -> list[tuple[str, T | Exception]]:
    """Call `fn(studio)` inside every active studio; an error in one is returned, logged, and does not stop the rest."""
    from tenants.models import Studio

    with in_public():
        studios = list(Studio.objects.active())
    answers: list[tuple[str, T | Exception]] = []
    for studio in studios:
        try:
            answers.append((studio.schema_name, call_in_studio(studio, fn, studio)))
        except Exception as error:
            logging.getLogger(__name__).exception("in studio %s", studio.schema_name)
            answers.append((studio.schema_name, error))
    return answers


def on_commit_in_studio(fn: Callable[[], object]) -> None:
    """`transaction.on_commit`, but `fn` runs in the place that was current now, not in the outer one at commit."""
    here = place.get()

    @wraps(fn)
    def run() -> None:
        token = place.set(here)
        try:
            fn()
        finally:
            place.reset(token)

    transaction.on_commit(run)


async def studio_call[**P, T](studio: Any, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The one way from async code to the database: `fn` in a thread of its own, in the studio, connection returned."""

    def run() -> T:
        try:
            return call_in_studio(studio, fn, *args, **kwargs)
        finally:
            if not connection.in_atomic_block:
                close_old_connections()

    call: Callable[[], Awaitable[T]] = sync_to_async(run, thread_sensitive=False)
    return await call()


def scoped(name: str) -> str:
    """A name for outside the database (cache, lock, group, storage), prefixed by the schema: `t.<schema>.<name>`."""
    return f"t.{current_schema()}.{name}"


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Django's `KEY_FUNCTION`: every cache key carries the schema of the running context."""
    return f"{scoped(key_prefix)}:{version}:{key}"


class StudioLogFilter(logging.Filter):
    """Puts the current schema on every log record as `studio`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.studio = current_schema()
        return True
