"""A plan begun from a placements file: its cells, where each is from, what is left out, and the page that shows it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from finance.models import PlacementPlan
from finance.plan_from_file import Prices, begin_plan
from finance.plan_rows import Entered, Kind, doubts, plan_of, refuse_assumed, refuse_rows
from finance.plan_text import TextRefused, read_assumed, read_rows
from finance.ssda903.answer import Sums, sums_of
from finance.ssda903.codes import NOT_REPORTED
from finance.ssda903.names import RUNG_NAMES
from indicators.roles import Role
from tests import builders as b
from tests.finance import money_world, plan_world
from tests.finance.placements_return import an_officer
from tests.finance.ssda903_world import AGE, IFA, OOA, OWN, SUMS, a_load, an_answer
from tests.parity import soup_of, words

SOURCE = "SSDA903, 2021/22 Q4, file 1a2b3c4d"
FIRST, LAST = date(2022, 1, 1), date(2022, 3, 31)
NAMES = {code: name for code, name in RUNG_NAMES.items() if code != NOT_REPORTED}
PRICES = {
    OOA: Prices(Decimal("5402.87"), (Decimal(5000), Decimal("5800.50")), "average in “July”"),
    IFA: Prices(Decimal(875), (), "average in “July”"),
    OWN: Prices(Decimal(425), (), "average in “July”"),
}
NEW = "/northshire/money/plans/new/"


def begun(sums: Sums | None = None, names=NAMES, prices=PRICES, start_on=FIRST, end_on=LAST):
    return begin_plan(
        sums or sums_of(SUMS), source=SOURCE, start_on=start_on, end_on=end_on, names=names, prices=prices
    )


def entered_of(made, names=NAMES) -> Entered:
    return Entered(made.as_at, read_rows(made.rows, names), read_assumed(made.assumed, names), names, {})


# The cells


def test_plan_when_begun_then_stocks_are_those_of_the_last_night_and_each_row_says_where_it_is_from():
    made = begun()
    assert (made.name, made.as_at, made.left_out) == ("Placements at 1 April 2022", date(2022, 4, 1), "")
    rows = entered_of(made).rows
    assert {row.rung: (row.number, row.weekly) for row in rows} == {
        OOA: (3, Decimal("5402.87")), IFA: (1, Decimal(875)), OWN: (1, Decimal(425)),
    }  # fmt: skip
    assert rows[0].words == (
        f"{SOURCE}: night of 31 March 2022; 275 child-days in the period; price: average in “July”"
    )
    assert not made.prices_missing


def test_rates_when_begun_then_starters_are_of_months_leavers_of_nights_and_moves_are_in_both():
    found = {(one.kind, one.rung): one for one in entered_of(begun()).assumed}
    came, moved_in = found[Kind.STARTERS, OOA], found[Kind.STARTERS, OWN]
    assert (came.number, came.over, came.prices) == (1, 3, (Decimal(5000), Decimal("5800.50")))
    assert came.words == f"{SOURCE}: 1 new to care, 0 from other rungs; 275 child-days; price: average in “July”"
    assert (moved_in.number, moved_in.prices) == (1, (Decimal(425),))
    assert "0 new to care, 1 from other rungs; 45 child-days" in moved_in.words
    left, moved_out = found[Kind.LEAVING, IFA], found[Kind.LEAVING, OOA]
    assert (left.number, left.over) == (1, 120)
    assert left.words == f"{SOURCE}: 1 left care, 0 of them at 18, and 0 to other rungs; 120 child-days"
    assert (moved_out.number, moved_out.over) == (1, 275)
    assert len(found) == 4


def test_prices_when_the_file_is_all_there_is_then_their_cells_wait_to_be_typed():
    made = begun(prices={})
    assert made.prices_missing
    assert "price:" not in made.rows
    with pytest.raises(TextRefused, match="Row 2, weekly price: is empty"):
        read_rows(made.rows, NAMES)
    assert {one.prices for one in read_assumed(made.assumed, NAMES)} == {()}


@pytest.mark.parametrize(
    ("last", "since", "told"), [(LAST, "1 April 2022", False), (date(2022, 6, 30), "1 April 2022", True)]
)
def test_start_when_sums_do_not_tell_it_then_the_financial_year_and_the_note_says_so(last, since, told):
    made = begun(start_on=date(2022, last.month - 2, 1), end_on=last)
    assert {row.start for row in entered_of(made).rows} == {date(2022, 4, 1)}
    assert (f"in place since {since}" in made.note) is told


def test_children_when_on_no_rung_of_the_ladder_then_left_out_and_counted():
    sums = replace(sums_of(SUMS), at_end={(AGE, OOA): 3, (AGE, NOT_REPORTED): 2, (AGE, OWN): 1})
    names = {code: name for code, name in NAMES.items() if code != OWN}
    made = begun(sums, names)
    assert made.left_out == (
        "Left out: 3 children on no rung of the ladder (In-house fostering and Rung not reported)."
    )
    assert made.left_out in made.note
    assert entered_of(made, names).placements == 3


def test_rate_when_more_left_than_there_were_nights_then_none_is_made_up():
    made = begun(replace(sums_of(SUMS), nights={(AGE, OOA): 1, (AGE, IFA): 120}))
    assert [one.rung for one in entered_of(made).assumed if one.kind is Kind.LEAVING] == [IFA]
    assert "More left than the nights can tell a rate of: Out of authority." in made.note


@st.composite
def sums(draw) -> Sums:
    rungs = st.sampled_from(list(RUNG_NAMES))
    number = st.integers(1, 40)

    def counted(*parts):
        return draw(st.dictionaries(st.tuples(st.just(AGE), *parts), number, max_size=8))

    return Sums(
        at_end=counted(rungs), starters=counted(rungs), moves=counted(rungs, rungs), nights=counted(rungs),
        leavers=counted(rungs, st.sampled_from(["turned-18", "adopted"])),
    )  # fmt: skip


@given(found=sums())
def test_plan_when_any_file_then_it_can_be_kept_and_nobody_is_lost(found):
    made = begun(found, prices=dict.fromkeys(NAMES, PRICES[OOA]))
    entered = entered_of(made)
    lost = found.total("at_end", rung=NOT_REPORTED)
    assert entered.placements + lost == found.total("at_end")
    assert all(len(row.words) <= 300 for row in (*entered.rows, *entered.assumed))
    came = sum(one.number for one in entered.assumed if one.kind is Kind.STARTERS)
    came_unknown = found.total("starters", rung=NOT_REPORTED) + found.moved_in(NOT_REPORTED)
    assert came + came_unknown == found.total("starters") + found.total("moves")
    if entered.rows:
        refuse_rows(entered)
        refuse_assumed(entered)
        plan_of(entered)
        assert doubts(entered) == []


# The page


@pytest.fixture
def officer(partnership, signed_in):
    money_world.the_rungs()
    return signed_in(an_officer())


def boxes(client, address: str) -> dict[str, str]:
    page = soup_of(client, address)
    texts = {box["name"]: box.get_text().lstrip("\n") for box in page.select("textarea")}
    return texts | {box["name"]: box.get("value", "") for box in page.select("input[name]")}


def ready(form: dict[str, str]) -> dict[str, str]:
    """What the browser sends of the boxes."""
    return {name: form[name] for name in ("name", "as_at", "rows", "assumed", "note")}


@pytest.mark.django_db
def test_page_when_begun_from_a_file_then_it_is_kept_at_the_prices_of_the_plan_that_counts(officer, partnership):
    plan_world.a_plan()
    load = a_load()
    link = soup_of(officer, f"/northshire/money/placements-file/{load.code}/").find(
        "a", string="Begin a plan of placements"
    )
    assert link["href"] == f"{NEW}?from={load.code}"
    form = boxes(officer, link["href"])
    assert form["as_at"] == "1 April 2022"
    assert "Out of authority,3,5402.87,1 April 2022," in form["rows"]
    assert "average in “Placements of July”" in form["rows"]
    assert "starters,In-house fostering,1,3,,425.00," in form["assumed"]
    sent = officer.post(NEW, ready(form) | {"do": "confirm", "key": "d" * 32})
    assert sent["Location"] == "/northshire/money/plans/placements-at-1-april-2022/"
    made = PlacementPlan.objects.get(code="placements-at-1-april-2022")
    assert [(row.rung.code, row.number) for row in made.rows.all()] == [(OOA, 3), (IFA, 1), (OWN, 1)]
    assert all(SOURCE in row.words for row in (*made.rows.all(), *made.assumptions.all()))
    assert not hasattr(made, "decision")


@pytest.mark.django_db
def test_page_when_no_plan_counts_then_it_asks_for_the_prices_by_row(officer):
    load = a_load()
    form = boxes(officer, f"{NEW}?from={load.code}")
    page = officer.post(NEW, ready(form) | {"do": "check", "key": "e" * 32}).content.decode()
    assert "Row 2, weekly price: is empty" in words(page)
    assert "The file holds no prices" in words(officer.get(f"{NEW}?from={load.code}").content.decode())


@pytest.mark.django_db
def test_page_when_the_file_is_not_theirs_replaced_or_not_there_then_it_is_not_found(officer, signed_in):
    load = a_load()
    assert officer.get(f"{NEW}?from=nothing").status_code == 404
    council = signed_in(an_officer("council"))
    assert council.get(f"{NEW}?from={load.code}").status_code in {403, 404}
    a_load(an_answer(), sha256="9" * 64)
    assert officer.get(f"{NEW}?from={load.code}").status_code == 404
    old = words(officer.get(f"/northshire/money/placements-file/{load.code}/").content.decode())
    assert "Begin a plan of placements" not in old


@pytest.mark.django_db
def test_link_when_a_person_enters_no_money_then_it_is_not_there(officer, signed_in):
    load = a_load()
    reader = signed_in(b.a_user(Role.ANALYST, partner=load.partner, email="lead@example.org"))
    assert "Begin a plan" not in words(reader.get(f"/northshire/money/placements-file/{load.code}/").content.decode())


@pytest.mark.django_db
def test_page_when_the_plan_or_the_file_is_larger_then_it_asks_no_more_queries(officer):
    def queries(code: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert officer.get(f"{NEW}?from={code}").status_code == 200
        return len(found)

    plan_world.a_plan()
    small = a_load(an_answer(sums=SUMS | {"starters": [], "at_start": [[AGE, OOA, 4], [AGE, IFA, 2]]}))
    few = queries(small.code)
    assert queries(a_load(sha256="7" * 64).code) == few
