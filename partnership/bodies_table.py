"""Bodies, reporting lines and seats as tables: one specification each for screen and file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from finance.register_columns import DASH, NOT_STATED, lines_of, source_column
from finance.register_rows import Origin
from indicators.phrases import capital
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.working_days import day_words

FIRST_NAMED, LAST_NAMED = "first_named", "last_named"


def dates_words(from_on: date, from_basis: str, until_on: date | None, until_basis: str) -> tuple[str, ...]:
    """From when to when, and on what it rests: that a paper states the day, or only names the thing then."""
    began = f"first named {day_words(from_on)}" if from_basis == FIRST_NAMED else f"from {day_words(from_on)}"
    if until_on is None:
        return (capital(began),)
    ended = f"last named {day_words(until_on)}" if until_basis == LAST_NAMED else f"to {day_words(until_on)}"
    if from_basis == FIRST_NAMED and until_basis == LAST_NAMED and from_on == until_on:
        return (f"Named {day_words(from_on)} only",)
    return (capital(began), ended)


@dataclass(frozen=True)
class Dates:
    """From when to when something holds, and what each day rests on (codes of DayBasis)."""

    from_on: date
    from_basis: str
    until_on: date | None
    until_basis: str

    @property
    def words(self) -> str:
        """In words, as part of a line."""
        return ", ".join(dates_words(self.from_on, self.from_basis, self.until_on, self.until_basis))


@dataclass(frozen=True)
class BodyRow:
    """A body as it is called and works on a day."""

    code: str
    name: str
    short: str
    kind: str
    kind_words: str
    organisation: str
    is_multi_agency: bool
    purpose: str
    chair: str
    frequency: str
    quorum: str
    in_public: bool | None
    dates: Dates
    origin: Origin


@dataclass(frozen=True)
class LineRow:
    """A reporting line with its two bodies as they are called on a day."""

    lower: str
    lower_name: str
    kind: str
    kind_words: str
    upper: str
    upper_name: str
    note: str
    dates: Dates
    origin: Origin


@dataclass(frozen=True)
class SeatRow:
    """A seat on a day: who holds it, or since when it is vacant."""

    code: str
    title: str
    role: str
    organisation: str
    votes: str
    holder: str
    held_since: date | None
    vacant_since: date | None
    vacant_words: str
    dates: Dates
    origin: Origin


def _text(name: str, meaning: str, of: Callable[[Any], str] | None = None) -> Field[Any]:
    return Field(name, Kind.TEXT, of or (lambda row: getattr(row, name)), meaning)


def _code(name: str, meaning: str) -> Field[Any]:
    return Field(name, Kind.CODE, lambda row: getattr(row, name), meaning)


def _stated(v: Values, name: str) -> tuple[str, ...]:
    return (v[name] or NOT_STATED,)


def _dates_column() -> Column[Any]:
    return Column(
        "dates",
        "Dates",
        (
            Field("from", Kind.DATE, lambda r: r.dates.from_on, "The first day"),
            Field("from_basis", Kind.CODE, lambda r: r.dates.from_basis, "stated, or first_named then"),
            Field("until", Kind.DATE, lambda r: r.dates.until_on, "The last day; empty: it goes on"),
            Field(
                "until_basis", Kind.CODE, lambda r: r.dates.until_basis if r.dates.until_on else "",
                "stated, or last_named then",
            ),
        ),
        lambda v: dates_words(v["from"], v["from_basis"], v["until"], v["until_basis"]),
    )  # fmt: skip


def _public(v: Values) -> tuple[str, ...]:
    return ({"yes": "in public", "no": "not in public"}.get(v["in_public"], NOT_STATED),)


BODIES_TABLE: TableSpec[BodyRow] = TableSpec(
    "bodies",
    (
        Column(
            "name",
            "Body",
            (
                _code("code", "Code of the body"),
                _text("name", "What it is called on the day"),
                _text("short", "Its short name"),
                _code("kind", "Code of its kind"),
                _text("kind_words", "Its kind"),
                _text("organisation", "Whose body it is"),
                Field("multi_agency", Kind.CODE, lambda r: "yes" if r.is_multi_agency else "no", "Several agencies"),
                _text("purpose", "What it is for"),
            ),
            lambda v: lines_of(
                v["name"] + (f" ({v['short']})" if v["short"] and v["short"] not in v["name"] else ""),
                ", ".join(
                    lines_of(v["kind_words"], v["organisation"], "multi-agency" if v["multi_agency"] == "yes" else "")
                ),
            ),
        ),
        Column("chair", "Chair", (_text("chair", "Who chairs it"),), lambda v: _stated(v, "chair")),
        Column("frequency", "Meets", (_text("frequency", "How often it meets"),), lambda v: _stated(v, "frequency")),
        Column("quorum", "Quorum", (_text("quorum", "Its quorum rule in words"),), lambda v: _stated(v, "quorum")),
        Column(
            "public",
            "Public",
            (
                Field(
                    "in_public", Kind.CODE, lambda r: "" if r.in_public is None else "yes" if r.in_public else "no",
                    "Whether it meets in public; empty: not stated",
                ),
            ),
            _public,
        ),
        _dates_column(),
        source_column(),
    ),
)  # fmt: skip

LINES_TABLE: TableSpec[LineRow] = TableSpec(
    "reporting-lines",
    (
        Column(
            "lower",
            "Body",
            (_code("lower", "Code of the body below"), _text("lower_name", "What it is called on the day")),
            lambda v: (v["lower_name"],),
        ),
        Column(
            "kind",
            "How",
            (_code("kind", "Code of the kind of line"), _text("kind_words", "The kind of line")),
            lambda v: (v["kind_words"],),
        ),
        Column(
            "upper",
            "To",
            (_code("upper", "Code of the body above"), _text("upper_name", "What it is called on the day")),
            lambda v: (v["upper_name"],),
        ),
        Column("note", "What is known of it", (_text("note", "What is known of it"),), lambda v: (v["note"] or DASH,)),
        _dates_column(),
        source_column(),
    ),
)


def _holder(v: Values) -> tuple[str, ...]:
    if v["holder"]:
        # A seat that a paper only names on a day tells nothing of when it was filled.
        is_since = v["held_since"] and not (v["from_basis"] == FIRST_NAMED and v["held_since"] == v["from"])
        return lines_of(v["holder"], f"since {day_words(v['held_since'])}" if is_since else "")
    return (v["vacancy"],)


SEATS_TABLE: TableSpec[SeatRow] = TableSpec(
    "seats",
    (
        Column(
            "title",
            "Seat",
            (
                _code("code", "Code of the seat"),
                _text("title", "What the seat is for"),
                _text("role", "As what it is held"),
                _text("organisation", "For whom"),
            ),
            lambda v: lines_of(v["title"], ", ".join(lines_of(v["role"] if v["role"] != v["title"] else "",
                                                              v["organisation"]))),
        ),
        Column("votes", "Votes", (_text("votes", "On what it votes"),), lambda v: (v["votes"],)),
        Column(
            "holder",
            "Held by",
            (
                _text("holder", "Role or office of who holds it; empty: vacant"),
                Field("held_since", Kind.DATE, lambda r: r.held_since, "Since when"),
                Field("vacant_since", Kind.DATE, lambda r: r.vacant_since, "Since when it is vacant"),
                _text("vacancy", "The vacancy in words", lambda r: r.vacant_words),
            ),
            _holder,
        ),
        _dates_column(),
        source_column(),
    ),
)  # fmt: skip
