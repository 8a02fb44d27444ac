"""Pokes leave together, after the commit, and never for what was rolled back."""

import pytest
from django.db import transaction

from core.kernel import live


@pytest.fixture
def published(monkeypatch):
    sent = []
    monkeypatch.setattr(live, "_publish", lambda pokes: sent.append([name.rpartition(".")[2] for name, _text in pokes]))
    return sent


class Changed(Exception):
    """Somebody changed their mind."""


def fail():
    with transaction.atomic():
        live.poke("gone", {"type": "x"})
        raise Changed


def test_the_pokes_of_a_transaction_travel_together(db, published, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        live.poke("a", {"type": "x", "thread": "b"})
        live.poke("c", {"type": "y"})
        assert published == []
    assert published == [["a", "b", "c"]]


def test_what_a_savepoint_rolls_back_pokes_nobody(db, published, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        live.poke("kept", {"type": "x"})
        with pytest.raises(Changed):
            fail()
        live.poke("late", {"type": "x"})
    assert [name for names in published for name in names] == ["kept", "late"]
