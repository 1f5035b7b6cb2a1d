"""The pathway as a graph: what leads where, what a period's figures say of each step, and rates between stages.

Numbers are never invented. A step that nothing counts is listed as not reported; what a stage's own inflow or outflow
has beyond the known steps is shown as coming from, or going to, somewhere not known, and only where all of them count
in the same unit.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.units import WIDE, Unit, ratio, round_half_up, total_of, written
from referrals.clocks import CLOCKS
from referrals.stages import (
    ACTIVITY_UNITS,
    LINKS,
    STAGES,
    STRATEGY_DISCUSSION_FROM,
    Link,
    LinkKind,
    Stage,
    StageUnit,
)

__all__ = ["ACTIVITY_UNITS", "LINKS", "STAGES", "STRATEGY_DISCUSSION_FROM", "Link", "LinkKind", "Stage", "StageUnit"]

Values = Mapping[str, Decimal | int | None]


def stage(code: str, stages: Sequence[Stage] = STAGES) -> Stage:
    """The stage of that code; raises KeyError."""
    for one in stages:
        if one.code == code:
            return one
    raise KeyError(code)


def leads_to(code: str, links: Sequence[Link] = LINKS) -> tuple[str, ...]:
    """The stages that a stage leads to, in order."""
    return tuple(link.target for link in links if link.source == code)


def comes_from(code: str, links: Sequence[Link] = LINKS) -> tuple[str, ...]:
    """The stages that a stage comes from, in order."""
    return tuple(link.source for link in links if link.target == code)


def indicator_of(figure: str) -> str:
    """The indicator of "indicator" or "indicator/slice"."""
    return figure.partition("/")[0]


def unit_of(figure: str, units: Mapping[str, StageUnit] = ACTIVITY_UNITS) -> StageUnit:
    """What an indicator, or a slice of it, counts; raises KeyError for one of no stage."""
    return units[indicator_of(figure)]


# Soundness


def problems(
    stages: Sequence[Stage] = STAGES,
    links: Sequence[Link] = LINKS,
    units: Mapping[str, StageUnit] = ACTIVITY_UNITS,
) -> tuple[str, ...]:
    """What is wrong with a graph, one sentence each; empty for a sound one.

    Codes are unique, links join stages that are there and no stage with itself, every stage can be reached from an
    entry, every indicator and clock is known, and what a stage counts is counted in its unit.
    """
    codes = [one.code for one in stages]
    found = [f"The stage {code} is there twice." for code, number in Counter(codes).items() if number > 1]
    found += _repeated_indicators(stages)
    joined = Counter((link.source, link.target) for link in links)
    found += [f"The link from {a} to {b} is there twice." for (a, b), number in joined.items() if number > 1]
    for link in links:
        found += [f"A link names {end}, which is no stage." for end in (link.source, link.target) if end not in codes]
        if link.source == link.target:
            found.append(f"The stage {link.source} leads to itself.")
        figures = [indicator_of(figure) for figure in (link.figure, link.less, link.part_of) if figure]
        found += [
            f"The link from {link.source} counts {code}, which is not known." for code in figures if code not in units
        ]
        if len({units[code] for code in figures if code in units}) > 1:
            found.append(f"The link from {link.source} to {link.target} mixes units.")
    known_clocks = {clock.code for clock in CLOCKS}
    for one in stages:
        if one.clock and one.clock not in known_clocks:
            found.append(f"The stage {one.code} has the clock {one.clock}, which is not known.")
        for code in (one.inflow, one.outflow, one.stock, *one.also_counted):
            if code and code not in units:
                found.append(f"The stage {one.code} counts {code}, which is not known.")
            elif code and (units[code] is one.unit) is (code in one.also_counted):
                found.append(f"The stage {one.code} counts {one.unit.value}, but {code} counts {units[code].value}.")
    reached = reachable(stages, links)
    return (*found, *(f"Nothing leads to the stage {code}." for code in codes if code not in reached))


def _repeated_indicators(stages: Sequence[Stage]) -> list[str]:
    """An indicator is the inflow of one stage, the outflow of one, the stock of one."""
    found = []
    for role in ("inflow", "outflow", "stock"):
        counts = Counter(code for one in stages if (code := getattr(one, role)))
        found += [f"{code} is the {role} of two stages." for code, number in counts.items() if number > 1]
    return found


def reachable(stages: Sequence[Stage] = STAGES, links: Sequence[Link] = LINKS) -> frozenset[str]:
    """The stages that can be reached from an entry."""
    waiting = [one.code for one in stages if one.is_entry]
    reached: set[str] = set()
    while waiting:
        code = waiting.pop()
        if code not in reached:
            reached.add(code)
            waiting += leads_to(code, links)
    return frozenset(reached)


# Flows of a period


NOT_KNOWN, OUTSIDE = "not-known", "outside"
NOT_KNOWN_FROM, NOT_KNOWN_TO = "From somewhere not reported", "To somewhere not reported"
FROM_OUTSIDE = "From outside, or by a step that is not reported"


@dataclass(frozen=True)
class Flow:
    """So many in a period from one stage to another. NOT_KNOWN stands for a side that nothing tells, OUTSIDE for where
    people come from who come to an entry of the pathway."""

    source: str
    target: str
    number: Decimal
    unit: StageUnit
    figure: str = ""
    note: str = ""


@dataclass(frozen=True)
class Flows:
    """What a period's figures say of the steps.

    `drawn` can be drawn together, no case twice. `parts` are counted in a drawn one already. `not_reported` are the
    links without a figure. `contradictions` are sentences about figures that cannot all be right.
    """

    drawn: tuple[Flow, ...]
    parts: tuple[Flow, ...]
    not_reported: tuple[Link, ...]
    contradictions: tuple[str, ...]

    def units(self) -> tuple[StageUnit, ...]:
        """The units among the drawn flows; with more than one the widths do not compare, and a page must say so."""
        return tuple(unit for unit in StageUnit if any(flow.unit is unit for flow in self.drawn))


def flows_of(
    values: Values,
    stages: Sequence[Stage] = STAGES,
    links: Sequence[Link] = LINKS,
    units: Mapping[str, StageUnit] = ACTIVITY_UNITS,
) -> Flows:
    """The links that the figures of one period give, by "indicator" or "indicator/slice"; None or absent is not
    reported. A figure of 0 is a number. Never raises for data."""
    drawn: list[Flow] = []
    parts: list[Flow] = []
    not_reported: list[Link] = []
    wrong: list[str] = []
    for link in links:
        number = _number_of(link, values)
        if number is None:
            not_reported.append(link)
        elif number < 0:
            not_reported.append(link)
            wrong.append(f"{link.less} is more than {link.figure}, of which it should be a part.")
        else:
            flow = Flow(link.source, link.target, number, unit_of(link.figure, units), link.figure, link.note)
            whole = _value(values, link.part_of) if link.part_of else None
            if whole is not None and number > whole:
                wrong.append(f"{link.figure} is more than {link.part_of}, of which it should be a part.")
            (parts if link.part_of else drawn).append(flow)
    rests = _rests(values, stages, drawn, into=True, wrong=wrong)
    rests += _rests(values, stages, [*drawn, *parts], into=False, wrong=wrong)
    return Flows((*drawn, *rests), tuple(parts), tuple(not_reported), tuple(wrong))


def _value(values: Values, figure: str) -> Decimal | None:
    number = values.get(figure)
    return None if number is None else Decimal(number)


def _number_of(link: Link, values: Values) -> Decimal | None:
    number = _value(values, link.figure) if link.figure else None
    if number is None or not link.less:
        return number
    less = _value(values, link.less)
    return None if less is None else WIDE.subtract(number, less)


def _rests(
    values: Values, stages: Sequence[Stage], flows: Sequence[Flow], *, into: bool, wrong: list[str]
) -> list[Flow]:
    """What the inflow (or outflow) of each stage has beyond its known steps, where all count in the stage's unit."""
    found = []
    for one in stages:
        figure = one.inflow if into else one.outflow
        total = _value(values, figure) if figure else None
        if total is None:
            continue
        known = [flow for flow in flows if (flow.target if into else flow.source) == one.code]
        if any(flow.unit is not one.unit for flow in known):
            continue
        steps = total_of(flow.number for flow in known)
        if steps > total:
            made, reported = written(steps, Unit.COUNT), written(total, Unit.COUNT)
            wrong.append(f"{one.name}: the steps {'in' if into else 'out'} make {made}, but {reported} is reported.")
        elif steps < total:
            found.append(_rest(one, figure, WIDE.subtract(total, steps), into))
    return found


def _rest(one: Stage, figure: str, number: Decimal, into: bool) -> Flow:
    if not into:
        return Flow(one.code, NOT_KNOWN, number, one.unit, figure, NOT_KNOWN_TO)
    if one.is_entry:
        return Flow(OUTSIDE, one.code, number, one.unit, figure, FROM_OUTSIDE)
    return Flow(NOT_KNOWN, one.code, number, one.unit, figure, NOT_KNOWN_FROM)


# Conversion between stages


class ConversionKind(StrEnum):
    """A period ratio divides two counts of one period, of different cases; a cohort rate follows the same cases."""

    PERIOD_RATIO = "period ratio"
    COHORT_RATE = "cohort rate"


class ConversionError(ValueError):
    """A conversion that would mix what must not be mixed; the message is a sentence."""


@dataclass(frozen=True)
class Conversion:
    """A rate between two stages: indicator codes, what one of each is called, and which kind of rate it is.

    Raises ConversionError for a cohort rate between two units: the same cases cannot be counted in both.
    """

    code: str
    name: str
    kind: ConversionKind
    numerator: str
    denominator: str
    numerator_words: str
    denominator_words: str
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind is ConversionKind.COHORT_RATE and not self.is_one_unit:
            raise ConversionError(f"{self.name}: a cohort rate follows the same cases, so both counts need one unit.")

    @property
    def units(self) -> tuple[StageUnit, StageUnit]:
        """What the numerator and the denominator count."""
        return unit_of(self.numerator), unit_of(self.denominator)

    @property
    def is_one_unit(self) -> bool:
        """Whether both count the same kind of thing, so that the rate can be a percentage."""
        return self.units[0] is self.units[1]


@dataclass(frozen=True)
class Converted:
    """A rate worked out: in per cent where both counts have one unit, otherwise so many of one for each of the other.
    None, with the reason as the sentence, where it cannot be."""

    conversion: Conversion
    value: Decimal | None
    sentence: str

    @property
    def label(self) -> str:
        """Name and kind, which always stand together: "Assessments started to referrals (period ratio)"."""
        return f"{self.conversion.name} ({self.conversion.kind.value})"


_SINGULAR = {
    StageUnit.EVENTS: "event",
    StageUnit.CHILDREN: "child",
    StageUnit.FAMILIES: "family",
    StageUnit.CASES: "case",
    StageUnit.YOUNG_PEOPLE: "young person",
}


def convert(conversion: Conversion, values: Values) -> Converted:
    """The rate in one period. A cohort rate above 100% is refused with a sentence; a period ratio above 100% says why
    that is possible; between two units both are named. Never raises for data."""
    top, bottom = _value(values, conversion.numerator), _value(values, conversion.denominator)
    if top is None or bottom is None:
        missing = conversion.numerator_words if top is None else conversion.denominator_words
        return Converted(conversion, None, f"Not reported: {missing}.")
    if bottom == 0:
        return Converted(conversion, None, f"There were no {conversion.denominator_words}, so there is no rate.")
    up, down = written(top, Unit.COUNT), written(bottom, Unit.COUNT)
    if not conversion.is_one_unit:
        value = ratio(top, bottom, Unit.COUNT)
        first, second = conversion.units
        shown = f"{round_half_up(value, 1):,f}"
        return Converted(
            conversion, value,
            f"{up} {conversion.numerator_words} ({first.value}) and {down} {conversion.denominator_words} "
            f"({second.value}) in the same period: {shown} {first.value} for each {_SINGULAR[second]}.",
        )  # fmt: skip
    value = ratio(top, bottom, Unit.PERCENT)
    percent = written(value, Unit.PERCENT, 1)
    if conversion.kind is ConversionKind.COHORT_RATE:
        if top > bottom:
            return Converted(
                conversion, None,
                f"{up} {conversion.numerator_words} cannot be a part of {down} {conversion.denominator_words}. "
                "Correct one of the two, or say which period each belongs to.",
            )  # fmt: skip
        return Converted(
            conversion, value,
            f"Of {down} {conversion.denominator_words}, {up} were {conversion.numerator_words}: {percent}.",
        )  # fmt: skip
    why = ", which can be above 100% because they are not the same cases" if top > bottom else ""
    return Converted(
        conversion, value,
        f"{up} {conversion.numerator_words} and {down} {conversion.denominator_words} in the same period: "
        f"{percent}{why}.",
    )  # fmt: skip


_PERIOD, _COHORT = ConversionKind.PERIOD_RATIO, ConversionKind.COHORT_RATE

CONVERSIONS: tuple[Conversion, ...] = (
    Conversion("referrals-to-contacts", "Referrals to contacts", _PERIOD, "referrals", "contacts", "referrals",
               "contacts"),
    Conversion("early-help-to-contacts", "Early help referrals to contacts", _PERIOD, "early-help-referrals",
               "contacts", "early help referrals", "contacts",
               note="Most early help referrals do not come through the front door."),
    Conversion("no-further-action-of-referrals", "Referrals that end without further action", _COHORT,
               "referrals-no-further-action", "referrals", "closed without further action", "referrals",
               source="Report 003 §19"),
    Conversion("re-referrals-of-referrals", "Re-referrals of referrals", _COHORT, "re-referrals", "referrals",
               "re-referrals", "referrals", source="Report 003 §22"),
    Conversion("assessments-to-referrals", "Assessments started to referrals", _PERIOD, "assessments-started",
               "referrals", "assessments started", "referrals", source="Report 003 §17 and §24",
               note="Re-assessments of open cases are among the assessments."),
    Conversion("completed-to-started", "Assessments completed to started", _PERIOD, "assessments-completed",
               "assessments-started", "assessments completed", "assessments started", source="Report 003 §24"),
    Conversion("further-work-of-assessments", "Assessments that led to further work", _COHORT,
               "assessments-further-work", "assessments-completed-assessment-service",
               "found to need further work", "assessments completed in the Assessment Service",
               source="Report 003 §26"),
    Conversion("s47-to-strategy-discussions", "Section 47 enquiries to strategy discussions", _PERIOD,
               "s47-enquiries", "strategy-discussions", "children with a section 47 enquiry", "strategy discussions"),
    Conversion("icpc-of-s47", "Enquiries that led to a conference", _COHORT, "icpc-convened", "s47-enquiries",
               "brought to an initial conference", "children with a section 47 enquiry", source="Report 003 §31",
               note="The report counts the conferences of those children. Where conferences are counted by the day "
               "they were held, as in the national statistics, this is no cohort."),
    Conversion("plans-to-icpc", "Protection plans started to conferences", _PERIOD, "cp-plans-started",
               "icpc-convened", "children who started a protection plan", "children with an initial conference"),
    Conversion("proceedings-to-plo", "Care proceedings issued to pre-proceedings", _PERIOD, "proceedings-issued",
               "plo-started", "children in new proceedings", "families who entered pre-proceedings"),
    Conversion("leaving-to-entering-care", "Leaving care to entering care", _PERIOD, "care-ended", "care-started",
               "children left care", "children entered care", source="Report 003 §39–§40"),
    Conversion("adopted-of-leaving-care", "Adopted, of those who left care", _COHORT, "children-adopted", "care-ended",
               "adopted", "children who left care", source="Report 003 §40"),
    Conversion("applications-to-enquiries", "Adopter applications to enquiries", _PERIOD, "adopter-applications",
               "adopter-enquiries", "applications", "enquiries"),
    Conversion("approvals-to-applications", "Adopter approvals to applications", _PERIOD, "adopter-approvals",
               "adopter-applications", "approvals", "applications"),
    Conversion("matches-to-approvals", "Adopter matches to approvals", _PERIOD, "adopter-matches",
               "adopter-approvals", "matches", "approvals"),
)  # fmt: skip


def conversions(values: Values, chosen: Iterable[Conversion] = CONVERSIONS) -> tuple[Converted, ...]:
    """Every conversion of a period, those that cannot be worked out with the reason."""
    return tuple(convert(conversion, values) for conversion in chosen)
