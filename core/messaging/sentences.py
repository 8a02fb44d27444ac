"""Templates and facts become sentences, in the reader's language. Words live here and nowhere else in the room."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.money import format_minor
from core.messaging import subscription
from core.messaging.enums import Template

HIDDEN = "••••••"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is sent: an SMS has no subject."""

    subject: str
    text: str


def compose(template: str, facts: Mapping[str, Any], language: str) -> Sentence:
    """The sentence of a template. Facts that are missing or wiped show as dots, never as an error."""
    with translation.override(language or "zh-hans"):
        subject, text = _WRITERS[template](_Facts(facts))
        studio = facts.get("studio")
        return Sentence(subject, _("[%(studio)s] %(text)s") % {"studio": studio, "text": text} if studio else text)


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return HIDDEN


def _phone_code(facts: _Facts) -> tuple[str, str]:
    text = _("Your login code is %(code)s. It works for %(minutes)s minutes. Nobody of ours will ever ask you for it.")
    return _("Your login code"), text % facts


def _password_code(facts: _Facts) -> tuple[str, str]:
    text = _(
        "Your code to choose a new password at %(studio)s is %(code)s. It works for %(minutes)s minutes. "
        "Did you not ask for it? Then do nothing, and tell nobody the code."
    )
    return _("Your code to choose a new password"), text % facts


def _password_changed(facts: _Facts) -> tuple[str, str]:
    text = _(
        "%(studio)s: the password of %(name)s was changed just now, and every device was logged out. "
        "If it was not you, tell whoever manages your team at once."
    )
    return _("Your password was changed"), text % facts


def _gallery_ready(facts: _Facts) -> tuple[str, str]:
    count = facts.get("photos") or 0
    parts = [
        ngettext(
            "%(name)s, %(photos)s photo of “%(title)s” is ready for you to choose.",
            "%(name)s, %(photos)s photos of “%(title)s” are ready for you to choose.",
            count,
        )
        % facts
    ]
    if facts.get("deadline"):
        day = formats.date_format(dt.date.fromisoformat(facts["deadline"]), "MONTH_DAY_FORMAT")
        parts.append(_("Please choose before %(day)s.") % {"day": day})
    if facts.get("link"):
        parts.append(facts["link"])
    return _("Your photos are ready"), " ".join(parts)


def _selection_received(facts: _Facts) -> tuple[str, str]:
    picked = facts.get("picked") or 0
    text = ngettext(
        "%(name)s, we have received your selection: %(picked)s photo.",
        "%(name)s, we have received your selection: %(picked)s photos.",
        picked,
    )
    parts = [text % facts]
    total = format_minor(facts.get("extra_total_minor") or 0, facts.get("currency") or "CNY", _locale())
    if facts.get("slots_minor"):
        parts.append(_("All extras together: %(total)s.") % {"total": total})
    elif facts.get("extra"):
        extra = ngettext(
            "%(n)s of them is extra, together %(total)s.",
            "%(n)s of them are extra, together %(total)s.",
            facts["extra"],
        )
        parts.append(extra % {"n": facts["extra"], "total": total})
    return _("Your selection has arrived"), " ".join(parts)


def _part_received(facts: _Facts) -> tuple[str, str]:
    count = facts.get("picked") or 0
    text = ngettext(
        "%(name)s, part %(part)s of your selection is signed: %(picked)s photo of “%(title)s”. Nothing is to pay yet.",
        "%(name)s, part %(part)s of your selection is signed: %(picked)s photos of “%(title)s”. Nothing is to pay yet.",
        count,
    )
    return _("Part of your selection has arrived"), text % facts


def _reopening_answered(facts: _Facts) -> tuple[str, str]:
    """`outcome` approved | declined | offered; `answer`: the studio's words."""
    price = format_minor(facts.get("price_minor") or 0, facts.get("currency") or "CNY", _locale())
    said = {
        "approved": _("%(name)s, “%(title)s” is open again: you may change your selection."),
        "declined": _("%(name)s, your selection of “%(title)s” stays as it is."),
        "offered": _(
            "%(name)s, changing your selection of “%(title)s” costs %(price)s. Nothing is done before you agree."
        ),
    }
    text = said.get(str(facts.get("outcome")), said["declined"]) % _Facts({**facts, "price": price})
    parts = [text, *(str(facts[name]) for name in ("answer", "link") if facts.get(name))]
    return _("About your selection"), " ".join(parts)


def _consent_given(facts: _Facts) -> tuple[str, str]:
    count = facts.get("photos") or 0
    text = ngettext(
        "%(name)s, you allow us to show %(photos)s photo of “%(title)s”. You can take it back at any time.",
        "%(name)s, you allow us to show %(photos)s photos of “%(title)s”. You can take it back at any time.",
        count,
    )
    return _("Your consent has arrived"), " ".join([text % facts, *([facts["link"]] if facts.get("link") else [])])


def _consent_revoked(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, the consent to show photos of “%(title)s” is taken back. They have left our sample library.")
    return _("Consent taken back"), text % facts


def _finals_ready(facts: _Facts) -> tuple[str, str]:
    count = facts.get("photos") or 0
    text = ngettext(
        "%(name)s, %(photos)s retouched photo of “%(title)s” is ready to look at: round %(round)s of %(rounds)s.",
        "%(name)s, %(photos)s retouched photos of “%(title)s” are ready to look at: round %(round)s of %(rounds)s.",
        count,
    )
    return _("Your retouched photos"), " ".join([text % facts, *([facts["link"]] if facts.get("link") else [])])


def _round_offered(facts: _Facts) -> tuple[str, str]:
    price = format_minor(facts.get("price_minor") or 0, facts.get("currency") or "CNY", _locale())
    text = _("%(name)s, retouch round %(round)s of “%(title)s” is beyond your package and costs %(price)s.") % _Facts(
        {**facts, "price": price}
    )
    parts = [text, _("It begins only when you agree."), *([facts["link"]] if facts.get("link") else [])]
    return _("One more retouch round"), " ".join(parts)


def _round_returned(facts: _Facts) -> tuple[str, str]:
    changed = facts.get("changed") or 0
    text = ngettext(
        "%(name)s, round %(round)s of “%(title)s” came back: %(accepted)s accepted, %(changed)s photo to change.",
        "%(name)s, round %(round)s of “%(title)s” came back: %(accepted)s accepted, %(changed)s photos to change.",
        changed,
    )
    return _("A retouch round came back"), " ".join([text % facts, *([facts["link"]] if facts.get("link") else [])])


def _finals_signed(facts: _Facts) -> tuple[str, str]:
    count = facts.get("photos") or 0
    text = ngettext(
        "%(name)s, you have accepted %(photos)s retouched photo of “%(title)s”. Thank you!",
        "%(name)s, you have accepted %(photos)s retouched photos of “%(title)s”. Thank you!",
        count,
    )
    return _("You have accepted your photos"), text % facts


def _album_ready(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, draft %(draft)s of your album “%(title)s” is ready to look at: round %(round)s of %(rounds)s.")
    return _("Your album"), " ".join([text % facts, *([facts["link"]] if facts.get("link") else [])])


def _album_offered(facts: _Facts) -> tuple[str, str]:
    price = format_minor(facts.get("price_minor") or 0, facts.get("currency") or "CNY", _locale())
    priced = _Facts({**facts, "price": price})
    text = _("%(name)s, round %(round)s of your album “%(title)s” is beyond your package and costs %(price)s.") % priced
    parts = [text, _("It begins only when you agree."), *([facts["link"]] if facts.get("link") else [])]
    return _("One more album round"), " ".join(parts)


def _album_waiting(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, draft %(draft)s of your album “%(title)s” waits for you: approve it or say what to change.")
    return _("Your album is waiting"), " ".join([text % facts, *([facts["link"]] if facts.get("link") else [])])


def _album_approved(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, you have approved draft %(draft)s of your album “%(title)s”. It goes to production. Thank you!")
    return _("You have approved your album"), text % facts


def _photos_delivered(facts: _Facts) -> tuple[str, str]:
    count = facts.get("photos") or 0
    text = ngettext(
        "%(name)s, %(photos)s photo of “%(title)s” is yours to keep.",
        "%(name)s, %(photos)s photos of “%(title)s” are yours to keep.",
        count,
    )
    parts = [text % facts, *_until(facts), *([facts["link"]] if facts.get("link") else [])]
    return _("Your photos are ready to download"), " ".join(parts)


def _delivery_ending(facts: _Facts) -> tuple[str, str]:
    count = facts.get("photos") or 0
    text = ngettext(
        "%(name)s, you have not downloaded %(photos)s photo of “%(title)s” yet.",
        "%(name)s, you have not downloaded %(photos)s photos of “%(title)s” yet.",
        count,
    )
    parts = [text % facts, *_until(facts), *([facts["link"]] if facts.get("link") else [])]
    return _("Please download your photos"), " ".join(parts)


def _plan_ready(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, the shooting plan of “%(title)s” is ready. Please look at it and confirm it.")
    return _("Your shooting plan"), " ".join([text % facts, *([facts["link"]] if facts.get("link") else [])])


def _booking_held(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, %(at)s at %(branch)s is on hold for you until %(until)s. Please sign and pay the deposit here:")
    return _("Your date is on hold"), " ".join([text % _dated(facts), *_link(facts)])


def _booking_firm(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, your date is firm: %(at)s, %(branch)s %(address)s. We look forward to you!")
    return _("Your date is firm"), " ".join([text % _dated(facts), *_link(facts)])


def _booking_lapsed(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, the hold of %(at)s has run out. As long as the date is free you can take it again here:")
    return _("Your hold has run out"), " ".join([text % _dated(facts), *_link(facts)])


def _booking_stranded(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, %(at)s was taken before your payment came. Choose another date or have all of it back here:")
    return _("Please choose another date"), " ".join([text % _dated(facts), *_link(facts)])


def _date_proposed(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, we ask you to take %(at)s instead of %(was)s. Your yes or no, until %(until)s, here:")
    return _("Another date for you?"), " ".join([text % _dated(facts), *_link(facts)])


def _link(facts: _Facts) -> list[str]:
    return [facts["link"]] if facts.get("link") else []


def _moment(iso: str, zone: str) -> str:
    """11月21日 周六 14:30, by the clock on the branch's wall."""
    if not iso:
        return HIDDEN
    local = dt.datetime.fromisoformat(iso).astimezone(ZoneInfo(zone or "UTC"))
    locale = _locale()
    return format_datetime(local, "M月d日 EEE HH:mm" if locale.startswith("zh") else "EEE, MMM d, HH:mm", locale=locale)


def _dated(facts: _Facts) -> _Facts:
    """With instants as the customer reads them."""
    zone = facts.get("zone") or "UTC"
    told = {name: _moment(facts[name], zone) for name in ("at", "was", "until") if facts.get(name)}
    place = " · ".join(part for part in (facts.get("branch"), facts.get("address")) if part)
    return _Facts({**facts, **told, "place": place})


def _date_confirmed(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, your date for “%(title)s” is confirmed: %(at)s. %(place)s") % _dated(facts)
    return _("Your date is confirmed"), " ".join([text, *([facts["link"]] if facts.get("link") else [])])


def _date_moved(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, your date for “%(title)s” has changed. It is now: %(at)s. %(place)s") % _dated(facts)
    return _("Your date has changed"), " ".join([text, *([facts["link"]] if facts.get("link") else [])])


def _date_cancelled(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, your date for “%(title)s” on %(at)s is cancelled. Please do not come in vain.") % _dated(facts)
    return _("Your date is cancelled"), text


def _slot_offered(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, a date for “%(title)s” has become free: %(at)s. We keep it for you until %(until)s.")
    parts = [text % _dated(facts), _("Call us or answer to take it."), *([facts["link"]] if facts.get("link") else [])]
    return _("A date for you has become free"), " ".join(parts)


def _payment_received(facts: _Facts) -> tuple[str, str]:
    amount = format_minor(facts.get("amount_minor") or 0, facts.get("currency") or "CNY", _locale())
    text = _("%(name)s, we have received %(amount)s for “%(title)s”. Receipt %(receipt)s.")
    parts = [text % _Facts({**facts, "amount": amount}), *([facts["link"]] if facts.get("link") else [])]
    return _("Payment received"), " ".join(parts)


def _payment_due(facts: _Facts) -> tuple[str, str]:
    amount = format_minor(facts.get("amount_minor") or 0, facts.get("currency") or "CNY", _locale())
    text = _(
        "%(name)s, a friendly reminder: %(amount)s of “%(title)s” is still open. You can pay online, or when you come"
        " to choose your photos. If you have paid already, please tell us there."
    )
    parts = [text % _Facts({**facts, "amount": amount}), *([facts["link"]] if facts.get("link") else [])]
    return _("A friendly reminder"), " ".join(parts)


def _signing_code(facts: _Facts) -> tuple[str, str]:
    text = _(
        "Your code to sign contract %(number)s is %(code)s. It works for %(minutes)s minutes. "
        "Type it on the signing page only; nobody of ours will ever ask you for it."
    )
    return _("Your code to sign"), text % facts


def _paying_code(facts: _Facts) -> tuple[str, str]:
    text = _(
        "Your code to pay order %(number)s with stored value is %(code)s. It works for %(minutes)s minutes. "
        "Type it on the bill's page only; nobody of ours will ever ask you for it."
    )
    return _("Your code to pay"), text % facts


def _contract_ready(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, your contract “%(title)s” for %(price)s is ready to read and sign.") % _priced(facts)
    parts = [text, *_sign_until(facts), *([facts["link"]] if facts.get("link") else [])]
    return _("Your contract"), " ".join(parts)


def _contract_reminder(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, your contract “%(title)s” still waits for your signature.") % facts
    parts = [text, *_sign_until(facts), *([facts["link"]] if facts.get("link") else [])]
    return _("Your contract waits"), " ".join(parts)


def _contract_done(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, contract %(number)s is signed by everybody. Your file with its certificate is ready.") % facts
    return _("Your contract is signed"), " ".join([text, *([facts["link"]] if facts.get("link") else [])])


def _team_invitation(facts: _Facts) -> tuple[str, str]:
    text = _("%(name)s, %(who)s invites you to work with us here. Your link works once, until %(until)s: %(link)s")
    return _("Your invitation"), text % _Facts({**facts, "until": _day(facts.get("until"))})


def _contract_notice(facts: _Facts) -> tuple[str, str]:
    text = _(
        "%(name)s, the studio has moved your shoot. It is now: %(at)s. Reason: %(reason)s. The annex to your contract, "
        "and what you can do if it does not suit you:"
    )
    return _("Your shoot date was moved"), " ".join([text % _dated(facts), *_link(facts)])


def _studio_life(facts: _Facts) -> tuple[str, str]:
    """`what`: export | visit | rescue | suspended | resumed | closing | closed | erasing. Dates are ISO days."""
    said = _Facts({**facts, **{name: _day(facts.get(name)) for name in ("closes", "erases", "until")}})
    sentences = {
        "export": (_("Your export is ready"), _("The export you asked for is ready. It is kept until %(until)s.")),
        "visit": (
            _("Support is looking at your studio"),
            _("Our support works in your studio for at most %(minutes)s minutes. Reason: %(reason)s"),
        ),
        "rescue": (
            _("A second step was taken away"),
            _(
                "Our support took the second step of %(owner)s away and ended every login of theirs. "
                "Reason: %(reason)s. The password alone lets in until a new one is set up. Was this not asked for? "
                "Change the password now and tell us."
            ),
        ),
        "suspended": (_("Your studio is suspended"), _("Your studio is suspended. Reason: %(reason)s")),
        "resumed": (_("Your studio is open again"), _("Your studio is open again. You and your staff can log in.")),
        "closing": (
            _("Your studio will close"),
            _("Your studio closes on %(closes)s and is erased on %(erases)s. Until then you can take this back."),
        ),
        "closed": (
            _("Your studio is closed"),
            _("Your studio is closed. Customers still reach what they paid for. All is erased on %(erases)s."),
        ),
        "erasing": (
            _("Your studio will be erased"),
            _("All data of your studio is erased on %(erases)s, for ever. Contact us if you want to stay."),
        ),
    }
    subject, text = sentences.get(str(facts.get("what")), sentences["suspended"])
    return subject, " ".join([text % said, *([facts["link"]] if facts.get("link") else [])])


def _day(iso: Any) -> str:
    return str(formats.date_format(dt.date.fromisoformat(iso), "DATE_FORMAT")) if iso else HIDDEN


def _priced(facts: _Facts) -> _Facts:
    price = format_minor(facts.get("price_minor") or 0, facts.get("currency") or "CNY", _locale())
    return _Facts({**facts, "price": price})


def _sign_until(facts: _Facts) -> list[str]:
    if not facts.get("until"):
        return []
    day = formats.date_format(dt.date.fromisoformat(facts["until"]), "DATE_FORMAT")
    return [_("Please sign before %(day)s.") % {"day": day}]


def _until(facts: _Facts) -> list[str]:
    if not facts.get("until"):
        return []
    day = formats.date_format(dt.date.fromisoformat(facts["until"]), "DATE_FORMAT")
    return [_("You can download until %(day)s.") % {"day": day}]


def _locale() -> str:
    return translation.to_locale(translation.get_language() or "zh-hans")


_WRITERS: dict[str, Callable[[_Facts], tuple[str, str]]] = {
    Template.PHONE_CODE: _phone_code,
    Template.GALLERY_READY: _gallery_ready,
    Template.SELECTION_RECEIVED: _selection_received,
    Template.PART_RECEIVED: _part_received,
    Template.REOPENING_ANSWERED: _reopening_answered,
    Template.CONSENT_GIVEN: _consent_given,
    Template.CONSENT_REVOKED: _consent_revoked,
    Template.FINALS_READY: _finals_ready,
    Template.ROUND_OFFERED: _round_offered,
    Template.ROUND_RETURNED: _round_returned,
    Template.FINALS_SIGNED: _finals_signed,
    Template.ALBUM_READY: _album_ready,
    Template.ALBUM_OFFERED: _album_offered,
    Template.ALBUM_WAITING: _album_waiting,
    Template.ALBUM_APPROVED: _album_approved,
    Template.PHOTOS_DELIVERED: _photos_delivered,
    Template.DELIVERY_ENDING: _delivery_ending,
    Template.PLAN_READY: _plan_ready,
    Template.BOOKING_HELD: _booking_held,
    Template.BOOKING_FIRM: _booking_firm,
    Template.BOOKING_LAPSED: _booking_lapsed,
    Template.BOOKING_STRANDED: _booking_stranded,
    Template.DATE_PROPOSED: _date_proposed,
    Template.DATE_CONFIRMED: _date_confirmed,
    Template.DATE_MOVED: _date_moved,
    Template.DATE_CANCELLED: _date_cancelled,
    Template.SLOT_OFFERED: _slot_offered,
    Template.PAYMENT_RECEIVED: _payment_received,
    Template.PAYMENT_DUE: _payment_due,
    Template.SIGNING_CODE: _signing_code,
    Template.PAYING_CODE: _paying_code,
    Template.CONTRACT_READY: _contract_ready,
    Template.CONTRACT_REMINDER: _contract_reminder,
    Template.CONTRACT_NOTICE: _contract_notice,
    Template.CONTRACT_DONE: _contract_done,
    Template.PASSWORD_CODE: _password_code,
    Template.PASSWORD_CHANGED: _password_changed,
    Template.TEAM_INVITATION: _team_invitation,
    **subscription.WRITERS,
    Template.STUDIO_LIFE: _studio_life,
}
