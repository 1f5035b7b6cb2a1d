"""The check list before a pack is published: every point with an example that raises it and one that does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measurement import Basis, Measured
from indicators.rag import MissingReason, Polarity, Rating, Standard, ToleranceKind
from indicators.scorecard import Held, Line, ScorecardRow, build_row, headline
from indicators.units import Unit
from partnership.pack_check import BLOCKING, Card, Point, PointCode, open_points
from tests import builders as b
from tests.indicators.test_scorecard import a_line, derived, held, missing

Q4, Q3, TODAY = b.Q4, b.Q3, b.TODAY
LAST_YEAR = Q4.same_period_last_year()
HIGHER_COUNT = {"unit": Unit.COUNT, "standard": Standard(Polarity.HIGHER, D(10), ToleranceKind.ABSOLUTE, D(5))}
SAID = {"commentary": "Staff left in February."}


def a_row(*figures: Held, **line: object) -> ScorecardRow:
    """A row of 2021/22 Q4 from the figures held."""
    return build_row(a_line(**line), Q4, {figure.slug: figure for figure in figures})


def a_card(*rows: ScorecardRow, **changes: object) -> Card:
    """A scorecard of these rows with all returns accepted."""
    values = {"code": "contract", "name": "Contract", "period": Q4.slug, "period_label": "quarter 4", "rows": rows,
              "headline": headline(rows)} | changes  # fmt: skip
    return Card(**values)  # type: ignore[arg-type]


def points(*cards: Card, public: bool = False, **more: object) -> list[Point]:
    return open_points(cards, today=TODAY, is_public=public, **more)  # type: ignore[arg-type]


def codes(*cards: Card, public: bool = False, **more: object) -> list[PointCode]:
    return [point.code for point in points(*cards, public=public, **more)]


GOOD = a_row(derived(Q4, 85))
OUTSIDE = a_row(derived(Q4, 40))
EXPLAINED = a_row(derived(Q4, 40, **SAID))


# What is chosen, returns, sums


def test_pack_when_nothing_is_chosen_then_one_point_that_must_be_put_right() -> None:
    (point,) = points()
    assert (point.code, point.words, point.is_blocking) == (PointCode.EMPTY, "Choose at least one scorecard.", True)
    assert codes(a_card(GOOD)) == []


def test_scorecard_when_it_has_no_row_then_it_raises_no_point_of_its_own() -> None:
    assert codes(a_card()) == []


def test_return_when_not_accepted_then_a_point_for_each_that_must_be_put_right() -> None:
    waiting = [("trust/1", "the return of the trust is open, not accepted"), ("police/1", "that of the police too")]
    found = points(a_card(GOOD, waiting=waiting))
    assert [p.code for p in found] == [PointCode.RETURNS] * 2
    assert found[0].words == "Contract, quarter 4: the return of the trust is open, not accepted."
    assert [p.about for p in found] == ["contract/2021-22-q4/trust/1", "contract/2021-22-q4/police/1"]
    assert all(p.is_blocking for p in found)


def test_correction_when_open_then_a_point_that_may_be_explained() -> None:
    (point,) = points(a_card(GOOD, corrections=[("trust/2", "a correction of the trust is submitted")]))
    assert point.code is PointCode.CORRECTION
    assert not point.is_blocking
    assert point.words.endswith("The pack tells the figures as approved.")


def test_correction_when_another_is_approved_then_its_reason_stays_with_it() -> None:
    trust, police = ("trust/2", "a correction of the trust is open"), ("police/2", "a correction of the police is open")
    first, second = points(a_card(GOOD, corrections=[trust, police]))
    reasons = {first.key: "Of the trust.", second.key: "Of the police."}
    (left,) = points(a_card(GOOD, corrections=[police]), reasons=reasons)
    assert left.reason == "Of the police."


def test_counts_when_they_do_not_add_up_to_the_rows_then_a_point_that_must_be_put_right() -> None:
    (point,) = points(a_card(GOOD, headline=headline([GOOD, GOOD])))
    assert (point.code, point.is_blocking) == (PointCode.COUNTS, True)
    assert point.words == (
        "Contract, quarter 4: 2 said to be “Better than target”, but 1 of the rows are. "
        "Contract, quarter 4: the counts make 2, but there is 1 row."
    )
    assert codes(a_card(EXPLAINED, headline=headline([GOOD]))) == [PointCode.COUNTS]  # as many, but of another colour


def stated(numerator: int, denominator: int, printed: str) -> ScorecardRow:
    m = Measured(Basis.STATED, D(numerator), D(denominator), D(printed), quantum=D(1))
    return a_row(replace(held(Q4, m), **SAID))


def test_stated_figure_when_its_own_parts_give_another_then_a_point_that_may_be_explained() -> None:
    (point,) = points(a_card(stated(1266, 1514, "85")))
    assert (point.code, point.is_blocking) == (PointCode.SUMS, False)
    assert point.about == "contract/2021-22-q4/in-time/stated_differs_from_counts"
    assert codes(a_card(stated(1266, 1514, "84"))) == []
    assert codes(a_card(stated(1514, 1514, "100"))) == []


# Commentary


@pytest.mark.parametrize(
    ("row", "is_open"),
    [
        (OUTSIDE, True),
        (EXPLAINED, False),
        (a_row(derived(Q4, 40, headline="Staff left")), False),
        (a_row(derived(Q4, 75)), False),
        (a_row(derived(Q4, 70)), False),
        (a_row(derived(Q4, 85)), False),
        (a_row(held(Q4, Measured(Basis.STATED_OUTCOME, stated_met=False)),
               standard=Standard(Polarity.HIGHER, D(80))), True),
        (a_row(derived(Q4, 40), standard=None), False),
    ],
    ids=["outside", "explained", "headline", "within", "on the tolerance", "better", "stated not met", "no target"],
)  # fmt: skip
def test_figure_when_outside_without_a_word_then_a_point(row: ScorecardRow, is_open: bool) -> None:
    assert codes(a_card(row)) == ([PointCode.COMMENTARY] if is_open else [])


@pytest.mark.parametrize("reason", list(MissingReason))
def test_figure_when_there_is_none_and_nothing_says_why_then_a_point(reason: MissingReason) -> None:
    bare = missing(Q4, reason)
    assert codes(a_card(a_row(bare))) == [PointCode.COMMENTARY]
    assert codes(a_card(a_row(replace(bare, commentary="The case system changed.")))) == []


def test_line_when_nothing_at_all_is_held_then_a_point() -> None:
    (point,) = points(a_card(a_row()))
    assert point.code is PointCode.COMMENTARY
    assert "has no figure and no commentary says why" in point.words


def test_monthly_line_when_months_have_figures_and_the_quarter_no_total_then_no_point() -> None:
    assert codes(a_card(a_row(derived(Q4.months()[0], 85), frequency="month"))) == []
    assert codes(a_card(a_row(frequency="month"))) == [PointCode.COMMENTARY]
    nothing = missing(Q4.months()[0], MissingReason.NOT_AVAILABLE)
    assert codes(a_card(a_row(nothing, frequency="month"))) == [PointCode.COMMENTARY]


def test_annual_line_when_it_is_not_due_yet_then_no_point() -> None:
    row = build_row(a_line(frequency="financial_year"), Q3, {})
    assert row.next_due_on is not None
    assert codes(a_card(row)) == []


def test_number_when_it_cannot_be_judged_then_no_point() -> None:
    limit = held(Q4, Measured(Basis.STATED, value=D(75), qualifier="<", quantum=D(1)))
    assert a_row(limit).judgement.rating is Rating.NOT_JUDGED
    assert codes(a_card(a_row(limit))) == []


# What was promised by a day


@pytest.mark.parametrize(
    ("expected", "is_open"),
    [(date(2022, 7, 6), True), (date(2022, 7, 7), False), (date(2022, 9, 30), False), (None, False)],
)
def test_figure_when_its_day_has_passed_then_a_point_from_the_day_after(expected: date | None, is_open: bool) -> None:
    row = a_row(replace(missing(Q4, MissingReason.NOT_REPORTABLE), expected_on=expected, **SAID))
    found = points(a_card(row))
    assert [p.code for p in found] == ([PointCode.OVERDUE] if is_open else [])
    if is_open:
        assert found[0].words == "In time was to be reportable by 6 July 2022. Say why it is not."
        assert not found[0].is_blocking


def test_figure_when_missing_for_another_reason_then_its_expected_day_is_nobodys_promise() -> None:
    row = a_row(replace(missing(Q4, MissingReason.NOT_AVAILABLE), expected_on=date(2022, 1, 1), **SAID))
    assert codes(a_card(row)) == []


# Reasons


def test_reason_when_given_then_it_settles_its_own_point_and_no_other() -> None:
    other = a_row(derived(Q4, 40), code="other")
    card = a_card(OUTSIDE, other)
    first, second = points(card)
    given = points(card, reasons={first.key: "The meeting was told in person."})
    assert [p.is_settled for p in given] == [True, False]
    assert (given[0].reason, given[1].reason) == ("The meeting was told in person.", "")
    assert second.key == "commentary:contract/2021-22-q4/other"


@pytest.mark.parametrize("code", list(PointCode))
def test_point_when_it_must_be_put_right_then_no_reason_settles_it(code: PointCode) -> None:
    assert Point(code, "x", "Words.", "A reason.").is_settled is (code not in BLOCKING)
    assert not Point(code, "x", "Words.").is_settled


def test_rows_when_they_are_slices_of_one_indicator_then_each_has_its_own_points() -> None:
    card = a_card(a_row(derived(Q4, 3), slice="sex=boys"), a_row(derived(Q4, 4), slice="sex=girls"))
    keys = [p.key for p in points(card, public=True)]
    assert len(keys) == len(set(keys)) == 2
    assert keys[0] == "commentary:contract/2021-22-q4/in-time/sex=boys"


def test_cards_when_several_then_their_points_stand_in_order_and_apart() -> None:
    second = a_card(OUTSIDE, code="partnership", name="Partnership")
    assert [p.about for p in points(a_card(OUTSIDE), second)] == [
        "contract/2021-22-q4/in-time", "partnership/2021-22-q4/in-time",
    ]  # fmt: skip


# Properties

lines: st.SearchStrategy[Line] = st.builds(
    a_line,
    code=st.sampled_from(["a", "b"]),
    counts=st.sampled_from(["children", "families", "adults", "staff", "places", "events"]),
    standard=st.sampled_from([None, Standard(Polarity.HIGHER, D(80), ToleranceKind.ABSOLUTE, D(70)),
                              Standard(Polarity.LOWER, D(20))]),
)  # fmt: skip
in_order: st.SearchStrategy[ScorecardRow] = st.builds(
    lambda line, n, d: build_row(line, Q4, {Q4.slug: derived(Q4, n, n + d, commentary="Explained.")}),
    lines,
    st.integers(6, 500),
    st.integers(6, 500),
)


@given(st.lists(in_order, max_size=12), st.booleans())
def test_scorecard_when_everything_is_in_order_then_no_point_whoever_it_is_for(
    rows: Sequence[ScorecardRow], public: bool
) -> None:
    assert points(a_card(*rows), public=public) == []


any_row: st.SearchStrategy[ScorecardRow] = st.builds(
    lambda line, n, d, words: build_row(line, Q4, {Q4.slug: derived(Q4, n, n + d or 1, commentary=words)}),
    lines, st.integers(0, 30), st.integers(0, 30), st.sampled_from(["", "Explained."]),
)  # fmt: skip


@given(st.lists(any_row, max_size=8), st.booleans())
def test_points_when_explained_then_only_those_that_must_be_put_right_stay_open(
    rows: list[ScorecardRow], public: bool
) -> None:
    card = a_card(*rows, corrections=[("trust/2", "a correction of the trust is open")])
    reasons = {p.key: "Told in person." for p in points(card, public=public)}
    left = [p for p in points(card, public=public, reasons=reasons) if not p.is_settled]
    assert {p.code for p in left} <= BLOCKING
    assert all(p.reason for p in points(card, public=public, reasons=reasons))
