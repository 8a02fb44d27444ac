"""Publishing what can be planned: a package nobody could ever book is not put before customers."""

from typing import Any

from django.db import transaction

from core.booking.plannable import plannable
from core.catalog import services as catalog
from core.catalog.models import Package, PackageVersion
from core.kernel.errors import Refusal
from core.kernel.states import lock


@transaction.atomic
def publish_planned(*, actor: Any, package: Package, seen: str = "", accepted: bool = False) -> PackageVersion:
    """core.catalog.services.publish_package, after a look at the branches: refused where none of them has whom and what
    the shoot asks for; where only some lack it, `accepted` says that they know.

    Refusal package.unplannable | package.partly(names) | as publish_package.
    """
    package = lock(package)
    found = plannable(package.terms())
    if found.is_nowhere:
        raise Refusal("package.unplannable")
    if found.is_partly and not accepted:
        raise Refusal("package.partly", names=[lack.branch.name for lack in found.lacks])
    return catalog.publish_package(actor=actor, package=package, seen=seen)
