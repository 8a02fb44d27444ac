"""The S3 server of one machine as a process: `infra.s3guard` served by uvicorn on its own origin."""

from __future__ import annotations

import http.client
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.processes import Daemon


@dataclass
class S3:
    """`start` returns when the server answers; the bucket then exists. `cors` is a regex of page origins."""

    home: Path
    run_dir: Path
    log: Path
    port: int
    access_key: str
    secret_key: str
    bucket: str = "yinglou"
    region: str = "us-east-1"
    cors: str = ".*"
    durable: bool = True

    def __post_init__(self) -> None:
        self.daemon: Daemon | None = None

    def start(self) -> None:
        env = {
            "S3_DATA": str(self.home),
            "S3_BUCKET": self.bucket,
            "S3_REGION": self.region,
            "S3_ACCESS_KEY": self.access_key,
            "S3_SECRET_KEY": self.secret_key,
            "S3_CORS": self.cors,
            "S3_DURABLE": "1" if self.durable else "0",
        }
        argv = [sys.executable, "-m", "uvicorn", "--factory", "infra.s3guard:app_from_env", "--host", "127.0.0.1"]
        argv += ["--port", str(self.port), "--no-access-log", "--log-level", "warning"]
        argv += ["--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "3", "--lifespan", "off"]
        self.daemon = Daemon("s3", argv, self.run_dir, self.log, env)
        self.daemon.start()
        self.daemon.wait_ready(self.answers)

    def answers(self) -> bool:
        """True when an unsigned request is refused the way this server refuses."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 403
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        if self.daemon is not None:
            self.daemon.stop()
