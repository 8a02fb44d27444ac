"""Verbs on packages: the draft, publishing it, on offer or not."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from core.catalog import selectors
from core.catalog.enums import ROW_KINDS, Unit
from core.catalog.models import Package, PackageExtra, PackageProduct, PackageSlot, PackageVersion
from core.catalog.pricing import refuse_unsound_tiers
from core.catalog.terms import MORE_DEFAULTS, digest, refuse_unsound
from core.kernel import clock, codes, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock

MAX_SLOTS = 12


@transaction.atomic
def save_package(
    *,
    actor: Any,
    package: Package | None = None,
    fields: dict[str, Any],
    products: Iterable[tuple[str, str, int]] = (),
    extras: Iterable[tuple[str, int] | dict[str, Any]] = (),
    slots: Iterable[dict[str, Any]] = (),
    more: dict[str, Any] | None = None,
) -> Package:
    """Create or change a package's draft with its products (kind, name, quantity), extras ((name, minor units), or
    fields of PackageExtra) and slots (fields of PackageSlot). `more`: further terms (core.catalog.terms), merged.

    Customers see it from `publish_package` on; sold orders keep their frozen terms. Refusal package.name_taken |
    package.included_over_taken | slot.unsound(slot) | slots.too_many | tiers.unsound | terms.unsound(part) |
    extra.twice(name).
    """
    slots = _sound_slots(slots)
    refuse_unsound_tiers(fields.get("retouched_tiers", []))
    refuse_unsound(more or {})
    row = lock(package) if package else Package(position=Package.objects.count())
    for name, value in fields.items():
        setattr(row, name, value)
    row.more = {name: value for name, value in {**row.more, **(more or {})}.items() if name in MORE_DEFAULTS}
    if row.retouched_included > row.photos_taken:
        raise Refusal("package.included_over_taken", taken=row.photos_taken)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if not Package.objects.filter(name=row.name).exclude(pk=row.pk).exists():
            raise
        raise Refusal("package.name_taken", name=row.name) from error
    made = _coded(row, extras)
    row.products.all().delete()
    row.extras.all().delete()
    row.slots.all().delete()
    PackageProduct.objects.bulk_create(
        PackageProduct(package=row, kind=kind, name=name, quantity=quantity) for kind, name, quantity in products
    )
    PackageExtra.objects.bulk_create(PackageExtra(package=row, **extra) for extra in made)
    PackageSlot.objects.bulk_create(PackageSlot(package=row, **slot) for slot in slots)
    return row


def _coded(package: Package, extras: Iterable[tuple[str, int] | dict[str, Any]]) -> list[dict[str, Any]]:
    """The extras as fields, each with its code: one name, one code in the whole studio, so that a voucher means the
    same extra in every package. A renamed extra keeps the code that its row carries.
    """
    found: list[dict[str, Any]] = [
        row if isinstance(row, dict) else {"name": row[0], "price_minor": row[1]} for row in extras
    ]
    names = [row["name"] for row in found]
    if twice := [name for name in names if names.count(name) > 1]:
        raise Refusal("extra.twice", name=twice[0])
    own = set(package.extras.values_list("code", flat=True))
    known = dict(PackageExtra.objects.filter(name__in=names).order_by("-pk").values_list("name", "code"))
    taken: set[str] = set()
    for row in found:
        code = row.get("code", "")
        code = code if code in own and code not in taken else known.get(row["name"], "")
        if not code or code in taken:
            code = f"e{codes.next_number('catalog.extra')}"
        row["code"] = code
        taken.add(code)
    return [{"unit": Unit.ONCE, **row} for row in found]


@transaction.atomic
def publish_package(*, actor: Any, package: Package, seen: str = "") -> PackageVersion:
    """Make the draft the next version: what customers see and orders freeze from now on.

    `seen`: digest of the draft that was shown for confirmation. Event PACKAGE_PUBLISHED. Refusal package.unchanged |
    package.draft_changed (somebody has changed it since).
    """
    row = lock(package)
    terms = row.terms()
    mark = digest(terms)
    if seen and seen != mark:
        raise Refusal("package.draft_changed")
    former = selectors.latest_version(row)
    if former is not None and former.digest == mark:
        raise Refusal("package.unchanged")
    version: PackageVersion = PackageVersion.objects.create(
        package=row,
        number=former.number + 1 if former else 1,
        terms=terms,
        digest=mark,
        published_at=clock.now(),
        published_by=actor,
    )
    facts: dict[str, Any] = {"package": row.name, "version": version.number, "digest": mark}
    events.record(Kind.PACKAGE_PUBLISHED, row, actor, **facts)
    return version


def _sound_slots(slots: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Slots whose numbers agree with each other."""
    found = list(slots)
    if len(found) > MAX_SLOTS:
        raise Refusal("slots.too_many", most=MAX_SLOTS)
    for slot in found:
        refuse_unsound_tiers(slot.get("tiers", []))
        most, least = slot.get("maximum"), max(slot.get("included", 1), slot.get("minimum", 0), 1)
        if slot["kind"] not in ROW_KINDS or (most is not None and most < least):
            raise Refusal("slot.unsound", slot=slot["name"])
    return found


@transaction.atomic
def set_offered(*, actor: Any, package: Package, is_offered: bool) -> Package:
    """Put a package on offer or take it off; sold orders are not touched."""
    row = lock(package)
    row.is_offered = is_offered
    row.save(update_fields=["is_offered"])
    return row
