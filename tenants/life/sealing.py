"""What of a studio's rows nobody may read in an archive, and its sealing: AES-256-GCM under the platform's keys.

A restore needs passwords and second steps, the owner who downloads the archive does not. So a table of SECRETS stands
in it twice: readable without those columns, and whole as frames that only the platform opens (settings.CREDENTIAL_KEYS,
the first seals, all of them open). A frame is bound to its table, its studio and its place: nothing can be moved.
"""

import os
import struct
from collections.abc import Callable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tenants.life.tables import Table

ALL: frozenset[str] = frozenset()
SECRETS: dict[str, frozenset[str]] = {  # table → its secret columns; ALL: the whole table
    "accounts_passkey": ALL,
    "accounts_recoverycode": ALL,
    "accounts_totpkey": ALL,
    "accounts_user": frozenset({"password"}),
    "core_invitation": frozenset({"token_hash"}),
    "core_outboxmessage": frozenset({"facts"}),  # letters hold codes and links that let in
    "core_payattempt": frozenset({"start"}),  # what a cash desk was given, a payer's openid among it
    "core_resource": frozenset({"feed_token"}),
    "core_sealkey": frozenset({"private"}),
    "selection_entrypin": frozenset({"digits"}),
    "selection_story": frozenset({"share_code"}),
}
FRAME = 256 * 1024
NONCE = 12
HEAD = struct.Struct("<L?")  # length of nonce and ciphertext, whether it is the last


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class SecretsBroken(ValueError):
    """No key of ours opens it, or somebody changed it."""


def readable(table: Table) -> Table | None:
    """The table without its secret columns; None: nothing of it is for people."""
    hidden = SECRETS.get(table.name)
    if hidden is None:
        return table
    if hidden == ALL:
        return None
    return Table(table.name, tuple(column for column in table.columns if column[0] not in hidden))


class Sealer:
    """Takes bytes, writes frames."""

    def __init__(self, write: Callable[[bytes], object], *, schema: str, table: str) -> None:
        self._write, self._about, self._number = write, f"{schema}|{table}", 0
        self._aead, self._buffer = AESGCM(_keys()[0]), bytearray()

    def feed(self, chunk: bytes) -> None:
        self._buffer += chunk
        while len(self._buffer) > FRAME:
            self._frame(bytes(self._buffer[:FRAME]), last=False)
            del self._buffer[:FRAME]

    def finish(self) -> None:
        self._frame(bytes(self._buffer), last=True)

    def _frame(self, plain: bytes, *, last: bool) -> None:
        nonce = os.urandom(NONCE)
        body = nonce + self._aead.encrypt(nonce, plain, _place(self._about, self._number, last=last))
        self._write(HEAD.pack(len(body), last) + body)
        self._number += 1


def opened(member: Readable, *, schema: str, table: str) -> Iterator[bytes]:
    """What `Sealer` was fed. Raises SecretsBroken; a file that was cut is broken too."""
    number, last = 0, False
    while not last:
        head = member.read(HEAD.size)
        if len(head) < HEAD.size:
            raise SecretsBroken(table)
        length, last = HEAD.unpack(head)
        if not NONCE < length <= NONCE + FRAME + 16:
            raise SecretsBroken(table)
        yield _open(member.read(length), _place(f"{schema}|{table}", number, last=last), table)
        number += 1


def _open(body: bytes, place: bytes, table: str) -> bytes:
    for key in _keys():
        try:
            return AESGCM(key).decrypt(body[:NONCE], body[NONCE:], place)
        except InvalidTag:
            continue
    raise SecretsBroken(table)


def _place(about: str, number: int, *, last: bool) -> bytes:
    return f"{about}|{number}|{int(last)}".encode()


def _keys() -> list[bytes]:
    return [
        HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"yinglou.tenants.archive").derive(secret.encode())
        for secret in settings.CREDENTIAL_KEYS
    ]
