"""An operator inside a studio: with a reason, for some minutes, told to the owner, every page written down.

The visitor is a user of the studio's own (`settings.SUPPORT_DOOR`), who may log in by ticket only and only while the
visit lasts; whatever is done carries that name. They look; verbs are for visits whose owner said so.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from tenants import directory, tickets
from tenants.context import in_public, in_studio
from tenants.life import tasks
from tenants.life.models import SupportStep, SupportVisit
from tenants.life.telling import tell_owners
from tenants.models import Studio

SESSION_KEY = "support_visit"
LONGEST = 120
SHORTEST_REASON = 10


def ask_visit(*, studio: Studio, operator: str, reason: str, minutes: int) -> SupportVisit:
    """Begin a visit and tell the owners.

    LifeRefused("visit.reason" | "visit.minutes" | "visit.open" | "visit.closed").
    """
    reason = " ".join(reason.split())[:300]
    if len(reason) < SHORTEST_REASON:
        raise tasks.LifeRefused("visit.reason")
    if not 5 <= minutes <= LONGEST:
        raise tasks.LifeRefused("visit.minutes")
    with in_public(), transaction.atomic():
        if not Studio.objects.select_for_update().get(pk=studio.pk).is_active:
            raise tasks.LifeRefused("visit.closed")
        now = timezone.now()
        if SupportVisit.objects.filter(studio=studio, ended_at=None, expires_at__gt=now).exists():
            raise tasks.LifeRefused("visit.open")
        end_expired()
        visit = SupportVisit.objects.create(
            studio=studio,
            operator=operator,
            reason=reason,
            asked_at=now,
            expires_at=now + dt.timedelta(minutes=minutes),
        )
        tasks.note(studio.slug, "support.asked", operator, visit=visit.code, reason=reason, minutes=minutes)
        _note_until(studio, visit.expires_at)
        link = f"{studio.url}/console/studio/visits/"
        tell_owners(studio, "visit", key=f"visit-{visit.code}", reason=reason, minutes=minutes, link=link)
    return visit  # type: ignore[no-any-return]  # the stubs say Any


def entry_url(visit: SupportVisit, *, operator: str) -> str:
    """The way in, good for one minute. LifeRefused("visit.over"): it ended, or is somebody else's."""
    with in_public(), transaction.atomic():
        visit = SupportVisit.objects.select_for_update().select_related("studio").get(pk=visit.pk)
        if not visit.is_open or visit.operator != operator:
            raise tasks.LifeRefused("visit.over")
        with in_studio(visit.studio):
            user = import_string(settings.SUPPORT_DOOR)(is_open=True)
            ticket = tickets.issue(user, visit=visit.code)
        if not visit.entered_at:
            visit.entered_at = timezone.now()
            visit.save(update_fields=["entered_at"])
        tasks.note(visit.studio.slug, "support.entered", operator, visit=visit.code)
    return f"{visit.studio.url}/enter/{ticket}/"


def end_visit(*, studio: Studio, code: str, actor: str) -> bool:
    """Over, at once: the next page that the visitor asks for is the login page. False: it was over already."""
    with in_public(), transaction.atomic():
        visit = SupportVisit.objects.select_for_update().filter(studio=studio, code=code, ended_at=None).first()
        if visit is None:
            return False
        _end(visit, actor)
    return True


def allow_writing(*, studio: Studio, code: str, actor: str, is_on: bool) -> bool:
    """The owner lets this visit change things, or look only again. False: it is over, or it was so already."""
    with in_public(), transaction.atomic():
        visits = SupportVisit.objects.filter(studio=studio, code=code, ended_at=None, expires_at__gt=timezone.now())
        changed = bool(visits.filter(may_write=not is_on).update(may_write=is_on))
        if changed:
            tasks.note(studio.slug, "support.may_write" if is_on else "support.may_read", actor, visit=code)
    return changed


def open_visit(studio: Studio, code: str) -> SupportVisit | None:
    """The visit, while it lasts."""
    with in_public():
        visit: SupportVisit | None = SupportVisit.objects.filter(code=code, studio=studio).first()
    return visit if visit is not None and visit.is_open else None


def end_expired() -> int:
    """End the visits whose time is over; returns how many."""
    with in_public():
        over = list(SupportVisit.objects.filter(ended_at=None, expires_at__lte=timezone.now()).select_related("studio"))
    for visit in over:
        with in_public(), transaction.atomic():
            _end(visit, "")
    return len(over)


def _end(visit: SupportVisit, actor: str) -> None:
    visit.ended_at, visit.ended_by = min(timezone.now(), visit.expires_at), actor[:60]
    visit.save(update_fields=["ended_at", "ended_by"])
    _note_until(visit.studio, None)
    with in_studio(visit.studio):
        import_string(settings.SUPPORT_DOOR)(is_open=False)
    tasks.note(visit.studio.slug, "support.ended", actor, visit=visit.code)


def _note_until(studio: Studio, until: dt.datetime | None) -> None:
    """What every page of the studio may say without a question of its own."""
    Studio.objects.filter(pk=studio.pk).update(visited_until=until)
    studio.visited_until = until
    directory.forget()


def visits_of(studio: Studio, limit: int = 20) -> list[SupportVisit]:
    """The newest visits with their pages (`steps`)."""
    with in_public():
        return list(SupportVisit.objects.filter(studio=studio).prefetch_related("steps").order_by("-asked_at")[:limit])


def step(request: HttpRequest, code: str) -> SupportStep | None:
    """Write a request down before it is answered, with its visit; None: the visit is over."""
    visit = open_visit(request.studio, code)  # type: ignore[attr-defined]  # ours
    if visit is None:
        return None
    with in_public():
        made = SupportStep(visit=visit, method=request.method or "", path=request.get_full_path()[:300])
        made.save(force_insert=True)
    return made


def answered(made: SupportStep, status: int) -> None:
    """How the request was answered: an act, or a refusal."""
    with in_public():
        SupportStep.objects.filter(pk=made.pk).update(status=status)


def visit_in(session: Any) -> str:
    return str(session.get(SESSION_KEY, ""))
