"""Verbs on contracts."""

from core.contracts.services.amending import amend_contract
from core.contracts.services.composing import compose_contract
from core.contracts.services.keeping import add_moving_terms, save_clause, save_settings, save_template, setting
from core.contracts.services.moving import amend_date, notify_date
from core.contracts.services.sending import countersign, expire_contracts, remind_signers, send_contract, withdraw
from core.contracts.services.signing import decline, open_contract, request_signing_code, sign

__all__ = [
    "add_moving_terms",
    "amend_contract",
    "amend_date",
    "compose_contract",
    "countersign",
    "decline",
    "expire_contracts",
    "notify_date",
    "open_contract",
    "remind_signers",
    "request_signing_code",
    "save_clause",
    "save_settings",
    "save_template",
    "send_contract",
    "setting",
    "sign",
    "withdraw",
]
