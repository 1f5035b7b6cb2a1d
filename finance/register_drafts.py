"""What is typed for a register, as a draft keeps it until another person decides, and as people read it.

A draft keeps every value with its kind, so that a day stays a day and an amount stays exact.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from finance.capacity import DAY, SEASON, Expected, range_words
from finance.money import money_words
from finance.registers import REGISTERS
from indicators import quarters
from indicators.phrases import capital
from indicators.working_days import day_words


class Kind(StrEnum):
    """What a draft would put on a register."""

    ENTRY = "entry"
    PLAN = "plan"
    LINE = "line"
    ITEM = "item"
    FUND = "fund"
    STEP = "step"


KINDS = {
    Kind.ENTRY: "New entry",
    Kind.PLAN: "What is known of a home",
    Kind.LINE: "Line of a business case",
    Kind.ITEM: "Item of a programme",
    Kind.FUND: "Source of funding",
    Kind.STEP: "What happened",
}

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Chosen:
    """A row that was chosen from a list: its number, and what it was called then."""

    pk: int
    name: str


@dataclass(frozen=True)
class DraftRow:
    """A draft as pages need it, with what became of it; `outcome` is empty while it waits."""

    number: int
    register: str
    kind: Kind
    entry: str
    item: str
    name: str
    typed: Values
    drafter: int
    actor: str
    on: date
    outcome: str = ""
    decided_by: str = ""
    decided_on: date | None = None
    reason: str = ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What it says, as pairs of a word and what it stands for."""
        return [("What it is", what_words(self.register, self.kind)), *facts_of(self.register, self.typed)]

    @property
    def drafted_words(self) -> str:
        """Who drafted it, and when."""
        return f"Drafted by {self.actor} on {day_words(self.on)}."

    @property
    def ended_words(self) -> str:
        """That it was refused or withdrawn, by whom, when and why; empty where it waits or was accepted."""
        on = day_words(self.decided_on) if self.decided_on else ""
        if self.outcome == "refused":
            return f"{self.drafted_words} Refused by {self.decided_by} on {on}: {self.reason}"
        return f"{self.drafted_words} Withdrawn on {on}." if self.outcome == "withdrawn" else ""


def what_words(register: str, kind: Kind) -> str:
    """ "Saving", "Line of a business case"."""
    return capital(REGISTERS[register].one) if kind is Kind.ENTRY else KINDS[kind]


# As it is kept


def kept(value: Any) -> Any:
    """A value as JSON that `typed` makes the same of again. Raises TypeError for what no form gives."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"pounds": str(value)}
    if isinstance(value, Chosen):
        return {"row": value.pk, "name": value.name}
    if isinstance(value, Mapping):
        return {"of": {name: kept(one) for name, one in value.items()}}
    if isinstance(value, Sequence):
        return [kept(one) for one in value]
    raise TypeError(f"A draft cannot keep {value!r}.")


def typed(value: Any) -> Any:
    """What `kept` was given; sequences are lists."""
    if isinstance(value, list):
        return [typed(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "day" in value:
        return date.fromisoformat(value["day"])
    if "pounds" in value:
        return Decimal(value["pounds"])
    if "row" in value:
        return Chosen(value["row"], value["name"])
    return {name: typed(one) for name, one in value["of"].items()}


# As people read it

_LABELS = {
    "fund": "Fund",
    "letter": "Letter",
    "name": "Name",
    "kind": "What the home is",
    "programme": "Programme",
    "payer": "Who pays",
    "body": "By whom, or for whom",
    "year": "Financial year",
    "authority": "Authority",
    "asked": "Asked",
    "asked_on": "Asked on",
    "decided_by": "Who decides on it",
    "beds_min": "Beds",
    "stage": "Stage",
    "known_on": "Known on",
    "expected_on": "Expected",
    "due_on": "Due",
    "state": "What happened",
    "on": "On",
    "words": "More of it",
    "reason": "Reason",
    "terms": "Terms",
    "payee": "Who is paid",
    "duration": "For how long",
    "termination": "Ended early",
    "status": "Status",
    "owner_role": "Owner",
    "risk": "Risk",
    "head": "Budget head that it changes",
    "rung": "Rung that it changes",
    "note": "What to know of it",
}


def facts_of(register: str, values: Values) -> list[tuple[str, str]]:
    """What was typed for a register, under the words of its form; what was left empty is left out."""
    found = [(label, _words(register, name, values)) for name, label in _LABELS.items() if name in values]
    found += [(f"In {_year(slug)}", money_words(amount)) for slug, amount in values.get("costs", ())]
    return [(label, words) for label, words in found if words]


def name_of(register: str, kind: Kind, values: Values) -> str:
    """What a draft is called beside the name of the entry that it is added to, or as a new entry."""
    if kind is Kind.STEP:
        return REGISTERS[register].states.get(values["state"], values["state"])
    if kind is Kind.FUND:
        return str(values["fund"].name)
    if kind is Kind.PLAN:
        return str(values["stage"])
    return f"{values['letter']}. {values['name']}" if kind is Kind.ITEM else str(values["name"])


def _words(register: str, name: str, values: Values) -> str:
    special = _SPECIAL.get(name)
    if special is not None:
        return special(register, values)
    value = values[name]
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, Decimal):
        return money_words(value)
    return value.name if isinstance(value, Chosen) else str(value or "")


def _year(slug: str) -> str:
    return quarters.parse(slug).label


def _beds(register: str, values: Values) -> str:
    return "" if values["beds_min"] is None else range_words(values["beds_min"], values["beds_max"])


def _when(one: Expected) -> str:
    """What is said, and the last day in time that is kept with it where the words alone do not tell it."""
    if one.last_day is None or (not one.said and one.precision != SEASON):
        return one.words
    return f"{one.words}; in time until {day_words(one.last_day)}"


def _expected(register: str, values: Values) -> str:
    found = (values["expected_on"], values["expected_precision"], values["expected_words"])
    return _when(Expected(values["known_on"], *found))


def _due(register: str, values: Values) -> str:
    on, said = values["due_on"], values.get("due_words", "")
    if on is None and not said:
        return ""
    return _when(Expected(on or date.min, on, values.get("due_precision", DAY), said))


def _state(register: str, values: Values) -> str:
    return REGISTERS[register].states.get(values["state"], values["state"])


_SPECIAL: dict[str, Callable[[str, Values], str]] = {
    "year": lambda register, values: _year(values["year"]),
    "beds_min": _beds,
    "expected_on": _expected,
    "due_on": _due,
    "state": _state,
}
