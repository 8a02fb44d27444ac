"""The demo refuses early and in words, and never deletes what it did not make."""

import json
import re
import socket
import time
from pathlib import Path

import pyotp
import pytest

from infra import code, demo
from infra.processes import ServiceError, free_ports
from infra.stack import Stack

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    held = demo.lock(tmp_path)
    with pytest.raises(ServiceError, match="Another demo"):
        demo.lock(tmp_path)
    held.close()
    demo.lock(tmp_path).close()


def test_reset_empties_a_demo_folder_only(tmp_path: Path) -> None:
    strange = tmp_path / "holiday"
    strange.mkdir()
    (strange / "picture.jpg").write_text("dear to someone")
    with pytest.raises(ServiceError, match="does not look like"):
        demo.reset(strange)
    assert (strange / "picture.jpg").exists()

    ours = tmp_path / "demo"
    (ours / "pg").mkdir(parents=True)
    for name in ("secrets.json", "demo.lock", "pg/PG_VERSION"):
        (ours / name).write_text("x")
    (ours / "link").symlink_to(strange)
    demo.reset(ours)
    assert [path.name for path in ours.iterdir()] == ["demo.lock"]
    assert (strange / "picture.jpg").exists()


def test_busy_port_full_disk_and_missing_photos_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_ports(1)[0]
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        with pytest.raises(ServiceError, match=f"Port {taken} is in use.*PORT={taken + 100}"):
            demo.Demo(tmp_path, taken, None).check()
    with pytest.raises(ServiceError, match="is not a folder"):
        demo.Demo(tmp_path, port, tmp_path / "nothing").check()
    monkeypatch.setattr(demo, "free_bytes", lambda path: 50_000_000)
    with pytest.raises(ServiceError, match="full: 50 MB free"):
        demo.Demo(tmp_path, port, None).check()


def test_free_bytes_of_a_folder_that_will_be_made(tmp_path: Path) -> None:
    assert demo.free_bytes(tmp_path / "a" / "b") > 0


def test_welcome_tells_addresses_logins_and_codes(tmp_path: Path) -> None:
    studio = {
        "schema": "s_guangying",
        "name": "光影映画",
        "url": "http://guangying.localhost:8000/",
        "path_url": "http://localhost:8000/s/guangying/",
        "staff": [
            {"role": "owner", "username": "laoban", "password": "pass-1"},
            {"role": "manager", "username": "guoyan", "password": "pass-2", "totp_secret": SECRET},
        ],
        "customers": [{"phone": "13800000001", "code": "246810", "portal_url": "p", "gallery_url": "g"}],
    }
    (tmp_path / "demo.json").write_text(json.dumps({"platform_url": "http://localhost:8000/", "studios": [studio]}))
    stack = Stack({"S3_ENDPOINT_URL": "http://127.0.0.1:1"}, tmp_path, tmp_path / "static", 8000)
    text = demo.welcome(stack, tmp_path, 12)
    codes = [pyotp.TOTP(SECRET).at(time.time() - back) for back in (0, 30)]
    assert any(f"guoyan is asked for an app's code: {code}" in text for code in codes)
    for wanted in (
        "光影映画",
        "laoban / pass-1",
        "13800000001  code 246810",
        f"{stack.fakes_url}/_control/billing",
        str(tmp_path / "demo.json"),
    ):
        assert wanted in text


def test_make_code_says_what_an_authenticator_app_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for at in (0, 59, 1_111_111_109, 2_000_000_000):
        assert code.code_of(SECRET, at) == pyotp.TOTP(SECRET).at(at)
    monkeypatch.setenv("YL_DATA", str(tmp_path))
    assert code.main() == 1
    staff = [{"username": "guoyan", "totp_secret": SECRET}, {"username": "boss"}]
    (tmp_path / "demo.json").write_text(json.dumps({"studios": [{"staff": staff}]}))
    capsys.readouterr()
    assert code.main() == 0
    assert re.fullmatch(r"guoyan  \d{6}  \(\d+ s left\)\n", capsys.readouterr().out)
