"""Verbs on packages."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from core.catalog.enums import ROW_KINDS
from core.catalog.models import Package, PackageExtra, PackageProduct, PackageSlot
from core.catalog.pricing import refuse_unsound_tiers
from core.kernel.errors import Refusal
from core.kernel.states import lock

MAX_SLOTS = 12


@transaction.atomic
def save_package(
    *,
    actor: Any,
    package: Package | None = None,
    fields: dict[str, Any],
    products: Iterable[tuple[str, str, int]] = (),
    extras: Iterable[tuple[str, int]] = (),
    slots: Iterable[dict[str, Any]] = (),
) -> Package:
    """Create or change a package with its products (kind, name, quantity), extras (name, minor units) and slots
    (fields of PackageSlot).

    Sold orders keep their frozen terms. Refusal package.name_taken | package.included_over_taken | slot.unsound(slot)
    | slots.too_many | tiers.unsound.
    """
    slots = _sound_slots(slots)
    refuse_unsound_tiers(fields.get("retouched_tiers", []))
    row = lock(package) if package else Package(position=Package.objects.count())
    for name, value in fields.items():
        setattr(row, name, value)
    if row.retouched_included > row.photos_taken:
        raise Refusal("package.included_over_taken", taken=row.photos_taken)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if not Package.objects.filter(name=row.name).exclude(pk=row.pk).exists():
            raise
        raise Refusal("package.name_taken", name=row.name) from error
    row.products.all().delete()
    row.extras.all().delete()
    row.slots.all().delete()
    PackageProduct.objects.bulk_create(
        PackageProduct(package=row, kind=kind, name=name, quantity=quantity) for kind, name, quantity in products
    )
    PackageExtra.objects.bulk_create(PackageExtra(package=row, name=name, price_minor=minor) for name, minor in extras)
    PackageSlot.objects.bulk_create(PackageSlot(package=row, **slot) for slot in slots)
    return row


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
