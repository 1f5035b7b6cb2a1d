"""The bytes of a published table: canonical CSV, its hash, and what a row rests on besides revisions and definitions.

A table once published is written by the writer of its version for ever. A change of the committee table's columns is a
new version here, and the former table stays beside it.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from indicators.committee_table import COMMITTEE_TABLE
from indicators.data_issues import OpenIssue
from indicators.data_issues import from_facts as issues_from_facts
from indicators.protection import Hiding, hiding_from
from indicators.relief import Relief, from_facts
from indicators.scorecard import Line, ScorecardRow
from indicators.table_spec import TableSpec
from indicators.variation_table import REPORTED_TABLE

FORMAT_VERSION = 2
WRITERS: Mapping[int, TableSpec[ScorecardRow]] = {1: COMMITTEE_TABLE, 2: REPORTED_TABLE}
# From this version on a table tells what control charts say.
WITH_VARIATION = 2
RESTATED_VERSION = 1


def canonical_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as it is hashed: RFC 4180, UTF-8, no byte-order mark, CRLF, header first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def canonical_json(value: object) -> bytes:
    """A manifest as it is hashed: keys in order, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(data: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def row_facts(row: ScorecardRow, unit_since: date | None = None, hiding: Hiding | None = None) -> dict[str, Any]:
    """What of a row can change although revisions, definition and target cannot: names, assignment, breaks, queries,
    since when figures are in the unit of the definition; and of a table for everybody what it leaves out."""
    line = row.line
    hidden = {} if hiding is None else {"hiding": hiding.facts()}
    return {
        "theme_code": line.theme_code,
        "theme": line.theme,
        "partner_code": line.partner_code,
        "partner": line.partner,
        "frequency": line.frequency,
        "breaks": [day.isoformat() for day in row.breaks],
        "queries": list(row.queries),
        "relief": row.relief.facts() if row.relief else None,
        "issues": [issue.facts() for issue in row.issues],
        "unit_since": unit_since.isoformat() if unit_since else None,
    } | hidden


@dataclass(frozen=True)
class Facts:
    """The same, read back."""

    breaks: tuple[date, ...]
    queries: tuple[str, ...]
    relief: Relief | None
    issues: tuple[OpenIssue, ...]
    names: Mapping[str, str]
    unit_since: date | None = None
    hiding: Hiding | None = None

    def applied_to(self, line: Line) -> Line:
        """The line with the names it had when it was published."""
        own: Mapping[str, Any] = self.names
        return replace(line, **own)


def facts_from(stored: Mapping[str, Any]) -> Facts:
    """What `row_facts` wrote, read back from JSON."""
    names = ("theme_code", "theme", "partner_code", "partner", "frequency")
    since = stored.get("unit_since")
    return Facts(
        breaks=tuple(date.fromisoformat(day) for day in stored["breaks"]),
        queries=tuple(stored["queries"]),
        relief=from_facts(stored["relief"]),
        issues=issues_from_facts(stored.get("issues", ())),
        names={name: stored[name] for name in names},
        unit_since=date.fromisoformat(since) if since else None,
        hiding=hiding_from(stored["hiding"]) if "hiding" in stored else None,
    )


def natural_key(partnership: str, indicator: str, slice_key: str, period: str, revision: int | None) -> str:
    """How a figure is named outside the database; without a revision the place where a figure would stand."""
    place = f"{partnership}/{indicator}/{slice_key or 'whole'}/{period}"
    return place if revision is None else f"{place}/{revision}"
