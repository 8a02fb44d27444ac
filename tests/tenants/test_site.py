"""The platform's public pages: for visitors without JavaScript, in three languages, true on any installation."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings as product
from django.test import Client

from tenants.site import tasting
from tenants.site.views import PUBLIC_PAGES, SINCE, VERSION

PAGES = ["/", "/try/", "/faq/", "/privacy/", "/terms/"]


@pytest.fixture
def reader(db, studio, other_studio):
    return Client(headers={"host": "localhost", "accept-language": "en"})


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", [code for code, _name in product.LANGUAGES])
def test_every_page_stands_in_every_language(reader, path, language):
    page = reader.get(path, headers={"accept-language": language})
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text.lower()
    assert len(re.findall("<h1", page.text)) == 1
    assert 'property="og:image"' in page.text
    assert 'name="description"' in page.text
    assert all(f'href="/{name}/"' in page.text for name in ("faq", "privacy", "terms", "try")), "the footer"


@pytest.mark.parametrize("path", PAGES)
def test_no_studio_shows_on_a_public_page(reader, path, studio, other_studio):
    text = reader.get(path).text
    assert not [each for each in (studio, other_studio) if each.name in text or f"{each.slug}.localhost" in text]


@pytest.mark.parametrize("path", PAGES[1:])
def test_public_pages_ask_the_database_nothing(reader, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        reader.get(path)


@pytest.mark.parametrize("path", ["/privacy/", "/terms/"])
def test_legal_pages_carry_version_and_date(reader, path):
    assert f"Version {VERSION}, in force since {SINCE:%Y-%m-%d}" in reader.get(path).text


def test_privacy_names_who_where_and_helpers(reader, settings):
    assert "demonstration" in reader.get("/privacy/").text
    settings.PLATFORM_OPERATOR, settings.PLATFORM_DATA_PLACE = "Yinglou Ltd", "Shanghai"
    settings.PLATFORM_SUBPROCESSORS, settings.PLATFORM_BACKUP_DAYS = ["Cloud & Co: hosting"], 35
    text = reader.get("/privacy/").text
    assert "demonstration" not in text
    assert "run by Yinglou Ltd" in text
    assert "stored in Shanghai" in text
    assert "Cloud &amp; Co: hosting" in text
    assert "within 35 days" in text


@pytest.mark.parametrize(
    ("query", "said"),
    [("", "Nothing chosen yet"), ("p=1&p=2", "2 chosen, 6 more are included"),
     ("&".join(f"p={i}" for i in range(1, 11)), "10 chosen: 8 included, 2 extra"),
     ("p=99&p=x&p=-1&p=1&p=1&p=１", "1 chosen, 7 more are included")],
)  # fmt: skip
def test_choosing_is_reckoned_without_a_script(reader, query, said):
    page = reader.get(f"/try/?{query}")
    assert said in page.text
    assert page.text.count(" checked") == page.context["bill"].chosen


def test_extra_photographs_cost_what_is_said():
    assert tasting.bill_of(set(range(1, 11))).minor == 2 * tasting.EXTRA_MINOR


def test_robots_find_the_public_pages_and_no_others(reader):
    text = reader.get("/robots.txt").text
    assert "Disallow: /operator/" in text
    assert f"Sitemap: {product.PLATFORM_URL}/sitemap.xml" in text
    tree = ET.fromstring(reader.get("/sitemap.xml").text)
    addresses = [node.text for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(addresses) == len(PUBLIC_PAGES)
    for address in addresses:
        assert reader.get(address.removeprefix(product.PLATFORM_URL)).status_code == 200


def test_public_pages_are_no_page_of_a_studio(reader, studio):
    for path in ("/privacy/", "/signup/", "/sitemap.xml"):
        assert reader.get(path, headers={"host": f"{studio.slug}.localhost"}).status_code == 404


def test_what_does_not_exist_says_so_on_the_platform(reader):
    page = reader.get("/nothing-here/")
    assert page.status_code == 404
    assert "This page does not exist" in page.text
    assert 'href="/"' in page.text
