"""Bodies as they stood on a day: names then, seats then, quorum from both."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.checks import Tags, run_checks

from partnership.models import Declaration
from partnership.quorum import Answer
from partnership.selectors.bodies import bodies_on, quorum_of, version_on
from tests import builders as b
from tests.builders import governance as g

pytestmark = pytest.mark.django_db


def test_body_when_renamed_then_each_day_has_its_name(partnership):
    body = g.a_body("Chief Officers Group", from_on=date(2015, 1, 1), until_on=date(2022, 3, 31))
    g.a_body_version(body, name="Chief Officers Overview", from_on=date(2021, 9, 16))
    g.a_body_version(body, name="Chief Officers’ Overview", from_on=date(2021, 9, 16))
    g.a_body_version(body, name="Chief Officers", from_on=date(2018, 1, 1))
    names = {
        date(2014, 12, 31): [], date(2015, 1, 1): ["Chief Officers Group"], date(2018, 1, 1): ["Chief Officers"],
        date(2021, 9, 15): ["Chief Officers"], date(2021, 9, 16): ["Chief Officers’ Overview"],
        date(2022, 3, 31): ["Chief Officers’ Overview"], date(2022, 4, 1): [],
    }  # fmt: skip
    assert {day: [v.name for v in bodies_on(partnership, day)] for day in names} == names
    assert version_on(body.versions.all(), date(2000, 1, 1)).name == "Chief Officers Group"
    assert version_on([], b.TODAY) is None


def test_quorum_when_a_meeting_is_recorded_then_seats_attendance_and_interests_make_it(
    partnership, django_assert_num_queries
):
    body = g.a_body(quorum_one_in=4, from_on=b.LONG_AGO)
    seats = g.some_seats(body, 8, co_optees=1)
    g.a_seat(body, "Parent governor", holder="")
    other = g.a_seat(g.a_body("Another board"), "Councillor")
    meeting = g.a_meeting(body, state="held")
    first, second, third = (g.an_item(meeting, function=f) for f in ("general", "general", "education"))
    g.an_attendance(meeting, seats[0])
    g.an_attendance(meeting, seats[1], arrived_for=second)
    staying = g.an_attendance(meeting, seats[2], left_before=third)
    g.an_attendance(meeting, seats[8])
    g.an_attendance(meeting, other)
    g.an_attendance(meeting)
    g.an_attendance(meeting, seats[3], status="apologies")
    Declaration.objects.create(
        meeting=meeting, item=second, attendance=staying, kind="other", nature="A governor", withdrew=True,
        source=b.a_source(), actor="", at=b.NOW,
    )  # fmt: skip
    meeting = type(meeting).objects.select_related("body").get()
    with django_assert_num_queries(5):
        found = quorum_of(meeting, [first, second, third])
    # Nine seats vote in general, the parent governor's vacant one included; ten on education.
    assert [(s.present, s.needed, s.answer) for s in found] == [
        (2, 3, Answer.NOT_QUORATE), (2, 3, Answer.NOT_QUORATE), (3, 3, Answer.QUORATE),
    ]  # fmt: skip
    assert found[1].notes[0].startswith("Councillor: declared an interest and withdrew")
    meeting.on -= timedelta(days=365 * 30)
    assert {s.answer for s in quorum_of(meeting, [first])} == {Answer.NOT_RECORDED}


def test_check_when_lines_go_round_today_then_it_warns_with_the_way(partnership):
    bodies = [g.a_body(name) for name in ("Board", "Council", "Group")]
    for lower, upper in pairwise(bodies):
        g.a_reporting_line(lower, upper)

    def found():
        checked = run_checks(tags=[Tags.database], databases=["default"])
        return [one.msg for one in checked if one.id == "partnership.W002"]

    g.a_reporting_line(bodies[2], bodies[0], until_on=b.TODAY - timedelta(days=1))
    assert found() == []
    g.a_reporting_line(bodies[2], bodies[0], kind="support", from_on=b.TODAY)
    words = "Northshire children's partnership: The lines go round in a loop: Board to Council to Group to Board."
    assert found() == [words]
