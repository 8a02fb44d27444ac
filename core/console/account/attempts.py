"""How often a password may be tried: per name and address tightly, per address and per name loosely.

So a stranger cannot lock out a colleague who sits elsewhere. Successful tries count too: simpler, and nobody logs in
twelve times in ten minutes. The demo is generous: scripts log the same few people in again and again.
"""

from django.conf import settings

from core.kernel import limits

RULES = {"pair": "12 per 10 minutes", "address": "120 per 10 minutes", "name": "100 per hour"}
RULES_IN_DEMO = {"address": "2000 per 10 minutes"}
# Six digits are fewer than passwords: of a million, three are right at any time
STEP_RULES = {"step.pair": "10 per 10 minutes", "step.address": "120 per 10 minutes", "step.name": "30 per hour"}
STEP_RULES_IN_DEMO = {"step.name": "600 per hour"}


def spend(username: str, address: str) -> None:
    """Count one try of a password. Raises Refusal("login.too_often", wait=seconds) or Refusal("limits.unavailable")."""
    _spend(RULES_IN_DEMO if settings.DEMO else RULES, username, address)


def spend_step(username: str, address: str) -> None:
    """Count one try of a second step. Refusals as `spend`."""
    _spend(STEP_RULES_IN_DEMO if settings.DEMO else STEP_RULES, username, address)


def _spend(rules: dict[str, str], username: str, address: str) -> None:
    name = username.strip().lower()[:60]
    keys = {"pair": f"{name}|{address}", "address": address, "name": name}
    for scope, rule in rules.items():
        if not name and not scope.endswith("address"):
            continue  # nobody has said who they are: one counter for all of them would be a way to shut everybody out
        limits.spend(rule, f"login.{scope}", keys[scope.rpartition(".")[2]], code="login.too_often")
