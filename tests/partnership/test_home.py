"""Home by role: what the board needs to know, and what waits for whom."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from indicators.operations import lock_round
from indicators.roles import Role
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def text_of(response) -> str:
    return " ".join(BeautifulSoup(response.content, "lxml").get_text(" ").split())


def test_the_front_leads_a_board_member_to_the_dashboard_of_the_latest_quarter(real, signed_in):
    client = signed_in(builders.a_user(Role.BOARD_MEMBER, partnership=real))
    page = client.get("/", follow=True)
    assert page.request["PATH_INFO"] == "/doncaster/"
    text = text_of(page)
    assert "2021/22 Quarter 4, January to March 2022" in text
    assert "28 of 36 indicators could be judged. 9 are outside tolerance." in text
    assert "8 have no figure, and none of them has a date by which it will." in text
    assert "Outside tolerance: 9" in text
    assert "Cannot be judged: 8" in text
    assert "4 figures are not reportable and 2 not available; none is overdue, none has an expected date." in text
    assert "since 2021/22 Q4. The others: 2 narrative only. Who makes them reportable" in text
    assert "Returns and drafts that wait" not in text


def test_a_line_with_monthly_figures_and_no_total_is_not_said_to_have_none(partnership, signed_in):
    scorecard = builders.a_scorecard(1)
    builders.an_indicator("monthly", name="Audits done", scorecard=scorecard, frequency="month")
    police = builders.a_partner("police")
    builders.an_indicator("silent", name="Visits", scorecard=scorecard, frequency="month", partner=police)
    trust = builders.a_partner()
    builders.a_return(scorecard, partner=trust, state="approved")
    builders.a_return(scorecard, builders.Q4.months()[0], partner=trust, state="approved")
    reader = signed_in(builders.a_user(Role.BOARD_MEMBER))
    text = text_of(reader.get("/northshire/"))
    assert "1 of 3 indicators could be judged." in text
    assert "1 has no figure, and none of them has a date by which it will. 1 has monthly figures, no total for" in text
    assert "1 under no figure: monthly figures, no total for the quarter" in text
    assert "Audits done Monthly figures No total for the quarter" in text
    assert "Visits Returned monthly: no total for this quarter" in text
    card = text_of(reader.get("/northshire/scorecards/contract/?period=2021-22-q4"))
    assert "no figure (1: monthly figures, no total for the quarter)" in card
    assert card.count("No figures held") == 1, "that of the line without any month"


def test_counts_of_the_strip_add_up(real, signed_in):
    page = signed_in(builders.a_user(Role.BOARD_MEMBER, partnership=real)).get("/doncaster/")
    soup = BeautifulSoup(page.content, "lxml")
    for row in soup.select(".strip tbody tr, .strip tfoot tr"):
        *parts, total = [int(b.get_text()) for b in row.select(".big")]
        assert sum(parts) == total


def test_a_board_member_never_sees_what_is_not_approved(partnership, signed_in):
    scorecard = builders.a_scorecard(1)
    builders.a_return(scorecard, state="signed_off")
    text = text_of(signed_in(builders.a_user(Role.BOARD_MEMBER)).get("/northshire/"))
    assert "No figures have been approved yet" in text
    assert "85.0%" not in text
    assert "85 of 100" not in text


def test_work_goes_to_who_can_do_the_next_step(partnership, signed_in):
    people = builders.the_people()
    row = builders.a_return(builders.a_scorecard(1))
    name = f"{row.round.scorecard.name}, 2021/22 Q4"

    def waits_for() -> set[str]:
        return {
            who
            for who in ("analyst", "lead", "lead_deputy", "acceptor", "acceptor_deputy")
            if "No return and no draft waits for you"
            not in text_of(signed_in(getattr(people, who)).get("/northshire/"))
        }

    assert waits_for() == {"analyst"}
    builders.fill(row)
    builders.submit(row)
    assert waits_for() == {"lead", "lead_deputy"}
    builders.sign_off(row)
    assert waits_for() == {"acceptor", "acceptor_deputy"}
    assert name in text_of(signed_in(people.acceptor).get("/northshire/"))
    builders.send_back(row, by=people.acceptor, comment="Check the numerator.")
    assert waits_for() == {"analyst"}
    assert "Check the numerator." in text_of(signed_in(people.analyst).get("/northshire/"))


def test_somebody_without_a_role_is_told_whom_to_ask(db, signed_in):
    user = builders.a_user()
    text = text_of(signed_in(user).get("/"))
    assert "You have no access yet" in text
    assert "Ask an administrator of your partnership to give you one" in text


def test_front_when_the_only_role_begins_later_then_says_on_which_day(partnership, signed_in):
    user = builders.a_user(Role.SCRUTINY_OFFICER, from_on=date(2023, 4, 1))
    builders.a_membership(user, Role.BOARD_MEMBER, from_on=date(2024, 4, 1))
    text = text_of(signed_in(user).get("/"))
    assert "Your role “scrutiny officer” in Northshire children's partnership begins on 1 April 2023" in text
    assert "Ask an administrator" not in text


def test_somebody_with_two_partnerships_chooses(partnership, signed_in):
    user = builders.a_user(Role.BOARD_MEMBER)
    builders.a_membership(user, Role.BOARD_MEMBER, partnership=builders.a_partnership("southshire", "E06000098"))
    text = text_of(signed_in(user).get("/"))
    assert "Choose a partnership" in text
    assert "Southshire" in text


def test_each_scorecard_stands_in_its_own_latest_period(real, signed_in):
    people = builders.the_people(real.partners.get(code="trust"))
    contract = real.scorecards.get(code="contract")
    row = builders.a_return(contract, builders.Q4.next(), partner=people.analyst.memberships.get().partner)
    builders.fill(row)
    builders.submit(row, by=people.analyst)
    builders.sign_off(row, by=people.lead)
    builders.accept(row, by=people.acceptor)
    page = signed_in(builders.a_user(Role.BOARD_MEMBER, partnership=real)).get("/doncaster/")
    text = text_of(page)
    assert "of 36 indicators could be judged" in text
    assert "the period of each scorecard stands beside it" in text
    assert "Contract key performance indicators, 2022/23 Q1" in text
    assert "Strategic partnership indicators, 2021/22 Q4, 7 of 25" in text


def test_the_board_reads_why_a_figure_is_missing_even_without_a_headline(partnership, signed_in):
    scorecard = builders.a_scorecard()
    measure = builders.an_indicator("a", scorecard=scorecard)
    cell = builders.a_cell(
        missing="not_reportable", commentary="The new form is not in the system.", not_reportable_code="system_change",
        responsible_role="Head of performance", expected_on=builders.TODAY,
    )  # fmt: skip
    builders.a_return(scorecard, state="approved", cells={measure.series.pk: cell})
    text = text_of(signed_in(builders.a_user(Role.BOARD_MEMBER)).get("/northshire/"))
    assert "The new form is not in the system." in text
    assert "The case system changed; Head of performance is to make it reportable" in text


def test_a_locked_round_is_said_on_the_home_of_who_enters(partnership, signed_in):
    row = builders.a_return(builders.a_scorecard(1))
    lock_round(reporting_round=row.round, reason="Closed.", by=builders.a_user(Role.ADMINISTRATOR), at=builders.NOW)
    text = text_of(signed_in(builders.the_people().analyst).get("/northshire/"))
    assert "Locked: read why" in text
    assert "Enter figures" not in text
