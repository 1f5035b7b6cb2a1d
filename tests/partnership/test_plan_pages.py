"""The pages of improvement plans: the answer first, the files say the same, forms keep what was typed."""

from datetime import date
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance.register_drafts import Kind
from indicators.models import Indicator
from indicators.roles import Role
from partnership.models import ImprovementPlan, PlanAction, PlanReview
from partnership.operations import plans as keep
from partnership.plan_table import (
    ACTIONS_TABLE,
    HISTORY_TABLE,
    MEASURES_TABLE,
    MOVES_TABLE,
    PLANS_TABLE,
    RESOURCES_TABLE,
    REVIEW_TABLE,
    REVIEWS_TABLE,
)
from tests import builders as b
from tests.finance.money_world import put
from tests.parity import assert_same, csv_of, soup_of, words
from tests.partnership import plans_world as w

pytestmark = pytest.mark.django_db
LIST = "/northshire/improvement-plans/"
PLAN = f"{LIST}recovery-plan/"


@pytest.fixture
def by(partnership):
    return w.approver()


@pytest.fixture
def client(by, signed_in):
    return signed_in(by)


@pytest.fixture
def board(partnership, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER))


def text(client, path):
    return words(soup_of(client, path).main.get_text(" "))


def a_programme(by):
    """A programme with two items."""
    partnership, values = b.a_partnership(), {"name": "Recovery fund", "authority": "Cabinet", "note": ""}
    made = put(partnership, "programmes", Kind.ENTRY, values, by=by)
    for letter in "ab":
        item = {"letter": letter, "name": f"Item {letter}", "payee": "Trust", "duration": "", "termination": "",
                "status": "", "costs": [("2022-23", Decimal(1_000))]}  # fmt: skip
        put(partnership, "programmes", Kind.ITEM, item, by=by, on=made)
    return made


# Reading


def test_list_when_empty_then_it_says_what_will_appear(board):
    soup = soup_of(board, LIST)
    assert "No improvement plan has been added yet" in soup.main.get_text()
    assert not soup.select("table, .dl, a[href$='/new/']")
    assert board.get(f"{LIST}none/").status_code == 404
    assert board.get(f"{LIST}none/reviews/1/").status_code == 404


def test_plan_when_reviewed_twice_then_the_answer_stands_first(by, board):
    w.a_reviewed_plan(by=by)
    told = text(board, PLAN)
    for phrase in (
        "1 of 3 actions is on track or complete: 1 complete, 1 at risk and 1 off track.",
        "Between the reviews of 5 May 2022 and 2 June 2022: 1 better, 1 worse and 1 the same.",
        "1.1 Train the front door Worse: from at risk to off track",
        "1.2 Agree thresholds Better: from at risk to complete",
        "As far as is recorded the next review is 7 days late: due on 30 June 2022",
        "The next report is due on 1 October 2022, every quarter from 1 April 2022.",
        "1.1. Train the front door 7 days late, due on 30 June 2022; Red: off track",
        "evidence comes from children and young people on 0, families on 0 and front-line staff on 1; what changed",
    ):
        assert phrase in told, phrase
    listed = text(board, LIST)
    assert "1 plan; 1 action is late, and a review of a plan is overdue as far as is recorded." in listed
    assert "Take a review" not in told


def test_plan_pages_when_drawn_then_their_files_say_the_same(by, client):
    programme = a_programme(by)
    b.a_scorecard(1)
    plan = w.a_reviewed_plan(by=by, funded_by=programme)
    measure = Indicator.objects.get(code="contract-1")
    action = w.a_plan_action(
        plan.priorities.first(), by=by, title="=Train, “again”", lead_partner=b.a_partner("police"),
        funding_item=programme.items.get(letter="a"), measures=[measure],
    )  # fmt: skip
    page = client.post(
        f"{PLAN}actions/1-{action.order}/date/",
        {"key": "d" * 32, "due_on": "1 October 2022", "reason": "=Later", "based_on": "0"},
    )
    assert page.status_code == 302
    assert assert_same(client, LIST, f"{LIST[:-1]}.csv", PLANS_TABLE, "Improvement plans") == 1
    numbers = {
        "actions": (ACTIONS_TABLE, "Actions by priority", 4),
        "measures": (MEASURES_TABLE, "What the plan is measured by", 1),
        "resources": (RESOURCES_TABLE, "Items of the programme, and the actions that they pay for", 2),
        "dates": (MOVES_TABLE, "Days that were moved", 1),
    }
    for name, (spec, caption, number) in numbers.items():
        assert assert_same(client, PLAN, f"{PLAN}{name}.csv", spec, caption) == number
    header, rows = csv_of(client, f"{PLAN}reviews.csv")
    assert [row[header.index("review")] for row in rows] == ["1", "2"]
    assert REVIEWS_TABLE.header == header
    history = "What reviews said of it, the latest last"
    assert assert_same(client, f"{PLAN}actions/1-1/", f"{PLAN}actions/1-1.csv", HISTORY_TABLE, history) == 2
    review = f"{PLAN}reviews/2"
    assert assert_same(client, f"{review}/", f"{review}.csv", REVIEW_TABLE, "Actions at this review") == 3
    told = text(client, PLAN)
    assert "Funding of £2,000; nothing reported as spent yet." in told
    assert "Measure 1: no figure of the whole yet" in told
    assert "93 days later than first agreed (30 June 2022), moved once" in told
    assert client.get(f"{PLAN}none.csv").status_code == 404


def test_review_when_read_then_it_is_compared_with_the_one_before_and_names_its_meeting(by, board):
    body = b.a_body("Improvement Board")
    plan = w.a_reviewed_plan(by=by, body=body, partner=None)
    first = plan.priorities.first().actions.first()
    w.keep.end_plan_action(action=first, on=b.TODAY, reason="Done elsewhere", by=by, at=b.NOW)
    w.a_plan_action(plan.priorities.first(), by=by, title="Something new")
    w.a_review(plan, b.TODAY, by=by, brag="green", meeting=b.a_meeting(body, b.TODAY, state="held"), summary="Better.")
    told = text(board, f"{PLAN}reviews/3/")
    assert "Since review 2 of 2 June 2022: 1 better, 1 worse, 1 new and 1 no longer in the plan." in told
    assert "Improvement Board, 7 July 2022" in told
    assert "3 of 3 actions are on track or complete: 3 on track." in told
    assert "It is the first review" in text(board, f"{PLAN}reviews/1/")
    assert "No longer in the plan" in told
    assert "Ended on 7 July 2022 Done elsewhere" in text(board, PLAN)


def test_measure_when_it_has_a_figure_then_it_stands_with_its_rating_and_a_protected_one_is_withheld(
    by, client, signed_in
):
    scorecard = b.a_scorecard(1)
    b.a_return(scorecard, state="approved")
    secret = b.a_scorecard(1, code="secret")
    type(secret).objects.filter(pk=secret.pk).update(audience="board")
    plan = w.an_improvement_plan(by=by)
    measures = list(Indicator.objects.filter(code__in=["contract-1", "secret-1"]))
    w.a_plan_action(w.a_priority(plan, by=by), by=by, measures=measures)
    told = text(client, PLAN)
    assert "secret" in client.get(PLAN).content.decode()
    assert "2021/22 Q4" in told
    row = csv_of(client, f"{PLAN}measures.csv")[1][0]
    assert row[MEASURES_TABLE.header.index("rating")] in {"better", "within", "outside"}
    officer = signed_in(b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner()))
    for path in (PLAN, f"{PLAN}actions/1-1/"):
        assert "secret" not in officer.get(path).content.decode()
    assert [row[0] for row in csv_of(officer, f"{PLAN}measures.csv")[1]] == ["contract-1"]


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.once
def test_plan_when_it_has_sixty_actions_then_the_number_of_queries_does_not_grow(by, client):
    plan = w.an_improvement_plan(by=by, funded_by=a_programme(by))
    b.a_scorecard(3)
    measures = list(Indicator.objects.all())
    action = w.a_plan_action(w.a_priority(plan, by=by), by=by, measures=measures[:1])
    w.a_review(plan, by=by)
    w.a_review(plan, date(2022, 6, 2), by=by)
    pages = (LIST, PLAN, f"{PLAN}reviews/2/", f"{PLAN}actions/1-1/", f"{PLAN}reviews/new/")
    few = {path: queries(client, path) for path in pages}
    for one in w.some_actions(plan, 59, by=by):
        one.measures.set(measures)
    w.keep.move_due_date(action=action, due_on=date(2022, 8, 8), reason="x", based_on=0, by=by, at=b.NOW)
    w.a_review(plan, b.TODAY, by=by)
    assert {path: queries(client, path) for path in pages} == few
    assert max(few.values()) <= 45
    rows = csv_of(client, f"{PLAN}actions.csv")[1]
    assert len(rows) == 60
    assert len(soup_of(client, f"{PLAN}?page=2").select("table.acts tbody tr:not(.grp)")) == 10


# Writing


def send(client, path, **fields):
    return client.post(path, {"key": uuid5(NAMESPACE_URL, path).hex} | fields, follow=True)


def typed(client, path):
    """What the form of a page is filled with."""
    soup = soup_of(client, path)
    found = {box["name"]: box.get("value", "") for box in soup.select("main form input[name]")}
    found |= {box["name"]: box.get_text().removeprefix("\n") for box in soup.select("main form textarea")}
    for box in soup.select("main form select"):
        chosen = box.select_one("option[selected]")
        found[box["name"]] = chosen["value"] if chosen else box.select_one("option")["value"]
    return found


def test_plan_when_begun_through_the_forms_then_it_can_be_reviewed(client):
    page = send(client, f"{LIST}new/", title="Recovery plan", review_every_days="28")
    assert "Choose the body or the partner whose plan it is." in words(page.content.decode())
    b.a_partner()
    page = send(client, f"{LIST}new/", title="Recovery plan", partner="trust", review_every_days="28")
    assert page.redirect_chain == [(PLAN, 302)]
    send(client, f"{PLAN}priorities/new/", title="Early help")
    b.a_scorecard(1)
    page = send(
        client, f"{PLAN}actions/new/", priority="1", title="Train", lead_role="Head of Service", due_on="1 August 2022",
        measure_1="contract-1", measure_2="contract-1",
    )  # fmt: skip
    action = PlanAction.objects.get()
    assert [one.code for one in action.measures.all()] == ["contract-1"]
    filled = typed(client, f"{PLAN}actions/1-1/change/")
    page = send(
        client, f"{PLAN}actions/1-1/change/", **filled | {"lead_partner": "trust", "lead_role": "", "measure_1": ""}
    )
    action.refresh_from_db()
    assert (action.lead_partner.code, action.measures.count()) == ("trust", 0)
    page = send(client, f"{PLAN}actions/1-1/end/", on="7 July 2022", reason="")
    assert "Enter an answer for “Why it is taken out”" in words(page.content.decode())
    page = send(client, f"{PLAN}reviews/new/", **typed(client, f"{PLAN}reviews/new/") | {f"brag-{action.pk}": "green"})
    assert page.redirect_chain == [(f"{PLAN}reviews/1/", 302)]
    page = send(client, f"{PLAN}actions/1-1/end/", on="7 July 2022", reason="Done elsewhere")
    assert "The action is taken out" in words(page.content.decode())
    assert client.get(f"{PLAN}actions/1-9/").status_code == 404
    assert client.get(f"{LIST}none/actions/new/").status_code == 404


def test_plan_when_reviewed_for_the_first_time_then_nothing_is_called_new(by, client):
    plan = w.an_improvement_plan(by=by)
    w.a_plan_action(w.a_priority(plan, by=by), by=by)
    w.a_review(plan, by=by)
    for path in (f"{PLAN}reviews/1/", f"{PLAN}actions/1-1/"):
        told = text(client, path)
        assert "First review" in told
        assert "New since" not in told
    w.a_plan_action(plan.priorities.get(), by=by, title="Agree thresholds")
    w.a_review(plan, date(2022, 6, 2), by=by)
    for path in (f"{PLAN}reviews/2/", f"{PLAN}actions/1-2/"):
        assert "New since the review before" in text(client, path)


def test_plan_when_an_action_is_taken_out_then_its_page_and_its_review_count_alike(by, client):
    plan = w.a_reviewed_plan(by=by)
    gone = PlanAction.objects.get(title="Agree thresholds")
    keep.end_plan_action(action=gone, on=date(2022, 6, 20), reason="Not needed", by=by, at=b.NOW)
    w.a_review(plan, date(2022, 7, 1), by=by, brag="red")
    counted = "1 worse, 1 the same and 1 no longer in the plan."
    assert f"Between the reviews of 2 June 2022 and 1 July 2022: {counted}" in text(client, PLAN)
    assert f"Since review 2 of 2 June 2022: {counted}" in text(client, f"{PLAN}reviews/3/")


def test_action_when_changed_in_two_tabs_then_the_second_is_told_and_keeps_what_it_typed(by, client):
    w.a_plan_action(w.a_priority(w.an_improvement_plan(by=by), by=by), by=by)
    path, action = f"{PLAN}actions/1-1/change/", PlanAction.objects.get()
    first = typed(client, path)
    assert client.post(path, first | {"lead_role": "Director", "key": "a" * 32}).status_code == 302
    page = client.post(path, first | {"lead_role": "Typed here", "key": "b" * 32})
    assert "Somebody else has changed this" in page.content.decode()
    action.refresh_from_db()
    assert action.lead_role == "Director"
    soup = BeautifulSoup(page.content, "lxml")
    renewed = {box["name"]: box.get("value", "") for box in soup.select("main form input[name]")}
    assert renewed["lead_role"] == "Typed here"
    assert client.post(path, renewed | {"key": "c" * 32}).status_code == 302
    action.refresh_from_db()
    assert action.lead_role == "Typed here"


def test_review_form_when_opened_then_it_says_again_what_the_last_review_said(by, client):
    w.a_reviewed_plan(by=by)
    filled = typed(client, f"{PLAN}reviews/new/")
    pk = PlanAction.objects.get(title="Train the front door").pk
    assert [filled[f"{part}-{pk}"] for part in ("brag", "progress", "evidence", "from", "changed")] == [
        "red", "Nobody trained yet", "Staff survey", "staff", "Rota changed",
    ]  # fmt: skip
    assert (filled["on"], filled["based_on"]) == ("7 July 2022", "2")
    page = send(client, f"{PLAN}reviews/new/", **filled)
    assert page.redirect_chain == [(f"{PLAN}reviews/3/", 302)]
    assert "3 the same" in words(page.content.decode())


def test_review_form_when_refused_then_nothing_typed_is_lost_and_the_box_says_why(by, client):
    w.a_reviewed_plan(by=by)
    first, *_, third = PlanAction.objects.order_by("priority", "order")
    filled = typed(client, f"{PLAN}reviews/new/")
    filled |= {f"brag-{third.pk}": "blue", f"progress-{first.pk}": "Two of nine trained"}
    page = send(client, f"{PLAN}reviews/new/", **filled)
    told = page.content.decode()
    assert "blue needs evidence" in told
    assert f'href="#id_evidence-{third.pk}"' in told
    assert "Two of nine trained" in told
    assert PlanReview.objects.count() == 2


def test_review_form_when_another_tab_was_faster_then_it_is_told_once_and_can_be_sent_again(by, client):
    plan = w.a_reviewed_plan(by=by)
    filled = typed(client, f"{PLAN}reviews/new/")
    pk = PlanAction.objects.get(title="Train the front door").pk
    w.a_review(plan, date(2022, 6, 30), by=by, brag="amber")
    page = send(client, f"{PLAN}reviews/new/", **filled | {f"progress-{pk}": "Typed in the second tab"})
    told = page.content.decode()
    assert "Somebody else has changed this since you opened the page." in told
    assert "Typed in the second tab" in told
    assert 'name="based_on" value="3"' in told
    page = send(client, f"{PLAN}reviews/new/", **filled | {"based_on": "3"})
    assert page.redirect_chain == [(f"{PLAN}reviews/4/", 302)]


def test_plan_forms_when_opened_by_who_only_reads_then_they_are_forbidden(by, board):
    w.a_reviewed_plan(by=by)
    for path in ("new/", "recovery-plan/reviews/new/", "recovery-plan/actions/1-1/date/"):
        assert board.get(LIST + path).status_code == 403
        assert board.post(LIST + path, {"title": "x"}).status_code == 403
    assert ImprovementPlan.objects.count() == 1
