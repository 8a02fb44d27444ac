"""The fakes as a process of the stack, and the environment that leads the product to them."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.fakes.app import product_env
from infra.fakes.post import Post
from infra.fakes.store import Store
from infra.fakes.wechat import WeChat
from infra.processes import Daemon


def leading_env(env: Mapping[str, str], site: str, data: Path | None = None) -> dict[str, str]:
    """Variables for the product. The person's own environment wins: a real Stripe key takes all of Stripe's, a real
    number of a service provider all of its. `data`: where the fakes keep their memory.
    """
    found = product_env(site, _secret(env))
    if data is not None and not any(name.startswith("WECHAT_SP_") for name in os.environ):
        found |= provider_env(_memory(data))
    if os.environ.get("STRIPE_SECRET_KEY"):
        found = {name: value for name, value in found.items() if not name.startswith("STRIPE_")}
        found["PAY_PAGES"] = f"{site} https://*.stripe.com"
    return {name: value for name, value in found.items() if name not in os.environ}


def daemon(env: Mapping[str, str], site: str, platform: str, data: Path, run_dir: Path) -> Daemon:
    """`site` is http://localhost:<port>; notifications go to the product at `platform`."""
    argv = [sys.executable, "-m", "uvicorn", "--factory", "infra.fakes.app:app_from_env", "--host", "127.0.0.1"]
    argv += ["--port", site.rpartition(":")[2], "--no-access-log", "--log-level", "warning", "--lifespan", "off"]
    own = {
        "FAKES_SITE": site,
        "FAKES_STRIPE_HOOK": f"{platform}/hooks/stripe/connect",
        "FAKES_SECRET": _secret(env),
        "FAKES_DATA": str(_memory(data)),
        "PYTHONUNBUFFERED": "1",
    }
    return Daemon("fakes", [*argv, "--ws", "none"], run_dir, data / "log" / "fakes.log", own)


def provider_env(memory: Path) -> dict[str, str]:
    """The platform as a service provider of the fakes' WeChat Pay: made once, before they read their memory."""
    memory.parent.mkdir(parents=True, exist_ok=True)
    store = Store(memory)
    try:
        keys = store.get("provider", "platform")
        if keys is None:
            wechat = WeChat(store, Post(store, deliver=False), "")
            keys = store.put("provider", {"id": "platform", **wechat.new_provider()})
    finally:
        store.close()
    return {f"WECHAT_SP_{name.upper()}": value.replace("\n", "\\n") for name, value in keys.items() if name != "id"}


def _memory(data: Path) -> Path:
    return data / "fakes.sqlite"


def _secret(env: Mapping[str, str]) -> str:
    return "whsec_" + hashlib.sha256(b"fakes" + env.get("SECRET_KEY", "").encode()).hexdigest()[:32]
