"""Folders for the time that a process runs, in the temporary folder; what a process left that was killed is removed."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROCESSES = Path("/proc")


def folder_of(prefix: str, process: int) -> Path:
    """The folder of that process, whether or not it is there."""
    return Path(tempfile.gettempdir()) / f"{prefix}{os.getuid()}-{process}"


def is_ours(folder: Path) -> bool:
    """Whether it is a folder, no link to one, that this account alone may read and write: anybody may make one of a
    name that can be guessed."""
    try:
        told = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(told.st_mode) and told.st_uid == os.getuid() and not told.st_mode & 0o077


def remove_leftovers(prefix: str) -> None:
    """Removes the folders of processes of this account that run no more."""
    if not (_PROCESSES / "self").exists():
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}{os.getuid()}-*"):
        process = folder.name.removeprefix(f"{prefix}{os.getuid()}-").partition("-")[0]
        if process.isdigit() and not (_PROCESSES / process).exists() and is_ours(folder):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    """A folder that is gone afterwards; what this leaves behind when it is killed, the next one removes."""
    remove_leftovers(prefix)
    with tempfile.TemporaryDirectory(prefix=f"{folder_of(prefix, os.getpid()).name}-") as folder:
        yield Path(folder)
