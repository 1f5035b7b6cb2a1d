"""The risk register: scores are added and never changed, movement in words, the matrix, and who may read its ties."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators.models import Indicator
from indicators.operations.errors import WrongState
from indicators.roles import Role
from partnership.models import Risk, RiskScore
from partnership.operations import risks as keep
from partnership.operations.plan_recording import state_of
from partnership.risk_table import RISKS_TABLE, SCORES_TABLE
from tests import builders as b
from tests.parity import assert_same, csv_of, soup_of, words
from tests.partnership import plans_world as w

pytestmark = pytest.mark.django_db
LIST = "/northshire/risks/"
RISK = f"{LIST}too-few-foster-carers/"
KEY = "a" * 32
SCORE = {"likelihood_before": "4", "impact_before": "5", "likelihood_after": "2", "impact_after": "4"}


@pytest.fixture
def by(partnership):
    return w.approver()


@pytest.fixture
def client(by, signed_in):
    return signed_in(by)


def text(client, path):
    return words(soup_of(client, path).main.get_text(" "))


# Operations


def test_risk_when_added_twice_from_one_form_then_it_is_one(partnership, by):
    made = [keep.add_risk(partnership=partnership, values=w.RISK, by=by, at=b.NOW, key=KEY) for _ in range(2)]
    assert made[0] == made[1] == Risk.objects.get()


@pytest.mark.parametrize(("changes", "box"), [({"title": ""}, "title"), ({"owner_role": ""}, "owner_partner")])
def test_risk_when_it_cannot_be_then_the_box_says_why(by, changes, box):
    with pytest.raises(WrongState) as found:
        w.a_risk(by=by, **changes)
    assert found.value.box == box


def test_score_when_recorded_then_those_before_stay_and_the_database_keeps_them(by):
    risk = w.a_risk(by=by)
    assert w.a_score(risk, by=by, based_on=0, key=KEY) == w.a_score(risk, by=by, based_on=0, key=KEY)
    w.a_score(risk, (2, 4), by=by, on=b.TODAY)
    assert [(s.likelihood_after, s.impact_after) for s in risk.scores.all()] == [(3, 4), (2, 4)]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RiskScore.objects.update(impact_after=1)


@pytest.mark.parametrize(
    ("arguments", "box", "sentence"),
    [
        ({"on": date(2022, 7, 8)}, "on", "has not come"),
        ({"on": date(2022, 5, 2)}, "on", "scored on 3 May 2022 already"),
        ({"after": (5, 5)}, "likelihood_after", "is 25, more than the 20 before"),
        ({"based_on": 0}, None, "Somebody else has changed"),
    ],
)
def test_score_when_it_cannot_be_then_nothing_is_recorded(by, arguments, box, sentence):
    risk = w.a_risk(by=by)
    w.a_score(risk, by=by)
    with pytest.raises(WrongState, match=sentence) as found:
        w.a_score(risk, by=by, **{"on": b.TODAY} | arguments)
    assert getattr(found.value, "box", None) == box
    assert RiskScore.objects.count() == 1


def test_risk_when_closed_then_it_says_why_and_takes_no_score(by):
    risk = w.a_risk(by=by)
    arguments = {"risk": risk, "on": b.TODAY, "by": by, "at": b.NOW}
    with pytest.raises(WrongState, match="Say why it is closed"):
        keep.close_risk(reason=" ", **arguments)
    for _ in range(2):
        keep.close_risk(reason="Enough carers", key=KEY, **arguments)
    with pytest.raises(WrongState, match="closed on 7 July 2022"):
        w.a_score(risk, by=by)


# Pages


def test_register_when_read_then_movement_and_matrix_stand_there_and_the_files_say_the_same(by, client):
    b.a_scorecard(1)
    body = b.a_body("Improvement Board")
    measure = Indicator.objects.get(code="contract-1")
    risk = w.a_risk(by=by, indicators=[measure], body=body, plan=w.an_improvement_plan(by=by))
    w.a_score(risk, (4, 4), by=by)
    w.a_score(risk, (3, 4), by=by, on=b.TODAY)
    w.a_risk(by=by, title="=Data are late")
    closed = w.a_risk(by=by, title="Old system")
    keep.close_risk(risk=closed, on=b.TODAY, reason="Replaced", by=by, at=b.NOW)
    told = text(client, LIST)
    for phrase in ("2 open risks: 1 down and 1 not scored yet.", "Down from 16 to 12 since 3 May 2022",
                   "Cause: Fewer apply", "Measure 1: no figure of the whole yet", "1 risk with a score of 12",
                   "Plan: Recovery plan"):  # fmt: skip
        assert phrase in told, phrase
    assert "Old system" not in told
    numbers = {
        "": 2, "?show=all": 3, "?show=closed": 1, "?body=Improvement+Board": 1,
        "?when=after&likelihood=3&impact=4": 1, "?when=before&likelihood=4&impact=5": 1,
    }  # fmt: skip
    for query, number in numbers.items():
        assert assert_same(client, LIST + query, f"{LIST[:-1]}.csv{query}", RISKS_TABLE, "Risks") == number
    assert "No risk matches these filters" in text(client, f"{LIST}?when=after&likelihood=1&impact=1")
    assert assert_same(client, RISK, f"{RISK[:-1]}.csv", SCORES_TABLE, "Scores, the latest last") == 2
    told = text(client, RISK)
    assert "It scores 12 (likelihood 3 × impact 4) after what is done about it, 20 (likelihood 4 × impact 5)" in told
    assert "Plan Recovery plan" in told
    assert "Risks to the plan Too few foster carers" in text(client, "/northshire/improvement-plans/recovery-plan/")
    assert client.get(f"{LIST}none/").status_code == 404


def test_register_when_empty_then_it_says_what_will_appear(client):
    assert "No risk has been added yet" in text(client, LIST)
    assert csv_of(client, f"{LIST[:-1]}.csv")[1] == []


def test_risk_when_tied_to_what_is_exempt_or_protected_then_who_may_not_read_it_does_not_see_it(by, client, signed_in):
    secret = b.a_scorecard(1, code="secret")
    type(secret).objects.filter(pk=secret.pk).update(audience="board")
    item = b.an_item(b.a_meeting(state="held"), "Exempt item", exempt=3)
    paper, action = b.a_paper(item, "Zebra paper"), b.an_action(item, "Zebra action")
    risk = w.a_risk(by=by, paper=paper, actions=[action], indicators=[Indicator.objects.get(code="secret-1")])
    finance = signed_in(b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner()))
    for path in (LIST, RISK, f"{LIST[:-1]}.csv"):
        response = client.get(path)
        told = b"".join(response).decode()
        assert "Zebra paper" in told
        assert "Zebra action" in told
        assert "Measure 1" in told
        told = b"".join(finance.get(path)).decode()
        assert "Zebra" not in told
        assert "Measure 1" not in told
    form = {"owner_role": "Director", "owner_partner": "", "body": "", "plan": "", "paper": str(paper.pk),
            "indicator_1": "secret-1", "action_1": str(action.number),
            "based_on": state_of(risk, keep.TIED)}  # fmt: skip
    assert client.post(f"{RISK}change/", form | {"key": KEY}).status_code == 302
    risk.refresh_from_db()
    assert (risk.owner_role, risk.paper, list(risk.actions.all())) == ("Director", paper, [action])


def test_who_keeps_risks_when_scoring_in_two_tabs_then_the_second_is_told_and_keeps_what_it_typed(by, client):
    b.a_partner()
    page = client.post(f"{LIST}new/", {"key": KEY, "title": w.RISK["title"], "owner_partner": "trust"}, follow=True)
    assert page.redirect_chain == [(RISK, 302)]
    w.a_score(Risk.objects.get(), by=by)
    typed = SCORE | {"on": "7 July 2022", "mitigation": "Typed here", "based_on": "0", "key": "b" * 32}
    page = client.post(f"{RISK}score/", typed)
    told = page.content.decode()
    assert "Somebody else has changed this" in told
    assert "Typed here" in told
    assert 'name="based_on" value="1"' in told
    assert client.post(f"{RISK}score/", typed | {"based_on": "1"}).status_code == 302
    assert client.post(f"{RISK}close/", {"on": "7 July 2022", "reason": "Enough", "key": "c" * 32}).status_code == 302
    assert "Closed on 7 July 2022: Enough" in text(client, RISK)
    assert "Score it" not in text(client, RISK)


def test_risk_when_changed_in_two_tabs_then_the_second_is_told_and_keeps_what_it_typed(by, client):
    risk = w.a_risk(by=by)
    opened = state_of(risk, keep.TIED)
    w.a_plan_action(w.a_priority(w.an_improvement_plan(by=by), by=by), by=by)
    form = {"owner_role": "Head of Service", "based_on": opened}
    assert client.post(f"{RISK}change/", form | {"plan": "recovery-plan", "key": KEY}).status_code == 302
    page = client.post(f"{RISK}change/", form | {"owner_role": "Typed here", "key": "b" * 32})
    told = page.content.decode()
    assert "Somebody else has changed this" in told
    assert "Typed here" in told
    risk.refresh_from_db()
    assert (risk.owner_role, risk.plan.code) == ("Head of Service", "recovery-plan")
    assert f'name="based_on" value="{state_of(risk, keep.TIED)}"' in told


def test_risk_when_its_body_has_ended_then_a_change_of_its_owner_leaves_it_there(by, client):
    body = b.a_body("Improvement Board", until_on=date(2022, 3, 31))
    risk = w.a_risk(by=by, body=body)
    soup = soup_of(client, f"{RISK}change/")
    chosen = soup.select_one("select[name=body] option[selected]")
    assert chosen.get_text() == "Improvement Board, ended on 31 March 2022"
    based_on = soup.select_one("input[name=based_on]")["value"]
    form = {"owner_role": "Director", "body": chosen["value"], "based_on": based_on, "key": KEY}
    assert client.post(f"{RISK}change/", form).status_code == 302
    risk.refresh_from_db()
    assert (risk.owner_role, risk.body) == ("Director", body)
    assert "Improvement Board" not in soup_of(client, f"{LIST}new/").main.get_text()


def test_register_when_it_grows_then_the_number_of_queries_does_not(by, client):
    def queries(path):
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    b.a_scorecard(1)
    measure = Indicator.objects.get()
    action = b.an_action()

    def add(number):
        for n in range(number):
            risk = w.a_risk(by=by, title=f"Risk {n}", indicators=[measure], actions=[action])
            w.a_score(risk, by=by)

    add(1)
    few = queries(LIST)
    add(8)
    assert queries(LIST) == few
    assert few <= 30
