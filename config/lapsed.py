"""What becomes of each address when the studio's subscription has lapsed: one table (settings.WHEN_LAPSED).

Staff need no line: every verb of theirs is refused but those marked `core.console.access.open_when_lapsed` (paying,
leaving, taking data away). Everybody else's address that can write has a line here, or is shut; a test walks
them all. Sockets write nothing: they take acknowledgements and numbers.

What decides: would the customer lose something they paid for or signed, or a right, if it were shut? Then it goes on.
Would it make the studio owe somebody new work that nobody there can do? Then it is shut, and says so kindly.
"""

from tenants.access import GOES_ON, SHUT


def _each(rule: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, rule)


WHEN_LAPSED: dict[str, str] = {
    # A stranger's (or anybody's) new booking: staff could neither plan nor answer it
    **_each(SHUT, "portal:shops", "portal:shop", "portal:book-dates", "portal:book-person", "portal:book-draft",
            "portal:book-code"),
    # More value on a card: nobody should pay ahead to a studio that cannot work
    **_each(SHUT, "portal:top-up-new"),
    # In and out, one's own devices, the language: whoever paid must get in
    **_each(GOES_ON, "portal:login", "portal:code", "portal:resend", "portal:logout", "portal:pin", "portal:language",
            "portal:revoke", "set_language", "console:login", "console:logout", "console:second", "console:passkey",
            "console:passkey-question", "console:forgotten", "console:forgotten-again", "console:forgotten-code",
            "console:forgotten-password"),
    # A colleague who was invited before: whoever comes in can look and, as the owner, pay
    **_each(GOES_ON, "console:join"),
    # Open contracts and instalments: agreed before; refusing money or a signature would put the customer in default
    **_each(GOES_ON, "portal:contract-code", "portal:contract-sign", "portal:contract-decline", "portal:pay",
            "portal:wechat-qr", "portal:pay-claim", "portal:ask-invoice", "portal:proofs", "portal:proof"),
    # The customer's own card: using it for what is owed, giving up a top-up that was begun
    **_each(GOES_ON, "portal:spend", "portal:spend-code", "portal:top-up-end"),
    # Dates that were booked: moving, giving up (with the refund that was promised), answering what staff proposed
    **_each(GOES_ON, "portal:booking-date", "portal:booking-cancel", "portal:order-date", "portal:order-cancel",
            "portal:proposal"),
    # Preparing a shoot that is booked
    **_each(GOES_ON, "portal:brief", "portal:plan-confirm", "portal:plan-return"),
    # Choosing the photographs of an order, alone or together, and changing one's mind within the contract
    **_each(GOES_ON, "selection-api:picks", "selection-api:placements", "selection-api:note", "selection-api:submit",
            "selection-api:suggestions", "selection-api:sitting-phone", "portal:slot", "portal:part", "portal:swaps",
            "portal:take-back", "portal:originals", "portal:suggestions", "portal:guests", "portal:sharing",
            "portal:person", "portal:review", "portal:change", "portal:change-slot", "portal:change-withdrawal",
            "portal:change-answer"),
    # Judging what was retouched and laid out: the rounds are in the contract, silence would sign them off
    **_each(GOES_ON, "selection-api:verdicts", "portal:retouch-verdict", "portal:retouch-rest", "portal:retouch-return",
            "portal:retouch-sign", "portal:retouch-offer", "portal:album-verdict", "portal:album-comment",
            "portal:album-settle", "portal:album-return", "portal:album-approve", "portal:album-offer",
            "portal:album-swap"),
    # What was delivered, and the right to one's own picture, which no invoice of ours may touch
    **_each(GOES_ON, "portal:story-share", "portal:rights", "portal:rights-revoke"),
}  # fmt: skip
