"""What Excel leaves on the clipboard, pasted into the entry grid: saved exactly, or kept as typed beside its reason."""

import pytest
from django.test import Client

from indicators.models import DraftCell
from tests import builders
from tests.indicators.return_pages import address, form_of, said, soup

pytestmark = [pytest.mark.django_db, pytest.mark.once]

READ = [
    pytest.param("1,266", id="thousands separators"),
    pytest.param(" 1266 ", id="blanks around"),
    pytest.param("\u00a01,266\u00a0", id="blanks that do not break"),
    pytest.param("1266\t", id="the tab after a cell"),
    pytest.param("1266\r\n", id="the line end of a copied cell"),
    pytest.param("1266.0000", id="4 decimals"),
]
NOT_READ = [
    pytest.param("(1,234)", "“(1,234)” is in brackets: type a negative number with a minus sign", id="brackets"),
    pytest.param("-", "“-” is not a number: type 0 if there were none", id="a dash"),
    pytest.param("–", "“–” is not a number: type 0 if there were none", id="a long dash"),
    pytest.param("1.23456", "“1.23456” has too many decimals", id="5 decimals"),
    pytest.param("1 234", "“1 234” is not a number", id="a blank inside"),
    pytest.param("1\u00a0234", "“1 234” is not a number", id="a thousands blank"),
    pytest.param("1,2,34", "has a comma in the wrong place", id="commas misplaced"),
    pytest.param("1.234,5", "has a comma in the wrong place", id="a decimal comma"),
    pytest.param("Numerator", "“Numerator” has letters in it", id="a header row"),
    pytest.param("#DIV/0!", "“#DIV/0!” has letters in it", id="an error of Excel"),
    pytest.param("03/04/2022", "“03/04/2022” is not a number", id="a fraction made a date"),
    pytest.param("=1266", "“=1266” is not a number", id="a formula"),
    pytest.param("85%", "“85%” is a percentage, and this box takes a count", id="a percentage as a count"),
    pytest.param("[z]", "“[z]” is a shorthand for a missing figure: leave the box empty and choose the", id="[z]"),
    pytest.param("1266\t1514", "is not a number", id="two cells in one box"),
]


@pytest.fixture
def line(partnership):
    return builders.an_indicator("one", name="Assessed in time")


@pytest.fixture
def row(line):
    return builders.fresh(builders.a_return())


@pytest.fixture
def client(row, signed_in) -> Client:
    return signed_in(builders.the_people(row.partner).analyst)


def pasted(client, row, line, text: str):
    """The grid's form with a text in the numerator's box."""
    name = f"c-{line.line.pk}-"
    return form_of(client.get(address("return_entry", row))) | {f"{name}numerator": text, f"{name}denominator": "2000"}


def send(client, row, line, text: str, by_script: bool):
    form = pasted(client, row, line, text)
    if by_script:
        return client.post(address("return_cell", row), form | {"line": line.line.pk})
    return client.post(address("return_entry", row), form)


@pytest.mark.parametrize("by_script", [True, False], ids=["row by row", "whole form"])
@pytest.mark.parametrize("text", READ)
def test_number_when_pasted_from_excel_then_it_is_saved_exactly(client, row, line, text, by_script):
    send(client, row, line, text, by_script)
    assert DraftCell.objects.get(series=line.series).numerator == 1266


@pytest.mark.parametrize(("text", "sentence"), NOT_READ)
def test_text_when_pasted_from_excel_and_no_number_then_it_stays_in_its_box_with_the_reason(
    client, row, line, text, sentence
):
    answer = send(client, row, line, text, by_script=True).json()
    assert [p["field"] for p in answer["problems"]] == ["numerator"]
    assert sentence in answer["problems"][0]["message"]
    response = send(client, row, line, text, by_script=False)
    assert sentence in said(response, line.line.pk)
    box = soup(response).select_one(f"#c-{line.line.pk}-numerator")
    assert (box["value"], box["aria-invalid"]) == (text, "true")
    assert not DraftCell.objects.exists()
