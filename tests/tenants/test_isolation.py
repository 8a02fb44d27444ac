"""Leaks A to E of tenancy.md §1.1, each tried with real connections: two studios with the same primary keys."""

import asyncio
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction
from django.db.utils import ConnectionHandler, ProgrammingError

from tenants.accounts.models import User
from tenants.context import (
    LazyLeak,
    cache_key,
    call_in_studio,
    current_schema,
    current_studio,
    each_studio,
    in_public,
    in_studio,
    on_commit_in_studio,
    scoped,
    studio_call,
)
from tenants.postgresql.pool import check
from tenants.state import PUBLIC, Place, place
from tests.conftest import throwaways

SAME_PK = 4711


@pytest.fixture(scope="module")
def pair(django_db_setup, django_db_blocker):
    """Two studios, each with a user of the same primary key and user name, told apart by the name."""
    with throwaways(django_db_blocker) as open_one:
        studios = [open_one(), open_one()]
        for studio in studios:
            with in_studio(studio):
                User.objects.create(pk=SAME_PK, username="same", name=studio.schema_name)
        yield studios


def who() -> str:
    """The name that the current place's user 4711 has: its studio's schema."""
    return User.objects.get(pk=SAME_PK).name


def in_thread(fn):
    """Run in a thread of its own with its own connection."""
    answers = []

    def run():
        try:
            answers.append(fn())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


def test_leak_a_interleaving_threads_return_to_their_own_place(pair):
    barrier = threading.Barrier(2, timeout=10)

    def work(studio):
        seen = []
        try:
            for _ in range(20):
                with in_studio(studio):
                    barrier.wait()
                    seen.append(who())
                    barrier.wait()
                seen.append(current_schema())
        finally:
            connection.close()
        return seen

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(work, pair))
    assert [set(a) for a in answers] == [{s.schema_name, PUBLIC} for s in pair]


def test_leak_b_one_decorator_object_serves_many_threads(pair):
    barrier = threading.Barrier(4, timeout=10)

    @in_studio(pair[0])
    def inside():
        barrier.wait()
        return current_schema()

    def work(outer):
        with in_studio(outer):
            return inside(), current_schema()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(work, [pair[0], pair[1], PUBLIC, pair[1]]))
    assert [a for a, _ in answers] == [pair[0].schema_name] * 4
    assert [b for _, b in answers] == [pair[0].schema_name, pair[1].schema_name, PUBLIC, pair[1].schema_name]


def test_leak_c_content_types_are_the_same_everywhere(pair):
    seen = set()
    for studio in (*pair, PUBLIC):
        with in_studio(studio), connection.cursor() as cursor:
            ContentType.objects.clear_cache()
            seen.add(ContentType.objects.get_for_model(User).pk)
            cursor.execute(
                "SELECT to_regclass('django_content_type')::regclass::oid = 'public.django_content_type'::regclass"
            )
            assert cursor.fetchone() == (True,)
    assert len(seen) == 1


def test_leak_d_querysets_do_not_leave_a_studio(pair):
    with pytest.raises(LazyLeak):
        call_in_studio(pair[0], User.objects.all)
    assert call_in_studio(pair[0], lambda: [u.name for u in User.objects.all()]) == [pair[0].schema_name]


def test_leak_d_on_commit_runs_where_it_was_asked_for(pair):
    seen = []
    with in_public(), transaction.atomic():
        for studio in pair:
            with in_studio(studio):
                on_commit_in_studio(lambda: seen.append((current_schema(), who())))
    assert seen == [(s.schema_name, s.schema_name) for s in pair]


def fail():
    raise ZeroDivisionError


def test_leak_d_on_commit_of_a_rolled_back_transaction_never_runs(pair):
    seen = []
    with in_studio(pair[0]), pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 (leaving raises)
        on_commit_in_studio(lambda: seen.append(1))
        raise ZeroDivisionError
    assert seen == []


def test_leak_e_coroutines_keep_their_studio_across_awaits(pair):
    async def consumer(studio, steps):
        seen = []
        with in_studio(studio):
            for _ in range(steps):
                await asyncio.sleep(0)
                seen.append(await sync_to_async(_read_and_close, thread_sensitive=True)())
        return set(seen)

    async def main():
        return await asyncio.gather(*(consumer(pair[n % 2], 15) for n in range(8)))

    answers = asyncio.run(main())
    assert answers == [{pair[n % 2].schema_name} for n in range(8)]


def _close():
    connection.close()  # here, because `connection` is another object in every thread


def _read_and_close():
    try:
        return who()
    finally:
        connection.close()


def test_leak_e_consumer_that_forgets_its_studio_gets_an_error(pair):
    async def forgetful():
        place.set(Place("no_studio", include_public=False))
        return await sync_to_async(_read_and_close, thread_sensitive=True)()

    with pytest.raises(ProgrammingError, match="accounts_user"):
        asyncio.run(forgetful())


def test_leak_e_async_orm_reads_its_own_studio(pair):
    async def names(studio):
        with in_studio(studio):
            user = await User.objects.aget(pk=SAME_PK)
            await sync_to_async(_close)()
            return user.name

    async def main():
        return await asyncio.gather(*(names(pair[n % 2]) for n in range(10)))

    assert asyncio.run(main()) == [pair[n % 2].schema_name for n in range(10)]


@pytest.mark.parametrize("seed", range(3))
def test_random_interleaving_of_tasks_never_mixes_studios(pair, seed):
    """Property: whatever tasks of two studios do in between, each sees its own rows. 14 tasks × 20 steps a seed."""
    chance = random.Random(seed)

    async def life(studio):
        other = pair[1] if studio is pair[0] else pair[0]
        seen = []
        for _ in range(20):
            match chance.randrange(5):
                case 0:
                    seen.append(await studio_call(studio, who))
                case 1:
                    with in_studio(other):
                        await asyncio.sleep(0)
                    seen.append(await studio_call(studio, who))
                case 2:
                    seen.append(await studio_call(studio, _detour, other))
                case 3:
                    with pytest.raises(ZeroDivisionError):
                        await studio_call(studio, _rolled_back, other)
                    seen.append(await studio_call(studio, who))
                case 4:
                    await studio_call(studio, cache.set, "interleaving", studio.schema_name, 30)
                    seen.append(await studio_call(studio, cache.get, "interleaving"))
        return set(seen)

    async def main():
        return await asyncio.gather(*(life(pair[n % 2]) for n in range(14)))

    assert asyncio.run(main()) == [{pair[n % 2].schema_name} for n in range(14)]


def _detour(other):
    """Read there and here in one transaction."""
    with transaction.atomic():
        with in_studio(other):
            assert who() == other.schema_name
        return who()


def _rolled_back(other):
    with transaction.atomic(), in_studio(other):
        User.objects.filter(pk=SAME_PK).update(name="wrong")
        raise ZeroDivisionError


def test_nested_places_unwind_after_errors(pair):
    with in_studio(pair[0]):
        with pytest.raises(ZeroDivisionError), in_studio(pair[1]), in_public():
            raise ZeroDivisionError
        assert who() == pair[0].schema_name


@pytest.mark.parametrize("how", ["rollback", "savepoint", "aborted", "closed"])
def test_search_path_is_right_after(pair, how):
    """The server and the wrapper agree on the place after everything that resets a session's SET."""
    with in_studio(pair[0]):
        assert who() == pair[0].schema_name
        if how == "rollback":
            with pytest.raises(ZeroDivisionError), transaction.atomic(), in_studio(pair[1]):  # noqa: PT012 (leaving raises)
                who()
                raise ZeroDivisionError
        elif how == "savepoint":
            with transaction.atomic():
                with pytest.raises(ZeroDivisionError), transaction.atomic(), in_studio(pair[1]):  # noqa: PT012 (leaving raises)
                    who()
                    raise ZeroDivisionError
                assert who() == pair[0].schema_name
        elif how == "aborted":
            with (
                pytest.raises(ProgrammingError),
                transaction.atomic(),
                in_studio(pair[1]),
                connection.cursor() as cursor,
            ):
                cursor.execute("SELECT nothing FROM nowhere")
        else:
            connection.close()
        assert who() == pair[0].schema_name
    with in_studio(pair[1]):
        assert who() == pair[1].schema_name


def test_server_side_cursor_keeps_its_studio(pair):
    with in_studio(pair[0]), transaction.atomic():
        for number in range(300):
            User.objects.create(username=f"u{number}", name=pair[0].schema_name)
        rows = User.objects.order_by("pk").iterator(chunk_size=50)
        seen = {next(rows).name}
        with in_studio(pair[1]):
            who()
            seen |= {user.name for user in rows}
        transaction.set_rollback(True)
    assert seen == {pair[0].schema_name}


def test_pooled_connections_serve_many_studios(pair):
    """Two server sessions, eight threads, each reading of a random studio; every connection goes back to the pool."""
    given = connection.settings_dict
    options = {"pool": {"min_size": 1, "max_size": 2, "timeout": 10}}
    handler = ConnectionHandler({"default": {**given, "OPTIONS": options, "CONN_MAX_AGE": 0}})

    def work(seed):
        chance, wrong = random.Random(seed), 0
        for _ in range(40):
            studio = chance.choice(pair)
            with in_studio(studio), handler["default"].cursor() as cursor:
                cursor.execute("SELECT name FROM accounts_user WHERE id = %s", [SAME_PK])
                wrong += cursor.fetchone()[0] != studio.schema_name
            if chance.random() < 0.7:
                handler["default"].close()
        handler["default"].close()
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [0] * 8
    handler["default"].close_pool()


def test_pool_survives_a_restart_of_the_server(pair):
    """Connections that died in the pool are not handed out (tenants.postgresql.pool)."""
    given = connection.settings_dict
    handler = ConnectionHandler(
        {"default": {**given, "OPTIONS": {"pool": {"min_size": 2, "max_size": 2, "check": check}}}}
    )
    with handler["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
    handler["default"].close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'"
        )
    with in_studio(pair[0]), handler["default"].cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_user WHERE id = %s", [SAME_PK])
        assert cursor.fetchone() == (pair[0].schema_name,)
    handler["default"].close()
    handler["default"].close_pool()


def test_names_outside_the_database_carry_the_schema(pair):
    for studio in pair:
        with in_studio(studio):
            assert scoped("board.1") == f"t.{studio.schema_name}.board.1"
            cache.set("same", studio.schema_name, 30)
            assert cache_key("k", "p", 1) == f"t.{studio.schema_name}.p:1:k"
    for studio in pair:
        with in_studio(studio):
            assert cache.get("same") == studio.schema_name
    assert cache.get("same") is None


def test_current_studio_is_never_guessed(pair):
    with pytest.raises(RuntimeError):
        current_studio()
    with in_studio(pair[0].schema_name):
        assert current_studio() == pair[0]
    assert in_thread(current_schema) == PUBLIC, "a new thread inherits nothing"


def test_each_studio_goes_on_after_an_error(pair):
    def visit(studio):
        if studio == pair[0]:
            raise ZeroDivisionError
        return current_schema()

    answers = dict(each_studio(visit))
    assert isinstance(answers[pair[0].schema_name], ZeroDivisionError)
    assert answers[pair[1].schema_name] == pair[1].schema_name
