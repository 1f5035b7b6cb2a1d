"""What cannot be protected, why, and what somebody can do about it. No number is quoted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from indicators.disclosure.linked import Net, Node, State
from indicators.phrases import listed

_MOST_NAMED = 4


class Why(StrEnum):
    """Why a small number cannot be protected."""

    DERIVABLE = "derivable"  # from what cannot be hidden
    SHOWN_BEFORE = "shown before"  # an earlier pack shows it
    OPEN_BEFORE = "open before"  # an earlier pack hides it, and others give it away
    TIME = "time"  # what else to hide was not found in time


class Step(StrEnum):
    """What can be done instead."""

    MERGE = "merge categories"
    LEAVE_OUT = "leave out"
    ROUND = "round"
    HIDE = "hide"
    POLICY = "policy"
    EXEMPT = "make exempt"


@dataclass(frozen=True)
class Choice:
    """One thing that can be done: its sentence, and the ids of the cells that it is about."""

    step: Step
    sentence: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A small number that would come out: its cell, the tables it is in or follows from, why, and the choices."""

    cell: str
    name: str
    tables: tuple[str, ...]
    why: Why
    sentence: str
    choices: tuple[Choice, ...]

    def as_json(self) -> dict[str, Any]:
        """As a manifest keeps it; `refusal_of` reads it."""
        return {
            "cell": self.cell,
            "name": self.name,
            "tables": list(self.tables),
            "why": self.why.value,
            "sentence": self.sentence,
            "choices": [
                {"step": one.step.value, "sentence": one.sentence, "cells": list(one.cells)} for one in self.choices
            ],
        }


def refusal_of(raw: dict[str, Any]) -> Refusal:
    """A refusal from what `as_json` gave. Raises KeyError, TypeError, ValueError."""
    choices = tuple(
        Choice(Step(one["step"]), str(one["sentence"]), tuple(map(str, one["cells"]))) for one in raw["choices"]
    )
    tables = tuple(map(str, raw["tables"]))
    return Refusal(str(raw["cell"]), str(raw["name"]), tables, Why(raw["why"]), str(raw["sentence"]), choices)


def refusal(net: Net, cell: str, why: Why) -> Refusal:
    """Why this cell cannot be protected, and the choices, with the cells that they name."""
    node = net.nodes[cell]
    near = _neighbours(net, cell)
    return Refusal(cell, node.name, node.tables, why, _sentence(node, why, near), _choices(net, node, near))


def refusal_for_time(net: Net, cells: Collection[str]) -> Refusal:
    """For all small cells of a part together: what else to hide was not found in the time there is."""
    first, *_ = ids = tuple(sorted(cells))
    tables = tuple(sorted({table for cell in ids for table in net.nodes[cell].tables}))
    told = f"What else to hide in {listed(_cut(tables))} was not found in the time there is."
    choices = (
        Choice(Step.LEAVE_OUT, "Publish fewer of these tables at once, or leave a total out.", ids),
        Choice(Step.ROUND, "Round these tables; what an earlier pack shows exactly stays known.", ids),
        Choice(Step.EXEMPT, "Move these tables to the exempt part, with its reason.", ids),
    )
    return Refusal(first, net.nodes[first].name, tables, Why.TIME, told, choices)


def refusals_when_rounded(
    net: Net, cells: Mapping[str, Why], *, base: int, threshold: int
) -> list[Refusal]:  # fmt: skip
    """Why rounding does not protect these cells, and the choices. Parts of one sum that come out together are told of
    in one sentence, which names all of them."""
    found = []
    for why, group in _grouped(net, cells):
        nodes = [net.nodes[cell] for cell in group]
        told = _sentence_when_rounded(nodes, why, base)
        choices = _choices_when_rounded(net, nodes, base=base, threshold=threshold)
        found += [Refusal(one.id, one.name, one.tables, why, told, choices) for one in nodes]
    return found


def _grouped(net: Net, cells: Mapping[str, Why]) -> list[tuple[Why, list[str]]]:
    """The cells with those beside which they stand in a sum and that are refused for the same reason."""
    left, found = sorted(cells), []
    while left:
        first, why = left[0], cells[left[0]]
        mates = [{one.id for one in others} & set(left) for others in _siblings(net, first)]
        most = {one for one in max(mates, key=len, default=set()) if cells[one] is why}
        found.append((why, sorted({first, *most})))
        left = [cell for cell in left if cell not in {first, *most}]
    return found


def _sentence_when_rounded(nodes: Sequence[Node], why: Why, base: int) -> str:
    names = listed([one.name for one in nodes])
    if why is Why.SHOWN_BEFORE:
        return f"{names}: an earlier pack shows this small number; rounding it now hides nothing."
    if len(nodes) == 1:
        return f"{names}: rounded to multiples of {base} so that all sums hold, it could be worked out, or nearly."
    return (
        f"These {len(nodes)} parts of one sum are too small to be rounded to multiples of {base}: {names}. So that the "
        "sum holds, some would be printed as 0, and a reader could work them out, or nearly."
    )


def _choices_when_rounded(net: Net, nodes: Sequence[Node], *, base: int, threshold: int) -> tuple[Choice, ...]:
    names, ids = listed([one.name for one in nodes]), tuple(one.id for one in nodes)
    choices = [Choice(Step.HIDE, "Change the pack, so that it hides small numbers instead of rounding counts.", ids)]
    if base < threshold:
        sentence = f"Set a policy that rounds to {threshold} or more: a small number that is rounded to 0 is safe then."
        choices.append(Choice(Step.POLICY, sentence, ids))
    if len(nodes) > 1:
        choices.append(Choice(Step.MERGE, f"Merge {names} into one category.", ids))
    else:
        for others in _siblings(net, ids[0]):
            smallest = min(others, key=lambda one: (one.value == 0, one.value, one.id))
            sentence = f"Merge {names} with another category, for example {smallest.name}."
            choices.append(Choice(Step.MERGE, sentence, (*ids, smallest.id)))
    if all(one.is_now for one in nodes):
        choices.append(Choice(Step.LEAVE_OUT, f"Leave {names} out of this pack.", ids))
    choices.append(Choice(Step.EXEMPT, f"Move the tables of {names} to the exempt part, with its reason.", ids))
    return tuple(choices)


def _sentence(node: Node, why: Why, near: Sequence[Node]) -> str:
    if why is Why.SHOWN_BEFORE:
        return f"{node.name} is below the threshold, and an earlier pack shows it; hiding it now hides nothing."
    if why is Why.OPEN_BEFORE:
        return f"{node.name} can be worked out, or nearly, from what earlier packs tell."
    fixed = [one for one in near if one.state is State.SHOWN]
    told = f", with {_names(fixed)} shown," if fixed else ""
    return f"{node.name} is below the threshold{told} and can be worked out, or nearly, whatever else is hidden."


def _choices(net: Net, node: Node, near: Sequence[Node]) -> tuple[Choice, ...]:
    found = []
    for others in _siblings(net, node.id):
        smallest = min(others, key=lambda one: (one.value == 0, one.value, one.id))
        sentence = f"Merge {node.name} with another category, for example {smallest.name}."
        found.append(Choice(Step.MERGE, sentence, (node.id, smallest.id)))
    for parts in _parts(net, node.id):
        now = [part for part in parts if part.is_now]
        ids = tuple(part.id for part in now)
        if len(now) > 1:
            found.append(Choice(Step.MERGE, f"Merge {_names(now)}: each that is hidden is known to be 1 or more.", ids))
        if now and now == parts:
            found.append(Choice(Step.LEAVE_OUT, f"Leave {_names(now)} out of this pack.", ids))
    shown = [one for one in near if one.state is State.SHOWN and one.is_now and not one.was_shown]
    if shown:
        sentence = f"Leave {_names(shown)} out of this pack, with the total or row that tells of it."
        found.append(Choice(Step.LEAVE_OUT, sentence, tuple(one.id for one in shown)))
    tables = f"the table of {node.name}" if len(node.tables) == 1 else f"the tables of {node.name}"
    found.append(Choice(Step.ROUND, f"Round {tables}; what an earlier pack shows exactly stays known.", (node.id,)))
    found.append(Choice(Step.EXEMPT, f"Move {tables} to the exempt part, with its reason.", (node.id,)))
    return tuple(found)


def _neighbours(net: Net, cell: str) -> list[Node]:
    ids = {other for relation in net.relations if cell in dict(relation.factors) for other, _ in relation.factors}
    return [net.nodes[one] for one in sorted(ids - {cell})]


def _parts(net: Net, cell: str) -> Iterable[list[Node]]:
    """The parts that are not 0 of each sum that the cell is the total of, where all are hidden."""
    for relation in net.relations:
        factors = dict(relation.factors)
        if cell not in factors or any(factors[other] == factors[cell] for other in factors if other != cell):
            continue
        parts = [net.nodes[other] for other in factors if other != cell]
        if all(one.must_hide or one.state is State.HIDDEN or not one.value for one in parts):
            yield [part for part in parts if part.value]


def _siblings(net: Net, cell: str) -> Iterable[list[Node]]:
    """The other parts of each sum that the cell is a printed part of."""
    for relation in net.relations:
        factors = dict(relation.factors)
        same = [
            net.nodes[other]
            for other, factor in factors.items()
            if other != cell and cell in factors and factor == factors[cell] and net.nodes[other].is_now
        ]
        if same and net.nodes[cell].is_now:
            yield same


def _names(nodes: Sequence[Node]) -> str:
    return listed(_cut([node.name for node in nodes]))


def _cut(names: Sequence[str]) -> list[str]:
    return [*names[:_MOST_NAMED], "others"] if len(names) > _MOST_NAMED else list(names)
