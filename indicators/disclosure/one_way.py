"""One sum and nothing else: what follows of its hidden cells, in closed form (`methods.md` §5.3)."""

from collections.abc import Sequence

Bounds = tuple[int, int | None]


def interval_of(cell: int, factors: Sequence[int], total: int, bounds: Sequence[Bounds]) -> Bounds:
    """What cell number `cell` can be at least and at most (None: nothing says) when the sum of factor × cell is
    `total`, each factor is 1 or −1 and each cell lies in its bounds. The numbers between are all possible."""
    low_rest: int | None = 0
    high_rest: int | None = 0
    for place, (factor, (least, most)) in enumerate(zip(factors, bounds, strict=True)):
        if place == cell:
            continue
        low, high = (least, most) if factor > 0 else (None if most is None else -most, -least)
        low_rest = None if low_rest is None or low is None else low_rest + low
        high_rest = None if high_rest is None or high is None else high_rest + high
    below = None if high_rest is None else total - high_rest
    above = None if low_rest is None else total - low_rest
    if factors[cell] < 0:
        below, above = (None if above is None else -above), (None if below is None else -below)
    least, most = bounds[cell]
    lowest = least if below is None else max(least, below)
    highest = most if above is None else above if most is None else min(most, above)
    return lowest, highest
