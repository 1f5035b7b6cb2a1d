"""Ours beside others: means and ranks that leave out what is not shown, sets by their days, differences in words."""

import statistics
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.benchmarks import (
    NOT_HELD,
    SYMBOL_WORDS,
    Group,
    Names,
    NoRank,
    OfficialMeasure,
    OfficialPeriod,
    Places,
    Rank,
    Reading,
    begun_by,
    beside_words,
    compare,
    difference_words,
    finding,
    group_figure,
    in_force,
    mean_of,
    median_of,
    quartile_words,
    rank_of,
    reading_words,
)
from indicators.official_table import ListedMeasure, measures_table, years_table
from indicators.quarters import FinancialYear, Quarter
from indicators.rag import Polarity
from indicators.units import Unit

NAMES = Names("Northshire", "The Shires", "England")
OLD = Group("old", "Neighbours of April 2021", date(2021, 4, 1), date(2025, 4, 30), ("a", "b", "c"))
NEW = Group("new", "Neighbours of May 2025", date(2025, 5, 1), None, ("b", "d"))
PLACES = Places("ours", "region", "country", (OLD, NEW))
MEASURE = OfficialMeasure("m", "Re-referrals", Unit.PERCENT, 1, Polarity.LOWER, denominator="Referrals")

values = st.decimals(min_value=0, max_value=100, places=1)
readings = st.one_of(values.map(Reading), st.sampled_from(["c", "x", "z", "low", "u"]).map(lambda s: Reading(symbol=s)))


def year(start):
    period = FinancialYear(start)
    return OfficialPeriod(period.slug, period.label, period.kind, period.start_on, period.end_on)


def held(**told):
    """Readings of areas: a number, or a symbol."""
    return {
        code: Reading(symbol=value) if isinstance(value, str) else Reading(Decimal(str(value)))
        for code, value in told.items()
    }


def compared(measure=MEASURE, start=2021, authorities=None, known=0, **told):
    found = held(**told)
    everybody = list(found.values()) if authorities is None else authorities
    return compare(measure, year(start), found, PLACES, authorities=everybody, known=known)


# Mean and median


@given(st.lists(values, min_size=1, max_size=30))
def test_mean_and_median_when_made_of_any_group_then_those_of_the_statistics_module(found):
    exact = [Fraction(value) for value in found]
    assert abs(Fraction(mean_of(found)) - statistics.mean(exact)) < Fraction(1, 10**40)
    assert Fraction(median_of(found)) == statistics.median(exact)


@given(st.lists(readings, max_size=12))
def test_group_when_some_are_not_shown_then_they_are_left_out_and_never_nothing(found):
    group = replace(OLD, members=tuple(str(n) for n in range(len(found) + 1)))  # the last one has no row at all
    made = group_figure(group, {str(n): one for n, one in enumerate(found)}, is_in_force=True)
    shown = [one.value for one in found if one.value is not None]
    assert (made.contributing, made.number) == (len(shown), len(found) + 1)
    assert made.mean == mean_of(shown)
    assert made.median == median_of(shown)
    assert (made.mean is None) is (not shown)


def test_group_when_a_value_is_of_low_reliability_then_it_counts():
    made = group_figure(OLD, {"a": Reading(Decimal(10), "u"), "b": Reading(Decimal(20))}, is_in_force=True)
    assert (made.mean, made.contributing) == (15, 2)


# Which set holds


@pytest.mark.parametrize(
    ("last_day", "code"),
    [
        pytest.param(date(2021, 3, 31), None, id="before the first"),
        pytest.param(date(2021, 4, 1), "old", id="its first day"),
        pytest.param(date(2025, 4, 30), "old", id="its last day"),
        pytest.param(date(2025, 5, 1), "new", id="the first of the next"),
        pytest.param(date(2030, 3, 31), "new", id="open end"),
    ],
)
def test_set_when_asked_for_by_the_last_day_of_a_period_then_the_valid_one(last_day, code):
    found = in_force(PLACES.groups, last_day)
    assert (found.code if found else None) == code


def test_set_when_two_are_valid_then_the_newer_one():
    assert in_force((replace(OLD, valid_until=None), NEW), date(2026, 3, 31)) is NEW


# Rank


@pytest.mark.parametrize(
    ("own", "others", "polarity", "words", "quartiles"),
    [
        pytest.param("7", "6 8 9", "lower", "2nd best of 4", (2, 2), id="lower is better"),
        pytest.param("7", "6 8 9", "higher", "2nd worst of 4", (3, 3), id="higher is better"),
        pytest.param("7", "8 9 9", "lower", "best of 4", (1, 1), id="the best"),
        pytest.param("9", "6 8 9", "lower", "worst of 4, shared with 1 other", (3, 4), id="the worst, shared"),
        pytest.param("9", "6 7 8", "lower", "worst of 4", (4, 4), id="the worst"),
        pytest.param("7", "7 7 7", "lower", "best of 4, shared with 3 others", (1, 4), id="all alike"),
        pytest.param("8", "6 7 9 9.5", "lower", "3rd best of 5", (2, 2), id="in the middle"),
        pytest.param(
            "8", "6 7 8 9", "lower", "2nd worst of 5, shared with 1 other", (2, 3), id="the worse half, shared"
        ),
        pytest.param("7", "c x 8", "lower", "best of 2 (2 not shown)", (1, 1), id="two are not shown"),
    ],
)
def test_rank_when_there_is_one_then_it_is_said_with_ties_and_what_is_not_shown(
    own, others, polarity, words, quartiles
):
    told = [Reading(symbol=x) if x.isalpha() else Reading(Decimal(x)) for x in (own, *others.split())]
    rank = rank_of(told[0], told, Polarity(polarity), known=4)
    assert (rank.words, rank.quartiles) == (words, quartiles)


def test_rank_when_it_is_far_down_then_it_is_said_as_an_ordinal():
    own = Reading(Decimal(112))
    everybody = [Reading(Decimal(n)) for n in range(101, 252)] + [Reading(symbol="c")] * 2
    assert rank_of(own, everybody, Polarity.LOWER, known=153).words == "12th best of 151 (2 not shown)"


@given(st.lists(readings, min_size=2, max_size=40), st.sampled_from([Polarity.HIGHER, Polarity.LOWER]))
def test_ranks_when_given_to_everybody_then_they_are_those_of_a_race(found, polarity):
    ranks = [rank_of(one, found, polarity, known=len(found)) for one in found]
    shown = [(one.value, rank) for one, rank in zip(found, ranks, strict=True) if one.value is not None]
    assert all(rank is NoRank.OURS_NOT_SHOWN for one, rank in zip(found, ranks, strict=True) if one.value is None)
    for value, rank in shown:
        better = [v for v, _ in shown if (v > value if polarity is Polarity.HIGHER else v < value)]
        same = [v for v, _ in shown if v == value]
        assert rank.place == len(better) + 1
        assert rank.shared_with == len(same) - 1
        assert (rank.shown, rank.shown + rank.not_shown) == (len(shown), len(found))
        first, last = rank.quartiles
        assert 1 <= first <= last <= 4
        assert (first == 1) is (4 * len(better) < len(shown))
        assert (last == 4) is (4 * (len(better) + len(same) - 1) >= 3 * len(shown))
    if shown:
        assert min(rank.place for _, rank in shown) == 1
        mirrored = Polarity.LOWER if polarity is Polarity.HIGHER else Polarity.HIGHER
        for one, rank in zip(found, ranks, strict=True):
            if one.value is not None:
                other = rank_of(one, found, mirrored, known=len(found))
                assert rank.place + other.place + rank.shared_with == len(shown) + 1


@pytest.mark.parametrize(
    ("own", "polarity", "known", "why"),
    [
        pytest.param(Reading(Decimal(5)), Polarity.NONE, 4, NoRank.NEITHER_WAY, id="no polarity"),
        pytest.param(Reading(Decimal(5)), Polarity.BAND, 4, NoRank.NEITHER_WAY, id="a band"),
        pytest.param(Reading(symbol="c"), Polarity.LOWER, 4, NoRank.OURS_NOT_SHOWN, id="ours is suppressed"),
        pytest.param(NOT_HELD, Polarity.LOWER, 4, NoRank.OURS_NOT_SHOWN, id="ours has no row"),
        pytest.param(Reading(Decimal(5)), Polarity.LOWER, 5, NoRank.TOO_FEW, id="four of five known"),
    ],
)
def test_rank_when_it_would_say_nothing_then_there_is_none_and_why(own, polarity, known, why):
    everybody = [own, *(Reading(Decimal(n)) for n in (6, 7, 8))]
    assert rank_of(own, everybody, polarity, known=known) is why


def test_rank_when_ours_is_suppressed_then_nothing_of_it_is_told():
    row = compared(ours="c", a=5, b=6, region=7, country=8)
    cells = years_table(NAMES, PLACES.groups).cells(row)
    assert cells["ours"] == ("suppressed",)
    assert cells["rank"] == ("–", "Not ranked: our own figure is not shown")
    assert finding(row, NAMES) == "Northshire: suppressed, so nothing is compared."
    assert years_table(NAMES, PLACES.groups).values(row)["ranked"] is None


def test_quartile_when_those_in_one_place_lie_in_two_then_both_are_said():
    assert [quartile_words(*q) for q in ((1, 1), (4, 4), (1, 2), (2, 3), (1, 3))] == [
        "best quartile", "worst quartile", "best or second quartile", "second or third quartile",
        "best to third quartile",
    ]  # fmt: skip


# In words


@pytest.mark.parametrize("symbol", ["c", "x", "z", "k", "low", "u"])
def test_symbol_when_there_is_no_value_then_it_stands_in_words(symbol):
    assert reading_words(None, symbol, Unit.PERCENT, 1) == SYMBOL_WORDS[symbol]
    assert SYMBOL_WORDS[symbol].isalpha() or " " in SYMBOL_WORDS[symbol]


def test_reading_when_written_then_reliability_and_what_is_not_known_are_said():
    assert reading_words(Decimal("7.04"), "", Unit.PERCENT, 1) == "7.0%"
    assert reading_words(Decimal("7.04"), "u", Unit.PERCENT, 1) == "7.0%, low reliability"
    assert reading_words(Decimal(0), "", Unit.PERCENT, 1) == "0.0%"
    assert reading_words(None, "", Unit.PERCENT, 1) == "not held"
    assert reading_words(None, "?", Unit.PERCENT, 1) == "symbol ?"


@pytest.mark.parametrize(
    ("own", "other", "unit", "places", "polarity", "said"),
    [
        ("91.9115", "82.0037", Unit.PERCENT, 1, Polarity.HIGHER, "9.9 points above England (better)"),
        ("7", "20.4", Unit.PERCENT, 1, Polarity.LOWER, "13.4 points below England (better)"),
        ("30.3", "22.4", Unit.PERCENT, 1, Polarity.LOWER, "7.9 points above England (worse)"),
        ("92", "70", Unit.PER_10000, 0, Polarity.NONE, "22 per 10,000 above England"),
        ("20.42", "20.44", Unit.PERCENT, 1, Polarity.LOWER, "level with England"),
        ("10", "11", Unit.PERCENT, 0, Polarity.LOWER, "1 point below England (better)"),
        ("27", "26", Unit.DAYS, 0, Polarity.NONE, "1 day above England"),
    ],
)
def test_difference_when_said_then_size_side_and_meaning(own, other, unit, places, polarity, said):
    found = difference_words(Decimal(own), Decimal(other), "England", unit=unit, places=places, polarity=polarity)
    assert found == said


@pytest.mark.parametrize(
    ("official", "shown", "said"),
    [
        (2021, Quarter(2021, 4), "the year 2021/22, not this quarter"),
        (2021, FinancialYear(2021), "the year 2021/22"),
        (2020, Quarter(2021, 4), "the year 2020/21, not this quarter: nothing later is held"),
    ],
)
def test_official_year_when_it_stands_beside_a_figure_then_it_says_that_it_is_another_period(official, shown, said):
    assert beside_words(year(official), shown.slug, shown.kind, shown.end_on) == said


def test_rows_when_one_is_looked_for_beside_a_figure_then_the_latest_that_has_begun():
    rows = [compared(start=start, ours=7) for start in (2023, 2021, 2020)]
    assert begun_by(rows, date(2022, 3, 31)).period.slug == "2021-22"
    assert begun_by(rows, date(2023, 3, 31)).period.slug == "2021-22"
    assert begun_by(rows, date(2019, 3, 31)) is None


def test_finding_when_everything_is_held_then_it_says_each_difference_and_the_rank():
    row = compared(ours=7, region=20.4, country=21.5, a=20, b=21, c="c", d=30)
    assert finding(row, NAMES) == (
        "Northshire 7.0%: 13.4 points below The Shires (better), 13.5 points below the mean of its neighbours of "
        "April 2021 (better) and 14.5 points below England (better). Best of 6 (1 not shown), best quartile."
    )


def test_count_when_compared_then_only_ours_is_given():
    count = replace(MEASURE, unit=Unit.COUNT, denominator="", places=0)
    row = compared(count, ours=5810, region=70000, country=621880, a=3000)
    assert (row.region, row.country, row.groups, row.rank) == (NOT_HELD, NOT_HELD, (), NoRank.A_COUNT)
    assert years_table(NAMES, PLACES.groups).cells(row)["country"] == ("–",)
    assert replace(count, denominator="Full-time equivalents").is_comparable, "an average is no count"


# The table


@given(st.lists(readings, min_size=7, max_size=7))
def test_table_when_read_back_from_its_file_then_it_says_the_same(found):
    told = dict(zip(("ours", "region", "country", "a", "b", "c", "d"), found, strict=True))
    row = compare(MEASURE, year(2021), told, PLACES, authorities=found, known=7)
    spec = years_table(NAMES, PLACES.groups)
    back = spec.values_from_csv(spec.header, spec.csv_row(row))
    assert {c.key: c.text(back) for c in spec.columns if c.text} == spec.cells(row)
    assert len(set(spec.header)) == len(spec.header)
    listed = ListedMeasure(MEASURE, row)
    listing = measures_table(NAMES)
    back = listing.values_from_csv(listing.header, listing.csv_row(listed))
    assert {c.key: c.text(back) for c in listing.columns if c.text} == listing.cells(listed)


def test_table_when_it_has_two_sets_then_each_has_mean_median_number_and_whether_it_was_in_force():
    row = compared(ours=7, region=20.4, country=21.5, a=20, b=21, c="c", d=30)
    cells = years_table(NAMES, PLACES.groups).cells(row)
    assert cells["old"] == ("20.5%", "median 20.5%, 2 of 3")
    assert cells["new"] == ("25.5%", "median 25.5%, 2 of 2", "not in force then")
    nothing = compared(ours=7, a="c", b="x", c="low")
    assert years_table(NAMES, PLACES.groups).cells(nothing)["old"] == ("none of 3 shown",)


@pytest.mark.parametrize(
    ("start", "cells", "than"),
    [
        pytest.param(2021, ("20.5%", "2 of 3, set of April 2021"), "April 2021", id="the set of then"),
        pytest.param(2025, ("25.5%", "2 of 2, set of May 2025"), "May 2025", id="the set of now"),
        pytest.param(2019, ("25.5%", "2 of 2, set of May 2025", "not in force then"), "May 2025", id="no set yet"),
    ],
)
def test_list_and_sentence_when_there_are_two_sets_then_both_take_the_one_in_force_at_the_periods_end(
    start, cells, than
):
    told = held(ours=7, region=20.4, country=21.5, a=20, b=21, d=30)
    row = compare(MEASURE, year(start), told, PLACES, authorities=list(told.values()), known=6)
    assert measures_table(NAMES).cells(ListedMeasure(MEASURE, row))["neighbours"] == cells
    assert f"the mean of its neighbours of {than}" in finding(row, NAMES)


def test_measure_when_nothing_is_held_then_its_row_says_so():
    cells = measures_table(NAMES).cells(ListedMeasure(MEASURE, None))
    assert (cells["period"], cells["ours"], cells["rank"]) == (("none held",), ("not held",), ("–",))


def test_rank_when_written_in_the_table_then_as_the_rank_says_it():
    row = compared(ours=7, a=6, b=8, c="c", known=4)
    assert isinstance(row.rank, Rank)
    assert years_table(NAMES, PLACES.groups).cells(row)["rank"] == (row.rank.words, "second quartile")
