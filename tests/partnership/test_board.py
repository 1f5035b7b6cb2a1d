"""The board member's page before a meeting: the next one, what changed colour, what is overdue."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.permissions import access_for
from indicators.rag import Rating
from indicators.roles import Role
from partnership.operations.packs import PackDraft, create_pack, publish_pack
from partnership.selectors.board import next_meeting, overdue_actions, since_last
from partnership.selectors.boards import board_home
from partnership.selectors.packs import packs_of
from tests import builders as b
from tests.partnership.pack_world import a_public_pack, a_published_pack

pytestmark = pytest.mark.django_db


def access(role: Role, partnership):
    return access_for(b.a_user(role.value), partnership, b.TODAY)


def told(cells):
    """A published pack of an approved return with those cells."""
    row = b.a_return(state="approved", cells=cells)
    draft = PackDraft(
        title="Quarter", body="Board", meeting_on=b.TODAY, audience="board",
        choices=[(row.round.scorecard, row.round.period)],
    )  # fmt: skip
    by = b.a_user("approver")
    pack = create_pack(partnership=row.round.partnership, draft=draft, by=by, at=b.NOW)
    publish_pack(pack=pack, version=pack.version, by=by, at=b.NOW)
    return pack, row


def coming(user, partnership, role=Role.BOARD_MEMBER):
    access = access_for(user, partnership, b.TODAY)
    packs = packs_of(partnership, access, b.NOW)
    return next_meeting(partnership, access, user.pk, packs=packs, today=b.TODAY, now=b.NOW)


def changed(partnership, reader, today=b.TODAY):
    return since_last(board_home(partnership, today, access=reader), packs_of(partnership, reader, b.NOW))


def test_next_meeting_when_the_person_has_a_seat_then_that_bodys_comes_before_an_earlier_one():
    sooner, own = b.a_body("Scrutiny Committee"), b.a_body("Improvement Board")
    b.a_meeting(sooner, b.TODAY + timedelta(days=3))
    mine = b.a_meeting(own, b.TODAY + timedelta(days=9))
    user = b.a_user("board_member")
    assert coming(user, own.partnership).body == "Scrutiny Committee"
    b.a_seat(own, user=user)
    found = coming(user, own.partnership)
    assert (found.meeting, found.is_own) == (mine, True)


@pytest.mark.parametrize(
    ("precision", "when"), [("day", "Thursday 14 July 2022"), ("month", "July 2022, day not stated")]
)
def test_next_meeting_when_only_its_month_is_known_then_the_month_is_told(precision, when):
    meeting = b.a_meeting(on=b.TODAY + timedelta(days=7), precision=precision)
    assert coming(b.a_user("board_member"), meeting.partnership).when == when


@pytest.mark.parametrize(
    ("days", "state", "is_next"),
    [(0, "called", True), (-1, "called", False), (5, "cancelled", False), (5, "planned", True)],
)
def test_next_meeting_when_past_or_cancelled_then_not_told(days, state, is_next):
    meeting = b.a_meeting(on=b.TODAY + timedelta(days=days), state=state)
    found = coming(b.a_user("board_member"), meeting.partnership)
    assert (found is not None) is is_next


def test_pack_under_an_exempt_item_when_the_person_may_not_read_it_then_not_told():
    measure = b.an_indicator("reviews")
    pack, _ = told({measure.series.pk: b.a_cell(Decimal(31), Decimal(40))})
    meeting = b.a_meeting(on=b.TODAY, state="called")
    b.a_paper(b.an_item(meeting, exempt=3), "Quarter", pack=pack)
    assert [p.pack for p in coming(b.a_user("board_member"), meeting.partnership).papers] == [pack]
    assert coming(b.a_user("finance_officer"), meeting.partnership).papers == ()


def test_since_last_when_a_later_quarter_is_worse_then_the_line_is_told_with_both_ratings():
    measure, same = b.an_indicator("reviews"), b.an_indicator("visits")
    good = b.a_cell(Decimal(40), Decimal(40))
    bad = replace(b.a_cell(Decimal(20), Decimal(40)), commentary="Reviews were late.", keep_reason="It is right.")
    _, row = told({measure.series.pk: good, same.series.pk: good})
    partnership = row.round.partnership
    reader = access(Role.BOARD_MEMBER, partnership)
    (found,) = changed(partnership, reader)
    assert (found.changed, found.compared) == ((), len(row.round.scorecard.lines.all()))
    b.a_return(
        row.round.scorecard, period=b.Q4.next(), state="approved",
        cells={measure.series.pk: bad, same.series.pk: b.a_cell(Decimal(41), Decimal(41))},
    )  # fmt: skip
    (later,) = changed(partnership, reader, date(2022, 9, 1))
    (one,) = later.changed
    assert (one.row.line.code, one.then, one.row.judgement.rating) == ("reviews", Rating.BETTER, Rating.OUTSIDE)
    assert one.is_worse
    assert later.meeting == "Board, 7 July 2022"


def test_since_last_when_no_pack_was_given_then_nothing_is_compared():
    measure = b.an_indicator("reviews")
    row = b.a_return(state="approved", cells={measure.series.pk: b.a_cell(Decimal(40), Decimal(40))})
    partnership = row.round.partnership
    reader = access(Role.BOARD_MEMBER, partnership)
    assert changed(partnership, reader) == []


def test_since_last_when_a_pack_for_everybody_hides_lines_then_their_colour_has_not_changed():
    few, many = b.an_indicator("reviews"), b.an_indicator("visits")
    cells = {few.series.pk: b.a_cell(Decimal(3), Decimal(4)), many.series.pk: b.a_cell(Decimal(80), Decimal(90))}
    row = b.a_return(state="approved", cells=cells)
    scorecard, partnership = row.round.scorecard, row.round.partnership
    reader = access(Role.BOARD_MEMBER, partnership)
    a_public_pack(scorecard, body="Everybody")
    (alone,) = changed(partnership, reader)
    assert (alone.meeting, alone.changed, alone.compared) == ("Everybody, 7 July 2022", (), 1)
    a_published_pack(scorecard, body="Board", meeting_on=date(2022, 7, 1))
    (both,) = changed(partnership, reader)
    assert (both.meeting, both.changed, both.compared) == ("Board, 1 July 2022", (), 2)


def test_since_last_when_a_pack_for_everybody_rounds_then_nothing_is_compared_with_it():
    measure = b.an_indicator("reviews")
    row = b.a_return(state="approved", cells={measure.series.pk: b.a_cell(Decimal(38), Decimal(40))})
    a_public_pack(row.round.scorecard, small_numbers="round")
    assert changed(row.round.partnership, access(Role.BOARD_MEMBER, row.round.partnership)) == []


def test_since_last_when_scorecards_went_to_different_meetings_then_each_counts_only_what_it_was_given():
    contract, help_card = b.a_scorecard(), b.a_scorecard(code="early-help")
    first, second, other = (
        b.an_indicator(code, scorecard=card)
        for code, card in (("reviews", contract), ("visits", contract), ("audits", help_card))
    )
    good = b.a_cell(Decimal(80), Decimal(90), commentary="As agreed.")
    b.a_return(contract, state="approved", cells=dict.fromkeys((first.series.pk, second.series.pk), good))
    b.a_return(help_card, state="approved", cells={other.series.pk: good})
    reader = access(Role.BOARD_MEMBER, contract.partnership)
    a_published_pack(contract, body="Committee", meeting_on=date(2022, 7, 5))
    a_public_pack(help_card, body="The public")
    found = changed(contract.partnership, reader)
    assert [(one.meeting, one.compared) for one in found] == [
        ("The public, 7 July 2022", 1), ("Committee, 5 July 2022", 2),
    ]  # fmt: skip


def test_overdue_when_due_today_or_done_or_exempt_then_only_what_the_person_may_read_and_is_late():
    item = b.an_item(b.a_meeting(state="held"))
    late = b.an_action(item, due_on=b.TODAY - timedelta(days=1))
    b.an_action(item, due_on=b.TODAY)
    b.an_action(item, due_on=b.TODAY - timedelta(days=9), state="done")
    hidden = b.an_action(b.an_item(item.meeting, exempt=1), due_on=b.TODAY - timedelta(days=5))
    partnership = item.meeting.partnership
    assert overdue_actions(partnership, access(Role.ANALYST, partnership), today=b.TODAY) == [late]
    assert overdue_actions(partnership, access(Role.BOARD_MEMBER, partnership), today=b.TODAY) == [hidden, late]


def test_home_when_a_board_member_opens_it_then_it_says_each_in_a_sentence(client):
    measure = b.an_indicator("reviews")
    pack, row = told({measure.series.pk: b.a_cell(Decimal(40), Decimal(40))})
    meeting = b.a_meeting(on=b.TODAY + timedelta(days=7), state="called")
    item = b.an_item(meeting)
    b.a_paper(item, "The pack of the quarter", pack=pack)
    b.an_action(b.an_item(b.a_meeting(b.a_body("Other"), state="held")), "Late work", due_on=date(2022, 7, 1))
    client.force_login(b.a_user("board_member"))
    text = client.get(reverse("home", args=[row.round.partnership.slug])).content.decode()
    assert "Next meeting" in text
    assert "The pack of the quarter" in text
    assert "Overdue actions: 1" in text
    assert "Late work" in text
    assert "Changed colour since Board, 7 July 2022: 0 of" in text


def test_home_when_it_tells_of_packs_in_three_places_then_they_are_read_once(client):
    measure = b.an_indicator("reviews")
    _, row = told({measure.series.pk: b.a_cell(Decimal(40), Decimal(40))})
    client.force_login(b.a_user("board_member"))
    url = reverse("home", args=[row.round.partnership.slug])
    b.a_meeting(on=b.TODAY + timedelta(days=7), state="called")
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    read = [
        q["sql"] for q in queries if 'FROM "partnership_pack" WHERE "partnership_pack"."partnership_id"' in q["sql"]
    ]
    assert len(read) == 1
