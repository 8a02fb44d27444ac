"""A second door with TLS in front of the running product, because browsers speak HTTP/2 only behind TLS.

Production has TLS at its own proxy; the demo on one machine has not. The certificate is Caddy's own, made on the spot
and trusted by nobody: browsers of the bench are told to overlook that.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra import proxy
from infra.processes import free_ports
from infra.stack import listens

TRUST_NOBODY = "--ignore-certificate-errors"
CONFIG = """\
{{
	admin off
	persist_config off
	skip_install_trust
	auto_https disable_redirects
	storage file_system "{home}"
	servers {{
		protocols h1 h2
	}}
}}
https://{host}:{port} {{
	bind 127.0.0.1
	tls internal
	reverse_proxy 127.0.0.1:{inner}
}}
"""


@contextmanager
def tls_door(host: str, inner: int) -> Iterator[str]:
    """The address at which `host` answers over TLS and HTTP/2 what the proxy at port `inner` answers."""
    with tempfile.TemporaryDirectory(prefix="yl-tls-") as folder:
        home = Path(folder)
        [port] = free_ports(1)
        text = CONFIG.format(home=home, host=host, port=port, inner=inner)
        daemon = proxy.daemon(text, home=home, run_dir=home / "run", log=home / "caddy.log")
        daemon.start()
        try:
            daemon.wait_ready(lambda: listens(f"127.0.0.1:{port}"))
            yield f"https://{host}:{port}"
        finally:
            daemon.stop()
