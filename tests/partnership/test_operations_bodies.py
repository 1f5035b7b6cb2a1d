"""What people record of bodies, lines and seats: nothing is overwritten; what cannot be is refused with a sentence."""

from datetime import date, timedelta

import pytest

from indicators.models import AuditEvent
from indicators.operations.errors import InputRefused, OperationError, WrongState
from partnership.models import Body, BodyStep, BodySuccession, ReportingLine, SeatHolding
from partnership.operations import bodies as keep
from partnership.operations import seats as keep_seats
from partnership.operations.body_steps import BodyChanged
from tests import builders as b
from tests.builders import governance as g

pytestmark = pytest.mark.django_db

DAY = date(2022, 4, 1)
NEXT = DAY + timedelta(days=1)
BEFORE = DAY - timedelta(days=1)
VERSION = {
    "name": "Improvement Board", "short_name": "", "kind": "board", "organisation": None, "organisation_words": "",
    "is_multi_agency": True, "purpose": "Owns the plan", "chair": "independent", "frequency": "four_weekly",
    "quorum_number": None, "quorum_one_in": 4, "quorum_counts_vacancies": True, "meets_in_public": None,
    "from_on": DAY,
}  # fmt: skip
LINE = {"kind": "formal", "from_on": DAY, "from_basis": "stated", "until_on": None, "note": ""}
SEAT = {
    "role": "member", "title": "Director", "organisation": None, "organisation_words": "", "votes": "all",
    "from_on": DAY, "from_basis": "stated",
}  # fmt: skip


@pytest.fixture
def officer(partnership):
    return b.a_user(b.Role.SCRUTINY_OFFICER, display_name="Scrutiny officer")


def step_of(body):
    return body.steps.count()


def add(officer, *, key="", **changed):
    values = VERSION | {"from_basis": "stated"} | changed
    return keep.add_body(partnership=b.a_partnership(), values=values, by=officer, at=b.NOW, key=key)


def line(officer, lower, upper, *, body=None, step=None, key="", **changed):
    body = body or lower
    return keep.add_line(
        body=body, lower=lower, upper=upper, values=LINE | changed, by=officer, at=b.NOW, key=key,
        step=step_of(body) if step is None else step,
    )  # fmt: skip


def act(operation, body, officer, **given):
    return operation(body=body, by=officer, at=b.NOW, **{"step": step_of(body)} | given)


def refusal(call, *, box=None):
    with pytest.raises(OperationError) as found:
        call()
    assert box is None or getattr(found.value, "box", None) == box, str(found.value)
    return str(found.value)


# Bodies


def test_body_when_added_then_it_has_a_version_a_sentence_and_a_line_of_the_record(officer):
    body = add(officer, key="k" * 32)
    assert add(officer, key="k" * 32) == body, "the same form again"
    assert (body.code, body.from_on, body.by) == ("improvement-board", DAY, officer)
    assert body.versions.get().quorum_one_in == 4
    assert body.steps.get().what == "Added “Improvement Board” from 1 April 2022."
    event = AuditEvent.objects.get(kind="governance_recorded")
    assert event.what == "improvement-board: Added “Improvement Board” from 1 April 2022."
    assert "other answers" in refusal(lambda: add(officer, key="k" * 32, name="Another"))


@pytest.mark.parametrize(
    ("changed", "box"),
    [
        ({"name": "  "}, "name"),
        ({"quorum_one_in": 0}, "quorum_one_in"),
        ({"quorum_number": 0}, "quorum_number"),
        ({"name": "scrutiny committee"}, "name"),
    ],
)
def test_body_when_it_cannot_be_then_refused_at_its_box(officer, changed, box):
    g.a_body()
    assert refusal(lambda: add(officer, **changed), box=box).endswith(".")
    assert Body.objects.count() == 1


def test_body_when_of_a_partner_and_another_organisation_then_refused(officer):
    refusal(lambda: add(officer, organisation=b.a_partner(), organisation_words="Health"), box="organisation_words")
    elsewhere = b.a_partner("elsewhere", partnership=b.a_partnership("southshire", "E06000098"))
    refusal(lambda: add(officer, organisation=elsewhere), box="organisation")


def test_body_when_renamed_then_the_former_version_stays(officer):
    body = add(officer)
    made = act(keep.change_body, body, officer, values=VERSION | {"name": "Partnership Board", "from_on": NEXT})
    assert [(v.number, v.name, v.from_on) for v in body.versions.all()] == [
        (1, "Improvement Board", DAY), (2, "Partnership Board", NEXT),
    ]  # fmt: skip
    assert body.steps.last().what == "From 2 April 2022 “Improvement Board” is called “Partnership Board”."
    act(keep.change_body, body, officer, values=VERSION | {"name": made.name, "from_on": b.TODAY, "quorum_one_in": 3})
    assert body.steps.last().what == "Changed from 7 July 2022: quorum one in."
    same = VERSION | {"name": made.name, "from_on": b.TODAY, "quorum_one_in": 3}
    assert "Nothing is different" in refusal(lambda: act(keep.change_body, body, officer, values=same))
    early = VERSION | {"name": "Board", "from_on": BEFORE}
    assert "begins on 1 April 2022" in refusal(
        lambda: act(keep.change_body, body, officer, values=early), box="from_on"
    )
    assert body.versions.count() == 3


def test_body_when_another_tab_was_quicker_then_nothing_is_done(officer):
    body = add(officer)
    values = VERSION | {"name": "First", "from_on": NEXT}
    keep.change_body(body=body, values=values, step=1, by=officer, at=b.NOW)
    for call in (
        lambda: keep.change_body(body=body, values=values | {"name": "Second"}, step=1, by=officer, at=b.NOW),
        lambda: keep.end_body(body=body, until_on=NEXT, until_basis="stated", step=1, by=officer, at=b.NOW),
        lambda: line(officer, body, g.a_body(), step=1),
        lambda: keep_seats.add_seat(body=body, values=SEAT, holder="", step=1, by=officer, at=b.NOW),
    ):
        with pytest.raises(BodyChanged, match="changed since you opened the page"):
            call()
    assert (body.versions.count(), body.seats.count(), body.lines_up.count()) == (2, 0, 0)


def test_body_when_ended_then_lines_seats_and_holders_end_with_it(officer):
    body, upper = add(officer), g.a_body()
    up = line(officer, body, upper)
    seat = act(keep_seats.add_seat, body, officer, values=SEAT, holder="Director of People")
    act(keep.end_body, body, officer, until_on=NEXT, until_basis="last_named", key="e" * 32)
    keep.end_body(body=body, until_on=NEXT, until_basis="last_named", step=0, by=officer, at=b.NOW, key="e" * 32)
    for row in (body, up, seat, seat.holdings.get()):
        row.refresh_from_db()
        assert row.until_on == NEXT
    assert {row.until_basis for row in (body, up, seat)} == {"last_named"}
    assert upper.steps.last().what == "The line with “Improvement Board” ended with it on 2 April 2022."
    assert body.steps.last().what == "Ended “Improvement Board” on 2 April 2022, with its lines and seats."
    ended = refusal(lambda: act(keep.end_body, body, officer, until_on=b.TODAY, until_basis="stated"))
    assert ended == "It ended on 2 April 2022 already. A last day is not changed."
    assert "ended on 2 April 2022" in refusal(
        lambda: act(keep.change_body, body, officer, values=VERSION | {"name": "x", "from_on": b.TODAY}), box="from_on"
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda body: g.a_meeting(body, b.TODAY), "a meeting is recorded. Give a later day, or cancel the meeting"),
        (lambda body: g.a_body_version(body, from_on=b.TODAY), "a change of it is recorded"),
        (lambda body: g.a_reporting_line(body, g.a_body("Council"), from_on=b.TODAY), "a line is recorded"),
        (lambda body: g.a_seat(body, from_on=b.TODAY, holder=""), "a seat is recorded"),
        (lambda body: g.a_seat(body, held_from=DAY, held_until=b.TODAY), "who holds a seat is recorded"),
    ],
)
def test_body_when_something_lies_after_its_last_day_then_it_does_not_end(officer, make, words):
    body = add(officer)
    make(body)
    assert words in refusal(
        lambda: act(keep.end_body, body, officer, until_on=NEXT, until_basis="stated"), box="until_on"
    )
    body.refresh_from_db()
    assert body.until_on is None


def test_body_when_it_would_end_before_it_begins_then_refused(officer):
    body = add(officer)
    call = lambda: act(keep.end_body, body, officer, until_on=BEFORE, until_basis="stated")  # noqa: E731
    assert "cannot lie before that" in refusal(call, box="until_on")
    g.a_meeting(body, b.TODAY, state="cancelled")
    act(keep.end_body, body, officer, until_on=DAY, until_basis="stated")


# Successions


def test_succession_when_recorded_then_both_bodies_tell_it_and_no_ring_is_made(officer):
    old, new, third = (g.a_body(name) for name in ("Old", "New", "Third"))

    def succeed(predecessor, successor, on=DAY):
        return keep.record_succession(
            predecessor=predecessor, successor=successor, on=on, note="", step=step_of(predecessor), by=officer,
            at=b.NOW,
        )  # fmt: skip

    succeed(old, new)
    succeed(new, third, None)
    assert [s.what for s in new.steps.all()] == [
        "“New” took the place of “Old” on 1 April 2022.", "“Third” took the place of “New”; the day is not stated.",
    ]  # fmt: skip
    late = g.a_body("Late", from_on=NEXT)
    for predecessor, successor, words in (
        (old, new, "recorded already"), (old, old, "does not succeed itself"), (third, old, "came before this one"),
        (old, late, "begins only on 2 April 2022"),
    ):  # fmt: skip
        assert words in refusal(lambda one=predecessor, two=successor: succeed(one, two))
    assert BodySuccession.objects.count() == 2


# Lines


def test_line_when_added_and_ended_then_both_bodies_tell_it(officer):
    lower, upper = g.a_body("Group"), g.a_body("Board")
    made = line(officer, lower, upper, body=upper, key="l" * 32)
    assert line(officer, lower, upper, body=upper, step=0, key="l" * 32) == made
    assert "holds from 1 April 2022 already" in refusal(lambda: line(officer, lower, upper), box="from_on")
    line(officer, lower, upper, kind="support")
    act(keep.end_line, lower, officer, line=made, until_on=NEXT)
    assert [s.what for s in upper.steps.all()] == [
        "“Group” reports formally to “Board”, from 1 April 2022.", "“Group” supports “Board”, from 1 April 2022.",
        "“Group” reports formally to “Board”, to 2 April 2022.",
    ]  # fmt: skip
    assert step_of(lower) == 3
    assert "ended on 2 April 2022 already" in refusal(
        lambda: act(keep.end_line, lower, officer, line=made, until_on=b.TODAY)
    )
    line(officer, lower, upper, from_on=b.TODAY)
    assert "cannot lie before" in refusal(
        lambda: act(keep.end_line, lower, officer, line=ReportingLine.objects.last(), until_on=DAY), box="until_on"
    )
    assert ReportingLine.objects.count() == 3


def test_line_when_the_other_body_ended_since_it_was_read_then_the_line_needs_a_last_day(officer):
    lower, upper = g.a_body("Group"), g.a_body("Board")
    act(keep.end_body, Body.objects.get(pk=upper.pk), officer, until_on=NEXT, until_basis="stated")
    assert "ended on 2 April 2022" in refusal(lambda: line(officer, lower, upper), box="until_on")
    assert not ReportingLine.objects.exists()


def test_line_when_it_would_close_a_loop_then_the_way_round_is_told(officer):
    group, board, council = g.a_body("Group"), g.a_body("Board"), g.a_body("Council")
    line(officer, group, board)
    line(officer, board, council, from_on=b.TODAY)
    assert refusal(lambda: line(officer, council, group), box="other") == (
        "The lines would go round in a loop from 7 July 2022: “Council” to “Group” to “Board” to “Council”."
    )
    line(officer, council, group, until_on=b.TODAY - timedelta(days=1))
    refusal(lambda: line(officer, group, group), box="other")
    assert ReportingLine.objects.count() == 3


@pytest.mark.parametrize(
    ("changed", "box", "words"),
    [
        ({"from_on": BEFORE}, "from_on", "“Late” begins on 1 April 2022"),
        ({"from_on": b.TODAY + timedelta(days=2)}, "from_on", "“Ends” ended on 8 July 2022"),
        ({}, "until_on", "Give the line a last day"),
        ({"until_on": b.TODAY + timedelta(days=9)}, "until_on", "“Ends” ended on 8 July 2022"),
        ({"until_on": BEFORE}, "until_on", "cannot lie before"),
    ],
)
def test_line_when_outside_the_dates_of_either_body_then_refused(officer, changed, box, words):
    late = g.a_body("Late", from_on=DAY)
    ends = g.a_body("Ends", until_on=b.TODAY + timedelta(days=1))
    assert words in refusal(lambda: line(officer, late, ends, **changed), box=box)
    assert words in refusal(lambda: line(officer, ends, late, **changed), box=box)
    line(officer, late, ends, until_on=b.TODAY)


def test_line_when_to_a_body_of_another_partnership_then_refused(officer):
    elsewhere = g.a_body("Elsewhere", partnership=b.a_partnership("southshire", "E06000098"))
    refusal(lambda: line(officer, g.a_body(), elsewhere), box="other")


# Seats


def test_seat_when_filled_vacated_and_ended_then_each_holding_stays(officer):
    body, person = add(officer), b.a_user(b.Role.BOARD_MEMBER, email="member@example.org")
    seat = act(keep_seats.add_seat, body, officer, values=SEAT, holder="", key="s" * 32)
    fill = {"seat": seat, "holder": "Director of People", "user": person}
    act(keep_seats.fill_seat, body, officer, **fill, from_on=NEXT)
    assert "is held since 2 April 2022" in refusal(
        lambda: act(keep_seats.fill_seat, body, officer, **fill, from_on=b.TODAY)
    )
    refusal(lambda: act(keep_seats.vacate_seat, body, officer, seat=seat, until_on=DAY), box="until_on")
    act(keep_seats.vacate_seat, body, officer, seat=seat, until_on=date(2022, 5, 1))
    assert "Nobody holds" in refusal(lambda: act(keep_seats.vacate_seat, body, officer, seat=seat, until_on=b.TODAY))
    refusal(lambda: act(keep_seats.fill_seat, body, officer, **fill, from_on=date(2022, 5, 1)), box="from_on")
    act(keep_seats.fill_seat, body, officer, **fill, from_on=date(2022, 6, 1))
    refusal(lambda: act(keep_seats.end_seat, body, officer, seat=seat, until_on=date(2022, 5, 31)), box="until_on")
    act(keep_seats.end_seat, body, officer, seat=seat, until_on=b.TODAY)
    assert list(SeatHolding.objects.values_list("from_on", "until_on")) == [
        (NEXT, date(2022, 5, 1)), (date(2022, 6, 1), b.TODAY),
    ]  # fmt: skip
    assert "The seat ended on 7 July 2022" in refusal(
        lambda: act(keep_seats.end_seat, body, officer, seat=seat, until_on=b.TODAY)
    )
    assert [s.what for s in body.steps.all()][1:] == [
        "Added the seat “Director” from 1 April 2022, vacant.",
        "The seat “Director” is held by Director of People from 2 April 2022.",
        "The seat “Director” was held by Director of People to 1 May 2022 and is vacant since.",
        "The seat “Director” is held by Director of People from 1 June 2022.",
        "Ended the seat “Director” on 7 July 2022.",
    ]


@pytest.mark.parametrize(
    ("changed", "box"),
    [
        ({"title": " "}, "title"),
        ({"role": "officer"}, "votes"),
        ({"role": "invitee", "votes": "education"}, "votes"),
        ({"from_on": BEFORE}, "from_on"),
    ],
)
def test_seat_when_it_cannot_be_then_refused_at_its_box(officer, changed, box):
    body = add(officer)
    refusal(lambda: act(keep_seats.add_seat, body, officer, values=SEAT | changed, holder=""), box=box)
    assert not body.seats.exists()


def test_seat_when_one_person_would_have_two_votes_then_refused(officer):
    body, person = add(officer), b.a_user(b.Role.BOARD_MEMBER, email="member@example.org")
    first, second = (act(keep_seats.add_seat, body, officer, values=SEAT, holder="") for _ in range(2))
    clerk = act(keep_seats.add_seat, body, officer, values=SEAT | {"role": "officer", "votes": "none"}, holder="")
    assert (first.code, second.code) == ("director", "director-2")
    fill = {"holder": "Director", "user": person, "from_on": NEXT}
    act(keep_seats.fill_seat, body, officer, seat=first, **fill)
    refusal(lambda: act(keep_seats.fill_seat, body, officer, seat=second, **fill), box="user")
    act(keep_seats.fill_seat, body, officer, seat=clerk, **fill)
    refusal(lambda: act(keep_seats.fill_seat, body, officer, seat=second, **fill | {"holder": " "}), box="holder")
    refusal(
        lambda: act(keep_seats.fill_seat, body, officer, seat=second, **fill | {"user": None, "from_on": BEFORE}),
        box="from_on",
    )


def test_errors_when_told_then_a_box_is_named_where_there_is_one(officer):
    assert issubclass(InputRefused, WrongState)
    assert BodyStep.objects.count() == 0
