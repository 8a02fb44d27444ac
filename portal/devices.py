"""A browser's name as its owner would say it: "WeChat · iPhone"."""

from django.http import HttpRequest

from core.people.devices import device_name

__all__ = ["device_name", "is_wechat"]


def is_wechat(request: HttpRequest) -> bool:
    """Whether this is WeChat's own browser, which downloads nothing (frontend.md §5.1)."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")
