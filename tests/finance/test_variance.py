"""Volume, price and mix: the real case, rungs that are new or gone, and a second calculation in fractions."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.variance import (
    Caveat,
    Facts,
    Level,
    Rung,
    Sides,
    VarianceError,
    account,
    explain,
    sentence,
    steps,
    steps_by_rung,
)

D = Decimal
VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors" / "commitment_forecast.json").read_text())
SIDES = Sides("Assumed for 2022/23", "In place at 31 March 2022")


def rung(code: str, before: tuple, after: tuple) -> Rung:
    """A rung with (number, price) before and after; a price may be left out."""
    return Rung(code, code.title(), *(Level(*(D(str(part)) for part in level)) for level in (before, after)))


OUT_OF_AREA = explain([Rung("ooa", "Out of area", Level(D(43), D(255548)), Level(D(57), D(281721)))])
FACTS = Facts(
    "Out-of-area placements of 2022/23",
    basis="as a full-year figure",
    caveats=(
        Caveat("computed by this project; the report states no sum"),
        Caveat("the price assumed for 2022/23 includes 4.9% inflation", "003 §104"),
        Caveat("seven packages over £10,000 a week, four of them charged double, make much of the price", "003 §103"),
    ),
)  # fmt: skip


def test_out_of_area_when_explained_then_as_the_vector_says() -> None:
    """Report 003 §104–§105: the sum that the report does not state."""
    seed, whole = VECTORS["seed003_ooa"], OUT_OF_AREA.whole
    assert (whole.after, whole.before, whole.total) == (seed["full_year"], seed["budget"], seed["gap"])
    assert (whole.volume, whole.price, whole.mix) == (seed["volume"], seed["price"], 0)
    assert (whole.volume, whole.price, whole.total) == (3_577_672, 1_491_861, 5_069_533)


def test_out_of_area_when_put_into_words_then_the_sentence_and_every_caveat() -> None:
    first, *caveats = account(OUT_OF_AREA, FACTS)
    assert first == (
        "Out-of-area placements of 2022/23: 57 at £281,721 against 43 at £255,548 is £5,069,533 more as a full-year "
        "figure: £3,577,672 volume and £1,491,861 price (14 more placements)."
    )
    assert caveats[0] == "Computed by this project; the report states no sum."
    assert caveats[1] == "The price assumed for 2022/23 includes 4.9% inflation (003 §104)."
    assert len(caveats) == 3


def test_out_of_area_when_stepped_then_a_bridge_with_its_sums() -> None:
    found = [(s.code, s.sum_text, s.amount, s.running, s.is_total) for s in steps(OUT_OF_AREA, SIDES)]
    assert found == [
        ("before", "43 × £255,548", 10_988_564, 10_988_564, True),
        ("volume", "(57 − 43) × £255,548", 3_577_672, 14_566_236, False),
        ("price", "57 × (£281,721 − £255,548)", 1_491_861, 16_058_097, False),
        ("after", "57 × £281,721", 16_058_097, 16_058_097, True),
    ]


def test_ladder_when_the_mix_changes_then_three_parts_by_hand() -> None:
    """60 at 10 and 40 at 30 (average 18); then 50 at 11 and 60 at 30."""
    found = explain([rung("low", (60, 10), (50, 11)), rung("high", (40, 30), (60, 30))])
    whole = found.whole
    assert (whole.before, whole.after) == (1800, 2350)
    assert (whole.volume, whole.mix, whole.price) == (180, 320, 50)
    assert [s.code for s in steps(found, SIDES)] == ["before", "volume", "mix", "price", "after"]
    by_rung = steps_by_rung(found, SIDES)
    assert [s.code for s in by_rung[1:-1]] == ["volume:low", "mix:low", "price:low", "volume:high", "mix:high"]
    assert by_rung[-1].running == whole.after
    assert by_rung[3].sum_text == "50 × (£11 − £10)"
    assert sentence(found, Facts("All")) == (
        "All: 110 at £21.36 on average against 100 at £18 on average is £550 more: £180 volume, £320 mix and £50 price "
        "(10 more placements)."
    )


@pytest.mark.parametrize(
    ("rungs", "parts"),
    [
        pytest.param([rung("a", (10, 100), (10, 100)), rung("new", (0,), (5, 300))], (500, 1000, 0), id="new"),
        pytest.param([rung("a", (10, 100), (10, 100)), rung("n", (0, 200), (5, 300))], (500, 500, 500), id="planned"),
        pytest.param([rung("a", (10, 100), (10, 110)), rung("gone", (10, 300), (0,))], (-2000, -1000, 100), id="gone"),
        pytest.param([rung("a", (0,), (5, 300)), rung("b", (0, 100), (1, 150))], (1600, 0, 50), id="nobody before"),
        pytest.param([rung("a", (5, 300), (0,)), rung("b", (1, 100), (0,))], (-1600, 0, 0), id="nobody after"),
        pytest.param([rung("a", (0,), (0,))], (0, 0, 0), id="never used"),
        pytest.param([rung("a", (4, 100), (4, 90))], (0, 0, -40), id="price alone"),
    ],
)
def test_rung_when_a_side_is_missing_then_as_the_module_says(rungs: list[Rung], parts: tuple) -> None:
    whole = explain(rungs).whole
    assert (whole.volume, whole.mix, whole.price) == parts
    assert whole.total == sum(parts)


@pytest.mark.parametrize(
    ("rungs", "words"),
    [
        ([], "no rung"),
        ([rung("a", (1, 1), (1, 1))] * 2, "twice"),
        ([rung("a", (1,), (1, 1))], "the price before is missing"),
        ([rung("a", (1, 1), (1,))], "the price after is missing"),
        ([rung("a", (-1, 1), (1, 1))], "below 0"),
        ([rung("a", (1, 1), (1, -1))], "below 0"),
    ],
)
def test_rung_when_it_cannot_be_then_refused(rungs: list[Rung], words: str) -> None:
    with pytest.raises(VarianceError, match=words):
        explain(rungs)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            (5, 100),
            (4, 100),
            "4 at £100 against 5 at £100 is £100 less: −£100 volume and £0 price (1 fewer placement).",
        ),
        ((5, 100), (5, 90), "5 at £90 against 5 at £100 is £50 less: £0 volume and −£50 price (as many placements)."),
        ((5, 100), (5, 100), "5 at £100 against 5 at £100 makes no difference."),
        ((5, 100), (4, 125), "makes no difference in all: −£100 volume and £100 price."),
        ((0,), (2, 50), "2 at £50 against none is £100 more: £100 volume and £0 price (2 more placements)."),
    ],
)
def test_sentence_when_less_or_even_or_nothing_before_then_it_says_so(before, after, words: str) -> None:
    assert sentence(explain([rung("a", before, after)]), Facts("It")).endswith(words)


numbers = st.integers(0, 90_000).map(lambda n: D(n).scaleb(-2))
prices = st.integers(0, 40_000_000).map(lambda pence: D(pence).scaleb(-2))
levels = st.tuples(numbers, prices)
ladders = st.lists(st.tuples(levels, levels), min_size=1, max_size=9)


@given(ladders)
def test_parts_when_any_ladder_then_they_make_the_total_to_the_penny(ladder) -> None:
    found = explain([Rung(str(k), str(k), Level(*b), Level(*a)) for k, (b, a) in enumerate(ladder)])
    whole = found.whole
    assert whole.volume + whole.mix + whole.price == whole.after - whole.before == whole.total
    for parts in found.by_rung.values():
        assert parts.volume + parts.mix + parts.price == parts.after - parts.before
    for name in ("before", "after", "volume", "mix", "price"):
        assert getattr(whole, name) == sum(getattr(parts, name) for parts in found.by_rung.values())
    assert steps(found, SIDES)[-1].running == steps_by_rung(found, SIDES)[-1].running == whole.after
    if len(ladder) == 1:
        assert whole.mix == 0


@given(ladders)
def test_parts_when_worked_out_a_second_way_then_the_same_within_a_penny_a_rung(ladder) -> None:
    """From averages and not rung by rung: volume = ΔN·P0, price = Σ n1·Δp, and mix is what is left."""
    whole = explain([Rung(str(k), str(k), Level(*b), Level(*a)) for k, (b, a) in enumerate(ladder)]).whole
    n0, n1 = (sum((Fraction(pair[side][0]) for pair in ladder), Fraction(0)) for side in (0, 1))
    c0, c1 = (sum((Fraction(p[side][0]) * Fraction(p[side][1]) for p in ladder), Fraction(0)) for side in (0, 1))
    price = sum((Fraction(a[0]) * (Fraction(a[1]) - Fraction(b[1])) for b, a in ladder), Fraction(0))
    volume = (n1 - n0) * c0 / n0 if n0 else c1 - price
    for ours, theirs in ((whole.volume, volume), (whole.price, price), (whole.mix, c1 - c0 - volume - price)):
        assert abs(Fraction(ours) - theirs) <= Fraction(len(ladder), 50)
