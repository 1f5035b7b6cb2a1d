"""The pages of exception reports: proposed with one press, answered, decided on; rules; and what they never show."""

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Scorecard, Text
from indicators.operations.errors import NotAllowed
from indicators.roles import Role
from partnership.exceptions_table import EXCEPTIONS_TABLE
from partnership.models import EscalationRule, ExceptionRequest, ExceptionStep
from tests import builders as b
from tests.partnership.action_world import NEXT, a_held_meeting, the_officer
from tests.partnership.exception_world import a_line_outside, answer, ask, decide, the_asker
from tests.partnership.test_action_pages import hidden_of, send, soup, text
from tests.tries import a_try

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/northshire/exceptions/"
ANSWER = {"cause": "Posts were vacant.", "plan": "Posts are filled.", "back_on": "31 December 2022",
          "in_2022-23-q1": "66", "in_2022-23-q2": "72.5"}  # fmt: skip


@pytest.fixture
def approver(partnership, signed_in) -> Client:
    return signed_in(the_asker())


def press(client: Client, page: Any, name: str) -> Any:
    """Presses the button of a proposal."""
    form = next(f for f in soup(page).select("div.draft form") if name in f.get_text())
    return client.post(form["action"], {i["name"]: i.get("value", "") for i in form.select("input[name]")}, follow=True)


# Which of them


def test_list_when_words_of_an_indicator_are_given_then_page_and_file_show_those_alone(approver) -> None:
    a_line_outside(n_lines=2)
    page = approver.get(LIST)
    for name in ("Measure 1", "Measure 2"):
        press(approver, page, name)

    def listed(query: str) -> list[str]:
        lines = b"".join(approver.get(f"/northshire/exceptions.csv?{query}").streaming_content).decode()
        names = [row["name"] for row in csv.DictReader(io.StringIO(lines))]
        assert len(soup(approver.get(f"{LIST}?{query}")).select("table.excs tbody tr")) == len(names)
        return names

    assert sorted(listed("q=MEASURE")) == ["Measure 1", "Measure 2"]
    assert listed("q=2+measure") == ["Measure 2"]
    assert "No exception report matches" in text(approver.get(f"{LIST}?q=nothing"))


def test_form_when_words_are_looked_for_then_the_list_is_shorter_and_what_was_typed_stays(approver) -> None:
    a_line_outside(n_lines=3)
    url = f"{LIST}new/"

    def names(page: Any) -> list[str]:
        return [option.get_text() for option in soup(page).select("#id_line option")]

    assert names(approver.get(url)) == ["None", "Measure 1", "Measure 2", "Measure 3"]
    chosen = soup(approver.get(url)).select("#id_line option")[3]["value"]
    found = send(approver, url, do="find", find="contract 2", line=chosen, reason="The board wants to know.")
    assert names(found) == ["None", "Measure 2", "Measure 3"], "what is chosen stays beside what is found"
    assert "1 of 3 contains “contract 2”" in text(found)
    assert soup(found).select_one("#id_line option[selected]")["value"] == chosen
    assert soup(found).select_one("#id_reason")["value"] == "The board wants to know."
    assert not soup(found).select(".govuk-error-summary, .govuk-error-message")
    assert not ExceptionRequest.objects.exists()
    none = send(approver, url, do="find", find="aardvark")
    assert names(none) == ["None", "Measure 1", "Measure 2", "Measure 3"]
    assert "No indicator contains “aardvark”: all 3 are listed" in text(none)


def test_form_when_sent_with_words_that_do_not_fit_the_choice_then_the_choice_counts(approver) -> None:
    a_line_outside(n_lines=2)
    options = soup(approver.get(f"{LIST}new/")).select("#id_line option")
    asked = send(
        approver,
        f"{LIST}new/",
        find="measure 2",
        line=options[1]["value"],
        period="2021-22-q4",
        asks="recovery_plan",
        reason="Ask.",
    )
    assert asked.status_code == 302
    assert ExceptionRequest.objects.get().line.series.indicator.code == "contract-1"


# Proposed, asked, declined


def test_list_when_something_is_proposed_then_asked_with_one_press(approver) -> None:
    a_line_outside()
    page = approver.get(LIST)
    said = text(page)
    assert "Proposed now: 1" in said
    assert "Measure 1 , 2021/22 Q4: 60%, outside tolerance" in said
    assert "n is 100. Clear: the 95% interval from 60 of 100" in said
    assert (
        "would be asked for cause, recovery plan, trajectory and the date back in tolerance, in 10 working days."
        in said
    )
    asked = press(approver, page, "Measure 1")
    assert "Exception report 1 is asked of Northshire Children's Trust." in text(asked)
    assert "Proposed now: 0" in text(asked)
    again = press(approver, page, "Measure 1")  # the button of the old page, pressed again
    assert "Exception report 1 is asked" in text(again)
    assert ExceptionRequest.objects.count() == 1


def test_list_when_two_are_proposed_then_each_button_asks_for_its_own(approver) -> None:
    a_line_outside(n_lines=2)
    page = approver.get(LIST)
    press(approver, page, "Measure 2")
    press(approver, page, "Measure 1")
    assert list(ExceptionRequest.objects.values_list("line__series__indicator__code", flat=True)) == [
        "contract-2",
        "contract-1",
    ]


def test_list_when_read_by_who_does_not_ask_then_nothing_is_proposed(partnership, signed_in) -> None:
    a_line_outside()
    for person in (b.a_user(Role.BOARD_MEMBER), b.the_people().analyst, the_officer()):
        page = signed_in(person).get(LIST)
        assert "Proposed now" not in text(page)
        assert "No exception report has been asked yet" in text(page)


def test_proposal_when_declined_then_the_reason_stands_and_a_meeting_is_to_be_told(approver) -> None:
    a_line_outside()
    link = soup(approver.get(LIST)).select_one("div.draft a[href*=decline]")["href"]
    assert "#id_reason" in send(approver, link).content.decode()
    response = send(approver, link, reason="One family of five.")
    assert response["Location"] == f"{LIST}1/"
    assert "Declined with a reason by Approver. One family of five." in text(approver.get(f"{LIST}1/"))
    assert "1 declined request is on no agenda yet." in text(approver.get(LIST))
    item = b.an_item(a_held_meeting(NEXT, state="called"), "Exceptions")
    send(approver, f"{LIST}1/agenda/", item=str(item.pk))
    assert "on no agenda yet" not in text(approver.get(LIST))
    assert "Scrutiny Committee, 15 September 2022" in text(approver.get(LIST))
    meeting = soup(approver.get(f"/northshire/meetings/{item.meeting.code}/")).select_one(
        "section[aria-labelledby=exceptions]"
    )
    assert meeting.select_one("tbody a")["href"] == f"{LIST}1/"
    assert "One family of five." in meeting.get_text()


def test_proposal_when_it_is_gone_then_not_there_or_told(approver) -> None:
    line = a_line_outside()
    page, link = approver.get(LIST), f"{LIST}decline/?line={line.pk}&period=2021-22-q4&trigger=outside"
    b.a_relief(line)
    assert "not proposed any more" in text(press(approver, page, "Measure 1"))
    assert approver.get(link).status_code == 404
    assert approver.post(f"{LIST}ask/", {"line": "x"}, follow=True).status_code == 200
    assert not ExceptionRequest.objects.exists()


def test_decline_when_it_is_not_proposed_any_more_then_told_and_the_words_stay(approver) -> None:
    line = a_line_outside()
    link = f"{LIST}decline/?line={line.pk}&period=2021-22-q4&trigger=outside"
    form = soup(approver.get(link)).select_one("form.after")
    hidden = {i["name"]: i.get("value", "") for i in form.select("input[type=hidden]")}
    b.a_relief(line)
    refused = approver.post(form["action"], hidden | {"reason": "One family of five."})
    assert refused.status_code == 200
    assert "not proposed any more" in text(refused)
    assert soup(refused).select_one("textarea[name=reason]").get_text().strip() == "One family of five."
    assert not ExceptionRequest.objects.exists()


def test_decline_when_the_form_is_sent_twice_then_declined_once(approver) -> None:
    line = a_line_outside()
    form = soup(approver.get(f"{LIST}decline/?line={line.pk}&period=2021-22-q4&trigger=outside")).select_one(
        "form.after"
    )
    fields = {i["name"]: i.get("value", "") for i in form.select("input[type=hidden]")} | {"reason": "One family."}
    for _ in range(2):
        assert approver.post(form["action"], fields)["Location"] == f"{LIST}1/"
    assert ExceptionRequest.objects.count() == 1


def test_report_when_the_partners_functions_passed_on_then_its_successor_answers_on_its_page(
    partnership, signed_in
) -> None:
    ask()
    b.a_succession(b.a_partner("trust"), b.a_partner("council"), b.date(2022, 7, 1))
    heir = signed_in(b.the_people(b.a_partner("council")).analyst)
    assert [a.get_text() for a in soup(heir.get(f"{LIST}1/")).select("p.btns a")] == ["Answer"]
    assert send(heir, f"{LIST}1/answer/", **ANSWER)["Location"] == f"{LIST}1/"


def test_report_when_a_meeting_wants_one_then_asked_in_the_form(approver) -> None:
    line = a_line_outside(1, numerator=90)
    fields = {"line": str(line.pk), "period": "2021-22-q4", "asks": "date", "reason": "Panel of 7 July."}
    assert send(approver, f"{LIST}new/", **fields)["Location"] == f"{LIST}1/"
    assert "Asked by a meeting" in text(approver.get(f"{LIST}1/"))


# Answered and decided


def test_report_when_answered_and_accepted_in_the_forms_then_each_sees_what_is_theirs(approver, signed_in) -> None:
    ask()
    analyst, officer = signed_in(b.the_people().analyst), signed_in(the_officer())
    url = f"{LIST}1/"

    def steps(client: Client) -> list[str]:
        return [a.get_text() for a in soup(client.get(url)).select("p.btns a")]

    assert (steps(analyst), steps(approver), steps(officer)) == (
        ["Answer"],
        ["Put it onto an agenda"],
        ["Put it onto an agenda"],
    )
    assert send(analyst, f"{url}answer/", **ANSWER)["Location"] == url
    assert (steps(analyst), steps(approver)) == ([], ["Decide on the answer", "Put it onto an agenda"])
    said = text(officer.get(url))
    assert "Cause: Posts were vacant." in said
    assert "2022/23 Q2 72.5% expected; not reported yet" in said
    assert send(approver, f"{url}decide/", decision="accept").status_code == 302
    assert ExceptionRequest.objects.get().state == "accepted"
    assert "Answer accepted back by 31 December 2022" in text(analyst.get(url))


def test_answer_when_a_box_is_wrong_then_the_error_stands_there_and_all_errors_are_listed(
    partnership, signed_in
) -> None:
    ask()
    analyst = signed_in(b.the_people().analyst)
    page = soup(send(analyst, f"{LIST}1/answer/"))
    assert {a["href"] for a in page.select(".govuk-error-summary a")} == {"#id_cause", "#id_plan", "#id_back_on"}
    page = soup(send(analyst, f"{LIST}1/answer/", **ANSWER | {"in_2022-23-q1": "many", "in_2022-23-q2": ""}))
    assert page.select_one("[id='id_in_2022-23-q1_error']")
    page = send(analyst, f"{LIST}1/answer/", **ANSWER | {"in_2022-23-q1": "", "in_2022-23-q2": ""})
    assert "Give the figure that is expected in at least one later period." in text(page)
    assert ExceptionStep.objects.count() == 1


def test_answer_when_less_is_asked_then_fewer_boxes(partnership, signed_in) -> None:
    ask()
    analyst = signed_in(b.the_people().analyst)
    for asks, boxes in (("cohort_reasons", {"cause"}), ("date", {"cause", "back_on"})):
        ExceptionRequest.objects.update(asks=asks)
        form = soup(analyst.get(f"{LIST}1/answer/")).select_one("form.after")
        names = {e["name"] for e in form.select("input:not([type=hidden]), textarea")}
        assert names == boxes


def test_step_when_another_tab_was_first_then_told_and_the_words_stay(approver, signed_in) -> None:
    ask()
    analyst = signed_in(b.the_people().analyst)
    hidden = {
        i["name"]: i.get("value", "")
        for i in soup(analyst.get(f"{LIST}1/answer/")).select("form.after input[type=hidden]")
    }
    send(analyst, f"{LIST}1/answer/", **ANSWER)
    second = analyst.post(f"{LIST}1/answer/", hidden | ANSWER | {"key": "c" * 32, "cause": "From the second tab."})
    assert "Something was recorded of this exception report" in text(second)
    assert "From the second tab." in second.content.decode()
    assert ExceptionStep.objects.count() == 2


def test_decision_when_taken_then_the_answer_stands_on_its_page_and_one_sent_back_is_filled_in_again(
    approver, signed_in
) -> None:
    answer(ask())
    resting = soup(approver.get(f"{LIST}1/decide/")).select_one("section[aria-labelledby=resting]")
    for words in ("The answer to decide on", "Posts were vacant.", "Posts are filled.", "2022/23 Q1: 66%",
                  "31 December 2022"):  # fmt: skip
        assert words in resting.get_text(" ")
    send(approver, f"{LIST}1/decide/", decision="return", reason="Say who fills them.")
    analyst = signed_in(b.the_people().analyst)
    page = soup(analyst.get(f"{LIST}1/answer/"))
    assert "Say who fills them." in page.select_one("section[aria-labelledby=resting]").get_text()
    assert page.select_one("textarea[name=plan]").get_text().strip() == "Posts are filled."
    boxes = {name: page.select_one(f"[name='{name}']")["value"] for name in ("back_on", "in_2022-23-q1")}
    assert boxes == {"back_on": "31 December 2022", "in_2022-23-q1": "66"}
    assert send(analyst, f"{LIST}1/answer/", plan="The head of service fills them.").status_code == 302


def test_decision_when_another_was_first_then_it_says_what_and_the_form_is_not_stuck(approver, signed_in) -> None:
    answer(request := ask())
    other = signed_in(b.a_user(Role.APPROVER, email="other@example.org"))
    second_tab = hidden_of(other.get(f"{LIST}1/decide/"))
    decide(request, accept=False)
    sent = {"decision": "return", "reason": "Too late."}
    refused = other.post(f"{LIST}1/decide/", second_tab | sent)
    assert "Say by when." in soup(refused).select_one("section[aria-labelledby=since]").get_text()
    assert "Too late." in refused.content.decode()
    assert "Something was recorded since" not in text(other.post(f"{LIST}1/decide/", hidden_of(refused) | sent))


def test_expected_figure_when_typed_then_held_to_the_unit_of_its_indicator(partnership, signed_in) -> None:
    ask()
    analyst = signed_in(b.the_people().analyst)
    refused = {"160": "more than the whole", "-1": "below 0", "£60": "another unit", "12 days": "12 days"}
    for typed, told in refused.items():
        page = soup(send(analyst, f"{LIST}1/answer/", **ANSWER | {"in_2022-23-q1": typed}))
        assert told in page.select_one("[id='id_in_2022-23-q1_error']").get_text()
        assert "share in per cent" in page.select_one("[id='id_in_2022-23-q1_helptext']").get_text()
    for typed in ("60%", "60 per cent", "60"):
        with a_try(typed):
            assert send(analyst, f"{LIST}1/answer/", **ANSWER | {"in_2022-23-q1": typed}).status_code == 302


@pytest.mark.parametrize("step", ["answer", "decide", "agenda", "nonsense"])
def test_step_when_opened_by_who_may_not_then_forbidden_or_not_there(step, partnership, signed_in) -> None:
    ask()
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    police = signed_in(b.a_user(Role.ANALYST, partner=b.a_partner("police"), email="police@example.org"))
    for client in (board, police):
        assert client.get(f"{LIST}1/{step}/").status_code == (404 if step == "nonsense" else 403)
        assert client.post(f"{LIST}1/{step}/").status_code == (404 if step == "nonsense" else 403)


def test_decision_when_opened_by_who_gave_the_answer_then_forbidden(approver) -> None:
    answer(ask(by=b.a_user(Role.APPROVER, email="second@example.org")), by=the_asker())
    assert approver.get(f"{LIST}1/decide/").status_code == 403


def test_answer_when_opened_by_who_asked_for_it_then_forbidden(approver) -> None:
    request = ask(by=the_asker())
    assert approver.get(f"{LIST}1/answer/").status_code == 403
    with pytest.raises(NotAllowed, match="You asked for this exception report"):
        answer(request, by=the_asker())


def test_list_when_figures_are_outside_and_none_is_proposed_then_it_says_why(approver) -> None:
    a_line_outside(1, n_lines=2)
    told = text(approver.get(LIST))
    assert "Proposed now: 0" in told
    assert (
        "2 figures are outside tolerance in the latest reported period and not proposed. The rule proposes what is "
        "outside for 2 periods in a row: of 2 no earlier period with a judgement is held, so no run can be told."
    ) in told


# The list, its file, its queries


def test_list_when_mine_then_what_waits_for_my_answer_alone(approver, signed_in) -> None:
    ask(a_line_outside(n_lines=2))
    press(approver, approver.get(LIST), "Measure 2")
    analyst, police = b.the_people().analyst, b.a_user(Role.ANALYST, partner=b.a_partner("police"), email="p@e.org")

    def listed(client: Client) -> list[str]:
        return sorted(a.get_text() for a in soup(client.get(f"{LIST}?state=mine")).select("table.excs tbody th a"))

    assert listed(signed_in(analyst)) == ["Exception report 1", "Exception report 2"]
    answer(ExceptionRequest.objects.get(number=1))
    assert listed(signed_in(analyst)) == ["Exception report 2"]
    assert (listed(signed_in(police)), listed(approver)) == ([], [])


def test_file_when_compared_with_the_screen_then_every_cell_is_in_it(approver) -> None:
    answer(ask(a_line_outside(n_lines=3)))
    page = approver.get(LIST)
    press(approver, page, "Measure 2")
    page = soup(approver.get(f"{LIST}?state=asked"))
    file = csv.reader(
        io.StringIO(b"".join(approver.get("/northshire/exceptions.csv?state=asked").streaming_content).decode())
    )
    header, *rows = list(file)
    drawn = page.select("table.excs tbody tr")
    assert len(rows) == len(drawn) == 1
    for cells, tr in zip(rows, drawn, strict=True):
        values = EXCEPTIONS_TABLE.values_from_csv(header, cells)
        for column, cell in zip(EXCEPTIONS_TABLE.on_screen, tr.select("th, td"), strict=True):
            for lab in cell.select(".lab"):
                lab.decompose()
            assert " ".join(cell.get_text(" ").split()) == " ".join(" ".join(column.text(values)).split())


def test_list_when_there_are_many_then_the_same_number_of_queries(partnership, signed_in) -> None:
    board = signed_in(b.a_user(Role.BOARD_MEMBER))

    def queries(url: str) -> int:
        board.get(url)
        with CaptureQueriesContext(connection) as context:
            assert board.get(url).status_code == 200
        return len(context)

    line = a_line_outside(60)
    request = ask(line)
    few = [queries(LIST), queries("/northshire/exceptions.csv"), queries(f"{LIST}1/")]
    period = b.Q4
    for number in range(2, 60):
        period = period.previous()
        made = ExceptionRequest.objects.create(
            partnership=partnership, number=number, line=line, period=b.a_period(period), partner=request.partner,
            trigger="outside", asks="recovery_plan", evidence="So.", due_on=request.due_on,
        )  # fmt: skip
        ExceptionStep.objects.create(
            request=made, number=1, kind="asked", actor="x", at=b.NOW, reason=Text.objects.keep("So.")
        )
    assert [queries(LIST), queries("/northshire/exceptions.csv"), queries(f"{LIST}1/")] == few
    assert len(soup(board.get(LIST)).select("table.excs tbody tr")) == 50


# The rule


def test_rule_when_set_in_its_form_then_it_holds_and_stands_on_the_page(approver) -> None:
    line = a_line_outside()
    said = text(approver.get(f"{LIST}rules/"))
    assert "Contract key performance indicators the usual rule 2 20 10" in said
    url = f"{LIST}rules/{line.scorecard.code}/"
    refused = send(approver, url, authority="The board", from_on="1 July 2022")
    assert "never for days that have passed" in soup(refused).select_one("#id_from_on_error").get_text()
    send(approver, url, authority="The board", periods_outside="3")
    assert EscalationRule.objects.get().periods_outside == 3
    assert "Contract key performance indicators 3 20 10" in text(approver.get(f"{LIST}rules/"))


# Protected and exempt


@pytest.mark.parametrize("why", ["protected", "exempt"])
def test_report_when_it_may_not_be_read_then_nowhere(why, partnership, signed_in) -> None:
    line = a_line_outside()
    request = ask(line)
    answer(request)
    decide(request)
    if why == "protected":
        Scorecard.objects.update(audience=Scorecard.Readers.BOARD)
    else:
        item = b.an_item(a_held_meeting(NEXT, state="called"), "The contract", exempt=3)
        ExceptionRequest.objects.update(item=item)
    client = signed_in(b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner()))
    pages = client.get(LIST).content + client.get("/northshire/").content + client.get("/northshire/actions/").content
    pages += b"".join(client.get("/northshire/exceptions.csv").streaming_content)
    assert not re.search(rb"Posts were vacant|Exception report 1\b|Measure 1, 2021/22 Q4", pages)
    assert client.get(f"{LIST}1/").status_code == 404
    assert client.get(f"{LIST}1/answer/").status_code == 404
    indicator = client.get("/northshire/indicators/contract-1/")
    assert indicator.status_code == 404 or b"Exception report 1" not in indicator.content
    assert "Exception report 1" in text(
        signed_in(b.a_user(Role.BOARD_MEMBER)).get("/northshire/indicators/contract-1/")
    )
