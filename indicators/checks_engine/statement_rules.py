"""The kinds of check on transcribed statements: what to do about a finding, and an example that passes and one that
fails, as rows of the layout. The judging itself is in `verdicts`."""

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.checks_engine.rules import Severity
from indicators.checks_engine.verdicts import Verdict
from indicators.report_statements import COLUMNS, Check

Rows = tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class StatementRule:
    """One kind of check. In each example the first row is the statement that is judged; the others are its parts."""

    check: Check
    severity: Severity
    advice: str
    passing: Rows
    failing: Rows

    @property
    def code(self) -> str:
        """The code of the rule: the kind of check, as it stands in the file."""
        return self.check.value


def advice_for(verdict: Verdict) -> str:
    """What to do about a finding; empty where there is none."""
    return RULES_BY_CHECK[verdict.check].advice if verdict.is_finding else ""


def row(code: str, printed: str, number: str, unit: str = "count", quantum: str = "", **others: str) -> dict[str, str]:
    """One row of the layout, with example words where none are given."""
    texts = dict.fromkeys(COLUMNS, "") | {"report": code[:3], "paragraph": "1", "place": "sentence 1"}
    texts |= {"code": code, "printed": printed, "number": number, "unit": unit, "quantum": quantum}
    return texts | {"quote": printed} | others


def _share(printed: str) -> Rows:
    number = printed.rstrip("%")
    return (
        row("003-share", printed, number, "percent", "1", check="share", parts="003-in-time / 003-completed"),
        row("003-in-time", "1266", "1266"),
        row("003-completed", "1514", "1514"),
    )


def _ratio(printed: str) -> Rows:
    return (
        row("003-average", printed, printed, "rate", "0.1", check="ratio", parts="003-children / 003-workers"),
        row("003-children", "592", "592"),
        row("003-workers", "40", "40"),
    )


def _product(printed: str, number: str) -> Rows:
    return (
        row("003-year", printed, number, "pounds", "1000", check="product", parts="003-week * 52"),
        row("003-week", "£2,534", "2534", "pounds", "1"),
    )


def _change(printed: str) -> Rows:
    number = printed.rstrip("%")
    return (
        row("000-more", printed, number, "percent", "1", check="change", parts="000-before -> 000-after"),
        row("000-before", "924", "924"),
        row("000-after", "1331", "1331"),
    )


def _difference(printed: str) -> Rows:
    return (
        row("003-more", printed, printed, check="difference", parts="003-before -> 003-after"),
        row("003-before", "43", "43"),
        row("003-after", "57", "57"),
    )


def _sum(printed: str) -> Rows:
    number = printed.replace(",", "") + "000"
    return (
        row("003-net", printed, number, "pounds", "1000", check="sum", parts="003-gross + 003-income"),
        row("003-gross", "42,673", "42673000", "pounds", "1000"),
        row("003-income", "-5,415", "-5415000", "pounds", "1000"),
    )


def _stock(went: str) -> Rows:
    return (
        row("003-closing", "592", "592", check="stock", parts="003-opening + 003-came - 003-went"),
        row("003-opening", "592", "592"),
        row("003-came", "46", "46"),
        row("003-went", went, went),
    )


def _hundred(last: str) -> Rows:
    return (
        row("003-all", "", "100", "percent", check="hundred", parts="003-one + 003-two + 003-three"),
        row("003-one", "33.3%", "33.3", "percent", "0.1"),
        row("003-two", "33.3%", "33.3", "percent", "0.1"),
        row("003-three", f"{last}%", last, "percent", "0.1"),
    )


def _rows(below: str) -> Rows:
    return (
        row("003-rows", "", "24", check="rows", parts="003-better + 003-below + 003-none"),
        row("003-better", "13", "13"),
        row("003-below", below, below),
        row("003-none", "5", "5"),
    )


def _same(printed: str) -> Rows:
    return (
        row("003-again", printed, printed.rstrip("%"), "percent", "1", check="same", parts="003-first"),
        row("003-first", "23%", "23", "percent", "1"),
    )


def _range(printed: str) -> Rows:
    return (row("003-second-plan", printed, printed.rstrip("%"), "percent", "1", check="range"),)


def _period(day: str) -> Rows:
    return (row("003-day", day, day, "date", check="period", parts="2021-22-q4"),)


def _count(printed: str) -> Rows:
    return (
        row("003-cohorts", printed, printed, check="count", parts="003-one + 003-two"),
        row("003-one", "first", "1"),
        row("003-two", "second", "1"),
    )


STATEMENT_RULES = (
    StatementRule(
        Check.SHARE, Severity.HARD, "Correct the share or one of its two numbers.",
        passing=_share("84%"), failing=_share("85%"),
    ),
    StatementRule(
        Check.RATIO, Severity.HARD, "Correct the average or one of its two numbers.",
        passing=_ratio("14.8"), failing=_ratio("14.5"),
    ),
    StatementRule(
        Check.PRODUCT, Severity.HARD, "Correct the amount or one of the numbers it is multiplied from.",
        passing=_product("£132k", "132000"), failing=_product("£123k", "123000"),
    ),
    StatementRule(
        Check.CHANGE, Severity.HARD, "Correct the percentage or one of the two values. A change is in % of the first.",
        passing=_change("44%"), failing=_change("31%"),
    ),
    StatementRule(
        Check.DIFFERENCE, Severity.HARD, "Correct the difference or one of the two values.",
        passing=_difference("14"), failing=_difference("13"),
    ),
    StatementRule(
        Check.SUM, Severity.HARD, "Find the part that is missing, counted twice or mistyped; rounding is allowed for.",
        passing=_sum("37,258"), failing=_sum("37,528"),
    ),
    StatementRule(
        Check.STOCK, Severity.HARD, "Correct one of the four, or say which records were entered late.",
        passing=_stock("46"), failing=_stock("47"),
    ),
    StatementRule(
        Check.HUNDRED, Severity.HARD, "Correct a share, or say what is left out or counted twice.",
        passing=_hundred("33.3"), failing=_hundred("33.6"),
    ),
    StatementRule(
        Check.ROWS, Severity.HARD, "Count the rows again.", passing=_rows("6"), failing=_rows("7"),
    ),
    StatementRule(
        Check.SAME, Severity.HARD, "Correct one of the two places, or say why the figure has two values.",
        passing=_same("23%"), failing=_same("25%"),
    ),
    StatementRule(
        Check.RANGE, Severity.HARD, "Correct the share, or print it as a rate.",
        passing=_range("23%"), failing=_range("123%"),
    ),
    StatementRule(
        Check.PERIOD, Severity.HARD, "Correct the day or the period it is printed for.",
        passing=_period("2022-03-31"), failing=_period("2022-06-17"),
    ),
    StatementRule(
        Check.COUNT, Severity.HARD, "Count the list again.", passing=_count("2"), failing=_count("3"),
    ),
)  # fmt: skip

RULES_BY_CHECK = {rule.check: rule for rule in STATEMENT_RULES}
