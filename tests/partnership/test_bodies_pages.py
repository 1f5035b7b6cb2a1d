"""Pages of the bodies: what they show on which day, their files, their forms, and how many queries they take."""

from codecs import BOM_UTF8
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.roles import Role
from partnership.bodies_table import BODIES_TABLE, LINES_TABLE, SEATS_TABLE, dates_words
from partnership.models import AssuranceItem, Body, BodySuccession, ReportingLine, Seat
from partnership.operations import bodies as keep
from partnership.operations import inspections
from tests import builders as b
from tests.builders import governance as g
from tests.parity import assert_same, csv_of, soup_of, words
from tests.partnership import plans_world as w
from tests.partnership.exception_world import ask

pytestmark = pytest.mark.django_db

URL = "/northshire/governance/"
JANUARY, SEPTEMBER = date(2021, 1, 26), date(2021, 9, 16)


@pytest.fixture
def board(partnership, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER))


@pytest.fixture
def scrutiny(partnership, signed_in):
    return signed_in(b.a_user(Role.SCRUTINY_OFFICER, email="scrutiny@example.org", display_name="Scrutiny officer"))


@pytest.fixture
def world(partnership):
    """A structure that changed between two days: a board that ended, a group that was renamed, one without a line."""
    council, board = g.a_body("Council", kind="council"), g.a_body("Improvement Board", kind="board", until_on=JANUARY)
    group = g.a_body("Chief Officers Group", kind="group", quorum_one_in=None)
    g.a_body_version(group, name="Overview Partnership", kind="partnership", quorum_one_in=None, from_on=SEPTEMBER)
    g.a_body("Business Unit", kind="unit")
    g.a_reporting_line(board, council, until_on=JANUARY)
    g.a_reporting_line(board, group, kind="as_required", until_on=JANUARY)
    g.a_reporting_line(group, council, kind="oversight", from_on=SEPTEMBER)
    return partnership


def main(client, path):
    return words(soup_of(client, path).main.get_text(" "))


def boxes(soup):
    return [words(box.get_text(" ")) for box in soup.select(".gv-svg .gv-box")]


def test_structure_when_asked_for_a_day_then_drawing_list_and_table_are_of_that_day(world, board):
    then, later = soup_of(board, f"{URL}?on=26+January+2021"), soup_of(board, f"{URL}?on={SEPTEMBER}")
    assert sorted(boxes(then)) == ["Business Unit", "Chief Officers Group", "Council", "Improvement Board"]
    assert sorted(boxes(later)) == ["Business Unit", "Council", "Overview Partnership"]
    text = words(then.main.get_text(" "))
    assert "On 26 January 2021: 4 bodies, 2 lines between them." in text
    assert "1 of 4 bodies has no line to or from another." in text
    assert "Improvement Board reports formally to Council; reports as required to Chief Officers Group" in text
    assert "Overview Partnership" not in text
    tree = then.select_one(".gv-tree")
    assert {a.get_text() for a in tree.select("a")} | {a.get_text() for a in then.select(".gv-alone a")} == set(
        boxes(then)
    )
    svg = then.select_one("svg.gv-svg")
    assert svg.title.get_text() == "Who answers to whom"
    assert "4 bodies, 2 lines" in svg.desc.get_text()
    assert [words(p.title.get_text()) for p in svg.select("path.gv-line")] == [
        "Improvement Board reports formally to Council",
        "Improvement Board reports as required to Chief Officers Group",
    ]
    legend = words(then.select_one(".gv-legend").get_text(" "))
    assert legend == "reports formally to reports as required to"
    assert then.select_one(".gv-box")["href"].endswith("?on=2021-01-26")
    assert "Today, 7 July 2022: 3 bodies, 1 line between them." in main(board, URL)


def test_structure_when_files_are_asked_for_then_they_say_the_same_as_the_page(world, board):
    for day, bodies, lines in ((JANUARY, 4, 2), (SEPTEMBER, 3, 1), (date(2001, 1, 1), 0, 0)):
        on = f"?on={day}"
        if bodies:
            assert assert_same(board, f"{URL}{on}", f"{URL}bodies.csv{on}", BODIES_TABLE, "Bodies") == bodies
        if lines:
            found = assert_same(board, f"{URL}lines/{on}", f"{URL}lines.csv{on}", LINES_TABLE, "Reporting lines")
            assert found == lines
        assert len(csv_of(board, f"{URL}bodies.csv{on}")[1]) == bodies
    excel = soup_of(board, URL).select_one(".dl a[href*=excel]")["href"]
    assert b"".join(board.get(excel).streaming_content).startswith(BOM_UTF8)
    assert "bodies_as-at-2021-01-26.csv" in board.get(f"{URL}bodies.csv?on=2021-01-26")["Content-Disposition"]


def test_structure_when_days_are_listed_then_each_leads_to_itself(world, board):
    soup = soup_of(board, f"{URL}?on={SEPTEMBER}")
    steps = [a.get_text() for a in soup.select(".gv-steps a")]
    assert steps == ["Before: 27 January 2021"]
    days = [words(li.get_text(" ")) for li in soup.select("details .rows li")]
    assert days == [
        "1 April 2010 : 4 bodies more and 2 lines more", "27 January 2021 : 1 body fewer and 2 lines fewer",
        "16 September 2021 : 1 new name and 1 line more",
    ]  # fmt: skip


def test_structure_when_lines_go_round_then_a_sentence_says_so(world, board):
    bodies = {body.code: body for body in Body.objects.all()}
    g.a_reporting_line(bodies["council"], bodies["chief-officers-group"], kind="support")
    soup = soup_of(board, URL)
    assert "The lines go round in a loop: Council to Overview Partnership to Council." in words(soup.main.get_text(" "))
    assert "in a loop, drawn twice as wide" in words(soup.select_one(".gv-legend").get_text(" "))
    assert len(soup.select("path.is-loop")) == 3  # Two lines and the legend.


def test_structure_when_empty_or_the_day_is_none_then_it_says_so(partnership, board):
    text = main(board, URL)
    assert "No body has been added yet" in text
    assert "No meeting is planned." in text
    assert "No action is open." in text
    text = main(board, f"{URL}?on=nonsense")
    assert "As at must be a date that exists" in text
    assert "No line between bodies is recorded for that day" in main(board, f"{URL}lines/")


def test_due_when_things_are_open_then_each_is_told_with_what_is_late(partnership, board):
    body = g.a_body()
    held = g.a_meeting(body, b.TODAY - timedelta(days=60), state="minuted")
    item, hidden = g.an_item(held), g.an_item(held, exempt=3)
    g.an_action(item, due_on=b.TODAY - timedelta(days=1))
    g.an_action(item, due_on=b.TODAY)
    g.an_action(item, state="closed")
    g.a_question(item, answer_due_on=b.TODAY - timedelta(days=1))
    g.a_statement(held, answer_owed=True)
    g.an_action(hidden, due_on=b.TODAY - timedelta(days=1))
    g.a_meeting(body, b.TODAY + timedelta(days=1))
    text = main(board, URL)
    for phrase in (
        "Scrutiny Committee meets on 8 July 2022 at 14:00.", "3 actions are open, 2 of them overdue.",
        "2 answers are owed, 1 of them late.",
        "No exception report waits for an answer; no answer waits to be accepted.",
    ):  # fmt: skip
        assert phrase in text, phrase


def test_due_when_reviews_and_assurance_are_late_then_each_is_told_with_its_page(partnership, board):
    nothing = "No review of a plan is overdue as far as is recorded. Nothing is owed for assurance."
    assert nothing in main(board, URL)
    by = w.approver()
    w.an_improvement_plan(by=by)
    w.an_improvement_plan(by=by, title="Reviewed in time", from_on=b.TODAY - timedelta(days=28))
    w.an_improvement_plan(by=by, title="Without a cycle", review_every_days=None)
    w.something_owed(by=by)
    w.something_owed(by=by, title="Later", first_due_on=b.TODAY)
    w.something_owed(by=by, title="Done", every_months=None, first_due_on=b.TODAY)
    done = AssuranceItem.objects.get(title="Done")
    inspections.record_done(item=done, due_on=b.TODAY, done_on=b.TODAY, note="", by=by, at=b.NOW)
    told = {words(a.get_text()): a["href"] for a in soup_of(board, URL).select("#due + .rows a")}
    review = "A review of a plan is overdue as far as is recorded; the next is due on 7 July 2022."
    assert told[review] == "/northshire/improvement-plans/"
    assurance = "3 things are owed: 1 late as far as is recorded, 1 due and 1 done."
    assert told[assurance] == "/northshire/assurance/"


def test_due_when_a_page_counts_the_same_then_it_says_it_in_the_same_words(partnership, signed_in):
    """What the hub says of actions, exception reports, reviews, assurance and work programmes stands on their pages."""
    by = w.approver()
    w.an_improvement_plan(by=by, from_on=b.TODAY - timedelta(days=1))
    w.something_owed(by=by)
    item = g.an_item(g.a_meeting(g.a_body(), state="minuted"))
    g.an_action(item, due_on=b.TODAY - timedelta(days=1))
    g.an_action(item, state="done")
    g.a_work_item("Update", expected_by=b.TODAY - timedelta(days=1))
    g.a_work_item("Decision", programme="forward_plan", expected_by=b.TODAY - timedelta(days=1))
    ask()
    clerk = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    told = {a["href"]: words(a.get_text()) for a in soup_of(clerk, URL).select("#due + .rows a")}
    pages = (
        "actions/", "answers-owed/", "exceptions/", "improvement-plans/", "assurance/",
        "work-programme/?programme=scrutiny", "work-programme/?programme=forward_plan",
    )  # fmt: skip
    for page in pages:
        url = f"/northshire/{page}"
        said = told[url].rpartition(": ")[2] if "programme" in page else told[url]
        assert said[1:].rstrip(".") in main(clerk, url), (page, said)
    assert told["/northshire/actions/"].endswith("; 1 is told as done and waits to be closed.")


def test_structure_when_no_line_is_known_on_the_day_then_it_says_from_when_on(world, board):
    told = main(board, f"{URL}?on=1+March+2021")
    assert "no lines between them. No source gives a line for that day; the last before it held until " in told
    assert "26 January 2021 and the first after it holds from 16 September 2021." in told


def test_due_when_items_are_exempt_then_others_do_not_even_get_a_number(partnership, signed_in):
    held = g.a_meeting(g.a_body(), state="minuted")
    hidden = g.an_item(held, exempt=3)
    g.an_action(hidden)
    g.a_question(hidden)
    g.a_work_item("Contract under negotiation", resolution=g.a_resolution(hidden, "That it be let."))
    analyst = signed_in(b.a_user(Role.ANALYST, partner=b.a_partner()))
    text = main(analyst, URL)
    assert "No action is open." in text
    assert "No answers are owed." in text
    assert "Contract under negotiation" not in main(analyst, f"{URL}bodies/{g.SCRUTINY}/")
    member = signed_in(b.a_user(Role.BOARD_MEMBER, email="member@example.org"))
    assert "1 action is open." in main(member, URL)
    assert "Contract under negotiation" in main(member, f"{URL}bodies/{g.SCRUTINY}/")


def test_work_when_it_came_under_an_exempt_item_then_the_day_is_told_to_who_may_read_the_item(partnership, signed_in):
    held = g.a_meeting(g.a_body(), date(2022, 6, 9), state="minuted")
    g.a_work_item("Update", body=held.body, received_at=g.an_item(held, exempt=3))
    page = f"{URL}bodies/{g.SCRUTINY}/"
    analyst = main(signed_in(b.a_user(Role.ANALYST, partner=b.a_partner())), page)
    assert "Update came" in analyst
    assert "Update came on" not in analyst
    assert "Update came on 9 June 2022" in main(signed_in(b.a_user(Role.BOARD_MEMBER)), page)


# A body


def test_body_when_shown_then_all_that_is_known_of_it_is_there(world, board):
    body = Body.objects.get(code="improvement-board")
    partner = b.a_partner("trust")
    g.a_seat(body, "Independent chair", role="chair", until_on=JANUARY)
    g.a_seat(body, "Director", organisation=partner, holder="", until_on=JANUARY)
    g.a_seat(body, "Chief executive", held_until=date(2020, 12, 31), until_on=JANUARY)
    g.a_meeting(body, JANUARY - timedelta(days=28), state="confirmed")
    g.a_work_item("Self-assessment", body=body, expected_by=date(2021, 3, 31))
    other = Body.objects.get(code="chief-officers-group")
    BodySuccession.objects.create(
        predecessor=body, successor=other, note="Of part of its work.", source=b.a_source(), paragraph="43", actor="",
        at=b.NOW,
    )  # fmt: skip
    page = f"{URL}bodies/improvement-board/"
    text = main(board, page)
    for phrase in (
        "As on 26 January 2021 That is its last day.", "3 seats, 3 with a vote; 2 of those are vacant.",
        "Quorum One in 4 of the seats with a vote, vacant ones included", "Meets Every quarter",
        "Council Reports formally to.", "vacant since 1 January 2021", "never filled, from 1 April 2010",
        "29 December 2020 Minutes confirmed", "Self-assessment expected by 31 March 2021; late as far as is recorded",
        "Chief Officers Group on a day that is not stated. Of part of its work.",
        "Seat “Chief executive” held by Chief executive to 31 December 2020",
    ):  # fmt: skip
        assert phrase in text, phrase
    assert assert_same(board, page, f"{page}seats.csv", SEATS_TABLE, "Seats") == 3
    renamed = main(board, f"{URL}bodies/chief-officers-group/")
    for phrase in ("Overview Partnership from 16 September 2021", "Took the place of Improvement Board", "Not stated"):
        assert phrase in renamed, phrase
    assert "Chief Officers Group" in soup_of(board, f"{URL}bodies/chief-officers-group/?on=2021-01-26").h1.get_text()
    assert board.get(f"{URL}bodies/none/").status_code == 404


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((JANUARY, "stated", None, "stated"), ("From 26 January 2021",)),
        ((JANUARY, "first_named", None, "stated"), ("First named 26 January 2021",)),
        ((JANUARY, "first_named", JANUARY, "last_named"), ("Named 26 January 2021 only",)),
        ((JANUARY, "stated", SEPTEMBER, "stated"), ("From 26 January 2021", "to 16 September 2021")),
        ((JANUARY, "stated", SEPTEMBER, "last_named"), ("From 26 January 2021", "last named 16 September 2021")),
    ],
)
def test_dates_when_put_in_words_then_they_say_what_they_rest_on(given, told):
    assert dates_words(*given) == told


# Forms


NEW = {
    "name": "Early Help Steering Group", "kind": "group", "from_on": "1 July 2022", "from_basis": "stated",
    "quorum_one_in": "4", "quorum_counts_vacancies": "on",
}  # fmt: skip


def send(client, path, **fields):
    """The form of an address, each with a key of its own, based on what its page shows."""
    page = soup_of(client, URL + path)
    step = page.select_one("input[name=step]")
    more = {"step": step["value"]} if step else {}
    return client.post(URL + path, {"key": uuid5(NAMESPACE_URL, path + str(fields)).hex} | more | fields, follow=True)


def said(page):
    return words(page.content.decode())


def test_officer_when_keeping_a_body_then_each_form_does_what_it_says(world, scrutiny):
    page = send(scrutiny, "bodies/new/", **NEW | {"name": "", "quorum_one_in": "none"})
    assert 'href="#id_name"' in said(page)
    assert "Quorum: one in must be a whole number" in said(page)
    page = send(scrutiny, "bodies/new/", **NEW)
    here = f"{URL}bodies/early-help-steering-group/"
    assert page.redirect_chain == [(here, 302)]
    path = here.removeprefix(URL)
    loop = {"direction": "up", "other": "council", "kind": "formal", "from_on": "1 July 2022", "from_basis": "stated"}
    assert "The line has been added." in said(send(scrutiny, f"{path}line/", **loop))
    page = send(scrutiny, f"{path}line/", **loop | {"direction": "down", "kind": "support"})
    assert "The lines would go round in a loop" in said(page)
    assert 'href="#id_other"' in said(page)
    page = send(scrutiny, f"{path}line/", **loop | {"from_on": "1 June 2022", "kind": "support"})
    assert "begins on 1 July 2022" in said(page)
    assert 'value="1 June 2022"' in said(page), "what was typed is kept"
    seat = {"title": "Headteacher", "role": "member", "votes": "all", "from_on": "1 July 2022", "from_basis": "stated"}
    send(scrutiny, f"{path}seat/", **seat)
    assert "never filled, from 1 July 2022" in main(scrutiny, here)
    assert "Fill the seat" in main(scrutiny, f"{here}seats/headteacher/")
    send(scrutiny, f"{path}seats/headteacher/fill/", holder="Secondary headteacher", from_on="2 July 2022")
    assert "Secondary headteacher since 2 July 2022" in main(scrutiny, here)
    assert "Say that it falls vacant" in main(scrutiny, f"{here}seats/headteacher/")
    send(scrutiny, f"{path}seats/headteacher/vacate/", until_on="6 July 2022")
    assert "vacant since 7 July 2022" in main(scrutiny, here)
    form = soup_of(scrutiny, f"{here}change/")
    assert form.select_one("#id_name")["value"] == NEW["name"]
    assert form.select_one("#id_quorum_one_in")["value"] == "4"
    send(scrutiny, f"{path}change/", **NEW | {"name": "Early Help Board", "from_on": "7 July 2022"})
    assert soup_of(scrutiny, here).h1.get_text() == "Early Help Board"
    end = f"{path}lines/early-help-steering-group/council/formal/end/"
    assert "“Early Help Board” reports formally to “Council”, from 1 July 2022." in main(scrutiny, URL + end)
    send(scrutiny, end, until_on="6 July 2022")
    assert "No line to a body above it is recorded." in main(scrutiny, here)
    assert scrutiny.get(URL + end).status_code == 404
    send(scrutiny, f"{path}seats/headteacher/end/", until_on="6 July 2022")
    send(scrutiny, f"{path}succession/", successor="business-unit", note="All of it")
    assert "Its place was taken by Business Unit" in main(scrutiny, here)
    send(scrutiny, f"{path}end/", until_on="7 July 2022", until_basis="stated")
    text = main(scrutiny, here)
    assert "To 7 July 2022" in text or "to 7 July 2022" in text
    assert "What was recorded here (10)" in text
    assert "End it" not in text
    for wrong in ("nothing/", "seats/none/", "seats/headteacher/nothing/", "seats/none/fill/"):
        assert scrutiny.get(here + wrong).status_code == 404


def test_officer_when_two_tabs_are_open_then_the_slower_one_is_told(world, scrutiny):
    path = f"{URL}bodies/council/seat/"
    seat = {"title": "Mayor", "role": "chair", "votes": "all", "from_on": "1 July 2022", "from_basis": "stated"}
    assert scrutiny.post(path, seat | {"step": "0", "key": "a" * 32}).status_code == 302
    assert scrutiny.post(path, seat | {"step": "0", "key": "a" * 32}).status_code == 302, "the same form again"
    late = {"title": "Deputy mayor", "step": "0", "key": "b" * 32}
    page = scrutiny.post(path, seat | late)
    assert "changed since you opened the page" in said(page)
    assert "changed since you opened the page" in said(scrutiny.post(path, seat | {"key": "c" * 32}))
    assert Seat.objects.count() == 1
    soup = BeautifulSoup(page.content, "lxml")
    assert soup.select_one("#id_title")["value"] == "Deputy mayor", "what was typed is kept"
    again = {box["name"]: box["value"] for box in soup.select("main form input[type=hidden]")}
    assert scrutiny.post(path, seat | late | again).status_code == 302
    assert Seat.objects.count() == 2


def test_reader_when_not_an_officer_then_no_button_is_shown(world, board):
    for path in ("", "bodies/council/"):
        assert soup_of(board, URL + path).select(".btns a") == []


def test_officer_when_a_body_has_ended_then_only_what_took_its_place_can_be_recorded(partnership, scrutiny):
    g.a_body("Succession Board", until_on=JANUARY)
    offered = soup_of(scrutiny, f"{URL}bodies/succession-board/").select(".btns a")
    assert [a.get_text() for a in offered] == ["Say what took its place"]


def test_text_when_it_holds_markup_then_it_stays_text(partnership, board):
    body = g.a_body("<b>Board</b>", code="bold", purpose="<script>1</script>")
    g.a_seat(body, "<i>Chair</i>", holder="<i>One</i>")
    g.a_reporting_line(g.a_body("=Group", code="group"), body)
    for path in ("", "lines/", "bodies/bold/"):
        soup = soup_of(board, URL + path)
        assert soup.main.select("table b b, h1 b, script, i, svg b") == []
    assert csv_of(board, f"{URL}bodies.csv")[1][1][1] == "'=Group"


# Volume


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.once
def test_pages_when_there_are_sixty_bodies_then_as_many_queries_as_for_one(partnership, scrutiny):
    first = g.a_body("Board 0")
    g.a_seat(first)
    g.a_meeting(first, b.TODAY + timedelta(days=1))
    g.a_work_item(body=first)
    paths = [URL, f"{URL}lines/", f"{URL}bodies.csv", f"{URL}bodies/board-0/", f"{URL}bodies/board-0/line/"]
    g.a_reporting_line(g.a_body("Board 1"), first)
    few = {path: queries(scrutiny, path) for path in paths}
    for n in range(2, 60):
        body = g.a_body(f"Board {n}")
        g.a_reporting_line(body, first)
        g.a_seat(first, f"Councillor {n}")
    for n in range(12):
        g.a_meeting(first, b.TODAY + timedelta(days=2 + n))
        g.a_work_item(f"Report {n}", body=first)
    assert {path: queries(scrutiny, path) for path in paths} == few
    assert max(few.values()) <= 26
    page = soup_of(scrutiny, f"{URL}?page=2")
    assert len(page.select("table.bodies tbody tr")) == 10
    assert len(boxes(page)) == 60
    assert len(csv_of(scrutiny, f"{URL}bodies.csv")[1]) == 60


def test_operation_and_page_when_a_line_is_ended_by_another_then_the_page_is_not_found(world, scrutiny):
    line = ReportingLine.objects.get(kind="oversight")
    url = f"{URL}bodies/council/lines/{line.lower.code}/council/oversight/end/"
    assert scrutiny.get(url).status_code == 200
    officer = b.a_user(Role.SCRUTINY_OFFICER, email="other@example.org")
    keep.end_line(body=line.upper, line=line, until_on=b.TODAY, step=0, by=officer, at=b.NOW)
    assert scrutiny.get(url).status_code == 404
