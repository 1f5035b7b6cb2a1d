"""Makes, changes, copies and withdraws scenarios. A scenario never touches its plan, and only its owner changes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from finance.models import Home, PlacementPlan, Scenario, ScenarioStep
from finance.money import pence_of
from finance.operations.contract import refuse_text
from finance.operations.plans import CODE_MAX, REASON_MAX, TAKEN, WORDS_MAX
from finance.plan import (
    BadNumber,
    DateOutside,
    EndBeforeStart,
    HomeTwice,
    NoPrice,
    ScenarioError,
    TooFewChildren,
    UnknownHome,
    UnknownRung,
)
from finance.scenario_rows import DELAY, KINDS, MOVE, OPEN, PRICE, StepDetails, effect_of
from finance.selectors.plans import COUNTS, held, ladder_of, state_of
from finance.selectors.scenarios import CANNOT, HeldScenario, held_scenario
from indicators.models import AuditEvent, User
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import free_code, made_before, note_made, operation
from indicators.operations.errors import InputRefused, NotAllowed, OperationError, WrongState

NAME_MAX, PURPOSE_MAX, HOME_MAX = 120, 600, 120
MOST_STEPS = 30
_MOST_NUMBER = 10_000


class ScenarioChanged(OperationError):
    """Somebody, or another tab, changed the scenario after the page was opened."""


@dataclass(frozen=True)
class ScenarioDetails:
    """What a scenario is called, and what it tries."""

    name: str
    purpose: str


# Making one


def _refuse_details(details: ScenarioDetails) -> None:
    for box, text, most, missing in (
        ("name", details.name, NAME_MAX, "Give the scenario a name."),
        ("purpose", details.purpose, PURPOSE_MAX, "Say what it tries: everybody who reads it sees it."),
    ):
        refuse_text(box, text, missing, most)


@operation
def create_scenario(
    *, plan: PlacementPlan, details: ScenarioDetails, by: User, at: datetime, key: str = "", request_id: str = ""
) -> Scenario:
    """Begins a scenario without steps on a plan, owned by who makes it; the same key again gives the one that it made.

    Raises InputRefused, WrongState for a plan that does not count, OperationError for a key that was used otherwise.
    """
    asked = [plan.pk, details.name, details.purpose]
    if before := made_before(key=key, operation_name="create_scenario", asked=asked, by=by, at=at, once=True):
        return Scenario.objects.get(partnership=plan.partnership, code=before)
    _refuse_details(details)
    if state_of(plan) != COUNTS:
        raise WrongState("This plan does not count, so nothing is tried on it. Choose another one.")
    made = _made(plan, details, None, by, at)
    note_made(key=key, code=made.code)
    _told(made, "begun", by, at, request_id)
    return made


@operation
def copy_scenario(
    *, scenario: Scenario, plan: PlacementPlan, details: ScenarioDetails, by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> Scenario:  # fmt: skip
    """A scenario with the same steps that belongs to who copies it, on the same or another plan; the former stays as it
    is. The same key again gives the one that it made. Raises InputRefused where the steps cannot be tried on the plan.
    """
    asked = [scenario.pk, plan.pk, details.name, details.purpose]
    if before := made_before(key=key, operation_name="copy_scenario", asked=asked, by=by, at=at):
        return Scenario.objects.get(partnership=plan.partnership, code=before)
    _refuse_details(details)
    if plan.partnership_id != scenario.partnership_id or state_of(plan) != COUNTS:
        raise WrongState("Nothing is tried on this plan. Choose another one.")
    former = _found(scenario)
    try:
        effect_of(details.name, held(plan).plan, former.steps)
    except CANNOT as error:
        raise InputRefused("plan", f"On this plan the steps cannot be taken. {error}") from error
    made = _made(plan, details, scenario, by, at)
    for row in former.rows:
        row.pk, row.scenario = None, made
        row.save(force_insert=True)
    note_made(key=key, code=made.code)
    _told(made, f"copied from {scenario.code}", by, at, request_id)
    return made


def _made(
    plan: PlacementPlan, details: ScenarioDetails, former: Scenario | None, by: User, at: datetime
) -> Scenario:  # fmt: skip
    return Scenario.objects.create(
        partnership=plan.partnership, plan=plan, name=details.name.strip(), purpose=details.purpose.strip(),
        code=free_code(
            Scenario.objects.filter(partnership=plan.partnership), details.name, taken=TAKEN, longest=CODE_MAX
        ), owner=by, actor=shown_as(by)[:160],
        at=at, changed_at=at, copied_from=former,
    )  # fmt: skip


def _found(scenario: Scenario) -> HeldScenario:
    found = held_scenario(scenario.partnership, scenario.code)
    assert found is not None  # noqa: S101
    return found


# Changing one


def _locked(scenario: Scenario, version: int, by: User) -> Scenario:
    """The scenario for a change. Raises NotAllowed for whom it does not belong to, WrongState when it was withdrawn,
    ScenarioChanged when it is of another version."""
    row = Scenario.objects.select_for_update(of=("self",)).select_related("partnership", "plan").get(pk=scenario.pk)
    if row.owner_id != by.pk:
        raise NotAllowed("This scenario belongs to another person. Copy it, and change your copy.")
    if row.withdrawn_at is not None:
        raise WrongState("This scenario was withdrawn and can no longer be changed. Copy it to go on.")
    if row.version != version:
        raise ScenarioChanged(
            "This scenario has changed since you opened the page. Nothing was done; look at it again and decide anew."
        )
    return row


def _next(row: Scenario, at: datetime) -> None:
    row.version += 1
    row.changed_at = at
    row.save()


_BOXES: dict[type[Exception], str] = {
    TooFewChildren: "number", DateOutside: "on", UnknownRung: "to_rung", EndBeforeStart: "on", NoPrice: "weekly",
    UnknownHome: "home_name", HomeTwice: "home_name", BadNumber: "number",
}  # fmt: skip


def refuse_step(scenario: HeldScenario, details: StepDetails) -> None:
    """Raises InputRefused for a step that cannot be typed, or cannot be taken after those before it; nothing is
    written."""
    if details.kind not in KINDS:
        raise InputRefused("", "Choose what the step does.")
    if len(scenario.rows) >= MOST_STEPS:
        raise InputRefused("", f"A scenario has {MOST_STEPS} steps at most.")
    refuse_text("words", details.words, "Say why, and where the numbers are from.", WORDS_MAX)
    _refuse_numbers(details)
    try:
        effect_of(scenario.stored.name, scenario.on.plan, (*scenario.steps, details))
    except ScenarioError as error:
        raise InputRefused(_BOXES.get(type(error), ""), str(error)) from error
    except CANNOT as error:
        raise InputRefused("weekly" if details.kind != PRICE else "pounds", str(error)) from error


_NEEDED = {MOVE: ("number",), OPEN: ("number", "a_month"), PRICE: (), DELAY: ()}


def _refuse_numbers(details: StepDetails) -> None:
    for box in ("number", "a_month"):
        number = getattr(details, box)
        if box in _NEEDED[details.kind] and (number is None or not 1 <= number <= _MOST_NUMBER):
            raise InputRefused(box, "Give 1 or more.")
    for box in ("weekly", "standing"):
        amount = getattr(details, box)
        if amount is not None and amount < 0:
            raise InputRefused(box, "A price cannot be less than £0 a week.")
    if details.kind in (OPEN, DELAY):
        refuse_text("home_name", details.home_name, "Name the home.", HOME_MAX)
    if details.percent is not None and not -100 < details.percent <= 1_000:
        raise InputRefused("percent", "A price cannot fall by 100% or more, nor rise by more than 1,000%.")


@operation
def add_step(
    *, scenario: Scenario, details: StepDetails, version: int, by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> ScenarioStep:  # fmt: skip
    """Adds a step behind those that are there; the same key again gives the one that it made.

    Raises NotAllowed for whom the scenario does not belong to, ScenarioChanged, WrongState, InputRefused for a step
    that cannot be taken, OperationError for a key that was used otherwise.
    """
    asked = [scenario.pk, version, *vars(details).values()]
    if before := made_before(key=key, operation_name="add_step", asked=asked, by=by, at=at):
        return ScenarioStep.objects.get(pk=int(before))
    row = _locked(scenario, version, by)
    tried = _found(row)
    refuse_step(tried, details)
    ladder = ladder_of(row.partnership).categories
    last = row.steps.order_by("order").last()
    made = ScenarioStep.objects.create(
        scenario=row, order=last.order + 1 if last is not None else 1, words=details.words.strip(),
        from_rung=ladder.get(details.from_rung), to_rung=ladder.get(details.to_rung), home=_home(row, details),
        weekly_pence=_pence(details.weekly), pence=_pence(details.pounds), standing_pence=_pence(details.standing),
        home_name=details.home_name.strip(),
        **{name: getattr(details, name) for name in ("kind", "on", "number", "percent", "a_month")},
    )  # fmt: skip
    note_made(key=key, code=str(made.pk))
    _next(row, at)
    _told(row, f"step {made.order} added", by, at, request_id)
    return made


def _pence(pounds: Any) -> int | None:
    return None if pounds is None else pence_of(pounds)


def _home(row: Scenario, details: StepDetails) -> Home | None:
    if not details.home:
        return None
    found = Home.objects.filter(partnership=row.partnership, code=details.home).first()
    if found is None:
        raise InputRefused("home", "This home is not on the register.")
    return found


@operation
def remove_step(*, scenario: Scenario, order: int, version: int, by: User, at: datetime, request_id: str = "") -> None:
    """Takes a step out. Raises InputRefused where those after it could not be taken any more, and as `add_step`."""
    row = _locked(scenario, version, by)
    tried = _found(row)
    if order not in {step.order for step in tried.rows}:
        raise ScenarioChanged("This step is not there any more. Nothing was done; look at the scenario again.")
    left = tuple(step for step, stored in zip(tried.steps, tried.rows, strict=True) if stored.order != order)
    try:
        effect_of(row.name, tried.on.plan, left)
    except CANNOT as error:
        raise InputRefused("", f"Without this step those after it cannot be taken. {error}") from error
    row.steps.filter(order=order).delete()
    _next(row, at)
    _told(row, f"step {order} taken out", by, at, request_id)


@operation
def withdraw_scenario(
    *, scenario: Scenario, reason: str, version: int, by: User, at: datetime, request_id: str = ""
) -> None:
    """Takes a scenario back. It is kept and shown as withdrawn, with its results; nobody changes it any more.

    Raises InputRefused without a reason, and as `add_step`.
    """
    row = _locked(scenario, version, by)
    refuse_text("reason", reason, "Say why it is withdrawn.", REASON_MAX)
    row.withdrawn_at, row.withdrawn_reason = at, reason.strip()
    _next(row, at)
    _told(row, "withdrawn", by, at, request_id)


def _told(scenario: Scenario, done: str, by: User, at: datetime, request_id: str) -> None:
    record_audit(
        partnership=scenario.partnership, kind=AuditEvent.Kind.MONEY_RECORDED, by=by,
        what=f"scenario {scenario.code}: {done}", at=at, request_id=request_id,
    )  # fmt: skip
