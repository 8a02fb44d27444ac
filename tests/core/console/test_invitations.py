"""Colleagues join by a link: who may make one, what it shows, when it is worth nothing."""

import datetime as dt
import re
import secrets

import pytest
from django.contrib.auth import get_user_model
from django.utils.html import escape

from billing.models import Plan, Subscription
from core.kernel import clock
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.people import services
from core.people.models import Invitation, Membership
from tenants.context import in_public, in_studio
from tests.core.console.conftest import browser
from tests.factories import PASSWORD, make_branch, make_staff

User = get_user_model()
LIST, NEW = "/console/staff/invitations/", "/console/staff/invitations/new/"
CHOICE = {"username": "ZhouHang", "password": "velvet-curtain-9"}


def form(*jobs, **changes):
    rows = {"jobs-TOTAL_FORMS": len(jobs), "jobs-INITIAL_FORMS": 0}
    for i, (role, branch) in enumerate(jobs):
        rows |= {f"jobs-{i}-role": role, f"jobs-{i}-branch": branch}
    return {"name": "周航", "phone": "", "email": ""} | rows | changes


def invited(client, branch, role="photographer", **changes):
    """The path of a new link."""
    page = client.post(NEW, form((role, branch.pk), **changes))
    assert page.status_code == 200, page.context["forms"].faults
    return "/" + page.context["link"].split("/", 3)[3]


def newcomer(studio):
    client = browser(studio)
    client.defaults["REMOTE_ADDR"] = ".".join(["10", *(str(1 + secrets.randbelow(250)) for _ in range(3))])
    return client


def test_the_invited_joins_and_is_in(studio, client, branch):
    path = invited(client, branch)
    door = newcomer(studio)
    page = door.get(path).content.decode()
    assert all(word in page for word in ("周航", "南山店", studio.name, "何静"))
    assert door.post(path, CHOICE)["Location"] == "/console/security/"
    user = User.objects.get(username="zhouhang")
    assert list(Membership.objects.filter(user=user).values_list("role", "branch_id")) == [("photographer", branch.pk)]
    assert door.get("/console/").status_code == 200
    assert Invitation.objects.get().user == user
    assert set(Event.objects.values_list("kind", flat=True)) >= {"colleague.invited", "colleague.joined"}


def test_the_link_is_kept_as_a_hash_and_shown_once(client, branch):
    token = invited(client, branch).split("/")[-2]
    assert token not in str(Invitation.objects.values_list())
    assert token not in client.get(LIST).content.decode()


def test_a_link_works_once(studio, client, branch):
    path = invited(client, branch)
    assert newcomer(studio).post(path, CHOICE).status_code == 302
    assert newcomer(studio).get(path).status_code == 410
    assert newcomer(studio).post(path, {**CHOICE, "username": "second"}).status_code == 410
    assert not User.objects.filter(username="second").exists()


def test_it_ends_after_a_week_when_revoked_and_when_renewed(studio, client, branch):
    paths = [invited(client, branch, name=name) for name in ("a", "b", "c")]
    late, taken, old = (Invitation.objects.get(name=name) for name in ("a", "b", "c"))
    Invitation.objects.filter(pk=late.pk).update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert client.post(f"{LIST}{taken.pk}/revocation/").status_code == 302
    fresh = client.post(f"{LIST}{old.pk}/renewal/").context["link"]
    answers = [newcomer(studio).post(path, CHOICE).status_code for path in paths]
    assert answers == [410, 410, 404]
    assert newcomer(studio).post("/" + fresh.split("/", 3)[3], CHOICE).status_code == 302
    states = {row.name: row.state for row, _jobs in client.get(LIST).context["rows"]}
    assert states == {"a": "expired", "b": "revoked", "c": "accepted"}


def test_what_is_over_is_not_renewed(studio, client, branch):
    path = invited(client, branch)
    newcomer(studio).post(path, CHOICE)
    pk = Invitation.objects.get().pk
    before = Invitation.objects.get().token_hash
    assert client.post(f"{LIST}{pk}/renewal/").status_code == 302
    assert client.post(f"{LIST}{pk}/revocation/").status_code == 302
    assert (Invitation.objects.get().token_hash, Invitation.objects.get().revoked_at) == (before, None)


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_nobody_invites_above_himself(client, branch, role):
    assert client.post(NEW, form((role, branch.pk))).status_code == 422
    assert not Invitation.objects.exists()


def test_a_manager_keeps_his_own_branches_invitations_only(client, studio, branch, far_branch):
    boss = browser(studio, User.objects.get(memberships__role="owner"))
    for role, place in (("manager", branch), ("photographer", far_branch)):
        invited(boss, place, role)
    assert client.get(LIST).context["rows"] == []
    for row in Invitation.objects.all():
        assert client.post(f"{LIST}{row.pk}/renewal/").status_code == 404
        assert client.post(f"{LIST}{row.pk}/revocation/").status_code == 404
    assert not Invitation.objects.exclude(revoked_at=None).exists()


def test_a_link_is_void_when_its_maker_may_not_give_the_job_any_more(studio, client, manager, branch):
    path = invited(client, branch)
    services.change_staff(actor=None, user=manager, name="何静", memberships=[("receptionist", branch.pk)])
    assert newcomer(studio).post(path, CHOICE).status_code == 410
    assert not User.objects.filter(username="zhouhang").exists()


def test_seats_are_counted_again_when_joining(studio, client, branch):
    path = invited(client, branch)
    with in_public():
        plan = Plan.objects.create(code="tiny", name="Tiny", seats=2)
        Subscription.objects.create(studio=studio, plan=plan)
    full = client.post(NEW, form(("photographer", branch.pk)))
    assert full.status_code == 422
    assert "/console/subscription/plans/" in full.content.decode()
    door = newcomer(studio)
    answer = door.post(path, CHOICE)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert User.objects.count() == 2
    with in_public():
        Plan.objects.filter(pk=plan.pk).update(seats=3)
    assert newcomer(studio).post(path, CHOICE).status_code == 302


@pytest.mark.parametrize(
    ("change", "field"), [({"username": "taken"}, "username"), ({"password": "12345678"}, "password")]
)
def test_faults_stand_beside_their_field(studio, client, branch, change, field):
    make_staff("assistant", branch, username="taken")
    path, people = invited(client, branch), User.objects.count()
    answer = newcomer(studio).post(path, CHOICE | change)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert User.objects.count() == people


def test_the_link_is_sent_and_nobody_reads_it_in_the_outbox(client, branch):
    path = invited(client, branch, phone="13800001234", email="zhou@example.com")
    message = OutboxMessage.objects.get()
    assert (message.route, message.to) == ("email", "zhou@example.com")
    assert message.facts["link"].endswith(path)
    page = client.get("/console/outbox/").content.decode()
    assert not re.search(escape(path), page)
    invited(client, branch, name="b", phone="13800001234")
    assert OutboxMessage.objects.get(route="sms").to == "+8613800001234"


def test_a_wrong_phone_is_said_beside_it(client, branch):
    answer = client.post(NEW, form(("photographer", branch.pk), phone="123"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["phone"]


def test_an_invitation_of_one_studio_opens_no_other(studio, other_studio, client, branch):
    path = invited(client, branch)
    with in_studio(other_studio):
        make_branch()
    assert newcomer(other_studio).get(path).status_code == 404
    assert newcomer(other_studio).post(path, CHOICE).status_code == 404
    assert newcomer(studio).get(path).status_code == 200


def test_a_joined_colleague_logs_in(studio, client, branch):
    newcomer(studio).post(invited(client, branch), CHOICE)
    assert newcomer(studio).post("/console/login/", CHOICE)["Location"] == "/console/"
    assert PASSWORD not in str(CHOICE)
