"""The Department's open data layout: times, places, filters, units and symbols, and what its second file says."""

import csv
import io
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from indicators.ees_layout import SYMBOLS, EesRow, Place, ees_files, time_of
from indicators.quarters import FinancialYear, Month, Period, Quarter, Span
from indicators.rag import MissingReason

Q4 = Quarter(2021, 4)
DONCASTER = Place("E08000017", "Doncaster", "371", "E12000003", "Yorkshire and The Humber")
USUAL = {
    "indicator": "on-time", "slice": "", "name": "On time", "unit": "percent", "numerator": D(79),
    "denominator": D(100),
    "value": D(79), "qualifier": "", "places": 0, "basis": "derived", "symbol": "", "target": D(80),
}  # fmt: skip
NO_NUMBER = {"numerator": None, "denominator": None, "value": None}


def a_row(short_name: str = "On time", **changes: Any) -> EesRow:
    return EesRow(USUAL | changes, short_name)


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def laid_out(*rows: EesRow, period: Period = Q4, place: Place = DONCASTER) -> list[dict[str, str]]:
    files = ees_files(rows, period, place)
    assert files is not None
    return read(files.data)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Quarter(2021, 4), ("202122", "Financial year Q4")),
        (Quarter(1999, 1), ("199900", "Financial year Q1")),
        (FinancialYear(2021), ("202122", "Financial year")),
        (Month(2022, 3), ("2022", "March")),
        (Span(date(2021, 2, 1), date(2021, 7, 31)), None),
    ],
    ids=str,
)
def test_period_when_the_layout_knows_it_then_year_and_identifier(
    period: Period, expected: tuple[str, str] | None
) -> None:
    assert time_of(period) == expected


def test_period_when_the_layout_does_not_know_it_then_no_files() -> None:
    assert ees_files([a_row()], Span(date(2021, 2, 1), date(2021, 7, 31)), DONCASTER) is None


def test_row_when_laid_out_then_place_filters_and_a_share_of_79_as_79() -> None:
    assert laid_out(a_row()) == [
        {
            "time_period": "202122", "time_identifier": "Financial year Q4", "geographic_level": "Local authority",
            "country_code": "E92000001", "country_name": "England", "region_code": "E12000003",
            "region_name": "Yorkshire and The Humber", "old_la_code": "371", "new_la_code": "E08000017",
            "la_name": "Doncaster", "indicator": "On time", "breakdown": "Total", "numerator": "79",
            "denominator": "100", "value_percent": "79", "target_percent": "80",
        }
    ]  # fmt: skip


def test_place_when_codes_are_not_known_then_x_and_not_available() -> None:
    row = laid_out(a_row(), place=Place("W06000015", "Cardiff"))[0]
    assert (row["country_name"], row["region_code"], row["region_name"]) == ("Wales", "x", "Not available")
    assert row["old_la_code"] == "x"


def test_units_when_several_then_a_column_each_and_z_in_the_others() -> None:
    rows = laid_out(a_row(), a_row("Cost", unit="pounds", value=D("-1234.5"), target=None, indicator="cost"))
    assert [row["value_percent"] for row in rows] == ["79", "z"]
    assert [row["value_pounds"] for row in rows] == ["z", "-1234.5"]
    assert [row["target_pounds"] for row in rows] == ["z", "z"]
    assert "value_days" not in rows[0]


@pytest.mark.parametrize("reason", list(MissingReason), ids=str)
def test_missing_number_when_laid_out_then_its_symbol_in_every_column(reason: MissingReason) -> None:
    row = laid_out(a_row(**NO_NUMBER, symbol=reason.value))[0]
    assert {row["numerator"], row["denominator"], row["value_percent"]} == {SYMBOLS[reason]}
    assert SYMBOLS[reason] in {"c", "z", "x", "low", "k"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"numerator": None, "denominator": None}, ("x", "x", "79")),
        ({"qualifier": "<", "numerator": None}, ("x", "100", "x")),
        ({"qualifier": "~"}, ("79", "100", "79")),
        (NO_NUMBER | {"symbol": "no_figure"}, ("x", "x", "x")),
        (NO_NUMBER | {"symbol": "", "basis": "stated_outcome"}, ("x", "x", "x")),
    ],
    ids=["value only", "only a bound is known", "approximate", "no figure", "only whether the target was met"],
)
def test_number_when_it_is_not_whole_then_what_stands_in_its_place(
    changes: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    row = laid_out(a_row(**changes))[0]
    assert (row["numerator"], row["denominator"], row["value_percent"]) == expected


def test_breakdown_when_a_row_is_of_a_part_then_its_categories() -> None:
    row = laid_out(a_row("Referrals", name="Referrals: Source: police", slice="source=police"))[0]
    assert (row["indicator"], row["breakdown"]) == ("Referrals", "Source: police")


def test_indicators_when_two_are_called_the_same_then_told_apart_by_code() -> None:
    rows = laid_out(a_row(), a_row(indicator="other"), a_row("Third", indicator="third"))
    assert [row["indicator"] for row in rows] == ["On time (on-time)", "On time (other)", "Third"]


def test_meta_when_read_then_one_line_for_each_filter_and_indicator_of_the_data() -> None:
    files = ees_files([a_row(places=1), a_row("Cost", unit="pounds", indicator="cost")], Q4, DONCASTER)
    assert files is not None
    meta = {row["col_name"]: row for row in read(files.meta)}
    fixed = {"time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code",
             "region_name", "old_la_code", "new_la_code", "la_name"}  # fmt: skip
    assert set(meta) == set(read(files.data)[0]) - fixed
    assert list(next(iter(meta.values()))) == ["col_name", "col_type", "label", "indicator_grouping", "indicator_unit",
                                               "indicator_dp", "filter_hint", "filter_grouping_column"]  # fmt: skip
    assert {name for name, row in meta.items() if row["col_type"] == "Filter"} == {"indicator", "breakdown"}
    assert (meta["value_percent"]["indicator_unit"], meta["value_percent"]["indicator_dp"]) == ("%", "1")
    assert meta["value_pounds"]["indicator_unit"] == "£"
    assert all(row["label"] for row in meta.values())


def test_table_when_it_has_no_rows_then_the_header_alone() -> None:
    files = ees_files([], Q4, DONCASTER)
    assert files is not None
    assert read(files.data) == []
    assert files.data.startswith(b"time_period,time_identifier,geographic_level,")
