"""Verbs on packages."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from core.catalog.models import Package, PackageExtra, PackageProduct
from core.kernel.errors import Refusal
from core.kernel.states import lock


@transaction.atomic
def save_package(
    *,
    actor: Any,
    package: Package | None = None,
    fields: dict[str, Any],
    products: Iterable[tuple[str, str, int]] = (),
    extras: Iterable[tuple[str, int]] = (),
) -> Package:
    """Create or change a package with its products (kind, name, quantity) and extras (name, minor units).

    Sold orders keep their frozen terms. Refusal package.name_taken | package.included_over_taken.
    """
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
    PackageProduct.objects.bulk_create(
        PackageProduct(package=row, kind=kind, name=name, quantity=quantity) for kind, name, quantity in products
    )
    PackageExtra.objects.bulk_create(PackageExtra(package=row, name=name, price_minor=minor) for name, minor in extras)
    return row


@transaction.atomic
def set_offered(*, actor: Any, package: Package, is_offered: bool) -> Package:
    """Put a package on offer or take it off; sold orders are not touched."""
    row = lock(package)
    row.is_offered = is_offered
    row.save(update_fields=["is_offered"])
    return row
