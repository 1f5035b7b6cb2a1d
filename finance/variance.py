"""What makes a cost differ: how many there are (volume), on which rungs (mix), and what each costs (price).

For the rungs k of a ladder, with n places at a price p before (0) and after (1), N their sum, s0 the shares before and
P0 the average price before: volume = (N1 − N0)·P0, mix = Σ(n1 − N1·s0)·p0, price = Σ n1·(p1 − p0). On one rung there is
no mix. The parts are worked out exactly for each rung and add up to the penny: before and after are rounded to the
penny, and a rung's parts are rounded together to their difference (`apportion.round_together`). The parts of the
ladder are the sums of those of its rungs, so that rows and columns of the table add up.

A rung that was not there before has no price before: it is taken at its own price, so that it counts as volume and mix
and has no part in price. A rung that is gone needs no price after. Where nothing at all was there before, everything is
volume, each rung at the price before where there is one and at its own where not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from finance.apportion import PENNY, as_decimal, round_together
from finance.waterfall import Part, Step, walk
from indicators.phrases import capital, listed
from indicators.units import WIDE, Unit, total_of, written


class VarianceError(ValueError):
    """Numbers or prices that make no variance; the message is a sentence."""


@dataclass(frozen=True)
class Level:
    """How many (places, or care nights over the nights of a year) at what average price in pounds; no price: None."""

    number: Decimal
    price: Decimal | None = None


@dataclass(frozen=True)
class Rung:
    """One rung with its two levels, such as the plan's and the one in place."""

    code: str
    name: str
    before: Level
    after: Level


@dataclass(frozen=True)
class Parts:
    """A cost before and after in pounds, and the three parts of the difference, to the penny."""

    before: Decimal
    after: Decimal
    volume: Decimal
    mix: Decimal
    price: Decimal

    @property
    def total(self) -> Decimal:
        """The difference; volume + mix + price."""
        return WIDE.subtract(self.after, self.before)


@dataclass(frozen=True)
class Explained:
    """The variance of a ladder with that of each rung, in the order given."""

    rungs: tuple[Rung, ...]
    by_rung: Mapping[str, Parts]
    whole: Parts

    @property
    def has_mix(self) -> bool:
        """Whether there is more than one rung."""
        return len(self.rungs) > 1

    def number(self, *, after: bool) -> Decimal:
        """How many there are on all rungs."""
        return total_of((rung.after if after else rung.before).number for rung in self.rungs)


def explain(rungs: Sequence[Rung]) -> Explained:
    """Volume, mix and price of one rung or of a ladder.

    Raises VarianceError for no rung, a code twice, a number or price below 0, and a price that is missing where there
    is somebody to pay for.
    """
    if not rungs:
        raise VarianceError("There is no rung to explain.")
    if len({rung.code for rung in rungs}) < len(rungs):
        raise VarianceError("A rung is there twice.")
    for rung in rungs:
        _check(rung)
    all_before = sum((Fraction(rung.before.number) for rung in rungs), Fraction(0))
    all_after = sum((Fraction(rung.after.number) for rung in rungs), Fraction(0))
    by_rung = {rung.code: _parts(rung, all_before, all_after) for rung in rungs}
    found = by_rung.values()
    whole = Parts(
        total_of(p.before for p in found),
        total_of(p.after for p in found),
        total_of(p.volume for p in found),
        total_of(p.mix for p in found),
        total_of(p.price for p in found),
    )
    return Explained(tuple(rungs), by_rung, whole)


def _check(rung: Rung) -> None:
    for level, when in ((rung.before, "before"), (rung.after, "after")):
        if level.number < 0 or (level.price is not None and level.price < 0):
            raise VarianceError(f"{rung.name}: a number or a price {when} is below 0.")
        if level.number and level.price is None:
            raise VarianceError(f"{rung.name}: the price {when} is missing.")


def _price_before(rung: Rung) -> Fraction:
    """The price before; of a rung that is new its own, and of one that was never used 0."""
    price = rung.before.price if rung.before.price is not None else rung.after.price
    return Fraction(price or 0)


def _price_after(rung: Rung) -> Fraction:
    """The price after; of a rung that is gone it makes no difference."""
    return Fraction(rung.after.price or 0)


def _parts(rung: Rung, all_before: Fraction, all_after: Fraction) -> Parts:
    n0, n1 = Fraction(rung.before.number), Fraction(rung.after.number)
    p0, p1 = _price_before(rung), _price_after(rung)
    share = n0 / all_before if all_before else Fraction(0)
    volume = (all_after - all_before) * share * p0 if all_before else n1 * p0
    mix = (n1 - all_after * share) * p0 if all_before else Fraction(0)
    price = n1 * (p1 - p0)
    before, after = as_decimal(n0 * p0, PENNY), as_decimal(n1 * p1, PENNY)
    rounded = round_together((volume, mix, price), WIDE.subtract(after, before))
    return Parts(before, after, *rounded)


# Steps


@dataclass(frozen=True)
class Sides:
    """What the two levels are called: "Assumed for 2022/23" and "In place at 31 March 2022"."""

    before: str
    after: str


def steps(explained: Explained, sides: Sides) -> tuple[Step, ...]:
    """The bridge from before to after: volume, mix where there are several rungs, price; codes before, volume, mix,
    price and after."""
    whole = explained.whole
    parts = [Part("volume", "Volume", whole.volume, _volume_text(explained))]
    if explained.has_mix:
        parts.append(Part("mix", "Mix", whole.mix, "each rung: (number − its share before × all) × price before"))
    parts.append(Part("price", "Price", whole.price, _price_text(explained)))
    start = Part("before", sides.before, whole.before, _level_text(explained, after=False))
    return walk(start, parts, "after", sides.after, _level_text(explained, after=True))


def steps_by_rung(explained: Explained, sides: Sides) -> tuple[Step, ...]:
    """The bridge of a ladder with a step for every part of every rung that is not 0: codes "volume:fostering" …"""
    parts = []
    for rung in explained.rungs:
        one = explained.by_rung[rung.code]
        for code, name, amount, text in (
            ("volume", "volume", one.volume, ""),
            ("mix", "mix", one.mix, ""),
            ("price", "price", one.price, _rung_price_text(rung)),
        ):
            if amount:
                parts.append(Part(f"{code}:{rung.code}", f"{rung.name}: {name}", amount, text))
    start = Part("before", sides.before, explained.whole.before)
    return walk(start, parts, "after", sides.after)


def _number(value: Decimal) -> str:
    return written(value, Unit.COUNT)


def _pounds(value: Decimal | Fraction) -> str:
    return written(as_decimal(Fraction(value), PENNY), Unit.POUNDS)


def _average_before(explained: Explained) -> Fraction | None:
    """The average price before on all rungs, unrounded; None where nobody was there."""
    exact = sum((Fraction(r.before.number) * _price_before(r) for r in explained.rungs), Fraction(0))
    number = Fraction(explained.number(after=False))
    return exact / number if number else None


def _volume_text(explained: Explained) -> str:
    average = _average_before(explained)
    if average is None:
        average = _price_before(explained.rungs[0]) if not explained.has_mix else None
    if average is None:
        return "each rung: number × price"
    now, then = explained.number(after=True), explained.number(after=False)
    return f"({_number(now)} − {_number(then)}) × {_pounds(average)}"


def _rung_price_text(rung: Rung) -> str:
    return f"{_number(rung.after.number)} × ({_pounds(_price_after(rung))} − {_pounds(_price_before(rung))})"


def _price_text(explained: Explained) -> str:
    told = [r for r in explained.rungs if explained.by_rung[r.code].price or not explained.has_mix]
    return " + ".join(_rung_price_text(rung) for rung in told)


def _level_text(explained: Explained, *, after: bool) -> str:
    terms = []
    for rung in explained.rungs:
        level = rung.after if after else rung.before
        if level.number and level.price is not None:
            terms.append(f"{_number(level.number)} × {_pounds(level.price)}")
    return " + ".join(terms)


# Words


@dataclass(frozen=True)
class Caveat:
    """One thing that a reader must know, as a clause without a full stop, with its place: "003 §104"."""

    words: str
    source: str = ""

    @property
    def sentence(self) -> str:
        """The clause as a sentence with its place."""
        where = f" ({self.source})" if self.source else ""
        return f"{capital(self.words)}{where}."


@dataclass(frozen=True)
class Facts:
    """What an account of a variance says beside its numbers, given by whoever holds the facts.

    `subject` begins the sentence ("Out-of-area placements of 2022/23"), `one` is what is counted ("placement"),
    `basis` says what kind of figure it is ("as a full-year figure").
    """

    subject: str
    one: str = "placement"
    basis: str = ""
    caveats: tuple[Caveat, ...] = ()


def sentence(explained: Explained, facts: Facts) -> str:
    """The variance in one sentence: what stands against what, the difference, and what each part makes of it."""
    whole, basis = explained.whole, f" {facts.basis}" if facts.basis else ""
    now, then = explained.number(after=True), explained.number(after=False)
    against = f"{facts.subject}: {_at(explained, after=True)} against {_at(explained, after=False)}"
    if not whole.total:
        none = "no difference" if not (whole.volume or whole.mix or whole.price) else "no difference in all"
        told = f"{against} makes {none}{basis}"
        return f"{told}." if none == "no difference" else f"{told}: {_parts_words(explained)}."
    side = "more" if whole.total > 0 else "less"
    size = _pounds(whole.total.copy_abs())
    change = WIDE.subtract(now, then)
    how_many = f"{_number(change.copy_abs())} {'more' if change > 0 else 'fewer'}" if change else "as many"
    counted = f"{how_many} {facts.one}{'' if change.copy_abs() == 1 else 's'}"
    return f"{against} is {size} {side}{basis}: {_parts_words(explained)} ({counted})."


def _parts_words(explained: Explained) -> str:
    whole = explained.whole
    named = [(whole.volume, "volume"), (whole.mix, "mix"), (whole.price, "price")]
    told = [f"{_pounds(amount)} {name}" for amount, name in named if name != "mix" or explained.has_mix]
    return listed(told)


def _at(explained: Explained, *, after: bool) -> str:
    """ "57 at £281,721", of a ladder "393 at £… on average"; "none" for nobody."""
    number = explained.number(after=after)
    if not number:
        return "none"
    cost = explained.whole.after if after else explained.whole.before
    if not explained.has_mix:
        price = (explained.rungs[0].after if after else explained.rungs[0].before).price
        return f"{_number(number)} at {_pounds(price or Decimal(0))}"
    return f"{_number(number)} at {_pounds(Fraction(cost) / Fraction(number))} on average"


def account(explained: Explained, facts: Facts) -> tuple[str, ...]:
    """The sentence, then every caveat as a sentence of its own."""
    return (sentence(explained, facts), *(caveat.sentence for caveat in facts.caveats))
