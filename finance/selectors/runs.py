"""Results that were kept: the band of the runs with the projection line by line, as it was worked out then."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from finance.models import PlacementPlan, ProjectionRun, Scenario
from finance.money import about, pounds_of
from finance.outlook import Outlook
from finance.projection_job import payload_of
from finance.scenario_table import ResultRow
from finance.simulation import RUNS, SEED, Band, MonthBand, Simulated
from indicators.models import Partnership
from indicators.operations.basics import known_on
from indicators.quarters import FinancialYear, financial_year_of, parse
from indicators.working_days import day_words


@dataclass(frozen=True)
class KeptRun:
    """A kept result of a plan, or of a scenario on it."""

    stored: ProjectionRun
    year: FinancialYear
    found: Simulated

    @property
    def said(self) -> str:
        """Who drew it when, and how."""
        run = self.stored
        return (
            f"{run.runs:,} runs, drawn by {run.actor} on {day_words(known_on(run.at))} with seed {run.seed} and "
            f"version {run.software_version}."
        )

    @property
    def is_point(self) -> bool:
        """Whether chance has nothing to change: every run costs the same."""
        return self.found.this_year.p10 == self.found.this_year.p90

    @property
    def sentence(self) -> str:
        """The band of this year in words."""
        band = self.found.this_year
        if self.is_point:
            return (
                f"Every run costs the same in {self.year.label}: the plan assumes nobody who may come or leave, so "
                "chance has nothing to change."
            )
        return (
            f"In eight of ten runs {self.year.label} costs between {about(band.p10)} and {about(band.p90)}; half "
            f"of the runs stay below {about(band.p50)}."
        )

    @property
    def rows(self) -> list[ResultRow]:
        """Everything that was kept, as a table."""
        run = self.stored
        rows = [ResultRow("line", code, name, pounds_of(t), pounds_of(n)) for code, name, t, n in run.lines]
        rows += [
            ResultRow("step", str(place), words, pounds_of(t), pounds_of(n))
            for place, (words, t, n) in enumerate(run.steps, 1)
        ]
        rows += [
            ResultRow("band", code, words, getattr(self.found.this_year, code), getattr(self.found.next_year, code))
            for code, words in BAND_WORDS.items()
        ]
        if run.over_budget_percent is not None:
            share = share_words(run.over_budget_percent)
            rows.append(
                ResultRow("kept", "over_budget", f"{share} of the runs cost more than the budget of this year.")
            )
        rows += [ResultRow("assumption", str(n), words) for n, words in enumerate(run.assumptions, 1)]
        years = f"This year is {self.year.label}, next year {self.year.next().label}."
        rows.append(ResultRow("kept", "years", years))
        rows.append(ResultRow("kept", "runs", self.said))
        rows.append(ResultRow("kept", "inputs", f"SHA-256 of what went in: {run.inputs_sha256}"))
        return rows


BAND_WORDS = {
    "p10": "A tenth of the runs stay below (P10)", "p50": "Half of the runs stay below (P50)",
    "p90": "Nine tenths of the runs stay below (P90)", "mean": "Mean of the runs",
}  # fmt: skip


def share_words(percent: Decimal) -> str:
    """A share of the runs: "All", "None", "12.3%"."""
    whole = {Decimal(0): "None", Decimal(100): "All"}
    return whole.get(percent, f"{percent:f}%")


def inputs_of(outlook: Outlook, budget: Decimal | None) -> tuple[bytes, str]:
    """What the child is given, and its SHA-256: the same inputs give the same result."""
    payload = payload_of(outlook, RUNS, SEED, budget)
    return payload, hashlib.sha256(payload).hexdigest()


def latest_run(plan: PlacementPlan, scenario: Scenario | None = None) -> KeptRun | None:
    """The result that was kept last of a plan, or of a scenario. One query."""
    found = ProjectionRun.objects.filter(plan=plan, scenario=scenario).order_by("pk").last()
    return kept(found, plan.as_at) if found is not None else None


def latest_runs(scenarios: Sequence[Scenario]) -> dict[int, KeptRun]:
    """The same for scenarios, by their ids. One query."""
    rows = ProjectionRun.objects.filter(scenario__in=[s.pk for s in scenarios]).select_related("plan").order_by("pk")
    return {row.scenario_id: kept(row, row.plan.as_at) for row in rows if row.scenario_id}


def runs_to_tell(partnership: Partnership) -> list[ProjectionRun]:
    """The results that a pack can carry: the last of each plan that nothing has replaced, and of each scenario that was
    not withdrawn. One query."""
    rows = ProjectionRun.objects.filter(plan__partnership=partnership, plan__replaced_by=None)
    rows = rows.filter(scenario__withdrawn_at=None).select_related("plan", "scenario").order_by("pk")
    return list({(row.plan_id, row.scenario_id): row for row in rows}.values())


def is_current(run: ProjectionRun) -> bool:
    """Whether a result is still of its plan and scenario as they stand."""
    if run.scenario is None:
        return not hasattr(run.plan, "replaced_by")
    return run.scenario.withdrawn_at is None and run.scenario.version == run.scenario_version


def label_of(run: ProjectionRun) -> str:
    """What a result is called in a list and in a pack."""
    kind = "Projection" if run.scenario_id is None else "Scenario"
    return f"{kind}: {run.name}, {financial_year_of(run.plan.as_at).label}"


def told_when(run: ProjectionRun) -> str:
    """When a result was drawn."""
    return f"drawn on {day_words(known_on(run.at))}"


def kept(run: ProjectionRun, as_at: date) -> KeptRun:
    """A stored result, read."""
    bands: Mapping[str, Any] = run.bands
    found = Simulated(
        runs=run.runs,
        seed=run.seed,
        this_year=_band(bands["this_year"]),
        next_year=_band(bands["next_year"]),
        months=tuple(MonthBand(parse(slug), _band(band)) for slug, band in bands["months"]),  # type: ignore[arg-type]
        over_budget=run.over_budget_percent,
    )
    return KeptRun(run, financial_year_of(as_at), found)


def _band(pence: Sequence[int]) -> Band:
    return Band(*(pounds_of(amount) for amount in pence))


def bands_json(found: Simulated) -> dict[str, Any]:
    """Bands as they are kept."""
    return {
        "this_year": _pence(found.this_year),
        "next_year": _pence(found.next_year),
        "months": [[row.month.slug, _pence(row.band)] for row in found.months],
    }


def _pence(band: Band) -> list[int]:
    return [int(amount * 100) for amount in (band.p10, band.p50, band.p90, band.mean, band.error)]
