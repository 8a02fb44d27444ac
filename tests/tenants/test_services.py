"""Opening a studio is all or nothing; suspending closes it; dropping removes it and nobody else."""

import pytest
from django.db import connection

from tenants import migrator
from tenants.accounts.models import User
from tenants.context import current_schema, in_public, in_studio
from tenants.models import Domain, SchemaState, Studio, StudioStatus
from tenants.names import NameRefused
from tenants.services import AddressTaken, StudioBusy, drop_studio, open_studio, resume_studio, suspend_studio
from tests.tenants.sample_jobs import note

OWNER = {
    "owner_name": "王蕾",
    "owner_username": "wanglei",
    "owner_password": "Kamera-2611",
    "owner_phone": "13800138000",
}
furnished: list[tuple] = []


def furnish_one_user(*, studio, owner_username, **rest):
    furnished.append((current_schema(), studio.slug, rest["branch_name"]))
    User.objects.create_user(owner_username, "x", name=rest["owner_name"])


def furnish_badly(**_):
    User.objects.create_user("half", "x", name="half")
    message = "no more"
    raise LookupError(message)


@pytest.fixture(autouse=True)
def _furnishers(settings):
    furnished.clear()
    settings.STUDIO_FURNISHERS = [f"{__name__}.furnish_one_user"]


def schemas():
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace")
        return {row[0] for row in cursor.fetchall()}


def counts():
    with in_public():
        return Studio.objects.count(), Domain.objects.count(), SchemaState.objects.count(), schemas()


def test_open_studio(db):
    studio = open_studio(name="晨光", slug="Chenguang", branch_name="总店", **OWNER)
    assert (studio.slug, studio.schema_name, studio.status) == ("chenguang", "s_chenguang", StudioStatus.ACTIVE)
    assert furnished == [("s_chenguang", "chenguang", "总店")]
    with in_studio(studio):
        assert User.objects.get().username == "wanglei"
    with in_public():
        assert studio.domains.get().domain == "chenguang.localhost"
        assert studio.schema_state.fingerprint == migrator.fingerprint()
    assert "s_chenguang" in migrator.current_schemas()


def test_failure_half_way_leaves_nothing(db, settings):
    settings.STUDIO_FURNISHERS = [f"{__name__}.furnish_one_user", f"{__name__}.furnish_badly"]
    before = counts()
    with pytest.raises(LookupError):
        open_studio(name="晨光", slug="chenguang", **OWNER)
    assert counts() == before
    settings.STUDIO_FURNISHERS = [f"{__name__}.furnish_one_user"]
    assert open_studio(name="晨光", slug="chenguang", **OWNER).is_active, "the same call may be made again"


def test_taken_and_bad_addresses_change_nothing(db, studio):
    before = counts()
    with in_public(), pytest.raises(AddressTaken):
        open_studio(name="二", slug=studio.slug, **OWNER)
    with in_public(), pytest.raises(NameRefused):
        open_studio(name="二", slug="www", **OWNER)
    assert counts() == before


def test_open_studio_from_inside_another_studio_stays_outside_it(db, studio):
    new = open_studio(name="晨光", slug="chenguang", **OWNER)
    assert current_schema() == studio.schema_name
    assert not User.objects.filter(username="wanglei").exists()
    with in_studio(new):
        assert User.objects.filter(username="wanglei").exists()


def test_suspend_and_resume(db, studio, client):
    suspend_studio(studio)
    response = client.get("/", headers={"host": f"{studio.slug}.localhost"})
    assert response.status_code == 503
    with pytest.raises(StudioBusy):
        suspend_studio(studio)
    resume_studio(studio)
    assert studio.is_active


def test_drop_takes_one_studio_with_its_jobs_only(db, studio, other_studio):
    new = open_studio(name="晨光", slug="chenguang", **OWNER)
    for place in (new, studio):
        with in_studio(place):
            note.defer(value=1)
    before = schemas()
    with pytest.raises(StudioBusy):
        drop_studio(new)
    assert schemas() == before
    suspend_studio(new)
    drop_studio(new)
    assert schemas() == before - {"s_chenguang"}
    with in_public(), connection.cursor() as cursor:
        assert not Studio.objects.filter(slug="chenguang").exists()
        cursor.execute(
            "SELECT args->>'_schema', status::text FROM procrastinate_jobs WHERE args->>'_schema' <> '' ORDER BY id"
        )
        assert cursor.fetchall() == [("s_chenguang", "cancelled"), (studio.schema_name, "todo")]


def test_with_studio_is_impossible(studio):
    with pytest.raises(TypeError), studio:
        pass
    with pytest.raises(TypeError):
        studio.activate()
