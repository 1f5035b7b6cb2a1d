"""What the commands around backups have in common: the folder, the passphrase, and refusals as a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError

from indicators.operations.errors import OperationError
from partnership.backup_manifest import NotABackup
from partnership.open_tables import NotAsWritten
from partnership.operations.backups import WrongSeal


def folder_from(named: str | None) -> Path:
    """The folder that was named, else that of the settings."""
    return Path(named or settings.BACKUP_DIR)


def passphrase() -> str:
    """The passphrase of backups: from BACKUP_PASSPHRASE, or the first line of the file that BACKUP_PASSPHRASE_FILE
    names; "" where neither is set. Raises CommandError where that file cannot be read or says nothing."""
    if not settings.BACKUP_PASSPHRASE_FILE:
        return str(settings.BACKUP_PASSPHRASE)
    try:
        said = Path(settings.BACKUP_PASSPHRASE_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError("The file that BACKUP_PASSPHRASE_FILE names cannot be read. Check its path.") from error
    first = said.splitlines()[0].strip() if said.strip() else ""
    if not first:
        raise CommandError(
            "The file that BACKUP_PASSPHRASE_FILE names is empty. Write the passphrase on its first line."
        )
    return first


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """Raises CommandError in place of what refuses a backup."""
    try:
        yield
    except (OperationError, NotABackup, NotAsWritten, WrongSeal) as error:
        raise CommandError(str(error)) from error
    except OperationalError as error:
        raise CommandError("The database does not answer, or has no space left. Run manage.py doctor.") from error
