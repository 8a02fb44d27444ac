"""The platform host: landing, sign-up (its code: test_signup_code), the way into the new studio, closed doors."""

import re

import pytest
from django.test import Client

from tenants import directory, tickets
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tenants.models import Studio, StudioStatus
from tenants.signup import draft, limits
from tests.tenants import mailbox

HOST = "localhost"
STUDIO = {"name": "晨光映画", "branch_name": "解放路", "region": "hk", "language": "zh-hant"}
OWNER = {
    "owner_name": "王蕾",
    "owner_contact": "9123 4567",
    "owner_username": "WangLei",
    "owner_password": "Kamera-2611",
}


@pytest.fixture
def visitor(db, settings):
    settings.STUDIO_FURNISHERS = ["tests.tenants.test_services.furnish_one_user"]
    settings.SIGNUP_LIMITS = dict.fromkeys(settings.SIGNUP_LIMITS, "1000 per second")
    settings.SIGNUP_CODE_SENDER, settings.SIGNUP_FASTEST = "tests.tenants.mailbox.keep", 0
    mailbox.sent.clear()
    return Client(headers={"host": HOST})


def step(client, path, data):
    return client.post(path, data)


def to_last_step(client):
    assert step(client, "/signup/", STUDIO)["location"] == "/signup/owner/"
    assert step(client, "/signup/owner/", OWNER)["location"] == "/signup/code/"
    assert step(client, "/signup/code/", {"code": mailbox.sent[-1]["code"]})["location"] == "/signup/address/"


def studios():
    with in_public():
        return set(Studio.objects.values_list("slug", flat=True))


def test_landing_leads_to_sign_up(visitor):
    page = visitor.get("/")
    assert page.status_code == 200
    assert 'href="/signup/"' in page.text


@pytest.mark.parametrize(
    "typed",
    ["hupan", " HUPAN ", "hupan.localhost", "http://hupan.localhost:8000/console/board/", "localhost/s/hupan/me/"],
)
def test_staff_find_their_login_from_the_landing_page(visitor, typed):
    assert 'href="/login/"' in visitor.get("/").text
    page = visitor.get("/login/")
    assert 'name="studio"' in page.text
    assert "http://*.localhost:8000" in page["content-security-policy"], "browsers hold redirects against form-action"
    assert visitor.get("/login/", {"studio": typed})["location"] == "http://hupan.localhost:8000/console/"


def test_the_way_to_the_login_tells_nothing_about_who_exists(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = visitor.get("/login/", {"studio": "nobody-here"})
    assert answer["location"] == "http://nobody-here.localhost:8000/console/"


@pytest.mark.parametrize("typed", ["", "光影映画", "a b", "evil.example/hupan", "//evil.example", "www", "http://[::1"])
def test_what_is_no_address_leads_nowhere(visitor, typed):
    page = visitor.get("/login/", {"studio": typed})
    assert page.status_code == 422
    assert page.context["form"].errors["studio"]


def test_sign_up_opens_a_studio_and_leads_into_its_console(visitor):
    to_last_step(visitor)
    answer = step(visitor, "/signup/address/", {"slug": "Chenguang"})
    assert answer.status_code == 302
    assert answer["location"].startswith("http://chenguang.localhost:8000/enter/")
    assert len(visitor.cookies[draft.COOKIE].value) < 250, "only which sign-up it was"
    with in_public():
        studio = Studio.objects.get(slug="chenguang")
    assert (studio.name, studio.currency, studio.timezone, studio.language) == (
        "晨光映画", "HKD", "Asia/Hong_Kong", "zh-hant",
    )  # fmt: skip
    inside = Client(headers={"host": "chenguang.localhost"})
    path = answer["location"].removeprefix("http://chenguang.localhost:8000")
    entered = inside.get(path)
    assert entered["location"] == "/console/"
    with in_studio(studio):
        assert inside.session["_auth_user_id"] == str(User.objects.get(username="wanglei").pk)
    assert Client(headers={"host": "chenguang.localhost"}).get(path)["location"] == "/console/login/", "once only"


def test_steps_keep_what_was_typed_but_never_write_the_password(visitor):
    to_last_step(visitor)
    assert "晨光映画" in visitor.get("/signup/").text
    second = visitor.get("/signup/owner/").text
    assert "wanglei" in second
    assert OWNER["owner_password"] not in second
    assert OWNER["owner_password"] not in visitor.cookies[draft.COOKIE].value
    again = step(visitor, "/signup/owner/", {**OWNER, "owner_name": "王小蕾", "owner_password": ""})
    assert again.status_code == 302, "the password typed before is kept"


def test_back_never_meets_the_answer_to_a_post(visitor):
    wrong = step(visitor, "/signup/", {**STUDIO, "name": "光" * 5000})
    assert (wrong.status_code, wrong["location"]) == (302, "/signup/")
    assert len(visitor.cookies[draft.COOKIE].value) < 4000
    assert visitor.get("/signup/").status_code == 422, "with its mistakes"
    step(visitor, "/signup/", STUDIO)
    again = visitor.get("/signup/")
    assert again.status_code == 200
    assert again.context["form"]["name"].value() == "晨光映画"
    step(visitor, "/signup/owner/", {**OWNER, "owner_username": "wang lei!"})
    assert step(visitor, "/signup/owner/", OWNER)["location"] == "/signup/code/"


def test_steps_cannot_be_skipped(visitor):
    assert visitor.get("/signup/owner/")["location"] == "/signup/"
    assert visitor.get("/signup/address/")["location"] == "/signup/"
    step(visitor, "/signup/", STUDIO)
    assert step(visitor, "/signup/address/", {"slug": "skipped"})["location"] == "/signup/owner/"
    assert "skipped" not in studios()


def test_a_studio_without_a_name_to_see_is_asked_for_one(visitor):
    page = visitor.post("/signup/", {**STUDIO, "name": "\u200b\u200b"}, follow=True)
    assert page.status_code == 422
    assert "name" in page.context["form"].errors


@pytest.mark.parametrize(
    ("change", "word"),
    [({"owner_password": "12345678"}, "owner_password"), ({"owner_password": "wanglei"}, "owner_password"),
     ({"owner_username": "wang lei!"}, "owner_username"), ({"owner_name": "\u3164"}, "owner_name"),
     ({"owner_contact": "12"}, "owner_contact"), ({"owner_contact": "a@b"}, "owner_contact"),
     ({"owner_contact": "2123 4567"}, "owner_contact")],
)  # fmt: skip
def test_bad_owner_is_told_why(visitor, change, word):
    step(visitor, "/signup/", STUDIO)
    page = visitor.post("/signup/owner/", {**OWNER, **change}, follow=True)
    assert page.status_code == 422
    assert word in page.context["form"].errors
    assert change.get("owner_password", OWNER["owner_password"]) not in page.text


@pytest.mark.parametrize("slug", ["www", "ab", "光影", "a--b", "xn--fiq228c"])
def test_bad_address_opens_nothing(visitor, slug):
    to_last_step(visitor)
    before = studios()
    assert step(visitor, "/signup/address/", {"slug": slug})["location"] == "/signup/address/", "Back finds a page"
    page = visitor.get("/signup/address/")
    assert page.status_code == 422
    assert page.context["form"].errors["slug"]
    assert page.context["form"].data["slug"] == slug
    assert studios() == before


def test_taken_address_offers_free_ones(visitor, studio):
    to_last_step(visitor)
    page = visitor.post("/signup/address/", {"slug": f" {studio.slug.upper()} "}, follow=True)
    assert page.status_code == 422
    assert f"{studio.slug}-photo" in page.text


def test_live_check(visitor, studio):
    def ask(slug):
        headers = {"accept": "application/json", "accept-language": "en"}
        return visitor.get("/signup/address/", {"slug": slug}, headers=headers).json()

    assert ask("brand-new")["ok"] is True
    assert ask("Brand NEW")["message"] == "brand-new.localhost is free."
    taken = ask(studio.slug)
    assert taken["ok"] is False
    assert taken["free"]
    assert ask("admin")["ok"] is False


def test_failure_says_so_and_creates_nothing_and_loses_nothing(visitor, settings):
    settings.STUDIO_FURNISHERS = ["tests.tenants.test_services.furnish_badly"]
    to_last_step(visitor)
    before = studios()
    page = visitor.post("/signup/address/", {"slug": "chenguang"}, follow=True)
    assert page.redirect_chain == [("/signup/address/", 302)]
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert 'value="chenguang"' in page.text
    assert studios() == before
    settings.STUDIO_FURNISHERS = ["tests.tenants.test_services.furnish_one_user"]
    assert step(visitor, "/signup/address/", {"slug": "chenguang"}).status_code == 302


def test_opening_is_limited_per_address(visitor, settings):
    settings.SIGNUP_LIMITS = {**settings.SIGNUP_LIMITS, "open": "1 per minute"}
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    limits._limiter().storage.reset()
    to_last_step(visitor)
    assert visitor.post("/signup/address/", {"slug": "first-one"}, REMOTE_ADDR="10.1.2.3").status_code == 302
    to_last_step(visitor)
    assert (
        visitor.post("/signup/address/", {"slug": "second-one"}, REMOTE_ADDR="10.1.2.3")["location"]
        == "/signup/address/"
    )
    assert visitor.get("/signup/address/").context["messages"]
    assert "second-one" not in studios()
    assert visitor.post("/signup/address/", {"slug": "third-one"}, REMOTE_ADDR="10.1.2.4").status_code == 302


def test_foreign_or_old_draft_is_ignored(visitor):
    visitor.cookies[draft.COOKIE] = "gAAAAA-nonsense"
    assert visitor.get("/signup/owner/")["location"] == "/signup/"


def test_ticket_of_one_studio_is_nothing_in_another(db, studio, other_studio):
    for place in (studio, other_studio):
        with in_studio(place):
            user = User.objects.create_user("same", "x", name="same", pk=7001)
    ticket = tickets.issue(user)  # made inside the first studio
    client = Client(headers={"host": f"{other_studio.slug}.localhost"})
    assert client.get(f"/enter/{ticket}/")["location"] == "/console/login/"
    assert Client(headers={"host": f"{studio.slug}.localhost"}).get(f"/enter/{ticket}/")["location"] == "/console/"


def test_ticket_grows_old(db, monkeypatch):
    ticket = tickets.issue(User.objects.create_user("old", "x", name="old"))
    monkeypatch.setattr(tickets, "SECONDS", -1)
    client = Client(headers={"host": "guangying.localhost"})
    assert client.get(f"/enter/{ticket}/")["location"] == "/console/login/"


@pytest.mark.parametrize("host", ["nobody.localhost", "evil.example", "[::1]:8000", "localhost.evil.example"])
def test_unknown_host_gets_a_friendly_page(db, host):
    page = Client(headers={"host": host, "accept-language": "en"}).get("/console/")
    assert page.status_code == 404
    assert "There is no studio at this address" in page.text
    assert 'href="http://localhost:8000/login/"' in page.text
    assert "<form" not in page.text.replace('<form class="theme', "")


def test_unknown_host_cannot_inject(db):
    page = Client(headers={"host": "nobody.localhost"}).get("/s/%3Cscript%3E/")
    assert "<script>" not in page.text


@pytest.mark.parametrize("status", [StudioStatus.SUSPENDED, StudioStatus.BUILDING])
@pytest.mark.parametrize(("host", "path"), [("guangying.localhost", "/"), ("localhost", "/s/guangying/")])
def test_closed_doors(db, studio, status, host, path):
    with in_public():
        Studio.objects.filter(pk=studio.pk).update(status=status)
    page = Client(headers={"host": host}).get(path)
    assert page.status_code == 503
    assert page["retry-after"] == "30"
    assert studio.name in page.text


def test_hosts_are_recognised_in_every_spelling(db, studio):
    for host in (f"{studio.slug}.localhost:8000", f"{studio.slug.upper()}.LOCALHOST", f"{studio.slug}.localhost."):
        assert Client(headers={"host": host}).get("/brand.css").status_code == 200
    assert (
        Client(headers={"host": "www.localhost"}).get("/signup/?a=1")["location"] == "http://localhost:8000/signup/?a=1"
    )


def test_brand_stylesheet(db, studio):
    client = Client(headers={"host": f"{studio.slug}.localhost"})
    assert client.get("/brand.css").text == ""
    with in_public():
        Studio.objects.filter(pk=studio.pk).update(brand_hue=210)
    directory.forget()
    first = client.get("/brand.css")
    assert re.search(r"--brand: #[0-9A-F]{6}", first.text)
    assert client.get("/brand.css", headers={"if-none-match": first["etag"]}).status_code == 304
