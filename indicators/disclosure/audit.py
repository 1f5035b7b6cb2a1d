"""The audit: an attacker's interval for every hidden cell, over the tables of this and earlier packs together.

It is run on the very cells that are to be published, whoever chose them. A small number is safe when all of 1 to t − 1
remain possible. The results tell which cells are small, so they are kept with a pack and are not for the public.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from indicators.disclosure.attacker import Method, Reach, hidden_of, reaches
from indicators.disclosure.cells import Published, Table
from indicators.disclosure.linked import Net, State, components, net_of
from indicators.disclosure.policy import Policy

AUDIT_SECONDS = 60.0


class Status(StrEnum):
    """What the audit found."""

    SAFE = "safe"
    OPEN = "open"
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Found:
    """One hidden cell: what it can be, whether it is small, and whether it is protected. `is_shown`: it is small and
    not hidden at all."""

    cell: str
    name: str
    reach: Reach
    is_small: bool
    is_safe: bool
    is_shown: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it can be worked out."""
        return self.reach.is_exact and self.reach.method is not Method.UNFINISHED

    def as_json(self) -> dict[str, Any]:
        """As a manifest keeps it."""
        return {
            "cell": self.cell,
            "name": self.name,
            "interval": [self.reach.low, self.reach.high],
            "method": self.reach.method.value,
            "is_small": self.is_small,
            "is_safe": self.is_safe,
            "is_shown": self.is_shown,
        }


@dataclass(frozen=True)
class Audit:
    """What an attacker can work out of these tables, for the reviewer and the manifest. `is_rounded`: their counts are
    rounded."""

    threshold: int
    tables: tuple[str, ...]
    found: tuple[Found, ...]
    seconds: float = field(compare=False)
    is_rounded: bool = False

    @property
    def open(self) -> tuple[Found, ...]:
        """The small cells of which something from 1 to t − 1 can be ruled out."""
        return tuple(one for one in self.found if not one.is_safe)

    @property
    def status(self) -> Status:
        """Safe only where every interval was worked out and none is too narrow."""
        if not self.open:
            return Status.SAFE
        is_unfinished = all(one.reach.method is Method.UNFINISHED for one in self.open)
        return Status.UNFINISHED if is_unfinished else Status.OPEN

    def sentence(self) -> str:
        """What was found, for a person who has to accept it."""
        number, kind = len(self.found), "rounded or hidden" if self.is_rounded else "hidden"
        if not number:
            return f"Of the counts that are held none had to be {kind}, and none that is small can be worked out."
        counts = "1 count that is" if number == 1 else f"each of {number} counts that are"
        asked = (
            f"The check tried to work out {counts} {kind} or printed nowhere (numerators, denominators and what they "
            "leave over), from this pack and every public pack before it."
        )
        if self.status is Status.SAFE:
            return f"{asked} Each one that is small can still be any number from 1 to {self.threshold - 1}."
        names = "; ".join(one.name for one in self.open[:5]) + ("; and others" if len(self.open) > 5 else "")
        if self.status is Status.UNFINISHED:
            return f"{asked} The time was over before these were sure to stay hidden: {names}. Publish less at once."
        exact = sum(one.is_exact for one in self.open)
        told = f"A reader could narrow down {len(self.open)} too far"
        told += f", {exact} of them to the very number." if exact else "."
        return f"{asked} {told} Do not publish these as they are: {names}."

    def as_json(self) -> dict[str, Any]:
        """As a manifest keeps it; `audit_of` reads it."""
        return {
            "status": self.status.value,
            "sentence": self.sentence(),
            "threshold": self.threshold,
            "tables": list(self.tables),
            "seconds": round(self.seconds, 3),
            "is_rounded": self.is_rounded,
            "found": [one.as_json() for one in self.found],
        }


def audit_of(raw: dict[str, Any]) -> Audit:
    """An audit from what `as_json` gave. Raises KeyError, TypeError, ValueError."""
    found = tuple(
        Found(
            str(one["cell"]), str(one["name"]),
            Reach(int(one["interval"][0]), None if one["interval"][1] is None else int(one["interval"][1]),
                  Method(one["method"])),
            bool(one["is_small"]), bool(one["is_safe"]), bool(one["is_shown"]),
        )
        for one in raw["found"]
    )  # fmt: skip
    tables, is_rounded = tuple(map(str, raw["tables"])), bool(raw.get("is_rounded"))
    return Audit(int(raw["threshold"]), tables, found, raw["seconds"], is_rounded)


def audit(
    tables: Sequence[Table], hidden: Collection[str], policy: Policy, earlier: Sequence[Published] = (), *,
    seconds: float = AUDIT_SECONDS,
) -> Audit:  # fmt: skip
    """Attacks these tables with the `hidden` cells left out, beside everything that earlier packs show.

    Asked are all cells that this or an earlier pack hides, and those that are printed nowhere and small, in the parts
    that hang together with a table of now. Raises TableError.
    """
    began = time.process_time()
    found: list[Found] = []
    told: set[str] = set()
    now = {table.id for table in tables}
    own = now | {one.table.id for one in earlier}
    for part in components(net_of(tables, policy, earlier)):
        if now & set(part.tables()):
            told |= own & set(part.tables())
            found += _attacked(part, hidden, policy, began + seconds)
    found.sort(key=lambda one: one.cell)
    return Audit(policy.threshold, tuple(sorted(told)), tuple(found), time.process_time() - began)


def _attacked(net: Net, hidden: Collection[str], policy: Policy, until: float) -> list[Found]:
    chosen = {cell for cell, node in net.nodes.items() if cell in hidden and not node.was_shown}
    unseen = hidden_of(net, chosen)
    asked = {cell for cell in unseen if _is_asked(net, cell, chosen)}
    if not policy.hides:
        return []
    found = []
    for cell, reach in reaches(net, unseen, until=until, only=asked).items():
        node = net.nodes[cell]
        is_safe = not node.is_sensitive or reach.holds(node.floor, policy.most_hidden)
        found.append(Found(cell, node.name, reach, node.is_sensitive, is_safe))
    for cell, node in net.nodes.items():
        if node.is_sensitive and node.is_now and cell not in unseen:
            exact = Reach(node.value, node.value, Method.CLOSED_FORM)
            found.append(Found(cell, node.name, exact, True, False, True))
    return found


def _is_asked(net: Net, cell: str, chosen: Collection[str]) -> bool:
    node = net.nodes[cell]
    return cell in chosen or node.is_sensitive or (node.state is State.HIDDEN and node.was_hidden)
