"""Enters plans of placements, decides on them, and keeps results of the runs. None of these is changed afterwards.

A plan that a person enters counts once another person has accepted it. What was entered wrongly is entered anew, as a
plan that replaces it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from finance.models import PlacementPlan, PlanAssumption, PlanDecision, PlanRow, ProjectionRun, Scenario
from finance.money import pence_of, pounds_of
from finance.nights import PriceError
from finance.operations.contract import Refusals, decided_once, refuse_decision, refuse_text
from finance.outlook import ChangeInThePast, OutlookError, RungTwice
from finance.plan import Plan
from finance.plan_rows import Entered, PlanError, assumed_words, doubts, plan_of, refuse_assumed, refuse_rows
from finance.projection import project
from finance.projection_table import KIND_NAMES, pounds, projection_rows
from finance.selectors.plans import COUNTS, HeldPlan, held, ladder_of, state_of
from finance.selectors.runs import bands_json, inputs_of
from finance.selectors.scenarios import CANNOT, HeldScenario, held_scenario
from finance.simulation import Simulated
from indicators.models import AuditEvent, Partnership, Text, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import (
    free_code,
    hold,
    known_on,
    made_before,
    note_made,
    operation,
    signed,
    used_before,
)
from indicators.operations.errors import InputRefused, WrongState
from indicators.quarters import financial_year_of
from indicators.typed_text import is_blank
from indicators.working_days import day_words

NAME_MAX, NOTE_MAX, WORDS_MAX, REASON_MAX = 160, 600, 300, 300
CODE_MAX = 60
# Words that addresses use for something else.
TAKEN = frozenset({"new", "comparison", "total"})
MOST_PENCE = 10**13
_REFUSALS = Refusals(
    printed="This plan is made from a paper. It counts, and nobody decides on it.",
    own="You entered this plan, so another person decides on it.",
    unsaid="Say why it is refused: whoever entered it reads it.",
    decided="Somebody else has decided on this plan already. Nothing was done; look at it again.",
    longest=REASON_MAX,
)


@dataclass(frozen=True)
class PlanDetails:
    """What is typed of a plan. `odd_prices_reason`: why prices that look like yearly ones are right."""

    name: str
    entered: Entered
    note: str = ""
    cost_to_date_words: str = ""
    budget_pence: int | None = None
    budget_words: str = ""
    odd_prices_reason: str = ""
    replaces: PlacementPlan | None = None

    @property
    def asked(self) -> list[Any]:
        """All that it says."""
        e = self.entered
        return [
            self.name, e.as_at, e.rows, e.assumed, e.cost_to_date, self.note, self.cost_to_date_words,
            self.budget_pence, self.budget_words, self.odd_prices_reason, self.replaces.pk if self.replaces else None,
        ]  # fmt: skip


def refuse_plan(partnership: Partnership, details: PlanDetails, today: date) -> Plan:
    """The plan that it makes. Raises InputRefused for what cannot be; nothing is written."""
    _refuse_words(details)
    last = financial_year_of(today).next().end_on
    if details.entered.as_at > last:
        raise InputRefused(
            "as_at", f"{day_words(details.entered.as_at)} is too far ahead: a plan begins by {day_words(last)}, the "
            "end of the next financial year.",
        )  # fmt: skip
    entered, to_date = details.entered, details.entered.cost_to_date
    if to_date is not None and (to_date < 0 or pence_of(to_date) > MOST_PENCE):
        raise InputRefused("cost_to_date", "Give what was spent as an amount of £0 or more.")
    if details.budget_pence is not None and not 0 <= details.budget_pence <= MOST_PENCE:
        raise InputRefused("budget", "Give the budget as an amount of £0 or more.")
    for box, refuse in (("rows", refuse_rows), ("assumed", refuse_assumed)):
        try:
            refuse(entered)
        except PlanError as error:
            raise InputRefused(box, str(error)) from error
    former = details.replaces
    if former is not None and (former.partnership_id != partnership.pk or state_of(former) != COUNTS):
        raise InputRefused("replaces", "Only a plan that counts can be replaced.")
    if former is not None and PlacementPlan.objects.filter(replaces=former).exists():
        raise InputRefused("replaces", f"“{former}” was replaced by another plan already.")
    try:
        return plan_of(entered)
    except (RungTwice, ChangeInThePast) as error:
        raise InputRefused("assumed", str(error)) from error
    except (OutlookError, PriceError) as error:
        raise InputRefused("rows", str(error)) from error


def _refuse_words(details: PlanDetails) -> None:
    for box, text, most in (
        ("name", details.name, NAME_MAX), ("note", details.note, NOTE_MAX),
        ("cost_to_date_words", details.cost_to_date_words, WORDS_MAX),
        ("budget_words", details.budget_words, WORDS_MAX),
        ("odd_prices_reason", details.odd_prices_reason, REASON_MAX),
    ):  # fmt: skip
        refuse_text(box, text, "Give the plan a name." if box == "name" else "", most)
    if details.entered.cost_to_date is not None and is_blank(details.cost_to_date_words):
        raise InputRefused("cost_to_date_words", "Say where the amount is from.")
    if details.budget_pence is not None and is_blank(details.budget_words):
        raise InputRefused("budget_words", "Say where the budget is from.")


@operation
def draft_plan(
    *, partnership: Partnership, details: PlanDetails, by: User, at: datetime, key: str = "", request_id: str = ""
) -> PlacementPlan:
    """Keeps a plan, which counts once another person accepts it; the same key again gives the one that it made.

    Raises InputRefused for what cannot be and for odd prices without a reason, OperationError for a key that was used
    otherwise.
    """
    asked = [partnership.pk, *details.asked]
    if before := made_before(key=key, operation_name="draft_plan", asked=asked, by=by, at=at):
        return PlacementPlan.objects.get(partnership=partnership, code=before)
    hold(Partnership, partnership.pk)
    refuse_plan(partnership, details, known_on(at))
    odd = doubts(details.entered)
    if odd and is_blank(details.odd_prices_reason):
        raise InputRefused("odd_prices_reason", f"{odd[0]} Correct it, or say why it is right.")
    stamp = signed(by, at)
    plans = PlacementPlan.objects.filter(partnership=partnership)
    code = free_code(plans, details.name, taken=TAKEN, longest=CODE_MAX)
    made = _kept_plan(partnership, details, code, stamp)
    note_made(key=key, code=made.code)
    _told(partnership, AuditEvent.Kind.MONEY_RECORDED, f"plan {made.code}: entered", by, at, request_id)
    return made


def _kept_plan(partnership: Partnership, details: PlanDetails, code: str, stamp: dict[str, Any]) -> PlacementPlan:
    entered, to_date = details.entered, details.entered.cost_to_date
    made = PlacementPlan.objects.create(
        partnership=partnership, code=code, name=details.name.strip(), as_at=entered.as_at, note=details.note.strip(),
        cost_to_date_pence=None if to_date is None else pence_of(to_date),
        cost_to_date_words=details.cost_to_date_words.strip(), budget_pence=details.budget_pence,
        budget_words=details.budget_words.strip(), odd_prices_reason=details.odd_prices_reason.strip(),
        replaces=details.replaces, **stamp,
    )  # fmt: skip
    ladder = ladder_of(partnership).categories
    PlanRow.objects.bulk_create(
        [
            PlanRow(
                plan=made, order=order, rung=ladder[row.rung], number=row.number, weekly_pence=pence_of(row.weekly),
                start_on=row.start, end_on=row.end, move_on=row.move_on, move_to=ladder.get(row.move_to),
                move_weekly_pence=None if row.move_weekly is None else pence_of(row.move_weekly),
                move_percent=_chance(row.move_percent) if row.move_on else None, words=row.words,
            )
            for order, row in enumerate(entered.rows, 1)
        ]
    )  # fmt: skip
    PlanAssumption.objects.bulk_create(
        [
            PlanAssumption(
                plan=made, order=order, kind=one.kind.value, rung=ladder.get(one.rung), number=one.number,
                over=one.over, on=one.on, prices_pence=[pence_of(price) for price in one.prices], words=one.words,
            )
            for order, one in enumerate(entered.assumed, 1)
        ]
    )  # fmt: skip
    return made


def _chance(percent: Decimal | None) -> Decimal:
    return Decimal(100) if percent is None else percent


@operation
def decide_plan(
    *, plan: PlacementPlan, accept: bool, reason: str = "", by: User, at: datetime, key: str = "", request_id: str = ""
) -> PlanDecision:
    """Accepts a plan, so that it counts from now on, or refuses it and says why. Sending the same key again does
    nothing. Raises NotAllowed for who entered it, WrongState for what is decided already, is from a paper, or is
    refused without a reason, and OperationError for a key that was used otherwise."""
    hold(PlacementPlan, plan.pk)
    outcome = f"plan {plan.pk}, {'accepted' if accept else 'refused'}"
    if used_before(key=key, operation_name="decide_plan", outcome=outcome, by=by, at=at):
        return PlanDecision.objects.get(plan=plan)
    said = refuse_decision(
        drafted_by=plan.by_id, by=by, accept=accept, reason=reason, words=_REFUSALS,
        is_decided=PlanDecision.objects.filter(plan=plan).exists(),
    )  # fmt: skip
    made = decided_once(
        lambda: PlanDecision.objects.create(
            plan=plan, is_accepted=accept, reason=Text.objects.keep(said), **signed(by, at)
        ),
        _REFUSALS,
    )
    done = "accepted" if accept else "refused"
    _told(plan.partnership, AuditEvent.Kind.MONEY_DECIDED, f"plan {plan.code}: {done}", by, at, request_id)
    return made


def _told(partnership: Partnership, kind: str, what: str, by: User, at: datetime, request_id: str) -> None:
    record_audit(partnership=partnership, kind=kind, by=by, what=what, at=at, request_id=request_id)


# Results


@operation
def keep_run(
    *, plan: PlacementPlan, scenario: Scenario | None = None, inputs_sha256: str, found: Simulated, by: User,
    at: datetime, request_id: str = "",
) -> ProjectionRun:  # fmt: skip
    """Keeps the band that was drawn with the projection line by line; what was drawn before from the same inputs with
    the same version of the software is given back instead. Raises WrongState when the scenario has changed since."""
    hold(PlacementPlan, plan.pk)
    on = held(PlacementPlan.objects.select_related("partnership", "decision", "source").get(pk=plan.pk))
    tried = _tried(on, scenario)
    outlook = tried.outlook if tried else on.plan.outlook
    if inputs_of(outlook, budget_of(plan))[1] != inputs_sha256:
        raise WrongState("The scenario was changed while the runs were drawn. Nothing was kept; draw them again.")
    same = {"inputs_sha256": inputs_sha256, "software_version": settings.VERSION, "scenario": scenario}
    before = ProjectionRun.objects.filter(plan=plan, **same).order_by("pk").last()
    version = tried.stored.version if tried else None
    if before is not None and before.scenario_version == version:
        return before
    projection = project(outlook)
    stem = scenario.code if scenario is not None else plan.code
    number = ProjectionRun.objects.filter(plan=plan, scenario=scenario).count() + 1
    made = ProjectionRun.objects.create(
        plan=plan, code=f"{stem}-{number}", name=scenario.name if scenario is not None else plan.name,
        scenario_version=version, runs=found.runs, seed=found.seed,
        this_year_pence=pence_of(projection.this_year), next_year_pence=pence_of(projection.next_year),
        lines=[[r.code, r.name, pence_of(r.this_year), pence_of(r.next_year)]
               for r in projection_rows(plan.code, projection)],
        steps=_steps(tried), assumptions=_assumptions(on, tried),
        bands=bands_json(found), over_budget_percent=found.over_budget, **signed(by, at), **same,
    )  # fmt: skip
    _told(plan.partnership, AuditEvent.Kind.MONEY_RECORDED, f"projection {made.code}: kept", by, at, request_id)
    return made


def budget_of(plan: PlacementPlan) -> Decimal | None:
    """The budget that a plan is held against, in pounds."""
    return None if plan.budget_pence is None else pounds_of(plan.budget_pence)


def _tried(on: HeldPlan, scenario: Scenario | None) -> HeldScenario | None:
    if scenario is None:
        return None
    found = held_scenario(on.stored.partnership, scenario.code)
    if found is None or found.stored.withdrawn_at is not None:
        raise WrongState("The scenario was withdrawn, so nothing is drawn of it.")
    try:
        found.outlook  # noqa: B018
    except CANNOT as error:
        raise WrongState(str(error)) from error
    return found


def _assumptions(on: HeldPlan, tried: HeldScenario | None) -> list[str]:
    """All that a reader of the result must know: the plan and what it assumes, and why each step is tried."""
    stored, budget = on.stored, budget_of(on.stored)
    said = [f"The plan is “{stored}” as at {day_words(stored.as_at)}, {on.origin}."]
    said += [stored.note] if stored.note else []
    said += [f"The budget is {pounds(budget)}. {stored.budget_words}."] if budget is not None else []
    for one in on.entered.assumed:
        rung = f", {on.entered.names[one.rung]}" if one.rung else ""
        said.append(f"{KIND_NAMES[one.kind]}{rung}: {assumed_words(one, on.entered.names)}. {one.words}.")
    if tried is not None and tried.effect is not None:
        said.append(f"What the scenario tries: {tried.stored.purpose}")
        said += [f"{step.words}: {row.words}" for step, row in zip(tried.effect.steps, tried.rows, strict=True)]
        said += tried.effect.assumptions
    return said


def _steps(tried: HeldScenario | None) -> Sequence[Any]:
    if tried is None or tried.effect is None:
        return []
    return [[step.words, pence_of(step.this_year), pence_of(step.next_year)] for step in tried.effect.steps]
