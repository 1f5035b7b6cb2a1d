"""A plan of placements begun from what was counted in an SSDA903 return: text for the boxes, to be read and changed.

The file tells how many children were on each rung on the last night of its period, who came onto it and who went from
it, and the nights between. It tells no price and, once counted, not since when a child is there: prices come from
`Prices`, or their cells stay empty, and every placement counts as in place since the financial year began.

Moves between rungs are in both rates, as `finance.plan_rows` has no move by chance each night: whoever comes from
another rung is a starter there, and whoever goes to one leaves. Only sums by rung are used, of all ages together.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from finance.plan_text import ASSUMED_HEADINGS, SOURCE
from finance.ssda903.answer import Sums
from finance.ssda903.codes import NOT_REPORTED, TURNED_18
from finance.ssda903.names import RUNG_NAMES
from indicators.phrases import listed
from indicators.quarters import financial_year_of
from indicators.working_days import day_words

HEADINGS = ("rung", "number", "weekly price", "start", SOURCE)
_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Prices:
    """What a place on a rung costs a week: `average` in pounds, the prices of recent `starters`, and where they stand
    (`words`, "the average of “Placements of July”")."""

    average: Decimal
    starters: tuple[Decimal, ...]
    words: str


@dataclass(frozen=True)
class Begun:
    """A plan as far as a file tells it, ready for the boxes of the form; `left_out` is a sentence or empty."""

    name: str
    as_at: date
    rows: str
    assumed: str
    note: str
    left_out: str
    prices_missing: bool


def begin_plan(
    sums: Sums, *, source: str, start_on: date, end_on: date, names: Mapping[str, str], prices: Mapping[str, Prices]
) -> Begun:
    """A plan as at the day after the period of a file, both of whose days are in it.

    `source`: what the file is called, "SSDA903, 2022/23 Q1, file 1a2b3c4d"; `names`: the rungs of the ladder by code;
    `prices`: by rung, of those that are known.
    """
    as_at = end_on + timedelta(days=1)
    since = financial_year_of(as_at).start_on
    told = _Told(sums, source, end_on, _months(start_on, end_on), prices)
    rungs = [rung for rung in RUNG_NAMES if rung in names and rung != NOT_REPORTED]
    stocks = [told.stock(rung, names[rung], since) for rung in rungs if sums.total("at_end", rung=rung)]
    rates = [row for rung in rungs for row in told.rates(rung, names[rung])]
    left_out = _left_out(sums, names, told.without_nights)
    note = f"Begun from {source}: sums by rung, of all ages."
    if since < as_at:
        note += (
            f" Placements count as in place since {day_words(since)}, since sums do not tell when each began; what was "
            f"spent before {day_words(as_at)} can be given instead."
        )
    return Begun(
        name=f"Placements at {day_words(as_at)}", as_at=as_at, rows=_written(HEADINGS, stocks),
        assumed=_written(ASSUMED_HEADINGS, rates) if rates else "", note=" ".join(filter(None, [note, left_out])),
        left_out=left_out, prices_missing=told.prices_missing,
    )  # fmt: skip


class _Told:
    """The cells of each rung, and the rungs of which no rate of leaving can be told."""

    def __init__(self, sums: Sums, source: str, end_on: date, months: int, prices: Mapping[str, Prices]) -> None:
        self.sums, self.source, self.end_on, self.months, self.prices = sums, source, end_on, months, prices
        self.without_nights: list[str] = []
        self.prices_missing = False

    def stock(self, rung: str, name: str, since: date) -> list[str]:
        number, nights = self.sums.total("at_end", rung=rung), self.sums.total("nights", rung=rung)
        known, price = self._price(rung)
        words = f"{self.source}: night of {day_words(self.end_on)}; {nights:,} child-days in the period{price}"
        return [name, str(number), str(known.average) if known else "", day_words(since), words]

    def rates(self, rung: str, name: str) -> Iterable[list[str]]:
        new, moved_in = self.sums.total("starters", rung=rung), self.sums.moved_in(rung)
        left, moved_out = self.sums.total("leavers", rung=rung), self.sums.total("moves", rung=rung)
        nights, aged = self.sums.total("nights", rung=rung), self.sums.total("leavers", rung=rung, third=TURNED_18)
        if new + moved_in:
            known, price = self._price(rung)
            at = "; ".join(map(str, known.starters or (known.average,))) if known else ""
            words = f"{self.source}: {new:,} new to care, {moved_in:,} from other rungs; {nights:,} child-days{price}"
            yield ["starters", name, str(new + moved_in), str(self.months), "", at, words]
        if left + moved_out and nights <= left + moved_out:
            self.without_nights.append(name)
        elif left + moved_out:
            words = f"{self.source}: {left:,} left care, {aged:,} of them at 18, and {moved_out:,} to other rungs; "
            yield ["leaving", name, str(left + moved_out), str(nights), "", "", f"{words}{nights:,} child-days"]

    def _price(self, rung: str) -> tuple[Prices | None, str]:
        known = self.prices.get(rung)
        self.prices_missing |= known is None
        return known, f"; price: {known.words}" if known else ""


def _months(start_on: date, end_on: date) -> int:
    return (end_on.year - start_on.year) * _MONTHS_A_YEAR + end_on.month - start_on.month + 1


def _left_out(sums: Sums, names: Mapping[str, str], without_nights: Sequence[str]) -> str:
    """Who is in the file and not in the plan."""
    said = []
    lost = {rung: sums.total("at_end", rung=rung) for rung in RUNG_NAMES if rung == NOT_REPORTED or rung not in names}
    if number := sum(lost.values()):
        where = listed([RUNG_NAMES[rung] for rung, found in lost.items() if found])
        said.append(
            f"Left out: {number:,} {'child' if number == 1 else 'children'} on no rung of the ladder ({where})."
        )
    if without_nights:
        said.append(f"More left than the nights can tell a rate of: {listed(without_nights)}.")
    return " ".join(said)


def _written(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue()
