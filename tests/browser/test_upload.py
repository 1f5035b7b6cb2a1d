"""A return as a file, in a browser: downloaded, filled in, sent, shown cell by cell, saved; or refused cell by cell."""

import io
from pathlib import Path

import openpyxl
import pytest

from indicators.models import DraftCell
from indicators.units import Unit
from tests import builders

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::UserWarning:openpyxl"),
]

RETURN = "/northshire/returns/contract/2021-22-q4/trust/1/"
WIDTHS = (1280, 320)


@pytest.fixture
def analyst(transactional_db, visit):
    """Somebody at the upload page of a return of two lines, one of them with a figure."""
    lines = [builders.an_indicator("one", name="Assessed in time"),
             builders.an_indicator("three", name="Children in care", unit=Unit.COUNT, target=None)]  # fmt: skip
    row = builders.fresh(builders.a_return())
    builders.keep(row, {lines[0].series: builders.a_cell(7, 10)})
    visitor = visit(builders.the_people(row.partner).analyst)
    visitor.open(RETURN + "upload/")
    return visitor


def downloaded(page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download for Excel").click()
    assert download.value.suggested_filename == "contract_2021-22-q4_trust_return-1.xlsx"
    return Path(download.value.path()).read_bytes()


def send(page, data: bytes, **cells: object) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book["Return"][place] = value
    file = io.BytesIO()
    book.save(file)
    page.set_input_files("#id_file", {"name": "return.xlsx", "mimeType": "", "buffer": file.getvalue()})
    with page.expect_navigation():
        page.get_by_role("button", name="Show what would change").click()


def test_workbook_when_filled_in_and_sent_then_it_is_shown_cell_by_cell_and_saved(analyst):
    page = analyst.page
    data = downloaded(page)
    send(page, data, M2=1266, N2=1514, AA2="Two more than last quarter.\nAudited.", O3=545)
    assert "2 figures of 2 would change. Nothing is saved yet." in analyst.text
    assert "70% becomes 84%" in analyst.text
    assert "M2 Numerator 7 1,266" in analyst.text
    for width in WIDTHS:
        assert analyst.axe(width) == [], width
        assert not analyst.scrolls_sideways(), width
    with page.expect_navigation():
        page.get_by_role("button", name="Save these figures").click()
    assert analyst.reads("2 figures of 2 changed and saved")
    assert set(DraftCell.objects.values_list("numerator", "value")) == {(1266, None), (None, 545)}


def test_workbook_when_a_cell_is_wrong_then_it_is_named_and_the_page_is_accessible(analyst):
    page = analyst.page
    send(page, downloaded(page), M2="(1,234)", O3="12 or so")
    assert "M2: “(1,234)” is in brackets" in analyst.text
    assert "O3: “12 or so” has letters in it" in analyst.text
    for width in WIDTHS:
        assert analyst.axe(width) == [], width
        assert not analyst.scrolls_sideways(), width
    assert DraftCell.objects.count() == 1
