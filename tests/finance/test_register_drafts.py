"""Drafts of registers: two people, nowhere counted before, once for a form, withdrawn by who drafted, shown to few."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from finance.models import FundingAmount, HomePlan, RegisterDecision, RegisterDraft, RegisterStep, Saving
from finance.operations import register_drafts as drafts
from finance.register_drafts import Chosen, Kind, facts_of, kept, typed
from finance.selectors.registers import READERS
from indicators.models import AuditEvent, ScorecardLine
from indicators.operations.errors import InputRefused, NotAllowed, OperationError, WrongState
from indicators.operations.slices import add_dimension
from indicators.roles import Role
from tests import builders as b
from tests.finance import money_world
from tests.finance.money_world import a_draft, category, put
from tests.finance.test_registers import PLAN, VALUES
from tests.indicators.test_models import named_by
from tests.parity import csv_of, soup_of, words
from tests.threads import Together

pytestmark = pytest.mark.django_db
URL = "/northshire/money/"
KEY = "0" * 32
ITEM = {"letter": "a", "name": "Doors", "payee": "", "duration": "", "termination": "", "status": ""}
COSTS = [("2021-22", Decimal(100)), ("2022-23", Decimal("200.50"))]


@pytest.fixture
def officer(partnership):
    return b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner(), display_name="Finance officer")


@pytest.fixture
def council(partnership):
    return b.a_user(Role.APPROVER, display_name="Approver of the council")


def saving(partnership, by, **more):
    return a_draft(partnership, "savings", Kind.ENTRY, VALUES["savings"] | more.pop("values", {}), by=by, **more)


def decide(draft, by, accept=True, **more):
    return drafts.decide_draft(draft=draft, accept=accept, by=by, at=b.NOW, **more)


def withdraw(draft, by, **more):
    return drafts.withdraw_draft(draft=draft, by=by, at=b.NOW, **more)


# As it is kept


@pytest.mark.parametrize(
    "value",
    [
        None, "", "Ł", 3, b.TODAY, Decimal("64000.50"), Chosen(7, "Reserve"), [["2022-23", Decimal("1.10")]],
        {"on": b.TODAY, "costs": [], "fund": Chosen(1, "A")},
    ],
)  # fmt: skip
def test_value_when_kept_then_it_comes_back_as_it_was(value):
    assert typed(kept(value)) == value


def test_value_when_no_form_gives_it_then_it_is_not_kept():
    with pytest.raises(TypeError, match="cannot keep"):
        kept(object())


def test_facts_when_read_then_days_years_amounts_and_states_are_in_words():
    home = VALUES["capacity"] | {"expected_words": "autumn 2022"}
    day = {"expected_on": date(2022, 9, 1), "expected_precision": "season"}
    for said in ("autumn 2022", ""):
        told = dict(facts_of("capacity", home | day | {"expected_words": said}))["Expected"]
        assert told == f"{said or 'September 2022'}; in time until 30 November 2022"
    due_words = {"due_on": date(2022, 9, 1), "due_precision": "month", "due_words": "after the summer"}
    told = dict(facts_of("milestones", VALUES["milestones"] | due_words))["Due"]
    assert told == "after the summer; in time until 30 September 2022"
    assert facts_of("capacity", home) == [
        ("Name", "Mill"), ("What the home is", "Home"), ("Beds", "1–2"), ("Stage", "Purchased"),
        ("Known on", "7 July 2022"), ("Expected", "autumn 2022"),
    ]  # fmt: skip
    assert facts_of("programmes", ITEM | {"costs": COSTS}) == [
        ("Letter", "a"), ("Name", "Doors"), ("In 2021/22", "£100"), ("In 2022/23", "£200.50"),
    ]  # fmt: skip
    happened = {"state": "at_risk", "words": "No staff", "on": b.TODAY}
    assert facts_of("savings", happened) == [
        ("What happened", "At risk"), ("On", "7 July 2022"), ("More of it", "No staff"),
    ]  # fmt: skip
    due = VALUES["milestones"] | {"due_on": b.TODAY, "due_precision": "month"}
    assert ("Due", "July 2022") in facts_of("milestones", due)
    assert ("Due", "7 July 2022") in facts_of("claims", VALUES["claims"] | {"due_on": b.TODAY})


def test_draft_when_its_row_cannot_be_then_the_database_refuses_it(partnership, officer, council):
    entry = saving(partnership, officer)
    kept_row = {f.attname: getattr(entry, f.attname) for f in RegisterDraft._meta.concrete_fields if not f.primary_key}
    decided = {"draft": entry, "by": council, "actor": "Council", "at": b.NOW}
    bad = {
        "register_draft_number_unique": RegisterDraft(**kept_row),
        "register_draft_of_an_entry": RegisterDraft(**kept_row | {"number": 2, "kind": "step"}),
        "register_refusal_says_why": RegisterDecision(**decided, outcome="refused"),
    }
    for name, row in bad.items():
        with pytest.raises(IntegrityError, match="|".join(named_by(name))), transaction.atomic():
            row.save(force_insert=True)
    entry_with_code = RegisterDraft(**kept_row | {"number": 2, "entry": "agency"})
    with pytest.raises(IntegrityError, match="register_draft_of_an_entry"), transaction.atomic():
        entry_with_code.save(force_insert=True)


# Two people


@pytest.mark.parametrize("register", VALUES)
def test_draft_when_kept_then_it_is_no_row_until_another_person_accepts_it(partnership, officer, council, register):
    draft = a_draft(partnership, register, Kind.ENTRY, VALUES[register], by=officer)

    def rows():
        return READERS[register](partnership, today=b.TODAY, sees_protected=True)

    assert rows() == []
    for accept in (True, False):
        with pytest.raises(NotAllowed, match="another person decides"):
            decide(draft, officer, accept, reason="Mine")
    decide(draft, council)
    assert len(rows()) == 1
    told = AuditEvent.objects.filter(kind__startswith="money").order_by("pk").values_list("kind", "what", "by")
    assert [(kind, what.rpartition(" ")[2], by) for kind, what, by in told] == [
        ("money_recorded", "drafted", officer.pk), ("money_decided", "accepted", council.pk),
    ]  # fmt: skip


def test_draft_when_it_cannot_be_then_it_is_refused_as_an_entry_would_be(partnership, officer):
    with pytest.raises(InputRefused, match="Give it a name"):
        saving(partnership, officer, values={"name": " "})
    assert not RegisterDraft.objects.exists()


def test_draft_when_refused_then_it_says_why_never_counts_and_can_be_drafted_anew(partnership, officer, council):
    programme = put(partnership, "programmes", Kind.ENTRY, VALUES["programmes"], by=officer)
    given = {"register": "programmes", "kind": Kind.ITEM, "values": ITEM | {"costs": COSTS}, "on": programme}
    draft = a_draft(partnership, **given, by=officer)
    with pytest.raises(InputRefused, match="waits for a decision already"):
        a_draft(partnership, **given, by=officer)
    with pytest.raises(InputRefused, match="Say why it is refused"):
        decide(draft, council, False, reason=" ")
    with pytest.raises(InputRefused, match="Shorten it"):
        decide(draft, council, False, reason="x" * 601)
    decide(draft, council, False, reason="Not agreed")
    assert not programme.items.exists()
    for again in (lambda: decide(draft, council), lambda: withdraw(draft, officer)):
        with pytest.raises(WrongState, match="accepted, refused or withdrawn already"):
            again()
    decide(a_draft(partnership, **given, by=officer), council)
    assert set(FundingAmount.objects.values_list("period__slug", "pence")) == {
        ("2021-22", 10_000), ("2022-23", 20_050), (None, 30_050),
    }  # fmt: skip


def test_fund_when_accepted_then_its_amounts_say_who_gave_and_a_second_is_refused(partnership, officer, council):
    add_dimension(code="fund", name="Fund", kind="partition", categories=[("reserve", "Reserve")])
    fund = Chosen(category("fund", "reserve").pk, "Reserve")
    programme = put(partnership, "programmes", Kind.ENTRY, VALUES["programmes"], by=officer)
    given = {"register": "programmes", "kind": Kind.FUND, "values": {"fund": fund, "costs": COSTS}, "on": programme}
    decide(a_draft(partnership, **given, by=officer), council)
    assert programme.amounts.filter(fund_id=fund.pk).count() == 3
    assert {amount.draft.by for amount in programme.amounts.all()} == {officer}
    with pytest.raises(InputRefused, match="recorded already"):
        a_draft(partnership, **given, by=officer)


def test_draft_when_withdrawn_then_only_by_who_drafted_it_and_nobody_decides_any_more(partnership, officer, council):
    draft = saving(partnership, officer)
    for other in (council, b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner())):
        with pytest.raises(NotAllowed, match="Only who drafted this"):
            withdraw(draft, other)
    assert withdraw(draft, officer, key=KEY) == withdraw(draft, officer, key=KEY)
    with pytest.raises(WrongState, match="withdrawn already"):
        decide(draft, council)
    assert not Saving.objects.exists()


def test_draft_when_the_register_has_moved_on_then_it_cannot_be_accepted_and_says_why(partnership, officer, council):
    home = money_world.the_registers(partnership, officer).home
    august = PLAN | {"expected_on": b.TODAY.replace(month=8), "expected_precision": "month"}
    late = a_draft(partnership, "capacity", Kind.PLAN, august | {"expected_on": b.TODAY.replace(month=9)},
                   on=home, by=officer)  # fmt: skip
    put(partnership, "capacity", Kind.PLAN, august, on=home, by=officer)
    with pytest.raises(WrongState, match=r"as the register stands now\. It is expected later than before"):
        decide(late, council)
    assert HomePlan.objects.count() == 2
    assert not RegisterDecision.objects.filter(draft=late).exists()
    decide(late, council, False, reason="Say why it is later")


def test_steps_of_a_day_when_accepted_in_another_order_then_the_one_recorded_last_holds(partnership, officer, council):
    world = money_world.the_registers(partnership, officer)
    given = {"register": "milestones", "kind": Kind.STEP, "on": world.milestone, "by": officer}
    first, last = (
        a_draft(
            partnership, **given, values={"state": state, "words": "", "on": b.TODAY}, at=b.NOW + timedelta(hours=n)
        )
        for n, state in enumerate(("under_way", "done"))
    )
    decide(last, council)
    decide(first, council)
    (row,) = READERS["milestones"](partnership, today=b.TODAY, sees_protected=True)
    assert (row.now.state, row.standing.code) == ("done", "done")


# Once for a form


def test_draft_when_sent_twice_with_one_key_then_kept_once_and_decided_once(partnership, officer, council):
    draft = saving(partnership, officer, key=KEY)
    assert saving(partnership, officer, key=KEY) == draft
    with pytest.raises(OperationError, match="other answers"):
        saving(partnership, officer, key=KEY, values={"name": "Another"})
    key = "1" * 32
    assert decide(draft, council, key=key) == decide(draft, council, key=key)
    with pytest.raises(OperationError, match="used for something else"):
        decide(draft, council, False, reason="No", key=key)
    assert (RegisterDraft.objects.count(), Saving.objects.count()) == (1, 1)


# At the same moment


@pytest.fixture
def together(tmp_path) -> Callable[[], Together]:
    return lambda: Together(tmp_path)


Step = Callable[[], Any]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pair", ["two accept", "accept and refuse", "accept and withdraw", "one form twice"])
def test_draft_when_two_meet_then_one_is_carried_out_and_the_other_is_told(
    partnership, officer, council, together, pair
):
    draft, other = saving(partnership, officer), b.a_user(Role.APPROVER)
    first: Step = lambda: decide(draft, council, key=KEY)  # noqa: E731
    second: Step = {
        "two accept": lambda: decide(draft, other),
        "accept and refuse": lambda: decide(draft, other, False, reason="No"),
        "accept and withdraw": lambda: withdraw(draft, officer),
        "one form twice": first,
    }[pair]
    threads = together()
    outcomes = threads.run(first, second)
    made = [one for one in outcomes if not isinstance(one, Exception)]
    if pair == "one form twice":
        assert outcomes == [made[0], made[0]]
    else:
        assert len(made) == 1
        assert sum(isinstance(one, WrongState) for one in outcomes) == 1
    number, (decision,) = threads.read(
        lambda: (Saving.objects.count(), list(RegisterDecision.objects.values_list("outcome", flat=True)))
    )
    assert number == (decision == "accepted")


@pytest.mark.django_db(transaction=True)
def test_drafts_of_one_letter_when_kept_at_once_then_one_of_them(partnership, officer, together):
    programme = put(partnership, "programmes", Kind.ENTRY, VALUES["programmes"], by=officer)
    values = ITEM | {"costs": COSTS}
    threads = together()
    outcomes = threads.run(
        *(lambda: a_draft(partnership, "programmes", Kind.ITEM, values, on=programme, by=officer) for _ in range(2))
    )
    assert sum(isinstance(one, InputRefused) for one in outcomes) == 1
    assert threads.read(lambda: RegisterDraft.objects.filter(kind="item").count()) == 1


# Who sees a draft, and what is offered


def main(client, path) -> str:
    return words(soup_of(client, path).main.get_text(" "))


def send(client, page, path, **answers):
    """Sends the form of an address with what it carries besides the answers."""
    form = page.select_one(f'main form[action="{path}"]')
    hidden = {i["name"]: i.get("value", "") for i in form.select("input[type=hidden]")}
    return client.post(path, hidden | answers, follow=True)


def test_draft_when_it_waits_then_only_who_works_on_money_sees_it_and_no_file_has_it(
    partnership, officer, council, signed_in
):
    world = money_world.the_registers(partnership, officer)
    a_draft(partnership, "savings", Kind.ENTRY, VALUES["savings"] | {"name": "Only a draft"}, by=officer)
    happened = {"state": "at_risk", "words": "Only said in a draft", "on": b.TODAY}
    a_draft(partnership, "savings", Kind.STEP, happened, on=world.saving, by=officer)
    sees = {
        "finance": officer, "council": council, "lead": b.a_user(Role.APPROVER, partner=b.a_partner()),
        "board": b.a_user(Role.BOARD_MEMBER), "scrutiny": b.a_user(Role.SCRUTINY_OFFICER),
        "police": b.a_user(Role.ANALYST, partner=b.a_partner("police")),
    }  # fmt: skip
    expected = {"finance": True, "council": True, "lead": True, "board": False, "scrutiny": False, "police": False}
    for path, phrase in (
        ("savings/", "Only a draft"), ("savings/agency/", "Only said in a draft"),
        ("", "2 drafts wait for a decision."),
    ):  # fmt: skip
        assert {who: phrase in main(signed_in(one), URL + path) for who, one in sees.items()} == expected, path
    client = signed_in(council)
    for file in ("savings.csv", "savings/agency.csv"):
        assert "nly a draft" not in str(csv_of(client, URL + file))
        assert "Only said" not in str(csv_of(client, URL + file))
    assert "1 saving; no amount is held" in main(client, f"{URL}savings/")
    assert "No step recorded" in main(client, f"{URL}savings/agency/")
    offered = {
        who: tuple(bool(soup_of(signed_in(sees[who]), f"{URL}savings/").select(css)) for css in
                   ("button[value=accept]", "form[action$='/withdraw/']"))
        for who in ("finance", "council", "lead")
    }  # fmt: skip
    assert offered == {"finance": (False, True), "council": (True, False), "lead": (False, False)}


def test_register_that_holds_a_draft_alone_when_the_board_looks_then_nothing_is_said_of_it(
    partnership, officer, signed_in
):
    saving(partnership, officer)
    police = b.a_user(Role.ANALYST, partner=b.a_partner("police"))
    for outsider in (b.a_user(Role.BOARD_MEMBER), police):
        assert "Savings and efficiencies" not in main(signed_in(outsider), URL)
    assert "1 draft waits for a decision." in main(signed_in(officer), URL)


def test_approver_when_deciding_on_a_page_then_a_refusal_needs_words_and_both_pages_lead_back(
    partnership, officer, council, signed_in
):
    world = money_world.the_registers(partnership, officer)
    saving(partnership, officer)
    happened = {"state": "on_track", "words": "", "on": b.TODAY}
    a_draft(partnership, "savings", Kind.STEP, happened, on=world.saving, by=officer)
    client = signed_in(council)
    on_list, on_entry = f"{URL}savings/", f"{URL}savings/agency/"
    first, second = (f"{URL}savings/drafts/{number}/decide/" for number in (1, 2))
    told = send(client, soup_of(client, on_list), first, do="refuse")
    assert 'href="#id_draft-1-reason"' in told.content.decode()
    assert "Say why it is refused" in words(told.content.decode())
    told = send(client, soup_of(client, on_list), first, do="refuse", **{"draft-1-reason": "Not <agreed>"})
    assert told.redirect_chain == [(f"{on_list}#drafts", 302)]
    assert "Refused by Approver of the council on 7 July 2022: Not &lt;agreed&gt;" in told.content.decode()
    told = send(client, soup_of(client, on_entry), second, do="accept")
    assert told.redirect_chain == [(f"{on_entry}#drafts", 302)]
    text = words(told.content.decode())
    assert "“Fewer agency posts: On track” is accepted and stands on the register from now on." in text
    assert "accepted by Approver of the council, 7 July 2022" in text
    assert RegisterStep.objects.filter(saving=world.saving).count() == 1
    told = client.post(first, {"do": "accept", "on_entry": "1"}, follow=True)
    assert "accepted, refused or withdrawn already" in words(told.content.decode())
    assert client.get(first).url == on_list
    assert client.get(f"{second}?drafts=2").url == f"{on_list}?drafts=2"
    assert client.post(f"{URL}savings/drafts/9/decide/", {"do": "accept"}).status_code == 404


def test_author_when_withdrawing_on_a_page_then_it_is_gone_and_said(partnership, officer, signed_in):
    saving(partnership, officer)
    client, url = signed_in(officer), f"{URL}savings/drafts/1/withdraw/"
    text = words(send(client, soup_of(client, f"{URL}savings/"), url).content.decode())
    assert "“Fewer miles” is withdrawn." in text
    assert "Refused or withdrawn: 1" in text
    assert "Withdrawn on 7 July 2022." in text
    assert "No draft waits for a decision." in text
    assert "withdrawn already" in words(client.post(url, {}).content.decode())


def test_drafts_when_they_are_many_then_twenty_a_page_each_with_its_filters_and_as_many_queries(
    partnership, officer, council, signed_in
):
    client, page = signed_in(council), f"{URL}savings/"

    def queries(path) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    saving(partnership, officer)
    few = queries(page)
    RegisterDraft.objects.bulk_create(
        RegisterDraft(partnership=partnership, number=n, register="savings", kind="entry", name=f"Draft {n}",
                      typed=kept(VALUES["savings"]), by=officer, actor="Officer", at=b.NOW)
        for n in range(2, 202)
    )  # fmt: skip
    assert queries(f"{page}?drafts=2&refused=1") == few
    body = client.get(page).content
    assert len(body) < 60_000
    soup = soup_of(client, f"{page}?drafts=11&refused=1")
    assert len(soup.select("article.draft")) == 1
    previous = soup.select_one('nav[aria-label="Pages of drafts"] a[rel=prev]')
    assert previous["href"] == "?refused=1&drafts=10#drafts"
    told = client.post(f"{page}drafts/201/decide/", {"do": "refuse"})
    assert "Draft 201" in words(told.content.decode())


def test_saving_when_no_scorecard_has_a_line_then_its_page_says_what_is_loaded_and_else_where_it_is_entered(
    partnership, officer, signed_in
):
    money_world.the_registers(partnership, officer)
    client, page = signed_in(officer), f"{URL}savings/agency/"
    assert "loads the category “agency” of the dimension “saving”" in main(client, page)
    add_dimension(code="saving", name="Saving", kind="partition", categories=[("agency", "Agency")])
    line = b.an_indicator("saving-target", slice_key="saving=agency").line
    assert f"entered each quarter with the return of {line.scorecard.name}" in main(client, page)
    assert "entered each quarter" not in main(signed_in(b.a_user(Role.BOARD_MEMBER)), page)
    ScorecardLine.objects.filter(pk=line.pk).update(until_on=b.TODAY + timedelta(days=30))
    assert "entered each quarter" in main(client, page), "it holds until a day to come"
    ScorecardLine.objects.filter(pk=line.pk).update(until_on=b.TODAY - timedelta(days=1))
    assert "entered each quarter" not in main(client, page)
    assert "with a return, on a line that is loaded for it" in main(client, f"{URL}savings/new/")
    assert "on a line that is loaded" not in main(client, f"{URL}claims/new/")


def test_file_when_asked_for_excel_then_the_same_rows_after_its_mark_under_another_name(
    partnership, officer, signed_in
):
    money_world.the_registers(partnership, officer)
    client = signed_in(officer)
    address = soup_of(client, f"{URL}savings/").select_one(".dl a[href$='excel=1']")["href"]
    plain, marked = (client.get(path) for path in (f"{URL}savings.csv", address))
    assert marked["Content-Disposition"] == 'attachment; filename="savings.excel.csv"'
    rows = b"".join(marked.streaming_content)
    assert rows == b"\xef\xbb\xbf" + b"".join(plain.streaming_content)
