"""Backups of the whole database: made, sealed, proved, restored."""

from partnership.operations.backups.making import Made, make_backup, prune
from partnership.operations.backups.restoring import Restored, restore
from partnership.operations.backups.sealing import WrongSeal
from partnership.operations.backups.trying import try_backup

__all__ = ["Made", "Restored", "WrongSeal", "make_backup", "prune", "restore", "try_backup"]
