"""Packages and publishing them; price rules; coupons."""

from core.console.packages.views.coupons import coupon_edit, coupon_force, coupon_list
from core.console.packages.views.packages import edit, listing, offer, preview, publication, standard
from core.console.packages.views.prices import rule_edit, rule_end, rule_force, rule_list

__all__ = [
    "coupon_edit", "coupon_force", "coupon_list", "edit", "listing", "offer", "preview", "publication", "rule_edit",
    "rule_end", "rule_force", "rule_list", "standard",
]  # fmt: skip
