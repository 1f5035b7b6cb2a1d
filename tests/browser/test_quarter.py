"""The quarter end to end, each role in a browser of its own: enter, submit, send back, accept, read, download."""

import pytest

from indicators.models import Return, Series
from indicators.roles import Role
from tests import builders
from tests.indicators.return_pages import address
from tests.indicators.test_reconciling import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RETURN = "/northshire/returns/contract/2021-22-q4/trust/1/"


@pytest.fixture
def quarter(transactional_db):
    """Three lines: one will have a figure, one will be outside tolerance, one cannot be reported."""
    scorecard = builders.a_scorecard()
    lines = {
        name: builders.an_indicator(code, name=name, scorecard=scorecard, theme="Assessment").line.pk
        for code, name in (
            ("on-time", "Assessments on time"),
            ("audits", "Audits good or better"),
            ("reviews", "Reviews"),
        )
    }
    builders.a_round(scorecard)
    return lines, builders.the_people()


def fill_row(page, line, **fields):
    for name, text in fields.items():
        box = page.locator(f"#c-{line}-{name}")
        if name == "kind":
            box.select_option(text)
        else:
            box.fill(text)


def press(page, name):
    """Presses a button that sends the form, and waits for the answer."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def enter(visitor, lines):
    page = visitor.open(RETURN + "entry/")
    first, second, third = lines.values()
    fill_row(page, first, numerator="1,266", denominator="1514", commentary="On time.")
    fill_row(page, second, numerator="42", denominator="75", commentary="Audited again after three months.")
    page.locator(f"#c-{third}-kind").select_option("not_reportable")
    details = page.locator(f"#r-{third} details")
    if not details.evaluate("d => d.open"):
        details.locator("summary").click()
    page.locator(f"#c-{third}-not_reportable_code").select_option("system_change")
    fill_row(page, third, responsible_role="Head of performance", expected_on="30 September 2022",
             commentary="The case system changed.")  # fmt: skip
    return page


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "as plain forms"])
def test_a_quarter_from_entry_to_the_committee_table(visit, quarter, javascript):
    lines, people = quarter
    analyst = visit(people.analyst, javascript=javascript)
    page = enter(analyst, lines)
    press(page, "Check and submit")
    row = Return.objects.get()
    assert row.state == "submitted"

    lead = visit(people.lead, javascript=javascript)
    page = lead.open(RETURN + "review/")
    press(page, "Sign off")

    approver = visit(people.acceptor, javascript=javascript)
    page = approver.open(RETURN + "review/")
    press(page, "Send back")
    assert "There is a problem" in page.locator("body").inner_text()
    page.locator("textarea[name=comment]").fill("Is 1,266 right?")
    press(page, "Send back")

    page = analyst.open("/northshire/")
    assert "Is 1,266 right?" in page.locator("body").inner_text()
    with page.expect_navigation():
        page.get_by_role("link", name="Answer what came back").click()
    assert page.locator(f"#c-{lines['Assessments on time']}-numerator").input_value() == "1,266"
    fill_row(page, lines["Assessments on time"], numerator="1,267")
    press(page, "Check and submit")

    board = visit(builders.a_user(Role.BOARD_MEMBER), javascript=javascript)
    assert "No figures have been approved yet" in board.open("/northshire/").locator("body").inner_text()

    for person in (people.lead_deputy, people.acceptor_deputy):
        deciding = visit(person, javascript=javascript)
        page = deciding.open(RETURN + "review/")
        press(page, "Sign off" if person is people.lead_deputy else "Accept")
    row.refresh_from_db()
    assert row.state == "approved"

    text = board.open("/northshire/").locator("body").inner_text()
    assert "2 of 3 indicators could be judged" in text
    assert "30 September 2022" in text
    page = board.open("/northshire/scorecards/contract/")
    assert "1,267 of 1,514" in page.locator("table.sc").inner_text()
    assert "1,266" not in page.locator("table.sc").inner_text()

    scrutiny = visit(builders.a_user(Role.SCRUTINY_OFFICER), javascript=javascript)
    page = scrutiny.open("/northshire/scorecards/contract/")
    with page.expect_download() as download:
        page.locator("a[href*='contract.csv?']").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "1267,1514" in text
    assert "not_reportable" in text


def test_the_entry_pages_are_accessible_blank_filled_and_wrong(visit, quarter):
    lines, people = quarter
    analyst = visit(people.analyst)
    pages = (RETURN, RETURN + "entry/", RETURN + "upload/", "/northshire/returns/", "/northshire/")
    for path in pages:
        analyst.open(path)
        for width in (1280, 320):
            assert analyst.axe(width) == [], (path, width)
            assert not analyst.scrolls_sideways(), (path, width)
    analyst.page.set_viewport_size({"width": 1280, "height": 900})
    page = analyst.open(RETURN + "entry/")
    fill_row(page, lines["Assessments on time"], numerator="150", denominator="148")
    press(page, "Save")
    analyst.reads("Numerator must be 148 or less")
    for width in (1280, 320):
        assert analyst.axe(width) == [], width
    assert page.locator(f"#c-{lines['Assessments on time']}-numerator").input_value() == "150"


def test_a_quarter_can_be_entered_by_keyboard_alone(visit, quarter):
    lines, people = quarter
    first = lines["Assessments on time"]
    analyst = visit(people.analyst)
    page = analyst.open(RETURN + "entry/")
    page.locator(f"#c-{first}-numerator").focus()
    page.keyboard.type("1266")
    page.keyboard.press("Tab")
    page.keyboard.type("1514")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == f"c-{lines['Audits good or better']}-denominator"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == f"c-{first}-denominator"
    page.keyboard.press("Control+s")
    analyst.reads("84%")
    page.wait_for_function("id => document.getElementById(id).dataset.state === 'saved'", arg=f"r-{first}")


def test_a_block_from_a_spreadsheet_spreads_over_the_boxes(visit, quarter):
    lines, people = quarter
    first, second, _ = lines.values()
    page = visit(people.analyst).open(RETURN + "entry/")
    page.locator(f"#c-{first}-numerator").focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "1,266\\t1,514\\n42\\t75\\n");
            const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(paste);
        }"""
    )
    assert page.locator(f"#c-{first}-denominator").input_value() == "1,514"
    assert page.locator(f"#c-{second}-numerator").input_value() == "42"
    assert page.locator(f"#c-{second}-denominator").input_value() == "75"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "as plain forms"])
def test_an_odd_figure_is_saved_and_asks_for_a_reason_beside_its_box(visit, quarter, javascript):
    lines, people = quarter
    name = "Assessments on time"
    first = lines[name]
    series = Series.objects.get(lines=first)
    builders.a_paper_figure(series, builders.Q3, 84, numerator=1266, denominator=1514)
    analyst = visit(people.analyst, javascript=javascript)
    page = analyst.open(RETURN + "entry/")
    fill_row(page, first, numerator="1266", denominator="1514")
    words = "1,266 of 1,514 is exactly the figure of 2021/22 Q3."
    if javascript:
        page.keyboard.press("Control+s")
        page.wait_for_function("id => document.getElementById(id).dataset.state === 'warning'", arg=f"r-{first}")
        assert page.get_by_role("status").inner_text().startswith(f"{name}: Saved, with a warning. {words}")
        assert analyst.axe() == []
    else:
        press(page, "Save")
    assert words in page.locator(f"#m-{first}").inner_text()
    others = len(lines) - 1
    assert f"1 of {len(lines)} saved. 1 warning. {others} not started." in page.locator("#counts").inner_text()
    assert page.locator(f"#c-{first}-numerator").get_attribute("aria-describedby") == f"m-{first}"
    page.get_by_label(f"Reason to keep, {name}").fill("Counted again.")
    press(page, "Save")
    assert "Saved, with a warning" not in page.locator(f"#r-{first}").inner_text()
    assert words in page.locator(f"#m-{first}").inner_text()


def test_a_stock_that_is_not_explained_asks_for_a_reason_until_its_flows_explain_it(visit, transactional_db):
    world = World()
    row = builders.fresh(world.filled(600, 34, 28))
    analyst = visit(builders.the_people(row.partner).analyst)
    page = analyst.open(address("return_entry", row))
    stock, came = world.stock.line.pk, world.came.line.pk
    press(page, "Check and submit")
    page.get_by_role("link", name="make 598; 600 is reported").click()
    assert page.evaluate("document.activeElement.id") == f"c-{stock}-keep_reason"

    def came_in(number: str, says: str) -> None:
        fill_row(page, came, value=number)
        page.keyboard.press("Control+s")
        page.wait_for_function(
            "([id, words]) => { const said = document.getElementById(id).innerText; return words ? said.includes(words)"
            " : !said; }",
            arg=[f"m-{stock}", says],
        )

    came_in("35", "35 in, 28 out make 599; 600 is reported")
    fill_row(page, stock, commentary="Counted on the last day.")
    page.keyboard.press("Control+s")
    page.wait_for_function("id => document.getElementById(id).dataset.state === 'warning'", arg=f"r-{stock}")
    assert "600 is reported" in page.locator(f"#m-{stock}").inner_text()
    assert page.get_by_label("Reason to keep, Measure care-at-end").is_visible()
    assert analyst.axe() == []
    came_in("36", "")
    assert page.locator(f"#r-{stock} .now").inner_text() == "Saved"


def test_two_analysts_on_one_figure_see_both_versions(visit, quarter):
    lines, people = quarter
    first = lines["Assessments on time"]
    one, two = visit(people.analyst), visit(people.second_analyst)
    page_one, page_two = one.open(RETURN + "entry/"), two.open(RETURN + "entry/")
    fill_row(page_one, first, numerator="10", denominator="20")
    press(page_one, "Save")
    fill_row(page_two, first, numerator="11", denominator="20")
    press(page_two, "Save")
    two.reads("Keep mine")
    text = page_two.locator(f"#r-{first}").inner_text()
    assert "10" in text
    assert page_two.locator(f"#c-{first}-numerator").input_value() == "11"
    assert two.axe() == []
    page_two.get_by_label("Keep mine").check()
    press(page_two, "Save")
    assert one.open(RETURN + "entry/").locator(f"#c-{first}-numerator").input_value() == "11"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "as plain forms"])
def test_an_expired_session_loses_nothing_typed(visit, quarter, javascript):
    lines, people = quarter
    first = lines["Assessments on time"]
    analyst = visit(javascript=javascript).sign_in(people.analyst)
    page = analyst.open(RETURN + "entry/")
    fill_row(page, first, numerator="1266", denominator="1514")
    cookies = [c for c in analyst.context.cookies() if c["name"] != "sessionid"]
    analyst.context.clear_cookies()
    analyst.context.add_cookies(cookies)
    press(page, "Save")
    assert "Sign in" in page.title()
    page.get_by_label("E-mail address").fill(people.analyst.email)
    page.get_by_label("Password", exact=True).fill("a-long-enough-password")
    press(page, "Sign in")
    assert page.locator(f"#c-{first}-numerator").input_value() == "1266"
    assert "not saved yet" in page.locator("body").inner_text()
    press(page, "Save")
    assert analyst.open(RETURN + "entry/").locator(f"#c-{first}-denominator").input_value() in {"1514", "1,514"}


def test_save_when_pressed_slowly_then_the_button_does_not_move_from_under_the_pointer(visit, quarter):
    lines, people = quarter
    first = lines["Assessments on time"]
    analyst = visit(people.analyst)
    page = analyst.open(RETURN + "entry/")
    fill_row(page, first, numerator="1266", denominator="1514")
    analyst.context.clear_cookies()
    box = page.get_by_role("button", name="Save", exact=True).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(600)
    assert page.get_by_role("button", name="Save", exact=True).bounding_box() == box
    with page.expect_navigation():
        page.mouse.up()
    assert "Sign in" in page.title()


def test_row_when_a_button_is_pressed_and_let_go_elsewhere_then_it_is_saved_all_the_same(visit, quarter):
    lines, people = quarter
    first = lines["Assessments on time"]
    page = visit(people.analyst).open(RETURN + "entry/")
    fill_row(page, first, numerator="1266", denominator="1514")
    box = page.get_by_role("button", name="Save", exact=True).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(5, 5)
    page.mouse.up()
    page.locator(f"#r-{first}[data-state=saved]").wait_for()
