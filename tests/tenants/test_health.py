"""Answers for load balancers, on any host, before a studio is looked for."""

import pytest
from django.test import Client

from tenants import health


@pytest.mark.parametrize("host", ["localhost", "guangying.localhost", "10.0.0.7", "nobody.example"])
def test_alive_on_every_host(host):
    assert Client(headers={"host": host}).get("/healthz").text == "ok"


def test_ready_when_everything_answers(db):
    response = Client(headers={"host": "10.0.0.7"}).get("/readyz")
    assert response.json() == {"database": True, "cache": True, "storage": True}


@pytest.mark.parametrize("part", ["_database", "_cache", "_storage"])
def test_not_ready_names_the_part(db, monkeypatch, part):
    monkeypatch.setattr(health, part, lambda: False)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()[part.removeprefix("_")] is False


def test_storage_that_is_away_is_noticed(settings):
    settings.S3 = {**settings.S3, "endpoint_url": "http://127.0.0.1:9"}
    assert health._storage() is False
