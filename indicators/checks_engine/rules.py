"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Given = TypeVar("Given")


class Severity(StrEnum):
    """HARD: it cannot be true as it stands. SOFT: it looks odd and may be true, so a reason is enough to keep it."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True)
class Said:
    """One thing that a rule found: a sentence, the box of the cell it is about, and the row where there are several."""

    message: str
    field: str = ""
    row: str = ""


@dataclass(frozen=True)
class Finding:
    """What a rule found, with what to do about it."""

    rule: str
    severity: Severity
    message: str
    advice: str
    field: str = ""
    row: str = ""

    @property
    def sentence(self) -> str:
        """What was found and what to do, for a screen."""
        return f"{self.message} {self.advice}"


@dataclass(frozen=True)
class Rule(Generic[Given]):
    """One check: its code, what to do when it finds something, and an example that passes and one that fails.

    `look` gives everything that is wrong with what it is given, nothing for what is right or cannot be told.
    """

    code: str
    severity: Severity
    advice: str
    look: Callable[[Given], Iterable[Said]]
    passing: Given
    failing: Given

    def find(self, given: Given) -> list[Finding]:
        """The findings about what is given."""
        return [
            Finding(self.code, self.severity, said.message, self.advice, said.field, said.row)
            for said in self.look(given)
        ]


def apply(rules: Iterable[Rule[Given]], given: Given) -> list[Finding]:
    """Every finding of the rules about what is given, in the order of the rules."""
    return [finding for rule in rules for finding in rule.find(given)]
