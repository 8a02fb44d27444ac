"""How the first studio's people get in: open and ended invitations, somebody with an authenticator app, some logins.

guoyan (郭燕, manager of 福田店) has an app with the secret below: `make code` says what it shows, or type it into one.
It is a secret of invented people on one machine; `make demo` prints the present code, demo.json holds the secret.
"""

import datetime as dt
from collections.abc import Callable

from core.kernel import clock
from core.messaging.services import queue_invitation
from core.people import invitations, security
from core.people.models import Invitation
from core.people.staff import staff_of
from core.studios.models import Branch
from infra.seed import cast
from infra.seed.build import FIRST
from tenants import crypto
from tenants.accounts import sessions
from tenants.accounts.models import TotpKey, User
from tenants.accounts.steps import recovery, totp
from tenants.context import in_public, in_studio
from tenants.life.tasks import note
from tenants.models import Studio
from tenants.oplog import PLATFORM

WITH_APP, SECRET = "guoyan", "YINGLOUYINGLOUDEMODEMO2345672345"
OPERATOR = {"username": "anna", "password": cast.PASSWORD}  # of the platform; in a demo the password alone lets in
INVITED = [  # name, phone, e-mail, role, branch, days ago
    ("许嘉言", "13800138021", "", "photographer", "NS", 1),
    ("白露", "", "bailu@example.com", "makeup_artist", "FT", 3),
    ("高远", "", "", "assistant", "BA", 12),
    ("陶然", "13800138022", "", "receptionist", "TH", 5),
]
OPERATORS_DAY = [  # what, device, step
    ("login", "Firefox · Windows", "password"),
    ("step_set", "Firefox · Windows", "passkey"),
    ("login_failed", "Chrome · Android", "password"),
    ("login", "Safari · Mac", "passkey"),
    ("step_dropped", "Safari · Mac", "passkey"),
]
LOGINS = [  # user, device, masked address, days since it began, hours since it was seen
    ("chenzong", "WeChat · iPhone", "120.229.34.*", 9, 5),
    ("chenzong", "Edge · Windows", "113.87.161.*", 3, 20),
    ("linhui", "Chrome · Windows", "113.87.161.*", 2, 1),
    ("linhui", "Safari · iPad", "113.87.161.*", 6, 30),
    ("zhouhang", "Chrome · Android", "117.136.79.*", 1, 2),
    (WITH_APP, "Safari · Mac", "183.14.28.*", 4, 3),
]


def tell(say: Callable[[str], None]) -> None:
    """Invite, set up, log in."""
    with in_public():
        studio = Studio.objects.get(slug=FIRST)
    with in_studio(studio):
        _invite()
        _app()
        _log_in()
        day = clock.today(studio.timezone) + dt.timedelta(days=21)
        security.rule_steps(actor=User.objects.get(username="chenzong"), roles=["owner", "manager"], since=day)
    with in_public():
        User.objects.create_superuser(**OPERATOR, name="Anna")
        for verb, device, step in OPERATORS_DAY:
            note(PLATFORM, f"operator.{verb}", OPERATOR["username"], device=device, address="183.14.28.*", step=step)
    say("invitations, an authenticator app, logins and an operator")


def _invite() -> None:
    boss = staff_of(User.objects.get(username="chenzong"))
    branches = {branch.code: branch.pk for branch in Branch.objects.all()}
    for name, phone, email, role, code, days in INVITED:
        invitation, _token = invitations.invite(
            staff=boss, name=name, phone=phone, email=email, memberships=[(role, branches[code])],
            deliver=queue_invitation,
        )  # fmt: skip
        made = clock.now() - dt.timedelta(days=days)
        Invitation.objects.filter(pk=invitation.pk).update(made_at=made, expires_at=made + invitations.LIFE)
        if name == INVITED[-1][0]:
            invitations.revoke(staff=boss, invitation=invitation)


def _app() -> None:
    user = User.objects.get(username=WITH_APP)
    TotpKey.objects.create(
        user=user,
        secret=crypto.encrypt(totp.PURPOSE, SECRET.encode()),
        confirmed_at=clock.now() - dt.timedelta(days=30),
    )
    recovery.renew(user=user)
    security.note_step(user=user, what="app", is_set=True)


def _log_in() -> None:
    """Rows to look at and to end: nobody holds their keys."""
    now = clock.now().timestamp()
    for username, device, address, days, hours in LOGINS:
        store = sessions.SessionStore()
        store["_auth_user_id"] = str(User.objects.get(username=username).pk)
        store[sessions.FACTS] = {
            "device": device, "address": address, "begun": int(now - days * 86400), "seen": int(now - hours * 3600),
        }  # fmt: skip
        store.create()
