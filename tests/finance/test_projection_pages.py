"""The pages of the projection, of plans and of scenarios: what they show, their files, their forms, and the child."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance.models import PlacementPlan, ProjectionRun, Scenario
from finance.plan_rows import PlacementRow
from finance.projection_table import (
    ASSUMED_TABLE,
    FULL_YEAR_TABLE,
    LINES_TABLE,
    MONTHS_TABLE,
    PLAN_TABLE,
    RUN_RATE_TABLE,
)
from finance.scenario_rows import PRICE, StepDetails
from finance.scenario_table import COMPARISON_TABLE, RESULT_TABLE, SCENARIOS_TABLE, STEPS_TABLE
from indicators.roles import Role
from tests import builders as b
from tests.finance import money_world
from tests.finance import plan_world as w
from tests.parity import assert_same, csv_of, soup_of, words

pytestmark = pytest.mark.django_db
MONEY = "/northshire/money/"
PROJECTION, PLANS, SCENARIOS = f"{MONEY}projection/", f"{MONEY}plans/", f"{MONEY}scenarios/"
RISE = StepDetails(PRICE, date(2022, 10, 1), "Offer of the agencies", from_rung=w.AGENCY, percent=Decimal(5))


@pytest.fixture
def board(partnership, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER))


@pytest.fixture
def finance(partnership, signed_in):
    return signed_in(w.officer(partnership))


def main(client, path):
    return words(soup_of(client, path).main.get_text(" "))


def read(response) -> str:
    """A page that fills, whole."""
    return b"".join(response.streaming_content).decode()


# The same on the page and in the file


def test_projection_when_shown_then_every_table_says_what_its_file_says(board, finance):
    w.a_plan()
    read(finance.post(f"{PROJECTION}placements-of-july/run/"))
    year = "2022/23 and 2023/24"
    for table, spec, caption, number in (
        ("lines", LINES_TABLE, f"Projection of {year}, line by line", 8),
        ("run-rate", RUN_RATE_TABLE, "From the run-rate to the projection", 9),
        ("full-year", FULL_YEAR_TABLE, "Known placements, part-year and full-year", 4),
        ("placements", PLAN_TABLE, "Placements of the plan", 3),
        ("assumptions", ASSUMED_TABLE, "What the plan assumes", 4),
        ("months", MONTHS_TABLE, "Expected cost and band by month", 21),
    ):
        file = f"{PROJECTION}placements-of-july/{table}.csv"
        assert assert_same(board, PROJECTION, file, spec, caption) == number, table
    header, rows = csv_of(board, f"{PROJECTION}placements-of-july/band.csv")
    assert header == RESULT_TABLE.header
    assert {row[0] for row in rows} == {"line", "band", "assumption", "kept"}


def test_scenarios_when_shown_then_list_steps_comparison_and_files_say_the_same(board):
    plan = w.a_plan()
    w.a_scenario(plan, steps=(w.STEP, RISE))
    w.a_scenario(plan, "Agencies rise", (RISE,))
    assert assert_same(board, SCENARIOS, f"{MONEY}scenarios.csv", SCENARIOS_TABLE, "Scenarios") == 2
    query = "?with=two-move-home&with=agencies-rise"
    file = f"{SCENARIOS}comparison.csv{query}"
    assert assert_same(board, f"{SCENARIOS}{query}", file, COMPARISON_TABLE, "Scenarios side by side") == 3
    page, file = f"{SCENARIOS}two-move-home/", f"{SCENARIOS}two-move-home/steps.csv"
    assert assert_same(board, page, file, STEPS_TABLE, "Steps and what each changes") == 3
    text = main(board, page)
    for phrase in (
        "“Two move home” costs £", "Move 2 children from Out of authority to In-house fostering from 1 September 2022",
        "2 children of the 3 who may be moved from Out of authority are moved", "nobody has agreed to it",
        "no notice period is paid",
    ):  # fmt: skip
        assert phrase in text, phrase
    assert "“Agencies rise” costs £" in main(board, f"{SCENARIOS}{query}")
    assert "Tick two scenarios or more" in main(board, f"{SCENARIOS}?with=two-move-home")


# Empty, large, and as many queries whatever their number


def test_pages_when_empty_then_they_say_what_will_appear(board, finance):
    for path in (PROJECTION, PLANS, SCENARIOS):
        soup = soup_of(board, path)
        assert soup.select_one(".empty"), path
        assert soup.select("table, .dl, a[href$='/new/']") == [], path
    assert csv_of(board, f"{MONEY}scenarios.csv")[1] == []
    money_world.the_rungs()
    assert [a["href"] for a in soup_of(finance, PROJECTION).select(".empty a")] == [f"{PLANS}new/"]
    w.a_plan()
    assert [a["href"] for a in soup_of(finance, SCENARIOS).select(".empty a")] == [f"{SCENARIOS}new/"]


@pytest.mark.once
def test_plan_when_it_has_700_rows_then_pages_are_short_and_ask_no_more_queries(board):
    paths = (PROJECTION, f"{PLANS}large/", SCENARIOS, f"{SCENARIOS}two-move-home/", MONEY)
    rows = tuple(
        PlacementRow(w.OUT, 1, Decimal(3_000 + n), date(2022, 4, 1) + timedelta(days=n % 60)) for n in range(700)
    )
    counts = []
    for number in (3, 700):
        name = "Large" if number == 700 else "Small"
        plan = w.a_plan(name=name, rows=rows[:number])
        if number == 3:
            w.a_scenario(plan)
            paths_now = [path.replace("large", "small") for path in paths]
        else:
            for n in range(4):
                w.a_scenario(plan, f"Another {n}")
            paths_now = list(paths)
        found = []
        for path in paths_now:
            with CaptureQueriesContext(connection) as queries:
                response = board.get(f"{path}?plan={plan.code}" if path == PROJECTION else path)
            assert response.status_code == 200, path
            found.append(len(queries))
            assert len(response.content) < 60_000, (path, len(response.content))
        counts.append(found)
    assert counts[0] == counts[1]
    assert len(csv_of(board, f"{PROJECTION}large/placements.csv")[1]) == 700
    assert "And 688 more rows of the plan" in main(board, f"{PROJECTION}?plan=large")


# One more placement


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("weekly=5000&start=1+October+2022", "costs £133,900 to the end of 2022/23 (182 nights)"),
        ("weekly=281721&start=1+October+2022", "It looks like one for a year"),
        ("weekly=875&start=1+October+2022&rung=out-of-authority", "costs £23,432.50"),
        ("weekly=-5&start=1+October+2022", "A price cannot be less than £0 a week"),
        ("weekly=5000&start=1+April+2024", "Give a day from that of the plan to the end of its second year"),
        ("weekly=dear&start=1+October+2022", "has letters in it"),
        ("weekly=5000&start=", "Enter the first night"),
    ],
)
def test_one_more_placement_when_asked_then_it_costs_its_nights_or_the_form_says_what_to_do(board, query, said):
    w.a_plan()
    assert said in main(board, f"{PROJECTION}?{query}")


# Entering a plan


PASTED = "rung,number,weekly price,start\nOut of authority,57,281721,1 April 2022\n"
TYPED = {"name": "Spring", "as_at": "1 July 2022", "rows": PASTED, "assumed": "", "replaces": ""}


def test_plan_when_a_weekly_price_is_a_yearly_one_then_a_reason_keeps_it_and_others_do_not_see_it(finance, board):
    money_world.the_rungs()
    page = finance.post(f"{PLANS}new/", TYPED | {"do": "check", "key": "a" * 32}).content.decode()
    assert "It looks like one for a year" in page
    assert "Keep the plan" in page
    sent = TYPED | {"do": "confirm", "key": "a" * 32}
    assert "Correct it, or say why it is right" in finance.post(f"{PLANS}new/", sent).content.decode()
    response = finance.post(f"{PLANS}new/", sent | {"odd_prices_reason": "A trial"})
    assert response["Location"] == f"{PLANS}spring/"
    finance.post(f"{PLANS}new/", sent | {"odd_prices_reason": "A trial"})
    assert PlacementPlan.objects.get().rows.get().weekly_pence == 28_172_100
    assert board.get(f"{PLANS}spring/").status_code == 404
    assert board.get(f"{PROJECTION}?plan=spring").status_code == 404
    assert finance.get(f"{PROJECTION}spring/lines.csv").status_code == 404
    assert "waits for another person" in main(finance, f"{PROJECTION}?plan=spring")


def test_plan_when_uploaded_as_csv_then_the_file_is_read_and_its_errors_are_named(finance):
    money_world.the_rungs()
    for data, said in (
        (b"rung,number\nOut of authority,many\n", "Row 2, number: “many” has letters"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (
            'rung,number,weekly price,start\nOut of authority,57,"£5,402.87",2022-04-01\n'.encode(),
            "57 placements in 1 row",
        ),
    ):
        file = io.BytesIO(data)
        file.name = "placements.csv"
        page = finance.post(f"{PLANS}new/", TYPED | {"rows": "", "file": file, "do": "check", "key": "b" * 32})
        assert said in words(page.content.decode()), said
    assert not PlacementPlan.objects.exists()


def test_plan_when_decided_on_the_page_then_it_counts_or_says_why_not(signed_in, finance, board):
    plan = w.a_plan(accepted=False)
    council = signed_in(b.a_user(Role.APPROVER, email="council@example.org"))
    url = f"{PLANS}{plan.code}/decide/"
    assert "Say why it is refused" in words(council.post(url, {"do": "refuse", "reason": ""}).content.decode())
    assert finance.post(url, {"do": "accept"}).status_code == 403
    assert council.post(url, {"do": "accept", "key": "c" * 32})["Location"] == f"{PLANS}{plan.code}/"
    assert "17 placements, on 3 rungs: £1.42m in 2022/23, £80k under the budget of the plan." in main(board, MONEY)


# Scenarios


def step_of(finance, kind, **typed):
    return finance.post(f"{SCENARIOS}two-move-home/steps/{kind}/", typed | {"key": "d" * 32, "words": "Because"})


def test_step_when_typed_then_its_effect_is_read_before_it_is_added(finance):
    w.a_scenario(steps=())
    typed = {"number": "2", "from_rung": w.OUT, "to_rung": w.OWN, "on": "1 September 2022", "weekly": "23400",
             "version": "1"}  # fmt: skip
    page = words(step_of(finance, "move", do="check", **typed).content.decode())
    assert "It looks like one for a year" in page
    assert "Effect in 2022/23" in page
    done = step_of(finance, "move", do="confirm", **typed | {"weekly": "450"})
    assert done["Location"] == f"{SCENARIOS}two-move-home/"
    late = step_of(finance, "move", do="confirm", **typed | {"weekly": "450", "number": "1"})
    assert "sent before with other answers" in words(late.content.decode())
    page = words(step_of(finance, "move", do="check", **typed | {"number": "4", "version": "2"}).content.decode())
    assert "Only 1 child is certain to be in Out of authority" in page
    act = f"{SCENARIOS}two-move-home/act/"
    finance.post(act, {"do": "remove-1", "version": "2"})
    assert "This scenario has no step yet" in main(finance, f"{SCENARIOS}two-move-home/")
    finance.post(act, {"do": "withdraw", "version": "3", "reason": "No carers"})
    assert "Withdrawn on 7 July 2022: No carers" in main(finance, f"{SCENARIOS}two-move-home/")


def test_scenario_when_it_belongs_to_another_then_no_step_is_offered_and_a_copy_is(finance, signed_in, partnership):
    scenario = w.a_scenario()
    other = signed_in(w.officer(partnership, "other@example.org"))
    assert other.get(f"{SCENARIOS}{scenario.code}/steps/move/").status_code == 403
    soup = soup_of(other, f"{SCENARIOS}{scenario.code}/")
    assert soup.select("a[href*='/steps/'], button[value^='remove'], button[value='withdraw']") == []
    typed = {"plan": "placements-of-july", "name": "Mine", "purpose": "Trial", "key": "e" * 32}
    assert other.post(f"{SCENARIOS}{scenario.code}/copy/", typed)["Location"] == f"{SCENARIOS}mine/"
    assert Scenario.objects.get(code="mine").owner.email == "other@example.org"


# The child


def test_runs_when_drawn_in_the_child_then_progress_shows_and_the_band_is_kept_once(finance, board):
    plan = w.a_plan()
    page = read(finance.post(f"{PROJECTION}{plan.code}/run/"))
    assert "<li>Drawing 10,000 runs of 17 placements</li>" in page
    assert "<li>100% drawn</li>" in page
    assert "The runs are drawn, and the band is kept" in page
    read(finance.post(f"{PROJECTION}{plan.code}/run/"))
    assert ProjectionRun.objects.count() == 1
    text = main(board, PROJECTION)
    assert "10,000 runs, drawn by" in text
    assert "on 7 July 2022 with seed 2022" in text
    assert "of the runs cost more than the budget" in text
    scenario = w.a_scenario(plan)
    read(finance.post(f"{SCENARIOS}{scenario.code}/run/"))
    assert "In eight of ten runs 2022/23 costs between" in main(board, f"{SCENARIOS}{scenario.code}/")
    assert assert_same_result(board, scenario.code) == {"line", "step", "band", "assumption", "kept"}


def assert_same_result(client, code) -> set[str]:
    header, rows = csv_of(client, f"{SCENARIOS}{code}/result.csv")
    assert header == RESULT_TABLE.header
    return {row[0] for row in rows}


def test_runs_when_the_child_is_busy_then_the_page_says_so_and_nothing_is_kept(finance, monkeypatch):
    from finance.views import projection_run
    from indicators.bounded import Busy

    def busy(payload):
        raise Busy("Other files are being worked on.")
        yield ""

    plan = w.a_plan()
    monkeypatch.setattr(projection_run, "drawing", busy)
    assert "Nothing was kept" in read(finance.post(f"{PROJECTION}{plan.code}/run/"))
    assert not ProjectionRun.objects.exists()


# What the paper prints


def test_real_plans_when_shown_then_they_say_that_an_average_stands_for_placements(whole, signed_in):
    client = signed_in(b.a_user(Role.BOARD_MEMBER, partnership=whole))
    text = main(client, "/doncaster/money/projection/")
    for phrase in (
        "£16,058,101.48", "No paper lists placements one by one. 57 placements at one average price stand for them",
        "(report 003 §89, 104, 105)", "The budget is £10.99m: the projection is £5.07m over it.",
        "57 placements at an average of £281,721 a year, taken over 365 nights (report 003 §89, 104)",
        "The plan begins on the first day of 2022/23",
    ):  # fmt: skip
        assert phrase in text, phrase
    moving = main(client, "/doncaster/money/projection/?plan=out-of-area-with-movement")
    assert "11 in 3 months (3.67 a month), at £5,402.87 a week" in moving
    assert "9 in 5,040 nights of care" in moving
    _, rows = csv_of(client, "/doncaster/money/projection/out-of-area-as-budgeted/placements.csv")
    assert rows[0][4:6] == ["43", "4900.92"]


# Who is no party to the contract


def test_finance_officer_when_of_no_party_to_the_contract_then_they_read_and_change_nothing(partnership, signed_in):
    scenario = w.a_scenario()
    police = b.a_partner("police")
    client = signed_in(b.a_user(Role.FINANCE_OFFICER, partner=police, email="police@example.org"))
    for path in (f"{PLANS}new/", f"{SCENARIOS}new/", f"{SCENARIOS}{scenario.code}/copy/"):
        assert client.get(path).status_code == 403, path
    for path in (f"{PROJECTION}placements-of-july/run/", f"{SCENARIOS}{scenario.code}/run/",
                 f"{SCENARIOS}{scenario.code}/act/"):  # fmt: skip
        assert client.post(path).status_code == 403, path
    assert soup_of(client, PROJECTION).select("main form[method=post], a[href$='/new/']") == []
    assert not ProjectionRun.objects.exists()
