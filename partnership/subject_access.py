"""What is given to a person who asks what is held about them: a zip of CSV files, the same as JSON, and a readme."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

README = """What is held about {email}
{line}

Made on {day}. Each CSV file holds the rows of one table in which the person stands; its name says the table, and after
the dash as what: indicators_figure-recorded_by.csv holds the figures that the person entered. everything.json holds the
same in one file.

indicators_user            the account
indicators_membership      the roles, with since when and on whose authority
indicators_auditevent-by   what the person did with access: sign-ins, downloads, changes
indicators_auditevent-what what was done to the person’s access
axes_accessattempt         sign-ins with the person’s address that failed, as long as they are counted
other tables               what the person entered, signed, decided, owned or was reminded of

Left out: the password and other secrets, which tell nothing about the person and are kept as hashes or keys; and names
of other people, where they stand in a column of their own or in what is recorded of access.
docs/data-protection.md of the service says what each kind is kept for and how long.

{files}
"""


class Table(Protocol):
    """The rows of one table that tell of the person."""

    @property
    def table(self) -> str:
        """Its name."""

    @property
    def column(self) -> str:
        """As what the person stands there."""

    @property
    def header(self) -> tuple[str, ...]:
        """The columns."""

    @property
    def rows(self) -> Sequence[Sequence[Any]]:
        """The rows."""


def _plain(value: Any) -> Any:
    """A value as it stands in a file: dates in ISO form, numbers exact."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)


def _cell(value: Any) -> str:
    """A cell of a CSV file; text that a spreadsheet would take for a formula is neutralised."""
    plain = _plain(value)
    text = "" if plain is None else json.dumps(plain) if isinstance(plain, list | dict) else str(plain)
    return f"'{text}" if isinstance(plain, str) and text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _csv(table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.header)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return out.getvalue().encode()


def archive(*, email: str, day: str, tables: Iterable[Table]) -> bytes:
    """The zip; `day` says when it was made."""
    held = list(tables)
    names = [f"{one.table}-{one.column}.csv" for one in held]
    counted = "\n".join(f"{name}: {len(one.rows)} row(s)" for name, one in zip(names, held, strict=True))
    said = f"What is held about {email}"
    everything = {
        name.removesuffix(".csv"): [
            dict(zip(one.header, (_plain(value) for value in row), strict=True)) for row in one.rows
        ]
        for name, one in zip(names, held, strict=True)
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("README.txt", README.format(email=email, line="=" * len(said), day=day, files=counted))
        made.writestr("everything.json", json.dumps(everything, indent=1, ensure_ascii=False))
        for name, one in zip(names, held, strict=True):
            made.writestr(name, _csv(one))
    return out.getvalue()
