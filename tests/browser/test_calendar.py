"""The reporting calendar in a browser: a rule is set, a round locked, one person let in until a day."""

from datetime import date

import pytest

from indicators.models import ReportingRound
from indicators.roles import Role
from tests import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def row():
    scorecard = builders.a_scorecard(3)
    builders.a_round(scorecard, due_on=date(2022, 4, 22), at=builders.moment(date(2022, 4, 1)))
    return builders.a_return(scorecard)


def looks_right(visitor) -> None:
    for width in (1280, 320):
        assert visitor.axe(width) == []
        assert not visitor.scrolls_sideways()
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


def test_calendar_when_set_locked_and_opened_for_one_then_each_reads_what_holds_for_them(visit, row):
    people = builders.the_people()
    administrator = visit(builders.a_user(Role.ADMINISTRATOR, display_name="Head of performance"))
    page = administrator.open("/northshire/rounds/")
    assert administrator.reads("Overdue by 51 working days; 0 of 3 lines filled in")
    rule = page.locator("form", has=page.get_by_role("button", name="Set the rule"))
    rule.get_by_label("Working days after the period ends").fill("15")
    rule.get_by_label("For periods that end from").fill("1 April 2022")
    rule.get_by_label("Authority").fill("Contract")
    rule.get_by_role("button").click()
    assert administrator.reads("2022/23 Q1 would be due on 21 July 2022.")
    looks_right(administrator)
    page.get_by_label("Reason to lock").fill("The pack is printed")
    page.get_by_role("button", name="Lock").click()
    assert administrator.reads("Closed for 2021/22 Q4 since 7 July 2022 (Head of performance: The pack is printed)")
    page.get_by_role("link", name="Exceptions").click()
    page.get_by_label("Person").select_option(label=str(people.analyst))
    page.get_by_label("Last day").fill("14 July 2022")
    page.locator("#id_reason").fill("A school was late")
    page.get_by_role("button", name="Give the exception").click()
    assert administrator.reads("Trust analyst may enter figures until 14 July 2022, that day included.")
    looks_right(administrator)
    administrator.open("/northshire/rounds/")
    assert administrator.reads("Open for Trust analyst until 14 July 2022 (inclusive).")
    looks_right(administrator)

    analyst, other = visit(people.analyst), visit(people.second_analyst)
    analyst.open("/northshire/")
    assert analyst.reads("Open for you until 14 July 2022, that day included.")
    looks_right(analyst)
    analyst.open("/northshire/returns/contract/2021-22-q4/trust/1/entry/")
    assert analyst.reads("Open for you until 14 July 2022, that day included")
    looks_right(analyst)
    other.open("/northshire/returns/contract/2021-22-q4/trust/1/entry/")
    assert other.reads("ask Head of performance (administrator) to reopen.")
    assert "/entry/" not in other.page.url
    looks_right(other)
    assert ReportingRound.objects.get().state == "locked"
