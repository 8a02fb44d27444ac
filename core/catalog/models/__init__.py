"""Packages and their versions; price rules; coupons."""

from core.catalog.models.coupons import Coupon, CouponUse
from core.catalog.models.packages import Package, PackageExtra, PackageProduct, PackageSlot, PackageVersion
from core.catalog.models.prices import PriceRule

__all__ = [
    "Coupon",
    "CouponUse",
    "Package",
    "PackageExtra",
    "PackageProduct",
    "PackageSlot",
    "PackageVersion",
    "PriceRule",
]
