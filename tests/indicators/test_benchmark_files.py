"""Published files as they really are: editions, byte order marks, symbols, codes; and every way of being broken."""

from collections.abc import Callable
from decimal import Decimal as D
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import benchmark_tables
from indicators.benchmark_answers import FileRead, FileRefused, NotAsAgreed, answered, read_answers
from indicators.benchmark_files import letter_of
from indicators.quarters import FinancialYear, Month, Span
from tests.builders import benchmarks as b
from tests.reference import benchmarks_reference as reference

Found = dict[tuple[str, str, str], tuple[D | None, D | None, D | None, str]]


def values(read: FileRead) -> Found:
    """Value, numerator, denominator and symbol by measure, period and area."""
    return {
        (read.measures[v.measure], read.periods[v.period].slug, read.areas[v.area].code): tuple(v[3:])
        for v in read.values
    }


def fixture(name: str) -> Found:
    (path,) = b.FOLDER.glob(f"{name}*.csv")
    return values(b.read_fixture(path.name))


# What a sound file gives


def test_file_when_sound_then_every_measure_of_every_area_and_year():
    read = b.read(b.a_c1_file())
    assert (read.code, read.rows, read.periods) == ("dfe-cin-c1", 8, (FinancialYear(2022), FinancialYear(2023)))
    assert [(a.code, a.kind, a.region) for a in read.areas] == [
        ("E92000001", "country", ""),
        ("E12000003", "region", ""),
        ("E08000017", "authority", "E12000003"),
        ("E08000018", "authority", "E12000003"),
    ]
    found = values(read)
    assert found["dfe-referrals", "2023-24", "E08000017"] == (D(1000), None, None, "")
    assert found["dfe-re-referrals", "2023-24", "E08000017"] == (D("20.2"), D(202), D(1000), "")
    assert len(found) == 3 * 8


OLDER = {
    "referral_count": "Referrals",
    "rereferral_count": "Re_referrals",
    "rereferral_percent": "",
    "region_name": "REGION_NAME",
}


def test_file_when_of_an_older_edition_then_its_own_names_and_the_missing_share_worked_out():
    rows = b.c1_rows()
    headings = [OLDER.get(name, name) for name in b.HEADINGS]
    data = b.csv_of([{OLDER.get(k, k): v for k, v in row.items()} for row in rows], [h for h in headings if h])
    found = values(b.read(data))
    assert found["dfe-re-referrals", "2023-24", "E08000017"] == (D("20.2000"), D(202), D(1000), "")
    assert found.keys() == values(b.read(b.csv_of(rows))).keys()


def test_file_when_regions_are_spelt_otherwise_then_the_code_alone_counts():
    def spell(rows: list[b.Row]) -> None:
        for row, name in zip(rows, ["", "Yorkshire and the Humber", "Yorkshire and Humber", "YORKSHIRE"], strict=False):
            row["region_name"] = name

    assert values(b.read(b.a_c1_file(spell))) == values(b.read(b.a_c1_file()))


def test_file_when_cells_hold_symbols_then_the_symbol_and_no_value():
    def suppress(rows: list[b.Row]) -> None:
        rows[2] |= {"rereferral_count": "c", "rereferral_percent": "c"}
        rows[3] |= {"referral_count": ":", "no_further_action_percent": "~"}
        rows[6] |= {"rereferral_percent": "20.2u"}

    found = values(b.read(b.a_c1_file(suppress)))
    assert found["dfe-re-referrals", "2022-23", "E08000017"] == (None, None, D(1000), "c")
    assert found["dfe-referrals", "2022-23", "E08000018"] == (None, None, None, "x")
    assert found["dfe-referrals-no-further-action", "2022-23", "E08000018"] == (None, D(100), None, "low")
    assert found["dfe-re-referrals", "2023-24", "E08000017"] == (D("20.2"), D(202), D(1000), "u")


def test_file_when_an_authority_has_a_new_code_then_it_is_the_same_one():
    barnsley = b.authority("E08000016", "370", "Barnsley")
    unknown = b.authority("E06000901", "999", "Somewhere")

    def recode(rows: list[b.Row]) -> None:
        rows[2]["new_la_code"] = "E08000038"  # declared as the successor
        rows[3]["new_la_code"] = "E06000902"  # not declared, but the number stays

    read = b.read(b.a_c1_file(recode, areas=(b.ENGLAND, b.REGION, barnsley, unknown)))
    assert [a.code for a in read.areas][2:] == ["E08000038", "E06000902"]
    assert len(read.values) == 3 * 8


def test_file_when_rows_are_of_two_authorities_or_of_none_then_left_out_and_told():
    joint = b.authority("E06000061 / E06000062", "940 / 941", "Two together")
    nowhere = b.authority("x", "x", "Not available")
    read = b.read(b.a_c1_file(areas=(*b.AREAS, joint, nowhere)))
    assert [a.name for a in read.areas] == ["England", "Yorkshire and The Humber", "Doncaster", "Rotherham"]
    assert read.notes[:2] == (
        "2 rows are about two authorities together and were left out.",
        "2 rows are about no known area and were left out.",
    )


def test_file_when_a_printed_share_is_not_that_of_its_parts_then_held_as_printed_and_told():
    def misprint(rows: list[b.Row]) -> None:
        rows[6]["rereferral_percent"] = "20.4"

    read = b.read(b.a_c1_file(misprint))
    assert values(read)["dfe-re-referrals", "2023-24", "E08000017"][0] == D("20.4")
    assert "N8: 20.4 is printed, and its parts are 202 and 1000. The printed value is held." in read.notes


def test_answer_when_it_travels_then_the_same_comes_out():
    read = b.read(b.a_c1_file())
    with pytest.raises(FileRefused) as refused:
        b.read(b"")
    out, no = read_answers(b"\n".join([answered(read), answered(refused.value)]))
    assert out == read
    assert (no.findings, no.more) == (refused.value.findings, 0)
    for broken in (b"", b"{}", b'{"findings": 1}', b"[]", answered(read)[:-9]):
        with pytest.raises(NotAsAgreed):
            read_answers(broken)


@given(seed=st.integers(0, 10**9), bom=st.booleans(), upper=st.booleans())
def test_file_when_columns_and_rows_are_shuffled_then_the_same_values(seed: int, bom: bool, upper: bool):
    chance = Random(seed)  # noqa: S311
    rows, headings = b.c1_rows(), list(b.HEADINGS)
    expected = values(b.read(b.csv_of(rows)))
    chance.shuffle(rows)
    chance.shuffle(headings)
    data = b.csv_of(rows, headings, bom=bom)
    if upper:
        first, _, rest = data.partition(b"\r\n")
        data = first.upper() + b"\r\n" + rest
    assert values(b.read(data, "data.csv")) == expected


_CELLS = st.one_of(
    st.integers(1, 999_999).map(str),
    st.decimals(min_value=0, max_value=99_999, places=2, allow_nan=False).map(str),
    st.sampled_from(["c", "x", "z", "u", "k", "low"]),
)


@given(st.lists(_CELLS, min_size=8, max_size=8))
def test_file_when_cells_are_any_numbers_and_symbols_then_each_is_held_as_it_stands(cells: list[str]):
    rows = b.c1_rows()
    for row, cell in zip(rows, cells, strict=True):
        row["referral_count"] = cell
    found = values(b.read(b.csv_of(rows)))
    slugs = {"2023": "2022-23", "2024": "2023-24"}
    for row, cell in zip(rows, cells, strict=True):
        code = row["new_la_code"] or row["region_code"] or row["country_code"]
        value, _, _, symbol = found["dfe-referrals", slugs[row["time_period"]], code]
        assert symbol == (cell if cell.isalpha() else "")
        assert value is None if symbol else value == D(cell)


# Broken files


def cell(number: int, name: str, text: str) -> Callable[[list[b.Row]], None]:
    """Writes a text into a cell; the first row below the headings is row 2."""

    def change(rows: list[b.Row]) -> None:
        rows[number - 2][name] = text

    return change


def twice(rows: list[b.Row]) -> None:
    rows.append(dict(rows[2]))


BROKEN = [
    pytest.param(cell(4, "referral_count", "many"), "L4, referral_count", "neither a number", id="a text in a number"),
    pytest.param(cell(4, "referral_count", ""), "L4, referral_count", "the cell is empty", id="an empty number"),
    pytest.param(cell(4, "new_la_code", "E0800017"), "I4, new_la_code", "not the code", id="a code cut short"),
    pytest.param(cell(4, "new_la_code", "E12000003"), "I4, new_la_code", "as the level Local", id="a region’s code"),
    pytest.param(cell(4, "new_la_code", "E08000018"), "H5, old_la_code", "371 in row 4", id="another’s code"),
    pytest.param(cell(4, "old_la_code", "37"), "H4, old_la_code", "three digits", id="a number cut short"),
    pytest.param(cell(4, "region_code", "E08000017"), "F4, region_code", "code of a region", id="no region"),
    pytest.param(cell(4, "geographic_level", "Regional"), "I4, new_la_code", "“E08000017” is given", id="level up"),
    pytest.param(cell(3, "geographic_level", "Local authority"), "I3, new_la_code", "An empty cell", id="level down"),
    pytest.param(cell(4, "geographic_level", "School"), "C4, geographic_level", "“School” is not", id="no level"),
    pytest.param(cell(4, "la_name", ""), "J4, la_name", "missing", id="no name"),
    pytest.param(twice, "A10, time_period", "stands in row 4 already", id="a key twice"),
    pytest.param(cell(4, "time_identifier", "Financial year"), "B4, time_identifier", "is mixed", id="kinds mixed"),
    pytest.param(cell(4, "time_identifier", "Week"), "B4, time_identifier", "one kind of year", id="no year"),
    pytest.param(cell(4, "time_period", "202324"), "A4, time_period", "four digits", id="six digits"),
    pytest.param(cell(4, "time_period", "23/24"), "A4, time_period", "four digits", id="no digits"),
]


@pytest.mark.parametrize(("change", "place", "said"), BROKEN)
def test_file_when_broken_then_refused_with_the_cell_as_excel_names_it(change, place, said):
    with pytest.raises(FileRefused) as refused:
        b.read(b.a_c1_file(change))
    first, *others = refused.value.findings
    assert (first.place, said in first.message) == (place, True)
    assert [f.column for f in others] in ([], [first.column])  # the next year’s row stands beside the wrong one


def without(name: str) -> bytes:
    return b.csv_of(b.c1_rows(), [h for h in b.HEADINGS if h != name])


WHOLE = [
    pytest.param(b"", "The file", "empty", id="nothing"),
    pytest.param(b"\xef\xbb\xbf", "The file", "at most, and no row", id="a byte order mark alone"),
    pytest.param(b.csv_of([]), "The file", "no row", id="headings alone"),
    pytest.param(b"PK\x03\x04 and so on", "The file", "no CSV file", id="a workbook"),
    pytest.param(b.a_c1_file() + b"\x81\n", "Row 10", "not UTF-8", id="another encoding"),
    pytest.param(b.a_c1_file() + b'a,"b', "Row 10", "no CSV", id="a quote that does not end"),
    pytest.param(b.a_c1_file() + b"2024,Reporting year\n", "Row 10", "2 cells", id="a row cut short"),
    pytest.param(without("referral_count"), "Row 1, referral_count", "missing", id="no such column"),
    pytest.param(without("new_la_code"), "Row 1, new_la_code", "missing", id="no column of codes"),
    pytest.param(b.csv_of(b.c1_rows(), [*b.HEADINGS, "la_name"]), "Q1, la_name", "twice", id="a heading twice"),
    pytest.param(b"a,b\n1,2\n", "Row 1, time_period", "the nearest", id="another table under a name of ours"),
    pytest.param(b"a;b\n1;2\n", "The file", "not divided by commas", id="semicolons"),
    pytest.param(b"a\tb\n1\t2\n", "The file", "not divided by commas", id="tabs"),
    pytest.param(b" " * (benchmark_tables.MAX_BYTES + 1), "The file", "larger than 20 MB", id="too large"),
]


@pytest.mark.parametrize(("data", "place", "said"), WHOLE)
def test_file_when_it_is_no_table_of_ours_then_refused_with_the_reason(data, place, said):
    with pytest.raises(FileRefused) as refused:
        b.read(data)
    first = refused.value.findings[0]
    assert (first.place, said in first.message) == (place, True)


def test_file_when_its_columns_are_of_no_data_set_then_none_is_guessed_and_when_they_nearly_are_then_the_nearest():
    with pytest.raises(FileRefused) as refused:
        b.read(b"old_la_code,b\n1,2\n", "another.csv")
    assert [str(f) for f in refused.value.findings] == [
        "The file: no data set that can be read has these columns. The page where you choose a file lists them."
    ]
    with pytest.raises(FileRefused, match="Row 1, referral_count: the column is missing; this is read as “Children in"):
        b.read(without("referral_count"), "another.csv")


def test_file_when_it_has_too_many_rows_then_refused(monkeypatch):
    monkeypatch.setattr(benchmark_tables, "MAX_ROWS", 7)
    with pytest.raises(FileRefused, match="more than 7 rows"):
        b.read(b.a_c1_file())


def test_file_when_much_is_wrong_then_all_is_told_up_to_a_limit_in_the_order_of_the_rows():
    def spoil(rows: list[b.Row]) -> None:
        for row in rows:
            row["referral_count"] = row["no_further_action_count"] = "many"
        rows[5]["old_la_code"] = "37"
        rows[6]["old_la_code"] = "37"

    with pytest.raises(FileRefused) as refused:
        b.read(b.a_c1_file(spoil, years=range(2014, 2025)))
    found = refused.value
    assert (len(found.findings), found.more) == (50, 44 + 44 - 2 + 1 - 50)
    assert [f.row for f in found.findings] == sorted(f.row for f in found.findings)


def test_file_when_a_filter_value_is_not_found_then_the_measure_that_needs_it_is_named():
    (path,) = b.FOLDER.glob("cla_number*.csv")
    data = path.read_bytes().replace(b"Children looked after on 31 March each year", b"Children in care")
    with pytest.raises(FileRefused, match=r"population_type.*Children in care at 31 March per 10,000"):
        b.read(data, path.name)


def test_file_when_the_whole_of_a_share_has_no_row_then_refused_at_the_part():
    (path,) = b.FOLDER.glob("la_cla*.csv")
    lines = path.read_bytes().splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if b"E08000017" in line and b"CLA on 31 March,Total" in line)
    with pytest.raises(FileRefused) as refused:
        b.read(b"".join(lines[:place] + lines[place + 1 :]), path.name)
    (finding,) = refused.value.findings
    assert "there is no row with" in finding.message


def test_file_when_bands_make_more_than_their_whole_then_refused():
    (path,) = b.FOLDER.glob("c4*.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("2024") and "E08000017" in line)
    lines[place] = lines[place].replace(",56,337,", ",156,337,")
    with pytest.raises(FileRefused, match="493 of 462"):
        b.read("\n".join(lines).encode(), path.name)


def test_file_when_its_columns_fit_two_sets_then_its_name_decides_or_it_is_refused():
    path = b.FOLDER / "sn_model_2025_wide.csv"
    assert b.read_fixture(path.name).code == "dfe-neighbours-2025"
    with pytest.raises(FileRefused, match="several data sets"):
        b.read(path.read_bytes(), "download.csv")


def test_letter_when_columns_go_past_z_then_as_excel_counts():
    assert [letter_of(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


# The shipped files


@pytest.mark.parametrize(
    ("file", "measure", "printed"),
    [
        ("c2", "dfe-assessments-45-days", {"2023-24": "81.0", "2021-22": "91.9", "2020-21": "89.9"}),
        ("c4", "dfe-icpc-15-days", {"2023-24": "85.1", "2021-22": "91.9", "2020-21": "99.7"}),
    ],
)
def test_doncasters_shares_when_worked_out_from_their_bands_then_as_published(file, measure, printed):
    found = fixture(file)
    for period, text in printed.items():
        value, numerator, denominator, _ = found[measure, period, "E08000017"]
        assert f"{value:.1f}" == f"{100 * numerator / denominator:.1f}" == text


YEAR_22, YEAR_24, AUTUMN_22 = "2021-22", "2023-24", "2021-10-01--2022-09-30"
WORKED_OUT = {"c2", "c4"}
# Doncaster, Yorkshire and The Humber, England.
PUBLISHED = [
    ("c1", "dfe-re-referrals", YEAR_22, "7.0", "20.4", "21.5"),
    ("c1", "dfe-re-referrals", YEAR_24, "30.3", "21.7", "22.4"),
    ("c2", "dfe-assessments-45-days", YEAR_24, "81.0", "80.8", "84.5"),
    ("c4", "dfe-icpc-15-days", YEAR_22, "91.9", "71.7", "79.2"),
    ("c4", "dfe-icpc-15-days", YEAR_24, "85.1", "75.1", "79.7"),
    ("d3", "dfe-second-cp-plans", YEAR_22, "u", "23.6", "22.7"),
    ("d3", "dfe-second-cp-plans", YEAR_24, "22.2", "24.0", "24.7"),
    ("d7", "dfe-cp-plans-2-years-plus", YEAR_22, "2.5", "3.8", "3.7"),
    ("la_cla", "dfe-3-plus-placements", YEAR_22, "7.0", "10.0", "10.0"),
    ("la_cla", "dfe-long-term-stability", YEAR_24, "67.0", "69.0", "68.0"),
    ("la_care", "dfe-suitable-accommodation-19-21", YEAR_22, "90.0", "90.0", "88.0"),
    ("csww", "dfe-turnover", AUTUMN_22, "12.8", "15.4", "17.2"),
    ("csww", "dfe-agency-rate", AUTUMN_22, "20.8", "15.7", "17.6"),
    ("cla_n", "dfe-cla-rate", YEAR_22, "92.0", "81.0", "70.0"),
]


@pytest.mark.parametrize(("file", "measure", "period", "own", "region", "country"), PUBLISHED)
def test_shipped_file_when_read_then_the_published_figures(file, measure, period, own, region, country):
    found = fixture(file)
    for code, text in (("E08000017", own), ("E12000003", region), ("E92000001", country)):
        value, _, _, symbol = found[measure, period, code]
        if file in WORKED_OUT and code != "E08000017":  # numbers of regions are published to the nearest 10
            assert abs(value - D(text)) <= D("0.1")
        else:
            assert (symbol if value is None else f"{value:.1f}") == text


def test_months_when_wide_then_each_in_its_own_calendar_year():
    found = fixture("c6")
    assert found["dfe-referrals-by-month", "2012-04", "E08000017"][0] == 305
    assert found["dfe-referrals-by-month", "2022-03", "E08000017"][0] == 444
    read = b.read_fixture(next(b.FOLDER.glob("c6*")).name)
    assert (read.periods[0], read.periods[-1], len(read.periods)) == (Month(2012, 4), Month(2024, 3), 144)


def test_workforce_when_read_then_the_twelve_months_to_30_september():
    read = b.read_fixture("csww_indicators_2017_to_2025.csv")
    assert all(isinstance(p, Span) and (p.start_on.month, p.end_on.month) == (10, 9) for p in read.periods)


def test_neighbours_when_read_then_nearest_first():
    wide = dict(b.read_fixture("sn_model_2025_wide.csv").neighbours)
    assert wide["371"] == ("372", "370", "384", "894", "357", "812", "335", "861", "354", "813")
    (older,) = b.read_fixture("statistical_neighbours_2021_doncaster.csv").neighbours
    assert older == ("371", ("372", "370", "812", "359", "384", "357", "813", "807", "332", "894"))


@pytest.mark.parametrize("name", sorted(reference.FILES))
def test_shipped_file_when_worked_out_a_second_time_then_the_same(name: str):
    measure, expected = reference.worked_out(b.FOLDER, name)
    found = {(slug, code): value for (one, slug, code), (value, *_) in fixture(name).items() if one == measure}
    assert found.keys() == expected.keys()
    for key, value in found.items():
        other = expected[key]
        assert (value is None) == (other is None), key
        assert value is None or other is None or abs(value - other) <= D("0.00005"), key
    assert len(expected) > 200
