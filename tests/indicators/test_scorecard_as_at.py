"""A scorecard as at a day: what was approved and known by the end of that day in London, and nothing else."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.entry import CellInput
from indicators.models import FigureQuery, Relief, Return, Scorecard, Statement, Text
from indicators.operations.loading import add_partnership
from indicators.roles import Role
from indicators.scorecard import ScorecardRow
from indicators.selectors.scorecards import scorecard_for
from tests import builders as b
from tests.indicators.test_committee_table import assert_parity

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGE = "/northshire/scorecards/contract/"
AGAIN = {"commentary": "Again.", "keep_reason": "Counted again."}
FILES = ("contract.csv", "contract.excel.csv", "contract.csv-metadata.json")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def measure() -> b.Measure:
    """One line, whose first quarter was accepted."""
    return an_accepted_line()


@b.kept
def an_accepted_line() -> b.Measure:
    """One line, whose first quarter of 2021/22 was accepted on 10 July 2021 with 85 of 100."""
    made = b.an_indicator("on-time", name="Assessed on time")
    b.tick(made.line.scorecard, b.FIRST_QUARTER)
    return made


@pytest.fixture
def client(measure: b.Measure, signed_in: Callable[..., Client]) -> Client:
    return signed_in(b.a_user(Role.SCRUTINY_OFFICER))


def correct(measure: b.Measure, cell: CellInput, *, entered: datetime, accepted: datetime, **more: Any) -> Return:
    """A correction that was entered at one moment and accepted at another."""
    row = Return.objects.get(number=1, round__scorecard=measure.line.scorecard, round__period__slug="2021-22-q1")
    again = b.a_restatement(row, [measure.series], at=entered, **more)
    b.keep(again, {measure.series: cell}, at=entered)
    return b.accept(b.sign_off(b.submit(again, at=entered), at=accepted), at=accepted)


def rows_as_at(scorecard: Scorecard, day: date | None, period: Any = b.FIRST_QUARTER) -> tuple[ScorecardRow, ...]:
    return scorecard_for(scorecard, b.a_period(period), today=b.TODAY, as_at=day).rows


def numerator(measure: b.Measure, day: date | None) -> Any:
    (row,) = rows_as_at(measure.line.scorecard, day)
    return row.held.measured.numerator if row.held else None


def soup_of(client: Client, query: str) -> BeautifulSoup:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


def words(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


# The end of the day (trap 19)


@pytest.mark.parametrize(
    ("accepted", "known_from"),
    [
        ("2021-10-30T22:59:59.999999", "2021-10-30"),  # summer time, the day before the clocks go back
        ("2021-10-30T23:00:00", "2021-10-31"),
        ("2021-10-31T00:30:00", "2021-10-31"),  # the hour that comes twice
        ("2021-10-31T01:30:00", "2021-10-31"),
        ("2021-10-31T23:59:59.999999", "2021-10-31"),  # 25 hours long
        ("2021-11-01T00:00:00", "2021-11-01"),
        ("2022-03-26T23:59:59.999999", "2022-03-26"),
        ("2022-03-27T00:00:00", "2022-03-27"),
        ("2022-03-27T22:59:59.999999", "2022-03-27"),  # 23 hours long
        ("2022-03-27T23:00:00", "2022-03-28"),
        ("2021-12-31T23:59:59.999999", "2021-12-31"),
        ("2022-01-01T00:00:00", "2022-01-01"),
    ],
)
def test_correction_when_accepted_near_midnight_then_known_from_its_day_in_london(
    measure: b.Measure, client: Client, accepted: str, known_from: str
) -> None:
    moment, day = utc(accepted), date.fromisoformat(known_from)
    correct(measure, b.a_cell(40, 100, **AGAIN), entered=moment, accepted=moment)
    before = day - timedelta(days=1)
    assert (numerator(measure, before), numerator(measure, day), numerator(measure, None)) == (85, 40, 40)
    assert "85 of 100" in words(soup_of(client, f"?as_at={before}"))
    assert "40 of 100" in words(soup_of(client, f"?as_at={day}"))


def test_figure_when_changed_twice_in_a_day_then_the_later_of_the_two(measure: b.Measure) -> None:
    for hour, number in ((9, 40), (16, 60)):
        moment = b.moment(date(2021, 9, 1), hour)
        correct(measure, b.a_cell(number, 100, **AGAIN), entered=moment, accepted=moment)
    assert numerator(measure, date(2021, 8, 31)) == 85
    assert numerator(measure, date(2021, 9, 1)) == 60


def test_correction_when_entered_before_it_was_accepted_then_known_only_from_the_acceptance(
    measure: b.Measure,
) -> None:
    correct(
        measure, b.a_cell(40, 100, **AGAIN), entered=b.moment(date(2021, 9, 1)),
        accepted=b.moment(date(2021, 9, 20)),
    )  # fmt: skip
    assert [numerator(measure, date(2021, 9, day)) for day in (1, 19, 20)] == [85, 85, 40]


def test_quarter_when_not_accepted_by_then_then_there_was_no_figure(measure: b.Measure, client: Client) -> None:
    assert numerator(measure, date(2021, 7, 9)) is None
    soup = soup_of(client, "?as_at=2021-07-09&period=2021-22-q1")
    assert "No figure entered" in words(soup.select_one("table.sc"))
    assert "85.0%" not in words(soup.select_one("table.sc"))


def test_later_quarter_when_compared_then_with_the_earlier_figure_as_known_then(measure: b.Measure) -> None:
    b.tick(measure.line.scorecard)
    moment = b.moment(date(2022, 2, 1))
    correct(measure, b.a_cell(40, 100, **AGAIN), entered=moment, accepted=moment)
    second = b.FIRST_QUARTER.next()
    before, after = (rows_as_at(measure.line.scorecard, d, second)[0] for d in (date(2022, 1, 31), date(2022, 2, 1)))
    assert (before.since_previous.then_value, after.since_previous.then_value) == (D(85), D(40))


# What came from papers


def test_paper_when_loaded_long_afterwards_then_known_from_the_papers_date() -> None:
    measure = b.an_indicator("on-time")
    source = b.a_source("001", published_on=date(2021, 9, 16))
    b.a_paper_figure(measure, b.FIRST_QUARTER, 77, source=source, at=b.NOW)
    assert rows_as_at(measure.line.scorecard, date(2021, 9, 15))[0].held is None
    held = rows_as_at(measure.line.scorecard, date(2021, 9, 16))[0].held
    assert held is not None
    assert (held.measured.value, held.known_on) == (D(77), date(2021, 9, 16))


def test_real_figures_when_seen_from_before_the_report_then_none_and_from_its_day_all(real: Any) -> None:
    for code, total in (("contract", 11), ("partnership", 25)):
        scorecard = Scorecard.objects.get(partnership=real, code=code)
        known = scorecard_for(scorecard, b.a_period(b.Q4), today=b.TODAY, as_at=date(2022, 7, 7))
        assert known.headline == scorecard_for(scorecard, b.a_period(b.Q4), today=b.TODAY).headline
        before = scorecard_for(scorecard, b.a_period(b.Q4), today=b.TODAY, as_at=date(2022, 7, 6))
        assert [r for r in before.rows if r.held] == []
        assert (before.headline.total, before.headline.judged) == (total, 0)


# Targets, relief, queries


def test_target_when_changed_for_a_later_quarter_then_the_old_one_keeps_its_own_whenever_it_is_looked_at(
    measure: b.Measure,
) -> None:
    b.tick(measure.line.scorecard)
    b.a_target(measure.line, valid_from=b.FIRST_QUARTER.next(), target=D(95), tolerance=D(90),
               known_on=date(2021, 9, 1))  # fmt: skip
    for day in (date(2021, 8, 31), date(2021, 9, 1), date(2022, 7, 6), None):
        (row,) = rows_as_at(measure.line.scorecard, day)
        assert row.line.standard is not None
        assert (row.line.standard.target, row.judgement.rating) == (D(80), "better"), day
    second = b.FIRST_QUARTER.next()
    assert rows_as_at(measure.line.scorecard, None, second)[0].judgement.rating == "outside"


@pytest.mark.parametrize(("day", "target", "rating"), [("2021-10-31", 80, "better"), ("2021-11-01", 95, "outside")])
def test_target_when_changed_for_the_quarter_itself_then_judged_by_what_was_known_on_the_day(
    measure: b.Measure, client: Client, day: str, target: int, rating: str
) -> None:
    b.a_target(measure.line, valid_from=b.FIRST_QUARTER, target=D(95), tolerance=D(90), known_on=date(2021, 11, 1))
    (row,) = rows_as_at(measure.line.scorecard, date.fromisoformat(day))
    assert row.line.standard is not None
    assert (row.line.standard.target, row.judgement.rating) == (target, rating)
    tr = soup_of(client, f"?as_at={day}").select_one("table.sc tbody tr:not(.th)")
    assert (f"{target}%" in tr.select_one(".tg").get_text(), tr["class"]) == (True, [f"is-{rating}"])


def relieved(measure: b.Measure, **changes: Any) -> Relief:
    period = b.a_period(b.FIRST_QUARTER)
    values = {
        "line": measure.line, "number": 1, "from_period": period, "until_period": period, "ends_on": date(2022, 3, 31),
        "authority": "Decision of the board", "approved_by": "Board", "reason": "Move of systems", "actor": "Council",
        "recorded_at": b.NOW, "known_on": date(2021, 9, 1),
    } | changes  # fmt: skip
    return Relief.objects.create(**values)


def test_relief_when_looked_at_from_each_day_then_shown_from_the_day_it_was_known_to_its_last(
    measure: b.Measure,
) -> None:
    relieved(measure)
    days = [date(2021, 8, 31), date(2021, 9, 1), date(2022, 3, 31), date(2022, 4, 1), None]
    shown = [rows_as_at(measure.line.scorecard, day)[0].relief is not None for day in days]
    assert shown == [False, True, True, False, False]
    assert {rows_as_at(measure.line.scorecard, day)[0].judgement.rating.value for day in days} == {"better"}


def test_relief_when_another_line_has_a_break_then_still_that_of_the_day_and_not_of_the_break(
    measure: b.Measure,
) -> None:
    other = b.an_indicator("other", scorecard=measure.line.scorecard)
    relieved(measure, ends_on=date(2022, 12, 31))
    b.a_break(other.series, date(2015, 4, 1))
    assert rows_as_at(measure.line.scorecard, None)[0].relief is not None
    assert rows_as_at(measure.line.scorecard, date(2021, 9, 1))[0].relief is not None


def asked(measure: b.Measure, published_on: date) -> FigureQuery:
    source = b.a_source("001", published_on=published_on)
    said = Statement.objects.create(
        partnership=measure.line.scorecard.partnership, code="said", text=Text.objects.keep("83%"), source=source
    )
    query = FigureQuery.objects.create(
        partnership=measure.line.scorecard.partnership, code="q", series=measure.series, question="85% or 83%?",
        source=source, paragraph="24",
    )  # fmt: skip
    query.statements.add(said)
    return query


def test_query_when_asked_by_a_paper_and_answered_by_a_correction_then_open_exactly_between_the_two(
    measure: b.Measure, client: Client
) -> None:
    query = asked(measure, date(2021, 9, 16))
    correct(
        measure, b.a_cell(83, 100, **AGAIN), entered=b.moment(date(2021, 11, 1)),
        accepted=b.moment(date(2021, 11, 20)), answers=[query],
    )  # fmt: skip
    days = [date(2021, 9, 15), date(2021, 9, 16), date(2021, 11, 1), date(2021, 11, 19), date(2021, 11, 20), None]
    shown = [bool(rows_as_at(measure.line.scorecard, day)[0].queries) for day in days]
    assert shown == [False, True, True, True, False, False]
    assert "Query" in words(soup_of(client, "?as_at=2021-11-19").select_one("table.sc"))
    assert "Query" not in words(soup_of(client, "?as_at=2021-11-20").select_one("table.sc"))


# The page and the files


def test_page_when_as_at_a_day_then_it_says_so_leads_back_and_keeps_the_day_in_its_links(
    measure: b.Measure, client: Client
) -> None:
    soup = soup_of(client, "?as_at=2021-09-01&q=time")
    told = soup.select_one(".told--info")
    assert "As at the end of 1 September 2021" in told.get_text()
    assert told.a["href"] == "?q=time"
    assert soup.select_one("input[name=as_at]")["value"] in {"2021-09-01", "1 September 2021"}
    for link in soup.select("ul.counts a, a[href*='.csv']"):
        assert "as_at=2021-09-01" in link["href"], link
    assert "As at the end" not in words(soup_of(client, ""))


@pytest.mark.parametrize("typed", ["2022-07-07", "7 July 2022", "07/07/2022", ""])
def test_page_when_as_at_today_or_nothing_then_the_page_as_it_is_now(
    measure: b.Measure, client: Client, typed: str
) -> None:
    soup = soup_of(client, f"?as_at={typed}")
    assert soup.select_one(".told--info") is None
    assert str(soup.select_one("table.sc")) == str(soup_of(client, "").select_one("table.sc"))
    response = client.get(f"/northshire/scorecards/contract.csv?as_at={typed}")
    assert 'filename="contract_2021-22-q1_as-at-2022-07-07.csv"' in response["Content-Disposition"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2022-07-08", "Choose a day up to today; nothing is known of later ones yet."),
        ("2098-01-01", "Choose a day up to today; nothing is known of later ones yet."),
        ("31 February 2022", "As at must be a date that exists, like 31 March 2022"),
        ("yesterday", "As at must be a date that exists, like 31 March 2022"),
        ("1 January 1066", "As at must be 1990 or later"),
        ("2100-01-01", "As at must be 2099 or earlier"),
    ],
)
def test_day_when_still_to_come_or_none_at_all_then_a_sentence_on_the_page_and_no_file(
    measure: b.Measure, client: Client, typed: str, sentence: str
) -> None:
    soup = soup_of(client, f"?as_at={typed}")
    assert sentence in words(soup)
    assert soup.select_one(".told--info") is None
    for name in FILES:
        assert client.get(f"/northshire/scorecards/{name}?as_at={typed}").status_code == 404


def test_files_when_as_at_a_day_then_their_names_say_so(measure: b.Measure, client: Client) -> None:
    names = {
        name: client.get(f"/northshire/scorecards/{name}?as_at=2021-09-01")["Content-Disposition"] for name in FILES
    }
    assert names == {
        "contract.csv": 'attachment; filename="contract_2021-22-q1_as-at-2021-09-01.csv"',
        "contract.excel.csv": 'attachment; filename="contract_2021-22-q1_as-at-2021-09-01.excel.csv"',
        "contract.csv-metadata.json": ('attachment; filename="contract_2021-22-q1_as-at-2021-09-01.csv-metadata.json"'),
    }
    filtered = client.get("/northshire/scorecards/contract.csv?as_at=2021-09-01&q=time")["Content-Disposition"]
    assert filtered == 'attachment; filename="contract_2021-22-q1_as-at-2021-09-01_filtered.csv"'
    metadata = client.get("/northshire/scorecards/contract.csv-metadata.json?as_at=2021-09-01").json()
    assert metadata["url"] == "contract_2021-22-q1_as-at-2021-09-01.csv"


def test_screen_and_file_when_as_at_a_day_then_the_same_cell_for_cell(measure: b.Measure, client: Client) -> None:
    b.tick(b.an_indicator("later", scorecard=measure.line.scorecard).line.scorecard)
    moment = b.moment(date(2021, 9, 1))
    correct(
        measure, b.a_cell(40, 100, commentary="=Again", keep_reason="Counted again."), entered=moment, accepted=moment
    )
    for query in ("?as_at=2021-08-31&period=2021-22-q1", "?as_at=2021-09-01&period=2021-22-q1", "?as_at=2021-07-01"):
        assert assert_parity(client, "northshire", "contract", query) == 2


def test_page_when_as_at_a_day_then_nothing_on_it_can_be_sent(measure: b.Measure, signed_in: Any) -> None:
    for person in (b.the_people().analyst, b.the_people().acceptor, b.a_user(Role.ADMINISTRATOR)):
        client = signed_in(person)
        soup = soup_of(client, "?as_at=2021-09-01")
        sent = [f for f in soup.select("form") if f.get("method", "get") != "get"]
        assert [f["action"] for f in sent] == ["/sign-out/", "/session/stay/"]
        assert client.post(f"{PAGE}?as_at=2021-09-01").status_code == 405


def test_queries_when_as_at_a_day_then_as_many_whatever_the_rows_and_revisions(signed_in: Any) -> None:
    found = []
    for rows in (1, 300):
        scorecard = b.a_scorecard(rows, code=f"s{rows}")
        b.a_history(scorecard, 3)
        client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
        url = f"/northshire/scorecards/s{rows}/?as_at=2022-07-06"
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1] <= 18, found


# Any order of corrections


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    changes=st.lists(
        st.tuples(st.datetimes(datetime(2021, 7, 11), datetime(2022, 7, 6)), st.integers(0, 100)),  # noqa: DTZ001
        max_size=6,
    ),
    days=st.lists(st.dates(date(2021, 7, 1), date(2022, 7, 6)), min_size=1, max_size=8),
)
def test_any_corrections_when_seen_as_at_any_day_then_the_last_one_accepted_by_its_end(
    changes: list[tuple[datetime, int]], days: list[date]
) -> None:
    slug = f"area-{next(COUNTER)}"
    partnership = add_partnership(slug=slug, name=slug, authority_name=slug, gss_code=f"E0{next(COUNTER):07}")
    measure = b.an_indicator(scorecard=b.a_scorecard(partnership=partnership))
    row = b.tick(measure.line.scorecard, b.FIRST_QUARTER)
    held = [(datetime(2021, 7, 10, tzinfo=UTC), D(85))]
    for moment, number in sorted(changes):
        at = moment.replace(tzinfo=UTC)
        again = b.a_restatement(row, [measure.series], at=at)
        anew = f"Counted again for the {len(held)}th time."
        b.keep(again, {measure.series: b.a_cell(number, 100, commentary="Again.", keep_reason=anew)}, at=at)
        b.accept(b.sign_off(b.submit(again, at=at), at=at), at=at)
        held.append((at, D(number)))
    for day in days:
        midnight = datetime(day.year, day.month, day.day, tzinfo=b.LONDON) + timedelta(days=1)
        known = [number for at, number in held if at < midnight]
        expected = known[-1] if known and day >= date(2021, 7, 10) else None
        assert numerator(measure, day) == expected, (day, held)


COUNTER = iter(range(1, 10_000))
