"""Pages of figures beside the registers: benchmarks, workforce cost, and the move-on list as counts.

Each says which indicators it shows and finds one sentence per section; every figure keeps its paper and paragraph.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.money import money_words
from finance.outturn import variance_words
from indicators import quarters
from indicators.balance import Amount
from indicators.direction_of_travel import Window
from indicators.phrases import capital, listed, lowered, short_citation
from indicators.rag import missing_words
from indicators.scorecard import Held
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.units import WIDE, Unit, written
from indicators.working_days import day_words

NO_FIGURE = "No figure is held yet"


@dataclass(frozen=True)
class FigureSection:
    """Indicators that are read together; `statements` are the codes of what papers say where no figure is held."""

    code: str
    name: str
    indicators: tuple[str, ...] = ()
    note: str = ""
    statements: tuple[str, ...] = ()


@dataclass(frozen=True)
class FigurePage:
    """A page of figures."""

    code: str
    name: str
    lead: str
    sections: tuple[FigureSection, ...]

    @property
    def indicators(self) -> set[str]:
        """Every indicator of the page."""
        return {code for section in self.sections for code in section.indicators}


FIGURE_PAGES = {
    page.code: page
    for page in (
        FigurePage(
            "benchmarks",
            "Benchmarks",
            "How care and its cost compare with the other Yorkshire authorities, and with what is aimed at.",
            (
                FigureSection("out-of-area", "Placements out of the area", ("ooa-share-of-care",)),
                FigureSection(
                    "agencies", "Independent fostering agencies", ("ifa-share-of-foster", "ifa-share-planned"),
                    "The benchmark counts foster children in January, the trust placements at the end of the quarter.",
                ),
                FigureSection(
                    "overspends", "Overspends of the nine Yorkshire authorities",
                    ("authorities-overspent", "authorities-forecasting-overspend", "authorities-overspend-worse"),
                ),
                FigureSection("agency", "Agency social workers", ("agency-social-workers-change",)),
                FigureSection(
                    "cost", "Cost and numbers without a figure",
                    statements=("yorkshire-second-quartile", "care-region-seven-with-doncaster"),
                ),
            ),
        ),
        FigurePage(
            "workforce",
            "Workforce cost",
            "What workers cost and whether there are enough: agency cover against its target, vacancies, pay, and who "
            "comes and leaves.",
            (
                FigureSection(
                    "agency", "Agency cover",
                    ("agency-fte", "agency-fte-over-target", "agency-workers-total", "agency-cost"),
                ),
                FigureSection("pay", "Vacancies and pay", ("vacancies", "pay-variance")),
                FigureSection(
                    "academy", "The academy, and who leaves", ("newly-qualified-appointed", "social-workers-left")
                ),
            ),
        ),
        FigurePage(
            "move-on",
            "Move-on list",
            "Children who could leave an out-of-area or high-cost placement, or care: how many, who moved, and what "
            "blocks a move. Counts alone are held, never a list of children.",
            (
                FigureSection(
                    "could-move", "Could move",
                    ("move-on-could-move-share", "move-on-could-move", "could-leave-care"),
                ),
                FigureSection("moved", "Moved", ("move-on-moved",)),
                FigureSection(
                    "blocked", "Blocked, and why", ("move-on-blocked",),
                    "A move needs a bed to move to: see placement capacity.",
                ),
                FigureSection("unaccompanied", "Unaccompanied children", ("uasc-added",)),
            ),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class FigureLine:
    """A figure of a section: whose it is, for when, and where it is from. `part` names the part of the indicator."""

    section: str
    section_name: str
    code: str
    name: str
    slice: str
    part: str
    unit: Unit
    places: int
    window: Window
    held: Held
    queries: tuple[str, ...] = ()

    @property
    def number(self) -> Decimal | None:
        """The number at full precision."""
        return self.held.measured.number(self.unit)

    @property
    def amount(self) -> Amount | None:
        """The number as printed."""
        m = self.held.measured
        return None if self.number is None else Amount(self.number, m.quantum, m.qualifier)


def _figure_words(v: Values) -> str:
    """ "42.1", "£2.0m", "£735k underspend", "approx. 50%", "14% less"."""
    if v["value"] is None:
        return str(v["missing"]) or "–"
    if v["unit"] == Unit.POUNDS.value:
        spoken = variance_words if "variance" in v["indicator"] else money_words
        words = spoken(v["value"], v["quantum"])
    elif v["indicator"].endswith("-change"):
        size = written(v["value"].copy_abs(), Unit(v["unit"]), v["places"])
        words = f"{size} {'fewer' if v['value'] < 0 else 'more'}" if v["value"] else "no change"
    else:
        words = written(v["value"], Unit(v["unit"]), v["places"])
    return f"approx. {words}" if v["qualifier"] == "~" else f"{v['qualifier']}{words}"


def _figure(v: Values) -> tuple[str, ...]:
    words = _figure_words(v)
    has_parts = v["numerator"] is not None and v["denominator"] is not None
    return (
        (words, f"{written(v['numerator'], Unit.COUNT)} of {written(v['denominator'], Unit.COUNT)}")
        if has_parts
        else (words,)
    )


def when_words(held: Held, window: Window) -> str:
    """For when a figure is: "on 31 March 2022", "2021/22 Q4, year to date", "2021/22"."""
    if window is Window.SNAPSHOT:
        if held.as_at_on:
            return f"on {day_words(held.as_at_on)}"
        return f"at the end of {held.label}" if quarters.parse(held.slug).kind == quarters.Quarter.kind else held.label
    told = {Window.YEAR_TO_DATE: "year to date", Window.ROLLING_12_MONTHS: "12 months"}.get(window)
    return f"{held.label}, {told}" if told else held.label


def _places(row: FigureLine) -> int | None:
    return row.held.measured.places(row.places)


FIGURES_TABLE: TableSpec[FigureLine] = TableSpec(
    "figures",
    (
        Column(
            "name",
            "Measure",
            (
                Field("section", Kind.CODE, lambda r: r.section, "Code of the section"),
                Field("section_name", Kind.TEXT, lambda r: r.section_name, "Name of the section"),
                Field("indicator", Kind.CODE, lambda r: r.code, "Code of the indicator"),
                Field("name", Kind.TEXT, lambda r: r.name, "Name of the indicator"),
                Field("slice", Kind.CODE, lambda r: r.slice, "The part of the indicator that it is for"),
                Field("part", Kind.TEXT, lambda r: r.part, "The same in words"),
            ),
            lambda v: tuple(filter(None, (v["name"], v["part"]))),
        ),
        Column(
            "figure",
            "Figure",
            (
                Field("value", Kind.NUMBER, lambda r: r.number, "The number at full precision; empty: there is none"),
                Field("unit", Kind.CODE, lambda r: r.unit.value, "percent, count or pounds"),
                Field("places", Kind.WHOLE, _places, "Digits after the point on the page"),
                Field("quantum", Kind.NUMBER, lambda r: r.held.measured.quantum, "The unit that it is rounded to"),
                Field("qualifier", Kind.CODE, lambda r: r.held.measured.qualifier, "~ about, < less, > more than"),
                Field("numerator", Kind.NUMBER, lambda r: r.held.measured.numerator, "Cases"),
                Field("denominator", Kind.NUMBER, lambda r: r.held.measured.denominator, "Out of how many"),
                Field("missing", Kind.TEXT, lambda r: _missing(r), "Why there is no number"),
            ),
            _figure,
        ),
        Column(
            "when",
            "When",
            (
                Field("when", Kind.TEXT, lambda r: when_words(r.held, r.window), "The stretch or day that it is for"),
                Field("period", Kind.CODE, lambda r: r.held.slug, "Code of the period"),
                Field("window", Kind.CODE, lambda r: r.window.value, "period, snapshot, year_to_date …"),
                Field("from", Kind.DATE, lambda r: r.held.start_on, "First day of the period"),
                Field("until", Kind.DATE, lambda r: r.held.end_on, "Last day of the period"),
            ),
            lambda v: (v["when"],),
        ),
        Column(
            "commentary",
            "What to know",
            (
                Field("commentary", Kind.TEXT, lambda r: r.held.commentary or r.held.headline, "What is known of it"),
                Field("queries", Kind.TEXT, lambda r: " | ".join(r.queries), "Open queries, separated by |"),
            ),
            lambda v: (
                tuple(filter(None, (v["commentary"], f"Query: {v['queries']}" if v["queries"] else ""))) or ("–",)
            ),
        ),
        Column(
            "source",
            "Source",
            (Field("cited", Kind.TEXT, lambda r: r.held.cited, "Paper and paragraph it is taken from"),),
            lambda v: (short_citation(v["cited"]) or "Entered in a return",),
        ),
    ),
)


def _missing(row: FigureLine) -> str:
    reason = row.held.measured.missing_reason
    return missing_words(reason) if reason else ""


# What a section finds


def words_of(row: FigureLine) -> str:
    """The figure as it stands in a sentence, "8 of 9" where few are counted."""
    m = row.held.measured
    if m.numerator is not None and m.denominator is not None:
        return f"{written(m.numerator, Unit.COUNT)} of {written(m.denominator, Unit.COUNT)}"
    return _figure_words(FIGURES_TABLE.values(row))


def _beside(rows: Sequence[FigureLine]) -> str:
    """The latest period in which several authorities stand beside each other: "Doncaster 11.5%, Yorkshire 7.0%"."""
    by_period: dict[tuple[date, str, str], list[FigureLine]] = {}
    for row in rows:
        if row.slice.startswith("authority=") and row.number is not None:
            by_period.setdefault((row.held.end_on, row.code, row.held.label), []).append(row)
    beside = [key for key, own in by_period.items() if len(own) > 1]
    if not beside:
        return ""
    key = max(beside)
    return f"{listed([f'{r.part} {words_of(r)}' for r in by_period[key]])} ({key[2]})"


def _agency(rows: Sequence[FigureLine]) -> str:
    """Agency workers against the target that only the excess gives."""
    own = next((r for r in rows if r.code == "agency-fte" and r.amount), None)
    over = next((r for r in rows if r.code == "agency-fte-over-target" and own and r.held.slug == own.held.slug), None)
    if own is None or over is None or own.amount is None or over.amount is None:
        return ""
    places, excess = own.held.measured.places(own.places), over.amount.value
    aim = written(WIDE.subtract(own.amount.value, excess), Unit.COUNT, places)
    side = "above" if excess >= 0 else "below"
    size = written(excess.copy_abs(), Unit.COUNT, places)
    return f"{words_of(own)} agency workers, {size} {side} target; so the target was {aim}, worked out by this project"


def _move_on(rows: Sequence[FigureLine]) -> str:
    """How many could move, as a share or as a count, and how many can leave care."""
    said = {
        "move-on-could-move": "could move",
        "move-on-could-move-share": "could move",
        "could-leave-care": "can leave care",
    }
    told: dict[str, str] = {}
    for row in rows:
        if row.number is not None and not row.slice and row.code in said:
            told.setdefault(said[row.code], f"{words_of(row)} {said[row.code]}")
    return ", ".join(told.values())


_FINDERS: dict[str, Callable[[Sequence[FigureLine]], str]] = {"agency": _agency, "could-move": _move_on}


def section_finding(section: FigureSection, rows: Sequence[FigureLine]) -> str:
    """The sentence over a section: authorities beside each other, else its first figure."""
    own = [row for row in rows if row.section == section.code]
    if not own:
        return section.name if section.statements else NO_FIGURE
    told = _beside(own) or (_FINDERS[section.code](own) if section.code in _FINDERS else "")
    if told:
        return capital(told)
    first = next((row for row in own if row.number is not None), own[0])
    part = f", {lowered(first.part)}" if first.part else ""
    return f"{first.name}{part}: {words_of(first)} ({first.held.label})"
