"""The job that makes forecasts: what it answers, how a band is said, and what is refused on either side."""

import json
from dataclasses import replace
from decimal import Decimal as D
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import bounded
from indicators.forecast import Ahead, Chance, Method, WhyNone, forecast
from indicators.forecast_job import (
    JOB,
    Aim,
    Asked,
    NotAsAgreed,
    Said,
    as_said,
    make_forecasts,
    payload_of,
    read_answer,
)

EIGHT = tuple(map(D, (80, 82, 79, 83, 80, 84, 81, 82)))
ASKED = Asked(EIGHT, places=1, horizon=4, is_share=True, aims=((Aim(D(70), True), Aim(D(90), True)), (), (), ()))


def untold(line: str) -> None:
    """Nobody listens."""


def answer_to(*asked: Asked) -> list[Said | WhyNone]:
    return read_answer(make_forecasts(payload_of(asked), untold), asked)


def said(asked: Asked) -> Said:
    (found,) = answer_to(asked)
    assert isinstance(found, Said)
    return found


def test_band_when_worked_out_by_hand_then_the_same() -> None:
    """Steps 2, -3, 4, -3, 4, -3, 1: squares 4 + 9 + 16 + 9 + 16 + 9 + 1 = 64, mean 64/7, root 3.02372. With 7 degrees
    of freedom 10% lie above 1.41492: 1.41492 × 3.02372 = 4.2783, and × √2 = 6.0504."""
    found = said(ASKED)
    assert (found.method, found.periods) == (Method.NO_CHANGE, 8)
    first, second = found.steps[0], found.steps[1]
    assert (first.point, first.low, first.high) == (D("82.0"), D("77.7"), D("86.3"))  # 77.7217 and 86.2783, outwards
    assert (second.low, second.high) == (D("75.9"), D("88.1"))  # 75.9496 and 88.0504
    assert sqrt(64 / 7) * 1.414924 == pytest.approx(4.2783, abs=1e-4)
    assert first.chances == (Chance.LIKELY, Chance.UNLIKELY)


def test_child_when_asked_then_it_says_the_same_as_here_and_tells_what_it_does() -> None:
    asked, told = [ASKED, Asked((D(1),) * 9, 0, 1)], []
    found = read_answer(bounded.run(job=JOB, payload=payload_of(asked), told=told.append, patience=30), asked)
    assert found == answer_to(*asked)
    assert found[1] is WhyNone.NO_MOVEMENT
    assert told == ["Making 2 forecasts"]


@pytest.mark.parametrize(
    ("ahead", "places", "below", "expected"),
    [
        ((82, "77.7217", "86.2783"), 1, False, ("82.0", "77.7", "86.3")),
        ((82, "77.7217", "86.2783"), 0, False, ("82", "77", "87")),
        ((3, "-1.5", "7.5"), 0, False, ("3", "0", "8")),
        ((3, "-1.5", "7.5"), 0, True, ("3", "-2", "8")),
        (("82.5", "80", "85"), 0, False, ("83", "80", "85")),
    ],
)
def test_band_when_said_then_rounded_outwards_and_only_money_falls_below_nothing(
    ahead, places, below, expected
) -> None:
    made = Ahead(1, *(D(value) for value in ahead))
    assert as_said(made, places, may_fall_below=below) == tuple(map(D, expected))


numbers = st.decimals(min_value=0, max_value=100, places=1)


@given(st.lists(numbers, min_size=8, max_size=30), st.booleans())
def test_band_when_it_looks_further_then_it_is_no_narrower_and_a_share_stays_within_its_whole(values, is_share) -> None:
    (found,) = answer_to(Asked(tuple(values), 1, 4, is_share=is_share))
    if isinstance(found, WhyNone):
        assert len(set(values)) == 1
        return
    exact = forecast(values, whole=D(100) if is_share else None)
    for earlier, later in zip(found.steps, found.steps[1:], strict=False):
        assert later.low <= earlier.low
        assert later.high >= earlier.high
        assert later.point == earlier.point, "never a straight line"
    for one, made in zip(found.steps, exact.ahead, strict=True):
        assert D(0) <= one.low <= max(made.low, D(0))
        assert made.high <= one.high
        assert not is_share or one.high <= 100
        assert one.low <= one.point <= one.high


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"{}", b"[1]", b'[{"values": ["1"]}]',
        payload_of([replace(ASKED, horizon=0)]), payload_of([replace(ASKED, horizon=13)]),
        payload_of([replace(ASKED, values=(D(1),) * 1_001)]),
        payload_of([ASKED]).replace(b'"82.000000000000"', b'"NaN"'),
    ],
)  # fmt: skip
def test_payload_when_it_is_not_as_agreed_then_refused(payload: bytes) -> None:
    with pytest.raises(NotAsAgreed):
        make_forecasts(payload, untold)


def changed(**changes: Any) -> bytes:
    raw = json.loads(make_forecasts(payload_of([ASKED]), untold))
    raw[0]["steps"][0] |= {key: value for key, value in changes.items() if key != "method"}
    raw[0] |= {key: value for key, value in changes.items() if key == "method"}
    return json.dumps(raw).encode()


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"[]", b"[1]", b'[{"why": "no idea"}]', changed(low="99"), changed(high="1"), changed(step=2),
        changed(chances=[]), changed(chances=["likely", "surely"]), changed(point="NaN"), changed(method="straight"),
    ],
)  # fmt: skip
def test_answer_when_it_is_not_as_agreed_then_refused(answer: bytes) -> None:
    with pytest.raises(NotAsAgreed):
        read_answer(answer, [ASKED])
