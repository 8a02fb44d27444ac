"""Words to a studio's owners, through the studio's own outbox. By name: messages live on a floor above."""

import logging
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from tenants.context import in_studio

log = logging.getLogger(__name__)


def tell_owners(studio: Any, what: str, *, key: str, **facts: Any) -> None:
    """Queue a message to each owner, once per `key`; `what` names the sentence (core.messaging.sentences)."""
    with in_studio(studio):
        import_string(settings.STUDIO_TELLER)(what=what, key=key, **facts)


def warn_owners(studio: Any, what: str, *, key: str, **facts: Any) -> int:
    """Queue a message to every address of every owner; how many there are."""
    with in_studio(studio):
        return int(import_string(settings.STUDIO_WARNER)(what=what, key=key, **facts))
