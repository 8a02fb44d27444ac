"""Shapes of WeChat Pay's service-provider (服务商) API: what a request must and may say, and how an order is told.

As published at pay.weixin.qq.com/doc/v3/partner: placing (JSAPI, H5, Native), query and close by out_trade_no, refunds.
"""

from __future__ import annotations

from infra.fakes.store import Thing

MUST = {"sp_appid", "sp_mchid", "sub_mchid", "description", "out_trade_no", "notify_url", "amount"}
MAY = {"sub_appid", "time_expire", "attach", "goods_tag", "settle_info", "support_fapiao", "detail", "scene_info"}
ONLY_OF = {"jsapi": {"payer"}, "h5": {"scene_info"}, "native": set()}


def fault_of(kind: str, body: Thing, merchant: Thing) -> tuple[str, str] | None:
    """(code, what) that WeChat Pay would answer to an order that is not as published; None when it is."""
    names = body.keys()
    wrong = sorted(MUST - names) or sorted(names - MUST - MAY - ONLY_OF[kind]) or sorted(ONLY_OF[kind] - names)
    if wrong:
        return "PARAM_ERROR", wrong[0]
    if body["sp_mchid"] != merchant["mchid"] or body["sp_appid"] != merchant["appid"]:
        return "APPID_MCHID_NOT_MATCH", "sp_appid"
    sub = merchant["subs"].get(body["sub_mchid"])
    if sub is None:
        return "NO_AUTH", "sub_mchid"
    if body.get("sub_appid", sub) != sub:
        return "APPID_MCHID_NOT_MATCH", "sub_appid"
    return _payer_fault(body) if kind == "jsapi" else None


def _payer_fault(body: Thing) -> tuple[str, str] | None:
    """The payer is known in one app: the provider's, or the sub merchant's, which must then be named."""
    payer = body["payer"]
    if len(payer.keys() & {"sp_openid", "sub_openid"}) != 1 or payer.keys() - {"sp_openid", "sub_openid"}:
        return "PARAM_ERROR", "payer"
    if "sub_openid" in payer and "sub_appid" not in body:
        return "PARAM_ERROR", "sub_appid"
    return None


def names_of(order: Thing) -> Thing:
    """Who an order belongs to, as queries and notifications say it."""
    sub = {"sub_appid": order["sub_appid"]} if order.get("sub_appid") else {}
    return {"sp_appid": order["sp_appid"], "sp_mchid": order["sp_mchid"], "sub_mchid": order["sub_mchid"], **sub}


def payer_of(order: Thing) -> Thing:
    return {"sp_openid": "oDemo", **({"sub_openid": "oSubDemo"} if order.get("sub_appid") else {})}
