"""Why placements cost more or less than planned in a quarter: price, volume and mix, with what a reader must know."""

from dataclasses import dataclass, replace

from finance.ladder_lines import Fact, PartsLine, RungLine, StepLine
from finance.ladder_rows import RowKind
from finance.money import in_words
from finance.outturn import variance_words
from finance.selectors.ladder import CareLadder
from finance.selectors.ladder_book import COST_AT_END, Sources
from finance.selectors.ladder_money import Funds
from finance.variance import Caveat, Explained, Facts, Level, Rung, Sides, account, explain, steps
from finance.waterfall import Step
from indicators.phrases import listed, lowered
from indicators.units import WIDE, Unit, written
from indicators.working_days import day_words

# So many rungs are named in a sentence and written out in a sum; of more, each stands in a table of its own.
_FEW = 2
# So many have a sentence each.
_SOME = 8


@dataclass(frozen=True)
class VarianceShown:
    """A variance with its sentence, what must be known of it, its steps and, of several rungs, the parts of each."""

    explained: Explained
    subject: str
    sentence: str
    caveats: tuple[str, ...]
    steps: tuple[StepLine, ...]
    parts: tuple[PartsLine, ...]
    each: tuple[str, ...]

    @property
    def drawn(self) -> tuple[Step, ...]:
        """The steps that a bridge draws: all but the difference."""
        return tuple(line.step for line in self.steps if not line.is_difference)


def variance_shown(sources: Sources, ladder: CareLadder, funds: Funds) -> VarianceShown | None:
    """The variance of every rung or group with a number and a price on both sides; None where there is none.

    Of a group whose rungs all have both, the rungs are taken, so that mix can be told.
    """
    lines = _complete(ladder)
    if not lines:
        return None
    period, named = ladder.period, [line.name for line in lines]
    explained = explain([Rung(line.code, line.name, *_levels(line)) for line in lines])
    is_few = len(named) <= _FEW
    subject = listed([short(name) for name in named]) if is_few else f"{len(named)} rungs of the care ladder"
    day = day_words(period.end_on)
    caveats = (*_caveats(ladder, lines, funds), *_said(sources, ladder, lines))
    told = account(explained, Facts(subject, basis="as a full-year figure", caveats=caveats))
    sides = Sides(f"Planned, at the price of {lines[0].planned_price.label}", f"In place on {day}")
    whole = explained.whole
    walked = [s if is_few else replace(s, sum_text="") for s in steps(explained, sides)]
    difference = Step(
        "difference", "More than planned" if whole.total > 0 else "Less than planned", whole.total, whole.total
    )
    each = [_one(line) for line in lines] if 1 < len(lines) <= _SOME else []
    return VarianceShown(
        explained,
        subject,
        told[0],
        told[1:],
        tuple(StepLine(period.slug, subject, step, is_difference=step is difference) for step in (*walked, difference)),
        _parts(explained, period.slug) if explained.has_mix else (),
        tuple(each),
    )


def short(name: str) -> str:
    """A group's name without what it is made of: "Out of area" of "Out of area, with parent and child"."""
    return name.partition(", ")[0]


def _is_complete(line: RungLine) -> bool:
    numbers, prices = (line.end, line.planned), (line.price, line.planned_price)
    return all(f.count is not None for f in numbers) and all(f.value is not None and not f.qualifier for f in prices)


def _complete(ladder: CareLadder) -> list[RungLine]:
    found: list[RungLine] = []
    for line in ladder.inside:
        if line.kind is RowKind.RUNG and line.part_of:
            continue
        members = [one for one in ladder.inside if one.part_of == line.code] if line.kind is RowKind.GROUP else []
        if _is_complete(line) and not (members and all(map(_is_complete, members))):
            found.append(line)
        else:
            found += [one for one in members if _is_complete(one)]
    return found


def _levels(line: RungLine) -> tuple[Level, Level]:
    return _level(line.planned, line.planned_price), _level(line.end, line.price)


def _level(number: Fact, price: Fact) -> Level:
    if number.value is None:
        raise ValueError("A level has a number.")
    return Level(number.value, price.value)


def _one(line: RungLine) -> str:
    """The variance of one of several rungs by itself."""
    alone = explain([Rung(line.code, line.name, *_levels(line))])
    return account(alone, Facts(short(line.name), basis="as a full-year figure"))[0]


def _parts(explained: Explained, slug: str) -> tuple[PartsLine, ...]:
    found = []
    for rung in explained.rungs:
        one = explained.by_rung[rung.code]
        found.append(
            PartsLine(
                slug, rung.code, rung.name, rung.before.number, rung.before.price, rung.after.number,
                rung.after.price, one.volume, one.mix, one.price, one.total,
            )
        )  # fmt: skip
    whole = explained.whole
    found.append(
        PartsLine(
            slug, "", "Together", explained.number(after=False), None, explained.number(after=True), None,
            whole.volume, whole.mix, whole.price, whole.total,
        )
    )  # fmt: skip
    return tuple(found)


# What a reader must know


def _caveats(ladder: CareLadder, lines: list[RungLine], funds: Funds) -> tuple[Caveat, ...]:
    """What holds of any such variance: who worked it out, what stands against what, and what it leaves out."""
    day = day_words(ladder.period.end_on)
    found = [
        Caveat("it is computed by this project from the numbers and prices named; no paper or return states the sum"),
        _not_the_outturn(lines, day),
        _against(lines, day),
        *_before_funds(funds),
    ]
    if len(lines) == 1 and not any(one.part_of == lines[0].code and one.price.is_there for one in ladder.inside):
        found.append(Caveat("mix is not shown: one average price is stated for all of these placements"))
    return tuple(found)


def _not_the_outturn(lines: list[RungLine], day: str) -> Caveat:
    words = f"it is what the placements of {day} would cost if all of them lasted a year, and not the outturn"
    fact = lines[0].variance
    if len(lines) > 1 or fact.value is None:
        return Caveat(words)
    return Caveat(f"{words}, which is {variance_words(fact.value, fact.quantum)}", fact.source)


def _against(lines: list[RungLine], day: str) -> Caveat:
    labels = sorted({line.planned_price.label for line in lines})
    words = f"the average price of those in place on {day} stands against the budgeted price of {listed(labels)}"
    return Caveat(words, "; ".join(sorted({line.planned_price.source for line in lines} - {""})))


def _before_funds(funds: Funds) -> list[Caveat]:
    """What other funds gave in the period, which the variance does not take off."""
    return [
        Caveat(
            f"it is before contributions: the {line.fund_name} gave {in_words(line.given.amount)} towards "
            f"{lowered(short(line.line_name))} in the year to date",
            line.given.source,
        )
        for line in funds.lines
        if line.given.amount is not None and (line.beyond.is_there or line.budgeted.is_there)
    ]


def _said(sources: Sources, ladder: CareLadder, lines: list[RungLine]) -> list[Caveat]:
    """What papers say of the price in place: the context of its figure."""
    found = [
        said
        for line in lines
        for said in sources.said_of(COST_AT_END, sources.key_of(line.code), ladder.period.slug, "context")
    ]
    return [Caveat(said.clause, said.source) for said in found]


# The finding


def finding(shown: VarianceShown | None) -> str:
    """The heading of the page: what is off, in words; empty without a variance."""
    if shown is None:
        return ""
    explained = shown.explained
    now, then = explained.number(after=True), explained.number(after=False)
    change = WIDE.subtract(now, then)
    price = explained.whole.price
    at = {True: "at a higher price", False: "at a lower price"}[price > 0] if price else "at the price planned"
    if not change:
        return f"{shown.subject}: as many placements as planned, {at}"
    size, side = written(change.copy_abs(), Unit.COUNT), "more" if change > 0 else "fewer"
    return f"{shown.subject}: {size} {side} placement{'' if size == '1' else 's'} than planned, {at}"
