"""The owner's brand: what is taken, what is refused, and that it shows in this studio alone."""

import datetime as dt

import pytest
import pyvips
from django.core.files.uploadedfile import SimpleUploadedFile

from core.contracts import paper
from core.contracts.compose import document
from core.contracts.files import composition, document_bytes
from core.kernel.errors import Refusal
from core.studios import brand as verbs
from core.studios.brand import logo_of
from tenants import brand
from tenants.context import in_public, in_studio
from tenants.life.models import StudioAct
from tests.core.console.conftest import browser
from tests.core.contracts.make import make_contract, make_couple
from tests.factories import make_branch, make_staff

PAGE = "/console/studio/brand/"


@pytest.fixture
def boss(studio, branch):
    return browser(studio, make_staff())


@pytest.fixture
def stranger(other_studio):
    with in_studio(other_studio):
        make_branch()
        return browser(other_studio, make_staff())


def picture(kind=".png", width=900, height=300):
    return pyvips.Image.black(width, height, bands=3).linear(1, [180, 40, 30]).cast("uchar").write_to_buffer(kind)


def send(client, body, name="logo.png"):
    return client.post(f"{PAGE}logo/", {"logo": SimpleUploadedFile(name, body)}, follow=True)


@pytest.mark.parametrize("kind", [".png", ".jpg", ".webp"])
def test_a_logo_is_drawn_anew_small_and_shown_everywhere(boss, stranger, studio, kind):
    send(boss, picture(kind))
    studio.refresh_from_db()
    address = f"/brand/logo/{studio.logo}.png"
    assert address in boss.get("/console/").text
    assert address in boss.get("/login/").text
    file = boss.get(address)
    assert file["content-type"] == "image/png"
    assert "immutable" in file["cache-control"]
    made = pyvips.Image.new_from_buffer(file.content, "")
    assert made.width <= verbs.WIDE and made.height <= verbs.HIGH  # noqa: PT018
    assert stranger.get(address).status_code == 404
    assert "/brand/logo/" not in stranger.get("/console/").text + stranger.get("/login/").text
    boss.post(f"{PAGE}logo/", {"drop": "1"})
    assert "/brand/logo/" not in boss.get("/console/").text


@pytest.mark.parametrize(
    "body",
    [b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"GIF89a", b"", b"\x89PNG\r\n\x1a\nno",
     b"\xff\xd8\xff" + b"0" * 3_000_000],
    ids=["svg", "gif", "empty", "broken", "huge"],
)  # fmt: skip
def test_what_is_no_harmless_picture_is_refused_and_changes_nothing(boss, studio, body):
    page = send(boss, body)
    assert page.context["messages"] or "notice" in page.text
    studio.refresh_from_db()
    assert studio.logo == ""


def test_a_small_file_that_is_a_huge_picture_is_refused(boss, studio):
    send(boss, picture(width=9000, height=10))
    studio.refresh_from_db()
    assert studio.logo == ""


def test_an_unreadable_colour_is_told_and_its_nearest_readable_ones_offered(boss):
    page = boss.get(PAGE, {"colour": "#ffee00"}, headers={"accept-language": "en"})
    assert "itself cannot be read" in page.text
    hue = brand.hue_of("#ffee00")
    for look, made in zip(page.context["looks"], (brand.light_set(hue), brand.dark_set(hue)), strict=True):
        assert look["colour"] == made[0]
        assert look["contrast"] >= 4.5
        assert made[0] in page.text


def test_a_colour_is_a_file_with_its_content_in_its_address(boss, stranger, studio, other_studio):

    old = studio.brand_tag
    boss.post(f"{PAGE}colour/", {"colour": "#1f6fd0"})
    studio.refresh_from_db()
    assert studio.brand_hue == brand.hue_of("#1f6fd0")
    address = f"/brand/{studio.brand_tag}.css"
    assert address in boss.get("/console/").text
    file = boss.get(address)
    assert "immutable" in file["cache-control"]
    assert brand.light_set(studio.brand_hue)[0] in file.text
    assert boss.get(f"/brand/{old}.css")["location"] == "/brand.css"
    assert address not in stranger.get("/console/").text
    other_studio.refresh_from_db()
    assert other_studio.brand_hue is None
    boss.post(f"{PAGE}colour/", {"house": "1"})
    studio.refresh_from_db()
    assert studio.brand_hue is None


@pytest.mark.parametrize("colour", ["", "red", "#12", "#zzzzzz", "url(x)"])
def test_what_is_no_colour_changes_nothing(boss, studio, colour):
    boss.post(f"{PAGE}colour/", {"colour": colour})
    studio.refresh_from_db()
    assert studio.brand_hue is None
    assert boss.get(PAGE, {"colour": colour}).status_code == 200


@pytest.mark.parametrize("hue", range(0, 360, 15))
def test_a_colour_keeps_its_hue(hue):
    near = brand.hue_of(brand.light_set(hue)[0])
    assert min((near - hue) % 360, (hue - near) % 360) <= 4


def test_language_and_zone_are_the_studios_own(boss, studio, other_studio):
    boss.post(f"{PAGE}place/", {"language": "zh-hant", "timezone": "Asia/Taipei"})
    boss.post(f"{PAGE}place/", {"language": "xx", "timezone": "Mars/Base"})
    studio.refresh_from_db()
    assert (studio.language, studio.timezone) == ("zh-hant", "Asia/Taipei")
    other_studio.refresh_from_db()
    assert (other_studio.language, other_studio.timezone) == ("zh-hans", "Asia/Shanghai")
    with in_public():
        assert list(StudioAct.objects.filter(slug=studio.slug).values_list("verb", flat=True)) == ["brand.place"]


def images_in(pdf):
    return pdf.count(b"/Subtype/Image") + pdf.count(b"/Subtype /Image")


def test_contracts_carry_the_logo_they_were_made_with(boss, studio, other_studio):
    send(boss, picture())
    studio.refresh_from_db()
    with in_studio(studio):
        contract = make_contract(make_couple())
        first = document_bytes(contract)
        assert contract.data["studio"]["logo"] == studio.logo
    boss.post(f"{PAGE}logo/", {"drop": "1"})
    with in_studio(studio):
        data = {**contract.data["studio"]}
        again = paper.render(**told(logo=logo_of(data["logo"])))
        bare = paper.render(**told(logo=logo_of("")))
        assert document(composition(contract), number=contract.number, at=contract.composed_at) == first
    assert images_in(again) > images_in(bare)
    with in_studio(other_studio):
        assert logo_of(data["logo"]) == b""


def told(**more):
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    words = {"title": "合同", "number": "1", "studio": "晨光", "language": "zh-hans", "footer": "", "blocks": []}
    return {**words, "at": at, **more}


def test_the_name_changes_here_alone_and_is_one_that_contracts_can_print(boss, studio, other_studio):
    former = other_studio.name
    assert boss.post(f"{PAGE}name/", {"name": "光影映画 · 新店"}).status_code == 302
    assert "光影映画 · 新店" in boss.get(PAGE).text
    for refused in ("", "影", "光影 😀", "影" * 81):
        page = boss.post(f"{PAGE}name/", {"name": refused})
        assert page.status_code == 422
        assert page.context["name_form"].errors["name"]
        assert not refused or refused in page.text, "nothing typed is lost"
    with in_public():
        names = dict(type(studio).objects.values_list("slug", "name"))
        assert StudioAct.objects.filter(slug=studio.slug, verb="brand.name").count() == 1
    assert (names[studio.slug], names[other_studio.slug]) == ("光影映画 · 新店", former)
    with pytest.raises(Refusal, match=r"brand\.name"):
        verbs.set_name(studio=studio, actor="x", name="光影 😀")
