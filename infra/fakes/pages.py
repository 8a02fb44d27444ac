"""The fakes' pages: pay, fail, walk away. Plain, for a phone of 390 px, and unmistakably not real."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse

STYLE = """
:root{color-scheme:light dark;--ink:#1a1d21;--soft:#5c6570;--line:#d9dee4;--card:#fff;--back:#f3f5f8;--go:#0a7d4b;
--bad:#c0362c}
@media(prefers-color-scheme:dark){
:root{--ink:#eef1f4;--soft:#a3adb8;--line:#3a424b;--card:#20262c;--back:#14181c;--go:#0a7d4b;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,"PingFang SC","Noto Sans SC",sans-serif;color:var(--ink);background:var(--back)}
main{max-width:430px;margin:0 auto;padding:16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:20px;margin:12px 0}
.fake{font-size:13px;color:var(--soft);text-align:center}
h1{font-size:18px;margin:0}
.sum{font-size:36px;font-weight:650;margin:8px 0 0}
p{margin:6px 0;color:var(--soft);overflow-wrap:anywhere}
form{margin:0}
label{display:flex;gap:12px;align-items:center;min-height:52px;border-top:1px solid var(--line)}
label:first-of-type{border:0}
input[type=radio]{width:20px;height:20px;accent-color:var(--go)}
button{width:100%;min-height:50px;border-radius:10px;border:1px solid var(--line);background:none;color:inherit;
font:inherit;margin-top:10px;cursor:pointer}
button.go{background:var(--go);border-color:var(--go);color:#fff;font-weight:600}
.bad{color:var(--bad)}
"""
METHODS = {"card": "银行卡 Card", "alipay": "支付宝 Alipay", "wechat_pay": "微信支付 WeChat Pay"}


def page(title: str, inner: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{STYLE}</style></head>"
        f'<body><main><p class="fake">演示环境 · 不会真的扣款 · demo, no real money</p>{inner}</main></body></html>',
        status_code=status,
    )


def pay_page(
    *, title: str, payee: str, what: str, amount: str, action: str, methods: list[str], message: str = ""
) -> HTMLResponse:
    """What the payer sees. The buttons post `act`: pay · fail · away."""
    radios = "".join(
        f'<label><input type="radio" name="method" value="{one}"{" checked" if i == 0 else ""}>{METHODS[one]}</label>'
        for i, one in enumerate(methods)
    )
    choice = f'<div class="card">{radios}</div>' if radios else ""
    warning = f'<p class="bad" role="alert">{escape(message)}</p>' if message else ""
    return page(
        title,
        f'<div class="card"><h1>{escape(title)}</h1><p>{escape(payee)} · {escape(what)}</p>'
        f'<div class="sum">{escape(amount)}</div>{warning}</div>'
        f'<form method="post" action="{escape(action)}">{choice}'
        '<button class="go" name="act" value="pay">支付 Pay</button>'
        '<button name="act" value="fail">支付失败 Fail</button>'
        '<button name="act" value="away">离开，不支付 Walk away</button></form>',
    )


def done_page(title: str, text: str) -> HTMLResponse:
    return page(title, f'<div class="card"><h1>{escape(title)}</h1><p>{escape(text)}</p></div>')


def money(minor: int, currency: str) -> str:
    whole = currency.upper() in {"JPY", "KRW", "VND"}
    sign = {"CNY": "¥", "JPY": "¥", "HKD": "HK$", "USD": "$"}.get(currency.upper(), f"{currency.upper()} ")
    return f"{sign}{minor:,}" if whole else f"{sign}{minor / 100:,.2f}"


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a plain form; {} for a GET."""
    return dict(parse_qsl((await request.body()).decode())) if request.method == "POST" else {}
