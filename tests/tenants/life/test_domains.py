"""A studio's own address answers once DNS says so, and gets a certificate then only."""

import pytest
from django.test import Client

from tenants import directory
from tenants.context import in_public
from tenants.life import domains, tasks
from tenants.models import Domain
from tests.tenants.life import make

NAME = "photos.example.com"


@pytest.fixture(autouse=True)
def _dns(monkeypatch):
    monkeypatch.setattr(make, "ALIASES", {})


def certificate(name):
    return Client(headers={"host": "127.0.0.1"}).get("/tls-ask", {"domain": name}).status_code


def test_not_ready_until_the_alias_is_ours(db, studio, other_studio):
    domains.add_domain(studio=studio, name=f" WWW.{NAME}. ", actor="boss")
    page = Client(headers={"host": NAME})
    assert (page.get("/").status_code, certificate(NAME)) == (404, 404)
    make.ALIASES[NAME] = [f"{other_studio.slug}.localhost"]
    assert not domains.check_domain(studio=studio, name=NAME).is_ready
    make.ALIASES[NAME] = ["edge.example.net", f"{studio.slug}.localhost"]
    row = domains.check_domain(studio=studio, name=NAME)
    assert (row.is_ready, row.found) == (True, f"{studio.slug}.localhost")
    assert page.get("/login/").status_code == 200
    assert (certificate(NAME), certificate(f"www.{NAME}")) == (200, 200)
    make.ALIASES[NAME] = ["elsewhere.example.net"]
    domains.check_all()
    directory.forget()
    assert (page.get("/").status_code, certificate(NAME)) == (404, 404)


def test_certificates_for_studios_and_the_platform_only(db, studio):
    assert certificate(f"{studio.slug}.localhost") == 200
    assert certificate("localhost") == 200
    assert certificate("nobody.localhost") == 404
    assert certificate("") == 404


@pytest.mark.parametrize(
    "name", ["", "x", "guangying.localhost", "localhost", "a b.com", "照片.com", "1.2.3.4", "-a.com"]
)
def test_bad_names(db, studio, name):
    with pytest.raises(tasks.LifeRefused, match="domain.name"):
        domains.add_domain(studio=studio, name=name, actor="boss")


def test_a_name_is_its_provers(db, studio, other_studio):
    """Noting a name without proof keeps nobody else from it; a proven one is taken."""
    domains.add_domain(studio=studio, name=NAME, actor="boss")
    domains.add_domain(studio=other_studio, name=NAME, actor="boss")
    make.ALIASES[NAME] = [f"{other_studio.slug}.localhost"]
    domains.check_all()
    with pytest.raises(tasks.LifeRefused, match="domain.taken"):
        domains.add_domain(studio=studio, name=NAME, actor="boss")
    assert not domains.drop_domain(studio=studio, name=NAME, actor="boss")
    assert domains.drop_domain(studio=other_studio, name=NAME, actor="boss")
    with in_public():
        assert not Domain.objects.filter(domain=NAME).exists()
