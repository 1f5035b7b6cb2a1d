"""What is typed: texts that can be read, digits that are what they look like, and how a refused text is quoted."""

import unicodedata
from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from indicators.forms import GovForm
from indicators.typed_text import (
    NOT_STORABLE,
    NOTHING_SEEN,
    TURNED,
    has_other_digits,
    is_blank,
    problem_of,
    quoted,
    whole_number,
)
from indicators.units import NumberTextError, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("007", 7), ("123456789", 123_456_789), ("1234567890", None), ("", None), ("-1", None), ("1.0", None),
        (" 1", None), ("1_0", None), ("²", None), ("٣", None), ("9" * 5_000, None),
    ],
)  # fmt: skip
def test_number_when_sent_then_a_short_whole_one_or_none(text: str, number: int | None) -> None:
    assert whole_number(text) == number


UNSEEN = ("\u200b", "\u202e", "\u2066\u2069", "\u3164", "\u2800", "\ufeff \u00ad")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ""), ("   ", ""), ("Mill House", ""), ("Tŷ Newydd\n2", ""), ("שלום", ""), ("a\u200bb", ""), ("👩‍👧", ""),
        *((text, NOTHING_SEEN) for text in UNSEEN),
        ("Mill \u202eesuoH", TURNED), ("\u202dMill", TURNED), ("Mill\x07", NOT_STORABLE), ("\x00", NOT_STORABLE),
    ],
)  # fmt: skip
def test_text_when_it_cannot_be_read_then_a_sentence_says_so(text, problem):
    assert problem_of(text) == problem


@pytest.mark.parametrize(("text", "found"), [("12", False), ("", False), ("١٢", True), ("1२", True), ("４", True)])
def test_digits_when_of_another_alphabet_then_found(text, found):
    assert has_other_digits(text) is found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mill", "“Mill”"), ("", "“”"),
        ("a\n\tb  c", "“a b c”"), ("x" * 41, f"“{'x' * 40}…”"), ("x" * 40, f"“{'x' * 40}”"),
        ("a\u202eb\u200b", "“a\ufffdb\ufffd”"), ("\x07", "“\ufffd”"),
        ("e\u0301\u0323", "“e\u0301\u0323”"), ("\u0301e", "“\ufffde”"), ("a \u0301", "“a \ufffd”"),
        ("\U000e0100", "“\ufffd”"), ("8\ufe0f", "“8\ufffd”"),
    ],
)  # fmt: skip
def test_quote_when_long_or_unseen_then_cut_and_marked(text, shown):
    assert quoted(text) == shown


@given(text=st.text(max_size=400))
def test_quote_when_of_any_text_then_short_on_one_line_and_without_what_cannot_be_seen(text):
    shown = quoted(text)
    assert len(shown) <= 43
    assert "\n" not in shown
    last = ""  # what a mark may stand on
    for sign in shown[1:-1]:
        is_mark = unicodedata.category(sign)[0] == "M"
        assert sign == " " or not is_blank(last if is_mark else sign), ascii(shown)
        last = last if is_mark else sign


def test_number_when_refused_then_quoted_short():
    with pytest.raises(NumberTextError) as refused:
        parse_number("\u202e" + "12x" * 40)
    assert str(refused.value).startswith("“\ufffd12x12x")
    assert len(str(refused.value)) < 120


class Asked(GovForm):
    name = forms.CharField(max_length=40)
    note = forms.CharField(required=False)
    secret = forms.CharField(required=False, widget=forms.PasswordInput)
    number = forms.IntegerField(required=False)
    on = forms.DateField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("a", "A")])


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {}),
        ({"name": "  "}, {"name": "Enter the name"}),
        ({"name": "\u200b"}, {"name": NOTHING_SEEN}),
        ({"name": "\u202e"}, {"name": NOTHING_SEEN}),
        ({"note": "\u202eabc"}, {"note": TURNED}),
        ({"note": " "}, {}),
        ({"secret": "\u200b"}, {}),
        ({"number": "١٢"}, {"number": "“١٢” has digits of another alphabet: type the digits 0 to 9."}),
        ({"on": "١ April 2022"}, {"on": "“١ April 2022” has digits of another alphabet: type the digits 0 to 9."}),
        ({"number": "x" * 50}, {"number": "Number must be a number, like 12"}),
    ],
)
def test_form_when_it_is_typed_otherwise_than_it_reads_then_refused_at_the_box(typed, errors):
    form = Asked({"name": "Mill"} | typed)
    assert {name: found[0] for name, found in form.errors.items()} == errors


def test_form_when_all_is_read_then_its_values_are_those_typed():
    form = Asked({"name": "Mill", "number": "12", "on": "1 April 2022", "kind": "a"})
    assert form.is_valid()
    assert (form.cleaned_data["number"], form.cleaned_data["on"]) == (12, date(2022, 4, 1))
