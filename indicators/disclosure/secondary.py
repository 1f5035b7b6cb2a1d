"""The plan of what to hide: the small numbers, and the others from which they could be worked out.

Each part of the net is solved by itself: in closed form where it is one sum, exactly up to MOST_EXACT cells, by greed
above that or where the time for the exact choice is over; the plan says which. What cannot be protected is refused.
"""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from indicators.disclosure.cells import Published, Table
from indicators.disclosure.linked import Net, State, components, net_of
from indicators.disclosure.patterns import (
    OutOfTime,
    all_that_can_hide,
    cost_of,
    exactly,
    greedily,
    open_before,
    open_cells,
)
from indicators.disclosure.policy import Policy
from indicators.disclosure.refusals import Refusal, Why, refusal, refusal_for_time, refusal_of

MOST_EXACT = 2_000
# Seconds of the processor, so that the same tables get the same plan however busy the machine is.
EXACT_SECONDS, SECONDS = 15.0, 90.0


class How(StrEnum):
    """How what else to hide was found."""

    CLOSED_FORM = "closed form"
    EXACT = "exact"
    GREEDY = "greedy"
    EVERYTHING = "everything"


@dataclass(frozen=True)
class Part:
    """How one part was solved: its tables, its number of cells, and how long it took."""

    tables: tuple[str, ...]
    cells: int
    how: How
    seconds: float = field(compare=False)


@dataclass(frozen=True)
class Plan:
    """What to hide in this pack, with one symbol for all. It tells which cells are small, so it is not for the public.

    `hidden`: the ids of printed cells to hide; `small` those of them that are small themselves.
    """

    hidden: frozenset[str]
    small: frozenset[str]
    refused: tuple[Refusal, ...]
    parts: tuple[Part, ...]

    def remarks(self) -> str:
        """What a reviewer must know beside what is hidden; empty where there is nothing."""
        told = []
        if any(part.how is How.GREEDY for part in self.parts):
            told.append("More may be hidden than needs be, because the tables are large.")
        if self.refused:
            told.append(f"{_refusals(len(self.refused))}, so this cannot be published as it is.")
        return " ".join(told)

    def as_json(self) -> dict[str, Any]:
        """As a manifest keeps it; `plan_of` reads it."""
        return {
            "hidden": sorted(self.hidden),
            "small": sorted(self.small),
            "refused": [one.as_json() for one in self.refused],
            "parts": [
                {"tables": list(p.tables), "cells": p.cells, "how": p.how.value, "seconds": round(p.seconds, 3)}
                for p in self.parts
            ],
        }


def plan_of(raw: dict[str, Any]) -> Plan:
    """A plan from what `as_json` gave. Raises KeyError, TypeError, ValueError."""
    parts = tuple(
        Part(tuple(map(str, one["tables"])), int(one["cells"]), How(one["how"]), one["seconds"]) for one in raw["parts"]
    )
    hidden, small = frozenset(map(str, raw["hidden"])), frozenset(map(str, raw["small"]))
    return Plan(hidden, small, tuple(map(refusal_of, raw["refused"])), parts)


def protect(
    tables: Sequence[Table], policy: Policy, earlier: Sequence[Published] = (), *, seconds: float = SECONDS,
    exact_seconds: float = EXACT_SECONDS,
) -> Plan:  # fmt: skip
    """What to hide in these tables, given what earlier packs show and hide.

    Cells that an earlier pack shows stay known; those that it hides must stay protected. `seconds` of the
    processor: for everything; `exact_seconds`: for the exact choice of one part. Raises TableError.
    """
    until = time.process_time() + seconds
    net = net_of(tables, policy, earlier)
    hidden: set[str] = set()
    refused: list[Refusal] = []
    parts: list[Part] = []
    for part in components(net):
        if any(node.is_sensitive or node.must_hide for node in part.nodes.values()) and _is_of_now(part, tables):
            began = time.process_time()
            chosen, open_ones, how = _solved(part, policy, until, exact_seconds)
            hidden |= chosen
            refused += open_ones
            parts.append(Part(part.tables(), len(part.nodes), how, time.process_time() - began))
    told = open_before([one.cell for one in refused if one.why is Why.DERIVABLE], policy, earlier, until)
    refused = [refusal(net, one.cell, Why.OPEN_BEFORE) if one.cell in told else one for one in refused]
    small = frozenset(cell for cell in hidden if net.nodes[cell].is_sensitive)
    return Plan(frozenset(hidden), small, tuple(sorted(refused, key=lambda one: one.cell)), tuple(parts))


def _is_of_now(net: Net, tables: Iterable[Table]) -> bool:
    return bool({table.id for table in tables} & set(net.tables()))


def _solved(net: Net, policy: Policy, until: float, exact_seconds: float) -> tuple[set[str], list[Refusal], How]:
    """What to hide in one part, what is refused, and how it was found."""
    small = {cell for cell, node in net.nodes.items() if node.is_sensitive}
    refused = [
        refusal(net, cell, Why.SHOWN_BEFORE) for cell in small if net.nodes[cell].was_shown and net.nodes[cell].is_now
    ]
    targets = {cell for cell in small if net.nodes[cell].state is not State.SHOWN}
    if (quick := _one_sum(net, policy, targets, until)) is not None:
        return quick, refused, How.CLOSED_FORM
    for cell in open_cells(net, all_that_can_hide(net), policy, until, targets):
        node = net.nodes[cell]
        before = node.state is State.HIDDEN and node.was_hidden and not node.is_now
        refused.append(refusal(net, cell, Why.OPEN_BEFORE if before else Why.DERIVABLE))
        targets.discard(cell)
    for how, find in ((How.EXACT, exactly), (How.GREEDY, greedily)):
        if how is How.EXACT and len(net.nodes) > MOST_EXACT:
            continue
        try:
            end = min(until, time.process_time() + exact_seconds) if how is How.EXACT else until
            return find(net, policy, targets, end), refused, how
        except OutOfTime:
            continue
    refused.append(refusal_for_time(net, targets))
    return all_that_can_hide(net), refused, How.EVERYTHING


def _one_sum(net: Net, policy: Policy, targets: Collection[str], until: float) -> set[str] | None:
    """The small cells of a part that is one sum and, where they are not protected, the cheapest other; None where that
    is not enough. No two others can be cheaper than one that is enough, for it is the cheapest that is."""
    if len(net.relations) > 1:
        return None
    must = {cell for cell, node in net.nodes.items() if node.must_hide}
    if not open_cells(net, must, policy, until, targets):
        return must
    others = sorted(all_that_can_hide(net) - must, key=lambda cell: (cost_of(net.nodes[cell], policy), cell))
    first = next(iter(others), None)
    if first is None or open_cells(net, must | {first}, policy, until, targets):
        return None
    return must | {first}


def _refusals(number: int) -> str:
    return "1 refusal stands" if number == 1 else f"{number} refusals stand"
