"""The page of the care ladder: the real quarter says what the papers print, the screen is the file, and another
council's figures, typed and without papers, make a page of their own."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance.views.ladder_parts import FILES
from indicators.rag import MissingReason
from indicators.roles import Role
from tests import builders as b
from tests.finance.ladder_world import QUARTER, YEAR, World
from tests.parity import assert_same, csv_of, shown, soup_of, table_named, words
from tests.referrals.front_door_world import a_part

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HERE = "/northshire/money/care-ladder/"
REAL = "/doncaster/money/care-ladder/"
CAPTIONS = {
    "rungs": "The care ladder, 2021/22 Q4",
    "movement": "Movement on the rungs, 2021/22 Q4",
    "moves": "Where from and where to, 2021/22 Q4",
    "costs": "Nights and costs, 2021/22 Q4",
    "funds": "Who pays, 2021/22 Q4",
    "packages": "Expensive packages, 2021/22 Q4",
    "independent-share": "Independent share of fostering, 2021/22 Q4",
    "variance": "Out of area: from the plan to what is in place",
}
DRAWN = {"rungs", "moves", "independent-share"}
# What the real page must say: reports 003 §83, §88–§89, §92–§93, §100–§116, §123.
SAID = (
    "Out of area: 14 more placements than planned, at a higher price",
    "592 children were in care on 31 March 2022.",
    "57 at £281,721 against 43 at £255,548 is £5,069,533 more as a full-year figure: £3,577,672 volume and £1,491,861 "
    "price (14 more placements).",
    "It is computed by this project from the numbers and prices named; no paper or return states the sum.",
    "The average price of those in place on 31 March 2022 stands against the budgeted price of 2022/23 (report 003",
    "The budgeted price of 2022/23 includes an inflationary increase of 4.9% (report 003 §104).",
    "It is before contributions: the High Needs Block of the Dedicated Schools Grant gave £4.21m towards out of area",
    "It is before planned moves",
    "It is before an expected recharge",
    "7 packages over £10,000 a week, 4 of them charged double",
    "Of 592 children in care at the end, 450 stand on rungs that are reported and 142 on none",
    "55 at the start, 11 in, 9 out make 57, as reported.",
    "£3.28m overspend before contributions, £2.15m overspend after.",
    "where it is a pressure of £1.13m (£4.21m against £3.08m budgeted)",
    "Children Looked After: £4.64m overspend in all",
    "25 unaccompanied children were added, August 2021 to March 2022.",
    "£2,534 to £7,661",
)


@pytest.fixture
def board(whole, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER, partnership=whole))


@pytest.fixture
def world(partnership) -> World:
    return World()


@pytest.fixture
def reader(partnership, signed_in):
    return signed_in(b.a_user(Role.BOARD_MEMBER))


def text(client, path: str = HERE) -> str:
    return words(soup_of(client, path).main.get_text(" "))


def row_of(client, name: str, caption: str = "The care ladder, 2022/23 Q1") -> list[str]:
    """The cells of a row of a table by its head."""
    rows = shown(table_named(soup_of(client, HERE), caption))
    return next(row for row in rows if row[0] == name)


# The real quarter


@pytest.mark.once
def test_real_quarter_when_read_then_every_number_of_the_papers_is_said_in_its_place(board) -> None:
    soup = soup_of(board, REAL)
    said = words(soup.main.get_text(" "))
    assert [one for one in SAID if one not in said] == []
    ladder = {row[0]: row[2:] for row in shown(table_named(soup, CAPTIONS["rungs"]))}
    assert ladder["Out of area, with parent and child"][0] == "57 2 more than at the start"
    assert ladder["of which parent and child"][0] == "6"
    assert ladder["of which independent fostering"][:2] == [
        "163 worked out: 41.5% of 393",
        "150 13 over plan worked out: 41% of 367, to which more than one number rounds",
    ]
    assert ladder["Placed with parents"] == ["not stated"] * 4
    assert ladder["Rung not reported"][0] == "142 worked out: what the rungs leave"
    assert ladder["Children in care"][0].startswith("592 ")
    assert ladder["Fostering, independent and in-house"][3] == "£0.65m overspend £0.07m of it Covid"
    shares = [row[0:1] + row[2:] for row in shown(table_named(soup, CAPTIONS["independent-share"]))]
    assert [(row[0], row[1].split(" ")[0], row[2]) for row in shares[:4]] == [
        ("2021/22 Q4", "41.5%", "–"),
        ("Plan for 2021/22 for 31 March 2022", "35%", "6.5 points above it"),
        ("Plan for 2021/22, revised at month 4 for 31 March 2022", "37.5%", "4 points above it"),
        ("Plan for 2022/23 for 1 April 2022", "41%", "0.5 points above it"),
    ]
    assert "25%" in shares[4][1]
    moves = [(row[0], row[2].split(" ")[0]) for row in shown(table_named(soup, CAPTIONS["moves"]))]
    assert ("From where is not stated", "5") in moves
    assert ("Keys to Your Future", "2") in moves


def test_real_tables_when_downloaded_then_they_say_what_the_screen_says(board) -> None:
    soup = soup_of(board, REAL)
    links = {a["href"].split("?")[0].rsplit("/", 1)[1].removesuffix(".csv") for a in soup.select(".dl a")}
    assert links == set(CAPTIONS) == set(FILES) - {"variance-by-rung"}
    for name, caption in CAPTIONS.items():
        file = f"{REAL}{name}.csv?period=2021-22-q4"
        if name not in DRAWN:
            assert assert_same(board, REAL, file, FILES[name][1], caption)
            continue
        header, rows = csv_of(board, file)
        spec = FILES[name][1]
        expected = [
            [words(" ".join(c.text(spec.values_from_csv(header, row)))) for c in spec.columns if c.text] for row in rows
        ]
        found = [[cell for place, cell in enumerate(row) if place != 1] for row in shown(table_named(soup, caption))]
        assert found == expected


def test_real_figures_when_followed_then_each_leads_to_its_own_page_and_slice(board) -> None:
    soup = soup_of(board, REAL)
    links = {a["href"] for a in soup.select(".figures a")}
    for address in (
        "/doncaster/indicators/placements-at-end/?slice=rung-group%3Dout-of-area&period=2021-22-q4",
        "/doncaster/indicators/placement-cost-a-year/?slice=rung-group%3Dout-of-area%7Cside%3Dbudget&period=2022-23",
        "/doncaster/indicators/ifa-share-planned/?slice=plan%3Dmtfs-2022-23&period=2021-22-q4",
    ):
        assert address in links
        assert board.get(address).status_code == 200
    cells = {a["href"] for a in table_named(soup, CAPTIONS["rungs"]).select("td a")}
    assert cells <= links
    assert len(cells) > 10


def test_earlier_quarters_when_asked_for_then_they_show_what_is_held_and_no_more(board) -> None:
    assert "56 worked out: the sum of its rungs" in text(board, f"{REAL}?period=2020-21-q4")
    of_2015 = text(board, f"{REAL}?period=2014-15-q4")
    assert "£3.059m October 2014 to March 2015" in of_2015
    assert "317 children" in of_2015
    assert "Nothing is reported for this quarter" in text(board, f"{REAL}?period=2022-23-q1")
    for wrong in ("2021-22", "2022-03", "nonsense", "Q4 2021/22"):
        assert board.get(f"{REAL}?period={wrong}").status_code == 404


# Another council


def test_page_when_nothing_is_held_then_it_says_what_will_come_and_files_have_their_header(reader) -> None:
    assert "No placements have been approved yet" in text(reader)
    for name, (_, spec) in FILES.items():
        assert csv_of(reader, f"{HERE}{name}.csv") == (spec.header, [])
    assert reader.get(f"{HERE}anything.csv").status_code == 404


def test_typed_quarter_when_every_rung_has_both_sides_then_volume_mix_and_price_are_told(world, reader) -> None:
    world.put_the_ladder()
    world.put("placements-at-end", 7, "rung=special-guardianship")
    world.put("placement-cost-at-end", 243_000, "rung-group=out-of-area")  # the rungs tell more than their group
    world.put("placement-cost-a-year", 230_000, "rung-group=out-of-area|side=budget", YEAR)
    said = text(reader)
    assert "Doncaster" not in said
    assert "The rungs make 163 at the end, which are the children in care." in said
    assert "2 more placements than planned, at a higher price" in said
    assert "Mix" in said
    rows = shown(table_named(soup_of(reader, HERE), "The care ladder, 2022/23 Q1"))
    assert "Rung not reported" not in {row[0] for row in rows}
    together = row_of(reader, "Together", "4 rungs of the care ladder: volume, mix and price of each")
    # 163 against 161; plan 9×250,000 + 2×150,000 + 55×44,000 + 95×20,000 = 6,870,000; in place 7,710,000.
    assert together[1:3] == ["161", "163"]
    volume, mix, price, total = (Decimal(re.sub("[£,+]", "", cell.replace("−", "-"))) for cell in together[3:])
    assert volume + mix + price == total == 7_710_000 - 6_870_000
    assert price == 11 * 10_000 + 62 * 1_000
    costs = row_of(reader, "Independent fostering", "Nights and costs, 2022/23 Q1")
    assert costs[1].startswith("5,642 £10.99 a night")
    assert costs[5] == "£62,000 budget £55,800 £6,200 overspend"


def test_typed_quarter_when_one_average_price_is_held_then_mix_is_not_shown_and_the_page_says_so(world, reader) -> None:
    for code, value in (("placements-at-end", 9), ("placements-planned", 12), ("placement-cost-at-end", 100)):
        world.put(code, value, "rung-group=fostering")
    world.put("placement-cost-a-year", 110, "rung-group=fostering|side=budget", QUARTER.next().next().next())
    assert "for a full year" not in text(reader)
    world.put("placement-cost-a-year", 110, "rung-group=fostering|side=budget", YEAR)
    said = text(reader)
    assert "Fostering: 3 fewer placements than planned, at a lower price" in said
    assert "£420 less than planned" in said
    assert "mix is not shown" in said.lower()
    assert "The same sum as an area" not in said


def test_movement_when_it_does_not_add_up_then_the_row_says_by_how_much(world, reader) -> None:
    world.put_the_ladder(out_of_authority=13)
    world.put("placements-at-end", 9, "rung-group=out-of-area")
    own = row_of(reader, "Out of authority", "Movement on the rungs, 2022/23 Q1")
    assert own[5] == (
        "Does not add up 10 at the start, 2 in, 1 out make 11; 13 is reported: 2 more than the flows explain."
    )
    assert row_of(reader, "Parent and child", "Movement on the rungs, 2022/23 Q1")[5].startswith("Adds up")
    assert "the rungs make 15 of 9" in text(reader)


def test_number_when_it_is_not_reportable_then_its_reason_stands_and_never_a_nought(world, reader) -> None:
    world.put("placements-at-end", 5, "rung=parent-and-child")
    part = a_part(world.series["placements-at-end"], "rung=out-of-authority")
    b.a_paper_figure(part, QUARTER, missing=MissingReason.NOT_AVAILABLE)
    assert row_of(reader, "of which out of authority")[2] == "not available"
    assert row_of(reader, "Out of area")[2] == "not stated"


def test_figure_when_it_is_not_accepted_then_no_page_and_no_file_shows_it(world, reader) -> None:
    world.put("placements-at-end", 5, "rung=parent-and-child")
    part = a_part(world.series["placements-at-end"], "rung=out-of-authority")
    b.a_figure(part, QUARTER, value=4321, approved=False, in_return=b.a_return(world.scorecard, QUARTER))
    assert "4,321" not in text(reader)
    _, rows = csv_of(reader, f"{HERE}rungs.csv")
    assert all("4321" not in cell for row in rows for cell in row)


@pytest.mark.once
def test_reading_when_there_are_many_more_rungs_then_there_are_no_more_queries(world, reader) -> None:
    world.put_the_ladder()
    text(reader)
    with CaptureQueriesContext(connection) as few:
        text(reader)
    world.add_rungs(40)
    with CaptureQueriesContext(connection) as many:
        said = text(reader)
    assert "More 39" in said
    assert len(many) == len(few) <= 25
