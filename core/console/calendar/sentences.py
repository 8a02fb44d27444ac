"""The calendar's events and refusals in words; composed in core.console.sentences."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from babel.dates import format_datetime
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext, to_locale
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.events import Kind
from core.scheduling.enums import AppointmentKind

Text = str | Promise

EVENTS: dict[str, Text] = {
    Kind.APPOINTMENT_HELD: gettext_lazy("%(what)s held: %(at)s, until %(expires)s"),
    Kind.APPOINTMENT_CONFIRMED: gettext_lazy("%(what)s confirmed: %(at)s"),
    Kind.APPOINTMENT_RELEASED: gettext_lazy("Hold given back: %(what)s, %(at)s"),
    Kind.APPOINTMENT_EXPIRED: gettext_lazy("Hold has run out: %(what)s, %(at)s"),
    Kind.APPOINTMENT_MOVED: gettext_lazy("%(what)s moved: %(was)s → %(at)s%(because)s"),
    Kind.APPOINTMENT_CANCELLED: gettext_lazy("%(what)s on %(at)s cancelled: %(reason)s"),
    Kind.APPOINTMENT_DONE: gettext_lazy("%(what)s took place: %(at)s"),
    Kind.APPOINTMENT_NOTED: gettext_lazy("%(what)s: title or note changed"),
    Kind.LENDING_AGREED: gettext_lazy("%(lender)s lends %(resource)s"),
    Kind.LENDING_REFUSED: gettext_lazy("%(lender)s does not lend %(resource)s: %(reason)s"),
    Kind.CALENDAR_KEPT: gettext_lazy("Calendar kept: %(name)s"),
    Kind.WAITING_ADDED: gettext_lazy("On the waiting list: %(title)s"),
    Kind.WAITING_OFFERED: gettext_lazy("Date offered from the waiting list: %(at)s, until %(expires)s"),
    Kind.WAITING_CLOSED: gettext_lazy("Off the waiting list: %(title)s"),
}

REFUSALS: dict[str, Text] = {
    "slot.taken": gettext_lazy("Somebody has just taken this time. Free near it: %(nearest)s."),
    "slot.taken.full": gettext_lazy("Somebody has just taken this time, and nothing near it is free."),
    "hold.expired": gettext_lazy("This hold has run out. Look for a time again."),
    "appointment.closed": gettext_lazy("This date is over or cancelled. It cannot be changed any more."),
    "appointment.stale": gettext_lazy("Somebody else has just changed this date. Here is how it stands now."),
    "appointment.ahead": gettext_lazy("This date lies ahead; it can be closed once it has begun."),
    "resource.gone": gettext_lazy("%(name)s is not in use any more. Please choose somebody else."),
    "resource.elsewhere": gettext_lazy("%(name)s belongs to another branch, which does not lend."),
    "resource.name_taken": gettext_lazy("Another resource of this kind has this name."),
    "resource.user_taken": gettext_lazy("This colleague is in the calendar already; add the craft there."),
    "lending.waiting": gettext_lazy("The other branch has not agreed yet: %(who)s. Keep the date on hold until then."),
    "lending.settled": gettext_lazy("Nothing is asked any more."),
    "plan.unsound": gettext_lazy("The parts of this date do not follow one another."),
    "chain.unsound": gettext_lazy("This date has no parts that could be planned."),
    "days.unsound": gettext_lazy("The days or hours are the wrong way round."),
    "hours.unsound": gettext_lazy("The hours overlap, or close before they open."),
}


def worded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Instants, kinds and lists of the calendar's facts as people read them."""
    words, zone = dict(facts), str(facts.get("zone") or "")
    for key in {"at", "was", "expires"} & words.keys() if zone else ():
        words[key] = moment(str(words[key]), zone)
    if "what" in words and "zone" in words:
        labels = {str(kind): str(kind.label) for kind in AppointmentKind} | {"offer": _("date asked for")}
        words["what"] = labels.get(words["what"], words["what"])
    if "was" in words:
        words["because"] = _because(facts)
    if "alternatives" in words:
        words["nearest"] = _listed(moment(iso, zone or "UTC") for iso in words["alternatives"])
    if "names" in words:
        words["who"] = _listed(words["names"])
    return words


def _because(facts: Mapping[str, Any]) -> str:
    """The reason of a move, and who serves instead of whom (R117)."""
    former, new = facts.get("crew") or [[], []]
    parts = [str(facts["reason"])] if facts.get("reason") else []
    if former != new:
        parts.append(f"{_listed(former) or '—'} → {_listed(new) or '—'}")
    return "".join(f" · {part}" for part in parts)


def _listed(names: Any) -> str:
    return pgettext("between the items of a list", ", ").join(str(name) for name in names)


def moment(iso: str, zone: str) -> str:
    """3月6日 周六 14:30, by the branch's clock; the year when it is not this one."""
    if not iso:
        return "—"
    local = dt.datetime.fromisoformat(iso).astimezone(clock.zone(zone))
    locale = to_locale(get_language() or "zh-hans")
    year = local.year != clock.now().year
    chinese, english = (
        ("y年M月d日 EEE HH:mm", "EEE, MMM d y, HH:mm") if year else ("M月d日 EEE HH:mm", "EEE, MMM d, HH:mm")
    )
    return format_datetime(local, chinese if locale.startswith("zh") else english, locale=locale)


def why_words(why: Any, labels: Mapping[str, Any]) -> str:
    """Why no date fits on some days (core.scheduling.solver.Why)."""
    said = {
        "closed": _("The branch is closed."),
        "short": _("The branch is not open long enough for this."),
        "past": _("Too late for that day, or outside the time of day asked for."),
        "missing": _("%(block)s: nobody here is a %(kind)s%(skill)s."),
        "off": _("%(block)s: no %(kind)s%(skill)s works."),
        "taken": _("%(block)s: every %(kind)s%(skill)s is taken."),
        "together": _("Each has time, but never all at once."),
    }
    skill = f" ({why.skill})" if why.skill else ""
    return said[why.reason] % {"block": why.block, "kind": labels.get(why.kind, why.kind), "skill": skill}
