"""Columns that several tables of the registers have: source, figures, amounts, the latest step."""

from collections.abc import Callable
from typing import Any

from finance.money import in_words, money_words
from finance.register_rows import Now, Origin, Told
from finance.registers import ADDED_HERE, NO_STEP
from indicators.balance import Amount
from indicators.phrases import cited, short_citation
from indicators.table_spec import Column, Field, Kind, Values
from indicators.working_days import day_words

NOT_STATED, NO_AMOUNT, NO_DATE = "not stated", "not reported", "no day given"
DASH = "–"


def lines_of(*texts: str) -> tuple[str, ...]:
    """The texts that are not empty."""
    return tuple(filter(None, texts))


def dated(day: Any) -> str:
    """The day in words; what is said where there is none."""
    return day_words(day) if day else NO_DATE


def source_column(of: Callable[[Any], Origin] = lambda r: r.origin, *, is_accepted: bool = False) -> Column[Any]:
    """Paper and paragraph, or who added it here and when; with `is_accepted` also who accepted what was added."""

    def text(v: Values) -> tuple[str, ...]:
        if v["source"]:
            return (short_citation(cited(v["source"], v["paragraph"])),)
        return lines_of(
            ADDED_HERE if v["added_by"] else "", v["added_by"], dated(v["added_on"]) if v["added_on"] else "",
            accepted_words(v) if is_accepted else "",
        )  # fmt: skip

    fields: tuple[Field[Any], ...] = (
        Field("source", Kind.TEXT, lambda r: of(r).source, "Published paper it is taken from"),
        Field("paragraph", Kind.TEXT, lambda r: of(r).paragraph, "Paragraph of that paper"),
        Field("added_by", Kind.TEXT, lambda r: "" if of(r).source else of(r).actor, "Who added it here"),
        Field("added_on", Kind.DATE, lambda r: None if of(r).source else of(r).on, "Day on which it was added"),
    )
    if is_accepted:
        fields += (
            Field("accepted_by", Kind.TEXT, lambda r: of(r).accepted_by, "Who accepted what was added"),
            Field("accepted_on", Kind.DATE, lambda r: of(r).accepted_on, "Day on which it was accepted"),
        )
    return Column("source", "Source", fields, text)


def accepted_words(v: Values) -> str:
    """ "accepted by the approver, 7 July 2022"; empty where nobody had to."""
    return f"accepted by {v['accepted_by']}, {day_words(v['accepted_on'])}" if v["accepted_by"] else ""


def told_column(key: str, heading: str, of: Callable[[Any], Told], meaning: str, none: str = NO_AMOUNT) -> Column[Any]:
    """An approved figure in pounds with its rounding and period."""

    def text(v: Values) -> tuple[str, ...]:
        if v[key] is None:
            return (v[f"{key}_missing"] or none,)
        amount = Amount(v[key], v[f"{key}_quantum"], v[f"{key}_qualifier"])
        return lines_of(in_words(amount), v[f"{key}_period"])

    return Column(
        key,
        heading,
        (
            Field(key, Kind.NUMBER, lambda r: of(r).value, f"{meaning}, in pounds"),
            Field(f"{key}_quantum", Kind.NUMBER, lambda r: of(r).quantum, "Pounds that it is rounded to; empty: exact"),
            Field(f"{key}_qualifier", Kind.CODE, lambda r: of(r).qualifier, "~ about, < less than, > more than"),
            Field(f"{key}_period", Kind.TEXT, lambda r: of(r).period, "The period that it is for"),
            Field(f"{key}_missing", Kind.TEXT, lambda r: of(r).missing, "Why there is no number"),
        ),
        text,
    )


def amount_column(key: str, heading: str, of: Callable[[Any], Amount | None], meaning: str) -> Column[Any]:
    """An amount as printed or typed."""

    def text(v: Values) -> tuple[str, ...]:
        return (DASH if v[key] is None else money_words(v[key], v[f"{key}_quantum"]),)

    def part(name: str) -> Callable[[Any], Any]:
        def read(row: Any) -> Any:
            found = of(row)
            return None if found is None else getattr(found, name)

        return read

    return Column(
        key,
        heading,
        (
            Field(key, Kind.NUMBER, part("value"), f"{meaning}, in pounds"),
            Field(f"{key}_quantum", Kind.NUMBER, part("quantum"), "Pounds that it is rounded to; empty: exact"),
        ),
        text,
    )


def now_column(heading: str = "Where it stands", of: Callable[[Any], Now] = lambda r: r.now) -> Column[Any]:
    """The latest step."""

    def text(v: Values) -> tuple[str, ...]:
        if not v["state"]:
            return (NO_STEP,)
        return lines_of(v["state_words"], f"since {day_words(v['state_on'])}" if v["state_on"] else "", v["state_said"])

    return Column(
        "state",
        heading,
        (
            Field("state", Kind.CODE, lambda r: of(r).state, "Code of the latest step"),
            Field("state_words", Kind.TEXT, lambda r: of(r).state_words, "The same in words"),
            Field("state_on", Kind.DATE, lambda r: of(r).on, "Day of that step"),
            Field("state_said", Kind.TEXT, lambda r: of(r).said, "What was said of it"),
        ),
        text,
    )


def standing_column() -> Column[Any]:
    """Where something stands on the day of the file."""
    return Column(
        "standing",
        "Where it stands",
        (
            Field(
                "standing", Kind.CODE, lambda r: r.standing.code, "waiting, late, done or ended, on the day of the file"
            ),
            Field("standing_words", Kind.TEXT, lambda r: r.standing.words, "The same in words"),
        ),
        lambda v: (v["standing_words"],),
    )


def text_field(name: str, meaning: str, of: Callable[[Any], str] | None = None) -> Field[Any]:
    """A field with a text; of an attribute of the row unless told otherwise."""
    return Field(name, Kind.TEXT, of or (lambda r: getattr(r, name)), meaning)


def code_field(name: str, meaning: str) -> Field[Any]:
    """A field with a code."""
    return Field(name, Kind.CODE, lambda r: getattr(r, name), meaning)


def day_field(name: str, meaning: str, of: Callable[[Any], Any] | None = None) -> Field[Any]:
    """A field with a day."""
    return Field(name, Kind.DATE, of or (lambda r: getattr(r, name)), meaning)
