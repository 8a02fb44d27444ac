"""Is a pooled connection still alive? Asked at every request, so without a round trip."""

import select
from typing import Any

from psycopg_pool import ConnectionPool


def check(connection: Any) -> None:
    """The pool's check before a connection is handed out. Raises psycopg.OperationalError when it is dead.

    An idle server says nothing. Bytes (or the end) waiting on the socket mean that it was terminated or restarted, or
    that it reports something harmless: then, and only then, the server is asked.
    """
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(connection)
