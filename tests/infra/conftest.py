"""An S3 server of its own for these tests: they must not depend on what the session's server was started with."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from infra.processes import free_ports
from infra.s3 import S3

ORIGIN = "http://guangying.localhost:8000"


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    home: Path = tmp_path_factory.mktemp("s3")
    server = S3(
        home / "data",
        home / "run",
        home / "s3.log",
        free_ports(1)[0],
        "key",
        "secret" * 6,
        cors=r"http://([a-z0-9-]+\.)*localhost:8000",
        durable=False,
    )
    server.start()
    yield server
    server.stop()


def client_of(server: S3, **config: Any) -> Any:
    """A boto3 client as the product configures it; `config` overrides."""
    settings = {
        "signature_version": "s3v4",
        "s3": {"addressing_style": "path"},
        "request_checksum_calculation": "when_required",
        "response_checksum_validation": "when_required",
        "retries": {"max_attempts": 1},
    }
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{server.port}",
        region_name=server.region,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        config=Config(**{**settings, **config}),
    )


@pytest.fixture(scope="session")
def s3(s3_server: S3) -> Any:
    return client_of(s3_server)
