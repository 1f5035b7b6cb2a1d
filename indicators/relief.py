"""Relief: an agreed waiver of a target for some periods, shown beside the real rating until its last day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Relief:
    """One agreement: the days its periods span, the last day it is shown, who agreed it and why.

    `known_on` is the day it was recorded; `ended_on` the first day on which it no longer holds, where it was withdrawn
    before its end.
    """

    number: int
    first_day: date
    last_day: date
    ends_on: date
    known_on: date
    authority: str
    approved_by: str = ""
    reason: str = ""
    ended_on: date | None = None

    def covers(self, start_on: date, end_on: date) -> bool:
        """Whether a period lies wholly within the periods it was agreed for."""
        return self.first_day <= start_on and end_on <= self.last_day

    def holds_on(self, day: date) -> bool:
        """Whether it is shown on that day: from the day it was recorded to its last one, both included."""
        return self.known_on <= day <= self.ends_on and (self.ended_on is None or day < self.ended_on)

    def facts(self) -> dict[str, Any]:
        """What a published row keeps of it, for JSON; `from_facts` reads it back."""
        return {
            "number": self.number, "first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat(),
            "ends_on": self.ends_on.isoformat(), "known_on": self.known_on.isoformat(), "authority": self.authority,
            "approved_by": self.approved_by, "reason": self.reason,
        }  # fmt: skip


def from_facts(stored: Mapping[str, Any] | None) -> Relief | None:
    """What `Relief.facts` wrote, read back; None for none."""
    if not stored:
        return None
    days = {name: date.fromisoformat(stored[name]) for name in ("first_day", "last_day", "ends_on", "known_on")}
    return Relief(**{**stored, **days})


def in_force(reliefs: Iterable[Relief], start_on: date, end_on: date, day: date) -> Relief | None:
    """The relief that is shown on `day` for a period of these dates; of several the one agreed last. None for none."""
    found = [r for r in reliefs if r.covers(start_on, end_on) and r.holds_on(day)]
    return max(found, key=lambda r: r.number, default=None)


def relief_words(until: date, authority: str = "") -> str:
    """ "Relief agreed until 31 March 2023: decision of the board"."""
    said = f"Relief agreed until {until.day} {until:%B %Y}"
    return f"{said}: {authority}" if authority else said
