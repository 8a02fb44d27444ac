"""Misconfigured ways out fail at start, not in front of a customer who waits for a code."""

from typing import Any

from django.core.checks import Error, Tags, register

from core.messaging.enums import Route
from core.messaging.senders import sender_class


@register(Tags.compatibility)
def senders_exist(**_kwargs: Any) -> list[Error]:
    """Every route names a class that can be imported."""
    return [problem for route in Route if (problem := _problem(route))]


@register(deploy=True)
def senders_deliver(**_kwargs: Any) -> list[Error]:
    """In production every route has a sender that really sends."""
    hint = (
        "Set MESSAGE_SENDER_SMS and MESSAGE_SENDER_EMAIL to the dotted path of a class with `send` and delivers = True."
    )
    return [
        Error(f"Messages by {route} would never leave the house.", hint=hint, id="messaging.E002")
        for route in Route
        if not _problem(route) and not sender_class(route).delivers
    ]


def _problem(route: Route) -> Error | None:
    try:
        sender_class(route)
    except (ImportError, KeyError) as error:
        return Error(f"settings.MESSAGE_SENDERS has no usable sender for {route}: {error}", id="messaging.E001")
    return None
