"""`make code`: the six digits that the demo's authenticator app shows now, for those who have no app at hand."""

import base64
import hashlib
import hmac
import json
import struct
import sys
import time

from infra.paths import data_dir

SECONDS = 30


def code_of(secret: str, at: float) -> str:
    """The code of that half minute (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // SECONDS), hashlib.sha1)
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def main() -> int:
    """Print user name and code of everybody in demo.json who has an app."""
    found = data_dir() / "demo.json"
    if not found.exists():
        print("No demo was started here yet: make demo", file=sys.stderr)
        return 1
    now = time.time()
    for studio in json.loads(found.read_text())["studios"]:
        for who in studio["staff"]:
            if who.get("totp_secret"):
                print(f"{who['username']}  {code_of(who['totp_secret'], now)}  ({SECONDS - int(now) % SECONDS} s left)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
