"""Tags and filters of every page: icons, money, time, form fields, navigation. Built into all templates by settings.

Filters answer "—" for None, so that a missing date or amount never breaks a page.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django import forms, template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext, to_locale

from core.kernel import clock
from core.kernel.almanac import LunarDay, lunar_day
from core.kernel.drawing import Drawing, checked
from core.kernel.drawing import path as drawing_path
from core.kernel.money import exponent, format_minor
from tenants.context import current_studio

register = template.Library()
NOTHING = "—"
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
SEVERAL_PEOPLE = re.compile(r"[&＆+、,，/·;；()（）]| and | und | 和 | 与 ")
Zone = str | dt.tzinfo | None


def _locale() -> str:
    return to_locale(get_language() or "zh-hans")


@register.simple_tag
def html_lang() -> str:
    """The language tag of `<html lang>`, which also picks the Han glyphs: zh-Hans, zh-Hant, en."""
    main, _, script = (get_language() or "zh-hans").partition("-")
    return f"{main}-{script.title()}" if len(script) == 4 else (get_language() or "zh-Hans")


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite (names: infra/icons.txt), hidden from screen readers: words stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, static("vendor/icons.svg"), name
    )


@register.filter
def money(minor: int | None, currency: str = "") -> str:
    """Minor units in `currency`, by default the current studio's: ¥1,280 or ¥1,280.50."""
    if minor is None or minor == "":
        return NOTHING
    return format_minor(int(minor), currency or current_studio().currency, _locale())


@register.filter
def money_up(minor: int | None, currency: str = "") -> str:
    """For narrow cells: rounded up to whole units, so that nobody pays more than a calendar said: ¥7,360."""
    if minor is None or minor == "":
        return NOTHING
    unit = 10 ** exponent(currency or current_studio().currency)
    return money(-(-int(minor) // unit) * unit, currency)


@register.filter
def signed_percent(value: float | str | None, times: int = 1) -> str:
    """What a percentage adds or takes off: +8 %, −8 %, 0 %; with `times` -1 what is kept as its opposite. It stays on
    one line; the minus is a minus, as wide as the plus and read out as one.
    """
    if value is None or value == "":
        return NOTHING
    number = float(value) * times
    digits = (str(value) if isinstance(value, str) else f"{value:g}").lstrip("+-−")
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return f"{sign}{digits}\u00a0%"


def _zone(zone: Zone) -> dt.tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) and zone else zone or timezone.get_current_timezone()


def _local(value: dt.date | dt.datetime, zone: Zone) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time.min, tzinfo=_zone(zone))
    return value.astimezone(_zone(zone)) if timezone.is_aware(value) else value.replace(tzinfo=_zone(zone))


def _write(value: dt.datetime, chinese: str, english: str) -> str:
    locale = _locale()
    return format_datetime(value, chinese if locale.startswith("zh") else english, locale=locale)


@register.filter
def day(value: dt.date | dt.datetime | None, zone: Zone = None) -> str:
    """11月21日 周六 or Nov 21 Sat, with the year when it is not this one."""
    if not value:
        return NOTHING
    local = _local(value, zone)
    if local.year == clock.now().astimezone(local.tzinfo).year:
        return _write(local, "M月d日 EEE", "MMM d EEE")
    return _write(local, "y年M月d日 EEE", "MMM d y EEE")


@register.filter
def month_day(value: dt.date) -> str:
    """11月28日 or Nov 28, where there is no room for more."""
    return _write(_local(value, None), "M月d日", "MMM d")


@register.filter
def lunar(value: dt.date | dt.datetime | None, zone: Zone = None) -> str:
    """农历二月十三 in Chinese, nothing in other languages."""
    found = _lunar(value, zone)
    word = "農曆" if _locale().startswith("zh_Hant") else "农历"
    return f"{word}{found.full}" if found else ""


@register.filter
def lunar_short(value: dt.date | dt.datetime | None, zone: Zone = None) -> str:
    """For a calendar's cell: 十三, on the first 二月, on feasts 中秋节. Nothing in other languages than Chinese."""
    found = _lunar(value, zone)
    return found.short if found else ""


def _lunar(value: dt.date | dt.datetime | None, zone: Zone) -> LunarDay | None:
    if not value or not _locale().startswith("zh"):
        return None
    return lunar_day(_local(value, zone).date(), traditional=_locale().startswith("zh_Hant"))


@register.filter
def weekday(number: int) -> str:
    """0 is Monday: 周一, Mon."""
    return str(WEEKDAYS_ABBR[number])


@register.filter
def day_iso(value: dt.datetime, zone: Zone = None) -> str:
    """The instant's day on the wall clock, for addresses: 2026-12-05."""
    return _local(value, zone).date().isoformat()


@register.filter(name="clock")
def clock_time(value: dt.datetime | dt.time | None, zone: Zone = None) -> str:
    """09:30."""
    if value is None or value == "":
        return NOTHING
    return (value if isinstance(value, dt.time) else _local(value, zone)).strftime("%H:%M")


@register.filter
def until(value: dt.datetime | None, zone: Zone = None) -> str:
    """When something ends: the hour today (00:37), else its day too (11月25日 周三 00:37)."""
    if not value:
        return NOTHING
    local = _local(value, zone)
    same = local.date() == clock.now().astimezone(local.tzinfo).date()
    return f"{local:%H:%M}" if same else f"{day(value, zone)} {local:%H:%M}"


@register.simple_tag
def between(first: dt.date, last: dt.date, zone: Zone = None) -> str:
    """From when to when, each day said once: two days (both within), or two instants; midnight to midnight is days."""
    if isinstance(first, dt.datetime) and isinstance(last, dt.datetime):
        begins, ends = _local(first, zone), _local(last, zone)
        if begins.time() == ends.time() == dt.time():
            return between(begins.date(), ends.date() - dt.timedelta(days=1))
        same = begins.date() == ends.date()
        return f"{day(begins)} {begins:%H:%M}" + (f"–{ends:%H:%M}" if same else f" – {day(ends)} {ends:%H:%M}")
    return day(first) if first == last else f"{day(first)} – {day(last)}"


@register.filter
def grouped(number: int) -> str:
    """A count with its thousands apart: 23,980."""
    return f"{number:,}"


@register.filter
def stamp(value: dt.datetime | str | None, zone: Zone = None) -> str:
    """An instant (or its ISO text) as evidence states it: 2026-11-22 16:25:07 Asia/Shanghai."""
    if not value:
        return NOTHING
    value = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    local = _local(value, zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzinfo}"


@register.filter
def when(value: dt.date | dt.datetime | None, zone: Zone = None) -> str:
    """How far an instant is, as people say it: minutes within the hour; today, yesterday, tomorrow; then the date."""
    if not value:
        return NOTHING
    local = _local(value, zone)
    now = clock.now().astimezone(local.tzinfo)
    timed = isinstance(value, dt.datetime)
    if timed and (near := _minutes(now - local)):
        return near
    time = f" {local:%H:%M}" if timed else ""
    words = {
        0: pgettext("relative day", "Today"),
        -1: pgettext("relative day", "Yesterday"),
        1: pgettext("relative day", "Tomorrow"),
    }
    days = (local.date() - now.date()).days
    if days in words:
        return f"{words[days]}{time}"
    if local.year == now.year:
        return _write(local, "M/d", "MMM d") + time
    return _write(local, "y/M/d", "MMM d y")


def _minutes(ago: dt.timedelta) -> str:
    minutes = round(abs(ago).total_seconds() // 60)
    if minutes >= 60:
        return ""
    if minutes == 0:
        return gettext("Just now")
    if ago > dt.timedelta():
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    return ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}


@register.filter
def initial(name: str | None) -> str:
    """One character for an avatar: the last of a Chinese given name (王蕾 → 蕾), else the first letter."""
    first = next((part.strip() for part in SEVERAL_PEOPLE.split(str(name or "")) if part.strip()), "")
    if not first:
        return "·"
    if CJK.match(first[-1]):
        return first[-1]
    han = CJK.findall(first)
    return han[-1] if han else first[0].upper()


@register.inclusion_tag("components/nav_item.html", takes_context=True)
def nav(
    context: template.Context, name: str, label: str, icon: str = "", badge: int = 0, match: str = "", but: str = ""
) -> dict[str, Any]:
    """One entry of a navigation; nothing when the URL does not exist. `match`: more URL name prefixes, by comma; `but`:
    those of them that are another entry's.
    """
    try:
        url = reverse(name)
    except NoReverseMatch:
        return {"url": ""}
    here = getattr(getattr(context.get("request"), "resolver_match", None), "view_name", "") or ""
    own = name.rpartition(":")[0] + ":" if name.count(":") > 1 else ""
    prefixes = tuple(prefix for prefix in (own, *match.split(",")) if prefix)
    others = tuple(prefix for prefix in but.split(",") if prefix)
    current = here == name or (here.startswith(prefixes) and not here.startswith(others))
    return {"url": url, "label": label, "icon": icon, "badge": badge, "current": current}


FIELD_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "check"),
)


@register.inclusion_tag("components/field.html")
def field(bound: forms.BoundField, label: str = "", help: str = "", **options: Any) -> dict[str, Any]:  # noqa: A002 (HTML's word)
    """Label, widget, help and errors, wired for screen readers.

    `as`: "segmented" or "cards" for choices, "switch" for a checkbox. `mark`: said instead of "optional" where it is
    needed at times. Further arguments become widget attributes (`inputmode="tel"`, `data_draft="order-12"`).
    """
    look = options.pop("as", "")
    affix, mark = options.pop("affix", ""), options.pop("mark", "")
    kind = next((kind for widget, kind in FIELD_KINDS if isinstance(bound.field.widget, widget)), "text")
    attrs = {name.replace("_", "-"): value for name, value in options.items()}
    if help:
        bound.help_text = help
    return {
        "field": bound,
        "kind": "hidden" if bound.is_hidden else kind,
        "look": look,
        "affix": affix,
        "mark": mark,
        "label": label or bound.label,
        "widget": bound.as_widget(attrs=attrs),
    }


@register.simple_tag
def sparkline(values: Sequence[float | None], label: str = "", tone: str = "brand") -> SafeString:
    """A small line chart without axes, 88 × 20; without `label` hidden from screen readers (figures beside it)."""
    known = [(i, float(v)) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return SafeString("")
    low, high = min(v for _, v in known), max(v for _, v in known)
    step, span = 84 / max(len(values) - 1, 1), (high - low) or 1
    points = [(2 + i * step, 10 if high == low else 17 - (v - low) / span * 14) for i, v in known]
    x, y = points[-1]
    name = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="spark t-{}" viewBox="0 0 88 20" {}><polyline points="{}"></polyline>'
        '<circle cx="{}" cy="{}" r="2"></circle></svg>',
        tone, name, " ".join(f"{px:.1f},{py:.1f}" for px, py in points), f"{x:.1f}", f"{y:.1f}",
    )  # fmt: skip


@register.simple_tag
def drawn(drawing: Drawing | None, name: str) -> SafeString:
    """A signature drawn by hand, as one path; nothing when there is none. Points are checked before they are drawn."""
    if not drawing:
        return SafeString("")
    sound = checked(drawing)
    return format_html(
        '<svg class="drawn" viewBox="-8 -8 1016 {}" role="img" aria-label="{}"><path d="{}"></path></svg>',
        sound["h"] + 16, gettext("Signature of %(name)s") % {"name": name}, drawing_path(sound),
    )  # fmt: skip


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> str:  # noqa: A002 (a template tag's word)
    """A native dialog, a sheet on the phone; opened by `data-dialog-open="<id>"`."""
    return render_to_string("components/dialog.html", {"id": id, "title": title, "content": content})


@register.simple_tag
def js_strings(**more: str) -> SafeString:
    """The words of js/lib, for i18n.js; a page adds its own as arguments or in a json_script with an id `i18n…`."""
    words = {
        "close": gettext("Close"),
        "cancel": gettext("Cancel"),
        "confirm": gettext("Confirm"),
        "undo": gettext("Undo"),
        "error": gettext("That did not work. Please try again."),
        "offline": gettext("No connection. Nothing was lost; please try again."),
        "forbidden": gettext("You are not allowed to do that."),
        "gone": gettext("This no longer exists. Please reload the page."),
        "draft": gettext("Your unsaved text was restored."),
        "theme_auto": gettext("Appearance: automatic"),
        "theme_light": gettext("Appearance: light"),
        "theme_dark": gettext("Appearance: dark"),
    }
    return json_script(words | more, "i18n")
