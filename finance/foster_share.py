"""The share of foster placements with independent agencies: held against plans, an ambition and other authorities; and
the counts behind a printed share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from finance.apportion import apportion_among, as_decimal
from finance.care_ladder import Count
from indicators.balance import Amount
from indicators.units import WIDE, Unit, difference_written, ratio, written

_WHOLE = Decimal(100)
_ONE = Decimal(1)


class ShareError(ValueError):
    """Shares that are none; the message is a sentence."""


def counts_from_shares(
    whole: int, shares: Mapping[str, Decimal], quantum: Decimal = Decimal("0.1")
) -> dict[str, Count]:
    """The whole numbers behind shares in per cent, printed to `quantum`: by the largest remainder, so that they make
    the whole, each marked as worked out and with whether no other number rounds to its share.

    Raises ShareError for a whole below 0, a share outside 0 to 100%, and shares that do not make 100 within rounding.
    """
    if whole < 0:
        raise ShareError("A number of children is below 0.")
    if any(not 0 <= share <= _WHOLE for share in shares.values()):
        raise ShareError("A share lies between 0% and 100%.")
    off = abs(sum((Fraction(share) for share in shares.values()), Fraction(-100)))
    if not shares or off > Fraction(quantum) / 2 * len(shares):
        raise ShareError("The shares do not make 100%.")
    found = apportion_among(Decimal(whole), shares, _ONE)
    return {name: Count(int(n), _how(int(n), whole, shares[name], quantum)) for name, n in found.items()}


def _how(number: int, whole: int, share: Decimal, quantum: Decimal) -> str:
    said = f"{written(share, Unit.PERCENT)} of {written(Decimal(whole), Unit.COUNT)}"
    near = [n for n in (number - 1, number, number + 1) if 0 <= n <= whole and _rounds_to(n, whole, share, quantum)]
    if near == [number] or not whole:
        return said
    return f"{said}, to which {'more than one number' if near else 'no number'} rounds"


def _rounds_to(number: int, whole: int, share: Decimal, quantum: Decimal) -> bool:
    exact = Fraction(100 * number, whole) if whole else Fraction(0)
    return abs(exact - Fraction(share)) <= Fraction(quantum) / 2


def share_of(part: int, whole: int) -> Decimal:
    """The part in per cent, unrounded; raises EmptyCohort for a whole of nobody, ShareError for a part above it."""
    if part < 0 or part > whole:
        raise ShareError("A part is neither below 0 nor more than its whole.")
    return ratio(part, whole, Unit.PERCENT)


class Against(StrEnum):
    """What a share is held against."""

    PLAN = "plan"
    AMBITION = "ambition"
    OTHERS = "others"


@dataclass(frozen=True)
class Aim:
    """A share in per cent to hold the actual one against; `whole` is how many placements a plan assumes.

    `name` goes on in a sentence: "the 2021/22 plan as revised at month 4", "the ambition for March 2026".
    """

    name: str
    kind: Against
    share: Amount
    whole: int | None = None


@dataclass(frozen=True)
class AimRow:
    """The actual share against one aim: `points` above 0 where it is higher, and how many placements that is."""

    aim: Aim
    points: Decimal
    planned: Count | None
    more: int | None
    sentence: str


def hold_against_aims(share: Amount, independent: Count | None, aims: Sequence[Aim]) -> tuple[AimRow, ...]:
    """The actual share and number of placements against each aim, in points and, where the aim says of how many, in
    placements; "above" and "below" say where it stands, not whether that is good."""
    return tuple(_row(share, independent, aim) for aim in aims)


def _row(share: Amount, independent: Count | None, aim: Aim) -> AimRow:
    points = WIDE.subtract(share.value, aim.share.value)
    planned = None
    if aim.whole is not None:
        assumed = as_decimal(Fraction(aim.share.value) * aim.whole / 100, _ONE)
        planned = Count(int(assumed), f"{aim.share.words(Unit.PERCENT)} of {written(Decimal(aim.whole), Unit.COUNT)}")
    more = None if planned is None or independent is None else independent.number - planned.number
    actual, aimed = share.words(Unit.PERCENT), aim.share.words(Unit.PERCENT)
    if points:
        side = "above" if points > 0 else "below"
        told = f"{actual} is {difference_written(points, Unit.PERCENT)} {side} {aim.name} of {aimed}"
    else:
        told = f"{actual} is {aim.name}"
    if planned is None or independent is None or more is None:
        return AimRow(aim, points, planned, more, f"{told}.")
    size = "as many as" if not more else f"{abs(more)} {'more' if more > 0 else 'fewer'} than"
    number = written(Decimal(independent.number), Unit.COUNT)
    return AimRow(aim, points, planned, more, f"{told}; {number} placements are {size} {planned.words}.")
