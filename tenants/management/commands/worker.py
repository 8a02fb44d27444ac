"""`manage.py worker`: runs background jobs until SIGTERM or SIGINT, then lets the running ones finish."""

import asyncio
import contextlib
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from tenants import jobs

log = logging.getLogger(__name__)
RESTART_SECONDS = 2


class Command(BaseCommand):
    help = "Run background jobs. SIGTERM: no new jobs, running ones finish."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", default=",".join(settings.JOB_QUEUES), help="comma-separated; default: all")
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at a time, each in a thread")
        parser.add_argument("--once", action="store_true", help="stop when no job is left")
        parser.add_argument("--grace", type=float, default=60, help="seconds that running jobs get after SIGTERM")

    def handle(self, **options: Any) -> None:
        queues = [name for name in options["queues"].split(",") if name]
        unknown = set(queues) - set(settings.JOB_QUEUES)
        if unknown:
            self.stderr.write(f"unknown queues: {', '.join(sorted(unknown))}")
            raise SystemExit(2)
        jobs.discover()
        _widen_pool(options["concurrency"])
        connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=max(2, options["concurrency"]))
        with app.replace_connector(connector):
            asyncio.run(_work(queues, concurrency=options["concurrency"], once=options["once"], grace=options["grace"]))


def _widen_pool(concurrency: int) -> None:
    """Each running job holds a connection of Django's pool."""
    pool = settings.DATABASES["default"]["OPTIONS"].get("pool")
    if pool:
        connections["default"].settings_dict["OPTIONS"]["pool"]["max_size"] = max(pool["max_size"], concurrency + 1)


async def _work(queues: list[str], *, concurrency: int, once: bool, grace: float) -> None:
    """Run workers one after the other until asked to stop: a database that restarts ends one, not the command."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.set_default_executor(ThreadPoolExecutor(concurrency + 2, "job"))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    while not stop.is_set():
        worker = asyncio.create_task(_one_worker(queues, concurrency=concurrency, once=once, grace=grace))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({worker, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            worker.cancel()  # procrastinate treats this as a graceful stop
        stopping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            try:
                await worker
            except Exception:
                if once:
                    raise
                log.exception("worker stopped; starting again")
        if once:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RESTART_SECONDS)


async def _one_worker(queues: list[str], *, concurrency: int, once: bool, grace: float) -> None:
    async with app.open_async():
        await app.run_worker_async(
            queues=queues,
            concurrency=concurrency,
            wait=not once,
            shutdown_graceful_timeout=grace,
            install_signal_handlers=False,
        )
