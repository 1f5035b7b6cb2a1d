"""What must hold between the cells of a row, and between rows, of Annex A."""

from datetime import date, datetime, timedelta

import pytest

from referrals.annex_a import rules
from referrals.annex_a.findings import KINDS, MAX_OF_A_KIND, Findings, letter_of
from referrals.annex_a.spec import LISTS
from referrals.annex_a.terms import age_in_years
from tests.referrals.annex_a_files import a_list, a_row, a_workbook, headers, read_files, read_list


def on(text: str) -> datetime:
    return datetime.fromisoformat(text)


def said(number, *rows):
    """(cell, code) of every finding about rows of a list."""
    return [(f.cell, f.code) for f in read_list(number, a_list(number, *rows))[1]]


def cell_of(number: int, key: str, row: int = 2) -> str:
    return f"{letter_of([column.key for column in LISTS[number - 1].columns].index(key))}{row}"


@pytest.mark.parametrize("number", range(1, 12))
def test_row_when_all_is_right_then_nothing_is_said(number):
    data, found = read_list(number, a_list(number))
    assert found == []
    assert (len(data.rows), data.left_out, data.columns_missing) == (1, 0, ())
    assert set(data.rows[0]) == {"row", *data.columns_found}


ROWS = [
    (1, {"date_of_contact": on("2022-04-01")}, "date_of_contact", "after-reference"),
    (1, {"date_of_contact": on("2021-09-30")}, "date_of_contact", "outside-window"),
    (1, {"date_of_birth": on("2022-07-01"), "age_of_child_years": 0}, "date_of_birth", "unborn"),
    (1, {"age_of_child_years": "unborn"}, "age_of_child_years", "unborn"),
    (1, {"date_of_birth": on("2010-05-04"), "age_of_child_years": 14}, "age_of_child_years", "age-and-birth"),
    (1, {"date_of_birth": on("2004-03-31"), "age_of_child_years": 18}, "date_of_birth", "over-age"),
    (2, {"assessment_completion_date": on("2021-10-03")}, "assessment_completion_date", "order"),
    (4, {"continuous_assessment_date_of_authorisation": on("2021-10-03")},
     "continuous_assessment_date_of_authorisation", "order"),
    (5, {rules._ICPC: on("2021-10-01")}, rules._ICPC, "order"),
    (5, {rules._ICPC: on("2021-10-16")}, rules._ICPC, "weekend"),
    (5, {rules._ICPC: on("2021-10-17")}, rules._ICPC, "weekend"),
    (5, {rules._ICPC_UNNEEDED: "a) Yes"}, rules._ICPC_UNNEEDED, "conference-unneeded"),
    (5, {rules._ICPC_RESULT: None}, rules._ICPC_RESULT, "no-result"),
    (5, {rules._ICPC: None}, rules._ICPC, "no-conference"),
    (6, {"reason_for_closure": None}, "reason_for_closure", "no-reason"),
    (6, {"cin_closure_date": None}, "cin_closure_date", "no-end"),
    (7, {rules._PLAN_END: on("2021-10-01")}, rules._PLAN_END, "order"),
    (8, {rules._CARE_END: on("2022-03-01")}, "reason_ceased_to_be_looked_after", "no-reason"),
    (8, {"reason_ceased_to_be_looked_after": "E11"}, rules._CARE_END, "no-end"),
    (8, {"start_date_of_most_recent_placement": on("2021-10-01")}, "start_date_of_most_recent_placement", "order"),
    (8, {"placement_postcode": "nope"}, "placement_postcode", "odd-postcode"),
    (8, {rules._ACCEPTED: "a) Yes"}, rules._ACCEPTED, "not-offered"),
    (9, {"date_of_birth": on("1996-03-31"), "age_of_child_years": 26}, "date_of_birth", "over-age"),
    (9, {"date_of_birth": on("2007-05-01"), "age_of_child_years": 14}, "date_of_birth", "under-age"),
    (10, {"date_placed_for_adoption": on("2021-10-05")}, "date_placed_for_adoption", "order"),
    (11, {"reason_for_leaving_adoption_process": None}, "reason_for_leaving_adoption_process", "no-reason"),
    (11, {"date_stage_2_started": on("2021-10-13")}, "date_stage_2_started", "order"),
    (3, {"gender": None}, "gender", "blank"), (3, {"gender": "x"}, "gender", "not-a-code"),
    (3, {"number_of_referrals_in_last_12_months": -1}, "number_of_referrals_in_last_12_months", "not-a-number"),
    (3, {"age_of_child_years": 11.9}, "age_of_child_years", "not-whole"),
    (3, {"date_of_referral": "4 October 2021"}, "date_of_referral", "date-as-text"),
    (3, {"allocated_team": "#N/A"}, "allocated_team", "excel-error"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "changes", "key", "code"), ROWS, ids=[f"{r[0]} {r[2][:30]} {r[3]}" for r in ROWS])
def test_row_when_something_does_not_hold_then_the_cell_is_named(number, changes, key, code):
    assert said(number, a_row(number), a_row(number, **changes) | ids(number, 2)) == [(cell_of(number, key, 3), code)]


def ids(number: int, one: int) -> dict[str, int]:
    """An identifier of its own, so that the rows are of different children."""
    return {LISTS[number - 1].columns[0].key: 1_000_000 + one}


BIRTHS = [
    (1, "date_of_contact", 250, None), (4, "continuous_assessment_start_date", 300, None),
    (7, rules._PLAN_START, 301, "before-birth"), (8, rules._CARE_START, 1, "before-birth"),
    (10, "date_the_child_entered_care", 1, "before-birth"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "key", "days", "code"), BIRTHS)
def test_date_when_before_birth_then_it_is_said_where_nobody_is_known_so_early(number, key, days, code):
    born = a_row(number)[key] + timedelta(days=days)
    found = {code for _, code in said(number, a_row(number, date_of_birth=born, age_of_child_years=0))}
    assert (code in found) if code else ("before-birth" not in found)


def test_order_when_broken_then_the_sentence_names_the_other_column():
    _, found = read_list(5, a_list(5, a_row(5, **{rules._ICPC: on("2021-10-01")})))
    assert found[0].message == (
        "This date is before “Strategy discussion initiating Section 47 Enquiry Start Date”. Correct the wrong date."
    )
    assert (found[0].list, found[0].column) == (5, "Date of Initial Child Protection Conference")


@pytest.mark.parametrize("number", range(1, 12))
def test_row_when_it_has_no_identifier_then_it_is_left_out(number):
    key = LISTS[number - 1].columns[0].key
    data, found = read_list(number, a_list(number, a_row(number), a_row(number, **{key: " "}), a_row(number)))
    assert [row["row"] for row in data.rows] == [2, 4]
    assert data.left_out == 1
    assert (found[0].severity, found[0].cell, found[0].code) == ("error", "A3", "no-id")


def test_row_when_it_is_a_total_then_it_is_left_out():
    data, found = read_list(1, [*a_list(1), ["Total", None, None, None, None, 1]])
    assert (len(data.rows), data.left_out) == (1, 1)
    assert [(f.cell, f.code) for f in found] == [("row 3", "total-row")]


def test_row_when_the_same_stands_twice_then_it_is_said_and_kept():
    data, found = read_list(3, a_list(3, a_row(3), a_row(3) | ids(3, 9), a_row(3)))
    assert len(data.rows) == 3
    assert [(f.cell, f.code, f.severity) for f in found] == [("row 4", "row-twice", "warning")]


@pytest.mark.parametrize(
    ("number", "key"), [(6, "cin_closure_date"), (7, rules._PLAN_END), (8, rules._CARE_END)]
)  # fmt: skip
def test_child_when_two_rows_are_open_then_it_is_said(number, key):
    opened = {key: None} | ({"reason_for_closure": None} if number == 6 else {})
    first = a_row(number, **opened)
    second = first | {"gender": "b) Female"}
    assert said(number, first, second) == [("A3", "open-twice")]
    assert said(number, first, second | ids(number, 7)) == []


@pytest.mark.parametrize("number", [9, 10, 11])
def test_identifier_when_it_stands_twice_where_each_has_one_row_then_it_is_said(number):
    assert said(number, a_row(number), a_row(number, gender="b) Female")) == [("A3", "id-twice")]


def test_birth_when_it_differs_between_lists_then_it_is_said():
    born = on("2010-05-05")
    sheets = {"List 1": a_list(1), "List 3": a_list(3, a_row(3, date_of_birth=born))}
    _, findings = read_files(("a.xlsx", a_workbook(sheets)))
    assert [(f.list, f.cell, f.code) for f in findings.listed()] == [(3, "D2", "birth-differs")]


@pytest.mark.parametrize(
    ("reference", "first"),
    [("2022-03-31", "2021-10-01"), ("2022-03-16", "2021-09-17"), ("2022-02-28", "2021-09-01"),
     ("2022-08-30", "2022-02-28"), ("2022-12-31", "2022-07-01"), ("2024-08-28", "2024-02-29")],
)  # fmt: skip
def test_window_when_six_months_are_counted_back_then_it_starts_on(reference, first):
    assert rules.window_start(date.fromisoformat(reference)) == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("born", "on_day", "age"),
    [("2004-04-01", "2022-03-31", 17), ("2004-03-31", "2022-03-31", 18), ("2004-02-29", "2022-02-28", 17),
     ("2004-02-29", "2022-03-01", 18), ("2022-03-31", "2022-03-31", 0), ("2022-04-01", "2022-03-31", -1)],
)  # fmt: skip
def test_age_when_the_birthday_is_near_then_full_years_count(born, on_day, age):
    assert age_in_years(date.fromisoformat(born), date.fromisoformat(on_day)) == age


@pytest.mark.parametrize("number", [8, 10])
@pytest.mark.parametrize(("born", "codes"), [("2004-04-01", set()), ("2004-03-31", {"over-age"})])
def test_age_when_eighteen_then_it_is_over_age_in_the_lists_of_children(number, born, codes):
    row = a_row(number, date_of_birth=on(born), age_of_child_years=18)
    assert {code for _, code in said(number, row) if code.endswith("-age")} == codes


# Columns


def test_columns_when_unknown_twice_or_missing_then_each_is_said_without_quoting_it():
    rows = a_list(1)
    rows[0] = [*rows[0][:-1], "Ann Other's notes", "Gender", "Ethnicity "]
    rows[1] = [*rows[1][:-1], "secret", "x", "y"]
    data, found = read_list(1, rows)
    assert data.columns_missing == ("contact_source",)
    assert [(f.cell, f.code, f.column) for f in found] == [
        ("", "missing-column", "Contact Source"), ("H1", "column-twice", "Gender"),
        ("I1", "column-twice", "Ethnicity"), ("G1", "unknown-column", ""),
    ]  # fmt: skip
    assert not {"Ann", "secret"} & set(str(found).split())
    assert data.rows[0]["gender"] == "male", "the first of two columns is read"


def test_sheets_when_one_list_stands_on_two_then_one_is_read_and_it_is_said():
    lists, findings = read_files(("a.xlsx", a_workbook({"List 1": a_list(1), "Contacts": a_list(1)})))
    assert [len(data.rows) for data in lists] == [1]
    assert [(f.list, f.code) for f in findings.listed()] == [(1, "list-twice")]


def test_sheets_when_some_are_no_list_then_they_are_counted_only():
    sheets = {"Cover": [["Annex A"]], "List 2": [["nothing", "here"]], "Contacts": a_list(1), "Notes": [["x"]]}
    sheets["Contacts by month"] = [["October", 5]]
    lists, findings = read_files(("a.xlsx", a_workbook(sheets)))
    assert [data.number for data in lists] == [1]
    assert [(f.list, f.code) for f in findings.listed()] == [(2, "no-headings")]
    assert findings.unread == [1, 4, 5]


# Many


def test_findings_when_there_are_many_then_all_are_counted_and_the_gravest_listed_first():
    findings = Findings()
    for row in range(2, 5_002):
        for number in range(1, 12):
            for column in headers(number)[:7]:
                findings.add("blank" if row % 2 else "not-a-date", number, column=column, row=row, position=3)
    counts = findings.counts()
    assert sum(count["number"] for count in counts) == 5_000 * 77
    listed = findings.listed()
    assert len(listed) == 2_000
    assert {f.severity for f in listed} == {"error"}
    assert findings.left_off() == 5_000 * 77 - 2_000
    assert len(findings.listed(limit=10**6)) == 2 * 77 * MAX_OF_A_KIND


def test_columns_when_counted_in_letters_then_they_are_excels():
    assert [letter_of(n) for n in (0, 25, 26, 27, 51, 52, 701, 702)] == ["A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]


def test_kinds_when_listed_then_each_rule_of_the_code_is_one():
    assert {severity for severity, _ in KINDS.values()} == {"error", "warning", "note"}
    keys = {column.key for spec in LISTS for column in spec.columns}
    for number, pairs in rules.ORDERS.items():
        assert {key for pair in pairs for key in pair} <= set(LISTS[number - 1].by_key)
    for table in (rules.REASONS, rules.WINDOWS, rules.SPELLS, rules.ONE_ROW_EACH):
        for number, named in table.items():
            assert {named} if isinstance(named, str) else set(named) <= set(LISTS[number - 1].by_key)
    assert {rules._ACCEPTED, rules._OFFERED, rules._ICPC, rules._ICPC_RESULT, rules._ICPC_UNNEEDED} <= keys
