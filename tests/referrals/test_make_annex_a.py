"""The synthetic Annex A: marked as such, coherent, the same for a seed, and as dirty as it is told to be."""

from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from referrals.annex_a.findings import Findings
from referrals.annex_a.rules import ORDERS
from referrals.annex_a.spec import LISTS, Value
from referrals.annex_a.synthetic import synthetic_lists, synthetic_sheets
from referrals.annex_a.synthetic.draws import working_before
from referrals.management.annex_a_file import workbook_of
from referrals.workbooks import lists_of
from tests.reference.annex_a_reference import Reference
from tests.referrals import test_annex_a_reference as reference
from tests.referrals.test_annex_a_reference import QUARTER, typed

REFERENCE = date(2022, 3, 31)


def read(content: bytes, findings: Findings | None = None) -> list[Any]:
    return lists_of([("annex a.xlsx", content)], findings or Findings(), REFERENCE, lambda _: None)


@pytest.fixture(scope="module")
def lists() -> dict[int, list[dict[str, Value]]]:
    return synthetic_lists(7, 5000, REFERENCE)


def test_children_when_5000_then_an_authority_of_the_size_of_doncaster(lists: dict) -> None:
    in_need = [row for row in lists[6] if row["case_status"] == "c) Child in need plan"]
    plans = [row for row in lists[7] if row["child_protection_plan_end_date"] is None]
    in_care = [row for row in lists[8] if row["date_ceased_to_be_looked_after"] is None]
    assert [len(found) for found in (in_need, plans, in_care, lists[9])] == [1355, 366, 592, 223]
    assert 1500 < len(lists[3]) < 2300
    assert 2500 < len(lists[4]) < 3500
    unknown = sum(row["cin_start_date"] is None for row in in_need)
    assert 280 < unknown < 370


def test_rows_when_made_then_every_column_is_there_and_every_child_says_it_does_not_exist(lists: dict) -> None:
    for spec in LISTS:
        keys = {column.key for column in spec.columns}
        assert lists[spec.number]
        for row in lists[spec.number]:
            assert set(row) == keys
            assert str(row.get("child_unique_id") or row["individual_adopter_identifier"]).startswith("SYN-")


def test_days_when_made_then_in_order_after_birth_and_up_to_the_reference_date(lists: dict) -> None:
    for number, rows in lists.items():
        for row in rows:
            days = [day for day in row.values() if isinstance(day, date)]
            assert max(days) <= REFERENCE
            if "date_of_birth" in row:
                assert min(days) >= row["date_of_birth"]
            for first, then in ORDERS.get(number, ()):
                assert not (row[first] and row[then]) or row[first] <= row[then], (number, first, then)


def test_days_when_made_then_nobody_works_on_weekends_and_bank_holidays_but_contacts_come(lists: dict) -> None:
    off = Counter(
        number for number, rows in lists.items() for row in rows for key, day in row.items()
        if isinstance(day, date) and day.year >= 2010 and key != "date_of_birth" and working_before(day, 0) != day
    )  # fmt: skip
    assert set(off) == {1}
    assert off[1] > 50


def test_child_when_in_several_lists_then_the_same_child_and_in_one_place_at_a_time(lists: dict) -> None:
    who = {}
    for number in range(1, 11):
        for row in lists[number]:
            person = row["gender"], row["ethnicity"], row["date_of_birth"]
            assert who.setdefault(row["child_unique_id"], person) == person
    names = {number: {row["child_unique_id"] for row in lists[number]} for number in range(1, 11)}
    assert not names[7] & names[8]
    assert not names[9] & (names[6] | names[7] | names[8])
    assert names[10] <= names[8]
    in_care = {row["child_unique_id"] for row in lists[6] if row["case_status"] == "a) Looked after child"}
    assert in_care <= names[8]
    assert len(who) == 5000


def test_seed_when_the_same_then_the_same_bytes_and_when_another_then_others() -> None:
    made = [workbook_of(synthetic_sheets(seed, 40, REFERENCE, "newer", 500), REFERENCE) for seed in (3, 3, 4)]
    assert made[0] == made[1] != made[2]


def test_workbook_when_clean_then_it_is_read_back_without_a_finding() -> None:
    findings = Findings()
    content = workbook_of(synthetic_sheets(9, 500, REFERENCE), REFERENCE)
    found = read(content, findings)
    for data, made in zip(found, typed(9, 500, REFERENCE), strict=True):
        assert [{key: row[key] for key in row if key != "row"} for row in data.rows] == made.rows
        assert data.columns_found == made.columns_found
    assert findings.counts() == []
    assert openpyxl.load_workbook(BytesIO(content)).properties.title.startswith("SYNTHETIC")


@pytest.mark.parametrize("reference", ["2022-02-28", "2022-06-30", "2022-08-30"])
def test_days_when_the_six_months_begin_on_a_day_off_or_at_the_end_of_a_month_then_none_is_before_them(
    reference: str,
) -> None:
    findings, on = Findings(), date.fromisoformat(reference)
    content = workbook_of(synthetic_sheets(9, 500, on), on)
    lists_of([("annex a.xlsx", content)], findings, on, lambda _: None)
    assert findings.counts() == []


def test_workbook_when_full_of_dirt_then_it_has_every_kind_and_is_read_all_the_same() -> None:
    sheets = [sheet for seed in (1, 2) for sheet in synthetic_sheets(seed, 300, REFERENCE, "older", 1000)]
    texts = {str(cell) for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str)}
    kinds = {
        "#N/A", "Female", "Yes", "nope", "=A1+5", "31/02/2022", "PSRMEM - Support with memory and cognition", "Child",
    }  # fmt: skip
    assert kinds <= texts
    assert any("\u00a0" in text for text in texts)
    assert any("(Y/N))" in text for text in texts)
    assert any("‘" in text for text in texts)
    assert {text for text in texts if text.startswith("SYNTHETIC list")}
    assert {type(cell) for sheet in sheets for row in sheet.rows for cell in row} >= {float, int, date}
    assert any(not sheet.title.startswith("List") for sheet in sheets)
    findings = Findings()
    found = read(workbook_of(sheets[:11], REFERENCE), findings)
    assert [data.number for data in found] == list(range(1, 12))
    assert [data.columns_missing for data in found] == [()] * 11
    assert len(findings.counts()) > 50


@pytest.mark.parametrize(("seed", "dirt", "layout"), [(1, 200, "newer"), (2, 1000, "older")])
def test_measures_when_read_from_a_dirty_file_then_as_pandas_has_them(seed: int, dirt: int, layout: str) -> None:
    found = read(workbook_of(synthetic_sheets(seed, 500, REFERENCE, layout, dirt), REFERENCE))
    answer, r = reference.computed(found, *QUARTER), Reference(found, *QUARTER)
    assert reference.check_measures(answer, r) > 600
    reference.check_durations(answer, r)
    reference.check_open_late(answer, r)


def test_command_when_run_then_the_file_is_written_and_its_sheets_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made.xlsx"
    call_command("make_annex_a", "--seed", "2", "--children", "60", "--layout", "older", "--out", str(out),
                 "--reference-date", "2023-09-30", "--dirt", "0")  # fmt: skip
    told = capsys.readouterr().out
    assert "SYNTHETIC, as at 2023-09-30" in told
    assert "List 11:" in told
    nine = openpyxl.load_workbook(out)["List 9"]
    assert [cell.value for cell in nine[1]] == [c.header for c in LISTS[8].columns if not c.is_newer]


def test_command_when_no_name_is_given_then_the_name_says_synthetic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call_command("make_annex_a", "--seed", "8", "--children", "3", verbosity=0)
    assert [path.name for path in tmp_path.iterdir()] == ["synthetic-annex-a-seed-8.xlsx"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--children", "0"), "Choose from 1 to 50,000 children"),
        (("--dirt", "1.5"), "give a number from 0 to 1"),
        (("--dirt", "much"), "give a number from 0 to 1"),
        (("--reference-date", "31/03/2022"), "give a day as 2022-03-31"),
        (("--reference-date", "2009-06-30"), "Choose a reference date from"),
        (("--out", "no/such/folder/a.xlsx", "--children", "3"), "The file cannot be written"),
    ],
)
def test_command_when_it_cannot_be_done_then_it_says_why(options: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("make_annex_a", *options)
