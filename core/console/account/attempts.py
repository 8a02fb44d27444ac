"""How often a password may be tried: per name and address tightly, per address and per name loosely.

So a stranger cannot lock out a colleague who sits elsewhere. Successful tries count too: simpler, and nobody logs in
twelve times in ten minutes. The demo is generous: scripts log the same few people in again and again.
"""

from django.conf import settings

from core.kernel import limits

RULES = {"pair": "12 per 10 minutes", "address": "120 per 10 minutes", "name": "100 per hour"}
RULES_IN_DEMO = {"address": "2000 per 10 minutes"}


def spend(username: str, address: str) -> None:
    """Count one try. Raises Refusal("login.too_often", wait=seconds) or Refusal("limits.unavailable")."""
    name = username.strip().lower()[:60]
    keys = {"pair": f"{name}|{address}", "address": address, "name": name}
    for scope, rule in (RULES_IN_DEMO if settings.DEMO else RULES).items():
        limits.spend(rule, f"login.{scope}", keys[scope], code="login.too_often")
