"""Questions about customers and staff."""

from core.kernel import clock, crypto
from core.people.models import Customer, CustomerSession


def customer_of_token(token: str) -> Customer | None:
    """The customer a session cookie belongs to; None when it is unknown, expired or revoked."""
    if not token:
        return None
    session = (
        CustomerSession.objects.select_related("customer")
        .filter(token_hash=crypto.keyed_hash("customer-session", token), revoked_at=None, expires_at__gt=clock.now())
        .first()
    )
    return session.customer if session else None
