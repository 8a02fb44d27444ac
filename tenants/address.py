"""Where a request came from, when a proxy of ours stands in front."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's IP address; "" when unknown.

    `X-Forwarded-For` counts only when the peer is one of settings.TRUSTED_PROXIES, and then its last entry: the one
    that our proxy wrote (infra.proxy: exactly one hop is true).
    """
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    return _valid(forwarded) or _valid(peer) if _is_ours(peer) else _valid(peer)


def counted_as(who: str) -> str:
    """Under what a limit counts `who`: an IPv6 client as its /64, of which one connection has 2^64 addresses; an IPv4
    address in IPv6's clothes as itself; whatever is no address as it is.
    """
    try:
        address = ip_address(who)
    except ValueError:
        return who
    if address.version == 4:
        return who
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((address, 64), strict=False))


def _is_ours(peer: str) -> bool:
    address = _valid(peer)
    return bool(address) and any(
        ip_address(address) in network for network in _networks(tuple(settings.TRUSTED_PROXIES))
    )


def _valid(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


@lru_cache(maxsize=4)
def _networks(names: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name) for name in names)
