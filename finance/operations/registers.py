"""What may stand on the registers, and how it comes to stand there. Nothing on a register is ever changed.

Who may do what is asked by the pages; that nobody decides on money that he asked for is asked here. What is put on a
register was a draft that another person accepted: `finance.operations.register_drafts` keeps those.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from finance.capacity import Expected, is_later
from finance.due import PAID_WITHIN
from finance.models import (
    BudgetHead,
    BusinessCase,
    BusinessCaseLine,
    Claim,
    FundingAmount,
    FundingItem,
    FundingProgramme,
    Home,
    HomePlan,
    Milestone,
    RegisterStep,
    Rung,
    Saving,
)
from finance.operations.contract import refuse_text
from finance.register_drafts import Kind, Values
from finance.registers import CAPACITY, CASES, CLAIMS, DECISIONS, MILESTONES, PROGRAMMES, SAVINGS, Register
from indicators import quarters
from indicators.models import AuditEvent, Category, Partnership, Period, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import free_code, hold, known_on, made_before, note_made, operation, signed, stripped
from indicators.operations.errors import InputRefused, NotAllowed, WrongState
from indicators.operations.rows import period_row
from indicators.typed_text import is_blank

_CODE_MAX, _NAME_MAX, _TEXT_MAX = 50, 200, 600
# Codes that addresses use for something else.
_TAKEN = frozenset({"new", "total", "drafts"})
# The column of a step for what it happened to.
_STEPS_OF: dict[type[Model], str] = {
    Saving: "saving",
    BusinessCase: "case",
    Claim: "claim",
    Milestone: "milestone",
    FundingItem: "item",
}
_PLAN = ("stage", "known_on", "expected_on", "expected_precision", "expected_words", "reason")


@dataclass(frozen=True)
class Place:
    """Where something is put: a register of a partnership, and what it is added to there; None for a new entry."""

    partnership: Partnership
    register: Register
    on: Any = None


Own = dict[str, Any]


# Words, years and amounts


def _year(text: str) -> quarters.FinancialYear:
    """The financial year of its slug. Raises InputRefused for anything else."""
    try:
        year = quarters.parse(text)
    except quarters.PeriodTextError as error:
        raise InputRefused("year", str(error)) from error
    if not isinstance(year, quarters.FinancialYear):
        raise InputRefused("year", "Give a financial year, such as 2022-23.")
    return year


def _pence(pounds: Decimal) -> int:
    """Whole pence. Raises InputRefused for less than nothing and for part of a penny."""
    if pounds < 0:
        raise InputRefused("asked", "Give an amount of 0 or more: what is asked or granted is never less than nothing.")
    pence = pounds.scaleb(2)
    if pence != pence.to_integral_value():
        raise InputRefused("asked", "Money is kept to the penny: give two decimals at most.")
    return int(pence)


def _named(own: Values) -> None:
    refuse_text("name", str(own["name"]), "Give it a name.", _NAME_MAX)


def _check_day(own: Values, day: str, precision: str) -> None:
    if bool(own[day]) != bool(own[precision]):
        raise InputRefused(precision, "Give both the day and how exactly it is known, or neither.")


# New entries


def _check_saving(place: Place, own: Own, today: date) -> None:
    for name, model in (("head", BudgetHead), ("rung", Rung)):
        chosen = own.get(name)
        rows: Any = model._default_manager
        if chosen is not None and not rows.filter(pk=chosen.pk, partnership=place.partnership).exists():
            raise WrongState(f"{chosen.name} does not belong to {place.partnership}.")
    _year(own["year"])


def _check_case(place: Place, own: Own, today: date) -> None:
    if own["asked_on"] and own["asked_on"] > today:
        raise InputRefused("asked_on", "The day on which it was asked has not come yet.")
    _year(own["year"])


def _check_programme(place: Place, own: Own, today: date) -> None:
    if not own["authority"]:
        raise InputRefused("authority", "Say who approved it, and when; without authority no money is granted.")


def _check_milestone(place: Place, own: Own, today: date) -> None:
    _check_day(own, "due_on", "due_precision")


def _check_home(place: Place, own: Own, today: date) -> None:
    least, most = own["beds_min"], own["beds_max"]
    if most is not None and (least is None or most < least):
        raise InputRefused("beds_max", "The most beds are fewer than the least. Correct one of the two numbers.")
    if 0 in (least, most):
        raise InputRefused("beds_min", "A home without beds is none: give at least 1, or leave the number empty.")
    _check_plan(place, own, today)


def _check_nothing(place: Place, own: Own, today: date) -> None:
    """A claim needs no more than its form asks for."""


_ENTRIES: dict[str, tuple[type[Model], Callable[[Place, Own, date], None]]] = {
    SAVINGS: (Saving, _check_saving),
    CASES: (BusinessCase, _check_case),
    CLAIMS: (Claim, _check_nothing),
    MILESTONES: (Milestone, _check_milestone),
    PROGRAMMES: (FundingProgramme, _check_programme),
    CAPACITY: (Home, _check_home),
}


def _check_entry(place: Place, own: Own, today: date) -> None:
    _named(own)
    _ENTRIES[place.register.code][1](place, own, today)


def _put_entry(place: Place, own: Own, stamp: Values) -> None:
    rows: Any = _ENTRIES[place.register.code][0]._default_manager
    columns = {name: value for name, value in own.items() if name not in {"year", "head", "rung", *_PLAN}}
    if "year" in own:
        columns["period"] = period_row(_year(own["year"]))
    columns |= {f"{name}_id": own[name].pk for name in ("head", "rung") if own.get(name) is not None}
    code = free_code(rows.filter(partnership=place.partnership), own["name"], taken=_TAKEN)
    made = rows.create(partnership=place.partnership, code=code, **columns, **stamp)
    if place.register.code == CAPACITY:
        _put_plan(Place(place.partnership, place.register, made), {name: own[name] for name in _PLAN}, stamp)


# Plans of a home


def _check_plan(place: Place, own: Own, today: date) -> None:
    """What is known of a home now. A later day than before asks for the reason, and so does one of which words do not
    let it be told."""
    _check_day(own, "expected_on", "expected_precision")
    if not own["stage"]:
        raise InputRefused("stage", "Say at what stage the home is.")
    if own["known_on"] > today:
        raise InputRefused("known_on", "The day on which this was known has not come yet.")
    last = place.on.plans.order_by("known_on", "at", "pk").last() if place.on is not None else None
    if last is None:
        return
    if own["known_on"] < last.known_on:
        raise InputRefused("known_on", "Something later is recorded of this home already. Give a day not before it.")
    names = ("known_on", "expected_on", "expected_precision", "expected_words")
    before, now = Expected(*(getattr(last, name) for name in names)), Expected(*(own[name] for name in names))
    slips = is_later(before, now)
    if slips and not own["reason"]:
        raise InputRefused("reason", "It is expected later than before. Say why.")
    if slips is None and not own["reason"]:
        raise InputRefused("reason", f"It was expected {before.words} before. Say why that has changed.")


def _put_plan(place: Place, own: Own, stamp: Values) -> None:
    HomePlan.objects.create(home=place.on, **own, **stamp)


# Lines of a business case


def _check_line(place: Place, own: Own, today: date) -> None:
    _named(own)
    if not _pence(own["asked"]):
        raise InputRefused("asked", "Say how much is asked for.")


def _put_line(place: Place, own: Own, stamp: Values) -> None:
    code = free_code(place.on.lines.all(), own["name"], taken=_TAKEN)
    BusinessCaseLine.objects.create(
        case=place.on, code=code, name=own["name"], note=own["note"], asked_pence=_pence(own["asked"]),
        outcome=BusinessCaseLine.Outcome.ASKED, **stamp,
    )  # fmt: skip


# Items and funds of a programme


def _check_item(place: Place, own: Own, today: date) -> None:
    _named(own)
    if place.on.items.filter(letter=own["letter"]).exists():
        raise InputRefused("letter", f"The programme has an item {own['letter']} already. Give another letter.")
    _by_year(own["costs"])


def _put_item(place: Place, own: Own, stamp: Values) -> None:
    columns = {name: value for name, value in own.items() if name != "costs"}
    item = FundingItem.objects.create(programme=place.on, **columns, **stamp)
    _put_amounts(place.on, own["costs"], stamp, item=item)


def _check_fund(place: Place, own: Own, today: date) -> None:
    fund = own["fund"]
    if not Category.objects.filter(pk=fund.pk, dimension__code="fund").exists():
        raise InputRefused("fund", "Choose a fund from the list.")
    if place.on.amounts.filter(fund_id=fund.pk).exists():
        raise InputRefused("fund", f"What {fund.name} gives is recorded already.")
    _by_year(own["costs"])


def _put_fund(place: Place, own: Own, stamp: Values) -> None:
    _put_amounts(place.on, own["costs"], stamp, fund_id=own["fund"].pk)


def _by_year(costs: Sequence[Sequence[Any]]) -> dict[quarters.FinancialYear, int]:
    """Pence by year. Raises WrongState for a year named twice, for none, and for amounts that cannot be."""
    found: dict[quarters.FinancialYear, int] = {}
    for slug, pounds in costs:
        year = _year(slug)
        if year in found:
            raise WrongState(f"{year.label} stands there twice. Give one amount for each year.")
        found[year] = _pence(pounds)
    if not found:
        raise WrongState("Give an amount for at least one financial year.")
    return found


def _put_amounts(programme: FundingProgramme, costs: Sequence[Sequence[Any]], stamp: Values, **of: Any) -> None:
    """The amount of each year, and of all of them together."""
    by_year = _by_year(costs)
    amounts: list[tuple[Period | None, int]] = [(period_row(year), pence) for year, pence in by_year.items()]
    for period, pence in (*amounts, (None, sum(by_year.values()))):
        FundingAmount.objects.create(programme=programme, period=period, pence=pence, **of, **stamp)


# What became of an entry


def _check_step(place: Place, own: Own, today: date) -> None:
    state, on, states = own["state"], own["on"], place.register.states
    if state not in states:
        raise InputRefused("state", "Choose from the list what happened.")
    if on > today:
        raise InputRefused("on", "The day on which it happened has not come yet.")
    if state in place.register.explained and is_blank(own["words"]):
        raise InputRefused("words", f"Say more of “{states[state]}”: everybody who reads the register can see it.")
    if state == "paid" and not place.on.steps.filter(state="sent", on__lte=on).exists():
        raise InputRefused(
            "state", f"Record first when the claim was sent, and have that accepted: it is to be paid within "
            f"{PAID_WITHIN} days of that day.",
        )  # fmt: skip


def _put_step(place: Place, own: Own, stamp: Values) -> None:
    of = {_STEPS_OF[type(place.on)]: place.on}
    RegisterStep.objects.create(partnership=place.partnership, **own, **of, **stamp)


# All of them


_KINDS: dict[Kind, tuple[Callable[[Place, Own, date], None], Callable[[Place, Own, Values], None]]] = {
    Kind.ENTRY: (_check_entry, _put_entry),
    Kind.PLAN: (_check_plan, _put_plan),
    Kind.LINE: (_check_line, _put_line),
    Kind.ITEM: (_check_item, _put_item),
    Kind.FUND: (_check_fund, _put_fund),
    Kind.STEP: (_check_step, _put_step),
}


def checked(place: Place, kind: Kind, values: Values, today: date) -> Own:
    """What was typed, without spaces around texts, if it can be put there as the register stands on that day. Raises
    InputRefused, or WrongState for what is about no box alone; nothing is written."""
    own = stripped(values)
    for name, value in own.items():
        if isinstance(value, str):
            refuse_text(name, value, "", _TEXT_MAX)
    _KINDS[kind][0](place, own, today)
    return own


def put(place: Place, kind: Kind, own: Values, stamp: Mapping[str, Any]) -> None:
    """Puts what was checked on the register; `stamp` has the draft with who drafted it and when."""
    _KINDS[kind][1](place, dict(own), stamp)


@operation
def decide_line(
    *, line: BusinessCaseLine, outcome: str, words: str, on: date, by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> RegisterStep:  # fmt: skip
    """Records what became of a line of a business case; the same key again gives the decision that it made. It stands
    at once: one person asked, and another decides.

    Raises NotAllowed for who put the case or the line on the register; WrongState for an outcome that is none, a day
    to come or before it was asked, and for a line that is decided otherwise already unless the words say why.
    """
    asked = [line.pk, outcome, words, on]
    if before := made_before(key=key, operation_name="decide_line", asked=asked, by=by, at=at):
        return RegisterStep.objects.get(pk=int(before))
    hold(BusinessCaseLine, line.pk)
    if by.pk in {line.by_id, line.case.by_id}:
        raise NotAllowed("Who asked for the money does not decide on it. Another approver has to.")
    if outcome not in DECISIONS:
        raise InputRefused("outcome", "Choose whether it was approved, refused or reclassified.")
    if on > known_on(at):
        raise InputRefused("on", "The day of the decision has not come yet.")
    if line.case.asked_on and on < line.case.asked_on:
        raise InputRefused("on", "It was decided before it was asked. Correct the day.")
    is_decided = line.outcome != BusinessCaseLine.Outcome.ASKED or line.steps.exists()
    if is_blank(words) and (is_decided or outcome != "approved"):
        why = "It is decided already: say why it is decided anew." if is_decided else "Say why it is not approved."
        raise InputRefused("words", why)
    partnership = line.case.partnership
    made = RegisterStep.objects.create(
        partnership=partnership, line=line, state=outcome, words=words.strip(), on=on, **signed(by, at),
    )  # fmt: skip
    note_made(key=key, code=str(made.pk))
    what = f"business case {line.case.code}/{line.code}: {outcome}"
    record_audit(partnership=partnership, kind=AuditEvent.Kind.MONEY_DECIDED, by=by, what=what, at=at,
                 request_id=request_id)  # fmt: skip
    return made
