"""Lists, headings and columns of Annex A, however a council names them: found, or missing; never mixed up."""

import pytest
from hypothesis import given
from hypothesis import settings as limited
from hypothesis import strategies as st

from referrals.annex_a.recognise import columns_of, found_in, missing_columns, number_in, shown_name, words_of
from referrals.annex_a.spec import LISTS, key_of
from tests.referrals.annex_a_files import a_list, headers, read_list

SPECS = [pytest.param(spec, id=f"list {spec.number}") for spec in LISTS]
COLUMNS = [(spec, column) for spec in LISTS for column in spec.columns]
IDS = [f"{spec.number} {column.key}" for spec, column in COLUMNS]


def key_read_as(spec, heading):
    """The key of the column that a heading alone is taken for."""
    return next(iter(columns_of([heading], spec).found), None)


# The specification


def test_lists_when_counted_then_there_are_eleven_with_their_columns():
    assert [spec.number for spec in LISTS] == list(range(1, 12))
    assert [len(spec.columns) for spec in LISTS] == [7, 8, 11, 12, 14, 14, 17, 34, 17, 16, 19]
    assert all(column.key == key_of(column.header) for _, column in COLUMNS)


@pytest.mark.parametrize("spec", SPECS)
def test_headings_when_compared_within_a_list_then_no_two_columns_share_one(spec):
    owners: dict[tuple[str, ...], str] = {}
    for column in spec.columns:
        for heading in (column.header, *column.aliases):
            words = tuple(sorted(words_of(heading)))
            assert owners.setdefault(words, column.key) == column.key, heading


# Columns


@pytest.mark.parametrize(("spec", "column"), COLUMNS, ids=IDS)
def test_heading_when_dirty_in_the_usual_ways_then_it_is_its_column(spec, column):
    header = column.header
    curly = header.replace("'", "’")
    for heading in (
        header, header.upper(), f"  {header} ", header.replace(" ", "\u00a0"), header.replace(" ", "\n"), curly,
        f"{header})", header.replace(")", "))"), header.replace("(", " ( "), f"{header}?", f"{header}*",
        header.replace("months", "mths").replace("Years", "yrs"), *column.aliases,
    ):  # fmt: skip
        assert key_read_as(spec, heading) == column.key, heading


@pytest.mark.parametrize(
    ("number", "heading", "key"),
    [
        (1, "Age", "age_of_child_years"), (1, "Age of Child (Year)", "age_of_child_years"),
        (1, "Age at 31 March 2022", "age_of_child_years"), (1, "D.O.B.", "date_of_birth"),
        (1, "Date of Birth (dd/mm/yyyy)", "date_of_birth"), (1, "Child Unique ID (system)", "child_unique_id"),
        (1, "Sex", "gender"), (3, "Referal NFA?", "referral_nfa"), (3, "Referral Date", "date_of_referral"),
        (5, "Date of ICPC", "date_of_initial_child_protection_conference"),
        (8, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N))",
         "unaccompanied_asylum_seeking_child_uasc_within_the_last_12_months_y_n"),
        (9, "Eligibity Category", "eligibility_category"),
        (9, "Suitability of Accomodation", "suitability_of_accommodation"),
        (10, "Date of Adoption Order ", "date_of_adoption_order"),
        (11, "Number of children placed", "no_of_children_placed"),
    ],
)  # fmt: skip
def test_heading_when_councils_write_it_their_way_then_it_is_its_column(number, heading, key):
    assert key_read_as(LISTS[number - 1], heading) == key


@pytest.mark.parametrize(
    ("number", "heading"),
    [
        (1, "Notes"), (1, "Mother’s age"), (1, "Number of children of this age"), (1, "Postcode"), (1, "Language"),
        (8, "Number of Episodes in the last 12 months"), (10, "Date of Decision"), (11, "Date Stage 3 started"),
        (11, "Stage"), (7, "Category of Abuse"),
    ],
)  # fmt: skip
def test_heading_when_it_is_of_no_column_then_it_is_taken_for_none(number, heading):
    assert key_read_as(LISTS[number - 1], heading) is None


@given(
    st.sampled_from(COLUMNS),
    st.integers(0, 200),
    st.characters(exclude_categories=("Nd",)) | st.just(""),  # another digit makes stage 2 of stage 1
    st.booleans(),
)
@limited(max_examples=300)
def test_heading_when_a_letter_of_it_is_changed_then_it_is_its_column_or_none(pair, at, sign, is_inserted):
    spec, column = pair
    at %= len(column.header)
    mangled = column.header[:at] + sign + column.header[at + (not is_inserted) :]
    assert key_read_as(spec, mangled) in {column.key, None}


@given(st.sampled_from(LISTS), st.permutations(range(34)), st.integers(0, 5))
@limited(max_examples=40)
def test_columns_when_in_any_order_with_some_missing_then_each_is_found_where_it_stands(spec, order, dropped):
    names = [column.header for column in spec.columns]
    kept = [names[number] for number in order if number < len(names)][dropped:]
    found = columns_of(kept, spec).found
    assert {key: kept[position] for key, position in found.items()} == {key_of(name): name for name in kept}
    assert {spec.by_key[key].header for key in missing_columns(spec, found)} <= set(names) - set(kept)


def test_list_9_when_in_the_older_layout_then_its_newer_columns_are_not_missed():
    spec = LISTS[8]
    older = [column.key for column in spec.columns if not column.is_newer]
    assert len(older) == 13
    assert missing_columns(spec, dict.fromkeys(older, 0)) == ()
    found = dict.fromkeys([*older, "latest_date_of_contact"], 0)
    assert set(missing_columns(spec, found)) == {
        "unaccompanied_asylum_seeking_child_uasc_or_formerly_uasc_if_18_or_over_y_n", "allocated_personal_advisor",
        "latest_pathway_plan_review_date",
    }  # fmt: skip


# Headings


@pytest.mark.parametrize("spec", SPECS)
def test_headings_when_titles_stand_above_then_they_are_found_all_the_same(spec):
    rows = [["Annex A", "Date of referral"], [], ["As at 31 March 2022"], headers(spec.number), ["1"]]
    found = found_in(f"List {spec.number}", rows)
    assert (found.spec.number, found.last_heading, len(found.columns.found)) == (spec.number, 3, len(spec.columns))


@pytest.mark.parametrize("spec", SPECS)
def test_headings_when_spread_over_two_rows_then_they_are_read_together(spec):
    upper, lower = [], []
    for number, header in enumerate(headers(spec.number)):
        words = header.split()
        cut = len(words) // 2 if number % 2 else 0
        upper.append(" ".join(words[:cut]))
        lower.append(" ".join(words[cut:]))
    found = found_in(f"List {spec.number}", [upper, lower, ["1"] * len(upper)])
    assert (found.last_heading, set(found.columns.found)) == (1, set(spec.by_key))


def test_headings_when_repeated_among_the_data_then_that_row_is_passed_over():
    rows = a_list(1)
    data, found = read_list(1, [rows[0], rows[0], rows[1], rows[0]])
    assert [(row["row"], data.left_out) for row in data.rows] == [(3, 0)]
    assert [(f.cell, f.code) for f in found] == [("row 2", "heading-again"), ("row 4", "heading-again")]


# Lists


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("List 1", 1), ("list_03_x", 3), ("List 3 - Referrals", 3), ("LIST10", 10), ("3. Referrals", 3), ("L7", 7),
        ("referrals.csv", 3), ("List_3_Referrals.csv", 3), ("Annex A list 11 adopters.csv", 11), ("Contacts", 1),
        ("CLA", 8), ("Children in Care", 8), ("looked after children", 8), ("Section 47", 5), ("CIN", 6), ("CP", 7),
        ("Adopters", 11), ("Adoption", 10), ("Care\u00a0leavers", 9), ("2022 referrals", 3), ("Early Help", 2),
        ("Cover", 0), ("List 12", 0), ("Sheet1", 0), ("", 0),
    ],
)  # fmt: skip
def test_name_when_it_says_which_list_then_it_is_that_one(title, number):
    assert number_in(title) == number


@pytest.mark.parametrize("spec", SPECS)
def test_sheet_when_its_name_says_nothing_then_its_headings_decide(spec):
    assert found_in("Sheet1", [headers(spec.number)]).spec is spec
    older = [column.header for column in spec.columns if not column.is_newer]
    assert found_in("", [older[::-1]]).spec is spec


def test_sheet_when_its_name_and_headings_disagree_then_the_headings_decide_and_it_is_said():
    found = found_in("List 3", [headers(4)])
    assert (found.named, found.spec.number) == (3, 4)


@pytest.mark.parametrize("rows", [[], [[]], [["Guidance"], ["Read this first"]], [["Child Unique ID", "Gender"]]])
def test_sheet_when_it_is_no_list_then_none_is_found(rows):
    assert found_in("Notes", rows) is None


def test_sheet_when_named_as_a_list_without_headings_then_there_are_none():
    assert found_in("List 4", [["1", "Female"], ["2", "Male"]]).last_heading == -1


def test_name_when_it_holds_other_words_then_it_is_not_shown():
    assert shown_name("List 3 - Referrals", "Sheet 1") == "List 3 - Referrals"
    for title in ("List 3 Ann Other", "Referrals 14159183", "", "12 High Street"):
        assert shown_name(title, "Sheet 1") == "Sheet 1"


@given(st.lists(st.lists(st.text(max_size=12) | st.sampled_from(headers(8) + headers(1)), max_size=12), max_size=8))
@limited(max_examples=100)
def test_sheet_when_anything_stands_in_it_then_recognising_never_fails(rows):
    for title in ("List 1", "List 8", "x"):
        found = found_in(title, rows)
        assert found is None or all(0 <= p < max(map(len, rows)) for p in found.columns.found.values())
