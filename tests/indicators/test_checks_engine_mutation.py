"""How sharp the checks are: every checkable number of the transcribed reports is changed, and the change looked for.

A number is changed by one unit of its print plus one more, up and down: 85% becomes 87% and 83%, £0.551m becomes
£0.553m, a count of 64 becomes 66. It is checkable where a check allows less than that: where a change of that size
moves what the check compares by more than the rounding of all its figures together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest

from indicators.checks_engine.comparison import ByCode, Outcome, work_out
from indicators.checks_engine.prints import CannotBeChecked, number_of, reach, unit_of_print
from indicators.checks_engine.sums import are_consistent, same_cell, system_of
from indicators.checks_engine.verdicts import judge_statement
from indicators.report_statements import Check, Statement
from tests.indicators.report_rows import REPORTS, transcribed

NOT_ARITHMETIC = {Check.PERIOD, Check.RANGE}
SHARPNESS = 0.95


@dataclass(frozen=True)
class Case:
    """A number that is changed, by all the codes that it has, and the statements that it takes part in."""

    codes: tuple[str, ...]
    steps: int
    checks: tuple[str, ...]


def changed(by_code: ByCode, codes: tuple[str, ...], steps: int) -> dict[str, Statement]:
    """The statements with one number changed by so many units of its print."""
    new = dict(by_code)
    for code in codes:
        old = by_code[code]
        unit = unit_of_print(old)
        assert old.number is not None
        number = old.number + steps * old.number.__class__(unit.numerator) / unit.denominator
        new[code] = replace(old, number=number, printed=f"{number:f}")
    return new


def compared(statement: Statement, by_code: ByCode):
    """What the check sets against each other, as one difference, and how much of it rounding explains."""
    number = number_of(statement)
    if statement.check is Check.COUNT:
        return number, reach(statement)
    if statement.check is Check.HUNDRED:
        parts = [by_code[code] for code in statement.part_codes]
        return sum(map(number_of, parts)) - number, sum(map(reach, parts))
    worked = work_out(statement, by_code)
    return worked.as_printed - number, (worked.span.high - worked.span.low) / 2 + reach(statement)


@cache
def agreeing() -> tuple[Statement, ...]:
    """The statements that agree with their parts as they are printed."""
    by_code = transcribed().by_code
    return tuple(
        s
        for s in by_code.values()
        if s.check and s.check not in NOT_ARITHMETIC and s.number is not None and s.qualifier not in ("<", ">")
        if judge_statement(s, by_code).outcome in (Outcome.AGREES, Outcome.WITHIN_ROUNDING)
    )


def cases() -> Iterator[Case]:
    """Every number that some agreeing check pins down to less than the change."""
    by_code = transcribed().by_code
    taking_part: dict[str, list[Statement]] = {}
    codes: dict[str, set[str]] = {}
    for statement in agreeing():
        # 100 is no number of the print, but what its shares make.
        own = () if statement.check is Check.HUNDRED else (statement.code,)
        for code in (*own, *statement.part_codes):
            cell = same_cell(code, by_code)
            taking_part.setdefault(cell, []).append(statement)
            codes.setdefault(cell, set()).update({code, cell})
    for cell, statements in taking_part.items():
        if by_code[cell].number is None:
            continue
        for steps in (2, -2):
            new = changed(by_code, tuple(codes[cell]), steps)
            if any(_moves(s, by_code, new) for s in statements):
                yield Case(tuple(sorted(codes[cell])), steps, tuple(s.code for s in statements))


def _moves(statement: Statement, by_code: ByCode, new: ByCode) -> bool:
    try:
        (before, room), (after, _) = compared(statement, by_code), compared(new[statement.code], new)
    except CannotBeChecked:
        return False
    return abs(after - before) > room


@cache
def found_in(case: Case) -> bool:
    """Whether a check finds the change: one by itself, or the sums of a group together."""
    new = changed(transcribed().by_code, case.codes, case.steps)
    if any(judge_statement(new[code], new).outcome is Outcome.CONTRADICTS for code in case.checks):
        return True
    groups = {new[code].group for code in case.checks} - {""}
    return any(
        not are_consistent(system_of([new[s.code] for s in agreeing() if s.group == group], new)) for group in groups
    )


@pytest.fixture(scope="module")
def all_cases() -> list[Case]:
    return list(cases())


def test_reports_when_looked_for_then_some_are_transcribed():
    assert list(REPORTS.glob("statements_*.csv"))


def test_numbers_when_changed_by_a_unit_and_one_then_nearly_all_changes_are_found(all_cases):
    missed = [case for case in all_cases if not found_in(case)]
    assert len(all_cases) > 300
    assert 1 - len(missed) / len(all_cases) >= SHARPNESS, missed


def test_numbers_when_not_changed_then_nothing_is_found(all_cases):
    """The harness itself: a change of nothing is not found, so what is found is the change."""
    assert [case for case in all_cases[::7] if found_in(replace(case, steps=0))] == []
