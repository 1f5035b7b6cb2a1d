"""The record of access and exports: what is written, who sees it, filters, pages and the file."""

import logging
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.audit_table import AUDIT_TABLE
from indicators.models import AuditEvent, User
from indicators.operations import people
from indicators.operations.access import record_download, record_sign_in
from indicators.operations.audit import record_audit
from indicators.permissions import Access
from indicators.roles import Role
from partnership import clock
from partnership.selectors.audit import audit_events
from tests import builders as b
from tests.parity import assert_same, csv_of, shown, soup_of, table_named, words
from tests.partnership.pack_world import a_published_pack
from tests.partnership.paper_world import an_issued_paper

pytestmark = pytest.mark.django_db
Kind = AuditEvent.Kind
URL = "/northshire/audit/"
CAPTION = "What was done, by whom and when"


@pytest.fixture
def administrator(partnership, signed_in):
    return signed_in(b.a_user(Role.ADMINISTRATOR, display_name="Head of systems"))


def kinds(**chosen):
    return list(AuditEvent.objects.filter(**chosen).order_by("pk").values_list("kind", flat=True))


def rows_of(client, query=""):
    table = table_named(soup_of(client, URL + query), CAPTION)
    return shown(table)


# What is written


def test_sign_in_and_out_when_they_happen_then_they_are_on_record(partnership):
    person = b.a_user(Role.BOARD_MEMBER, email="board@example.org", display_name="Board member")
    client = Client()
    answer = client.post("/sign-in/", {"email": "Board@example.org", "password": b.PASSWORD})
    assert answer.status_code == 302
    client.post("/sign-out/")
    client.post("/sign-out/")
    found = AuditEvent.objects.filter(by=person, kind__in=(Kind.SIGNED_IN, Kind.SIGNED_OUT)).order_by("pk")
    assert [e.kind for e in found] == ["signed_in", "signed_out"], "a second sign-out is of nobody"
    assert {(e.partnership, e.actor, e.at) for e in found} == {(None, "Board member", b.NOW)}
    assert found[0].request_id == answer["X-Request-Id"]


def test_failed_sign_in_when_the_address_is_known_then_by_that_person_and_else_by_nobody(partnership):
    person = b.a_user(Role.BOARD_MEMBER, email="board@example.org", display_name="Board member")
    client = Client()
    for email in ("BOARD@example.org", "secret-typo@example.org", "not an address", ""):
        client.post("/sign-in/", {"email": email, "password": "wrong"})
    client.post("/sign-in/", {"email": "board@example.org", "password": ""})
    failed = AuditEvent.objects.filter(kind=Kind.SIGN_IN_FAILED).order_by("pk")
    assert [(e.by, e.actor) for e in failed] == [(person, "Board member"), (None, "")]
    written = " ".join(str(v) for row in AuditEvent.objects.values_list() for v in row)
    assert "typo" not in written
    assert "@" not in written
    User.objects.filter(pk=person.pk).update(is_active=False)
    client.post("/sign-in/", {"email": "board@example.org", "password": b.PASSWORD})
    assert AuditEvent.objects.filter(kind=Kind.SIGN_IN_FAILED, by=person).count() == 2


def test_failed_sign_in_when_it_is_logged_then_no_address_stands_in_the_log(partnership, caplog):
    logger = logging.getLogger("operations")
    caplog.set_level(logging.INFO, logger="operations")
    logger.addHandler(caplog.handler)
    try:
        Client().post("/sign-in/", {"email": "typed-by-mistake@example.org", "password": "wrong"})
    finally:
        logger.removeHandler(caplog.handler)
    assert "record_failed_sign_in" in caplog.text
    assert "typed-by-mistake" not in caplog.text


def test_roles_and_gates_when_given_and_ended_then_they_are_on_record_without_addresses(partnership):
    by = b.a_user(Role.ADMINISTRATOR, display_name="Head of systems")
    trust = b.a_partner("trust")
    before = AuditEvent.objects.count()
    give = {
        "display_name": "Data lead", "role": Role.APPROVER, "partnership": partnership, "partner": trust,
        "from_on": b.TODAY, "authority": "Board", "by": by, "at": b.NOW,
    }  # fmt: skip
    user = people.give_role(email="lead@example.org", **give)
    people.name_gate_holder(
        partner=trust, gate="sign_off", user=user, is_deputy=True, from_on=b.TODAY, authority="Board", by=by, at=b.NOW
    )
    people.end_membership(membership=user.memberships.get(), until_on=date(2022, 12, 31), by=by, at=b.NOW)
    found = AuditEvent.objects.order_by("pk")[before:]
    assert [(e.kind, e.what) for e in found] == [
        ("person_added", "Data lead"),
        ("role_granted", "Data lead: approver for Northshire Children's Trust, from 2022-07-07"),
        ("gate_named", "Data lead: deputy for returns of Northshire Children's Trust to be signed off by the partner, "
                       "from 2022-07-07"),
        ("role_ended", "Data lead: approver for Northshire Children's Trust, until 2022-12-31"),
    ]  # fmt: skip
    assert {(e.by, e.actor, e.partnership) for e in found} == {(by, "Head of systems", partnership)}


def test_operation_when_it_is_refused_then_nothing_of_it_is_on_record(partnership):
    before = AuditEvent.objects.count()
    with pytest.raises(people.WrongState):
        people.give_role(
            email="lead@example.org", display_name="Lead", role=Role.APPROVER, partnership=partnership, partner=None,
            from_on=b.TODAY, authority="", by=None, at=b.NOW,
        )  # fmt: skip
    assert AuditEvent.objects.count() == before
    assert not User.objects.filter(email="lead@example.org").exists()


def test_person_when_they_have_no_name_then_their_number_stands_for_them(partnership):
    nameless = people.add_user(email="nameless@example.org", display_name="", password=None, by=None)
    b.a_membership(nameless, Role.BOARD_MEMBER)
    made = record_audit(partnership=partnership, kind=Kind.ROUND_LOCKED, by=nameless, what="x" * 400, at=b.NOW)
    assert made.actor == f"Person {nameless.pk}"
    assert len(made.what) == 300
    assert not AuditEvent.objects.filter(what__contains="@").exists()


@pytest.mark.parametrize("name", ["template.csv", "template.xlsx"])
def test_download_when_it_holds_what_nobody_approved_then_it_is_on_record(partnership, signed_in, name):
    row = b.a_return(b.a_scorecard(2, code="contract"))
    analyst = b.the_people().analyst
    client = signed_in(analyst)
    url = f"/northshire/returns/contract/2021-22-q4/trust/1/{name}"
    exported = AuditEvent.objects.filter(kind=Kind.EXPORTED_UNPUBLISHED)
    assert client.get(url).status_code == 200
    assert not exported.exists(), "an empty template holds no figure"
    b.fill(row)
    assert client.get(url).status_code == 200
    made = exported.get()
    kind = name.rpartition(".")[2].upper()
    assert made.what == f"Return northshire/contract/2021-22-q4/trust/1 as {kind}, with 2 figures that are not approved"
    assert (made.by, made.partnership) == (analyst, partnership)
    b.submit(row)
    client.get(url)
    assert exported.count() == 2
    b.sign_off(row)
    b.accept(row)
    client.get(url)
    assert exported.count() == 2, "what is approved is for everybody"


# Who sees it


def test_sign_ins_when_of_people_without_a_role_here_then_this_administrator_does_not_see_them(administrator):
    here = b.a_user(Role.BOARD_MEMBER, display_name="Here")
    gone = b.a_user(Role.BOARD_MEMBER, display_name="Gone", until_on=date(2020, 1, 1))
    south = b.a_partnership("southshire", "E06000098")
    elsewhere = b.a_user(Role.BOARD_MEMBER, partnership=south, display_name="Elsewhere")
    both = b.a_user(Role.BOARD_MEMBER, display_name="Both")
    b.a_membership(both, Role.SCRUTINY_OFFICER)
    for person in (here, gone, elsewhere, both):
        record_sign_in(by=person, at=b.NOW)
    Client().post("/sign-in/", {"email": "nobody@example.org", "password": "wrong"})
    people_seen = [row[2] for row in rows_of(administrator, "?kind=signed_in")]
    assert sorted(people_seen) == ["Both", "Gone", "Here"], "each once, whatever the number of roles"
    assert "Elsewhere" not in words(soup_of(administrator, URL).get_text(" "))
    assert not audit_events(south, access=Access(), now=b.NOW).filter(by=here).exists()
    assert not audit_events(south, access=Access(), now=b.NOW).filter(kind=Kind.SIGN_IN_FAILED).exists()


# The page


def test_page_when_shown_then_the_file_says_the_same(administrator):
    person = b.a_user(Role.BOARD_MEMBER, display_name="=cmd <b>x</b>")
    record_sign_in(by=person, at=b.NOW)
    page = f"{URL}?kind=signed_in"
    assert assert_same(administrator, page, "/northshire/audit.csv?kind=signed_in", AUDIT_TABLE, CAPTION) == 1
    assert assert_same(administrator, URL, "/northshire/audit.csv", AUDIT_TABLE, CAPTION) >= 3
    assert rows_of(administrator, "?kind=signed_in")[0] == [
        "7 July 2022 10:00:00", "Signed in", "=cmd <b>x</b>", "Sign-in page",
    ]  # fmt: skip
    header, rows = csv_of(administrator, "/northshire/audit.csv?kind=signed_in")
    assert dict(zip(header, rows[0], strict=True))["actor"] == "'=cmd <b>x</b>"
    assert rows[0][header.index("at")] == "2022-07-07T10:00:00+01:00"


def test_page_when_there_are_many_events_then_fifty_stand_on_it_and_the_file_has_all(administrator, partnership):
    person = b.a_user(Role.BOARD_MEMBER, display_name="Board member")
    for number in range(120):
        record_sign_in(by=person, at=b.NOW + timedelta(minutes=number))
    query = "?kind=signed_in"
    first = rows_of(administrator, query)
    assert len(first) == 50
    assert first[0][0] == "7 July 2022 11:59:00", "the latest first"
    assert len(rows_of(administrator, f"{query}&page=3")) == 20
    assert rows_of(administrator, f"{query}&sort=at")[0][0] == "7 July 2022 10:00:00"
    assert len(csv_of(administrator, f"/northshire/audit.csv{query}")[1]) == 120


def test_filters_when_set_then_days_are_those_of_london_and_both_included(administrator, partnership):
    person = b.a_user(Role.BOARD_MEMBER, display_name="Board member")
    utc = b.ZoneInfo("UTC")
    moments = [datetime(2022, 6, 30, 22, 59, tzinfo=utc), datetime(2022, 6, 30, 23, 0, tzinfo=utc),
               datetime(2022, 7, 1, 22, 59, tzinfo=utc), datetime(2022, 7, 1, 23, 0, tzinfo=utc)]  # fmt: skip
    for at in moments:
        record_sign_in(by=person, at=at)

    def found(query):
        return len(csv_of(administrator, f"/northshire/audit.csv?kind=signed_in{query}")[1])

    assert found("") == 4
    assert found("&from_on=1+July+2022&until_on=2022-07-01") == 2
    assert found("&from_on=2022-07-01") == 3
    assert found("&until_on=1/7/2022") == 3
    assert found("&person=board") == 4
    assert found("&person=member+nobody") == 0
    record_download(partnership=partnership, what="Return of the Board as CSV", by=person, at=b.NOW)
    assert len(csv_of(administrator, "/northshire/audit.csv?person=board")[1]) >= 5


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?from_on=31/2/2022", "From must be a date that exists"),
        ("?from_on=2022-07-02&until_on=2022-07-01", "The last day lies before the first"),
        ("?kind=nonsense", "Choose an answer for “What” from the list"),
    ],
)
def test_filters_when_they_cannot_be_read_then_nothing_is_shown_and_it_says_why(administrator, query, said):
    text = words(soup_of(administrator, URL + query).get_text(" "))
    assert said in text
    assert "No event passes these filters" in text
    assert administrator.get(f"/northshire/audit.csv{query}").status_code == 404


def test_page_when_nothing_passes_then_it_leads_back(administrator):
    text = words(soup_of(administrator, f"{URL}?person=zebra").get_text(" "))
    assert "No event passes these filters" in text


def test_page_when_the_record_grows_then_the_number_of_queries_does_not(administrator):
    def queries():
        administrator.get(URL)
        with CaptureQueriesContext(connection) as found:
            assert administrator.get(URL).status_code == 200
        return len(found)

    few = queries()
    person = b.a_user(Role.BOARD_MEMBER)
    for number in range(60):
        record_sign_in(by=person, at=b.NOW + timedelta(seconds=number))
    assert queries() == few
    assert few <= 12


# Packs that the reader may not know of


ZEBRA = "zebra-board-2022-07-07"
OLD_LINES = {
    f"Pack {ZEBRA}": "An exempt pack",
    f"Committee paper 1 of {ZEBRA}, issue 1": "A committee paper of an exempt pack",
}


@pytest.fixture
def exempt(partnership):
    """An exempt pack with an issued paper, the lines about it as they were written in earlier releases, and a pack for
    the board."""
    scorecard = b.an_accepted_quarter(2)
    pack = a_published_pack(scorecard, body="Zebra board", audience="exempt")
    an_issued_paper(pack)
    assert pack.code == ZEBRA
    a_published_pack(scorecard, body="Overview board")
    for what in OLD_LINES:
        record_audit(partnership=partnership, kind=Kind.PACK_PUBLISHED, by=None, what=what, at=b.NOW)
    return pack


def told_in(client, query=""):
    """What lines about packs are told to be about, on the page; the file says the same."""
    query = f"?kind=pack_published{query}"
    assert_same(client, URL + query, f"/northshire/audit.csv{query}", AUDIT_TABLE, CAPTION)
    return sorted(row[3] for row in rows_of(client, query))


def nothing_is_found(client, word):
    """Whether page and file say that no line holds the word."""
    page = words(soup_of(client, f"{URL}?person={word}").get_text(" "))
    return "No event passes these filters" in page and csv_of(client, f"/northshire/audit.csv?person={word}")[1] == []


def test_issue_of_an_exempt_pack_when_made_then_the_record_names_neither_body_nor_day(partnership):
    paper = an_issued_paper(a_published_pack(b.an_accepted_quarter(2), body="Zebra board", audience="exempt"))
    assert paper.issues.count() == 1
    assert "A committee paper of an exempt pack" in AuditEvent.objects.values_list("what", flat=True)
    assert not AuditEvent.objects.filter(what__icontains="zebra").exists()


def test_line_about_an_exempt_pack_when_written_long_ago_then_it_is_told_without_its_name(administrator, exempt):
    board = "Pack overview-board-2022-07-07"
    assert told_in(administrator) == sorted([board, "An exempt pack", *OLD_LINES.values()])
    for url in (URL, "/northshire/audit.csv"):
        assert "zebra" not in b"".join(administrator.get(url)).decode().casefold()
    for word in ("zebra", ZEBRA, "issue"):
        assert nothing_is_found(administrator, word), "nor does a search find what is not told"
    assert told_in(administrator, "&person=exempt+committee") == ["A committee paper of an exempt pack"]


def test_line_about_an_exempt_pack_when_its_reader_may_read_it_then_told_as_it_was_written(
    partnership, signed_in, exempt
):
    both = b.a_user(Role.ADMINISTRATOR)
    b.a_membership(both, Role.BOARD_MEMBER)
    board = "Pack overview-board-2022-07-07"
    assert told_in(signed_in(both)) == sorted([board, "An exempt pack", *OLD_LINES])


def test_line_about_a_pack_under_embargo_when_read_then_told_without_its_name_until_the_embargo_ends(
    administrator, partnership, monkeypatch
):
    pack = a_published_pack(b.an_accepted_quarter(2), body="Zebra board")
    meeting = b.a_meeting(b.a_body(name="Zebra board"))
    b.a_paper(b.an_item(meeting, "Performance"), "Performance", pack=pack, embargo_until=b.NOW + timedelta(hours=2))
    assert told_in(administrator) == ["A pack under embargo"]
    assert nothing_is_found(administrator, "zebra")
    monkeypatch.setattr(clock, "now", lambda: b.NOW + timedelta(hours=2))
    assert told_in(administrator) == [f"Pack {ZEBRA}"]


def test_line_when_another_partnership_has_a_pack_of_that_name_then_told_as_it_was_written(administrator, partnership):
    south = b.a_partnership("southshire", "E06000098")
    elsewhere = b.a_scorecard(1, code="elsewhere", partnership=south)
    b.a_return(elsewhere, state="approved")
    a_published_pack(elsewhere, body="Zebra board", audience="exempt")
    a_published_pack(b.an_accepted_quarter(2), body="Zebra board")
    assert told_in(administrator) == [f"Pack {ZEBRA}"]
