"""Every clock of the pathway as a table: what it runs from and to, who set its limit, and what measures it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from indicators.committee_table import COMMITTEE_TABLE
from indicators.rag import Rating
from indicators.scorecard import ScorecardRow
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import round_half_up
from indicators.working_days import day_words
from referrals.clocks import CLOCKS, Clock
from referrals.related import MEASURED_BY


class SetBy(StrEnum):
    """Who set a limit: the law or statutory guidance, the contract, the department as a measure, somebody local, or
    nobody."""

    STATUTORY = "Statutory"
    CONTRACT = "Contract"
    NATIONAL = "National measure"
    LOCAL = "Local"
    NOBODY = "No limit is set"


PHASES: dict[str, tuple[str, ...]] = {
    "Front door and early help": (
        "referral-decision", "single-assessment", "single-assessment-from-start", "single-assessment-20-days",
        "local-solutions", "family-support-length",
    ),
    "Protection": ("s47-enquiry", "icpc", "cp-review-first", "cp-review-later", "cp-visit"),
    "Courts": ("care-proceedings", "care-proceedings-52-weeks"),
    "Care and leaving care": (
        "cic-review-first", "cic-review-second", "cic-review-later", "cic-visit-first", "cic-visit",
        "cic-visit-long-term", "pathway-plan-review",
    ),
    "Adoption": ("adoption-14-months", "adoption-a1", "adoption-a2"),
    "Practice": ("re-audit",),
}  # fmt: skip


def set_by(clock: Clock) -> SetBy:
    """Who set the limit of a clock."""
    if clock.is_statutory:
        return SetBy.STATUTORY
    if clock.authority.startswith("Contract"):
        return SetBy.CONTRACT
    if clock.authority.startswith("Department for Education"):
        return SetBy.NATIONAL if clock.limit is not None else SetBy.NOBODY
    return SetBy.LOCAL


@dataclass(frozen=True)
class ClockRow:
    """A clock, whether it is in force on the day of the page, and the latest figure of what measures it (None: nothing
    does, or no figure is held)."""

    phase: str
    clock: Clock
    is_in_force: bool
    measured: ScorecardRow | None = None

    @property
    def indicators(self) -> tuple[str, ...]:
        """What measures it, whether or not a figure is held."""
        return MEASURED_BY.get(self.clock.code, ())


def clock_rows(figures: Mapping[str, ScorecardRow], on: date) -> list[ClockRow]:
    """Every clock by phase; `figures` are the latest of each indicator. A figure belongs to the row of a clock that was
    in force when its period ended."""
    rows = []
    for phase, codes in PHASES.items():
        for code in codes:
            for clock in sorted((c for c in CLOCKS if c.code == code), key=lambda c: not c.is_in_force(on)):
                found = [figures[name] for name in MEASURED_BY.get(code, ()) if name in figures]
                of_it = [row for row in found if row.held is not None and clock.is_in_force(row.held.end_on)]
                rows.append(ClockRow(phase, clock, clock.is_in_force(on), next(iter(of_it), None)))
    return rows


def force_words(clock: Clock) -> str:
    """When it is in force: "from 22 April 2014"; empty where no day is held."""
    if clock.valid_from and clock.valid_until:
        return f"{day_words(clock.valid_from)} to {day_words(clock.valid_until)}"
    if clock.valid_from:
        return f"from {day_words(clock.valid_from)}"
    return f"until {day_words(clock.valid_until)}" if clock.valid_until else ""


def counted_words(rows: Iterable[ClockRow]) -> str:
    """How many clocks are in force, and how many of them a figure speaks of: a heading."""
    running = [row for row in rows if row.is_in_force]
    told = sum(row.measured is not None and row.measured.number is not None for row in running)
    return f"{told} of {len(running)} clocks in force have a figure that says whether they are kept"


def _number(row: ClockRow) -> Decimal | None:
    return row.measured.number if row.measured else None


def _line(row: ClockRow, column: str, number: int) -> str:
    if row.measured is None:
        return ""
    lines = COMMITTEE_TABLE.cells(row.measured)[column]
    return lines[number] if number < len(lines) else ""


def _limit(v: Values) -> tuple[str, ...]:
    first = ("the first day counts as day 1",) if v["first_day"] == 1 else ()
    return (v["limit"], *first, *((v["in_force_words"],) if v["in_force_words"] else ()))


def _measured(v: Values) -> tuple[str, ...]:
    if not v["indicator"]:
        return (NO_INDICATOR,)
    if not v["figure"]:
        return (NO_FIGURE,)
    counts = (v["counts"],) if v["counts"] else ()
    return (v["indicator_name"], v["figure"], *counts, v["rating_words"], v["period_label"])


NO_INDICATOR, NO_FIGURE = "No indicator measures it", "No figure is held"

CLOCKS_TABLE: TableSpec[ClockRow] = TableSpec(
    "clocks",
    (
        Column(
            "clock",
            "Clock",
            (
                Field("phase", Kind.TEXT, lambda r: r.phase, "Heading it stands under"),
                Field("clock", Kind.CODE, lambda r: r.clock.code, "Code of the clock"),
                Field("name", Kind.TEXT, lambda r: r.clock.name, "Name of the clock"),
                Field("from", Kind.TEXT, lambda r: r.clock.from_event, "What starts it"),
                Field("to", Kind.TEXT, lambda r: r.clock.to_event, "What stops it"),
                Field("applies_to", Kind.TEXT, lambda r: r.clock.applies_to, "Whom it concerns"),
            ),
            lambda v: (v["name"], f"{v['from']} → {v['to']}"),
        ),
        Column(
            "limit",
            "Limit",
            (
                Field("limit", Kind.TEXT, lambda r: r.clock.limit_words(), "The limit in words"),
                Field("limit_number", Kind.WHOLE, lambda r: r.clock.limit, "The limit; empty: none"),
                Field("limit_unit", Kind.CODE, lambda r: r.clock.unit.value, "working_days, days, weeks or months"),
                Field("first_day", Kind.WHOLE, lambda r: r.clock.first_day, "1: the day of the start is day 1"),
                Field("average", Kind.CODE, lambda r: "yes" if r.clock.is_average else "", "yes: holds for the mean"),
                Field("in_force_words", Kind.TEXT, lambda r: force_words(r.clock), "Since when and until when"),
                Field("in_force", Kind.CODE, lambda r: "yes" if r.is_in_force else "no", "On the day of the page"),
            ),
            _limit,
        ),
        Column(
            "set_by",
            "Set by",
            (
                Field("set_by", Kind.TEXT, lambda r: set_by(r.clock).value, "Who set it, in one word"),
                Field("authority", Kind.TEXT, lambda r: r.clock.authority, "Who set it"),
                Field("source", Kind.TEXT, lambda r: r.clock.source, "The text that sets it"),
                Field("verified", Kind.TEXT, lambda r: r.clock.verified, "Where its wording was read; empty: as cited"),
            ),
            lambda v: (v["set_by"], v["source"]),
        ),
        Column(
            "measured",
            "Measured by",
            (
                Field("indicator", Kind.CODE, lambda r: next(iter(r.indicators), ""), "Indicator that measures it"),
                Field("indicator_name", Kind.TEXT, lambda r: r.measured.line.name if r.measured else "", "Its name"),
                Field(
                    "value",
                    Kind.NUMBER,
                    lambda r: None if (n := _number(r)) is None else round_half_up(n, 10),
                    "Its latest figure",
                ),
                Field("figure", Kind.TEXT, lambda r: _line(r, "figure", 0), "The figure as written"),
                Field("counts", Kind.TEXT, lambda r: _line(r, "figure", 1), "What it was counted from"),
                Field(
                    "rating",
                    Kind.CODE,
                    lambda r: (r.measured.judgement.rating if r.measured else Rating.NOT_JUDGED).value,
                    "better, within, outside, not_judged",
                ),
                Field("rating_words", Kind.TEXT, lambda r: _line(r, "rating", 0), "The rating in words"),
                Field("period", Kind.CODE, lambda r: r.measured.period if r.measured else "", "Period of the figure"),
                Field(
                    "period_label",
                    Kind.TEXT,
                    lambda r: r.measured.held.label if r.measured and r.measured.held else "",
                    "The same in words",
                ),
            ),
            _measured,
        ),
        Column("note", "What to know", (Field("note", Kind.TEXT, lambda r: r.clock.note, "What a reader must know"),),
               lambda v: (v["note"],)),
    ),
)  # fmt: skip
