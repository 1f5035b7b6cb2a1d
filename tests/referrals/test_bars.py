"""A breakdown as bars: their order, their lengths, what is found, and what is said of what is not known."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from indicators.units import Unit
from referrals.bars import BARS_TABLE, FULL, Bar, bar_svg, fill_of, finding, lengths, middle, ranked
from referrals.timescales import ASSESSMENT_BANDS


def bar(name, number, **more):
    usual = {
        "period": "2021-22-q4", "indicator": "referrals", "indicator_name": "Referrals", "dimension": "source",
        "dimension_name": "Source", "kind": "partition", "slice": f"source={name}", "unit": Unit.COUNT, "places": 0,
    }  # fmt: skip
    return Bar(name=name, number=None if number is None else Decimal(number), **(usual | more))


POLICE, SCHOOLS = bar("Police", 700, whole=Decimal(1257)), bar("Schools", 300, whole=Decimal(1257))
UNKNOWN = bar("Not stated", 900, is_not_stated=True, whole=Decimal(1257))
MISSING = bar("Housing", None)


def test_order_when_ranked_then_largest_first_and_what_is_not_known_last():
    assert [b.name for b in ranked([MISSING, UNKNOWN, SCHOOLS, POLICE])] == [
        "Police", "Schools", "Housing", "Not stated",
    ]  # fmt: skip


def test_order_when_bands_have_one_of_their_own_then_it_is_kept():
    short = bar("Under 3", 1, dimension="duration", order=(0,))
    long = bar("Over 3", 9, dimension="duration", order=(1,))
    unknown = bar("?", 5, dimension="duration", order=(0,), is_not_stated=True)
    assert ranked([unknown, long, short]) == [short, long, unknown]


BARS = st.lists(
    st.builds(
        bar, st.text(max_size=5), st.none() | st.integers(0, 10**6), is_not_stated=st.booleans(),
        dimension=st.sampled_from(["source", "duration", "level|source"]),
    ),
    max_size=12,
)  # fmt: skip


@given(BARS)
def test_bars_when_ranked_and_drawn_then_none_is_lost_and_lengths_follow_numbers(bars):
    found = ranked(bars)
    assert sorted(map(str, found)) == sorted(map(str, bars))
    drawn = lengths([b.number for b in found])
    assert all(0 <= length <= FULL for length in drawn)
    pairs = sorted(zip([b.number or 0 for b in found], drawn, strict=True))
    assert [length for _, length in pairs] == sorted(drawn)
    for number, length in pairs:
        assert (length > 0) == (number > 0), "what is above nothing is seen"


@pytest.mark.parametrize(
    ("bars", "said"),
    [
        ([POLICE, SCHOOLS, UNKNOWN], "Police is the largest: 700 of 1,257"),
        ([SCHOOLS, bar("Health", 300)], "Schools and Health are the largest, with 300 each"),
        ([MISSING], "Source: no category is reported"),
        ([], ""),
        ([bar("Emotional", 51, unit=Unit.PERCENT, qualifier="~")], "Emotional is the largest: approx. 51%"),
    ],
)
def test_finding_when_parts_make_a_whole_then_the_largest_that_is_stated_is_named(bars, said):
    assert finding(bars) == said


def half(code, name, number):
    return bar(name, number, dimension_name="Disability", slice=f"disability={code}", whole=Decimal(355))


@pytest.mark.parametrize(
    ("bars", "said"),
    [
        ([half("no", "No", 314), half("yes", "Yes", 41)], "Disability: 41 yes, 314 no"),
        ([half("no", "No", 314)], "Disability: 314 no"),
        ([half("no", "No", 314), half("yes", "Yes", 41),
          bar("?", 9, slice="disability=not-stated", is_not_stated=True)],
         "Disability: 41 yes, 314 no"),
        ([half("not-on-matrix", "Not on Matrix", 1), half("on-matrix", "On Matrix", 44)],
         "On Matrix: 44; not on Matrix: 1"),
        ([half("a", "A", 4), half("b", "B", 1)], "A is the largest: 4 of 355"),
    ],
)  # fmt: skip
def test_finding_when_a_thing_is_or_is_not_then_both_are_said_and_none_is_the_largest(bars, said):
    assert finding(bars) == said


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (70, "Doncaster has 70, the highest of 4 areas"),
        (50, "Doncaster has 50, the second highest of 4 areas"),
        (40, "Doncaster has 40, the third highest of 4 areas"),
        (30, "Doncaster has 30, the lowest of 4 areas"),
        (32, "Doncaster has 32, the lowest of 4 areas together with others"),
        (63, "Doncaster has 63, the highest of 4 areas together with others"),
    ],
)
def test_finding_when_areas_are_compared_then_our_own_has_its_place(own, said):
    others = [bar(n, v, kind="comparison") for n, v in (("Barnsley", 32), ("Rotherham", 45), ("Sheffield", 63))]
    assert finding([*others, bar("Doncaster", own, kind="comparison", is_own=True)]) == said


@pytest.mark.parametrize(
    ("above", "place"),
    [(0, "highest"), (1, "second highest"), (3, "4th highest"), (11, "12th highest"), (12, "13th highest"),
     (20, "21st highest"), (21, "22nd highest"), (110, "111th highest"), (120, "121st highest"), (150, "lowest")],
)  # fmt: skip
def test_finding_when_many_areas_are_compared_then_the_place_is_written_as_it_is_said(above, place):
    others = [bar(f"{n}", 100 if n < above else 1, kind="comparison") for n in range(150)]
    own = bar("Doncaster", 50, kind="comparison", is_own=True)
    assert finding([*others, own]) == f"Doncaster has 50, the {place} of 151 areas"


def test_finding_when_our_own_area_has_no_figure_then_none_is_placed():
    assert finding([bar("Barnsley", 3, kind="comparison")]) == "Referrals, 1 area"


def band(name, number, **more):
    return bar(name, number, dimension="duration", **more)


def test_middle_when_durations_are_in_bands_then_it_says_where_half_of_the_known_lie():
    """The report's own table: 289, 230, 292, 152, 68 and 324 unknown make 1,355."""
    bands = [band("0 to 3", 289), band("3 to 6", 230), band("6 to 12", 292), band("12 to 24", 152), band("24+", 68)]
    assert middle(bands) == "At least half of the 1,031 are in “3 to 6” or a band before it."
    unknown = band("?", 324, is_not_stated=True)
    assert middle([*bands, unknown]) == (
        "At least half of the 1,031 that are stated are in “3 to 6” or a band before it. 324 are not stated, so a "
        "share of the whole is a share of 1,355, unknown included."
    )
    assert middle([*bands, band("x", None)]) == "", "a band without a number leaves it open"
    assert middle([POLICE, SCHOOLS]) == "", "sources have no order"
    assert middle([band("0 to 3", 0)]) == ""


def test_middle_when_only_bands_are_published_then_the_band_that_holds_the_published_median():
    """Doncaster 2024: 5,666 assessments, published median 26 working days."""
    published = (130, 948, 1092, 1132, 908, 381, 274, 315, 486)
    bands = [
        bar(own.label, number, dimension="duration-days")
        for own, number in zip(ASSESSMENT_BANDS, published, strict=True)
    ]
    (median,) = (own.label for own in ASSESSMENT_BANDS if own.holds(26))
    assert middle(bands) == f"At least half of the 5,666 are in “{median}” or a band before it."
    assert "“0 to 3”" in middle([band("0 to 3", 2), band("3 to 6", 2)]), "half of them are in the first"


def test_share_when_it_would_mean_something_else_then_there_is_none():
    assert round(POLICE.share, 4) == Decimal("55.6881")
    assert bar("Police", 700).share is None, "no whole"
    assert bar("Police", 700, whole=Decimal(1000), kind="overlapping").share is None
    assert bar("51%", 51, whole=Decimal(100), unit=Unit.PERCENT).share is None
    assert bar("0", 0, whole=Decimal(0)).share is None
    assert bar("White", 317, whole=Decimal(7)).share is None, "more than the whole"
    assert bar("All", 7, whole=Decimal(7)).share == 100


def test_row_when_read_back_from_the_file_then_it_says_the_same():
    one = bar(
        "=cmd", 7, whole=Decimal(9), then=Decimal(8), is_own=True, kind="comparison", queries=("?",), source="r §1"
    )
    values = BARS_TABLE.values_from_csv(BARS_TABLE.header, BARS_TABLE.csv_row(one))
    read = {c.key: c.text(values) for c in BARS_TABLE.columns if c.text}
    assert read == BARS_TABLE.cells(one)
    assert read["name"] == ("=cmd", "our own area")
    assert read["figure"] == ("7", "Query")


@pytest.mark.parametrize("kind", ["bar", "other", "unknown"])
def test_drawing_when_made_then_it_is_sound_and_hidden_from_the_ear(kind):
    svg = BeautifulSoup(bar_svg(400, kind), "lxml").svg
    assert svg["aria-hidden"] == "true"
    assert svg.rect["width"] == "400"
    assert "style" not in bar_svg(400, kind)
    assert 'rect width="1000"' in bar_svg(5000, kind)
    assert bar_svg(0, kind) == ""


def test_fill_when_not_stated_or_elsewhere_then_it_is_told_apart_without_colour():
    assert fill_of(POLICE) == "bar"
    assert fill_of(UNKNOWN) == "unknown"
    assert fill_of(bar("Barnsley", 1, kind="comparison")) == "other"
    assert fill_of(bar("Doncaster", 1, kind="comparison", is_own=True)) == "bar"
