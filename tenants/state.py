"""The studio of the running context: one ContextVar, read by the database backend, cache keys, logs and storage keys.

django-tenants keeps the studio on the connection object, which threads and coroutines share in surprising ways
(tenancy.md §1.1 E, edges.md §5.4). A ContextVar travels with the task and is copied into `sync_to_async` threads, so
two sockets that interleave on one thread cannot see each other's studio.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Place:
    """Where SQL goes now: the schema, whether `public` follows it on the search path, and the studio if loaded."""

    schema_name: str
    include_public: bool = True
    tenant: Any = None


place: ContextVar[Place] = ContextVar("yinglou_place", default=Place(PUBLIC))  # noqa: B039 (Place is frozen)
