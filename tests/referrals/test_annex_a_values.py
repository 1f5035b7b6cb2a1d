"""Cells of Annex A: what each kind of dirt is read as, and that nothing is ever read wrongly or fails."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as limited
from hypothesis import strategies as st

from referrals.annex_a.findings import KINDS, choices_of
from referrals.annex_a.spec import CODES, LISTS, ColumnSpec
from referrals.annex_a.values import EARLIEST, LATEST, code_book, reader_of, tidy

MARCH = date(2022, 3, 31)
DAY, NUMBER, AGE = (ColumnSpec(key, "A heading", kind) for key, kind in
                    (("a_day", "date"), ("a_number", "whole"), ("age_of_child_years", "whole")))  # fmt: skip
COLUMNS = [column for spec in LISTS for column in spec.columns]
CODED = [(name, code) for name, codes in CODES.items() for code in codes]


@pytest.mark.parametrize(
    ("text", "value", "trouble"),
    [
        ("44651", MARCH, ""), ("44651.75", MARCH, ""), ("4.4651E4", MARCH, ""),
        ("31/03/2022", MARCH, "date-as-text"), ("31-03-2022", MARCH, "date-as-text"),
        ("31.3.2022", MARCH, "date-as-text"), ("31 03 2022 00:00", MARCH, "date-as-text"),
        ("2022-03-31", MARCH, "date-as-text"), ("2022-03-31T00:00:00", MARCH, "date-as-text"),
        ("2022-03-31 09:15:00.000", MARCH, "date-as-text"), ("20220331", MARCH, "date-as-text"),
        ("31 March 2022", MARCH, "date-as-text"), ("31st of Mar 2022", MARCH, "date-as-text"),
        ("Thursday, 31 March 2022", MARCH, "date-as-text"), ("March 31, 2022", MARCH, "date-as-text"),
        ("31-Mar-22", MARCH, "short-year"), ("31/3/22", MARCH, "short-year"),
        ("31/3/99", date(1999, 3, 31), "short-year"), ("\u00a031/03/2022\u200b ", MARCH, "date-as-text"),
        ("03/04/2022", date(2022, 4, 3), "date-as-text"),
        ("03/31/2022", None, "not-a-date"), ("30/02/2022", None, "not-a-date"), ("31/03", None, "not-a-date"),
        ("6.138", None, "not-a-date"), ("0", None, "not-a-date"), ("9999999", None, "not-a-date"),
        ("-5", None, "not-a-date"), ("yesterday", None, "not-a-date"), ("TRUE", None, "not-a-date"),
        ("31/03/1022", None, "odd-year"), ("2202-03-31", None, "odd-year"),
        ("#N/A", None, "excel-error"), ("#REF!", None, "excel-error"), ("########", None, "excel-error"),
        ("n/a", None, "placeholder"), ("-", None, "placeholder"), ("NaT", None, "placeholder"),
        ("–", None, "placeholder"),
        ("", None, "blank"), (" \u00a0 ", None, "blank"),
    ],
)  # fmt: skip
def test_date_when_written_in_any_way_then_it_is_read_or_said_why_not(text, value, trouble):
    assert reader_of(DAY)(text) == (value, trouble)


def test_date_when_a_csv_brings_it_as_text_then_nothing_is_said():
    assert reader_of(DAY, is_text_usual=True)("31/03/2022") == (MARCH, "")


def test_date_when_the_workbook_counts_from_1904_then_it_is_read_so():
    assert reader_of(DAY, is_1904=True)(str(44651 - 1462)) == (MARCH, "")


@given(st.dates(EARLIEST, LATEST))
@limited(max_examples=50)
def test_date_when_excel_keeps_it_as_a_number_then_it_is_the_same_day(day):
    assert reader_of(DAY)(str((day - date(1899, 12, 30)).days)) == (day, "")


@pytest.mark.parametrize(
    ("text", "value", "trouble"),
    [
        ("6", 6, ""), ("0", 0, ""), ("6.0", 6, ""), ("6.138261464750171", 6, "not-whole"), ("15.99", 15, "not-whole"),
        ("1.2E1", 12, ""), ("12 years", 12, ""), ("12 yrs 3 months", 12, ""), ("\u00a07 ", 7, ""), ("７", 7, ""),
        ("-3", None, "not-a-number"), ("five", None, "not-a-number"), ("1e400", None, "not-a-number"),
        ("Infinity", None, "not-a-number"), ("1,234", None, "odd-number"), ("44651", None, "odd-number"),
        ("nan", None, "placeholder"), ("#N/A", None, "excel-error"), ("", None, "blank"),
    ],
)  # fmt: skip
def test_number_when_written_in_any_way_then_it_is_read_or_said_why_not(text, value, trouble):
    assert reader_of(NUMBER)(text) == (value, trouble)


@pytest.mark.parametrize("text", ["unborn", "Unborn", "-0.2", "-1"])
def test_age_when_the_child_is_unborn_then_there_is_none_and_it_is_said(text):
    assert reader_of(AGE)(text) == (None, "unborn")


@pytest.mark.parametrize(("name", "code"), CODED, ids=[f"{name} {code.code}" for name, code in CODED])
def test_code_when_written_in_its_official_ways_then_it_is_read(name, code):
    words = code.text.split(") ", 1)[-1]
    dirty = f" \u00a0{code.text.upper().replace(' ', chr(160))}  "
    for text in (code.text, code.text.lower(), words, dirty, code.code, code.name, *code.synonyms):
        assert code_book(name).read(tidy(text)) == (code.code, ""), text


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("gender", "Female", "female"), ("gender", "b) Female", "female"), ("gender", "F", "female"),
        ("gender", "b)", "female"), ("gender", "c) Not stated / recorded", "not-stated"),
        ("yes_no", "Yes", "yes"), ("yes_no", "a) Yes", "yes"), ("yes_no", "Y", "yes"), ("yes_no", "TRUE", "yes"),
        ("yes_no", "No - see the record", "no"), ("yes_no", "Not recorded", "unknown"),
        ("source", "1A", "1A"), ("source", "a) 1A: Individual", "1A"), ("source", "q) 6: Police", "6"),
        ("source", "6.0", "6"), ("source", "10 - Unknown", "10"), ("source", "A&E", "3E"),
        ("source", "Health services — school nurse", "3C"),
        ("need", "N1 - Abuse or Neglect", "N1"), ("need", "N2 – Child’s disability", "N2"),
        ("provider", "e) PR4 - Private provision", "PR4"), ("provider", "PR1 : Own provision [PR1]", "PR1"),
        ("provider", "Private provision [PR4]", "PR4"), ("accommodation", "(B) With Parents or Relatives", "B"),
        ("accommodation", "B & B", "W"), ("accommodation", "U", "U"), ("abuse", "Physical abuse", "physical"),
        ("ceased", "k) E47: Special Guardianship Orders - relative/friend", "E47"),
        ("placement_type", "T3 Temporary accommodation whilst the carer is away", "T3"),
        ("ethnicity", "s) NOBT", "NOBT"), ("ethnicity", "WBRI - White British", "WBRI"),
        ("ethnicity", "z) APKN", "APKN"), ("source", "a) 2A: Schools", "2A"),
        ("no_longer_placed", "RD2", "RD2"), ("leaving_adoption", "1", "1"),
    ],
)  # fmt: skip
def test_code_when_councils_write_it_their_way_then_it_is_read(name, text, code):
    assert code_book(name).read(tidy(text)) == (code, "")


@pytest.mark.parametrize(
    ("name", "text", "trouble"),
    [
        ("need", "PSRMEM - Support with memory and cognition", "not-a-code"),
        ("need", "N1 - Low income", "code-unclear"), ("ethnicity", "a) APKN", "code-unclear"),
        ("source", "a) 1B: Individual", "code-unclear"), ("gender", "a) Female", "code-unclear"),
        ("yes_no", "a) No", "code-unclear"), ("yes_no", "Yes/No", "not-a-code"),
        ("yes_no", "CS Assessment Updated", "not-a-code"), ("yes_no", "No further action", "not-a-code"),
        ("source", "Individual", "not-a-code"), ("source", "A friend", "not-a-code"),
        ("ethnicity", "s)", "not-a-code"), ("accommodation", "C Semi-independent", "not-a-code"),
        ("abuse", "7", "not-a-code"),
        ("legal_status", "x" * 40_000, "not-a-code"),
    ],
)  # fmt: skip
def test_code_when_it_is_none_or_says_two_things_then_it_is_not_guessed(name, text, trouble):
    assert code_book(name).read(tidy(text)) == (None, trouble)


def test_identifier_when_it_is_a_number_then_it_is_the_same_however_excel_keeps_it():
    read = reader_of(LISTS[0].columns[0])
    assert {read(text) for text in ("9212044", "9212044.0", " 9212044\u00a0", "9.212044E6")} == {("9212044", "")}
    assert read("ABC/12") == ("ABC/12", "")
    assert read("007") == ("007", ""), "a nought in front is part of it"
    assert {read(text) for text in ("", "n/a", "#N/A", "-", "  ")} == {(None, "no-id")}


@pytest.mark.parametrize(("text", "trouble"), [("ZZ9 9ZZ", ""), ("dn1", ""), ("nope", "odd-postcode")])
def test_postcode_when_it_cannot_be_one_then_it_is_said(text, trouble):
    column = next(column for column in COLUMNS if column.key == "placement_postcode")
    assert reader_of(column)(text) == (text, trouble)


DIRT = st.sampled_from(
    [" ", "\u00a0", "‘", "’", "–", ")", "(", ":", "-", "/", "#", "a) ", "0", "\t", "é", "\u200b", "."]
)


@given(st.sampled_from(COLUMNS), st.text(max_size=40) | st.lists(DIRT | st.characters(), max_size=8).map("".join))
@limited(max_examples=300)
def test_cell_when_anything_stands_in_it_then_it_is_read_or_becomes_a_finding(column, text):
    value, trouble = reader_of(column)(text)
    assert trouble == "" or trouble in KINDS
    if value is None and column.is_required:
        assert trouble, "a value is never lost without a word"
    if column.codes:
        assert value is None or value in {code.code for code in CODES[column.codes]}
    if column.kind == "date":
        assert value is None or isinstance(value, date)
    if column.kind == "whole":
        assert value is None or isinstance(value, int)


@given(st.sampled_from(CODED), st.integers(0, 60), DIRT | st.characters(), st.booleans())
@limited(max_examples=300)
def test_code_when_a_letter_of_it_is_changed_then_it_is_read_right_or_not_at_all(coded, at, sign, is_inserted):
    name, code = coded
    at %= len(code.text)
    mangled = code.text[:at] + sign + code.text[at + (not is_inserted) :]
    value, trouble = code_book(name).read(tidy(mangled))
    assert value in {None, code.code}
    assert (value is None) == bool(trouble)


def test_sentences_when_filled_in_then_they_are_short_and_whole():
    for column in COLUMNS:
        words = {"choices": choices_of(code.text for code in CODES[column.codes])} if column.codes else {}
        for code, (_, sentence) in KINDS.items():
            filled = sentence.format_map({"earlier": column.header, "age": 18, "named": 3, "choices": "", **words})
            assert len(filled.rstrip()) <= 300, code
            assert filled.rstrip().endswith(".")
