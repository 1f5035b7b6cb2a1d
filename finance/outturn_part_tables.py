"""The smaller tables of the outturn: sums, a heading's lines, changes, quarters, Covid and other funds. Each row holds
facts; what a cell says is a function of the fields of the file, so the page and the file are one table."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from finance.money import finest, money_words
from finance.outturn import change_words, variance_words
from finance.outturn_parts import ChangeRow, ChangeVerdict, CovidRow, FundRow, Item, QuarterCell, coarsest
from finance.outturn_proof import CheckedSum
from finance.outturn_sums import SumOutcome
from finance.outturn_table import CHANGE_WORDS, NET_WORDS, NOTHING, Reason, side_word
from indicators.balance import Amount
from indicators.table_spec import Column, Field, Kind, TableSpec, Values

OUTCOME_WORDS = {
    SumOutcome.AGREES.value: "Adds up",
    SumOutcome.WITHIN_ROUNDING.value: "Within rounding",
    SumOutcome.DOES_NOT.value: "Does not add up",
    SumOutcome.MISSING.value: "Cannot be checked",
}
VERDICT_WORDS = {
    ChangeVerdict.AGREES.value: "Agrees",
    ChangeVerdict.WITHIN_ROUNDING.value: "Agrees within rounding",
    ChangeVerdict.DOES_NOT.value: "Does not agree",
    ChangeVerdict.NOT_REPORTED.value: "No change is reported",
}


def _number(name: str, of: Callable[[Any], Decimal | None], meaning: str) -> Field[Any]:
    return Field(name, Kind.NUMBER, of, f"{meaning}, in pounds")


def _amount(name: str, of: Callable[[Any], Amount | None], meaning: str) -> tuple[Field[Any], ...]:
    def value(row: Any) -> Decimal | None:
        amount = of(row)
        return amount.value if amount else None

    def quantum(row: Any) -> Decimal | None:
        amount = of(row)
        return amount.quantum if amount else None

    return (
        _number(name, value, meaning),
        Field(f"{name}_rounding", Kind.NUMBER, quantum, "Pounds to which it is rounded, parts together; empty: exact"),
    )


def _plain(name: str, of: Callable[[Any], str], meaning: str, kind: Kind = Kind.TEXT) -> Field[Any]:
    return Field(name, kind, of, meaning)


def _money_text(name: str, written_to: str = "") -> Callable[[Values], tuple[str, ...]]:
    def text(v: Values) -> tuple[str, ...]:
        return (NOTHING,) if v[name] is None else (money_words(v[name], v[written_to or f"{name}_rounding"]),)

    return text


def _variance_text(name: str, written_to: str = "") -> Callable[[Values], tuple[str, ...]]:
    def text(v: Values) -> tuple[str, ...]:
        return (NOTHING,) if v[name] is None else (variance_words(v[name], v[written_to or f"{name}_rounding"]),)

    return text


def _change_text(name: str, written_to: str) -> Callable[[Values], tuple[str, ...]]:
    def text(v: Values) -> tuple[str, ...]:
        return (NOTHING,) if v[name] is None else (change_words(v[name], v[written_to]),)

    return text


# Sums

SUMS_TABLE: TableSpec[CheckedSum] = TableSpec(
    "outturn-sums",
    (
        Column(
            "sum",
            "Sum",
            (
                _plain("sum", lambda r: r.result.of.name, "Which sum of the outturn"),
                _plain("place", lambda r: r.place, "table, or beside it: lines and changes by reason", Kind.CODE),
            ),
            lambda v: (v["sum"],),
        ),
        Column(
            "outcome",
            "How it stands",
            (_plain("outcome", lambda r: r.result.outcome.value, ", ".join(OUTCOME_WORDS), Kind.CODE),),
            lambda v: (OUTCOME_WORDS[v["outcome"]],),
        ),
        Column(
            "off",
            "Off by",
            (_number("off", lambda r: r.result.off, "The parts less the number that they should make"),),
            lambda v: (NOTHING,) if v["off"] is None else (money_words(v["off"].copy_abs()),),
        ),
        Column(
            "room",
            "Rounding explains up to",
            (_number("room", lambda r: r.result.room, "Half a unit of each rounded number, together"),),
            lambda v: (NOTHING,) if v["room"] is None else (money_words(v["room"]),),
        ),
        Column(
            "finding",
            "Finding",
            (_plain("finding", lambda r: r.sentence, "The finding in words"),),
            None,
        ),
    ),
)


# A heading and its lines

LINES_TABLE: TableSpec[Item] = TableSpec(
    "outturn-lines",
    (
        Column(
            "line",
            "Line",
            (
                _plain("head", lambda r: r.head, "Code of the heading", Kind.CODE),
                _plain("name", lambda r: r.name, "Name of the line"),
                _plain(
                    "step", lambda r: "rest" if r.is_rest else "sum" if r.is_sum else "line",
                    "line; rest: what no line says, worked out; sum: the heading", Kind.CODE,
                ),
            ),
            lambda v: (v["name"], *(("worked out",) if v["step"] == "rest" else ())),
        ),
        Column(
            "variance",
            "Net variance",
            (
                *_amount("variance", lambda r: r.amount, "Net variance, below 0 an overspend"),
                _plain("word", lambda r: side_word(r.amount, NET_WORDS), "overspend, underspend or none", Kind.CODE),
            ),
            _variance_text("variance"),
        ),
        Column(
            "running",
            "So far",
            (
                _number("running", lambda r: r.running, "This and every step before it"),
                _number("written_to", lambda r: r.rounding, "What it is written to"),
            ),
            _variance_text("running", "written_to"),
        ),
    ),
)  # fmt: skip


# Between two quarters


def _change_precision(row: ChangeRow) -> Decimal | None:
    return finest((row.now, row.before))


CHANGES_TABLE: TableSpec[ChangeRow] = TableSpec(
    "outturn-changes",
    (
        Column(
            "of",
            "Net variance",
            (
                _plain("period", lambda r: r.period, "The quarter", Kind.CODE),
                _plain("previous", lambda r: r.previous, "The quarter before", Kind.CODE),
                _plain("head", lambda r: r.head, "Code of the heading; empty for the total", Kind.CODE),
                _plain("line", lambda r: r.line, "Code of the line within it", Kind.CODE),
                _plain("name", lambda r: r.name, "Name of the heading, line or total"),
                _plain("reason", lambda r: r.reason, "Code of the reason; empty for all together", Kind.CODE),
                _plain("reason_name", lambda r: r.reason_name, "Name of the reason"),
            ),
            lambda v: (v["reason_name"] or "For all reasons",),
        ),
        Column("now", "Now", _amount("now", lambda r: r.now, "Variance now"), _variance_text("now")),
        Column(
            "before", "The quarter before", _amount("before", lambda r: r.before, "Variance then"),
            _variance_text("before"),
        ),
        Column(
            "worked_out",
            "Change, worked out",
            (
                *_amount("worked_out", lambda r: r.worked_out, "Variance now less that of the quarter before"),
                _number("written_to", _change_precision, "What it is written to"),
                _plain("word", lambda r: side_word(r.worked_out, CHANGE_WORDS), "better, worse or none", Kind.CODE),
            ),
            _change_text("worked_out", "written_to"),
        ),
        Column(
            "reported",
            "Change, as reported",
            (
                *_amount("reported", lambda r: r.reported, "Change as reported"),
                _number("reported_to", lambda r: r.reported and r.reported.quantum, "What it is written to"),
            ),
            _change_text("reported", "reported_to"),
        ),
        Column(
            "verdict",
            "The two",
            (
                _plain("verdict", lambda r: r.verdict.value, ", ".join(VERDICT_WORDS), Kind.CODE),
                _number("difference", lambda r: r.held and r.held.difference, "Worked out less reported"),
                _plain("finding", lambda r: r.held.sentence if r.held else "", "The finding in words"),
            ),
            lambda v: (VERDICT_WORDS[v["verdict"]], *((v["finding"],) if v["verdict"] == "does_not" else ())),
        ),
    ),
)  # fmt: skip

QUARTERS_TABLE: TableSpec[QuarterCell] = TableSpec(
    "outturn-quarters",
    (
        Column(
            "of",
            "Heading",
            (
                _plain("period", lambda r: r.period, "The quarter", Kind.CODE),
                _plain("label", lambda r: r.label, "Name of the quarter"),
                _plain("head", lambda r: r.head, "Code of the heading; empty for the total", Kind.CODE),
                _plain("line", lambda r: r.line, "Code of the line within it", Kind.CODE),
                _plain("name", lambda r: r.name, "Name of the heading, line or total"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "net",
            "Net variance",
            (
                *_amount("net", lambda r: r.net, "Net variance for the year to date, below 0 an overspend"),
                _plain("word", lambda r: side_word(r.net, NET_WORDS), "overspend, underspend or none", Kind.CODE),
                _plain("is_worked_out", lambda r: "yes" if r.is_worked_out else "", "yes: not reported", Kind.CODE),
            ),
            lambda v: (*_variance_text("net")(v), *(("worked out",) if v["is_worked_out"] else ())),
        ),
    ),
)


# Covid


def _covid_precision(row: CovidRow) -> Decimal | None:
    amounts = [a for a in (row.cost, row.funding, *row.by_fund.values()) if a is not None and not _is_sum(a)]
    return coarsest(amounts)


def _is_sum(amount: Amount) -> bool:
    return amount.quantum is not None and amount.quantum.normalize().as_tuple().digits != (1,)


def covid_table(funds: Sequence[Reason]) -> TableSpec[CovidRow]:
    """Covid cost and funding by line, a column for each source that is defined."""

    def given(code: str) -> Callable[[CovidRow], Amount | None]:
        return lambda row: row.by_fund.get(code)

    columns: list[Column[Any]] = [
        Column(
            "line",
            "Line",
            (
                _plain("code", lambda r: r.code, "Code of the line or heading", Kind.CODE),
                _plain("name", lambda r: r.name, "Its name"),
                _plain("level", lambda r: "heading" if r.is_whole else "line", "line or heading", Kind.CODE),
                _number("written_to", _covid_precision, "What sums are written to"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "cost",
            "Covid cost",
            (
                *_amount("cost", lambda r: r.cost, "Cost put down to Covid"),
                _plain(
                    "cost_state", lambda r: "summed" if r.is_cost_summed and r.cost else "reported" if r.cost else "",
                    "reported; summed: of its parts", Kind.CODE,
                ),
            ),
            lambda v: (
                *_money_text("cost", "written_to")(v), *(("sum of its parts",) if v["cost_state"] == "summed" else ())
            ),
        ),
    ]  # fmt: skip
    columns += [
        Column(
            f"fund_{fund.code.replace('-', '_')}", fund.name,
            _amount(f"fund_{fund.code.replace('-', '_')}", given(fund.code), f"Paid from: {fund.name}"),
            _money_text(f"fund_{fund.code.replace('-', '_')}"),
        )
        for fund in funds
    ]  # fmt: skip
    columns += [
        Column(
            "funding", "Funding together", _amount("funding", lambda r: r.funding, "Everything paid for it"),
            _money_text("funding", "written_to"),
        ),
        Column(
            "net", "Net Covid pressure", _amount("net", lambda r: r.net, "Cost less funding, worked out"),
            lambda v: (*_money_text("net", "written_to")(v), *(("worked out",) if v["net"] is not None else ())),
        ),
        Column(
            "reported", "As reported", _amount("reported", lambda r: r.reported, "Pressure as reported"),
            _money_text("reported"),
        ),
        Column(
            "finding", "The two", (_plain("finding", lambda r: r.finding, "The finding in words"),),
            lambda v: (v["finding"],),
        ),
    ]  # fmt: skip
    return TableSpec("outturn-covid", tuple(columns))


# Other funds


def _side(row: FundRow, name: str) -> Decimal | None:
    amount: Amount | None = getattr(row.funded, name) if row.funded else None
    return amount.value if amount else None


FUNDS_TABLE: TableSpec[FundRow] = TableSpec(
    "outturn-funds",
    (
        Column(
            "fund",
            "Fund",
            (
                _plain("fund", lambda r: r.contribution.fund, "Code of the fund", Kind.CODE),
                _plain("name", lambda r: r.contribution.fund_name, "Name of the fund"),
                _number("written_to", lambda r: r.written_to, "What it is written to"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "budget", "Budgeted", _amount("budget", lambda r: r.contribution.budget, "What it was to pay"),
            _money_text("budget"),
        ),
        Column(
            "paid", "Paid", _amount("paid", lambda r: r.contribution.outturn, "What it paid"), _money_text("paid")
        ),
        Column(
            "beyond", "Beyond the budget", _amount("beyond", lambda r: r.contribution.amount, "Paid beyond that"),
            _money_text("beyond"),
        ),
        Column(
            "relieves", "Takes it off", (_plain("relieves", lambda r: r.relieved, "Whose overspend it is taken off"),),
            lambda v: (v["relieves"] or "not stated",),
        ),
        Column(
            "before", "Before", (_number("before", lambda r: _side(r, "before"), "Variance before it paid"),),
            _variance_text("before", "written_to"),
        ),
        Column(
            "after", "After", (_number("after", lambda r: _side(r, "after"), "Variance after it paid"),),
            _variance_text("after", "written_to"),
        ),
        Column(
            "pressure",
            "Pressure made in the fund",
            (
                _number(
                    "transfer", lambda r: r.contribution.amount.value.copy_negate(),
                    "The other side of it: below 0, what the fund bears beyond its budget",
                ),
            ),
            lambda v: (f"{money_words(v['transfer'].copy_abs(), v['written_to'])} more",),
        ),
    ),
)  # fmt: skip
