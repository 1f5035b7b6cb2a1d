"""The judge on generated figures: a second implementation, order, symmetry and boundaries."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.rag import (
    Judgement,
    Number,
    Polarity,
    Rating,
    Standard,
    ToleranceKind,
    gap_in_cases,
    judge,
    rule_sentence,
)
from indicators.units import Unit, ratio
from tests.reference import judge_reference

D = Decimal
H, L, BAND = Polarity.HIGHER, Polarity.LOWER, Polarity.BAND
ABSOLUTE = ToleranceKind.ABSOLUTE
BETTER, WITHIN, OUTSIDE, NOT_JUDGED = Rating.BETTER, Rating.WITHIN, Rating.OUTSIDE, Rating.NOT_JUDGED
relaxed = settings(deadline=None)

amounts = st.decimals(D(-500), D(500), places=2)
small = st.decimals(D(0), D(100), places=2)


@st.composite
def standards(draw, polarities=(H, L, BAND)):
    polarity = draw(st.sampled_from(polarities))
    target = draw(amounts)
    band = draw(small) if polarity is BAND else None
    kind = draw(st.sampled_from(list(ToleranceKind)))
    tolerance = None if kind is ToleranceKind.NONE else draw(small)
    if kind is ABSOLUTE:
        tolerance = {H: target - tolerance, L: target + tolerance, BAND: (band or 0) + tolerance}[polarity]
    return Standard(polarity, target, kind, tolerance, band)


@st.composite
def standards_with_values(draw, polarities=(H, L, BAND)):
    """A standard, and a value that is often exactly on a boundary or a hair beside it."""
    against = draw(standards(polarities))
    edges = [edge for edge in (*against.better_range, *against.allowed_range) if edge is not None]
    near = st.builds(lambda edge, step: edge + step * D("0.0000001"), st.sampled_from(edges), st.integers(-1, 1))
    return against, draw(st.one_of(amounts, near))


def parts(against):
    return against.polarity, against.target, against.tolerance_kind, against.tolerance or 0, against.band or 0


RANK = {BETTER: 0, WITHIN: 1, OUTSIDE: 2}


@relaxed
@given(standards_with_values())
def test_against_the_second_judge(pair):
    against, value = pair
    assert judge(Number(value), against) == Judgement(Rating(judge_reference.judge(*parts(against), value)))


@settings(deadline=None, max_examples=60)
@given(standards_with_values(), st.sampled_from("<>"), st.booleans())
def test_limits_against_the_second_judge(pair, qualifier, is_money):
    against, value = pair
    against = replace(against, unit=Unit.POUNDS if is_money else Unit.PERCENT)
    edges = [edge for edge in (*against.better_range, *against.allowed_range) if edge is not None]
    far = 10_000
    low, high = (value, far) if qualifier == ">" else (-far, value)
    tried = judge_reference.tried_values(low, high, edges)
    if qualifier == "<" and not is_money and value > 0:
        tried = [0, *(trial for trial in tried if trial >= 0)]
    classes = judge_reference.judge_all(*parts(against), tried)
    judgement = judge(Number(value, qualifier), against)
    assert judgement.rating == (classes.pop() if len(classes) == 1 else NOT_JUDGED)


@settings(deadline=None, max_examples=60)
@given(standards_with_values(), st.sampled_from([D("0.01"), D("0.1"), D(1), D(1000)]))
def test_rounding_mark_against_the_second_judge(pair, quantum):
    against, value = pair
    against = replace(against, unit=Unit.POUNDS)
    edges = [edge for edge in (*against.better_range, *against.allowed_range) if edge is not None]
    tried = judge_reference.tried_values(value - quantum / 2, value + quantum / 2, edges)
    tried += [value - quantum / 2] if value > 0 else [value + quantum / 2] if value < 0 else []
    classes = judge_reference.judge_all(*parts(against), tried)
    judgement = judge(Number(value, quantum=quantum), against)
    assert judgement.boundary_in_rounding == (len(classes) > 1)
    assert judgement.rating is judge(Number(value), against).rating


@relaxed
@given(standards((H, L)), amounts, amounts)
def test_monotone(against, first, second):
    low, high = sorted((first, second))
    worse, better = (low, high) if against.polarity is H else (high, low)
    assert RANK[judge(Number(better), against).rating] <= RANK[judge(Number(worse), against).rating]


@relaxed
@given(standards(), st.lists(amounts, min_size=2, max_size=60))
def test_each_boundary_is_crossed_once(against, values):
    """Walking up the values, the rating changes at most once per boundary: twice for one direction, four times for a
    band."""
    ratings = [judge(Number(value), against).rating for value in sorted(values)]
    flips = sum(left is not right for left, right in pairwise(ratings))
    assert flips <= (4 if against.polarity is BAND else 2 if against.has_tolerance else 1)


@relaxed
@given(standards_with_values())
def test_mirrored_by_polarity(pair):
    against, value = pair
    mirror = {H: L, L: H, BAND: BAND}[against.polarity]
    tolerance = against.tolerance
    if tolerance is not None and against.tolerance_kind is ABSOLUTE and against.polarity is not BAND:
        tolerance = -tolerance
    mirrored = replace(against, polarity=mirror, target=-against.target, tolerance=tolerance)
    assert judge(Number(-value), mirrored) == judge(Number(value), against)


@relaxed
@given(standards())
def test_every_edge_is_in_the_better_of_its_classes(against):
    for edge in against.better_range:
        assert edge is None or judge(Number(edge), against).rating is BETTER
    for edge in against.allowed_range:
        assert edge is None or judge(Number(edge), against).rating in (BETTER, WITHIN)


@relaxed
@given(standards())
def test_without_a_tolerance_there_are_two_classes(against):
    bare = replace(against, tolerance_kind=ToleranceKind.NONE, tolerance=None)
    for value in (D(-10_000), bare.target, D(10_000)):
        assert judge(Number(value), bare).rating is not WITHIN


@relaxed
@given(standards_with_values(), st.integers(0, 3))
def test_rule_sentence_is_true_as_printed(pair, places):
    """Whatever is rounded for print, the printed value and the printed boundary compare as the sentence says."""
    against, value = pair
    assume(against.polarity is not BAND)
    sentence = rule_sentence(judge(Number(value), against), Number(value), against, Unit.COUNT, places)
    printed = [D(word.replace("−", "-").replace(",", "").rstrip(".")) for word in sentence.split() if is_number(word)]
    if " equals the " in sentence:
        assert printed[0] == printed[1] == value
    elif " but not " in sentence:
        assert min(printed[1:]) <= printed[0] <= max(printed[1:])
        assert printed[0] != printed[1]
    else:
        assert (printed[0] < printed[1]) == (" is less than " in sentence)
        assert printed[0] != printed[1]


def is_number(word):
    return word.strip("−.,").replace(",", "").replace(".", "").isdigit()


@relaxed
@given(
    st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from([H, L]),
    st.decimals(0, 100, places=1),
    st.decimals(0, 100, places=1),
    st.booleans(),
)
def test_the_gap_is_just_enough(pair, polarity, first, second, with_tolerance):
    numerator, denominator = pair
    low, high = sorted((first, second))
    target, limit = (high, low) if polarity is H else (low, high)
    against = Standard(polarity, target, ABSOLUTE, limit) if with_tolerance else Standard(polarity, target)
    gap = gap_in_cases(numerator, denominator, against, Unit.PERCENT)
    step = 1 if polarity is H else -1

    def rank(cases):
        return RANK[judge(Number(ratio(numerator + step * cases, denominator, Unit.PERCENT)), against).rating]

    if gap is None:
        assert rank(0) == 0
    else:
        assert gap > 0
        assert rank(gap) < rank(0)
        assert rank(gap - 1) == rank(0)


@relaxed
@given(
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from(["", "<", ">", "~"]),
    st.one_of(st.none(), standards()),
)
def test_any_number_gets_a_judgement_and_a_sentence(value, qualifier, against):
    measure = Number(value, qualifier)
    judgement = judge(measure, against)
    assert (judgement.reason is None) == (judgement.rating is not NOT_JUDGED)
    if value.is_finite() and abs(value) < 10**15:
        assert rule_sentence(judgement, measure, against, Unit.PERCENT, 1).endswith(".")
