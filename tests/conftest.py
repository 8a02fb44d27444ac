"""Two studios exist in every test session; a test runs inside the first one unless it says otherwise.

Each `db` test is a transaction that is rolled back. Tests that need real commits or several connections use the
`throwaway_studio` fixture with `django_db_blocker.unblock()` (tenancy.md §1.7: `transaction=True` would wipe `public`).
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tenants.context import in_studio
from tenants.state import PUBLIC, Place, place

STUDIOS = [("guangying", "光影映画"), ("hupan", "湖畔影像")]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    from tenants.models import Studio
    from tenants.services import open_studio

    with django_db_blocker.unblock():
        for slug, name in STUDIOS:
            if not Studio.objects.filter(slug=slug).exists():
                open_studio(name=name, slug=slug)


@pytest.fixture
def studios(db: None) -> list[Any]:
    """Both studios, as rows of `public`."""
    from tenants.models import Studio

    with in_studio(PUBLIC):
        return list(Studio.objects.filter(slug__in=[slug for slug, _ in STUDIOS]).order_by("pk"))


@pytest.fixture
def studio(studios: list[Any]) -> Any:
    """The studio the test runs in."""
    return studios[0]


@pytest.fixture
def other_studio(studios: list[Any]) -> Any:
    """The studio whose data must never show."""
    return studios[1]


@pytest.fixture(autouse=True)
def _inside_first_studio(request: pytest.FixtureRequest) -> Iterator[None]:
    """Database tests run inside the first studio; afterwards the place is public again."""
    if "db" not in request.fixturenames:
        yield
        return
    studio = request.getfixturevalue("studio")
    token = place.set(Place(studio.schema_name, tenant=studio))
    yield
    place.reset(token)
