"""What was counted in a placements file: its tables, who reads them, and what is taken of it into the open return."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from finance.models import Ssda903Decision
from finance.ssda903.answer import sums_of
from finance.ssda903.load_tables import (
    AGES_TABLE,
    AHEAD_TABLE,
    FINDINGS_TABLE,
    FLOWS_TABLE,
    MOVES_TABLE,
    RATES_TABLE,
    RUNGS_TABLE,
    age_rows,
    flow_rows,
    move_rows,
    of_use,
)
from finance.ssda903.offer_table import OFFERS_TABLE
from indicators.models import AuditEvent, DraftCell
from indicators.operations import OperationError
from indicators.roles import Role
from tests import builders as b
from tests.finance.placements_return import an_officer, an_open_return
from tests.finance.ssda903_world import OOA, SUMS, a_load, an_answer
from tests.indicators.return_pages import soup, words
from tests.parity import csv_of, shown, table_named
from tests.parity import words as squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NIGHTS = "30 June 2022, 30 September 2022, 31 December 2022 and 31 March 2023"
COMPARED = "Counted figures beside the returns"
SOURCE = "SSDA903, 2021/22 Q4, file 1a2b3c4d"
HERE = "/northshire/money/placements-file/"
QUERIES_OF_THE_PAGE, QUERIES_OF_THE_LIST = 19, 11


@pytest.fixture
def row(partnership):
    return an_open_return()


@pytest.fixture
def officer(row):
    return an_officer()


@pytest.fixture
def client(officer, signed_in) -> Client:
    return signed_in(officer)


@pytest.fixture
def load(row):
    return a_load()


def place(load, more: str = "") -> str:
    return f"{HERE}{load.code}/{more}"


def compared(client, load) -> list[list[str]]:
    """The rows of the comparison: figure, counted, in the return, compared."""
    return [cells[:4] for cells in shown(table_named(soup(client.get(place(load))), COMPARED))]


def pick(client, load, number: int = 0) -> str:
    """What the accept button of the nth row carries."""
    return soup(client.get(place(load))).select('button[form="accept"]')[number]["value"]


def decide(client, load, do: str, *picks: str, reason: str = ""):
    return client.post(place(load, "decide/"), {"do": do, "pick": picks, "reason": reason}, follow=True)


def cells() -> dict[tuple[str, str], DraftCell]:
    rows = DraftCell.objects.select_related("series__indicator", "series__slice")
    return {(cell.series.indicator.code, cell.series.slice.key): cell for cell in rows}


# Shown


def test_page_when_opened_then_it_says_how_many_came_left_and_moved(client, load):
    said = words(client.get(place(load)))
    assert (
        "5 children were in care on the night before 1 January 2022 and 5 on the night of 31 March 2022: 1 came into "
        "care, 1 left it, and 1 move was made from rung to rung."
    ) in said
    assert "6 rows of the header and 9 of the episodes were read; 3 warnings were found." in said
    assert "Out of authority has the most children at the end: 3 of 5" in said
    assert "No placement" not in said


@pytest.mark.parametrize(
    ("table", "spec", "caption"),
    [
        ("rungs", RUNGS_TABLE, "Children and nights on each rung, 2021/22 Q4"),
        ("moves", MOVES_TABLE, "Who came, moved and left, 2021/22 Q4"),
        ("ways", FLOWS_TABLE, "Ways into care and out of it by age, 2021/22 Q4"),
        ("ages", AGES_TABLE, "Children at the end and nights by age, 2021/22 Q4"),
        ("rates", RATES_TABLE, "Moves away from: Out of authority, 2021/22 Q4"),
        ("ahead", AHEAD_TABLE, f"Children on each rung on the nights of {NIGHTS}"),
        ("findings", FINDINGS_TABLE, "What was found, by file and column"),
        ("offers", OFFERS_TABLE, COMPARED),
    ],
)
def test_table_when_downloaded_then_it_says_what_the_page_says_and_it_is_on_record(client, load, table, spec, caption):
    found = shown(table_named(soup(client.get(place(load))), caption))
    header, rows = csv_of(client, place(load, f"{table}.csv"))
    sums = sums_of(SUMS)
    drawn = {"moves": move_rows, "ways": flow_rows, "ages": age_rows}
    columns = (of_use(spec, drawn[table](sums)) if table in drawn else spec).columns
    expected = []
    for row in rows:
        values = spec.values_from_csv(header, row)
        expected.append([squeezed(" ".join(column.text(values))) for column in columns if column.text])
    assert [cells[: len(expected[0])] for cells in found] == expected
    assert AuditEvent.objects.filter(kind="exported_unpublished").count() == 1


def test_rungs_when_shown_then_every_child_is_conserved(client, load):
    rows = shown(table_named(soup(client.get(place(load))), "Children and nights on each rung, 2021/22 Q4"))
    ladder = {name: [int(n.replace("–", "0").replace(",", "")) for n in numbers] for name, *numbers in rows}
    assert ladder["Out of authority"] == [3, 1, 0, 1, 0, 3, 275]
    assert ladder["Children in care"] == [5, 1, 1, 1, 1, 5, 440]
    assert "Rung not reported" not in ladder
    for start, came, moved_in, moved_out, left, end, _ in ladder.values():
        assert start + came + moved_in - moved_out - left == end


def test_year_ahead_when_shown_then_expected_with_its_interval_and_what_that_holds(client, row):
    load = a_load()
    page = client.get(place(load))
    assert "In a year 5 children may be in care: 9 in 10 runs lie between 3 and 8" in words(page)
    rows = shown(table_named(soup(page), f"Children on each rung on the nights of {NIGHTS}"))
    assert [cells[:3] for cells in rows] == [
        ["Out of authority", "3", "3.3 2 to 6"], ["Independent fostering", "1", "0.5 0 to 1"],
        ["In-house fostering", "1", "1.5 0 to 3"], ["Children in care", "5", "5.3 3 to 8"],
    ]  # fmt: skip
    said = words(page)
    assert "9 in 10 of 1,000 runs lie in the range beneath" in said
    assert "The range holds chance, and how little few moves tell of a rate. It does not hold that rates change" in said
    assert "whose age is not stated" not in said
    unknown = SUMS | {"at_end": [*SUMS["at_end"], ["age-not-stated", OOA, 2]], "starters": [*SUMS["starters"],
                      ["age-not-stated", OOA, 2]]}  # fmt: skip
    other = words(client.get(place(a_load(an_answer(sums=unknown), sha256="8" * 64))))
    assert "nor the 2 children whose age is not stated" in other


def test_year_ahead_when_an_earlier_version_counted_then_neither_table_nor_file(client, row):
    load = a_load(an_answer(sums={name: found for name, found in SUMS.items() if name not in {"ahead", "runs"}}))
    page = client.get(place(load))
    assert "In a year" not in words(page)
    assert not soup(page).select('a[href$="ahead.csv"]')


def test_files_when_they_do_not_seem_to_hold_the_whole_period_then_the_page_says_so(client, row):
    load = a_load(an_answer(sums=SUMS | {"quiet_start": True, "quiet_end": True}))
    said = words(client.get(place(load)))
    assert "No placement ended in the four weeks from 1 January 2022." in said
    assert "No placement began or ended in the four weeks to 31 March 2022." in said


# Who


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.SCRUTINY_OFFICER])
def test_load_when_nobody_has_approved_its_numbers_then_board_and_scrutiny_do_not_read_it(load, signed_in, role):
    person = signed_in(b.a_user(role))
    assert [person.get(p).status_code for p in (HERE, place(load), place(load, "ages.csv"))] == [403] * 3
    assert "Placements file" not in words(person.get("/northshire/money/"))


def test_load_when_an_approver_of_the_council_reads_it_then_it_is_there(load, signed_in):
    approver = signed_in(b.a_user(Role.APPROVER))
    assert soup(approver.get(place(load))).select_one("#rungs")
    assert len(soup(approver.get(HERE)).select("tbody tr")) == 1
    assert soup(approver.get("/northshire/money/")).find("a", string="Placements file")


def test_load_when_it_is_of_another_partner_or_nothing_of_the_kind_may_be_read_then_not_there(load, signed_in):
    other = signed_in(an_officer("police"))
    assert other.get(place(load)).status_code == 404
    assert soup(other.get(HERE)).select("tbody tr") == []
    administrator = signed_in(b.a_user(Role.ADMINISTRATOR))
    assert [administrator.get(p).status_code for p in (HERE, place(load), place(load, "rungs.csv"))] == [403] * 3
    assert "Placements file" not in words(administrator.get("/northshire/money/"))


def test_decision_when_the_person_reads_but_does_not_enter_money_then_refused(load, signed_in, client):
    chosen = pick(client, load)
    for person in (b.the_people(load.partner).analyst, b.a_user(Role.BOARD_MEMBER)):
        assert decide(signed_in(person), load, "accept", chosen).status_code == 403
    assert not DraftCell.objects.exists()


# Compared


def test_page_when_opened_then_each_line_that_the_file_tells_stands_beside_the_return(client, load, row):
    b.keep(row, {_series(row, "care-nights"): b.a_cell(value=275), _series(row, "placements-ended"): b.a_cell(value=9)})
    new = ["No figure entered", "Nothing entered yet"]
    assert [cells[1:] for cells in compared(client, load)] == [
        ["3", *new], ["2", *new], ["1", *new], ["1", *new], ["1", "9", "Different"], ["275", "275", "The same"],
    ]  # fmt: skip
    said = words(client.get(place(load)))
    assert (
        "6 figures feed a return: 4 with nothing entered there yet, 1 the same as what is entered, 1 different" in said
    )
    assert "Accept the 5 of Care-ladder key performance indicators that are new or the same" in said


def _series(row, code: str):
    return row.round.scorecard.lines.get(series__indicator__code=code).series


def test_numbers_when_accepted_then_they_stand_in_the_return_with_the_file_as_source(client, officer, load, row):
    page = soup(client.get(place(load)))
    chosen = [field["value"] for field in page.select("#compare > form input[name=pick]")]
    said = words(decide(client, load, "accept", *chosen))
    assert "Accepted: 6 figures are saved. Nothing is submitted yet." in said
    found = cells()
    assert {key: cell.value for key, cell in found.items()} == {
        ("placements-at-end", "rung=out-of-authority"): 3,
        ("placements-at-end", "rung-group=fostering"): 2,
        ("placements-started", "rung=out-of-authority"): 1,
        ("placements-started", "came-from=new-to-care|rung-group=out-of-area"): 1,
        ("placements-ended", "rung-group=out-of-area|went-to=in-house-fostering"): 1,
        ("care-nights", "rung=out-of-authority"): 275,
    }
    assert {cell.source_system for cell in found.values()} == {SOURCE}
    assert {cell.as_at_on for cell in found.values()} == {b.Q4.end_on}
    assert officer in b.fresh(row).contributors.all()
    assert Ssda903Decision.objects.filter(decision="accepted").count() == 6
    b.keep(row, {_series(row, "care-nights"): b.a_cell(value=276, source_system=SOURCE)})
    assert cells()["care-nights", "rung=out-of-authority"].source_system == ""


def test_number_when_rejected_then_the_reason_is_kept_and_it_goes_with_no_others(client, load):
    chosen = pick(client, load)
    assert "Say why the figure is rejected." in words(decide(client, load, "reject", chosen, reason=" "))
    assert "is rejected. The return stays as it is." in words(
        decide(client, load, "reject", chosen, reason="By hand: 4")
    )
    assert "“By hand: 4”" in compared(client, load)[0][3]
    held = Ssda903Decision.objects.get()
    assert (held.decision, held.reason.body) == ("rejected", "By hand: 4")
    assert len(soup(client.get(place(load))).select("#compare > form input[name=pick]")) == 5
    assert "was decided after the page was opened" in words(decide(client, load, "accept", chosen))
    assert not DraftCell.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ssda903Decision.objects.create(
            load=load,
            series=held.series,
            in_return=held.in_return,
            decision="rejected",
            by=held.by,
            actor="x",
            at=b.NOW,
        )


def test_number_when_somebody_typed_meanwhile_then_both_are_shown_and_nothing_is_overwritten(client, load, row):
    chosen = pick(client, load, 5)
    b.keep(row, {_series(row, "care-nights"): b.a_cell(value=999)})
    said = words(decide(client, load, "accept", chosen))
    assert "Trust analyst has saved 999 meanwhile; the file says 275." in said
    assert "Nothing was accepted." in said
    assert cells()["care-nights", "rung=out-of-authority"].value == 999


def test_load_when_later_files_stand_in_its_place_then_it_says_so_and_nothing_is_decided_there(client, load):
    chosen = pick(client, load)
    later = a_load(an_answer(children=7), sha256="e" * 64)
    page = client.get(place(load))
    assert "Later files of 2021/22 Q4 stand in the place of these." in words(page)
    assert soup(page).select('button[form="accept"]') == []
    assert "decided there, not here" in words(decide(client, load, "accept", chosen))
    assert "decided there, not here" in words(decide(client, load, "reject", chosen, reason="No"))
    assert [words_of(tr) for tr in soup(client.get(HERE)).select("tbody tr td:last-child")] == ["Latest", "Superseded"]
    assert "Accepted: 1 figure is saved." in words(decide(client, later, "accept", pick(client, later)))


def words_of(element) -> str:
    return element.get_text(" ", strip=True)


def test_reason_when_the_session_had_ended_then_it_stands_in_its_box_after_signing_in(client, officer, load):
    address, chosen = place(load, "decide/"), pick(client, load)
    form = next(f for f in soup(client.get(place(load))).select("details.why form") if f["action"] == address)
    fields = {field["name"]: field.get("value", "") for field in form.select("input")}
    del client.cookies["sessionid"]
    ended = client.post(address, fields | {"do": "reject", "pick": chosen, "reason": "Counted “twice”"})
    assert ended.status_code == 403
    signed = {field["name"]: field.get("value", "") for field in soup(ended).select("main form input[name]")}
    again = client.post("/sign-in/", signed | {"email": officer.email, "password": b.PASSWORD}, follow=True)
    assert soup(again).select_one('details[open] input[name="reason"]')["value"] == "Counted “twice”"
    assert not Ssda903Decision.objects.exists()
    assert client.get(address)["Location"] == place(load)


def test_choice_when_it_is_of_another_return_or_closed_or_nonsense_then_refused(client, load, row):
    series, chosen = _series(row, "placements-planned").pk, pick(client, load)
    assert "does not hold what was chosen" in words(decide(client, load, "accept", f"{series}:{row.pk}:0.0:0"))
    for wrong in (f"{series}:999999:0.0:0", "nonsense"):
        assert "does not belong to these files" in words(decide(client, load, "accept", wrong))
    b.fill(row)
    b.submit(row)
    assert "cannot be changed" in words(decide(client, load, "accept", chosen))
    assert soup(client.get(place(load))).select('button[form="accept"]') == []


def test_pages_when_there_are_many_lines_then_the_queries_stay_the_same(client, load, django_assert_max_num_queries):
    a_load(an_answer(children=7), sha256="e" * 64)
    with django_assert_max_num_queries(QUERIES_OF_THE_PAGE):
        client.get(place(load))
    with django_assert_max_num_queries(QUERIES_OF_THE_LIST):
        client.get(HERE)


def test_rates_when_shown_then_of_a_hundred_children_in_a_year(client, load):
    rows = shown(table_named(soup(client.get(place(load))), "Moves away from: Out of authority, 2021/22 Q4"))
    assert rows == [["To in-house fostering", "–", "–", "–", "131 15 to 438 1 in 275 nights", "–"]]


def test_operation_when_files_were_taken_before_then_it_leads_to_them(load):
    with pytest.raises(OperationError, match="taken before"):
        a_load()
