"""Opens a backup, sealed or not, and proves every part of it before anything is done with it."""

import contextlib
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from partnership.backup_manifest import MANIFEST, Manifest, NotABackup, read_manifest
from partnership.operations.backups.sealing import Opener, is_sealed

BLOCK = 256 * 1024
_MOST_MANIFEST = 8 * 1024 * 1024
_CUT = "The file is not whole, or it is no backup. Use another one."


class PassphraseMissing(NotABackup):
    """The file is encrypted and no passphrase was given."""


@dataclass(frozen=True)
class Backup:
    """An open backup, with what it says of itself."""

    archive: zipfile.ZipFile
    manifest: Manifest

    def prove(self) -> None:
        """Reads every part once. Raises NotABackup where one is missing, added or not what the manifest says."""
        if set(self.archive.namelist()) != {*self.manifest.parts, MANIFEST}:
            raise NotABackup("The backup holds other parts than its manifest names. Use another one.")
        for name in self.manifest.parts:
            self._prove(name)

    def _prove(self, name: str) -> None:
        sha, length = hashlib.sha256(), 0
        part = self.manifest.parts[name]
        try:
            with self.archive.open(name) as member:
                while block := member.read(BLOCK):
                    sha.update(block)
                    length += len(block)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise NotABackup(f"Part {name} of the backup is damaged. Use another backup.") from error
        if (sha.hexdigest(), length) != (part.sha256, part.bytes):
            raise NotABackup(f"Part {name} is not what the manifest says. Use another backup.")

    def take(self, name: str, to: Path) -> None:
        """Writes a part to a file."""
        with self.archive.open(name) as member, to.open("wb") as file:
            while block := member.read(BLOCK):
                file.write(block)


@contextlib.contextmanager
def opened(path: Path, passphrase: str) -> Iterator[Backup]:
    """A backup's file. Raises NotABackup for what is none or is not whole, PassphraseMissing, and WrongSeal."""
    if not path.is_file():
        raise NotABackup(f"There is no file {path}.")
    with path.open("rb") as file:
        source: BinaryIO = file
        if is_sealed(file):
            if not passphrase:
                raise PassphraseMissing(
                    "The backup is encrypted. Set BACKUP_PASSPHRASE, or BACKUP_PASSPHRASE_FILE to a file that holds it."
                )
            source = cast(BinaryIO, io.BufferedReader(Opener(file, passphrase), 64 * 1024))
        try:
            archive = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise NotABackup(_CUT) from error
        with archive:
            yield Backup(archive, _manifest_of(archive))


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
            raise NotABackup(_CUT)
        return read_manifest(archive.read(MANIFEST))
    except (KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise NotABackup(_CUT) from error
