"""Negative amounts of a return of money, in every way that accounts write them, through the upload and back.

A file holds one way a line. The workbook is read by the real child.
"""

import csv
import io
import tempfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from indicators import imports
from indicators.models import DraftCell, Scorecard
from indicators.units import NumberTextError, Unit, parse_number
from tests import builders as b
from tests.finance.placements_return import an_officer
from tests.indicators.return_pages import address, form_of, soup, words

pytestmark = [pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")]

READ = {
    "-1,234": "-1234", "−1,234": "-1234", "(1,234)": "-1234", "( 1,234 )": "-1234", "(£1,234.50)": "-1234.50",
    "£(1,234.50)": "-1234.50", "£-1,234": "-1234", "£ −1,234.05": "-1234.05", "-£1,234": "-1234", "(0.01)": "-0.01",
    "(0)": "0", "£1,234.50": "1234.50", "-5832000": "-5832000",
}  # fmt: skip
REFUSED = {
    "(1,234": "has a bracket that does not belong", "1,234)": "has a bracket that does not belong",
    "((1,234))": "has a bracket that does not belong", "[1,234]": "has a bracket that does not belong",
    "-(1,234)": "has a bracket that does not belong", "(-1,234)": "has brackets and a minus sign",
    "(£-1,234)": "has brackets and a minus sign", "-£-1,234": "has two minus signs",
    "£(£1,234)": "has two £ signs", "1,234-": "has its minus sign behind", "–1,234": "begins with a dash",
    "(1,23)": "has a comma in the wrong place", "(1,234.567)": "no part of a penny", "()": "Type a number",
}  # fmt: skip
# What Excel holds as a number, shown in brackets by the format of the cell.
FORMATS = {-1234: "#,##0;(#,##0)", -1234.5: '"£"#,##0.00_);("£"#,##0.00)', -5832000: "#,##0_);[Red](#,##0)"}


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_amount_when_written_as_accounts_do_then_read(text, value):
    assert parse_number(text, brackets_negative=True) == Decimal(value)


@pytest.mark.parametrize("text", REFUSED)
def test_amount_when_its_signs_do_not_fit_then_refused_with_a_sentence(text):
    if text != "(1,234.567)":  # a figure of money says so, other decimals may have more places
        with pytest.raises(NumberTextError, match=REFUSED[text].replace("(", r"\(")):
            parse_number(text, brackets_negative=True)


# Through the upload


@pytest.fixture
def client(db, tmp_path, monkeypatch, signed_in):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return signed_in(an_officer())


def a_money_return(lines: int):
    scorecard = b.a_scorecard(code="outturn")
    scorecard.purpose = Scorecard.Purpose.MONEY
    scorecard.save(update_fields=["purpose"])
    for number in range(lines):
        b.an_indicator(f"line-{number:02}", name=f"Line {number}", unit=Unit.POUNDS, target=None, scorecard=scorecard)
    return b.fresh(b.a_return(scorecard))


def as_csv(client, row, cells) -> tuple[str, bytes]:
    response = client.get(address("return_template", row))
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, imports.header_of("return"))
    writer.writeheader()
    writer.writerows(found | {"value": cell} for found, cell in zip(rows, cells, strict=True))
    return "return.csv", out.getvalue().encode()


def as_workbook(client, row, cells, formats=()) -> tuple[str, bytes]:
    book = load_workbook(io.BytesIO(client.get(address("return_template_workbook", row)).content))
    sheet = book["Return"]
    column = next(cell.column for cell in sheet[1] if cell.value == "value")
    for number, cell in enumerate(cells, 2):
        sheet.cell(number, column).value = cell
        if formats:
            sheet.cell(number, column).number_format = formats[number - 2]
    out = io.BytesIO()
    book.save(out)
    return "return.xlsx", out.getvalue()


def choose(client, row, file):
    url = address("return_upload", row)
    sent = form_of(client.get(url)) | {"file": SimpleUploadedFile(*file)}
    return client.post(url, sent, follow=True)


def values() -> list[Decimal]:
    return [cell.value for cell in DraftCell.objects.order_by("series__indicator__code")]


@pytest.mark.parametrize("make", [as_csv, as_workbook])
def test_file_when_amounts_are_below_0_then_saved_as_meant_and_the_same_file_again_changes_nothing(client, make):
    row = a_money_return(len(READ))
    file = make(client, row, list(READ))
    response = choose(client, row, file)
    client.post(address("return_upload", row), form_of(response), follow=True)
    assert values() == [Decimal(value) for value in READ.values()]
    again = choose(client, b.fresh(row), file)
    assert "nothing changed" in words(again)
    back = choose(client, b.fresh(row), as_csv_of_template(client, row, make))
    assert "nothing changed" in words(back)


def as_csv_of_template(client, row, make):
    """The template with what is saved, as it is downloaded."""
    response = client.get(address("return_template" if make is as_csv else "return_template_workbook", row))
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return ("return.csv" if make is as_csv else "return.xlsx"), content


@pytest.mark.parametrize("make", [as_csv, as_workbook])
def test_file_when_amounts_cannot_be_read_then_each_is_named_and_none_is_saved(client, make):
    row = a_money_return(len(REFUSED) + 1)
    response = choose(client, row, make(client, row, ["-1", *REFUSED]))
    said = [item.get_text(strip=True) for item in soup(response).select(".govuk-error-summary__list li")]
    assert len(said) == len(REFUSED)
    assert [sentence for sentence, found in zip(REFUSED.values(), said, strict=True) if sentence not in found] == []
    assert not DraftCell.objects.exists()


def test_workbook_when_brackets_are_the_format_of_a_number_then_the_number_is_read(client):
    row = a_money_return(len(FORMATS))
    response = choose(client, row, as_workbook(client, row, list(FORMATS), list(FORMATS.values())))
    client.post(address("return_upload", row), form_of(response), follow=True)
    assert values() == [Decimal(str(number)) for number in FORMATS]


def test_file_when_a_refused_cell_is_long_or_hides_signs_then_it_is_quoted_short_and_marked(client):
    row = a_money_return(3)
    long, hidden = "x" * 3_000, "\u202e12"
    file = as_csv(client, row, [long, hidden, "1"])
    data = file[1].decode().replace("line-02", "l" * 900)
    response = choose(client, row, (file[0], data.encode()))
    said = [item.get_text(strip=True) for item in soup(response).select(".govuk-error-summary__list li")]
    assert len(said) == 3
    assert all(len(sentence) < 250 for sentence in said)
    assert "x" * 41 not in response.content.decode()
    assert "l" * 121 not in response.content.decode()
    assert "\u202e" not in response.content.decode()
