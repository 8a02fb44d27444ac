"""A studio's own address: ready once DNS says that the name is an alias of the studio's address here.

An alias (CNAME) is proof that whoever keeps the name wants it to lead to this studio. The certificate is the proxy's
matter: Caddy's on-demand TLS asks `/tls-ask?domain=…` (any host, from inside) before it orders one.
"""

import re
import socket
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from tenants import directory
from tenants.context import in_public
from tenants.life import tasks
from tenants.models import Domain, Studio

NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
MOST = 3


def own_domains(studio: Studio) -> list[Domain]:
    with in_public():
        return list(Domain.objects.filter(tenant=studio, is_own=True).order_by("domain"))


def target_of(studio: Studio) -> str:
    """What the CNAME must say."""
    return f"{studio.slug}.{settings.PLATFORM_HOST}"


def add_domain(*, studio: Studio, name: str, actor: str) -> Domain:
    """Note a name; it answers when `check_domain` finds it ready.

    LifeRefused("domain.name" | "domain.taken" | "domain.many").
    """
    name = name.strip().lower().rstrip(".").removeprefix("www.")
    if not name.isascii() or not NAME.fullmatch(name) or _is_ours(name):
        raise tasks.LifeRefused("domain.name")
    with in_public(), transaction.atomic():
        Studio.objects.select_for_update().get(pk=studio.pk)
        if Domain.objects.filter(tenant=studio, is_own=True).count() >= MOST:
            raise tasks.LifeRefused("domain.many", most=MOST)
        if Domain.objects.filter(domain=name, is_ready=False).exclude(tenant=studio).exists():
            Domain.objects.filter(domain=name, is_ready=False).delete()  # noted by somebody who could not prove it
        try:
            with transaction.atomic():
                row = Domain(domain=name, tenant=studio, is_primary=False, is_own=True, is_ready=False)
                row.save(force_insert=True)
        except IntegrityError as error:
            raise tasks.LifeRefused("domain.taken") from error
        tasks.note(studio.slug, "domain.added", actor, domain=name)
    return row


def check_domain(*, studio: Studio, name: str, actor: str = "") -> Domain | None:
    """Ask DNS and write down what it says. None: the studio has no such name."""
    with in_public():
        row = Domain.objects.filter(tenant=studio, is_own=True, domain=name).first()
    if row is None:
        return None
    found = import_string(settings.DNS_RESOLVER)(name)
    was, target = row.is_ready, target_of(studio)
    row.is_ready, row.checked_at = target in found, timezone.now()
    row.found = next((one for one in found if one == target), found[0] if found else "")[:253]
    with in_public(), transaction.atomic():
        row.save(update_fields=["is_ready", "checked_at", "found"])
        if was != row.is_ready:
            tasks.note(studio.slug, "domain.ready" if row.is_ready else "domain.lost", actor, domain=name)
    directory.forget()
    return row  # type: ignore[no-any-return]  # the stubs say Any


def drop_domain(*, studio: Studio, name: str, actor: str) -> bool:
    """The name no longer leads here."""
    with in_public(), transaction.atomic():
        count, _by = Domain.objects.filter(tenant=studio, is_own=True, domain=name).delete()
        if count:
            tasks.note(studio.slug, "domain.dropped", actor, domain=name)
    directory.forget()
    return bool(count)


def check_all() -> None:
    """Look at every own name again: one that was pointed elsewhere must not keep a certificate here."""
    with in_public():
        rows = list(Domain.objects.filter(is_own=True).select_related("tenant").order_by("checked_at")[:200])
    for row in rows:
        check_domain(studio=row.tenant, name=row.domain)


def may_have_certificate(name: str) -> bool:
    """What the proxy asks: a studio's name that leads here and is open, or the platform's own."""
    name = name.strip().lower().rstrip(".")
    if name in {settings.PLATFORM_HOST, f"www.{settings.PLATFORM_HOST}"}:
        return True
    with in_public():
        return bool(Domain.objects.filter(domain=name.removeprefix("www."), is_ready=True).exists())


def system_resolver(name: str) -> list[str]:
    """The names that `name` is an alias of, as this machine's resolver sees it; empty when it leads nowhere."""
    try:
        canonical, aliases, _addresses = socket.gethostbyname_ex(name)
    except OSError:
        return []
    return [one.lower().rstrip(".") for one in (canonical, *aliases) if one.lower().rstrip(".") != name]


def _is_ours(name: str) -> bool:
    host: Any = settings.PLATFORM_HOST
    return name == host or name.endswith(f".{host}")
