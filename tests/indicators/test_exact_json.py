"""JSON with exact numbers: reads back as what was written, and no float gets in."""

import json
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.exact_json import exact_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_value_when_written_then_it_reads_back_exactly(value: object) -> None:
    assert json.loads(exact_json(value), parse_float=D) == value


def test_number_when_no_float_can_hold_it_then_every_digit_stands() -> None:
    assert exact_json({"a": D("12345678901234567.1000"), "b": D("1E+3")}) == '{"a":12345678901234567.1,"b":1000}'


def test_date_when_written_then_iso_and_a_float_is_refused() -> None:
    assert exact_json([date(2022, 7, 7)]) == '["2022-07-07"]'
    with pytest.raises(TypeError, match="float"):
        exact_json(0.1)
