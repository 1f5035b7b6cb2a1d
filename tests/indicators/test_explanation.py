"""Why a figure has its rating: ranges, room, cases and chance, against a second calculation, case by case."""

from datetime import date
from decimal import Decimal
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.explanation import COUNTED, Accepted, Ruling, could_it_be_chance, explain, what_would_change_it
from indicators.intervals import Z95
from indicators.measurement import Basis, Measured
from indicators.models import Counts
from indicators.quarters import Quarter
from indicators.rag import MissingReason, Polarity, Standard, ToleranceKind
from indicators.scorecard import Held, Line, build_row
from indicators.units import Unit
from tests.reference import statistics_reference

Q4 = Quarter(2021, 4)


def standard(polarity=Polarity.HIGHER, target=95, tolerance=80, unit=Unit.PERCENT):
    return Standard(
        polarity=polarity,
        target=None if target is None else Decimal(target),
        tolerance_kind=ToleranceKind.NONE if tolerance is None else ToleranceKind.ABSOLUTE,
        tolerance=None if tolerance is None else Decimal(tolerance),
        unit=unit,
    )


def row(measured, held_against=None, *, unit=Unit.PERCENT, window=Window.PERIOD, places=0):
    line = Line(
        code="x", slice="", name="X", theme_code="", theme="", unit=unit,
        polarity=held_against.polarity if held_against else Polarity.HIGHER, window=window,
        aggregation=Aggregation.POOLED_RATIO, places=places, frequency="quarter", standard=held_against,
    )  # fmt: skip
    held = Held(Q4.slug, Q4.label, Q4.start_on, Q4.end_on, measured)
    return build_row(line, Q4, {Q4.slug: held})


def stated(value, n=None, d=None, quantum="1", qualifier=""):
    numbers = [None if x is None else Decimal(x) for x in (n, d, value, quantum)]
    return Measured(Basis.STATED, numbers[0], numbers[1], numbers[2], qualifier, numbers[3])


def derived(n, d):
    return Measured(Basis.DERIVED, Decimal(n), Decimal(d))


def items(found, counts="children", places=0):
    return dict(explain(found, counts=counts, places=places).items)


def test_figure_better_than_target_when_explained_then_its_room_and_its_cases_are_told():
    found = items(row(stated("99", 148, 150), standard()), counts="events")
    assert found == {
        "Value, unrounded": "99% as printed, to the nearest 1%",
        "Better than target": "95% or more",
        "Within tolerance": "80% or more, but less than 95%",
        "Outside tolerance": "less than 80%",
        "Room to target": "4 points",
        "Room before outside": "19 points",
        "Cases that would change it": "6 fewer cases would have made it within tolerance",
        "Could it be chance?": "Clear: the 95% interval from 148 of 150, 95.3% to 99.6%, includes no boundary",
    }


def test_rolling_value_when_explained_then_neither_cases_nor_chance_are_worked_out():
    limits = standard(Polarity.LOWER, 16, 18)
    found = items(row(stated("13.78", quantum="0.01"), limits, window=Window.ROLLING_12_MONTHS, places=2), places=2)
    assert found["Room to target"] == "2.22 points"
    assert found["Room before outside"] == "4.22 points"
    assert found["Within tolerance"] == "more than 16%, up to 18%"
    assert found["Children that would change it"] == "Cannot be worked out: no counts held"
    assert found["Could it be chance?"] == "Not tested: rolling measure, no counts"


def test_figure_that_its_counts_contradict_when_explained_then_what_is_by_the_counts_says_so():
    found = items(row(stated("85", 1266, 1514), standard(target=90, tolerance=75)))
    assert found["Children that would change it"].endswith("(by the counts, which give 83.6%)")
    assert found["Could it be chance?"].endswith("(by the counts, which give 83.6%)")
    assert "97 more children would have made it better than target" in found["Children that would change it"]


@pytest.mark.parametrize(
    ("measured", "unit", "window", "said"),
    [
        (Measured(Basis.VALUE_ONLY, value=Decimal(85)), Unit.PERCENT, Window.SNAPSHOT, "value only, no counts"),
        (stated("80", None, 223), Unit.PERCENT, Window.SNAPSHOT, "no numerator"),
        (stated("15", 32), Unit.PERCENT, Window.SNAPSHOT, "no denominator"),
        (stated("463", None, 4), Unit.DAYS, Window.PERIOD, "not a share"),
        (derived(6, 100), Unit.PERCENT, Window.ROLLING_12_MONTHS, "rolling measure"),
        (derived("6.5", 100), Unit.PERCENT, Window.PERIOD, "the counts are not whole cases"),
        (stated("1", 1, 200, qualifier="<"), Unit.PERCENT, Window.PERIOD, "only a limit is known"),
    ],
)
def test_chance_when_it_cannot_be_tested_then_the_reason_is_named(measured, unit, window, said):
    limits = standard(Polarity.LOWER, 9, 15, unit)
    assert could_it_be_chance(row(measured, limits, unit=unit, window=window)) == f"Not tested: {said}"


@pytest.mark.parametrize(
    ("n", "d", "limits", "verdict"),
    [
        (4, 47, standard(target=19, tolerance=14), "It could be chance: the 95% interval from 4 of 47, 3.4% to 19.9%, "
                                                   "includes 14% and 19%"),
        (42, 75, standard(target=80, tolerance=80), "Clear: the 95% interval from 42 of 75, 44.7% to 66.7%, "
                                                    "includes no boundary"),
        (8, 47, standard(target=10, tolerance=None), "It could be chance: the 95% interval from 8 of 47, "
                                                     "8.9% to 30.1%, includes 10%"),
        (50, 50, standard(target=100, tolerance=None), "It could be chance: the 95% interval from 50 of 50, "
                                                       "92.9% to 100.0%, includes 100%"),
    ],
)  # fmt: skip
def test_chance_when_tested_then_the_interval_and_the_boundaries_in_it_are_named(n, d, limits, verdict):
    assert could_it_be_chance(row(derived(n, d), limits)) == verdict


@given(d=st.integers(1, 400), share=st.floats(0, 1), target=st.integers(1, 99), lower=st.booleans())
def test_chance_when_worked_out_a_second_way_then_it_is_the_same(d, share, target, lower):
    n = round(d * share)
    polarity = Polarity.LOWER if lower else Polarity.HIGHER
    low, high = statistics_reference.wilson(n, d, float(Z95))
    if min(abs(100 * low - target), abs(100 * high - target)) < 1e-6:
        return
    said = could_it_be_chance(row(derived(n, d), standard(polarity, target, None)))
    assert said.startswith("It could be chance") is (100 * low <= target <= 100 * high)


@given(
    value=st.decimals(0, 100, places=2),
    polarity=st.sampled_from([Polarity.HIGHER, Polarity.LOWER]),
    edges=st.tuples(st.integers(0, 100), st.integers(0, 100)),
)
def test_room_when_a_figure_moves_by_it_then_it_stands_on_the_boundary(value, polarity, edges):
    low, high = sorted(edges)
    target, tolerance = (high, low) if polarity is Polarity.HIGHER else (low, high)
    found = items(
        row(Measured(Basis.VALUE_ONLY, value=value), standard(polarity, target, tolerance), places=2), places=2
    )
    told = found.get("Room to target") or found["To reach target"]
    distance = abs(value - target)
    if distance == 0:
        assert told == "none: it stands on the boundary"
    else:
        assert Decimal(told.split(" ")[0]) == distance
        if "To reach target" in found:
            assert told.endswith("more" if polarity is Polarity.HIGHER else "less")


def test_band_when_explained_then_both_sides_are_told():
    band = Standard(Polarity.BAND, Decimal(50), ToleranceKind.POINTS, Decimal(10), Decimal(5), unit=Unit.PERCENT)
    found = items(row(derived(43, 100), band))
    assert found["Better than target"] == "from 45% to 55%"
    assert found["Within tolerance"] == "outside that, but from 35% to 65%"
    assert found["Outside tolerance"] == "beyond 35% to 65%"
    assert found["To reach target"] == "2 points"
    assert found["Children that would change it"] == (
        "2 more children would have made it better than target; 9 fewer children would have made it outside tolerance"
    )


def test_derived_value_when_it_does_not_end_then_it_is_shown_to_four_decimals_with_its_parts():
    assert items(row(derived(1266, 1514), standard()))["Value, unrounded"] == (
        "83.6196% to 4 decimals, 1,266 divided by 1,514"
    )
    assert items(row(derived(0, 8), standard()))["Value, unrounded"] == "0%, 0 divided by 8"


def test_printed_value_on_a_boundary_when_explained_then_it_says_that_it_could_be_on_either_side():
    found = explain(row(stated("80", None, 223), standard()), counts="children", places=0)
    assert dict(found.items)["Printed rounded"].startswith("Could be on either side")
    assert "80% equals the tolerance of 80%, and the boundary counts as within" in found.rule


@pytest.mark.parametrize(
    ("measured", "limits", "rule"),
    [
        (
            Measured(Basis.MISSING, missing_reason=MissingReason.NARRATIVE_ONLY),
            standard(),
            "Narrative only: there is no",
        ),
        (
            Measured(Basis.STATED_OUTCOME, stated_met=False),
            standard(target=90, tolerance=None),
            "The paper states that",
        ),
        (derived(5, 10), None, "No target is set"),
    ],
)
def test_figure_without_a_comparison_when_explained_then_the_rule_says_why_and_no_room_is_told(measured, limits, rule):
    found = explain(row(measured, limits), counts="children", places=0)
    assert found.rule.startswith(rule)
    assert not any("oom" in key or "chance" in key for key, _ in found.items)


def test_every_kind_of_what_is_counted_has_its_words():
    assert set(COUNTED) == set(Counts.values)


# What would have changed it


@pytest.mark.parametrize(
    ("measured", "unit", "counts", "limits", "said"),
    [
        (stated("463", None, 4), Unit.DAYS, "children", (Polarity.LOWER, 426, 460),
         "3 fewer days would have made it within tolerance"),
        (stated("121", None, 4), Unit.DAYS, "children", (Polarity.LOWER, 121, 200),
         "1 more day would have made it within tolerance"),
        (Measured(Basis.VALUE_ONLY, value=Decimal(12)), Unit.COUNT, "places", (Polarity.HIGHER, 14, 13),
         "1 more place would have made it within tolerance"),
        (Measured(Basis.VALUE_ONLY, value=Decimal(-4638)), Unit.POUNDS, "events", (Polarity.HIGHER, 0, None),
         "£4,638 more would have made it better than target"),
        (Measured(Basis.VALUE_ONLY, value=Decimal(5)), Unit.POUNDS, "events", (Polarity.LOWER, 4, None),
         "£1 less would have made it better than target"),
        (derived(42, 75), Unit.PERCENT, "families", (Polarity.HIGHER, 80, 80),
         "18 more families would have made it better than target"),
        (derived(9, 10), Unit.PERCENT, "staff", (Polarity.HIGHER, 90, None),
         "1 fewer member of staff would have made it outside tolerance"),
        (derived(5, 5), Unit.PERCENT, "staff", (Polarity.LOWER, 100, None), "No number of cases would have changed it"),
        (Measured(Basis.STATED, value=Decimal(9), qualifier="<", quantum=Decimal(1)), Unit.DAYS, "children",
         (Polarity.LOWER, 20, 30), "Cannot be worked out: only a limit is known"),
    ],
)  # fmt: skip
def test_change_of_rating_when_told_then_in_the_units_that_are_counted(measured, unit, counts, limits, said):
    polarity, target, tolerance = limits
    found = row(measured, standard(polarity, target, tolerance, unit), unit=unit)
    assert what_would_change_it(found, counts) == said
    assert said in items(found, counts=counts).values()


@pytest.mark.parametrize(
    ("unit", "counts", "key"),
    [
        (Unit.DAYS, "children", "Days that would change it"),
        (Unit.POUNDS, "places", "Pounds that would change it"),
        (Unit.COUNT, "staff", "Members of staff that would change it"),
    ],
)
def test_change_of_rating_when_it_is_no_share_then_its_row_names_the_unit(unit, counts, key):
    found = row(Measured(Basis.VALUE_ONLY, value=Decimal(5)), standard(target=6, tolerance=5, unit=unit), unit=unit)
    assert key in items(found, counts=counts)


def test_target_when_it_is_suspended_then_nothing_is_told_of_cases_or_chance():
    suspended = Standard(Polarity.HIGHER, Decimal(90), suspended=True, unit=Unit.PERCENT)
    assert not any("change" in key or "chance" in key for key in items(row(derived(9, 10), suspended)))


# The version of the target, and the approval


def test_target_version_and_approval_when_known_then_they_are_told():
    ruling = Ruling(2, "2021/22 Q4", "Contract variation 3")
    found = dict(
        explain(
            row(derived(9, 10), standard()), counts="children", places=0, ruling=ruling,
            accepted=Accepted("Approver of the council", date(2022, 7, 7), is_paper=False),
        ).items
    )  # fmt: skip
    assert found["Target and tolerance"] == "Version 2, in force from 2021/22 Q4: Contract variation 3"
    assert found["Approved"] == "7 July 2022, by Approver of the council"
    paper = Accepted("loaded from report 003 §24", date(2022, 7, 7), is_paper=True)
    found = dict(explain(row(derived(9, 10), standard()), counts="children", places=0, accepted=paper).items)
    assert found["Approved"] == "7 July 2022, as published: loaded from report 003 §24"


# Chance, against the exact binomial (methods: rating by chance)


@pytest.mark.parametrize(
    ("share", "d", "limits"),
    [(95, 150, standard(target=95, tolerance=80)), (80, 75, standard(target=80, tolerance=80)),
     (82, 223, standard(target=95, tolerance=80)), (9, 550, standard(Polarity.LOWER, 9, 15))],
)  # fmt: skip
def test_clear_verdict_when_the_true_share_lies_elsewhere_then_it_comes_up_by_chance_in_few_quarters(share, d, limits):
    """A verdict of "clear" with a wrong rating needs the interval to miss the boundary between: at most 5%, and in
    some quarters it does."""
    true = Decimal(share) / 100
    right = row(Measured(Basis.VALUE_ONLY, value=Decimal(share)), limits).judgement.rating
    wrong = Decimal(0)
    for n in range(d + 1):
        found = row(derived(n, d), limits)
        if found.judgement.rating is not right and could_it_be_chance(found).startswith("Clear"):
            wrong += comb(d, n) * true**n * (1 - true) ** (d - n)
    assert 0 < wrong <= Decimal("0.05")
