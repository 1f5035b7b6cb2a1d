"""The tables of scenarios: the list, the steps of one, several side by side, and a result that was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.projection_table import NONE, pounds, sided
from finance.scenarios import Effect
from finance.simulation import Simulated
from indicators.quarters import FinancialYear
from indicators.table_spec import Column, Field, TableSpec, Values
from indicators.table_spec import Kind as Is
from indicators.working_days import day_words

TOTAL = "total"
NO_EFFECT = "cannot be worked out"


# The list


@dataclass(frozen=True)
class ScenarioRow:
    """A scenario on the list; `effect` is None where it cannot be worked out."""

    code: str
    name: str
    purpose: str
    plan: str
    plan_name: str
    year: FinancialYear
    owner: str
    changed_on: date
    steps: int
    effect: Effect | None
    withdrawn: str = ""


def _effect_text(v: Values, name: str) -> tuple[str, ...]:
    if v["state"] == "withdrawn":
        return ("withdrawn",)
    return (NO_EFFECT,) if v[name] is None else (sided(v[name]),)


SCENARIOS_TABLE: TableSpec[ScenarioRow] = TableSpec(
    "scenarios",
    (
        Column(
            "name",
            "Scenario",
            (
                Field("scenario", Is.CODE, lambda r: r.code, "Code of the scenario"),
                Field("name", Is.TEXT, lambda r: r.name, "What it is called"),
                Field("purpose", Is.TEXT, lambda r: r.purpose, "What it tries"),
            ),
            lambda v: (v["name"], v["purpose"]),
        ),
        Column(
            "plan",
            "On the plan",
            (
                Field("plan", Is.CODE, lambda r: r.plan, "Code of the plan"),
                Field("plan_name", Is.TEXT, lambda r: r.plan_name, "What the plan is called"),
                Field("year", Is.CODE, lambda r: r.year.slug, "The financial year that is projected"),
            ),
            lambda v: (v["plan_name"],),
        ),
        Column(
            "owner",
            "Owner",
            (
                Field("owner", Is.TEXT, lambda r: r.owner, "Who may change it"),
                Field("changed_on", Is.DATE, lambda r: r.changed_on, "When it was changed last"),
                Field("steps", Is.WHOLE, lambda r: r.steps, "How many steps it has"),
            ),
            lambda v: (v["owner"], f"changed {day_words(v['changed_on'])}",
                       f"{v['steps']} step{'' if v['steps'] == 1 else 's'}"),
        ),
        Column(
            "this_year",
            "Effect this year",
            (
                Field("state", Is.CODE, lambda r: "withdrawn" if r.withdrawn else "open", "open or withdrawn"),
                Field("withdrawn", Is.TEXT, lambda r: r.withdrawn, "Why it was withdrawn"),
                Field("this_year", Is.NUMBER, lambda r: r.effect.this_year if r.effect else None,
                      "What it changes this year, in pounds; below 0: less"),
            ),
            lambda v: _effect_text(v, "this_year"),
        ),
        Column(
            "next_year",
            "Effect next year",
            (Field("next_year", Is.NUMBER, lambda r: r.effect.next_year if r.effect else None, "The same next year"),),
            lambda v: _effect_text(v, "next_year"),
        ),
    ),
)  # fmt: skip


# Steps


@dataclass(frozen=True)
class StepRow:
    """A step of a scenario with what it changes beside those before it; `order` 0: all of them together."""

    scenario: str
    order: int
    name: str
    why: str
    this_year: Decimal | None
    next_year: Decimal | None


def step_rows(scenario: str, orders: Sequence[tuple[int, str]], effect: Effect) -> list[StepRow]:
    """The steps by their places and reasons, and what they make together."""
    rows = [
        StepRow(scenario, order, step.words, why, step.this_year, step.next_year)
        for (order, why), step in zip(orders, effect.steps, strict=True)
    ]
    if len(rows) > 1:
        rows.append(StepRow(scenario, 0, "All steps", "", effect.this_year, effect.next_year))
    return rows


def _change(v: Values, name: str) -> tuple[str, ...]:
    return (NO_EFFECT if v[name] is None else sided(v[name]),)


STEPS_TABLE: TableSpec[StepRow] = TableSpec(
    "scenario-steps",
    (
        Column(
            "step",
            "Step",
            (
                Field("scenario", Is.CODE, lambda r: r.scenario, "Code of the scenario"),
                Field("step", Is.WHOLE, lambda r: r.order or None, "Place of the step; empty: all together"),
                Field("words", Is.TEXT, lambda r: r.name, "The step"),
                Field("why", Is.TEXT, lambda r: r.why, "Why, and where its numbers are from"),
            ),
            lambda v: (v["words"], v["why"]) if v["why"] else (v["words"],),
        ),
        Column(
            "this_year",
            "This year",
            (Field("this_year", Is.NUMBER, lambda r: r.this_year, "What it changes this year, in pounds"),),
            lambda v: _change(v, "this_year"),
        ),
        Column(
            "next_year",
            "Next year",
            (Field("next_year", Is.NUMBER, lambda r: r.next_year, "What it changes next year, in pounds"),),
            lambda v: _change(v, "next_year"),
        ),
    ),
)


# Side by side


@dataclass(frozen=True)
class ComparedRow:
    """A scenario, or ("") its plan as it stands, beside others: cost and effect of both years, and the kept band."""

    scenario: str
    name: str
    plan: str
    year: FinancialYear
    cost: tuple[Decimal, Decimal]
    effect: tuple[Decimal, Decimal]
    band: Simulated | None = None


def _band_text(v: Values) -> tuple[str, ...]:
    if v["p10"] is None:
        return (NONE,)
    return (f"{pounds(v['p10'])} to {pounds(v['p90'])}",)


def _costs(v: Values, year: str) -> tuple[str, ...]:
    effect = "as planned" if not v["scenario"] else sided(v[f"effect_{year}"])
    return (pounds(v[f"cost_{year}"]), effect)


COMPARISON_TABLE: TableSpec[ComparedRow] = TableSpec(
    "scenario-comparison",
    (
        Column(
            "name",
            "Scenario",
            (
                Field("scenario", Is.CODE, lambda r: r.scenario, "Code of the scenario; empty: the plan as it stands"),
                Field("name", Is.TEXT, lambda r: r.name, "What it is called"),
                Field("plan", Is.CODE, lambda r: r.plan, "Code of the plan"),
                Field("year", Is.CODE, lambda r: r.year.slug, "The financial year that is projected"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "this_year",
            "This year",
            (
                Field("cost_this", Is.NUMBER, lambda r: r.cost[0], "Projected cost this year, in pounds"),
                Field("effect_this", Is.NUMBER, lambda r: r.effect[0], "Against the plan, in pounds; below 0: less"),
            ),
            lambda v: _costs(v, "this"),
        ),
        Column(
            "next_year",
            "Next year",
            (
                Field("cost_next", Is.NUMBER, lambda r: r.cost[1], "Projected cost next year, in pounds"),
                Field("effect_next", Is.NUMBER, lambda r: r.effect[1], "Against the plan, in pounds; below 0: less"),
            ),
            lambda v: _costs(v, "next"),
        ),
        Column(
            "band",
            "Band of this year",
            (
                Field("p10", Is.NUMBER, lambda r: r.band.this_year.p10 if r.band else None,
                      "A tenth of the kept runs stay below; empty: none is kept"),
                Field("p50", Is.NUMBER, lambda r: r.band.this_year.p50 if r.band else None, "Half of them"),
                Field("p90", Is.NUMBER, lambda r: r.band.this_year.p90 if r.band else None, "Nine tenths of them"),
            ),
            _band_text,
        ),
    ),
)  # fmt: skip


# A result that was kept


@dataclass(frozen=True)
class ResultRow:
    """A line of a kept result: of the projection, of the steps, of the band, or an assumption in words."""

    part: str
    code: str
    name: str
    this_year: Decimal | None = None
    next_year: Decimal | None = None


PARTS = {
    "line": "Projection, line by line", "step": "What each step changes", "band": "Band of the runs",
    "assumption": "What it assumes", "kept": "How it was worked out",
}  # fmt: skip
# What a pack has published is read by the columns of its version for ever: a change of them is another version.
RESULT_VERSION = 1
_AMOUNTS = frozenset({("line", "to_date"), ("line", "known"), ("line", "standing"), ("line", TOTAL)})


def _amount(v: Values, name: str) -> tuple[str, ...]:
    if v[name] is None:
        return (NONE,)
    is_amount = v["part"] == "band" or (v["part"], v["code"]) in _AMOUNTS
    return (pounds(v[name]) if is_amount else sided(v[name]) if v[name] else NONE,)


RESULT_TABLE: TableSpec[ResultRow] = TableSpec(
    "projection-result",
    (
        Column(
            "name",
            "Line",
            (
                Field("part", Is.CODE, lambda r: r.part, "line, step, band, assumption or kept"),
                Field("code", Is.CODE, lambda r: r.code, "Code of the line"),
                Field("name", Is.TEXT, lambda r: r.name, "The line in words"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "this_year",
            "This year",
            (Field("this_year", Is.NUMBER, lambda r: r.this_year, "Pounds; of steps and later lines a change"),),
            lambda v: _amount(v, "this_year"),
        ),
        Column(
            "next_year",
            "Next year",
            (Field("next_year", Is.NUMBER, lambda r: r.next_year, "The same of the next financial year"),),
            lambda v: _amount(v, "next_year"),
        ),
    ),
)
RESULT_WRITERS: Mapping[int, TableSpec[ResultRow]] = {RESULT_VERSION: RESULT_TABLE}
