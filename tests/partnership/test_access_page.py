"""Who can see what: the same answers as the pages give, on the page and in the file."""

import itertools

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import roles
from indicators.models import User
from indicators.permissions import can
from indicators.roles import Permission, Role, role_grants
from partnership.access_table import ACCESS_TABLE, ROLE_GRID, SEEN, grid_answer
from tests import builders as b
from tests.parity import assert_same, csv_of, said, shown, soup_of, table_named

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL, FILE = "/northshire/people/who-can-see-what/", "/northshire/people/who-can-see-what.csv"
GRID_FILE = "/northshire/people/who-can-see-what-by-role.csv"
GRID_CAPTION = "What each role lets somebody see and do"


@pytest.fixture
def people(partnership):
    trust, police = b.a_partner("trust"), b.a_partner("police")
    made = [b.a_user(Role.ANALYST, partner=trust), b.a_user(Role.APPROVER), b.a_user(Role.APPROVER, partner=police)]
    both = b.a_user(Role.FINANCE_OFFICER, partner=trust)
    b.a_membership(both, Role.SCRUTINY_OFFICER)
    closed = b.a_user(Role.ADMINISTRATOR)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    b.a_user(Role.BOARD_MEMBER, until_on=b.date(2020, 1, 1))
    b.a_user(Role.BOARD_MEMBER, partnership=b.a_partnership("southshire", "E06000098"))
    return [*made, both]


@pytest.fixture
def client(people, signed_in):
    made = b.a_user(Role.ADMINISTRATOR, display_name="Head of systems")
    people.append(made)
    return signed_in(made)


def rows_of(client, query=""):
    header, rows = csv_of(client, FILE + query)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_answers_when_held_against_the_rule_then_the_same_for_every_person_thing_and_partner(
    client, people, partnership
):
    partners = list(partnership.partners.all())
    expected = {}
    for user, permission in itertools.product(people, Permission):
        where = [p.name for p in partners if can(user, permission, partnership, p, on=b.TODAY)]
        held = can(user, permission, partnership, on=b.TODAY)
        answer = "nowhere" if not held else "everywhere" if len(where) == len(partners) else "some_partners"
        expected[user.email, permission.name.lower()] = (answer, set(where) if answer == "some_partners" else set())
    found = {
        (r["email"], r["permission"]): (r["answer"], set(filter(None, r["partners"].split(" and "))))
        for r in rows_of(client, "?of=person")
    }
    assert found == expected
    assert {answer for answer, _ in found.values()} == {"everywhere", "some_partners", "nowhere"}


def test_roles_when_listed_then_as_the_roles_grant_them(client, monkeypatch):
    def found():
        return {(r["who"], r["permission"]): r["answer"] for r in rows_of(client, "?of=role")}

    held = found()
    for role, permission in itertools.product(Role, Permission):
        for scope, whole in (("for one partner", False), ("for the whole partnership", True)):
            grants = role_grants(role, permission, for_whole_partnership=whole)
            answer = held[f"{roles.ROLE_WORDS[role]}, {scope}", permission.name.lower()]
            assert (answer != "nowhere") == grants, (role, permission, scope)
    fewer = roles.ROLE_PERMISSIONS | {Role.APPROVER: frozenset()}
    monkeypatch.setattr(roles, "ROLE_PERMISSIONS", fewer)
    assert found()["Approver, for the whole partnership", "publish"] == "nowhere", "no second list"


def test_page_when_shown_then_the_file_says_the_same(client):
    query = "?of=person&may=enter_figures"
    assert assert_same(client, URL + query, FILE + query, ACCESS_TABLE, "Who may do what, and where") == 5
    query = "?where=some_partners&of=person"
    assert assert_same(client, URL + query, FILE + query, ACCESS_TABLE, "Who may do what, and where") > 2
    assert [r["who"] for r in rows_of(client, "?who=SYSTEMS&may=publish")] == ["Head of systems"]
    assert "No answer passes these filters" in client.get(f"{URL}?who=zebra").content.decode()
    assert client.get(f"{FILE}?where=x").status_code == 404


def test_page_when_no_role_of_the_person_holds_today_then_says_so_and_from_when_one_does(client):
    future = b.a_user(Role.SCRUTINY_OFFICER, display_name="Future officer", from_on=b.date(2023, 4, 1))
    b.a_membership(future, Role.BOARD_MEMBER, from_on=b.date(2024, 4, 1))
    b.a_user(Role.BOARD_MEMBER, display_name="Former member", until_on=b.date(2020, 1, 1))
    b.a_user(Role.ADMINISTRATOR, display_name="Future of elsewhere", partnership=b.a_partnership("southshire", "E1"))

    def said(query):
        main = BeautifulSoup(client.get(f"{URL}?{query}").content, "lxml").main
        return [p.get_text() for p in main.select("p") if p.get_text().startswith("No role")]

    begins = "No role of Future officer holds today, 7 July 2022. The role “scrutiny officer” begins on 1 April 2023."
    assert said(f"of=person&who={future.email}") == said("who=FUTURE&may=publish") == [begins]
    assert said("who=former") == ["No role of Former member holds today, 7 July 2022."]
    assert said("who=zebra") == said("of=role&who=future") == said("who=systems&where=some_partners") == []


def test_page_when_there_are_more_people_then_it_asks_no_more_queries(client):
    def queries():
        client.get(URL)
        with CaptureQueriesContext(connection) as found:
            assert client.get(URL).status_code == 200
        return len(found)

    few = queries()
    for _ in range(5):
        b.a_user(Role.APPROVER)
    assert queries() == few <= 12


# Every role side by side


def test_grid_when_shown_then_the_file_says_the_same_and_what_can_be_seen_comes_first(client):
    assert assert_same(client, URL, GRID_FILE, ROLE_GRID, GRID_CAPTION) == len(Permission)
    header, rows = csv_of(client, GRID_FILE)
    groups = [row[header.index("group")] for row in rows]
    assert groups == ["see"] * len(SEEN) + ["do"] * (len(Permission) - len(SEEN))
    reads = {p for p in Permission if p.value.startswith(("read ", "download "))}
    assert reads == SEEN, "what only lets somebody read is told as such"


def test_grid_when_held_against_the_rule_then_each_role_as_it_grants(client):
    header, rows = csv_of(client, GRID_FILE)
    found = {row[header.index("permission")]: dict(zip(header, row, strict=True)) for row in rows}
    for role, permission in itertools.product(Role, Permission):
        one, whole = (
            found[permission.name.lower()][f"{role.value}_{held}"] for held in ("one_partner", "whole_partnership")
        )
        place = (role, permission)
        assert (one != "nowhere") == role_grants(role, permission, for_whole_partnership=False), place
        assert (one == "everywhere") == ((one != "nowhere") and permission in roles.NOT_SCOPED_BY_PARTNER), place
        if role is Role.ANALYST:  # works for one partner
            assert whole == "", place
        else:
            assert (whole == "everywhere") == role_grants(role, permission, for_whole_partnership=True), place


def test_grid_when_roles_change_then_it_does(client, monkeypatch):
    def found():
        row = next(r for r in shown(table_named(soup_of(client, URL), GRID_CAPTION)) if r[0].startswith("put packs"))
        return dict(zip(Role, row[1:], strict=True))[Role.APPROVER]

    assert found() == "Yes if held for all"
    monkeypatch.setattr(roles, "ROLE_PERMISSIONS", roles.ROLE_PERMISSIONS | {Role.APPROVER: frozenset()})
    assert found() == "No"


@pytest.mark.parametrize(
    ("one", "whole", "told"),
    [
        pytest.param("everywhere", "everywhere", ("Yes",), id="the same for both"),
        pytest.param("nowhere", "nowhere", ("No",), id="for neither"),
        pytest.param("nowhere", "everywhere", ("Yes", "if held for all"), id="for all alone"),
        pytest.param("some_partners", "everywhere", ("Yes", "own, if held for one"), id="for each its own"),
        pytest.param("some_partners", "nowhere", ("Own partner", "if held for one"), id="for one alone"),
        pytest.param("some_partners", None, ("Own partner",), id="always of one partner"),
        pytest.param("nowhere", None, ("No",), id="always of one partner, and not"),
    ],
)
def test_grid_answer_when_it_differs_by_what_the_role_is_held_for_then_says_for_whom(one, whole, told):
    assert grid_answer(one, whole) == told


def test_grid_when_read_aloud_then_each_cell_has_a_head_of_its_row_its_column_and_its_group(client):
    table = table_named(soup_of(client, URL), GRID_CAPTION)
    assert [said(th) for th in table.select("thead th[scope=col]")] == ["May", *roles.ROLE_WORDS.values()]
    assert [said(th) for th in table.select("th[scope=rowgroup]")] == ["What can be seen", "What can be done"]
    assert len(table.select("tbody")) == 2
    rows = table.select("tbody tr:not(.grp)")
    assert all([c.name for c in row.select("th, td")] == ["th", *["td"] * len(Role)] for row in rows)
    assert all(row.th["scope"] == "row" for row in rows)
    box = table.find_parent(class_="scroll")
    assert (box["role"], box["aria-label"], box["tabindex"]) == ("region", GRID_CAPTION, "0")


def test_grid_when_the_list_is_filtered_or_paged_then_the_list_stands_alone_and_leads_back(client):
    for query in ("?of=person", "?page=2"):
        soup = soup_of(client, URL + query)
        assert not soup.select("table.who")
        assert soup.select_one(f"main a[href='{URL}']").get_text() == GRID_CAPTION
