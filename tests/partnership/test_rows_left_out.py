"""Rows that a pack for everybody is published without, because hiding their numbers is not enough."""

import pytest
from django.test import Client

from indicators.operations import WrongState
from partnership.models import DisclosureCheck, Pack, RowLeftOut
from partnership.operations.left_out import leave_rows_out
from partnership.operations.packs import PackChanged, change_pack
from partnership.operations.protection import check_protection
from partnership.selectors.left_out import Row, rows_offered
from partnership.selectors.protection import asked_of, standing_of
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.indicators.test_reconciling import a_count
from tests.partnership.pack_world import (
    PLACE,
    a_draft,
    a_pack,
    a_public_pack,
    a_published_pack,
    a_reviewer,
    accept,
    an_approver,
    publish,
    restate,
    soup_of,
    words,
)
from tests.partnership.test_protection import Children, by_source, told

pytestmark = pytest.mark.django_db

TABLE = "notice-2021-22-q4"
POLICE: Row = (TABLE, "children", "source=police")
SCHOOLS: Row = (TABLE, "children", "source=schools")


def leave_out(pack: Pack, *rows: Row, reason: str = "Two children of two sources.", version: int | None = None) -> None:
    now = Pack.objects.get(pk=pack.pk).version
    leave_rows_out(
        pack=pack, rows=rows, reason=reason, version=now if version is None else version, by=an_approver(), at=b.NOW
    )


def check(pack: Pack) -> DisclosureCheck:
    return check_protection(pack=pack, by=an_approver(), at=b.NOW)


@pytest.fixture
def refused(db) -> Pack:
    """One child of each of two sources: whatever is hidden, a reader knows that there are two."""
    return a_pack(Children(by_source(2, 1, 1, 0, 0)).scorecard, audience="public")


def test_refused_pack_when_a_row_is_left_out_then_it_can_be_published_and_names_it_without_a_number(refused):
    assert check(refused).status == DisclosureCheck.Status.REFUSED
    leave_out(refused, POLICE)
    assert standing_of(refused, asked_of(refused, today=b.TODAY)).is_outdated
    accept(refused)
    manifest = publish(refused).manifest
    assert told(refused) == {"": "c", "source=schools": "c", "source=health": "0", "source=family": "0"}
    assert manifest["protection"]["rows_left_out"] == {TABLE: ["Children: Police"]}
    assert [one.finding for one in verified_packs(refused.partnership)] == [Finding.SOUND]
    said = "Left out, so that nobody can be identified from the rest: Children: Police."
    page = words(soup_of(Client(), f"/data/{PLACE}/{refused.code}/{TABLE}/").get_text(" "))
    file = Client().get(f"/data/{PLACE}/{refused.code}/{TABLE}.json").json()
    for told_to_everybody in (page, file["protection"]):
        assert "numbers below 6" in told_to_everybody
        assert said in told_to_everybody


def test_row_when_it_is_chosen_no_more_then_it_is_told_again_and_the_others_keep_their_reason(refused):
    leave_out(refused, POLICE, reason="First")
    leave_out(refused, POLICE, SCHOOLS, reason="Second")
    leave_out(refused, POLICE, reason="")
    assert [(one.indicator, one.slice, one.reason) for one in RowLeftOut.objects.all()] == [
        ("children", "source=police", "First")
    ]
    leave_out(refused, reason="")
    assert not RowLeftOut.objects.exists()


@pytest.mark.parametrize(
    ("rows", "given", "says"),
    [
        ([POLICE], {"reason": " "}, "Say why"),
        ([POLICE], {"reason": "x" * 301}, "300 characters"),
        (["all"], {}, "Nothing would be left of "),
        ([(TABLE, "others", "")], {}, "Choose among the rows of the pack"),
    ],
)
def test_choice_when_it_cannot_stand_then_refused_and_nothing_kept(refused, rows, given, says):
    chosen = rows_offered(refused, today=b.TODAY)[0].rows if rows == ["all"] else rows
    with pytest.raises(WrongState, match=says):
        leave_out(refused, *chosen, **given)
    assert not RowLeftOut.objects.exists()


def test_choice_when_the_pack_changed_meanwhile_or_is_out_or_for_the_board_then_refused(refused):
    with pytest.raises(PackChanged):
        leave_out(refused, POLICE, version=refused.version + 1)
    leave_out(refused, POLICE)
    accept(refused)
    publish(refused)
    with pytest.raises(WrongState, match="published"):
        leave_out(refused, POLICE, SCHOOLS)
    with pytest.raises(WrongState, match="given whole"):
        leave_out(a_pack(refused.choices.get().scorecard), POLICE)


def test_pack_when_it_becomes_the_boards_or_carries_another_table_then_nothing_stays_left_out(refused):
    scorecard = refused.choices.get().scorecard
    leave_out(refused, POLICE)
    refused.refresh_from_db()
    change_pack(pack=refused, draft=a_draft(scorecard, audience="public", title="Again"), version=refused.version,
                by=an_approver(), at=b.NOW)  # fmt: skip
    assert RowLeftOut.objects.count() == 1
    refused.refresh_from_db()
    change_pack(pack=refused, draft=a_draft(scorecard), version=refused.version, by=an_approver(), at=b.NOW)
    assert not RowLeftOut.objects.exists()


def test_restated_figure_when_its_row_is_left_out_then_the_pack_does_not_restate_it():
    world = Children(by_source(100, 30, 40, 20, 10))
    a_published_pack(world.scorecard, audience="public")
    restate(world.row, {world.made["source=police"].series: a_count(50), world.made[""].series: a_count(120)})
    whole = a_public_pack(world.scorecard, body="Another board")
    assert [row.key for row in whole.tables.last().table.rows.all()] == [
        "northshire/children/whole/2021-22-q4", "northshire/children/source=police/2021-22-q4"
    ]  # fmt: skip
    less = a_pack(world.scorecard, audience="public", body="A third board")
    leave_out(less, POLICE)
    accept(less)
    publish(less)
    assert [row.key for row in less.tables.last().table.rows.all()] == ["northshire/children/whole/2021-22-q4"]


def test_page_when_a_choice_is_followed_then_the_row_is_ticked_kept_and_named_where_it_was_decided(refused, signed_in):
    client = signed_in(an_approver())
    check(refused)
    page = f"/{PLACE}/packs/{refused.code}/small-numbers/"
    links = [a["href"] for a in soup_of(client, page).select("a") if a.get_text().startswith("Choose them")]
    assert links
    form = soup_of(client, links[0])
    ticked = [box["value"] for box in form.select("input[type=checkbox][checked]")]
    assert ticked == [f"{TABLE}/children/source=police", f"{TABLE}/children/source=schools"]
    sent = {TABLE: ticked[0], "version": form.select_one("input[name=version]")["value"], "reason": ""}
    refusal = client.post(f"{page}rows/", sent)
    assert "Say why these rows are left out" in refusal.content.decode()
    client.post(f"{page}rows/", sent | {"reason": "One child."})
    text = words(soup_of(client, page).select_one("main").get_text(" "))
    assert "Children: Police : One child." in text
    assert "Something has changed" in text
    assert "Choose them" not in words(soup_of(signed_in(a_reviewer()), page).get_text(" "))


def test_page_when_the_pack_is_out_then_it_leads_back(refused, signed_in):
    leave_out(refused, POLICE)
    accept(refused)
    publish(refused)
    answer = signed_in(an_approver()).get(f"/{PLACE}/packs/{refused.code}/small-numbers/rows/")
    assert (answer.status_code, answer["Location"]) == (302, f"/{PLACE}/packs/{refused.code}/")
