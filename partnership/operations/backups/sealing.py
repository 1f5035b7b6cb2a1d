"""A sealed file: AES-256-GCM in chunks whose order and whose end cannot be changed, the key by scrypt.

Layout: magic, parameters of scrypt, salt, nonce prefix (the header, which every chunk is bound to), then chunks of 64
KiB with a tag of 16 bytes each. The nonce of a chunk is the prefix, its number, and whether it is the last one, so that
a file that was cut at a chunk's border, or whose chunks were moved, does not open (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár, 2015).
"""

import io
import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"PPSEAL1\n"
CHUNK = 64 * 1024
SHORTEST_PASSPHRASE = 12
_TAG = 16
_HEADER = struct.Struct(">8sBBB16s7s")
# 128 MiB of memory and about half a second for each guess.
_LOG_N, _R, _P = 17, 8, 1
_MOST_LOG_N, _MOST_R, _MOST_P = 20, 16, 4


class WrongSeal(Exception):
    """The file does not open. The message is a sentence that says what to look at."""


def _cipher(passphrase: str, salt: bytes, log_n: int, r: int, p: int) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**log_n, r=r, p=p).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


class Sealer(io.RawIOBase):
    """Writes what it is given, sealed, to a file; closing it writes the end, without which the file never opens."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, self._prefix = os.urandom(16), os.urandom(7)
        self._header = _HEADER.pack(MAGIC, _LOG_N, _R, _P, salt, self._prefix)
        self._cipher = _cipher(passphrase, salt, _LOG_N, _R, _P)
        self._file, self._number, self._held = file, 0, bytearray()
        file.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Keeps a chunk back until it is known that it is not the last."""
        self._held += data
        while len(self._held) > CHUNK:
            self._put(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def _put(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, plain, self._header))
        self._number += 1

    def finish(self) -> None:
        """Writes the last chunk."""
        self._put(bytes(self._held), last=True)
        self._held.clear()


class Opener(io.RawIOBase):
    """Reads a sealed file, at any place of it. Raises WrongSeal at once for a wrong passphrase and for a file that was
    cut or continued, and wherever a changed chunk is read."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file = file
        header = file.read(_HEADER.size)
        size = file.seek(0, os.SEEK_END) - len(header)
        if len(header) < _HEADER.size or size < _TAG:
            raise WrongSeal("The file was cut short: not even its beginning is whole. Use another backup.")
        magic, log_n, r, p, salt, self._prefix = _HEADER.unpack(header)
        if magic != MAGIC or log_n > _MOST_LOG_N or not 0 < r <= _MOST_R or not 0 < p <= _MOST_P:
            raise WrongSeal("The beginning of the file was changed, or it is no encrypted backup.")
        self._header, self._cipher = header, _cipher(passphrase, salt, log_n, r, p)
        self._count = -(-size // (CHUNK + _TAG))
        self._size = size - self._count * _TAG
        self._at, self._chunk, self._plain = 0, -1, b""
        self._prove_the_ends()

    def _prove_the_ends(self) -> None:
        try:
            self._load(0)
        except WrongSeal as error:
            raise WrongSeal(
                "The passphrase is not the one that this backup was encrypted with, or the file was changed."
            ) from error
        self._load(self._count - 1)

    def _load(self, number: int) -> None:
        if number == self._chunk:
            return
        self._file.seek(_HEADER.size + number * (CHUNK + _TAG))
        sealed = self._file.read(CHUNK + _TAG)
        nonce = _nonce(self._prefix, number, last=number == self._count - 1)
        try:
            self._plain = self._cipher.decrypt(nonce, sealed, self._header)
        except (InvalidTag, ValueError) as error:
            raise WrongSeal("The file was changed or cut short after it was made. Use another backup.") from error
        self._chunk = number

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        number, inside = divmod(self._at, CHUNK)
        self._load(number)
        found = self._plain[inside : inside + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


def is_sealed(file: BinaryIO) -> bool:
    """Whether a file begins as a sealed one; it is left at its beginning."""
    begins = file.read(len(MAGIC))
    file.seek(0)
    return begins == MAGIC
