"""One measurement: its number, what the judge is given, and where its own parts contradict it."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measurement import (
    CONFIDENCE_WORDS,
    FLAG_WORDS,
    NOT_REPORTABLE_WORDS,
    Basis,
    Confidence,
    Flag,
    Measured,
    NotReportableCode,
)
from indicators.rag import Missing, MissingReason, Number, StatedOutcome
from indicators.units import Unit


def derived(numerator: str, denominator: str) -> Measured:
    return Measured(Basis.DERIVED, D(numerator), D(denominator))


def stated(value: str, quantum: str | None = "1", **parts) -> Measured:
    return Measured(Basis.STATED, value=D(value), quantum=D(quantum) if quantum else None, **parts)


@pytest.mark.parametrize(
    ("measured", "unit", "number"),
    [
        pytest.param(derived("85", "100"), Unit.PERCENT, "85", id="a share is a percentage"),
        pytest.param(derived("0", "100"), Unit.PERCENT, "0", id="nothing of a hundred is 0"),
        pytest.param(derived("1", "8"), Unit.PERCENT, "12.5", id="not rounded"),
        pytest.param(derived("15", "10000"), Unit.PER_10000, "15", id="a rate"),
        pytest.param(derived("926", "2"), Unit.DAYS, "463", id="a mean of days"),
        pytest.param(Measured(Basis.VALUE_ONLY, value=D("12")), Unit.COUNT, "12", id="a value"),
        pytest.param(Measured(Basis.VALUE_ONLY, value=D("0")), Unit.COUNT, "0", id="a value of 0 is a number"),
        pytest.param(
            stated("85", numerator=D(1266), denominator=D(1514)), Unit.PERCENT, "85", id="stated, not worked out"
        ),
        pytest.param(Measured(Basis.MISSING, missing_reason=MissingReason.LOW), Unit.PERCENT, None, id="missing"),
        pytest.param(Measured(Basis.STATED_OUTCOME, stated_met=False), Unit.PERCENT, None, id="an outcome in words"),
    ],
)
def test_number_when_asked_for_then_at_full_precision_or_none(
    measured: Measured, unit: Unit, number: str | None
) -> None:
    assert measured.number(unit) == (None if number is None else D(number))


def test_measure_when_a_number_then_with_its_qualifier_and_quantum() -> None:
    measured = Measured(Basis.STATED, value=D(1), qualifier="<", quantum=D(1))
    assert measured.measure(Unit.COUNT) == Number(D(1), "<", D(1))
    assert measured.measure(Unit.PERCENT) == Number(D(1), "<", D(1), upper=D(100))


@pytest.mark.parametrize("met", [True, False])
def test_measure_when_an_outcome_then_as_stated(met: bool) -> None:
    assert Measured(Basis.STATED_OUTCOME, stated_met=met).measure(Unit.PERCENT) == StatedOutcome(met)


@pytest.mark.parametrize("reason", list(MissingReason))
def test_measure_when_missing_then_its_reason(reason: MissingReason) -> None:
    assert Measured(Basis.MISSING, missing_reason=reason).measure(Unit.PERCENT) == Missing(reason)


def test_measure_when_there_is_nothing_then_none() -> None:
    assert Measured(Basis.VALUE_ONLY).measure(Unit.PERCENT) is None
    assert Measured(Basis.DERIVED, D(0), D(0)).measure(Unit.PERCENT) is None


@pytest.mark.parametrize(
    ("measured", "contradicts"),
    [
        pytest.param(stated("85", numerator=D(1266), denominator=D(1514)), True, id="85% of 1,266 in 1,514 is 83.6%"),
        pytest.param(stated("84", numerator=D(1266), denominator=D(1514)), False, id="84% is 83.6% rounded"),
        pytest.param(stated("22.3", "0.1", numerator=D(292), denominator=D(1031)), True, id="22.3% is 28.3%"),
        pytest.param(stated("12", numerator=D(125), denominator=D(1000)), False, id="exactly half a unit off, below"),
        pytest.param(stated("13", numerator=D(125), denominator=D(1000)), False, id="exactly half a unit off, above"),
        pytest.param(stated("12", numerator=D(1251), denominator=D(10000)), True, id="a hair more than half"),
        pytest.param(stated("85", numerator=D(1266)), False, id="only one part"),
        pytest.param(stated("85", denominator=D(1514)), False, id="only the other part"),
        pytest.param(stated("0", numerator=D(0), denominator=D(0)), False, id="no cohort"),
        pytest.param(
            Measured(Basis.STATED, D(0), D(200), D(1), "<", D(1)), False, id="a limit says no number to contradict"
        ),
        pytest.param(derived("1266", "1514"), False, id="derived cannot contradict itself"),
    ],
)
def test_contradiction_when_parts_give_something_else_then_told(measured: Measured, contradicts: bool) -> None:
    found = measured.contradiction(Unit.PERCENT)
    assert (found is not None) is contradicts
    if contradicts:
        assert round(found, 9) == round(measured.numerator / measured.denominator * 100, 9)


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.sampled_from(["1", "0.1", "0.01"]))
def test_contradiction_when_the_value_is_the_rounded_ratio_then_none(n: int, d: int, quantum: str) -> None:
    exact = D(n) / D(d) * 100
    value = exact.quantize(D(quantum), rounding="ROUND_HALF_UP")
    measured = stated(str(value), quantum, numerator=D(n), denominator=D(d))
    assert measured.contradiction(Unit.PERCENT) is None
    off = stated(str(value + 2 * D(quantum)), quantum, numerator=D(n), denominator=D(d))
    assert off.contradiction(Unit.PERCENT) is not None


def test_words_when_a_code_is_added_then_it_needs_its_words() -> None:
    assert set(FLAG_WORDS) == set(Flag)
    assert set(CONFIDENCE_WORDS) == set(Confidence)
    assert set(NOT_REPORTABLE_WORDS) == set(NotReportableCode)
