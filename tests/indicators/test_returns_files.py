"""A return as a CSV file: the template, the way back by a preview, and everything that can be wrong with a file."""

import csv
import gzip
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators import imports
from indicators.models import DraftCell
from indicators.units import Unit
from partnership.views.errors import LONGEST_NAME
from tests import builders
from tests.indicators.return_pages import address, form_of, soup, summary, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HEADER = imports.header_of("return")


@pytest.fixture
def opened(db):
    return an_open_return()


@pytest.fixture
def lines(opened):
    return opened[0]


@pytest.fixture
def row(opened):
    return opened[1]


@pytest.fixture
def people(opened):
    return opened[2]


@builders.kept
def an_open_return():
    """Three lines, their return, its people."""
    lines = [
        builders.an_indicator("one", name="Assessed in time"),
        builders.an_indicator("two", name="Seen in time"),
        builders.an_indicator("three", name="Children in care", unit=Unit.COUNT, target=None),
    ]
    row = builders.fresh(builders.a_return())
    return lines, row, builders.the_people(row.partner)


@pytest.fixture
def client(people, signed_in) -> Client:
    return signed_in(people.analyst)


def template(client, row) -> tuple[str, list[dict[str, str]]]:
    response = client.get(address("return_template", row))
    text = b"".join(response.streaming_content).decode()
    return response["Content-Disposition"], list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def written(rows, header=HEADER) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, header)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def choose(client, row, data: bytes, name="return.csv"):
    """Sends a file; gives the page that comes back."""
    url = address("return_upload", row)
    form = form_of(client.get(url)) | {"file": SimpleUploadedFile(name, data, "text/csv")}
    return client.post(url, form, follow=True)


def confirm(client, row, response):
    """Presses “Save these figures” on a preview."""
    return client.post(address("return_upload", row), form_of(response), follow=True)


def send(client, row, data: bytes, name="return.csv"):
    """Sends a file and confirms what it would change, if that is asked."""
    response = choose(client, row, data, name)
    return confirm(client, row, response) if soup(response).select('input[name="sealed"]') else response


def changes(response) -> list[tuple[str, ...]]:
    """The preview's rows: place, field, before and after."""
    rows = soup(response).select("table.rv tbody tr:not(.grp)")
    return [tuple(cell.get_text(strip=True) for cell in row.find_all(["td", "th"])) for row in rows]


def findings(response) -> list[str]:
    return [li.get_text(strip=True) for li in soup(response).select(".govuk-error-summary__list li")]


# The template


def test_template_when_nothing_is_saved_then_it_has_codes_and_names_alone(client, row):
    name, rows = template(client, row)
    assert name == 'attachment; filename="contract_2021-22-q4_trust_return-1.csv"'
    assert list(rows[0]) == HEADER
    assert [(r["scorecard"], r["period"], r["indicator"], r["name"]) for r in rows] == [
        ("contract", "2021-22-q4", "one", "Assessed in time"),
        ("contract", "2021-22-q4", "two", "Seen in time"),
        ("contract", "2021-22-q4", "three", "Children in care"),
    ]
    assert all(r[n] == "" for r in rows for n in HEADER[5:])


def test_template_when_figures_are_saved_then_they_stand_in_it_as_a_file_holds_them(client, row, lines):
    cell = builders.a_cell(1266, 1514, commentary='=HYPERLINK("x")', flags="p", as_at_on=builders.TODAY)
    missing = builders.a_cell(missing="not_reportable", commentary="- changed", responsible_role="Head")
    builders.keep(row, {lines[0].series: cell, lines[1].series: missing})
    _, rows = template(client, row)
    assert [rows[0][n] for n in ("kind", "numerator", "denominator", "as_at_on", "flags")] == [
        "figure", "1266", "1514", "2022-07-07", "p",
    ]  # fmt: skip
    assert rows[0]["commentary"] == '\'=HYPERLINK("x")'
    assert (rows[1]["kind"], rows[1]["commentary"]) == ("not_reportable", "'- changed")


# The way back


def test_upload_when_the_file_is_sound_then_every_cell_is_a_draft(client, row, lines):
    _, rows = template(client, row)
    rows[0] |= {"numerator": "1,266", "denominator": "1514", "commentary": "Two\nlines", "flags": "p e"}
    rows[1] |= {"kind": "Not reportable", "not_reportable_code": "other", "expected_on": "31/3/2023"}
    rows[2] |= {"value": "545"}
    response = send(client, row, written(rows))
    assert response.redirect_chain[-1][0] == address("return_entry", row)
    assert "3 figures of 3 changed and saved" in words(response)
    drafts = {d.series_id: d for d in DraftCell.objects.all()}
    first = drafts[lines[0].series.pk]
    assert (first.numerator, first.commentary, first.flags) == (1266, "Two\nlines", "p e")
    assert drafts[lines[1].series.pk].missing_reason == "not_reportable"
    assert drafts[lines[2].series.pk].value == 545


def test_upload_when_the_same_file_comes_twice_then_the_second_changes_nothing(client, row):
    _, rows = template(client, row)
    rows[0] |= {"numerator": "5", "denominator": "10", "commentary": "'=1+1", "headline": "''-x"}
    send(client, row, written(rows))
    before = list(DraftCell.objects.values())
    assert (before[0]["commentary"], before[0]["headline"]) == ("=1+1", "'-x")
    response = send(client, row, written(rows))
    assert "nothing changed" in words(response)
    assert list(DraftCell.objects.values()) == before


def test_upload_when_it_is_the_template_itself_then_nothing_changes(client, row):
    builders.fill(row)
    before = list(DraftCell.objects.values())
    response = client.get(address("return_template", row))
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    assert "nothing changed" in words(send(client, row, data))
    assert list(DraftCell.objects.values()) == before


def test_upload_when_numbers_and_rows_are_as_excel_leaves_them_then_they_are_read(client, row, lines):
    _, rows = template(client, row)
    rows[0] |= {"numerator": " 1,266 ", "denominator": "1514.0000"}
    rows[2] |= {"value": "\u00a0545\u00a0"}
    blank = dict.fromkeys(HEADER, "  ")
    data = written([rows[0], blank, rows[1], rows[2], blank]) + b"\r\n\r\n" + b"," * (len(HEADER) - 1) + b"\r\n"
    assert "2 figures of 2 changed" in words(send(client, row, data))
    assert DraftCell.objects.get(series=lines[0].series).numerator == 1266
    assert DraftCell.objects.get(series=lines[2].series).value == 545


def test_upload_when_every_row_is_empty_then_it_says_so(client, row):
    _, rows = template(client, row)
    assert "Every row of it is empty, so nothing changed." in words(send(client, row, written(rows)))


def test_upload_when_rows_are_left_empty_then_what_was_saved_stays(client, row, lines):
    builders.keep(row, {lines[0].series: builders.a_cell(1, 2)})
    _, rows = template(client, row)
    for name in ("kind", "numerator", "denominator"):
        rows[0][name] = ""
    rows[1] |= {"numerator": "5", "denominator": "10"}
    assert "1 figure of 1 changed" in words(send(client, row, written(rows)))
    assert DraftCell.objects.get(series=lines[0].series).numerator == 1


# The preview


def test_preview_when_a_file_is_sound_then_it_tells_each_cell_from_and_to_and_saves_nothing(client, row, lines, people):
    builders.keep(row, {lines[0].series: builders.a_cell(7, 10)}, by=people.second_analyst)
    _, rows = template(client, row)
    rows[0] |= {"numerator": "8", "commentary": "Now 95% of all"}
    rows[1] |= {"kind": "x", "commentary": "Not counted"}
    response = choose(client, row, written(rows))
    assert DraftCell.objects.count() == 1
    told = words(response)
    assert "2 figures of 3 would change; 1 is left empty in the file and not changed." in told
    assert "Row 2: 70% becomes 80%. Saved by Trust second analyst" in told
    assert "The commentary says 95%. 8 of 10 is 80.0%." in told
    assert changes(response) == [
        ("Row 2, column numerator", "Numerator", "7", "8"),
        ("Row 2, column commentary", "Commentary", "empty", "Now 95% of all"),
        ("Row 3, column kind", "Symbol", "Figure", "Not available"),
        ("Row 3, column commentary", "Commentary", "empty", "Not counted"),
    ]


def doubted(response) -> list[str]:
    """What the preview says of the figures that look odd."""
    return [said.get_text(" ", strip=True) for said in soup(response).select("table.rv .msg")]


def test_preview_when_a_figure_looks_odd_then_its_cell_is_named_a_reason_is_asked_and_it_can_be_saved(
    client, row, lines
):
    builders.a_paper_figure(lines[0], builders.Q3, 85, numerator=85, denominator=100)
    _, rows = template(client, row)
    rows[0] |= {"numerator": "85", "denominator": "100", "commentary": "It is 80%."}
    rows[1] |= {"numerator": "84", "denominator": "100"}
    response = choose(client, row, written(rows))
    assert doubted(response) == [
        "Row 2, column commentary: The commentary says 80%. 85 of 100 is 85.0%. Correct one, or keep both and say why.",
        "Row 2, column numerator: 85 of 100 is exactly the figure of 2021/22 Q3. Check that the new figure was "
        "entered, then say so.",
        "Row 2, column keep_reason: give a reason to keep it here, or on the page before you submit.",
    ]
    assert "2 figures of 2 changed and saved" in words(confirm(client, row, response))
    assert {d.numerator for d in DraftCell.objects.all()} == {84, 85}


def test_preview_when_the_file_gives_the_reason_then_none_is_asked(client, row, lines):
    builders.a_paper_figure(lines[0], builders.Q3, 85, numerator=85, denominator=100)
    _, rows = template(client, row)
    rows[0] |= {"numerator": "85", "denominator": "100", "keep_reason": "Counted again."}
    response = choose(client, row, written(rows))
    assert [said.split(":")[0] for said in doubted(response)] == ["Row 2, column numerator"]
    confirm(client, row, response)
    builders.keep(row, {line.series: builders.a_cell(84, 100) for line in lines[1:2]})
    builders.keep(row, {lines[2].series: builders.a_cell(value=84)})
    assert builders.submit(row).state == "submitted"


def test_upload_when_a_date_is_still_to_come_then_the_cell_is_named_and_nothing_is_saved(client, row):
    _, rows = template(client, row)
    rows[0] |= {"numerator": "85", "denominator": "100", "as_at_on": "2022-07-08", "keep_reason": "Soon."}
    response = choose(client, row, written(rows))
    assert findings(response) == [
        "Row 2, column as_at_on: The as-at date, 8 July 2022, is still to come. Give the day on which it was so."
    ]
    assert not DraftCell.objects.exists()


def test_preview_when_some_say_what_is_saved_or_are_not_in_the_file_then_they_are_counted(client, row, lines):
    builders.keep(row, {lines[0].series: builders.a_cell(7, 10)})
    _, rows = template(client, row)
    rows[1] |= {"numerator": "5", "denominator": "10"}
    response = choose(client, row, written(rows[:2]))
    assert "1 figure of 3 would change; 1 says what is saved already; 1 is not in the file and not changed." in words(
        response
    )
    assert "2 figures" not in words(response)
    assert "1 figure of 2 changed and saved" in words(confirm(client, row, response))


def test_preview_when_another_saves_one_of_the_figures_before_it_is_confirmed_then_nothing_is_saved_and_it_is_told(
    client, row, lines, people
):
    _, rows = template(client, row)
    rows[0] |= {"numerator": "5", "denominator": "10"}
    rows[1] |= {"numerator": "6", "denominator": "10"}
    shown = choose(client, row, written(rows))
    builders.keep(row, {lines[0].series: builders.a_cell(7, 10)}, by=people.second_analyst)
    response = confirm(client, row, shown)
    assert findings(response)[0] == (
        "Row 2, Assessed in time: Trust second analyst has saved this figure meanwhile (70%; the file says 50%)."
    )
    assert DraftCell.objects.count() == 1
    assert ("Row 2, column numerator", "Numerator", "7", "5") in changes(response)
    builders.keep(row, {lines[0].series: builders.a_cell(8, 10)}, by=people.analyst)
    response = confirm(client, row, response)
    assert findings(response)[0] == (
        "Row 2, Assessed in time: in another window you have saved this figure meanwhile (80%; the file says 50%)."
    )
    assert "2 figures of 2 changed" in words(confirm(client, row, response))
    assert DraftCell.objects.get(series=lines[0].series).numerator == 5


def test_preview_when_confirmed_twice_then_the_second_changes_nothing(client, row):
    _, rows = template(client, row)
    rows[0] |= {"numerator": "5", "denominator": "10"}
    shown = choose(client, row, written(rows))
    confirm(client, row, shown)
    before = list(DraftCell.objects.values())
    assert "nothing changed" in words(confirm(client, row, shown))
    assert list(DraftCell.objects.values()) == before


def test_preview_when_it_was_changed_or_belongs_to_another_then_nothing_is_saved(client, row, people, signed_in):
    _, rows = template(client, row)
    rows[0] |= {"numerator": "5", "denominator": "10"}
    form = form_of(choose(client, row, written(rows)))
    url = address("return_upload", row)
    for sealed in ("", "x", form["sealed"][:-1], form["sealed"].replace(":", "", 1)):
        assert findings(client.post(url, form | {"sealed": sealed}))[0].startswith("What you confirmed was changed")
    other = signed_in(people.second_analyst)
    assert findings(other.post(url, {"sealed": form["sealed"]}))[0].startswith("What you confirmed belongs to another")
    assert not DraftCell.objects.exists()


def test_preview_when_the_return_was_submitted_meanwhile_then_it_says_so_and_nothing_is_saved(client, row):
    builders.fill(row)
    _, rows = template(client, row)
    rows[0] |= {"numerator": "5", "denominator": "10"}
    shown = choose(client, row, written(rows))
    builders.submit(row)
    assert "cannot be changed" in words(confirm(client, row, shown))
    assert not DraftCell.objects.filter(numerator=5).exists()


def test_preview_when_every_text_is_as_long_as_it_may_be_then_it_can_be_confirmed(signed_in, partnership):
    row = builders.fresh(builders.a_return(builders.a_scorecard(200)))
    client = signed_in(builders.the_people(row.partner).analyst)
    _, rows = template(client, row)
    for number, one in enumerate(rows):
        one |= {"numerator": str(number), "denominator": "1000", "commentary": f"{number} ünd " * 600}
        one["commentary"] = one["commentary"][:4_000]
    data = written(rows)
    assert len(data) > 800_000
    assert "200 figures of 200 changed" in words(send(client, row, data))


# What can be wrong


def changed(index=0, **values):
    def change(rows):
        rows[index] |= values
        return written(rows)

    return change


WRONG = [
    pytest.param(lambda _: b"\xd0\xcf\x11\xe0\x00\x00", "The file: this is an Excel file of the old", id="xls as csv"),
    pytest.param(lambda _: b"MZ\x90\x00\x03\x00", "The file: this is a program", id="exe renamed"),
    pytest.param(lambda r: gzip.compress(written(r)), "The file: this is a compressed file", id="gzip"),
    pytest.param(lambda _: gzip.compress(b"0" * 200_000_000, 1), "The file: this is a compressed", id="gzip bomb"),
    pytest.param(
        lambda r: written([dict(zip(HEADER, HEADER, strict=True)), *r]),
        "Row 2: this row repeats the column",
        id="two header rows",
    ),
    pytest.param(
        changed(numerator="1.23456", denominator="5"),
        "Row 2, column numerator: “1.23456” has too many decimals",
        id="5 decimals",
    ),
    pytest.param(
        changed(numerator="(1,234)", denominator="5000"),
        "Row 2, column numerator: “(1,234)” is in brackets",
        id="brackets",
    ),
    pytest.param(
        changed(numerator="-", denominator="5000"), "Row 2, column numerator: “-” is not a number: type 0", id="a dash"
    ),
    pytest.param(
        changed(numerator="1 234", denominator="5000"),
        "Row 2, column numerator: “1 234” is not a number",
        id="a blank inside",
    ),
    pytest.param(
        changed(numerator="1,2,34", denominator="5000"),
        "Row 2, column numerator: “1,2,34” has a comma in the wrong",
        id="commas misplaced",
    ),
    pytest.param(lambda _: b"\x89PNG\r\n\x00\x00", "The file: this is an image, not a table.", id="a picture"),
    pytest.param(lambda _: b"%PDF-1.4\n1 0 obj\n", "The file: this is a PDF, not a table.", id="a PDF"),
    pytest.param(lambda _: b"\xff\xd8\xff\xe0JFIF", "The file: this is an image, not a table.", id="a photograph"),
    pytest.param(lambda _: b"GIF89a,;", "The file: this is an image, not a table.", id="a GIF"),
    pytest.param(lambda _: b"RIFF\x1c\x01,WEBP", "The file: this is not a text file", id="another binary"),
    pytest.param(lambda _: "Müller".encode("latin-1"), "The file: its letters are not in UTF-8", id="another encoding"),
    pytest.param(lambda _: b"hello\n", "Row 1: these columns are missing", id="not a table"),
    pytest.param(lambda r: written(r[:0]), "The file: it holds no rows", id="no rows"),
    pytest.param(
        lambda r: written(r).replace(b"numerator,", b"top,"),
        "Row 1: these columns are missing: numerator",
        id="wrong header",
    ),
    pytest.param(
        lambda r: written(r, HEADER[::-1]), "Row 1: the columns must stand in this order", id="order of columns"
    ),
    pytest.param(
        changed(scorecard="other"), "Row 2, column scorecard: this row is for the scorecard “other”", id="scorecard"
    ),
    pytest.param(
        changed(1, period="2021-22-q3"),
        "Row 3, column period: this row is for 2021/22 Q3, the return for 2021/22 Q4.",
        id="period",
    ),
    pytest.param(changed(period="Q4 2022"), "Row 2, column period: ", id="no such period"),
    pytest.param(
        changed(indicator="four"), "Row 2, column indicator: “four” is not on this return.", id="unknown indicator"
    ),
    pytest.param(
        lambda r: written([*r, r[0]]),
        "Row 5, column indicator: one stands in row 2 already. Keep one of them.",
        id="twice",
    ),
    pytest.param(
        changed(numerator="abc", denominator="5"), "Row 2, column numerator: “abc” has letters in it", id="letters"
    ),
    pytest.param(
        changed(numerator="9", denominator="5"), "Row 2, column numerator: Numerator must be 5 or less.", id="above"
    ),
    pytest.param(changed(kind="value", value="150%"), "Row 2, column value: 150% is more than the whole.", id="150%"),
    pytest.param(
        changed(as_at_on="2022-02-31"),
        "Row 2, column as_at_on: “2022-02-31” is not a date that exists.",
        id="no such date",
    ),
    pytest.param(changed(kind="perhaps"), "Row 2, column kind: Choose one of the listed kinds", id="unknown kind"),
    pytest.param(
        lambda r: written(r) + b"one,two\r\n", "Row 5: this row has 2 cells, the header has", id="too few cells"
    ),
    pytest.param(
        lambda r: written(r) + b'"open', "The file: a quotation mark is opened and never closed", id="an open quote"
    ),
]


@pytest.mark.parametrize(("make", "sentence"), WRONG)
def test_upload_when_the_file_is_wrong_then_row_and_column_are_named_and_nothing_is_saved(client, row, make, sentence):
    _, rows = template(client, row)
    rows[2] |= {"value": "545"}
    response = send(client, row, make(rows))
    assert response.status_code == 200
    assert findings(response)[0].startswith(sentence)
    assert "The file was not taken, and nothing was saved" in words(response)
    assert soup(response).title.text.startswith("Error: ")
    assert not DraftCell.objects.exists()


def test_upload_when_several_cells_are_wrong_then_all_are_listed(client, row):
    _, rows = template(client, row)
    rows[0] |= {"numerator": "abc", "denominator": "x"}
    rows[1] |= {"period": "soon"}
    rows[2] |= {"value": "-5"}
    assert [f.partition(":")[0] for f in findings(send(client, row, written(rows)))] == [
        "Row 2, column numerator", "Row 2, column denominator", "Row 3, column period", "Row 4, column value",
    ]  # fmt: skip


def test_upload_when_findings_are_many_then_the_first_hundred_are_listed(client, row):
    _, rows = template(client, row)
    many = [rows[0] | {"indicator": f"none-{i}"} for i in range(150)]
    response = send(client, row, written(many))
    assert len(findings(response)) == 100
    assert "And 50 more." in words(response)


def test_upload_when_no_file_is_chosen_then_it_asks_for_one(client, row):
    url = address("return_upload", row)
    assert summary(client.post(url, {})) == [("Choose the file", "#id_file")]


def test_upload_when_the_file_is_empty_then_it_says_so(client, row):
    assert summary(send(client, row, b""))[0][1] == "#id_file"


def sent_as(client, row, name: str):
    """The answer to a file of that name, sent as a browser does: the test client itself shortens names."""
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    body = f"{head}a,b\r\n1,2\r\n--b--\r\n".encode()
    return client.post(address("return_upload", row), body, content_type="multipart/form-data; boundary=b")


def test_upload_when_the_name_of_the_file_is_far_too_long_then_it_says_so_and_what_to_do(client, row):
    for name in ("n" * 3000 + ".csv", "n" * 1000 + ".csv"):
        answer = sent_as(client, row, name)
        assert answer.status_code == 400
        said = words(answer)
        assert "The name of the file is too long" in said
        assert "up to 200 characters. Nothing was read and nothing was saved." in said
        assert "Rename the file to something shorter, go back, choose it again and send it." in said
        assert answer["X-Request-Id"] in said
    assert not DraftCell.objects.exists()


@pytest.mark.parametrize("sign", ["n", "é", "名", "😀"])
def test_upload_when_the_name_is_as_long_as_the_page_says_then_the_file_is_read(sign, client, row):
    answer = sent_as(client, row, sign * LONGEST_NAME)
    assert answer.status_code == 200
    assert summary(answer), "read, and refused for what is in it"


def test_form_when_it_cannot_be_read_for_another_reason_then_no_name_is_blamed(client, row):
    answer = client.post(address("return_upload", row), b"x", content_type="multipart/form-data; boundary=")
    assert answer.status_code == 400
    assert "The request could not be read" in words(answer)


def test_upload_when_the_file_is_a_little_too_large_then_the_limit_is_told(client, row, settings):
    settings.UPLOAD_MAX_BYTES = 2 * 1024 * 1024
    response = send(client, row, b"x" * (2 * 1024 * 1024 + 10))
    assert summary(response) == [("The file is too large: 2 MB is the most.", "#id_file")]


class _Endless:
    """A body of 50 MB that is never held in memory; counts what was read of it."""

    def __init__(self, size: int) -> None:
        self.left, self.read_so_far, self.largest = size, 0, 0

    def read(self, size: int = -1) -> bytes:
        block = b"x" * min(self.left, 1024 * 1024 if size < 0 else size)
        self.left -= len(block)
        self.read_so_far += len(block)
        self.largest = max(self.largest, len(block))
        return block

    readline = read


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_upload_of_50_mb_when_sent_then_a_page_with_the_limit_answers_and_nothing_is_kept(client, row, is_signed_in):
    size = 50 * 1024 * 1024
    body = _Endless(size)
    response = (client if is_signed_in else Client()).generic(
        "POST",
        address("return_upload", row),
        **{
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(size),
            "wsgi.input": body,
        },
    )
    assert response.status_code == 413
    assert "A file may have 2 MB at most." in words(response)
    assert body.read_so_far == size
    assert body.largest <= 64 * 1024


def test_form_when_it_is_far_too_large_then_a_page_with_the_limit_answers(client, row):
    response = client.generic(
        "POST", address("return_entry", row), b"a=" + b"x" * (6 * 1024 * 1024), "application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "A form may send 5 MB at most." in words(response)


def test_upload_when_the_return_is_closed_then_the_status_page_says_why(client, row):
    builders.fill(row)
    builders.submit(row)
    response = client.get(address("return_upload", row), follow=True)
    assert response.redirect_chain == [(address("return", row), 302)]
    assert "cannot be changed" in words(response)


def test_upload_when_the_session_has_ended_then_the_file_is_to_be_chosen_again(row):
    response = Client().post(
        address("return_upload", row), {"file": SimpleUploadedFile("r.csv", b"x,y\n")}, follow=True
    )
    assert "You had been signed out, so nothing was saved." in words(response)
    assert soup(response).select_one('input[name="next"]')["value"] == address("return_upload", row)
    assert not soup(response).select('input[name="envelope"]')
