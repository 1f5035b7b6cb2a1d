"""The committee table: the screen and the file say the same, cell for cell; the file opens cleanly."""

import csv
import io
import json
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from indicators.models import Return
from indicators.rag import Polarity, ToleranceKind
from indicators.roles import Role
from indicators.table_spec import bare, neutralised
from indicators.units import Unit
from indicators.variation_table import REPORTED_TABLE
from tests import builders
from tests.builders import Q4

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TRICKY = '-5 is text\nnext, line; "quoted"'

SCREEN = {"indicator": "th", "figure": "figc", "target": "tg", "tolerance": "tl", "rating": "tagc", "change": "dir",
          "variation": "vr", "commentary": "cm"}  # fmt: skip


def words(text: str) -> str:
    return " ".join(text.split())


def screen_rows(html: str) -> list[dict[str, str]]:
    """The table of the page as plain text: what a person reads, without labels for phones and hidden words."""
    soup = BeautifulSoup(html, "lxml")
    for hidden in soup.select("table.sc .lab, table.sc .vh"):
        hidden.decompose()
    rows = []
    for tr in soup.select("table.sc tbody tr:not(.th)"):
        row = {"indicator": words(tr.select_one("th[scope=row]").get_text(" "))}
        for key, css in SCREEN.items():
            if key != "indicator" and (cell := tr.select_one(f"td.{css}")) is not None:
                row[key] = words(cell.get_text(" "))
        rows.append(row)
    return rows


def csv_rows(response) -> tuple[list[str], list[list[str]]]:
    text = b"".join(response.streaming_content).decode("utf-8")
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    return header, rows


def count_as_reported(scorecard) -> None:
    """As if the quarter's return had been accepted, gaps and all, so that the page shows it."""
    builders.a_round(scorecard, Q4).returns.update(state=Return.State.APPROVED)


def assert_parity(client, slug: str, code: str, query: str = "") -> int:
    page = client.get(f"/{slug}/scorecards/{code}/{query}")
    header, rows = csv_rows(client.get(f"/{slug}/scorecards/{code}.csv{query}"))
    on_screen = screen_rows(page.content.decode())
    assert header == REPORTED_TABLE.header
    assert len(rows) == len(on_screen)
    left_out = set() if "show=variation" in query else {"variation"}
    for cells, shown in zip(rows, on_screen, strict=True):
        values = REPORTED_TABLE.values_from_csv(header, cells)
        for column in REPORTED_TABLE.columns:
            if column.text is not None and column.key not in left_out:
                assert shown[column.key] == words(" ".join(column.text(values))), (column.key, values["indicator"])
    return len(rows)


@pytest.fixture
def board(real, signed_in):
    return signed_in(builders.a_user(Role.BOARD_MEMBER, partnership=real))


@pytest.mark.parametrize(
    ("code", "query", "number"),
    [
        ("contract", "", 11),
        ("partnership", "", 25),
        ("contract", "?order=worst", 11),
        ("partnership", "?order=worst&rating=outside", 7),
        ("contract", "?theme=care-leavers", 2),
        ("partnership", "?q=plan", None),
        ("partnership", "?show=variation", 25),
        ("contract", "?show=variation&variation=none&order=worst", 11),
        ("contract", "?show=variation&variation=concern", 0),
    ],
)
def test_screen_and_csv_of_the_real_figures_are_the_same_cell_for_cell(board, code, query, number):
    found = assert_parity(board, "doncaster", code, query)
    assert number is None or found == number


def test_screen_and_csv_are_the_same_for_every_shape_of_figure(partnership, signed_in):
    scorecard = builders.a_scorecard()
    higher = builders.an_indicator("derived", name="Derived", scorecard=scorecard)
    builders.a_figure(higher, Q4.previous(), 70, 100)
    builders.a_figure(higher, Q4, 8996, 10000, headline="=HYPERLINK(1)", commentary=TRICKY)
    zero = builders.an_indicator("zero", name="Zero incidents", scorecard=scorecard, unit=Unit.COUNT,
                                 polarity=Polarity.LOWER, target=0, tolerance=1)  # fmt: skip
    builders.a_figure(zero, Q4, value=0)
    missing = builders.an_indicator("missing", name="Missing", scorecard=scorecard)
    builders.a_figure(missing, Q4, missing="not_reportable", commentary="The system changed.")
    builders.an_indicator("nothing", name="Nothing entered", scorecard=scorecard)
    limit = builders.an_indicator("limit", name="Limit", scorecard=scorecard, polarity=Polarity.LOWER)
    builders.a_paper_figure(limit, Q4, 1, qualifier="<")
    money = builders.an_indicator("money", name="Money", scorecard=scorecard, unit=Unit.POUNDS, polarity=Polarity.NONE)
    builders.a_figure(money, Q4, value=Decimal("-4638.25"))
    rate = builders.an_indicator("rate", name="Rate", scorecard=scorecard, unit=Unit.PER_10000, polarity=Polarity.LOWER,
                                 target="60.5", tolerance_kind=ToleranceKind.RELATIVE, tolerance=10)  # fmt: skip
    builders.a_figure(rate, Q4, 400, 64097, flags="p u", confidence="caution", confidence_reason="Being checked")
    count_as_reported(scorecard)
    client = signed_in(builders.a_user(Role.SCRUTINY_OFFICER))
    assert assert_parity(client, "northshire", "contract") == 7
    header, rows = csv_rows(client.get("/northshire/scorecards/contract.csv"))
    by_code = {row[header.index("indicator")]: dict(zip(header, row, strict=True)) for row in rows}
    assert by_code["zero"]["value"] == "0"
    assert by_code["zero"]["rating"] == "better"
    assert by_code["missing"]["value"] == ""
    assert by_code["missing"]["symbol"] == "not_reportable"
    assert by_code["nothing"]["symbol"] == "no_figure"
    assert by_code["money"]["value"] == "-4638.25"
    assert by_code["derived"]["headline"] == "'=HYPERLINK(1)"
    assert by_code["derived"]["commentary"].startswith("'-5 is text\n")
    assert by_code["limit"]["qualifier"] == "<"


def test_a_share_just_under_its_target_is_never_shown_as_the_target(partnership, signed_in):
    scorecard = builders.a_scorecard()
    measure = builders.an_indicator("a", scorecard=scorecard, target=90, tolerance=75)
    builders.a_figure(measure, Q4, 8996, 10000, commentary="Just under.")
    count_as_reported(scorecard)
    client = signed_in(builders.a_user(Role.BOARD_MEMBER))
    (row,) = screen_rows(client.get("/northshire/scorecards/contract/").content.decode())
    assert row["figure"].startswith("89.96%") or row["figure"].startswith("89.9")
    assert row["rating"].startswith("Within tolerance")


def test_the_header_is_the_same_with_no_rows(board):
    header, rows = csv_rows(board.get("/doncaster/scorecards/contract.csv?q=nosuchindicator"))
    assert rows == []
    assert header == REPORTED_TABLE.header


def test_the_excel_file_has_the_mark_and_the_plain_one_has_not(board):
    plain = board.get("/doncaster/scorecards/contract.csv")
    excel = board.get("/doncaster/scorecards/contract.excel.csv")
    plain_bytes, excel_bytes = b"".join(plain.streaming_content), b"".join(excel.streaming_content)
    assert excel_bytes == b"\xef\xbb\xbf" + plain_bytes
    assert plain["Content-Disposition"] == 'attachment; filename="contract_2021-22-q4_as-at-2022-07-07.csv"'
    assert all(line.endswith(b"\r") for line in plain_bytes.split(b"\n")[:-1] if line)


def test_the_metadata_names_every_column_of_the_file_in_order(board):
    metadata = json.loads(board.get("/doncaster/scorecards/contract.csv-metadata.json").content)
    assert [c["name"] for c in metadata["tableSchema"]["columns"]] == REPORTED_TABLE.header
    assert metadata["url"] == "contract_2021-22-q4_as-at-2022-07-07.csv"
    assert all(c["dc:description"] for c in metadata["tableSchema"]["columns"])


def test_every_column_of_the_file_has_one_type(board):
    header, rows = csv_rows(board.get("/doncaster/scorecards/partnership.csv"))
    for cells in rows:
        REPORTED_TABLE.values_from_csv(header, cells)
    wrong = [header[1], header[0], *header[2:]]
    with pytest.raises(ValueError, match="another header"):
        REPORTED_TABLE.values_from_csv(wrong, rows[0])


@pytest.mark.parametrize("text", ["=1+1", "+44", "-5", "@x", "\tx", "'=1", "''=1", "plain", "", "'quoted'", "5-4"])
def test_neutralised_text_reads_back_exactly(text):
    written = neutralised(text)
    assert written[:1] not in {"=", "+", "-", "@", "\t"}
    field = next(f for f in REPORTED_TABLE.fields if f.name == "headline")
    header = REPORTED_TABLE.header
    cells = [""] * len(header)
    cells[header.index(field.name)] = written
    assert REPORTED_TABLE.values_from_csv(header, cells)["headline"] == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("90.0000"), "90"),
        (Decimal("0.0000"), "0"),
        (Decimal("-12.50"), "-12.5"),
        (Decimal("1E+3"), "1000"),
        (None, ""),
    ],
)
def test_numbers_are_bare(value, expected):
    assert bare(value) == expected
