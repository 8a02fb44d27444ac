"""Who takes money by WeChat Pay, and whose keys sign for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from wechatpayv3 import WeChatPay, WeChatPayType

from billing.exchange import PayRefused
from billing.models import MerchantAccount
from billing.sealing import SealBroken
from billing.selectors import wechat_provides

TIMEOUT = (4, 15)


class Client(WeChatPay):  # type: ignore[misc]  # the library has no types
    """The library's client, at the address we are told."""

    def __init__(self, keys: Mapping[str, str], *, is_partner: bool) -> None:
        super().__init__(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=keys["mchid"],
            private_key=keys["private_key"],
            cert_serial_no=keys["cert_serial_no"],
            appid=keys["appid"],
            apiv3_key=keys["apiv3_key"],
            public_key=keys["public_key"],
            public_key_id=keys["public_key_id"],
            partner_mode=is_partner,
            timeout=TIMEOUT,
        )
        self._core._gate_way = settings.WECHAT_API_BASE


@dataclass(frozen=True)
class Merchant:
    """Whose money it is and whose keys sign: the studio's own, or ours as its service provider (`sub` is then what
    every request names beside us).
    """

    keys: Mapping[str, str]
    sub: Mapping[str, str]
    appid: str  # the app in which a payer's openid is known
    app_secret: str = ""  # of that app; without it nobody's openid can be asked for
    is_our_app: bool = False  # the app is the service provider's, so WeChat sends payers back to our own host only

    @property
    def named(self) -> dict[str, Any]:
        """For requests about an order that exists."""
        return {"sub_mchid": self.sub["sub_mchid"]} if self.sub else {}

    def api(self) -> Client:
        """Raises PayRefused("pay.account_refused") when the keys cannot be read."""
        try:
            return Client(self.keys, is_partner=bool(self.sub))
        except Exception:  # noqa: BLE001 (the library raises bare exceptions for keys that are no keys)
            raise PayRefused("pay.account_refused", reason="keys") from None

    @property
    def openid_name(self) -> str:
        """In whose app the payer's openid is known: the studio's, or the service provider's."""
        if not self.sub:
            return "openid"
        return "sp_openid" if self.is_our_app else "sub_openid"

    def is_of(self, told: Mapping[str, Any]) -> bool:
        """Whether an order, or a notice's content, names this merchant; what it does not name at all may be."""
        names = ("sp_mchid", "sub_mchid") if self.sub else ("mchid",)
        wanted = {"sp_mchid": self.keys["mchid"], "mchid": self.keys["mchid"], **self.sub}
        return all(told.get(name, "" if self.sub else wanted[name]) == wanted[name] for name in names)


def merchant(account: MerchantAccount) -> Merchant:
    """Raises PayRefused when the studio's keys cannot be read, or we are no service provider (any more)."""
    try:
        own = account.credentials
    except SealBroken:
        raise PayRefused("pay.account_refused", reason="keys") from None
    if "sub_mchid" in own:
        if not wechat_provides():
            raise PayRefused("pay.route_closed")
        return _under_us(own)
    if not {"mchid", "appid", "public_key_id"} <= own.keys():
        raise PayRefused("pay.account_refused", reason="keys")
    return Merchant(own, {}, own["appid"], own.get("app_secret", ""))


def _under_us(own: Mapping[str, str]) -> Merchant:
    """A payer is known in the app whose secret we have, since only that can ask who they are. The studio's own comes
    first: WeChat then shows its name, and sends payers back to its own host. Ours serves those without one.
    """
    sub = {name: own[name] for name in ("sub_mchid", "sub_appid") if own.get(name)}
    secret, ours = own.get("app_secret", ""), settings.WECHAT_SP_APP_SECRET
    if sub.get("sub_appid") and (secret or not ours):
        return Merchant(settings.WECHAT_SP, sub, sub["sub_appid"], secret)
    return Merchant(settings.WECHAT_SP, sub, settings.WECHAT_SP["appid"], ours, is_our_app=True)
