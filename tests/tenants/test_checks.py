"""A misconfiguration fails at start. Every check is seen to fail on a planted violation."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.test.utils import isolate_apps
from django.urls import include, path

from tenants import checks
from tenants.access import Access, anyone, declare
from tenants.models import Studio

GOOD_KEY = "k8#Vq2z!mB0xWc7Rt5Yp9Ls3Jd6Hf1Gn4Ea-Uo_Ii+Kx=Zv~Qb"


def ids(messages):
    return [message.id for message in messages]


def undeclared(request):
    """A view that says nothing."""


@anyone
def public_view(request):
    """A view for anyone."""


@declare("staff", "move_order")
class StaffView:
    """A class-based view, as `as_view` leaves it."""


class Planted:
    """A map with an undeclared view inside an included map."""

    urlpatterns = [path("fine/", public_view), path("deep/", include(([path("bad/", undeclared)], "deep")))]


class Misplaced:
    """A staff page on the platform host."""

    urlpatterns = [path("staff/", declare("staff")(lambda request: None))]


def test_every_url_of_the_product_declares_access():
    assert checks.every_url_declares_access(None) == []


def test_undeclared_view_is_caught(settings):
    settings.URLCONF_ACCESS = {Planted: {"anyone"}}
    found = checks.every_url_declares_access(None)
    assert ids(found) == ["tenants.E010"]
    assert "deep/bad/" in found[0].msg


def test_declaration_without_a_door_is_caught(settings):
    settings.URLCONF_ACCESS = {Misplaced: {"anyone"}}
    assert ids(checks.every_url_declares_access(None)) == ["tenants.E011"]


def test_exempt_namespaces_are_the_admin_only(settings):
    assert {"admin"} == settings.ACCESS_EXEMPT


@pytest.mark.parametrize(("kind", "capability"), [("stuff", ""), ("anyone", "move_order"), ("", "")])
def test_misspelt_declaration_is_an_error(kind, capability):
    with pytest.raises(ValueError, match="no such access"):
        Access(kind, capability)


@pytest.mark.parametrize(
    ("demo", "code", "host", "key", "found"),
    [
        (True, "", "yinglou.example", GOOD_KEY, ["tenants.E012"]),
        (False, "000000", "yinglou.example", GOOD_KEY, ["tenants.E012"]),
        (True, "000000", "yinglou.example", "dev-" + GOOD_KEY, ["tenants.E012", "tenants.E013"]),
        (False, "", "yinglou.example", "short", ["tenants.E013"]),
        (False, "", "yinglou.example", "a" * 60, ["tenants.E013"]),
        (False, "", "localhost.evil.example", "dev-" + GOOD_KEY, ["tenants.E013"]),
        (False, "", "yinglou.example", GOOD_KEY, []),
        (True, "000000", "localhost", "dev-key", []),
        (True, "000000", "127.0.0.1", "dev-key", []),
    ],
)
def test_demo_and_development_key_stay_at_home(settings, demo, code, host, key, found):
    settings.DEMO, settings.DEMO_PHONE_CODE, settings.PLATFORM_HOST, settings.SECRET_KEY = demo, code, host, key
    assert ids(checks.demo_stays_at_home(None)) == found


def test_a_server_with_the_demo_on_a_public_host_does_not_start(settings):
    from django.apps import apps

    settings.DEMO, settings.PLATFORM_HOST = True, "yinglou.example"
    with pytest.raises(ImproperlyConfigured, match="localhost only"):
        apps.get_app_config("tenants").ready()


def test_cache_without_the_studio_in_its_keys_is_caught(settings):
    assert checks.caches_carry_the_studio(None) == []
    settings.CACHES = {**settings.CACHES, "other": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert ids(checks.caches_carry_the_studio(None)) == ["tenants.E014"]


def test_cookie_for_all_studios_is_caught(settings):
    assert checks.cookies_belong_to_one_host(None) == []
    settings.SESSION_COOKIE_DOMAIN = ".yinglou.example"
    assert ids(checks.cookies_belong_to_one_host(None)) == ["tenants.E015"]


def test_studio_tables_refer_to_studio_tables_only():
    assert checks.studios_refer_to_themselves_only(None) == []


@isolate_apps("core")
def test_relation_to_a_shared_table_is_caught():
    class Bill(models.Model):
        studio = models.ForeignKey(Studio, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "core"

    assert ids(checks.foreign_relations(Bill, {"core"})) == ["tenants.E016"]


def test_contenttypes_in_studios_are_caught(settings):
    settings.TENANT_APPS = [*settings.TENANT_APPS, "django.contrib.contenttypes"]
    assert "tenants.E017" in ids(checks.studios_refer_to_themselves_only(None))
