"""Every template has words in every language, whatever facts are missing."""

import pytest
from django.conf import settings

from core.messaging.enums import Template
from core.messaging.sentences import compose

FACTS = {
    "studio": "光影映画",
    "name": "陈晓雨",
    "title": "主纱",
    "code": "123456",
    "minutes": 5,
    "photos": 612,
    "included": 40,
    "deadline": "2026-11-28",
    "link": "http://x.localhost/g/abc/",
    "picked": 42,
    "extra": 2,
    "extra_total_minor": 12000,
    "currency": "CNY",
    "round": 2,
    "rounds": 3,
    "price_minor": 20000,
}


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("template", Template)
def test_template_is_complete(template, language):
    sentence = compose(template, FACTS, language)
    assert sentence.subject
    assert FACTS["studio"] in sentence.text
    assert "%" not in sentence.text
    assert compose(template, {}, language).text


def test_money_and_day_follow_the_language():
    english = compose(Template.SELECTION_RECEIVED, FACTS, "en").text
    assert "¥120" in english
    assert "42" in english
    assert "http://x.localhost/g/abc/" in compose(Template.GALLERY_READY, FACTS, "zh-hans").text


@pytest.mark.parametrize("what", ["export", "visit", "suspended", "closing", "closed", "erasing"])
def test_what_the_platform_tells_owners(what):
    facts = {"what": what, "minutes": 30, "reason": "slow", "link": "http://x.localhost/console/"}
    facts |= dict.fromkeys(("closes", "erases", "until"), "2026-12-24")
    sentence = compose(Template.STUDIO_LIFE, {**FACTS, **facts}, "en")
    assert "•" not in sentence.text
    assert ("Dec" in sentence.text) == (what in {"export", "closing", "closed", "erasing"})
    assert sentence.text.endswith(facts["link"])
