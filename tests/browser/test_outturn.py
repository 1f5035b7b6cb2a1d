"""The outturn end to end: entered by the finance officer, asked why, signed off, accepted, read by the board."""

import pytest

from indicators.models import Return, Scorecard, ScorecardLine
from indicators.operations.slices import add_dimension
from indicators.roles import Role
from tests import builders
from tests.browser.test_quarter import fill_row, press
from tests.finance.outturn_world import a_line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLACE = "/northshire/"
RETURN = f"{PLACE}returns/outturn/2021-22-q4/trust/1/"
OUTTURN = f"{PLACE}money/outturn/"
LIMITED = "variance-net/head=cla"
# As many columns as the real report has, and an amount of tens of millions to the penny and below 0 in every cell.
WIDEST = """() => document.querySelectorAll(".ot tbody tr").forEach((row) => {
  while (row.cells.length < 15) row.append(row.cells[row.cells.length - 1].cloneNode(true));
  [...row.cells].slice(1).forEach((cell) => { cell.textContent = "−42,673,418.27 over"; });
})"""
TYPED = {
    "spend-gross/head=cla|side=budget": "£32,000,000",
    "spend-income/head=cla|side=budget": "(4,000,000)",
    "spend-gross/head=cla|side=outturn": "32,400,000.50",
    "spend-income/head=cla|side=outturn": "£(4,100,000)",
    LIMITED: "(300,000.50)",
    "spend-gross/head=youth|side=budget": "1,797,000",
    "spend-income/head=youth|side=budget": "0",
    "spend-gross/head=youth|side=outturn": "1,728,000",
    "spend-income/head=youth|side=outturn": "0",
    "variance-net/head=youth": "69,000",
    "variance-net": "-231,000.50",
}


@pytest.fixture
def quarter(transactional_db):
    """Two headings on a scorecard of money, whose net variances ask for commentary from £250,000."""
    add_dimension(
        code="side", name="Side", kind="comparison", categories=[("budget", "Budget"), ("outturn", "Outturn")]
    )
    names = [("cla", "Children Looked After"), ("youth", "Youth Justice")]
    add_dimension(code="head", name="Heading", kind="partition", categories=names)
    scorecard = builders.a_scorecard(code="outturn")
    Scorecard.objects.update(purpose=Scorecard.Purpose.MONEY)
    lines = {key: a_line(key, scorecard=scorecard).line.pk for key in TYPED}
    by_head = [pk for key, pk in lines.items() if key.startswith("variance-net/")]
    ScorecardLine.objects.filter(pk__in=by_head).update(commentary_from=250_000)
    builders.a_round(scorecard)
    people = builders.the_people()
    return lines, people, builders.a_user(Role.FINANCE_OFFICER, partner=builders.a_partner(), email="f@example.org")


def test_the_outturn_from_entry_to_the_board(visit, quarter):
    lines, people, officer = quarter
    finance = visit(officer)
    page = finance.open(f"{RETURN}entry/")
    assert "below 0 in brackets" in finance.text
    for key, text in TYPED.items():
        fill_row(page, lines[key], value=text)
    press(page, "Check and submit")
    finance.reads("1 point is open before this return can be submitted")
    assert "It is £250,000 or more, above or below 0: say why" in finance.text
    assert finance.axe() == []
    assert page.locator(f"#c-{lines[LIMITED]}-value").input_value() == "-300,000.5"
    fill_row(page, lines[LIMITED], commentary="More placements than planned.")
    press(page, "Save")

    page = finance.open(OUTTURN)
    assert "No outturn has been approved yet" in finance.text
    page.locator("a[href*='/outturn/returns/']").click()
    finance.reads("Nobody has accepted these figures.")
    assert "The table adds up." in finance.text
    for width in (1280, 320):
        assert finance.axe(width) == [], width
        assert not finance.scrolls_sideways(), width
    page.set_viewport_size({"width": 1280, "height": 900})
    press(finance.open(f"{RETURN}entry/"), "Check and submit")
    for person, button in ((people.lead, "Sign off"), (people.acceptor, "Accept")):
        press(visit(person).open(f"{RETURN}review/"), button)
    assert Return.objects.get().state == "approved"

    board = visit(builders.a_user(Role.BOARD_MEMBER))
    page = board.open(f"{PLACE}money/")
    page.get_by_role("link", name="Outturn", exact=True).click()
    board.reads("2021/22 Q4: £231,000.50 overspend.")
    for words in ("1 of 2 headings is over or under budget", "More placements than planned.", "£300,000.50 over", "69"):
        assert words in board.text, words
    for width in (1280, 320):
        assert board.axe(width) == [], width
        assert not board.scrolls_sideways(), width
    page.set_viewport_size({"width": 1280, "height": 900})
    with page.expect_download() as download:
        page.get_by_role("link", name="Outturn (CSV)").click()
    assert download.value.suggested_filename == "outturn_2021-22-q4.csv"
    assert "-300000.5," in download.value.path().read_text(encoding="utf-8")
    page.emulate_media(media="print")
    assert not page.locator(".dl").first.is_visible()
    page.set_viewport_size({"width": 1032, "height": 700})  # A4 landscape without its margins
    page.evaluate(WIDEST)
    assert page.locator("table.ot").evaluate("(table) => table.scrollWidth") <= 1032
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
