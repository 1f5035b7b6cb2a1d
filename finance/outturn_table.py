"""The outturn by heading as one table for the page and the file: budget, outturn and variance, each gross, income and
net, the net variance by reason, and its change since the quarter before.

The file holds signed pounds and the word for the sign. The page writes what is printed in thousands in thousands, and
everything else with its £; which way a variance goes is always a word.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from finance.money import money_words
from finance.outturn import Cell, Measure, Row, Side
from indicators.balance import Amount
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, written

REPORTED, WORKED_OUT, NOT_REPORTED = "reported", "worked_out", "not_reported"
NOTHING = "–"
_THOUSAND, _TEN_THOUSAND = Decimal(1000), Decimal(10_000)
# A word for above and below 0, in the file and on the page.
NET_WORDS = (("underspend", "under"), ("overspend", "over"))
INCOME_WORDS = (("more_income", "more"), ("less_income", "less"))
CHANGE_WORDS = (("better", "better"), ("worse", "worse"))
Sided = tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class OutturnRow:
    """A heading, a line within one, or the total. `symbols`: why there is no number, by column; `limit` is the size
    from which commentary is asked for."""

    row: Row
    period: str
    level: str
    is_large: bool = False
    limit: Decimal | None = None
    commentary: str = ""
    source: str = ""
    symbols: Mapping[str, str] = field(default_factory=dict)

    @property
    def head(self) -> str:
        """The heading that it is, or stands within; empty for the total."""
        return self.row.head.parent or self.row.head.code

    @property
    def line(self) -> str:
        """The line that it is; empty for a heading and the total."""
        return self.row.head.code if self.row.head.parent else ""


@dataclass(frozen=True)
class Reason:
    """A reason for a variance."""

    code: str
    name: str


# Amounts in the words of the table


def amount_text(value: Decimal, rounding: Decimal | None) -> str:
    """An amount that is printed in thousands as it stands there ("36,741"); any other with its £ ("£3.28m")."""
    is_in_thousands = rounding is not None and _THOUSAND <= rounding < _TEN_THOUSAND and not value % _THOUSAND
    if is_in_thousands:
        return written(value / _THOUSAND, Unit.COUNT)
    return money_words(value, rounding)


def sided_text(value: Decimal, rounding: Decimal | None, words: Sided) -> str:
    """The size of an amount and the word for its sign: "4,638 over", "£3.28m over"; "0" for neither."""
    if not value:
        return "0"
    return f"{amount_text(value.copy_abs(), rounding)} {words[value < 0][1]}"


def side_word(amount: Amount | None, words: Sided) -> str:
    """The file's word for the sign of an amount; "none" for 0, empty without one."""
    if amount is None:
        return ""
    return words[amount.value < 0][0] if amount.value else "none"


# Columns


def _column(
    key: str, heading: str, of: Callable[[OutturnRow], Cell], meaning: str, words: Sided | None = None
) -> Column[OutturnRow]:
    def amount(row: OutturnRow) -> Amount | None:
        return of(row).amount

    def state(row: OutturnRow) -> str:
        cell = of(row)
        return NOT_REPORTED if cell.amount is None else WORKED_OUT if cell.is_worked_out else REPORTED

    fields: list[Field[OutturnRow]] = [
        Field(key, Kind.NUMBER, lambda r: a.value if (a := amount(r)) else None, f"{meaning}, in pounds"),
        Field(
            f"{key}_rounding", Kind.NUMBER, lambda r: a.quantum if (a := amount(r)) else None,
            "Pounds to which it is rounded, parts together; empty: exact",
        ),
        Field(f"{key}_qualifier", Kind.CODE, lambda r: a.qualifier if (a := amount(r)) else "", "< > or ~"),
        Field(f"{key}_state", Kind.CODE, state, "reported, worked_out from what is reported, not_reported"),
        Field(f"{key}_symbol", Kind.CODE, lambda r: r.symbols.get(key, ""), "Why there is no number, in words"),
    ]  # fmt: skip
    if words is not None:
        told = ", ".join(code for code, _ in words)
        fields.append(Field(f"{key}_word", Kind.CODE, lambda r: side_word(amount(r), words), f"{told} or none"))
    return Column(key, heading, tuple(fields), _text(key, words))


def _text(key: str, words: Sided | None) -> Callable[[Values], tuple[str, ...]]:
    def text(v: Values) -> tuple[str, ...]:
        if v[key] is None:
            return (v[f"{key}_symbol"] or NOTHING,)
        value, rounding, qualifier = v[key], v[f"{key}_rounding"], v[f"{key}_qualifier"]
        said = amount_text(value, rounding) if words is None else sided_text(value, rounding, words)
        said = f"approx. {said}" if qualifier == "~" else f"{qualifier}{said}"
        return (said, "worked out") if v[f"{key}_state"] == WORKED_OUT else (said,)

    return text


def _spend(side: Side, measure: Measure) -> Callable[[OutturnRow], Cell]:
    return lambda r: r.row.spend.get((side, measure), Cell(None))


def _variance(measure: Measure) -> Callable[[OutturnRow], Cell]:
    return lambda r: r.row.variance[measure]


def _by_reason(code: str) -> Callable[[OutturnRow], Cell]:
    return lambda r: Cell(r.row.by_reason.get(code))


def _change(code: str) -> Callable[[OutturnRow], Cell]:
    return lambda r: Cell(r.row.change.get(code))


def _whole_change(row: OutturnRow) -> Cell:
    return Cell(row.row.change_reported)


def _name_text(v: Values) -> tuple[str, ...]:
    if not v["is_large"]:
        return (v["name"],)
    limit = written(v["commentary_from"], Unit.POUNDS)
    return (v["name"], f"{limit} or more" + ("" if v["commentary"] else ", no commentary yet"))


def _name_column() -> Column[OutturnRow]:
    return Column(
        "heading",
        "Heading",
        (
            Field("period", Kind.CODE, lambda r: r.period, "Period of the table, such as 2021-22-q4"),
            Field("level", Kind.CODE, lambda r: r.level, "heading, line within a heading, or total"),
            Field("head", Kind.CODE, lambda r: r.head, "Code of the heading; empty for the total"),
            Field("line", Kind.CODE, lambda r: r.line, "Code of the line within the heading"),
            Field("name", Kind.TEXT, lambda r: r.row.head.name, "Name of the heading or line"),
            Field("is_large", Kind.CODE, lambda r: "yes" if r.is_large else "", "yes: commentary is asked for"),
            Field("commentary_from", Kind.NUMBER, lambda r: r.limit, "Size of a net variance that asks for it"),
            Field("commentary", Kind.TEXT, lambda r: r.commentary, "Commentary on the net variance"),
            Field("source", Kind.TEXT, lambda r: r.source, "Paper and paragraph of the net variance"),
        ),
        _name_text,
    )


_MEANING = {Measure.GROSS: "before income", Measure.INCOME: "income, below 0", Measure.NET: "after income"}


def outturn_table(reasons: Sequence[Reason]) -> TableSpec[OutturnRow]:
    """The table with a column for each reason that is defined; its header depends on nothing else."""
    columns: list[Column[Any]] = [_name_column()]
    for side in Side:
        columns += [
            _column(f"{side}_{m}", f"{side.capitalize()}, {m}", _spend(side, m), f"{side.capitalize()} {_MEANING[m]}")
            for m in Measure
        ]
    columns += [
        _column(
            f"variance_{m}", f"Variance, {m}", _variance(m), f"Budget less outturn, {_MEANING[m]}",
            INCOME_WORDS if m is Measure.INCOME else NET_WORDS,
        )
        for m in Measure
    ]  # fmt: skip
    columns += [
        _column(
            f"reason_{_name(r)}",
            f"Of it: {r.name}",
            _by_reason(r.code),
            f"Net variance put down to: {r.name}",
            NET_WORDS,
        )
        for r in reasons
    ]
    columns += [
        _column(
            f"change_{_name(r)}",
            f"Change: {r.name}",
            _change(r.code),
            f"Change since the quarter before: {r.name}",
            CHANGE_WORDS,
        )
        for r in reasons
    ]
    columns.append(
        _column(
            "change",
            "Change as a whole",
            _whole_change,
            "Change since the quarter before, reported as one",
            CHANGE_WORDS,
        )
    )
    return TableSpec("outturn", tuple(columns))


def column_groups(reasons: Sequence[Reason], previous: str) -> list[tuple[str, list[str]]]:
    """What stands above the columns, and the short heading of each; changes are since the quarter `previous`."""
    measures = [m.capitalize() for m in Measure]
    names = [r.name for r in reasons]
    found = [("Budget", measures), ("Outturn", measures), ("Variance: budget less outturn", measures)]
    found += [("Net variance put down to", names)] if names else []
    return [*found, (f"Change since {previous}", [*names, "As a whole"])]


def _name(reason: Reason) -> str:
    return reason.code.replace("-", "_")
