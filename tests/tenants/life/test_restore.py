"""From the archive: a twin beside, or the studio as it was; ids, numbers and files; nobody else notices."""

import zipfile

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.kernel import storage
from core.orders.models import Order
from core.people.models import Customer
from tenants.context import in_public, in_studio
from tenants.life import exporting, restoring, tasks
from tenants.life.exporting import archive_key, ask_export
from tenants.life.models import TaskState
from tenants.life.restoring import ask_restore, confirm_restore, take_back_restore
from tenants.models import Studio, StudioStatus
from tenants.services import drop_studio, suspend_studio
from tests.factories import make_customer
from tests.jobs import run_jobs
from tests.tenants.life.make import picture_of, wipe


def finish(task):
    run_jobs(failures=True)
    with in_public():
        task.refresh_from_db()
    assert (task.state, task.error) == (TaskState.DONE, "")
    return task


def exported(studio, *, with_files=False):
    return finish(ask_export(studio=studio, actor="boss", with_files=with_files))


@pytest.fixture
def twin(one):
    """The slug of the copy, which is gone afterwards."""
    slug = f"{one.slug}-two"
    yield slug
    with in_public():
        studio = Studio.objects.filter(slug=slug).first()
    if studio:
        wipe(studio)
        if studio.is_active:
            suspend_studio(studio)
        drop_studio(studio)


@pytest.mark.parametrize("with_files", [True, False])
def test_beside_makes_a_twin(one, untouched, twin, with_files):
    before = picture_of(one)
    task = finish(ask_restore(actor="op", source=exported(one, with_files=with_files), slug=twin))
    with in_public():
        copy = Studio.objects.get(slug=twin)
    assert (copy.status, copy.name, copy.currency) == (StudioStatus.ACTIVE, one.name, one.currency)
    assert task.facts["missing"] == 0
    after = picture_of(copy)
    assert {name for name in before if before[name] != after[name]} <= {"django_migrations"}
    assert {k: v for k, v in picture_of(one).items() if k != "files"} == {
        k: v for k, v in before.items() if k != "files"
    }
    with in_studio(copy):
        assert storage.get(storage.key("contracts", 1, "a.pdf")).startswith(b"%PDF-1.7")


def test_numbers_go_on_where_they_were(one, untouched, twin):
    with in_studio(one):
        gone = make_customer(phone="+8613911110001")
        last = gone.pk
        gone.delete()
    finish(ask_restore(actor="op", source=exported(one), slug=twin))
    with in_public():
        copy = Studio.objects.get(slug=twin)
    with in_studio(copy):
        assert make_customer(phone="+8613911110002").pk == last + 1


def test_keys_of_files_follow_the_new_studio(one, untouched, twin):
    from selection.models import Photo
    from tests.selection.make import make_gallery

    with in_studio(one):
        gallery = make_gallery(1, order=Order.objects.first())
        photo = Photo.objects.get(gallery=gallery)
        Photo.objects.filter(pk=photo.pk).update(original_key=storage.key("o", 0, "x.jpg"))
    finish(ask_restore(actor="op", source=exported(one), slug=twin))
    with in_public():
        copy = Studio.objects.get(slug=twin)
    with in_studio(copy):
        assert Photo.objects.get(pk=photo.pk).original_key == storage.key("o", 0, "x.jpg")


def test_in_place_is_as_it_was_until_confirmed_or_taken_back(one, untouched):
    before, source = picture_of(one), exported(one)
    with in_studio(one):
        Customer.objects.update(note="changed")
        make_customer(phone="+8613911110003")
        storage.delete(storage.key("contracts", 1, "a.pdf"))
    changed = picture_of(one)
    task = finish(ask_restore(actor="op", source=source))
    assert _same(one, before)
    with pytest.raises(tasks.LifeRefused, match="unconfirmed"):
        ask_restore(actor="op", source=source)
    take_back_restore(studio=one, actor="op")
    with in_studio(one):
        assert Customer.objects.filter(note="changed").count() == 3
    assert {k: v for k, v in picture_of(one).items() if k != "files"} == {
        k: v for k, v in changed.items() if k != "files"
    }
    task = finish(ask_restore(actor="op", source=source))
    confirm_restore(studio=one, actor="op")
    assert _same(one, before)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ %s", [f"^former_.*{one.schema_name}$"])
        assert cursor.fetchone() == (0,)
    with in_public():
        one.refresh_from_db()
        assert one.is_active
        assert "former" not in type(task).objects.get(pk=task.pk).facts


def _same(studio, before):
    now = picture_of(studio)
    return {name for name in now if now[name] != before.get(name)} <= {"django_migrations"}


def test_a_damaged_archive_changes_nothing(one, untouched, tmp_path):
    source = exported(one)
    with in_studio(one):
        (tmp_path / "a.zip").write_bytes(storage.get(archive_key(source)))
    with zipfile.ZipFile(tmp_path / "a.zip") as good, zipfile.ZipFile(tmp_path / "b.zip", "w") as bad:
        for name in good.namelist():
            body = good.read(name)
            bad.writestr(name, body.replace("甲".encode(), "乙".encode()) if name.endswith("core_branch.csv") else body)
    before = picture_of(one)
    task = ask_restore(actor="op", path=str(tmp_path / "b.zip"))
    run_jobs(failures=True)
    with in_public():
        task.refresh_from_db()
        one.refresh_from_db()
    assert (task.state, one.status) == (TaskState.FAILED, StudioStatus.ACTIVE)
    assert "archive.damaged" in task.error
    assert picture_of(one) == before


def test_an_older_archive_is_brought_to_today(one, untouched, twin, monkeypatch):
    """As if the last migration of core, which changes no table, had come after the archive.

    Its tables come from the snapshot, told as they were then; that `build_as_of` makes the same by migrations, which
    takes 20 s, is proved once (tests.tenants.test_snapshot).
    """
    from tenants import migrator, snapshot

    source = exported(one)
    real = restoring._archive
    last = max(name for name in migrator.wanted() if name[0] == "core")

    class Older:
        def __init__(self, archive):
            self.archive = archive

        def __getattr__(self, name):
            return getattr(self.archive, name)

        def read(self, name):
            body = self.archive.read(name)
            return body.replace(f'  "{".".join(last)}",\n'.encode(), b"") if name == "manifest.json" else body

    from contextlib import contextmanager

    @contextmanager
    def older(task):
        with real(task) as archive:
            yield Older(archive)

    def as_of(schema, names):
        assert names == migrator.wanted() - {last}
        snapshot.build(schema)
        with in_studio(schema), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as migrations leave them
            MigrationExecutor(connection).migrate([max(name for name in names if name[0] == "core")])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert migrator.applied(schema) == names

    monkeypatch.setattr(restoring, "_archive", older)
    monkeypatch.setattr(migrator, "build_as_of", as_of)
    assert exporting.FORMAT == 1
    finish(ask_restore(actor="op", source=source, slug=twin))
    with in_public():
        copy = Studio.objects.get(slug=twin)
    assert copy.schema_name in migrator.current_schemas()
    with in_studio(copy):
        assert Order.objects.count() == 3


def test_refused_names(one, untouched):
    source = exported(one)
    with pytest.raises(tasks.LifeRefused, match="slug.taken"):
        ask_restore(actor="op", source=source, slug=one.slug)
