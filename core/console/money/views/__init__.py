"""An order's money, what has to be looked at, lists, the day's close."""

from core.console.money.views.branches import days, settlement, settlement_csv, settlements, share
from core.console.money.views.checking import (
    audit,
    audit_refund,
    cancel_invoice,
    checking,
    claim,
    correct,
    issue,
    pay_out,
)
from core.console.money.views.closing import day
from core.console.money.views.commissions import commissions, commissions_csv, end_rule, rules
from core.console.money.views.lists import arrears, forecast, remind
from core.console.money.views.order import (
    add_charge,
    discount,
    give_back,
    new_invoice,
    panel,
    receipt,
    take,
)
from core.console.money.views.proofs import add_deal_photo, add_photo, deal_photo, photo
from core.console.money.views.topups import online_top_up, refund_top_up
from core.console.money.views.values import (
    audit_deal,
    cap,
    card,
    correct_deal,
    gift,
    point_rule,
    points,
    spend,
    top_up,
    values,
)
from core.console.money.views.values import pay_out as pay_out_value

__all__ = [
    "add_charge",
    "add_deal_photo",
    "add_photo",
    "arrears",
    "audit",
    "audit_deal",
    "audit_refund",
    "cancel_invoice",
    "cap",
    "card",
    "checking",
    "claim",
    "commissions",
    "commissions_csv",
    "correct",
    "correct_deal",
    "day",
    "days",
    "deal_photo",
    "discount",
    "end_rule",
    "forecast",
    "gift",
    "give_back",
    "issue",
    "new_invoice",
    "online_top_up",
    "panel",
    "pay_out",
    "pay_out_value",
    "photo",
    "point_rule",
    "points",
    "receipt",
    "refund_top_up",
    "remind",
    "rules",
    "settlement",
    "settlement_csv",
    "settlements",
    "share",
    "spend",
    "take",
    "top_up",
    "values",
]
