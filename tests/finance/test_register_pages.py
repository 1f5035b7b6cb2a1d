"""The pages of the registers and of the figures beside them: what they show, their files, and their forms."""

from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance.figure_pages import FIGURE_PAGES, FIGURES_TABLE
from finance.models import BusinessCaseLine, HomePlan, RegisterDraft, RegisterStep, Saving
from finance.operations.register_drafts import decide_draft
from finance.register_drafts import Kind
from finance.register_tables import CASE_LINES_TABLE, PLANS_TABLE, STEPS_TABLE, items_table
from finance.registers import REGISTERS
from finance.views.registers import DRAWINGS
from indicators.roles import Role
from tests import builders as b
from tests.finance import money_world
from tests.finance.money_world import put
from tests.finance.test_registers import VALUES
from tests.parity import assert_same, csv_of, shown, soup_of, table_named, words

pytestmark = pytest.mark.django_db
URL = "/northshire/money/"
REAL = "/doncaster/money/"


@pytest.fixture
def officer(partnership):
    return b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner())


@pytest.fixture
def board(partnership, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER))


def main(client, path):
    return words(soup_of(client, path).main.get_text(" "))


# What the papers print


def test_real_registers_when_shown_then_files_say_the_same_and_sums_are_explained(whole, signed_in):
    client = signed_in(b.a_user(Role.BOARD_MEMBER, partnership=whole))
    numbers = {"programmes": 3, "savings": 11, "capacity": 5, "business-cases": 6, "claims": 1, "milestones": 4}
    assert set(numbers) == set(REGISTERS)
    for code, number in numbers.items():
        page, file = f"{REAL}{code}/", f"{REAL}{code}.csv"
        assert assert_same(client, page, file, DRAWINGS[code].spec, REGISTERS[code].name) == number
    years = {"2020-21": "2020/21", "2021-22": "2021/22"}
    programme = f"{REAL}programmes/recovery-resilience"
    caption = "Items, what they cost, and which funds pay"
    assert assert_same(client, f"{programme}/", f"{programme}.csv", items_table(years), caption) == 15
    for path, phrases in {
        "programmes/recovery-resilience/": (
            "The items of 2021/22 make £544,640, and £544,641 is printed. £1 out: as rounding allows.",
            "The years of the total make £966,577, and £966,576 is printed. £1 out: as rounding allows.",
            "Doncaster Children’s Services Trust is paid for items b, e and f: £230,000.",
            "Funding of £966,576; nothing reported as spent yet.",
        ),
        "savings/": ("no amount is held for any of them", "“unable to deliver IRO saving in 2021/22 £100k”"),
        "capacity/": ("14–16 beds are stated in all", "so 10–12 are left for those without: Cambourne Close"),
        "business-cases/": ("The 6 lines make £710k, as stated.", "Approved £510k, reclassified £200k."),
        "claims/": ("1 late as far as is recorded", "due on 15 July 2015, no claim recorded as sent"),
        "milestones/": ("2 late as far as is recorded, 2 done",),
    }.items():
        text = main(client, REAL + path)
        for phrase in phrases:
            assert phrase in text, (path, phrase)


def test_real_figures_beside_them_when_shown_then_each_has_its_paper_and_the_file_says_the_same(whole, signed_in):
    client = signed_in(b.a_user(Role.BOARD_MEMBER, partnership=whole))
    for page in FIGURE_PAGES.values():
        header, rows = csv_of(client, f"{REAL}{page.code}.csv")
        expected = []
        for row in rows:
            values = FIGURES_TABLE.values_from_csv(header, row)
            assert values["cited"], row
            expected.append([words(" ".join(c.text(values))) for c in FIGURES_TABLE.columns if c.text])
        tables = soup_of(client, f"{REAL}{page.code}/").select("table.fig")
        assert [row for table in tables for row in shown(table)] == expected
    benchmarks = main(client, f"{REAL}benchmarks/")
    for phrase in (
        "Doncaster 11.5% and Yorkshire, average 7.0% (January 2022)", "Doncaster 44% and Yorkshire, average 31%",
        "“The Trust's ambition is to reduce to 25% by March 2026” (report 003 §123)",
        "Doncaster 14% fewer and Yorkshire, average 8% more", "8 of 9", "Doncaster is in the second quartile",
    ):  # fmt: skip
        assert phrase in benchmarks, phrase
    assert "6.5 above target; so the target was 35.6, worked out by this project" in main(client, f"{REAL}workforce/")
    move_on = main(client, f"{REAL}move-on/")
    assert "Approx. 50% could move, 204 can leave care" in move_on
    assert "Nobody has reported yet: Moved" in move_on


# Empty, and large


@pytest.mark.parametrize("code", [*REGISTERS, *FIGURE_PAGES])
def test_page_when_empty_then_it_says_what_will_appear_and_offers_no_file(board, code):
    soup = soup_of(board, f"{URL}{code}/")
    assert soup.select_one(".empty")
    assert soup.select("table, .dl, a[href$='/new/']") == []
    assert csv_of(board, f"{URL}{code}.csv")[1] == []


def fill(partnership, by, number):
    """So many more of each register, with a line or an item and a step each."""
    for n in range(number):
        made = {
            register: put(partnership, register, Kind.ENTRY, values | {"name": f"=One {n}"}, by=by)
            for register, values in VALUES.items()
        }
        line = {"name": "<b>Line</b>", "asked": Decimal(5), "note": ""}
        item = {"letter": "a", "name": "Item", "payee": "", "duration": "", "termination": "", "status": ""}
        put(partnership, "business-cases", Kind.LINE, line, on=made["business-cases"], by=by)
        costs = {"costs": [("2022-23", Decimal(5))]}
        put(partnership, "programmes", Kind.ITEM, item | costs, on=made["programmes"], by=by)
        for register, state in (("savings", "on_track"), ("claims", "sent"), ("milestones", "under_way")):
            happened = {"state": state, "words": "", "on": b.TODAY}
            put(partnership, register, Kind.STEP, happened, on=made[register], by=by)


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.once
def test_registers_when_they_grow_then_the_number_of_queries_does_not_and_texts_stay_texts(partnership, officer, board):
    fill(partnership, officer, 1)
    pages = [f"{URL}{code}/" for code in REGISTERS] + [f"{URL}programmes/one-0/", f"{URL}business-cases/one-0/"]
    few = {path: queries(board, path) for path in pages}
    fill(partnership, officer, 6)
    assert {path: queries(board, path) for path in pages} == few
    assert max(few.values()) <= 24
    assert soup_of(board, f"{URL}business-cases/").main.select("table b b, table script") == []
    for code, register in REGISTERS.items():
        assert assert_same(board, f"{URL}{code}/", f"{URL}{code}.csv", DRAWINGS[code].spec, register.name) == 7
    assert csv_of(board, f"{URL}savings.csv")[1][0][1].startswith("'=One")


def test_register_when_it_is_long_then_fifty_a_page_and_the_file_has_all(partnership, officer, board):
    year = money_world.the_registers(partnership, officer).saving.period
    Saving.objects.bulk_create(
        Saving(
            partnership=partnership, code=f"s-{n}", name=f"Saving {n}", period=year, by=officer, actor="Officer",
            at=b.NOW,
        )
        for n in range(60)
    )  # fmt: skip
    total = Saving.objects.count()
    assert len(shown(table_named(soup_of(board, f"{URL}savings/?page=2"), "Savings and efficiencies"))) == total - 50
    assert len(csv_of(board, f"{URL}savings.csv")[1]) == total


# One of them, and its forms


def send(client, path, **fields):
    """The form of an address, each with a key of its own."""
    return client.post(URL + path, {"key": uuid5(NAMESPACE_URL, path).hex} | fields, follow=True)


def test_history_when_something_happened_then_the_page_and_the_file_tell_all_of_it(partnership, officer, board):
    world = money_world.the_registers(partnership, officer)
    paid = {"state": "paid", "words": "In full", "on": b.TODAY}
    put(partnership, "claims", Kind.STEP, paid, on=world.claim, by=officer)
    caption = "What happened, the latest last"
    assert assert_same(board, f"{URL}claims/first/", f"{URL}claims/first.csv", STEPS_TABLE, caption) == 3
    plans = "What was known of it, the latest last"
    assert assert_same(board, f"{URL}capacity/mill/", f"{URL}capacity/mill.csv", PLANS_TABLE, plans) == 1
    case = f"{URL}business-cases/caseload"
    assert assert_same(board, f"{case}/", f"{case}.csv", CASE_LINES_TABLE, "Lines of the case") == 1
    assert "Paid on 7 July 2022, 0 days after it was sent" in main(board, f"{URL}claims/")
    assert board.get(f"{URL}claims/none/").status_code == 404
    assert board.get(f"{URL}programmes/none/").status_code == 404


def accept(number):
    """What the council's acceptor does with a draft."""
    draft = RegisterDraft.objects.get(number=number)
    decide_draft(draft=draft, accept=True, by=b.the_people().acceptor, at=b.NOW)


def test_officer_when_drafting_then_it_is_kept_once_and_what_is_wrong_is_kept_and_explained(
    partnership, officer, signed_in
):
    client = signed_in(officer)
    page = send(client, "capacity/new/", name="Mill", kind="Two-bed home", stage="purchased", known_on="7 July 2022",
                beds_min="3", beds_max="2")  # fmt: skip
    text = words(page.content.decode())
    assert "The most beds are fewer than the least" in text
    assert 'value="Mill"' in text
    assert 'href="#id_beds_max"' in text
    for _ in range(2):
        page = send(client, "capacity/new/", name="Mill", kind="Two-bed home", stage="purchased", beds_min="2",
                    known_on="7 July 2022", stage_more="survey done")  # fmt: skip
        assert page.redirect_chain == [(f"{URL}capacity/#drafts", 302)]
    assert not HomePlan.objects.exists()
    accept(1)
    assert HomePlan.objects.get().stage == "Purchased: survey done"
    send(client, "business-cases/new/", name="Night staff", year="2022-23")
    assert client.get(f"{URL}business-cases/night-staff/add-line/").status_code == 404
    accept(2)
    page = send(client, "business-cases/night-staff/add-line/", name="Two workers", asked="64k")
    assert "“64k”" in words(page.content.decode())
    send(client, "business-cases/night-staff/add-line/", name="Two workers", asked="£64,000")
    accept(3)
    assert BusinessCaseLine.objects.get().asked_pence == 6_400_000
    decide = "business-cases/night-staff/lines/two-workers/decide/"
    assert client.get(URL + decide).status_code == 403
    police = signed_in(b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner("police")))
    assert police.get(f"{URL}savings/new/").status_code == 403, "money is between the council and the trust"
    approver = signed_in(b.a_user(Role.APPROVER))
    send(approver, decide, outcome="refused", on="7 July 2022")
    assert not RegisterStep.objects.exists()
    page = send(approver, decide, outcome="refused", on="7 July 2022", words="No money is left")
    text = words(page.content.decode())
    assert "Refused on 7 July 2022 No money is left" in words(soup_of(approver, f"{URL}business-cases/").get_text(" "))
    assert "The decision on “Two workers” is recorded." in text
    assert approver.get(f"{URL}savings/new/").status_code == 403
    assert client.get(f"{URL}programmes/none/step/").status_code == 404
    assert client.get(f"{URL}savings/none/add-line/").status_code == 404
