"""The stages of the pathway in one period as a table.

Each row holds facts; what a cell says is a function of the fields of the file, so the page and the file are one table.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from indicators.balance import BalanceOutcome, BalanceResult
from indicators.committee_table import NOT_COMPARED_WORDS
from indicators.direction_of_travel import Change, ChangeCode, change_words, written_change
from indicators.rag import MissingReason, missing_words
from indicators.scorecard import ScorecardRow
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, round_half_up, written
from referrals.stages import Stage
from referrals.volumes import WhatChanged, daily

PHASES: dict[str, tuple[str, ...]] = {
    "Front door": ("contact", "mash-triage", "referral"),
    "Early help": ("early-help-referral", "early-help"),
    "Assessment and children in need": ("assessment", "child-in-need"),
    "Protection": ("strategy-discussion", "section-47", "no-conference", "icpc", "protection-plan"),
    "Courts": ("pre-proceedings", "proceedings", "order"),
    "Care": ("agreement", "care", "adoption-system", "adoption-placement", "leaving-care", "care-leaver"),
    "Where the pathway ends": ("no-further-action", "closed"),
    "Adopters": ("adopter-enquiry", "adopter-application", "adopter-approval", "adopter-match"),
}
# Nothing counts it at this stage; something does, but there is no figure.
NOT_COUNTED, NOT_REPORTED = "–", "not reported"
MISSING = {reason: missing_words(reason).lower() for reason in MissingReason}
_ROLES = {"in": "in", "stock": "at the end", "out": "out"}
_PLACES = 10


@dataclass(frozen=True)
class StageRow:
    """A stage in a period: a row for each of its indicators (None: nothing counts it), what changed, and whether the
    stock is explained (None: it has none). `explanation` is the reason given where it does not reconcile."""

    stage: Stage
    period: str
    inflow: ScorecardRow | None = None
    stock: ScorecardRow | None = None
    outflow: ScorecardRow | None = None
    volume: WhatChanged | None = None
    balance: BalanceResult | None = None
    explanation: str = ""
    earlier: Mapping[str, Decimal | None] = field(default_factory=dict)

    @property
    def _numbers(self) -> dict[str, ScorecardRow]:
        there = {"in": self.inflow, "stock": self.stock, "out": self.outflow}
        return {name: row for name, row in there.items() if row is not None and row.number is not None}

    @property
    def of_change(self) -> str:
        """Which of its numbers the change is of: of what comes in, is there and goes out the first that can be
        compared, else the first with an earlier number, else the first with a number."""
        held = self._numbers
        compared = [n for n, row in held.items() if row.since_last_year.code is not ChangeCode.NOT_COMPARED]
        before = [n for n in held if self.earlier.get(n) is not None]
        return next(iter((*compared, *before, *held)), "")

    @property
    def change(self) -> Change | None:
        """That change since the same period a year earlier; None without a number."""
        row = self._numbers.get(self.of_change)
        return row.since_last_year if row else None

    @property
    def has_number(self) -> bool:
        """Whether any number is held for the period."""
        return bool(self.of_change)


def has_indicator(stage: Stage) -> bool:
    """Whether anything counts the stage."""
    return bool(stage.inflow or stage.outflow or stage.stock)


def heading(row: StageRow) -> str:
    """What the stage comes to in the period: "592 children at the end, 46 in, 47 out"; empty without a number."""
    named = ((row.stock, "at the end"), (row.inflow, "in"), (row.outflow, "out"))
    told = [(x, words) for x, words in named if x is not None and x.number is not None and x.held is not None]
    parts = [
        f"{written(x.number or Decimal(0), Unit.COUNT, qualifier=x.held.measured.qualifier if x.held else '')}"
        f"{f' {row.stage.unit.value}' if number == 0 else ''} {words}"
        for number, (x, words) in enumerate(told)
    ]
    return ", ".join(parts)


def in_phases(rows: Iterable[StageRow]) -> list[tuple[str, list[StageRow]]]:
    """The rows under the phase of the pathway that each stage belongs to."""
    held = {row.stage.code: row for row in rows}
    groups = [(name, [held[code] for code in codes if code in held]) for name, codes in PHASES.items()]
    return [(name, found) for name, found in groups if found]


# Stages


def _row_fields(name: str, words: str, of: Callable[[StageRow], ScorecardRow | None]) -> tuple[Field[StageRow], ...]:
    def held(row: StageRow, value: Callable[[ScorecardRow], Any]) -> Any:
        found = of(row)
        return value(found) if found is not None and found.held is not None else None

    def state(row: StageRow) -> str:
        found = of(row)
        return "not_counted" if found is None else "reported" if found.number is not None else "not_reported"

    def missing(found: ScorecardRow) -> str:
        reason = found.held.measured.missing_reason if found.held else None
        return reason.value if reason else ""

    def qualifier(found: ScorecardRow) -> str:
        return found.held.measured.qualifier if found.held else ""

    def source(found: ScorecardRow) -> str:
        return found.held.cited if found.held else ""

    def code(row: StageRow) -> str:
        found = of(row)
        return found.line.code if found else ""

    return (
        Field(f"{name}_indicator", Kind.CODE, code, f"Indicator that counts {words}"),
        Field(name, Kind.NUMBER, lambda r: held(r, lambda x: x.number), f"How many {words}"),
        Field(f"{name}_qualifier", Kind.CODE, lambda r: held(r, qualifier) or "", "< > or ~ (approximate)"),
        Field(f"{name}_state", Kind.CODE, state, "reported, not_reported, or not_counted: no indicator counts it"),
        Field(f"{name}_symbol", Kind.CODE, lambda r: held(r, missing) or "", "Why there is no number"),
        Field(
            f"{name}_summed",
            Kind.CODE,
            lambda r: "yes" if held(r, lambda x: x.held is not None and x.held.figure_id is None) else "",
            "yes: added up from shorter periods",
        ),
        Field(
            f"{name}_query", Kind.WHOLE, lambda r: (len(x.queries) if (x := of(r)) else 0) or None, "Open queries of it"
        ),
        Field(f"{name}_source", Kind.TEXT, lambda r: held(r, source) or "", "Paper and paragraph it is taken from"),
    )


def _number_text(name: str) -> Callable[[Values], tuple[str, ...]]:
    def text(v: Values) -> tuple[str, ...]:
        if v[name] is None:
            symbol = v[f"{name}_symbol"]
            if symbol:
                return (MISSING[MissingReason(symbol)],)
            return (NOT_COUNTED if v[f"{name}_state"] == "not_counted" else NOT_REPORTED,)
        lines = [written(v[name], Unit.COUNT, qualifier=v[f"{name}_qualifier"])]
        if v[f"{name}_summed"]:
            lines.append("added up from shorter periods")
        if v[f"{name}_query"]:
            lines.append("Query")
        return tuple(lines)

    return text


def _change_text(v: Values) -> tuple[str, ...]:
    if not v["change_of"]:
        return ("–",)
    code = ChangeCode(v["change_code"])
    change = Change(code, v["change_arrow"], v["change"], v["change_from"], v["change_reason"], unit=Unit.COUNT)
    if code is ChangeCode.NOT_COMPARED:
        said = NOT_COMPARED_WORDS.get(change.reason, "Not compared")
        then = v["change_from"]
        return (said,) if then is None else (f"{written(then, Unit.COUNT)} {_ROLES[v['change_of']]}", said)
    return (f"{written_change(change, Unit.COUNT, 0)} {_ROLES[v['change_of']]}", change_words(change))


def _of_change(value: Callable[[Change], Any]) -> Callable[[StageRow], Any]:
    def found(row: StageRow) -> Any:
        return value(row.change) if row.change is not None else None

    return found


def _per_day(value: Callable[[WhatChanged], Decimal | None]) -> Callable[[StageRow], Decimal | None]:
    def found(row: StageRow) -> Decimal | None:
        number = value(row.volume) if row.volume is not None else None
        return None if number is None else round_half_up(number, _PLACES)

    return found


def _per_day_text(v: Values) -> tuple[str, ...]:
    if v["per_working_day"] is None:
        return ("–",)
    then = v["per_working_day_then"]
    return (daily(v["per_working_day"]), *((f"{daily(then)} a year earlier",) if then is not None else ()))


BALANCE_WORDS = {
    BalanceOutcome.BALANCES.value: "Reconciles",
    BalanceOutcome.DOES_NOT_BALANCE.value: "Does not reconcile",
    BalanceOutcome.MISSING.value: "Not checked",
    BalanceOutcome.SERIES_BREAK.value: "Not checked",
}


def _balance_text(v: Values) -> tuple[str, ...]:
    if not v["balance"]:
        return ("No stock",)
    told = (f"Explained: {v['explanation']}",) if v["explanation"] else ()
    return (BALANCE_WORDS[v["balance"]], v["balance_sentence"], *told)


STAGES_TABLE: TableSpec[StageRow] = TableSpec(
    "pathway-stages",
    (
        Column(
            "stage",
            "Stage",
            (
                Field("period", Kind.CODE, lambda r: r.period, "Period of the table, such as 2021-22-q4"),
                Field("stage", Kind.CODE, lambda r: r.stage.code, "Code of the stage"),
                Field("name", Kind.TEXT, lambda r: r.stage.name, "Name of the stage"),
                Field("unit", Kind.TEXT, lambda r: r.stage.unit.value, "What the stage counts"),
            ),
            lambda v: (v["name"], v["unit"]),
        ),
        Column("in", "In", _row_fields("in", "came in", lambda r: r.inflow), _number_text("in")),
        Column(
            "stock",
            "At the end",
            _row_fields("stock", "are there at the end", lambda r: r.stock),
            _number_text("stock"),
        ),
        Column("out", "Out", _row_fields("out", "went out", lambda r: r.outflow), _number_text("out")),
        Column(
            "change",
            "On a year earlier",
            (
                Field("change_of", Kind.CODE, lambda r: r.of_change, "Which number the change is of: in, stock or out"),
                Field("change_code", Kind.CODE, lambda r: _of_change(lambda c: c.code.value)(r) or "", "up, down, …"),
                Field("change_arrow", Kind.CODE, lambda r: _of_change(lambda c: c.arrow)(r) or "", "up, down, level"),
                Field("change", Kind.NUMBER, _of_change(lambda c: c.difference), "The number less that a year earlier"),
                Field("change_from", Kind.NUMBER, lambda r: r.earlier.get(r.of_change), "The number a year earlier"),
                Field(
                    "change_reason", Kind.CODE, lambda r: _of_change(lambda c: c.reason)(r) or "", "Why not compared"
                ),
            ),
            _change_text,
        ),
        Column(
            "per_day",
            "Per working day",
            (
                Field(
                    "per_working_day", Kind.NUMBER, _per_day(lambda w: w.per_day_now), "What comes in on a working day"
                ),
                Field(
                    "per_working_day_then", Kind.NUMBER, _per_day(lambda w: w.per_day_then), "The same a year earlier"
                ),
            ),
            _per_day_text,
        ),
        Column(
            "balance",
            "Start, in and out against the end",
            (
                Field(
                    "balance",
                    Kind.CODE,
                    lambda r: r.balance.outcome.value if r.balance else "",
                    "balances, does_not_balance, missing, series_break; empty: no stock",
                ),
                Field(
                    "balance_difference",
                    Kind.NUMBER,
                    lambda r: r.balance.difference if r.balance else None,
                    "The end as reported less what start, in and out make",
                ),
                Field(
                    "balance_sentence",
                    Kind.TEXT,
                    lambda r: r.balance.sentence if r.balance else "",
                    "The same in words",
                ),
                Field(
                    "explanation",
                    Kind.TEXT,
                    lambda r: r.explanation,
                    "The reason that was given and accepted where it does not reconcile",
                ),
            ),
            _balance_text,
        ),
    ),
)
