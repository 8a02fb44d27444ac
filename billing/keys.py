"""The keys a studio types in: which there are, what each looks like, and the one form in which they are kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from billing.enums import PayRoute

LEAST_BITS = 2048
HEADER = re.compile(r"-----(BEGIN|END) [A-Z ]+-----")


@dataclass(frozen=True, slots=True)
class Key:
    """One field. `shape` must match the whole; "private" and "public" are RSA keys, bare or in PEM.

    `is_secret`: never shown again. So are public keys: somebody will paste the private one there.
    """

    name: str
    shape: str
    is_secret: bool = False
    is_account: bool = False  # the provider's name of the account
    is_optional: bool = False


# Of the official account (服务号) with this app id: its secret tells a payer inside WeChat from others (openid), and
# WeChat looks for its file on our host before it sends anybody back there (网页授权域名)
OFFICIAL_ACCOUNT = (
    Key("app_secret", r"[0-9a-f]{32}", is_secret=True, is_optional=True),
    Key("verify_name", r"MP_verify_[0-9A-Za-z]{8,64}\.txt", is_optional=True),
    Key("verify_text", r"[0-9A-Za-z]{8,64}", is_optional=True),
)
# A studio's WeChat Pay under the platform as service provider: its number says whose money it is, the keys are ours
PARTNER = "wechat.partner"
KEYS: dict[str, tuple[Key, ...]] = {
    PARTNER: (
        Key("sub_mchid", r"\d{8,10}", is_account=True),
        Key("sub_appid", r"wx[0-9a-f]{16}", is_optional=True),
        *OFFICIAL_ACCOUNT,
    ),
    PayRoute.WECHAT: (
        Key("mchid", r"\d{8,10}", is_account=True),
        Key("appid", r"wx[0-9a-f]{16}"),
        Key("cert_serial_no", r"[0-9A-F]{20,40}"),
        Key("private_key", "private", is_secret=True),
        Key("apiv3_key", r"[0-9A-Za-z]{32}", is_secret=True),
        Key("public_key_id", r"PUB_KEY_ID_[0-9A-Za-z]{10,64}"),
        Key("public_key", "public", is_secret=True),
        *OFFICIAL_ACCOUNT,
    ),
    PayRoute.ALIPAY: (
        Key("app_id", r"\d{16}", is_account=True),
        Key("private_key", "private", is_secret=True),
        Key("public_key", "public", is_secret=True),
    ),
}


def key_set(route: str, *, by_partner: bool) -> str:
    """Which of KEYS a studio types in on this route."""
    return PARTNER if by_partner and route == PayRoute.WECHAT else str(route)


def secret_names(route: str) -> frozenset[str]:
    return frozenset(key.name for key in KEYS[route] if key.is_secret)


def account_name(route: str, values: Mapping[str, str]) -> str:
    return next(values[key.name] for key in KEYS[route] if key.is_account)


def tidy(route: str, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(values as they are kept, {field: code} of what is wrong); optional ones left empty are not kept.
    Codes: missing · shape · key · short · app (a secret without its app id) · pair (a file's name without its text).
    """
    kept, faults = {}, {}
    for key in KEYS[route]:
        text = values.get(key.name, "").strip()
        if not text and key.is_optional:
            continue
        try:
            kept[key.name] = _kept(key, text)
        except ValueError as fault:
            faults[key.name] = str(fault)
    if "app_secret" in kept and not {"appid", "sub_appid"} & (kept.keys() | faults.keys()):
        faults["sub_appid"] = "app"
    if ("verify_name" in kept) != ("verify_text" in kept) and not {"verify_name", "verify_text"} & faults.keys():
        faults["verify_text" if "verify_name" in kept else "verify_name"] = "pair"
    return kept, faults


def _kept(key: Key, text: str) -> str:
    if not text:
        raise ValueError("missing")
    if key.shape == "private":
        return private_pem(text)
    if key.shape == "public":
        return public_pem(text)
    text = text.upper() if key.name == "cert_serial_no" else text
    if not re.fullmatch(key.shape, text):
        raise ValueError("shape")
    return text


def private_pem(text: str) -> str:
    """An RSA private key, PKCS#1 or PKCS#8, with or without its header, as PKCS#8 in PEM."""
    for kind in ("PRIVATE KEY", "RSA PRIVATE KEY"):
        try:
            found = serialization.load_pem_private_key(_armoured(text, kind), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
        if isinstance(found, RSAPrivateKey):
            _long_enough(found.key_size)
            plain = serialization.NoEncryption()
            form = serialization.PrivateFormat.PKCS8
            return found.private_bytes(serialization.Encoding.PEM, form, plain).decode().strip()
    raise ValueError("key")


def public_pem(text: str) -> str:
    """An RSA public key, with or without its header, as SubjectPublicKeyInfo in PEM."""
    try:
        found = serialization.load_pem_public_key(_armoured(text, "PUBLIC KEY"))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("key") from None
    if not isinstance(found, RSAPublicKey):
        raise ValueError("key")  # noqa: TRY004 (typed in by a person)
    _long_enough(found.key_size)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return found.public_bytes(serialization.Encoding.PEM, form).decode().strip()


def _armoured(text: str, kind: str) -> bytes:
    """In PEM with lines of 64, whatever was pasted. A private key must not pass for a public one."""
    if "PRIVATE" in text and "PRIVATE" not in kind:
        raise ValueError("key")
    body = "".join(HEADER.sub("", text).split())
    lines = "\n".join(body[i : i + 64] for i in range(0, len(body), 64))
    return f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n".encode()


def _long_enough(bits: int) -> None:
    if bits < LEAST_BITS:
        raise ValueError("short")
