"""Who pays inside WeChat: the payer's openid by OAuth2 in silence (snsapi_base). No name, no picture, no token kept."""

import json
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings

from billing.exchange import PayRefused, PayUnreachable
from billing.models import MerchantAccount
from billing.wechat_merchant import merchant

TIMEOUT = (3, 6)  # somebody looks at a white page meanwhile
BUSY = {-1, 45009, 45011}  # WeChat's "later": overloaded, over a limit


def can_ask(account: MerchantAccount) -> bool:
    """Whether a payer's openid can be learned for this merchant: the secret of its app is here."""
    try:
        return bool(merchant(account).app_secret)
    except PayRefused:
        return False


def app_of(account: MerchantAccount) -> str:
    """The app that a payer's openid belongs to."""
    return merchant(account).appid


def question(account: MerchantAccount, back_url: str, state: str) -> str:
    """Where the payer's browser is sent. WeChat takes the parameters in this order only, and `state` of at most 128
    letters and digits. Its app admits its own hosts only: with ours, the platform's host sends payers on
    (billing.hooks.wechat_back).
    """
    of = merchant(account)
    is_abroad = of.is_our_app and urlsplit(back_url).hostname != settings.PLATFORM_HOST
    back = f"{settings.PLATFORM_URL}/hooks/wechat-back/{account.studio.slug}/" if is_abroad else back_url
    return (
        f"{settings.WECHAT_OPEN_BASE}/connect/oauth2/authorize?appid={of.appid}&redirect_uri={quote(back, safe='')}"
        f"&response_type=code&scope=snsapi_base&state={state}#wechat_redirect"
    )


def fetch_openid(account: MerchantAccount, code: str) -> str:
    """The openid for a code, good once and for five minutes. Raises PayRefused("pay.payer"), PayUnreachable."""
    of = merchant(account)
    asked = {"appid": of.appid, "secret": of.app_secret, "code": code, "grant_type": "authorization_code"}
    try:
        answer = requests.get(f"{settings.WECHAT_OAUTH_BASE}/sns/oauth2/access_token", params=asked, timeout=TIMEOUT)
    except requests.RequestException as error:  # its text has the address with the secret: never passed on
        raise PayUnreachable(f"wechat {type(error).__name__}") from None
    told = _object(answer)
    if answer.status_code >= 500 or told.get("errcode") in BUSY:
        raise PayUnreachable(f"wechat {answer.status_code} {told.get('errcode')}")
    openid = told.get("openid")
    if not isinstance(openid, str) or not openid:
        raise PayRefused("pay.payer", reason=str(told.get("errcode", "")))
    return openid[:128]


def _object(answer: requests.Response) -> dict[str, Any]:
    try:
        found = json.loads(answer.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
