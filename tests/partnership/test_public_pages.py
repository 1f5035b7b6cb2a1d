"""Pages for everybody beside the data: symbols, accessibility; files that a child writes; where a table has its CSV."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client, override_settings

from indicators.bounded import Busy, TooLarge
from indicators.committee_table import COMMITTEE_TABLE
from indicators.measurement import Flag
from indicators.rag import MissingReason, NotJudged, Rating, missing_words
from indicators.symbols_table import symbol_groups
from partnership.views import open_files
from tests import builders as b
from tests.builders.official import an_area
from tests.parity import csv_of, soup_of, words
from tests.partnership.public_world import MISSING, TABLE_URL, a_member, a_public_world, large

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def page(path: str) -> BeautifulSoup:
    response = Client().get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "lxml")


def test_symbols_when_read_then_every_reason_and_flag_of_the_code_with_its_words() -> None:
    groups = {group.code: [symbol.code for symbol in group.symbols] for group in symbol_groups()}
    assert groups["missing"] == [reason.value for reason in MissingReason]
    assert set(groups["missing"]) | set(groups["reasons"]) == {reason.value for reason in NotJudged}
    assert set(groups["ratings"]) == {rating.value for rating in Rating}
    assert groups["flags"] == [flag.value for flag in Flag]
    soup = page("/symbols/")
    for group in symbol_groups():
        rows = soup.select(f"section#{group.code} tbody tr")
        assert [words(tr.th.get_text()) for tr in rows] == groups[group.code]
        assert all(len(words(tr.td.get_text())) > 3 for tr in rows if group.code != "confidence")
    assert missing_words(MissingReason.CONFIDENTIAL) in soup.get_text()


def test_accessibility_when_a_contact_is_set_then_that_is_whom_one_writes_to() -> None:
    assert "tell the administrator of your partnership" in page("/accessibility/").get_text()
    with override_settings(ACCESSIBILITY_CONTACT="access@example.org"):
        text = page("/accessibility/").get_text()
    assert "write to access@example.org" in text
    assert "administrator of your partnership" not in text
    assert "What is not perfect" in text
    assert "Equality Advisory and Support Service" in text


def test_footer_when_any_page_is_read_then_it_leads_to_data_symbols_accessibility_and_the_licence(
    partnership: Any,
) -> None:
    member = a_member()
    for client, path in ((Client(), "/symbols/"), (Client(), "/sign-in/"), (member, "/northshire/")):
        foot = BeautifulSoup(client.get(path).content, "lxml").select_one("footer")
        assert {"/data/", "/symbols/", "/accessibility/"} <= {a["href"] for a in foot.select("a")}, path
        assert foot.select_one("a[rel=license]").get_text() == "Open Government Licence v3.0"


@override_settings(DATA_LICENCE_NAME="Another licence", DATA_LICENCE_URL="https://example.org/licence")
def test_licence_when_another_is_set_then_it_stands_in_every_place(partnership: Any) -> None:
    a_public_world()
    for path in (f"{TABLE_URL}/", f"{TABLE_URL}.json", "/api/v1/openapi.json"):
        assert "Another licence" in Client().get(path).content.decode(), path
    for path in (f"{TABLE_URL}.csv-metadata.json", "/api/v1/figures", "/data/"):
        assert "https://example.org/licence" in Client().get(path).content.decode(), path


# Files that a child writes


def test_xlsx_when_asked_for_then_the_cells_of_the_csv(partnership: Any) -> None:
    a_public_world()
    header, *rows = csv.reader(io.StringIO(Client().get(f"{TABLE_URL}.csv").content.decode(), newline=""))
    response = Client().get(f"{TABLE_URL}.xlsx")
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = openpyxl.load_workbook(io.BytesIO(response.content))["Table"]
    told = list(sheet.iter_rows(values_only=True))
    at = told.index(tuple(header))
    assert any("Open Government Licence v3.0" in str(line[0]) for line in told[:at])
    values = [COMMITTEE_TABLE.values_from_csv(COMMITTEE_TABLE.header, _committee(header, r)) for r in rows]
    for line, row in zip(told[at + 1 :], values, strict=True):
        found = dict(zip(header, line, strict=True))
        assert (found["name"], found["symbol"] or "") == (row["name"], row["symbol"])
        assert found["headline"] == (row["headline"] or None)
        assert (None if row["value"] is None else float(row["value"])) == found["value"]
        assert (found["expected_on"].date() if found["expected_on"] else None) == row["expected_on"]


def _committee(header: list[str], row: list[str]) -> list[str]:
    """The cells of a row in the order of the committee table, those of variation left out."""
    held = dict(zip(header, row, strict=True))
    return [held[name] for name in COMMITTEE_TABLE.header]


def test_made_file_when_the_client_has_it_or_asks_for_the_head_then_no_child_is_started(
    partnership: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_public_world()
    started: list[str] = []
    monkeypatch.setattr(open_files.bounded, "run", lambda **asked: started.append(asked["job"]) or b"PK")
    for form in ("xlsx", "ods"):
        first = Client().get(f"{TABLE_URL}.{form}")
        assert Client().get(f"{TABLE_URL}.{form}", headers={"if-none-match": first["ETag"]}).status_code == 304
        assert Client().head(f"{TABLE_URL}.{form}")["ETag"] == first["ETag"]
    assert started == ["indicators.workbooks:write_xlsx", "indicators.workbooks:write_ods"]


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [(Busy("Wait a minute."), "Wait a minute."), (TooLarge("Too large."), "The CSV file has the same figures.")],
)
def test_made_file_when_it_cannot_be_made_then_503_with_a_sentence_that_no_cache_keeps(
    partnership: Any, monkeypatch: pytest.MonkeyPatch, refusal: Exception, sentence: str
) -> None:
    a_public_world()

    def run(**asked: Any) -> bytes:
        assert asked["leaves"] == 1, "a place stays for those who are signed in"
        raise refusal

    monkeypatch.setattr(open_files.bounded, "run", run)
    response = Client().get(f"{TABLE_URL}.ods")
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "30", "no-store")
    assert "ETag" not in response
    assert sentence in response.content.decode()


@override_settings(FILE_RATE=1)
def test_made_file_when_asked_for_too_often_then_429_and_the_csv_still_comes(
    partnership: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_public_world()
    monkeypatch.setattr(open_files.bounded, "run", lambda **asked: b"PK")
    answers = [Client().get(f"{TABLE_URL}.{form}") for form in ("xlsx", "ods", "csv")]
    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert int(answers[1]["Retry-After"]) >= 1


# The Department's layout of a published table


def test_ees_when_the_area_is_known_then_its_codes_and_the_rows_of_the_table(partnership: Any) -> None:
    a_public_world()
    region = an_area("E12000003", "Yorkshire and The Humber", "region")
    area = an_area("E06000099", "Northshire", region=region)
    rows = list(csv.DictReader(io.StringIO(Client().get(f"{TABLE_URL}.ees.csv").content.decode(), newline="")))
    assert [(r["value_percent"], r["numerator"], r["target_percent"]) for r in rows] == [
        ("85", "850", "80"), ("75", "750", "80"), ("x", "x", "80"),
    ]  # fmt: skip
    assert {(r["new_la_code"], r["la_name"], r["old_la_code"]) for r in rows} == {(area.code, area.name, "x")}
    assert {(r["region_code"], r["time_identifier"]) for r in rows} == {("E12000003", "Financial year Q4")}
    assert {r["breakdown"] for r in rows} == {"Total"}
    assert MISSING.missing_reason == "not_reportable"


# Each table downloadable where it stands


def test_indicators_when_read_beside_their_file_then_the_same_latest_figures(partnership: Any) -> None:
    scorecard = b.a_scorecard(2)
    line, bare = scorecard.lines.order_by("order")
    b.a_return(scorecard, state="approved", cells={line.series_id: large(850), bare.series_id: MISSING})
    b.an_indicator("without", name="Without a figure")
    member = a_member()
    header, rows = csv_of(member, "/northshire/indicators.csv")
    soup = soup_of(member, "/northshire/indicators/")
    assert soup.select_one("a[href='/northshire/indicators.csv']").get_text() == "Download as CSV"
    shown = {}
    for tr in soup.select("tbody tr"):
        cells = [words(cell.get_text(" ")) for cell in tr.select("th, td")]
        shown[cells[0]] = (cells[2], cells[4])
    assert shown.pop("Without a figure")[1] == "No figure yet"
    told = {}
    for row in rows:
        values = COMMITTEE_TABLE.values_from_csv(header, row)
        cells = {c.key: words(" ".join(c.text(values))) for c in COMMITTEE_TABLE.columns if c.text}
        told[values["name"]] = (cells["figure"], cells["rating"])
    assert {name: (f.removesuffix(" No figure"), rating) for name, (f, rating) in shown.items()} == told
    assert len(csv_of(member, "/northshire/indicators.csv?q=measure+1")[1]) == 1
