"""Suspending with a reason; closing by dates that everybody was told of; nothing is erased without warnings.

Asked → (grace, all works) → closes_at: suspended, customers still reach what they paid for → erases_at: erased.
Until that moment one button takes it back.
"""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from tenants import directory
from tenants.context import in_public
from tenants.life import erasing, tasks
from tenants.life.models import StudioAct
from tenants.life.telling import tell_owners
from tenants.models import Studio, StudioStatus
from tenants.services import resume_studio, suspend_studio

log = logging.getLogger(__name__)
GRACE_DAYS = 30
KEPT_DAYS = 60
CLOSED = "closed"  # the reason of a studio that its owner closed
WARN_CLOSING = (14, 7, 1)
WARN_ERASING = (30, 7, 1)
A_DAY = dt.timedelta(days=1)


def suspend(*, studio: Studio, actor: str, reason: str, keeps_customers: bool) -> None:
    """Close the doors and say why. `keeps_customers`: they still reach orders, photographs and contracts; nothing new
    can be booked. LifeRefused("suspend.reason"), services.StudioBusy.
    """
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise tasks.LifeRefused("suspend.reason")
    with in_public(), transaction.atomic():
        suspend_studio(studio, reason=reason, keeps_customers=keeps_customers)
        tasks.note(studio.slug, "studio.suspended", actor, reason=reason, keeps_customers=keeps_customers)
        tell_owners(studio, "suspended", key=f"suspended-{timezone.now():%Y%m%d%H%M%S}", reason=reason)


def resume(*, studio: Studio, actor: str) -> None:
    """Open the doors again; dates of closing are forgotten. services.StudioBusy."""
    with in_public(), transaction.atomic():
        resume_studio(studio)
        _set_dates(studio, None, None)
        tasks.note(studio.slug, "studio.resumed", actor)
        tell_owners(studio, "resumed", key=f"resumed-{timezone.now():%Y%m%d%H%M%S}")


def ask_closing(*, studio: Studio, actor: str, days: int = GRACE_DAYS) -> None:
    """The studio closes in `days` (7–365) and is erased KEPT_DAYS later.

    LifeRefused("closing.asked" | "closing.days").
    """
    if not 7 <= days <= 365:
        raise tasks.LifeRefused("closing.days")
    with in_public(), transaction.atomic():
        locked = Studio.objects.select_for_update().get(pk=studio.pk)
        if locked.closes_at:
            raise tasks.LifeRefused("closing.asked")
        closes = timezone.now() + dt.timedelta(days=days)
        _set_dates(studio, closes, closes + dt.timedelta(days=KEPT_DAYS))
        tasks.note(studio.slug, "closing.asked", actor, closes=_day(closes), erases=_day(studio.erases_at))
        tell_owners(studio, "closing", key=f"closing-{closes:%Y%m%d%H%M%S}", **_dates(studio))


def cancel_closing(*, studio: Studio, actor: str) -> None:
    """Stay: dates forgotten, doors open again if they were closed by the date. LifeRefused("closing.none")."""
    with in_public(), transaction.atomic():
        locked = Studio.objects.select_for_update().get(pk=studio.pk)
        if not locked.closes_at:
            raise tasks.LifeRefused("closing.none")
        if locked.status == StudioStatus.SUSPENDED and locked.closed_reason == CLOSED:
            resume_studio(studio)
        _set_dates(studio, None, None)
        tasks.note(studio.slug, "closing.cancelled", actor)


def keep_dates(now: dt.datetime | None = None) -> None:
    """The hourly look: warn, close, erase. An error of one studio does not stop the rest."""
    now = now or timezone.now()
    with in_public():
        studios = list(Studio.objects.exclude(closes_at=None).order_by("pk"))
    for studio in studios:
        try:
            _keep_dates_of(studio, now)
        except Exception:
            log.exception("dates of %s", studio.slug)


def _keep_dates_of(studio: Studio, now: dt.datetime) -> None:
    closes, erases = studio.closes_at, studio.erases_at
    if closes is None or erases is None:
        return  # taken back meanwhile
    if erases <= now:
        if studio.status == StudioStatus.SUSPENDED and _warned_long_ago(studio, erases, now):
            try:
                erasing.ask_erasure(studio=studio, actor="", typed=studio.slug)
            except tasks.LifeRefused as refused:
                log.info("%s: %s", studio.slug, refused)
            return
    elif closes <= now:
        erasing.leave(studio)  # nobody is charged behind a closed door; asked again until it is so
    if closes <= now < erases and studio.status == StudioStatus.ACTIVE:
        with in_public(), transaction.atomic():
            suspend_studio(studio, reason=CLOSED, keeps_customers=True)
            tasks.note(studio.slug, "studio.closed", "", erases=_day(erases))
            tell_owners(studio, "closed", key=f"closed-{closes:%Y%m%d%H%M%S}", **_dates(studio))
    what, until, days = ("closing", closes, WARN_CLOSING) if closes > now else ("erasing", erases, WARN_ERASING)
    _warn(studio, what, until, days, now)


def _warn(studio: Studio, what: str, until: dt.datetime, days: tuple[int, ...], now: dt.datetime) -> None:
    """The warning that is due: the one of the fewest days that the date is still near enough for, once."""
    left = max(until - now, dt.timedelta(0))
    due = [number for number in days if left <= dt.timedelta(days=number)]
    if not due or _warned(studio, what, until, min(due)):
        return
    with in_public(), transaction.atomic():
        tasks.note(studio.slug, f"{what}.warned", "", days=min(due), until=until.isoformat(), told=now.isoformat())
        key = f"{what}-{until:%Y%m%d%H%M%S}-{min(due)}"
        tell_owners(studio, what, key=key, days=min(due), **_dates(studio))


def _warned(studio: Studio, what: str, until: dt.datetime, days: int | None = None) -> bool:
    facts: dict[str, Any] = {"until": until.isoformat()} | ({"days": days} if days else {})
    with in_public():
        return bool(StudioAct.objects.filter(slug=studio.slug, verb=f"{what}.warned", facts__contains=facts).exists())


def _warned_long_ago(studio: Studio, erases: dt.datetime, now: dt.datetime) -> bool:
    """Whether somebody had a day to read that all will be erased, also when nobody looked at the dates for weeks."""
    with in_public():
        acts = StudioAct.objects.filter(
            slug=studio.slug, verb="erasing.warned", facts__contains={"until": erases.isoformat()}
        )
        told = list(acts.values_list("facts__told", flat=True))
    return any(dt.datetime.fromisoformat(at) <= now - A_DAY for at in told)


def _dates(studio: Studio) -> dict[str, str]:
    return {"closes": _day(studio.closes_at), "erases": _day(studio.erases_at)}


def _day(at: Any) -> str:
    return at.date().isoformat() if at else ""


def _set_dates(studio: Studio, closes: dt.datetime | None, erases: dt.datetime | None) -> None:
    studio.closes_at, studio.erases_at = closes, erases
    with in_public():
        studio.save(update_fields=["closes_at", "erases_at"])
    directory.forget()
