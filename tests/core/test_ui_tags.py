import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from core.kernel import clock
from core.templatetags import ui

SHANGHAI = "Asia/Shanghai"
NOW = dt.datetime(2026, 11, 21, 10, 30, tzinfo=ZoneInfo(SHANGHAI))


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with timezone.override(SHANGHAI), translation.override("zh-hans"):
        yield


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context)).strip()


def test_icon_points_into_the_sprite_and_is_silent():
    assert re.fullmatch(
        r'<svg class="icon icon-sm" aria-hidden="true"><use href="/static/vendor/icons[.\w]*svg#check"></use></svg>',
        render('{% icon "check" "icon-sm" %}'),
    )


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (128000, "CNY", "¥1,280"),
        (128050, "CNY", "¥1,280.50"),
        (-6000, "CNY", "-¥60"),
        (0, "CNY", "¥0"),
        (5000, "TWD", "NT$50"),
    ],
)
def test_money_has_decimals_only_when_needed(minor, currency, written):
    assert ui.money(minor, currency) == written


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_yuan_look_alike_in_every_language(language):
    with translation.override(language):
        assert ui.money(4500, "CNY") == "¥45"


def test_money_takes_the_currency_of_the_current_studio(studio):
    assert render("{{ price|money }}", price=6000) == "¥60"


@pytest.mark.parametrize("write", [ui.money, ui.day, ui.clock_time, ui.when])
def test_filters_bear_none(write):
    assert write(None) == "—"


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("zh-hans", NOW, "11月21日 周六"),
        ("zh-hant", NOW, "11月21日 週六"),
        ("en", NOW, "Nov 21 Sat"),
        ("zh-hans", dt.date(2027, 1, 3), "2027年1月3日 周日"),
        ("en", dt.date(2027, 1, 3), "Jan 3 2027 Sun"),
    ],
)
def test_day_is_written_the_way_of_the_language(language, value, written):
    with translation.override(language):
        assert ui.day(value) == written


def test_clock_shows_the_zone_that_was_asked_for():
    assert ui.clock_time(NOW) == "10:30"
    assert ui.clock_time(NOW, "Asia/Tokyo") == "11:30"
    assert ui.clock_time(dt.time(9, 30)) == "09:30"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (NOW, "Just now"),
        (NOW - dt.timedelta(minutes=6), "6 minutes ago"),
        (NOW + dt.timedelta(minutes=1), "in 1 minute"),
        (NOW - dt.timedelta(hours=2), "Today 08:30"),
        (NOW - dt.timedelta(days=1), "Yesterday 10:30"),
        (NOW + dt.timedelta(days=1), "Tomorrow 10:30"),
        (NOW - dt.timedelta(days=6), "Nov 15 10:30"),
        (dt.date(2026, 11, 20), "Yesterday"),
        (dt.date(2025, 11, 20), "Nov 20 2025"),
    ],
)
def test_when_is_near_first_then_a_date(value, written):
    with translation.override("en"):
        assert ui.when(value) == written


@pytest.mark.parametrize(("hours", "written"), [(2, "12:30"), (44, "11月23日 周一 06:30")])
def test_until_names_the_day_only_when_it_is_another(hours, written):
    assert ui.until(NOW + dt.timedelta(hours=hours)) == written


SATURDAY = dt.datetime(2026, 12, 5, tzinfo=ZoneInfo(SHANGHAI))


def hours(number: int) -> dt.timedelta:
    return dt.timedelta(hours=number)


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (SATURDAY.date(), SATURDAY.date(), "12月5日 周六"),
        (SATURDAY.date(), (SATURDAY + hours(24)).date(), "12月5日 周六 – 12月6日 周日"),
        (SATURDAY, SATURDAY + hours(24), "12月5日 周六"),  # midnight to midnight is a day
        (SATURDAY, SATURDAY + hours(48), "12月5日 周六 – 12月6日 周日"),
        (SATURDAY + hours(13), SATURDAY + hours(18), "12月5日 周六 13:00–18:00"),
        (SATURDAY + hours(13), SATURDAY + hours(24), "12月5日 周六 13:00 – 12月6日 周日 00:00"),
    ],
)
def test_a_span_says_each_day_once(first, last, written):
    assert render("{% load ui %}{% between first last zone %}", first=first, last=last, zone=SHANGHAI) == written


def test_a_long_count_has_its_thousands_apart():
    assert ui.grouped(23980) == "23,980"


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("王蕾", "蕾"),
        ("陈晓雨 & 林一舟", "雨"),
        ("何静（选片师）", "静"),
        ("阿May", "阿"),
        ("anna li", "A"),
        ("김민수", "수"),
        ("", "·"),
        (None, "·"),
    ],
)
def test_initial_is_what_people_are_called_by(name, letter):
    assert ui.initial(name) == letter


class Form(forms.Form):
    phone = forms.CharField(label="Phone", help_text="For the code.")
    kind = forms.ChoiceField(choices=[("w", "Wedding"), ("b", "Baby")], widget=forms.RadioSelect)
    agree = forms.BooleanField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_field_joins_label_help_and_error_to_the_widget():
    html = render('{% field form.phone inputmode="tel" data_draft="x" %}', form=Form({"phone": ""}))
    assert '<label for="id_phone">' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'inputmode="tel"' in html
    assert 'data-draft="x"' in html
    assert 'id="id_phone_error"' in html
    assert 'id="id_phone_helptext"' in html


def test_field_groups_choices_under_a_legend():
    html = render('{% field form.kind as="segmented" %}', form=Form())
    assert html.startswith("<fieldset")
    assert "<legend>Kind" in html
    assert html.count('type="radio"') == 2


def test_field_shows_nothing_but_the_input_when_hidden():
    assert render("{% field form.token %}", form=Form()) == '<input type="hidden" name="token" id="id_token">'


def test_nav_is_silent_about_pages_that_do_not_exist():
    assert render('{% nav "console:no-such-page" "Nothing" "sun" %}') == ""


def test_nav_marks_the_page_of_its_room(rf: RequestFactory):
    request = rf.get("/")
    request.resolver_match = type("Match", (), {"view_name": "console:orders:detail"})()
    html = render('{% nav "set_language" "Board" "sun" badge=3 match="console:orders:" %}', request=request)
    assert 'aria-current="page"' in html
    assert '<span class="badge">3</span>' in html


def test_sparkline_keeps_its_scale_and_skips_gaps():
    html = render('{% sparkline values label="Revenue" %}', values=[1, None, 3])
    assert 'points="2.0,17.0 86.0,3.0"' in html
    assert 'aria-label="Revenue"' in html
    assert render("{% sparkline values %}", values=[1]) == ""
    assert "10.0" in render("{% sparkline values %}", values=[5, 5])


def test_dialog_is_labelled_and_can_be_closed():
    html = render('{% dialog "move" "Move to…" %}<p>body</p>{% enddialog %}')
    assert '<dialog id="move" aria-labelledby="move-title">' in html
    assert "<p>body</p>" in html
    assert "data-dialog-close" in html


def test_language_tag_selects_the_han_glyphs():
    assert ui.html_lang() == "zh-Hans"
    with translation.override("en"):
        assert ui.html_lang() == "en"


def test_words_of_scripts_are_a_json_block():
    html = render('{% js_strings hello="<b>" %}')
    assert html.startswith('<script id="i18n" type="application/json">')
    assert "\\u003Cb\\u003E" in html


FORBIDDEN = re.compile(r"\sstyle=|\son[a-z]+=|hx-on|javascript:|<style")


def test_showcase_renders_every_component_within_the_policy(studio, rf: RequestFactory):
    from django.template.loader import render_to_string

    from tests.core.showcase import context

    request = rf.get("/")
    html = render_to_string("components/showcase.html", context(request), request=request)
    assert not FORBIDDEN.search(html)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    for css in ("stage-line", "stage-list", "timeline", "board-card", "table-stack", "dock", "seg", "toasts", "empty"):
        assert f'class="{css}' in html or f" {css}" in html


@pytest.mark.parametrize(
    ("value", "times", "shown"), [(8, 1, "+8"), (-8, 1, "−8"), (15, -1, "−15"), (0, 1, "0"), ("40.0", -1, "−40.0")]
)
def test_a_percentage_has_a_true_sign_and_stays_on_one_line(value, times, shown):
    assert ui.signed_percent(value, times) == f"{shown}\u00a0%"


def test_no_percentage_is_a_dash():
    assert render("{{ value|signed_percent }}", value=None) == ui.NOTHING
