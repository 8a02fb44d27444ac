"""What operators do without a browser, and how a studio looks to the last byte."""

import io
from typing import Any

from tests.e2e.deeds.house import PASSWORD, inside


def guest_studio(slug: str) -> str:
    """A studio of its own for a test that erases it: an owner, three orders, three files. Its owner's user name."""
    from tenants.services import open_studio
    from tests.tenants.life.make import furnish

    studio = open_studio(name="拾光小筑", slug=slug)
    owner = furnish(studio, "拾光")
    with inside(slug):
        owner.set_password(PASSWORD)
        owner.save(update_fields=["password"])
    return str(owner.username)


def operator(username: str) -> None:
    """Somebody who may enter `/operator/`."""
    from tenants.accounts.models import User

    User.objects.create_superuser(username, PASSWORD, name="Anna")


def picture(studio: str) -> dict[str, str]:
    """A checksum per table and of the list of files; logins, which change by looking, aside."""
    from tenants.models import Studio
    from tests.tenants.life.make import picture_of

    found = picture_of(Studio.objects.get(slug=studio))
    return {name: value for name, value in found.items() if name not in {"accounts_user", "django_migrations"}}


def restore(path: str, slug: str) -> None:
    """`manage.py studio restore --from path --as slug`."""
    from django.core.management import call_command

    call_command("studio", "restore", source=path, new=slug, stdout=io.StringIO())  # the pipe is for answers


def certificate(slug: str) -> dict[str, Any]:
    from tenants.life.models import ErasureCertificate

    return dict(ErasureCertificate.objects.get(slug=slug).facts)
