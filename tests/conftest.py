"""Two studios exist in every test session; a test runs inside the first one unless it says otherwise.

Each `db` test is a transaction that is rolled back. Tests that need real commits or several connections use
`throwaway_studio` (tenancy.md §1.7: `transaction=True` would wipe `public`). Queued jobs: `tests.jobs.run_jobs`.
"""

import gc
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tenants.context import in_studio
from tenants.state import PUBLIC, Place, place

STUDIOS = [("guangying", "光影映画"), ("hupan", "湖畔影像")]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded now stays: looking through it again and again for rubbish took a sixth of all tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_createdb: bool,
) -> None:
    """The test database with two bare studios. Kept between runs; made anew when migrations or the snapshot changed."""
    from django.db import connection
    from django.test.utils import setup_databases

    from tenants.models import Studio
    from tenants.services import open_studio

    with django_db_blocker.unblock():
        fresh, mark = not django_db_createdb, _schema_mark()
        setup_databases(verbosity=0, interactive=False, aliases={"default"}, keepdb=fresh and _holds(connection, mark))
        with connection.cursor() as cursor:
            cursor.execute(f"COMMENT ON DATABASE \"{connection.settings_dict['NAME']}\" IS '{mark}'")
        for slug, name in STUDIOS:
            if not Studio.objects.filter(slug=slug).exists():
                open_studio(name=name, slug=slug)


def _schema_mark() -> str:
    """Changes with every migration file and with the snapshot."""
    root = Path(__file__).parent.parent
    files = sorted(
        [*root.glob("*/migrations/*.py"), *root.glob("*/*/migrations/*.py"), root / "tenants/ddl/studio.sql"]
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if ".venv" not in path.parts)).hexdigest()


def _holds(connection: Any, mark: str) -> bool:
    name = connection.settings_dict["TEST"]["NAME"]
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() == (mark,)


@pytest.fixture(scope="module")
def once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """`once(make)`: rows made once for all tests of a module, in the first studio, in a transaction around theirs.

    Each test's own transaction is a savepoint in it: what a test does to these rows is undone after it. Hand out
    copies (`copy.deepcopy`): attributes of an instance are not undone. Not beside throw-away studios in one module.
    """
    from django.db import transaction

    from tenants.models import Studio

    def build(make: Callable[[], Any]) -> Any:
        with django_db_blocker.unblock():
            with in_studio(PUBLIC):
                first = Studio.objects.get(slug=STUDIOS[0][0])
            with in_studio(first):
                return make()

    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
    yield build
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@contextmanager
def throwaways(blocker: Any) -> Iterator[Callable[[], Any]]:
    """Opens studios with real commits; all are dropped at the end, jobs and all (their empty tables: tests.schemas)."""
    from django.db import connection

    from tenants.services import open_studio
    from tests.schemas import spares

    opened = []

    def open_one() -> Any:
        with spares():
            opened.append(open_studio(name="临时", slug=f"tmp-{secrets.token_hex(4)}"))
        return opened[-1]

    with blocker.unblock():
        assert not connection.in_atomic_block, "real commits, inside the transaction of `once`"
        try:
            yield open_one
        finally:
            for studio in opened:
                _drop(studio)
            with in_studio(PUBLIC), connection.cursor() as cursor:
                cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
            connection.close()


@pytest.fixture
def open_throwaway(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[], Any]]:
    """For tests with several connections; do not combine with `db`."""
    with throwaways(django_db_blocker) as open_one:
        yield open_one


def _drop(studio: Any) -> None:
    from tenants.services import drop_studio, suspend_studio
    from tests.schemas import keep

    with in_studio(PUBLIC):
        if not type(studio).objects.filter(pk=studio.pk).exists():
            return  # erased by the test
        studio.refresh_from_db()
    if studio.is_active:
        suspend_studio(studio)
    keep(studio.schema_name)
    drop_studio(studio)


@pytest.fixture
def throwaway_studio(open_throwaway: Callable[[], Any]) -> Iterator[Any]:
    """One throw-away studio; the test runs inside it."""
    studio = open_throwaway()
    with in_studio(studio):
        yield studio


@pytest.fixture
def studios(db: None) -> list[Any]:
    """Both studios, as rows of `public`."""
    from tenants.models import Studio

    with in_studio(PUBLIC):
        return list(Studio.objects.filter(slug__in=[slug for slug, _ in STUDIOS]).order_by("pk"))


@pytest.fixture
def studio(studios: list[Any]) -> Any:
    """The studio the test runs in."""
    return studios[0]


@pytest.fixture
def other_studio(studios: list[Any]) -> Any:
    """The studio whose data must never show."""
    return studios[1]


@pytest.fixture(autouse=True)
def _no_studio_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A studio that an earlier test rolled back is not remembered; within a test, no clock decides what is asked."""
    from tenants import directory

    directory.forget()
    monkeypatch.setattr(directory, "SECONDS", 3600.0)


@pytest.fixture(autouse=True)
def _inside_first_studio(request: pytest.FixtureRequest) -> Iterator[None]:
    """Database tests run inside the first studio; afterwards the place is public again."""
    if "db" not in request.fixturenames:
        yield
        return
    studio = request.getfixturevalue("studio")
    token = place.set(Place(studio.schema_name, tenant=studio))
    yield
    place.reset(token)


@pytest.fixture(scope="session")
def _pay_fakes() -> Iterator[Any]:
    from tests.payfakes import PayFake

    fake = PayFake()
    yield fake
    fake.stop()


@pytest.fixture
def pay_fake(_pay_fakes: Any, settings: Any) -> Any:
    """The pay providers' fakes (tests.payfakes), and a product that asks them."""
    for name, value in _pay_fakes.env().items():
        setattr(settings, name, value)
    _pay_fakes.begin()
    return _pay_fakes
