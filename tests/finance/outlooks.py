"""Outlooks that the tests of projection, simulation and scenarios share."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from finance.nights import PriceChange
from finance.outlook import Contingency, Leaving, Outlook, Placement, PlannedMove, StandingCost, Starters

RUNGS = ("out-of-authority", "independent-fostering", "in-house-fostering")
YEAR_END = date(2024, 3, 31)


def an_outlook(**changes) -> Outlook:
    """Late in 2022/23, with every kind of assumption."""
    values = {
        "as_of": date(2023, 1, 10),
        "placements": (
            Placement(RUNGS[0], Decimal(5402), date(2021, 6, 1), number=3),
            Placement(RUNGS[0], Decimal("7661.50"), date(2022, 5, 1), date(2023, 3, 1)),
            Placement(RUNGS[1], Decimal(875), date(2022, 9, 1), date(2023, 9, 12),
                      (PlannedMove(date(2023, 2, 1), RUNGS[2], Decimal(425), Decimal("0.6")),)),
            Placement(RUNGS[2], Decimal(425), date(2023, 2, 14)),
            Placement(RUNGS[2], Decimal(400), date(2022, 1, 1), date(2022, 12, 24)),
        ),
        "starters": (Starters(RUNGS[1], Decimal("1.5"), (Decimal(800), Decimal(950))),),
        "leaving": (Leaving(RUNGS[0], Decimal("0.001")), Leaving(RUNGS[1], Decimal("0.002"))),
        "price_changes": (PriceChange(date(2023, 3, 1), Decimal("4.9")),
                          PriceChange(date(2023, 4, 1), pounds=Decimal(12), rungs=(RUNGS[2],))),
        "standing": (StandingCost("a home", Decimal(9000), date(2023, 2, 1), date(2024, 1, 1)),),
        "contingency": Contingency(Decimal(2), Decimal(1000)),
        "cost_to_date": Decimal("900000.00"),
    }  # fmt: skip
    return Outlook(**(values | changes))


def dates(first: date, last: date) -> st.SearchStrategy[date]:
    return st.dates(first, last)


@st.composite
def placements(draw, as_of: date, moves: bool = True) -> Placement:
    """A placement that is in place on the day, or begins within a month."""
    start = as_of + timedelta(days=draw(st.integers(-200, 30)))
    later = max(as_of, start)
    end = draw(st.none() | st.integers(1, 500).map(lambda days: later + timedelta(days=days)))
    planned: tuple[PlannedMove, ...] = ()
    if moves and draw(st.booleans()):
        last = min(YEAR_END, end - timedelta(days=1)) if end else YEAR_END
        ons = sorted(draw(st.lists(dates(later, last), max_size=2))) if later <= last else []
        planned = tuple(
            PlannedMove(
                on,
                draw(st.none() | st.sampled_from(RUNGS)),
                draw(st.integers(0, 5000).map(Decimal)),
                draw(st.sampled_from([Decimal(0), Decimal("0.3"), Decimal(1)])),
            )
            for on in ons
        )
    number, weekly = draw(st.integers(1, 4)), draw(st.decimals(0, 9000, places=2))
    return Placement(draw(st.sampled_from(RUNGS)), weekly, start, end, planned, number)


@st.composite
def outlooks(draw, as_of: date = date(2023, 2, 20), uncertain: bool = True) -> Outlook:
    """An outlook near the end of a year, so that walking its nights is quick."""
    rates = st.sampled_from([Decimal(0), Decimal("0.001"), Decimal("0.02")]) if uncertain else st.just(Decimal(0))
    starters = tuple(
        Starters(rung, draw(st.sampled_from([Decimal(0), Decimal("2.5")])), (Decimal(700), Decimal("1100.10")))
        for rung in RUNGS
        if uncertain
    )
    changes = st.builds(
        PriceChange,
        on=dates(as_of, YEAR_END),
        percent=st.integers(-10, 10).map(Decimal),
        pounds=st.integers(0, 30).map(Decimal),
        rungs=st.sampled_from([(), RUNGS[:1]]),
    )
    return Outlook(
        as_of=as_of,
        placements=tuple(draw(st.lists(placements(as_of, moves=uncertain), max_size=5))),
        starters=starters,
        leaving=tuple(Leaving(rung, draw(rates)) for rung in RUNGS),
        price_changes=tuple(draw(st.lists(changes, max_size=2))),
        contingency=Contingency(draw(st.integers(0, 10).map(Decimal))),
        cost_to_date=draw(st.none() | st.integers(0, 10**8).map(Decimal)),
    )
