"""What a register says first: one sentence, and the sums and days that stand behind it."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from finance.capacity import Beds, beds_sentences, range_words
from finance.due import DONE, LATE
from finance.money import finest, in_words, money_words
from finance.register_rows import CaseSums, HomeRow, ProgrammeRow, SavingRow, Told, case_sums
from finance.registers import CAPACITY, CASES, CLAIMS, MILESTONES, PROGRAMMES, SAVINGS
from indicators.balance import Amount
from indicators.phrases import capital
from indicators.units import total_of


def _number(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _programmes(rows: Sequence[ProgrammeRow]) -> str:
    spent = [row for row in rows if row.spent.value is not None]
    known = f"spend is reported for {len(spent)}" if spent else "no spend on any of them is reported yet"
    return f"{_number(len(rows), 'programme')}; {known}."


def _told(name: str, told: Sequence[Told]) -> str:
    known = [Amount(t.value, t.quantum, t.qualifier) for t in told if t.value is not None]
    if not known:
        return ""
    words = in_words(known[0]) if len(known) == 1 else money_words(total_of(a.value for a in known), finest(known))
    return f"{name} {words} ({len(known)} of {len(told)})"


def _savings(rows: Sequence[SavingRow]) -> str:
    held = [
        _told("target", [row.target for row in rows]),
        _told("delivered", [row.delivered for row in rows]),
        _told("forecast", [row.forecast for row in rows]),
    ]
    known = ", ".join(filter(None, held)) or "no amount is held for any of them"
    return f"{_number(len(rows), 'saving')}; {known}."


def _capacity(rows: Sequence[HomeRow]) -> str:
    known = [(r.beds_min, r.beds_max or r.beds_min) for r in rows if r.beds_min is not None]
    beds = range_words(sum(low for low, _ in known), sum(high or 0 for _, high in known)) if known else "no"
    later = sum("later" in row.moved for row in rows)
    late = sum(row.is_overdue for row in rows)
    told = f"{_number(len(rows), 'home')}, {beds} beds for the {len(known)} whose number is stated"
    if later:
        told += f"; {later} {'has' if later == 1 else 'have'} slipped"
    return f"{told}; {late} past the day it was expected." if late else f"{told}."


def _cases(rows: Sequence[Any]) -> str:
    cases, undecided = len({row.case for row in rows}), sum(row.outcome == "asked" for row in rows)
    lines = sum(bool(row.line) for row in rows)
    told = f"{_number(cases, 'business case')} with {_number(lines, 'line')}"
    return f"{told}; {undecided} not decided yet." if undecided else f"{told}, all decided." if lines else f"{told}."


def _standings(one: str) -> Callable[[Sequence[Any]], str]:
    def told(rows: Sequence[Any]) -> str:
        late = sum(row.standing.code == LATE for row in rows)
        done = sum(row.standing.code == DONE for row in rows)
        recorded = f"{late} late as far as is recorded" if late else "none late"
        too_late = sum(row.standing.was_late for row in rows)
        return f"{_number(len(rows), one)}: {recorded}, {done} done{f', {too_late} of them late' if too_late else ''}."

    return told


_FIRST: Mapping[str, Callable[[Sequence[Any]], str]] = {
    PROGRAMMES: _programmes,
    SAVINGS: _savings,
    CAPACITY: _capacity,
    CASES: _cases,
    CLAIMS: _standings("claim"),
    MILESTONES: _standings("milestone"),
}


def finding(register: str, rows: Sequence[Any]) -> str:
    """The first sentence of a register with rows."""
    return capital(_FIRST[register](rows))


def sums_of(rows: Sequence[Any]) -> list[CaseSums]:
    """The sums of each business case, in the order of the rows."""
    return [case_sums(list(own)) for _, own in groupby(rows, key=lambda row: row.case)]


def beds_of(rows: Sequence[HomeRow]) -> list[str]:
    """What the homes bring in all, and which have no number."""
    return beds_sentences([Beds(row.name, row.beds_min, row.beds_max) for row in rows])
