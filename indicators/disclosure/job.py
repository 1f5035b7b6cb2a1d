"""The job that protects, attacks or rounds tables in a bounded child: what goes in and what comes out, as JSON.

Whoever calls imports this module for `payload_of` and `read_answer`; scipy loads in the child.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from indicators.disclosure.audit import Audit, audit, audit_of
from indicators.disclosure.cells import Cell, Guard, Published, Relation, Standing, Table, TableError
from indicators.disclosure.linked import beside
from indicators.disclosure.policy import Policy, PolicyError, policy_of
from indicators.disclosure.refusals import Refusal, refusal_of
from indicators.disclosure.rounding import Rounded, attack_rounded, rounded
from indicators.disclosure.secondary import Plan, plan_of, protect

JOB = "indicators.disclosure.job:control_disclosure"
MOST_CELLS = 100_000

Tell = Callable[[str], None]


class NotAsAgreed(ValueError):
    """What came in, or what came out, is not what was agreed. The message quotes nothing."""


class Task(StrEnum):
    """What the child is to do."""

    PROTECT = "protect"  # choose what to hide, and audit it
    AUDIT = "audit"  # audit what somebody has hidden
    ROUND = "round"  # round, and audit the rounded tables


@dataclass(frozen=True)
class Answer:
    """What the child found: the plan (where it was asked for) with its audit, or the rounded cells with theirs, the ids
    of those that come out exactly and what is `refused`. `hidden`: what the audit is of, which may be more than was
    planned. `problem`: why the tables cannot be worked on, as a sentence."""

    plan: Plan | None = None
    hidden: frozenset[str] = frozenset()
    audit: Audit | None = None
    rounded: Rounded | None = None
    recovered: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    problem: str = ""


# The child's side


def control_disclosure(payload: bytes, tell: Tell) -> bytes:
    """The answer as JSON. `payload`: as `payload_of` makes it."""
    try:
        raw = json.loads(payload)
        task, policy = Task(raw["task"]), policy_of(raw["policy"])
        tables = [_table(one) for one in raw["tables"]]
        earlier = [_published(one) for one in raw["earlier"]]
        hidden = frozenset(map(str, raw["hidden"]))
        together = [frozenset(map(str, cells)) for cells in raw["together"]]
    except TableError as error:
        return json.dumps({"problem": str(error)}).encode()
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise NotAsAgreed("The tables to protect are not as agreed.") from error
    if sum(len(table.cells) for table in (*tables, *(one.table for one in earlier))) > MOST_CELLS:
        return json.dumps(
            {"problem": f"These tables have more than {MOST_CELLS:,} cells: publish fewer at once."}
        ).encode()
    try:
        near = beside(tables, earlier)
        return json.dumps(_done(task, tables, hidden, together, policy, near, tell)).encode()
    except TableError as error:
        return json.dumps({"problem": str(error)}).encode()


def _done(
    task: Task, tables: list[Table], hidden: frozenset[str], together: list[frozenset[str]], policy: Policy,
    earlier: list[Published], tell: Tell,
) -> dict[str, Any]:  # fmt: skip
    if task is Task.ROUND:
        tell("Rounding")
        found = rounded(tables, policy, earlier, hidden)
        tell("Trying to work out what is hidden")
        attacked, refused = attack_rounded(tables, found, policy, earlier, hidden)
        return {
            "base": found.base,
            "values": dict(found.values),
            "change": found.change,
            "recovered": [one.cell for one in attacked.found if one.is_exact and one.cell in found.values],
            "hidden": sorted(hidden),
            "audit": attacked.as_json(),
            "refused": [one.as_json() for one in refused],
        }
    answer: dict[str, Any] = {}
    if task is Task.PROTECT:
        tell("Choosing what to hide")
        plan = protect(tables, policy, earlier)
        answer["plan"], hidden = plan.as_json(), with_their_like(plan.hidden, together)
    answer["hidden"] = sorted(hidden)
    tell("Trying to work out what is hidden")
    answer["audit"] = audit(tables, hidden, policy, earlier).as_json()
    return answer


def with_their_like(hidden: Collection[str], together: Iterable[frozenset[str]]) -> frozenset[str]:
    """The cells with those that are hidden together with them. That more is hidden than was planned never tells
    more."""
    found, left = set(hidden), list(together)
    while touched := [cells for cells in left if cells & found]:
        found.update(*touched)
        left = [cells for cells in left if not cells <= found]
    return frozenset(found)


def _published(raw: dict[str, Any]) -> Published:
    printed = {str(cell): _whole(number) for cell, number in raw["rounded"].items()}
    return Published(_table(raw["table"]), frozenset(map(str, raw["hidden"])), printed, _whole(raw["base"]))


def _table(raw: dict[str, Any]) -> Table:
    return Table(str(raw["id"]), tuple(map(_cell, raw["cells"])), tuple(map(_relation, raw["relations"])))


def _cell(raw: dict[str, Any]) -> Cell:
    window = raw["window"]
    return Cell(
        id=str(raw["id"]),
        value=_whole(raw["value"]),
        guard=Guard(raw["guard"]),
        standing=Standing(raw["standing"]),
        is_margin=bool(raw["is_margin"]),
        is_withheld=bool(raw["is_withheld"]),
        label=str(raw["label"]),
        series=str(raw["series"]),
        window=(date.fromisoformat(window[0]), date.fromisoformat(window[1])) if window else None,
    )


def _relation(raw: dict[str, Any]) -> Relation:
    factors = tuple((str(cell), _whole(factor)) for cell, factor in raw["factors"])
    low, high = raw["low"], raw["high"]
    return Relation(factors, None if low is None else _whole(low), None if high is None else _whole(high))


def _whole(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise NotAsAgreed("A number is none.")
    return number


# The caller's side


def payload_of(
    task: Task,
    tables: Sequence[Table],
    policy: Policy,
    earlier: Sequence[Published] = (),
    hidden: Collection[str] = (),
    together: Iterable[Sequence[str]] = (),
) -> bytes:
    """What the child is given. `hidden`: for an audit alone the ids of the cells that are hidden, for rounding of those
    that are not printed all the same; `together`: the ids of cells that are hidden only together, such as those of one
    figure."""
    return json.dumps({
        "task": task.value,
        "policy": policy.as_json(),
        "tables": [_table_json(table) for table in tables],
        "earlier": [
            {
                "table": _table_json(one.table),
                "hidden": sorted(one.hidden),
                "rounded": dict(one.rounded),
                "base": one.base,
            }
            for one in earlier
        ],
        "hidden": sorted(hidden),
        "together": [sorted(cells) for cells in together],
    }).encode()  # fmt: skip


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "cells": [
            {
                "id": cell.id,
                "value": cell.value,
                "guard": cell.guard.value,
                "standing": cell.standing.value,
                "is_margin": cell.is_margin,
                "is_withheld": cell.is_withheld,
                "label": cell.label,
                "series": cell.series,
                "window": [day.isoformat() for day in cell.window] if cell.window else None,
            }
            for cell in table.cells
        ],
        "relations": [{"factors": r.factors, "low": r.low, "high": r.high} for r in table.relations],
    }


def read_answer(answer: bytes) -> Answer:
    """What the child says. Raises NotAsAgreed for anything that could not be its answer."""
    try:
        raw = json.loads(answer)
        if problem := raw.get("problem"):
            return Answer(problem=str(problem))
        if "values" in raw:
            values = {str(cell): _whole(number) for cell, number in raw["values"].items()}
            found = Rounded(_whole(raw["base"]), values, _whole(raw["change"]))
            return Answer(
                rounded=found, recovered=tuple(map(str, raw["recovered"])), audit=audit_of(raw["audit"]),
                hidden=frozenset(map(str, raw["hidden"])), refused=tuple(map(refusal_of, raw["refused"])),
            )  # fmt: skip
        plan = plan_of(raw["plan"]) if "plan" in raw else None
        return Answer(plan=plan, hidden=frozenset(map(str, raw["hidden"])), audit=audit_of(raw["audit"]))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, PolicyError) as error:
        raise NotAsAgreed("The answer on what to hide is not as agreed.") from error
