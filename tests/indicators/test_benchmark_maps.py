"""The declared mappings: the shipped ones are sound, and what cannot be meant is refused when it is read."""

from collections import Counter
from datetime import date

import pytest

from indicators.benchmark_maps import MapError, NeighboursMap, SetMap, month_in, read_map, successors_of
from indicators.quarters import FinancialYear, Month, Span
from tests.builders import benchmarks as b

SOUND = """
code = "a-set"
title = "A set"
publisher = "Publisher"
licence = "Licence"
source = "Source"
files = ["a_set*"]
[year]
identifiers = ["Reporting year"]
ends = "31 March"
[rounded]
National = 10
[columns]
cases = ["Cases"]
people = ["People"]
[[measure]]
code = "a-measure"
name = "A measure"
unit = "percent"
places = 1
polarity = "lower"
numerator = "cases"
denominator = "people"
"""


def a_map(text: str = SOUND) -> SetMap:
    found = read_map(text, "a.toml")
    assert isinstance(found, SetMap)
    return found


def test_maps_when_shipped_then_each_is_sound_and_no_code_stands_twice():
    sets = Counter(one.code for one in b.the_maps())
    measures = Counter(m.code for one in b.the_maps() if isinstance(one, SetMap) for m in one.measures)
    assert set(sets.values()) == set(measures.values()) == {1}
    assert sum(isinstance(one, NeighboursMap) for one in b.the_maps()) == 2
    assert len(measures) == 38


def test_map_when_read_then_the_year_and_the_parts_are_as_declared():
    found = a_map()
    assert found.year_ending(2022) == FinancialYear(2021)
    assert found.needed() == ("cases", "people")
    assert found.measures[0].is_worked_out
    autumn = a_map(SOUND.replace("31 March", "30 September")).year_ending(2022)
    assert autumn == Span(date(2021, 10, 1), date(2022, 9, 30))
    calendar = a_map(SOUND.replace("31 March", "31 December")).year_ending(2022)
    assert calendar == Span(date(2022, 1, 1), date(2022, 12, 31))


def test_month_when_in_a_year_that_begins_the_year_before_then_its_own_calendar_year():
    assert month_in(FinancialYear(2021), 4) == Month(2021, 4)
    assert month_in(FinancialYear(2021), 12) == Month(2021, 12)
    assert month_in(FinancialYear(2021), 3) == Month(2022, 3)


def test_fingerprint_when_a_mapping_changes_then_it_is_another():
    assert a_map().sha256 == a_map().sha256 != a_map(SOUND.replace("places = 1", "places = 2")).sha256


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param('code = "a-set"', "", "'code'", id="no code"),
        pytest.param('code = "a-set"', 'code = "A set"', "lower-case", id="a code that is none"),
        pytest.param('files = ["a_set*"]', "files = []", "no name of a file", id="no file name"),
        pytest.param("31 March", "1 April", "the year ends on", id="a year that ends on another day"),
        pytest.param("National = 10", "Everywhere = 10", "no level", id="an unknown level"),
        pytest.param('"percent"', '"parts"', "a-measure", id="an unknown unit"),
        pytest.param('"lower"', '"sideways"', "a-measure", id="an unknown polarity"),
        pytest.param("places = 1", "places = 9", "places", id="too many places"),
        pytest.param('denominator = "people"', 'denominator = "staff"', "staff", id="a column that is not declared"),
        pytest.param('denominator = "people"', "", "no value", id="half of a share and no value"),
        pytest.param('name = "A measure"', 'name = ""', "text is missing", id="no name"),
        pytest.param(SOUND[SOUND.index("[[measure]]") :], "measure = []", "no measure", id="no measure"),
        pytest.param("[year]", "[year", "not TOML", id="no TOML"),
    ],
)
def test_map_when_it_cannot_be_meant_then_refused_by_name(before: str, after: str, said: str):
    with pytest.raises(MapError, match=r"^a\.toml") as refused:
        read_map(SOUND.replace(before, after), "a.toml")
    assert said in str(refused.value)


def test_neighbours_when_they_end_before_they_begin_then_refused():
    text = (b.FOLDER / "maps" / "neighbours_2021.toml").read_text(encoding="utf-8")
    with pytest.raises(MapError, match="in that order"):
        read_map(text.replace("2025-04-30", "2020-04-30"), "neighbours_2021.toml")


def test_successors_when_one_is_replaced_again_then_refused():
    with pytest.raises(MapError, match="last successor"):
        successors_of('[successors]\nE08000001 = "E08000002"\nE08000002 = "E08000003"\n')
