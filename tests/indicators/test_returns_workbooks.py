"""A return as a workbook: the template from its page, the way back by a preview, and what stands in the way."""

import io
import tempfile
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators import bounded, entry, imports, workbooks
from indicators.models import DraftCell
from indicators.units import Unit
from indicators.views import return_files
from tests import builders
from tests.indicators.return_pages import address, form_of, soup, summary, words
from tests.indicators.workbook_files import changed

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")]


@pytest.fixture(autouse=True)
def own_slots(tmp_path, monkeypatch):
    """Places of this test alone, whatever else runs on the machine."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def lines(partnership):
    return [
        builders.an_indicator("one", name="Assessed in time"),
        builders.an_indicator("two", name="Seen in time"),
        builders.an_indicator("three", name="Children in care", unit=Unit.COUNT, target=None),
    ]


@pytest.fixture
def row(lines):
    return builders.fresh(builders.a_return())


@pytest.fixture
def people(row):
    return builders.the_people(row.partner)


@pytest.fixture
def client(people, signed_in) -> Client:
    return signed_in(people.analyst)


@pytest.fixture
def in_process(monkeypatch):
    """Does the child's work here, which is quicker; that the child does the same is shown by the others."""

    def run(*, job: str, payload: bytes) -> bytes:
        return getattr(workbooks, job.partition(":")[2])(payload, lambda _: None)

    monkeypatch.setattr(bounded, "run", run)


def template(client, row) -> bytes:
    response = client.get(address("return_template_workbook", row))
    assert response.status_code == 200
    return response.content


def filled(client, row, cells: dict[tuple[int, str], object]) -> bytes:
    """The downloaded template with some cells typed: {(row, column name): what}."""

    def type_in(sheet):
        columns = {c.value: c.column for c in sheet[1]}
        for (number, name), value in cells.items():
            sheet.cell(number, columns[name]).value = value

    return changed(template(client, row), type_in)


def choose(client, row, data: bytes, name="return.xlsx"):
    url = address("return_upload", row)
    return client.post(url, form_of(client.get(url)) | {"file": SimpleUploadedFile(name, data)}, follow=True)


def confirm(client, row, response):
    return client.post(address("return_upload", row), form_of(response), follow=True)


def changes(response) -> list[tuple[str, ...]]:
    rows = soup(response).select("table.rv tbody tr:not(.grp)")
    return [tuple(cell.get_text(strip=True) for cell in row.find_all(["td", "th"])) for row in rows]


def findings(response) -> list[str]:
    return [li.get_text(strip=True) for li in soup(response).select(".govuk-error-summary__list li")]


# The template


def test_template_when_downloaded_then_each_line_has_its_definition_beside_its_boxes(client, row, lines):
    builders.keep(row, {lines[0].series: builders.a_cell(1266, 1514, commentary="=1+1", as_at_on=builders.TODAY)})
    response = client.get(address("return_template_workbook", row))
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert response["Content-Disposition"] == 'attachment; filename="contract_2021-22-q4_trust_return-1.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = book["Return"]
    header = [c.value for c in sheet[1]]
    assert [name for name in header if name not in imports.RETURN_INFORMATION] == imports.header_of("return")
    rows = [dict(zip(header, (c.value for c in cells), strict=True)) for cells in sheet.iter_rows(min_row=2)]
    assert [r["indicator"] for r in rows] == ["one", "two", "three"]
    version = lines[0].version
    assert rows[0]["definition"] == version.name
    assert (rows[0]["numerator_means"], rows[0]["denominator_means"]) == (version.numerator, version.denominator)
    assert (rows[0]["unit"], rows[2]["unit"]) == ("per cent", "number")
    assert rows[0]["target"] == "Target 80%, tolerance 70%"
    assert rows[0]["last_period"] == "No earlier figure to compare"
    assert (rows[0]["kind"], rows[0]["numerator"], rows[0]["commentary"]) == ("Figure", 1266, "'=1+1")
    assert rows[0]["as_at_on"].date() == date(2022, 7, 7)
    assert [r["kind"] for r in rows[1:]] == [None, None]
    numerators = [sheet.cell(n, header.index("numerator") + 1).protection.locked for n in (2, 3, 4)]
    assert numerators == [False, False, True]


def test_template_when_an_earlier_figure_is_held_then_it_stands_beside_the_target(signed_in, partnership):
    before = builders.a_return(builders.a_scorecard(1), period=builders.Q3, state="approved")
    row = builders.fresh(builders.a_return(before.round.scorecard))
    client = signed_in(builders.the_people(row.partner).analyst)
    sheet = openpyxl.load_workbook(io.BytesIO(template(client, row)))["Return"]
    header = [c.value for c in sheet[1]]
    assert sheet.cell(2, header.index("last_period") + 1).value.startswith("2021/22 Q3: ")


def test_template_when_its_lists_are_used_then_entry_reads_every_choice(client, row):
    book = openpyxl.load_workbook(io.BytesIO(template(client, row)))
    found = {}
    for check in book["Return"].data_validations.dataValidation:
        if check.type == "list":
            column = book["Return"][f"{str(check.sqref).split(':')[0].rstrip('0123456789')}1"].value
            area = check.formula1.rpartition("!")[2].replace("$", "")
            found[column] = [c.value for (c,) in book["How to fill in"][area]]
    assert set(found) == {"kind", "not_reportable_code", "flags", "confidence"}
    assert {entry.normalised({"kind": words})["kind"] for words in found["kind"]} == set(entry.KIND_WORDS)
    for column in ("not_reportable_code", "flags", "confidence"):
        for typed in found[column]:
            raw = {"value": "5", column: typed, "confidence_reason": "said"}
            raw |= {"kind": "not_reportable", "value": ""} if column == "not_reportable_code" else {}
            assert entry.read_cell(raw, unit=Unit.COUNT).problems == (), typed


# The way back


def test_upload_when_it_is_the_template_itself_then_nothing_changes(client, row):
    builders.fill(row)
    before = list(DraftCell.objects.values())
    assert "nothing changed" in words(choose(client, row, template(client, row)))
    assert list(DraftCell.objects.values()) == before


def test_upload_when_cells_were_filled_in_then_each_is_shown_by_its_cell_and_saved_as_a_whole(client, row, lines):
    builders.keep(row, {lines[0].series: builders.a_cell(7, 10)})
    data = filled(client, row, {
        (2, "numerator"): 1266, (2, "denominator"): "1,514", (2, "commentary"): "Two\nlines", (2, "flags"): "p e",
        (3, "kind"): "Not reportable", (3, "not_reportable_code"): "other", (3, "expected_on"): date(2023, 3, 31),
        (4, "value"): 545.0,
    })  # fmt: skip
    shown = choose(client, row, data)
    assert DraftCell.objects.count() == 1
    assert "3 figures of 3 would change." in words(shown)
    assert "Row 2: 70% becomes 84%" in words(shown)
    assert changes(shown) == [
        ("M2", "Numerator", "7", "1,266"),
        ("N2", "Denominator", "10", "1,514"),
        ("S2", "Flags", "empty", "p e"),
        ("AA2", "Commentary", "empty", "Twolines"),
        ("L3", "Symbol", "Figure", "Not reportable"),
        ("P3", "Why it is not reportable", "empty", "Another reason"),
        ("R3", "Expected date", "empty", "31 March 2023"),
        ("O4", "Value", "empty", "545"),
    ]
    response = confirm(client, row, shown)
    assert response.redirect_chain[-1][0] == address("return_entry", row)
    assert "3 figures of 3 changed and saved" in words(response)
    drafts = {d.series_id: d for d in DraftCell.objects.all()}
    assert drafts[lines[0].series.pk].numerator == 1266
    assert drafts[lines[0].series.pk].commentary == "Two\nlines"
    assert drafts[lines[1].series.pk].missing_reason == "not_reportable"
    assert drafts[lines[2].series.pk].value == 545
    before = list(DraftCell.objects.values())
    assert "nothing changed" in words(choose(client, row, data))
    assert list(DraftCell.objects.values()) == before


def test_upload_when_a_share_is_typed_as_excel_likes_it_then_it_is_a_percentage(client, row, lines):
    def type_in(sheet):
        columns = {c.value: c.column for c in sheet[1]}
        sheet.cell(2, columns["kind"]).value = "Value only"
        sheet.cell(2, columns["value"]).value = 0.856
        sheet.cell(2, columns["value"]).number_format = "0.0%"

    confirm(client, row, choose(client, row, changed(template(client, row), type_in)))
    assert str(DraftCell.objects.get(series=lines[0].series).value.normalize()) == "85.6"


def test_upload_when_the_workbook_is_called_csv_then_it_is_read_all_the_same(client, row):
    data = filled(client, row, {(4, "value"): 545})
    assert changes(choose(client, row, data, name="return.csv")) == [("O4", "Value", "empty", "545")]


# What can be wrong

WRONG = [
    pytest.param({(2, "numerator"): "(1,234)", (2, "denominator"): 5}, "M2: “(1,234)” is in brackets", id="brackets"),
    pytest.param({(2, "numerator"): "-", (2, "denominator"): 5}, "M2: “-” is not a number: type 0", id="a dash"),
    pytest.param({(2, "numerator"): 1.23456, (2, "denominator"): 5}, "M2: “1.23456” has too many", id="5 decimals"),
    pytest.param({(2, "numerator"): "1 234", (2, "denominator"): 5}, "M2: “1 234” is not a number", id="a blank"),
    pytest.param({(2, "numerator"): 9, (2, "denominator"): 5}, "M2: Numerator must be 5 or less.", id="above"),
    pytest.param({(2, "numerator"): -9, (2, "denominator"): 5}, "M2: The numerator cannot be below 0.", id="below 0"),
    pytest.param({(2, "numerator"): date(2022, 4, 3)}, "M2: Excel has made a date of this", id="a date"),
    pytest.param({(2, "numerator"): "=1+1", (2, "denominator"): 5}, "M2: this formula was never", id="formula"),
    pytest.param({(4, "as_at_on"): "31/2/2022"}, "X4: “31/2/2022” is not a date", id="no such date"),
    pytest.param({(3, "kind"): "Perhaps"}, "L3: Choose one of the listed kinds", id="unknown kind"),
    pytest.param({(3, "period"): "2021-22-q3"}, "B3: this row is for 2021/22 Q3, the return for 2021/22", id="period"),
    pytest.param({(3, "period"): "Q4 2022"}, "B3: ", id="no such period"),
    pytest.param({(2, "as_at_on"): date(2022, 7, 8), (2, "numerator"): 1, (2, "denominator"): 2},
                 "X2: The as-at date, 8 July 2022, is still to come.", id="day to come"),
    pytest.param({(2, "scorecard"): "other"}, "A2: this row is for the scorecard “other”", id="scorecard"),
    pytest.param({(2, "indicator"): "four"}, "C2: “four” is not on this return.", id="indicator"),
    pytest.param({(3, "indicator"): "one"}, "C3: one stands in row 2 already.", id="twice"),
    pytest.param({(3, "indicator"): ""}, "C3: this must not be empty.", id="no code"),
]  # fmt: skip


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(("cells", "sentence"), WRONG)
def test_upload_when_a_cell_is_wrong_then_it_is_named_and_nothing_is_saved(client, row, cells, sentence):
    response = choose(client, row, filled(client, row, {(4, "value"): 545} | cells))
    assert response.status_code == 200
    assert findings(response)[0].startswith(sentence)
    assert "The file was not taken, and nothing was saved" in words(response)
    assert not DraftCell.objects.exists()


@pytest.mark.usefixtures("in_process")
def test_preview_when_a_figure_looks_odd_then_its_cell_and_that_of_the_reason_are_named(client, row, lines):
    builders.a_paper_figure(lines[0], builders.Q3, 85, numerator=85, denominator=100)
    data = filled(client, row, {(2, "numerator"): 85, (2, "denominator"): 100})
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cells = {c.value: f"{c.column_letter}2" for c in sheet[1]}
    response = choose(client, row, data)
    assert [said.get_text() for said in soup(response).select("table.rv .msg")] == [
        f"{cells['numerator']}: 85 of 100 is exactly the figure of 2021/22 Q3. Check that the new figure was entered, "
        "then say so.",
        f"{cells['keep_reason']}: give a reason to keep it here, or on the page before you submit.",
    ]
    assert "1 figure of 1 changed and saved" in words(confirm(client, row, response))


def test_upload_when_several_cells_are_wrong_then_all_are_listed_from_the_top(client, row):
    cells = {(2, "numerator"): "x", (2, "denominator"): date(2022, 4, 3), (3, "value"): True, (4, "value"): -5}
    found = findings(choose(client, row, filled(client, row, cells)))
    assert [f.partition(":")[0] for f in found] == ["N2", "O3", "O4"]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("return.xlsx", b"MZ\x90\x00\x03\x00", "The file: this is not an Excel workbook, whatever its name says."),
        ("return.xls", b"\xd0\xcf\x11\xe0\x00", "The file: this is an Excel file of the old kind (.xls)."),
        ("return.xlsx", b"scorecard,period\n", "The file: this is not an Excel workbook, whatever its name says."),
        ("return.csv", b"PK\x03\x04 anything", "The file: it is damaged or incomplete."),
    ],
)
def test_upload_when_the_file_is_no_workbook_then_it_says_so(client, row, name, data, sentence):
    assert findings(choose(client, row, data, name))[0].startswith(sentence)


def test_upload_when_two_files_are_being_read_then_the_third_is_told_to_wait(client, row, monkeypatch):
    data = filled(client, row, {(4, "value"): 545})
    monkeypatch.setattr(bounded, "AT_ONCE", 0)
    run = bounded.run
    monkeypatch.setattr(return_files.bounded, "run", lambda **named: run(patience=0.0, **named))
    response = choose(client, row, data)
    assert summary(response) == [
        (
            "Other files are being worked on at this moment. Wait a minute and try again; nothing was changed.",
            "#id_file",
        )
    ]
    assert not DraftCell.objects.exists()
    response = client.get(address("return_template_workbook", row), follow=True)
    assert response.redirect_chain[-1][0] == address("return_upload", row)
    assert "Other files are being worked on" in soup(response).get_text()


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (bounded.Limits(wait=0), "This took longer than 0 seconds, so it was stopped."),
        (bounded.Limits(answer=10), "This needed more memory than one file may have, so it was stopped."),
        (bounded.Limits(memory=1), "This broke down, and the fault has been recorded."),
    ],
)
def test_upload_when_the_child_has_no_answer_then_a_sentence_says_why_and_nothing_is_saved(
    client, row, monkeypatch, limits, sentence
):
    data = filled(client, row, {(4, "value"): 545})
    monkeypatch.setitem(bounded.JOBS, "indicators.workbooks:read_return", limits)
    (said, href) = summary(choose(client, row, data))[0]
    assert said.startswith(sentence)
    assert href == "#id_file"
    assert not DraftCell.objects.exists()


def test_upload_when_it_is_csv_then_no_child_is_started(client, row, monkeypatch):
    monkeypatch.setattr(bounded, "run", lambda **_: pytest.fail("a child was started"))
    response = client.get(address("return_template", row))
    data = b"".join(response.streaming_content).replace(
        b"three,,Children in care,,,,", b"three,,Children in care,,,,545"
    )
    assert changes(choose(client, row, data, "return.csv")) == [("Row 4, column value", "Value", "empty", "545")]
