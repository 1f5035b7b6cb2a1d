"""The rows of the tables of a contract sum: facts of years, steps, entries and printed totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from finance.contract_sum import (
    ORIGINAL,
    ContractError,
    ContractYear,
    Entry,
    Kind,
    Sums,
    bridge,
    held,
    parts_of_total,
    precision_of,
    sums_of,
)
from finance.contract_words import GROUPS, OF_ORIGINAL, added_up
from finance.money import Held, finest
from finance.waterfall import Step


@dataclass(frozen=True)
class EntryRow:
    """An entry of a year with what it is a part of, where it is printed, and who drafted and decided it when."""

    year: str
    entry: Entry
    whole: str = ""
    cited: str = ""
    drafted_by: str = ""
    drafted_on: date | None = None
    decided_by: str = ""
    decided_on: date | None = None
    refusal: str = ""

    @property
    def group(self) -> str:
        """The heading of the table under which it stands."""
        return OF_ORIGINAL if self.whole == ORIGINAL else GROUPS[self.entry.kind]


@dataclass(frozen=True)
class YearRow:
    """A contract year with its sums; `papers` cites where each of its entries is printed, by code."""

    slug: str
    year: ContractYear
    cited: str
    note: str = ""
    papers: Mapping[str, str] = field(default_factory=dict)

    @property
    def sums(self) -> Sums:
        """What it makes."""
        return sums_of(self.year)

    @property
    def precision(self) -> Decimal | None:
        """The pounds to which its sums are written."""
        return precision_of(self.year)

    @property
    def totals(self) -> tuple["TotalRow", ...]:
        """Every total that the paper prints, held against the sum where that can be."""
        return tuple(_total_row(self, entry) for entry in self.year.counted(Kind.STATED_TOTAL))


@dataclass(frozen=True)
class StepRow:
    """A step from the original sum to the final one; it and the sum so far are written to so many pounds (None: to the
    penny)."""

    year: str
    step: Step
    kind: Kind | None
    precision: Decimal | None
    running_precision: Decimal | None

    @property
    def running_to(self) -> Decimal | None:
        """The pounds to which the sum so far is written: the original sum is only known as it is printed."""
        return self.precision if self.step.code == ORIGINAL else self.running_precision


@dataclass(frozen=True)
class TotalRow:
    """A total as the paper prints it, what the entries make (None: nothing is held that makes it), and from what."""

    year: str
    entry: Entry
    compared: Held | None
    made_of: str
    precision: Decimal | None
    cited: str = ""

    @property
    def sentence(self) -> str:
        """Whether it agrees, and by how much it does not."""
        if self.compared is None:
            return f"{self.entry.money.words} is printed. Nothing is held that makes it."
        return self.compared.sentence


def _total_row(row: YearRow, entry: Entry) -> TotalRow:
    cited = row.papers.get(entry.code, "")
    try:
        compared, parts = held(row.year, entry), parts_of_total(row.year, entry)
    except (ContractError, KeyError):
        return TotalRow(row.slug, entry, None, "", None, cited)
    return TotalRow(row.slug, entry, compared, added_up(parts), finest(parts), cited)


def in_order(rows: Iterable[EntryRow]) -> list[EntryRow]:
    """The entries as the table lists them: what is of the original sum, then each kind, every part under its whole."""
    held_rows = list(rows)
    of: dict[str, list[EntryRow]] = {}
    for row in held_rows:
        of.setdefault(row.entry.part_of, []).append(row)

    def with_parts(row: EntryRow) -> list[EntryRow]:
        return [row, *(part for own in of.get(row.entry.code, []) for part in with_parts(own))]

    whole = [row for kind in GROUPS for row in of.get("", []) if row.entry.kind is kind]
    return [one for row in (*of.get(ORIGINAL, []), *whole) for one in with_parts(row)]


def grouped(rows: Sequence[EntryRow]) -> list[tuple[str, list[EntryRow]]]:
    """Rows that are in order, under the heading of the entry that each belongs to."""
    found: list[tuple[str, list[EntryRow]]] = []
    for row in rows:
        is_part = bool(row.entry.part_of) and row.whole != ORIGINAL
        if found and (is_part or found[-1][0] == row.group):
            found[-1][1].append(row)
        else:
            found.append((row.group, [row]))
    return found


def steps_of(row: YearRow) -> list[StepRow]:
    """The bridge from the original to the final sum, each step written as finely as it is known; empty where no
    original sum is stated."""
    kinds = {e.code: e.kind for e in row.year.entries}
    own = {e.code: e.money.amount.quantum for e in row.year.entries}
    if row.year.original is not None:
        own[ORIGINAL] = row.year.original.amount.quantum
    return [
        StepRow(row.slug, s, None if s.is_total else kinds[s.code], own.get(s.code, row.precision), row.precision)
        for s in bridge(row.year)
    ]
