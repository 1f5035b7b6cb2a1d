"""The pages of the contract sum: the screen is the file, drafts are seen by who works on them, forms lose nothing."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance.contract_table import BRIDGE_TABLE, ENTRIES_TABLE, TOTALS_TABLE, YEARS_TABLE
from finance.contract_words import doubts
from finance.models import ContractEntry, ContractYear
from finance.operations.contract import decide_entry
from finance.selectors.contract import contract_year
from indicators.roles import Role
from tests import builders as b
from tests.finance.money_world import a_contract_year, an_entry
from tests.parity import assert_same, csv_of, shown, soup_of, table_named, words

pytestmark = pytest.mark.django_db

HERE = "/northshire/money/contract/"
MONEY = "/northshire/money/"
YEAR = f"{HERE}2022-23/"
ANSWERS = {
    "kind": "variation", "amount": "£832,000.50", "name": "More placements", "part_of": "", "reason": "Demand",
    "funding_source": "Council", "authority": "Cabinet, 1 July 2022", "on": "1 July 2022",
}  # fmt: skip
NEW_YEAR = {
    "year": "2021/22", "original": "59,060,000", "covers_from": "1 October 2021", "covers_until": "31 March 2022",
    "surplus_share_percent": "90%", "paragraph": "86", "note": "Contract of 2014",
}  # fmt: skip


@pytest.fixture
def year(partnership):
    return a_contract_year(2022)


@pytest.fixture
def finance(year):
    return b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner("trust"), display_name="Finance officer")


@pytest.fixture
def council(year):
    return b.a_user(Role.APPROVER, display_name="Approver of the council")


@pytest.fixture
def board(year):
    return b.a_user(Role.BOARD_MEMBER)


def main(client, path) -> str:
    return words(soup_of(client, path).main.get_text(" "))


def send(client, path, page=None, **answers):
    """Sends a form with what its page carries besides the answers."""
    page = page or soup_of(client, path)
    form = page.select_one(f'main form[action="{path}"]')
    hidden = {i["name"]: i.get("value", "") for i in form.select("input[type=hidden]") if i["name"] != "do"}
    return client.post(path, hidden | answers, follow=True)


def soup_of_response(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


def text_of(response) -> str:
    return words(response.content.decode())


# The screen is the file


@pytest.mark.once
def test_real_years_when_shown_then_the_files_say_the_same_and_the_paper_is_held_against_the_sum(whole, signed_in):
    client = signed_in(b.a_user(Role.BOARD_MEMBER, partnership=whole))
    here = "/doncaster/money/contract/"
    page = here.rstrip("/")
    assert assert_same(client, here, f"{page}.csv", YEARS_TABLE, "Contract sums by financial year") == 3
    for slug, label, numbers in (("2014-15", "2014/15", (5, 5, 2)), ("2021-22", "2021/22", (14, 4, 0))):
        tables = (
            ("entries", ENTRIES_TABLE, f"Entries of {label}"),
            ("bridge", BRIDGE_TABLE, f"From the original to the final sum, {label}"),
            ("printed-totals", TOTALS_TABLE, f"Totals as printed, {label}"),
        )
        for (file, spec, caption), number in zip(tables, numbers, strict=True):
            address = f"{here}{slug}/{file}.csv"
            if number:
                assert assert_same(client, f"{here}{slug}/", address, spec, caption) == number
            else:
                assert csv_of(client, address) == (spec.header, [])
    first, last = main(client, f"{here}2014-15/"), main(client, f"{here}2021-22/")
    for phrase in (
        "Covers 6 months, October 2014 to March 2015, and is not made into a year.",
        "1 variation of £1.383m more makes it £22.783m; £540k back to the council leaves a final sum of £22.243m.",
        "The entries make £22.783m; £22.8m is stated, as rounding allows.",
        "90% of a surplus goes back to the council. £540k of £589k is 91.7%, not 90%: 90% would be £530k.",
        "The parts named make £1.383m, as stated.", "Open queries: 2",
    ):  # fmt: skip
        assert phrase in first, phrase
    for phrase in ("2 variations of £2.25m more make it £61.31m.", "What are the other £2.08m",
                   "£0.53m + £0.25m + £0.15m make it; the other 2 parts divide it in another way"):  # fmt: skip
        assert phrase in last, phrase
    assert "£681k less than the original sum before. No sum is stated, and none is made." in main(client, here)
    assert "bridge" not in soup_of(client, f"{here}2015-16/").main.decode()


@pytest.mark.once
def test_year_when_entries_are_many_or_very_large_then_as_many_queries_and_nothing_is_cut(year, board, signed_in):
    client = signed_in(board)
    an_entry(year)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(YEAR).status_code == 200
        return len(found)

    few = queries()
    huge = 9_999_999_999_999
    texts = {"name": "W" * 200, "reason": "r" * 600, "authority": "a" * 300, "paragraph": "1", "actor": "report"}
    common = {"year": year, "kind": "variation", "source": b.a_source(), "recorded_at": b.NOW}
    rows = [ContractEntry(code=f"e-{n}", amount_pence=huge, **texts, **common) for n in range(60)]
    ContractEntry.objects.bulk_create(rows)
    assert queries() == few
    assert "£6,000,001,049,999.40" in main(client, YEAR)
    pages = [soup_of(client, f"{YEAR}?drafts=3&page={n}") for n in (1, 2)]
    assert [len(shown(table_named(page, "Entries of 2022/23"))) for page in pages] == [50, 11]
    assert pages[0].select_one('nav[aria-label="Pages of entries"] a[rel=next]')["href"] == "?drafts=3&page=2#entries"
    assert len(csv_of(client, f"{YEAR}entries.csv")[1]) == 61


def test_pages_when_nothing_is_held_then_they_say_what_will_appear(partnership, signed_in):
    client = signed_in(b.a_user(Role.BOARD_MEMBER))
    assert "No contract year is held yet" in main(client, HERE)
    assert "Nothing is held of money yet" in main(client, "/northshire/money/")
    assert csv_of(client, "/northshire/money/contract.csv") == (YEARS_TABLE.header, [])
    assert client.get(YEAR).status_code == 404


def test_overview_when_a_year_is_held_then_it_leads_there_with_its_sum(year, board, signed_in):
    an_entry(year)
    page = soup_of(signed_in(board), "/northshire/money/")
    said = "The original sum of 2022/23 is £1,000,000; 1 variation of £50,000 more makes it £1,050,000."
    assert said in words(page.main.get_text(" "))
    assert page.select_one(f'main a[href="{HERE}"]')
    assert page.select_one("nav a[aria-current]").get_text() == "Money"


# Who sees a draft


def test_draft_when_it_waits_then_only_who_works_on_the_contract_sees_it_and_no_file_has_it(
    year, finance, council, board, signed_in
):  # fmt: skip
    an_entry(year, by=finance, name="Only a draft")
    an_entry(year, code="printed", name="Printed one")
    sees = {
        "finance": finance, "council": council, "lead": b.a_user(Role.APPROVER, partner=b.a_partner("trust")),
        "board": board, "scrutiny": b.a_user(Role.SCRUTINY_OFFICER),
        "police": b.a_user(Role.ANALYST, partner=b.a_partner("police")),
    }  # fmt: skip
    seen = {who: "Only a draft" in main(signed_in(person), YEAR) for who, person in sees.items()}
    assert seen == {"finance": True, "council": True, "lead": True, "board": False, "scrutiny": False, "police": False}
    told = {who: "1 draft waits for a decision: 2022/23." in main(signed_in(p), MONEY) for who, p in sees.items()}
    assert told == seen
    client = signed_in(council)
    for file in (f"{YEAR}entries.csv", f"{YEAR}bridge.csv", f"{HERE.rstrip('/')}.csv"):
        assert "Only a draft" not in str(csv_of(client, file))
    assert [row[0] for row in shown(table_named(soup_of(client, YEAR), "Entries of 2022/23"))] == ["Printed one"]
    asked = ("finance", "council", "lead")
    boxes = {who: bool(soup_of(signed_in(sees[who]), YEAR).select("button[value=accept]")) for who in asked}
    assert boxes == {"finance": False, "council": True, "lead": False}


def test_finance_officer_of_another_partner_when_drafting_then_forbidden(year, signed_in):
    other = b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner("police"))
    assert signed_in(other).get(f"{YEAR}add/").status_code == 403


# Drafting and deciding


def test_draft_when_filled_in_then_read_once_more_kept_once_and_accepted_by_another(year, finance, council, signed_in):
    client = signed_in(finance)
    add = f"{YEAR}add/"
    check = soup_of_response(send(client, add, do="check", **ANSWERS))
    text = words(check.main.get_text(" "))
    assert "£832,000.50 more" in text
    assert "the revised sum would be £1,832,000.50 instead of £1,000,000." in text
    assert not ContractEntry.objects.exists()
    for _ in range(2):
        assert "“More placements” is kept as a draft" in text_of(send(client, add, check, do="confirm"))
    draft = ContractEntry.objects.get()
    assert (draft.amount_pence, draft.recorded_by, draft.recorded_at) == (83_200_050, finance, b.NOW)

    other, decide = signed_in(council), f"{YEAR}{draft.code}/decide/"
    page = soup_of(other, YEAR)
    refused = send(other, decide, page, do="refuse")
    assert "Say why it is refused" in text_of(refused)
    assert f'href="#id_{draft.code}-reason"' in refused.content.decode()
    assert "is accepted and counts from now on" in text_of(send(other, decide, page, do="accept"))
    assert "accepted by Approver of the council on 7 July 2022" in main(signed_in(b.a_user(Role.BOARD_MEMBER)), YEAR)
    again = send(other, decide, page, do="refuse", **{f"{draft.code}-reason": "Changed my mind"})
    assert "used for something else before" in text_of(again)


@pytest.mark.parametrize(
    ("box", "typed", "said"),
    [
        ("amount", "832k", "has letters in it"),
        ("amount", "(832,00)", "comma in the wrong place"),
        ("amount", "1.005", "fraction of a penny"),
        ("amount", "90%", "has a % sign"),
        ("authority", "", "A variation of the contract sum has no authority"),
        ("on", "31 February 2022", "must be a date that exists"),
        ("on", "8 July 2022", "has not come yet"),
        ("part_of", "nothing-of-this", "Choose an answer for “Part of” from the list"),
        ("name", "", "Enter the name"),
    ],
)
def test_draft_when_typed_wrongly_then_the_box_says_so_and_keeps_what_was_typed(
    year, finance, signed_in, box, typed, said
):  # fmt: skip
    response = send(signed_in(finance), f"{YEAR}add/", do="check", **ANSWERS | {box: typed})
    page = soup_of_response(response)
    assert said in words(page.select_one(".govuk-error-summary").get_text(" "))
    assert page.select_one(f"#id_{box}_error, #id_{box}-error, .govuk-form-group--error")
    assert page.select_one("#id_reason").get_text().strip() == "Demand"
    assert not ContractEntry.objects.exists()


@pytest.mark.parametrize(("typed", "pence"), [("£1,000", 100_000), ("(540,000)", -54_000_000), ("−£5", -500)])
def test_amount_when_written_as_accounts_write_it_then_read(year, finance, signed_in, typed, pence):
    client = signed_in(finance)
    check = soup_of_response(send(client, f"{YEAR}add/", do="check", **ANSWERS | {"amount": typed}))
    send(client, f"{YEAR}add/", check, do="confirm")
    assert ContractEntry.objects.get().amount_pence == pence


def test_doubts_when_an_amount_is_of_another_scale_or_there_already_then_said_to_both(
    year, finance, council, signed_in
):  # fmt: skip
    an_entry(year, name="Growth")
    for typed, said in (
        ("100000001", "If it was typed in pence, £1,000,000.01 is meant."),
        ("49", "is very little beside the original sum. If thousands were meant, it is £49,000."),
        ("50,000", "A variation of £50,000 is in the year already: “Growth”."),
    ):
        check = send(signed_in(finance), f"{YEAR}add/", do="check", **ANSWERS | {"amount": typed})
        assert said in text_of(check), typed
    send(signed_in(finance), f"{YEAR}add/", soup_of_response(check), do="confirm")
    assert "A variation of £50,000 is in the year already" in main(signed_in(council), YEAR)
    held = contract_year(year.partnership, "2022-23")
    assert doubts(held.year, held.year.entry("growth")) == [
        "A variation of £50,000 waits for a decision: “More placements”."
    ]


def test_draft_when_decided_on_by_its_own_drafter_then_refused_and_what_was_typed_stays(year, signed_in):
    both = b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner("trust"))
    b.a_membership(both, Role.APPROVER, partnership=year.partnership)
    an_entry(year, by=both, code="mine")
    client = signed_in(both)
    assert "You drafted this, so another person decides on it." in main(client, YEAR)
    response = client.post(f"{YEAR}mine/decide/", {"do": "accept", "mine-reason": "", "key": ""})
    assert "another person decides on it" in text_of(response)
    assert not hasattr(ContractEntry.objects.get(), "decision")


def test_refused_draft_when_shown_then_with_its_reason(year, finance, council, signed_in):
    entry = an_entry(year, by=finance, name="Wrong one")
    decide_entry(entry=entry, accept=False, reason="Typed twice", by=council, at=b.NOW)
    assert "Refused by Approver of the council on 7 July 2022: Typed twice" in main(signed_in(finance), YEAR)


# A year


def test_year_when_added_then_read_once_more_and_held_with_its_six_months(year, council, signed_in):
    client, path = signed_in(council), f"{HERE}new/"
    answers = NEW_YEAR | {"source": b.a_source().code}
    wrong = send(client, path, do="check", **answers | {"covers_until": "1 April 2022"})
    assert "It covers days outside 2021/22." in text_of(wrong)
    check = soup_of_response(send(client, path, do="check", **answers))
    assert "Covers 6 months, October 2021 to March 2022" in words(check.main.get_text(" "))
    assert ContractYear.objects.count() == 1
    for _ in range(2):
        assert "The contract of 2021/22 is there." in text_of(send(client, path, check, do="confirm"))
    made = ContractYear.objects.get(period__slug="2021-22")
    assert (made.original_pence, made.surplus_share_percent) == (5_906_000_000, Decimal(90))
