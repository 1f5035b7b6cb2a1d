"""The list of returns, where one stands, its review and its correction."""

from datetime import date, timedelta

import pytest
from django.test import Client

from indicators.models import DraftCell, Return
from indicators.operations import lock_round
from indicators.quarters import Quarter
from indicators.selectors.returns import sheet_of, with_sent_back
from tests import builders
from tests.indicators.return_pages import address, form_of, soup, summary, words

pytestmark = pytest.mark.django_db

LIST = "/northshire/returns/"


@pytest.fixture
def lines(partnership):
    return [builders.an_indicator("one", name="Assessed in time"), builders.an_indicator("two", name="Seen in time")]


@pytest.fixture
def people(partnership):
    return builders.the_people(builders.a_partner())


def listed(response) -> list[list[str]]:
    """The rows of the list as texts; what only screen readers hear is left out."""
    page = soup(response)
    for hidden in page.select(".vh"):
        hidden.decompose()
    return [[c.get_text(" ", strip=True) for c in tr.select("th, td")] for tr in page.select("table.list tbody tr")]


# The list


def test_list_when_there_is_no_return_then_it_says_what_will_appear(people, signed_in):
    assert "No returns yet" in words(signed_in(people.analyst).get(LIST))


def test_list_when_read_by_an_analyst_then_it_says_what_to_do_next(lines, people, signed_in):
    scorecard = lines[0].line.scorecard
    builders.a_return(scorecard, builders.Q3, state="approved")
    builders.a_return(scorecard, builders.Q4, state="returned")
    builders.a_round(scorecard, builders.Q4.next(), due_on=date(2022, 7, 20))
    rows = listed(signed_in(people.analyst).get(LIST))
    name, partner = "Contract key performance indicators", "Northshire Children's Trust"
    assert rows == [
        [name, "2022/23 Q1", "Open", "Enter figures", "20 July 2022 (due in 9 working days)", partner, "Return"],
        [name, "2021/22 Q4", "Returned", "Change what was sent back", "No due date given", partner, "Return"],
        [name, "2021/22 Q3", "Approved", "See where it stands", "No due date given", partner, "Return"],
    ]


@pytest.mark.parametrize(
    ("state", "who", "step"),
    [
        ("open", "lead", "See where it stands"),
        ("submitted", "lead", "Review and sign off"),
        ("submitted", "acceptor", "See where it stands"),
        ("signed_off", "lead", "See where it stands"),
        ("signed_off", "acceptor", "Review and accept"),
        ("submitted", "analyst", "See where it stands"),
    ],
)
def test_list_when_it_is_somebodys_turn_then_the_step_is_theirs(lines, people, signed_in, state, who, step):
    builders.a_return(state=state)
    (found,) = listed(signed_in(getattr(people, who)).get(LIST))
    assert found[3] == step


def test_list_when_a_return_is_late_then_it_says_so(lines, people, signed_in):
    builders.a_round(due_on=date(2022, 7, 6))
    assert listed(signed_in(people.analyst).get(LIST))[0][4] == "6 July 2022 (overdue by 1 working day)"


def test_list_when_there_is_a_correction_then_its_kind_says_so(lines, people, signed_in):
    builders.a_restatement(builders.a_return(state="approved"), [lines[0].series])
    rows = listed(signed_in(people.analyst).get(LIST + "?sort=kind"))
    assert [r[6] for r in rows] == ["Return", "Correction"]


def test_list_when_returns_belong_to_others_then_only_whoever_reads_all_sees_them(lines, people, signed_in):
    police = builders.a_partner("police")
    builders.an_indicator("three", partner=police)
    builders.a_round()
    assert len(listed(signed_in(people.acceptor).get(LIST))) == 2
    assert [r[5] for r in listed(signed_in(people.analyst).get(LIST))] == ["Northshire Children's Trust"]
    theirs = signed_in(builders.a_user("analyst", partner=police)).get(LIST)
    assert [r[5] for r in listed(theirs)] == ["Northshire Police"]


def test_list_when_functions_passed_over_then_the_successor_sees_what_began_before(lines, people, signed_in):
    council = builders.a_partner("council")
    builders.a_succession(builders.a_partner("trust"), council, date(2022, 3, 1))
    scorecard = lines[0].line.scorecard
    for period in (builders.Q3, builders.Q4, builders.Q4.next()):
        builders.a_round(scorecard, period)
    client = signed_in(builders.a_user("analyst", partner=council))
    assert [r[1] for r in listed(client.get(LIST))] == ["2021/22 Q4", "2021/22 Q3"]
    later = builders.fresh(Return.objects.get(round__period__slug="2022-23-q1"))
    earlier = builders.fresh(Return.objects.get(round__period__slug="2021-22-q4"))
    assert client.get(address("return", later)).status_code == 404
    assert client.get(address("return_entry", earlier)).status_code == 200


def test_list_when_it_is_long_then_filters_and_order_survive_paging(people, signed_in):
    scorecard, other = builders.a_scorecard(1), builders.a_scorecard(1, code="other")
    builders.a_history(scorecard, 60)
    builders.a_history(other, 3)
    client = signed_in(people.analyst)
    response = client.get(LIST, {"scorecard": "contract", "state": "approved", "sort": "period"})
    rows = listed(response)
    assert (len(rows), rows[0][1]) == (50, Quarter(2007, 1).label)
    assert "60 returns with these filters" in words(response)
    following = soup(response).select_one('a[rel="next"]')["href"]
    for part in ("scorecard=contract", "state=approved", "sort=period", "page=2"):
        assert part in following
    second = client.get(LIST + following)
    assert (len(listed(second)), listed(second)[-1][1]) == (10, "2021/22 Q4")


@pytest.mark.parametrize(
    "query", ["?page=99", "?page=x", "?sort=nonsense", "?state=nonsense", "?scorecard=%C3%97", "?partner=1"]
)
def test_list_when_the_address_is_nonsense_then_it_still_answers(lines, people, signed_in, query):
    builders.a_round()
    assert signed_in(people.analyst).get(LIST + query).status_code == 200


def test_list_when_no_return_passes_the_filters_then_it_offers_all(lines, people, signed_in):
    builders.a_round()
    assert "No return passes these filters" in words(signed_in(people.analyst).get(LIST + "?state=approved"))


# Where one stands


def test_status_when_it_went_all_the_way_then_every_step_says_who_and_when(lines, people, signed_in):
    row = builders.a_return(state="submitted")
    builders.sign_off(row, by=people.lead_deputy, comment="Checked against the system.")
    builders.accept(row)
    response = signed_in(people.analyst).get(address("return", builders.fresh(row)))
    steps = [li.get_text(" ", strip=True) for li in soup(response).select(".steps li")]
    assert steps == [
        "Opened , 7 July 2022, 10:00 Trust acceptor",
        "Submitted , 7 July 2022, 10:00 Trust analyst",
        "Signed off by the partner , 7 July 2022, 10:00 Trust lead deputy, as deputy Checked against the system.",
        "Accepted by the council , 7 July 2022, 10:00 Trust acceptor",
    ]
    assert "85% 85 of 100" in words(response)
    assert "Better than target" in words(response)


def test_status_when_figures_were_loaded_from_a_paper_then_nobody_is_invented(real, signed_in):
    row = builders.fresh(Return.objects.get(round__scorecard__code="contract"))
    analyst = builders.a_user("analyst", partner=row.partner)
    response = signed_in(analyst).get(address("return", row))
    (step,) = soup(response).select(".steps li")
    assert step.get_text(" ", strip=True) == "Loaded from a published paper Loaded from report 003 §74"
    assert "No due date given" in words(response)
    assert "1,266 of 1,514" in words(response)


@pytest.mark.parametrize(
    ("state", "who", "offered"),
    [
        ("open", "analyst", {"Enter figures", "Upload a file", "Download as CSV"}),
        ("open", "lead", set()),
        ("returned", "analyst", {"Enter figures", "Upload a file", "Download as CSV"}),
        ("submitted", "analyst", set()),
        ("submitted", "lead", {"Review"}),
        ("signed_off", "acceptor", {"Review"}),
        ("approved", "analyst", {"Correct figures"}),
        ("approved", "acceptor", set()),
    ],
)
def test_status_when_read_then_it_offers_what_the_person_may_do(lines, people, signed_in, state, who, offered):
    row = builders.a_return(state=state)
    page = soup(signed_in(getattr(people, who)).get(address("return", builders.fresh(row))))
    assert {a.get_text(strip=True) for a in page.select("main .btns a")} == offered


def test_status_when_the_round_is_locked_then_the_reason_stands_and_nothing_is_offered(lines, people, signed_in):
    row = builders.fresh(builders.a_return())
    lock_round(reporting_round=row.round, reason="The pack is printed.", by=people.acceptor, at=builders.NOW)
    response = signed_in(people.analyst).get(address("return", row))
    said = "This return is closed for 2021/22 Q4 since 7 July 2022 (Trust acceptor: The pack is printed)"
    assert f"{said}; ask an administrator to reopen." in words(response)
    assert not soup(response).select("main .btns a")


def test_status_when_a_draft_is_there_then_it_is_said_not_to_be_submitted(lines, people, signed_in):
    row = builders.a_return()
    builders.keep(row, {lines[0].series: builders.a_cell(1, 2)})
    response = signed_in(people.lead).get(address("return", builders.fresh(row)))
    assert "Typed by Trust analyst, not submitted" in words(response)


def test_status_when_there_is_no_such_return_then_it_is_not_found(lines, people, signed_in):
    builders.a_round()
    client = signed_in(people.analyst)
    for key in ("contract/2021-22-q4/trust/2", "contract/2021-22-q4/nobody/1", "none/2021-22-q4/trust/1"):
        assert client.get(f"{LIST}{key}/").status_code == 404


# Review


@pytest.fixture
def submitted(lines, people):
    builders.a_figure(lines[0], builders.Q3, 65, 100)
    cells = {
        lines[0].series.pk: builders.a_cell(85, 100, commentary="Some 80% now", keep_reason="As the report prints it"),
        lines[1].series.pk: builders.a_cell(10, 100, commentary="Staff were ill."),
    }
    return builders.a_return(state="submitted", cells=cells)


def test_review_when_opened_then_figures_stand_beside_what_was_before(submitted, people, signed_in):
    text = words(signed_in(people.lead).get(address("return_review", submitted)))
    for part in (
        "85% 85 of 100",
        "2021/22 Q3: 65%",
        "↑ 20 points, better",
        "The commentary says 80%. 85 of 100 is 85.0%.",
        "Reason to keep: As the report prints it",
        "Staff were ill.",
        "2 figures, 2 to look at first",
        "Rating changed",
    ):
        assert part in text
    assert text.count("The commentary says 80%.") == 1


def test_review_when_the_checks_found_something_then_it_is_told_with_the_reason_given(lines, people, signed_in):
    builders.a_figure(lines[0], builders.Q3, 85, 100)
    cells = {lines[0].series.pk: builders.a_cell(85, 100, keep_reason="Counted again: it is so.")}
    row = builders.a_return(state="submitted", cells=cells)
    page = signed_in(people.lead).get(address("return_review", row))
    found = in_the_row(page, "Assessed in time")
    assert (
        "85 of 100 is exactly the figure of 2021/22 Q3. Check that the new figure was entered, then say so. "
        "Reason to keep: Counted again: it is so."
    ) in found
    assert "Reason to keep" not in in_the_row(page, "Seen in time")
    assert "2 figures, 1 to look at first" in words(page)


def test_review_when_nobody_gave_a_reason_then_it_says_so(lines, people, signed_in):
    """A figure of the period before that was loaded after the return had been submitted."""
    row = builders.a_return(state="submitted", cells={lines[0].series.pk: builders.a_cell(85, 100)})
    builders.a_paper_figure(lines[0], builders.Q3, 85, numerator=85, denominator=100)
    client = signed_in(people.lead)
    found = in_the_row(client.get(address("return_review", row)), "Assessed in time")
    assert "Reason to keep: none given" in found
    assert "none given" not in words(client.get(address("return", row)))


def test_sheet_when_a_figure_is_saved_then_what_the_checks_found_comes_before_the_marks(lines, people):
    builders.a_paper_figure(lines[0], builders.Q3, 40, numerator=40, denominator=100)
    row = builders.a_return()
    odd = builders.a_cell(40, 100, commentary="As before.", as_at_on=date(2022, 7, 8))
    builders.keep(row, {lines[0].series: odd})
    (line, _) = sheet_of(builders.fresh(row), today=date(2022, 7, 7)).lines
    assert line.oddities == [
        "The as-at date, 8 July 2022, is still to come. Give the day on which it was so.",
        "40 of 100 is exactly the figure of 2021/22 Q3. Check that the new figure was entered, then say so.",
        "Outside tolerance",
    ]
    (later, _) = sheet_of(builders.fresh(row), today=date(2022, 7, 8)).lines
    assert later.oddities == line.oddities[1:]
    assert later.marks == ["Outside tolerance"]


def test_review_when_odd_figures_are_asked_for_then_they_come_first(lines, people, signed_in):
    third = builders.an_indicator("three", name="Reviewed in time")
    row = builders.a_return(state="submitted", cells={third.series.pk: builders.a_cell(1, 100, commentary="Why")})
    client, url = signed_in(people.lead), address("return_review", row)

    def names(response):
        return [a.get_text() for a in soup(response).select("table.rv th[scope=row] a")]

    assert names(client.get(url)) == ["Assessed in time", "Seen in time", "Reviewed in time"]
    assert names(client.get(url + "?order=odd"))[0] == "Reviewed in time"


def post(client: Client, row: Return, do: str, **values):
    url = address("return_review", row)
    return client.post(url, form_of(client.get(url)) | {"do": do} | values, follow=True)


def test_review_when_signed_off_and_accepted_then_the_figures_are_approved(submitted, people, signed_in):
    assert "Signed off." in words(post(signed_in(people.lead), submitted, "sign_off"))
    response = post(signed_in(people.acceptor), submitted, "accept", comment="Thank you")
    assert "Accepted." in words(response)
    assert builders.fresh(submitted).state == Return.State.APPROVED
    assert "Thank you" in words(response)


def test_review_when_sent_back_then_the_comment_reaches_who_enters(submitted, people, signed_in):
    post(signed_in(people.lead), submitted, "send_back", comment="Check the <numerator>.")
    assert builders.fresh(submitted).state == Return.State.RETURNED
    response = signed_in(people.analyst).get(address("return", submitted))
    assert "Check the <numerator>." in words(response)
    assert "Change what was sent back" in words(signed_in(people.analyst).get(LIST))


def in_the_row(response, name: str) -> str:
    """What the review's table says of one indicator."""
    rows = soup(response).select("table.rv tbody tr")
    found = next(row for row in rows if row.select_one("th a") and row.select_one("th a").get_text() == name)
    return " ".join(found.get_text(" ", strip=True).split())


def come_back_and_go_on(row: Return, cells: dict, *, days: int = 1) -> None:
    """Sent back, changed a day later, and submitted again."""
    later = [builders.NOW + timedelta(days=days, hours=hour) for hour in range(3)]
    builders.send_back(row, at=later[0])
    builders.keep(row, cells, at=later[1])
    builders.submit(row, at=later[2])


def test_review_when_it_came_back_then_what_changed_since_stands_beside_what_was_there(
    submitted, lines, people, signed_in
):
    cell = builders.a_cell(75, 100, commentary="Staff came back.", flags="p", confidence="high")
    come_back_and_go_on(submitted, {lines[1].series: cell})
    response = signed_in(people.lead).get(address("return_review", submitted))
    text = in_the_row(response, "Seen in time")
    assert "75% 75 of 100" in text
    assert "When sent back: 10% (10 of 100), outside tolerance." in text
    assert "Commentary when sent back: Staff were ill." in text
    assert "Also changed since it was sent back: flags, confidence in the data" in text
    assert "sent back" not in in_the_row(response, "Assessed in time")


def test_review_when_it_came_back_twice_then_only_the_last_time_counts(submitted, lines, people, signed_in):
    come_back_and_go_on(submitted, {lines[1].series: builders.a_cell(75, 100, commentary="Staff were ill.")})
    words_alone = builders.a_cell(75, 100, commentary="Staff came back.")
    come_back_and_go_on(submitted, {lines[1].series: words_alone}, days=2)
    text = in_the_row(signed_in(people.lead).get(address("return_review", submitted)), "Seen in time")
    assert "When sent back" not in text
    assert "Commentary when sent back: Staff were ill." in text
    assert "Also changed" not in text


def test_review_when_it_never_came_back_then_nothing_is_said_of_it(submitted, people, signed_in):
    assert "sent back:" not in words(signed_in(people.lead).get(address("return_review", submitted)))


def test_review_when_a_correction_came_back_then_the_reported_figure_and_the_sent_back_one_both_stand(
    lines, people, signed_in
):
    first = builders.a_return(state="approved")
    row = builders.a_restatement(first, [lines[0].series])
    builders.keep(row, {lines[0].series: builders.a_cell(60, 100, commentary="Anew.")})
    builders.submit(row)
    come_back_and_go_on(row, {lines[0].series: builders.a_cell(84, 100, commentary="Anew.")})
    text = in_the_row(signed_in(people.lead).get(address("return_review", row)), "Assessed in time")
    assert "Reported: 85% (85 of 100), better than target." in text
    assert "When sent back: 60% (60 of 100), outside tolerance." in text


def test_review_when_only_then_a_further_figure_was_corrected_then_it_is_compared_with_the_reported_one_alone(
    lines, people, signed_in
):
    first = builders.a_return(state="approved")
    row = builders.a_restatement(first, [line.series for line in lines])
    builders.keep(row, {lines[0].series: builders.a_cell(60, 100, commentary="Anew.")})
    builders.submit(row)
    come_back_and_go_on(row, {lines[1].series: builders.a_cell(84, 100, commentary="Anew.")})
    text = in_the_row(signed_in(people.lead).get(address("return_review", row)), "Seen in time")
    assert "Reported: 85% (85 of 100), better than target." in text
    assert "sent back" not in text


def test_review_when_many_lines_came_back_then_two_queries_more_at_most(people, django_assert_num_queries):
    for number in (2, 12):
        row = builders.a_return(builders.a_scorecard(number, code=f"card-{number}"), state="returned")
        sheet = sheet_of(builders.fresh(row))
        with django_assert_num_queries(2):
            found = with_sent_back(sheet)
        assert len(found.lines) == number
        assert all(line.sent_back is not None for line in found.lines)
        assert all(line.before_it_came_back is None for line in found.lines)


def test_review_when_sent_back_without_a_comment_then_it_is_asked_for(submitted, people, signed_in):
    response = post(signed_in(people.lead), submitted, "send_back", comment="  ")
    assert summary(response) == [
        ("Say what should be changed; the comment goes to the people who enter figures.", "#id_comment")
    ]
    assert builders.fresh(submitted).state == Return.State.SUBMITTED


def test_review_when_the_person_is_no_named_lead_then_it_is_a_sentence_and_the_comment_stays(submitted, signed_in):
    stranger = signed_in(builders.a_user("approver", partner=submitted.partner))
    response = post(stranger, submitted, "sign_off", comment="Looks right to me")
    assert "by a named lead or deputy, and you are neither" in summary(response)[0][0]
    assert form_of(response)["comment"] == "Looks right to me"
    assert builders.fresh(submitted).is_signed_off is False


def test_review_when_the_person_entered_figures_then_it_is_a_sentence(lines, people, signed_in):
    builders.a_membership(people.lead, "analyst", partner=builders.a_partner())
    row = builders.a_return()
    builders.fill(row, by=people.lead)
    builders.submit(row)
    response = post(signed_in(people.lead), row, "sign_off")
    assert "another person must decide" in summary(response)[0][0]


def test_review_when_the_return_changed_meanwhile_then_it_is_a_sentence(submitted, people, signed_in):
    client, url = signed_in(people.lead), address("return_review", submitted)
    form = form_of(client.get(url)) | {"do": "sign_off", "comment": "Fine"}
    builders.send_back(submitted, by=people.lead_deputy)
    response = client.post(url, form)
    assert "has changed since you opened the page" in summary(response)[0][0]
    assert "Your comment was not sent. It reads: Fine" in words(response)


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999999"])
def test_review_when_the_version_is_nonsense_then_nothing_is_done(submitted, people, signed_in, version):
    response = post(signed_in(people.lead), submitted, "sign_off", version=version)
    assert response.status_code == 200
    assert builders.fresh(submitted).is_signed_off is False


def test_review_when_no_button_was_pressed_then_it_asks_for_one(submitted, people, signed_in):
    assert "Choose what to do" in summary(post(signed_in(people.lead), submitted, ""))[0][0]


def test_review_when_accepted_twice_with_one_key_then_it_is_done_once(submitted, people, signed_in):
    builders.sign_off(submitted)
    client, url = signed_in(people.acceptor), address("return_review", submitted)
    form = form_of(client.get(url)) | {"do": "accept"}
    client.post(url, form)
    client.post(url, form)
    assert builders.fresh(submitted).transitions.filter(action="approved").count() == 1


# Correction

WHY = {"correction": "recording", "reason": "A case was counted twice."}


def test_correction_when_figures_and_reason_are_given_then_its_grid_opens(lines, people, signed_in):
    row = builders.a_return(state="approved")
    client, url = signed_in(people.analyst), address("return_correct", row)
    pk = lines[1].line.pk
    response = client.post(url, {"figures": [str(pk)]} | WHY, follow=True)
    made = Return.objects.get(kind=Return.Kind.RESTATEMENT)
    assert response.redirect_chain[-1][0] == address("return_entry", builders.fresh(made))
    assert list(made.chosen.all()) == [lines[1].series]
    assert "The correction is open." in words(response)
    page = client.get(address("return", row))
    assert "A correction of this round is open" in words(page)
    assert not soup(page).select("main .btns a")


def test_correction_when_nothing_is_chosen_or_said_then_both_are_asked_for(lines, people, signed_in):
    row = builders.a_return(state="approved")
    response = signed_in(people.analyst).post(address("return_correct", row), {"reason": " "})
    assert summary(response) == [
        ("Choose at least one figure to correct", "#id_figures_0"),
        ("Choose why the figures are to be corrected", "#id_correction"),
        ("Say why the figures are to be corrected", "#id_reason"),
    ]


def test_correction_when_another_is_open_then_it_is_a_sentence_and_the_reason_stays(lines, people, signed_in):
    row = builders.a_return(state="approved")
    builders.a_restatement(row, [lines[0].series])
    values = {"figures": [str(lines[1].line.pk)], "reason": "Counted twice", "correction": "recording"}
    response = signed_in(people.analyst).post(address("return_correct", row), values)
    assert "A correction of this return is open already." in summary(response)[0][0]
    assert form_of(response)["reason"] == "Counted twice"


def test_correction_when_the_return_is_not_approved_then_it_is_a_sentence(lines, people, signed_in):
    row = builders.fresh(builders.a_return())
    values = {"figures": [str(lines[1].line.pk)], "reason": "Counted twice", "correction": "recording"}
    response = signed_in(people.analyst).post(address("return_correct", row), values)
    assert "Only figures of an approved return are corrected" in summary(response)[0][0]


def test_correction_when_it_goes_all_the_way_then_the_old_figure_stands_until_it_is_accepted(lines, people, signed_in):
    row = builders.a_return(state="approved")
    made = builders.a_restatement(row, [lines[0].series])
    builders.keep(made, {lines[0].series: builders.a_cell(60, 100, commentary="Recounted.")})
    assert sheet_of(made).lines[0].approved.numerator == 85
    builders.submit(made)
    text = words(signed_in(people.lead).get(address("return_review", builders.fresh(made))))
    assert "Reported: 85% (85 of 100), better than target. The rating changes." in text
    assert "Why it is corrected: Records were wrong and have been put right. A case was counted twice." in text
    builders.sign_off(made)
    builders.accept(made)
    assert sheet_of(builders.fresh(row)).lines[0].approved.numerator == 60
    assert not DraftCell.objects.exists()
