"""Reading one cell of a return: what is stored, what is refused with which sentence, and what is only doubted."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import entry
from indicators.checks_engine.entry_rules import EarlierFigure
from indicators.entry import (
    FIELDS,
    Around,
    CellInput,
    fingerprint,
    kinds_for,
    parse_date,
    read_cell,
    texts_of,
    unguarded,
)
from indicators.measurement import Basis
from indicators.rag import MissingReason
from indicators.table_spec import neutralised
from indicators.units import Unit


def read(unit=Unit.PERCENT, **raw):
    return read_cell(raw, unit=unit)


def refused(unit=Unit.PERCENT, **raw):
    reading = read(unit, **raw)
    assert reading.cell is None
    return [(p.field, p.message) for p in reading.problems]


def taken(unit=Unit.PERCENT, **raw):
    reading = read(unit, **raw)
    assert reading.problems == ()
    return reading.cell


# Numbers


def test_cell_when_nothing_is_typed_then_it_is_empty():
    assert taken().is_empty
    assert taken(kind="figure", commentary="   ").is_empty
    assert taken().measured() is None


def test_numerator_and_denominator_when_typed_as_in_excel_then_they_are_exact():
    cell = taken(numerator=" 1,266 ", denominator="1514")
    assert (cell.basis, cell.numerator, cell.denominator) == (Basis.DERIVED, Decimal(1266), Decimal(1514))
    assert cell.value is None


PERCENT_OF_NONE = (
    "“85%” is a percentage, and this box takes a count, for example 1,266. For a percentage alone choose “Value only”."
)


@pytest.mark.parametrize(
    ("unit", "raw", "field", "words"),
    [
        pytest.param(Unit.PERCENT, {"numerator": "abc", "denominator": "5"}, "numerator", "letters", id="letters"),
        pytest.param(Unit.PERCENT, {"numerator": "5", "denominator": "1,5"}, "denominator", "comma", id="comma"),
        pytest.param(
            Unit.PERCENT, {"numerator": "150", "denominator": "148"}, "numerator", "148 or less", id="swapped"
        ),
        pytest.param(Unit.PERCENT, {"kind": "value", "value": "150%"}, "value", "0 to 100", id="150%"),
        pytest.param(
            Unit.PERCENT, {"kind": "value", "value": "100.0001"}, "value", "more than the whole", id="a bit over"
        ),
        pytest.param(Unit.PERCENT, {"kind": "value", "value": "-1"}, "value", "below 0", id="negative share"),
        pytest.param(Unit.PERCENT, {"numerator": "-1", "denominator": "5"}, "numerator", "below 0", id="negative part"),
        pytest.param(Unit.PERCENT, {"numerator": "3"}, "denominator", "missing", id="no denominator"),
        pytest.param(Unit.PERCENT, {"denominator": "3"}, "numerator", "missing", id="no numerator"),
        pytest.param(Unit.PERCENT, {"numerator": "3", "denominator": "0"}, "denominator", "is 0", id="3 of 0"),
        pytest.param(
            Unit.PERCENT,
            {"numerator": "85%", "denominator": "100"},
            "numerator",
            PERCENT_OF_NONE,
            id="percent in a count",
        ),
        pytest.param(
            Unit.DAYS,
            {"kind": "value", "value": "£5"},
            "value",
            "“£5” is an amount of money, and this box takes a number of days",
            id="pounds in days",
        ),
        pytest.param(
            Unit.COUNT,
            {"value": "5%"},
            "value",
            "“5%” is a percentage, and this box takes a count, for example 1,266.",
            id="percent in a number",
        ),
        pytest.param(Unit.PER_10000, {"numerator": "5%", "denominator": "9"}, "numerator", "takes a count", id="rate"),
        pytest.param(Unit.COUNT, {"value": "-5"}, "value", "below 0", id="negative number"),
        pytest.param(
            Unit.PERCENT, {"numerator": "1.23456", "denominator": "5"}, "numerator", "decimals", id="decimals"
        ),
        pytest.param(Unit.COUNT, {"value": "123456789012"}, "value", "too long", id="too long"),
        pytest.param(Unit.PERCENT, {"kind": "nonsense"}, "kind", "listed kinds", id="unknown kind"),
        pytest.param(
            Unit.PERCENT, {"kind": "value", "value": "5", "numerator": "1"}, "kind", "Choose “Figure”", id="both"
        ),
        pytest.param(Unit.PERCENT, {"value": "5", "numerator": "1"}, "kind", "Value only", id="and value"),
        pytest.param(Unit.COUNT, {"value": "5", "numerator": "1"}, "kind", "one number", id="parts of a number"),
        pytest.param(Unit.PERCENT, {"kind": "x", "value": "5"}, "kind", "not available", id="number and reason"),
    ],
)
def test_number_when_it_cannot_be_right_then_the_sentence_names_the_box(unit, raw, field, words):
    found = refused(unit, **raw)
    assert [f for f, _ in found] == [field]
    assert words in found[0][1]
    assert found[0][1].endswith(".")


def test_problems_when_there_are_several_then_all_are_told_at_once():
    found = refused(numerator="a", denominator="b", expected_on="31/2/2022", headline="x" * 61)
    assert [f for f, _ in found] == ["numerator", "denominator", "expected_on", "headline"]


@pytest.mark.parametrize("unit", [Unit.DAYS, Unit.PER_10000, Unit.PER_100000])
def test_numerator_when_it_is_above_the_denominator_then_only_a_share_is_refused(unit):
    assert taken(unit, numerator="463", denominator="1").basis is Basis.DERIVED


def test_share_of_everybody_when_typed_then_it_is_taken():
    assert taken(numerator="1355", denominator="1355").measured().number(Unit.PERCENT) == 100
    assert taken(kind="value", value="100%").value == 100


def test_pounds_when_negative_then_they_are_taken():
    assert taken(Unit.POUNDS, value="−£4,638.50").value == Decimal("-4638.50")
    assert taken(Unit.POUNDS, value="(£4,638.50)").value == Decimal("-4638.50")


def test_nought_of_nought_when_typed_then_it_is_no_cohort_and_says_so():
    reading = read(numerator="0", denominator="0")
    assert (reading.cell.basis, reading.cell.missing_reason) == (Basis.MISSING, MissingReason.NO_COHORT)
    assert [(d.message, d.asks_reason) for d in reading.doubts] == [
        ("0 of 0 is no figure: it is kept as “No cohort”.", False)
    ]


@pytest.mark.parametrize("reason", list(MissingReason))
def test_missing_reason_when_chosen_then_there_is_no_number(reason):
    cell = taken(kind=reason.value, commentary="Because.")
    assert (cell.basis, cell.missing_reason) == (Basis.MISSING, reason)
    assert (cell.numerator, cell.denominator, cell.value) == (None, None, None)


@pytest.mark.parametrize("typed", ["not_reportable", "Not reportable", " NOT REPORTABLE "])
def test_kind_when_written_in_words_then_it_is_understood(typed):
    assert taken(kind=typed).missing_reason is MissingReason.NOT_REPORTABLE


def test_kinds_when_a_figure_is_one_number_then_value_only_is_no_choice():
    assert "value" in kinds_for(Unit.PERCENT)
    assert "value" not in kinds_for(Unit.COUNT)
    assert taken(Unit.COUNT, kind="value", value="5").basis is Basis.VALUE_ONLY


# Details


@pytest.mark.parametrize(
    "typed", ["31/3/2022", "31 March 2022", "31 mar 2022", "2022-03-31", "31.03.2022", " 31-3-2022 "]
)
def test_date_when_written_as_people_do_then_it_is_read(typed):
    assert parse_date(typed) == date(2022, 3, 31)


@pytest.mark.parametrize(
    "typed", ["31/2/2022", "2022-13-01", "tomorrow", "31/3/22", "31/3/0022", "3/31/2022", "29/2/2021"]
)
def test_date_when_it_does_not_exist_then_the_sentence_says_how_to_write_it(typed):
    ((field, message),) = refused(as_at_on=typed)
    assert field == "as_at_on"
    assert "31/3/2022" in message
    assert typed in message


def test_date_when_its_digits_are_of_another_alphabet_then_refused():
    ((field, message),) = refused(as_at_on="٣١/٣/٢٠٢٢")
    assert field == "as_at_on"
    assert message == "“٣١/٣/٢٠٢٢” has digits of another alphabet: type the digits 0 to 9."


def test_details_when_there_is_a_number_then_those_of_a_missing_one_are_left_out():
    cell = taken(
        numerator="1", denominator="2", not_reportable_code="other", responsible_role="Head", expected_on="1/4/2023"
    )
    assert (cell.not_reportable_code, cell.responsible_role, cell.expected_on) == ("", "", None)


def test_details_when_the_reason_is_another_then_the_code_is_left_out():
    cell = taken(kind="x", not_reportable_code="other", responsible_role="Head", expected_on="1/4/2023")
    assert (cell.not_reportable_code, cell.responsible_role, cell.expected_on) == ("", "Head", date(2023, 4, 1))


@pytest.mark.parametrize(("flags", "kept"), [("e p", "p e"), ("p p", "p"), (" b  u ", "b u"), ("", "")])
def test_flags_when_given_then_each_stands_once_in_order(flags, kept):
    assert taken(numerator="1", denominator="2", flags=flags).flags == kept


def test_flags_when_unknown_or_without_a_number_then_they_are_refused():
    assert refused(numerator="1", denominator="2", flags="p q")[0][0] == "flags"
    assert refused(kind="x", flags="p") == [
        ("flags", "A flag goes with a number. Clear the flags, or enter the figure.")
    ]


@pytest.mark.parametrize("confidence", ["caution", "low"])
def test_confidence_when_it_is_doubted_then_it_needs_its_reason(confidence):
    assert refused(confidence=confidence)[0][0] == "confidence_reason"
    assert taken(confidence=confidence, confidence_reason="Being cleansed").confidence == confidence


@pytest.mark.parametrize("field", ["confidence", "not_reportable_code"])
def test_choice_when_it_is_not_listed_then_it_is_refused(field):
    assert (field, "Choose one of the listed answers.") in refused(**{field: "nonsense"})


@pytest.mark.parametrize(("length", "words"), [(61, "by 1 character;"), (1060, "by 1,000 characters;")])
def test_text_when_too_long_then_the_sentence_says_by_how_much(length, words):
    ((field, message),) = refused(headline="x" * length)
    assert (field, words in message) == ("headline", True)


def test_text_when_exactly_as_long_as_allowed_then_it_is_taken():
    assert taken(headline="x" * 60, commentary="y" * 4_000).headline == "x" * 60


def test_text_when_it_holds_what_no_database_stores_then_it_is_refused():
    assert refused(commentary="a\x00b")[0][0] == "commentary"


def test_line_ends_when_a_browser_sends_its_own_then_one_kind_is_kept():
    assert taken(commentary="one\r\ntwo\rthree").commentary == "one\ntwo\nthree"


# Doubts


def doubts(**raw):
    return [d.message for d in read(**raw).doubts if d.asks_reason]


def test_commentary_when_it_quotes_another_percentage_then_both_are_named():
    found = doubts(numerator="1266", denominator="1514", commentary="85% in timescale, as in 2020/21.")
    assert found == ["The commentary says 85%. 1,266 of 1,514 is 83.6%. Correct one, or keep both and say why."]


@pytest.mark.parametrize(
    "commentary",
    [
        "84% in time",
        "83.6 per cent",
        "up from 70% to 83.62%",
        "below the target of 90%",
        "tolerance 75%, and 84% now",
        "none",
    ],
)
def test_commentary_when_it_agrees_or_names_the_target_then_there_is_no_doubt(commentary):
    assert doubts(numerator="1266", denominator="1514", commentary=commentary) == []


def test_commentary_when_a_value_only_differs_then_the_figure_is_named():
    assert "The figure is 93%." in doubts(kind="value", value="93", commentary="Some 94% were visited.")[0]


@pytest.mark.parametrize("digits", ["9" * 400 + "%", "0." + "0" * 400 + "1%", "1,234,567%", "٣%"])
def test_commentary_when_it_holds_strange_numbers_then_reading_still_works(digits):
    read(numerator="1", denominator="2", commentary=digits)


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x";"y")', "+1", "-1 case", "@here"])
def test_text_when_a_spreadsheet_would_run_it_then_it_is_kept_and_said(text):
    reading = read(numerator="1", denominator="2", commentary=text)
    assert reading.cell.commentary == text
    assert [d.asks_reason for d in reading.doubts] == [False]


AROUND = Around(
    counts="children",
    start_on=date(2022, 1, 1),
    end_on=date(2022, 3, 31),
    today=date(2022, 4, 22),
    earlier=tuple(
        EarlierFigure(f"period {n}", Decimal(v), Decimal(v), Decimal(100)) for n, v in enumerate((85, 84, 86, 85))
    ),
)


def around(**raw):
    return read_cell({"numerator": "84", "denominator": "100"} | raw, unit=Unit.PERCENT, around=AROUND)


def test_cell_when_nothing_is_known_around_it_then_only_what_stands_in_it_is_checked():
    reading = read(numerator="40", denominator="100", as_at_on="23/4/2022")
    assert (reading.problems, reading.doubts) == ((), ())


def test_cell_when_it_fits_what_is_known_around_it_then_nothing_is_said():
    reading = around(as_at_on="31/3/2022", extracted_on="22/4/2022")
    assert (reading.cell.numerator, reading.problems, reading.doubts) == (84, (), ())


@pytest.mark.parametrize(
    ("raw", "field", "start"),
    [
        ({"numerator": "40"}, "numerator", "40.0% is 45.0 points from the 85.0% of period 0;"),
        ({"numerator": "85"}, "numerator", "85 of 100 is exactly the figure of period 0."),
        ({"numerator": "84.5"}, "numerator", "84.5 is no whole number, and this counts children."),
        ({"as_at_on": "31/3/2021"}, "as_at_on", "The as-at date, 31 March 2021, is 276 days before the period begins."),
        ({"as_at_on": "31/3/2022", "extracted_on": "30/3/2022"}, "extracted_on", "The data were extracted on 30 March"),
        ({"commentary": "It is 70%"}, "commentary", "The commentary says 70%."),
    ],
)
def test_cell_when_it_is_odd_beside_what_is_around_it_then_it_is_kept_and_its_box_is_named(raw, field, start):
    reading = around(**raw)
    assert reading.cell is not None
    (doubt,) = reading.doubts
    assert (doubt.field, doubt.asks_reason, doubt.message.startswith(start)) == (field, True, True), doubt.message


@pytest.mark.parametrize(
    ("name", "words"),
    [("as_at_on", "The as-at date, 23 April 2022"), ("extracted_on", "The date of extraction, 23 Ap")],
)
def test_cell_when_a_date_is_still_to_come_then_nothing_of_it_is_kept_whatever_the_reason(name, words):
    reading = around(**{name: "23/4/2022", "keep_reason": "It will be so"})
    assert reading.cell is None
    ((field, message),) = [(p.field, p.message) for p in reading.problems]
    assert (field, message.startswith(words)) == (name, True)
    assert around(**{name: "22/4/2022"}).cell is not None


def test_cell_when_there_is_no_figure_then_its_dates_are_not_held_against_the_day():
    reading = read_cell({"kind": "c", "as_at_on": "1/1/2030"}, unit=Unit.PERCENT, around=AROUND)
    assert (reading.problems, reading.doubts) == ((), ())


# Before submission


def test_submission_when_nothing_is_entered_then_the_figure_is_asked_for():
    assert [p.field for p in entry.missing_before_submission(CellInput(), is_outside=False)] == ["numerator"]
    assert [p.field for p in entry.missing_before_submission(taken(commentary="?"), is_outside=False)] == ["numerator"]


def test_submission_when_not_reportable_then_code_role_date_and_words_are_needed():
    cell = taken(kind="not_reportable")
    fields = [p.field for p in entry.missing_before_submission(cell, is_outside=False)]
    assert fields == ["commentary", "not_reportable_code", "responsible_role", "expected_on"]
    full = taken(
        kind="not_reportable", commentary="The system changed.", not_reportable_code="system_change",
        responsible_role="Head of performance", expected_on="30/9/2022",
    )  # fmt: skip
    assert entry.missing_before_submission(full, is_outside=False) == []


def test_submission_when_outside_tolerance_then_words_are_needed():
    cell = taken(numerator="1", denominator="2")
    assert [p.field for p in entry.missing_before_submission(cell, is_outside=True)] == ["commentary"]
    assert entry.missing_before_submission(cell, is_outside=False) == []


# There and back

anything = st.text(max_size=40)
numbers = st.one_of(st.sampled_from(["", "0", "5", "1,266", "12.5", "-3", "85%", "£5"]), anything)


@given(
    unit=st.sampled_from(list(Unit)),
    raw=st.fixed_dictionaries(
        {
            "kind": st.one_of(st.sampled_from(list(entry.KIND_WORDS)), anything),
            "numerator": numbers, "denominator": numbers, "value": numbers,
            "expected_on": st.one_of(st.dates().map(str), anything), "as_at_on": anything,
            "flags": st.one_of(st.sampled_from(["p", "e p", "b u"]), anything),
            "confidence": st.sampled_from(["", "high", "low", "?"]), "confidence_reason": anything,
            "not_reportable_code": st.sampled_from(["", "other", "?"]),
            "headline": anything, "commentary": st.text(max_size=200),
        }
    ),
)  # fmt: skip
def test_reading_never_fails_and_what_it_takes_reads_back_the_same(unit, raw):
    reading = read_cell(raw, unit=unit)
    assert (reading.cell is None) == bool(reading.problems)
    if reading.cell is not None:
        for plain in (False, True):
            again = texts_of(reading.cell, unit, plain=plain)
            assert read_cell(again, unit=unit).cell == reading.cell
            assert set(again) == set(FIELDS)


def test_texts_when_shown_then_they_read_as_people_write():
    cell = taken(numerator="1266", denominator="1514.50", as_at_on="2022-03-31")
    shown, plain = texts_of(cell, Unit.PERCENT), texts_of(cell, Unit.PERCENT, plain=True)
    assert (shown["numerator"], shown["denominator"], shown["as_at_on"]) == ("1,266", "1,514.5", "31 March 2022")
    assert (plain["numerator"], plain["denominator"], plain["as_at_on"]) == ("1266", "1514.5", "2022-03-31")


def test_fingerprint_when_a_browser_sends_the_same_words_then_it_is_the_same():
    shown = texts_of(taken(numerator="1", denominator="2", commentary="a\nb"), Unit.PERCENT)
    assert fingerprint(shown) == fingerprint(shown | {"commentary": "a\r\nb "})
    assert fingerprint(shown) != fingerprint(shown | {"numerator": "2"})
    assert fingerprint({}) == fingerprint(texts_of(CellInput(), Unit.PERCENT))


@given(st.text())
def test_text_of_a_file_when_neutralised_then_reading_gives_it_back(text):
    assert unguarded(neutralised(text)) == text


def test_parts_when_both_are_typed_then_a_value_left_beside_them_is_said_to_be_left_out():
    reading = read_cell(
        {"kind": "figure", "value": "85", "numerator": "1,266", "denominator": "1514"}, unit=Unit.PERCENT
    )
    assert reading.cell is not None
    assert (reading.cell.numerator, reading.cell.denominator, reading.cell.value) == (1266, 1514, None)
    assert [d.message for d in reading.doubts] == [
        "The value 85 is left out: the result is worked out from the two counts."
    ]


def test_amount_when_it_has_part_of_a_penny_then_refused():
    assert refused(Unit.POUNDS, kind="figure", value="1.005") == [
        ("value", "There is no part of a penny: type at most 2 decimals.")
    ]
    assert taken(Unit.POUNDS, kind="figure", value="1.05").value == Decimal("1.05")
