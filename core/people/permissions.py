"""Role → capabilities: one table. A membership without a branch counts in every branch."""

from core.people.enums import Capability as C
from core.people.enums import Role

_SEE = {C.VIEW_TODAY, C.VIEW_BOARD, C.VIEW_GALLERIES, C.VIEW_LIBRARY, C.VIEW_CALENDAR}
_DESK = _SEE | {C.TAKE_ORDER, C.CHANGE_ORDER, C.MOVE_ORDER, C.VIEW_CUSTOMERS, C.CHANGE_CUSTOMERS, C.PUBLISH_GALLERY}
_DESK |= {C.DELIVER, C.BOOK_DATES, C.VIEW_MONEY, C.TAKE_PAYMENT, C.DISCOUNT, C.SEND_CONTRACTS}
_CRAFT = _SEE | {C.MOVE_ORDER}
_PICTURES = _CRAFT | {C.UPLOAD_PHOTOS, C.OPEN_ORIGINALS, C.KEEP_LIBRARY}
_CHAIN = {  # the whole chain's
    C.MANAGE_BRANCHES,
    C.VIEW_HEADQUARTERS,
    C.MANAGE_PAY_ROUTES,
    C.MANAGE_COMMISSIONS,
    C.MANAGE_SUBSCRIPTION,
    C.KEEP_STUDIO,
}

ROLE_CAPABILITIES: dict[str, frozenset[C]] = {
    Role.OWNER: frozenset(C),
    Role.MANAGER: frozenset(set(C) - _CHAIN),
    Role.RECEPTIONIST: frozenset(_DESK | {C.CLOSE_DAY, C.ISSUE_INVOICE}),
    Role.SALES_CONSULTANT: frozenset(_DESK),
    Role.SERVICE_BUTLER: frozenset(_DESK),
    Role.AFTER_SALES: frozenset(_DESK),
    Role.GOWN_MASTER: frozenset(_CRAFT),
    Role.MAKEUP_ARTIST: frozenset(_CRAFT),
    Role.LIGHTING_TECHNICIAN: frozenset(_SEE),
    Role.ASSISTANT: frozenset(_SEE),
    Role.PHOTOGRAPHER: frozenset(_PICTURES),
    Role.SELECTION_ADVISER: frozenset(
        _PICTURES
        | {C.RETOUCH, C.DESIGN_ALBUMS, C.VIEW_CUSTOMERS, C.PUBLISH_GALLERY, C.UNLOCK_SELECTION, C.LEAD_SELECTION}
        | {C.DELIVER, C.VIEW_MONEY, C.TAKE_PAYMENT}  # what is open is settled when photographs are chosen (R056)
    ),
    Role.RETOUCHER: frozenset(_PICTURES | {C.RETOUCH}),
    Role.ALBUM_DESIGNER: frozenset(_PICTURES | {C.RETOUCH, C.DESIGN_ALBUMS}),
    Role.PRODUCTION: frozenset(_CRAFT),
}

# A support visitor's, in every branch: looking, and, where the owner ticked it for the visit, ordinary desk work. Named
# one by one, so that a new capability is not theirs: never money, staff, signatures, originals, or the studio itself.
SUPPORT_CAPABILITIES = frozenset(
    _SEE
    | {C.TAKE_ORDER, C.CHANGE_ORDER, C.MOVE_ORDER, C.VIEW_CUSTOMERS, C.CHANGE_CUSTOMERS, C.BOOK_DATES, C.KEEP_CALENDAR}
    | {C.UPLOAD_PHOTOS, C.PUBLISH_GALLERY, C.RETOUCH, C.DESIGN_ALBUMS, C.DELIVER, C.VIEW_LIBRARY, C.VIEW_MONEY}
    | {C.SEND_CONTRACTS, C.MANAGE_PACKAGES, C.VIEW_OUTBOX}
)
