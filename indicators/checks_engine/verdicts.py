"""Whether a printed number agrees with the numbers it follows from, judged one statement at a time.

Worked exactly: every rounded part stands for all values within half a unit of its print. A number is contradicted only
when none of those values gives what is printed, so honest rounding is never called an error. Sums that belong together
in a table are judged together by `reports`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from indicators.checks_engine.comparison import WHOLE, ByCode, Outcome, Worked, compare, part_of, work_out
from indicators.checks_engine.prints import CannotBeChecked, Span, number_of, reach, span_of
from indicators.checks_engine.rules import Severity
from indicators.checks_engine.statement_words import (
    amount,
    as_decimal,
    part_words,
    phrase_of,
    printed_words,
    sentence_of,
)
from indicators.report_statements import Check, Statement


@dataclass(frozen=True)
class Quoted:
    """A place in a report, with the words that stand there."""

    code: str
    report: str
    paragraph: str
    place: str
    quote: str
    printed: str


@dataclass(frozen=True)
class Verdict:
    """How one statement stands.

    `worked_out` is what its parts give as printed, at full precision in the unit of the number; `places` quotes the
    statement first and then every part. `together` names the statements that cannot all hold, this one among them;
    it is empty where the statement is wrong by itself.
    """

    code: str
    check: Check
    outcome: Outcome
    sentence: str
    places: tuple[Quoted, ...]
    worked_out: Decimal | None = None
    together: tuple[str, ...] = ()
    is_approximate: bool = False

    @property
    def severity(self) -> Severity | None:
        """HARD for what cannot be true, SOFT for what was cut off or was only called approximate; None for neither."""
        if self.outcome is Outcome.CONTRADICTS:
            return Severity.SOFT if self.is_approximate else Severity.HARD
        return Severity.SOFT if self.outcome is Outcome.TRUNCATED else None

    @property
    def is_finding(self) -> bool:
        """Whether somebody should look at it."""
        return self.severity is not None


def judge_statement(statement: Statement, by_code: ByCode) -> Verdict:
    """The verdict on one statement that has a check, from the statements that its parts name.

    Uses the standard library only. Raises ValueError for a statement without a check.
    """
    if statement.check is None:
        raise ValueError(f"{statement.code} has no check.")
    worked: Fraction | None = None
    try:
        outcome, worked, sentence = _JUDGES[statement.check](statement, by_code)
    except CannotBeChecked as reason:
        outcome, sentence = Outcome.CANNOT_BE_CHECKED, str(reason)
    return Verdict(
        code=statement.code,
        check=statement.check,
        outcome=outcome,
        sentence=sentence,
        places=places_of(statement, by_code),
        worked_out=None if worked is None else as_decimal(worked),
        is_approximate=statement.qualifier == "~",
    )


def places_of(statement: Statement, by_code: ByCode) -> tuple[Quoted, ...]:
    """Where the statement and its parts are printed, with their words."""
    found = [statement, *(by_code[code] for code in statement.part_codes if code in by_code)]
    return tuple(Quoted(s.code, s.report, s.paragraph, s.place, s.quote, s.printed) for s in found)


# The judges


Judged = tuple[Outcome, Fraction | None, str]


def _by_arithmetic(statement: Statement, by_code: ByCode) -> Judged:
    worked = work_out(statement, by_code)
    outcome = compare(statement, worked)
    phrase = phrase_of(statement, worked.as_printed, by_code)
    return outcome, worked.as_printed, sentence_of(outcome, statement, worked, phrase)


def _share(statement: Statement, by_code: ByCode) -> Judged:
    outside = _outside(statement)
    if outside:
        return Outcome.CONTRADICTS, None, outside
    return _by_arithmetic(statement, by_code)


def _outside(statement: Statement) -> str:
    number = number_of(statement)
    if 0 <= number <= WHOLE:
        return ""
    return f"{printed_words(statement)} is printed, but a share lies between 0% and 100%."


def _range(statement: Statement, by_code: ByCode) -> Judged:
    outside = _outside(statement)
    if outside:
        return Outcome.CONTRADICTS, None, outside
    return Outcome.AGREES, None, f"{printed_words(statement)} lies between 0% and 100%."


def _hundred(statement: Statement, by_code: ByCode) -> Judged:
    parts = [part_of(code, by_code) for code in statement.part_codes]
    span = Span(Fraction(0), Fraction(0))
    for part in parts:
        span += span_of(part)
    total = sum((number_of(part) for part in parts), Fraction(0))
    for part in parts:
        if _outside(part):
            return Outcome.CONTRADICTS, total, _outside(part)
    finest = min(parts, key=reach)
    words = f"The {len(parts)} shares make {amount(total, finest)}"
    if total == WHOLE:
        return Outcome.AGREES, total, f"{words}."
    room = amount(sum((reach(part) for part in parts), Fraction(0)), finest)
    if span.low <= WHOLE <= span.high:
        return Outcome.WITHIN_ROUNDING, total, f"{words}; rounding leaves room for {room} to either side of 100%."
    return Outcome.CONTRADICTS, total, f"{words}, but they are shares of one whole, and rounding explains only {room}."


def _rows(statement: Statement, by_code: ByCode) -> Judged:
    worked = work_out(statement, by_code)
    outcome = compare(statement, worked)
    total, rows = amount(worked.as_printed, statement), amount(number_of(statement), statement)
    if outcome is Outcome.CONTRADICTS:
        phrase = phrase_of(statement, worked.as_printed, by_code)
        return outcome, worked.as_printed, f"{phrase}, but {rows} rows are printed."
    return outcome, worked.as_printed, f"The counts make {total}, and {rows} rows are printed."


def _count(statement: Statement, by_code: ByCode) -> Judged:
    listed = Fraction(len(statement.part_codes))
    worked = Worked(listed, Span(listed, listed))
    outcome = compare(statement, worked)
    return outcome, listed, sentence_of(outcome, statement, worked, f"{int(listed)} are listed")


def _same(statement: Statement, by_code: ByCode) -> Judged:
    (code,) = statement.part_codes or ("",)
    other = part_of(code, by_code)
    if statement.number is None or other.number is None:
        return _same_day(statement, other) if statement.number is other.number else _said_missing(statement, other)
    if statement.number == other.number and statement.qualifier == other.qualifier:
        words = f"The other place has {part_words(other)}"
        return Outcome.AGREES, Fraction(other.number), f"{words}; {printed_words(statement)} is printed."
    return _by_arithmetic(statement, by_code)


def _same_day(statement: Statement, other: Statement) -> Judged:
    ours, theirs = statement.on or statement.period, other.on or other.period
    if ours is None or theirs is None:
        raise CannotBeChecked(f"No number is printed for {(statement if ours is None else other).code}.")
    words = f"The other place has {part_words(other)}"
    if ours == theirs:
        return Outcome.AGREES, None, f"{words}; {printed_words(statement)} is printed."
    return Outcome.CONTRADICTS, None, f"{words}, but {printed_words(statement)} is printed."


def _said_missing(statement: Statement, other: Statement) -> Judged:
    silent = statement if statement.number is None else other
    if not silent.printed:
        raise CannotBeChecked(f"No number is printed for {silent.code}.")
    words = f"The other place has {part_words(other)}, but “{printed_words(statement)}” is printed."
    return Outcome.CONTRADICTS, None, words


def _period(statement: Statement, by_code: ByCode) -> Judged:
    if statement.on is None or statement.period is None:
        raise CannotBeChecked(f"No day is printed for {statement.code}.")
    period = statement.period
    shown, label = _day_words(statement.on), period.long_label
    if period.start_on <= statement.on <= period.end_on:
        return Outcome.AGREES, None, f"{shown} lies in {label}."
    if statement.on == period.end_on + timedelta(days=1):
        return Outcome.AGREES, None, f"{shown} is the day after {label}."
    return Outcome.CONTRADICTS, None, f"{shown} does not lie in {label}."


def _day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


_JUDGES: dict[Check, Callable[[Statement, ByCode], Judged]] = {
    Check.SHARE: _share,
    Check.RATIO: _by_arithmetic,
    Check.PRODUCT: _by_arithmetic,
    Check.CHANGE: _by_arithmetic,
    Check.DIFFERENCE: _by_arithmetic,
    Check.SUM: _by_arithmetic,
    Check.STOCK: _by_arithmetic,
    Check.HUNDRED: _hundred,
    Check.ROWS: _rows,
    Check.SAME: _same,
    Check.RANGE: _range,
    Check.PERIOD: _period,
    Check.COUNT: _count,
}
