"""What is too small to be published: the threshold, whom it protects, and on whose authority."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

MOST_THRESHOLD, MOST_BASE = 100, 100


class PolicyError(ValueError):
    """A policy that cannot be; the message is one sentence that says what to do."""


class Audience(StrEnum):
    """Who is to read: only what is for everybody is protected."""

    BOARD = "board"
    PUBLIC = "public"
    EXEMPT = "exempt"


# What one unit of a number is, where it is somebody.
PEOPLE = frozenset({"children", "families", "adults", "staff"})


@dataclass(frozen=True)
class Policy:
    """What is hidden from whom, since when and by whose decision.

    `threshold` t: 1 to t − 1 are hidden. `small_group`: a group of at most so many is small. `zero_discloses`: where a
    whole small group is in one class (0% or 100%), the 0 is hidden too. `counts`: what a number must count to be
    protected at all. `shows_value_only`: whether a share is shown of which no counts are held. `floor_discloses`:
    whether it is too much that a hidden total of k hidden parts is known to be k or more. `authority`: who decided.
    Raises PolicyError. Defaults: `methods.md` §5.1; the small group is that of the Department's performance tables of
    2012 (denominator of 10 or less).
    """

    authority: str
    effective_from: date
    audience: Audience = Audience.PUBLIC
    threshold: int = 6
    small_group: int = 10
    zero_discloses: bool = True
    rounding_base: int = 5
    shows_value_only: bool = False
    floor_discloses: bool = True
    counts: frozenset[str] = field(default=PEOPLE)

    def __post_init__(self) -> None:
        if not self.authority.strip():
            raise PolicyError("Say who decided this policy, for example the data protection officer and the day.")
        if not 3 <= self.threshold <= MOST_THRESHOLD:
            raise PolicyError(f"{self.threshold} is no threshold: give a number from 3 to {MOST_THRESHOLD}.")
        if not 2 <= self.rounding_base <= MOST_BASE:
            raise PolicyError(f"{self.rounding_base} is no base for rounding: give a number from 2 to {MOST_BASE}.")
        if self.small_group < self.threshold - 1:
            raise PolicyError(
                f"A group of {self.threshold - 1} is below the threshold, so it is small: give a small group of "
                f"{self.threshold - 1} or more."
            )
        if not self.counts:
            raise PolicyError("Say what is protected, for example children.")

    @property
    def most_hidden(self) -> int:
        """The greatest number that is small: t − 1."""
        return self.threshold - 1

    @property
    def hides(self) -> bool:
        """Whether anything is hidden from this audience: boards read packs whole."""
        return self.audience is Audience.PUBLIC

    def protects(self, counts: str) -> bool:
        """Whether numbers that count this (children, events, …) are protected for this audience."""
        return self.hides and counts in self.counts

    def is_small(self, number: int) -> bool:
        """Whether a count is one of 1 to t − 1."""
        return 1 <= number <= self.most_hidden

    def leaves_open(self, printed: int) -> bool:
        """Whether a rounded count that is printed so can be any number from 1 to t − 1."""
        away = self.rounding_base - 1
        return printed - away <= 1 and self.most_hidden <= printed + away

    def sentence(self, *, is_rounded: bool = False) -> str:
        """The policy as a note beside a table says it; it does not tell which hidden numbers are small. `is_rounded`:
        counts are rounded in place of hiding."""
        if not self.hides:
            return "Numbers are shown whole: this is not for everybody."
        if is_rounded:
            return f"{rounding_sentence(self.rounding_base)} Decided by {self.authority}."
        return (
            f"Confidential (c in files): numbers below {self.threshold}, and others from which they could be worked "
            f"out, are not shown. Decided by {self.authority}."
        )

    def as_json(self) -> dict[str, Any]:
        """What a manifest keeps; `policy_of` reads it."""
        return {
            "authority": self.authority,
            "effective_from": self.effective_from.isoformat(),
            "audience": self.audience.value,
            "threshold": self.threshold,
            "small_group": self.small_group,
            "zero_discloses": self.zero_discloses,
            "rounding_base": self.rounding_base,
            "shows_value_only": self.shows_value_only,
            "floor_discloses": self.floor_discloses,
            "counts": sorted(self.counts),
        }


def rounding_sentence(base: int) -> str:
    """What stands beside a table of which the counts are rounded."""
    return (
        f"Counts of people are rounded to multiples of {base}, and shares, rates, ratings and comparisons follow from "
        "the rounded counts; each such figure is marked as approximate. Where a group is small, or the counts are not "
        "held, the figure is confidential."
    )


def policy_of(raw: dict[str, Any]) -> Policy:
    """A policy from what `as_json` gave. Raises PolicyError, KeyError, TypeError, ValueError."""
    return Policy(
        authority=str(raw["authority"]),
        effective_from=date.fromisoformat(raw["effective_from"]),
        audience=Audience(raw["audience"]),
        threshold=int(raw["threshold"]),
        small_group=int(raw["small_group"]),
        zero_discloses=bool(raw["zero_discloses"]),
        rounding_base=int(raw["rounding_base"]),
        shows_value_only=bool(raw["shows_value_only"]),
        floor_discloses=bool(raw["floor_discloses"]),
        counts=frozenset(map(str, raw["counts"])),
    )
