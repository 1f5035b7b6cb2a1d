"""The measures of Annex A, computed: counts, shares, averages and durations, each with what was left out and why.

Only sums leave here: no date, identifier or name of a person, a worker or a team.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from indicators.units import Unit, ratio, round_half_up
from referrals.annex_a.dimensions import Dimension
from referrals.annex_a.fields import CHILD
from referrals.annex_a.measures import DURATIONS, MEASURES, OPEN_LATE, Durations, Measure, OpenLate
from referrals.annex_a.spec import LISTS, ListData, Row
from referrals.annex_a.terms import Column, Span, Term, Window
from referrals.timescales import Band, distribution, quartiles

PLACES = 4
_HEADERS = {(spec.number, column.key): column.header for spec in LISTS for column in spec.columns}

Lists = Mapping[int, ListData]
Answer = dict[str, Any]


@dataclass
class _Sieve:
    """What is left of the rows, and how many were left out for which reason."""

    rows: list[Row]
    left_out: Counter[str] = field(default_factory=Counter)

    def answer(self) -> list[dict[str, str | int]]:
        """The reasons, the most frequent first."""
        return [{"reason": why, "number": n} for why, n in sorted(self.left_out.items(), key=lambda x: (-x[1], x[0]))]


def computed(lists: Iterable[ListData], reference_date: date, period_start: date, period_end: date) -> Answer:
    """The keys measures, durations and open_late of the answer.

    `lists`: those that the file holds. Events are those dated from `period_start` to `period_end`; stocks are as at
    `reference_date`. What needs a list or a column that is missing has no value, and says so.
    """
    found = {data.number: data for data in lists}
    leavers = frozenset(CHILD.text(row) for row in found[9].rows) - {""} if 9 in found else frozenset[str]()
    window = Window(reference_date, period_start, period_end, leavers)
    return {
        "measures": [line for measure in MEASURES for line in _measured(measure, found, window)],
        "durations": [_durations(durations, found, window) for durations in DURATIONS],
        "open_late": [_open_late(late, found, window) for late in OPEN_LATE],
    }


# Which rows


def not_in_file(number: int) -> str:
    """Why nothing is computed from a list that is not there."""
    return f"list {number} is not in the file"


def _missing(needed: Measure | Durations | OpenLate, lists: Lists) -> str:
    """Why it cannot be computed from these lists; "" when it can."""
    for number in needed.lists:
        if number not in lists:
            return not_in_file(number)
    absent = [c for c in needed.columns if c.key not in lists[needed.number].columns_found]
    return f"list {needed.number} has no column “{_HEADERS[needed.number, absent[0].key]}”" if absent else ""


def _kept(rows: Sequence[Row], terms: Sequence[Term], once: Column | None, window: Window) -> _Sieve:
    """The rows for which every term holds, in the order of the file; the first answer that is not True decides."""
    sieve = _Sieve([])
    seen: set[str] = set()
    for row in rows:
        reason = _first_reason(row, terms, window)
        if reason is None:
            continue
        name = once.text(row) if once else ""
        if not reason and name and name in seen and once:
            reason = f"the same {once.words.removesuffix(' identifier')} again"
        if reason:
            sieve.left_out[reason] += 1
            continue
        seen.add(name)
        sieve.rows.append(row)
    return sieve


def _first_reason(row: Row, terms: Sequence[Term], window: Window) -> str | None:
    """ "" when every term holds, None when the row is not meant, else why it is left out."""
    for term in terms:
        answer = term.test(row, window)
        if answer is not True:
            return answer or None
    return ""


def _counted(sieve: _Sieve, terms: Sequence[Term], window: Window) -> tuple[list[Row], int]:
    """The rows that are counted and how many could be judged; who cannot be is left out of both."""
    counted: list[Row] = []
    judged = 0
    for row in sieve.rows:
        reason = _first_reason(row, terms, window)
        if reason:
            sieve.left_out[reason] += 1
            continue
        judged += 1
        if reason == "":
            counted.append(row)
    return counted, judged


def _days_of(span: Span, sieve: _Sieve, window: Window) -> list[int]:
    """The days of each row; a row whose days cannot be counted is left out."""
    found: list[int] = []
    for row in sieve.rows:
        days = span.days(row, window)
        if isinstance(days, int):
            found.append(days)
        else:
            sieve.left_out[days] += 1
    return found


# Measures


def _measured(measure: Measure, lists: Lists, window: Window) -> list[Answer]:
    """The line of a measure, followed by one for each category of its breakdowns."""
    why = _missing(measure, lists)
    if why:
        return [_line(measure, None, None, None, [{"reason": why, "number": 0}])]
    data = lists[measure.number]
    sieve = _kept(data.rows, measure.keep, measure.once, window)
    if measure.span is not None:
        return [_mean_or_median(measure, _days_of(measure.span, sieve, window), sieve)]
    counted, judged = _counted(sieve, measure.counted, window)
    number = len(counted)
    if measure.kind == "count":
        line = _line(measure, str(number), None, str(number), sieve.answer())
        parts = (part for by in measure.by for part in _by(measure, by, counted, data, window))
        return [line, *parts]
    value = _text(number, judged, Unit.PERCENT) if judged else None
    return [_line(measure, str(number), str(judged), value, sieve.answer())]


def _mean_or_median(measure: Measure, days: list[int], sieve: _Sieve) -> Answer:
    """A mean with its sum and number, or a median with its number."""
    if measure.kind == "mean":
        value = _text(sum(days), len(days), Unit.DAYS) if days else None
        return _line(measure, str(sum(days)), str(len(days)), value, sieve.answer())
    middle = quartiles(days)
    return _line(measure, None, str(len(days)), str(middle.median) if middle else None, sieve.answer())


def _by(measure: Measure, by: Dimension, rows: list[Row], data: ListData, window: Window) -> list[Answer]:
    """One line for each category, whose counts add up to the measure; none when the list lacks the column."""
    if not any(column.key in data.columns_found for column in by.columns):
        return []
    counts = Counter(by.category(row, window) for row in rows)
    return [
        _line(measure, str(counts[code]), None, str(counts[code]), [], by, code, name) for code, name in by.categories
    ]


def _line(
    measure: Measure, numerator: str | None, denominator: str | None, value: str | None,
    left_out: list[dict[str, str | int]], by: Dimension | None = None, category: str = "", category_name: str = "",
) -> Answer:  # fmt: skip
    feeds = by is None or by.is_slice
    return {
        "code": measure.code, "name": measure.name, "list": measure.number, "kind": measure.kind,
        "unit": measure.unit, "numerator": numerator, "denominator": denominator, "value": value,
        "dimension": by.code if by else "", "category": category, "category_name": category_name,
        "indicator": measure.indicator if feeds else "",
        "slice": f"{by.code}={category}" if by and feeds and measure.indicator else "",
        "left_out": left_out, "words": measure.words if by is None else f"{measure.name}, by {by.name.lower()}.",
    }  # fmt: skip


def _text(numerator: int, denominator: int, unit: Unit) -> str:
    return str(round_half_up(ratio(numerator, denominator, unit), PLACES))


# Durations and what is late


def _durations(durations: Durations, lists: Lists, window: Window) -> Answer:
    answer: Answer = {
        "code": durations.code, "name": durations.name, "list": durations.number, "clock": durations.clock,
        "words": durations.words,
    }  # fmt: skip
    why = _missing(durations, lists)
    if why:
        return answer | {"bands": [], "median": None, "left_out": [{"reason": why, "number": 0}]}
    sieve = _kept(lists[durations.number].rows, durations.keep, durations.once, window)
    values = _days_of(durations.span, sieve, window)
    middle = quartiles(values)
    return answer | {
        "bands": [_band(band, number) for band, number in distribution(values, durations.bands)],
        "median": str(middle.median) if middle else None,
        "left_out": sieve.answer(),
    }


def _band(band: Band, number: int) -> Answer:
    label = "Same day" if band.last == 0 else band.label
    return {"label": label, "from_days": band.first, "to_days": band.last, "number": number}


def _open_late(late: OpenLate, lists: Lists, window: Window) -> Answer:
    answer: Answer = {
        "code": late.code, "name": late.name, "list": late.number, "clock": late.clock, "words": late.words,
    }  # fmt: skip
    why = _missing(late, lists)
    if why:
        return answer | {"number": None, "denominator": None, "left_out": [{"reason": why, "number": 0}]}
    sieve = _kept(lists[late.number].rows, late.keep, late.once, window)
    counted, judged = _counted(sieve, (late.late,), window)
    return answer | {"number": len(counted), "denominator": judged, "left_out": sieve.answer()}
