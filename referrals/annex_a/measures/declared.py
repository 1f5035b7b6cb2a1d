"""What a measure of Annex A is: a line of a table that a council can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from referrals.annex_a.dimensions import Dimension
from referrals.annex_a.spec import LISTS
from referrals.annex_a.terms import Column, Span, Term
from referrals.timescales import Band

Kind = Literal["count", "share", "mean", "median"]
Unit = Literal["count", "percent", "days"]

_UNITS: dict[Kind, Unit] = {"count": "count", "share": "percent", "mean": "days", "median": "days"}
_LIST_NAMES = {spec.number: spec.name for spec in LISTS}
_BOTH = " A row that does not tell is left out of both numbers, so the share can be of fewer than all rows meant."


@dataclass(frozen=True)
class Measure:
    """One count, share, mean or median of a list.

    `keep`: which rows are meant (for a share the denominator); `counted`: which of them are counted (the numerator);
    `once`: only the first row of each value of this column stays; `span`: what a mean or median is of; `by`: the
    breakdowns of the counted rows; `indicator`: the code of the indicator that it can be entered for, or "";
    `source`: where the definition is from; `note`: what a reader must know.
    """

    code: str
    name: str
    number: int
    keep: tuple[Term, ...]
    kind: Kind = "count"
    counted: tuple[Term, ...] = ()
    once: Column | None = None
    span: Span | None = None
    by: tuple[Dimension, ...] = ()
    indicator: str = ""
    source: str = ""
    note: str = ""

    @property
    def unit(self) -> Unit:
        """What its value is in."""
        return _UNITS[self.kind]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns without which it cannot be computed; breakdowns have their own."""
        return _columns((*self.keep, *self.counted), *([self.span] if self.span else []))

    @property
    def lists(self) -> tuple[int, ...]:
        """The lists without which it cannot be computed."""
        return _lists(self.number, (*self.keep, *self.counted))

    @property
    def words(self) -> str:
        """How it is computed, in sentences."""
        meant = _rows(self.number, self.keep).removesuffix(".")
        once = f", each {self.once.words.removesuffix(' identifier')} once" if self.once else ""
        counted = f" Counted: those where {_joined(self.counted)}." if self.counted else ""
        of = f" The {self.kind} of the {self.span.words}." if self.span and self.kind in ("mean", "median") else ""
        both = _BOTH if self.kind == "share" else ""
        return f"{meant}{once}.{counted}{both}{of}{' ' + self.note if self.note else ''}"


@dataclass(frozen=True)
class Durations:
    """How long something took or has been open, in bands. `clock`: the code of the clock it is held against, or "";
    `source`: where the definition or the bands are from."""

    code: str
    name: str
    number: int
    keep: tuple[Term, ...]
    span: Span
    bands: tuple[Band, ...]
    clock: str = ""
    once: Column | None = None
    source: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns without which it cannot be computed."""
        return _columns(self.keep, self.span)

    @property
    def lists(self) -> tuple[int, ...]:
        """The lists without which it cannot be computed."""
        return _lists(self.number, self.keep)

    @property
    def words(self) -> str:
        """What is counted, in sentences."""
        return f"{_rows(self.number, self.keep)} Counted: the {self.span.words}."


@dataclass(frozen=True)
class OpenLate:
    """Cases that are open at the reference date and past their clock already."""

    code: str
    name: str
    number: int
    clock: str
    keep: tuple[Term, ...]
    late: Term
    once: Column | None = None
    note: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns without which it cannot be computed."""
        return _columns(self.keep, self.late)

    @property
    def lists(self) -> tuple[int, ...]:
        """The lists without which it cannot be computed."""
        return _lists(self.number, self.keep)

    @property
    def words(self) -> str:
        """What is counted, in sentences."""
        text = f"{_rows(self.number, self.keep)} Late: those where {self.late.words}."
        return f"{text}{' ' + self.note if self.note else ''}"


def _columns(terms: Sequence[Term], *more: Term | Span) -> tuple[Column, ...]:
    return tuple(dict.fromkeys(column for read in (*terms, *more) for column in read.columns))


def _lists(number: int, terms: Sequence[Term]) -> tuple[int, ...]:
    return (number, *(other for term in terms for other in term.lists))


def _rows(number: int, keep: Sequence[Term]) -> str:
    return f"Rows of list {number} ({_LIST_NAMES[number].lower()}) where {_joined(keep)}."


def _joined(terms: Sequence[Term]) -> str:
    return "; ".join(term.words for term in terms)
