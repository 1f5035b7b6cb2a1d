"""The history of a figure in sentences: on the indicator's page what was approved, on the return's page the rest."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.history import Decision, Told, changes, figure_words, moment_words
from indicators.measurement import Basis, Measured
from indicators.rag import MissingReason, Polarity, Standard, ToleranceKind
from indicators.roles import Role
from indicators.scorecard import Held, Line, build_row
from indicators.selectors.history import history_of
from indicators.units import Unit
from tests import builders as b
from tests.builders import Q4
from tests.parity import soup_of, words

pytestmark = pytest.mark.django_db

# Sentences


def row(measured, *, unit=Unit.PERCENT, code=""):
    standard = Standard(Polarity.HIGHER, Decimal(90), ToleranceKind.ABSOLUTE, Decimal(75), unit=unit)
    line = Line(
        code="x", slice="", name="X", theme_code="", theme="", unit=unit, polarity=Polarity.HIGHER,
        window=Window.PERIOD, aggregation=Aggregation.POOLED_RATIO, places=0, frequency="quarter", standard=standard,
    )  # fmt: skip
    held = Held(Q4.slug, Q4.label, Q4.start_on, Q4.end_on, measured, not_reportable_code=code)
    return build_row(line, Q4, {Q4.slug: held})


def derived(n, d):
    return row(Measured(Basis.DERIVED, Decimal(n), Decimal(d)))


PRINTED = row(Measured(Basis.STATED, Decimal(1266), Decimal(1514), Decimal(85), quantum=Decimal(1)))
MISSING = row(Measured(Basis.MISSING, missing_reason=MissingReason.NOT_REPORTABLE), code="system_change")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (PRINTED, "85% (1,266 of 1,514)"),
        (derived(1266, 1514), "84% (1,266 of 1,514)"),
        (MISSING, "not reportable (the case system changed)"),
        (row(Measured(Basis.STATED_OUTCOME, stated_met=False)), "“target not met” without a number"),
        (row(Measured(Basis.VALUE_ONLY, value=Decimal(463)), unit=Unit.DAYS), "463 days (value only)"),
        (row(Measured(Basis.VALUE_ONLY, value=Decimal(124)), unit=Unit.PER_100000), "124 per 100,000 (value only)"),
        (row(Measured(Basis.VALUE_ONLY, value=Decimal(12)), unit=Unit.COUNT), "12"),
    ],
)
def test_figure_when_told_in_a_sentence_then_it_has_its_counts_or_its_reason(found, said):
    assert figure_words(found) == said


def test_correction_when_told_then_from_what_to_what_by_whom_when_and_why():
    first = Told(1, PRINTED, "loaded from report 003 §24", "known since 7 July 2022", is_paper=True, is_approved=True)
    second = Told(
        2, derived(1266, 1514), "Analyst of the trust", "8 July 2022 at 10:05", category="It was worked out wrongly",
        why="The counts give 83.6%.", decisions=(Decision("Approved", "Approver", "9 July 2022 at 11:00"),),
        is_approved=True,
    )  # fmt: skip
    was, now = changes([first, second])
    assert was.sentences == (
        "First recorded as 85% (1,266 of 1,514).",
        "Loaded from report 003 §24, known since 7 July 2022.",
    )
    assert now.sentences == (
        "Changed from 85% (1,266 of 1,514) to 84% (1,266 of 1,514).",
        "The rating stayed within tolerance.",
        "Entered by Analyst of the trust on 8 July 2022 at 10:05.",
        "Why: It was worked out wrongly. The counts give 83.6%.",
        "Approved by Approver on 9 July 2022 at 11:00.",
    )


def test_rating_when_a_change_flips_it_then_both_are_named():
    told = [Told(1, derived(95, 100), "A", "then"), Told(2, derived(50, 100), "A", "now")]
    assert changes(told)[1].rating == "The rating changed from better than target to outside tolerance."
    told = [Told(1, MISSING, "A", "then"), Told(2, derived(95, 100), "A", "now")]
    assert changes(told)[1].rating == "The rating changed from not reportable to better than target."
    assert changes(told)[1].what == "Changed from not reportable (the case system changed) to 95% (95 of 100)."


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"expected_on": ""}, {"expected_on": "31 July 2022"},
         "The figure stayed 95% (95 of 100). Changed beside it: expected date (from nothing to “31 July 2022”)."),
        ({"commentary": "One text"}, {"commentary": "Another"},
         "The figure stayed 95% (95 of 100). Changed beside it: commentary."),
        ({"commentary": "One", "flags": "provisional"}, {"commentary": "Two", "flags": ""},
         "The figure stayed 95% (95 of 100). Changed beside it: flags (from “provisional” to nothing); commentary."),
        ({}, {}, "The figure stayed 95% (95 of 100); nothing that is shown was changed."),
    ],
)  # fmt: skip
def test_revision_when_the_number_stays_then_what_changed_beside_it_is_told(before, now, said):
    told = [Told(1, derived(95, 100), "A", "then", details=before), Told(2, derived(95, 100), "A", "now", details=now)]
    assert changes(told)[1].what == said


def test_revision_when_nobody_has_approved_it_then_it_says_so():
    sent_back = Decision("Sent back", "Lead", "8 July 2022 at 10:05", "Check the numerator.")
    (change,) = changes([Told(1, derived(95, 100), "A", "then", decisions=(sent_back,))])
    assert change.decided == (
        "Sent back by Lead on 8 July 2022 at 10:05: “Check the numerator.”",
        "Not approved: nobody but those who work on the return sees it.",
    )


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2022, 7, 7, 23, 30, tzinfo=b.ZoneInfo("UTC")), "8 July 2022 at 00:30"),
        (datetime(2022, 1, 7, 23, 30, tzinfo=b.ZoneInfo("UTC")), "7 January 2022 at 23:30"),
        (datetime(2022, 10, 30, 0, 30, tzinfo=b.ZoneInfo("UTC")), "30 October 2022 at 01:30"),
    ],
)
def test_moment_when_told_then_in_london(at, said):
    assert moment_words(at) == said


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=6))
def test_history_when_read_from_first_to_last_then_each_sentence_starts_where_the_one_before_ended(parts):
    told = [Told(n, derived(min(a, d), d), "A", "then") for n, (a, d) in enumerate(parts, start=1)]
    found = changes(told)
    assert [change.revision for change in found] == list(range(1, len(parts) + 1))
    for before, now, change in zip(told, told[1:], found[1:], strict=False):
        former, text = figure_words(before.row), figure_words(now.row)
        if former == text:
            assert change.what.startswith(f"The figure stayed {text}")
        else:
            assert change.what == f"Changed from {former} to {text}."


# The page of a return


@pytest.fixture
def sent_twice(partnership):
    """A return that was sent back once: its second line was changed after that, then all was accepted."""
    scorecard = b.a_scorecard(2, code="contract")
    first, second = (line.series for line in scorecard.lines.order_by("order"))
    made = b.a_return(scorecard, Q4)
    hours = iter(range(8, 20))

    def at():
        return b.moment(b.TODAY, next(hours))

    b.fill(made, {first.pk: b.a_cell(95, 100, commentary="Fine."), second.pk: b.a_cell(60, 100, commentary="Low.")})
    b.submit(made, at=at())
    b.send_back(made, at=at(), comment="Check the second one.")
    b.keep(made, {second: b.a_cell(80, 100, commentary="Low.")}, by=b.the_people().second_analyst)
    b.submit(made, at=at())
    b.sign_off(made, at=at())
    return made, at


def history(client, number=1):
    soup = soup_of(client, f"/northshire/returns/contract/2021-22-q4/trust/{number}/history/")
    return {
        words(section.h2.get_text()): [words(li.get_text(" ")) for li in section.select("li")]
        for section in soup.select("section.near")
    }


def test_return_when_sent_back_then_its_page_tells_every_revision_and_who_decided(sent_twice, signed_in):
    made, at = sent_twice
    client = signed_in(b.the_people().lead)
    kept, changed = history(client).values()
    assert kept == [
        "First recorded as 95% (95 of 100). Entered by Trust analyst on 7 July 2022 at 08:00. "
        "Sent back by Trust lead on 7 July 2022 at 09:00: “Check the second one.” "
        "Signed off for the partner by Trust lead on 7 July 2022 at 11:00. "
        "Not approved: nobody but those who work on the return sees it."
    ]
    assert changed == [
        "First recorded as 60% (60 of 100). Entered by Trust analyst on 7 July 2022 at 08:00. "
        "Sent back by Trust lead on 7 July 2022 at 09:00: “Check the second one.” "
        "Not approved: nobody but those who work on the return sees it.",
        "Changed from 60% (60 of 100) to 80% (80 of 100). The rating changed from outside tolerance to better "
        "than target. Entered by Trust second analyst on 7 July 2022 at 10:00. "
        "Signed off for the partner by Trust lead on 7 July 2022 at 11:00. "
        "Not approved: nobody but those who work on the return sees it.",
    ]
    b.accept(made, at=at())
    kept, changed = history(client).values()
    assert kept[0].endswith("Approved by Trust acceptor on 7 July 2022 at 12:00.")
    assert "Not approved" in changed[0]
    assert changed[1].endswith("Approved by Trust acceptor on 7 July 2022 at 12:00.")


def test_return_when_nothing_is_submitted_then_what_is_typed_is_not_told(partnership, signed_in):
    made = b.a_return(b.a_scorecard(1, code="contract"), Q4, state="filled")
    client = signed_in(b.the_people().analyst)
    url = "/northshire/returns/contract/2021-22-q4/trust/1/"
    text = words(soup_of(client, f"{url}history/").get_text(" "))
    assert "Nothing has been submitted yet" in text
    assert "85.0%" not in text
    assert "85 of 100" not in text
    assert history_of(made) == []
    assert soup_of(client, url).select(f'a[href="{url}history/"]'), "the return leads to its history"


def test_correction_when_open_then_its_page_starts_from_what_was_reported(partnership, signed_in):
    scorecard = b.a_scorecard(2, code="contract")
    made = b.a_return(scorecard, Q4, state="approved")
    series = scorecard.lines.order_by("order").first().series
    correction = b.a_restatement(made, [series], reason="Two cases were counted twice.", correction="calculation")
    b.keep(correction, {series: b.a_cell(83, 100, commentary="Counted again.")})
    b.submit(correction)
    ((change,),) = history(signed_in(b.the_people().lead), correction.number).values()
    assert change.startswith("Changed from 85% (85 of 100) to 83% (83 of 100).")
    assert "Why: It was worked out wrongly. Two cases were counted twice." in change
    assert change.endswith("Not approved: nobody but those who work on the return sees it.")
    assert len(history_of(made)) == 2


def test_history_when_lines_and_revisions_grow_then_the_number_of_queries_does_not(partnership):
    few = b.a_return(b.a_scorecard(1, code="few"), Q4, state="approved")
    many = b.a_return(b.a_scorecard(12, code="many"), Q4, state="approved")

    def queries(made):
        with CaptureQueriesContext(connection) as found:
            history_of(b.fresh(made))
        return len(found)

    assert queries(few) == queries(many)
    assert queries(many) <= 8


# The indicator's page


def changed_on(client, code="contract-1"):
    soup = soup_of(client, f"/northshire/indicators/{code}/")
    section = soup.select_one("#changes").find_parent("section")
    return [words(li.get_text(" ")) for li in section.select("li")], words(section.get_text(" "))


def test_indicator_when_a_correction_is_approved_then_its_page_tells_it_and_not_before(partnership, signed_in):
    scorecard = b.a_scorecard(2, code="contract")
    made = b.a_return(scorecard, Q4, state="approved")
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    items, text = changed_on(board)
    assert items == []
    assert "No figure of this indicator has been changed since it was first approved." in text
    series = scorecard.lines.order_by("order").first().series
    correction = b.a_restatement(made, [series], reason="Two cases were counted twice.", correction="calculation")
    b.keep(correction, {series: b.a_cell(61, 100, commentary="Counted again.", headline="Fewer than reported")})
    b.submit(correction)
    b.send_back(correction, comment="A secret doubt.")
    b.keep(correction, {series: b.a_cell(60, 100, commentary="Counted again.", headline="Fewer than reported")})
    b.submit(correction)
    b.sign_off(correction)
    assert changed_on(board)[0] == []
    b.accept(correction, at=b.moment(date(2022, 7, 9)))
    items, text = changed_on(board)
    assert items == [
        "2021/22 Q4. Changed from 85% (85 of 100) to 60% (60 of 100). Also changed: headline (from “As expected” "
        "to “Fewer than reported”); commentary. The rating changed from better than target to outside tolerance. "
        "Entered by Trust analyst on 7 July 2022 at 10:00. "
        "Why: It was worked out wrongly. Two cases were counted twice. "
        "Approved by Trust acceptor on 9 July 2022 at 10:00."
    ]
    assert "secret" not in text
    assert "61.0%" not in text, "what was said on the way is for those who read returns"


def test_rating_when_explained_on_the_page_then_target_version_and_approval_are_told(partnership, signed_in):
    b.a_return(b.a_scorecard(2, code="contract"), Q4, state="approved")
    soup = soup_of(signed_in(b.a_user(Role.BOARD_MEMBER)), "/northshire/indicators/contract-1/")
    pairs = {words(d.dt.get_text()): words(d.dd.get_text()) for d in soup.select_one("#why").parent.select("dl > div")}
    assert pairs["Target and tolerance"] == "Version 1, in force from 1999/00 Q1: Management agreement"
    assert pairs["Approved"] == "7 July 2022, by Trust acceptor"
    assert pairs["Children that would change it"] == "6 fewer children would have made it within tolerance"
