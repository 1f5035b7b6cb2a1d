"""The care ladder of a quarter: its rungs with plan, price and outturn, and who moved between them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from finance.care_ladder import NOT_REPORTED, Activity, Check, Count, Ladder, Way, checks, not_reported, problems
from finance.foster_share import ShareError, counts_from_shares
from finance.ladder_lines import NOTHING, Fact, FlowLine, MoveLine, RungLine, counted, less, together
from finance.ladder_lines import Way as Direction
from finance.ladder_rows import LadderRow, RowKind, rows
from finance.outturn import variance_words
from finance.selectors.ladder_book import (
    AT_END,
    COST,
    COST_AT_END,
    ENDED,
    HIGHEST,
    IN_CARE,
    LOWEST,
    PACKAGES_16,
    PLANNED,
    RUNG,
    SHARE,
    SHARE_PLANNED,
    SPEND,
    STARTED,
    VARIANCE,
    Sources,
    code_in,
    name_in,
    year_after,
)
from indicators.phrases import capital, listed, lowered
from indicators.quarters import Quarter, financial_year_of
from indicators.units import WIDE, Unit, total_of, written

# Which rungs the indicators of the share and of expensive packages are about, and the line of the outturn that each
# group or rung is paid from where the line has another code.
FOSTERING, INDEPENDENT, SIXTEEN_PLUS = "fostering", "independent-fostering", "supported-16-plus"
LINES = {"out-of-area": "ooa", SIXTEEN_PLUS: "cic-16-plus"}
_ALL = Decimal(100)


@dataclass(frozen=True)
class Heading:
    """The heading of the outturn that the ladder's lines stand in, and what of its variance each kind of line makes."""

    code: str
    name: str
    variance: Fact
    on_rungs: tuple[Fact, ...]
    beside: tuple[tuple[str, Fact], ...]

    @property
    def sentence(self) -> str:
        """How the heading's variance comes about; empty without a number or without lines."""
        whole = self.variance.value
        if whole is None or not self.on_rungs:
            return ""
        on_rungs = together(self.on_rungs, "")
        if on_rungs.value is None:
            return ""
        known = total_of([on_rungs.value, *(fact.value for _, fact in self.beside if fact.value is not None)])
        rest = WIDE.subtract(whole, known)
        told = [f"{variance_words(on_rungs.value, on_rungs.quantum)} on the lines of rungs"]
        told += [f"{variance_words(f.value, f.quantum)} on {lowered(n)}" for n, f in self.beside if f.value is not None]
        if rest:
            told.append(f"{variance_words(rest, on_rungs.quantum)} on lines that are not stated")
        return f"{self.name}: {variance_words(whole, on_rungs.quantum)} in all, of {listed(told)}."


@dataclass(frozen=True)
class CareLadder:
    """The ladder of a quarter as lines, and what its sums say.

    `inside` are the rungs in care with their groups, `whole` the children in care and, before it, those on no rung.
    """

    period: Quarter
    inside: tuple[RungLine, ...]
    whole: tuple[RungLine, ...]
    outside: tuple[RungLine, ...]
    flows: tuple[FlowLine, ...]
    moves: tuple[MoveLine, ...]
    heading: Heading | None
    gap: str
    doubts: tuple[str, ...]

    @property
    def lines(self) -> tuple[RungLine, ...]:
        """Every row of the table."""
        return (*self.inside, *self.whole, *self.outside)

    def line(self, code: str) -> RungLine | None:
        """The row of a rung or group."""
        return next((line for line in self.lines if line.code == code), None)


_Facts = dict[str, Fact]


def care_ladder_of(sources: Sources, period: Quarter) -> CareLadder:
    """The ladder of a quarter. No query."""
    slug, codes = period.slug, sources.ladder_codes
    keys = {code: sources.key_of(code) for code in codes}
    start = {code: sources.opening(AT_END, period, key) for code, key in keys.items()}
    end = {code: sources.fact(AT_END, slug, key) for code, key in keys.items()}
    planned = {code: sources.fact(PLANNED, slug, key) for code, key in keys.items()}
    began = {code: sources.fact(STARTED, slug, key) for code, key in keys.items()}
    ended = {code: sources.fact(ENDED, slug, key) for code, key in keys.items()}
    _split(sources, end, sources.fact(SHARE, slug))
    _split(sources, planned, _plan_of(sources, slug, planned.get(FOSTERING, NOTHING)))
    in_care = sources.opening(IN_CARE, period, ""), sources.fact(IN_CARE, slug)
    ladder = Ladder(
        sources.rungs,
        sources.groups,
        _ways(sources),
        {
            code: Activity(
                start=start[code].count, end=end[code].count, planned=planned[code].count,
                started=began[code].count, ended=ended[code].count,
                came_from=_moves(sources, STARTED, "came-from", slug, code),
                went_to=_moves(sources, ENDED, "went-to", slug, code),
            )
            for code in codes
        } | _unplaced(sources, slug),
        *(None if fact.count is None else fact.count.number for fact in in_care),
    )  # fmt: skip
    found = checks(ladder)
    heading = _heading(sources, slug)
    lines = [
        _line(sources, period, row, (start, end, planned), in_care, heading)
        for row in rows(ladder)
        if row.kind is not RowKind.NOT_REPORTED or (row.end is not None and row.end.number)
    ]
    sums = (RowKind.NOT_REPORTED, RowKind.WHOLE)
    return CareLadder(
        period,
        inside=tuple(line for line in lines if line.kind in (RowKind.GROUP, RowKind.RUNG)),
        whole=tuple(line for line in lines if line.kind in sums),
        outside=tuple(line for line in lines if line.kind is RowKind.OUTSIDE),
        flows=_flows(sources, slug, (start, began, ended, end), ladder, found),
        moves=_move_lines(sources, slug, began, ended),
        heading=heading,
        gap=not_reported(ladder).sentence if ladder.in_care_end is not None else "",
        doubts=(*problems(ladder), *(c.sentence for c in found if c.holds is False and c.about not in _TOLD)),
    )


# Sums that the table of movement and the sentence under the ladder say already.
_TOLD = ("stock_flow", "in_care", "came_from", "went_to")


# What is worked out


def _split(sources: Sources, facts: _Facts, share: Fact) -> None:
    """Fills in independent and in-house placements from the share of the one, where a source prints no more."""
    whole, members = facts.get(FOSTERING, NOTHING), [r.code for r in sources.rungs if r.group == FOSTERING]
    others = [code for code in members if code != INDEPENDENT]
    if whole.count is None or share.value is None or share.qualifier or len(others) != 1 or len(members) != 2:
        return
    if any(facts[code].is_there for code in members):
        return
    shares = {INDEPENDENT: share.value, others[0]: WIDE.subtract(_ALL, share.value)}
    try:
        counts = counts_from_shares(whole.count.number, shares, share.quantum or Decimal("0.1"))
    except ShareError:
        return
    for code, count in counts.items():
        basis = Fact(figure=share.figure, period=share.period, as_at=whole.as_at, source=share.source)
        facts[code] = counted(count, basis)


def plans_of(sources: Sources, slug: str) -> list[tuple[str, str, Fact]]:
    """The planned shares of a period: code and name of the plan, and the share."""
    found = [(code_in(s, "plan"), name_in(s, "plan"), s.key) for s in sources.slices(SHARE_PLANNED, "plan")]
    facts = [(code, name, sources.fact(SHARE_PLANNED, slug, key)) for code, name, key in found]
    return [(code, name, fact) for code, name, fact in facts if fact.value is not None]


def _plan_of(sources: Sources, slug: str, planned: Fact) -> Fact:
    """The share of the plan that the planned number is of: the one that is for the same day."""
    same = [fact for _, _, fact in plans_of(sources, slug) if fact.as_at == planned.as_at]
    return same[0] if len(same) == 1 else NOTHING


def _unplaced(sources: Sources, slug: str) -> dict[str, Activity]:
    """Those whom a return itself gives without a rung."""
    for info in sources.slices(AT_END, RUNG):
        if code_in(info, RUNG) == NOT_REPORTED:
            count = sources.fact(AT_END, slug, info.key).count
            return {NOT_REPORTED: Activity(end=count)} if count else {}
    return {}


# Rungs


def _line(
    sources: Sources,
    period: Quarter,
    row: LadderRow,
    counts: tuple[Mapping[str, Fact], ...],
    in_care: tuple[Fact, Fact],
    heading: Heading | None,
) -> RungLine:
    slug, code = period.slug, row.code
    line = RungLine(slug, row.kind, code, row.name, end_on=period.end_on)
    if row.kind is RowKind.WHOLE:
        of = (heading.variance, heading.name) if heading else (NOTHING, "")
        return replace(line, start=in_care[0], end=in_care[1], variance=of[0], budget=of[1])
    if row.kind is RowKind.NOT_REPORTED:
        basis = Fact(figure=in_care[1].figure, period=in_care[1].period, source=in_care[1].source)
        return replace(line, end=counted(row.end, basis))
    key, (start, end, planned) = sources.key_of(code), counts
    is_packaged = code == SIXTEEN_PLUS
    variance, covid = variance_of(sources, slug, code)
    return replace(
        line,
        note=sources.notes.get(code, ""),
        part_of=next((r.group for r in sources.rungs if r.code == code), ""),
        start=counted(row.start, start[code]),
        end=counted(row.end, end[code]),
        planned=counted(row.planned, planned[code]),
        price=price_at_end(sources, period, key),
        planned_price=price_planned(sources, period, key),
        packages=sources.fact(PACKAGES_16, slug) if is_packaged else NOTHING,
        lowest=sources.fact(LOWEST, slug, key),
        highest=sources.fact(HIGHEST, slug, key),
        variance=variance,
        covid=covid,
    )


def price_at_end(sources: Sources, period: Quarter, key: str) -> Fact:
    """The average cost for a year of those in place."""
    return sources.fact(COST_AT_END, period.slug, key)


def price_planned(sources: Sources, period: Quarter, key: str) -> Fact:
    """The planned cost of a placement for the year that the next day lies in, else for the year of the period."""
    budget = "|".join(sorted((key, "side=budget")))
    coming = sources.fact(COST, year_after(period).slug, budget)
    return coming if coming.is_there else sources.fact(COST, financial_year_of(period.end_on).slug, budget)


def _heads(sources: Sources, slug: str) -> list[tuple[str, str, str, str, Fact]]:
    """The lines of the outturn: code and name of the heading, code and name of the line, and its variance."""
    return [
        (code_in(s, "head"), name_in(s, "head"), code_in(s, "line"), name_in(s, "line"), fact)
        for s in sources.slices(VARIANCE, "head", "line")
        if (fact := sources.fact(VARIANCE, slug, s.key)).is_there
    ]


def variance_of(sources: Sources, slug: str, code: str) -> tuple[Fact, Fact]:
    """The net variance of a rung's or group's line, and what of it is put down to Covid; else its budget less spend."""
    for head, _, line, _, fact in _heads(sources, slug):
        if line == LINES.get(code, code):
            return fact, sources.fact(VARIANCE, slug, f"head={head}|line={line}|variance-reason=covid")
    budget, spent = (sources.fact(SPEND, slug, f"{sources.key_of(code)}|side={s}") for s in ("budget", "outturn"))
    found = less(budget, spent, "budget less what was spent")
    return replace(found, figure=spent.figure, period=spent.period) if found.is_there else NOTHING, NOTHING


def _heading(sources: Sources, slug: str) -> Heading | None:
    """The heading that the lines of rungs stand in; None where no line is stated, or they stand in several."""
    own = {LINES.get(code, code) for code in sources.ladder_codes}
    found = _heads(sources, slug)
    heads = {head: name for head, name, line, _, _ in found if line in own}
    if len(heads) != 1:
        return None
    code, name = next(iter(heads.items()))
    of_it = [(line, line_name, fact) for head, _, line, line_name, fact in found if head == code]
    counted_once = _counted_once(sources, {line for line, _, fact in of_it if fact.value is not None})
    return Heading(
        code,
        name,
        sources.fact(VARIANCE, slug, f"head={code}"),
        tuple(fact for line, _, fact in of_it if line in counted_once),
        tuple((line_name, fact) for line, line_name, fact in of_it if line not in own),
    )


def _counted_once(sources: Sources, stated: set[str]) -> set[str]:
    """The lines that are stated, those of rungs left out where their group's is stated too."""
    groups = {rung.code: LINES.get(rung.group, rung.group) for rung in sources.rungs}
    own = {LINES.get(code, code): groups.get(code, "") for code in sources.ladder_codes}
    return {line for line, group in own.items() if line in stated and group not in stated}


# Movement


def _ways(sources: Sources) -> tuple[Way, ...]:
    """The ways onto and off rungs that are no rungs themselves."""
    rungs = {r.code for r in sources.rungs}
    named: dict[str, str] = {}
    for info in sources.book.slices.values():
        for category in info.categories:
            is_way = category.dimension in ("came-from", "went-to") and not category.is_not_stated
            if is_way and category.code not in rungs:
                named[category.code] = category.name
    return tuple(Way(code, name) for code, name in named.items())


def _told(sources: Sources, indicator: str, dimension: str, slug: str, code: str) -> list[tuple[str, str, Fact]]:
    """Where those of a rung or group came from or went to: code, name and number of each."""
    own = sources.key_of(code).partition("=")[0]
    parts = [s for s in sources.slices(indicator, dimension, own) if code_in(s, own) == code]
    facts = [(code_in(s, dimension), name_in(s, dimension), sources.fact(indicator, slug, s.key)) for s in parts]
    return [(other, name, fact) for other, name, fact in facts if fact.count is not None]


def _moves(sources: Sources, indicator: str, dimension: str, slug: str, code: str) -> dict[str, int]:
    told = _told(sources, indicator, dimension, slug, code)
    return {other: fact.count.number for other, _, fact in told if fact.count is not None}


def _flows(
    sources: Sources, slug: str, facts: tuple[_Facts, _Facts, _Facts, _Facts], ladder: Ladder, found: tuple[Check, ...]
) -> tuple[FlowLine, ...]:
    lines = []
    by_row = {row.code: row for row in rows(ladder)}
    for code in sources.ladder_codes:
        row = by_row[code]
        counts = (row.start, row.started, row.ended, row.end)
        start, began, ended, end = (counted(c, f[code]) for c, f in zip(counts, facts, strict=True))
        if not (began.is_there or ended.is_there or (start.is_there and end.is_there)):
            continue
        check = next((c for c in found if (c.about, c.name) == ("stock_flow", row.name)), None)
        sentence = check.sentence.removeprefix(f"{row.name}: ") if check else _NOT_CHECKED
        told = [c.sentence for c in found if c.name == row.name and c.about in _MOVES and c.holds is not True]
        lines.append(
            FlowLine(
                slug, code, row.name, start, began, ended, end, check.holds if check else None,
                " ".join((sentence, *(capital(t.removeprefix(f"{row.name}, ")) for t in told))),
            )
        )  # fmt: skip
    return tuple(lines)


_MOVES = ("came_from", "went_to")
_NOT_CHECKED = "How many began and ended is not stated."


def _move_lines(sources: Sources, slug: str, began: _Facts, ended: _Facts) -> tuple[MoveLine, ...]:
    found = []
    ways = (
        (Direction.CAME, STARTED, "came-from", began, "From where is not stated"),
        (Direction.WENT, ENDED, "went-to", ended, "To where is not stated"),
    )
    for code in sources.ladder_codes:
        for way, indicator, dimension, wholes, unknown in ways:
            told, whole, name = _told(sources, indicator, dimension, slug, code), wholes[code], sources.name_of(code)
            if not told:
                continue
            told.sort(key=lambda one: (one[0] == NOT_REPORTED, -(one[2].value or 0)))
            found += [MoveLine(slug, code, name, way, *one, whole) for one in told]
            made = total_of(fact.value for _, _, fact in told if fact.value is not None)
            if whole.value is not None and not whole.qualifier and whole.value > made:
                how = f"{written(whole.value, Unit.COUNT)} less the {written(made, Unit.COUNT)} that are told"
                how += _of_members(sources, code, wholes)
                rest = Fact(figure=whole.figure, period=whole.period, source=whole.source)
                rest = counted(Count(int(whole.value - made), how), rest)
                found.append(MoveLine(slug, code, name, way, "", unknown, rest, whole))
    return tuple(found)


def _of_members(sources: Sources, code: str, wholes: Mapping[str, Fact]) -> str:
    """How many of a group's the rungs in it tell themselves."""
    own = [(r.name, wholes[r.code].count) for r in sources.rungs if r.group == code]
    told = [f"{count.words} {'is' if count.number == 1 else 'are'} {lowered(name)}" for name, count in own if count]
    return f"; {listed(told)}" if told else ""
