"""The table of one indicator over the authorities of a region: the page and the file are made of these columns, and the
sentences beside it of the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.aggregation import Aggregation
from indicators.benchmarks import quartile_words, rank_words
from indicators.definition_words import AGGREGATION_WORDS, POLARITY_WORDS, UNIT_WORDS, WINDOW_WORDS
from indicators.direction_of_travel import Window
from indicators.funnel import Place
from indicators.funnel_table import PLACE_WORDS
from indicators.phrases import listed
from indicators.quarters import Period
from indicators.rag import Polarity
from indicators.same_definition import NOT_WORDED, PARTS, VERSION, Definition, Difference
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import Unit, round_half_up, written, written_apart
from indicators.working_days import day_words
from partnership.regional import FEWEST_FOR_QUARTILES, Row, SideBySide, State, Telling, Told

DASH = "–"
APPROXIMATE_WORDS = "approximate: made of rounded counts"
STATE_WORDS = {
    State.COMPARED: "Compared",
    State.LIMIT: "Not compared",
    State.HIDDEN: "Hidden",
    State.NO_NUMBER: "No figure",
    State.OTHER_DEFINITION: "Another definition",
    State.NOT_TOLD: "Not published",
}
NO_TOTAL = (
    "No total of the region is published, and no figure of the authorities together but the middle one and, on the "
    "funnel, the share of those drawn: from a total and the others a hidden figure could be worked out."
)
NO_LEAGUE_TABLE = (
    "It is no league table: authorities differ in size, in need and in how they record, and each holds its figures "
    "against its own target. A difference is a reason to ask, not an answer."
)
_PLACES = 10


@dataclass(frozen=True)
class Line:
    """An authority with the period and the definition that its row is of."""

    region: str
    period: Period
    definition: Definition | None
    telling: Telling
    row: Row

    @property
    def shown(self) -> Told | None:
        """The statement whose figure may stand beside the others; None where the definition is another one."""
        return None if self.row.state is State.OTHER_DEFINITION else self.row.told


def lines_of(region: str, found: SideBySide, telling: Telling) -> list[Line]:
    """Every authority as a row of the file."""
    return [Line(region, found.period, found.definition, telling, row) for row in found.rows]


def _number(value: Decimal | None) -> Decimal | None:
    return None if value is None else round_half_up(value, _PLACES)


def _shown(name: str) -> Callable[[Line], Any]:
    return lambda line: getattr(line.shown, name) if line.shown else None


def _other(name: str) -> Callable[[Line], Any]:
    return lambda line: getattr(line.row.other, name) if line.row.other else None


def _told(name: str) -> Callable[[Line], Any]:
    return lambda line: getattr(line.row.told, name) if line.row.told else None


def _defined(name: str) -> Callable[[Line], Any]:
    return lambda line: getattr(line.definition, name) if line.definition else ""


def _rank(name: str) -> Callable[[Line], Any]:
    return lambda line: getattr(line.row.rank, name) if line.row.rank else None


def _quartile(number: int) -> Callable[[Line], Any]:
    return lambda line: line.row.quartiles[number] if line.row.quartiles else None


def _code(name: str, value: Callable[[Line], Any], meaning: str) -> Field[Line]:
    return Field(name, Kind.CODE, lambda line: value(line) or "", meaning)


def _text(name: str, value: Callable[[Line], Any], meaning: str) -> Field[Line]:
    return Field(name, Kind.TEXT, lambda line: value(line) or "", meaning)


def _whole(name: str, value: Callable[[Line], Any], meaning: str) -> Field[Line]:
    return Field(name, Kind.WHOLE, value, meaning)


def _decimal(name: str, value: Callable[[Line], Any], meaning: str) -> Field[Line]:
    return Field(name, Kind.NUMBER, lambda line: _number(value(line)), meaning)


def _figure(v: Values, prefix: str = "") -> tuple[str, ...]:
    """A figure and what it was counted from; nothing where there is none."""
    value = v[f"{prefix}value"]
    if value is None:
        return ()
    unit = Unit(v["unit"])
    ends = [Decimal(0), Decimal(100)] if unit is Unit.PERCENT else []
    qualifier = v[f"{prefix}qualifier"]
    text = written_apart(value, ends, unit, v["places"], "" if qualifier == "~" else qualifier)
    numerator, denominator = v[f"{prefix}numerator"], v[f"{prefix}denominator"]
    if numerator is None or denominator is None:
        return (text,)
    return text, f"{written(numerator, Unit.COUNT)} of {written(denominator, Unit.COUNT)}"


def _figure_text(v: Values) -> tuple[str, ...]:
    figure = _figure(v)
    why = (v["why"],) if v["why"] else ()
    if not figure:
        return (STATE_WORDS[State(v["state"])], *why)
    approximate = (APPROXIMATE_WORDS,) if v["approximate"] == "yes" else ()
    other = _figure(v, "other_")
    if v["other_symbol"]:
        other = ("no figure",)
    when = "Told first as" if v["told"] == Telling.LAST.value else "Told last as"
    return (*figure, *approximate, *why, *((f"{when} {', '.join(other)}",) if other else ()))


def _rank_text(v: Values) -> tuple[str, ...]:
    if v["rank"] is None:
        return (DASH,)
    words = rank_words(v["rank"], v["rank_shared_with"], v["ranked"], v["not_shown"])
    words = f"about {words}" if v["approximate"] == "yes" else words
    if v["quartile_from"] is None:
        return (words,)
    return words, quartile_words(v["quartile_from"], v["quartile_to"])


def _place_text(v: Values) -> tuple[str, ...]:
    return (PLACE_WORDS[Place(v["place"])],) if v["place"] else (DASH,)


def _told_text(v: Values) -> tuple[str, ...]:
    if not v["pack"]:
        return (DASH,)
    return v["pack_title"], f"{v['body']}, {day_words(v['meeting_on'])}"


REGION_TABLE: TableSpec[Line] = TableSpec(
    "region",
    (
        Column(
            "measure",
            "Indicator",
            (
                _code("region", lambda line: line.region, "Code of the region"),
                _code("indicator", _defined("indicator"), "Permanent code of the indicator"),
                _text("name", _defined("name"), "Name of the indicator"),
                _code("period", lambda line: line.period.slug, "Code of the period"),
                _code("told", lambda line: line.telling.value, "last: as told last; first: as first reported"),
                _code("unit", _defined("unit"), "Unit of every value"),
                _code("polarity", _defined("polarity"), "higher, lower, band or none is better"),
                _code("counts", _defined("counts"), "What is counted"),
                _code("definition", _defined("fingerprint"), "Fingerprint of the definition that is compared"),
                _whole("definition_parts", lambda _: VERSION, "Version of the parts that must agree"),
            ),
        ),
        Column(
            "authority",
            "Authority",
            (
                _text("authority", lambda line: line.row.member.name, "Name of the authority"),
                _code("partnership", lambda line: line.row.member.slug, "Short name of its partnership"),
                _code("area_code", lambda line: line.row.member.area_code, "GSS code of the authority"),
            ),
            lambda v: (v["authority"],),
        ),
        Column(
            "figure",
            "Figure",
            (
                _code("state", lambda line: line.row.state.value, f"{', '.join(State)}"),
                _text("why", lambda line: line.row.why, "Why it is not compared, or what its definition differs in"),
                _decimal("value", _shown("value"), "The value in the unit; empty where it is not compared"),
                _code("qualifier", _shown("qualifier"), "< > or ~ (approximate)"),
                _decimal("numerator", _shown("numerator"), "What was counted"),
                _decimal("denominator", _shown("denominator"), "Out of how many"),
                _code("symbol", _shown("symbol"), "Why there is no number"),
                _whole("places", lambda line: line.shown.places if line.shown else None, "Digits after the point"),
                _code(
                    "approximate",
                    lambda line: "yes" if line.shown and line.shown.is_approximate else "",
                    "yes: made of rounded counts",
                ),
                _decimal("other_value", _other("value"), "What was told first (or last), where that differs"),
                _code("other_qualifier", _other("qualifier"), "< > or ~ of the same"),
                _decimal("other_numerator", _other("numerator"), "Its numerator"),
                _decimal("other_denominator", _other("denominator"), "Its denominator"),
                _code("other_symbol", _other("symbol"), "Why it had no number"),
            ),
            _figure_text,
        ),
        Column(
            "rank",
            "Order",
            (
                _whole("rank", _rank("place"), "Place among those that are compared; 1 is best"),
                _whole("rank_shared_with", _rank("shared_with"), "Others in the same place"),
                _whole("ranked", _rank("shown"), "How many are compared"),
                _whole("not_shown", _rank("not_shown"), "How many of the same definition show no number"),
                _whole("quartile_from", _quartile(0), f"Quartile, 1 is best; of {FEWEST_FOR_QUARTILES} or more"),
                _whole("quartile_to", _quartile(1), "The last quartile of those in the same place"),
            ),
            _rank_text,
        ),
        Column(
            "place",
            "On the funnel",
            (
                _code(
                    "place",
                    lambda line: line.row.place.place.value if line.row.place and line.row.place.place else "",
                    "Where it lies on the funnel",
                ),
            ),
            _place_text,
        ),
        Column(
            "told_in",
            "Told in",
            (
                _code("pack", _told("pack"), "Code of the pack that told it"),
                _code("table", _told("table"), "Code of the table in it"),
                _text("pack_title", _told("pack_title"), "Title of the pack"),
                _text("body", _told("body"), "Body that was given it"),
                Field("meeting_on", Kind.DATE, _told("meeting_on"), "Day of its meeting"),
            ),
            _told_text,
        ),
    ),
)  # fmt: skip


# In words


def headline(found: SideBySide, members: int) -> str:
    """How many authorities are compared, of how many, and the middle figure."""
    number = len(found.compared)
    said = f"{number} of {members} authorities {'is' if number == 1 else 'are'} compared."
    if found.median is None or found.definition is None:
        return said
    unit, places = Unit(found.definition.unit), found.definition.places
    about = "about " if any(row.told and row.told.is_approximate for row in found.compared) else ""
    middle = written(round_half_up(found.median, max(1, places)), unit, max(1, places))
    return f"{said} The middle of their figures (median) is {about}{middle}."


def left_out(found: SideBySide) -> list[str]:
    """A sentence for each reason why authorities are not compared, with their names."""
    sentences = {
        State.HIDDEN: "hidden, because it or others would tell of a few people",
        State.LIMIT: "known only as a limit",
        State.NO_NUMBER: "without a number",
        State.OTHER_DEFINITION: "by another definition",
        State.NOT_TOLD: "not published for this period",
    }
    return [
        f"{len(rows)} {words}: {listed([row.member.name for row in rows])}."
        for state, words in sentences.items()
        if (rows := found.in_state(state))
    ]


def approximate_sentence(found: SideBySide) -> str:
    """That the order beside approximate figures is not exact; empty where none is approximate."""
    number = sum(bool(row.told and row.told.is_approximate) for row in found.compared)
    if not number:
        return ""
    said = "1 figure is approximate, because its counts" if number == 1 else (
        f"{number} figures are approximate, because their counts"
    )  # fmt: skip
    return f"{said} were rounded: the order beside {'it' if number == 1 else 'them'} may differ."


def definition_facts(definition: Definition) -> list[dict[str, str]]:
    """What must agree, part by part, as a reader sees it."""
    worded = {
        "unit": UNIT_WORDS[Unit(definition.unit)],
        "polarity": POLARITY_WORDS[Polarity(definition.polarity)],
        "window": WINDOW_WORDS[Window(definition.window)],
        "aggregation": AGGREGATION_WORDS[Aggregation(definition.aggregation)],
        "counts": definition.counts.capitalize(),
    }
    return [
        {"key": words, "value": worded.get(name) or definition.part(name) or NOT_WORDED.capitalize()}
        for name, words in PARTS
        if name != "name" or definition.part(name)
    ]


def difference_words(differs: Sequence[Difference]) -> list[str]:
    """What a definition differs in, one part a line."""
    return [one.words for one in differs]
