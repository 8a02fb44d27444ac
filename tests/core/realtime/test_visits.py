"""Open sockets of a support visitor: shut by the owner's button at once, and by the clock; nobody else's are."""

import asyncio
import datetime as dt
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from core.people.support import support_user
from core.realtime import codes
from tenants.context import in_public, in_studio, studio_call
from tenants.life import support
from tenants.life.models import SupportVisit
from tests.core.realtime.people import staff_cookie
from tests.core.realtime.wire import Wire, run

SOON = 5  # seconds; without the knock the next look comes after 48 at the earliest


@pytest.fixture
def visit(house):
    visit = support.ask_visit(studio=house.studio, operator="anna", reason="The board stands still", minutes=30)
    yield visit
    with in_public():
        support.end_visit(studio=house.studio, code=visit.code, actor="")
        SupportVisit.objects.filter(pk=visit.pk).delete()


def visitor_cookie(house, visit):
    with in_studio(house.studio):
        user = support_user(is_open=True)
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY], session[support.SESSION_KEY] = str(user.pk), visit.code
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key}


def test_the_owners_button_shuts_open_sockets_at_once(house, visit):
    visitor, owner = visitor_cookie(house, visit), staff_cookie(house)

    async def scene():
        theirs, mine = Wire(house, "/ws/board/all/", visitor), Wire(house, "/ws/board/all/", owner)
        hello = await theirs.open()
        await mine.open()
        await studio_call("public", lambda: support.end_visit(studio=house.studio, code=visit.code, actor="boss"))
        closed = await theirs.next(SOON)
        still = await mine.silent()
        await mine.close()
        return hello["type"], closed, still

    assert run(scene) == ("hello", {"closed": codes.LOGIN}, True)


def test_the_clock_shuts_them_too(house, visit):
    visitor = visitor_cookie(house, visit)
    with in_public():
        SupportVisit.objects.filter(pk=visit.pk).update(expires_at=timezone.now() + dt.timedelta(seconds=1.5))

    async def scene():
        theirs = Wire(house, "/ws/board/all/", visitor)
        hello = await theirs.open()
        return hello["type"], await theirs.next(SOON)

    assert run(scene) == ("hello", {"closed": codes.LOGIN})


def test_after_the_visit_no_socket_opens(house, visit):
    visitor = visitor_cookie(house, visit)
    past = timezone.now() - dt.timedelta(seconds=1)
    with in_public():
        SupportVisit.objects.filter(pk=visit.pk).update(expires_at=past, asked_at=past - dt.timedelta(minutes=9))

    async def scene():
        await asyncio.sleep(0)
        return await Wire(house, "/ws/board/all/", visitor).open()

    assert run(scene) == {"closed": codes.LOGIN}
