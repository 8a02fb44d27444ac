"""Verbs of the catalogue."""

from core.catalog.services.coupons import redeem_coupon, release_coupons, save_coupon, set_coupon_active
from core.catalog.services.packages import MAX_SLOTS, publish_package, save_package, set_offered
from core.catalog.services.prices import drop_rule, save_rule, set_rule_active

__all__ = [
    "MAX_SLOTS",
    "drop_rule",
    "publish_package",
    "redeem_coupon",
    "release_coupons",
    "save_coupon",
    "save_package",
    "save_rule",
    "set_coupon_active",
    "set_offered",
    "set_rule_active",
]
