"""The portal under `/s/<slug>/`: same pages, right links, own cookies, no staff; and what is streamed stays inside."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.test import Client
from django.urls import path, reverse

from tenants.access import anyone, declare
from tenants.context import current_schema, in_studio


@anyone
def links(request):
    return HttpResponse(
        f"{reverse('links')}|{request.get_full_path()}|{request.studio.slug}|{request.COOKIES.get('yl_staff')}"
    )


@anyone
def cookies(request):
    response = HttpResponse(get_token(request))
    response.set_cookie("yl_customer", "token")
    response.set_cookie("yl_elsewhere", "x", path="/other/")
    return response


@anyone
def jump(request):
    return redirect("links")


@anyone
def posted(request):
    return HttpResponse(request.method)


@declare("staff")
def staff_only(request):
    return HttpResponse("staff")


@anyone
def streamed(request):
    """Reads while it is being sent, as a CSV export does."""
    return StreamingHttpResponse((f"{current_schema()};" for _ in range(3)), content_type="text/csv")


urlpatterns = [
    path("links/", links, name="links"),
    path("cookies/", cookies),
    path("jump/", jump),
    path("posted/", posted),
    path("staff/", staff_only),
    path("streamed/", streamed),
]
ON_HOST, BY_PATH = ("guangying.localhost", ""), ("localhost", "/s/guangying")


@pytest.fixture(autouse=True)
def _map(settings):
    settings.ROOT_URLCONF = settings.CUSTOMER_URLCONF = __name__


def get(form, url, **extra):
    host, prefix = form
    return Client(headers={"host": host}).get(prefix + url, **extra)


@pytest.mark.parametrize("form", [ON_HOST, BY_PATH])
def test_links_and_redirects_stay_in_their_form(db, form):
    reversed_, full, slug, _cookie = get(form, "/links/?a=1").text.split("|")
    assert (reversed_, full, slug) == (f"{form[1]}/links/", f"{form[1]}/links/?a=1", "guangying")
    assert get(form, "/jump/")["location"] == f"{form[1]}/links/"
    assert get(form, "/links")["location"] == f"{form[1]}/links/"


def test_prefix_does_not_outlive_the_request(db):
    get(BY_PATH, "/links/")
    assert get(ON_HOST, "/links/").text.startswith("/links/")


def test_path_without_its_slash_is_mended(db):
    assert Client(headers={"host": "localhost"}).get("/s/guangying")["location"] == "/s/guangying/"


def test_cookies_by_path_belong_to_the_studio(db):
    found = get(BY_PATH, "/cookies/").cookies
    assert found["yl_customer"]["path"] == "/s/guangying/"
    assert found["yl_elsewhere"]["path"] == "/other/"
    assert found["yl_csrf"]["path"] == "/"
    assert get(ON_HOST, "/cookies/").cookies["yl_customer"]["path"] == "/"


def test_no_cookie_names_a_domain(db):
    for form in (ON_HOST, BY_PATH):
        assert all(not morsel["domain"] for morsel in get(form, "/cookies/").cookies.values())


def test_operators_session_is_neither_read_nor_lost_by_path(db):
    client = Client(headers={"host": "localhost"})
    client.cookies["yl_staff"] = "operators-session"
    response = client.get("/s/guangying/links/")
    assert response.text.endswith("|None")
    assert "yl_staff" not in response.cookies


def test_staff_pages_do_not_exist_by_path(db):
    assert get(BY_PATH, "/staff/").status_code == 404


@pytest.mark.parametrize("form", [ON_HOST, BY_PATH])
def test_csrf_holds_in_both_forms(db, form):
    host, prefix = form
    client = Client(headers={"host": host}, enforce_csrf_checks=True)
    assert client.post(f"{prefix}/posted/").status_code == 403
    token = client.get(f"{prefix}/cookies/").text
    assert client.post(f"{prefix}/posted/", {"csrfmiddlewaretoken": token}).status_code == 200


def test_foreign_origin_is_refused(db):
    client = Client(headers={"host": "guangying.localhost"}, enforce_csrf_checks=True)
    token = client.get("/cookies/").text
    for origin, status in (("http://hupan.localhost", 403), ("http://guangying.localhost", 200)):
        answer = client.post("/posted/", {"csrfmiddlewaretoken": token}, headers={"origin": origin})
        assert answer.status_code == status


@pytest.mark.parametrize("form", [ON_HOST, BY_PATH])
def test_streamed_answers_are_made_inside_the_studio(db, studio, form):
    with in_studio("public"):
        response = get(form, "/streamed/")
        assert response.getvalue().decode() == f"{studio.schema_name};" * 3
        assert current_schema() == "public"
