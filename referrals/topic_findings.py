"""What the figures of a section say, in one sentence that is worked out from them, and when they were.

Rows come judged and compared; nothing is judged or compared anew here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from indicators import quarters
from indicators.balance import COMPARISON, PARTITION
from indicators.direction_of_travel import Change, ChangeCode, Window
from indicators.phrases import capital, listed, lowered
from indicators.rag import RATING_ORDER, Rating
from indicators.rag import words as rating_words
from indicators.scorecard import Held, ScorecardRow
from indicators.units import Unit, ratio, written, written_exactly
from indicators.working_days import day_words
from referrals.bars import Bar, keeps_order
from referrals.bars import finding as largest
from referrals.topics import Told

NOTHING = "No figure is held yet"
_EACH, _FEW = 3, 4


# Words of a figure


def _month_text(day: date) -> str:
    return f"{day:%B %Y}"


def when(held: Held, window: Window) -> str:
    """The stretch of time or the day that a figure is for: "between February and July 2021", "on 7 April 2022"."""
    period = quarters.parse(held.slug)
    if window is Window.SNAPSHOT:
        if held.as_at_on is not None:
            return f"on {day_words(held.as_at_on)}"
        return f"in {period.label}" if isinstance(period, quarters.Month) else _stretch(period, "at the end of ")
    if window is Window.ROLLING_12_MONTHS:
        return f"in the 12 months to {day_words(held.end_on)}"
    if window is Window.YEAR_TO_DATE:
        return f"in the year to date, {period.label}"
    return _stretch(period, "in ")


def _stretch(period: quarters.Period, before: str) -> str:
    if not isinstance(period, quarters.Span):
        return f"{before}{period.label}"
    if not period.whole_months:
        return f"from {day_words(period.start_on)} to {day_words(period.end_on)}"
    first, last = period.start_on, period.end_on
    start = f"{first:%B}" if first.year == last.year else _month_text(first)
    return f"between {start} and {_month_text(last)}"


def text_of(held: Held, unit: Unit, usual: int) -> str:
    """The figure as written, with as many places as it was printed with; empty where there is no number."""
    number = held.measured.number(unit)
    return "" if number is None else written(number, unit, held.measured.places(usual), held.measured.qualifier)


def _text(row: ScorecardRow) -> str:
    return text_of(row.held, row.line.unit, row.line.places) if row.held else ""


def _when(row: ScorecardRow) -> str:
    return when(row.held, row.line.window) if row.held else ""


def _with_number(rows: Sequence[ScorecardRow]) -> list[ScorecardRow]:
    return [row for row in rows if row.number is not None]


# Findings


def finding_of(told: Told, rows: Sequence[ScorecardRow], bars: Sequence[Bar], noun: str = "measures") -> str:
    """The finding of a section: as it is declared, else the first that its figures allow.

    `rows` are its figures in order, those of an indicator's latest stretch of time first; `bars` its first breakdown,
    `noun` what its rated figures are called.
    """
    ways = {
        Told.LEAD: lambda: lead_finding(rows),
        Told.EACH: lambda: each_finding(rows),
        Told.RATED: lambda: rated_finding(rows, noun),
        Told.PARTS: lambda: named_finding(bars) if bars else "",
        Told.RE_AUDITS: lambda: re_audit_finding(_latest(rows)),
        Told.PATHWAY: lambda: pathway_finding(rows),
        Told.GAP: lambda: gap_finding(rows),
    }
    for way in (told, Told.LEAD, Told.PARTS):
        found = ways[way]()
        if found:
            return found
    return missing_finding(rows) or NOTHING


def lead_finding(rows: Sequence[ScorecardRow]) -> str:
    """The first figure with a number, when it was, and how it has changed; empty without a number."""
    row = next(iter(_with_number(rows)), None)
    if row is None:
        return ""
    return f"{row.line.name}: {_text(row)} {_when(row)}{_changed(row)}"


def _changed(row: ScorecardRow) -> str:
    """How it stands to a year earlier, else to the period before; empty where neither is compared."""
    for change, words in ((row.since_last_year, "a year earlier"), (row.since_previous, "the period before")):
        if change.code is not ChangeCode.NOT_COMPARED and change.then_value is not None:
            return f", {_moved(change, written(change.then_value, row.line.unit, row.line.places))} {words}"
    return ""


def _moved(change: Change, then: str) -> str:
    if not change.difference:
        return "the same as"
    return f"up from {then}" if change.difference > 0 else f"down from {then}"


def each_finding(rows: Sequence[ScorecardRow]) -> str:
    """The first figures, each by its name; empty without a number. The time is said once where they share it."""
    told = _with_number(rows)[:_EACH]
    if not told:
        return ""
    times = list(dict.fromkeys(map(_when, told)))
    named = list(zip(_short_names([row.line.name for row in told]), told, strict=True))
    if len(times) == 1:
        return f"{'; '.join(f'{name}: {_text(row)}' for name, row in named)}, {times[0]}"
    return "; ".join(f"{name}: {_text(row)} {_when(row)}" for name, row in named)


def _short_names(names: Sequence[str]) -> list[str]:
    """The names without what they all begin with: "Exploitation: convictions" beside others is "Convictions"."""
    start, colon, _ = names[0].partition(": ")
    if not colon or not all(name.startswith(f"{start}: ") for name in names):
        return list(names)
    rest = [name.removeprefix(f"{start}: ") for name in names]
    return [capital(name) for name in rest]


def missing_finding(rows: Sequence[ScorecardRow]) -> str:
    """Of a section without any number: how many of its measures were reported without one, and why."""
    latest = list(_latest(rows).values())
    if not latest or any(row.number is not None for row in latest):
        return ""
    why = dict.fromkeys(lowered(rating_words(r.judgement.rating, r.judgement.reason)) for r in latest)
    return f"{len(latest)} {'measure' if len(latest) == 1 else 'measures'} without a number: {listed(list(why))}"


def rated_finding(rows: Sequence[ScorecardRow], noun: str = "measures") -> str:
    """How many of those with a target are in each class, and the target where they share one; empty where none is
    rated. Each indicator, or part of one, counts once: by its latest figure that is rated."""
    held = [row for row in rows if row.line.standard is not None]
    latest: dict[tuple[str, str], ScorecardRow] = {}
    for row in held:
        if row.judgement.rating is not Rating.NOT_JUDGED:
            latest.setdefault(row.line.key, row)
    if not latest:
        return ""
    wholes = len({row.line.key for row in held})
    if wholes == 1:
        return _one_rated(next(iter(latest.values())))
    counts = {rating: sum(row.judgement.rating is rating for row in latest.values()) for rating in RATING_ORDER}
    counts[Rating.NOT_JUDGED] = wholes - len(latest)
    classes = [(number, rating) for rating, number in counts.items() if number]
    if len(classes) == 1:
        quantity = "Both" if wholes == 2 else f"All {wholes}"
        return f"{quantity} {noun} are {_class(classes[0][1])}{_shared_target(latest.values(), 'against a target of')}"
    said = listed([f"{number} {_class(rating)}" for number, rating in classes])
    return f"Of {wholes} {noun} with a target{_shared_target(latest.values(), 'of')}: {said}"


def _one_rated(row: ScorecardRow) -> str:
    target = row.line.standard.target if row.line.standard else None
    against = "" if target is None else f" against a target of {written_exactly(target, row.line.unit)}"
    number = f": {_text(row)} {_when(row)}" if row.number is not None else ""
    return f"{row.line.name}{number}, {_class(row.judgement.rating)}{against}"


def _class(rating: Rating) -> str:
    return lowered(rating_words(rating))


def _shared_target(rows: Iterable[ScorecardRow], before: str) -> str:
    standards = [(row.line.standard, row.line.unit) for row in rows]
    found = {written_exactly(s.target, unit) for s, unit in standards if s is not None and s.target is not None}
    return f" {before} {next(iter(found))}" if len(found) == 1 else ""


def _latest(rows: Sequence[ScorecardRow]) -> dict[str, ScorecardRow]:
    found: dict[str, ScorecardRow] = {}
    for row in rows:
        found.setdefault(row.line.code, row)
    return found


def re_audit_finding(rows: Mapping[str, ScorecardRow]) -> str:
    """Of the re-audits due in a period how many were done and how many are late; empty unless all three are of one
    period. What is neither done nor late is said."""
    three = [rows.get(f"re-audits-{name}") for name in ("due", "done", "late")]
    due, done, late = (row.number if row else None for row in three)
    if due is None or done is None or late is None or len({row.period for row in three if row}) != 1:
        return ""
    said = f"{_count(done)} of {_count(due)} re-audits due were done, {_count(late)} are late"
    rest = due - done - late
    return f"{said}, {_count(rest)} neither" if rest > 0 else said


def pathway_finding(rows: Sequence[ScorecardRow]) -> str:
    """How many stand at the first and at the last step of a pathway of counts; empty unless both are of one period."""
    latest = list(_latest(rows).values())
    told = [row for row in latest if row.number is not None and row.line.unit is Unit.COUNT]
    if len(told) < 2 or told[0].period != told[-1].period:
        return ""
    first, last = told[0], told[-1]
    return f"{first.line.name}: {_text(first)}; {lowered(last.line.name)}: {_text(last)}, {_when(last)}"


def gap_finding(rows: Sequence[ScorecardRow]) -> str:
    """By how much the first figure is more or less than the second; empty unless both are counts of one period."""
    latest = list(_latest(rows).values())
    if len(latest) != 2 or any(r.number is None or r.line.unit is not Unit.COUNT for r in latest):
        return ""
    needed, there = latest
    if needed.number is None or there.number is None or needed.period != there.period:
        return ""
    gap = needed.number - there.number
    said = f"{needed.line.name}: {_text(needed)}; {lowered(there.line.name)}: {_text(there)}"
    if gap == 0:
        return f"{said}: no gap, {_when(needed)}"
    return f"{said}: {_count(abs(gap))} too {'few' if gap > 0 else 'many'}, {_when(needed)}"


def funnel_finding(bars: Sequence[Bar], outcome: str) -> str:
    """Of a programme's steps how many of the first reached the one named; empty unless both have a number."""
    first, last = bars[0], next((b for b in bars if b.indicator == outcome), bars[-1])
    if first.number is None or last.number is None or first is last:
        return ""
    share = ""
    if first.number > 0 and last.number <= first.number and not first.qualifier and not last.qualifier:
        share = f", {written(ratio(last.number, first.number, Unit.PERCENT), Unit.PERCENT, 0)}"
    return f"{last.name}: {last.text()} of a {lowered(first.name)} of {first.text()}{share}"


def parts_finding(bars: Sequence[Bar]) -> str:
    """What a breakdown shows. Bands that lie in each other, and areas or teams without a figure of our own, have no
    largest one: a few are named, of more the lowest and the highest."""
    held = [bar for bar in bars if bar.number is not None and not bar.is_not_stated]
    is_nested = bars[0].kind != PARTITION and keeps_order(bars[0].dimension)
    is_compared = bars[0].kind == COMPARISON and not any(bar.is_own for bar in held)
    if not held or not (is_nested or is_compared):
        return largest(bars)
    if len(held) <= _FEW:
        return "; ".join(f"{bar.name}: {bar.text()}" for bar in held)
    low, *_, high = sorted(held, key=lambda b: b.number or 0)
    return f"From {low.text()} ({low.name}) to {high.text()} ({high.name})"


def named_finding(bars: Sequence[Bar]) -> str:
    """The same with the name of the indicator before it and the period after it."""
    said = parts_finding(bars).replace(" is the largest: ", " is the largest, ")
    said = f"from {said[5:]}" if said.startswith("From ") else said
    return f"{bars[0].indicator_name}, {_stretch(quarters.parse(bars[0].period), '')}: {said}"


def _count(number: Decimal) -> str:
    return written(number, Unit.COUNT)
