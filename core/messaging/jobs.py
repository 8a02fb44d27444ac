"""Entry points of the worker."""

from core.messaging.delivery import send_message

__all__ = ["send_message"]
