"""A studio's name, logo, colour, language and time zone: what the owner sets for the whole chain.

A logo is a picture that we have drawn ourselves: decoded, made small, written anew. SVG can hold scripts: refused.
"""

import hashlib
import zoneinfo
from typing import Any

import pyvips
from django.conf import settings

from core.kernel.errors import Refusal
from core.studios.models import Logo
from tenants import directory
from tenants.context import in_public
from tenants.life.tasks import note
from tenants.models import Studio
from tenants.typed import first_picture

MOST_BYTES = 2 * 1024 * 1024
MOST_SIDE = 8000  # of what comes in: a small file can be a huge picture
WIDE, HIGH = 480, 160
KINDS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


def set_logo(*, studio: Studio, actor: str, body: bytes) -> str:
    """Take a PNG, JPEG or WebP as the logo; its digest, which names it in addresses.

    Refusal brand.too_large(most) | brand.no_picture (SVG among them). Noted in the studio's log.
    """
    if len(body) > MOST_BYTES:
        raise Refusal("brand.too_large", most=MOST_BYTES)
    picture = _drawn(body)
    digest = hashlib.sha256(picture).hexdigest()[:32]
    Logo.objects.get_or_create(digest=digest, defaults={"body": picture})
    _change(studio, actor, "brand.logo", logo=digest)
    return digest


def drop_logo(*, studio: Studio, actor: str) -> None:
    """The name stands alone again. Harmless without a logo. Its picture is kept: contracts show it."""
    _change(studio, actor, "brand.logo_dropped", logo="")


def set_name(*, studio: Studio, actor: str, name: str) -> None:
    """What the chain is called from now on; its address stays. Contracts and receipts that are written keep the former.

    Refusal brand.name when it is empty, too long, or holds a sign that no contract can print.
    """
    if not 2 <= len(name) <= 80 or first_picture(name):
        raise Refusal("brand.name")
    _change(studio, actor, "brand.name", name=name)


def set_hue(*, studio: Studio, actor: str, hue: int | None) -> None:
    """0–359, or None for the house colour. Refusal brand.hue. Every hue is readable: tenants.brand sees to it."""
    if hue is not None and not 0 <= hue < 360:
        raise Refusal("brand.hue")
    _change(studio, actor, "brand.hue", brand_hue=hue)


def set_place(*, studio: Studio, actor: str, language: str, timezone: str) -> None:
    """Language of messages to customers who chose none, and the zone of new branches. Refusal brand.place."""
    if language not in dict(settings.LANGUAGES) or timezone not in zoneinfo.available_timezones():
        raise Refusal("brand.place")
    _change(studio, actor, "brand.place", language=language, timezone=timezone)


def logo_of(digest: str) -> bytes:
    """The PNG of a logo that the current studio has or had; b"" for "" and for what is none."""
    row = Logo.objects.filter(pk=digest).first() if digest else None
    return bytes(row.body) if row is not None else b""


def _drawn(body: bytes) -> bytes:
    if not body.startswith(KINDS):
        raise Refusal("brand.no_picture")
    try:
        image: Any = pyvips.Image.new_from_buffer(body, "", access="sequential")
        if max(image.width, image.height) > MOST_SIDE:
            raise Refusal("brand.no_picture")
        small = pyvips.Image.thumbnail_buffer(body, WIDE, height=HIGH, size="down", export_profile="srgb")
        return bytes(small.pngsave_buffer(keep="none", compression=9))
    except pyvips.Error as error:
        raise Refusal("brand.no_picture") from error


def _change(studio: Studio, actor: str, verb: str, **fields: Any) -> None:
    with in_public():
        Studio.objects.filter(pk=studio.pk).update(**fields)
    for name, value in fields.items():
        setattr(studio, name, value)
    note(studio.slug, verb, actor, **fields)
    directory.forget()
