"""Contracts on the page of the day: those whose time ends, and those that wait for the studio's own signature."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.console.board.faces import age_of
from core.console.today.sections import SHOWN, Row, Section
from core.contracts.models import Contract
from core.contracts.selectors import expiring, to_countersign
from core.kernel import clock
from core.people.enums import Capability


def sections(staff: Any, *, mine: bool) -> list[Section]:
    """Up to two sections; none for staff who do not send contracts."""
    if not staff.may(Capability.SEND_CONTRACTS):
        return []
    user = staff.user.pk
    parts = [("expiring", _("Contracts not signed yet"), "warn", [_waiting(one, user) for one in expiring(staff)])]
    if staff.may(Capability.COUNTERSIGN):
        rows = [_signed(one, user) for one in to_countersign(staff)]
        parts.append(("countersign", _("Contracts to countersign"), "info", rows))
    found = []
    for key, title, tone, all_rows in parts:
        rows = [row for row in all_rows if row.is_mine or not mine]
        if rows:
            found.append(Section(key, title, tone, "file-certificate", rows[:SHOWN], max(0, len(rows) - SHOWN)))
    return found


def _waiting(contract: Contract, user: int) -> Row:
    missing = [signer.name for signer in contract.signers.all() if signer.state == "waiting"]
    zone = contract.order.branch.timezone
    last = contract.expires_at.astimezone(clock.zone(zone)).date() if contract.expires_at else clock.today(zone)
    age, flag = age_of((last - clock.today(zone)).days)
    told = _("not signed by %(names)s") % {"names": "、".join(missing)}
    return _row(contract, user, told, age=age, flag=flag or "warn", action=_("Ask again"))


def _signed(contract: Contract, user: int) -> Row:
    return _row(contract, user, contract.number, action=_("Countersign"))


def _row(contract: Contract, user: int, told: str, *, action: str, age: str = "", flag: str = "") -> Row:
    order = contract.order
    url = reverse("console:contracts:detail", args=[contract.code])
    return Row(
        title=order.title,
        url=url,
        facts=f"{contract.title} · {told} · {order.branch.name}",
        who=order.owner.name,
        me=order.owner_id == user,
        is_mine=order.owner_id == user,
        chip=str(contract.get_state_display()),
        tone="info",
        icon="none",
        age=age,
        flag=flag,
        action=action,
        action_url=url,
    )
