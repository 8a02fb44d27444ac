"""An owner without phone, passkeys and codes, and an operator without: let in again, never quietly."""

import io

import pytest
from django.core.management import call_command
from django.test import Client

from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.people.enums import SUPPORT
from tenants.accounts.models import LoginSession, RecoveryCode, TotpKey, User
from tenants.accounts.steps import having, recovery, totp
from tenants.context import in_public, in_studio
from tenants.life import rescuing, support
from tenants.life.models import StudioAct
from tenants.life.tasks import LifeRefused
from tests.factories import PASSWORD, make_staff

REASON = "Called back, licence shown on video"


def step_of(user):
    totp.begin(user=user)
    TotpKey.objects.filter(user=user).update(confirmed_at="2026-01-01T00:00Z")
    recovery.renew(user=user)


def boss_of(studio, **contact):
    with in_studio(studio):
        user = make_staff("owner", name="陈总")
        User.objects.filter(pk=user.pk).update(**contact)
        step_of(user)
        client = Client(headers={"host": f"{studio.slug}.localhost"})
        client.force_login(user)
    return user, client


@pytest.fixture
def boss(studio, other_studio):
    user, client = boss_of(studio, phone="+8613800138000", email="chen@example.com")
    bystander, other = boss_of(other_studio, email="other@example.com")
    yield user, client
    with in_studio(other_studio):
        assert having.has_step(bystander)
        assert not OutboxMessage.objects.exists()
    assert other.get("/console/security/").status_code == 200


def rescue(studio, user, **more):
    given = {"reason": REASON, "typed": studio.slug, "actor": "anna", **more}
    return rescuing.rescue_owner(studio=studio, username=user.username, **given)


def untouched(studio, user):
    with in_studio(studio):
        whole = having.has_step(user) and not OutboxMessage.objects.exists()
    with in_public():
        return whole and not StudioAct.objects.filter(verb="studio.rescued").exists()


def test_the_step_goes_the_logins_end_and_every_address_is_told(studio, boss):
    user, client = boss
    assert rescue(studio, user) == 2
    with in_studio(studio):
        assert not having.has_step(user)
        assert not RecoveryCode.objects.filter(user=user).exists()
        assert not LoginSession.objects.filter(user=user).exists()
        assert set(OutboxMessage.objects.values_list("to", flat=True)) == {"+8613800138000", "chen@example.com"}
        assert all(REASON in message.facts["reason"] for message in OutboxMessage.objects.all())
        event = Event.objects.get(kind="step.reset")
        assert (event.actor_name, event.facts["name"]) == ("Yinglou Support", "陈总")
        assert not User.objects.get(username=SUPPORT).is_active
    assert client.get("/console/").status_code == 302
    login = Client(headers={"host": f"{studio.slug}.localhost"})
    assert login.post("/console/login/", {"username": user.username, "password": PASSWORD})["location"] == "/console/"
    page = login.get("/console/studio/visits/").text
    assert REASON in page
    assert "anna" in page


def test_other_owners_are_told_too(studio, boss):
    with in_studio(studio):
        second = make_staff("owner", name="合伙人")
        User.objects.filter(pk=second.pk).update(email="partner@example.com")
    assert rescue(studio, boss[0]) == 3
    with in_studio(studio):
        assert OutboxMessage.objects.filter(to="partner@example.com").exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reason": "please"}, "rescue.reason"),
        ({"typed": "beta"}, "rescue.typed"),
        ({"typed": ""}, "rescue.typed"),
    ],
)
def test_without_reason_or_address_nothing_happens(studio, boss, wrong, code):
    with pytest.raises(LifeRefused, match=code):
        rescue(studio, boss[0], **wrong)
    assert untouched(studio, boss[0])


def test_never_quietly(studio, boss):
    with in_studio(studio):
        User.objects.filter(pk=boss[0].pk).update(phone="", email="")
    with pytest.raises(LifeRefused, match=r"rescue\.untold"):
        rescue(studio, boss[0])
    assert untouched(studio, boss[0])
    assert rescue(studio, boss[0], may_be_untold=True) == 0


def test_only_owners_and_only_what_there_is(studio, boss):
    with in_studio(studio):
        clerk = make_staff("receptionist")
        step_of(clerk)
    with pytest.raises(LifeRefused, match=r"rescue\.none"):
        rescue(studio, clerk)
    rescue(studio, boss[0])
    with pytest.raises(LifeRefused, match=r"rescue\.none"):
        rescue(studio, boss[0])


def test_a_support_visit_goes_on(studio, boss):
    visit = support.ask_visit(studio=studio, operator="anna", reason="The board stands still", minutes=20)
    support.entry_url(visit, operator="anna")
    rescue(studio, boss[0])
    with in_studio(studio):
        assert User.objects.get(username=SUPPORT).is_active


def operator():
    with in_public():
        user = User.objects.create_superuser("anna", "Kamera-2611", name="Anna")
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
    return user, client


def test_by_the_operators_page(studio, boss):
    _anna, client = operator()
    page = f"/operator/tenants/studio/{studio.pk}/life/"
    assert f'value="{boss[0].username}"' in client.get(page).text
    data = {"username": boss[0].username, "reason": REASON, "typed": "beta"}
    client.post(f"{page}rescue/", data, headers={"accept-language": "en"})
    assert "not this studio" in client.get(page).text
    client.post(f"{page}rescue/", {**data, "typed": studio.slug})
    shown = client.get(page).text
    assert f'value="{boss[0].username}"' not in shown
    assert REASON in shown
    assert Client(headers={"host": "localhost"}).post(f"{page}rescue/", data)["location"].startswith("/operator/login/")


def command(name, *words, **options):
    out = io.StringIO()
    call_command(name, *words, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_by_command(studio, boss):
    user = boss[0].username
    assert f"{user}\t陈总\tsecond step\taddresses: 2" in command("studio", "owners", studio.slug)
    with pytest.raises(SystemExit):
        command("studio", "reset-step", studio.slug, user=user, reason=REASON)
    assert "messages to owners: 2" in command(
        "studio", "reset-step", studio.slug, user=user, reason=REASON, yes=studio.slug
    )
    with in_public():
        assert StudioAct.objects.get(verb="studio.rescued").actor.startswith("shell:")


def test_operators_are_let_in_by_command_and_all_of_them_read_it(db):
    user, client = operator()
    with in_public():
        step_of(user)
    with pytest.raises(SystemExit):
        command("operator", "reset-step", "anna", reason="lost", yes="anna")
    with pytest.raises(SystemExit):
        command("operator", "reset-step", "anna", reason=REASON)
    assert "Anna\tsecond step" in command("operator", "list")
    assert "logins ended: 1" in command("operator", "reset-step", "anna", reason=REASON, yes="anna")
    assert "Anna\tno second step" in command("operator", "list")
    assert client.get("/operator/").status_code == 302
    with in_public():
        act = StudioAct.objects.get(slug="", verb="operator.step_reset")
        assert (act.facts["name"], act.facts["reason"]) == ("anna", REASON)
        client.force_login(user)
    assert REASON in client.get("/operator/").text
    with pytest.raises(SystemExit):
        command("operator", "end-logins", "nobody")
