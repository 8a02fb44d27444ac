"""demo.json: addresses, logins and phone codes, for people and for scripts."""

from typing import Any

from django.conf import settings

from core.booking.models import Booking
from core.contracts.models import ContractSigner
from core.people.models import Membership
from infra.seed import build, cast, lapsed, secure
from infra.seed.company import pins_of
from selection.album.models import AlbumProof
from selection.models import Gallery
from tenants.accounts.models import TotpKey
from tenants.context import in_studio
from tenants.models import Studio

SHOWN_ROLES = ["owner", "manager", "receptionist", "photographer", "selection_adviser", "retoucher"]


def describe() -> dict[str, Any]:
    """`{platform_url, operator, studios: [{schema, name, url, path_url, staff, customers}], more_studios,
    time_and_cards_url}` (README: five-minute tour).
    """
    studios = Studio.objects.filter(slug__in=[build.FIRST, build.SECOND]).order_by("pk")
    return {
        "platform_url": f"{settings.PLATFORM_URL}/",
        "operator": {"url": f"{settings.PLATFORM_URL}/operator/", **secure.OPERATOR},
        "studios": [_studio(studio) for studio in studios],
        "more_studios": lapsed.described(),
        "time_and_cards_url": f"{settings.STRIPE_API_BASE}/_control/billing",
    }


def _studio(studio: Studio) -> dict[str, Any]:
    scheme, _, host = settings.PLATFORM_URL.partition("://")
    path_url = f"{settings.PLATFORM_URL}/s/{studio.slug}/"
    with in_studio(studio):
        return {
            "schema": studio.schema_name,
            "name": studio.name,
            "url": f"{scheme}://{studio.slug}.{host}/",
            "path_url": path_url,
            "staff": _staff(),
            "customers": _customers(path_url, f"{scheme}://{studio.slug}.{host}/"),
        }


def _staff() -> list[dict[str, str]]:
    """One login for each role that the studio has."""
    found: dict[str, dict[str, str]] = {}
    rows = Membership.objects.order_by("pk").values_list("role", "user__username", "user__phone")
    for role, username, phone in rows:
        found.setdefault(role, {"role": role, "username": username, "password": cast.PASSWORD, "phone": phone})
    shown = [found[role] for role in SHOWN_ROLES if role in found]
    if TotpKey.objects.filter(user__username=secure.WITH_APP).exists():
        with_app = {"role": "manager", "username": secure.WITH_APP, "password": cast.PASSWORD}
        shown = [who for who in shown if who["username"] != secure.WITH_APP]
        shown.append({**with_app, "totp_secret": secure.SECRET, "totp_command": "make code"})
    return shown


def _customers(path_url: str, url: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for customer in build.customers_with_galleries():
        gallery = Gallery.objects.filter(choosers__customer=customer, state="open").first()
        finals = Gallery.objects.filter(choosers__customer=customer, state="proofing").first()
        album = AlbumProof.objects.filter(gallery__choosers__customer=customer, state="proofing").first()
        kept = Gallery.objects.filter(choosers__customer=customer, state="delivered").first()
        rows.append(
            {
                "phone": customer.phone.removeprefix("+86"),
                "code": settings.DEMO_PHONE_CODE,
                "portal_url": path_url,
                "gallery_url": f"{path_url}gallery/{gallery.code}/" if gallery else "",
                "pin_url": f"{path_url}gallery/{gallery.code}/pin/" if gallery else "",
                "pins": pins_of(gallery) if gallery else [],
                "selection_desk_url": f"{url}console/galleries/{gallery.code}/selection-desk/" if gallery else "",
                "delivery_url": f"{path_url}gallery/{kept.code}/delivery/" if kept else "",
                "retouch_url": f"{path_url}gallery/{finals.code}/retouch/" if finals else "",
                "contract_url": _to_sign(customer, path_url),
                "booking_url": _booked(customer, path_url),
                "album_url": f"{path_url}gallery/{album.gallery.code}/album/{album.number}/" if album else "",
            }
        )
    return rows


def _booked(customer: Any, path_url: str) -> str:
    """The customer's booking."""
    row = Booking.objects.filter(customer=customer).exclude(state="draft").first()
    return f"{path_url}bookings/{row.code}/" if row else ""


def _to_sign(customer: Any, path_url: str) -> str:
    """The contract that waits for this customer's name."""
    signer = ContractSigner.objects.filter(customer=customer, state="waiting", contract__state="sent").first()
    return f"{path_url}contracts/{signer.contract.code}/" if signer else ""
