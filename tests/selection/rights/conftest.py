"""A submitted selection of three photographs, its people, and consents to publish them."""

from typing import Any

import pytest

from selection.rights.services import add_samples, sign_consent
from tests.factories import make_customer, make_staff
from tests.selection.make import main_chooser
from tests.selection.retouch.make import submitted_gallery


@pytest.fixture
def gallery(db):
    """Four photographs, 1–3 submitted."""
    return submitted_gallery(4, (1, 2, 3))


@pytest.fixture
def chooser(gallery):
    return main_chooser(gallery)


@pytest.fixture
def partner(gallery):
    return gallery.choosers.create(customer=make_customer("林一舟"))


@pytest.fixture
def keeper(gallery):
    return make_staff("photographer", gallery.order.branch)


def consent(chooser: Any, **given: Any) -> Any:
    said = {"scope": "chosen", "purposes": ["album", "online"], "term": "1", "children": "none"}
    return sign_consent(chooser=chooser, **{**said, "signed_name": "陈晓雨", **given})


def take_in(keeper: Any, gallery: Any, *numbers: int, **given: Any) -> Any:
    said = {"kind": "customer", "tags": ["白纱", "外景"]}
    return add_samples(actor=keeper, gallery=gallery, numbers=numbers, **{**said, **given})
