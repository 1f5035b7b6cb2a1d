"""What a look at the installation finds, and how it is judged: sound, to be looked at, or wrong."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

MEGABYTE = 1024 * 1024
LEAST_FREE, SCARCE_FREE = 200 * MEGABYTE, 2048 * MEGABYTE
_SCARCE_PART = 10
BACKUP_LATE, BACKUP_TOO_LATE = timedelta(hours=26), timedelta(hours=74)
VERIFIED_LATE = timedelta(days=8)
CLOCK_OFF, CLOCK_WRONG = timedelta(seconds=2), timedelta(seconds=60)


class State(StrEnum):
    """How a thing stands."""

    OK = "ok"
    LOOK = "look at this"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it stands, what was found, and what to do about it."""

    check: str
    state: State
    found: str
    do: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """The same as data."""
        return asdict(self) | {"state": self.state.value}


def ok(check: str, found: str) -> Finding:
    """A thing that is sound."""
    return Finding(check, State.OK, found)


def look(check: str, found: str, do: str) -> Finding:
    """A thing that works, and that somebody should look at."""
    return Finding(check, State.LOOK, found, do)


def wrong(check: str, found: str, do: str) -> Finding:
    """A thing that does not work, or will not when it is needed."""
    return Finding(check, State.WRONG, found, do)


def exit_code(findings: Iterable[Finding]) -> int:
    """0 when all is sound, 1 when something is to be looked at, 2 when something is wrong."""
    states = {finding.state for finding in findings}
    return 2 if State.WRONG in states else 1 if State.LOOK in states else 0


def age_words(age: timedelta) -> str:
    """ "40 minutes", "5 hours", "3 days"."""
    minutes = int(age.total_seconds() // 60)
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        number = minutes // size
        if number >= (2 if size > 1 else 0):
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "0 minutes"


def disk(what: str, path: str, free: int, total: int) -> Finding:
    """How much space is left in bytes where something is written."""
    check = f"disk of {what}"
    found = f"{path}: {free // MEGABYTE:,} MB of {total // MEGABYTE:,} MB are free."
    if free < LEAST_FREE:
        return wrong(check, found, "Make space now: nothing can be saved once it is full.")
    if free < SCARCE_FREE or free * _SCARCE_PART < total:
        return look(check, found, "Make space, or give it a larger disk.")
    return ok(check, found)


def clocks(here: datetime, there: datetime) -> Finding:
    """How far this machine's clock is from the database server's."""
    off = abs(here - there)
    found = f"This machine and the database server are {off.total_seconds():.1f} seconds apart."
    if off > CLOCK_WRONG:
        return wrong("clock", found, "Set both clocks by a time server (timedatectl set-ntp true).")
    if off > CLOCK_OFF:
        return look("clock", found, "Set both clocks by a time server (timedatectl set-ntp true).")
    return ok("clock", found)


def last_backup(made: datetime | None, now: datetime, *, in_production: bool) -> Finding:
    """How old the newest backup is."""
    do = "Run manage.py backup every night from a timer; docs/deployment.md has one."
    if made is None:
        judge = wrong if in_production else look
        return judge("last backup", "There is none.", do)
    age = now - made
    found = f"It was made {age_words(age)} ago."
    if age > BACKUP_TOO_LATE:
        return wrong("last backup", found, do)
    return look("last backup", found, do) if age > BACKUP_LATE else ok("last backup", found)


def last_verified(verified: datetime | None, now: datetime) -> Finding:
    """When a backup was last tried out by restoring it."""
    do = "Run manage.py backup --verify newest every week from a timer."
    if verified is None:
        return look("backup tried out", "None of the backups was restored to try it out.", do)
    age = now - verified
    found = f"One was restored into a scratch database {age_words(age)} ago, and its packs were sound."
    return look("backup tried out", found, do) if age > VERIFIED_LATE else ok("backup tried out", found)
