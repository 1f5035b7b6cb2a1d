"""Relief: its own state beside the real rating, never green, until its last day and not a day longer."""

import csv
import io
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from indicators import marks, quarters
from indicators.committee_table import COMMITTEE_TABLE
from indicators.models import AuditEvent, Relief, ReliefEnd
from indicators.operations import targets as steps
from indicators.operations.errors import OperationError, WrongState
from indicators.operations.targets import TargetChanged
from indicators.rag import RATING_ORDER, Rating
from indicators.relief import Relief as Agreed
from indicators.relief import from_facts, in_force, relief_words
from indicators.scorecard import headline
from indicators.selectors.reliefs import reliefs_of
from indicators.selectors.scorecards import scorecard_for
from partnership import clock
from tests import builders as b

Q1 = b.Q4.next()
DAY = timedelta(days=1)
LAST_DAY = date(2023, 3, 31)
WORDS = "Relief agreed until 31 March 2023: decision of the board, 7 July 2022"


def agreed(**changes):
    values = {
        "number": 1, "first_day": b.Q4.start_on, "last_day": b.Q4.end_on, "ends_on": LAST_DAY, "known_on": b.TODAY,
        "authority": "decision of the board, 7 July 2022",
    } | changes  # fmt: skip
    return Agreed(**values)


# The rule


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (b.TODAY - DAY, False),
        (b.TODAY, True),
        (LAST_DAY, True),
        (LAST_DAY + DAY, False),
    ],
)
def test_relief_when_asked_on_a_day_then_it_holds_from_its_record_to_its_last_day(day, holds):
    assert agreed().holds_on(day) is holds


def test_relief_when_ended_then_it_is_gone_on_that_day_and_was_there_the_day_before():
    ended = agreed(ended_on=b.date(2022, 10, 1))
    assert ended.holds_on(b.date(2022, 9, 30))
    assert not ended.holds_on(b.date(2022, 10, 1))


@pytest.mark.parametrize(
    ("period", "covered"),
    [
        (b.Q4, True),
        (b.Q3, False),
        (Q1, False),
        (quarters.Month(2022, 1), True),
        (quarters.Month(2022, 4), False),
        (quarters.FinancialYear(2021), False),
    ],
)
def test_relief_when_a_period_is_asked_for_then_only_what_lies_wholly_within_is_covered(period, covered):
    found = in_force([agreed()], period.start_on, period.end_on, b.TODAY)
    assert (found is not None) is covered


days = st.dates(date(2022, 1, 1), date(2022, 12, 31))
some_relief = st.builds(
    lambda number, first, length, known, shown, ended: agreed(
        number=number, first_day=first, last_day=first + timedelta(days=length), known_on=known,
        ends_on=known + timedelta(days=shown), ended_on=ended,
    ),
    st.integers(1, 9), days, st.integers(0, 200), days, st.integers(0, 200), st.none() | days,
)  # fmt: skip


@given(st.lists(some_relief, max_size=5, unique_by=lambda r: r.number), days, st.integers(0, 90), days)
def test_relief_in_force_when_worked_out_day_by_day_then_it_is_the_same(reliefs, start, length, day):
    end = start + timedelta(days=length)
    found = None
    for number in range(1, 10):
        for one in reliefs:
            shown = {one.known_on + n * DAY for n in range((one.ends_on - one.known_on).days + 1)}
            shown -= {d for d in shown if one.ended_on and d >= one.ended_on}
            period = {start + n * DAY for n in range(length + 1)}
            agreed_for = {one.first_day + n * DAY for n in range((one.last_day - one.first_day).days + 1)}
            if one.number == number and day in shown and period <= agreed_for:
                found = one
    assert in_force(reliefs, start, end, day) == found


def test_relief_when_written_down_and_read_back_then_it_is_the_same():
    one = agreed(approved_by="Chair", reason="Courts were closed")
    assert from_facts(one.facts()) == one
    assert from_facts(None) is None
    assert from_facts({}) is None


def test_relief_when_said_then_with_its_last_day_and_authority():
    assert relief_words(LAST_DAY, "decision of the board, 7 July 2022") == WORDS
    assert relief_words(LAST_DAY) == "Relief agreed until 31 March 2023"


def test_mark_when_drawn_then_it_has_neither_shape_nor_colour_of_a_rating():
    drawn = marks.mark_shape(WORDS)
    assert drawn
    for rating in Rating:
        shape = marks.rating_shape(rating.value)
        assert shape.partition("focusable")[2] != drawn.partition("focusable")[2]
        colour = next(part for part in shape.split('"') if part.startswith("#"))
        assert colour not in drawn
    assert marks.mark_shape("Corrected since first reported") == ""


# On the scorecard


@pytest.fixture
def lines(db):
    return approved_lines()


@b.kept
def approved_lines():
    """Three lines of a scorecard in 2021/22 Q4, approved: two outside tolerance, one better than target."""
    scorecard = b.a_scorecard()
    made = [b.an_indicator(code, scorecard=scorecard) for code in ("bad", "worse", "good")]
    low = b.a_cell(40, 100, commentary="Few.")
    b.a_return(scorecard, b.Q4, state="approved", cells={m.series.pk: low for m in made[:2]})
    return made


def view(measure, *, today=b.TODAY, as_at=None, period=b.Q4):
    return scorecard_for(measure.line.scorecard, b.a_period(period), today=today, as_at=as_at)


def test_rating_when_relief_is_agreed_then_it_stays_and_the_relief_stands_beside_it(lines):
    before = view(lines[0])
    b.a_relief(lines[0].line)
    after = view(lines[0])
    assert [r.judgement for r in after.rows] == [r.judgement for r in before.rows]
    assert after.headline.by_rating == before.headline.by_rating
    assert [r.relief is not None for r in after.rows] == [True, False, False]
    assert dict(after.headline.with_relief) == {
        Rating.OUTSIDE: 1, Rating.WITHIN: 0, Rating.BETTER: 0, Rating.NOT_JUDGED: 0,
    }  # fmt: skip
    cells = COMMITTEE_TABLE.cells(after.rows[0])
    assert cells["rating"] == ("Outside tolerance", WORDS)
    values = COMMITTEE_TABLE.values(after.rows[0])
    assert (values["rating"], values["relief"], values["relief_until"]) == ("outside", "agreed", LAST_DAY)
    assert values["relief_authority"] == "decision of the board, 7 July 2022"
    none = COMMITTEE_TABLE.values(after.rows[1])
    assert (none["relief"], none["relief_until"], none["relief_authority"]) == ("", None, "")


def test_headline_when_two_scorecards_are_added_up_then_relief_is_too(lines):
    b.a_relief(lines[0].line)
    b.a_relief(lines[2].line)
    one = view(lines[0]).headline
    both = one.plus(one)
    assert both.with_relief == {r: 2 * one.with_relief[r] for r in RATING_ORDER}
    assert both.with_relief[Rating.BETTER] == 2
    assert headline(()).with_relief == dict.fromkeys(RATING_ORDER, 0)


def test_relief_when_its_last_day_is_over_then_it_is_gone_the_next(lines):
    b.a_relief(lines[0].line)
    assert view(lines[0], today=LAST_DAY).rows[0].relief is not None
    assert view(lines[0], today=LAST_DAY + DAY).rows[0].relief is None


def test_scorecard_when_seen_as_at_a_day_then_with_the_relief_of_that_day(lines):
    relief = b.a_relief(lines[0].line)
    steps.end_relief(relief=relief, on=date(2022, 10, 1), reason="Courts open", by=relief.recorded_by, at=b.NOW)
    long_after = date(2024, 1, 1)
    shown = {
        day: view(lines[0], today=long_after, as_at=day).rows[0].relief is not None
        for day in (b.TODAY - DAY, b.TODAY, date(2022, 9, 30), date(2022, 10, 1))
    }
    assert list(shown.values()) == [False, True, True, False]


def test_relief_when_for_other_periods_then_this_one_has_none(lines):
    b.a_relief(lines[0].line, Q1, until=Q1.next())
    assert view(lines[0]).rows[0].relief is None
    b.a_return(lines[0].line.scorecard, Q1, state="approved")
    assert view(lines[0], period=Q1).rows[0].relief is not None


def test_reliefs_when_many_then_read_in_one_query(lines):
    for line in lines:
        b.a_relief(line.line)
    with CaptureQueriesContext(connection) as queries:
        found = reliefs_of(m.line.pk for m in lines)
    assert len(queries) == 1
    assert sorted(len(held) for held in found.values()) == [1, 1, 1]


# Agreeing and ending


def agree(measure, *, by, based_on=0, at=b.NOW, **changes):
    given = {
        "from_period": b.Q4, "until_period": Q1, "ends_on": LAST_DAY, "authority": "Decision of the board",
        "approved_by": "Chair of the board", "reason": "Courts were closed",
    } | changes  # fmt: skip
    return steps.agree_relief(line=measure.line, based_on=based_on, by=by, at=at, **given)


@pytest.fixture
def council(db):
    return b.a_user(b.Role.APPROVER, display_name="Approver of the council")


def test_relief_when_agreed_then_it_says_who_when_and_by_whose_decision(lines, council):
    made = agree(lines[0], by=council, request_id="r1")
    assert (made.number, made.from_period.slug, made.until_period.slug) == (1, "2021-22-q4", "2022-23-q1")
    assert (made.recorded_by, made.actor, made.recorded_at, made.known_on) == (council, str(council), b.NOW, b.TODAY)
    event = AuditEvent.objects.get(kind="relief_agreed")
    assert event.request_id == "r1"
    assert event.what == "contract/bad: relief 1 for 2021-22-q4 to 2022-23-q1, until 2023-03-31"
    steps.end_relief(relief=made, on=b.TODAY, reason="Courts open", by=council, at=b.NOW)
    assert AuditEvent.objects.latest("pk").what == "contract/bad: relief 1 ended on 2022-07-07"
    assert view(lines[0]).rows[0].relief is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"authority": " "}, "on whose authority"),
        ({"approved_by": ""}, "which role approved it"),
        ({"approved_by": "x" * 161}, "160 characters at most"),
        ({"reason": ""}, "Say why"),
        ({"until_period": b.Q3}, "2021/22 Q3 lies before 2021/22 Q4"),
        ({"ends_on": b.TODAY - DAY}, "is past"),
        ({"from_period": quarters.Month(2022, 1)}, "only part of a period"),
    ],
)
def test_relief_when_it_cannot_be_then_refused_with_a_sentence(lines, council, changes, sentence):
    with pytest.raises(WrongState, match=sentence):
        agree(lines[0], by=council, **changes)
    assert not Relief.objects.exists()
    assert not AuditEvent.objects.filter(kind="relief_agreed").exists()


def test_relief_when_there_is_no_target_then_there_is_nothing_to_be_excused_from(council):
    measure = b.an_indicator("m", target=None)
    with pytest.raises(WrongState, match="nothing to be excused from"):
        agree(measure, by=council)


def test_relief_when_one_holds_for_the_same_period_then_that_is_ended_first(lines, council):
    first = agree(lines[0], by=council)
    with pytest.raises(WrongState, match=r"Relief for 2021/22 Q4 to 2022/23 Q1 holds already, until 31 March 2023"):
        agree(lines[0], by=council, based_on=1, from_period=Q1, until_period=Q1.next())
    agree(lines[0], by=council, based_on=1, from_period=Q1.next(), until_period=Q1.next())
    steps.end_relief(relief=first, on=b.TODAY, reason="Anew", by=council, at=b.NOW)
    assert agree(lines[0], by=council, based_on=2).number == 3


def test_relief_when_ended_twice_or_too_late_or_backwards_then_refused(lines, council):
    made = agree(lines[0], by=council, ends_on=b.TODAY)

    def end(on=b.TODAY, reason="Anew", at=b.NOW):
        return steps.end_relief(relief=made, on=on, reason=reason, by=council, at=at)

    for on, at, sentence in (
        (b.TODAY - DAY, b.NOW, "not changed afterwards"),
        (b.TODAY + DAY, b.NOW, "ends before that day by itself"),
        (b.TODAY + DAY, b.NOW + DAY, "run out already"),
    ):
        with pytest.raises(WrongState, match=sentence):
            end(on=on, at=at)
    with pytest.raises(WrongState, match="Say why"):
        end(reason=" ")
    end()
    with pytest.raises(WrongState, match="ended before"):
        end()
    assert ReliefEnd.objects.count() == 1


def test_relief_form_when_sent_twice_then_carried_out_once(lines, council):
    first = agree(lines[0], by=council, key="k")
    assert agree(lines[0], by=council, key="k") == first
    with pytest.raises(TargetChanged, match="relief of this indicator has changed"):
        agree(lines[0], by=council, key="other")
    ended = steps.end_relief(relief=first, on=b.TODAY, reason="Anew", key="e", by=council, at=b.NOW)
    assert steps.end_relief(relief=first, on=b.TODAY, reason="Anew", key="e", by=council, at=b.NOW) == ended
    with pytest.raises(OperationError, match="used for something else"):
        agree(lines[1], by=council, key="k")
    assert Relief.objects.count() == 1


# On the pages


@pytest.fixture
def board(lines, signed_in):
    return signed_in(b.a_user(b.Role.BOARD_MEMBER))


def text(response) -> str:
    return " ".join(BeautifulSoup(response.content, "lxml").get_text(" ").split())


def test_pages_when_relief_holds_then_each_says_so_beside_the_rating(lines, board):
    b.a_relief(lines[0].line)
    page = BeautifulSoup(board.get("/northshire/scorecards/contract/").content, "lxml")
    row = page.select_one("table.sc tbody tr:not(.th)")
    assert "is-outside" in row["class"]
    tag, mark = row.select_one(".tag"), row.select_one(".mark")
    assert tag.get_text() == "Outside tolerance"
    assert "tag--outside" in tag["class"]
    assert mark.get_text() == WORDS
    counts = " ".join(page.select_one(".counts").get_text(" ").split())
    assert "2 outside, 1 of them with agreed relief" in counts
    home = text(board.get("/northshire/"))
    assert "2 are outside tolerance, 1 of them with agreed relief." in home
    assert "2021/22 Q4; 1 with agreed relief" in home
    assert WORDS in home
    listed = text(board.get("/northshire/indicators/"))
    assert listed.count(WORDS) == 1
    own = BeautifulSoup(board.get("/northshire/indicators/bad/").content, "lxml")
    hero = own.select_one(".hero")
    assert hero.select_one(".tag--outside")
    assert hero.select_one(".mark").get_text() == WORDS
    assert " ".join(hero.get_text(" ").split()).count("Relief agreed") == 1
    history = " ".join(own.select_one("#reliefs").parent.get_text(" ").split())
    assert "Relief agreed until 31 March 2023 , for 2021/22 Q4" in history
    assert "approved by Chair of the board" in history
    assert "Courts were closed" in history
    assert "End this relief" not in history


def test_files_when_relief_holds_then_they_say_until_when_and_by_whom(lines, board):
    b.a_relief(lines[0].line, authority="=SUM(1)")
    lines_of = io.StringIO(b"".join(board.get("/northshire/scorecards/contract.csv")).decode())
    first, second, _ = csv.DictReader(lines_of)
    assert (first["rating"], first["relief"], first["relief_until"]) == ("outside", "agreed", "2023-03-31")
    assert first["relief_authority"] == "'=SUM(1)"
    assert second["relief"] == second["relief_until"] == second["relief_authority"] == ""
    figures = csv.DictReader(io.StringIO(b"".join(board.get("/northshire/indicators/bad/figures.csv")).decode()))
    assert [row["relief"] for row in figures] == ["agreed"]


def test_pages_when_the_last_day_is_over_then_none_shows_it_but_the_history(lines, board, monkeypatch):
    b.a_relief(lines[0].line, ends_on=b.TODAY)
    assert "Relief agreed" in text(board.get("/northshire/scorecards/contract/"))
    monkeypatch.setattr(clock, "now", lambda: b.NOW + DAY)
    for page in ("", "scorecards/contract/", "indicators/", "indicators/bad/"):
        assert "Relief agreed" not in text(board.get(f"/northshire/{page}")), page
    assert "Relief ran out on 7 July 2022 , for 2021/22 Q4" in text(board.get("/northshire/indicators/bad/"))


def test_day_when_the_scorecard_is_asked_as_at_then_the_page_shows_the_relief_of_then(lines, board, monkeypatch):
    b.a_relief(lines[0].line, ends_on=b.TODAY)
    monkeypatch.setattr(clock, "now", lambda: b.NOW + 10 * DAY)
    then = text(board.get(f"/northshire/scorecards/contract/?as_at={b.TODAY.isoformat()}"))
    assert "Relief agreed until 7 July 2022" in then
    assert "Relief agreed" not in text(board.get("/northshire/scorecards/contract/"))


def test_relief_when_of_a_figure_that_is_better_then_it_is_said_all_the_same(lines, board):
    b.a_relief(lines[2].line)
    page = BeautifulSoup(board.get("/northshire/scorecards/contract/").content, "lxml")
    assert "1 better, 1 of them with agreed relief" in " ".join(page.select_one(".counts").get_text(" ").split())
    assert "1 of them with agreed relief" not in text(board.get("/northshire/"))
