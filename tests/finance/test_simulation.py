"""The band of a projection: its mean is the expectation, without uncertainty it is the projection, and it is the same
for the same seed; and the job that works it out in the bounded child."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from finance.nights import PriceChange
from finance.outlook import Leaving, Outlook, Placement, PlannedMove, Starters
from finance.projection import project, year_totals
from finance.projection_job import (
    JOB,
    NotAsAgreed,
    NotProjected,
    payload_of,
    read_answer,
    run_projection,
)
from finance.simulation import MOST_RUNS, Simulated, TooManyRuns, simulate
from indicators import bounded
from tests.finance.outlooks import RUNGS, an_outlook, outlooks

ROOT = Path(__file__).resolve().parents[2]
PENCE = Decimal("0.01")


def untold(_: str) -> None:
    """Nobody listens."""


# Against the expectation


@settings(max_examples=25)
@given(outlook=outlooks(uncertain=False))
def test_simulation_when_nothing_is_uncertain_then_every_run_is_the_projection(outlook):
    found = simulate(outlook, runs=3)
    for band, total in zip((found.this_year, found.next_year), year_totals(outlook), strict=True):
        assert all(abs(amount - total) <= PENCE for amount in (band.p10, band.p50, band.p90, band.mean))
        assert band.error == 0


@settings(max_examples=12)
@given(outlook=outlooks(as_of=date(2022, 11, 15)))
def test_simulation_when_uncertain_then_its_mean_is_the_expectation_but_for_chance(outlook):
    found = simulate(outlook, runs=3_000)
    for band, total in zip((found.this_year, found.next_year), year_totals(outlook), strict=True):
        assert abs(band.mean - total) <= 5 * band.error + PENCE
        assert band.p10 <= band.p50 <= band.p90


def test_simulation_when_everything_is_assumed_then_years_and_months_agree_with_the_projection():
    outlook = an_outlook()
    found, hoped = simulate(outlook, runs=20_000), project(outlook)
    assert abs(found.this_year.mean - hoped.this_year) <= 4 * found.this_year.error
    assert abs(found.next_year.mean - hoped.next_year) <= 4 * found.next_year.error
    for month, wanted in zip(found.months, hoped.months, strict=True):
        assert month.month == wanted.month
        assert abs(month.band.mean - wanted.cost) <= 4 * month.band.error + PENCE
    for cost in (found.this_year, found.next_year):
        assert cost.p10 < cost.p50 < cost.p90


def test_simulation_when_one_child_may_leave_then_its_quantiles_are_those_of_the_geometric():
    outlook = Outlook(
        date(2022, 4, 1), (Placement("a", Decimal(7), date(2022, 1, 1)),), leaving=(Leaving("a", Decimal("0.01")),)
    )
    found = simulate(outlook, runs=40_000).this_year
    # nights of £1 until leaving: half have left after ln 0.5 / ln 0.99 = 69 nights, a tenth after 11, nine after 230
    assert abs(found.p10 - 11) <= 1
    assert abs(found.p50 - 69) <= 2
    assert abs(found.p90 - 230) <= 5


def test_simulation_when_children_stay_for_a_night_or_two_then_the_nights_are_those_of_the_expectation():
    move = PlannedMove(date(2022, 4, 3), "b", Decimal(7_000))
    outlook = Outlook(
        date(2022, 4, 1),
        (Placement("a", Decimal(700), date(2022, 1, 1), moves=(move,)),),
        leaving=(Leaving("a", Decimal("0.5")), Leaving("b", Decimal("0.5"))),
    )
    found = simulate(outlook, runs=40_000).this_year
    assert year_totals(outlook)[0] == 100 + 50 + 500  # half as many each night, and £1,000 a night from the third on
    assert abs(found.mean - 650) <= 4 * found.error < 35


def test_simulation_when_starters_come_then_their_number_varies_as_poisson():
    rate = Decimal(3)
    outlook = Outlook(date(2023, 3, 1), (), starters=(Starters("a", rate, (Decimal(7), Decimal(21))),))
    found = simulate(outlook, runs=40_000).this_year
    # Σ of n ~ Poisson(3) costs x: variance = 3 · E[x²]; nights 1 to 31 alike, price £1 or £3
    squares = Decimal(sum(n * n for n in range(1, 32))) / 31 * (1 + 9) / 2
    assert abs(found.error / (rate * squares / 40_000).sqrt() - 1) < Decimal("0.03")
    assert abs(found.mean - rate * 16 * 2) <= 4 * found.error


def test_simulation_when_a_move_is_a_toss_then_half_the_runs_have_it():
    move = PlannedMove(date(2023, 2, 1), "b", Decimal(0), Decimal("0.5"))
    outlook = Outlook(date(2023, 1, 1), (Placement("a", Decimal(700), date(2022, 1, 1), moves=(move,)),))
    found = simulate(replace(outlook, cost_to_date=Decimal(0)), runs=4_000, budget=Decimal(5_000))
    assert {found.this_year.p10, found.this_year.p90} == {Decimal(3_100), Decimal(9_000)}
    assert abs(found.over_budget - 50) < 4


# The same seed, and progress


def test_simulation_when_the_seed_is_the_same_then_so_is_the_answer():
    outlook = an_outlook()
    assert simulate(outlook, runs=500, seed=7) == simulate(outlook, runs=500, seed=7)
    assert simulate(outlook, runs=500, seed=7) != simulate(outlook, runs=500, seed=8)


def test_simulation_when_it_goes_on_then_it_tells_about_twenty_times_and_at_the_end():
    told = []
    placements = tuple(Placement("a", Decimal(1), date(2022, 1, 1)) for _ in range(200))
    simulate(Outlook(date(2022, 4, 1), placements), runs=2, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (200, 200)
    assert len(told) == 20


@pytest.mark.parametrize("runs", [0, MOST_RUNS + 1])
def test_simulation_when_runs_are_none_or_too_many_then_it_is_refused(runs):
    with pytest.raises(TooManyRuns, match="Ask for 1 to 50,000"):
        simulate(an_outlook(), runs=runs)


# The job


def asked(**changes) -> bytes:
    return json.dumps(json.loads(payload_of(an_outlook(), runs=50, seed=3, budget=Decimal(10**6))) | changes).encode()


def test_job_when_it_runs_in_the_child_then_the_answer_is_that_of_the_function_and_progress_is_told():
    told = []
    answer = read_answer(bounded.run(job=JOB, payload=asked(), told=told.append, patience=30))
    assert isinstance(answer, Simulated)
    assert answer == simulate(an_outlook(), runs=50, seed=3, budget=Decimal(10**6))
    assert told[0] == "Drawing 50 runs of 7 placements"
    assert told[-1] == "100% drawn"


@pytest.mark.parametrize(
    "changes",
    [
        {"runs": 0},
        {"runs": "10"},
        {"as_of": "yesterday"},
        {"as_of": 7},
        {"placements": [{"rung": "a child's name", "weekly_pence": 1, "start": "2022-01-01", "end": None, "number": 1,
                         "moves": []}]},
        {"cost_to_date_pence": 10**14},
        {"placements": 3},
        {"placements": [{"rung": "a", "weekly_pence": -1, "start": "2022-01-01", "end": None, "number": 1,
                         "moves": []}]},
        {"placements": [{"rung": "a", "weekly_pence": 1, "start": "2022-01-01", "end": None, "number": 10**6,
                         "moves": []}]},
        {"starters": [{"rung": "a", "per_month": "1e9", "weekly_pence": [100]}]},
        {"starters": [{"rung": "a", "per_month": "201", "weekly_pence": [100]}]},
        {"leaving": [{"rung": "a", "per_night": "NaN"}]},
        {"cost_to_date_pence": 1.5},
        {"budget_pence": True},
    ],
    ids=str,
)  # fmt: skip
def test_job_when_asked_what_cannot_be_then_it_answers_with_a_sentence(changes):
    answer = run_projection(asked(**changes), untold)
    with pytest.raises(NotProjected, match=r"^[A-Z0-9].*\.$"):
        read_answer(answer)
    assert b"child's name" not in answer


def test_job_when_no_json_comes_then_it_answers_with_a_sentence():
    with pytest.raises(NotProjected):
        read_answer(run_projection(b"\xff{", untold))


@pytest.mark.parametrize(
    "changes",
    [{"this_year": [3, 2, 1, 2, 0]}, {"this_year": [1, 2]}, {"months": [{}]}, {"runs": -1}, {"over_budget": "101"},
     {"this_year": [1, 2, 3, 2, -1]}, {"seed": None}, {"months": [0] * 25}],
    ids=str,
)  # fmt: skip
def test_answer_when_it_is_not_as_agreed_then_it_is_refused(changes):
    good = json.loads(run_projection(asked(), untold))
    assert read_answer(json.dumps(good).encode()).runs == 50
    with pytest.raises(NotAsAgreed):
        read_answer(json.dumps(good | changes).encode())


def test_payload_when_made_then_it_holds_aggregates_alone():
    raw = json.loads(payload_of(an_outlook()))
    assert set(raw["placements"][0]) == {"rung", "weekly_pence", "start", "end", "number", "moves"}


def test_modules_for_views_when_imported_then_numpy_is_not():
    names = ["nights", "outlook", "expectation", "projection", "plan", "scenarios", "ages", "ssda903"]
    names += ["simulation", "projection_job", "demand_model"]
    code = f"import sys; import {', '.join(f'finance.{name}' for name in names)}"
    code += "; sys.exit(bool({'numpy', 'scipy', 'pandas', 'django'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_price_change_in_pounds_when_simulated_then_it_is_in_every_month():
    change = PriceChange(date(2022, 6, 1), pounds=Decimal(70), rungs=RUNGS[:1])
    outlook = Outlook(
        date(2022, 4, 1), (Placement(RUNGS[0], Decimal(700), date(2022, 1, 1)),), price_changes=(change,),
        leaving=(Leaving(RUNGS[0], Decimal("0.000000001")),),
    )  # fmt: skip
    found = simulate(outlook, runs=10)
    assert [row.band.p50 for row in found.months[:3]] == [3_000, 3_100, 3_300]
