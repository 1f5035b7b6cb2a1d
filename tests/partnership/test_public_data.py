"""Published data for everybody: what is told and what is not, at each address, in each form, and how it is kept."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators import triggers
from indicators.models import PublishedTable
from indicators.operations import WrongState
from indicators.permissions import Access
from indicators.roles import Role
from indicators.variation_table import REPORTED_TABLE
from partnership.documents import Form as Docx
from partnership.models import Pack, PackTable
from partnership.open_data import Form
from partnership.operations.committee_papers import keep_form
from partnership.operations.pack_documents import keep_documents
from partnership.operations.packs import discard_pack, withdraw_pack
from partnership.operations.protection import tell_reason
from partnership.pack_document import pack_document, texts_of
from partnership.selectors.committee_papers import issuable_papers, may_read_issued
from partnership.selectors.pack_documents import pack_told
from partnership.selectors.packs import status_of
from tests import builders as b
from tests.parity import words
from tests.partnership.pack_world import a_pack, a_published_pack, a_reviewer, an_approver, stored_bytes, withdraw
from tests.partnership.paper_world import TWO, a_paper, issue, sign, the_clerk, write
from tests.partnership.public_world import (
    BODY,
    CODE,
    HOUR,
    PACK_URL,
    PLACE,
    SECRET,
    TABLE,
    TABLE_URL,
    PublicWorld,
    a_member,
    a_public_pack,
    a_public_world,
    all_that_is_hidden,
    body_of,
    correct,
)

# Pages for everybody: on PostgreSQL journeys walk them, and the API is asked for the same rows.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGES = ("/data/", f"/data/{PLACE}/", PACK_URL, f"{TABLE_URL}/", "/data/api/", "/symbols/", "/accessibility/")
# Those that a child writes are asked where one is at hand.
LIGHT = tuple(form for form in Form if form not in {Form.ODS, Form.XLSX})
FILES = tuple(f"{TABLE_URL}.{form.value}" for form in LIGHT)
ZIP = f"/data/{PLACE}/{CODE}.zip"
LISTS = ("partnerships", "packs", "tables", "indicators", "figures")
API = ("/api/v1/", "/api/v1/openapi.json", *(f"/api/v1/{name}" for name in LISTS))
EVERY = (*PAGES, *FILES, ZIP, *API)


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(db: None) -> PublicWorld:
    return a_public_world()


def the_table() -> PublishedTable:
    return PackTable.objects.get(pack__code=CODE, code=TABLE).table


def read(path: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV file."""
    header, *rows = csv.reader(io.StringIO(Client().get(path).content.decode(), newline=""))
    return header, rows


def text(path: str, status: int = 200, client: Client | None = None) -> str:
    response = (client or Client()).get(path)
    assert response.status_code == status, path
    return words(BeautifulSoup(response.content, "lxml").get_text(" "))


# Who, and what not


def test_every_address_when_anonymous_then_answered_without_session_or_cookie(world: PublicWorld) -> None:
    for path in EVERY:
        response = Client().get(path)
        assert response.status_code == 200, path
        body_of(response)
        assert response.cookies == {}, path
        assert "Cookie" not in response.get("Vary", ""), path
        assert response["Cache-Control"] == "public, max-age=300", path


def test_every_page_when_somebody_is_signed_in_then_it_is_the_same_for_them(world: PublicWorld) -> None:
    member = a_member()
    for path in (*PAGES, *API):
        mine = member.get(path)
        assert mine.content == Client().get(path).content, path
        assert "Cookie" not in mine.get("Vary", ""), path


def test_what_is_not_published_to_everybody_when_asked_for_then_as_if_it_were_not_there(world: PublicWorld) -> None:
    hidden = all_that_is_hidden(world)
    unknown = text(f"/data/{PLACE}/nothing/", 404)
    for pack in hidden.values():
        stem = f"/data/{PLACE}/{pack.code}"
        for path in (f"{stem}/", f"{stem}.zip", f"{stem}/{TABLE}/", *(f"{stem}/{TABLE}.{f.value}" for f in LIGHT)):
            found = text(path, 404)
            assert re.sub("Reference: .*", "", found) == re.sub("Reference: .*", "", unknown), path
    for path in ("/data/southshire/", f"/data/{PLACE}/{CODE}/other/", f"/data/{PLACE}/{CODE}/restated.csv"):
        assert Client().get(path).status_code == 404, path
    b.a_partnership("southshire", "E06000098")
    assert Client().get("/data/southshire/").status_code == 404


def test_newer_figure_when_only_the_board_was_told_then_in_no_public_response(world: PublicWorld) -> None:
    hidden = all_that_is_hidden(world)
    figures = "/api/v1/figures"
    asked = [f"{figures}?indicator=contract-1", f"{figures}?as_reported={CODE}", f"{figures}?pack={CODE}"]
    asked += [f"{figures}?as_reported={pack.code}" for pack in hidden.values()]
    asked += ["/api/v1/tables?page_size=1", "/data/?q=title", f"/data/{PLACE}/?state=replaced"]
    member = a_member()
    assert "4711" in member.get(f"/northshire/packs/{hidden['board'].code}/tables/{TABLE}.csv").content.decode()
    for path in (*EVERY, *asked):
        response = Client().get(path)
        told = body_of(response)
        if path == ZIP:
            archive = zipfile.ZipFile(io.BytesIO(told))
            told = b"\n".join(archive.read(name) for name in archive.namelist())
        said = told.decode() + str(response.headers)
        for secret in (*SECRET, "Board title", "Exempt title", "Draft title", "Embargoed title", "Cabinet"):
            assert secret not in said, (path, secret)
        for pack in hidden.values():
            assert pack.code not in said or pack.code in path, (path, pack.code)


def test_names_of_staff_when_a_pack_is_published_then_in_no_public_response(world: PublicWorld) -> None:
    names = [event.actor for event in world.pack.events.all()]
    assert any(names)
    for path in EVERY:
        told = body_of(Client().get(path))
        assert not [name for name in names if name.encode() in told], path


def test_withdrawn_pack_when_asked_for_then_gone_with_its_reason_and_without_contents(world: PublicWorld) -> None:
    withdraw(world.pack, reason="The wrong quarter.")
    for path in (PACK_URL, f"{TABLE_URL}/", *FILES, f"{TABLE_URL}.ods", ZIP):
        response = Client().get(path)
        assert response.status_code == 410, path
        told = response.content.decode()
        assert "The wrong quarter." in told, path
        assert "Measure 1" not in told, path
        assert response["Cache-Control"] == "no-store"
    assert text("/data/").count("Nothing has been published yet") == 1
    assert Client().get(f"/data/{PLACE}/").status_code == 404
    answer = Client().get(f"/api/v1/figures?as_reported={CODE}")
    assert answer.status_code == 410
    assert "The wrong quarter." in answer.json()["detail"]


def test_pack_closed_for_a_breach_when_asked_for_then_gone_and_not_even_why(world: PublicWorld) -> None:
    tag = Client().get(FILES[0])["ETag"]
    withdraw(world.pack, reason="It shows two children.", is_breach=True)
    for path in (PACK_URL, f"{TABLE_URL}/", *FILES, f"{TABLE_URL}.xlsx", ZIP):
        response = Client().get(path, headers={"if-none-match": tag})
        assert response.status_code == 410, path
        told = response.content.decode()
        for secret in ("two children", "Measure", world.pack.title, "850"):
            assert secret not in told, (path, secret)
    assert "two children" not in Client().get(f"/api/v1/figures?as_reported={CODE}").content.decode()


def test_table_when_it_is_not_for_everybody_then_not_told_even_in_a_pack_that_is(world: PublicWorld) -> None:
    triggers.remove(connection)
    PublishedTable.objects.update(audience="board")
    triggers.reinstall(connection)
    assert "Nothing has been published yet" in text("/data/")
    for path in (f"{TABLE_URL}/", *FILES):
        assert Client().get(path).status_code == 404, path
    assert Client().get("/api/v1/figures").json()["results"] == []


def test_pack_given_up_before_it_was_published_then_never_was(world: PublicWorld) -> None:
    draft = a_pack(world.scorecard, body="Forum", audience="public")
    discard_pack(pack=draft, version=draft.version, by=an_approver(), at=b.NOW)
    assert Client().get(f"/data/{PLACE}/{draft.code}/").status_code == 404


# The catalogue


def test_catalogue_when_filtered_then_only_what_passes(world: PublicWorld) -> None:
    a_public_pack(world.scorecard, body="Other Panel", title="Second & last", at=b.NOW + HOUR)
    assert "2 of 2 tables" in text("/data/")
    assert "1 of 2 tables" in text("/data/?q=SECOND+last")
    assert "0 of 2 tables" in text("/data/?q=zebra")
    assert "2 of 2 tables" in text("/data/?scorecard=contract&period=2021-22-q4")
    assert "0 of 2 tables" in text("/data/?state=replaced")
    assert "2 of 2 tables" in text(f"/data/{PLACE}/?state=standing")
    assert "2 of 2 tables" in text("/data/?scorecard=nonsense")


def test_catalogue_when_longer_than_a_page_then_paged(world: PublicWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnership.views.open_data.PAGE_SIZE", 1)
    a_public_pack(world.scorecard, body="Other Panel", title="Second", at=b.NOW + HOUR)
    assert "Second" in text("/data/")
    soup = BeautifulSoup(Client().get("/data/?page=2&q=quarter").content, "lxml")
    assert "Second" not in soup.select_one("table").get_text()
    assert soup.select_one("nav.govuk-pagination a[rel=prev]")["href"] == "?q=quarter&page=1"


def test_pack_when_replaced_by_a_public_one_then_both_say_so(world: PublicWorld) -> None:
    later = a_public_pack(world.scorecard, at=b.NOW + HOUR, title="Once more", supersedes=world.pack)
    assert "A later pack has replaced this one. Once more" in text(PACK_URL)
    assert f"It replaces {world.pack.title}" in text(f"/data/{PLACE}/{later.code}/")
    assert "1 of 2 tables" in text("/data/?state=replaced")
    found = {pack["code"]: pack for pack in Client().get("/api/v1/packs").json()["results"]}
    assert found[CODE]["replaced_by"] == later.code
    assert found[later.code]["replaces"] == CODE
    withdraw(later)
    assert "later pack has replaced" not in text(PACK_URL)


def replaced() -> dict[str, tuple[str | None, str | None]]:
    """By code what the API says that each pack replaces and is replaced by."""
    found = Client().get("/api/v1/packs").json()["results"]
    return {pack["code"]: (pack["replaces"], pack["replaced_by"]) for pack in found}


def test_pack_when_replaced_again_after_a_breach_then_both_say_so_and_the_closed_one_is_not_named(
    world: PublicWorld,
) -> None:
    closed = a_public_pack(world.scorecard, at=b.NOW + HOUR, title="Closed", supersedes=world.pack)
    withdraw(closed, is_breach=True)
    anew = a_public_pack(world.scorecard, at=b.NOW + 2 * HOUR, title="Anew", supersedes=world.pack)
    assert replaced() == {CODE: (None, anew.code), anew.code: (CODE, None)}
    assert "A later pack has replaced this one. Anew" in text(PACK_URL)


def test_pack_when_the_middle_one_of_three_is_withdrawn_then_the_others_name_each_other(world: PublicWorld) -> None:
    middle = a_public_pack(world.scorecard, at=b.NOW + HOUR, title="Middle", supersedes=world.pack)
    last = a_public_pack(world.scorecard, at=b.NOW + 2 * HOUR, title="Last", supersedes=middle)
    assert replaced() == {CODE: (None, middle.code), middle.code: (CODE, last.code), last.code: (middle.code, None)}
    withdraw(middle)
    assert replaced() == {CODE: (None, last.code), last.code: (CODE, None)}
    withdraw(last)
    assert replaced() == {CODE: (None, None)}


def test_pack_when_replaced_by_one_for_the_board_then_that_is_not_told(world: PublicWorld) -> None:
    a_published_pack(world.scorecard, body=BODY, supersedes=world.pack, at=b.NOW + HOUR)
    assert "later pack has replaced" not in text(PACK_URL)
    assert "1 of 1 table." in text("/data/?state=standing")
    assert Client().get("/api/v1/packs").json()["results"][0]["replaced_by"] is None


def test_figure_when_a_later_public_pack_tells_it_otherwise_then_marked_on_page_and_in_the_catalogue(
    world: PublicWorld,
) -> None:
    correct(world, 700, 1000)
    assert "restated" not in text(f"{TABLE_URL}/").replace("Restated since", "")
    assert "Later publications: None changes it" in text("/data/")
    assert "A figure that was corrected since is told once such a pack tells it." in text("/data/")
    later = a_public_pack(world.scorecard, body="Other Panel", title="Second", at=b.NOW + 2 * HOUR)
    page = text(f"{TABLE_URL}/")
    assert "1 figure has been restated since" in page
    assert "Restated since this pack: the rating changes" in page
    row = "Measure 1 As reported here: 85% 850 of 1,000 As told last: 70% 700 of 1,000 Rating: Changes Told in: Second"
    assert row in text(PACK_URL)
    assert "1 figure restated" in text("/data/")
    tables = {(t["pack"], t["code"]): t for t in Client().get("/api/v1/tables").json()["results"]}
    assert tables[CODE, TABLE]["revised"] == 1
    assert tables[later.code, TABLE]["revised"] == 0


def test_figure_when_the_next_pack_lists_it_as_restated_then_told_from_that_list(world: PublicWorld) -> None:
    other = b.a_scorecard(1, code="other")
    b.a_return(other, state="approved", cells={other.lines.get().series_id: b.a_cell(900, 1000, commentary="So.")})
    correct(world, 900, 1000)
    later = a_public_pack(other, at=b.NOW + 2 * HOUR, title="Next", meeting_on=b.date(2022, 7, 21))
    assert PackTable.objects.filter(pack=later, code="restated").exists()
    assert "1 figure has been restated since" in text(f"{TABLE_URL}/")
    figures = Client().get("/api/v1/figures?indicator=contract-1").json()["results"]
    assert [(f["value"], f["pack"], f["table"]) for f in figures] == [(90, later.code, "restated")]
    for query in ("period_to=2021-22-q3", "period_from=2022-23-q1", "scorecard=other", "breakdown=source%3Dpolice"):
        found = Client().get(f"/api/v1/figures?indicator=contract-1&{query}").json()["results"]
        assert found == [], "the filters hold for lists of restated figures too"
    told = Client().get(f"/api/v1/figures?indicator=contract-1&as_reported={CODE}").json()["results"]
    assert [(f["value"], f["pack"]) for f in told] == [(85, CODE)]
    assert "Measure 1" in text(f"/data/{PLACE}/{later.code}/restated/")


def test_list_when_the_pack_that_told_it_is_closed_then_it_repeats_nothing_of_it_anywhere(world: PublicWorld) -> None:
    """850 of 1,000 was told by the pack that is withdrawn for a breach; the list of the next one said it again."""
    other = b.a_scorecard(1, code="other")
    b.a_return(other, state="approved", cells={other.lines.get().series_id: b.a_cell(901, 1000, commentary="So.")})
    correct(world, 900, 1000)
    later = a_public_pack(other, at=b.NOW + 2 * HOUR, title="Next", meeting_on=b.date(2022, 7, 21))
    made = pack_document(pack_told(status_of(later)))
    keep_documents(pack=later, made={Docx.DOCX: b"made before"}, redactions=0, by=an_approver(), at=b.NOW + 2 * HOUR)
    keep_form(partnership=later.partnership, sections=TWO, version=0, by=the_clerk(), at=b.NOW)
    late = b.NOW + timedelta(hours=2, minutes=10)
    paper = a_paper(later)
    write(paper, "summary", "As told.", at=late)
    sign(paper, "legal", at=late)
    issued = issue(paper, at=late)
    listed = f"/data/{PLACE}/{later.code}/restated"
    zipped = f"/data/{PLACE}/{later.code}.zip"
    sha = the_sha(later)
    assert "850" in text(f"{listed}/")
    withdraw_pack(pack=world.pack, reason="It told 850.", is_breach=True, by=an_approver(), at=b.NOW + 3 * HOUR)
    for address in (*(f"{listed}.{form.value}" for form in LIGHT if "ees" not in form.value), f"{listed}/",
                    "/api/v1/figures", f"/data/{PLACE}/{later.code}/"):  # fmt: skip
        response = Client().get(address)
        assert response.status_code == 200
        assert b"850" not in response.content, address
    assert "1 figure is left out of this list: the pack that had told it was withdrawn for a breach." in text(
        f"{listed}/"
    )
    archive = zipfile.ZipFile(io.BytesIO(body_of(Client().get(zipped))))
    assert b"850" not in archive.read("restated.csv")
    (told,) = [t for t in json.loads(archive.read("manifest.json"))["tables"] if t["code"] == "restated"]
    tables = {t["code"]: t["sha256"] for t in Client().get(f"/api/v1/tables?pack={later.code}").json()["results"]}
    now = sha256(archive.read("restated.csv")).hexdigest()
    assert {told["sha256"], tables["restated"]} == {now} != {sha}
    assert f"(SHA-256): {now}" in text(f"{listed}/")
    assert now in text(f"/data/{PLACE}/{later.code}/")
    assert Client().get("/api/v1/figures?indicator=contract-1").json()["results"] == [], "as the list tells it no more"
    # To members: page, file and documents.
    member = a_member(Role.SCRUTINY_OFFICER)
    inside = f"/{PLACE}/packs/{later.code}/"
    for address in (f"{inside}tables/restated/", f"{inside}tables/restated.csv"):
        assert b"850" not in member.get(address).content, address
    again = pack_document(pack_told(status_of(later)))
    assert ["850" in "".join(texts_of(one.blocks)) for one in (made, again)] == [True, False]
    assert "closed by the withdrawal of a pack that it repeats" in words(text_in(member.get(inside)))
    assert member.get(f"{inside}document.docx").status_code == 302
    assert member.get(f"{inside}papers/1/issues/1.docx").status_code == 403
    assert not may_read_issued(issued.word, Access())
    assert issuable_papers(later.partnership) == []
    late = b.NOW + 4 * HOUR
    keep_documents(pack=later, made={Docx.DOCX: b"made again"}, redactions=0, by=an_approver(), at=late)
    assert member.get(f"{inside}document.docx").content == b"made again"


def test_reason_for_a_withdrawal_when_it_could_tell_of_somebody_then_everybody_reads_it_only_once_decided(
    world: PublicWorld, signed_in: Any
) -> None:
    """Refused first; then the pack is withdrawn at once, and the reason waits for a reviewer, who is somebody else."""
    page, why = f"/{PLACE}/packs/{CODE}/", "It told of only two children."
    publisher, reviewer = signed_in(an_approver()), signed_in(a_reviewer())
    answer = words(text_in(publisher.post(f"{page}withdraw/", {"reason": why})))
    assert "Everybody would read this, and it could identify somebody: “two”. Write it in other words." in answer
    assert "keep the reason from everybody until a reviewer has decided" in answer
    assert Client().get(PACK_URL).status_code == 200, "nothing is withdrawn"
    publisher.post(f"{page}withdraw/", {"reason": why, "is_held": "on"})
    assert status_of(world.pack).is_reason_held
    for address in (PACK_URL, f"{TABLE_URL}.csv", f"/api/v1/figures?as_reported={CODE}"):
        gone = Client().get(address)
        assert (gone.status_code, b"two" in gone.content) == (410, False), address
    act = {"action": "reason", "why": "The two are fictitious."}
    publisher.post(f"{page}small-numbers/act/", act)
    reviewer.post(f"{page}small-numbers/act/", act | {"why": " "})
    assert "May everybody read why?" not in text_in(publisher.get(page))
    assert status_of(Pack.objects.get(pk=world.pack.pk)).is_reason_held, (
        "who withdrew does not decide, nor without words"
    )
    assert "May everybody read why?" in text_in(reviewer.get(page))
    reviewer.post(f"{page}small-numbers/act/", act)
    assert why.encode() in Client().get(PACK_URL).content
    assert why in Client().get(f"/api/v1/figures?as_reported={CODE}").json()["detail"]
    with pytest.raises(WrongState, match="no reason"):
        tell_reason(pack=world.pack, why="Again.", by=a_reviewer(), at=b.NOW)


def test_reason_for_a_withdrawal_when_nothing_tells_or_members_alone_read_it_then_it_stands_at_once(
    world: PublicWorld,
) -> None:
    board = a_published_pack(world.scorecard, body="Board")
    for pack, reason, breach in ((board, "Two children.", False), (world.pack, "Wrong period.", False)):
        withdraw(pack, reason=reason, is_breach=breach)
        assert not status_of(pack).is_reason_held
    withdraw(world.pack, reason="Two children.", is_breach=True)
    assert status_of(world.pack).is_closed, "nothing stands in the way of closing"


def the_sha(pack: Pack) -> str:
    return PackTable.objects.get(pack=pack, code="restated").table.sha256


def text_in(response: Any) -> str:
    return BeautifulSoup(response.content, "lxml").get_text(" ")


def test_next_release_when_the_body_meets_in_public_again_then_that_day_else_the_day_returns_are_due(
    world: PublicWorld,
) -> None:
    assert "Next:" not in text("/data/")
    round_ = b.a_round(world.scorecard, b.Q4.next())
    round_.due_on = b.date(2022, 7, 29)
    round_.save()
    assert "Next: 29 July 2022, after the returns of 2022/23 Q1 are due" in text("/data/")
    meeting = b.a_meeting(b.a_body("Scrutiny Panel"), on=b.date(2022, 9, 8), state="planned", in_public=None)
    assert "29 July 2022" in text("/data/"), "a meeting that is not known to be in public is nobody else's affair"
    meeting.in_public = True
    meeting.save()
    assert "Next: 8 September 2022, when Scrutiny Panel next meets in public" in text("/data/")


@pytest.mark.once
def test_queries_when_there_are_more_packs_then_no_more(world: PublicWorld) -> None:
    def asked(path: str) -> int:
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as caught:
            body_of(Client().get(path))
        return len(caught)

    paths = [path for path in EVERY if path != ZIP]
    a_public_pack(world.scorecard, body="Panel 0", at=b.NOW + HOUR)
    before = {path: asked(path) for path in paths}
    for number in range(1, 3):
        a_public_pack(world.scorecard, body=f"Panel {number}", at=b.NOW + HOUR * (1 + number))
    assert {path: asked(path) for path in paths} == before
    assert max(before.values()) <= 14, before


# Files


def test_csv_when_asked_for_then_the_canonical_bytes(world: PublicWorld) -> None:
    response = Client().get(f"{TABLE_URL}.csv")
    assert response.content == stored_bytes(the_table())
    assert sha256(response.content).hexdigest() == the_table().sha256
    assert response["Content-Disposition"] == f'attachment; filename="{TABLE}_as-reported-2022-07-07.csv"'
    assert response["Link"].startswith(f"<{TABLE}.csv-metadata.json>")


def test_page_when_read_beside_the_csv_then_the_same_cells(world: PublicWorld) -> None:
    header, rows = read(f"{TABLE_URL}.csv")
    soup = BeautifulSoup(Client().get(f"{TABLE_URL}/").content, "lxml")
    shown = soup.select("table.sc tbody tr:not(.th)")
    assert len(shown) == len(rows) == 3
    for tr, row in zip(shown, rows, strict=True):
        for head in tr.select(".lab"):
            head.extract()
        values = REPORTED_TABLE.values_from_csv(header, row)
        cells = [words(cell.get_text(" ")) for cell in tr.select("th, td")]
        expected = [words(" ".join(c.text(values))) for c in REPORTED_TABLE.columns if c.text and c.key != "trend"]
        assert [cell.removesuffix(" No figure") for cell in cells] == expected


def test_csv_when_read_by_pandas_then_typed_and_whole(world: PublicWorld) -> None:
    pandas = pytest.importorskip("pandas")
    found = pandas.read_csv(io.BytesIO(Client().get(f"{TABLE_URL}.csv").content))
    assert list(found["value"])[:2] == [85.0, 75.0]
    assert found["value"].isna()[2]
    assert found["headline"][0] == "'=As, \nexpected"
    assert found["symbol"][2] == "not_reportable"


def test_json_when_read_then_the_rows_of_the_csv_with_exact_numbers(world: PublicWorld) -> None:
    header, rows = read(f"{TABLE_URL}.csv")
    found = json.loads(Client().get(f"{TABLE_URL}.json").content, parse_float=Decimal, parse_int=Decimal)
    assert [column["name"] for column in found["columns"]] == header
    assert found["licence"] == "Open Government Licence v3.0"
    for told, row in zip(found["rows"], rows, strict=True):
        values = REPORTED_TABLE.values_from_csv(header, row)
        assert told == {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in values.items()}


def test_csvw_when_read_then_it_describes_each_column_and_names_the_licence(world: PublicWorld) -> None:
    header, _ = read(f"{TABLE_URL}.csv")
    found = Client().get(f"{TABLE_URL}.csv-metadata.json").json()
    columns = found["tableSchema"]["columns"]
    assert [column["titles"] for column in columns] == header
    assert all(column["dc:description"] and column["null"] == [""] for column in columns)
    assert found["url"] == f"{TABLE}.csv"
    assert "open-government-licence" in found["dc:license"]["@id"]


def test_zip_when_opened_then_each_file_is_there_and_passes_its_checksum(world: PublicWorld) -> None:
    response = Client().get(ZIP)
    assert response.streaming
    data = body_of(response)
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert archive.namelist() == ["manifest.json", f"{TABLE}.csv", f"{TABLE}.csv-metadata.json", "SHA256SUMS"]
    sums = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
    assert set(sums) == set(archive.namelist()) - {"SHA256SUMS"}
    assert all(sha256(archive.read(name)).hexdigest() == digest for name, digest in sums.items())
    assert archive.read(f"{TABLE}.csv") == stored_bytes(the_table())
    manifest = json.loads(archive.read("manifest.json"))
    assert [t["sha256"] for t in manifest["tables"]] == [the_table().sha256]
    assert "published_by" not in manifest
    assert body_of(Client().get(ZIP)) == data


def test_file_when_the_client_has_it_then_304_and_head_has_no_body(world: PublicWorld) -> None:
    for path in (*FILES, ZIP, *PAGES, *API):
        first = Client().get(path)
        body_of(first)
        again = Client().get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, body_of(again)) == (304, b""), path
        assert again["ETag"] == first["ETag"]
        head = Client().head(path)
        assert (head.status_code, head["ETag"], body_of(head)) == (200, first["ETag"], b""), path
    for path in (*FILES, ZIP):
        first = Client().get(path)
        since = Client().get(path, headers={"if-modified-since": first["Last-Modified"]})
        assert since.status_code == 304, path
    assert len({Client().get(path)["ETag"] for path in FILES}) == len(FILES)


def test_other_sites_when_they_ask_then_files_and_api_are_open_to_them_and_pages_are_not(world: PublicWorld) -> None:
    for path in (*FILES, ZIP, *API, f"{TABLE_URL}.none", "/api/v1/figures?x=1"):
        response = Client().get(path)
        expected = None if path.endswith(".none") else "*"
        assert response.get("Access-Control-Allow-Origin") == expected, path
        assert "Access-Control-Allow-Credentials" not in response
    for path in PAGES:
        assert "Access-Control-Allow-Origin" not in Client().get(path), path


def test_every_address_when_something_is_sent_then_refused(world: PublicWorld) -> None:
    for path in EVERY:
        for method in ("post", "put", "patch", "delete"):
            assert getattr(Client(), method)(path).status_code == 405, (path, method)


def test_figure_that_is_hidden_when_told_then_a_symbol_in_every_form(world: PublicWorld) -> None:
    """A frozen cell that protection has emptied is like every other missing number."""
    triggers.remove(connection)
    table = the_table()
    row = table.rows.get(order=1)
    at = {name: number for number, name in enumerate(table.header)}
    for name in ("numerator", "denominator", "value", "previous_difference", "previous_from"):
        row.cells[at[name]] = ""
    hidden = {"symbol": "c", "basis": "missing", "rating": "not_judged", "rating_reason": "c"}
    for name, value in hidden.items():
        row.cells[at[name]] = value
    row.save()
    triggers.reinstall(connection)
    figures = Client().get("/api/v1/figures?indicator=contract-1").json()["results"]
    assert (figures[0]["value"], figures[0]["symbol"], figures[0]["rating"]) == (None, "c", "not_judged")
    assert figures[0]["symbol_means"] == "Confidential"
    ees_header, ees_rows = read(f"{TABLE_URL}.ees.csv")
    ees = dict(zip(ees_header, ees_rows[0], strict=True))
    assert (ees["numerator"], ees["denominator"], ees["value_percent"]) == ("c", "c", "c")
    assert "Confidential" in text(f"{TABLE_URL}/")
    correct(world, 700, 1000)
    a_public_pack(world.scorecard, body="Other Panel", at=b.NOW + 2 * HOUR)
    assert "restated since" not in text(f"{TABLE_URL}/"), "that it changed would tell what is hidden"
