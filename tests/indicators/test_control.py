"""Control charts of trends: when there is one and why not, which limits, and what it says."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.control import Control, NoChart, control_of, stretches
from indicators.direction_of_travel import Window
from indicators.rag import Polarity
from indicators.share_charts import Method
from indicators.spc import Assurance, Cause, Note, Rules, Variation
from indicators.verdict import Why
from tests.trends import MOSAIC, limits, months, trend

STEADY = "50 52 49 51 50 48 52 50 51 49 50 52 49 51"
PARTS = " ".join(f"{n}/100" for n in (50, 52, 49, 51, 50, 48, 52, 50, 51, 49, 50, 52, 49, 51))


def charted(values: str, *held, **more) -> Control:
    found = control_of(trend(months(values), *held, **more))
    assert isinstance(found, Control), found
    return found


def none_of(values: str, **more) -> NoChart:
    found = control_of(trend(months(values), **more))
    assert isinstance(found, NoChart), found
    return found


@pytest.mark.parametrize(
    ("window", "why", "words"),
    [
        (Window.ROLLING_12_MONTHS, Why.OVERLAPPING, "holds part of the one before"),
        (Window.YEAR_TO_DATE, Why.OVERLAPPING, "holds part of the one before"),
        (Window.SNAPSHOT, Why.READ_ONCE, "read on one day"),
        (Window.COHORT_LAGGED, Why.READ_ONCE, "of one group"),
    ],
)
def test_figures_when_not_of_a_period_of_their_own_then_no_limits_and_why(window, why, words) -> None:
    found = none_of(STEADY, window=window)
    assert (found.why, words in found.sentence) == (why, True)


def test_figures_when_twelve_then_no_limits_and_how_many_when_thirteen_then_limits() -> None:
    twelve = STEADY.rsplit(" ", 2)[0]
    assert none_of(twelve).sentence.startswith("12 of 13 figures")
    assert none_of(twelve).sentence.startswith("12 of 13 figures in a row are held. Limits of fewer")
    assert len(charted(STEADY.rsplit(" ", 1)[0]).placed) == 13


def test_figures_when_a_gap_a_limit_or_a_break_divides_them_then_only_what_comes_after_counts() -> None:
    gap = none_of(STEADY.replace("50 48", "- 48"))
    assert gap.sentence.startswith("9 of 13 figures")
    assert "since the series broke or a figure was missing" in gap.sentence
    assert none_of(STEADY.replace("50 48", "<4 48")).sentence.startswith("9 of 13 figures")
    assert none_of(STEADY, breaks=[MOSAIC]).sentence.startswith("9 of 13 figures")
    long = trend(months(f"{STEADY} - {STEADY}"))
    assert [len(one) for one in stretches(long)] == [14, 14]
    both = control_of(long)
    assert isinstance(both, Control)
    assert len(both.placed) == 28
    assert both.first.label == both.placed[14].spot.label
    assert stretches(trend(months("x"))) == ()


def test_stretch_when_too_short_before_a_gap_then_it_has_no_dots_and_the_latest_has() -> None:
    found = control_of(trend(months(f"50 51 52 - {STEADY}")))
    assert isinstance(found, Control)
    assert len(found.placed) == 14
    spots = trend(months(f"50 51 52 - {STEADY}")).numbers
    assert found.of(spots[0]) is None
    assert found.of(spots[-1]) is not None


def test_limits_when_values_alone_are_held_then_xmr_and_else_of_the_counts() -> None:
    assert charted(STEADY).method is Method.XMR
    shares = charted(PARTS)
    assert shares.method is Method.P
    dot = shares.latest.dot
    assert dot.value == 51
    assert (dot.limits.mean or 0).quantize(D("0.01")) == D("50.29")
    assert (dot.limits.upper or 0).quantize(D("0.1")) == D("65.3")  # 50.29 + 3 × 100 √(0.5029 × 0.4971 ÷ 100)
    small = charted(" ".join(f"{n}/10" for n in (9, 10, 9, 8, 9, 10, 9, 9, 10, 9, 8, 9, 10, 9)))
    assert small.method is Method.EXACT
    assert "exact binomial limits" in small.sentence


@pytest.mark.parametrize(
    ("polarity", "last", "variation", "cause"),
    [
        (Polarity.HIGHER, 80, Variation.IMPROVEMENT, Cause.ABOVE_LIMIT),
        (Polarity.LOWER, 80, Variation.CONCERN, Cause.ABOVE_LIMIT),
        (Polarity.HIGHER, 20, Variation.CONCERN, Cause.BELOW_LIMIT),
        (Polarity.LOWER, 50, Variation.COMMON, Cause.COMMON),
    ],
)
def test_latest_figure_when_far_away_then_what_it_means_depends_on_which_way_is_better(
    polarity, last, variation, cause
) -> None:
    found = charted(f"{STEADY} {last}", polarity=polarity)
    assert (found.variation, found.cause) == (variation, cause)
    assert found.latest.spot.label in found.sentence
    assert Rules.MDC_2023.value in found.sentence


@pytest.mark.parametrize(
    ("target", "assured", "words"),
    [
        (40, Assurance.PASS, "The target will be met if nothing changes."),
        (60, Assurance.FAIL, "The target will be missed if nothing changes."),
        (50, Assurance.INCONSISTENT, "met in some periods and missed in others if nothing changes."),
    ],
)
def test_target_when_beyond_or_between_the_limits_then_what_can_be_relied_on(target, assured, words) -> None:
    found = charted(STEADY, limits(Polarity.HIGHER, target, None))
    assert (found.assurance, words in found.sentence) == (assured, True)


def test_target_when_none_or_not_yet_in_force_then_nothing_is_promised() -> None:
    assert charted(STEADY).assurance is None
    assert charted(STEADY, limits(Polarity.HIGHER, 40, None), since=date(2099, 1, 1)).assurance is None
    assert "target" not in charted(STEADY).sentence


def test_series_that_never_moves_when_charted_then_it_says_so() -> None:
    found = charted(" ".join(["95"] * 14), limits(Polarity.HIGHER, 90, None))
    assert (found.note, found.assurance) == (Note.NO_VARIATION, Assurance.PASS)
    assert "never moved, so there are no limits" in found.sentence
    assert found.values == (D(95),) * 14


# The latest figure alone


ENDS = {
    "above": "80", "below": "20", "rising": "44 45 46 47 48 49 50 51", "falling": "56 55 54 53 52 51 50 49",
    "two of three": "50 51 55 55", "run": "51 52 51 52 51 52 51", "gap": "- 51", "same": "50 50 50",
}  # fmt: skip
SERIES = st.tuples(
    st.lists(st.integers(45, 55), min_size=11, max_size=30),
    st.sampled_from(sorted(ENDS)), st.sampled_from(sorted(ENDS)), st.sampled_from(["", "/100", "/9000", "/60"]),
)  # fmt: skip


@given(SERIES, st.sampled_from([*Rules]), st.sampled_from([*Polarity]))
def test_latest_figure_when_nothing_else_is_asked_then_it_says_what_the_whole_chart_says(
    series, rules, polarity
) -> None:
    numbers, before, end, below = series
    told = " ".join(
        f"{n}{below}" if n != "-" else n for n in f"{ENDS[before]} {' '.join(map(str, numbers))} {ENDS[end]}".split()
    )
    found = trend(months(told), limits(polarity, 50, None) if polarity in {Polarity.HIGHER, Polarity.LOWER} else None)
    whole, latest = control_of(found, rules), control_of(found, rules, only_latest=True)
    if isinstance(whole, NoChart):
        assert latest == whole
        return
    assert isinstance(latest, Control)
    assert latest.placed == whole.placed[-1:]
    for name in ("method", "note", "rules", "assurance", "stretch"):
        assert getattr(latest, name) == getattr(whole, name), name
