"""Practice data on and off. Neither records an event: nothing of it shall be left."""

import dataclasses
import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction

from core.catalog.models import Package
from core.kernel import clock, storage
from core.kernel.bulk import listing
from core.kernel.errors import Refusal
from core.kernel.events import Event, EventStream
from core.messaging.models import OutboxMessage
from core.orders import services as orders
from core.orders.enums import Stage
from core.orders.models import Order
from core.people import services as people
from core.people.models import Customer, PhoneCode
from core.studios.models import Branch
from selection import addresses
from selection.enums import PhotoState
from selection.models import Gallery, Photo, PhotoFacts
from selection.practice import tables
from selection.practice.models import Practice
from selection.practice.story import FIRST_PHONE, SHOWN, TALES, Tale, name_of
from selection.renditions import Renditions, render
from selection.services import galleries
from selection.watermark import watermark_text
from tenants.context import current_schema, current_studio, in_public, on_commit_in_studio

MOST_ORDERS = 20  # a studio with more is at work, and needs no practice
PICTURES = Path(__file__).parent / "pictures"
FOLDERS = ("o", "r", "f", "fr", "a", "ar", "d")  # of galleries in storage (selection.intake, delivery)


def add_practice(*, actor: Any) -> Practice:
    """Fill the studio with the tales' customers and orders and one published gallery; nobody is written to.

    Pictures go to storage first, rows follow in one transaction that sees only itself, so that what it made is known
    exactly. Refusal practice.exists | practice.at_work(most) | practice.no_package | practice.busy (another one wrote
    at the same moment: try again).
    """
    _refuse_if_not_new()
    pictures = _store_pictures()
    try:
        with transaction.atomic(durable=not connection.in_atomic_block):
            _see_only_ourselves()
            return _fill(actor, pictures)
    except DatabaseError as error:
        _drop_pictures()
        raise Refusal("practice.busy") from error
    except Refusal:
        _drop_pictures()
        raise


def remove_practice(*, actor: Any) -> None:
    """Remove all of it and what was done to it: picks, payments, messages about it. Counters go back where nobody used
    them since. Rows of real orders and customers are never touched.

    Refusal practice.none | practice.held(orders, customers: names of what real people made with it, which holds it).
    """
    with transaction.atomic():
        practice = Practice.objects.select_for_update().filter(pk=1).first()
        if practice is None:
            raise Refusal("practice.none")
        going, holding = tables.reach({table: set(keys) for table, keys in practice.made.items()})
        if holding:
            raise Refusal("practice.held", holders=names_of(holding))
        codes = [storage.key(part, pk) for part in FOLDERS for pk in going.get("selection_gallery", ())]
        codes += [storage.key("contracts", pk) for pk in going.get("core_contract", ())]
        _forget_traces(going)
        tables.erase(going)
        tables.wind_back(practice.counters)
        practice.delete()
        on_commit_in_studio(lambda: _drop_files(codes))


def names_of(holding: tables.Rows) -> list[str]:
    """What people know the holding rows by: codes of orders, names of customers; else the table's own word."""
    named = list(Order.objects.filter(pk__in=holding.get("core_order", ())).values_list("code", flat=True))
    named += list(Customer.objects.filter(pk__in=holding.get("core_customer", ())).values_list("name", flat=True))
    kept = tables.targets(holding, "core_order")
    named += list(Order.objects.filter(pk__in=kept).values_list("code", flat=True))
    return sorted(set(named)) or sorted(holding)


def _fill(actor: Any, pictures: list[tuple[str, Renditions]]) -> Practice:
    rows, counters, last_job = tables.all_rows(), tables.all_counters(), _last_job()
    branch = Branch.objects.filter(is_active=True).order_by("pk").first()
    if branch is None:
        raise Refusal("practice.no_package")
    gallery = None
    for i, tale in enumerate(TALES):
        order = _tell(actor, branch, tale, i)
        if tale.stage == SHOWN:
            gallery = _show(actor, order, pictures)
    OutboxMessage.objects.exclude(pk__in=rows["core_outboxmessage"]).delete()
    _cancel_jobs_after(last_job)
    now_rows, now_counters = tables.all_rows(), tables.all_counters()
    made = {table: sorted(keys - rows[table]) for table, keys in now_rows.items() if keys - rows[table]}
    moved = {
        table: {
            name: [counters[table].get(name), after]
            for name, after in found.items()
            if counters[table].get(name) != after
        }
        for table, found in now_counters.items()
    }
    keys = [folder for folder, _made in pictures]
    return Practice.objects.create(made=made, counters=moved, keys=keys, gallery_code=gallery.code if gallery else "")


def _tell(actor: Any, branch: Branch, tale: Tale, number: int) -> Order:
    """An order taken some days ago and walked to its stage; the shown one belongs to whoever asked, by their phone."""
    now, language = clock.now(), current_studio().language
    package = Package.objects.filter(kind=tale.kind, versions__isnull=False).order_by("pk").first()
    package = package or Package.objects.filter(versions__isnull=False).order_by("pk").first()
    if package is None:
        raise Refusal("practice.no_package")
    with clock.at(now + dt.timedelta(days=tale.taken)):
        customer = _customer(actor, tale, number, language)
        shoot_on = clock.today(branch.timezone) + dt.timedelta(days=tale.shoot - tale.taken)
        title = name_of(tale, language)
        told = {"actor": actor, "branch": branch, "customer": customer, "package": package, "title": title}
        order = orders.take_order(**told, shoot_on=shoot_on)
    path = list(Stage)[1 : Stage(tale.stage).number + 1]
    for i, target in enumerate(path, start=1):
        with clock.at(now + dt.timedelta(days=tale.taken * (1 - i / (len(path) + 1)))):
            order = orders.move_order(actor=actor, order=order, target=target)
    return order


def _customer(actor: Any, tale: Tale, number: int, language: str) -> Customer:
    if tale.stage == SHOWN and actor.phone:
        own: Customer | None = Customer.objects.filter(phone=actor.phone).first()
        try:
            return own or people.add_customer(actor=actor, name=name_of(tale, language), phone=actor.phone)
        except Refusal:
            pass  # a landline, or no number at all: the gallery still opens by PIN
    return people.add_customer(actor=actor, name=name_of(tale, language), phone=f"+86{FIRST_PHONE + number}")


def _show(actor: Any, order: Order, pictures: list[tuple[str, Renditions]]) -> Gallery:
    gallery = galleries.create_gallery(actor=actor, order=order)
    rows = [
        Photo(
            gallery=gallery,
            number=i,
            file_name=f"DSC_{4000 + i}.jpg",
            state=PhotoState.READY,
            size=(PICTURES / f"{i:02d}.jpg").stat().st_size,
            md5=hashlib.md5(folder.encode(), usedforsecurity=False).hexdigest(),
            content_type="image/jpeg",
            original_key=f"{folder}/original.jpg",
            rendition_key=folder,
            rendition_rev=1,
            width=made.width,
            height=made.height,
            color=made.color,
            taken_at=clock.now(),
        )
        for i, (folder, made) in enumerate(pictures, start=1)
    ]
    Photo.objects.bulk_create(rows)
    PhotoFacts.objects.bulk_create(
        PhotoFacts(photo=row, **dataclasses.asdict(made.sight))
        for row, (_folder, made) in zip(rows, pictures, strict=True)
    )
    Gallery.objects.filter(pk=gallery.pk).update(photo_count=len(rows), next_number=len(rows) + 1)
    deadline = clock.today(order.branch.timezone) + dt.timedelta(days=10)
    gallery.refresh_from_db()
    return galleries.publish_gallery(actor=actor, gallery=gallery, deadline=deadline)


def _store_pictures() -> list[tuple[str, Renditions]]:
    """Originals and marked copies below `practice/`; (folder, what was made of it) by number."""
    text, found = watermark_text(current_studio().name, ""), []
    for path in sorted(PICTURES.glob("*.jpg")):
        body = path.read_bytes()
        made, folder = render(body, text), storage.key("practice", path.stem)
        storage.put(f"{folder}/original.jpg", body, content_type="image/jpeg")
        for size, picture in ((addresses.GRID, made.grid), (addresses.PROOF, made.proof)):
            name = f"{folder}/{size}.webp"
            storage.put(name, picture, content_type="image/webp", cache_control=storage.FOREVER)
        found.append((folder, made))
    return found


def _drop_pictures() -> None:
    _drop_files([storage.key("practice")])


def _drop_files(folders: list[str]) -> None:
    root = storage.root()
    for folder in [*folders, storage.key("practice")]:
        names = [name for name, _size, _tag in listing(*folder.removeprefix(f"{root}/").split("/"))]
        if names:
            storage.delete(*names)


def _forget_traces(going: tables.Rows) -> None:
    """What refers by name and not by key: events of the things that go, codes and messages to their phones."""
    threads = [f"order.{pk}" for pk in going.get("core_order", ())]
    threads += [f"customer.{pk}" for pk in going.get("core_customer", ())]
    shown = going.get("selection_gallery", ())
    threads += [f"photos.{pk}" for pk in shown]
    Event.objects.filter(thread__in=threads).delete()
    streams = [f"gallery.{pk}" for pk in shown] + [f"customer.{pk}" for pk in going.get("core_customer", ())]
    Event.objects.filter(stream__in=streams).delete()
    EventStream.objects.filter(name__in=streams).delete()
    phones = list(Customer.objects.filter(pk__in=going.get("core_customer", ())).values_list("phone", flat=True))
    PhoneCode.objects.filter(phone__in=phones).delete()
    OutboxMessage.objects.filter(to__in=phones).delete()


def _refuse_if_not_new() -> None:
    if Practice.objects.exists():
        raise Refusal("practice.exists")
    if Order.objects.count() >= MOST_ORDERS:
        raise Refusal("practice.at_work", most=MOST_ORDERS)


def _see_only_ourselves() -> None:
    if len(connection.savepoint_ids) == 0:  # a test's transaction is older than we are
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _last_job() -> int:
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def _cancel_jobs_after(last: int) -> None:
    """Drop the jobs of this transaction, which nobody has seen yet: nothing shall follow from what is no business."""
    schema = current_schema()
    with in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id > %s AND args->>'_schema' = %s", [last, schema])
