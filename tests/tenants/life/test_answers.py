"""Operators read sentences; an erased studio's page leads to its certificate; owners are led to the right page."""

import re
from pathlib import Path

from django.test import Client
from django.utils import translation

from core.messaging.models import OutboxMessage
from tenants.context import in_public, in_studio
from tenants.life import closing, words
from tenants.life.models import ErasureCertificate
from tests.jobs import run_jobs
from tests.tenants.life.test_operating import operator, press  # noqa: F401 (a fixture)

LIFE = Path("tenants/life")


def test_every_refusal_has_a_sentence():
    codes = {
        code for path in LIFE.glob("*.py") for code in re.findall(r'LifeRefused\("([a-z_.]+)"[,)]', path.read_text())
    }
    elsewhere = {code for code in codes if code.startswith("domain.")}  # said on the owner's own page
    assert len(codes) > 20
    assert codes - elsewhere - set(words._refusals()) == set()


def test_an_unknown_code_still_shows():
    assert "new.code" in words.operator_sentence(closing.tasks.LifeRefused("new.code", a=1))


def test_answers_are_sentences(operator, one, untouched):  # noqa: F811
    with translation.override("en"):
        page = press(operator, one, "visit", reason="", minutes="2")
    assert "minutes:" not in page
    assert "reason:" not in page
    assert "erase.typed" not in press(operator, one, "erase", typed="other")


def test_the_page_of_an_erased_studio_leads_to_its_certificate(operator, one, untouched):  # noqa: F811
    press(operator, one, "suspend", reason="The owner asked for it")
    press(operator, one, "erase", typed=one.slug)
    run_jobs()
    with in_public():
        made = ErasureCertificate.objects.get(slug=one.slug)
        answer = operator.get(f"/operator/tenants/studio/{one.pk}/life/")
        assert answer["Location"].endswith(f"/erasurecertificate/{made.pk}/change/")
        assert Client(headers={"host": "localhost"}).get(answer["Location"]).status_code == 302, "operators only"
        assert operator.get("/operator/tenants/studio/999999/life/").status_code == 404


def test_owners_are_told_that_doors_are_open_again_and_where(one, untouched):
    closing.suspend(studio=one, actor="op", reason="Bill", keeps_customers=True)
    closing.resume(studio=one, actor="op")
    closing.ask_closing(studio=one, actor="op")
    with in_studio(one):
        told = {row.facts["what"]: row.facts["link"] for row in OutboxMessage.objects.all()}
    assert {"suspended", "resumed", "closing"} <= set(told)
    assert told["closing"].endswith("/console/studio/closing/")


def test_the_public_reads_the_contact_in_its_language(one, untouched, settings):
    settings.PLATFORM_CONTACT = "help@example.org"
    closing.suspend(studio=one, actor="op", reason="Bill", keeps_customers=False)
    page = Client(headers={"host": one.url.partition("://")[2].partition(":")[0]}).get("/?lang=en").text
    assert "help@example.org" in page
    assert 'href="?lang=zh-hans"' in page
    assert "is closed for the moment" in page
