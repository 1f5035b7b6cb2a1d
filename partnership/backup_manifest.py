"""What a backup says of itself, how its file is called, and which of many are kept."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

FORMAT = 1
APPLICATION = "partnership-performance"
MANIFEST = "manifest.json"
SNAPSHOT = "database.sqlite3"
PLAIN, SEALED = ".zip", ".zip.sealed"
VERIFIED = ".verified"
_NAME = re.compile(r"partnership-(\d{8}T\d{6}Z)(?:-\d+)?\.zip(?:\.sealed)?")

Migration = tuple[str, str]


class NotABackup(Exception):
    """The file is not a whole backup of this application. The message is a sentence for who asked."""


@dataclass(frozen=True)
class Part:
    """One file inside a backup; `rows` and `columns` where it is one table."""

    sha256: str
    bytes: int
    rows: int = -1
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `tables` counts rows; `sequences` are PostgreSQL's: last value and whether it was given."""

    version: str
    made: str
    engine: str
    engine_version: str
    demonstration: bool
    migrations: tuple[Migration, ...]
    tables: Mapping[str, int]
    parts: Mapping[str, Part]
    sequences: Mapping[str, tuple[int, bool]] = field(default_factory=dict)

    def written(self) -> bytes:
        """As it stands in the backup."""
        body = {"application": APPLICATION, "format": FORMAT} | asdict(self)
        return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_manifest(content: bytes) -> Manifest:
    """A manifest as `written` wrote it. Raises NotABackup for anything else, and for a form that is newer than this."""
    try:
        body = json.loads(content)
        if body["application"] != APPLICATION:
            raise NotABackup("This is not a backup of this application.")
        if body["format"] > FORMAT:
            raise NotABackup("This backup was made by a newer version, in a form that this one cannot read.")
        return _manifest(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotABackup("The manifest of this backup cannot be read.") from error


def _manifest(body: Mapping[str, Any]) -> Manifest:
    parts = {
        name: Part(p["sha256"], int(p["bytes"]), int(p["rows"]), tuple(p["columns"]))
        for name, p in body["parts"].items()
    }
    return Manifest(
        version=str(body["version"]),
        made=str(body["made"]),
        engine=str(body["engine"]),
        engine_version=str(body["engine_version"]),
        demonstration=bool(body["demonstration"]),
        migrations=tuple((str(app), str(name)) for app, name in body["migrations"]),
        tables={str(name): int(rows) for name, rows in body["tables"].items()},
        parts=parts,
        sequences={str(name): (int(last), bool(called)) for name, (last, called) in body["sequences"].items()},
    )


def version_key(version: str) -> tuple[int, ...]:
    """The numbers of a version, to compare: "0.10.1" is (0, 10, 1). What is no number counts as 0."""
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


def leaves(migrations: Iterable[Migration], parents: Mapping[Migration, Iterable[Migration]]) -> list[Migration]:
    """The migrations that no other one of the same application follows; migrating to them gives them all."""
    held = set(migrations)
    followed = {p for m in held for p in parents.get(m, ()) if p[0] == m[0]}
    return sorted(held - followed)


def file_name(at: datetime, *, sealed: bool) -> str:
    """partnership-20220707T090000Z.zip, with .sealed behind it when it is encrypted; the moment is of UTC."""
    return f"partnership-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{SEALED if sealed else PLAIN}"


def made_at(name: str) -> datetime | None:
    """When the backup of that name was made; None when the name is not one of a backup."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else None


def in_order(names: Iterable[str]) -> list[str]:
    """The names of backups among these, the newest last."""
    return sorted((n for n in names if _NAME.fullmatch(n)), key=lambda name: (name.partition(".")[0], name))


def superfluous(names: Iterable[str], keep: int) -> Sequence[str]:
    """The backups to delete so that the newest `keep` are left; none for fewer than 1."""
    return in_order(names)[:-keep] if keep > 0 else []
