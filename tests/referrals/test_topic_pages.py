"""Subjects as pages and files: what is latest, what is held against a target, what waits, and who may see it."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from indicators import quarters
from indicators.models import CurrentFigure, Dimension, FigureQuery, Scorecard, Series, Statement, Text
from indicators.operations.slices import add_dimension
from indicators.rag import Polarity
from indicators.roles import Role
from indicators.units import Unit
from referrals.bars import BARS_TABLE
from referrals.models import Programme, ProgrammeStep
from referrals.selectors.topics import reading_of
from referrals.topic_table import FIGURES_TABLE
from referrals.topics import TOPICS
from tests import builders as b
from tests.parity import csv_of, said, soup_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PLACE = "/northshire/subjects/"
SignIn = Callable[..., Client]
SEES, SEES_NOT = Role.BOARD_MEMBER, Role.FINANCE_OFFICER
SPAN = quarters.Span(date(2021, 2, 1), date(2021, 7, 31))


def text(client: Client, path: str) -> str:
    return words(soup_of(client, path).get_text(" "))


def a_count(scorecard: Scorecard, code: str, slice_key: str = "", *, name: str = "", target: int | None = None):
    return b.an_indicator(
        code, name=name or code, scorecard=scorecard, unit=Unit.COUNT, slice_key=slice_key, target=target,
        polarity=Polarity.LOWER if target else Polarity.NONE,
    )  # fmt: skip


@pytest.fixture
def world(db: None) -> Scorecard:
    """Early help over a span by locality and two bellwethers; spans of control with an aim; children by sex."""
    add_dimension(code="locality", name="Locality", kind="partition",
                  categories=[("central", "Central"), ("north", "North")])  # fmt: skip
    add_dimension(code="team", name="Team", kind="comparison", categories=[("a", "Team A"), ("b", "Team B")])
    add_dimension(code="sex", name="Sex", kind="partition", categories=[("female", "Female"), ("male", "Male")])
    Dimension.objects.filter(code="sex").update(is_protected=True)
    card = b.a_scorecard(code="mixed")
    for key, number in {"": 3554, "locality=central": 932, "locality=north": 969}.items():
        b.a_paper_figure(a_count(card, "early-help-referrals", key, name="Referrals"), SPAN, number, paragraph="16")
    star = b.an_indicator("early-help-outcome-star", name="Outcome Star", scorecard=card, target=65, tolerance=None)
    b.a_paper_figure(star, b.Q4, 72)
    b.a_paper_figure(star, quarters.Quarter(2020, 4), 60)
    vulnerable = b.an_indicator("early-help-vulnerability-decreased", name="Vulnerability", scorecard=card, target=65,
                                tolerance=None)  # fmt: skip
    b.a_paper_figure(vulnerable, b.Q4, "61.1", quantum="0.1")
    FigureQuery.objects.create(
        partnership=card.partnership, code="crossed", series=vulnerable.series, period=b.a_period(b.Q4),
        question="Does 61.1% measure this?", source=b.a_source(), paragraph="21",
    )  # fmt: skip
    a_count(card, "early-help-audits", name="Audits done")
    for key, number in {"team=a": 191, "team=b": 90}.items():
        b.a_paper_figure(a_count(card, "manager-span-of-control", key, name="Cases", target=100), b.Q4, number)
    for key, number in {"": 1355, "sex=female": 655, "sex=male": 700}.items():
        b.a_paper_figure(a_count(card, "cin-at-end", key, name="Children with a plan"), b.Q4, number)
    return card


@pytest.fixture
def exploitation(world: Scorecard) -> Scorecard:
    card = b.a_scorecard(code="exploitation")
    Scorecard.objects.filter(pk=card.pk).update(audience=Scorecard.Readers.BOARD)
    b.a_paper_figure(a_count(card, "exploitation-convictions", name="Convictions"), SPAN, 25)
    return card


NOT_PUBLIC = "Not for publication: only members who may read protected figures see this."


# What a page says


def test_subject_when_opened_then_each_figure_with_its_own_window_and_source(world, signed_in: SignIn) -> None:
    found = text(signed_in(b.a_user(SEES)), f"{PLACE}early-help/")
    assert "Referrals: 3,554 between February and July 2021" in found
    assert "§16" in found
    assert "North is the largest: 969 of 3,554" in found
    assert "The categories make 1,901 of 3,554: 1,653 are not stated." in found
    assert "Of 2 bellwethers with a target of 65%: 1 outside tolerance and 1 better than target" in found
    assert "60% in 2020/21 Q4" in found
    assert "Query : Does 61.1% measure this? (Vulnerability)" in found


def test_figure_when_its_line_has_a_target_then_rated_as_everywhere_else_no_rating(world, signed_in: SignIn) -> None:
    client = signed_in(b.a_user(SEES))
    soup = soup_of(client, f"{PLACE}early-help/")
    assert [tag.get_text() for tag in soup.select(".tag")] == ["Better than target", "Outside tolerance"]
    soup = soup_of(client, f"{PLACE}workforce/")
    assert [tag.get_text() for tag in soup.select(".tag")] == ["Outside tolerance", "Better than target"]
    assert "Team A: 191; Team B: 90" in words(soup.get_text(" "))
    assert "areas" not in words(soup.select_one("main").get_text(" "))


def test_indicator_when_nobody_has_reported_it_then_it_waits_with_what_papers_say(world, signed_in: SignIn) -> None:
    series = Series.objects.get(indicator__code="early-help-audits")
    Statement.objects.create(
        partnership=world.partnership, code="monthly", series=series, about="context", kind="quotation",
        text=Text.objects.keep("Audits are undertaken monthly"), source=b.a_source(), paragraph="26",
    )  # fmt: skip
    found = text(signed_in(b.a_user(SEES)), f"{PLACE}early-help/")
    assert "Nobody has reported these yet They wait for entry in the next return. Audits done “Audits are" in found
    assert "family-hub" not in found  # the partnership holds no such series


def test_subject_when_asked_for_an_earlier_period_then_as_it_stood_at_its_end(world, signed_in: SignIn) -> None:
    client = signed_in(b.a_user(SEES))
    found = text(client, f"{PLACE}early-help/?period=2021-22-q3")
    assert "figures up to 31 December 2021" in found
    assert "Outcome Star: 60% in 2020/21 Q4, outside tolerance against a target of 65%" in found
    assert "72%" not in found
    assert "3,554" in found
    assert "No figure up to 31 December 2021" in found


def test_subject_when_asked_for_a_period_after_today_then_says_that_it_was_published_later(world, signed_in) -> None:
    client = signed_in(b.a_user(SEES))
    words = "Figures of periods after 7 July 2022 are official statistics that were published later."
    cin = Series.objects.get(indicator__code="cin-at-end", slice__key="")
    b.a_paper_figure(cin, quarters.FinancialYear(2023), 1400)
    page = f"{PLACE}child-in-need-and-protection/"
    assert words not in text(client, page)
    assert "1,400" not in text(client, page)
    later = text(client, f"{page}?period=2023-24")
    assert words in later
    assert "1,400" in later


@pytest.mark.parametrize(
    "address", ["nothing/", "early-help/?period=spring", "early-help/?period=2021-02-01--2021-07-31",
                "early-help/?period=Q4+2021/22", "nothing/figures.csv", "early-help/figures.csv?period=spring"],
)  # fmt: skip
def test_address_when_it_names_nothing_then_not_found(world, signed_in: SignIn, address: str) -> None:
    assert signed_in(b.a_user(SEES)).get(PLACE + address).status_code == 404


def test_subjects_when_listed_then_grouped_each_with_what_is_latest(world, signed_in: SignIn) -> None:
    soup = soup_of(signed_in(b.a_user(SEES)), PLACE)
    found = {words(li.a.get_text()): words(li.get_text(" ")) for li in soup.select(".subjects li")}
    assert list(found) == [one.name for one in TOPICS]
    assert "Referrals: 3,554 between February and July 2021" in found["Early help"]
    assert "Latest" not in found["Early help"], "each finding says its own period"
    assert "No figure is held yet" in found["Youth justice"]


def test_subjects_when_nothing_is_held_then_they_say_what_will_appear(partnership, signed_in: SignIn) -> None:
    client = signed_in(b.a_user(SEES))
    assert "No figures have been approved yet" in text(client, PLACE)
    for one in TOPICS:
        assert "Nothing is held for this subject yet" in text(client, f"{PLACE}{one.code}/")
        assert csv_of(client, f"{PLACE}{one.code}/figures.csv")[1] == []


# Who may see it


@pytest.mark.parametrize(("role", "sees"), [(SEES, True), (SEES_NOT, False), (Role.ADMINISTRATOR, False)])
def test_board_subject_when_asked_for_then_only_for_who_may_read_it(exploitation, signed_in: SignIn, role, sees):
    client = signed_in(b.a_user(role))
    assert client.get(f"{PLACE}exploitation/").status_code == (200 if sees else 404)
    assert ("Exploitation and missing" in text(client, PLACE)) is sees
    assert (NOT_PUBLIC in text(client, PLACE)) is sees
    if sees:
        assert NOT_PUBLIC in text(client, f"{PLACE}exploitation/")
    if role is not Role.ADMINISTRATOR:
        assert client.get(f"{PLACE}exploitation/figures.csv").status_code == (200 if sees else 404)


@pytest.mark.parametrize(("role", "sees"), [(SEES, True), (SEES_NOT, False)])
def test_board_indicator_when_another_subject_names_it_then_left_out_for_others(world, signed_in: SignIn, role, sees):
    Scorecard.objects.filter(pk=world.pk).update(audience=Scorecard.Readers.BOARD)
    client = signed_in(b.a_user(role))
    assert ("3,554" in text(client, f"{PLACE}early-help/")) is sees
    assert ("3,554" in text(client, PLACE)) is sees


@pytest.mark.parametrize(("role", "sees"), [(SEES, True), (SEES_NOT, False)])
def test_protected_breakdown_when_shown_then_only_to_who_may_read_it(world, signed_in: SignIn, role, sees) -> None:
    client = signed_in(b.a_user(role))
    page = f"{PLACE}child-in-need-and-protection/"
    assert "1,355" in text(client, page)
    assert ("700" in text(client, page)) is sees
    _, rows = csv_of(client, f"{page}breakdowns.csv")
    assert bool(rows) is sees


# Programmes


def a_programme(card: Scorecard, steps: list[tuple[str, str, int | None]]) -> Programme:
    made = Programme.objects.create(
        partnership=card.partnership, code="pause", name="Pause", purpose="To break the cycle.",
        target_words="No number is printed.", source=b.a_source(), paragraph="8", first_report_on=date(2015, 7, 15),
    )  # fmt: skip
    for order, (code, name, number) in enumerate(steps):
        measure = a_count(card, code, name=name)
        if number is not None:
            b.a_paper_figure(measure, b.Q4, number)
        ProgrammeStep.objects.create(programme=made, indicator=measure.indicator, order=order)
    return made


def test_programme_when_it_has_a_funnel_then_bars_target_and_days_of_report(world, signed_in: SignIn) -> None:
    steps = [("pause-cohort", "Pause: cohort", 44), ("pause-contacted", "Pause: contacted", 12)]
    a_programme(world, [*steps, ("pause-signed-up", "Pause: signed up", 5), ("pause-lost", "Pause: lost", None)])
    client = signed_in(b.a_user(SEES))
    soup = soup_of(client, f"{PLACE}programmes/")
    found = words(soup.get_text(" "))
    assert "Signed up: 5 of a cohort of 44, 11%" in found
    assert [words(tr.th.get_text()) for tr in soup.select(".bars tbody tr")] == ["Cohort", "Contacted", "Signed up"]
    assert len(soup.select(".bars .hbar")) == 3
    for said_of_it in ("To break the cycle.", "No number is printed.", "15 July 2015", "Payment Not stated"):
        assert said_of_it in found
    assert "Nobody has reported these yet They wait for entry in the next return. Pause: lost" in found
    _, rows = csv_of(client, f"{PLACE}programmes/breakdowns.csv")
    assert len(rows) == 3


# Screen and file


def figure_rows(soup) -> list[list[str]]:
    """The cells of every table of figures, those of the column that is left out as None."""
    found = []
    for table in soup.select("table.figs"):
        for tr in table.select("tbody tr"):
            cells = [said(cell) for cell in tr.select("th, td")]
            found.append(cells if "has-target" in table["class"] else [*cells[:3], None, *cells[3:]])
    return found


def bar_rows(soup) -> list[list[str]]:
    return [[said(tr.th), said(tr.select("td")[1])] for tr in soup.select("table.bars tbody tr")]


def assert_parity(client: Client, page: str) -> tuple[int, int]:
    """That figures and bars of a page are those of its two files; how many there are of each."""
    soup = soup_of(client, page)
    header, rows = csv_of(client, f"{page}figures.csv")
    columns = [column for column in FIGURES_TABLE.columns if column.text]
    values = [FIGURES_TABLE.values_from_csv(header, row) for row in rows]
    expected = [[words(" ".join(column.text(v))) for column in columns] for v in values]
    found = figure_rows(soup)
    assert len(expected) == len(found)
    for want, have, v in zip(expected, found, values, strict=True):
        assert want == (have if have[3] is not None else [*have[:3], "none set", *have[4:]])
        assert have[3] is not None or v["target"] is None
    header, bars = csv_of(client, f"{page}breakdowns.csv")
    text_of = {column.key: column.text for column in BARS_TABLE.columns if column.text}
    values = [BARS_TABLE.values_from_csv(header, row) for row in bars]
    assert [[words(" ".join(text_of[key](v))) for key in ("name", "figure")] for v in values] == bar_rows(soup)
    return len(rows), len(bars)


def test_subject_when_downloaded_then_the_screen_is_the_file(world, signed_in: SignIn) -> None:
    client = signed_in(b.a_user(SEES))
    assert assert_parity(client, f"{PLACE}early-help/") == (3, 2)
    assert assert_parity(client, f"{PLACE}workforce/") == (2, 2)


def test_every_figure_of_the_areas_when_its_subject_is_opened_then_it_can_be_read(whole, signed_in: SignIn) -> None:
    client = signed_in(b.a_user(SEES, partnership=whole))
    missing = []
    for one in TOPICS:
        page = f"/doncaster/subjects/{one.code}/"
        figures, bars = assert_parity(client, page)
        assert figures + bars > 0
        found = text(client, page)
        codes = one.indicators or tuple(ProgrammeStep.objects.values_list("indicator__code", flat=True))
        rows = CurrentFigure.objects.filter(series__indicator__code__in=codes, approved__isnull=False)
        for row in rows.exclude(approved__source__code__startswith="DFE").select_related("approved"):
            number = row.approved.value
            if number is not None and not shows(found, number):
                missing.append((row.series.indicator.code, row.series.slice.key, row.period.slug, number))
    assert missing == []


def shows(found: str, number: Decimal) -> bool:
    plain = number.normalize()
    written = (f"{plain:f}", f"{plain:,f}", f"{number:,.1f}", f"{number:,.2f}")
    return any(re.search(rf"(?<![\d.,]){re.escape(s)}(?!\d|[.,]\d)", found) for s in written)


# Queries


def test_reading_when_there_is_more_then_no_more_queries(world, django_assert_num_queries) -> None:
    codes = {code for one in TOPICS for code in one.indicators}
    people = {"until": b.TODAY, "today": b.TODAY}
    with django_assert_num_queries(11):
        reading_of(world.partnership, codes, **people, sees_protected=True)
    with django_assert_num_queries(12):
        reading_of(world.partnership, codes, **people, sees_protected=False)


def test_subject_when_it_is_very_large_then_as_many_queries_as_for_a_small_one(
    world, signed_in: SignIn, django_assert_max_num_queries
) -> None:
    add_dimension(code="leaving-reason", name="Reason", kind="partition",
                  categories=[(f"r{n}", f"Reason {n}") for n in range(60)])  # fmt: skip
    whole = a_count(world, "care-ended", name="Leaving care")
    for year in range(2005, 2022):
        for number in (1, 2, 3, 4):
            b.a_paper_figure(whole, quarters.Quarter(year, number), 47)
    client = signed_in(b.a_user(SEES))
    with django_assert_max_num_queries(30) as small:
        text(client, f"{PLACE}children-in-care/")
    for n in range(60):
        b.a_paper_figure(a_count(world, "care-ended", f"leaving-reason=r{n}", name="Leaving care"), b.Q4, n)
    with django_assert_max_num_queries(30) as large:
        soup = soup_of(client, f"{PLACE}children-in-care/")
    assert len(soup.select(".bars tbody tr")) == 60
    assert len(large) <= len(small) + 1  # the categories of the parts
