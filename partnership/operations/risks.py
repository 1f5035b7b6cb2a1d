"""Keeps the risk register: adds risks, scores them anew on a day, ties them to indicators and actions, closes them."""

from datetime import date, datetime
from typing import Any

from indicators.models import Partnership, Text, User
from indicators.operations.basics import free_code, made_before, note_made, operation, signed, stripped, told_apart
from indicators.operations.errors import InputRefused, WrongState
from indicators.working_days import day_words
from partnership.models import Risk, RiskScore
from partnership.operations.plan_recording import (
    CHANGED,
    Values,
    check_not_to_come,
    check_own,
    check_state,
    check_title,
    lead_of,
    recorded,
    refuse_unchanged,
)
from partnership.risk_scores import Score

_MANY = ("indicators", "actions")
# What change_risk changes.
TIED = ("owner_partner", "owner_role", "body", "plan", "paper", *_MANY)


def _many(values: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: list(dict.fromkeys(values.pop(name))) for name in _MANY}


def _check(partnership: Partnership, own: Values, many: dict[str, list[Any]]) -> None:
    lead_of(own, "owner_partner", "owner_role")
    check_own(partnership, own["owner_partner"], own["body"], own["plan"], *many["actions"])
    if own["paper"] is not None:
        check_own(partnership, own["paper"].item.meeting)


@operation
def add_risk(
    *, partnership: Partnership, values: Values, by: User, at: datetime, key: str = "", request_id: str = ""
) -> Risk:
    """Puts a risk on the register; the same key again gives the risk that it made.

    `values`: title, cause, effect, body, plan, owner_role, owner_partner, indicators, actions and paper. Raises
    InputRefused for what cannot be.
    """
    asked = [partnership.pk, told_apart(values)]
    if before := made_before(key=key, operation_name="add_risk", asked=asked, by=by, at=at, once=True):
        return Risk.objects.get(partnership=partnership, code=before)
    own = stripped(values)
    check_title(own)
    many = _many(own)
    _check(partnership, own, many)
    code = free_code(Risk.objects.filter(partnership=partnership), own["title"])
    note_made(key=key, code=code)
    made = Risk.objects.create(partnership=partnership, code=code, **own, **signed(by, at))
    made.indicators.set(many["indicators"])
    made.actions.set(many["actions"])
    recorded(partnership, f"risk {code}: added", by, at, request_id)
    return made


def _open(risk: Risk) -> Risk:
    row = Risk.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=risk.pk)
    if row.closed_on is not None:
        raise WrongState(f"This risk was closed on {day_words(row.closed_on)}. Nothing was done.")
    return row


@operation
def change_risk(
    *, risk: Risk, values: Values, based_on: str, by: User, at: datetime, key: str = "", request_id: str = ""
) -> Risk:
    """Changes who answers for a risk and what it is tied to; `values` as for add_risk, without title, cause and effect.

    `based_on` is the state of TIED (`state_of`) when the page was opened. Raises InputRefused, WrongState for a closed
    one and when somebody else changed it meanwhile, NothingChanged.
    """
    asked = [risk.pk, told_apart(values)]
    if made_before(key=key, operation_name="change_risk", asked=asked, by=by, at=at):
        return risk
    row = _open(risk)
    check_state(row, TIED, based_on)
    own = stripped(values)
    many = _many(own)
    _check(row.partnership, own, many)
    note_made(key=key, code=row.code)
    for name, value in own.items():
        setattr(row, name, value)
    row.save(update_fields=list(own))
    row.indicators.set(many["indicators"])
    row.actions.set(many["actions"])
    refuse_unchanged(row, TIED, based_on)
    recorded(row.partnership, f"risk {row.code}: changed", by, at, request_id)
    return row


@operation
def score_risk(
    *, risk: Risk, on: date, before: Score, after: Score, mitigation: str, based_on: int, by: User, at: datetime,
    key: str = "", request_id: str = "",
) -> RiskScore:  # fmt: skip
    """Scores a risk on a day, before and after what is done about it; the scores before stay. The same key again gives
    what it made.

    `based_on` is how many scores it had when the page was opened. Raises InputRefused for a day to come or before the
    last score, and where the score after is the greater one; WrongState for a closed one and when somebody else scored
    it meanwhile.
    """
    asked = [risk.pk, on, before, after, mitigation]
    if made := made_before(key=key, operation_name="score_risk", asked=asked, by=by, at=at, once=True):
        return risk.scores.get(pk=int(made))
    row = _open(risk)
    held = list(row.scores.order_by("on", "pk"))
    if len(held) != based_on:
        raise WrongState(CHANGED)
    check_not_to_come("on", on, at, "That day has not come yet.")
    if held and on < held[-1].on:
        raise InputRefused("on", f"It was scored on {day_words(held[-1].on)} already. Give a day not before that.")
    if after.value > before.value:
        raise InputRefused(
            "likelihood_after",
            f"After what is done about it the score is {after.value}, more than the {before.value} before. "
            "Correct one of the two.",
        )
    kept = RiskScore.objects.create(
        risk=row, on=on, likelihood_before=before.likelihood, impact_before=before.impact,
        likelihood_after=after.likelihood, impact_after=after.impact, mitigation=Text.objects.keep(mitigation.strip()),
        **signed(by, at),
    )  # fmt: skip
    note_made(key=key, code=str(kept.pk))
    recorded(row.partnership, f"risk {row.code}: scored", by, at, request_id)
    return kept


@operation
def close_risk(
    *, risk: Risk, on: date, reason: str, by: User, at: datetime, key: str = "", request_id: str = ""
) -> Risk:
    """Closes a risk, with the reason; its scores stay. Raises InputRefused without a reason and for a day to come,
    WrongState for one that is closed."""
    if made_before(key=key, operation_name="close_risk", asked=[risk.pk, on, reason], by=by, at=at):
        return risk
    row = _open(risk)
    if not reason.strip():
        raise InputRefused("reason", "Say why it is closed.")
    check_not_to_come("on", on, at, "That day has not come yet.")
    note_made(key=key, code=row.code)
    row.closed_on, row.closed_reason = on, reason.strip()
    row.save(update_fields=["closed_on", "closed_reason"])
    recorded(row.partnership, f"risk {row.code}: closed", by, at, request_id)
    return row
