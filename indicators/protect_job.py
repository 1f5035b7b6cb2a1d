"""The job that works out, in a bounded child, what a pack for everybody hides and what a reader could still work out.

In and out goes JSON. A figure is hidden whole: where the plan hides one of its numbers, all of them go, and the audit
is of what is then left. Operations import this module for `payload_of` and `read_answer`; scipy loads in the child.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.disclosure.audit import Audit, Status, audit, audit_of
from indicators.disclosure.cells import Cell, Guard, Published, Relation, Standing, Table, TableError
from indicators.disclosure.policy import Policy, policy_of
from indicators.disclosure.refusals import Why
from indicators.disclosure.secondary import Plan, plan_of, protect

JOB = "indicators.protect_job:protected"
# What is out already cannot be called back by refusing: it is hidden all the same, and the reviewer is told.
_OUT_ALREADY = {Why.SHOWN_BEFORE, Why.OPEN_BEFORE}

Tell = Callable[[str], None]


class NotAsAgreed(ValueError):
    """What came in, or what came out, is not what was agreed. The message says where, and quotes nothing."""


@dataclass(frozen=True)
class Answer:
    """What to hide (ids of cells, whole figures), how it was found, and what an attacker can work out then."""

    hidden: frozenset[str]
    plan: Plan
    audit: Audit

    @property
    def out_already(self) -> frozenset[str]:
        """The small cells that earlier packs have given away."""
        return frozenset(one.cell for one in self.plan.refused if one.why in _OUT_ALREADY)

    @property
    def is_sound(self) -> bool:
        """Whether nothing comes out that was not out already."""
        refused = [one for one in self.plan.refused if one.why not in _OUT_ALREADY]
        open_ones = [one for one in self.audit.open if one.cell not in self.out_already]
        return not refused and not open_ones


# The child's side


def protected(payload: bytes, tell: Tell) -> bytes:
    """The answer as JSON. `payload`: as `payload_of` makes it."""
    tables, earlier, policy, groups = _read(payload)
    tell(f"Looking at {len(tables)} tables beside {len(earlier)} of earlier packs")
    try:
        plan = protect(tables, policy, earlier)
        hidden = whole_figures(plan.hidden, groups)
        tell(f"Attacking what is left with {len(hidden)} numbers hidden")
        found = audit(tables, hidden, policy, earlier)
    except TableError as error:
        raise NotAsAgreed(str(error)) from error
    return json.dumps({"hidden": sorted(hidden), "plan": plan.as_json(), "audit": found.as_json()}).encode()


def whole_figures(hidden: Collection[str], groups: Iterable[Sequence[str]]) -> frozenset[str]:
    """The cells with those that are hidden together with them: more than is needed never tells more."""
    found, known = set(hidden), [set(group) for group in groups]
    grows = True
    while grows:
        before = len(found)
        for group in known:
            if group & found:
                found |= group
        grows = len(found) > before
    return frozenset(found)


def _read(payload: bytes) -> tuple[list[Table], list[Published], Policy, list[list[str]]]:
    try:
        raw = json.loads(payload)
        tables = [_table(one) for one in raw["tables"]]
        earlier = [Published(_table(one["table"]), frozenset(one["hidden"])) for one in raw["earlier"]]
        return tables, earlier, policy_of(raw["policy"]), [list(map(str, group)) for group in raw["groups"]]
    except (KeyError, TypeError, ValueError) as error:
        raise NotAsAgreed("The tables to protect are not as agreed.") from error


def _table(raw: Any) -> Table:
    name, cells, relations = raw
    return Table(str(name), tuple(map(_cell, cells)), tuple(map(_relation, relations)))


def _cell(raw: Any) -> Cell:
    cell, value, guard, standing, is_margin, is_withheld, label, series, window = raw
    days = (date.fromisoformat(window[0]), date.fromisoformat(window[1])) if window else None
    return Cell(
        str(cell), int(value), Guard(guard), Standing(standing), bool(is_margin), bool(is_withheld), str(label),
        str(series), days,
    )  # fmt: skip


def _relation(raw: Any) -> Relation:
    factors, low, high = raw
    return Relation(tuple((str(cell), int(factor)) for cell, factor in factors), low, high)


# The caller's side


def payload_of(
    tables: Iterable[Table], earlier: Iterable[Published], policy: Policy, groups: Iterable[Sequence[str]]
) -> bytes:
    """What the child is given. `groups`: ids of cells that are shown or hidden together."""
    return json.dumps(
        {
            "tables": [_raw(table) for table in tables],
            "earlier": [{"table": _raw(one.table), "hidden": sorted(one.hidden)} for one in earlier],
            "policy": policy.as_json(),
            "groups": [list(group) for group in groups],
        }
    ).encode()


def _raw(table: Table) -> list[Any]:
    cells = [
        [
            c.id, c.value, c.guard.value, c.standing.value, c.is_margin, c.is_withheld, c.label, c.series,
            [day.isoformat() for day in c.window] if c.window else None,
        ]
        for c in table.cells
    ]  # fmt: skip
    return [table.id, cells, [[list(map(list, r.factors)), r.low, r.high] for r in table.relations]]


def read_answer(answer: bytes) -> Answer:
    """What the child says. Raises NotAsAgreed for anything that could not be its answer."""
    try:
        raw = json.loads(answer)
        found = Answer(frozenset(map(str, raw["hidden"])), plan_of(raw["plan"]), audit_of(raw["audit"]))
    except (KeyError, TypeError, ValueError) as error:
        raise NotAsAgreed("What is to be hidden is not as agreed.") from error
    if not found.plan.hidden <= found.hidden:
        raise NotAsAgreed("Less is hidden than was planned.")
    return found


def is_finished(answer: Answer) -> bool:
    """Whether the attack was carried through."""
    return answer.audit.status is not Status.UNFINISHED
