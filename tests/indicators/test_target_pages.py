"""The pages of targets under authority: who may open them, what is checked before it is done, and what all can read."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from indicators.models import AuditEvent, Relief, ReliefEnd, StatedSummary, Target
from indicators.rag import Polarity
from indicators.roles import Role
from tests import builders as b

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Q1 = b.Q4.next()
HERE = "/northshire/indicators/m/contract/{}/"
ANSWERS = {
    "valid_from": "Q1 2022/23", "target": "90%", "tolerance_kind": "absolute", "tolerance": "85",
    "printed_target": "90.0%", "printed_tolerance": "", "authority": "Contract variation 7", "reason": "Stretch",
}  # fmt: skip
RELIEF = {
    "from_period": "2021/22 Q4", "until_period": "2022/23 Q1", "ends_on": "31 March 2023",
    "authority": "decision of the board", "approved_by": "Chair of the board", "reason": "Courts were closed",
}  # fmt: skip


@pytest.fixture
def measure(partnership):
    made = b.an_indicator("m", name="Assessments in 45 days")
    b.a_return(made.line.scorecard, b.Q4, state="approved")
    return made


@pytest.fixture
def council(measure, signed_in):
    return signed_in(b.a_user(Role.APPROVER, display_name="Approver of the council"))


@pytest.fixture
def board(measure, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER))


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


def words(node) -> str:
    return " ".join(node.get_text(" ").split())


def send(client, step, answers, *, do, page=None):
    """Sends a form with what its page carries besides the answers."""
    page = page or soup(client.get(HERE.format(step)))
    hidden = {i["name"]: i["value"] for i in page.select("main form input[type=hidden]") if i["name"] != "do"}
    return client.post(HERE.format(step), hidden | answers | {"do": do}, follow=True)


def confirmed(client, step, answers):
    """Fills in, reads what it would do, and carries it out as the page offers it."""
    check = soup(send(client, step, answers, do="check"))
    return send(client, step, {}, do="confirm", page=check), check


def facts(page) -> dict[str, str]:
    return {words(div.dt): words(div.dd) for div in page.select("main dl.kv > div")}


# Steps


def test_change_when_filled_in_then_read_once_more_and_carried_out(council, measure):
    done, check = confirmed(council, "target", ANSWERS)
    assert words(check.h1) == "Check before you change the target"
    said = facts(check)
    assert said["Now"] == "Target 80%, tolerance 70%"
    assert said["Then"] == "Target 90% (printed as “90.0%”), tolerance 85%"
    assert said["From period"] == "2022/23 Q1"
    assert "Periods before 2022/23 Q1 keep their target." in words(check)
    assert "The target is changed." in words(soup(done))
    made = Target.objects.get(number=2)
    assert (made.target, made.tolerance, made.printed_target) == (90, 85, "90.0%")
    assert len(AuditEvent.objects.get(kind="target_changed").request_id) == 12


AHEAD = "That is 75 years ahead: tick the box if it is meant"


@pytest.mark.parametrize(
    ("step", "answers", "box"),
    [
        ("target", ANSWERS, "valid_from"),
        ("suspend", {"authority": "Board", "reason": "No data"}, "valid_from"),
        ("relief", RELIEF | {"until_period": "2098/99 Q1", "ends_on": "1 June 2099"}, "from_period"),
    ],
)
def test_step_when_it_begins_years_ahead_then_it_is_asked_back_once_and_can_be_meant(step, answers, box, council):
    far = answers | {box: "2098/99 Q1"}
    asked = soup(send(council, step, far, do="check"))
    assert AHEAD in words(asked.select_one(".govuk-error-summary"))
    assert words(asked.select_one("label[for=id_meant_ahead]")) == "It is meant to begin in 2098"
    done, check = confirmed(council, step, far | {"meant_ahead": "on"})
    assert words(check.h1).startswith("Check before you")
    assert AHEAD not in words(soup(done))
    assert Target.objects.filter(valid_from__slug="2098-99-q1").exists() or Relief.objects.exists()
    edited = soup(send(council, step, {}, do="edit", page=soup(send(council, step, far, do="check"))))
    assert not edited.select(".govuk-error-summary")


@pytest.mark.parametrize(
    ("period", "is_asked"), [("July 2024", False), ("Q2 2024/25", False), ("Q3 2024/25", True), ("2025/26", True)]
)
def test_step_when_it_begins_within_two_years_then_nothing_is_asked(period, is_asked, council):
    page = soup(send(council, "target", ANSWERS | {"valid_from": period}, do="check"))
    assert bool(page.select("#id_meant_ahead")) == is_asked


def test_change_when_a_target_is_recorded_for_later_then_the_form_begins_with_the_one_in_force(council, measure):
    b.a_target(measure.line, valid_from=b.quarters.parse("2023/24 Q1"), target=Decimal(95), tolerance=Decimal(90))
    page = soup(council.get(HERE.format("target")))
    assert page.select_one("[name=target]")["value"] == "80"
    assert page.select_one("[name=tolerance]")["value"] == "70"


def test_check_when_only_read_then_nothing_is_written(council):
    send(council, "target", ANSWERS, do="check")
    assert Target.objects.count() == 1
    assert not AuditEvent.objects.filter(kind="target_changed").exists()


def test_confirmation_when_sent_twice_then_carried_out_once(council):
    check = soup(send(council, "target", ANSWERS, do="check"))
    for _ in range(2):
        assert "The target is changed." in words(soup(send(council, "target", {}, do="confirm", page=check)))
    assert Target.objects.count() == 2


def test_confirmation_when_somebody_was_faster_then_told_and_nothing_is_done(council, measure):
    check = soup(send(council, "target", ANSWERS, do="check"))
    b.a_target(measure.line, valid_from=Q1, target=Decimal(60), tolerance=Decimal(50))
    page = soup(send(council, "target", {}, do="confirm", page=check))
    assert "has changed since you opened the page" in words(page.select_one(".govuk-error-summary"))
    assert page.select_one("[name=reason]").get_text().strip() == "Stretch"
    assert Target.objects.count() == 2
    again = soup(send(council, "target", ANSWERS | {"also_past": "on"}, do="check", page=page))
    send(council, "target", {}, do="confirm", page=again)
    assert Target.objects.count() == 3


def test_answers_when_changed_once_more_then_they_are_still_there(council):
    check = soup(send(council, "target", ANSWERS | {"also_past": "on"}, do="check"))
    page = soup(send(council, "target", {}, do="edit", page=check))
    assert page.select_one("[name=target]")["value"] == "90%"
    assert page.select_one("[name=tolerance_kind][checked]")["value"] == "absolute"
    assert page.select_one("[name=also_past]").has_attr("checked")
    assert not page.select(".govuk-error-summary")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"valid_from": ""}, "valid_from", "Enter an answer for “From period”"),
        ({"valid_from": "Q4 2022"}, "valid_from", "2021/22"),
        ({"target": "ninety"}, "target", "has letters in it"),
        ({"tolerance": "1,2"}, "tolerance", "comma in the wrong place"),
        ({"tolerance_kind": ""}, "tolerance_kind_0", "Choose the kind of tolerance"),
        ({"authority": ""}, "authority", "Enter the authority"),
        ({"reason": ""}, "reason", "Enter the reason"),
        ({"valid_from": "2021/22 Q4"}, "also_past", "2021/22 Q4 (Better than target to Within tolerance)"),
    ],
)
def test_answer_when_wrong_then_the_summary_leads_to_its_field(council, changes, field, sentence):
    page = soup(send(council, "target", ANSWERS | changes, do="check"))
    link = page.select_one(".govuk-error-summary a")
    assert sentence in link.get_text()
    assert link["href"] == f"#id_{field}"
    assert page.select_one(link["href"])
    assert Target.objects.count() == 1


def test_target_when_worse_than_its_tolerance_then_the_sentence_stands_above(council):
    page = soup(send(council, "target", ANSWERS | {"tolerance": "95"}, do="check"))
    assert "cannot be above the target" in words(page.select_one(".govuk-error-summary"))


def test_past_when_it_is_meant_then_the_check_names_the_rating_that_changes(council):
    answers = ANSWERS | {"valid_from": "2021/22 Q4", "also_past": "on"}
    done, check = confirmed(council, "target", answers)
    assert "2021/22 Q4 is reported already. Ratings that change: 2021/22 Q4 (Better" in words(check)
    assert "The target is changed." in words(soup(done))
    assert "ratings changed: 2021/22 Q4" in Target.objects.get(number=2).reason


def test_page_when_opened_then_it_offers_what_holds_and_the_next_period(council):
    page = soup(council.get(HERE.format("target")))
    assert page.select_one("[name=valid_from]")["value"] == "2022/23 Q1"
    assert page.select_one("[name=target]")["value"] == "80"
    assert page.select_one("[name=tolerance]")["value"] == "70"
    assert not page.select("[name=band]")
    near = b.an_indicator("near", polarity=Polarity.BAND)
    page = soup(council.get(f"/northshire/indicators/near/{near.line.scorecard.code}/target/"))
    assert page.select_one("[name=band]")["value"] == "5"


def test_target_when_suspended_and_reinstated_then_the_page_offers_the_other_step(council):
    own = {"valid_from": "2022/23 Q1", "authority": "Board, 7 July 2022", "reason": "Courts closed"}
    actions = [a.get_text() for a in soup(council.get("/northshire/indicators/m/")).select("#targets ~ p.np a")]
    assert actions == ["Change target", "Suspend", "Agree relief"]
    done, check = confirmed(council, "suspend", own)
    assert facts(check)["Then"] == "Suspended (target 80%, tolerance 70%)"
    page = soup(done)
    assert "The target is suspended." in words(page)
    assert [a.get_text() for a in page.select("#targets ~ p.np a")][1] == "Reinstate"
    done, _ = confirmed(council, "reinstate", own | {"valid_from": "2022/23 Q2", "reason": "Courts open"})
    assert "The target is in force again." in words(soup(done))
    assert list(Target.objects.order_by("number").values_list("is_suspended", flat=True)) == [False, True, False]


def test_relief_when_agreed_and_ended_then_both_are_read_once_more_first(council):
    done, check = confirmed(council, "relief", RELIEF)
    said = facts(check)
    assert said["Excused from"] == "Target 80%, tolerance 70%"
    assert said["Periods"] == "2021/22 Q4 to 2022/23 Q1"
    assert said["Shown as"] == "Relief agreed until 31 March 2023: decision of the board"
    assert "The relief is recorded." in words(soup(done))
    assert Relief.objects.get().approved_by == "Chair of the board"
    (link,) = soup(done).select("#reliefs ~ ul a")
    assert link["href"] == HERE.format("relief/1/end")
    done, _ = confirmed(council, "relief/1/end", {"on": "7 July 2022", "reason": "Courts open"})
    assert "The relief ends as you said." in words(soup(done))
    assert ReliefEnd.objects.get().on == date(2022, 7, 7)
    history = words(soup(done).select_one("#reliefs").parent)
    assert "Relief ended on 7 July 2022, before its last day" in history
    assert "Courts open" in history
    assert "End this relief" not in history


def test_relief_when_something_is_wrong_then_the_answers_stay(council):
    page = soup(send(council, "relief", RELIEF | {"ends_on": "30/2/2023"}, do="check"))
    assert "must be a date that exists" in words(page.select_one(".govuk-error-summary"))
    assert page.select_one("[name=ends_on]")["value"] == "30/2/2023"
    page = soup(send(council, "relief", RELIEF | {"ends_on": "6 July 2022"}, do="check"))
    assert "is past" in words(page.select_one(".govuk-error-summary"))
    assert not Relief.objects.exists()


@pytest.mark.parametrize("step", ["target", "suspend", "reinstate", "relief", "relief/1/end"])
def test_step_when_the_indicator_or_the_scorecard_is_another_then_not_found(council, step):
    for address in (f"/northshire/indicators/none/contract/{step}/", f"/northshire/indicators/m/none/{step}/"):
        assert council.get(address).status_code == 404
    assert council.get(HERE.format("relief/9/end")).status_code == 404


def test_step_when_posted_without_the_right_then_nothing_is_done(board, measure):
    answers = ANSWERS | {"do": "confirm", "version": "1", "key": ""}
    assert board.post(HERE.format("target"), answers).status_code == 403
    assert Target.objects.count() == 1
    assert not soup(board.get("/northshire/indicators/m/")).select("#targets ~ p.np a")


def test_markup_in_what_was_typed_when_shown_then_it_is_text(council, board):
    nasty = "<script>alert(1)</script>"
    done, check = confirmed(council, "target", ANSWERS | {"reason": nasty, "authority": nasty})
    for page in (check, soup(done), soup(board.get("/northshire/indicators/m/"))):
        assert nasty in words(page)
        assert not [s for s in page.select("script") if "alert" in s.get_text()]


# What all can read


def test_history_when_read_by_the_board_then_old_and_new_who_when_and_why(council, board):
    confirmed(council, "target", ANSWERS)
    history = soup(board.get("/northshire/indicators/m/")).select_one("#targets").parent
    newest, oldest = [words(li) for li in history.select("li")]
    assert newest == (
        "From 2022/23 Q1 : target 90% (printed as “90.0%”), tolerance 85%. Before: target 80%, tolerance 70%. "
        "Contract variation 7 Stretch Recorded on 7 July 2022 by Approver of the council"
    )
    assert oldest.startswith("From 1999/00 Q1 (in force here): target 80%, tolerance 70%. Management agreement")
    assert "Before" not in oldest


def test_history_when_the_paper_was_loaded_then_its_paragraph_says_who(real, signed_in):
    page = soup(signed_in(b.a_user(Role.BOARD_MEMBER, partnership=real)).get(
        "/doncaster/indicators/assessments-45-days/"))  # fmt: skip
    history = words(page.select_one("#targets").parent)
    assert "report 003 §74 table" in history
    assert "Recorded on" not in history


# What a paper states of a scorecard without its rows

SENTENCE = (
    "Stated by report 001 §50–52 for 2021/22 Q1: 39 targets, of which 4 suspended and 2 annual; of the other 33, 21 "
    "better than target, 6 within tolerance and 6 outside. Its rows are not in the report."
)


def test_stated_summary_when_loaded_then_the_list_and_the_scorecard_quote_it(real, signed_in):
    client = signed_in(b.a_user(Role.BOARD_MEMBER, partnership=real))
    listed = soup(client.get("/doncaster/scorecards/"))
    assert words(listed).count(SENTENCE) == 1
    assert SENTENCE in words(next(s for s in listed.select("section") if "contract" in s.a["href"]))
    assert SENTENCE in words(soup(client.get("/doncaster/scorecards/contract/")))
    assert SENTENCE not in words(soup(client.get("/doncaster/scorecards/partnership/")))
    assert client.get("/doncaster/scorecards/contract/?period=2021-22-q1").status_code == 404


def test_stated_summary_when_nothing_is_reported_then_it_is_said_all_the_same(partnership, signed_in):
    scorecard = b.a_scorecard(1)
    StatedSummary.objects.create(
        scorecard=scorecard, period=b.a_period(b.FIRST_QUARTER), targets=3, suspended=0, annual=0, better=1, within=1,
        outside=1, source=b.a_source(), paragraph="9",
    )  # fmt: skip
    page = soup(signed_in(b.a_user(Role.BOARD_MEMBER)).get("/northshire/scorecards/contract/"))
    assert "Stated by report 003 §9 for 2021/22 Q1: 3 targets" in words(page)
