"""Official figures drawn: on which trend they may stand, level over their periods, told apart without colour."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from indicators import charts
from indicators.benchmark_drawing import funnel_svg, years_svg
from indicators.benchmarks import Group, Names, OfficialMeasure, OfficialPeriod, Places, Reading, compare
from indicators.charts import NARROW_BESIDE, WIDE_BESIDE, trend_figure
from indicators.direction_of_travel import Window
from indicators.funnel import Place
from indicators.funnel_table import (
    AREAS_TABLE,
    AreaReading,
    all_areas,
    funnel_sentences,
    limits_sentence,
    matching,
)
from indicators.official_lines import STYLES, key_words, official_lines, on_trend, values_of, why_not_on
from indicators.quarters import FinancialYear, Month, Quarter, Span
from indicators.rag import Polarity
from indicators.trend_drawing import trend_svg
from indicators.units import Unit
from tests.figures import validated
from tests.indicators.test_charts import contrast
from tests.trends import limits, months, quarters, trend

NAMES = Names("Northshire", "The Shires", "England")
OLD = Group("old", "Old", date(2021, 4, 1), date(2025, 4, 30), ("a", "b"))
NEW = Group("new", "New", date(2025, 5, 1), None, ("b", "c"))
PLACES = Places("ours", "region", "country", (OLD, NEW))
MEASURE = OfficialMeasure("m", "Re-referrals", Unit.PERCENT, 1, Polarity.LOWER, denominator="Referrals in the year")
YEARS = {2019: 20, 2020: 22, 2021: 7, 2022: 25}


def stretch(period, kind=""):
    return OfficialPeriod(
        getattr(period, "slug", "a-day"), getattr(period, "label", "A day"), kind or period.kind, period.start_on,
        period.end_on,
    )  # fmt: skip


def row(period, own, measure=MEASURE, missing=()):
    told = {"ours": own, "region": own + 13, "country": own + 14, "a": own + 11, "b": own + 12, "c": own + 16}
    readings = {code: Reading(Decimal(value)) for code, value in told.items() if code not in missing}
    return compare(measure, stretch(period), readings, PLACES, authorities=(), known=0)


def rows(measure=MEASURE, **kept):
    return [row(FinancialYear(start), own, measure, **kept) for start, own in YEARS.items()]


def some_quarters(**changes):
    return trend(quarters(q2021_1="21", q2021_2="20", q2021_3="22", q2021_4="20", q2022_1="23"), limits(), **changes)


# May they stand there?


def test_share_of_a_year_when_drawn_on_quarters_then_it_is_level_over_its_own_year_and_ends_with_it():
    lines = on_trend(official_lines(rows(), NAMES), some_quarters())
    assert [line.key for line in lines] == ["ours", "region", "newer", "older", "country"]
    for line in lines:
        assert [(s.start_on, s.until_on) for s in line.steps] == [
            (date(2021, 4, 1), date(2022, 4, 1)),
            (date(2022, 4, 1), date(2022, 7, 1)),
        ]
    assert [line.label for line in lines] == [
        "Official 25.0", "Region 38.0", "Neighbours 2025 39.0", "Neighbours 2021 36.5", "England 39.0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "window", "may"),
    [
        pytest.param({}, Window.PERIOD, True, id="a share"),
        pytest.param({"unit": Unit.PER_10000}, Window.PERIOD, False, id="another unit"),
        pytest.param({"unit": Unit.COUNT, "denominator": ""}, Window.SNAPSHOT, False, id="a count"),
    ],
)
def test_official_figures_when_they_are_of_another_kind_then_they_are_not_drawn_and_why(changes, window, may):
    measure = OfficialMeasure(**{**{f: getattr(MEASURE, f) for f in MEASURE.__dataclass_fields__}, **changes})
    assert (why_not_on(some_quarters(window=window), rows(measure)) == "") is may


@pytest.mark.parametrize(
    ("window", "kind", "may"),
    [
        (Window.PERIOD, Quarter(2021, 1), False),
        (Window.YEAR_TO_DATE, Quarter(2021, 1), False),
        (Window.SNAPSHOT, Quarter(2021, 1), True),
        (Window.ROLLING_12_MONTHS, Quarter(2021, 1), True),
        (Window.PERIOD, FinancialYear(2020), True),
    ],
)
def test_rate_of_a_year_when_the_trend_counts_quarters_then_only_stocks_and_years_may_have_it(window, kind, may):
    found = replace(trend({kind: "20", kind.next(): "21"}, window=window), unit=Unit.PER_10000)
    measure = replace(MEASURE, unit=Unit.PER_10000)
    assert (why_not_on(found, rows(measure)) == "") is may


def test_months_when_the_trend_is_of_quarters_then_they_are_not_drawn():
    assert "shorter periods" in why_not_on(some_quarters(), [row(Month(2021, 4), 20)])
    assert why_not_on(trend(months("20 21")), [row(Month(2021, 4), 20)]) == ""
    assert "No official figure" in why_not_on(some_quarters(), [])


def test_figure_of_one_day_when_drawn_then_over_the_quarter_that_holds_it():
    day = OfficialPeriod("d", "30 September 2021", "day", date(2021, 9, 30), date(2021, 9, 30))
    told = {"ours": Reading(Decimal(12)), "country": Reading(Decimal(17))}
    found = [compare(MEASURE, day, told, PLACES, authorities=(), known=0)]
    (own, country) = on_trend(official_lines(found, NAMES), some_quarters())
    assert [(s.start_on, s.until_on) for s in own.steps] == [(date(2021, 7, 1), date(2021, 10, 1))]
    assert country.key == "country"


def test_lines_when_a_year_is_not_shown_then_they_have_a_gap_there():
    found = rows()
    found[2] = row(FinancialYear(2021), 7, missing=("region",))
    quarter = quarters(q2020_4="20", q2021_1="21", q2021_4="22", q2022_1="23")
    figure = trend_figure(trend(quarter), official=on_trend(official_lines(found, NAMES), trend(quarter)))
    region = next(t for t in figure["data"] if t["line"]["color"] == STYLES["region"].colour)
    assert region["x"] == ["2021-01-01", "2021-04-01", None, "2022-04-01", "2022-07-01"]
    assert region["y"][2] is None
    # The drawing that the server writes joins and leaves gaps alike.
    lines = on_trend(official_lines(found, NAMES), trend(quarter))
    svg = ElementTree.fromstring(trend_svg(trend(quarter), None, lines, label="X"))  # noqa: S314
    paths = {node.get("stroke"): node.get("d") for node in svg.iter() if node.get("stroke-width") == "2"}
    shapes = {key: re.sub(r"[^MVH]", "", paths[style.colour]) for key, style in STYLES.items() if style.colour in paths}
    assert (shapes["region"], shapes["country"]) == ("MHMH", "MHVHVH")


def test_lines_when_they_end_before_the_trend_then_the_key_says_when():
    found = trend(quarters(q2022_1="20", q2022_4="21", q2023_4="22"))
    said = key_words(on_trend(official_lines(rows(), NAMES), found), found)
    assert "They end on 31 March 2023, the last day that is held" in said
    assert "long dashes, Northshire, official" in said
    assert "They end" not in key_words(on_trend(official_lines(rows(), NAMES), some_quarters()), some_quarters())


# The drawing


@pytest.mark.parametrize("close", [False, True])
def test_five_lines_when_drawn_then_every_label_at_the_side_stands_clear_of_the_others(close):
    found = some_quarters()
    measure = MEASURE
    official = rows() if not close else [row(FinancialYear(start), 7) for start in YEARS]
    lines = on_trend(official_lines(official, NAMES), found)
    figure = validated(trend_figure(found, official=lines))
    for name, paper in (("layout", WIDE_BESIDE), ("narrow", NARROW_BESIDE)):
        side = [n for n in figure[name]["annotations"] if n.get("xref") == "paper"]
        assert len(side) == 3 + 5
        heights = sorted(n["y"] * paper.plot_height for n in side)
        assert min(b - a for a, b in pairwise(heights)) >= 18.9
        assert figure[name]["margin"]["r"] == paper.right
        assert max(len(n["text"]) for n in side) * 6.2 <= paper.right - 6 or paper.is_narrow
    assert measure.unit is Unit.PERCENT


def test_lines_when_drawn_then_dashes_alone_tell_them_apart_and_colours_can_be_seen():
    dashes = [style.dashes for style in STYLES.values()]
    assert all(a != b for a, b in combinations(dashes, 2))
    assert len({style.shape for style in STYLES.values()}) == len(STYLES)
    assert len({style.words for style in STYLES.values()}) == len(STYLES)
    for style in STYLES.values():
        assert contrast(style.colour, charts.PAPER) >= 4.5
        assert contrast(style.colour, charts.BAND) >= 3
    others = {"6px,4px", "6px,3px", "2px,3px"}  # target, control limits, breaks
    assert {style.dash for key, style in STYLES.items() if key != "newer"} & others == set()


def test_axis_when_official_lines_are_drawn_then_it_holds_them():
    found = some_quarters()
    lines = on_trend(official_lines(rows(), NAMES), found)
    drawn = replace(found, also_drawn=values_of(lines))
    low, high = trend_figure(drawn, official=lines)["layout"]["yaxis"]["range"]
    assert low <= min(values_of(lines))
    assert high >= max(values_of(lines))


def test_trend_when_nothing_is_drawn_beside_it_then_it_is_as_before():
    found = some_quarters()
    assert trend_figure(found, official=()) == trend_figure(found)


def test_years_when_drawn_then_a_point_for_each_value_and_a_gap_where_none_is():
    found = rows()
    found[1] = row(FinancialYear(2020), 22, missing=("ours",))
    wide, narrow = parsed(years_svg(official_lines(found, NAMES), Unit.PERCENT, 'Years of "this" & that'))
    titles = [node.text for node in wide.iter() if node.tag.endswith("title")]
    assert len(titles) == 4 * 5 - 1
    assert "Northshire, official, 2021/22: 7.0%" in titles
    own = next(n for n in wide.iter() if n.get("stroke-width") == "3")
    assert own.get("d").count("M") == 2, "the year without a value parts the line"
    assert wide.get("aria-label") == 'Years of "this" & that'
    assert not [node for node in narrow.iter() if node.tag.endswith("title")]
    assert years_svg(official_lines(found[:1], NAMES), Unit.PERCENT, "One year") == ""


def test_long_periods_when_their_years_are_named_then_by_the_month_they_end_in():
    found = [row(Span(date(y, 10, 1), date(y + 1, 9, 30)), 20) for y in (2020, 2021)]
    wide, _ = parsed(years_svg(official_lines(found, NAMES), Unit.PERCENT, "Workforce"))
    assert {"to Sep 2021", "to Sep 2022"} <= {node.text for node in wide.iter()}


def parsed(svg):
    """The wide and the narrow drawing."""
    return list(ElementTree.fromstring(f"<g>{svg}</g>"))  # noqa: S314


# All authorities


def areas(number=20, extra=()):
    """Shares about 20%, each of 500; `extra`: (code, numerator, denominator or a symbol)."""
    found = [
        AreaReading(f"e{n}", f"Area {n}", "The Shires" if n < 4 else "Elsewhere", of(98 + n % 5, 500), in_region=n < 4)
        for n in range(number)
    ]
    own = AreaReading("ours", "Northshire", "The Shires", of(100, 500), is_ours=True, in_region=True)
    return [own, *found, *(AreaReading(code, code, "Elsewhere", reading) for code, reading in extra)]


def of(numerator, denominator):
    return Reading(Decimal(numerator * 100) / Decimal(denominator), "", Decimal(numerator), Decimal(denominator))


YEAR = stretch(FinancialYear(2021))


def test_funnel_when_one_is_far_off_then_it_is_the_one_outside_and_stands_first():
    found = all_areas(MEASURE, YEAR, areas(extra=[("far", of(200, 500))]), known=22)
    assert [row.area.code for row in found.outside] == ["far"]
    assert found.rows[0].place is Place.ABOVE_998
    assert found.ours.place is Place.WITHIN
    assert "Outside the limits: 1 above the 99.8% limit." in funnel_sentences(found, "Northshire")
    low95, high95, low998, high998 = found.ours.limits
    assert low998 < low95 < found.funnel.share * 100 < high95 < high998


def test_funnel_when_a_value_is_not_shown_then_it_is_neither_drawn_nor_worked_out_from_its_parts():
    hidden = Reading(None, "c", Decimal(3), Decimal(500))
    found = all_areas(
        MEASURE,
        YEAR,
        areas(extra=[("hidden", hidden), ("nobody", Reading(Decimal(0), "", Decimal(0), Decimal(0)))]),
        known=23,
    )
    assert {row.area.code for row in found.rows} - {row.area.code for row in found.drawn} == {"hidden", "nobody"}
    assert "2 are not drawn: a part of the share is not shown." in funnel_sentences(found, "Northshire")
    row = next(r for r in found.rows if r.area.code == "hidden")
    assert AREAS_TABLE.cells(row)["figure"] == ("suppressed",)
    assert AREAS_TABLE.cells(row)["place"] == ("–",)
    assert AREAS_TABLE.cells(row)["rank"] == ("–",)


@pytest.mark.parametrize(
    ("measure", "found", "known", "why"),
    [
        (OfficialMeasure("m", "M", Unit.DAYS, 0, Polarity.NONE), areas(), 21, "shares alone"),
        (MEASURE, [AreaReading("x", "X", "", Reading(Decimal(20)))], 1, "without the counts"),
        (MEASURE, areas(), 153, "Figures of 21 authorities of 153"),
        (MEASURE, [AreaReading(c, c, "", of(0, 500)) for c in "abc"], 3, "nothing to tell apart"),
    ],
)
def test_funnel_when_there_is_none_then_the_reason_is_said(measure, found, known, why):
    everybody = all_areas(measure, YEAR, found, known=known)
    assert everybody.funnel is None
    assert why in everybody.why_none
    assert funnel_svg(everybody, ours="X", marked=frozenset(), shape="up", name="x") == ""
    assert (funnel_sentences(everybody, "X"), limits_sentence(everybody)) == ([], "")


def test_funnel_when_authorities_differ_more_than_chance_then_the_widened_limits_are_said():
    even = all_areas(MEASURE, YEAR, areas(), known=21)
    assert "no more than chance" in limits_sentence(even)
    spread = [AreaReading(f"e{n}", f"Area {n}", "", of(50 + 10 * n, 500)) for n in range(20)]
    assert "overdispersion" in limits_sentence(all_areas(MEASURE, YEAR, spread, known=20))


def test_funnel_when_drawn_then_every_authority_is_a_point_of_the_right_shape():
    found = all_areas(MEASURE, YEAR, areas(extra=[("far", of(200, 500))]), known=22)
    marked = frozenset(row.area.code for row in found.rows if row.area.in_region)
    wide, narrow = parsed(funnel_svg(found, ours="Northshire", marked=marked, shape="diamond", name="Funnel"))
    for drawing in (wide, narrow):
        circles = [n for n in drawing.iter() if n.tag.endswith("circle")]
        assert len(circles) == 22 - 5
        shapes = [n for n in drawing.iter() if n.tag.endswith("path") and (n.get("d") or "").endswith("Z")]
        assert len(shapes) == 5, "ours and the four diamonds of its region"
        assert "Northshire" in {n.text for n in drawing.iter() if n.tag.endswith("text")}
    assert sum(n.tag.endswith("title") for n in wide.iter()) == 22


def test_authorities_when_searched_then_by_name_region_and_group():
    found = all_areas(MEASURE, YEAR, areas(extra=[("far", of(200, 500))]), known=22).rows
    assert {r.area.code for r in matching(found, only="region")} == {"ours", "e0", "e1", "e2", "e3"}
    assert {r.area.code for r in matching(found, only="outside")} == {"far"}
    assert {r.area.name for r in matching(found, text="shires AREA")} == {"Area 0", "Area 1", "Area 2", "Area 3"}
    assert {r.area.code for r in matching(found, only="a-set")} == {"ours"}
    assert len(matching(found)) == 22


def test_table_of_authorities_when_read_back_from_its_file_then_it_says_the_same():
    found = all_areas(MEASURE, YEAR, areas(extra=[("far", of(200, 500)), ("c", Reading(symbol="c"))]), known=23)
    for one in found.rows:
        back = AREAS_TABLE.values_from_csv(AREAS_TABLE.header, AREAS_TABLE.csv_row(one))
        assert {c.key: c.text(back) for c in AREAS_TABLE.columns if c.text} == AREAS_TABLE.cells(one)
