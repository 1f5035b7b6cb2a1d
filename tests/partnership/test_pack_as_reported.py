"""Tables as they were reported: the page against the file, the file against its hash; read-only; large ones."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Return, Scorecard
from indicators.rag import Polarity, ToleranceKind
from indicators.roles import Role
from indicators.units import Unit
from indicators.variation_table import REPORTED_TABLE
from partnership.models import Pack, PackReason
from tests import builders as b
from tests.indicators.test_committee_table import TRICKY, screen_rows
from tests.partnership.pack_world import (
    CODE,
    a_pack,
    a_published_pack,
    an_approver,
    forms_of,
    manifest_sha,
    publish,
    restate,
    sha_of,
    soup_of,
    stored_bytes,
    withdraw,
    words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PACKS = "/northshire/packs/"
PACK = f"{PACKS}{CODE}/"
TABLE = f"{PACK}tables/contract-2021-22-q4"
SignIn = Callable[..., Client]


@pytest.fixture
def contract() -> Scorecard:
    """A scorecard of three lines whose quarter is accepted."""
    return b.an_accepted_quarter(3)


@pytest.fixture
def approver(contract: Scorecard, signed_in: SignIn) -> Client:
    return signed_in(an_approver())


@pytest.fixture
def board(contract: Scorecard, signed_in: SignIn) -> Client:
    return signed_in(b.a_user(Role.BOARD_MEMBER))


def text(client: Client, url: str) -> str:
    return words(soup_of(client, url).get_text(" "))


# As reported


@pytest.fixture
def every_shape() -> Scorecard:
    """A scorecard with every shape of figure, words that a spreadsheet would run, flags, caution and a query."""
    scorecard = b.a_scorecard()
    higher = b.an_indicator("derived", name="=Derived & <i>“quoted”</i>", scorecard=scorecard)
    b.a_figure(higher, b.Q3, 70, 100)
    b.a_figure(higher, b.Q4, 8996, 10000, headline="=HYPERLINK(1)", commentary=TRICKY)
    zero = b.an_indicator("zero", scorecard=scorecard, unit=Unit.COUNT, polarity=Polarity.LOWER, target=0, tolerance=1)
    b.a_figure(zero, value=0)
    missing = b.an_indicator("missing", scorecard=scorecard, theme="Theme 2")
    b.a_figure(missing, missing="not_reportable", commentary="The system changed.")
    met = b.an_indicator("met", scorecard=scorecard, target=90)
    b.a_paper_figure(met, met=False, commentary="Not met.")
    limit = b.an_indicator("limit", scorecard=scorecard, polarity=Polarity.LOWER, theme="Theme 2")
    b.a_paper_figure(limit, value=1, qualifier="<", quantum=1)
    money = b.an_indicator("money", scorecard=scorecard, unit=Unit.POUNDS, polarity=Polarity.NONE)
    b.a_figure(money, value=D("-4638.25"))
    rate = b.an_indicator("rate", scorecard=scorecard, unit=Unit.PER_10000, polarity=Polarity.LOWER, target="60.5",
                          tolerance_kind=ToleranceKind.RELATIVE, tolerance=10)  # fmt: skip
    b.a_figure(rate, b.Q4, 400, 64097, flags="p u", confidence="caution", confidence_reason="Being checked",
               commentary="Rising.")  # fmt: skip
    stated = b.an_indicator("stated", scorecard=scorecard)
    b.a_paper_figure(stated, value=84, numerator=1266, denominator=1514)
    broken = b.an_indicator("broken", scorecard=scorecard)
    b.a_figure(broken, b.Q4.same_period_last_year(), 81, 100)
    b.a_figure(broken, b.Q4, 82, 100)
    b.a_break(broken.series, b.Q4.start_on)
    b.a_round(scorecard).returns.update(state=Return.State.APPROVED)
    return scorecard


def read(client: Client, url: str) -> tuple[bytes, list[str], list[list[str]]]:
    response = client.get(url)
    assert response.status_code == 200
    header, *rows = list(csv.reader(io.StringIO(response.content.decode(), newline="")))
    return response.content, header, rows


def assert_as_reported(client: Client, pack: Pack, code: str) -> int:
    """The page against the file, cell for cell through the columns; the file against the hash on the page."""
    url = f"/{pack.partnership.slug}/packs/{pack.code}/tables/{code}"
    data, header, rows = read(client, f"{url}.csv")
    soup = soup_of(client, f"{url}/")
    assert soup.select_one("code.hash").get_text() == sha_of(data)
    shown = screen_rows(str(soup))
    assert len(shown) == len(rows)
    by_code = {}
    for cells in rows:
        values = REPORTED_TABLE.values_from_csv(header, cells)
        by_code[values["indicator"], values["slice"]] = values
    assert len(by_code) == len(rows)
    order = [REPORTED_TABLE.values_from_csv(header, c) for c in rows]
    themes = list(dict.fromkeys(v["theme"] for v in order))
    for cells, values in zip(shown, sorted(order, key=lambda v: themes.index(v["theme"])), strict=True):
        for column in REPORTED_TABLE.columns:
            if column.text is not None:
                expected = words(" ".join(column.text(values)))
                assert cells[column.key].removesuffix(" Restated since this pack: the rating changes") == expected
    return len(rows)


def test_table_as_reported_when_of_every_shape_then_page_and_file_are_the_same_cell_for_cell(
    every_shape: Scorecard, signed_in: SignIn
) -> None:
    pack = a_published_pack(every_shape)
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    assert assert_as_reported(client, pack, "contract-2021-22-q4") == 9
    data, _, _ = read(client, f"{TABLE}.csv")
    assert data == stored_bytes(pack.tables.get().table)
    response = client.get(f"{TABLE}.csv")
    assert response["Content-Disposition"] == ('attachment; filename="contract-2021-22-q4_as-reported-2022-07-07.csv"')
    assert response["Cache-Control"] == "no-store"


def test_table_as_reported_when_compared_with_the_scorecard_of_that_day_then_the_same_bytes(
    every_shape: Scorecard, signed_in: SignIn
) -> None:
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    live = b"".join(client.get("/northshire/scorecards/contract.csv").streaming_content)
    a_published_pack(every_shape)
    assert client.get(f"{TABLE}.csv").content == live


def test_real_table_as_reported_when_two_figures_are_restated_then_it_differs_by_two_marks_alone(
    real: Any, signed_in: SignIn
) -> None:
    scorecard = Scorecard.objects.get(partnership=real, code="contract")
    pack = a_pack(scorecard)
    for point in soup_of(signed_in(an_approver(real)), f"/doncaster/packs/{pack.code}/").select("ul.points input"):
        PackReason.objects.create(
            pack=pack, point=point["name"].removeprefix("why-"), reason="As printed.", by=an_approver(real),
            actor="x", at=b.NOW,
        )  # fmt: skip
    publish(pack)
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER, partnership=real))
    url = f"/doncaster/packs/{pack.code}/tables/contract-2021-22-q4"
    before, html = client.get(f"{url}.csv").content, soup_of(client, f"{url}/")
    assert assert_as_reported(client, pack, "contract-2021-22-q4") == 11
    row = Return.objects.get(round__scorecard=scorecard, number=1)
    series = scorecard.lines.get(series__indicator__code="assessments-45-days").series
    restate(row, {series: b.a_cell(1266, 1514, commentary="From its own parts.")})
    assert client.get(f"{url}.csv").content == before
    after = soup_of(client, f"{url}/")
    marks = [s.extract().get_text() for s in after.select("span.mark") if "Restated since this pack" in s.get_text()]
    assert len(marks) == 1
    table = [words(str(soup.select_one("table.sc"))).replace(" </td>", "</td>") for soup in (html, after)]
    assert table[0] == table[1]
    assert "1 figure has been restated since" in words(after.get_text(" "))


def test_table_as_reported_when_the_world_goes_on_then_its_page_reads_the_same(
    every_shape: Scorecard, signed_in: SignIn
) -> None:
    a_published_pack(every_shape)
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    before = screen_rows(str(soup_of(board, f"{TABLE}/")))
    line = every_shape.lines.get(series__indicator__code="derived")
    b.a_target(line, valid_from=b.Q4, target=D(99), tolerance=D(98))
    every_shape.themes.update(name="Other")
    b.a_break(line.series, b.Q4.start_on)
    after = screen_rows(str(soup_of(board, f"{TABLE}/")))
    after[0]["rating"] = after[0]["rating"].removesuffix(" Restated since this pack: the rating changes")
    assert after == before


def test_restated_figure_when_on_the_page_as_reported_then_marked_and_counted(
    contract: Scorecard, board: Client
) -> None:
    a_published_pack(contract)
    assert "Nothing has been restated since." in text(board, f"{TABLE}/")
    first, second, _ = (line.series for line in contract.lines.order_by("order"))
    restate(Return.objects.get(), {first: b.a_cell(20, 100, commentary="Again."),
                                   second: b.a_cell(86, 100, commentary="Again.")})  # fmt: skip
    soup = soup_of(board, f"{TABLE}/")
    notes = [words(tr.select_one(".tagc").get_text(" ")) for tr in soup.select("table.sc tbody tr:not(.th)")]
    assert notes == [
        "Better than target Restated since this pack: the rating changes",
        "Better than target Restated since this pack",
        "Better than target",
    ]
    assert "2 figures have been restated since ; the table shows what was reported." in words(soup.get_text(" "))
    assert "85 of 100" in words(soup.get_text(" "))
    assert "3 of 3 indicators could be judged: 0 outside, 0 within, 3 better, 0 no figure." in words(soup.get_text(" "))


def test_table_of_money_when_it_has_no_target_then_rows_with_a_figure_are_counted_and_it_still_verifies(
    board: Client,
) -> None:
    money = b.a_scorecard(code="money")
    Scorecard.objects.filter(pk=money.pk).update(purpose=Scorecard.Purpose.MONEY)
    none = {"scorecard": money, "target": None, "polarity": Polarity.NONE}
    b.an_indicator("known", **none)
    b.a_return(money, state="approved")
    b.a_paper_figure(b.an_indicator("unknown", **none), b.Q4, missing="z", commentary="Nobody pays it.")
    a_published_pack(money)
    here = f"{PACK}tables/money-2021-22-q4"
    told = "1 of 2 rows have a figure. Nothing here is held against a target, so nothing is rated. Nothing has been"
    assert told in text(board, f"{here}/")
    assert "could be judged" not in text(board, f"{here}/")
    file = sha_of(board.get(f"{here}.csv").content)
    assert file == json.loads(board.get(f"{PACK}manifest.json").content)["manifest"]["tables"][0]["sha256"]
    Scorecard.objects.filter(pk=money.pk).update(purpose=Scorecard.Purpose.PERFORMANCE)
    assert "0 of 2 indicators could be judged" in text(board, f"{here}/")


def test_manifest_when_downloaded_then_its_hash_is_that_of_what_it_holds(contract: Scorecard, board: Client) -> None:
    pack = a_published_pack(contract)
    response = board.get(f"{PACK}manifest.json")
    body = json.loads(response.content)
    assert manifest_sha(body["manifest"]) == body["sha256"]
    assert body["manifest"]["tables"][0]["sha256"] == sha_of(board.get(f"{TABLE}.csv").content)
    assert response["Content-Disposition"] == f'attachment; filename="{pack.code}_manifest.json"'
    assert body["sha256"] in text(board, f"{TABLE}/")


# Read-only (trap 18)

READ_ONLY = ("", f"{CODE}/", f"{CODE}/tables/contract-2021-22-q4/", f"{CODE}/tables/contract-2021-22-q4.csv",
             f"{CODE}/manifest.json")  # fmt: skip


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_page_of_what_was_reported_when_something_is_sent_then_refused(
    contract: Scorecard, approver: Client, method: str
) -> None:
    a_published_pack(contract)
    for path in (*(f"/northshire/packs/{p}" for p in READ_ONLY), "/northshire/restated/", "/northshire/restated.csv",
                 "/northshire/scorecards/contract/", "/northshire/scorecards/contract/?as_at=2022-07-06",
                 "/northshire/scorecards/contract.csv?as_at=2022-07-06"):  # fmt: skip
        response = getattr(approver, method)(path)
        assert response.status_code == 405, path
    assert approver.get(f"{PACK}act/").url == PACK  # who opens a form's address is led to its page


def test_page_of_what_was_reported_when_read_then_there_is_no_form_on_it(
    contract: Scorecard, approver: Client, board: Client
) -> None:
    a_published_pack(contract)
    restate(Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Again.")})
    b.tick(contract)
    later = a_published_pack(contract, period=b.Q4.next(), body="Later")
    for client in (approver, board):
        for url in (PACK, f"{TABLE}/", f"{PACKS}{later.code}/tables/restated/", "/northshire/restated/", PACKS,
                    "/northshire/scorecards/contract/?as_at=2022-07-06"):  # fmt: skip
            asked_for = [f"post {PACK}documents/make/"] if url == PACK else []  # makes a file, changes nothing told
            assert forms_of(soup_of(client, url)) == asked_for, url
        soup = soup_of(client, f"{TABLE}/")
        assert [f.get("action") for f in soup.select("form")] == ["/sign-out/", "/session/stay/"]
        assert soup.select("main input, main button, main select, main textarea") == []


# Large


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        assert response.status_code == 200
        if response.streaming:
            b"".join(response.streaming_content)
    return len(queries)


def large(rows: int, code: str) -> Pack:
    """A published pack with so many rows, three of them restated since."""
    scorecard = b.a_scorecard(rows, code=code, n_themes=5)
    words_of_each = {"commentary": "As expected, and more. " * 9}
    cells = {line.series_id: b.a_cell(85, 100, **words_of_each) for line in scorecard.lines.all()}
    row = b.a_return(scorecard, state="approved", cells=cells)
    pack = a_published_pack(scorecard, body=code)
    restated = [line.series for line in scorecard.lines.order_by("order")[:3]]
    restate(row, {series: b.a_cell(20, 100, commentary="Again.") for series in restated})
    return pack


@pytest.mark.once
def test_pages_when_there_are_five_or_sixty_rows_then_as_many_queries(signed_in: SignIn) -> None:
    small, big = large(5, "small"), large(60, "big")
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    for path in ("", "tables/{code}-2021-22-q4/", "tables/{code}-2021-22-q4.csv", "manifest.json"):
        found = [
            queries_of(client, f"{PACKS}{pack.code}/{path.format(code=pack.body)}") for pack in (small, big)
        ]  # fmt: skip
        assert found[0] == found[1] <= 29, (path, found)
    scorecards = [queries_of(client, f"/northshire/scorecards/{code}/") for code in ("small", "big")]
    assert scorecards[0] == scorecards[1] <= 34, scorecards
    assert assert_as_reported(client, big, "big-2021-22-q4") == 60


def test_check_list_when_there_are_five_or_sixty_rows_then_as_many_queries(signed_in: SignIn) -> None:
    found = []
    for rows in (5, 60):
        scorecard = b.a_scorecard(rows, code=f"s{rows}")
        b.a_history(scorecard, 1, numerators=(40,))
        pack = a_pack(scorecard, body=f"s{rows}")
        found.append(queries_of(signed_in(an_approver()), f"{PACKS}{pack.code}/"))
        assert f"{rows} points stand against it" in text(signed_in(an_approver()), f"{PACKS}{pack.code}/")
    assert found[0] == found[1] <= 29, found


@pytest.mark.once
def test_pages_when_there_is_one_pack_or_seven_then_as_many_queries(contract: Scorecard, signed_in: SignIn) -> None:
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    a_published_pack(contract)
    restate(Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Again.")})
    urls = (PACKS, PACK, f"{TABLE}/", "/northshire/restated/", "/northshire/scorecards/contract/", "/northshire/")
    one = {url: queries_of(client, url) for url in urls}
    for number in range(6):
        pack = a_published_pack(contract, meeting_on=b.date(2022, 7, 8), title=f"Pack {number}")
        if number % 5 == 0:
            withdraw(pack)
    series = contract.lines.first().series
    restate(Return.objects.order_by("pk").last(), {series: b.a_cell(30, 100, commentary="Once more.")})
    many = {url: queries_of(client, url) for url in urls}
    assert many == one
    assert text(client, PACKS).count("7 July 2022, 10:00") == 7


@pytest.mark.once
def test_restated_figures_when_of_many_scorecards_that_did_not_change_then_as_many_queries(
    contract: Scorecard, signed_in: SignIn
) -> None:
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    a_published_pack(contract)
    restate(Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Again.")})
    one = queries_of(client, "/northshire/restated/")
    for number in range(8):
        scorecard = b.a_scorecard(1, code=f"more-{number}")
        b.a_return(scorecard, state="approved")
        a_published_pack(scorecard)
    assert queries_of(client, "/northshire/restated/") == one
