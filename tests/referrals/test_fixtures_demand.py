"""The figures of the front door and the pathway in fixtures/doncaster/demand and statistics say what their sources do.

Reads the CSV files with the standard library only. The Department's figures are worked out a second time, from its own
files cut to Doncaster's rows (tests/data/dfe).
"""

import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest

from referrals.annex_a import dimensions as annex_a
from tests.indicators.test_fixtures import (
    CHOICES,
    FIXTURES,
    HEADERS,
    KEYS,
    PLACE,
    QUARTER,
    Row,
    numbers_in,
    read,
    read_all,
    span,
)

DFE = Path(__file__).resolve().parents[1] / "data" / "dfe"
AREAS = ("demand", "statistics")
NEXT_QUARTER = "2022-23-q1"
NEW_HEADERS = {
    "dimensions": "code,name,kind,is_protected,source,paragraph",
    "categories": "dimension,code,name,order,is_not_stated,source,paragraph",
    "balances": "code,name,closing,inflows,outflows,source,paragraph",
    "rounds": "scorecard,period,due_on,source,paragraph",
}
NEW_KEYS = {
    "dimensions": ("code",), "categories": ("dimension", "code"), "balances": ("code",),
    "rounds": ("scorecard", "period"),
}  # fmt: skip
FILES = [(area, path.stem) for area in AREAS for path in sorted((PLACE / area).glob("*.csv"))]
NAMES = sorted({name for _, name in FILES})
THEMES = [
    "Front door", "Assessment", "Child in need", "Child protection", "Care proceedings", "Children in care",
    "Leaving care and care leavers", "Adoption",
]  # fmt: skip
MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
PROTECTED = {"age", "sex", "ethnicity", "disability", "asylum"}


def of_areas(name: str) -> list[Row]:
    """The rows of a file in both areas."""
    return [row for area, found in FILES if found == name for row in read(f"doncaster/{area}/{name}.csv")]


def categories() -> dict[tuple[str, str], Row]:
    return {(row["dimension"], row["code"]): row for row in read_all("categories")}


def cells_of(slice_key: str) -> list[tuple[str, str]]:
    return [(dimension, code) for part in slice_key.split("|") for dimension, _, code in [part.partition("=")]]


def table(source: str) -> list[Row]:
    """The Department's file that a source code names by its letter and number, Doncaster's rows only."""
    start = "cla_number" if source == "DFE-CLA" else source.rsplit("-", 1)[1].lower() + "_"
    (path,) = DFE.glob(f"{start}*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def cell_cited(row: Row) -> tuple[Row, str]:
    """The row and column of the Department's file that a figure says it is from."""
    cited = re.fullmatch(r"row (\d{4}), Reporting year, E08000017, (.+); column (.+)", row["paragraph"])
    assert cited, row["paragraph"]
    kinds = ("category", "population_type")
    found = [r for r in table(row["source"]) if r["time_period"] == cited[1] and cited[2] in [r.get(k) for k in kinds]]
    assert len(found) == 1, row["paragraph"]
    return found[0], cited[3]


# Form


@pytest.mark.parametrize(("area", "name"), FILES)
def test_files_have_their_header_and_clean_cells(area: str, name: str) -> None:
    data = (PLACE / area / f"{name}.csv").read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    header = NEW_HEADERS.get(name) or HEADERS[f"doncaster/{name}.csv"]
    lines = list(csv.reader(data.decode("utf-8").splitlines(), strict=True))
    assert lines[0] == header.split(",")
    assert {len(line) for line in lines} == {len(lines[0])}
    for row in read(f"doncaster/{area}/{name}.csv"):
        for column, cell in row.items():
            assert cell == " ".join(cell.split()), (column, cell)
            if (found := ("doncaster/" + name + ".csv", column)) in CHOICES:
                assert cell in CHOICES[found], (column, cell)


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_unique_over_all_areas(name: str) -> None:
    key = NEW_KEYS.get(name) or KEYS[f"doncaster/{name}.csv"]
    found = Counter(tuple(row[k] for k in key) for row in read_all(name))
    assert not [k for k, n in found.items() if n > 1]


@pytest.mark.parametrize("name", [n for n in NAMES if n != "sources"])
def test_every_row_has_a_source_that_is_known(name: str) -> None:
    sources = {row["code"]: row for row in read_all("sources")}
    for row in of_areas(name):
        assert row["source"] in sources, row
        assert row["paragraph"], row
    for row in of_areas("sources"):
        assert "licence" in row["body"].lower(), row["code"]


def test_references_resolve() -> None:
    known = {row["code"] for row in read_all("indicators")}
    for name in ("lines", "assignments", "figures", "breaks", "statements"):
        assert {row["indicator"] for row in of_areas(name)} <= known, name
    statements = {row["code"]: row for row in read_all("statements")}
    for row in of_areas("queries"):
        cited = row["statements"].split(";")
        assert len(cited) >= 2
        assert set(cited) <= set(statements), row["code"]
        assert row["indicator"] in {statements[code]["indicator"] for code in cited}, row["code"]
        assert len(row["question"]) <= 400
    for row in read("doncaster/demand/balances.csv"):
        parts = [row["closing"], *row["inflows"].split(";"), *row["outflows"].split(";")]
        assert set(parts) <= known, row["code"]
        assert definition_in("demand", row["closing"])["window"] == "snapshot"
        counted = {definition_in("demand", code)["counts"] for code in parts}
        assert len(counted) == 1, f"{row['code']} mixes {counted}"


def definition_in(area: str, code: str) -> Row:
    (found,) = [row for row in read(f"doncaster/{area}/indicators.csv") if row["code"] == code]
    return found


def test_slices_are_canonical_and_their_categories_known() -> None:
    known = categories()
    for name in ("lines", "assignments", "figures", "breaks", "statements", "queries"):
        for row in of_areas(name):
            if row["slice"]:
                cells = cells_of(row["slice"])
                assert set(cells) <= set(known), row["slice"]
                assert [d for d, _ in cells] == sorted({d for d, _ in cells}), row["slice"]


def test_a_dimension_has_its_categories_in_order_and_the_protected_are_marked() -> None:
    dimensions = {row["code"]: row for row in read_all("dimensions")}
    mine = {row["code"] for row in read("doncaster/demand/dimensions.csv")}
    assert {code for code, row in dimensions.items() if row["is_protected"] == "yes"} == PROTECTED
    by_dimension = defaultdict(list)
    for (dimension, code), row in categories().items():
        assert dimension in dimensions
        assert (row["is_not_stated"] == "yes") == (code == "not-stated")
        by_dimension[dimension].append(row)
    for code in mine:
        orders = [int(row["order"]) for row in by_dimension[code]]
        assert orders == list(range(1, len(orders) + 1)), code


def test_what_annex_a_can_be_entered_by_has_its_categories() -> None:
    known = categories()
    offered = [d for d in vars(annex_a).values() if isinstance(d, annex_a.Dimension) and d.is_slice]
    assert len(offered) >= 8
    for dimension in offered:
        assert {(dimension.code, code) for code, _ in dimension.categories} <= set(known), dimension.code


# What is said


def test_a_figure_is_a_number_or_has_a_reason_and_a_count_is_exact() -> None:
    definitions = defaultdict(list)
    for row in read_all("indicators"):
        definitions[row["code"]].append(row)
    for row in of_areas("figures"):
        where = (row["indicator"], row["slice"], row["period"])
        assert row["numerator"] == row["denominator"] == "", where
        if row["basis"] == "missing":
            assert row["missing_reason"] == "c", where
            assert row["value"] == row["qualifier"] == row["quantum"] == "", where
            continue
        assert row["basis"] == "stated", where
        assert Decimal(row["value"]) >= 0, where
        assert ("e" in row["flags"].split()) == (row["qualifier"] == "~"), where
        assert bool(row["confidence"]) == bool(row["confidence_reason"]), where
        own = definitions[row["indicator"]]
        assert any(span(r["valid_from"])[0] <= span(row["period"])[0] for r in own), where
        assert bool(row["quantum"]) == (own[0]["unit"] != "count"), where
        if own[0]["unit"] == "count":
            assert Decimal(row["value"]) == int(Decimal(row["value"])), where


def test_texts_keep_their_length_and_cite_their_paragraph() -> None:
    for row in read("doncaster/demand/figures.csv"):
        assert len(row["headline"]) <= 60, row["headline"]
        assert bool(row["headline"]) or row["period"] != QUARTER
        assert re.search(r"\(00\d §\d+\)\.$", row["commentary"]), row["commentary"]
    for row in of_areas("statements"):
        assert 0 < len(row["text"]) <= 300, row["code"]
    for row in of_areas("indicators"):
        assert len(row["short_name"]) <= 60, row["code"]
        assert row["why_it_matters"].endswith("."), row["code"]
        assert row["polarity"] == ("higher" if row["code"].startswith("proceedings-concluded-") else "none")


def test_the_number_of_a_figure_stands_in_a_text_of_its_paragraph() -> None:
    texts: dict[tuple[str, str], set[Decimal]] = defaultdict(set)
    for row in read_all("statements"):
        for paragraph in row["paragraph"].split(", "):
            texts[row["source"], paragraph] |= numbers_in(row["text"])
    for report in ("000", "001", "003"):
        for row in read(f"reports/statements_{report}.csv"):
            texts[report, row["paragraph"]] |= numbers_in(row["quote"])
    for row in read("doncaster/demand/figures.csv"):
        found = set().union(*(texts[row["source"], p] for p in row["paragraph"].split(", ")))
        assert Decimal(row["value"]) in found, (row["indicator"], row["slice"], row["paragraph"])


def test_the_scorecard_waits_for_what_nobody_reports_yet() -> None:
    lines = read("doncaster/demand/lines.csv")
    assert [row["order"] for row in lines] == [str(n) for n in range(1, len(lines) + 1)]
    assert [theme for theme, _ in groupby(row["theme"] for row in lines)] == THEMES
    held = {(r["indicator"], r["slice"]) for r in read("doncaster/demand/figures.csv") if r["period"] == QUARTER}
    for row in lines:
        has_figure = (row["indicator"], row["slice"]) in held
        assert row["valid_from"] == (QUARTER if has_figure else NEXT_QUARTER), (row["indicator"], row["slice"])
    on_it = {(row["indicator"], row["slice"]) for row in lines}
    assert {(i, s) for i, s in held - on_it} == {(i, s) for i, s in held if s.startswith("authority=")}
    assigned = Counter((row["indicator"], row["slice"]) for row in read("doncaster/demand/assignments.csv"))
    assert assigned == Counter(on_it)


def test_parts_make_their_whole_or_a_query_says_that_they_do_not() -> None:
    kinds = {row["code"]: row["kind"] for row in read_all("dimensions")}
    figures = {(r["indicator"], r["slice"], r["period"]): r for r in of_areas("figures")}
    queried = {(row["indicator"], row["period"]) for row in of_areas("queries")}
    parts = defaultdict(list)
    for (indicator, slice_key, period), row in figures.items():
        dimensions = [d for d, _ in cells_of(slice_key)] if slice_key else []
        if len(dimensions) == 1 and kinds[dimensions[0]] == "partition":
            parts[indicator, period, dimensions[0]].append(row)
    checked, hidden = 0, 0
    for (indicator, period, _), rows in parts.items():
        whole = figures.get((indicator, "", period))
        total = sum(Decimal(row["value"] or 0) for row in rows)
        if whole is None:
            assert total == Decimal("99.5")
            assert (indicator, period) in queried
        elif any(row["missing_reason"] for row in rows):
            hidden += 1
            assert total < Decimal(whole["value"])
            assert sum(bool(row["missing_reason"]) for row in rows) >= 2, "one hidden part could be worked out"
        else:
            checked += 1
            assert total == Decimal(whole["value"]), (indicator, period)
    assert (checked, hidden) == (44, 3)


def test_the_balance_of_care_is_one_out_and_under_query() -> None:
    held = {(r["indicator"], r["slice"], r["period"]): r["value"] for r in of_areas("figures")}
    opening, closing = int(held["care-at-end", "", "2021-22-q3"]), int(held["care-at-end", "", QUARTER])
    made = opening + int(held["care-started", "", QUARTER]) - int(held["care-ended", "", QUARTER])
    assert (opening, made, closing) == (592, 591, 592)
    assert ("care-at-end", QUARTER) in {(row["indicator"], row["period"]) for row in of_areas("queries")}


def test_the_change_of_case_system_breaks_what_rests_on_it() -> None:
    broken = {(r["indicator"], r["slice"]) for r in of_areas("breaks")}
    assert {(r["on"], r["precision"], r["kind"]) for r in of_areas("breaks")} == {("2021-08-01", "month", "system")}
    rests = {r["code"] for r in of_areas("indicators") if r["source_system"] == "Mosaic"}
    others = {r["code"] for r in of_areas("indicators")} - rests
    assert {indicator for indicator, s in broken if not s} == rests
    assert all(code.startswith(("proceedings-", "care-leavers-", "adopter-", "adopters-")) for code in others)
    assert {(r["indicator"], r["slice"]) for r in read("doncaster/statistics/figures.csv") if r["slice"]} == {
        (i, s) for i, s in broken if s
    }


# The Department's figures, worked out a second time


def test_every_figure_of_the_department_is_the_cell_it_cites() -> None:
    for row in read("doncaster/statistics/figures.csv"):
        source, column = cell_cited(row)
        cell, ends = source[column], int(source["time_period"])
        assert row["value"] == (cell if cell.isdigit() else ""), row["paragraph"]
        assert row["missing_reason"] == ("" if cell.isdigit() else cell), row["paragraph"]
        if column in MONTHS:
            number = MONTHS.index(column) + 1
            assert row["period"] == f"{ends - (number > 3)}-{number:02}", row["paragraph"]
        else:
            assert row["period"] == f"{ends - 1}-{ends % 100:02}", row["paragraph"]


def test_no_year_of_the_department_is_left_out() -> None:
    held = Counter()
    for row in read("doncaster/statistics/figures.csv"):
        held[row["source"], row["paragraph"].split("; column ")[1], row["indicator"]] += 1
    for (source, _, indicator), number in held.items():
        rows = table(source)
        years = 5 if source == "DFE-CLA" else len(rows)
        # 2013/14 has 0 assessments, with z for how long they took: a statement says so, and no figure is held.
        assert number == years - (indicator == "assessments-completed"), (source, indicator)
    referrals = [r for r in read("doncaster/statistics/figures.csv") if r["indicator"] == "referrals"]
    assert (
        len([r for r in referrals if re.fullmatch(r"\d{4}-\d\d", r["period"]) and r["source"] == "DFE-CIN-C6"]) == 144
    )
    zero = next(r for r in table("DFE-CIN-C2") if r["time_period"] == "2014")
    assert (zero["Assessments_completed"], zero["Median_days"]) == ("0", "z")


def test_the_months_and_sources_of_the_department_make_its_years() -> None:
    months, years = defaultdict(int), {}
    for row in read("doncaster/statistics/figures.csv"):
        if row["indicator"] == "referrals" and not row["slice"]:
            if row["source"] == "DFE-CIN-C6":
                months[span(row["period"])[0].year + (span(row["period"])[0].month > 3)] += int(row["value"])
            else:
                years[span(row["period"])[1].year] = int(row["value"])
    assert len(months) == 12
    assert months == {year: number for year, number in years.items() if year in months}


def test_what_is_said_of_the_departments_numbers_can_be_worked_out() -> None:
    month = {r["time_period"]: r for r in table("DFE-CIN-C6")}

    def total(year: str, *names: str) -> int:
        return sum(int(month[year][name]) for name in names)

    care = {(r["population_type"].split()[1], r["time_period"]): int(r["children_count"]) for r in table("DFE-CLA")}
    made = {
        year: care["looked", str(year - 1)] + care["starting", str(year)] - care["ceasing", str(year)]
        for year in range(2022, 2026)
    }
    worked_out = {
        "dfe-referrals-q4-2021-22": {total("2022", "January", "February", "March")},
        "dfe-referrals-q4-2020-21": {total("2021", "January", "February", "March")},
        "dfe-referrals-july-to-september": {total(y, "July", "August", "September") for y in ("2020", "2021")},
        "dfe-referrals-april-to-july-2021": {
            int(month[y][name]) for y in ("2021", "2022") for name in ("April", "May", "June", "July")
        },
        "dfe-care-balance-2021-22": set(made.values()) | {care["looked", str(y)] for y in range(2021, 2026)},
    }
    assert worked_out["dfe-referrals-q4-2021-22"] == {1205}
    assert made == {2022: 590, 2023: 533, 2024: 521, 2025: 501}
    said = {row["code"]: numbers_in(row["text"]) for row in read("doncaster/statistics/statements.csv")}
    for code, numbers in worked_out.items():
        assert numbers <= said[code], code


def test_the_cut_files_name_their_licence() -> None:
    assert "Open Government Licence v3.0" in (DFE / "README.md").read_text(encoding="utf-8")
    assert {row["new_la_code"] for path in DFE.glob("*.csv") for row in _rows(path)} == {"E08000017"}
    assert FIXTURES.exists()


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
